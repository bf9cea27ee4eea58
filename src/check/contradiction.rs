//! The same quantity stated twice in the text, differently.
//!
//! Where the table tells which of two numbers is wrong, the rule about that table tells it; this one is for what
//! no table counts, and for tables that cannot be read. What is said twice in the same words is one quantity, whatever
//! it is of.

use super::claim::{Fit, sentence, testable};
use super::prose::quoted;
use super::view::{View, say, verdict, violation};
use crate::model::{Claim, Evidence, Restated, Scope, Verdict, Violation};
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
    // What a table decides, or is told already, is not told again.
    let is = |it: &Restated, claim: &Claim| claim.sentence == it.sentences[1] && claim.value == it.second;
    let claims = || view.report.claims.iter().enumerate();
    let by_table = |it: &Restated| claims().any(|(at, claim)| is(it, claim) && view.claims().fit(at).is_some());
    let told =
        |it: &Restated| findings.iter().any(|found: &Violation| found.evidence.iter().any(|by| by.quote == it.sentences[1]));
    let again: Vec<&Restated> = view.report.restated.iter().filter(|it| !by_table(it) && !told(it)).collect();
    asked |= !again.is_empty();
    findings.extend(again.into_iter().map(|it| restated(check, it, view)));
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
    let place = format!("{}/{}/{}", second.section, second.subject, second.ordinal);
    let evidence = vec![sentence(first), sentence(second)];
    Some(finding(check, view, place, (zh, en), (first.value, second.value), evidence))
}

/// The same words with two numbers.
fn restated(check: &Check, it: &Restated, view: &View<'_>) -> Violation {
    let place = format!("{}/restated/{}", it.section, it.ordinal);
    let named = format!("“{}”", it.words);
    let evidence = it.sentences.iter().map(|sentence| quoted(sentence)).collect();
    finding(check, view, place, (&named, &named), (it.first, it.second), evidence)
}

fn finding(
    check: &Check,
    view: &View<'_>,
    place: String,
    (zh, en): (&str, &str),
    (first, second): (Decimal, Decimal),
    evidence: Vec<Evidence>,
) -> Violation {
    let (first, second) = (first.normalize().to_string(), second.normalize().to_string());
    let sentence = evidence.last().map_or("", |evidence| evidence.quote.as_str());
    let words = [("subject", zh, en), ("first", &first, &first), ("second", &second, &second), ("sentence", sentence, sentence)];
    let mut it = violation(view, check, place, check.message("finding", &words));
    it.expected = Some(first);
    it.actual = Some(second);
    it.evidence = evidence;
    it
}
