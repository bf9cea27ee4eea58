//! The floor and the host's wishes, measured in the servers' logs.

use super::*;
use FetchResult::{Blocked, Failed};

const FLOOR: Duration = Duration::from_millis(20);

fn gaps(mut hits: Vec<Hit>) -> Vec<Duration> {
    hits.sort_by_key(|hit| hit.at);
    hits.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

#[track_caller]
fn assert_polite(hits: Vec<Hit>, expected: usize, floor: Duration) {
    assert_eq!(hits.len(), expected);
    let gaps = gaps(hits);
    assert!(gaps.iter().all(|gap| *gap >= floor), "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_floor_holds_from_start_to_start() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/r" => answer(302, &[("location", "/target")], ""),
        _ => plain(hit),
    })
    .await;
    let fetcher = fetcher(manners());
    let paths = ["/1", "/2", "/3", "/r", "/4", "/5"];
    let asks: Vec<Ask> = paths.iter().map(|path| ask(site.url(path))).collect();
    futures_util::future::join_all(asks.iter().map(|ask| fetcher.get(ask))).await;
    assert_polite(site.hits(), 8, FLOOR);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_names_of_one_address_share_its_floor() {
    let site = Site::open(|hit, _| plain(hit)).await;
    let fetcher = fetcher(manners());
    let name = Url::parse(&format!("http://localhost:{}/", site.address.port())).unwrap();
    let number = site.url("/");
    let asks: Vec<Ask> = (0..4).flat_map(|_| [ask(name.clone()), ask(number.clone())]).collect();
    let fetched = futures_util::future::join_all(asks.iter().map(|ask| fetcher.get(ask))).await;
    assert!(fetched.iter().all(|fetched| fetched.result == FetchResult::Ok));
    assert_polite(site.hits(), 10, FLOOR);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ports_of_one_host_share_its_floor() {
    let (one, two) = (Site::open(|hit, _| plain(hit)).await, Site::open(|hit, _| plain(hit)).await);
    let fetcher = fetcher(manners());
    let asks: Vec<Ask> = (0..3).flat_map(|_| [ask(one.url("/")), ask(two.url("/"))]).collect();
    futures_util::future::join_all(asks.iter().map(|ask| fetcher.get(ask))).await;
    let all: Vec<Hit> = one.hits().into_iter().chain(two.hits()).collect();
    assert_polite(all, 8, FLOOR);
}

#[tokio::test]
async fn a_restart_begins_with_a_wait() {
    let site = Site::open(|hit, _| plain(hit)).await;
    let floor = Duration::from_millis(150);
    for _ in 0..2 {
        let fetcher = fetcher(Manners { min_delay: floor, ..manners() });
        fetcher.get(&ask(site.url("/"))).await;
    }
    assert_polite(site.hits(), 4, floor);
}

#[tokio::test]
async fn a_portal_and_its_robots_may_ask_for_more() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(200, &[], "User-agent: *\nCrawl-delay: 0.3"),
        _ => plain(hit),
    })
    .await;
    let fetcher = fetcher(manners());
    let mut slow = ask(site.url("/1"));
    slow.min_delay = Some(Duration::from_millis(100));
    fetcher.get(&slow).await;
    fetcher.get(&slow).await;
    assert_polite(site.hits(), 3, Duration::from_millis(300));
}

#[tokio::test]
async fn a_floor_under_a_second_holds_only_where_the_address_is_opened() {
    let fetcher = fetcher(manners());
    let line = fetcher.inner.wire.queues.host("www.yunxi.example");
    let open = ["127.0.0.1".parse().unwrap()];
    let mixed = ["127.0.0.1".parse().unwrap(), "93.184.216.34".parse().unwrap()];
    assert_eq!(fetcher.inner.wire.floor(FLOOR, &line, &open), FLOOR);
    assert_eq!(fetcher.inner.wire.floor(FLOOR, &line, &mixed), Duration::from_secs(1));
    assert_eq!(fetcher.inner.wire.floor(FLOOR * 1000, &line, &mixed), FLOOR * 1000);
}

#[tokio::test]
async fn a_host_that_will_be_ready_soon_is_asked_again() {
    let site = Site::open(|hit, before| match (hit.path.as_str(), before) {
        ("/busy", 0) => answer(503, &[("retry-after", "0")], ""),
        ("/limit", 0) => answer(429, &[("retry-after", "1")], ""),
        ("/never", _) => answer(503, &[("retry-after", "0")], ""),
        ("/date", 0) => answer(503, &[("retry-after", "Sun, 01 Feb 2026 00:00:00 GMT")], ""),
        _ => plain(hit),
    })
    .await;
    let fetcher = fetcher(manners());
    for (path, result) in [
        ("/busy", FetchResult::Ok),
        ("/limit", FetchResult::Ok),
        ("/date", FetchResult::Ok),
        ("/never", Failed(FailedKind::Server)),
    ] {
        assert_eq!(fetcher.get(&ask(site.url(path))).await.result, result, "{path}");
    }
    let limited: Vec<Hit> = site.hits().into_iter().filter(|hit| hit.path == "/limit").collect();
    assert_polite(limited, 2, Duration::from_secs(1));
    assert_eq!(site.pages().iter().filter(|path| *path == "/never").count(), 3);
}

#[tokio::test]
async fn a_host_that_asks_for_long_is_left_alone() {
    let site = Site::open(|hit, _| match hit.path.as_str() {
        "/limit" => answer(429, &[("retry-after", "3600")], ""),
        "/down" => answer(503, &[("retry-after", "3600")], ""),
        _ => plain(hit),
    })
    .await;
    let fetcher = fetcher(manners());
    let down = fetcher.get(&ask(site.url("/down"))).await;
    assert_eq!((down.result, down.retry_after), (Failed(FailedKind::Server), Some(Duration::from_secs(3600))));
    assert_eq!(fetcher.get(&ask(site.url("/a"))).await.result, FetchResult::Ok, "503 is about one page");
    let limited = fetcher.get(&ask(site.url("/limit"))).await;
    assert_eq!((limited.result, code(&limited)), (Blocked(BlockedKind::Rate), "blocked-rate"));
    let after = fetcher.get(&ask(site.url("/b"))).await;
    assert_eq!((after.result, code(&after)), (Blocked(BlockedKind::Rate), "rate"));
    assert!(after.retry_after.unwrap() > Duration::from_secs(3500));
    let reloaded = fetcher.with_manners(manners()).unwrap();
    assert_eq!(reloaded.get(&ask(site.url("/c"))).await.result, Blocked(BlockedKind::Rate), "a reload forgets nothing");
    assert_eq!(site.pages(), ["/down", "/a", "/limit"]);
}
