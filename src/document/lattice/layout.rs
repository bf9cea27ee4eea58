//! Pages → blocks in reading order: tables from frames, joined over pages, and paragraphs around them.

use super::frames::{Frame, frames};
use super::furniture::{Loose, furniture};
use super::lines::{Line, lines};
use super::prose::{Measure, Paragraphs, Placed};
use super::table::{CellBox, Table};
use super::{Glyph, Page, Rect, legible, stitch, table, turned};
use crate::model::{Block, Bounds, Cell, Grid, Spot};
use crate::text::whole;
use std::collections::HashMap;

/// A piece of a page, in reading order.
enum Item {
    Table(Table),
    Line(Placed),
    Picture,
}

/// How a page was turned before it was read, to show places as they are.
#[derive(Clone, Copy)]
struct Shown {
    turn: u8,
    size: (f32, f32),
}

/// The blocks of a document.
pub(super) fn blocks(pages: Vec<Page>) -> Vec<Block> {
    let mut shown: HashMap<u32, Shown> = HashMap::new();
    let mut sheets = Vec::with_capacity(pages.len());
    for page in pages {
        let (page, turn) = turned::righted(page);
        shown.insert(page.number, Shown { turn, size: (page.width, page.height) });
        sheets.push(sheet(page));
    }
    let loose = sheets
        .iter()
        .enumerate()
        .flat_map(|(page, sheet)| sheet.lines.iter().map(move |line| Loose { line, page, height: sheet.height }));
    let mut dropped = furniture(&loose.collect::<Vec<_>>()).into_iter();
    for sheet in &mut sheets {
        sheet.lines.retain(|_| !dropped.next().unwrap_or(false));
    }
    let measure = Measure::of(sheets.iter().flat_map(|sheet| &sheet.lines));
    let items = stitched(sheets.into_iter().flat_map(Sheet::items).collect());
    let mut blocks = Vec::new();
    let mut prose = Paragraphs::new(measure);
    for item in items {
        match item {
            Item::Line(placed) => prose.line(placed, &mut blocks),
            Item::Table(table) => {
                prose.end(&mut blocks);
                blocks.push(Block::Table(grid(&table, &shown)));
            }
            Item::Picture => {
                prose.end(&mut blocks);
                blocks.push(Block::Picture);
            }
        }
    }
    prose.end(&mut blocks);
    blocks
}

/// A page taken apart.
struct Sheet {
    number: u32,
    height: f32,
    tables: Vec<Table>,
    lines: Vec<Line>,
    pictures: Vec<Rect>,
}

impl Sheet {
    /// Its pieces from top to bottom.
    fn items(self) -> Vec<Item> {
        let Sheet { number, tables, lines, pictures, .. } = self;
        let mut items: Vec<(f32, Item)> = tables.into_iter().map(|table| (table.at.top, Item::Table(table))).collect();
        items.extend(lines.into_iter().map(|line| (line.at.middle().1, Item::Line(Placed { line, page: number }))));
        items.extend(pictures.into_iter().map(|at| (at.top, Item::Picture)));
        items.sort_by(|a, b| a.0.total_cmp(&b.0));
        items.into_iter().map(|(_, item)| item).collect()
    }
}

fn sheet(page: Page) -> Sheet {
    let mut free = page.glyphs;
    for glyph in &mut free {
        glyph.letter = if legible::is_unknown(glyph.letter) { '\u{fffd}' } else { whole(glyph.letter) };
    }
    let mut tables = Vec::new();
    let found = frames(&page.rulings);
    let whole = found.is_some() && page.complete;
    let mut found: Vec<Frame> = found.unwrap_or_default().into_iter().filter(table::is_table).collect();
    found.sort_by(|a, b| a.at.area().total_cmp(&b.at.area()));
    for frame in found {
        // A table around tables only lays out the page.
        if tables.iter().any(|inner: &Table| frame.at.holds(inner.at.middle()) && inner.rows > 1) {
            continue;
        }
        let mut frame = frame;
        table::reach_down(&mut frame, &free);
        let (inside, outside): (Vec<Glyph>, Vec<Glyph>) = free.into_iter().partition(|glyph| frame.at.holds(glyph.at.middle()));
        free = outside;
        let mut table = table::read(&frame, &inside, page.number);
        if table.cells.iter().all(|cell| cell.text.is_empty()) {
            continue;
        }
        table.complete &= whole;
        tables.push(table);
    }
    free.retain(|glyph| glyph.turn == 0 && !glyph.vertical);
    // A picture behind the writing is paper.
    let pictures = page.pictures.into_iter().filter(|at| at.area() < 0.5 * page.width * page.height || free.len() < 40).collect();
    Sheet { number: page.number, height: page.height, tables, lines: lines(free), pictures }
}

/// Joins tables that follow one another over a page break with nothing between them.
fn stitched(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match (joined.last_mut(), item) {
            (Some(Item::Table(above)), Item::Table(below)) if stitch::continues(above, &below) => stitch::join(above, below),
            (_, item) => joined.push(item),
        }
    }
    joined
}

/// A table as a grid: columns are wherever a cell of it begins.
fn grid(table: &Table, shown: &HashMap<u32, Shown>) -> Grid {
    let columns = steps(table.cells.iter().flat_map(|cell| [cell.sides.0, cell.sides.1]));
    let mut begins: Vec<usize> = table.cells.iter().map(|cell| cell.rows.0).collect();
    begins.sort_unstable();
    begins.dedup();
    let row_of = |row: usize| begins.partition_point(|begin| *begin < row) as u32;
    let column_of = |x: f32| columns.partition_point(|step| *step < x - NEAR) as u32;
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); begins.len()];
    for cell in &table.cells {
        let (row, column) = (row_of(cell.rows.0), column_of(cell.sides.0));
        rows[row as usize].push(Cell {
            text: cell.text.clone(),
            row,
            column,
            rowspan: row_of(cell.rows.1).max(row + 1) - row,
            colspan: column_of(cell.sides.1).max(column + 1) - column,
            spot: spot(cell, shown).map(Box::new),
        });
    }
    for row in &mut rows {
        row.sort_by_key(|cell| cell.column);
    }
    Grid { ordinal: 0, rows, page: Some(table.page), complete: table.complete }
}

/// Sides of columns this near to one another are one.
const NEAR: f32 = 4.5;

fn steps(sides: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sides: Vec<f32> = sides.collect();
    sides.sort_by(f32::total_cmp);
    let mut steps: Vec<f32> = Vec::new();
    for side in sides {
        if steps.last().is_none_or(|last| side - last > NEAR) {
            steps.push(side);
        }
    }
    steps
}

fn spot(cell: &CellBox, shown: &HashMap<u32, Shown>) -> Option<Spot> {
    let Shown { turn, size } = *shown.get(&cell.page)?;
    let at = turned::as_shown(&cell.at, turn, size);
    let point = |value: f32| value.round().max(0.0) as u32;
    let bounds = Bounds { left: point(at.left), top: point(at.top), right: point(at.right), bottom: point(at.bottom) };
    Some(Spot { page: cell.page, bounds })
}
