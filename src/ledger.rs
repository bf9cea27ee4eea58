//! The ledger: today's outcomes against what stands, and the steps that people take.
//!
//! A finding is a place where a rule is broken; its fingerprint is made of agency, year, rule and
//! place, so the same fault keeps its verdict whatever the wording, and a new number at the same place
//! re-opens what was dismissed or resolved. Only a rule that was decided resolves anything: what could
//! not be read or decided stays as it was. Reconciling the same outcomes twice changes nothing.

mod steps;
#[cfg(test)]
mod tests;

pub use steps::{Step, take_step};

use crate::model::{
    ChangeKind, Date, Finding, FindingState, LedgerChange, Message, Outcome, Sha256Hex, Time, Verdict, Violation, Waiver, Year,
};
use std::collections::{BTreeMap, BTreeSet};

/// The outcomes of one pass over one agency's year.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The roster's id, else the normalised name.
    pub agency: &'a str,
    pub agency_name: &'a str,
    pub year: Year,
    /// Id of the report, where one was read.
    pub report: Option<&'a str>,
    /// The snapshot that was judged.
    pub snapshot: Option<&'a Sha256Hex>,
    /// Only rules that are named here can open, change or resolve anything.
    pub outcomes: &'a [Outcome],
}

/// What the rule set knows of its rules, and how a fingerprint is made.
pub struct RuleNotes<'a> {
    /// Of agency, year, rule and place.
    pub fingerprint: &'a dyn Fn(&str, Year, &str, &str) -> String,
    /// Basis and advice of a rule.
    pub notes: &'a dyn Fn(&str) -> (Message, Message),
    /// Whether the rule set has a rule and does not switch it off.
    pub applies: &'a dyn Fn(&str) -> bool,
    /// Fingerprint of the rule set.
    pub rules: &'a str,
}

/// Today's outcomes against what stands; the changes in the order of the outcomes, then of fingerprints.
///
/// `today` is the office's calendar day at `now`: waivers and due dates end with it.
pub fn reconcile(
    judged: &[Judged<'_>],
    standing: &[Finding],
    waivers: &[Waiver],
    notes: &RuleNotes<'_>,
    now: Time,
    today: Date,
) -> Vec<LedgerChange> {
    let mut pass = Pass::of(standing, notes, now);
    let mut decided: BTreeSet<(&str, Year, &str)> = BTreeSet::new();
    for case in judged {
        for outcome in case.outcomes {
            // Where one pass holds a rule twice for one agency's year, the first counts: two answers
            // would open and resolve each other for ever.
            if decided.insert((case.agency, case.year, &outcome.rule)) {
                pass.judge(case, outcome);
            }
        }
    }
    let active: BTreeSet<&str> = waivers
        .iter()
        .filter(|waiver| waiver.until.is_none_or(|until| today <= until))
        .map(|waiver| waiver.fingerprint.as_str())
        .collect();
    pass.retire();
    pass.waive(&active);
    pass.overdue(today);
    pass.changes()
}

/// The findings after these changes, in the order of their fingerprints.
pub fn apply(standing: &[Finding], changes: &[LedgerChange]) -> Vec<Finding> {
    let mut after: BTreeMap<String, Finding> =
        standing.iter().map(|finding| (finding.fingerprint.clone(), finding.clone())).collect();
    after.extend(changes.iter().map(|change| (change.finding.fingerprint.clone(), change.finding.clone())));
    after.into_values().collect()
}

/// What makes a fault this fault: the numbers; where there are none, the figures it names.
fn value(violation: &Violation) -> (Option<&str>, Option<&str>, Vec<&str>) {
    let (expected, actual) = (violation.expected.as_deref(), violation.actual.as_deref());
    let mut figures = Vec::new();
    if expected.is_none() && actual.is_none() {
        figures.extend(violation.figures.iter().map(String::as_str));
        figures.sort_unstable();
    }
    (expected, actual, figures)
}

/// One reconciliation under way: each finding with what was done to it so far.
struct Pass<'a> {
    findings: BTreeMap<String, (Finding, Option<ChangeKind>)>,
    /// Fingerprints by agency, year and rule, as they stood before.
    by_rule: BTreeMap<(String, Year, String), Vec<String>>,
    /// Fingerprints in the order in which they were changed.
    touched: Vec<String>,
    notes: &'a RuleNotes<'a>,
    now: Time,
}

