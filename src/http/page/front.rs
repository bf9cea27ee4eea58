//! The overview: how agencies stand for the newest year, what stands against them, how the portals do.
//! And the list of findings, which a query narrows.

use super::super::App;
use super::super::error::ApiError;
use super::super::lists::{found, last_runs};
use super::super::reply::ListQuery;
use super::parts::{Badge, Head, web};
use super::rows::{DoubtRow, FindingRow, ReportRow, agency_link};
use super::{rendered, words as w};
use crate::model::{Finding, Portal, ReadOutcome, ReportEntry, Run, Severity};
use crate::obligations::{self, AgencyState, Standing};
use crate::pipeline::{DoubtState, Pipeline};
use crate::schedule::Visit;
use crate::words;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

/// The most agencies and findings on the overview.
const MOST_AGENCIES: usize = 500;
const MOST_FINDINGS: usize = 30;

#[derive(Template)]
#[template(path = "page/front.html")]
struct Front {
    head: Head,
    year: String,
    complaints: Vec<String>,
    /// False where no portal is configured: then the page says what to do.
    watches: bool,
    tiles: Vec<Tile>,
    shares: Vec<Share>,
    /// The state that the agencies are narrowed to.
    only: Option<String>,
    agencies: Vec<AgencyRow>,
    roster_is_empty: bool,
    more_agencies: String,
    findings: Vec<FindingRow>,
    all_findings: String,
    portals: Vec<PortalRow>,
    unassigned: Vec<ReportRow>,
    unread: Vec<ReportRow>,
    /// Pages that wait for a person.
    doubts: Vec<DoubtRow>,
}

/// A number at the top.
struct Tile {
    label: &'static str,
    value: u64,
    note: String,
    tone: &'static str,
    link: String,
}

/// A state's part of the bar, in thousandths of its width.
struct Share {
    x: u64,
    width: u64,
    tone: &'static str,
    label: String,
    count: u64,
}

struct AgencyRow {
    name: String,
    link: String,
    kind: String,
    state: Badge,
    due: String,
    published: String,
    first_seen: String,
    findings: usize,
    href: Option<String>,
}

struct PortalRow {
    name: String,
    id: String,
    start: Option<String>,
    state: Option<Badge>,
    last: String,
    tally: String,
    next: String,
    why: String,
    problems: Vec<String>,
}

pub(in super::super) async fn front(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let head = Head::of(&app, &uri, "front");
    let only = ListQuery::of(&uri)?.filter()?.states;
    let pipeline = app.office.pipeline();
    let year = obligations::newest_year_due(pipeline.now(), pipeline.settings.timezone);
    let (reports, findings) = pipeline.store(|store| Ok((store.reports()?, store.findings()?))).await?;
    let mut standings = pipeline.standings().await?;
    standings.retain(|standing| standing.year == year);
    let standing_findings: Vec<&Finding> = findings.iter().filter(|finding| finding.state.stands()).collect();
    let shown: Vec<&Standing> =
        standings.iter().filter(|s| only.is_empty() || only.iter().any(|state| state == s.state.word())).collect();
    let report = |standing: &Standing| reports.iter().find(|report| standing.report.as_deref() == Some(&report.id));
    let mut ranked = shown.clone();
    ranked.sort_by_key(|standing| rank(standing.state));
    let rows =
        ranked.iter().take(MOST_AGENCIES).map(|standing| agency_row(standing, report(standing), &standing_findings, &head));
    let ids = pipeline.settings.portals.iter().map(|portal| portal.id.clone()).collect();
    let (last, plan) = (last_runs(&app, ids).await?, app.office.plan().await?);
    let visit = |portal: &Portal| plan.iter().find(|visit| visit.portal == portal.id);
    let english = head.is_english();
    let page = Front {
        year: head.with(w::YEAR_HEADING, &[&year.to_string()]),
        complaints: app.office.complaints().iter().map(ToString::to_string).collect(),
        watches: !pipeline.settings.portals.is_empty(),
        tiles: tiles(&standings, &standing_findings, &head),
        shares: shares(&standings, &head),
        only: only.first().map(|state| head.with(w::ONLY, &[words::agency_state(state, head.lang)])),
        agencies: rows.collect(),
        roster_is_empty: pipeline.roster.agencies.is_empty(),
        more_agencies: match ranked.len().saturating_sub(MOST_AGENCIES) {
            0 => String::new(),
            more => head.with(w::MORE_ROWS, &[&more.to_string()]),
        },
        findings: worst(&standing_findings)
            .into_iter()
            .take(MOST_FINDINGS)
            .map(|finding| FindingRow::of(finding, &head))
            .collect(),
        all_findings: head.with(w::SEE_ALL, &[&standing_findings.len().to_string()]),
        portals: pipeline
            .settings
            .portals
            .iter()
            .map(|portal| portal_row(portal, last.get(&portal.id), visit(portal), english, &head))
            .collect(),
        unassigned: reports.iter().filter(|report| !report.assigned).map(|report| ReportRow::of(report, &head)).collect(),
        unread: reports.iter().filter(|report| is_unread(report, year)).map(|report| ReportRow::of(report, &head)).collect(),
        doubts: open_doubts(&pipeline, &head).await?,
        head,
    };
    rendered(&headers, &page)
}

