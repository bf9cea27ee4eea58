//! The header of a table: which columns there are, and which cell of a row stands under which.
//!
//! Columns are told by their labels. Where the spans of the header are sound, each leaf of the header
//! also has a place, and cells are matched by place; where spans were declared wrongly or flattened
//! away, cells are matched by order, but only if there are exactly as many as the header has leaves.

use super::forms::Columns;
use super::rows::{Row, RowCell, SharedCell};
use std::rc::Rc;

/// A column as the header prints it.
#[derive(Debug)]
pub(super) struct Leaf<'a> {
    /// Index among the form's columns; `None` for one the form does not have.
    pub(super) column: Option<usize>,
    pub(super) cell: SharedCell<'a>,
    /// Where it stands as laid out; `None` where only the order is known.
    pub(super) start: Option<u32>,
}

/// The columns of a header, in the order in which figures stand under them.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) leaves: Vec<Leaf<'a>>,
    /// Whether every column that may be there is among them.
    pub(super) whole: bool,
}

/// Reads a header. `corner` tells the cells that head the labels, not the figures.
pub(super) fn read<'a>(rows: &[&Row<'a>], columns: Columns<'_>, corner: impl Fn(&RowCell<'_>) -> bool) -> Header<'a> {
    let laid_out = laid_out(rows, columns, &corner);
    if laid_out.whole {
        return laid_out;
    }
    match flattened(rows, columns) {
        Some(header) => header,
        None => laid_out,
    }
}

/// The lowest label over each laid-out column.
fn laid_out<'a>(rows: &[&Row<'a>], columns: Columns<'_>, corner: &impl Fn(&RowCell<'_>) -> bool) -> Header<'a> {
    let mut covering: Vec<(u32, Vec<&SharedCell<'a>>)> = Vec::new();
    let cells = rows.iter().flat_map(|row| (0..row.cells.len()).map(move |at| (*row, at)));
    for (row, at) in cells.filter(|(row, at)| !row.cells[*at].is_blank() && !corner(&row.cells[*at])) {
        let cell = &row.cells[at];
        for at in cell.column..cell.column + width(row, at, columns) {
            match covering.iter_mut().find(|(column, _)| *column == at) {
                Some((_, cells)) => cells.push(cell),
                None => covering.push((at, vec![cell])),
            }
        }
    }
    covering.sort_by_key(|(column, _)| *column);
    let mut leaves: Vec<Leaf<'a>> = Vec::new();
    for (start, cells) in covering {
        let Some(lowest) = cells.last() else { continue };
        if leaves.last().is_some_and(|leaf| Rc::ptr_eq(&leaf.cell, lowest)) {
            continue;
        }
        let above: Vec<&str> = cells[..cells.len() - 1].iter().map(|cell| cell.label().key.as_str()).collect();
        let taken = |at: usize| leaves.iter().any(|leaf| leaf.column == Some(at));
        let named = |at: &usize| !taken(*at) && columns.is_named(*at, lowest.label());
        let column = (0..columns.forms.len())
            .find(|at| named(at) && columns.is_under(*at, &above))
            .or_else(|| (0..columns.forms.len()).find(|at| named(at) && !ambiguous(columns, *at)));
        // What stands before the first column heads the labels, whatever it says.
        if column.is_some() || !leaves.is_empty() {
            leaves.push(Leaf { column, cell: Rc::clone(lowest), start: Some(start) });
        }
    }
    // Others may stand among those of the form: a subtotal that somebody added.
    let is_there = |at| leaves.iter().filter(|leaf| leaf.column == Some(at)).count() == 1;
    let whole = (0..columns.forms.len()).all(is_there);
    Header { leaves, whole }
}

/// How many columns a cell of a header covers. Where spans were flattened away, the blank cells behind the
/// label of a group are its own, as far as the group reaches.
fn width(row: &Row<'_>, at: usize, columns: Columns<'_>) -> u32 {
    let cell = &row.cells[at];
    let blanks = row.cells[at + 1..].iter().take_while(|next| next.is_blank()).count();
    if cell.width > 1 || blanks == 0 {
        return cell.width.min(64);
    }
    let reach = columns.group(cell.label()).len().min(blanks + 1);
    reach.max(1) as u32
}

