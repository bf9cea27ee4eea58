//! Pages that nobody can place: they wait for a person, nothing is concluded from them, and what is decided is followed.

use crate::support::{Office, Ran, mini_site, run_with};
use nianjian::obligations::AgencyState;
use serde_json::Value;

/// The portal of three agencies, with a report that says nowhere whose it is.
fn office() -> Office {
    let office = Office::watching(mini_site(), "");
    for page in ["/nb/index.html", "/nb/b.html"] {
        let text = String::from_utf8(office.site.page(page).unwrap()).unwrap();
        office.site.set_page(page, text.replace("云溪市自然资源局", "").replace("自然资源局", ""));
    }
    office
}

fn said(office: &Office, arguments: &[&str]) -> Ran {
    run_with(office.path(), arguments, &[("NIANJIAN_NOW", crate::support::NOW)])
}

fn doubts(office: &Office, state: &str) -> Vec<Value> {
    let ran = said(office, &["doubts", "--state", state, "--format", "json"]);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err))
}

/// How an agency stands an hour after the visits: the clock of a program begins at the time given and goes on, and what
/// a visit saw in its last second is not known to one that begins anew.
fn state_of(office: &Office, agency: &str) -> String {
    let later = [("NIANJIAN_NOW", "2026-02-10T10:00:00+08:00")];
    let ran = run_with(office.path(), &["status", "--agency", agency, "--format", "json"], &later);
    let agencies: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    agencies[0]["years"][0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_page_without_a_name_waits_and_is_read_once_it_is_claimed() {
    let office = office();
    office.crawl(&[], &[]);
    let open = doubts(&office, "open");
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!((open[0]["unclear"].as_str(), open[0]["year"].as_i64()), (Some("agency"), Some(2025)));
    // It may be the report of either of the two: then neither is missing.
    assert_eq!(state_of(&office, "zrzy"), AgencyState::Unknown.word());
    assert_eq!(state_of(&office, "mzj"), AgencyState::Unknown.word());
    assert!(office.standing().0.iter().all(|finding| finding.rule != "publication/missing"));

    let id = open[0]["id"].as_str().unwrap();
    let claim = |agency: &str, year: &str| {
        said(&office, &["doubt", "claim", id, "--agency", agency, "--year", year, "--by", "张三", "--note", "电话核实"])
    };
    assert_eq!(claim("云溪市无此局", "2025").code, 64, "an agency that the roster does not have");
    assert_eq!(claim("zrzy", "1999").code, 64, "a year of which there are no reports");
    assert_eq!(said(&office, &["doubt", "dismiss", "none", "--by", "张三", "--note", "x"]).code, 64);
    let ran = claim("云溪市自然资源局", "2025");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(doubts(&office, "claimed")[0]["decision"]["by"], "张三");

    office.crawl(&[], &[]);
    let (findings, reports, _) = office.standing();
    assert!(reports.iter().any(|report| report.id == "zrzy/2025" && report.assigned), "{reports:?}");
    assert!(findings.iter().any(|finding| finding.rule == "publication/missing" && finding.agency == "mzj"), "{findings:?}");
    assert_eq!(state_of(&office, "zrzy"), AgencyState::Published.word());
    assert_eq!(claim("mzj", "2025").code, 2, "what was judged under one name is not given to another");
    assert!(office.last_run().problems.is_empty(), "{:?}", office.last_run().problems);
}

#[test]
fn a_dismissed_page_is_listed_no_more() {
    let office = office();
    office.crawl(&[], &[]);
    let id = doubts(&office, "open")[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(said(&office, &["doubt", "dismiss", &id, "--by", "张三", "--note", "不是年报"]).code, 0);
    office.site.reset();
    office.crawl(&[], &[]);
    assert!(office.site.hits().iter().all(|hit| hit.path != "/nb/b.html"), "it is asked for no more");
    assert!(doubts(&office, "open").is_empty());
    let (findings, reports, looks) = office.standing();
    assert_eq!((reports.len(), looks.last().unwrap().entries.len()), (1, 1));
    let missing = findings.iter().filter(|finding| finding.rule == "publication/missing").count();
    assert_eq!(missing, 2, "now nothing on the list may be theirs");
}
