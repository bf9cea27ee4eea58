//! A table as an office document holds it → a grid, or the content of its cells.
//!
//! A table that holds tables, has one column, or sets a long text beside another cell only lays out the
//! page: its content is taken in reading order and it is not counted.

use super::grid::GridBuilder;
use crate::model::{Block, Document, Problem, TextBlock};
use crate::text::{is_filler, squeeze};

/// No cell of a statutory table holds so many bytes of text.
const LONGEST_CELL: usize = 700;

/// A cell as its reader gathered it.
#[derive(Debug, Default)]
pub(super) struct RawCell {
    pub(super) blocks: Vec<Block>,
    /// First column, counted from 0, where the format says it; cells are else placed one after another.
    pub(super) column: Option<u32>,
    pub(super) rowspan: u32,
    pub(super) colspan: u32,
}

impl RawCell {
    /// The paragraphs of the cell, one a line. A picture without words may be a figure: it reads as one
    /// that cannot be made out, never as a blank.
    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self
            .blocks
            .iter()
            .filter_map(|block| if let Block::Text(text) = block { Some(text.text.as_str()) } else { None })
            .collect();
        if lines.is_empty() && self.blocks.iter().any(|block| matches!(block, Block::Picture)) {
            return char::REPLACEMENT_CHARACTER.to_string();
        }
        lines.join("\n")
    }

    fn length(&self) -> usize {
        self.blocks.iter().map(|block| if let Block::Text(text) = block { text.text.len() } else { 0 }).sum()
    }
}

/// A table as blocks. `complete` is false where something in it was lost.
pub(super) fn table(rows: Vec<Vec<RawCell>>, complete: bool) -> Vec<Block> {
    if only_lays_out(&rows) {
        return rows.into_iter().flatten().flat_map(|cell| cell.blocks).collect();
    }
    let mut grid = GridBuilder::default();
    for row in &rows {
        grid.row();
        for cell in row {
            grid.skip_to(cell.column.unwrap_or(0));
            grid.cell(cell.text(), cell.rowspan.max(1), cell.colspan);
        }
    }
    let mut grid = grid.finish();
    grid.complete &= complete;
    vec![Block::Table(grid)]
}

fn only_lays_out(rows: &[Vec<RawCell>]) -> bool {
    let nested = |cell: &RawCell| cell.blocks.iter().any(|block| matches!(block, Block::Table(_)));
    // A text as long as a page beside another cell is a page beside its margin.
    let beside =
        |row: &Vec<RawCell>| row.len() > 1 && row.iter().any(|cell| cell.blocks.len() > 4 && cell.length() > LONGEST_CELL);
    rows.iter().flatten().any(nested) || rows.iter().all(|row| row.len() <= 1) || rows.iter().any(beside)
}

/// A paragraph being gathered.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// Characters gathered, those of them in bold, and those inside a link of a table of contents.
    weight: usize,
    bold: usize,
    linked: usize,
    /// Boxes of text and pictures anchored in it; they are read after it.
    pub(super) after: Vec<Block>,
}

impl Line {
    pub(super) fn push(&mut self, text: &str, bold: bool, linked: bool) {
        let weight = text.chars().filter(|c| !is_filler(*c)).count();
        self.weight += weight;
        self.bold += if bold { weight } else { 0 };
        self.linked += if linked { weight } else { 0 };
        self.text.push_str(text);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.weight == 0
    }

    /// How much it holds: characters and what is anchored.
    pub(super) fn size(&self) -> usize {
        self.weight + self.after.len()
    }

    /// Puts an automatic number before the text.
    pub(super) fn number(&mut self, number: &str) {
        self.text.insert_str(0, number);
    }

    /// Ends the paragraph.
    pub(super) fn end(&mut self, heading: bool, blocks: &mut Vec<Block>) {
        let line = std::mem::take(self);
        if line.weight > 0 {
            let emphasis = heading || line.bold == line.weight;
            blocks.extend(paragraph(&line.text, emphasis, line.linked == line.weight));
        }
        blocks.extend(line.after);
    }
}

/// Tells where the tables of a document, read whole, were too large: `followed` is false where one was that may have
/// left no grid behind, since it only laid out the page.
pub(super) fn tell_bounds(document: &mut Document, followed: bool) {
    if !followed || document.blocks.iter().any(|block| matches!(block, Block::Table(grid) if !grid.complete)) {
        document.problems.push(Problem::new("too-many-cells", "文件的表格或段落过多，超出部分未读取；请人工查看原件"));
    }
}

/// Pictures smaller than this (pixels at 96 to the inch) are seals, signatures and icons.
const SMALLEST_WIDTH: f64 = 200.0;
const SMALLEST_HEIGHT: f64 = 60.0;

/// Whether a picture of this width and height is large enough to hold a table; one that does not say is.
pub(super) fn is_large(size: Option<(f64, f64)>) -> bool {
    size.is_none_or(|(width, height)| width >= SMALLEST_WIDTH && height >= SMALLEST_HEIGHT)
}

/// A length like `12.5cm` in pixels.
pub(super) fn pixels(length: &str) -> Option<f64> {
    let length = length.trim();
    let number = length.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim();
    let unit = match length.get(number.len()..)?.trim() {
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "px" => 1.0,
        _ => 96.0 / 72.0,
    };
    number.parse::<f64>().ok().map(|number| number * unit)
}

/// The lines of a paragraph as blocks of text.
fn paragraph(text: &str, emphasis: bool, linked: bool) -> impl Iterator<Item = Block> {
    text.split('\n')
        .map(columns)
        .filter(|line| !line.is_empty())
        .map(move |text| Block::Text(TextBlock { text, page: None, emphasis, linked, printed: None }))
}

/// A line whose tabs, which stand for columns, are kept.
fn columns(line: &str) -> String {
    let pieces = line.split('\t').map(squeeze).filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join("\t")
}
