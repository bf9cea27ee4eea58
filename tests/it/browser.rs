//! Pages that only their scripts can show, and the browser of this machine that shows them where a portal wants it.
//!
//! The portal is that of the other tests, with its list and its reports behind scripts that fetch them: what is found must
//! be what is found on the portal that needs no scripts. Without a Chromium on this machine the tests say so and hold
//! nothing but what must be told then.

use crate::support::{Office, Ran, mini_pages, mini_site};
use nianjian::demo::site::{Fault, Gate, Site, When};
use nianjian::model::{Run, RunState};
use std::path::Path;

const LIST: &str = "/nb/index.html";
const DATA: &str = "/api/list.json";
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Whether there is a browser to test with.
fn is_there() -> bool {
    let found = PATH.split(':').any(|folder| Path::new(folder).join("chromium").is_file());
    if !found {
        println!("skipped: there is no chromium on this machine");
    }
    found
}

/// A list that its script fetches and writes, beside what pages bring along: styles, pictures, a counter elsewhere.
fn shell(script: &str) -> String {
    format!(
        "<html><head><meta charset=\"gbk\"><title>Xinxi</title><link rel=stylesheet href=/a.css>\
         <script src=\"http://count.example/hm.js\"></script></head><body><img src=/banner.png><div id=app></div>\
         <script src=/js/base.js></script><script>{script}</script></body></html>"
    )
}

const WRITES_LIST: &str = "setTimeout(function () { load('/api/list.json', function (text) {\
    var list = JSON.parse(text), rows = '<h1>' + list.name + '</h1><ul>';\
    list.rows.forEach(function (row) { rows += '<li><a href=\"' + row.to + '\">' + row.what + '</a> ' + row.on + '</li>'; });\
    document.getElementById('app').innerHTML = rows + '</ul>'; }); }, 900);";

fn data(total: usize) -> String {
    let row = |to: &str, what: &str, on: &str| format!("{{\"to\": \"{to}\", \"what\": \"{what}\", \"on\": \"{on}\"}}");
    let rows = [
        row("a.html", "2025年云溪市教育局政府信息公开工作年度报告", "2026-01-16"),
        row("b.html", "云溪市自然资源局2025年度政府信息公开工作年度报告", "2026-01-21"),
        row("c.html", "2025年度政府信息公开工作年度报告解读", "2026-01-22"),
    ];
    format!("{{\"name\": \"政府信息公开年报\", \"total\": {total}, \"rows\": [{}]}}", rows.join(","))
}

/// The portal with everything behind scripts.
fn scripted() -> Site {
    let [_, (_, a), (_, b)] = mini_pages();
    let a = encoding_rs::GBK.decode(&a).0.into_owned();
    let writes = |name: &str, posted: &str| {
        shell(&format!("load('/api/{name}.txt', function (text) {{ document.documentElement.innerHTML = text; }}{posted});"))
    };
    let base = "function load(from, then, post) { var r = new XMLHttpRequest(); r.open(post ? 'POST' : 'GET', from);\
        r.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');\
        r.onload = function () { then(r.responseText); }; r.send(post); }";
    // One of them answers only to what is posted.
    let posted = tempfile::tempdir().unwrap();
    let answer = "[[answer]]\npath = \"/api/b.txt\"\nmethod = \"POST\"\nwith = { id = \"b\" }\npage = \"/_b.txt\"\n";
    std::fs::write(posted.path().join("site.toml"), answer).unwrap();
    std::fs::write(posted.path().join("_b.txt"), b).unwrap();
    Site::from_path(posted.path())
        .unwrap()
        .with_page("/api/a.txt", a)
        .with_page("/nb/a.html", writes("a", ""))
        .with_page("/nb/b.html", writes("b", ", 'id=b'"))
        .with_page("/robots.txt", "User-agent: *\nAllow: /\n")
        .with_page("/js/base.js", base)
        .with_page(LIST, shell(WRITES_LIST))
        .with_page(DATA, data(3))
}

fn wanting(site: Site) -> Office {
    Office::watching(site, "browser = true")
}

fn crawl(office: &Office) -> (Ran, Run) {
    let ran = office.crawl(&[], &[("PATH", PATH)]);
    (ran, office.last_run())
}

