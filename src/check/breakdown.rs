//! A whole and the parts its own sentence lists.

use super::claim::Fit;
use super::view::{View, verdict, violation};
use crate::model::{Breakdown, Evidence, Place, Severity, Verdict, Violation};
use crate::rules::{Breakdowns, Check};
use rust_decimal::Decimal;

/// How a list of parts stands to its whole.
enum Standing {
    /// Sums up, or proves nothing: approximate, a single part, an open list far below.
    Silent,
    Above,
    /// Below although the list says it is complete.
    BelowClosed,
    /// An open list so close below that an item was likely left out by mistake.
    BelowOpen,
}

fn standing(params: &Breakdowns, breakdown: &Breakdown, sum: Decimal) -> Standing {
    if breakdown.loose || breakdown.parts.len() < 2 || sum == breakdown.whole {
        return Standing::Silent;
    }
    if sum > breakdown.whole {
        return Standing::Above;
    }
    let gap = breakdown.whole - sum;
    let close = gap <= Decimal::from(params.open_items)
        || gap * Decimal::ONE_HUNDRED <= breakdown.whole * Decimal::from(params.open_percent);
    match breakdown.closed {
        true => Standing::BelowClosed,
        false if close => Standing::BelowOpen,
        false => Standing::Silent,
    }
}

/// The sum, where it fits a decimal at all.
fn sum_of(breakdown: &Breakdown) -> Option<Decimal> {
    breakdown.parts.iter().try_fold(Decimal::ZERO, |sum, (_, part)| sum.checked_add(*part))
}

/// Whether a number of the list was told to be wrong already, against the table.
fn is_told(breakdown: &Breakdown, view: &View<'_>) -> bool {
    let holds = |value: Decimal| breakdown.whole == value || breakdown.parts.iter().any(|(_, part)| *part == value);
    let claims = view.report.claims.iter().enumerate();
    let mut of_list = claims.filter(|(_, claim)| breakdown.sentence.contains(&claim.sentence) && holds(claim.value));
    of_list.any(|(at, _)| view.claims().told(at).is_some())
}

/// Whether the whole and every part are what the table has: then each is right, and the parts are of more than the whole
/// (予以公开 of the applications carried in, too).
fn is_of_table(breakdown: &Breakdown, view: &View<'_>) -> bool {
    let claims = || view.report.claims.iter().enumerate().filter(|(_, claim)| breakdown.sentence.contains(&claim.sentence));
    let fits =
        |value: &Decimal| claims().any(|(at, claim)| claim.value == *value && matches!(view.claims().fit(at), Some(Fit::Fits)));
    fits(&breakdown.whole) && breakdown.parts.iter().all(|(_, part)| fits(part))
}

/// One finding a sentence.
pub(super) fn judge(check: &Check, params: &Breakdowns, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" || view.report.breakdowns.is_empty() {
        return Verdict::NotApplicable;
    }
    let findings = view.report.breakdowns.iter().filter_map(|breakdown| {
        let sum = sum_of(breakdown)?;
        if is_told(breakdown, view) || is_of_table(breakdown, view) {
            return None;
        }
        let standing = standing(params, breakdown, sum);
        let name = match standing {
            Standing::Silent => return None,
            Standing::Above => "above",
            Standing::BelowClosed | Standing::BelowOpen => "below",
        };
        let mut it = finding(check, name, breakdown, sum, view);
        if matches!(standing, Standing::BelowOpen) {
            it.severity = it.severity.min(Severity::Warn);
        }
        Some(it)
    });
    verdict(findings.collect(), None)
}

fn finding(check: &Check, name: &str, breakdown: &Breakdown, sum: Decimal, view: &View<'_>) -> Violation {
    let parts: Vec<String> = breakdown.parts.iter().map(|(_, part)| part.normalize().to_string()).collect();
    let parts = parts.join(" + ");
    let total = sum.normalize().to_string();
    let whole = breakdown.whole.normalize().to_string();
    let difference = (sum - breakdown.whole).abs().normalize().to_string();
    let words = [
        ("sum", parts.as_str(), parts.as_str()),
        ("total", &total, &total),
        ("whole", &whole, &whole),
        ("difference", &difference, &difference),
    ];
    let place = format!("{}/breakdown/{}", breakdown.section, breakdown.ordinal);
    let mut it = violation(view, check, place, check.message(name, &words));
    it.expected = Some(whole);
    it.actual = Some(total);
    let at = Place { quote: Some(breakdown.sentence.clone()), ..Place::default() };
    it.evidence = vec![Evidence { quote: breakdown.sentence.clone(), at }];
    it
}
