//! A document as one stream of rows: rows of its grids, and lines of text that read like rows.
//!
//! Tables run into one another, are cut by page breaks, or lose their lines altogether; reading them
//! row by row, wherever the rows stand, copes with all of that alike.

mod laid;
mod lines;
mod transposed;

pub use lines::is_row;

use super::forms::{Forms, Label};
use crate::model::{Block, Cell, Document, Grid, Place, Reading};
use crate::text::{CellReading, is_filler, read_cell};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

/// A cell of a row, read and made comparable once: rows are looked at again and again.
#[derive(Debug)]
pub(super) struct RowCell<'a> {
    pub(super) text: Cow<'a, str>,
    /// First column and width as laid out, from 0; lines of text count their pieces.
    pub(super) column: u32,
    pub(super) width: u32,
    /// Where it stands, still without its quote.
    place: Place,
    /// The line of text it was cut out of.
    line: Option<&'a str>,
    pub(super) read: CellReading,
    label: OnceCell<Label>,
}

/// A cell as the tables share it.
pub(super) type SharedCell<'a> = Rc<RowCell<'a>>;

impl<'a> RowCell<'a> {
    fn new(text: Cow<'a, str>, column: u32, width: u32, place: Place, line: Option<&'a str>) -> SharedCell<'a> {
        let read = read_cell(&text);
        Rc::new(RowCell { text, column, width, place, line, read, label: OnceCell::new() })
    }

    /// A piece of a line that is a part of a label, although it reads like a figure.
    fn words(text: String, column: u32, place: Place, line: &'a str) -> SharedCell<'a> {
        let read = CellReading { reading: Reading::Text, unit: None };
        Rc::new(RowCell { text: Cow::Owned(text), column, width: 1, place, line: Some(line), read, label: OnceCell::new() })
    }

    /// A cell that is not printed.
    pub(super) fn nothing() -> SharedCell<'a> {
        RowCell::new(Cow::Borrowed(""), 0, 1, Place::default(), None)
    }

    /// Where it stands, quoted as printed.
    pub(super) fn place(&self) -> Place {
        self.quoted(self.quote().to_owned())
    }

    /// Where it stands, with a quotation.
    pub(super) fn quoted(&self, quote: String) -> Place {
        Place { quote: Some(quote), ..self.place.clone() }
    }

    /// The cell as printed: itself, or the line it was cut out of.
    pub(super) fn quote(&self) -> &str {
        self.line.unwrap_or(&self.text)
    }

    /// Its text made comparable.
    pub(super) fn label(&self) -> &Label {
        self.label.get_or_init(|| Label::new(&self.text))
    }

    /// Whether it stands in a grid, not in a line of text.
    pub(super) fn is_of_grid(&self) -> bool {
        self.place.table.is_some()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(is_filler)
    }

    /// Whether the cell could be a figure: a number, a dash, a word for nothing, or blank.
    pub(super) fn is_value(&self) -> bool {
        !matches!(self.read.reading, Reading::Text)
    }

    pub(super) fn is_number(&self) -> bool {
        self.read.reading.number().is_some()
    }
}

/// A row of a grid, or a line of text.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) cells: Vec<SharedCell<'a>>,
    /// True for a line of text, whose cells are only guessed from its characters.
    pub(super) torn: bool,
    /// False where the grid it stands in could not be laid out whole.
    pub(super) complete: bool,
}

/// Every row of a document, in reading order.
pub(super) fn rows<'a>(document: &'a Document, forms: &Forms) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut laid = laid::rows(document, forms);
    for (at, block) in document.blocks.iter().enumerate() {
        if let Some(put_together) = laid.remove(&at) {
            rows.extend(put_together);
            continue;
        }
        match block {
            Block::Table(grid) => {
                let first = rows.len();
                rows.extend(grid.rows.iter().map(|cells| grid_row(grid, cells)));
                if let Some(turned) = transposed::span(grid, &rows[first..], forms) {
                    let place = first + turned.start..first + turned.end;
                    rows.splice(place, transposed::rows(grid, turned));
                }
            }
            Block::Text(text) if !text.linked => {
                rows.extend(text.text.split('\n').filter_map(|line| lines::row(line, text.page)))
            }
            Block::Text(_) | Block::Picture => {}
        }
    }
    lines::gather(rows, forms)
}

fn grid_row<'a>(grid: &Grid, cells: &'a [Cell]) -> Row<'a> {
    let cells =
        cells.iter().map(|cell| RowCell::new(Cow::Borrowed(&cell.text), cell.column, cell.colspan, place(grid, cell), None));
    Row { cells: cells.collect(), torn: false, complete: grid.complete }
}

/// Where a cell stands on the page.
fn place(grid: &Grid, cell: &Cell) -> Place {
    Place {
        table: Some(grid.ordinal),
        row: Some(cell.row + 1),
        column: Some(cell.column + 1),
        page: cell.spot.as_ref().map(|spot| spot.page).or(grid.page),
        quote: None,
        label: None,
        bounds: cell.spot.as_ref().map(|spot| spot.bounds),
    }
}
