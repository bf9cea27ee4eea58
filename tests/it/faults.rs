//! Bad portals: each fault ends in one clear message, an outcome in the journal, and nothing wrongly
//! reported. Politeness is judged from the portal's own log.

use crate::support::{Office, mini_site};
use nianjian::demo::site::{Fault, Gate, When};
use nianjian::model::{BlockedKind, FailedKind, FetchResult, RunState};
use std::time::Duration;

const LIST: &str = "/nb/index.html";
const REPORT: &str = "/nb/b.html";

/// A fault of the list page, and how the run must end.
fn list_faults() -> Vec<(&'static str, Fault, RunState, FetchResult)> {
    let status = |status| Fault::Status { status, retry_after: None };
    vec![
        ("403", status(403), RunState::Blocked, FetchResult::Blocked(BlockedKind::Forbidden)),
        ("404", status(404), RunState::Failed, FetchResult::Gone),
        ("412", Fault::Gate { gate: Gate::River }, RunState::Blocked, FetchResult::Blocked(BlockedKind::River)),
        (
            "429",
            Fault::Status { status: 429, retry_after: Some("3600".into()) },
            RunState::Blocked,
            FetchResult::Blocked(BlockedKind::Rate),
        ),
        ("503", status(503), RunState::Failed, FetchResult::Failed(FailedKind::Server)),
        ("empty 200", Fault::Empty, RunState::Failed, FetchResult::Empty),
        ("login page", Fault::Gate { gate: Gate::Login }, RunState::Blocked, FetchResult::Blocked(BlockedKind::Login)),
        ("endless redirect", Fault::RedirectLoop, RunState::Failed, FetchResult::Failed(FailedKind::Redirect)),
        ("2 GB body", Fault::Endless, RunState::Failed, FetchResult::Failed(FailedKind::TooLarge)),
        ("cut body", Fault::Cut { missing: 500 }, RunState::Failed, FetchResult::Failed(FailedKind::Cut)),
        ("cut gzip", Fault::GzipCut, RunState::Failed, FetchResult::Failed(FailedKind::Cut)),
        ("521", Fault::Gate { gate: Gate::Jsl }, RunState::Blocked, FetchResult::Blocked(BlockedKind::Jsl)),
        ("WAF page as 200", Fault::Gate { gate: Gate::Acw }, RunState::Blocked, FetchResult::Blocked(BlockedKind::Acw)),
        ("slider as 200", Fault::Gate { gate: Gate::Captcha }, RunState::Blocked, FetchResult::Blocked(BlockedKind::Captcha)),
        ("slow loris", Fault::Slow { bytes: 1, delay_ms: 400 }, RunState::Failed, FetchResult::Failed(FailedKind::Timeout)),
        ("soft 404", Fault::SoftGone, RunState::Failed, FetchResult::SoftGone),
        ("stalls", Fault::Stall { delay_ms: 20_000 }, RunState::Failed, FetchResult::Failed(FailedKind::Timeout)),
    ]
}

#[test]
fn a_list_that_cannot_be_read_is_a_run_that_says_so_and_no_finding() {
    for (name, fault, state, result) in list_faults() {
        let office = Office::watching(mini_site().with_fault(LIST, When::always(), fault), "");
        let ran = office.crawl(&[], &[]);
        assert_eq!(ran.code, 2, "{name}: {}{}", ran.out, ran.err);
        let run = office.last_run();
        assert_eq!(run.state, state, "{name}: {:?}", run.problems);
        assert!(
            !run.problems.is_empty() && ran.out.contains(&run.problems[0].message),
            "{name}: the message is told: {}",
            ran.out
        );
        let (findings, reports, looks) = office.standing();
        assert!(findings.is_empty(), "{name}: {findings:?}");
        assert!(reports.is_empty(), "{name}");
        assert!(looks.iter().all(|look| !look.complete), "{name}: no evidence of absence");
        let page = office.store().page(&office.site.url(LIST)).unwrap().expect("the outcome is written down");
        assert_eq!(page.last_result, Some(result), "{name}");
        assert!(page.sha256.is_none(), "{name}: no baseline");
    }
}

