//! Lists that move, loop, or go on for ever while they are read: each is read with as many requests as it takes and no
//! more, and is whole or partial as it was seen.

use crate::support::{Office, mini_site};
use nianjian::demo::site::{Fault, Site, When};
use nianjian::model::RunState;
use std::time::Duration;

const LIST: &str = "/nb/index.html";

/// A list page with rows of agencies, and what stands below them.
fn list(agencies: &[&str], below: &str) -> String {
    let row = |name: &&str| {
        format!("<li><a href=\"/nb/r/{name}.html\">云溪市{name}2025年政府信息公开工作年度报告</a><span>2026-01-16</span></li>")
    };
    let rows: String = agencies.iter().map(row).collect();
    format!(
        "<html><head><meta charset=\"utf-8\"><title>政府信息公开年报</title></head><body><ul>{rows}</ul>{below}</body></html>"
    )
}

fn next(page: &str) -> String {
    format!("<div><a href=\"{page}\">下一页</a></div>")
}

/// How a crawl of a site ended: the run's state, the entries seen, and every list page asked for, in order.
fn crawled(site: Site) -> (RunState, usize, Vec<String>, bool) {
    let office = Office::watching(site, "");
    office.crawl(&[], &[]);
    let hits = office.site.hits().into_iter().filter(|hit| hit.path != "/robots.txt" && !hit.path.starts_with("/nb/r/"));
    let asked =
        hits.map(|hit| format!("{}{}", hit.path, hit.query.map(|query| format!("?{query}")).unwrap_or_default())).collect();
    let looks = office.standing().2;
    let look = looks.last();
    let entries = look.map_or(0, |look| look.entries.len());
    (office.last_run().state, entries, asked, look.is_some_and(|look| look.complete))
}

#[test]
fn a_limit_that_asks_for_a_moment_is_waited_for() {
    let wait = |status| Fault::Status { status, retry_after: Some("1".into()) };
    for status in [429, 503] {
        let (state, entries, asked, complete) = crawled(mini_site().with_fault(LIST, When::first(1), wait(status)));
        assert_eq!((state, entries, complete), (RunState::Complete, 2, true), "{status}");
        assert_eq!(asked.iter().filter(|path| *path == LIST).count(), 2, "{status}: {asked:?}");
    }
}

#[test]
fn a_list_that_grows_while_it_is_read_is_caught_up_with() {
    let site = Site::default()
        .with_page(LIST, list(&["a局", "b局"], &next("p2.html")))
        .with_page("/nb/p2.html", list(&["b局", "c局"], ""))
        .with_page("/nb/grown.html", list(&["new局", "a局"], &next("p2.html")))
        .with_fault(LIST, When::from(2), Fault::Replace { with: "/nb/grown.html".into() });
    let (_, entries, asked, _) = crawled(site);
    assert_eq!(entries, 4, "{asked:?}");
    assert_eq!(asked, [LIST, "/nb/p2.html", LIST]);
}

#[test]
fn paging_that_goes_round_in_a_circle_ends() {
    let site = Site::default()
        .with_page(LIST, list(&["a局"], &next("p2.html")))
        .with_page("/nb/p2.html", list(&["b局"], &next("p3.html")))
        .with_page("/nb/p3.html", list(&["c局"], &next("index.html")));
    let (_, entries, asked, complete) = crawled(site);
    assert_eq!((entries, complete), (3, true));
    assert_eq!(asked, [LIST, "/nb/p2.html", "/nb/p3.html"]);
}

#[test]
fn a_calendar_is_no_list_of_pages() {
    let days: String = (1..=28).map(|day| format!("<td><a href=\"?day={day}\">{day}</a></td>")).collect();
    let calendar = format!(
        "<table><tr><th><a href=\"?month=1\">上一月</a></th><th><a href=\"?month=3\">下一月</a></th></tr><tr>{days}</tr></table>"
    );
    let (_, entries, asked, complete) = crawled(Site::default().with_page(LIST, list(&["a局"], &calendar)));
    assert_eq!((entries, complete), (1, true));
    assert_eq!(asked, [LIST]);
}

