//! What a report says of itself, and which page is one: parts and dates with their sources, pages with several
//! reports, and lists that bear a report's title.

use crate::support::{forms, run, tests};
use nianjian::document::{Origin, read};
use nianjian::extract::{Hints, report};
use nianjian::model::{ReadOutcome, ReadReport};
use serde_json::Value;

fn page(name: &str) -> String {
    std::fs::read_to_string(tests("pages/reports").join(name)).unwrap()
}

/// What stands between the tags of the body.
fn body(page: &str) -> &str {
    page.split_once("<body>").unwrap().1.split_once("</body>").unwrap().0
}

fn read_as(page: &str, hints: &Hints) -> ReadReport {
    report(&read(page.as_bytes(), Origin { name: Some("a.html"), content_type: None }), hints, &forms())
}

fn codes(read: &ReadReport) -> Vec<&str> {
    read.problems.iter().map(|problem| problem.code.as_str()).collect()
}

#[test]
fn of_several_reports_the_one_that_is_meant_is_read_or_none() {
    let (bailu, shuanglin) = (page("bailu-2023-spans.html"), page("shuanglin-2024-spans.html"));
    let alone = [&bailu, &shuanglin].map(|page| read_as(page, &Hints::default()).report.unwrap());
    let joined = |title: &str, first: &str, second: &str| {
        format!(
            "<html><head><title>{title}</title></head><body><div>{}</div><div>{}</div></body></html>",
            body(first),
            body(second)
        )
    };
    let of = |year| Hints { year: Some(year), ..Hints::default() };
    for (title, hints, meant) in [
        ("柳河县白鹭镇人民政府2023年政府信息公开工作年度报告", Hints::default(), Some(0)),
        ("2024年柳河县霜林镇人民政府政府信息公开工作年度报告_云溪市", Hints::default(), Some(1)),
        ("政府信息公开年报", of(2023), Some(0)),
        ("政府信息公开年报", of(2024), Some(1)),
        ("政府信息公开年报", of(2022), None),
        ("政府信息公开年报", Hints::default(), None),
    ] {
        for (first, second) in [(&bailu, &shuanglin), (&shuanglin, &bailu)] {
            let read = read_as(&joined(title, first, second), &hints);
            let Some(meant) = meant else {
                assert_eq!((read.outcome, codes(&read)), (ReadOutcome::Unreadable, vec!["reports-several"]), "{title}");
                continue;
            };
            let (found, wanted) = (read.report.as_ref().unwrap(), &alone[meant]);
            assert_eq!(codes(&read), ["reports-chosen"], "{title}");
            assert_eq!((found.agency.as_str(), found.year), (wanted.agency.as_str(), wanted.year), "{title}");
            assert_eq!(found.sections, wanted.sections, "{title}");
            let readings = |report: &nianjian::model::Report| -> Vec<_> {
                report.figures.iter().map(|figure| (figure.id.clone(), figure.reading.clone())).collect()
            };
            assert_eq!(readings(found), readings(wanted), "{title}");
        }
    }
    // The same report twice is one; a table of contents is none.
    let twice = read_as(&joined("政府信息公开年报", &bailu, &bailu), &Hints::default());
    assert_eq!(twice.report.map(|report| report.figures.len()), Some(alone[0].figures.len()));
    let contents: String = alone[0].sections.iter().map(|it| format!("<p>{}</p>", it.heading.clone().unwrap())).collect();
    let listed = read_as(&bailu.replace("<body>", &format!("<body>{contents}")), &Hints::default());
    assert_eq!(codes(&listed), Vec::<&str>::new());
    assert_eq!(listed.report.map(|report| report.figures.len()), Some(alone[0].figures.len()));
}

