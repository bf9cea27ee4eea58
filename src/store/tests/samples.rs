//! Events to test with. Names come from a short list, so that random events meet each other.

use crate::model::*;
use proptest::prelude::*;

/// Names of portals, agencies, runs, findings, digests and addresses alike.
pub(super) fn names() -> [&'static str; 4] {
    ["yunxi", "liuhe", "青石镇", "a/b"]
}

/// An instant, `n` minutes into a day.
pub(super) fn time(n: u32) -> Time {
    "2026-01-05T06:00:00Z".parse::<Time>().unwrap() + chrono::Duration::minutes(n.into())
}

pub(super) fn sighting(n: u32) -> Sighting {
    Sighting {
        url: format!("https://www.yunxi.example/{n}"),
        final_url: None,
        at: time(n),
        status: 200,
        media: Some("text/html".to_owned()),
        etag: None,
        last_modified: None,
        rendered_from: None,
    }
}

pub(super) fn run(id: &str, portal: &str, state: RunState) -> Event {
    Event::Run {
        run: Run {
            id: id.to_owned(),
            cause: Cause::Schedule,
            target: Target::Portal(portal.to_owned()),
            portal: portal.to_owned(),
            state,
            queued: time(0),
            started: None,
            ended: None,
            tally: Tally::default(),
            problems: vec![Problem::new("cut", "the body ended early")],
            hosts: Vec::new(),
        },
    }
}

pub(super) fn fetched(url: &str, n: u32) -> Event {
    let result = if n.is_multiple_of(2) { FetchResult::Ok } else { FetchResult::Blocked(BlockedKind::Jsl) };
    let page = PageState { last_result: Some(result), last_tried: Some(time(n)), gone_looks: n, ..PageState::default() };
    Event::Fetched { run: "r1".to_owned(), url: url.to_owned(), at: time(n), result, page }
}

pub(super) fn look(portal: &str, n: u32, complete: bool) -> Event {
    let entry = ReportRef {
        url: format!("https://www.yunxi.example/{n}"),
        title: "云溪市2025年政府信息公开工作年度报告".to_owned(),
        date: None,
        year: Some(2025),
        agency: None,
    };
    let look =
        Look { portal: portal.to_owned(), run: "r1".to_owned(), at: time(n), complete, entries: vec![entry], pages: Vec::new() };
    Event::Looked { look }
}

pub(super) fn report(agency: &str, year: Year, n: u32) -> Event {
    Event::Reported {
        report: Box::new(ReportEntry {
            id: format!("{agency}/{year}"),
            agency: agency.to_owned(),
            agency_name: "云溪市人民政府".to_owned(),
            assigned: true,
            year,
            title: String::new(),
            url: format!("https://www.yunxi.example/{n}"),
            portal: "yunxi".to_owned(),
            standard: "v2021".to_owned(),
            published: None,
            published_source: None,
            first_seen: time(n),
            last_seen: time(n),
            snapshot: None,
            figures: 200,
            outcome: ReadOutcome::Read,
            rules: "x".to_owned(),
            signatures: Vec::new(),
            inconclusive: Vec::new(),
            extent: crate::model::Extent::default(),
            problems: Vec::new(),
            attachment: None,
            edit: None,
            copy: None,
            column: None,
        }),
    }
}

pub(super) fn change(fingerprint: &str, kind: ChangeKind, state: FindingState) -> Event {
    let finding = Finding {
        fingerprint: fingerprint.to_owned(),
        rule: "form/row-missing".to_owned(),
        state,
        agency: "yunxi".to_owned(),
        agency_name: "云溪市人民政府".to_owned(),
        year: 2025,
        report: None,
        snapshot: None,
        violation: Violation {
            place: "flow/natural_person".to_owned(),
            severity: Severity::Error,
            message: Message::default(),
            figures: Vec::new(),
            expected: Some("3".to_owned()),
            actual: None,
            evidence: vec![Evidence { quote: "合计".to_owned(), at: Place::default() }],
        },
        basis: Message::default(),
        advice: Message::default(),
        rules: "x".to_owned(),
        opened: time(1),
        changed: time(1),
        resolved: (state == FindingState::Resolved).then(|| time(2)),
        due: None,
    };
    Event::Finding { change: LedgerChange { kind, finding } }
}

