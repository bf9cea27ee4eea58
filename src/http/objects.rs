//! The JSON objects of the lists: what `--format json` prints and the API answers, made in one place.
//!
//! Texts are Chinese unless English is asked for; times are RFC 3339 in UTC; fields may be added, none
//! is renamed or removed.

use crate::model::{
    Agency, Bounds, Digest, Doubt, Evidence, Extent, Finding, Place, Placing, Portal, Problem, ReportEntry, Run, Sighting,
    SnapshotPlace, Target, Undecided, Year,
};
use crate::obligations::Standing;
use crate::pipeline::DoubtState;
use crate::schedule::Visit;
use crate::store::StepTaken;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// An agency with how it stands for each year; standings of other agencies are passed over.
pub fn agency(agency: &Agency, standings: &[Standing]) -> Value {
    let own = standings.iter().filter(|standing| standing.agency == agency.id);
    json!({
        "id": agency.id,
        "name": agency.name,
        "kind": agency.kind.word(),
        "portal": agency.portal,
        "years": own.map(year).collect::<Vec<_>>(),
    })
}

fn year(standing: &Standing) -> Value {
    json!({
        "year": standing.year,
        "state": standing.state.word(),
        "due": standing.due,
        "published": standing.publication.dated.map(|(date, _)| date),
        "first_seen": standing.publication.first_seen,
        "report": standing.report,
    })
}

/// How many findings stand against each agency's year.
pub struct Against<'a>(HashMap<(&'a str, Year), usize>);

