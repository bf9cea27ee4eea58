//! Tables with rows and columns exchanged: what the form prints across stands down. They are turned back.

use super::super::forms::{Forms, Label};
use super::{Row, RowCell, place};
use crate::model::{Cell, Grid, Reading};
use crate::text::{is_filler, read_cell};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// So many different labels of columns at the beginnings of rows are no accident.
const TELLING: usize = 4;

/// The rows of a table that have rows and columns exchanged, with the few rows over them that then head the
/// rows: `None` where there are none, or where it cannot be told which label belongs to which figure.
pub(super) fn span(grid: &Grid, forms: &Forms) -> Option<Range<usize>> {
    if grid.rows.len() <= TELLING {
        return None;
    }
    let mut labels: Vec<String> = Vec::new();
    let mut leading: Vec<usize> = Vec::new();
    let mut ends: Vec<u32> = vec![0; grid.rows.len()];
    for (at, row) in grid.rows.iter().enumerate() {
        let printed = || row.iter().filter(|cell| !cell.text.chars().all(is_filler));
        let is_label = |cell: &&Cell| read_cell(&cell.text).reading == Reading::Text;
        let Some(label) = printed().take_while(is_label).last().map(|cell| Label::new(&cell.text)) else { continue };
        ends[at] = row.last().map_or(0, |cell| cell.column + cell.colspan);
        if forms.heads_column(&label) {
            leading.push(at);
            if !labels.contains(&label.key) {
                labels.push(label.key);
            }
        }
    }
    let (first, last) = (*leading.first()?, *leading.last()?);
    // The total, and an applicant called 其他, stand among or behind these without being told by their labels.
    let end = last + 1 + ends[last + 1..].iter().take(3).take_while(|end| **end == ends[first]).count();
    let start = if first <= HEADS { 0 } else { first };
    // Rows that end elsewhere have lost or gained a cell somewhere: which label heads which figure is not certain.
    let widest = grid.rows[start..end].iter().flatten().map(|cell| cell.column + cell.colspan).max();
    let even = leading.iter().all(|at| Some(ends[*at]) == widest);
    (labels.len() >= TELLING && even).then_some(start..end)
}

/// So many rows at most stand over the figures of a table that was turned.
const HEADS: usize = 5;

/// The rows that the form would have, each cell still at its place on the page.
pub(super) fn rows<'a>(grid: &'a Grid, turned: Range<usize>) -> Vec<Row<'a>> {
    let mut columns: BTreeMap<u32, Vec<&Cell>> = BTreeMap::new();
    for cell in grid.rows.get(turned).into_iter().flatten().flatten() {
        columns.entry(cell.column).or_default().push(cell);
    }
    columns
        .into_values()
        .map(|mut cells| {
            cells.sort_by_key(|cell| cell.row);
            let cells = cells
                .into_iter()
                .map(|cell| RowCell::new(Cow::Borrowed(&cell.text), cell.row, cell.rowspan, place(grid, cell), None));
            Row { cells: cells.collect(), torn: false, complete: grid.complete }
        })
        .collect()
}
