//! What becomes of reports after their publication: told only after a second look, and taken back when
//! the page comes back.

use crate::support::{NOW, Office, mini_site, run_with};
use nianjian::demo::site::Fault;
use nianjian::model::{Finding, FindingState};

const LIST: &str = "/nb/index.html";
const REPORT: &str = "/nb/b.html";

/// One pass on a day and hour of February 2026.
fn at(office: &Office, time: &str) {
    office.crawl(&[], &[("NIANJIAN_NOW", &format!("2026-02-{time}:00+08:00"))]);
}

/// The findings of a rule that stand.
fn standing(office: &Office, rule: &str) -> Vec<Finding> {
    let findings = office.standing().0;
    findings.into_iter().filter(|finding| finding.rule == rule && finding.state != FindingState::Resolved).collect()
}

/// The list page without the faulty report's row.
fn shorter_list(office: &Office) -> String {
    let list = String::from_utf8(office.site.page(LIST).unwrap()).unwrap();
    list.lines().filter(|line| !line.contains("b.html")).collect::<Vec<_>>().join("\n")
}

#[test]
fn withdrawn_after_two_looks_and_back_again() {
    let office = Office::watching(mini_site(), "");
    at(&office, "10T09:00");
    let (list, report) = (office.site.page(LIST).unwrap(), office.site.page(REPORT).unwrap());
    office.site.set_page(LIST, shorter_list(&office));
    at(&office, "10T12:00");
    assert!(standing(&office, "publication/withdrawn").is_empty(), "off the list but still standing is neither");
    office.site.remove_page(REPORT);
    at(&office, "10T15:00");
    assert!(standing(&office, "publication/withdrawn").is_empty(), "one look proves nothing");
    at(&office, "10T15:20");
    assert!(standing(&office, "publication/withdrawn").is_empty(), "too soon to confirm");
    at(&office, "10T18:00");
    let found = standing(&office, "publication/withdrawn");
    assert_eq!(found.len(), 1, "{:?}", office.last_run());
    assert_eq!((found[0].agency.as_str(), found[0].year), ("zrzy", 2025));
    assert!(standing(&office, "publication/broken").is_empty());
    office.site.set_page(LIST, list);
    office.site.set_page(REPORT, report);
    at(&office, "10T21:00");
    assert!(standing(&office, "publication/withdrawn").is_empty(), "it is back");
}

#[test]
fn broken_where_the_list_still_has_it() {
    for fault in [Fault::Status { status: 410, retry_after: None }, Fault::SoftGone, Fault::Empty] {
        let office = Office::watching(mini_site(), "");
        at(&office, "10T09:00");
        office.site.set_fault(REPORT, fault.clone());
        at(&office, "10T12:00");
        assert!(standing(&office, "publication/broken").is_empty(), "{fault:?}: one look proves nothing");
        at(&office, "10T15:00");
        assert_eq!(standing(&office, "publication/broken").len(), 1, "{fault:?}: {:?}", office.last_run());
        assert!(standing(&office, "publication/withdrawn").is_empty());
    }
    let office = Office::watching(mini_site(), "");
    at(&office, "10T09:00");
    office.site.set_fault(REPORT, Fault::Status { status: 503, retry_after: None });
    for time in ["10T12:00", "10T15:00", "10T18:00"] {
        at(&office, time);
    }
    assert!(standing(&office, "publication/broken").is_empty(), "a server that fails is our problem");
}

#[test]
fn edits_are_told_once_confirmed_and_mirrors_that_flap_are_none() {
    let office = Office::watching(mini_site(), "");
    at(&office, "10T09:00");
    let report = String::from_utf8(office.site.page(REPORT).unwrap()).unwrap();
    let row = report.find("予以公开").unwrap();
    let cell = row + report[row..].find(">1").unwrap() + 1;
    let digits = report[cell..].chars().take_while(char::is_ascii_digit).count();
    let other = format!("{}1{}{}", &report[..cell], &report[cell..cell + digits], &report[cell + digits..]);
    for time in ["10T12:00", "10T18:00"] {
        office.site.set_page(REPORT, other.clone());
        at(&office, time);
        assert!(standing(&office, "publication/figure-edited").is_empty(), "not yet confirmed");
        office.site.set_page(REPORT, report.clone());
        at(&office, &time.replace(":00", ":45"));
    }
    assert!(standing(&office, "publication/figure-edited").is_empty(), "a mirror that flaps is no edit");
    office.site.set_page(REPORT, other.clone());
    at(&office, "11T09:00");
    at(&office, "11T12:00");
    let found = standing(&office, "publication/figure-edited");
    assert_eq!(found.len(), 1, "{:?}", office.standing().1);
    let evidence: Vec<&str> = found[0].violation.evidence.iter().map(|evidence| evidence.quote.as_str()).collect();
    for quote in &evidence {
        let sha256 = quote.strip_prefix("sha256:").unwrap();
        assert!(office.store().body(sha256).unwrap().is_some(), "both versions are kept");
    }
    assert!(standing(&office, "publication/edited").is_empty(), "no sentence changed");
    let counter = other.replace("</body>", "<p>浏览次数：1234567次</p></body>").replace("。</p>", "（经核实）。</p>");
    office.site.set_page(REPORT, counter);
    at(&office, "12T09:00");
    at(&office, "12T12:00");
    assert_eq!(standing(&office, "publication/edited").len(), 1);
}

