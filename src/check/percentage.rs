//! Percentages that anyone can recompute from the sentence they stand in.

use super::claim::{Fit, testable};
use super::view::{View, torn, verdict, violation};
use crate::model::{Evidence, Message, Percentage, PercentageKind, Place, Scope, Verdict, Violation};
use crate::rules::Check;
use rust_decimal::Decimal;

/// Whether the shares of a set come to 100, to half a unit of the last printed decimal a share.
fn comes_to_100(shares: &[Decimal]) -> bool {
    let sum: Option<Decimal> = shares.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(*share));
    let allowed: Decimal = shares.iter().map(|share| Decimal::new(5, share.scale() + 1)).sum();
    sum.is_none_or(|sum| (sum - Decimal::ONE_HUNDRED).abs() <= allowed)
}

/// What a share may be of by the table: the applications received, those at hand, those answered.
fn wholes_of_table(view: &View<'_>) -> Vec<Decimal> {
    let figure = |id: &str| view.figure(&format!("applications.{id}.total"))?.reading.number();
    let (received, carried_in, handled) = (figure("received"), figure("carried_in"), figure("results.total"));
    let all = received.and_then(|received| received.checked_add(carried_in?));
    [received, handled, all].into_iter().flatten().filter(|whole| !whole.is_zero()).collect()
}

/// Whether the part of a share is one of the applications that the table has: then so is its whole.
fn part_is_of_table(it: &Percentage, part: Decimal, view: &View<'_>) -> bool {
    let claims = view.report.claims.iter().enumerate();
    let mut of_part =
        claims.filter(|(_, claim)| claim.sentence == it.sentence && claim.value == part && testable(claim, view.report.year));
    of_part.any(|(at, claim)| {
        claim.scope == Scope::Agency
            && claim.subject.starts_with("applications.")
            && matches!(view.claims().fit(at), Some(Fit::Fits))
    })
}

/// Whether what the table has makes a share right: the whole, or the part, may be the table's.
fn is_of_table(it: &Percentage, view: &View<'_>) -> bool {
    let wholes = wholes_of_table(view);
    let Some((part, whole)) = it.ratios.last() else { return true };
    if whole.is_zero() && !part_is_of_table(it, *part, view) {
        return true;
    }
    let mended = view.report.claims.iter().enumerate().filter(|(_, claim)| claim.sentence == it.sentence && claim.value == *part);
    let mended = mended.filter_map(|(at, _)| view.claims().told(at));
    let parts: Vec<Decimal> = it.ratios.iter().map(|(part, _)| *part).chain(mended).collect();
    let stated_wholes = it.ratios.iter().map(|(_, whole)| *whole).filter(|whole| !whole.is_zero());
    let wholes: Vec<Decimal> = wholes.into_iter().chain(stated_wholes).collect();
    parts.iter().any(|part| wholes.iter().any(|whole| Percentage::gives(*part, *whole, it.stated)))
}

fn is_right(it: &Percentage, view: &View<'_>) -> bool {
    match &it.kind {
        PercentageKind::Sum { shares } => comes_to_100(shares),
        PercentageKind::Growth => it.ratios.iter().any(|(part, whole)| Percentage::gives(*part, *whole, it.stated)),
        PercentageKind::Share => is_of_table(it, view),
    }
}

/// Why a share that nothing in its sentence gives may still be right: it may be one of a table that was not read.
fn undecided(it: &Percentage, view: &View<'_>) -> Option<Message> {
    let may_be_of_table = it.kind == PercentageKind::Share && view.cells().torn.contains(&"applications");
    if may_be_of_table { torn(view, &["applications"]) } else { None }
}

/// One finding a percentage; a set is told only where each of its shares is right.
pub(super) fn judge(check: &Check, view: &View<'_>) -> Verdict {
    let percentages = &view.report.percentages;
    if view.report.standard == "pre2019" || percentages.is_empty() {
        return Verdict::NotApplicable;
    }
    let wrong: Vec<&Percentage> = percentages.iter().filter(|it| !is_right(it, view)).collect();
    let told = wrong.iter().copied().filter(|it| {
        let is_set = matches!(it.kind, PercentageKind::Sum { .. });
        !is_set || !wrong.iter().any(|other| other.ordinal != it.ordinal && other.sentence == it.sentence)
    });
    let (open, certain): (Vec<&Percentage>, Vec<&Percentage>) = told.partition(|it| undecided(it, view).is_some());
    let why = open.first().and_then(|it| undecided(it, view));
    verdict(certain.into_iter().filter_map(|it| finding(check, it, view)).collect(), why)
}

fn finding(check: &Check, it: &Percentage, view: &View<'_>) -> Option<Violation> {
    let shown = |value: Decimal| value.normalize().to_string();
    let (part, whole) = it.ratios.last().copied()?;
    let whole = if whole.is_zero() { wholes_of_table(view).first().copied()? } else { whole };
    let place = format!("{}/percentage/{}", it.section, it.ordinal);
    let (message, expected, actual) = match &it.kind {
        PercentageKind::Sum { shares } => {
            let sum: Vec<String> = shares.iter().map(|share| format!("{share}%")).collect();
            let (sum, total) = (sum.join(" + "), shown(part));
            let words =
                [("sum", sum.as_str(), sum.as_str()), ("total", &total, &total), ("sentence", &it.sentence, &it.sentence)];
            (check.message("sum", &words), "100".to_owned(), total.clone())
        }
        kind => {
            let computed = shown(Percentage::of(part, whole, it.stated.scale().max(1))?);
            let (part, whole, stated) = (shown(part), shown(whole), it.stated.to_string());
            let words = [
                ("part", part.as_str(), part.as_str()),
                ("whole", &whole, &whole),
                ("computed", &computed, &computed),
                ("stated", &stated, &stated),
                ("sentence", &it.sentence, &it.sentence),
            ];
            let name = if *kind == PercentageKind::Growth { "growth" } else { "share" };
            (check.message(name, &words), computed.clone(), stated.clone())
        }
    };
    let mut found = violation(view, check, place, message);
    found.expected = Some(expected);
    found.actual = Some(actual);
    found.evidence =
        vec![Evidence { quote: it.sentence.clone(), at: Place { quote: Some(it.sentence.clone()), ..Place::default() } }];
    Some(found)
}
