//! A table while it is read, and what it comes to: a grid, or the content of cells that only lay out the page.
//!
//! The text of all cells gathers in one string, for a cell is a few letters and there are hundreds of them.

use super::super::grid::GridBuilder;
use super::divs::Nesting;
use crate::model::{Block, Grid, TextBlock};
use crate::text::{PARAGRAPH_SEPARATOR, squeeze_into};

/// No cell of a statutory table holds so many bytes of text.
const LONGEST_CELL: usize = 700;

/// What stands in a cell, in order.
#[derive(Debug)]
enum Piece {
    /// A paragraph: where it stands in the table's text.
    Text {
        start: usize,
        end: usize,
        emphasis: bool,
        linked: bool,
    },
    Table(Grid),
    Picture,
}

/// Whether a paragraph that ends before the line break at this place, and the one behind it, are two numbers. A
/// line may break inside a number, a paragraph does not.
fn splits_number(text: &str, at: usize) -> bool {
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    digit(text[..at].chars().next_back()) && digit(text[at..].chars().nth(1))
}

/// A cell being gathered; it ends where the next begins.
#[derive(Debug)]
struct OpenCell {
    rowspan: u32,
    colspan: u32,
    /// Where its text and its pieces begin.
    text: usize,
    pieces: usize,
    nested: bool,
}

#[derive(Debug, Default)]
pub(super) struct OpenTable {
    text: String,
    pieces: Vec<Piece>,
    cells: Vec<OpenCell>,
    /// Where the cells of each row begin.
    rows: Vec<usize>,
    in_row: bool,
    pub(super) in_cell: bool,
    /// Whether the page ended inside it.
    pub(super) cut: bool,
    /// The elements in its cells, and the cell whose elements are being followed: most cells have none.
    nesting: Nesting,
    followed: usize,
}

impl OpenTable {
    pub(super) fn open_row(&mut self) {
        self.rows.push(self.cells.len());
        self.in_row = true;
    }

    pub(super) fn close_row(&mut self) {
        self.in_row = false;
    }

    pub(super) fn open_cell(&mut self, rowspan: u32, colspan: u32) {
        if !self.in_row {
            self.open_row();
        }
        self.in_cell = true;
        let (text, pieces) = (self.text.len(), self.pieces.len());
        self.cells.push(OpenCell { rowspan, colspan, text, pieces, nested: false });
    }

    /// The open cell is not read: it may be half of itself.
    pub(super) fn drop_cell(&mut self) {
        if let Some(cell) = self.cells.pop() {
            self.text.truncate(cell.text);
            self.pieces.truncate(cell.pieces);
        }
        self.in_cell = false;
    }

    /// A block element begins in the open cell.
    pub(super) fn begin(&mut self, style: Option<&str>) {
        if self.followed != self.cells.len() {
            self.nesting.end(self.cells.last().map_or(0, |cell| cell.pieces));
            self.nesting.begin(None, self.cells.last().map_or(0, |cell| cell.pieces));
            self.followed = self.cells.len();
        }
        self.nesting.begin(style, self.pieces.len());
    }

    /// A block element ends in the open cell.
    pub(super) fn end(&mut self) {
        if self.followed == self.cells.len() {
            self.nesting.end(self.pieces.len());
        }
    }

    /// Whether the innermost element draws a grid.
    pub(super) fn draws(&self) -> bool {
        self.followed == self.cells.len() && self.nesting.draws()
    }

    /// Adds a paragraph to the open cell; `write` writes its text.
    pub(super) fn paragraph(&mut self, emphasis: bool, linked: bool, write: impl FnOnce(&mut String)) {
        let above = self.text.len();
        let follows = self.cells.last().is_some_and(|cell| cell.text < above);
        if follows {
            self.text.push('\n');
        }
        let mut start = self.text.len();
        write(&mut self.text);
        if follows && splits_number(&self.text, above) {
            self.text.replace_range(above..start, PARAGRAPH_SEPARATOR.encode_utf8(&mut [0; 4]));
            start = above + PARAGRAPH_SEPARATOR.len_utf8();
        }
        if self.followed == self.cells.len() {
            self.nesting.text();
        }
        self.pieces.push(Piece::Text { start, end: self.text.len(), emphasis, linked });
    }

