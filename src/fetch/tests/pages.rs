//! What pages come to: results, conditional requests, redirects, the guard, robots.txt, posts.

use super::*;
use FetchResult::{Blocked, Failed, Moved, Unchanged};

#[tokio::test]
async fn a_page_is_fetched_with_one_identity() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        _ => answer(200, &[("content-type", "text/html"), ("etag", "\"a\""), ("last-modified", "x")], "<p>年报</p>"),
    })
    .await;
    let metrics = Metrics::new();
    let fetcher = Fetcher::new(manners(), metrics.clone(), clock()).unwrap();
    let mut url = site.url("/xxgk/?page=2#top");
    url.set_username("user").unwrap();
    let fetched = fetcher.get(&ask(url)).await;
    assert_eq!(fetched.result, FetchResult::Ok, "{:?}", fetched.problem);
    assert_eq!((fetched.status, fetched.body.as_slice()), (200, "<p>年报</p>".as_bytes()));
    assert_eq!((fetched.media.as_deref(), fetched.etag.as_deref()), (Some("text/html"), Some("\"a\"")));
    assert_eq!(fetched.started, clock()());
    assert_eq!(fetched.problem, None);
    assert_eq!(site.pages(), ["/xxgk/?page=2"]);
    let agent = format!("nianjian/{} (+mailto:office@yunxi.example)", env!("CARGO_PKG_VERSION"));
    for hit in site.hits() {
        assert_eq!(hit.headers["user-agent"], agent.as_str());
        assert!(!hit.headers.contains_key("authorization") && !hit.headers.contains_key("referer"));
    }
    assert!(metrics.text().contains("nianjian_fetches_total{result=\"ok\"} 1"));
}

#[tokio::test]
async fn what_we_have_is_not_taken_twice() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        "/tagged" if hit.headers.contains_key("if-none-match") => answer(304, &[("etag", "\"a\"")], ""),
        "/odd" => answer(304, &[], ""),
        _ => answer(200, &[("content-type", "text/html")], "<p>abc</p>"),
    })
    .await;
    let fetcher = fetcher(manners());
    let sha256: String = Sha256::digest(b"<p>abc</p>").iter().map(|byte| format!("{byte:02x}")).collect();
    let page = PageState { etag: Some("\"a\"".into()), sha256: Some(sha256), ..PageState::default() };
    let tagged = fetcher.get(&ask(site.url("/tagged")).knowing(&page)).await;
    assert_eq!((tagged.result, tagged.status), (Unchanged, 304));
    let same = fetcher.get(&ask(site.url("/same")).knowing(&page)).await;
    assert_eq!((same.result, same.status), (Unchanged, 200));
    let odd = fetcher.get(&ask(site.url("/odd"))).await;
    assert_eq!(odd.result, Failed(FailedKind::Other), "304 although nothing was known");
    let nothing_kept = PageState { sha256: None, ..page };
    let first = fetcher.get(&ask(site.url("/tagged")).knowing(&nothing_kept)).await;
    assert_eq!(first.result, FetchResult::Ok, "without a kept body there is nothing to compare with");
}

#[tokio::test]
async fn results_over_the_wire() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        "/404" => answer(404, &[], "x"),
        "/403" => answer(403, &[], "x"),
        "/412" => answer(412, &[("content-type", "text/html")], "<script>$_ts={}</script>"),
        "/503" => answer(503, &[], "<p>系统维护</p>"),
        "/empty" => answer(200, &[("content-type", "text/html")], " \n"),
        "/login" => answer(200, &[("content-type", "text/html")], "<title>登录</title><input type=password>"),
        _ => answer(200, &[("content-type", "video/mp4")], "x"),
    })
    .await;
    let fetcher = fetcher(manners());
    for (path, result, problem) in [
        ("/404", FetchResult::Gone, ""),
        ("/403", Blocked(BlockedKind::Forbidden), "blocked-forbidden"),
        ("/412", Blocked(BlockedKind::River), "blocked-river"),
        ("/503", Failed(FailedKind::Server), "server-error"),
        ("/empty", FetchResult::Empty, ""),
        ("/login", Blocked(BlockedKind::Login), "blocked-login"),
        ("/film", Failed(FailedKind::WrongType), "wrong-type"),
    ] {
        let fetched = fetcher.get(&ask(site.url(path))).await;
        assert_eq!((fetched.result, code(&fetched)), (result, problem), "{path}");
    }
}

