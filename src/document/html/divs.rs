//! Tables drawn with elements that are no tables: rows of short blocks under one parent.
//!
//! Such tables are told by their shape, since the style that draws them mostly stands in files we do not have:
//! several elements in a row, each of which holds short blocks and nothing else, and among these enough figures.
//! Lists of links and paragraphs of prose hold no figures of their own.

use super::areas::{Area, area, columns, places};
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
    /// Columns of the grid that its style draws, and where it stands in its parent's.
    columns: usize,
    area: Area,
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
            self.elements.push(Element { parent: usize::MAX, ..Element::default() });
        }
        if self.elements.len() >= MAX_ELEMENTS || self.open.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let parent = self.open.last().copied().unwrap_or(0);
        let (columns, area) = style.map_or((0, Area::default()), |style| (columns(style), area(style)));
        self.open.push(self.elements.len());
        self.elements.push(Element { parent, from: blocks, to: blocks, direct: false, columns, area });
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
        self.open.last().is_some_and(|open| self.elements[*open].columns > 0)
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
        grids.sort_by_key(|drawn| drawn.blocks.start);
        let mut laid = Vec::with_capacity(blocks.len());
        let mut blocks = blocks.into_iter().enumerate().peekable();
        for drawn in grids {
            while let Some((_, block)) = blocks.next_if(|(at, _)| *at < drawn.blocks.start) {
                laid.push(block);
            }
            while blocks.next_if(|(at, _)| *at < drawn.blocks.end).is_some() {}
            laid.push(grid(drawn));
        }
        laid.extend(blocks.map(|(_, block)| block));
        laid
    }

    /// The tables, innermost first, each with the blocks it is made of.
    fn grids(&self, blocks: &[Block]) -> Vec<Drawn> {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.elements.len()];
        for (at, element) in self.elements.iter().enumerate() {
            if let Some(siblings) = children.get_mut(element.parent) {
                siblings.push(at);
            }
        }
        let mut grids: Vec<Drawn> = Vec::new();
        // An element stands behind its parent in the list: the innermost come first.
        for parent in (0..self.elements.len()).rev() {
            let drawn = self.drawn_grid(&children[parent], self.elements[parent].columns, blocks);
            let runs = drawn.into_iter().chain(self.runs(&children, &children[parent], blocks));
            for run in runs {
                let inside = |known: &Drawn| known.blocks.start < run.blocks.end && run.blocks.start < known.blocks.end;
                if !grids.iter().any(inside) {
                    grids.push(run);
                }
            }
        }
        grids
    }

    /// Runs of rows among siblings.
    fn runs(&self, children: &[Vec<usize>], siblings: &[usize], blocks: &[Block]) -> Vec<Drawn> {
        let mut runs: Vec<Drawn> = Vec::new();
        let mut open = false;
        for at in siblings {
            let element = &self.elements[*at];
            let row = if element.direct { None } else { self.row(&children[*at], blocks) };
            match (row, runs.last_mut()) {
                (Some(row), Some(run)) if open && run.blocks.end == element.from => {
                    run.blocks.end = element.to;
                    run.rows.push(row);
                }
                (Some(row), _) if row.len() > 1 => {
                    runs.push(Drawn { blocks: element.from..element.to, rows: vec![row], certain: true });
                    open = true;
                }
                _ => open = false,
            }
        }
        runs.retain(|run| !run.blocks.is_empty() && is_table(&run.rows));
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
        let (rows, columns) = (element.area.rows, element.area.columns);
        (text.chars().count() <= LONGEST_CELL).then_some(Cell { text, rows, columns, column: None })
    }

    /// A grid whose style tells its columns, or whose elements tell their places.
    fn drawn_grid(&self, cells: &[usize], columns: usize, blocks: &[Block]) -> Option<Drawn> {
        let (first, last) = (cells.first()?, cells.last()?);
        let areas: Vec<Area> = cells.iter().map(|at| self.elements[*at].area).collect();
        if columns < 2 && (columns == 0 || areas.iter().all(|area| *area == Area::default())) {
            return None;
        }
        let cells: Vec<Cell> = cells.iter().map(|at| self.cell(*at, blocks)).collect::<Option<_>>()?;
        let range = self.elements[*first].from..self.elements[*last].to;
        let rows = match places(&areas, columns) {
            Some(places) => {
                let mut placed: Vec<((usize, usize), Cell)> = places.into_iter().zip(cells).collect();
                placed.sort_by_key(|(place, _)| *place);
                let mut rows: Rows = Vec::new();
                for ((row, column), cell) in placed {
                    rows.resize_with(rows.len().max(row + 1), Vec::new);
                    rows[row].push(Cell { column: Some(column), ..cell });
                }
                rows
            }
            // Which figure stands where is not certain: none is read.
            None => {
                let mut rows: Rows = vec![cells];
                let is_table = is_table_of(&rows, 1);
                rows.iter_mut().flatten().for_each(Cell::doubt);
                return is_table.then_some(Drawn { blocks: range, rows, certain: false });
            }
        };
        is_table(&rows).then_some(Drawn { blocks: range, rows, certain: true })
    }
}

/// A cell: its text, its extent, and its column where that is told.
#[derive(Debug)]
struct Cell {
    text: String,
    rows: usize,
    columns: usize,
    column: Option<usize>,
}

impl Cell {
    /// Makes a number illegible of which it is not certain where it stands.
    fn doubt(&mut self) {
        if matches!(read_cell(&self.text).reading, Reading::Number(_)) {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

type Rows = Vec<Vec<Cell>>;

/// A table as drawn, and the blocks it is made of.
#[derive(Debug)]
struct Drawn {
    blocks: Range<usize>,
    rows: Rows,
    /// Whether each cell is known to stand where it was put.
    certain: bool,
}

/// Whether rows are those of a table: enough of them, and figures among their cells.
fn is_table(rows: &Rows) -> bool {
    is_table_of(rows, FEWEST_ROWS)
}

fn is_table_of(rows: &Rows, fewest: usize) -> bool {
    if rows.iter().filter(|row| row.len() > 1).count() < fewest {
        return false;
    }
    let (mut numbers, mut printed) = (0, 0);
    for cell in rows.iter().flatten() {
        let reading = read_cell(&cell.text).reading;
        numbers += usize::from(matches!(reading, Reading::Number(_) | Reading::Dash | Reading::NotApplicable));
        printed += usize::from(reading != Reading::Blank);
    }
    numbers > 0 && numbers * FIGURES_IN >= printed
}

fn grid(drawn: Drawn) -> Block {
    let mut grid = GridBuilder::default();
    for row in drawn.rows {
        grid.row();
        for cell in row {
            grid.skip_to(cell.column.unwrap_or(0) as u32);
            grid.cell(cell.text, cell.rows as u32, cell.columns as u32);
        }
    }
    let mut grid = grid.finish();
    grid.complete &= drawn.certain;
    Block::Table(grid)
}
