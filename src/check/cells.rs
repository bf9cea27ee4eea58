//! What single cells say: nothing, no number, or a number that cannot be.

use super::view::{Cells, View, say, torn, verdict, violation};
use crate::model::{Figure, Message, Reading, Verdict};
use crate::rules::{CellState, Check, FigureKind};
use rust_decimal::Decimal;

/// How many cells a message and its evidence name.
const NAMED: usize = 8;

fn without_form(view: &View<'_>) -> Option<Verdict> {
    match view.report.standard.as_str() {
        "pre2019" => Some(Verdict::NotApplicable),
        _ if view.standard.is_none() => {
            Some(Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told")))
        }
        _ => None,
    }
}

/// Why the rest of the cells proves nothing: tables torn, none found, or cells we could not make out.
fn open(view: &View<'_>) -> Option<Message> {
    let Cells { all: cells, torn: torn_tables } = view.cells();
    if cells.is_empty() && torn_tables.is_empty() {
        return Some(say("报告中没有可核对的表格", "no table of the form was found"));
    }
    let illegible = cells.iter().find(|(figure, _)| figure.reading == Reading::Illegible);
    torn(view, torn_tables).or_else(|| {
        illegible.map(|(figure, _)| say(format!("{}无法辨认", view.label(&figure.id)), format!("{} is illegible", figure.id)))
    })
}

/// Statutory cells in one of these states: one finding listing them all.
pub(super) fn state(check: &Check, params: &CellState, view: &View<'_>) -> Verdict {
    if let Some(verdict) = without_form(view) {
        return verdict;
    }
    // Nearly every cell is a number, which is no state that a rule may name.
    let named = |figure: &&Figure| {
        figure.reading.number().is_none() && params.states.iter().any(|state| state.get_ref() == figure.reading.word())
    };
    let found: Vec<&Figure> = view.cells().all.iter().map(|(figure, _)| *figure).filter(named).collect();
    if found.is_empty() {
        return verdict(Vec::new(), open(view));
    }
    let shown = |figure: &&Figure| match figure.raw.trim() {
        "" => view.label(&figure.id),
        raw => format!("{}（{raw}）", view.label(&figure.id)),
    };
    let mut zh = found.iter().take(NAMED).map(shown).collect::<Vec<_>>().join("、");
    let mut en = found.iter().take(NAMED).map(|figure| figure.id.as_str()).collect::<Vec<_>>().join(", ");
    if found.len() > NAMED {
        zh.push('等');
        en.push_str(", …");
    }
    let count = found.len().to_string();
    let message = check.message("finding", &[("count", &count, &count), ("cells", &zh, &en)]);
    let mut it = violation(view, check, "cells", message);
    it.figures = found.iter().map(|figure| figure.id.clone()).collect();
    it.actual = Some(count);
    it.evidence = found.iter().take(NAMED).filter_map(|figure| view.evidence(&figure.id)).collect();
    Verdict::Findings(vec![it].into())
}

/// Whether a number can be what its figure counts.
pub(super) fn possible(kind: FigureKind, value: Decimal) -> bool {
    match kind {
        FigureKind::Count => value.fract().is_zero() && value >= Decimal::ZERO,
        FigureKind::Delta => value.fract().is_zero(),
        FigureKind::Money => value >= Decimal::ZERO,
    }
}

/// Negative or fractional counts, negative amounts: one finding a cell.
pub(super) fn range(check: &Check, view: &View<'_>) -> Verdict {
    if let Some(verdict) = without_form(view) {
        return verdict;
    }
    let mut findings = Vec::new();
    for (figure, kind) in &view.cells().all {
        let Some(value) = figure.reading.number().filter(|value| !possible(*kind, *value)) else { continue };
        let label = view.label(&figure.id);
        let raw = value.normalize().to_string();
        let message = check.message("finding", &[("cell", &label, &figure.id), ("raw", &raw, &raw)]);
        let mut it = violation(view, check, &figure.id, message);
        it.figures = vec![figure.id.clone()];
        it.actual = Some(raw);
        it.evidence = view.evidence(&figure.id).into_iter().collect();
        findings.push(it);
    }
    verdict(findings, open(view))
}
