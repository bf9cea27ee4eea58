//! A figure many times last year's, or beyond what such an agency can have.

use super::identity::not_judged;
use super::last;
use super::view::{View, below_city, say, verdict, violation};
use crate::model::{Figure, Message, Report, Verdict, Violation};
use crate::rules::{Check, Jump, Kind};
use rust_decimal::Decimal;

/// A figure's number, amounts of money brought to 万元.
fn number(figure: &Figure) -> Option<Decimal> {
    let value = figure.reading.number().filter(|value| !value.is_sign_negative())?;
    match figure.unit.as_deref() {
        Some("元") => value.checked_div(Decimal::from(10_000)),
        Some("亿元") => value.checked_mul(Decimal::from(10_000)),
        _ => Some(value),
    }
}

/// What is wrong with one figure: last year's number, where that is what it is held against.
enum Fault {
    Jump(Decimal),
    Ceiling,
}

fn fault(params: &Jump, view: &View<'_>, last: Option<&Report>, id: &str) -> Option<Fault> {
    let now = number(view.figure(id)?)?;
    let limit = params.ceiling.filter(|_| below_city(view) == Some(true)).map(Decimal::from);
    if limit.is_some_and(|limit| now >= limit) {
        return Some(Fault::Ceiling);
    }
    let before = number(last?.figure(id)?)?;
    let times = Decimal::from(params.times);
    let (less, more) = if before < now { (before, now) } else { (now, before) };
    let far = more.checked_div(less).is_none_or(|ratio| ratio >= times);
    // Against nothing everything is infinitely much: only the rule of small jumps speaks of that.
    let counted = !less.is_zero() || params.by > 0;
    (counted && far && more - less >= Decimal::from(params.by) && more > less).then_some(Fault::Jump(before))
}

/// Whether a rule of this kind with a farther limit, switched on, tells this figure already.
fn told_elsewhere(check: &Check, params: &Jump, view: &View<'_>, last: Option<&Report>, id: &str) -> bool {
    view.rules.checks.iter().any(|other| match &other.kind {
        Kind::Jump(farther) => {
            other.id != check.id
                && farther.times > params.times
                && other.severity_of(view.agency_kind()).is_some()
                && farther.figures.iter().any(|figure| figure.get_ref() == id)
                && fault(farther, view, last, id).is_some()
        }
        _ => false,
    })
}

/// One finding a figure.
pub(super) fn judge(check: &Check, params: &Jump, view: &View<'_>) -> Verdict {
    let last = last::last(view.report, view.context);
    let previous = last.as_ref().ok().copied();
    let (mut findings, mut open, mut asked): (_, Option<Message>, _) = (Vec::new(), None, false);
    for figure in &params.figures {
        let id = figure.get_ref().as_str();
        let table = id.split('.').next().unwrap_or_default();
        if view.table(table).is_some_and(|(_, form)| form.place(id).is_none()) {
            continue;
        }
        asked = true;
        if let Some(Verdict::Inconclusive(why)) = not_judged(view, table) {
            open.get_or_insert(why);
            continue;
        }
        let comparable = previous.is_some_and(|report| report.figure(id).is_some_and(|figure| number(figure).is_some()));
        match fault(params, view, previous, id) {
            Some(_) if told_elsewhere(check, params, view, previous, id) => {}
            Some(fault) => findings.push(finding(check, params, view, previous, id, &fault)),
            None if !comparable => {
                let why = last.as_ref().err().cloned();
                open.get_or_insert_with(|| {
                    why.unwrap_or_else(|| say("上一年度没有可比的数据", "last year has no comparable figure"))
                });
            }
            None if view.figure(id).is_none_or(|figure| number(figure).is_none()) => {
                let label = view.label(id);
                open.get_or_insert_with(|| say(format!("{label}没有可读的数字"), format!("{id} is not a number")));
            }
            None => {}
        }
    }
    if asked { verdict(findings, open) } else { Verdict::NotApplicable }
}

fn finding(check: &Check, params: &Jump, view: &View<'_>, last: Option<&Report>, id: &str, fault: &Fault) -> Violation {
    let label = view.label(id);
    let figure = view.figure(id);
    let to = figure.map(|figure| figure.raw.trim().to_owned()).unwrap_or_default();
    let before = last.and_then(|report| report.figure(id));
    let (from_zh, from_en) = match fault {
        Fault::Jump(from) => (format!("上一年度为 {}", from.normalize()), format!("last year it was {}", from.normalize())),
        Fault::Ceiling => {
            let limit = params.ceiling.unwrap_or_default();
            (format!("达到或超过 {limit}"), format!("it is {limit} or more"))
        }
    };
    let words = [("cell", label.as_str(), id), ("from", from_zh.as_str(), from_en.as_str()), ("to", to.as_str(), to.as_str())];
    let mut it = violation(view, check, format!("{}/{id}", params.place), check.message("finding", &words));
    it.figures = vec![id.to_owned()];
    it.expected = match fault {
        Fault::Jump(from) => Some(from.normalize().to_string()),
        Fault::Ceiling => None,
    };
    it.actual = Some(to);
    it.evidence =
        view.evidence(id).into_iter().chain(before.filter(|_| matches!(fault, Fault::Jump(_))).map(last::evidence)).collect();
    it
}
