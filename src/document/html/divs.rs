//! Tables drawn with elements that are no tables: rows of short blocks under one parent.
//!
//! Such tables are told by their shape, since the style that draws them mostly stands in files we do not have:
//! several elements in a row, each of which holds short blocks and nothing else, and among these enough figures.
//! Lists of links and paragraphs of prose hold no figures of their own.

use crate::document::grid::GridBuilder;
use crate::model::{Block, Reading};
use crate::text::read_cell;
use std::ops::Range;

/// The most elements that are followed, and how deep.
const MAX_ELEMENTS: usize = 60_000;
const MAX_DEPTH: usize = 256;
/// The most characters of a cell.
const LONGEST_CELL: usize = 120;
/// So many rows make a table.
const FEWEST_ROWS: usize = 2;
/// One cell in so many must be a figure.
const FIGURES_IN: usize = 6;

/// A block element that is no part of a table.
#[derive(Debug, Default)]
struct Element {
    parent: usize,
    /// The blocks inside it.
    from: usize,
    to: usize,
    /// Whether text stands in it that stands in none of its elements.
    direct: bool,
    /// Columns of `grid-template-columns`, and how many of them the element covers in its parent's.
    columns: usize,
    span: usize,
}

/// Block elements as they nest: those of the page, or of one table, whose cells are elements too.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    elements: Vec<Element>,
    open: Vec<usize>,
    deeper: usize,
}

impl Nesting {
    /// An element begins before the block with this index.
    pub(super) fn begin(&mut self, style: Option<&str>, blocks: usize) {
        if self.elements.is_empty() {
            self.open.push(0);
            self.elements.push(Element { parent: usize::MAX, span: 1, ..Element::default() });
        }
        if self.elements.len() >= MAX_ELEMENTS || self.open.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let parent = self.open.last().copied().unwrap_or(0);
        let (columns, span) = style.map_or((0, 1), |style| (columns(style), span(style)));
        self.open.push(self.elements.len());
        self.elements.push(Element { parent, from: blocks, to: blocks, direct: false, columns, span });
    }