impl<'a> Against<'a> {
    /// Counts those of `findings` that stand.
    pub fn of(findings: &'a [Finding]) -> Against<'a> {
        let mut counts = HashMap::new();
        for finding in findings.iter().filter(|finding| finding.state.stands()) {
            *counts.entry((finding.agency.as_str(), finding.year)).or_insert(0) += 1;
        }
        Against(counts)
    }
}

/// A report, with the number of findings that stand against it.
pub fn report(report: &ReportEntry, against: &Against<'_>) -> Value {
    json!({
        "id": report.id,
        "agency": report.agency,
        "agency_name": report.agency_name,
        "year": report.year,
        "title": report.title,
        "url": report.url,
        "standard": report.standard,
        "published": report.published,
        "first_seen": report.first_seen,
        "last_seen": report.last_seen,
        "snapshot": report.snapshot,
        "figures": report.figures,
        "findings": against.0.get(&(report.agency.as_str(), report.year)).copied().unwrap_or_default(),
        "assigned": report.assigned,
        "portal": report.portal,
        "outcome": report.outcome,
        "inconclusive": report.inconclusive,
        "checked": extent(&report.extent),
        "problems": report.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

/// How far a report was checked: `{applicable, decided, open: [{why, rules}]}`, texts in Chinese.
fn extent(extent: &Extent) -> Value {
    let open = |open: &Undecided| json!({"why": open.why.zh, "rules": open.rules});
    json!({
        "applicable": extent.applicable,
        "decided": extent.decided,
        "open": extent.open.iter().map(open).collect::<Vec<_>>(),
    })
}

/// A finding as it stands.
pub fn finding(finding: &Finding, english: bool) -> Value {
    let violation = &finding.violation;
    json!({
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": violation.severity.word(),
        "state": finding.state.word(),
        "agency": finding.agency,
        "agency_name": finding.agency_name,
        "year": finding.year,
        "report": finding.report,
        "message": violation.message.text(english),
        "figures": violation.figures,
        "expected": violation.expected,
        "actual": violation.actual,
        "opened": finding.opened,
        "changed": finding.changed,
        "resolved": finding.resolved,
        "due": finding.due,
        "basis": finding.basis.text(english),
        "advice": finding.advice.text(english),
        "place": violation.place,
        "snapshot": finding.snapshot,
        "rule_set": finding.rules,
        "evidence": violation.evidence.iter().map(evidence).collect::<Vec<_>>(),
    })
}

/// A finding with the steps that people took on it.
pub fn finding_with_steps(one: &Finding, steps: &[StepTaken], english: bool) -> Value {
    let mut object = finding(one, english);
    let taken = |step: &StepTaken| json!({"step": step.step, "by": step.by, "note": step.note, "due": step.due, "at": step.at});
    object["steps"] = steps.iter().map(taken).collect();
    object
}

fn evidence(evidence: &Evidence) -> Value {
    json!({"quote": evidence.quote, "at": place(&evidence.at)})
}

fn place(place: &Place) -> Value {
    let mut object =
        json!({"table": place.table, "row": place.row, "column": place.column, "page": place.page, "quote": place.quote});
    if let Some(Bounds { left, top, right, bottom }) = place.bounds {
        object["bounds"] = json!({"left": left, "top": top, "right": right, "bottom": bottom});
    }
    object
}

/// A page that people decide on.
pub fn doubt(doubt: &Doubt, state: DoubtState) -> Value {
    let decision = doubt.decision.as_ref().map(|decision| {
        let (claim, agency, year) = match &decision.placing {
            Placing::Report { agency, year } => ("report", Some(agency), Some(year)),
            Placing::None => ("none", None, None),
        };
        json!({"claim": claim, "agency": agency, "year": year, "by": decision.by, "note": decision.note, "at": decision.at})
    });
    json!({
        "id": doubt.id,
        "state": state.word(),
        "unclear": doubt.unclear.word(),
        "url": doubt.url,
        "title": doubt.title,
        "portal": doubt.portal,
        "agency_name": doubt.agency,
        "year": doubt.year,
        "snapshot": doubt.snapshot,
        "since": doubt.since,
        "decision": decision,
    })
}

/// A run; `target` is what was asked for, `target_kind` whether that is a portal, an agency or an address.
pub fn run(run: &Run) -> Value {
    let (kind, target) = match &run.target {
        Target::Portal(id) => ("portal", id),
        Target::Agency(id) => ("agency", id),
        Target::Url(url) => ("url", url),
    };
    let tally = &run.tally;
    json!({
        "id": run.id,
        "cause": run.cause.word(),
        "target": target,
        "target_kind": kind,
        "portal": run.portal,
        "state": run.state.word(),
        "queued": run.queued,
        "started": run.started,
        "ended": run.ended,
        "tally": {
            "listed": tally.listed, "fetched": tally.fetched, "unchanged": tally.unchanged, "kept": tally.kept,
            "read": tally.read, "blocked": tally.blocked, "failed": tally.failed,
        },
        "problems": run.problems.iter().map(problem).collect::<Vec<_>>(),
        "hosts": run.hosts,
    })
}

fn problem(problem: &Problem) -> Value {
    json!({"code": problem.code, "message": problem.message})
}

/// A portal with its last run and its next visit.
pub fn portal(portal: &Portal, last: Option<&Run>, next: Option<&Visit>, english: bool) -> Value {
    let visit = |visit: &Visit| json!({"at": visit.at, "cause": visit.cause.word(), "why": visit.why.text(english)});
    json!({
        "id": portal.id,
        "name": portal.name,
        "start": portal.start.iter().map(url::Url::as_str).collect::<Vec<_>>(),
        "profile": portal.profile,
        "schedule": portal.schedule,
        "hosts": portal.hosts,
        "last_run": last.map(run),
        "next": next.map(visit),
    })
}

/// A digest in numbers; what it said in full went to its receivers.
pub fn digest(digest: &Digest) -> Value {
    let states: Map<String, Value> =
        digest.coverage.states.iter().map(|(state, count)| (state.clone(), (*count).into())).collect();
    let standing: Map<String, Value> =
        digest.standing.iter().map(|(severity, count)| (severity.word().to_owned(), (*count).into())).collect();
    json!({
        "id": digest.id,
        "receiver": digest.receiver,
        "occasion": digest.occasion.word(),
        "composed": digest.composed,
        "coverage": {"year": digest.coverage.year, "agencies": digest.coverage.agencies, "states": states},
        "missing": digest.missing,
        "late": digest.late,
        "new_reports": digest.new_reports.len(),
        "changes": digest.changes.len(),
        "findings": standing,
        "attention": digest.attention.len(),
        "journal": digest.journal,
        "journal_root": digest.journal_root,
    })
}

/// A kept body: its size, and every time and address it was seen.
pub fn snapshot(place: &SnapshotPlace, sightings: &[Sighting]) -> Value {
    json!({
        "sha256": place.sha256,
        "size": place.size,
        "media": sightings.first().and_then(|sighting| sighting.media.clone()),
        "body": format!("/api/v1/snapshots/{}/body", place.sha256),
        "sightings": sightings,
    })
}
