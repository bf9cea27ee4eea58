//! One identity rule: what of it fails, told by diagnosis where there is one, else by its sum.

use super::balance::{Balance, Instance, State};
use super::diagnose::Told;
use super::view::{View, say, torn, verdict, violation};
use crate::model::{Message, Verdict, Violation};
use crate::rules::{Check, Identity, Operand};

/// The verdict of a rule over a table that cannot be judged at all.
pub(super) fn not_judged(view: &View<'_>, table: &str) -> Option<Verdict> {
    if view.standard.is_none() {
        return Some(match view.report.standard.as_str() {
            "pre2019" => Verdict::NotApplicable,
            _ => Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told")),
        });
    }
    match view.table(table) {
        None => Some(Verdict::Inconclusive(say("报告中没有这张表", "the table is not there"))),
        Some((read, _)) if !read.complete => torn(view, &[table]).map(Verdict::Inconclusive),
        Some(_) => None,
    }
}

/// Judges the instances of one rule.
pub(super) fn judge(check: &Check, params: &Identity, view: &View<'_>) -> Verdict {
    if let Some(verdict) = not_judged(view, params.table.get_ref()) {
        return verdict;
    }
    let balance = &view.balance;
    let mut findings = Vec::new();
    let mut open = None;
    for (at, instance) in balance.instances.iter().enumerate().filter(|(_, it)| it.check.id == check.id) {
        if let Some(told) = balance.told.iter().find(|told| told.explains.first() == Some(&at)) {
            findings.push(diagnosed(check, view, instance, told));
        } else if balance.explained[at] {
            open.get_or_insert_with(|| explained_elsewhere(balance, at));
        } else if let State::Open(why) = &instance.state {
            open.get_or_insert_with(|| {
                say(format!("{}：{}", instance.it.label.0, why.zh), format!("{}: {}", instance.it.label.1, why.en))
            });
        } else if instance.fails() {
            findings.push(unequal(check, view, instance));
        }
    }
    verdict(findings, open)
}

/// It fails, so it is not clean; but it is told once, elsewhere.
fn explained_elsewhere(balance: &Balance<'_>, at: usize) -> Message {
    let told = balance.told.iter().find(|told| told.explains.contains(&at));
    let rule = told
        .and_then(|told| told.explains.first())
        .map_or("balance/shifted-column", |first| balance.instances[*first].check.id.as_str());
    say(format!("同一处错误已在 {rule} 列出，改正后再核"), format!("the same fault is told under {rule}"))
}

/// The value a cell has in sums: a blank that was read as 0 is 0.
fn value(balance: &Balance<'_>, at: usize) -> Option<i128> {
    balance.cells[at].lenient()
}

fn side(balance: &Balance<'_>, instance: &Instance<'_>, operands: &[Operand]) -> String {
    let mut text = String::new();
    for operand in operands {
        let total = instance.total(operand, |at| value(balance, at)).unwrap_or_default();
        match (text.is_empty(), operand.negative) {
            (true, false) => text.push_str(&total.to_string()),
            (_, true) => text.push_str(&format!(" - {}", -total)),
            (false, false) => text.push_str(&format!(" + {total}")),
        }
    }
    text
}

/// 「4 + 0 ≠ 3 + 0」.
fn sum_text(balance: &Balance<'_>, instance: &Instance<'_>) -> String {
    format!("{} ≠ {}", side(balance, instance, &instance.it.left), side(balance, instance, &instance.it.right))
}

/// 「自然人：4 + 0 ≠ 3 + 0」 in both languages.
pub(super) fn by_hand(balance: &Balance<'_>, instance: &Instance<'_>) -> (String, String) {
    let sum = sum_text(balance, instance);
    (format!("{}：{sum}", instance.it.label.0), format!("{}: {sum}", instance.it.label.1))
}

/// Ids of an identity's cells: those of a side with one cell first, then the others in order.
fn figures(balance: &Balance<'_>, instance: &Instance<'_>) -> Vec<String> {
    instance.signed().map(|(cell, _)| balance.cells[cell].id.to_owned()).collect()
}

/// Quotes of the cells that make the sum: all but those that say 0.
fn evidence(view: &View<'_>, instance: &Instance<'_>, suspect: Option<usize>) -> Vec<crate::model::Evidence> {
    let balance = &view.balance;
    let tells = |cell: &usize| Some(*cell) != suspect && balance.cells[*cell].lenient() != Some(0);
    let others = instance.signed().map(|(cell, _)| cell).filter(tells);
    suspect.into_iter().chain(others).filter_map(|cell| view.evidence(balance.cells[cell].id)).collect()
}

fn unequal(check: &Check, view: &View<'_>, instance: &Instance<'_>) -> Violation {
    let balance = &view.balance;
    let (left, right) = instance.sums(|at| value(balance, at)).unwrap_or_default();
    let sum = sum_text(balance, instance);
    let difference = (left - right).abs().to_string();
    let words = [
        ("instance", instance.it.label.0.as_str(), instance.it.label.1.as_str()),
        ("sum", sum.as_str(), sum.as_str()),
        ("difference", &difference, &difference),
    ];
    let mut it = violation(view, check, &instance.it.place, check.message("unequal", &words));
    it.figures = figures(balance, instance);
    // A side of one term is what is printed as the total; the other side is what it should be.
    let printed_left = instance.it.left.len() == 1;
    let (expected, actual) = if printed_left { (right, left) } else { (left, right) };
    it.expected = Some(expected.to_string());
    it.actual = Some(actual.to_string());
    it.evidence = evidence(view, instance, None);
    it
}

fn diagnosed(check: &Check, view: &View<'_>, instance: &Instance<'_>, told: &Told) -> Violation {
    let balance = &view.balance;
    let id = balance.cells[told.cell].id;
    let label = view.label(id);
    let sums: Vec<_> = told.explains.iter().map(|at| by_hand(balance, &balance.instances[*at])).collect();
    let zh = sums.iter().map(|(zh, _)| zh.as_str()).collect::<Vec<_>>().join("；");
    let en = sums.iter().map(|(_, en)| en.as_str()).collect::<Vec<_>>().join("; ");
    let (from, to, count) = (told.from.to_string(), told.to.to_string(), told.explains.len().to_string());
    let words = [
        ("cell", label.as_str(), id),
        ("from", &from, &from),
        ("to", &to, &to),
        ("count", &count, &count),
        ("identities", &zh, &en),
    ];
    let mut it = violation(view, check, &instance.it.place, check.message("diagnosis", &words));
    let others = told.explains.iter().flat_map(|at| figures(balance, &balance.instances[*at]));
    it.figures = vec![id.to_owned()];
    for figure in others {
        if !it.figures.contains(&figure) {
            it.figures.push(figure);
        }
    }
    it.expected = Some(to);
    it.actual = Some(from);
    it.evidence = evidence(view, instance, Some(told.cell));
    it
}