#[test]
fn a_list_that_bears_the_title_of_a_report_is_none() {
    let agencies = ["云溪市教育局", "云溪市民政局", "云溪市财政局", "云溪市水务局"];
    let list = |title: &str, ending: &str, entries: usize| {
        let entry = |at: usize| {
            let agency = agencies[at % agencies.len()];
            format!(
                "<li><a href='{at}.{ending}'>{agency}2024年政府信息公开工作年度报告</a><span>2025-01-{:02} 发布</span></li>",
                at % 28 + 1
            )
        };
        // A picture on a page that names nobody is decoration.
        let picture = if title.starts_with("2024") { "<img src=a.jpg width=800 height=600>" } else { "" };
        format!(
            "<html><head><title>{title}</title></head><body><h1>{title}</h1><ul>{}</ul>{picture}</body></html>",
            (0..entries).map(entry).collect::<String>()
        )
    };
    for title in ["2024年政府信息公开工作年度报告", "云溪市2024年政府信息公开工作年度报告"] {
        for ending in ["html", "pdf", "docx"] {
            for entries in [4, 40] {
                let read = read_as(&list(title, ending, entries), &Hints::default());
                assert_eq!(read.outcome, ReadOutcome::NotAReport, "{title} {ending} {entries}");
            }
        }
    }
    // Its own report among others, or one document without a title, is what the page is for.
    for link in ["<a href=a.docx>附件</a>", "<a href=a.docx>云溪市教育局2024年政府信息公开工作年度报告.docx</a>"]
    {
        let title = "云溪市教育局2024年政府信息公开工作年度报告";
        let page = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{link}</p></body></html>");
        assert!(read_as(&page, &Hints::default()).report.is_some_and(|report| report.attachment_only), "{link}");
    }
}

/// The report of a page, as `check` and `probe` show it.
fn shown(page: &str, arguments: &[&str]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.html"), page).unwrap();
    let checked = run(folder.path(), &[&["check", "--format", "jsonl", "a.html"][..], arguments].concat());
    let object: Value = serde_json::from_str(&checked.out).unwrap_or_else(|_| panic!("{checked:?}"));
    (object["report"].clone(), run(folder.path(), &["probe", "a.html"]).out)
}

#[test]
fn the_date_of_publication_comes_with_its_source() {
    let page = page("qingshi-2020.html");
    let with =
        |head: &str, body: &str| page.replace("</head>", &format!("{head}</head>")).replace("<body>", &format!("<body>{body}"));
    let meta = "<meta name=\"PubDate\" content=\"2021-01-09 10:00\">";
    let line = "<p>发布日期：2021-01-08</p>";
    for (page, arguments, date, source) in [
        (with("", ""), &[][..], None, None),
        (with(meta, ""), &[], Some("2021-01-09"), Some("meta")),
        (with(meta, line), &[], Some("2021-01-08"), Some("page")),
        (with(meta, line), &["--published", "2021-02-01"], Some("2021-02-01"), Some("given")),
    ] {
        let (report, probed) = shown(&page, arguments);
        assert_eq!((report["published"].as_str(), report["published_source"].as_str()), (date, source));
        if let (Some(date), []) = (date, arguments) {
            assert!(probed.contains(date), "{probed}");
        }
    }
}

#[test]
fn the_parts_of_section_one_are_told_with_their_headings() {
    let page = page("qingshi-2020.html");
    let part = |page: &str| {
        let (report, probed) = shown(page, &[]);
        let parts = report["parts"].as_array().unwrap().clone();
        let words = |part: &Value| {
            let heading = part["heading"].as_str().unwrap_or("-").to_owned();
            format!("{} {} {heading}", part["id"].as_str().unwrap(), part["found"])
        };
        (parts.iter().map(words).collect::<Vec<_>>(), probed)
    };
    let (parts, probed) = part(&page);
    assert_eq!(parts.len(), 5);
    assert!(parts[0].starts_with("overview.proactive true （一）主动公开"), "{parts:?}");
    assert!(parts.iter().all(|part| part.contains(" true （")), "{parts:?}");
    assert!(probed.contains("overview.platform"), "{probed}");
    let (parts, _) = part(&page.replace("平台", "栏目"));
    assert_eq!(parts[3], "overview.platform false -");
}