    pub(super) fn picture(&mut self) {
        self.pieces.push(Piece::Picture);
    }

    /// Takes the content of a table inside the open cell. A cell with a grid in it, or a page's text, lays out.
    pub(super) fn nest(&mut self, blocks: Vec<Block>) {
        let mut letters = 0;
        let mut nested = false;
        for block in blocks {
            match block {
                Block::Text(text) => {
                    letters += text.text.len();
                    self.paragraph(text.emphasis, text.linked, |written| written.push_str(&text.text));
                }
                Block::Table(grid) => {
                    nested = true;
                    self.pieces.push(Piece::Table(grid));
                }
                Block::Picture => self.picture(),
            }
        }
        if let Some(cell) = self.cells.last_mut() {
            cell.nested |= nested || letters > LONGEST_CELL;
        }
    }

    /// Where the text and the pieces of a cell end.
    fn end_of(&self, cell: usize) -> (usize, usize) {
        self.cells.get(cell + 1).map_or((self.text.len(), self.pieces.len()), |next| (next.text, next.pieces))
    }

    fn rows(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let ends = self.rows.iter().skip(1).copied().chain([self.cells.len()]);
        self.rows.iter().copied().zip(ends).map(|(start, end)| start..end)
    }

    /// A text as long as a page beside another cell is a page beside its margin.
    fn lays_out(&self) -> bool {
        let is_page = |at: usize| {
            let (cell, (text, pieces)) = (&self.cells[at], self.end_of(at));
            text - cell.text > LONGEST_CELL && pieces - cell.pieces > 4
        };
        self.cells.iter().any(|cell| cell.nested)
            || self.rows().all(|row| row.len() <= 1)
            || self.text.len() > LONGEST_CELL && self.rows().any(|mut row| row.len() > 1 && row.any(is_page))
    }

    /// The table as blocks: one grid, or the content of its cells where it only lays out the page. `full` is set
    /// where it was too large to be laid out.
    pub(super) fn finish(self, full: &mut bool) -> Vec<Block> {
        if self.lays_out() {
            let text = self.text;
            let block = |piece| match piece {
                Piece::Text { start, end, emphasis, linked } => {
                    Block::Text(TextBlock { text: text[start..end].to_owned(), page: None, emphasis, linked, printed: None })
                }
                Piece::Table(grid) => Block::Table(grid),
                Piece::Picture => Block::Picture,
            };
            return self.nesting.with_grids(self.pieces.into_iter().map(block).collect());
        }
        let mut grid = GridBuilder::default();
        for row in self.rows() {
            grid.row_of(row.len());
            for at in row {
                let cell = &self.cells[at];
                // What separates a cell's text from a paragraph that came to nothing is no text.
                let text = self.text[cell.text..self.end_of(at).0].to_owned();
                grid.cell(text, cell.rowspan, cell.colspan);
            }
        }
        let mut grid = grid.finish();
        *full |= !grid.complete;
        grid.complete &= !self.cut;
        vec![Block::Table(grid)]
    }
}

/// Writes a text with runs of white space within a line as one space, line breaks kept.
pub(super) fn tidy_into(text: &str, written: &mut String) {
    if memchr::memchr(b'\n', text.as_bytes()).is_none() {
        squeeze_into(text, written);
        return;
    }
    let start = written.len();
    for line in text.split('\n') {
        let before = written.len();
        if before > start {
            written.push('\n');
        }
        let head = written.len();
        squeeze_into(line, written);
        if written.len() == head {
            written.truncate(before);
        }
    }
}
