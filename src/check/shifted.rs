//! A column whose numbers stand one row off: moved back, it balances again.

use super::balance::Balance;
use super::view::{View, say, torn, verdict, violation};
use crate::model::Verdict;
use crate::rules::{Check, ForEach, Kind, OfTable};
use std::collections::HashMap;

/// A column and the way its numbers must move.
#[derive(Debug, Clone)]
pub(super) struct Shift {
    pub table: String,
    /// Label and id.
    pub column: (String, String),
    /// True where the numbers must move one row up.
    pub up: bool,
    /// Instances that the move restores.
    pub explains: Vec<usize>,
}

/// Finds columns whose identities fail and hold once the column is moved by one row, by
/// themselves or all together, without breaking what holds.
pub(super) fn find(view: &View<'_>, balance: &mut Balance<'_>) {
    for check in &view.rules.checks {
        let Kind::ShiftedColumn(params) = &check.kind else { continue };
        if check.severity_of(view.agency_kind()).is_none() {
            continue;
        }
        let table = params.table.get_ref();
        let failing = failing_columns(balance, table);
        let together = [failing.clone()];
        let alone: Vec<Vec<(String, String)>> = failing.iter().map(|column| vec![column.clone()]).collect();
        for columns in together.iter().chain(&alone) {
            for up in [true, false] {
                if columns.is_empty() || columns.iter().any(|column| balance.shifts.iter().any(|it| it.column == *column)) {
                    continue;
                }
                if let Some(restored) = restored(balance, table, columns, up) {
                    note(balance, table, columns, up, &restored);
                }
            }
        }
    }
}

/// Columns with two identities or more, one of which at least fails unexplained: the other may hold by chance
/// although every number stands one row off.
fn failing_columns(balance: &Balance<'_>, table: &str) -> Vec<(String, String)> {
    let mut columns: Vec<(&(String, String), usize, usize)> = Vec::new();
    for (at, instance) in balance.instances.iter().enumerate() {
        if instance.table != table || instance.for_each != ForEach::Column {
            continue;
        }
        let fails = usize::from(instance.fails() && !balance.explained[at]);
        match columns.iter_mut().find(|(column, ..)| **column == instance.it.label) {
            Some((_, all, failing)) => (*all, *failing) = (*all + 1, *failing + fails),
            None => columns.push((&instance.it.label, 1, fails)),
        }
    }
    columns.into_iter().filter(|(_, all, failing)| *all >= 2 && *failing >= 1).map(|(column, ..)| column.clone()).collect()
}

/// So many identities restored at once are no accident.
const BORNE_OUT: usize = 4;

/// The instances that moving these columns restores, if it restores all of theirs and breaks none.
fn restored(balance: &Balance<'_>, table: &str, columns: &[(String, String)], up: bool) -> Option<Vec<usize>> {
    let mut moved: HashMap<usize, i128> = HashMap::new();
    for (_, column) in columns {
        let in_column = |at: &usize| balance.cells[*at].table == table && balance.cells[*at].column == *column;
        let cells: Vec<usize> = (0..balance.cells.len()).filter(in_column).collect();
        let mut values: Vec<i128> = cells.iter().map(|at| balance.cells[*at].lenient()).collect::<Option<_>>()?;
        // One number alone fits too many places to prove anything.
        if values.iter().filter(|value| **value != 0).count() < 2 {
            return None;
        }
        if up {
            values.rotate_left(1)
        } else {
            values.rotate_right(1)
        }
        moved.extend(cells.into_iter().zip(values));
    }
    let after = |at: usize| moved.get(&at).copied().or_else(|| balance.cells[at].lenient());
    let mut restored = Vec::new();
    let mut by_chance = false;
    for (at, instance) in balance.instances.iter().enumerate() {
        if !instance.signed().any(|(cell, _)| moved.contains_key(&cell)) {
            continue;
        }
        let holds = instance.sums(after).map(|(left, right)| left == right);
        let own = instance.for_each == ForEach::Column && columns.contains(&instance.it.label);
        match (instance.fails(), holds) {
            (true, Some(true)) => restored.push(at),
            (true, _) if own => return None,
            (false, Some(false)) if matches!(instance.state, super::balance::State::Holds) => return None,
            (false, _) if own => by_chance = true,
            _ => {}
        }
    }
    // Where not all of a column fails, the rows must bear out what the column says.
    (!by_chance || restored.len() >= BORNE_OUT).then_some(restored)
}

fn note(balance: &mut Balance<'_>, table: &str, columns: &[(String, String)], up: bool, restored: &[usize]) {
    restored.iter().for_each(|at| balance.explained[*at] = true);
    for column in columns {
        let own = |at: &usize| {
            let instance = &balance.instances[*at];
            instance.for_each != ForEach::Column || instance.it.label == *column
        };
        let explains = restored.iter().copied().filter(own).collect();
        balance.shifts.push(Shift { table: table.to_owned(), column: column.clone(), up, explains });
    }
}

/// One finding a shifted column.
pub(super) fn judge(check: &Check, params: &OfTable, view: &View<'_>) -> Verdict {
    let table = params.table.get_ref();
    if let Some(verdict) = super::identity::not_judged(view, table) {
        return verdict;
    }
    let balance = &view.balance;
    let findings = balance.shifts.iter().filter(|shift| shift.table == *table).map(|shift| {
        let (label, id) = &shift.column;
        let direction = if shift.up { ("上", "up") } else { ("下", "down") };
        let sums: Vec<(String, String)> =
            shift.explains.iter().map(|at| super::identity::by_hand(balance, &balance.instances[*at])).collect();
        let zh = sums.iter().map(|(zh, _)| zh.as_str()).collect::<Vec<_>>().join("；");
        let en = sums.iter().map(|(_, en)| en.as_str()).collect::<Vec<_>>().join("; ");
        let words = [("column", label.as_str(), id.as_str()), ("direction", direction.0, direction.1), ("identities", &zh, &en)];
        let mut it = violation(view, check, format!("shifted/{id}"), check.message("finding", &words));
        let cells: Vec<_> = balance.cells.iter().filter(|cell| cell.table == *table && cell.column == *id).collect();
        it.figures = cells.iter().map(|cell| cell.id.to_owned()).collect();
        let printed = cells.iter().filter(|cell| cell.number().is_some_and(|value| value != 0));
        it.evidence = printed.filter_map(|cell| view.evidence(cell.id)).collect();
        it
    });
    let open = torn(view, &[]).or_else(|| {
        let mut instances = balance.instances.iter().filter(|it| it.table == *table);
        let open = instances.all(|it| matches!(it.state, super::balance::State::Open(_)));
        open.then(|| say("各列均有无法计算的数据", "no column can be added up"))
    });
    verdict(findings.collect(), open)
}