fn codes(run: &Run) -> Vec<&str> {
    run.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// What stands, as far as it does not depend on which bytes it was read from.
fn told(office: &Office) -> (Vec<String>, Vec<String>) {
    let (findings, reports, _) = office.standing();
    let finding = |finding: &nianjian::model::Finding| format!("{} {:?}", finding.fingerprint, finding.violation.message);
    let report = |report: &nianjian::model::ReportEntry| format!("{} {} {:?}", report.id, report.figures, report.outcome);
    (findings.iter().map(finding).collect(), reports.iter().map(report).collect())
}

#[test]
fn a_portal_of_scripts_is_read_like_one_without() {
    if !is_there() {
        return;
    }
    let (plain, office) = (Office::watching(mini_site(), ""), wanting(scripted()));
    plain.crawl(&[], &[]);
    let (_, run) = crawl(&office);
    assert_eq!((run.state, codes(&run)), (RunState::Complete, vec![]), "{:?}", run.problems);
    assert_eq!(told(&office), told(&plain));
    let asked: Vec<String> = office.site.hits().iter().map(|hit| format!("{} {}", hit.method, hit.path)).collect();
    let wanted = [
        "GET /robots.txt",
        "GET /nb/index.html",
        "GET /js/base.js",
        "GET /api/list.json",
        "GET /nb/a.html",
        "GET /js/base.js",
        "GET /api/a.txt",
        "GET /nb/b.html",
        "GET /js/base.js",
        "POST /api/b.txt",
    ];
    assert_eq!(asked, wanted);
    assert!(office.site.hits().iter().all(|hit| hit.user_agent.as_deref().is_some_and(|agent| agent.contains("nianjian"))));
    let store = office.store();
    for report in store.reports().unwrap() {
        let shown = store.sightings(report.snapshot.as_deref().unwrap()).unwrap().remove(0);
        let origin = shown.rendered_from.expect("what was shown says what it was made from");
        let sent = store.body(&origin).unwrap().unwrap();
        assert!(String::from_utf8_lossy(&sent).contains("XMLHttpRequest") || sent.len() < 1000);
        assert_eq!(store.sightings(&origin).unwrap()[0].rendered_from, None);
    }
}

#[test]
fn a_portal_of_scripts_is_a_gap_where_nobody_wants_a_browser_or_has_none() {
    let off = Office::watching(scripted(), "");
    let (ran, run) = crawl(&off);
    assert_eq!((ran.code, run.state, codes(&run)), (2, RunState::Partial, vec!["needs-browser"]));
    let absent = wanting(scripted());
    absent.crawl(&[], &[("PATH", "/nowhere")]);
    let run = absent.last_run();
    assert_eq!((run.state, codes(&run)), (RunState::Partial, vec!["browser-missing"]));
    for office in [off, absent] {
        let (findings, _, looks) = office.standing();
        assert!(findings.is_empty(), "nothing is missing that was not looked for: {findings:?}");
        assert!(looks.iter().all(|look| !look.complete));
    }
}

#[test]
fn a_report_of_scripts_is_a_gap_too() {
    let [(_, listed), ..] = mini_pages();
    let office = Office::watching(scripted().with_page(LIST, listed), "");
    let (_, run) = crawl(&office);
    assert_eq!(run.tally.read, 0);
    let (findings, reports, _) = office.standing();
    assert!(reports.iter().all(|report| report.problems.iter().any(|problem| problem.code == "needs-browser")), "{reports:?}");
    let against = findings.iter().map(|finding| finding.agency.as_str());
    assert_eq!(against.collect::<Vec<_>>(), ["mzj"], "whose report is listed and not read owes nothing");
}

#[test]
fn what_a_browser_cannot_show_whole_is_a_gap() {
    if !is_there() {
        return;
    }
    let more = "load('http://data.example/list', function () {});";
    let elsewhere = "window['loc' + 'ation'] = ['', 'other', 'x'].join('/');";
    for (site, state, code) in [
        // More rows than are shown.
        (scripted().with_page(DATA, data(40)), RunState::Partial, "list-not-understood"),
        // Data that are not there, or on a host that the portal does not cover.
        (scripted().with_page(LIST, shell("load('/api/gone.json', eval);")), RunState::Partial, "browser-failed"),
        (scripted().with_page(LIST, shell(&format!("{WRITES_LIST}{more}"))), RunState::Partial, "browser-failed"),
        // Another page in its place.
        (scripted().with_page(LIST, shell(elsewhere)), RunState::Partial, "browser-failed"),
        // No end of requests.
        (
            scripted().with_page(LIST, shell("setInterval(function () { load('/api/list.json?' + Math.random(), Date) }, 1)")),
            RunState::Partial,
            "browser-failed",
        ),
    ] {
        let office = wanting(site);
        let (_, run) = crawl(&office);
        assert_eq!((run.state, codes(&run).contains(&code)), (state, true), "{:?}", run.problems);
        let (findings, _, _) = office.standing();
        assert!(!findings.iter().any(|finding| finding.rule == "publication/missing"));
    }
}

#[test]
fn a_gate_is_never_rendered_and_one_behind_a_script_ends_the_visit() {
    if !is_there() {
        return;
    }
    for (path, more) in [(LIST, 0), (DATA, 2)] {
        let office = wanting(scripted().with_fault(path, When::always(), Fault::Gate { gate: Gate::Captcha }));
        let (_, run) = crawl(&office);
        assert_eq!(run.state, RunState::Blocked, "{:?}", run.problems);
        assert_eq!(office.site.hits().len(), 2 + more, "{path}");
    }
}

#[test]
fn a_page_reaches_nothing_by_itself() {
    if !is_there() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let other = runtime.block_on(Site::default().serve_at(([127, 0, 9, 1], 0).into())).unwrap();
    let there = other.url("/x");
    let tries = format!(
        "new Image().src = '{there}'; navigator.sendBeacon('{there}'); new WebSocket('{there}'.replace('http', 'ws'));\
         document.body.innerHTML += '<iframe src=\"{there}\"></iframe><link rel=preconnect href=\"{there}\">\
         <object data=\"{there}\"></object><video src=\"{there}\"></video>';\
         new Worker(URL.createObjectURL(new Blob(['fetch(\"{there}\"); importScripts(\"{there}\")'])));\
         fetch('{there}', {{ mode: 'no-cors' }}); open('{there}');"
    );
    let office = wanting(scripted().with_page(LIST, shell(&tries)));
    let (_, run) = crawl(&office);
    assert_eq!(run.state, RunState::Partial, "{:?}", run.problems);
    assert!(other.hits().is_empty(), "{:?}", other.hits());
    let asked: Vec<String> = office.site.hits().into_iter().map(|hit| hit.path).collect();
    assert_eq!(asked, ["/robots.txt", LIST, "/js/base.js"]);
}
