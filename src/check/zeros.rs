//! A table of zeros beside a text that speaks of cases, or a text that says "none" beside a table with cases.

use super::claim::{sentence, testable};
use super::identity::not_judged;
use super::view::{View, say, verdict, violation};
use crate::model::{Claim, Figure, Scope, Verdict};
use crate::rules::{AllZero, Check, Kind};
use rust_decimal::Decimal;

/// Whether every cell of the table is the number 0.
fn all_zero(view: &View<'_>, table: &str) -> bool {
    let zero = |figure: Option<&Figure>| figure.and_then(|figure| figure.reading.number()).is_some_and(|number| number.is_zero());
    view.table(table).is_some_and(|(_, form)| view.figures_of(form).all(|(_, figure)| zero(figure)))
}

/// Whether some cell of the table is no number.
fn has_gaps(view: &View<'_>, table: &str) -> bool {
    let gap = |figure: Option<&Figure>| figure.and_then(|figure| figure.reading.number()).is_none();
    view.table(table).is_none_or(|(_, form)| view.figures_of(form).any(|(_, figure)| gap(figure)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Contradiction {
    /// The table says 0 throughout, the text does not.
    Zeros,
    /// The text says none, the table does not.
    None,
}

fn contradiction(params: &AllZero, view: &View<'_>, claim: &Claim) -> Option<Contradiction> {
    if !testable(claim, view.report.year) {
        return None;
    }
    let spoken = params.subjects.iter().any(|subject| *subject.get_ref() == claim.subject);
    if spoken && claim.value > Decimal::ZERO && all_zero(view, params.table.get_ref()) {
        return Some(Contradiction::Zeros);
    }
    let figure = view.figure(params.figure.get_ref()).and_then(|figure| figure.reading.number());
    let none = *params.none_of.get_ref() == claim.subject && claim.value.is_zero();
    (none && figure.is_some_and(|value| value > Decimal::ZERO)).then_some(Contradiction::None)
}

/// Whether a rule of this kind, switched on, tells this claim already.
pub(super) fn tells(view: &View<'_>, claim: &Claim) -> bool {
    let on = view.rules.checks.iter().filter(|check| check.severity_of(view.agency_kind()).is_some());
    on.filter_map(|check| match &check.kind {
        Kind::AllZero(params) => Some(params),
        _ => None,
    })
    .any(|params| contradiction(params, view, claim).is_some())
}

/// One finding a report: the first sentence that contradicts the table.
pub(super) fn judge(check: &Check, params: &AllZero, view: &View<'_>) -> Verdict {
    if let Some(verdict) = not_judged(view, params.table.get_ref()) {
        return verdict;
    }
    let claims = &view.report.claims;
    let Some((claim, kind)) = claims.iter().find_map(|claim| Some((claim, contradiction(params, view, claim)?))) else {
        let spoken = claims.iter().any(|claim| params.subjects.iter().any(|subject| *subject.get_ref() == claim.subject));
        let open = (spoken && has_gaps(view, params.table.get_ref()))
            .then(|| say("表中有的数据无法读作数字", "some cells of the table are not numbers"));
        return verdict(Vec::new(), open);
    };
    // A sentence that states other numbers of the subject too (none by post, two online) proves nothing.
    let beside = claims
        .iter()
        .any(|other| other.sentence == claim.sentence && other.subject == claim.subject && other.value != claim.value);
    if beside || claim.scope == Scope::Unclear {
        let why = say("文中所述可能不是本机关全年的总数", "the sentence may not speak of the agency's own total");
        return Verdict::Inconclusive(why);
    }
    let name = view.table(params.table.get_ref()).map(|(_, form)| (form.name.clone(), form.name_en.clone())).unwrap_or_default();
    let figure = view.figure(params.figure.get_ref()).and_then(|figure| figure.reading.number()).unwrap_or_default();
    let (message, expected, actual) = match kind {
        Contradiction::Zeros => ("zeros", claim.value, Decimal::ZERO),
        Contradiction::None => ("none", figure, claim.value),
    };
    let value = if kind == Contradiction::Zeros { claim.value } else { figure }.normalize().to_string();
    let words =
        [("table", name.0.as_str(), name.1.as_str()), ("value", &value, &value), ("sentence", &claim.sentence, &claim.sentence)];
    let mut it = violation(view, check, params.table.get_ref(), check.message(message, &words));
    it.figures = vec![params.figure.get_ref().clone()];
    it.expected = Some(expected.normalize().to_string());
    it.actual = Some(actual.normalize().to_string());
    it.evidence = std::iter::once(sentence(claim)).chain(view.evidence(params.figure.get_ref())).collect();
    Verdict::Findings(vec![it].into())
}