#[tokio::test]
async fn redirects_are_followed_within_the_site() {
    let other = Site::open(|hit, _| plain(hit)).await;
    let elsewhere = format!("http://localhost:{}/b", other.address.port());
    let site = Site::open(move |hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        "/a" => answer(302, &[("location", "b?x=1#y")], ""),
        "/loop" => answer(301, &[("location", "/pool")], ""),
        "/pool" => answer(301, &[("location", "/loop")], ""),
        "/self" => answer(302, &[("location", "/self")], ""),
        "/nowhere" => answer(302, &[], ""),
        "/elsewhere" => answer(302, &[("location", &elsewhere)], ""),
        "/metadata" => answer(302, &[("location", "http://169.254.169.254/latest/")], ""),
        "/file" => answer(302, &[("location", "file:///etc/passwd")], ""),
        path if path.starts_with("/deep/") => answer(307, &[("location", &format!("{path}x"))], ""),
        _ => plain(hit),
    })
    .await;
    let fetcher = fetcher(manners());
    let fetched = fetcher.get(&ask(site.url("/a"))).await;
    assert_eq!((fetched.result, fetched.final_url), (FetchResult::Ok, site.url("/b?x=1")));
    assert_eq!(fetched.hops, [site.url("/a")]);
    for (path, result, problem) in [
        ("/loop", Failed(FailedKind::Redirect), "redirect-loop"),
        ("/self", Failed(FailedKind::Redirect), "redirect-loop"),
        ("/nowhere", Failed(FailedKind::Redirect), "redirect-loop"),
        ("/deep/", Failed(FailedKind::Redirect), "redirect-loop"),
        ("/elsewhere", Moved, "moved-elsewhere"),
        ("/metadata", Failed(FailedKind::Refused), "address-refused"),
        ("/file", Failed(FailedKind::Refused), "scheme-refused"),
    ] {
        let fetched = fetcher.get(&ask(site.url(path))).await;
        assert_eq!((fetched.result, code(&fetched)), (result, problem), "{path}");
    }
    assert_eq!(site.pages().iter().filter(|path| path.starts_with("/deep/")).count(), 6, "the address and five hops");
    assert_eq!(other.hits().len(), 0, "a foreign host is not touched");
    let mut listed = ask(site.url("/elsewhere"));
    listed.hosts = vec!["LOCALHOST".into()];
    assert_eq!(fetcher.get(&listed).await.result, FetchResult::Ok);
    assert_eq!(other.hits().len(), 2, "robots.txt of the other host first");
}

#[tokio::test]
async fn private_addresses_are_not_dialled() {
    let site = Site::open(|hit, _| plain(hit)).await;
    let port = site.address.port();
    let closed = fetcher(Manners { allow_addresses: Vec::new(), ..manners() });
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "0.0.0.0"] {
        let fetched = closed.get(&ask(Url::parse(&format!("http://{host}:{port}/")).unwrap())).await;
        assert_eq!((fetched.result, code(&fetched)), (Failed(FailedKind::Refused), "address-refused"), "{host}");
    }
    // Every other form, at the port that answers: nothing comes in, by redirect or directly.
    // Those that are refused for their port name open hosts, which a test never asks.
    let lines = include_str!("../forbidden.txt").lines().filter(|line| !line.ends_with(" port") && !line.ends_with(" scheme"));
    for mut url in lines.filter_map(|line| Url::parse(line.split(' ').next()?).ok()) {
        if url.port().is_none() {
            url.set_port(Some(port)).ok();
        }
        let fetched = closed.get(&ask(url.clone())).await;
        assert_eq!(fetched.result, Failed(FailedKind::Refused), "{url}");
    }
    let ports = fetcher(Manners { allow_ports: vec![80..=80], ..manners() });
    let fetched = ports.get(&ask(site.url("/"))).await;
    assert_eq!((fetched.result, code(&fetched)), (Failed(FailedKind::Refused), "port-refused"));
    assert_eq!(site.hits().len(), 0);
}