impl<'a> Pass<'a> {
    fn of(standing: &[Finding], notes: &'a RuleNotes<'a>, now: Time) -> Pass<'a> {
        let mut findings = BTreeMap::new();
        let mut by_rule: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for finding in standing {
            let place = (finding.agency.clone(), finding.year, finding.rule.clone());
            by_rule.entry(place).or_default().push(finding.fingerprint.clone());
            findings.insert(finding.fingerprint.clone(), (finding.clone(), None));
        }
        Pass { findings, by_rule, touched: Vec::new(), notes, now }
    }

    /// One outcome of one rule. Inconclusive and not applicable decide nothing.
    fn judge(&mut self, case: &Judged<'_>, outcome: &Outcome) {
        let violations: &[Violation] = match &outcome.verdict {
            Verdict::Findings(found) => found,
            Verdict::Clean => &[],
            Verdict::Inconclusive(_) | Verdict::NotApplicable => return,
        };
        let mut found = BTreeSet::new();
        for violation in violations {
            let fingerprint = (self.notes.fingerprint)(case.agency, case.year, &outcome.rule, &violation.place);
            if found.insert(fingerprint.clone()) {
                self.meet(case, &outcome.rule, fingerprint, violation);
            }
        }
        // A rule that stayed open at another instance resolves nothing: what it did not find may be there.
        if outcome.verdict.open().is_some() {
            return;
        }
        let before = self.by_rule.get(&(case.agency.to_owned(), case.year, outcome.rule.clone())).cloned();
        for fingerprint in before.unwrap_or_default().into_iter().filter(|fingerprint| !found.contains(fingerprint)) {
            self.resolve(&fingerprint);
        }
    }

    /// A violation that was found: new, the same, another number, or back again.
    fn meet(&mut self, case: &Judged<'_>, rule: &str, fingerprint: String, violation: &Violation) {
        let Some((old, _)) = self.findings.get(&fingerprint) else {
            let finding = self.opened(case, rule, fingerprint.clone(), violation);
            self.findings.insert(fingerprint.clone(), (finding, None));
            self.touch(&fingerprint, ChangeKind::Opened, |_| {});
            return;
        };
        let same = value(&old.violation) == value(violation);
        let kind = match old.state {
            FindingState::Resolved => ChangeKind::Reopened,
            FindingState::Dismissed if same => return,
            FindingState::Dismissed => ChangeKind::Reopened,
            _ if same && old.violation.severity == violation.severity => return,
            FindingState::Waived => ChangeKind::Waived,
            _ => ChangeKind::Changed,
        };
        let (basis, advice) = (self.notes.notes)(rule);
        let rules = self.notes.rules.to_owned();
        self.touch(&fingerprint, kind, |finding| {
            finding.agency_name = case.agency_name.to_owned();
            finding.report = case.report.map(str::to_owned).or(finding.report.take());
            finding.snapshot = case.snapshot.cloned().or(finding.snapshot.take());
            finding.violation = violation.clone();
            (finding.basis, finding.advice, finding.rules) = (basis, advice, rules);
            if kind == ChangeKind::Reopened {
                reopen(finding);
            }
        });
    }

    fn opened(&self, case: &Judged<'_>, rule: &str, fingerprint: String, violation: &Violation) -> Finding {
        let (basis, advice) = (self.notes.notes)(rule);
        Finding {
            fingerprint,
            rule: rule.to_owned(),
            state: FindingState::Open,
            agency: case.agency.to_owned(),
            agency_name: case.agency_name.to_owned(),
            year: case.year,
            report: case.report.map(str::to_owned),
            snapshot: case.snapshot.cloned(),
            violation: violation.clone(),
            basis,
            advice,
            rules: self.notes.rules.to_owned(),
            opened: self.now,
            changed: self.now,
            resolved: None,
            due: None,
        }
    }

    /// A finding whose rule was decided and did not find it. What was dismissed stays dismissed, so that
    /// the verdict is still there when the same fault comes back.
    fn resolve(&mut self, fingerprint: &str) {
        let stands = |finding: &Finding| !matches!(finding.state, FindingState::Resolved | FindingState::Dismissed);
        if self.findings.get(fingerprint).is_some_and(|(finding, _)| stands(finding)) {
            let now = self.now;
            self.touch(fingerprint, ChangeKind::Resolved, |finding| {
                finding.state = FindingState::Resolved;
                finding.resolved = Some(now);
            });
        }
    }

    /// What a rule found that was retired or switched off is held against nobody any longer; it comes back with the rule.
    fn retire(&mut self) {
        let applies = self.notes.applies;
        let gone: Vec<String> = self
            .findings
            .values()
            .filter(|(finding, _)| !applies(&finding.rule))
            .map(|(finding, _)| finding.fingerprint.clone())
            .collect();
        gone.iter().for_each(|fingerprint| self.resolve(fingerprint));
    }

    /// Waivers count for all that stands, judged in this pass or not: the file may have changed alone.
    fn waive(&mut self, active: &BTreeSet<&str>) {
        let fingerprints: Vec<String> = self.findings.keys().cloned().collect();
        for fingerprint in fingerprints {
            let Some((finding, _)) = self.findings.get(&fingerprint) else { continue };
            let waived = active.contains(fingerprint.as_str());
            if waived && finding.state.stands() {
                self.touch(&fingerprint, ChangeKind::Waived, |finding| finding.state = FindingState::Waived);
            } else if !waived && finding.state == FindingState::Waived {
                self.touch(&fingerprint, ChangeKind::Reopened, reopen);
            }
        }
    }

    /// An agency was told to mend it by a day that is over.
    fn overdue(&mut self, today: Date) {
        let late = |finding: &Finding| finding.state == FindingState::Notified && finding.due.is_some_and(|due| today > due);
        let late: Vec<String> =
            self.findings.values().filter(|(finding, _)| late(finding)).map(|(finding, _)| finding.fingerprint.clone()).collect();
        for fingerprint in late {
            self.touch(&fingerprint, ChangeKind::Changed, |finding| finding.state = FindingState::Overdue);
        }
    }

    /// Changes a finding and remembers the last thing that was done to it.
    fn touch(&mut self, fingerprint: &str, kind: ChangeKind, change: impl FnOnce(&mut Finding)) {
        let Some((finding, done)) = self.findings.get_mut(fingerprint) else { return };
        change(finding);
        finding.changed = self.now;
        if done.replace(kind).is_none() {
            self.touched.push(fingerprint.to_owned());
        }
    }

    fn changes(mut self) -> Vec<LedgerChange> {
        let touched = std::mem::take(&mut self.touched);
        touched
            .iter()
            .filter_map(|fingerprint| self.findings.remove(fingerprint))
            .filter_map(|(finding, kind)| kind.map(|kind| LedgerChange { kind, finding }))
            .collect()
    }
}

/// Back to the beginning: what was agreed for the fault before holds no longer.
fn reopen(finding: &mut Finding) {
    finding.state = FindingState::Reopened;
    finding.resolved = None;
    finding.due = None;
}
