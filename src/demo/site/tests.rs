//! The faults do what they say, hits are logged, validators work. Spoken to over bare sockets, so that no
//! client library helps the server to look right.

use super::{Fault, Gate, Running, Site, When};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The raw answer to a GET: what came until the connection ended, `limit` bytes were there, or it was reset.
async fn get_with(site: &Running, path: &str, extra: &str, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut stream = tokio::net::TcpStream::connect(site.addr).await?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: portal\r\nUser-Agent: test/1\r\n{extra}Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut answer = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    while answer.len() < limit {
        match stream.read(&mut buffer).await? {
            0 => break,
            n => answer.extend(&buffer[..n]),
        }
    }
    Ok(answer)
}

async fn get(site: &Running, path: &str) -> String {
    String::from_utf8_lossy(&get_with(site, path, "", 1 << 20).await.unwrap()).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.split("\r\n\r\n").next()?.lines().find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

async fn served(fault: Fault) -> Running {
    Site::default().with_page("/a.html", "<p>年报</p>").with_fault("/a.html", When::always(), fault).serve().await.unwrap()
}

#[tokio::test]
async fn pages_are_served_with_index_and_folder_redirect() {
    let site = Site::default().with_page("/zwgk/index.html", "list").with_page("/f.docx", "PK").serve().await.unwrap();
    assert_eq!(body(&get(&site, "/zwgk/").await), "list");
    let moved = get(&site, "/zwgk").await;
    assert_eq!((status(&moved), header(&moved, "location")), (301, Some("/zwgk/")));
    assert_eq!(status(&get(&site, "/nothing").await), 404);
    let docx = get(&site, "/f.docx").await;
    assert!(header(&docx, "content-type").unwrap().contains("wordprocessingml"));
    site.stop().await;
}

#[tokio::test]
async fn validators_answer_304_until_the_page_changes() {
    let site = Site::default().with_page("/a.html", "one").serve().await.unwrap();
    let first = get(&site, "/a.html").await;
    let tag = format!("If-None-Match: {}\r\n", header(&first, "etag").unwrap());
    let date = format!("If-Modified-Since: {}\r\n", header(&first, "last-modified").unwrap());
    for validator in [&tag, &date] {
        let again = get_with(&site, "/a.html", validator, 1 << 20).await.unwrap();
        let again = String::from_utf8(again).unwrap();
        assert_eq!((status(&again), body(&again)), (304, ""));
    }
    site.set_page("/a.html", "two");
    for validator in [&tag, &date] {
        let again = get_with(&site, "/a.html", validator, 1 << 20).await.unwrap();
        assert_eq!(body(&String::from_utf8(again).unwrap()), "two");
    }
}

#[tokio::test]
async fn hits_are_logged_with_what_was_asked() {
    let site = Site::default().with_page("/a.html", "one").serve().await.unwrap();
    get_with(&site, "/a.html?x=1", "If-None-Match: \"q\"\r\n", 1 << 20).await.unwrap();
    get(&site, "/gone.html").await;
    let hits = site.hits();
    assert_eq!(
        hits.iter().map(|hit| (hit.path.as_str(), hit.status)).collect::<Vec<_>>(),
        [("/a.html", 200), ("/gone.html", 404)]
    );
    assert_eq!(hits[0].query.as_deref(), Some("x=1"));
    assert_eq!(hits[0].user_agent.as_deref(), Some("test/1"));
    assert_eq!(hits[0].if_none_match.as_deref(), Some("\"q\""));
    assert!(hits[0].at <= hits[1].at);
    site.reset();
    assert!(site.hits().is_empty());
}

#[tokio::test]
async fn faults_that_stand_in_for_the_page() {
    let retry = Fault::Status { status: 429, retry_after: Some("7".into()) };
    let cases = [
        (Fault::Status { status: 403, retry_after: None }, 403, "403"),
        (Fault::Status { status: 412, retry_after: None }, 412, "412"),
        (Fault::Status { status: 500, retry_after: None }, 500, "500"),
        (retry, 429, "429"),
        (Fault::Empty, 200, ""),
        (Fault::SoftGone, 200, "不存在"),
        (Fault::Gate { gate: Gate::Login }, 200, "登录"),
        (Fault::Gate { gate: Gate::Acw }, 200, "acw_sc__v2"),
        (Fault::Gate { gate: Gate::Jsl }, 521, "jsl_clearance_s"),
        (Fault::Gate { gate: Gate::River }, 412, "$_ts"),
        (Fault::Gate { gate: Gate::Captcha }, 200, "安全验证"),
    ];
    for (fault, expected, words) in cases {
        let site = served(fault.clone()).await;
        let answer = get(&site, "/a.html").await;
        assert_eq!(status(&answer), expected, "{fault:?}");
        assert!(body(&answer).contains(words), "{fault:?}");
        assert!(!body(&answer).contains("年报"), "{fault:?}");
        if expected == 429 {
            assert_eq!(header(&answer, "retry-after"), Some("7"));
        }
    }
}

#[tokio::test]
async fn redirects_loop_or_lead_away() {
    let site = served(Fault::RedirectLoop).await;
    let first = get(&site, "/a.html").await;
    assert_eq!((status(&first), header(&first, "location")), (302, Some("/a.html?hop=1")));
    assert_eq!(header(&get(&site, "/a.html?hop=1").await, "location"), Some("/a.html?hop=2"));
    site.set_fault("/a.html", Fault::Redirect { to: "http://other.example/a".into() });
    assert_eq!(header(&get(&site, "/a.html").await, "location"), Some("http://other.example/a"));
}

#[tokio::test]
async fn bodies_that_do_not_end_well() {
    let site = served(Fault::Endless).await;
    let much = get_with(&site, "/a.html", "", 3 << 20).await.unwrap();
    assert!(much.len() >= 3 << 20);

    site.set_fault("/a.html", Fault::Cut { missing: 1000 });
    let cut = get(&site, "/a.html").await;
    assert_eq!(header(&cut, "content-length"), Some("1013"));
    assert_eq!(body(&cut), "<p>年报</p>");

    site.set_fault("/a.html", Fault::GzipCut);
    let raw = get_with(&site, "/a.html", "", 1 << 20).await.unwrap();
    let head = String::from_utf8_lossy(&raw);
    assert_eq!(header(&head, "content-encoding"), Some("gzip"));
    assert!(raw.windows(2).any(|pair| pair == [0x1f, 0x8b]));

    site.set_fault("/a.html", Fault::Reset);
    let reset = get_with(&site, "/a.html", "", 1 << 20).await;
    assert_eq!(reset.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(site.hits().last().unwrap().status, 0);

    site.set_fault("/a.html", Fault::Slow { bytes: 1, delay_ms: 0 });
    let slow = get(&site, "/a.html").await;
    assert_eq!((status(&slow), header(&slow, "transfer-encoding")), (200, Some("chunked")));
    site.set_fault("/a.html", Fault::Slow { bytes: 1, delay_ms: 600_000 });
    let never = tokio::time::timeout(Duration::from_millis(50), get(&site, "/a.html")).await;
    assert!(never.is_err(), "the second byte is ten minutes away");
    site.set_fault("/a.html", Fault::Stall { delay_ms: 600_000 });
    assert!(tokio::time::timeout(Duration::from_millis(50), get(&site, "/a.html")).await.is_err());
}

#[tokio::test]
async fn a_fault_holds_from_or_up_to_a_hit_and_can_be_taken_back() {
    let gone = Fault::Status { status: 404, retry_after: None };
    let busy = Fault::Status { status: 503, retry_after: Some("1".into()) };
    let site = Site::default()
        .with_page("/a.html", "one")
        .with_page("/b.html", "two")
        .with_fault("/a.html", When::first(2), busy)
        .with_fault("/b*", When::from(2), gone)
        .serve()
        .await
        .unwrap();
    let mut seen = Vec::new();
    for path in ["/a.html", "/a.html", "/a.html", "/b.html", "/b.html"] {
        seen.push(status(&get(&site, path).await));
    }
    assert_eq!(seen, [503, 503, 200, 200, 404]);
    site.clear_faults();
    assert_eq!(status(&get(&site, "/b.html").await), 200);
}

#[tokio::test]
async fn silent_edits_wrong_types_and_lying_304() {
    let site = Site::default()
        .with_page("/a.html", "one")
        .with_page("/later.html", "two")
        .with_fault("/a.html", When::from(2), Fault::Replace { with: "/later.html".into() })
        .with_fault("/a.html", When::from(2), Fault::ContentType { value: "text/html; charset=iso-8859-1".into() })
        .with_fault("/a.html", When::from(3), Fault::LyingNotModified)
        .serve()
        .await
        .unwrap();
    assert_eq!(body(&get(&site, "/a.html").await), "one");
    let edited = get(&site, "/a.html").await;
    assert_eq!((body(&edited), header(&edited, "content-type")), ("two", Some("text/html; charset=iso-8859-1")));
    assert_eq!(body(&get(&site, "/a.html").await), "two", "an unconditional request is answered in full");
    let lie = get_with(&site, "/a.html", "If-None-Match: \"never seen\"\r\n", 1 << 20).await.unwrap();
    assert_eq!(status(&String::from_utf8(lie).unwrap()), 304);
}

#[tokio::test]
async fn a_folder_is_served_with_its_faults_and_without_its_papers() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("zwgk")).unwrap();
    std::fs::write(folder.path().join("zwgk/index.html"), "list").unwrap();
    std::fs::write(folder.path().join("truth.json"), "{}").unwrap();
    let faults = "[[fault]]\npath = \"/zwgk/\"\nkind = \"status\"\nstatus = 503\nretry_after = \"1\"\nfirst = 1\n\
                  [[fault]]\npath = \"/zwgk/index.html\"\nkind = \"gate\"\ngate = \"acw\"\nfrom = 2\n";
    std::fs::write(folder.path().join("faults.toml"), faults).unwrap();
    let site = Site::from_path(folder.path()).unwrap().serve().await.unwrap();
    assert_eq!(status(&get(&site, "/zwgk/").await), 503);
    assert_eq!(body(&get(&site, "/zwgk/").await), "list");
    assert_eq!(status(&get(&site, "/truth.json").await), 404);
    assert_eq!(status(&get(&site, "/faults.toml").await), 404);

    std::fs::write(folder.path().join("faults.toml"), "[[fault]]\npath = \"/\"\nkind = \"magic\"\n").unwrap();
    assert!(Site::from_path(folder.path()).is_err());
}

