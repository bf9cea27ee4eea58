//! The header of a table: which columns there are, and which cell of a row stands under which.
//!
//! Columns are told by their labels. Where the spans of the header are sound, each leaf of the header
//! also has a place, and cells are matched by place; where spans were declared wrongly or flattened
//! away, cells are matched by order, but only if there are exactly as many as the header has leaves.

use super::forms::column_named;
use super::rows::{Row, RowCell};
use crate::rules::ColumnForm;
use crate::text::label_key;

/// A column as the header prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Index among the form's columns; `None` for one the form does not have.
    pub(super) column: Option<usize>,
    pub(super) cell: RowCell,
    /// Where it stands as laid out; `None` where only the order is known.
    pub(super) start: Option<u32>,
}

/// The columns of a header, in the order in which figures stand under them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) leaves: Vec<Leaf>,
}

/// Reads a header. `corner` tells the cells that head the labels, not the figures.
pub(super) fn read(rows: &[&Row], columns: &[ColumnForm], corner: impl Fn(&RowCell) -> bool) -> Header {
    let laid_out = laid_out(rows, columns, &corner);
    if has_all(&laid_out, columns) {
        return laid_out;
    }
    match flattened(rows, columns) {
        Some(header) => header,
        None => laid_out,
    }
}

/// Whether every column of the form is there, once. Others may stand among them: a subtotal that somebody added.
fn has_all(header: &Header, columns: &[ColumnForm]) -> bool {
    (0..columns.len()).all(|at| header.leaves.iter().filter(|leaf| leaf.column == Some(at)).count() == 1)
}

/// The lowest label over each laid-out column.
fn laid_out(rows: &[&Row], columns: &[ColumnForm], corner: &impl Fn(&RowCell) -> bool) -> Header {
    let mut covering: Vec<(u32, Vec<&RowCell>)> = Vec::new();
    for cell in rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_blank() && !corner(cell)) {
        for at in cell.column..cell.column + cell.width.min(64) {
            match covering.iter_mut().find(|(column, _)| *column == at) {
                Some((_, cells)) => cells.push(cell),
                None => covering.push((at, vec![cell])),
            }
        }
    }
    covering.sort_by_key(|(column, _)| *column);
    let mut leaves: Vec<Leaf> = Vec::new();
    for (start, cells) in covering {
        let Some(lowest) = cells.last() else { continue };
        if leaves.last().is_some_and(|leaf| leaf.cell == **lowest) {
            continue;
        }
        let above: Vec<String> = cells[..cells.len() - 1].iter().map(|cell| label_key(&cell.text)).collect();
        let taken = |at: usize| leaves.iter().any(|leaf| leaf.column == Some(at));
        let column = columns
            .iter()
            .enumerate()
            .find(|(at, column)| !taken(*at) && named(column, &lowest.text) && under_group(column, &above))
            .or_else(|| {
                columns
                    .iter()
                    .enumerate()
                    .find(|(at, column)| !taken(*at) && named(column, &lowest.text) && !ambiguous(columns, column))
            })
            .map(|(at, _)| at);
        // What stands before the first column heads the labels, whatever it says.
        if column.is_some() || !leaves.is_empty() {
            leaves.push(Leaf { column, cell: (*lowest).clone(), start: Some(start) });
        }
    }
    Header { leaves }
}

fn named(column: &ColumnForm, label: &str) -> bool {
    column_named(std::slice::from_ref(column), label, |_| true).is_some()
}

fn under_group(column: &ColumnForm, above: &[String]) -> bool {
    column.group.as_deref().is_none_or(|group| above.contains(&label_key(group)))
}

/// Whether another column of the form has the same label.
fn ambiguous(columns: &[ColumnForm], column: &ColumnForm) -> bool {
    columns.iter().filter(|other| other.label == column.label).count() > 1
}

/// The form's own order, where the header has each of its labels as often as the form and no others:
/// the spans that would tell the order are gone, but nothing is missing or added.
fn flattened(rows: &[&Row], columns: &[ColumnForm]) -> Option<Header> {
    let cells: Vec<&RowCell> = rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_blank()).collect();
    let mut leaves = Vec::with_capacity(columns.len());
    let mut used = vec![false; cells.len()];
    for (at, column) in columns.iter().enumerate() {
        let found = (0..cells.len()).find(|i| !used[*i] && named(column, &cells[*i].text))?;
        used[found] = true;
        leaves.push(Leaf { column: Some(at), cell: cells[found].clone(), start: None });
    }
    Some(Header { leaves })
}

impl Header {
    /// The form's order without a printed header: for rows whose number of figures is the statutory one.
    pub(super) fn statutory(columns: &[ColumnForm]) -> Header {
        let nothing = RowCell { text: String::new(), column: 0, width: 1, place: crate::model::Place::default() };
        Header { leaves: (0..columns.len()).map(|at| Leaf { column: Some(at), cell: nothing.clone(), start: None }).collect() }
    }

    /// The cell of a row under each leaf; `None` where that cannot be told for certain.
    pub(super) fn align<'a>(&self, values: &'a [RowCell]) -> Option<Vec<Option<&'a RowCell>>> {
        self.by_place(values).or_else(|| self.by_order(values))
    }

    /// The cells of a row that breaks off, each under the leaf that begins where it begins.
    pub(super) fn align_cut<'a>(&self, values: &'a [RowCell]) -> Option<Vec<Option<&'a RowCell>>> {
        let fits = values.len() < self.leaves.len()
            && values.iter().zip(&self.leaves).all(|(cell, leaf)| leaf.start == Some(cell.column));
        fits.then(|| (0..self.leaves.len()).map(|at| values.get(at)).collect())
    }

    fn by_place<'a>(&self, values: &'a [RowCell]) -> Option<Vec<Option<&'a RowCell>>> {
        self.leaves.iter().map(|leaf| values.iter().find(|cell| Some(cell.column) == leaf.start).map(Some)).collect()
    }

    fn by_order<'a>(&self, values: &'a [RowCell]) -> Option<Vec<Option<&'a RowCell>>> {
        let wanted = self.leaves.len();
        let all_blank = values.iter().all(RowCell::is_blank);
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
