//! One finding with everything it rests on: the quotes, their places, the sum, the rule, the kept page,
//! and what people did about it.

use super::super::App;
use super::super::error::ApiError;
use super::parts::{Head, web};
use super::rows::FindingRow;
use super::{rendered, words as w};
use crate::model::{Finding, ReportEntry, Sighting, SnapshotPlace};
use crate::rules::RuleSet;
use crate::store::{StepTaken, Store, StoreError};
use crate::text::link_to;
use crate::words;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

#[derive(Template)]
#[template(path = "page/finding.html")]
struct FindingPage {
    head: Head,
    row: FindingRow,
    id: String,
    expected: String,
    actual: String,
    /// Name as printed on the form, and id; the suspect first.
    figures: Vec<(String, String)>,
    more_figures: String,
    basis: String,
    advice: String,
    what: String,
    why: String,
    changed: String,
    resolved: String,
    evidence: Vec<EvidenceRow>,
    report: Option<ReportLink>,
    snapshot: Option<Kept>,
    steps: Vec<StepRow>,
}

struct EvidenceRow {
    quote: String,
    place: String,
    /// The address of the page, led on to the quote.
    href: Option<String>,
}

struct ReportLink {
    title: String,
    href: Option<String>,
}

/// The kept page a finding was last seen in.
struct Kept {
    sha256: String,
    size: String,
    seen: Vec<SeenRow>,
}

struct SeenRow {
    at: String,
    url: String,
    href: Option<String>,
    status: u16,
}

struct StepRow {
    at: String,
    step: String,
    by: String,
    note: String,
    due: String,
}

/// What the store knows around a finding.
struct Around {
    finding: Option<Finding>,
    steps: Vec<StepTaken>,
    report: Option<ReportEntry>,
    snapshot: Option<(SnapshotPlace, Vec<Sighting>)>,
}

fn around(store: &Store, id: &str) -> Result<Around, StoreError> {
    let finding = store.finding(id)?;
    let report = match finding.as_ref().and_then(|finding| finding.report.as_deref()) {
        Some(report) => store.report(report)?,
        None => None,
    };
    let snapshot = match finding.as_ref().and_then(|finding| finding.snapshot.as_deref()) {
        Some(sha256) => store.place(sha256)?.map(|place| Ok((place, store.sightings(sha256)?))).transpose()?,
        None => None,
    };
    Ok(Around { finding, steps: store.steps(id)?, report, snapshot })
}

/// A value in the page's language: the id of a form by its name, anything else as it stands.
fn value(value: Option<&str>, head: &Head) -> String {
    crate::words::standard(value.unwrap_or_default(), head.lang).to_owned()
}

pub(in super::super) async fn finding(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let head = Head::of(&app, &uri, "findings");
    let pipeline = app.office.pipeline();
    let known = pipeline.store(move |store| around(store, &id)).await?;
    let finding = known.finding.ok_or(ApiError::NotFound("finding"))?;
    let english = head.is_english();
    let rule = pipeline.judge.rules.check(&finding.rule);
    let text =
        |pick: fn(&crate::rules::Check) -> &crate::model::Message| rule.map_or("", |rule| pick(rule).text(english)).to_owned();
    let page = FindingPage {
        row: FindingRow::of(&finding, &head),
        expected: value(finding.violation.expected.as_deref(), &head),
        actual: value(finding.violation.actual.as_deref(), &head),
        figures: figures(&finding, known.report.as_ref(), &pipeline.judge.rules),
        more_figures: head.with(w::MORE_FIGURES, &[&finding.violation.figures.len().saturating_sub(1).to_string()]),
        basis: finding.basis.text(english).to_owned(),
        advice: finding.advice.text(english).to_owned(),
        what: text(|rule| &rule.what),
        why: text(|rule| &rule.why),
        changed: head.time(finding.changed),
        resolved: finding.resolved.map(|time| head.time(time)).unwrap_or_default(),
        evidence: evidence(&finding, known.snapshot.as_ref().map(|(_, seen)| seen.as_slice()), &head),
        report: known.report.as_ref().map(|report| ReportLink { href: web(&report.url), title: report.title.clone() }),
        snapshot: known.snapshot.map(|(place, sightings)| kept(place, &sightings, &head)),
        steps: known.steps.iter().map(|step| step_row(step, &head)).collect(),
        id: finding.fingerprint,
        head,
    };
    rendered(&headers, &page)
}

/// The cells a finding is about, by the names that its report's form prints, else any form's.
fn figures(finding: &Finding, report: Option<&ReportEntry>, rules: &RuleSet) -> Vec<(String, String)> {
    let own = report.and_then(|report| rules.standard(&report.standard));
    let name = |id: &str| {
        let (_, row, column) = own.into_iter().chain(&rules.standards).find_map(|standard| standard.locate(id))?;
        let parts = [column.group.as_deref().unwrap_or_default(), &column.label, &row.label];
        Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
    };
    finding.violation.figures.iter().map(|id| (name(id).unwrap_or_default(), id.clone())).collect()
}

/// The quotes, but for those of rules about personal data: whoever must see them has the kept page.
fn evidence(finding: &Finding, seen: Option<&[Sighting]>, head: &Head) -> Vec<EvidenceRow> {
    let masked = finding.rule.starts_with("privacy/");
    let quote = |quote: &str| if masked { head.t(words::MASKED).to_owned() } else { quote.to_owned() };
    let address = seen.and_then(<[Sighting]>::last).map(Sighting::address).filter(|_| !masked);
    let rows = finding.violation.evidence.iter();
    rows.map(|evidence| EvidenceRow {
        quote: quote(&evidence.quote),
        place: words::place(&evidence.at, head.lang),
        href: address.and_then(|address| link_to(address, &evidence.at)),
    })
    .collect()
}

fn kept(place: SnapshotPlace, sightings: &[Sighting], head: &Head) -> Kept {
    let seen = |sighting: &Sighting| SeenRow {
        at: head.time(sighting.at),
        url: sighting.url.clone(),
        href: web(&sighting.url),
        status: sighting.status,
    };
    Kept {
        size: head.with(w::SIZE, &[&place.size.to_string()]),
        sha256: place.sha256,
        seen: sightings.iter().rev().map(seen).collect(),
    }
}

fn step_row(step: &StepTaken, head: &Head) -> StepRow {
    StepRow {
        at: head.time(step.at),
        step: w::step(&step.step).map_or(step.step.as_str(), |word| head.t(word)).to_owned(),
        by: step.by.clone(),
        note: step.note.clone(),
        due: step.due.map(|due| due.to_string()).unwrap_or_default(),
    }
}

impl FindingPage {
    /// Each row of the list of facts that has something to say.
    fn facts(&self) -> Vec<(&'static str, &str)> {
        let facts = [
            (words::COL_ACTUAL, self.actual.as_str()),
            (words::COL_EXPECTED, &self.expected),
            (words::COL_BASIS, &self.basis),
            (words::COL_ADVICE, &self.advice),
            (words::COL_OPENED, &self.row.opened),
            (w::CHANGED, &self.changed),
            (w::RESOLVED, &self.resolved),
            (words::COL_FIX_DUE, &self.row.due),
        ];
        facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| (self.head.t(word), text)).collect()
    }
}
