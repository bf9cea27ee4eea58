//! Tables with rows and columns exchanged: what the form prints across stands down. They are turned back.

use super::super::forms::Forms;
use super::{Row, RowCell, place};
use crate::model::{Cell, Grid};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// So many different labels of columns at the beginnings of rows are no accident.
const TELLING: usize = 4;

/// The rows of a table that have rows and columns exchanged, with the few rows over them that then head the
/// rows: `None` where there are none, or where it cannot be told which label belongs to which figure.
pub(super) fn span(grid: &Grid, rows: &[Row<'_>], forms: &Forms) -> Option<Range<usize>> {
    if rows.len() <= TELLING {
        return None;
    }
    let mut labels: Vec<&str> = Vec::new();
    let mut leading: Vec<usize> = Vec::new();
    let mut ends: Vec<u32> = vec![0; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        let printed = row.cells.iter().filter(|cell| !cell.is_blank());
        let Some(cell) = printed.take_while(|cell| !cell.is_value()).last() else { continue };
        ends[at] = row.cells.last().map_or(0, |cell| cell.column + cell.width);
        if forms.heads_column(cell.label()) {
            leading.push(at);
            if !labels.contains(&cell.label().key.as_str()) {
                labels.push(&cell.label().key);
            }
        }
    }
    let (first, last) = (*leading.first()?, *leading.last()?);
    // The total, and an applicant called 其他, stand among or behind these without being told by their labels.
    let end = last + 1 + ends[last + 1..].iter().take(3).take_while(|end| **end == ends[first]).count();
    let start = if first <= HEADS { 0 } else { first };
    // Rows that end elsewhere have lost or gained a cell somewhere: which label heads which figure is not certain.
    let widest = rows[start..end].iter().flat_map(|row| &row.cells).map(|cell| cell.column + cell.width).max();
    let even = leading.iter().all(|at| Some(ends[*at]) == widest);
    // Nor is it where a label over the figures reaches down among them and pushes them aside.
    let figures = rows[first].cells.iter().find(|cell| cell.is_value()).map_or(0, |cell| cell.column);
    let above = rows[..first].iter().zip(&grid.rows).flat_map(|(row, cells)| row.cells.iter().zip(cells));
    let mut over = above.filter(|(read, _)| read.column >= figures && !read.is_value());
    let spilled = over.any(|(_, cell)| (cell.row + cell.rowspan) as usize > first);
    (labels.len() >= TELLING && even && !spilled).then_some(start..end)
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