#[tokio::test]
async fn a_dropped_site_lets_go_of_its_port() {
    let site = Site::default().with_page("/a.html", "one").serve().await.unwrap();
    let addr = site.addr;
    site.stop().await;
    assert!(tokio::net::TcpStream::connect(addr).await.is_err());
}

fn demo_folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/demo")
}

#[tokio::test]
async fn the_demo_portal_serves_every_page_its_truth_names() {
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(demo_folder().join("truth.json")).unwrap()).unwrap();
    let site = Site::from_path(&demo_folder()).unwrap().serve().await.unwrap();
    let reports = truth["reports"].as_array().unwrap();
    assert_eq!(reports.len() as u64, truth["listing"]["reports"].as_u64().unwrap());
    for report in reports {
        let page = get_with(&site, report["page"].as_str().unwrap(), "", 1 << 20).await.unwrap();
        assert_eq!(status(&String::from_utf8_lossy(&page)), 200, "{}", report["page"]);
        if let Some(attachment) = report["attachment"].as_str() {
            assert_eq!(status(&get(&site, attachment).await), 200, "{attachment}");
        }
    }
    assert!(get(&site, "/robots.txt").await.contains("Disallow: /admin/"));
    let second = "/zwgk/zfxxgknb/index_1.html";
    assert_eq!(status(&get(&site, second).await), 503);
    assert_eq!(status(&get(&site, second).await), 200);
}

