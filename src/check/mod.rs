//! Report + neighbours + now → outcomes, one a rule, in the order of rule ids.
//!
//! The question each kind answers has four answers: finding, clean, inconclusive, not applicable.
//! What could not be checked is never clean, and what *we* could not read is never a finding. The
//! identities of all rules are evaluated together first (`balance`), so that one wrong cell is told
//! once (`diagnose`) and not as often as it breaks something.

mod afterwards;
mod balance;
mod breakdown;
mod cases;
mod cells;
mod claim;
mod contradiction;
mod deadline;
mod diagnose;
mod difference;
mod forms;
mod grid;
mod growth;
mod identity;
mod jump;
mod last;
mod mentions;
mod percentage;
mod preamble;
mod private;
mod prose;
mod relation;
mod rollup;
mod same;
mod sections;
mod shifted;
mod units;
mod unreadable;
mod view;
mod whose;
mod wording;
mod years;
mod zeros;

pub use cases::{CaseResult, run_cases};
pub use difference::{Differing, differing, differing_numbers};
pub use whose::{compared_texts, least_alike};

use crate::model::{AgencyKind, Level, Message, Outcome, Publication, ReadOutcome, ReadReport, Report, Time, Verdict};
use crate::rules::{Check, Kind, RuleSet};
use crate::text::hex;
use sha2::{Digest, Sha256};
use view::{View, say};

/// What is known beside the report itself.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// From the roster or a person; goes before what the report's name tells.
    pub agency_kind: Option<AgencyKind>,
    /// From the roster; goes before what the name tells.
    pub level: Option<Level>,
    pub now: Time,
    pub publication: Option<Publication>,
    /// Last year's report of the same agency.
    pub previous: Option<&'a Report>,
    /// Whether the report was found on a watched portal.
    pub has_portal: bool,
    /// Reports of other agencies of the region that may be alike; `None` where nobody looked for any.
    pub siblings: Option<&'a [&'a Report]>,
    /// The reports that a government's report rolls up.
    pub members: Option<&'a Members<'a>>,
}

/// The agencies below a government, with their reports of the same year.
#[derive(Debug, Clone, Default)]
pub struct Members<'a> {
    /// Whether every agency of the roster below it is there.
    pub complete: bool,
    pub reports: Vec<Member<'a>>,
}

/// One agency below a government.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    pub name: String,
    pub kind: AgencyKind,
    pub report: &'a Report,
}

impl Context<'_> {
    /// Nothing but the time: a document by itself.
    pub fn lone(now: Time) -> Context<'static> {
        Context {
            agency_kind: None,
            level: None,
            now,
            publication: None,
            previous: None,
            has_portal: false,
            siblings: None,
            members: None,
        }
    }
}

/// Judges one report by every rule.
pub fn run(read: &ReadReport, context: &Context<'_>, rules: &RuleSet) -> Vec<Outcome> {
    let view = read.report.as_ref().map(|report| View::new(read, report, context, rules));
    let verdict_of = |check: &Check| {
        let kind = context.agency_kind.or(read.report.as_ref().and_then(|report| report.agency_kind));
        if check.severity_of(kind).is_none() || read.outcome == ReadOutcome::NotAReport {
            return Verdict::NotApplicable;
        }
        let recognised = read.report.as_ref().is_some_and(|report| report.recognised);
        if check.kind.is_publication() {
            return deadline::judge(check, read.report.as_ref().filter(|_| !recognised), context);
        }
        let only = read.image_only || read.report.as_ref().is_some_and(|report| report.attachment_only);
        match (&check.kind, &view) {
            (Kind::Unreadable(it), _) => unreadable::judge(check, it, read, context),
            _ if recognised => Verdict::Inconclusive(say(
                "文字由图片识别得来，不据此下结论",
                "the text was recognised from pictures; nothing is concluded from it",
            )),
            _ if only => Verdict::NotApplicable,
            (_, Some(view)) if read.outcome == ReadOutcome::Read => judge(check, view),
            _ => Verdict::Inconclusive(unread(read)),
        }
    };
    rules.checks.iter().map(|check| Outcome { rule: check.id.clone(), verdict: verdict_of(check) }).collect()
}