    /// The innermost element ends before the block with this index.
    pub(super) fn end(&mut self, blocks: usize) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if self.open.len() > 1
            && let Some(open) = self.open.pop()
        {
            self.elements[open].to = blocks;
        }
    }

    /// Whether the innermost element draws a grid, so that those in it may say how much of it they cover.
    pub(super) fn draws(&self) -> bool {
        self.open.last().is_some_and(|open| self.elements[*open].columns > 1)
    }

    /// A block of text was added.
    pub(super) fn text(&mut self) {
        if let Some(open) = self.open.last() {
            self.elements[*open].direct = true;
        }
    }

    /// The blocks of the page, with a grid where a table was drawn.
    pub(super) fn with_grids(mut self, blocks: Vec<Block>) -> Vec<Block> {
        if self.elements.is_empty() {
            return blocks;
        }
        for open in std::mem::take(&mut self.open) {
            self.elements[open].to = blocks.len();
        }
        let mut grids = self.grids(&blocks);
        if grids.is_empty() {
            return blocks;
        }
        grids.sort_by_key(|(range, _)| range.start);
        let mut laid = Vec::with_capacity(blocks.len());
        let mut blocks = blocks.into_iter().enumerate().peekable();
        for (range, rows) in grids {
            while let Some((_, block)) = blocks.next_if(|(at, _)| *at < range.start) {
                laid.push(block);
            }
            while blocks.next_if(|(at, _)| *at < range.end).is_some() {}
            laid.push(grid(rows));
        }
        laid.extend(blocks.map(|(_, block)| block));
        laid
    }

    /// The tables, innermost first, each with the blocks it is made of.
    fn grids(&self, blocks: &[Block]) -> Vec<(Range<usize>, Rows)> {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.elements.len()];
        for (at, element) in self.elements.iter().enumerate() {
            if let Some(siblings) = children.get_mut(element.parent) {
                siblings.push(at);
            }
        }
        let mut grids: Vec<(Range<usize>, Rows)> = Vec::new();
        // An element stands behind its parent in the list: the innermost come first.
        for parent in (0..self.elements.len()).rev() {
            let drawn = self.drawn_grid(&children[parent], self.elements[parent].columns, blocks);
            let runs = drawn.into_iter().chain(self.runs(&children, &children[parent], blocks));
            for (range, rows) in runs {
                let inside = |known: &Range<usize>| known.start < range.end && range.start < known.end;
                if !grids.iter().any(|(known, _)| inside(known)) {
                    grids.push((range, rows));
                }
            }
        }
        grids
    }

    /// Runs of rows among siblings.
    fn runs(&self, children: &[Vec<usize>], siblings: &[usize], blocks: &[Block]) -> Vec<(Range<usize>, Rows)> {
        let mut runs: Vec<(Range<usize>, Rows)> = Vec::new();
        let mut open = false;
        for at in siblings {
            let element = &self.elements[*at];
            let row = if element.direct { None } else { self.row(&children[*at], blocks) };
            match (row, runs.last_mut()) {
                (Some(row), Some((range, rows))) if open && range.end == element.from => {
                    range.end = element.to;
                    rows.push(row);
                }
                (Some(row), _) if row.len() > 1 => {
                    runs.push((element.from..element.to, vec![row]));
                    open = true;
                }
                _ => open = false,
            }
        }
        runs.retain(|(range, rows)| !range.is_empty() && is_table(rows));
        runs
    }

    /// The cells of a row: every element in it is short, and holds text alone.
    fn row(&self, cells: &[usize], blocks: &[Block]) -> Option<Vec<Cell>> {
        if cells.is_empty() || cells.len() > 64 {
            return None;
        }
        cells.iter().map(|at| self.cell(*at, blocks)).collect()
    }

    fn cell(&self, at: usize, blocks: &[Block]) -> Option<Cell> {
        let element = &self.elements[at];
        let mut text = String::new();
        for block in blocks.get(element.from..element.to)? {
            let Block::Text(part) = block else { return None };
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&part.text);
            if text.len() > LONGEST_CELL * 4 {
                return None;
            }
        }
        (text.chars().count() <= LONGEST_CELL).then_some((text, element.span))
    }

    /// A grid whose style tells its columns: its elements fill them in order.
    fn drawn_grid(&self, cells: &[usize], columns: usize, blocks: &[Block]) -> Option<(Range<usize>, Rows)> {
        let (first, last) = (cells.first()?, cells.last()?);
        if columns < 2 {
            return None;
        }
        let mut rows: Rows = vec![Vec::new()];
        let mut filled = 0;
        for at in cells {
            let (text, span) = self.cell(*at, blocks)?;
            if filled + span > columns {
                rows.push(Vec::new());
                filled = 0;
            }
            filled += span;
            rows.last_mut()?.push((text, span));
        }
        is_table(&rows).then(|| (self.elements[*first].from..self.elements[*last].to, rows))
    }
}

/// A cell: its text and its width.
type Cell = (String, usize);
type Rows = Vec<Vec<Cell>>;

/// Whether rows are those of a table: enough of them, and figures among their cells.
fn is_table(rows: &Rows) -> bool {
    if rows.iter().filter(|row| row.len() > 1).count() < FEWEST_ROWS {
        return false;
    }
    let (mut numbers, mut printed) = (0, 0);
    for (text, _) in rows.iter().flatten() {
        let reading = read_cell(text).reading;
        numbers += usize::from(matches!(reading, Reading::Number(_) | Reading::Dash | Reading::NotApplicable));
        printed += usize::from(reading != Reading::Blank);
    }
    numbers > 0 && numbers * FIGURES_IN >= printed
}

fn grid(rows: Rows) -> Block {
    let mut grid = GridBuilder::default();
    for row in rows {
        grid.row();
        for (text, span) in row {
            grid.cell(text, 1, span as u32);
        }
    }
    Block::Table(grid.finish())
}

/// How many columns a style draws.
fn columns(style: &str) -> usize {
    let Some(tracks) = style.split("grid-template-columns:").nth(1) else { return 0 };
    let repeated = tracks.strip_prefix("repeat(").and_then(|inner| inner.split(',').next()?.parse().ok());
    repeated.filter(|columns| *columns <= 64).unwrap_or(0)
}

/// How many columns an element covers.
fn span(style: &str) -> usize {
    let digits = style.split("span").nth(1).unwrap_or("").chars().take_while(char::is_ascii_digit).collect::<String>();
    if style.contains("grid-column") { digits.parse().unwrap_or(1).clamp(1, 64) } else { 1 }
}
