//! A growth that the text claims (同比增长12%) against last year's report.
//!
//! What a number may lawfully be compared with is wide: each reading of last year's table, and whatever last year's
//! text said of the same subject. Only a claim that fits none of them is told.

use super::claim::{sentence, testable};
use super::last;
use super::view::{View, say, verdict, violation};
use crate::model::{Claim, Message, Report, Verdict, Violation};
use crate::rules::{Check, Growth, GrowthSubject, Sum};
use crate::text::compact;
use rust_decimal::Decimal;

/// What a text claims: how much more or less than last year.
#[derive(Debug, Clone, Copy)]
enum Claimed {
    /// Percent, with the decimals printed.
    Percent(Decimal),
    Number(Decimal),
}

/// The growth that follows a quantity in its sentence, as printed and as a number.
fn claimed(params: &Growth, claim: &Claim) -> Option<(Claimed, String)> {
    let text = compact(&claim.sentence);
    let digits = claim.value.normalize().to_string();
    let alone = |at: &usize| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + digits.len()..).and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(|c| c.is_ascii_digit() || ".,".contains(c))
    };
    let at = text.match_indices(&digits).map(|(at, _)| at).find(alone)?;
    let rest = text.get(at + digits.len()..)?;
    let found = params.claimed.regex()?.captures(rest)?;
    let sign = if found.name("less").is_some() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    let printed = found.name("said")?.as_str().to_owned();
    if let Some(percent) = found.name("percent") {
        return Some((Claimed::Percent(sign * percent.as_str().parse::<Decimal>().ok()?), printed));
    }
    Some((Claimed::Number(sign * found.name("number")?.as_str().parse::<Decimal>().ok()?), printed))
}

/// Whether last year's number bears a claim out: to one unit of the last decimal printed.
fn fits(claimed: Claimed, now: Decimal, before: Decimal) -> bool {
    match claimed {
        Claimed::Number(change) => now - before == change,
        Claimed::Percent(percent) => {
            let Some(real) = percent_of(now, before) else { return true };
            let unit = Decimal::new(1, percent.scale());
            (real.round_dp_with_strategy(percent.scale(), rust_decimal::RoundingStrategy::MidpointAwayFromZero) - percent).abs()
                <= unit
        }
    }
}

fn percent_of(now: Decimal, before: Decimal) -> Option<Decimal> {
    (now - before).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before)
}

/// A sum over figures of a report; `None` where one of them is no number.
fn total(report: &Report, sum: &Sum) -> Option<Decimal> {
    sum.iter().try_fold(Decimal::ZERO, |total, term| {
        let value = report.figure(&term.name)?.reading.number()?;
        if term.negative { total.checked_sub(value) } else { total.checked_add(value) }
    })
}

/// Judges each growth that follows a quantity of one of the subjects.
pub(super) fn judge(check: &Check, params: &Growth, view: &View<'_>) -> Verdict {
    let previous = last::last(view.report, view.context);
    let (mut findings, mut open, mut asked): (_, Option<Message>, _) = (Vec::new(), None, false);
    for claim in view.report.claims.iter().filter(|claim| testable(claim, view.report.year)) {
        let Some(subject) = params.subject.iter().find(|subject| *subject.id.get_ref() == claim.subject) else { continue };
        let Some((growth, printed)) = claimed(params, claim) else { continue };
        asked = true;
        let previous = match &previous {
            Ok(previous) => *previous,
            Err(why) => {
                open.get_or_insert_with(|| why.clone());
                continue;
            }
        };
        let of_table: Vec<Option<Decimal>> = subject.parsed.iter().map(|sum| total(previous, sum)).collect();
        let said = previous.claims.iter().filter(|other| other.subject == claim.subject && testable(other, previous.year));
        let before: Vec<Decimal> = of_table.iter().flatten().copied().chain(said.map(|other| other.value)).collect();
        if before.iter().any(|before| fits(growth, claim.value, *before)) {
            continue;
        }
        match of_table.first().copied().flatten() {
            Some(plain) if of_table.iter().all(Option::is_some) => {
                findings.push(finding(
                    check,
                    view,
                    subject,
                    claim,
                    growth,
                    &printed,
                    nearest(growth, claim.value, &before).unwrap_or(plain),
                ));
            }
            _ => drop(open.get_or_insert_with(|| say("上一年度的数据无法读作数字", "last year's figures are not all numbers"))),
        }
    }
    if asked { verdict(findings, open) } else { without_claims(view) }
}

fn without_claims(view: &View<'_>) -> Verdict {
    match last::last(view.report, view.context) {
        Ok(_) => Verdict::Clean,
        Err(why) => Verdict::Inconclusive(why),
    }
}

/// Of last year's readings the one that comes nearest to the claim.
fn nearest(growth: Claimed, now: Decimal, before: &[Decimal]) -> Option<Decimal> {
    let miss = |before: &Decimal| match growth {
        Claimed::Number(change) => (now - before - change).abs(),
        Claimed::Percent(percent) => percent_of(now, *before).map_or(Decimal::MAX, |real| (real - percent).abs()),
    };
    before.iter().copied().min_by_key(miss)
}

fn finding(
    check: &Check,
    view: &View<'_>,
    subject: &GrowthSubject,
    claim: &Claim,
    growth: Claimed,
    printed: &str,
    before: Decimal,
) -> Violation {
    let id = subject.id.get_ref();
    let named = view.standard.and_then(|standard| standard.subjects.get(id));
    let (zh, en) = named.map_or((id.as_str(), id.as_str()), |it| (it.label.as_str(), it.label_en.as_str()));
    let computed = match growth {
        Claimed::Number(_) => (claim.value - before).normalize().to_string(),
        Claimed::Percent(percent) => {
            percent_of(claim.value, before).map(|real| format!("{}%", real.round_dp(percent.scale().max(1)))).unwrap_or_default()
        }
    };
    let (from, to) = (before.normalize().to_string(), claim.value.normalize().to_string());
    let words = [
        ("subject", zh, en),
        ("claimed", printed, printed),
        ("computed", &computed, &computed),
        ("from", &from, &from),
        ("to", &to, &to),
        ("sentence", &claim.sentence, &claim.sentence),
    ];
    let place = format!("{}/{}/{}", claim.section, claim.subject, claim.ordinal);
    let mut it = violation(view, check, place, check.message("finding", &words));
    it.expected = Some(computed.clone());
    it.actual = Some(printed.to_owned());
    it.evidence = vec![sentence(claim)];
    it
}