/// Whether another column of the form has the same label.
fn ambiguous(columns: Columns<'_>, column: usize) -> bool {
    columns.forms.iter().filter(|other| other.label == columns.forms[column].label).count() > 1
}

/// The form's own order, where the header has each of its labels as often as the form and no others:
/// the spans that would tell the order are gone, but nothing is missing or added. Of a table in pieces
/// each piece has the labels of the groups it names.
fn flattened<'a>(rows: &[&Row<'a>], columns: Columns<'_>) -> Option<Header<'a>> {
    let cells: Vec<&SharedCell<'a>> = rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_blank()).collect();
    let all: Vec<usize> = (0..columns.forms.len()).collect();
    let grouped: Vec<usize> = cells.iter().flat_map(|cell| columns.group(cell.label())).collect();
    let piece: Vec<usize> = all.iter().copied().filter(|at| grouped.contains(at)).collect();
    in_order(&cells, &all, columns).map(|(header, _)| header).or_else(|| {
        let (header, used) = in_order(&cells, &piece, columns)?;
        let more = (0..cells.len()).any(|i| !used[i] && all.iter().any(|at| columns.is_named(*at, cells[i].label())));
        (!more && !piece.is_empty()).then_some(header)
    })
}

/// Some of the form's columns in its order, each under the first unused cell with its label; and which were used.
fn in_order<'a>(cells: &[&SharedCell<'a>], wanted: &[usize], columns: Columns<'_>) -> Option<(Header<'a>, Vec<bool>)> {
    let mut leaves = Vec::with_capacity(wanted.len());
    let mut used = vec![false; cells.len()];
    for at in wanted {
        let found = (0..cells.len()).find(|i| !used[*i] && columns.is_named(*at, cells[*i].label()))?;
        used[found] = true;
        leaves.push(Leaf { column: Some(*at), cell: Rc::clone(cells[found]), start: None });
    }
    Some((Header { leaves, whole: true }, used))
}

/// Whether what is left of a header that was torn into lines speaks for the form's order: columns of one
/// group in that order, single columns too, and no label that the form does not have.
pub(super) fn keeps_order(rows: &[&Row<'_>], columns: Columns<'_>) -> bool {
    let cells = || rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_blank());
    let named = |cell: &RowCell<'_>| (0..columns.forms.len()).find(|at| columns.is_named(*at, cell.label()));
    let group = |at: usize| columns.forms[at].group.as_deref();
    // Labels that several groups share are taken one after another.
    let mut seen: Vec<usize> = Vec::new();
    for cell in cells() {
        let unused = (0..columns.forms.len()).find(|at| !seen.contains(at) && columns.is_named(*at, cell.label()));
        seen.extend(unused.or_else(|| named(cell)));
    }
    let in_order = |one: &usize, two: &usize| group(*one) != group(*two) || one < two;
    let strange = cells().any(|cell| ADDED.iter().any(|word| cell.label().key.contains(word)) && named(cell).is_none());
    !strange && seen.iter().enumerate().all(|(nth, one)| seen[nth + 1..].iter().all(|two| in_order(one, two)))
}

/// Words of columns that people add to the form.
const ADDED: [&str; 5] = ["小计", "合计", "备注", "说明", "占比"];