pub(super) fn step(fingerprint: &str, word: &str, n: u32) -> Event {
    Event::Step {
        fingerprint: fingerprint.to_owned(),
        step: word.to_owned(),
        by: "审核员甲".to_owned(),
        note: "已核对".to_owned(),
        due: (word == "notify").then(|| "2026-02-01".parse().unwrap()),
        at: time(n),
    }
}

pub(super) fn composed(id: &str, receiver: &str, channels: usize) -> Event {
    let digest = Digest {
        id: id.to_owned(),
        receiver: receiver.to_owned(),
        occasion: Occasion::First,
        composed: time(5),
        title: "云溪市".to_owned(),
        coverage: Coverage::default(),
        missing: Vec::new(),
        late: Vec::new(),
        new_reports: Vec::new(),
        changes: Vec::new(),
        standing: vec![(Severity::Error, 1)],
        states: Vec::new(),
        attention: Vec::new(),
        previous: None,
        countdown: None,
        rectification: Vec::new(),
        timezone: "Asia/Shanghai".to_owned(),
        journal_root: String::new(),
        journal: 1,
    };
    Event::Composed { digest, channels: (0..channels).map(|n| format!("{n}:folder")).collect() }
}

pub(super) fn delivered(digest: &str, channel: usize) -> Event {
    let receipt =
        Receipt { digest: digest.to_owned(), receiver: "office".to_owned(), channel: format!("{channel}:folder"), at: time(9) };
    Event::Delivered { receipt }
}

/// Something that happens to a store.
#[derive(Debug, Clone)]
pub(super) enum Happening {
    Events(Vec<Event>),
    Body(Vec<u8>, u32),
}

/// Any of the events above.
fn any_event() -> impl Strategy<Value = Event> {
    let name = || prop::sample::select(names().to_vec());
    let state = prop::sample::select(vec![RunState::Queued, RunState::Running, RunState::Complete, RunState::Failed]);
    let words = prop::sample::select(vec!["confirm", "dismiss", "notify", "reply", "reopen", "unknown"]);
    let ledger = prop::sample::select(vec![
        (ChangeKind::Opened, FindingState::Open),
        (ChangeKind::Resolved, FindingState::Resolved),
        (ChangeKind::Waived, FindingState::Waived),
    ]);
    prop_oneof![
        (name(), name(), state).prop_map(|(id, portal, state)| run(id, portal, state)),
        (name(), 0..9u32).prop_map(|(url, n)| fetched(url, n)),
        (name(), 0..9u32, any::<bool>()).prop_map(|(portal, n, complete)| look(portal, n, complete)),
        (name(), 2023..2026, 0..9u32).prop_map(|(agency, year, n)| report(agency, year, n)),
        (name(), ledger).prop_map(|(print, (kind, state))| change(print, kind, state)),
        (name(), words, 0..9u32).prop_map(|(print, word, n)| step(print, word, n)),
        (name(), name(), 0..3usize).prop_map(|(id, receiver, channels)| composed(id, receiver, channels)),
        (name(), 0..3usize).prop_map(|(digest, channel)| delivered(digest, channel)),
        Just(Event::Started { version: "0.1.0".to_owned(), rules: "x".to_owned(), at: time(0) }),
    ]
}

/// A few events at once, or a body, often the same.
pub(super) fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => prop::collection::vec(any_event(), 1..4).prop_map(Happening::Events),
        1 => (prop::collection::vec(0..3u8, 0..3), 0..9u32).prop_map(|(body, n)| Happening::Body(body, n)),
    ]
}