/// The pages that wait for a person, the newest first.
async fn open_doubts(pipeline: &Pipeline, head: &Head) -> Result<Vec<DoubtRow>, ApiError> {
    let open = pipeline.doubts().await?.into_iter().filter(|(_, state)| *state == DoubtState::Open);
    Ok(open.map(|(doubt, _)| DoubtRow::of(&doubt, head)).collect())
}

fn is_unread(report: &ReportEntry, newest: i32) -> bool {
    report.outcome != ReadOutcome::Read && report.year >= newest
}

/// What needs somebody first; within a state the roster's order stays.
fn rank(state: AgencyState) -> u8 {
    match state {
        AgencyState::Missing => 0,
        AgencyState::Withdrawn => 1,
        AgencyState::Late => 2,
        AgencyState::Moved => 3,
        AgencyState::Blocked => 4,
        AgencyState::Unknown => 5,
        AgencyState::Due => 6,
        AgencyState::Published => 7,
        AgencyState::NotDue => 8,
    }
}

/// The worst first, then the newest years, then those opened last.
fn worst<'a>(findings: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut sorted = findings.to_vec();
    sorted.sort_by(|a, b| {
        let newest = (b.violation.severity, b.year, b.opened).cmp(&(a.violation.severity, a.year, a.opened));
        newest.then_with(|| (&a.rule, &a.agency, &a.fingerprint).cmp(&(&b.rule, &b.agency, &b.fingerprint)))
    });
    sorted
}

fn count(standings: &[Standing], states: &[AgencyState]) -> u64 {
    standings.iter().filter(|standing| states.contains(&standing.state)).count() as u64
}

fn tiles(standings: &[Standing], findings: &[&Finding], head: &Head) -> Vec<Tile> {
    use AgencyState::{Blocked, Due, Late, Missing, Moved, NotDue, Published, Unknown, Withdrawn};
    let of = |states: &[AgencyState]| count(standings, states);
    let some = |word: words::Word, count: u64| if count == 0 { String::new() } else { head.with(word, &[&count.to_string()]) };
    let by = |severity: Severity| findings.iter().filter(|finding| finding.violation.severity == severity).count().to_string();
    let by_severity = [by(Severity::Error), by(Severity::Warn), by(Severity::Info)];
    let numbers: Vec<&str> = by_severity.iter().map(String::as_str).collect();
    let tile = |label: words::Word, value, note, tone, path: &str| Tile {
        label: head.t(label),
        value,
        note,
        tone,
        link: head.link(path),
    };
    let total = head.with(words::OF_AGENCIES, &[&standings.len().to_string()]);
    let late = some(words::WITH_LATE, of(&[Late]));
    let published = if late.is_empty() { total } else { format!("{total} · {late}") };
    let missing = of(&[Missing, Withdrawn]);
    let unverified = of(&[Blocked, Unknown, Moved]);
    vec![
        tile(words::TILE_PUBLISHED, of(&[Published, Late]), published, "good", "/?state=published,late#agencies"),
        tile(words::TILE_PENDING, of(&[NotDue, Due]), String::new(), "info", "/?state=due,not_due#agencies"),
        tile(
            words::TILE_MISSING,
            missing,
            some(words::AND_WITHDRAWN, of(&[Withdrawn])),
            if missing > 0 { "bad" } else { "plain" },
            "/?state=missing,withdrawn#agencies",
        ),
        tile(
            words::TILE_UNVERIFIED,
            unverified,
            head.t(words::UNVERIFIED_NOTE).to_owned(),
            if unverified > 0 { "warn" } else { "plain" },
            "/?state=blocked,unknown,moved#agencies",
        ),
        tile(
            words::TILE_FINDINGS,
            findings.len() as u64,
            head.with(words::ERRORS_WARNINGS, &numbers),
            // Nothing found is good only where something was read.
            match (findings.is_empty(), of(&[Published, Late])) {
                (true, 0) => "plain",
                (true, _) => "good",
                (false, _) => "warn",
            },
            "/findings?state=standing",
        ),
    ]
}

