//! Published, and in time: judged by the report's own date, by our first sighting only where a
//! complete look before the deadline did not have it.

use super::Context;
use super::view::say;
use crate::model::{AgencyKind, Date, DateSource, Evidence, Place, Publication, Report, Severity, Verdict, Violation};
use crate::rules::{Check, Kind, Late, month_day};
use crate::words::{self, Lang};
use chrono::FixedOffset;

/// Beijing time, in which every deadline is meant.
pub(super) fn beijing(time: crate::model::Time) -> Date {
    let zone = FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset");
    time.with_timezone(&zone).date_naive()
}

/// Judges the two rules about deadlines.
pub(super) fn judge(check: &Check, report: Option<&Report>, context: &Context<'_>) -> Verdict {
    let kind = context.agency_kind.or(report.and_then(|report| report.agency_kind));
    match &check.kind {
        Kind::Missing(_) => missing(check, kind, context),
        Kind::Late(params) => late(check, params, kind, report, context),
        _ => super::afterwards::judge(check, kind, context),
    }
}

pub(super) fn violation(check: &Check, kind: Option<AgencyKind>, message: crate::model::Message) -> Violation {
    Violation {
        place: "publication".to_owned(),
        severity: check.severity_of(kind).unwrap_or(Severity::Info),
        message,
        figures: Vec::new(),
        expected: None,
        actual: None,
        evidence: Vec::new(),
    }
}

fn missing(check: &Check, kind: Option<AgencyKind>, context: &Context<'_>) -> Verdict {
    // A lone document was not looked for anywhere: nothing can be missing.
    let Some(publication) = context.publication.as_ref().filter(|_| context.has_portal) else { return Verdict::NotApplicable };
    if publication.seen {
        return Verdict::Clean;
    }
    if beijing(context.now) <= publication.due {
        return Verdict::NotApplicable;
    }
    if !publication.looked_after_due {
        return Verdict::Inconclusive(say("期限过后尚无一次完整的巡查", "no complete look has taken place since the deadline"));
    }
    let due = publication.due.to_string();
    let mut it = violation(check, kind, check.message("finding", &[("due", &due, &due)]));
    it.expected = Some(due);
    it.evidence = absence(publication);
    Verdict::Findings(vec![it].into())
}

/// The kept list page that shows the absence.
pub(super) fn absence(publication: &Publication) -> Vec<Evidence> {
    let kept = publication.absence_evidence.iter();
    kept.map(|sha256| Evidence { quote: format!("sha256:{sha256}"), at: Place::default() }).collect()
}

/// The date that decides and where it is from.
enum Dated {
    On(Date, DateSource),
    /// Seen while there was still time, whatever date it shows now.
    InTime,
    NotSeen,
    Unknown,
}

fn dated(publication: &Publication) -> Dated {
    let first_seen = publication.first_seen.map(beijing);
    if first_seen.is_some_and(|day| day <= publication.due) {
        return Dated::InTime;
    }
    match (publication.dated, first_seen) {
        (Some((date, source)), _) => Dated::On(date, source),
        (None, Some(day)) if publication.absent_before_due => Dated::On(day, DateSource::FirstSeen),
        (None, None) if !publication.seen => Dated::NotSeen,
        _ => Dated::Unknown,
    }
}

pub(super) fn source_name(source: DateSource) -> (&'static str, &'static str) {
    (words::date_source(source.word(), Lang::Zh), words::date_source(source.word(), Lang::En))
}

/// Due date and deciding date where only the document is at hand.
fn by_document(params: &Late, kind: Option<AgencyKind>, report: Option<&Report>) -> Option<(Date, Dated)> {
    let report = report?;
    let word = kind?.word();
    let (_, due) = params.due.iter().find(|(kind, _)| kind.get_ref() == word)?;
    let (month, day) = month_day(due.get_ref())?;
    let due = Date::from_ymd_opt(report.year?.checked_add(1)?, month, day)?;
    let dated =
        report.published.map_or(Dated::Unknown, |date| Dated::On(date, report.published_source.unwrap_or(DateSource::Page)));
    Some((due, dated))
}

fn late(check: &Check, params: &Late, kind: Option<AgencyKind>, report: Option<&Report>, context: &Context<'_>) -> Verdict {
    let known = match &context.publication {
        Some(publication) => Some((publication.due, dated(publication))),
        None => by_document(params, kind, report),
    };
    let Some((due, dated)) = known else { return Verdict::NotApplicable };
    match dated {
        Dated::NotSeen => Verdict::NotApplicable,
        Dated::InTime => Verdict::Clean,
        Dated::Unknown => Verdict::Inconclusive(say("没有可依据的发布日期", "no date of publication is known")),
        Dated::On(date, _) if date <= due => Verdict::Clean,
        Dated::On(date, source) => {
            let (source_zh, source_en) = source_name(source);
            let days = (date - due).num_days().to_string();
            let (date_text, due_text) = (date.to_string(), due.to_string());
            let words = [
                ("date", date_text.as_str(), date_text.as_str()),
                ("source", source_zh, source_en),
                ("due", &due_text, &due_text),
                ("days", &days, &days),
            ];
            let mut it = violation(check, kind, check.message("finding", &words));
            it.evidence = match (source, &context.publication) {
                (DateSource::FirstSeen, Some(publication)) => absence(publication),
                _ => vec![Evidence { quote: date_text.clone(), at: Place::default() }],
            };
            it.expected = Some(due_text);
            it.actual = Some(date_text);
            Verdict::Findings(vec![it].into())
        }
    }
}
