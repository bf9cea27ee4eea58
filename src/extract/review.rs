//! The table of section four: one row of figures under a header of groups; or a table for each group of
//! cases; or a row for each.

use super::forms::{Columns, Forms, TableId};
use super::header::{self, Header, Leaf};
use super::marks::{Mark, is_beside_stray};
use super::rows::{Row, RowCell, SharedCell};
use super::tables::{Found, Table, adds_up, header_above};
use crate::text::squeeze;
use std::rc::Rc;

const ID: TableId = TableId::ReviewLitigation;

/// Reads the table in whichever shape it stands.
pub(super) fn read<'a>(rows: &[Row<'a>], marks: &[Mark], forms: &Forms, form: usize) -> Table<'a> {
    let form_table = forms.table(form, ID);
    let Some((form_table, block)) = form_table.and_then(|table| Some((table, table.blocks.first()?))) else {
        return Table::default();
    };
    let columns = forms.columns(form, ID, block);
    let mut table = Table::in_form(form, form_table);
    let mut headers = under_headers(rows, marks, columns, &mut table);
    if !table.found {
        headers = beside_labels(rows, columns, &mut table);
    }
    if table.found {
        let leaves = || headers.iter().flat_map(|header| &header.leaves);
        let seen = |at: usize| leaves().any(|leaf| leaf.column == Some(at));
        table.complete &= !marks.contains(&Mark::Stray(ID));
        table.missing_columns = (0..columns.forms.len()).filter(|at| !seen(*at)).map(|at| columns.forms[at].id.clone()).collect();
        // Outcomes that stand in lines of text may be those that are missing.
        let is_outcome = |row: &&Row<'_>| (0..columns.forms.len()).any(|at| columns.is_named(at, row.cells[0].label()));
        let lost = rows.iter().filter(|row| row.torn && row.cells.len() == 1).any(|row| is_outcome(&row));
        table.complete &= table.missing_columns.is_empty() || !lost;
        let unknown = leaves().filter(|leaf| leaf.column.is_none() && !leaf.cell.text.is_empty());
        table.unknown_columns = unknown.map(|leaf| (squeeze(&leaf.cell.text), leaf.cell.place())).collect();
    }
    table
}

/// Rows of figures, each under the header above it; figures broken over several lines are put together.
fn under_headers<'a>(rows: &[Row<'a>], marks: &[Mark], columns: Columns<'_>, table: &mut Table<'a>) -> Vec<Header<'a>> {
    let mut headers = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        if marks[at] != Mark::Bare(ID) {
            at += 1;
            continue;
        }
        let above = header_above(rows, marks, at, ID);
        let corner = |cell: &RowCell<'_>| cell.is_value();
        let mut header = header::read(&above, columns, corner);
        // A header torn into lines of text has lost its order; the number of figures must then be the form's.
        if above.iter().all(|row| row.torn) || header.leaves.iter().all(|leaf| leaf.column.is_none()) {
            header = Header::statutory(columns);
            table.complete &= header::keeps_order(&above, columns);
        }
        let mut values: Vec<SharedCell<'a>> = rows[at].cells.clone();
        let first = at;
        at += 1;
        let mut even = true;
        while at < rows.len() && values.len() < header.leaves.len() && matches!(marks[at], Mark::Bare(ID) | Mark::Stray(ID)) {
            even &= rows[at].cells.len() == rows[first].cells.len();
            values.extend(rows[at].cells.iter().cloned());
            at += 1;
        }
        // Figures that had no room go on in the line below, and then the line is not to be told from two rows.
        let goes_on = rows.get(at).is_some_and(|row| row.torn) && marks[at] == Mark::Bare(ID);
        if rows[first].torn && (goes_on || is_beside_stray(rows, marks, first..at) || !even && !add_up(&values, columns)) {
            table.unread();
            at += usize::from(goes_on);
            continue;
        }
        take(table, &values, &rows[first], &header);
        // An outcome that cannot be given to its group was not read.
        let known = |cell: &RowCell<'_>| (0..columns.forms.len()).any(|at| columns.is_named(at, cell.label()));
        table.complete &= !header.leaves.iter().any(|leaf| leaf.column.is_none() && known(&leaf.cell));
        headers.push(header);
    }
    headers
}

/// Whether each group's last figure is the sum of its others, as far as all of them are printed.
fn add_up(values: &[SharedCell<'_>], columns: Columns<'_>) -> bool {
    let places: Vec<Option<&SharedCell<'_>>> = values.iter().map(Some).collect();
    let group = |at: usize| columns.forms[at].group.as_deref();
    let starts = |at: &usize| *at == 0 || group(*at) != group(*at - 1);
    let starts: Vec<usize> = (0..columns.forms.len()).filter(starts).chain([columns.forms.len()]).collect();
    values.len() == columns.forms.len() && starts.windows(2).all(|ends| adds_up(&places[ends[0]..ends[1]]) != Some(false))
}

fn take<'a>(table: &mut Table<'a>, values: &[SharedCell<'a>], row: &Row<'a>, header: &Header<'_>) {
    let Some(head) = row.cells.first() else { return };
    let found = Found { row: None, head, labelled: false, values, at: 0, complete: row.complete, last: false };
    table.begin(&found);
    table.take(0, &found, header);
}

/// A row for each kind of case: its name in front, the outcomes in the header above.
fn beside_labels<'a>(rows: &[Row<'a>], columns: Columns<'_>, table: &mut Table<'a>) -> Vec<Header<'a>> {
    let mut headers = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.torn) {
        // 见附件: a few words may stand among the figures.
        let group_of = |cell: &SharedCell<'a>| if cell.is_value() { Vec::new() } else { columns.group(cell.label()) };
        let Some(label_at) = row.cells.iter().rposition(|cell| !group_of(cell).is_empty()) else { continue };
        let values = &row.cells[label_at + 1..];
        let group = group_of(&row.cells[label_at]);
        if values.len() < FEWEST_OUTCOMES || !values.iter().any(|cell| cell.is_value()) {
            continue;
        }
        let named = |row: &Row<'a>| outcomes(row, &group, columns);
        let Some(header) = (at.saturating_sub(group.len())..at)
            .rev()
            .map(|above| named(&rows[above]))
            .find(|header| header.leaves.iter().filter(|leaf| leaf.column.is_some()).count() >= FEWEST_OUTCOMES)
        else {
            continue;
        };
        take(table, values, row, &header);
        headers.push(header);
    }
    headers
}

/// So few outcomes make no row and no header.
const FEWEST_OUTCOMES: usize = 3;

/// The outcomes that a row of labels names, among the columns of one group.
fn outcomes<'a>(row: &Row<'a>, group: &[usize], columns: Columns<'_>) -> Header<'a> {
    let named = |cell: &SharedCell<'a>| group.iter().copied().find(|at| columns.is_named(*at, cell.label()));
    let first = row.cells.iter().position(|cell| named(cell).is_some()).unwrap_or(row.cells.len());
    let leaf = |cell: &SharedCell<'a>| Leaf { column: named(cell), cell: Rc::clone(cell), start: Some(cell.column) };
    let leaves: Vec<Leaf<'a>> = row.cells[first..].iter().filter(|cell| !cell.is_blank()).map(leaf).collect();
    let whole = leaves.iter().all(|leaf| leaf.column.is_some());
    Header { leaves, whole }
}