impl<'c> Header<'c> {
    /// The form's order without a printed header: for rows whose number of figures is the statutory one.
    pub(super) fn statutory(columns: Columns<'_>) -> Header<'c> {
        let nothing = RowCell::nothing();
        Header {
            leaves: (0..columns.forms.len())
                .map(|at| Leaf { column: Some(at), cell: Rc::clone(&nothing), start: None })
                .collect(),
            whole: true,
        }
    }

    /// Whether a leaf only repeats the one before it, in its label and in what a row has below: some programs write a
    /// cell again in each place that it spans.
    pub(super) fn repeats(&self, at: usize, values: &[SharedCell<'_>]) -> bool {
        let (Some(before), Some(leaf)) = (at.checked_sub(1).and_then(|at| self.leaves.get(at)), self.leaves.get(at)) else {
            return false;
        };
        let below = |leaf: &Leaf<'_>| values.iter().find(|cell| Some(cell.column) == leaf.start).map(|cell| cell.text.trim());
        let blank = |leaf: &Leaf<'_>| below(leaf).is_none_or(str::is_empty);
        let same = blank(leaf) || blank(before) || below(leaf) == below(before);
        same && leaf.cell.label() == before.cell.label()
    }

    /// The cell of a row under each leaf; `None` where that cannot be told for certain.
    pub(super) fn align<'a, 'b>(&self, values: &'a [SharedCell<'b>]) -> Option<Vec<Option<&'a SharedCell<'b>>>> {
        self.by_place(values).or_else(|| self.by_order(values))
    }

    /// The cells of a row that breaks off, each under the leaf that begins where it begins.
    pub(super) fn align_cut<'a, 'b>(&self, values: &'a [SharedCell<'b>]) -> Option<Vec<Option<&'a SharedCell<'b>>>> {
        let fits = values.len() < self.leaves.len()
            && values.iter().zip(&self.leaves).all(|(cell, leaf)| leaf.start == Some(cell.column));
        fits.then(|| (0..self.leaves.len()).map(|at| values.get(at)).collect())
    }

    fn by_place<'a, 'b>(&self, values: &'a [SharedCell<'b>]) -> Option<Vec<Option<&'a SharedCell<'b>>>> {
        // What is printed beside all places stands under other columns than these places tell.
        let is_placed = |cell: &SharedCell<'_>| self.leaves.iter().any(|leaf| leaf.start == Some(cell.column));
        // A row of more than twice as many cells, none of them printed, is a row of another table.
        let empty = values.iter().all(|cell| cell.is_blank());
        if empty && values.len() > 2 * self.leaves.len() || !values.iter().all(|cell| cell.is_blank() || is_placed(cell)) {
            return None;
        }
        (0..self.leaves.len()).map(|at| self.under(at, values).map(Some)).collect()
    }

    /// The cell under a leaf. Where the leaf is printed again in each place that it spans, that is the one cell under any
    /// of them in which something is printed; two that differ are not told apart.
    fn under<'a, 'b>(&self, at: usize, values: &'a [SharedCell<'b>]) -> Option<&'a SharedCell<'b>> {
        let below = |leaf: &Leaf<'_>| values.iter().find(|cell| Some(cell.column) == leaf.start);
        let leaf = self.leaves.get(at)?;
        let own = below(leaf)?;
        let again = |next: &&Leaf<'_>| leaf.column.is_some() && next.column.is_none() && next.cell.label() == leaf.cell.label();
        let places = self.leaves[at + 1..].iter().take_while(again).filter_map(below);
        let mut printed = std::iter::once(own).chain(places).filter(|cell| !cell.is_blank());
        let Some(first) = printed.next() else { return Some(own) };
        printed.all(|cell| cell.text.trim() == first.text.trim()).then_some(first)
    }

    fn by_order<'a, 'b>(&self, values: &'a [SharedCell<'b>]) -> Option<Vec<Option<&'a SharedCell<'b>>>> {
        let wanted = self.leaves.len();
        // Under a label that was not made out a figure may stand that looks like one too many.
        if !self.whole && values.len() != wanted {
            return None;
        }
        let printed: Vec<Option<&SharedCell<'b>>> = values.iter().filter(|cell| !cell.is_blank()).map(Some).collect();
        if printed.len() == wanted && wanted > 0 {
            return Some(printed);
        }
        let all_blank = printed.is_empty();
        let mut values = values;
        // Cells that only fill up a flattened row stand before or after the figures and are blank. Where
        // both ends are blank a blank figure cannot be told from a filler.
        while values.len() > wanted {
            let (first, last) = (values.first()?.is_blank(), values.last()?.is_blank());
            values = match (first, last) {
                (_, true) if all_blank || !first => &values[..values.len() - 1],
                (true, false) => &values[1..],
                _ => return None,
            };
        }
        (values.len() == wanted && wanted > 0).then(|| values.iter().map(Some).collect())
    }
}
