//! An office with one portal, three agencies, two reports and a few findings, at a fixed time.

use super::super::{App, routes};
use crate::config::{self, Config};
use crate::daemon::Office;
use crate::metrics::Metrics;
use crate::model::*;
use crate::pipeline::Pipeline;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The fingerprint of the worst finding.
pub(super) const FINDING: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";

const ROSTER: &str = "id,name,aliases,kind,level,parent,portal,column,due\n\
    yx,云溪市人民政府,,government,city,,yunxi,,\n\
    yx-fgw,云溪市发展和改革委员会,云溪市发改委,department,city,yx,yunxi,,\n\
    yx-mzj,云溪市民政局,,department,city,yx,yunxi,,\n";

const CONFIG: &str = "agencies = \"agencies.csv\"\n\
    [service]\ntitle = \"云溪市\"\ndata = \"data\"\n\
    [fetch]\ncontact = \"mailto:office@yunxi.example\"\n\
    [store]\ndisk_reserve = \"0MB\"\n\
    [[portal]]\nid = \"yunxi\"\nname = \"云溪市政府网\"\nstart = [\"https://www.yunxi.example/xxgknb/\"]\nschedule = \"0 30 6 * * *\"\n";

/// The time at which everything happens.
pub(super) fn now() -> Time {
    "2026-04-10T02:00:00Z".parse().unwrap()
}

/// A router over an office, and the folder it lives in.
pub(super) struct Desk {
    pub(super) router: Router,
    pub(super) office: Arc<Office>,
    pub(super) stop: CancellationToken,
    _folder: tempfile::TempDir,
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// An office that watches a portal.
pub(super) fn desk() -> Desk {
    desk_of(CONFIG, "", true)
}

/// The same with more configuration at its end, say tokens.
pub(super) fn desk_with(more: &str) -> Desk {
    desk_of(CONFIG, more, true)
}

/// An office without a portal and with nothing in its store.
pub(super) fn empty_desk() -> Desk {
    desk_of("[service]\ndata = \"data\"\n[store]\ndisk_reserve = \"0MB\"\n", "", false)
}

fn desk_of(config: &str, more: &str, filled: bool) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    if filled {
        std::fs::write(folder.path().join("agencies.csv"), ROSTER).unwrap();
    }
    let text = format!("{config}{more}");
    let config: Config = config::parse("test.toml", &text, folder.path(), &[], &[], &|_| Ok(())).unwrap();
    let pipeline = Pipeline::open(&config, Arc::new(now), Metrics::new(), Arc::new(|_| {})).unwrap();
    if filled {
        fill(&pipeline);
    }
    let office = Office::new(pipeline, config);
    let stop = CancellationToken::new();
    let app = App::new(office.clone(), "127.0.0.1:8620".parse().unwrap(), stop.clone());
    Desk { router: routes::router(app), office, stop, _folder: folder }
}

fn fill(pipeline: &Pipeline) {
    let sighting = Sighting {
        url: "https://www.yunxi.example/xxgknb/fgw.html".to_owned(),
        final_url: None,
        at: now(),
        status: 200,
        media: Some("text/html".to_owned()),
        etag: None,
        last_modified: None,
        rendered_from: None,
    };
    let kept = pipeline.store.keep("<p>云溪市发改委 2025 年年报</p>".as_bytes(), sighting).unwrap();
    let run = run("r1", RunState::Complete);
    let look = Look {
        portal: "yunxi".to_owned(),
        run: run.id.clone(),
        at: now(),
        complete: true,
        entries: Vec::new(),
        pages: Vec::new(),
    };
    let mut events = vec![Event::Run { run }, Event::Looked { look }];
    events.push(Event::Reported { report: Box::new(report("yx-fgw", "云溪市发展和改革委员会", 2025, &kept.sha256)) });
    events.push(Event::Reported { report: Box::new(report("某某办公室", "某某办公室", 2025, &kept.sha256)) });
    for (n, severity) in [Severity::Error, Severity::Warn, Severity::Info].into_iter().enumerate() {
        let finding = finding(n, severity, &kept.sha256);
        events.push(Event::Finding { change: LedgerChange { kind: ChangeKind::Opened, finding } });
    }
    pipeline.store.record_all(events).unwrap();
}

pub(super) fn run(id: &str, state: RunState) -> Run {
    Run {
        id: id.to_owned(),
        cause: Cause::Schedule,
        target: Target::Portal("yunxi".to_owned()),
        portal: "yunxi".to_owned(),
        state,
        queued: now(),
        started: Some(now()),
        ended: state.ended().then(now),
        tally: Tally { listed: 2, fetched: 3, read: 1, ..Tally::default() },
        problems: vec![Problem::new("list-failed", "有一个列表页没有取到")],
        hosts: Vec::new(),
    }
}

fn report(agency: &str, name: &str, year: Year, sha256: &str) -> ReportEntry {
    ReportEntry {
        id: format!("{agency}/{year}"),
        agency: agency.to_owned(),
        agency_name: name.to_owned(),
        assigned: agency.starts_with("yx"),
        year,
        title: format!("{name}{year}年政府信息公开工作年度报告"),
        url: "https://www.yunxi.example/xxgknb/fgw.html".to_owned(),
        portal: "yunxi".to_owned(),
        standard: "v2021".to_owned(),
        published: Some(Date::from_ymd_opt(2026, 1, 28).unwrap()),
        published_source: Some("page".to_owned()),
        first_seen: now(),
        last_seen: now(),
        snapshot: Some(sha256.to_owned()),
        figures: 200,
        outcome: ReadOutcome::Read,
        rules: String::new(),
        signatures: Vec::new(),
        inconclusive: Vec::new(),
        extent: crate::model::Extent::default(),
        problems: Vec::new(),
        attachment: None,
        edit: None,
        copy: None,
        column: None,
    }
}

fn finding(n: usize, severity: Severity, sha256: &str) -> Finding {
    let message = |zh: &str, en: &str| Message { zh: zh.to_owned(), en: en.to_owned() };
    let at = Place { table: Some(2), row: Some(3), column: Some(4), quote: Some("78".to_owned()), ..Place::default() };
    let violation = Violation {
        place: format!("flow/{n}"),
        severity,
        message: message("自然人一列收支不平：4+78≠81+2 <b>", "the column natural person does not balance <b>"),
        figures: vec!["applications.results.total.natural_person".to_owned()],
        expected: Some("82".to_owned()),
        actual: Some("78".to_owned()),
        evidence: vec![Evidence { quote: "（七）总计 78".to_owned(), at }],
    };
    Finding {
        fingerprint: ["a", "b", "c"][n].repeat(24),
        rule: ["balance/flow", "narrative/claim", "privacy/phone"][n].to_owned(),
        state: FindingState::Open,
        agency: "yx-fgw".to_owned(),
        agency_name: "云溪市发展和改革委员会".to_owned(),
        year: 2025,
        report: Some("yx-fgw/2025".to_owned()),
        snapshot: Some(sha256.to_owned()),
        violation,
        basis: message("国办公开办函〔2021〕30号", "notice 30 of 2021"),
        advice: message("核对后更正", "check and correct"),
        rules: String::new(),
        opened: now(),
        changed: now(),
        resolved: None,
        due: None,
    }
}

impl Desk {
    /// A GET from this machine.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// A GET with headers.
    pub(super) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers, String::new()).await
    }

    /// A POST of JSON.
    pub(super) async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("content-type", "application/json")], body.to_owned()).await
    }

    /// Any request; without a Host header among `headers` it comes to loopback.
    pub(super) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, "127.0.0.1:8620");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}