fn shares(standings: &[Standing], head: &Head) -> Vec<Share> {
    let total = standings.len().max(1) as u64;
    let mut x = 0;
    let mut shares = Vec::new();
    for state in AgencyState::ALL {
        let count = count(standings, &[state]);
        if count > 0 {
            let badge = Badge::agency(state, head.lang);
            let width = count * 1000 / total;
            shares.push(Share { x, width, tone: badge.tone, label: badge.text, count });
            x += width;
        }
    }
    shares
}

fn agency_row(standing: &Standing, report: Option<&ReportEntry>, findings: &[&Finding], head: &Head) -> AgencyRow {
    let against = |finding: &&&Finding| finding.agency == standing.agency && finding.year == standing.year;
    AgencyRow {
        name: standing.agency_name.clone(),
        link: agency_link(&standing.agency, head),
        kind: words::agency_kind(standing.kind.word(), head.lang).to_owned(),
        state: Badge::agency(standing.state, head.lang),
        due: standing.due.to_string(),
        published: standing.publication.dated.map(|(date, _)| date.to_string()).unwrap_or_default(),
        first_seen: standing.publication.first_seen.map(|time| head.time(time)).unwrap_or_default(),
        findings: findings.iter().filter(against).count(),
        href: report.and_then(|report| web(&report.url)),
    }
}

fn portal_row(portal: &Portal, last: Option<&Run>, next: Option<&Visit>, english: bool, head: &Head) -> PortalRow {
    let tally = |run: &Run| {
        let numbers = [run.tally.listed, run.tally.fetched, run.tally.unchanged, run.tally.read].map(|number| number.to_string());
        head.with(w::TALLY, &numbers.each_ref().map(String::as_str))
    };
    let at = |run: &Run| run.ended.or(run.started).unwrap_or(run.queued);
    PortalRow {
        name: if portal.name.is_empty() { portal.id.clone() } else { portal.name.clone() },
        id: portal.id.clone(),
        start: portal.start.first().and_then(|url| web(url.as_str())),
        state: last.map(|run| Badge::run(run.state, head.lang)),
        last: last.map_or_else(|| head.t(w::NEVER).to_owned(), |run| head.time(at(run))),
        tally: last.map(tally).unwrap_or_default(),
        next: next.map(|visit| head.time(visit.at)).unwrap_or_default(),
        why: next.map(|visit| visit.why.text(english).to_owned()).unwrap_or_default(),
        problems: last
            .map(|run| {
                run.problems.iter().map(|problem| words::problem(&problem.code, &problem.message, head.lang).to_owned()).collect()
            })
            .unwrap_or_default(),
    }
}

#[derive(Template)]
#[template(path = "page/findings.html")]
struct FindingsPage {
    head: Head,
    findings: Vec<FindingRow>,
    next: Option<String>,
}

impl FindingsPage {
    fn severity(&self, word: &'static str) -> &'static str {
        words::severity(word, self.head.lang)
    }

    fn state(&self, word: &'static str) -> &'static str {
        words::finding_state(word, self.head.lang)
    }
}

/// Findings, the ones opened last first; the query narrows them as it does in the API.
pub(in super::super) async fn findings(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let head = Head::of(&app, &uri, "findings");
    let (findings, next) = found(&app, &ListQuery::of(&uri)?).await?;
    let kept: String =
        uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor=")).fold(
            String::new(),
            |mut query, part| {
                query.push('&');
                query.push_str(part);
                query
            },
        );
    let page = FindingsPage {
        findings: findings.iter().map(|finding| FindingRow::of(finding, &head)).collect(),
        next: next.map(|cursor| format!("/findings?cursor={cursor}{kept}")),
        head,
    };
    rendered(&headers, &page)
}
