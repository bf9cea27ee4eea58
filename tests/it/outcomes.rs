//! What stands in the place of a report for a while, and what changes about its page that is no edit of it: neither
//! is ever held against an agency.

use crate::support::{Office, mini_site};
use nianjian::demo::site::{Fault, Gate};
use nianjian::model::FindingState;

const LIST: &str = "/nb/index.html";
const REPORT: &str = "/nb/b.html";

/// One pass on a day and hour of February 2026.
fn at(office: &Office, time: &str) {
    office.crawl(&[], &[("NIANJIAN_NOW", &format!("2026-02-{time}:00+08:00"))]);
}

/// Rules of what became of reports whose findings stand.
fn standing(office: &Office) -> Vec<String> {
    let findings = office.standing().0;
    let stands = findings.into_iter().filter(|finding| finding.state != FindingState::Resolved);
    let rules = stands.map(|finding| finding.rule).filter(|rule| rule.starts_with("publication/"));
    rules.filter(|rule| rule != "publication/missing" && rule != "publication/late").collect()
}

/// A report that stands at its address again after three looks that met something else there.
fn comes_back_unharmed(name: &str, spoil: impl Fn(&Office)) {
    let office = Office::watching(mini_site(), "");
    at(&office, "10T09:00");
    let (findings, reports, _) = office.standing();
    let page = office.site.page(REPORT).unwrap();
    spoil(&office);
    for time in ["10T12:00", "10T15:00", "11T09:00"] {
        at(&office, time);
        assert_eq!(standing(&office), Vec::<String>::new(), "{name} at {time}: {:?}", office.last_run().problems);
        let kept = office.standing().1;
        assert_eq!(
            kept.iter().map(|report| &report.snapshot).collect::<Vec<_>>(),
            reports.iter().map(|report| &report.snapshot).collect::<Vec<_>>(),
            "{name}"
        );
    }
    office.site.clear_faults();
    office.site.set_page(REPORT, page);
    at(&office, "12T09:00");
    at(&office, "12T12:00");
    assert_eq!(standing(&office), Vec::<String>::new(), "{name}: it is back");
    let open = |findings: &[nianjian::model::Finding]| -> Vec<(String, FindingState)> {
        findings.iter().map(|finding| (finding.fingerprint.clone(), finding.state)).collect()
    };
    assert_eq!(open(&office.standing().0), open(&findings), "{name}: what was found stands as it stood");
}

#[test]
fn gates_and_failures_in_the_place_of_a_report_touch_nothing() {
    let status = |status| Fault::Status { status, retry_after: None };
    for (name, fault) in [
        ("login", Fault::Gate { gate: Gate::Login }),
        ("acw", Fault::Gate { gate: Gate::Acw }),
        ("jsl", Fault::Gate { gate: Gate::Jsl }),
        ("river", Fault::Gate { gate: Gate::River }),
        ("captcha", Fault::Gate { gate: Gate::Captcha }),
        ("500", status(500)),
        ("503", status(503)),
        ("cut gzip", Fault::GzipCut),
        ("cut", Fault::Cut { missing: 900 }),
        ("loop", Fault::RedirectLoop),
        ("elsewhere", Fault::Redirect { to: "http://other.example/b.html".into() }),
        ("wrong type", Fault::ContentType { value: "video/mp4".into() }),
    ] {
        comes_back_unharmed(name, |office| office.site.set_fault(REPORT, fault.clone()));
    }
}

#[test]
fn pages_that_stand_in_for_a_report_for_a_while_are_no_edits_of_it() {
    for (name, page) in [
        (
            "maintenance",
            "<html><head><meta charset=\"utf-8\"><title>系统维护</title></head><body><h1>网站升级维护中，请稍后访问</h1></body></html>",
        ),
        (
            "database",
            "<html><head><meta charset=\"utf-8\"><title>出错了</title></head><body>数据库连接失败，请与管理员联系</body></html>",
        ),
        ("refresh", "<html><head><meta http-equiv=\"refresh\" content=\"0;url=/\"></head><body></body></html>"),
        ("script", "<html><head><script>location.href='/'</script></head><body></body></html>"),
        (
            "shell",
            "<html><head><meta charset=\"utf-8\"><title>云溪市</title></head><body><div id=\"app\"></div><script src=\"/app.js\"></script></body></html>",
        ),
        (
            "grey",
            "<html><head><meta charset=\"utf-8\"><title>访问异常</title></head><body>您的访问存在安全威胁，已被网站防火墙拦截</body></html>",
        ),
    ] {
        comes_back_unharmed(name, |office| office.site.set_page(REPORT, page));
    }
}