#[test]
fn a_portal_that_is_down_is_a_failed_run_and_nothing_else() {
    let office = Office::watching(mini_site(), "");
    let ran = office.crawl(&[], &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let before = office.standing();
    office.change(&format!("{}", office.site.addr.port()), "1");
    let ran = office.crawl(&[], &[]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(office.last_run().state, RunState::Failed);
    assert_eq!(office.standing().0, before.0, "the ledger stands as it stood");
}

#[test]
fn a_report_that_cannot_be_fetched_is_never_read_nor_cleared() {
    let gone = |status| Fault::Status { status, retry_after: None };
    for (name, fault, state) in [
        ("404", gone(404), RunState::Complete),
        ("503", gone(503), RunState::Partial),
        ("login page", Fault::Gate { gate: Gate::Login }, RunState::Blocked),
        ("2 GB body", Fault::Endless, RunState::Partial),
    ] {
        let office = Office::watching(mini_site(), "");
        assert_eq!(office.crawl(&[], &[]).code, 1);
        let before = office.standing();
        assert!(before.0.iter().any(|finding| finding.agency == "zrzy"), "the faulty report has its finding");
        office.site.set_fault(REPORT, fault);
        office.crawl(&[], &[]);
        assert_eq!(office.last_run().state, state, "{name}: {:?}", office.last_run().problems);
        let after = office.standing();
        assert_eq!(after.0, before.0, "{name}: nothing is opened or resolved by a page that was not read");
        assert_eq!(after.1, before.1, "{name}: the report stands as it was read");
    }
}

#[test]
fn wrong_charsets_are_read_and_a_mended_report_resolves_its_finding() {
    let office = Office::watching(
        mini_site().with_fault("/nb/a.html", When::always(), Fault::ContentType { value: "text/html; charset=gbk".into() }),
        "",
    );
    assert_eq!(office.crawl(&[], &[]).code, 1);
    let (findings, reports, _) = office.standing();
    assert!(!findings.iter().any(|finding| finding.agency == "jyj"), "the clean report stays clean: {findings:?}");
    assert_eq!(reports.len(), 2);
    let faulty = String::from_utf8(office.site.page(REPORT).unwrap()).unwrap();
    let finding = findings.iter().find(|finding| finding.agency == "zrzy").unwrap();
    let (wrong, right) = (finding.violation.actual.clone().unwrap(), finding.violation.expected.clone().unwrap());
    let row = faulty.find("予以公开").unwrap();
    let cell = faulty[row..].find(&format!(">{wrong}<")).unwrap() + row;
    let mended = format!("{}>{right}<{}", &faulty[..cell], &faulty[cell + wrong.len() + 2..]);
    office.site.set_page(REPORT, mended);
    office.crawl(&[], &[]);
    let (findings, _, _) = office.standing();
    let finding = findings.iter().find(|finding| finding.agency == "zrzy").unwrap();
    assert_eq!(finding.state, nianjian::model::FindingState::Resolved, "{finding:?}");
}

#[test]
fn one_portals_failure_stops_no_other() {
    let office = Office::watching(mini_site(), "");
    office.change(
        "[[portal]]",
        "[[portal]]\nid = \"dead\"\nname = \"停机的门户\"\nstart = [\"http://127.0.0.1:1/nb/\"]\n[[portal]]",
    );
    let ran = office.crawl(&[], &[]);
    assert_eq!(ran.code, 2);
    let runs = office.store().runs(10).unwrap();
    let state = |portal: &str| runs.iter().find(|run| run.portal == portal).unwrap().state;
    assert_eq!((state("dead"), state("mini")), (RunState::Failed, RunState::Complete));
}

#[test]
fn agencies_of_one_name_on_two_portals_are_two() {
    let list = |page: &str| {
        format!(
            "<html><head><meta charset=\"utf-8\"><title>政府信息公开年报</title></head><body><ul>\
             <li><a href=\"/nb/{page}\">教育局2025年政府信息公开工作年度报告</a><span>2026-01-16</span></li></ul></body></html>"
        )
    };
    let site = mini_site().with_page("/nb/index.html", list("a.html")).with_page("/east/index.html", list("b.html"));
    let office = Office::watching(site, "");
    std::fs::write(office.path().join("agencies.csv"), "id,name,aliases,kind,level,parent,portal,column,due\n").unwrap();
    let start = office.site.url("/east/index.html");
    office.change("[[portal]]", &format!("[[portal]]\nid = \"east\"\nname = \"东县\"\nstart = [\"{start}\"]\n[[portal]]"));
    office.crawl(&["mini"], &[]);
    office.crawl(&["east"], &[]);
    let (findings, reports, _) = office.standing();
    let ids: Vec<_> = reports.iter().map(|report| (report.id.as_str(), report.portal.as_str())).collect();
    assert_eq!(ids, [("教育局/2025", "mini"), ("教育局@east/2025", "east")]);
    assert!(findings.iter().all(|finding| !finding.rule.starts_with("history/")), "{findings:?}");
    office.crawl(&["mini"], &[]);
    office.crawl(&["east"], &[]);
    let again = office.standing();
    assert_eq!((&again.0, &again.1), (&findings, &reports), "neither takes the other's place");
}

#[test]
fn a_second_pass_asks_conditionally_and_changes_nothing() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let before = office.standing();
    office.site.reset();
    office.crawl(&[], &[]);
    let hits = office.site.hits();
    let pages: Vec<_> = hits.iter().filter(|hit| hit.path != "/robots.txt").collect();
    assert_eq!(pages.len(), 3, "one list and two reports, the look-alike never: {hits:?}");
    assert!(pages.iter().all(|hit| hit.status == 304 && hit.if_none_match.is_some()), "{pages:?}");
    assert_eq!(office.last_run().tally.unchanged, 3);
    let after = office.standing();
    assert_eq!((after.0, after.1), (before.0, before.1));
}

#[test]
fn the_portal_sees_one_polite_visitor() {
    let floor = Duration::from_millis(60);
    let office = Office::watching(mini_site(), "");
    office.change("min_delay = \"20ms\"", "min_delay = \"60ms\"");
    office.crawl(&[], &[]);
    let hits = office.site.hits();
    assert_eq!(hits.len(), 4, "robots.txt, the list, two reports: {hits:?}");
    assert_eq!(hits[0].path, "/robots.txt", "the rules of the house come first");
    for pair in hits.windows(2) {
        assert!(pair[1].at - pair[0].at >= floor, "{:?} after {:?}", pair[1].path, pair[0].path);
    }
    for hit in &hits {
        let agent = hit.user_agent.as_deref().unwrap_or_default();
        assert!(agent.starts_with("nianjian/") && agent.contains("mailto:test@nianjian.invalid"), "{agent}");
    }
}

#[test]
fn robots_txt_is_obeyed() {
    let office = Office::watching(mini_site().with_page("/robots.txt", "User-agent: *\nDisallow: /nb/\n"), "");
    assert_eq!(office.crawl(&[], &[]).code, 2);
    assert_eq!(office.last_run().state, RunState::Blocked);
    assert!(office.site.hits().iter().all(|hit| hit.path == "/robots.txt"));
}