#[tokio::test]
async fn robots_are_obeyed_and_asked_once() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(200, &[], "User-agent: *\nDisallow: /private\nAllow: /private/open"),
        _ => plain(hit),
    })
    .await;
    let fetcher = fetcher(manners());
    let denied = fetcher.get(&ask(site.url("/private/a"))).await;
    assert_eq!((denied.result, code(&denied)), (Blocked(BlockedKind::Robots), "robots"));
    assert_eq!(fetcher.get(&ask(site.url("/private/open"))).await.result, FetchResult::Ok);
    assert_eq!(fetcher.get(&ask(site.url("/b"))).await.result, FetchResult::Ok);
    assert_eq!(site.hits().iter().filter(|hit| hit.path == "/robots.txt").count(), 1);
    assert_eq!(site.pages(), ["/private/open", "/b"]);
}

#[tokio::test]
async fn a_server_that_cannot_give_robots_disallows() {
    for (status, body, result) in [
        (500, "", Blocked(BlockedKind::Robots)),
        (503, "", Blocked(BlockedKind::Robots)),
        (521, "", Blocked(BlockedKind::Jsl)),
        (403, "", FetchResult::Ok),
        (200, "<html><p>找不到</p></html>", FetchResult::Ok),
    ] {
        let site = Site::open(move |hit, _| match hit.path.as_str() {
            "/robots.txt" => answer(status, &[], body),
            _ => plain(hit),
        })
        .await;
        let fetched = get(&site, "/a").await;
        assert_eq!(fetched.result, result, "{status}");
        assert_eq!(site.pages().len(), usize::from(result == FetchResult::Ok), "{status}");
    }
}

#[tokio::test]
async fn robots_may_be_redirected_five_times() {
    for (length, allowed) in [(5, false), (6, true)] {
        let site = Site::open(move |hit, _| match hit.path.as_str() {
            "/robots.txt" => answer(301, &[("location", "/r1")], ""),
            path if path.starts_with("/r") => {
                let n: usize = path[2..].parse().unwrap();
                if n == length {
                    return answer(200, &[], "User-agent: nianjian\nDisallow: /");
                }
                answer(301, &[("location", &format!("/r{}", n + 1))], "")
            }
            _ => plain(hit),
        })
        .await;
        assert_eq!(get(&site, "/a").await.result == FetchResult::Ok, allowed, "{length}");
    }
}

#[tokio::test]
async fn a_host_that_is_down_is_our_problem_and_not_remembered() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    let fetcher = fetcher(manners());
    let down = fetcher.get(&ask(url.clone())).await;
    assert_eq!((down.result, code(&down), down.status), (Failed(FailedKind::Connect), "connect", 0));
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(|| async { "ok" })).await });
    assert_eq!(fetcher.get(&ask(url)).await.result, FetchResult::Ok);
    let name = fetcher.get(&ask(Url::parse("http://no-such-host.invalid/").unwrap())).await;
    assert_eq!((name.result, code(&name)), (Failed(FailedKind::Dns), "dns"));
}

#[tokio::test]
async fn a_failed_handshake_is_told_as_such() {
    let site = Site::open(|hit, _| plain(hit)).await;
    let fetched = fetcher(manners()).get(&ask(Url::parse(&format!("https://{}/", site.address)).unwrap())).await;
    assert_eq!((fetched.result, code(&fetched)), (Failed(FailedKind::Tls), "tls"));
}

#[tokio::test]
async fn channels_post_through_the_same_guard() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/hook" => answer(200, &[], "{\"errcode\":0}"),
        _ => answer(500, &[], ""),
    })
    .await;
    let fetcher = fetcher(manners());
    let body = serde_json::json!({"text": "摘要"});
    let headers = [("x-digest".to_owned(), "d1".to_owned()), ("bad name".to_owned(), "x".to_owned())];
    let posted = fetcher.post_json(&site.url("/hook"), &body, &headers).await.unwrap();
    assert!(posted.accepted() && posted.body == b"{\"errcode\":0}");
    assert_eq!((site.hits()[0].method.as_str(), &site.hits()[0].headers["x-digest"]), ("POST", &HeaderValue::from_static("d1")));
    assert!(!fetcher.post_json(&site.url("/bad"), &body, &[]).await.unwrap().accepted());
    let closed = super::fetcher(Manners { allow_addresses: Vec::new(), ..manners() });
    let refused = closed.post_json(&site.url("/hook?key=secret"), &body, &[]).await.unwrap_err();
    assert!(matches!(refused, FetchError::Refused(_)) && !refused.is_transient());
    assert!(!refused.to_string().contains("secret"));
}