#[test]
fn a_list_without_an_end_stops_at_the_budget_and_is_partial() {
    let mut site = Site::default().with_page(LIST, list(&["a局"], &next("t1.html")));
    for page in 1..320 {
        let news =
            format!("<ul><li><a href=\"/nb/r/n{page}.html\">云溪市召开第{page}次会议</a><span>2026-01-16</span></li></ul>");
        site = site.with_page(&format!("/nb/t{page}.html"), list(&[], &(news + &next(&format!("t{}.html", page + 1)))));
    }
    let (state, entries, asked, complete) = crawled(site);
    assert_eq!((state, entries, asked.len(), complete), (RunState::Partial, 1, 300, false));
}

#[test]
fn a_list_in_gbk_that_does_not_say_so_is_read() {
    let utf8 = list(&["财政局", "教育局"], "").replace("<meta charset=\"utf-8\">", "");
    let (gbk, _, _) = encoding_rs::GBK.encode(&utf8);
    let office = Office::watching(Site::default().with_page(LIST, gbk.into_owned()), "");
    office.crawl(&[], &[]);
    let looks = office.standing().2;
    let titles: Vec<&str> = looks[0].entries.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["云溪市财政局2025年政府信息公开工作年度报告", "云溪市教育局2025年政府信息公开工作年度报告"]);
}

#[test]
fn portals_that_share_hosts_and_addresses_keep_one_floor_on_real_sockets() {
    one_floor_is_kept(20);
}

#[test]
#[ignore = "the same for more than a minute, too long for every change: tests/run has it, tests/run --quick has not"]
fn portals_that_share_hosts_and_addresses_keep_one_floor_for_a_minute() {
    one_floor_is_kept(600);
}

/// Four portals on two sites of one address, and as many on another, with so many reports a site; judged from the sites'
/// own logs alone.
fn one_floor_is_kept(reports: usize) {
    const FLOOR: Duration = Duration::from_millis(50);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let agencies: Vec<String> = (0..reports).map(|n| format!("第{n}局")).collect();
    let agencies: Vec<&str> = agencies.iter().map(String::as_str).collect();
    let site =
        || Site::default().with_page(LIST, list(&agencies, &next("p2.html"))).with_page("/nb/p2.html", list(&["末局"], ""));
    let addresses = [[127, 0, 8, 1], [127, 0, 8, 2]];
    let sites: Vec<_> = addresses.iter().flat_map(|address| [*address; 2]).map(|address| (address, site())).collect();
    let sites: Vec<_> = sites
        .into_iter()
        .map(|(address, site)| (address, runtime.block_on(site.serve_at((address, 0).into())).unwrap()))
        .collect();
    let office = Office::watching(mini_site(), "");
    office.change("min_delay = \"20ms\"", "min_delay = \"50ms\"");
    let portals: String = (0..sites.len() * 2)
        .map(|n| {
            let start = sites[n / 2].1.url(if n % 2 == 0 { LIST } else { "/nb/p2.html" });
            format!("[[portal]]\nid = \"p{n}\"\nname = \"p{n}\"\nstart = [\"{start}\"]\n")
        })
        .collect();
    office.change("[[portal]]\nid = \"mini\"", &format!("{portals}[[portal]]\nid = \"mini\""));
    office.crawl(&[], &[]);
    let told = crate::support::run_with(office.path(), &["export", "manners", "--format", "json"], &[]);
    let told: Vec<serde_json::Value> = serde_json::from_str(&told.out).unwrap();
    for address in addresses {
        let mut hits: Vec<_> = sites.iter().filter(|(at, _)| *at == address).flat_map(|(_, site)| site.hits()).collect();
        hits.sort_by_key(|hit| hit.at);
        assert!(hits.len() >= 2 * (1 + 2 + reports), "{}", hits.len());
        for pair in hits.windows(2) {
            assert!(pair[1].at - pair[0].at >= FLOOR, "{:?} after {:?}", pair[1].path, pair[0].path);
        }
        // What we tell of it is what the host saw.
        let host = std::net::Ipv4Addr::from(address).to_string();
        let row = told.iter().find(|row| row["host"] == host.as_str()).unwrap();
        assert_eq!((row["requests"].as_u64(), row["delay_ms"].as_u64()), (Some(hits.len() as u64), Some(50)), "{row}");
        assert!(row["smallest_gap_ms"].as_u64() >= Some(50) && row["robots"] == "absent", "{row}");
    }
}