#[test]
fn what_changes_around_a_report_is_no_edit() {
    let office = Office::watching(mini_site(), "");
    let plain = String::from_utf8(office.site.page(REPORT).unwrap()).unwrap();
    let with = |more: &str| plain.replace("</body>", &format!("{more}</body>"));
    let before = |more: &str| {
        let body = plain.find("<body").and_then(|at| Some(at + plain[at..].find('>')? + 1)).unwrap();
        format!("{}{more}{}", &plain[..body], &plain[body..])
    };
    let (gbk, _, _) = encoding_rs::GBK.encode(&plain);
    let declared = |charset: &str| plain.replacen("utf-8", charset, 1);
    let pages: Vec<(&str, Vec<u8>)> = vec![
        ("counter", with("<p>浏览次数：<span id=\"hits\">1024</span>次</p>").into()),
        ("counter on", with("<p>浏览次数：<span id=\"hits\">2048</span>次</p>").into()),
        ("today", before("<div class=\"date\">今天是2026年2月11日 星期三</div>").into()),
        (
            "banner",
            before("<div class=\"ad\"><a href=\"/zt/3\"><img src=\"/ad3.gif\" alt=\"学习贯彻会议精神\"></a></div>").into(),
        ),
        (
            "read on",
            with("<div class=\"xg\"><h4>相关阅读</h4><ul><li><a href=\"/x/9.html\">云溪市召开政务公开推进会</a></li></ul></div>")
                .into(),
        ),
        ("footer", with("<div class=\"foot\">版权所有：云溪市人民政府 © 2026</div>").into()),
        ("script", before("<script nonce=\"a81\">var t=1770000000;</script>").into()),
        ("blanks", plain.replace("</p>", " </p>\r\n").into()),
        ("spans", plain.replace("<p>", "<p><span>").replace("</p>", "</span></p>").into()),
        ("gbk", gbk.into_owned()),
        ("gbk that says so", encoding_rs::GBK.encode(&declared("gb2312")).0.into_owned()),
        ("as it was", plain.clone().into()),
    ];
    at(&office, "10T09:00");
    for (n, (name, page)) in pages.into_iter().enumerate() {
        office.site.set_page(REPORT, page);
        for hour in ["09", "13"] {
            at(&office, &format!("{}T{hour}:00", 11 + n));
        }
        assert_eq!(standing(&office), Vec::<String>::new(), "{name}");
        assert_eq!(office.last_run().tally.failed, 0, "{name}");
    }
}

/// A server that answers 304 whatever has changed is asked for the whole page once a week.
#[test]
fn a_lie_that_nothing_changed_is_found_out_within_a_week() {
    let office = Office::watching(mini_site(), "");
    at(&office, "02T09:00");
    at(&office, "02T18:00");
    let page = String::from_utf8(office.site.page(REPORT).unwrap()).unwrap();
    let row = page.find("予以公开").unwrap();
    let cell = row + page[row..].find(">1").unwrap() + 1;
    office.site.set_page(REPORT, format!("{}9{}", &page[..cell], &page[cell..]));
    office.site.set_fault(REPORT, Fault::LyingNotModified);
    at(&office, "05T09:00");
    assert_eq!(standing(&office), Vec::<String>::new(), "the server says that nothing changed");
    at(&office, "10T09:00");
    at(&office, "17T18:00");
    assert_eq!(standing(&office), ["publication/figure-edited"], "{:?}", office.last_run());
}

#[test]
fn a_report_that_moved_is_read_where_it_is() {
    let office = Office::watching(mini_site(), "");
    at(&office, "10T09:00");
    let page = office.site.page(REPORT).unwrap();
    office.site.set_page("/new/b.html", page);
    office.site.set_fault(REPORT, Fault::Redirect { to: "/new/b.html".into() });
    at(&office, "10T12:00");
    at(&office, "10T15:00");
    assert_eq!(standing(&office), Vec::<String>::new(), "the same text at the end of a redirect");
    office.site.clear_faults();
    office.site.remove_page(REPORT);
    let list = String::from_utf8(office.site.page(LIST).unwrap()).unwrap();
    office.site.set_page(LIST, list.replace("./b.html", "/new/b.html"));
    for time in ["11T09:00", "11T12:00", "11T15:00"] {
        at(&office, time);
    }
    assert_eq!(standing(&office), Vec::<String>::new(), "the list leads to it");
    assert!(office.standing().1.iter().any(|report| report.url.ends_with("/new/b.html")));
}