#[test]
fn a_date_before_a_look_that_did_not_have_it() {
    let office = Office::watching(mini_site(), "");
    let list = office.site.page(LIST).unwrap();
    office.site.set_page(LIST, shorter_list(&office));
    at(&office, "10T09:00");
    office.site.set_page(LIST, list);
    at(&office, "11T09:00");
    let found = standing(&office, "publication/back-dated");
    assert_eq!(found.iter().map(|finding| finding.agency.as_str()).collect::<Vec<_>>(), ["zrzy"]);
    assert!(found[0].violation.message.zh.contains("2026-02-10 的完整巡查"), "{}", found[0].violation.message.zh);
}

#[test]
fn copies_that_differ_for_good() {
    let office = Office::watching(mini_site(), "");
    let report = String::from_utf8(office.site.page(REPORT).unwrap()).unwrap();
    let list = String::from_utf8(office.site.page(LIST).unwrap()).unwrap();
    let row = "<li><a href=\"./z.html\">云溪市自然资源局2025年度政府信息公开工作年度报告</a><span>2026-01-21</span></li>";
    office.site.set_page(LIST, list.replace("</ul>", &format!("{row}</ul>")));
    office.site.set_page("/nb/z.html", report.clone());
    at(&office, "10T09:00");
    at(&office, "10T12:00");
    assert!(standing(&office, "publication/copies-differ").is_empty(), "two alike are no difference");
    office.site.set_page("/nb/z.html", report.replace("。</p>", "，特此说明。</p>"));
    at(&office, "10T15:00");
    assert!(standing(&office, "publication/copies-differ").is_empty(), "a mirror may be behind");
    at(&office, "10T18:00");
    assert_eq!(standing(&office, "publication/copies-differ").len(), 1, "{:?}", office.standing().1);
}

#[test]
fn towns_of_one_name_in_two_counties_are_no_copies_that_differ() {
    let office = Office::watching(mini_site(), "");
    let report = String::from_utf8(office.site.page(REPORT).unwrap()).unwrap().replace("云溪市自然资源局", "城关镇人民政府");
    let page = |rows: &str| format!("<html><head><title>政府信息公开年报</title></head><body><ul>{rows}</ul></body></html>");
    let row = "<li><a href='r.html'>城关镇人民政府2025年度政府信息公开工作年度报告</a><span>2026-01-21</span></li>";
    let counties = "<li><a href='dp/index.html'>东平县</a></li><li><a href='xp/index.html'>西平县</a></li>";
    office.site.set_page(LIST, page(counties));
    for (county, report) in [("dp", report.clone()), ("xp", report.replace("。</p>", "，特此说明。</p>"))] {
        office.site.set_page(&format!("/nb/{county}/index.html"), page(row));
        office.site.set_page(&format!("/nb/{county}/r.html"), report);
    }
    for time in ["10T09:00", "10T12:00", "10T15:00", "10T18:00"] {
        at(&office, time);
    }
    assert!(standing(&office, "publication/copies-differ").is_empty(), "{:?}", office.standing().1);
    let doubts = run_with(office.path(), &["doubts", "--format", "json"], &[("NIANJIAN_NOW", NOW)]).out;
    assert!(doubts.contains("/nb/xp/r.html"), "whose the other one is a person has to say: {doubts}");
}

#[test]
fn a_report_among_the_notices_only() {
    let office = Office::watching(mini_site(), "");
    let list = String::from_utf8(office.site.page(LIST).unwrap()).unwrap();
    let menu = "<div class='menu'><a href='/tz/'>通知公告</a><a href='/nb/'>政府信息公开年报</a></div>";
    let notices = "<html><head><meta charset='utf-8'><title>通知公告-云溪市</title></head><body>".to_owned()
        + menu
        + "<ul><li><a href='/tz/1.html'>关于停水的通知</a><span>2026-01-22</span></li><li><a href='/tz/2.html'>关于修路的公告</a><span>2026-01-22</span></li>\
        <li><a href='/nb/b.html'>云溪市自然资源局2025年度政府信息公开工作年度报告</a><span>2026-01-21</span></li></ul></body></html>";
    office.site.set_page("/tz/index.html", notices);
    office.site.set_page(LIST, shorter_list(&office).replace("<body>", &format!("<body>{menu}")));
    office.change("/nb/index.html", "/tz/");
    at(&office, "10T09:00");
    let found = standing(&office, "publication/wrong-column");
    assert_eq!(found.iter().map(|finding| finding.agency.as_str()).collect::<Vec<_>>(), ["zrzy"], "{:?}", office.last_run());
    office.site.set_page(LIST, list);
    at(&office, "11T09:00");
    assert!(standing(&office, "publication/wrong-column").is_empty(), "now it stands where it belongs too");
}
