//! A document as one stream of rows: rows of its grids, and lines of text that read like rows.
//!
//! Tables run into one another, are cut by page breaks, or lose their lines altogether; reading them
//! row by row, wherever the rows stand, copes with all of that alike.

mod transposed;

use super::forms::{Forms, Label};
use crate::model::{Block, Cell, Document, Grid, Place, Reading};
use crate::text::{CellReading, is_figure, is_filler, read_cell};
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

    /// A cell that is not printed.
    pub(super) fn nothing() -> SharedCell<'a> {
        RowCell::new(Cow::Borrowed(""), 0, 1, Place::default(), None)
    }

    /// Where it stands, quoted as printed.
    pub(super) fn place(&self) -> Place {
        Place { quote: Some(self.quote().to_owned()), ..self.place.clone() }
    }

    /// The cell as printed: itself, or the line it was cut out of.
    pub(super) fn quote(&self) -> &str {
        self.line.unwrap_or(&self.text)
    }

    /// Its text made comparable.
    pub(super) fn label(&self) -> &Label {
        self.label.get_or_init(|| Label::new(&self.text))
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
    for block in &document.blocks {
        match block {
            Block::Table(grid) => {
                let first = rows.len();
                rows.extend(grid.rows.iter().map(|cells| grid_row(grid, cells)));
                if let Some(turned) = transposed::span(&rows[first..], forms) {
                    let place = first + turned.start..first + turned.end;
                    rows.splice(place, transposed::rows(grid, turned));
                }
            }
            Block::Text(text) if !text.linked => rows.extend(text.text.split('\n').filter_map(|line| line_row(line, text.page))),
            Block::Text(_) | Block::Picture => {}
        }
    }
    rows
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

/// The longest line that is taken for a row of a table.
const LONGEST_LINE: usize = 120;

/// A line of text as a row: a label, then the figures at its end. Long lines are prose.
fn line_row(line: &str, page: Option<u32>) -> Option<Row<'_>> {
    if line.chars().count() > LONGEST_LINE {
        return None;
    }
    // Tabs stand for the gaps between columns; figures at the end may also stand one space apart.
    let mut pieces: Vec<String> = Vec::new();
    let mut values: Vec<&str> = Vec::new();
    for (at, column) in line.split('\t').rev().enumerate() {
        let words: Vec<&str> = column.split(is_filler).filter(|word| !word.is_empty()).collect();
        let tail = if pieces.is_empty() { words.iter().rev().take_while(|word| is_figure(word)).count() } else { 0 };
        let (label, figures) = words.split_at(words.len() - tail);
        values.extend(figures.iter().rev());
        if !label.is_empty() {
            pieces.push(label.join(""));
        }
        if at > 64 {
            return None;
        }
    }
    pieces.reverse();
    values.reverse();
    // 「行政许可97」: the figure is glued to its label.
    if values.is_empty()
        && let Some(text) = pieces.pop()
    {
        let at = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')).len();
        let (label, figure) = text.split_at(at);
        pieces.extend([label, figure].into_iter().filter(|piece| !piece.is_empty()).map(str::to_owned));
    }
    pieces.extend(values.iter().map(|word| (*word).to_owned()));
    let cells = pieces
        .into_iter()
        .enumerate()
        .map(|(at, text)| RowCell::new(Cow::Owned(text), at as u32, 1, Place { page, ..Place::default() }, Some(line)));
    let cells: Vec<SharedCell<'_>> = cells.collect();
    (!cells.is_empty()).then_some(Row { cells, torn: true, complete: true })
}

/// Whether a line is a row of a table that lost its lines: a label, and a column of figures after another.
pub fn is_row(line: &str) -> bool {
    if memchr::memchr_iter(b'\t', line.as_bytes()).count() + 1 < FIGURES {
        return false;
    }
    let columns = line.split('\t').filter(|column| !column.chars().all(is_filler));
    columns.rev().take_while(|column| column.split(is_filler).filter(|word| !word.is_empty()).all(is_figure)).count() >= FIGURES
}

/// So many columns of figures no sentence ends with.
const FIGURES: usize = 3;