/// The generator writes the statutory forms down a second time; the two must name the same figures.
#[test]
fn the_truth_and_the_standards_name_the_same_figures() {
    use crate::rules::Standard;
    let standards = [
        Standard::parse("v2019", include_str!("../../../rules/standards/v2019.toml")).unwrap(),
        Standard::parse("v2021", include_str!("../../../rules/standards/v2021.toml")).unwrap(),
    ];
    let read = |path: &std::path::Path| -> serde_json::Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let mut truths = read(&demo_folder().join("truth.json"))["reports"].as_array().unwrap().clone();
    for entry in std::fs::read_dir(demo_folder().join("../../pages/reports")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".truth.json") {
            truths.push(read(&path));
        }
    }
    let mut compared = 0;
    for truth in truths {
        let figures = truth["figures"].as_object().unwrap();
        if figures.is_empty() {
            continue;
        }
        let standard = standards.iter().find(|standard| standard.id == truth["standard"].as_str().unwrap()).unwrap();
        let mut expected: Vec<String> = standard.figure_ids().map(str::to_owned).collect();
        expected.sort();
        let mut given: Vec<String> = figures.keys().cloned().collect();
        given.sort();
        assert_eq!(given, expected, "{}", truth["title"]);
        compared += 1;
    }
    assert!(compared > 40, "only {compared} truths were there to compare");
}
