//! An amount of money without its unit.

use super::identity::not_judged;
use super::view::{View, say, violation};
use crate::model::{Reading, Verdict};
use crate::rules::{Check, UnitMissing};

/// An amount above zero whose unit neither cell nor label prints.
pub(super) fn missing(check: &Check, params: &UnitMissing, view: &View<'_>) -> Verdict {
    let id = params.figure.get_ref().as_str();
    let table = id.split('.').next().unwrap_or_default();
    if view.table(table).is_some_and(|(_, form)| form.place(id).is_none()) {
        return Verdict::NotApplicable;
    }
    if let Some(verdict) = not_judged(view, table) {
        return verdict;
    }
    let Some(figure) = view.figure(id) else { return Verdict::NotApplicable };
    match &figure.reading {
        Reading::Number(value) if figure.unit.is_none() && !value.is_zero() => {
            let label = view.label(id);
            let raw = figure.raw.trim();
            let mut it = violation(view, check, id, check.message("finding", &[("cell", &label, id), ("raw", raw, raw)]));
            it.figures = vec![id.to_owned()];
            it.actual = Some(raw.to_owned());
            it.evidence = view.evidence(id).into_iter().collect();
            Verdict::Findings(vec![it].into())
        }
        Reading::Number(_) => Verdict::Clean,
        other => {
            let word = other.word();
            Verdict::Inconclusive(say(format!("{}没有可读的数字", view.label(id)), format!("{id} is {word}")))
        }
    }
}