/// Judges an agency of whose report nothing was seen: only the rules about publication.
pub fn run_publication(context: &Context<'_>, rules: &RuleSet) -> Vec<Outcome> {
    let about = rules.checks.iter().filter(|check| check.kind.is_publication());
    about
        .map(|check| {
            let off = check.severity_of(context.agency_kind).is_none();
            let verdict = if off { Verdict::NotApplicable } else { deadline::judge(check, None, context) };
            Outcome { rule: check.id.clone(), verdict }
        })
        .collect()
}

/// The one list of kinds that look at a report that was read.
fn judge(check: &Check, view: &View<'_>) -> Verdict {
    match &check.kind {
        Kind::SectionMissing(it) => sections::missing(check, it, view),
        Kind::SectionOrder(_) => sections::order(check, view),
        Kind::SectionEmpty(_) => sections::empty(check, view),
        Kind::PartCount(it) => preamble::part_count(check, it, view),
        Kind::Citation(it) => preamble::citation(check, it, view),
        Kind::TableMissing(it) => forms::table_missing(check, it, view),
        Kind::OutdatedForm(_) => forms::outdated(check, view),
        Kind::Grid(it) => grid::judge(check, it.fault, view),
        Kind::CellState(it) => cells::state(check, it, view),
        Kind::CellRange(_) => cells::range(check, view),
        Kind::Identity(it) => identity::judge(check, it, view),
        Kind::ShiftedColumn(it) => shifted::judge(check, it, view),
        Kind::AllZero(it) => zeros::judge(check, it, view),
        Kind::Claim(it) => claim::judge(check, it, view),
        Kind::Breakdown(it) => breakdown::judge(check, it, view),
        Kind::Percentage(_) => percentage::judge(check, view),
        Kind::Contradiction(it) => contradiction::judge(check, it, view),
        Kind::Relation(it) => relation::judge(check, it, view),
        Kind::Jump(it) => jump::judge(check, it, view),
        Kind::SameFigures(it) => same::figures(check, it, view),
        Kind::SameText(it) => same::text(check, it, view),
        Kind::Growth(it) => growth::judge(check, it, view),
        Kind::UnitMissing(it) => units::missing(check, it, view),
        Kind::Mentions(it) => mentions::judge(check, it, view),
        Kind::Thin(it) => mentions::thin(check, it, view),
        Kind::Denied(it) => wording::denied(check, it, view),
        Kind::Period(it) => years::period(check, it, view),
        Kind::Wording(it) => wording::words(check, it, view),
        Kind::WithoutFigures(it) => wording::without_figures(check, it, view),
        Kind::TooLong(it) => wording::too_long(check, it, view),
        Kind::WrongYear(it) => years::wrong(check, it, view),
        Kind::WrongSelf(it) => whose::wrong_self(check, it, view),
        Kind::Signed(it) => whose::signed(check, it, view),
        Kind::Copied(it) => whose::copied(check, it, view),
        Kind::OfficePosted(it) => whose::office_posted(check, it, view),
        Kind::Private(it) => private::judge(check, it, view),
        Kind::RollupSum(it) => rollup::sum(check, it, view),
        Kind::OfficeOnly(it) => rollup::office_only(check, it, view),
        // These need no report that was read; `run` has judged them before.
        Kind::Missing(_)
        | Kind::Late(_)
        | Kind::Gone(_)
        | Kind::Edited(_)
        | Kind::BackDated(_)
        | Kind::CopiesDiffer(_)
        | Kind::WrongColumn(_)
        | Kind::Unreadable(_) => Verdict::NotApplicable,
    }
}

/// Why nothing could be checked, by the first problem.
fn unread(read: &ReadReport) -> Message {
    let code = read.problems.first().map_or("unreadable", |problem| problem.code.as_str());
    say(format!("报告未能读出（{code}）"), format!("the report could not be read ({code})"))
}

/// The id of a finding: hex SHA-256, cut to 24 digits, over agency, year, rule and place. Never of
/// wording, of the cell a diagnosis suspects or of the snapshot.
pub fn fingerprint(agency_key: &str, year: i32, rule: &str, place: &str) -> String {
    let mut hash = Sha256::new();
    for part in [agency_key, &year.to_string(), rule, place] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..12])
}

#[cfg(test)]
mod labelled;
#[cfg(test)]
mod tests;
