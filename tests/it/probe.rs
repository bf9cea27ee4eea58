//! `probe`: the whole way from an address or a file to its findings, and nothing stored.

use crate::support::{Office, mini_site, run, tests};
use nianjian::demo::site::{Fault, When};
use serde_json::Value;
use std::path::Path;

fn page(name: &str) -> String {
    tests("pages/reports").join(name).to_string_lossy().into_owned()
}

fn probe_json(dir: &Path, arguments: &[&str]) -> (i32, Value) {
    let ran = run(dir, &[&["probe", "--format", "json"], arguments].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err)))
}

#[test]
fn a_list_page_shows_its_profile_and_what_becomes_of_each_link() {
    let office = Office::watching(mini_site(), "");
    let (code, probed) = probe_json(office.path(), &[&office.site.url("/nb/index.html")]);
    assert_eq!((code, probed["schema"].as_str(), probed["kind"].as_str()), (0, Some("nianjian.probe/1"), Some("list")));
    let fetch = &probed["fetch"];
    assert_eq!(
        (fetch["result"].as_str(), fetch["status"].as_u64(), fetch["robots"].as_str()),
        (Some("ok"), Some(200), Some("allowed"))
    );
    assert_eq!(probed["profile"]["name"], "generic");
    let told = |entry: &Value| {
        let word = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        (word("verdict"), word("reason"), word("agency"), entry["year"].as_i64())
    };
    let entries: Vec<_> = probed["list"]["entries"].as_array().unwrap().iter().map(told).collect();
    let expected = [("taken", "", "jyj"), ("taken", "", "zrzy"), ("refused", "interpretation", "")];
    for ((verdict, reason, agency), entry) in expected.iter().zip(&entries) {
        assert_eq!((*verdict, *reason), (entry.0.as_str(), entry.1.as_str()));
        assert!(agency.is_empty() || entry.2 == *agency && entry.3 == Some(2025), "{entry:?}");
    }
    assert_eq!(entries.len(), 3);
    assert!(!office.path().join("data").exists(), "a probe stores nothing");
}

#[test]
fn what_a_probe_finds_is_what_a_visit_finds() {
    let office = Office::watching(mini_site(), "");
    let (code, probed) = probe_json(office.path(), &[&office.site.url("/nb/b.html")]);
    assert_eq!((code, probed["kind"].as_str()), (1, Some("report")));
    let evidence = probed["check"]["findings"].as_array().unwrap().iter().flat_map(|it| it["evidence"].as_array().unwrap());
    let leads = |it: &Value| it["link"].as_str().is_some_and(|link| link.contains("/nb/b.html#:~:text="));
    assert!(evidence.clone().any(leads), "{:?}", evidence.collect::<Vec<_>>());
    let (_, checked) = probe_json(office.path(), &[&office.site.url("/nb/a.html")]);
    assert_eq!(checked["check"]["outcome"], "read");
    office.crawl(&[], &[]);
    let (findings, ..) = office.standing();
    let kept: Vec<&str> = findings.iter().filter(|it| it.agency == "zrzy").map(|it| it.rule.as_str()).collect();
    let told: Vec<&str> = probed["check"]["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert!(!told.is_empty() && told.iter().all(|rule| kept.contains(rule)), "{told:?} {kept:?}");
}

#[test]
fn an_answer_that_is_no_page_is_told_and_not_read() {
    let office = Office::watching(mini_site().with_fault("/nb/b.html", When::always(), Fault::SoftGone), "");
    let (code, probed) = probe_json(office.path(), &[&office.site.url("/nb/b.html")]);
    assert_eq!(code, 2);
    assert_eq!((probed["kind"].as_str(), probed["fetch"]["result"].as_str()), (Some("unknown"), Some("soft-404")));
    assert!(probed["document"].is_null() && probed["check"].is_null());
    let denied = mini_site().with_page("/robots.txt", "User-agent: *\nDisallow: /nb/\n");
    let office = Office::watching(denied, "");
    let (code, probed) = probe_json(office.path(), &[&office.site.url("/nb/b.html")]);
    assert_eq!((code, probed["fetch"]["robots"].as_str(), probed["fetch"]["kind"].as_str()), (2, Some("denied"), Some("robots")));
    let ran = run(office.path(), &["probe", &office.site.url("/nb/b.html")]);
    assert!(ran.out.contains("不允许，已遵守") && ran.out.contains("被拦截"), "{}", ran.out);
}

#[test]
fn each_figure_has_the_labels_that_led_to_it() {
    let (code, probed) = probe_json(Path::new("/"), &[&page("bailu-2023-spans.html")]);
    assert_eq!(code, 0);
    let paths = probed["reading"]["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 10 + 175 + 15);
    let path = &paths["applications.results.refused.third_party.enterprise"];
    assert_eq!(path["row"], serde_json::json!(["三、本年度办理结果", "（三）不予公开", "4.保护第三方合法权益"]));
    assert_eq!(path["column"], serde_json::json!(["申请人情况", "法人或其他组织", "商业企业"]));
    let cells = probed["document"]["grids"].as_array().unwrap().iter().flat_map(|grid| grid["rows"].as_array().unwrap());
    let became = cells.flat_map(|row| row.as_array().unwrap()).filter(|cell| cell["figure"].is_string()).count();
    assert_eq!(became, 10 + 175 + 15);
}

#[test]
fn a_table_is_drawn_with_its_merged_cells_in_line() {
    let ran = run(Path::new("/"), &["probe", "--section", "grids", &page("bailu-2023-spans.html")]);
    assert!(!ran.out.contains('\u{1b}'), "a pipe gets no colours");
    let drawn = "│行政许可      │1204                                  │ ← a20_5.licensing.decisions";
    assert!(ran.out.contains(drawn), "{}", ran.out);
    assert!(ran.out.contains("← results.total.*") && ran.out.contains("列10 total"), "{}", ran.out);
    for line in ran.out.lines().filter(|line| line.starts_with(['┌', '├', '│', '└'])) {
        assert!(line.trim_end().contains(['┐', '┤', '│', '┘']), "{line}");
    }
    assert!(!ran.out.contains("核对"), "only the part asked for");
}

#[test]
fn what_was_not_understood_is_said_in_both_languages() {
    let subtotal = page("shuanglin-2024-subtotal.html");
    let zh = run(Path::new("/"), &["probe", "--section", "unread", &subtotal]).out;
    assert!(zh.contains("不认识的列"), "{zh}");
    let en = run(Path::new("/"), &["--lang", "en", "probe", "--section", "unread", &subtotal]).out;
    assert!(en.contains("unknown column"), "{en}");
    let torn = run(Path::new("/"), &["probe", &page("shuanglin-2024-torn.txt")]).out;
    assert!(torn.contains("没有读完整") && torn.contains("torn-text"), "{torn}");
}

#[test]
fn hostile_files_are_told_and_never_drawn_into_the_terminal() {
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("x.html");
    let page = "<html><body><table><tr><td colspan=1000 rowspan=1000>\u{1b}[2J年报\u{202e}</td></tr></table></body></html>";
    std::fs::write(&file, page).unwrap();
    let ran = run(dir.path(), &["probe", "x.html"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'), "{}", ran.out);
    assert_eq!(run(dir.path(), &["probe", "nowhere.html"]).code, 2);
    assert_eq!(run(dir.path(), &["probe"]).code, 64);
}
