//! The same quantity stated twice in the text, differently.
//!
//! Where the table tells which of two numbers is wrong, the rule about that table tells it; this one is for what
//! no table counts, and for tables that cannot be read.

use super::claim::{Fit, sentence, testable};
use super::view::{View, say, verdict, violation};
use crate::model::{Claim, Scope, Verdict, Violation};
use crate::rules::{Check, Contradictions};
use rust_decimal::Decimal;

/// Judges each subject of the rule.
pub(super) fn judge(check: &Check, params: &Contradictions, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" {
        return Verdict::NotApplicable;
    }
    let whole = |claim: &&Claim| !claim.of_all && testable(claim, view.report.year);
    let (mut findings, mut open, mut asked) = (Vec::new(), None, false);
    for subject in &params.subjects {
        let stated = || view.report.claims.iter().filter(|claim| claim.subject == *subject.get_ref()).filter(whole);
        let of_subject = || stated().filter(|claim| claim.scope == Scope::Agency);
        asked |= of_subject().nth(1).is_some();
        if decided(view, subject.get_ref()) {
            continue;
        }
        let unclear = stated().find(|claim| claim.scope == Scope::Unclear);
        if unclear.is_some_and(|unclear| of_subject().any(|claim| claim.value != unclear.value && claim.unit == unclear.unit)) {
            asked = true;
            open.get_or_insert_with(|| {
                say("文中两处数量不同，其中一处说的是哪个范围不能确定", "two numbers differ, and the scope of one cannot be told")
            });
        }
        let mut stated: Vec<Vec<&Claim>> = Vec::new();
        for claim in of_subject() {
            match stated.last_mut().filter(|last| is_one_sentence(last[0], claim)) {
                Some(last) => last.push(claim),
                None => stated.push(vec![claim]),
            }
        }
        findings.extend(stated.windows(2).filter_map(|pair| differ(check, &pair[0], &pair[1], view)));
    }
    if asked { verdict(findings, open) } else { Verdict::NotApplicable }
}

fn is_one_sentence(one: &Claim, other: &Claim) -> bool {
    one.section == other.section && one.ordinal == other.ordinal
}

/// Whether the table decides over one of the subject's claims: then it is told there, or both are lawful.
fn decided(view: &View<'_>, subject: &str) -> bool {
    let claims = view.report.claims.iter().enumerate().filter(|(_, claim)| claim.subject == subject);
    claims.into_iter().any(|(at, _)| matches!(view.claims().fit(at), Some(Fit::Wrong(_) | Fit::Fits)))
}

/// Two sentences that share no number of the subject, in one unit; a difference as large as what was carried in
/// only counts otherwise.
fn differ(check: &Check, one: &[&Claim], other: &[&Claim], view: &View<'_>) -> Option<Violation> {
    let (first, second) = (one.first()?, other.first()?);
    let shares = one.iter().any(|claim| other.iter().any(|it| it.value == claim.value));
    let units_differ = one.iter().any(|claim| other.iter().any(|it| it.unit != claim.unit));
    let gap = (first.value - second.value).abs();
    let carried = |claim: &Claim| claim.subject.ends_with("carried_in") && claim.value == gap;
    if shares || units_differ || view.report.claims.iter().any(carried) {
        return None;
    }
    let named = view.standard.and_then(|standard| standard.subjects.get(&first.subject));
    let (zh, en) = named.map_or((first.subject.as_str(), first.subject.as_str()), |it| (it.label.as_str(), it.label_en.as_str()));
    let shown = |value: Decimal| value.normalize().to_string();
    let (a, b) = (shown(first.value), shown(second.value));
    let words = [("subject", zh, en), ("first", &a, &a), ("second", &b, &b), ("sentence", &second.sentence, &second.sentence)];
    let place = format!("{}/{}/{}", second.section, second.subject, second.ordinal);
    let mut it = violation(view, check, place, check.message("finding", &words));
    it.expected = Some(a.clone());
    it.actual = Some(b.clone());
    it.evidence = vec![sentence(first), sentence(second)];
    Some(it)
}
