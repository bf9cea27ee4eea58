//! Tables of Rich Text: rows that say where each of their cells ends.
//!
//! A row is described before its cells, before its end, or both; tables stand in cells of others by level. The
//! columns of a table are the edges that any of its rows has.

use super::super::layout::{self, RawCell};
use crate::model::Block;

/// Edges nearer to one another than this (twips) are one.
const SAME_EDGE: i32 = 40;
/// The most cells of a row, and the deepest nesting, that are followed.
const MAX_CELLS: usize = 1_000;
const MAX_LEVELS: usize = 8;
/// The most rows of a table.
const MAX_ROWS: usize = 20_000;

/// How a cell is merged with the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merge {
    Begins,
    GoesOn,
}

/// How the next cell of a description is merged.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Merges {
    /// With the one on its left.
    pub(super) along: bool,
    pub(super) down: Option<Merge>,
}

/// A row as described.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) left: i32,
    /// Right edge of each cell, and its merges.
    cells: Vec<(i32, Merges)>,
    /// Whether it has more cells than are followed.
    full: bool,
    pub(super) next: Merges,
}

impl Row {
    /// Ends the description of a cell.
    pub(super) fn edge(&mut self, right: i32) {
        let merges = std::mem::take(&mut self.next);
        match self.cells.len() < MAX_CELLS {
            true => self.cells.push((right, merges)),
            false => self.full = true,
        }
    }
}

/// A table being gathered.
#[derive(Debug, Default)]
struct Open {
    rows: Vec<(Row, Vec<Vec<Block>>)>,
    cells: Vec<Vec<Block>>,
    blocks: Vec<Block>,
}

/// The tables that are open, the outermost first.
#[derive(Debug)]
pub(super) struct Tables {
    open: Vec<Open>,
    /// The last descriptions: of a row of the outermost table, and of one in a cell.
    described: [Row; 2],
    /// False where the document breaks off.
    pub(super) whole: bool,
}

impl Default for Tables {
    fn default() -> Tables {
        Tables { open: Vec::new(), described: <[Row; 2]>::default(), whole: true }
    }
}

impl Tables {
    pub(super) fn describe(&mut self, nested: bool) {
        *self.row_of(nested) = Row::default();
    }

    pub(super) fn row_of(&mut self, nested: bool) -> &mut Row {
        &mut self.described[usize::from(nested)]
    }

    /// Where text of a level goes: tables deeper than it have ended.
    pub(super) fn at<'s>(&'s mut self, level: usize, outside: &'s mut Vec<Block>) -> &'s mut Vec<Block> {
        let level = level.min(MAX_LEVELS);
        while self.open.len() > level {
            let Some(ended) = self.open.pop() else { break };
            let blocks = close(ended, self.whole);
            match self.open.last_mut() {
                Some(around) => around.blocks.extend(blocks),
                None => outside.extend(blocks),
            }
        }
        self.open.resize_with(level, Open::default);
        self.open.last_mut().map_or(outside, |open| &mut open.blocks)
    }

    pub(super) fn end_cell(&mut self, level: usize) {
        if let Some(open) = self.open.get_mut(level.min(MAX_LEVELS) - 1) {
            let blocks = std::mem::take(&mut open.blocks);
            open.cells.push(blocks);
        }
    }

    pub(super) fn end_row(&mut self, level: usize) {
        let row = self.described[usize::from(level > 1)].clone();
        if let Some(open) = self.open.get_mut(level.min(MAX_LEVELS) - 1) {
            let mut cells = std::mem::take(&mut open.cells);
            if !open.blocks.is_empty() {
                cells.push(std::mem::take(&mut open.blocks));
            }
            self.whole &= !row.full && open.rows.len() < MAX_ROWS;
            if open.rows.len() < MAX_ROWS {
                open.rows.push((row, cells));
            }
        }
    }
}

fn close(mut ended: Open, whole: bool) -> Vec<Block> {
    // Cells without the end of their row.
    let cut = !ended.cells.is_empty();
    if cut {
        ended.rows.push((Row::default(), std::mem::take(&mut ended.cells)));
    }
    let mut edges: Vec<i32> =
        ended.rows.iter().flat_map(|(row, _)| row.cells.iter().map(|(right, _)| *right).chain([row.left])).collect();
    edges.sort_unstable();
    edges.dedup_by(|next, known| (i64::from(*next) - i64::from(*known)) < i64::from(SAME_EDGE));
    let column_of = |edge: i32| edges.partition_point(|known| i64::from(*known) + i64::from(SAME_EDGE) <= i64::from(edge)) as u32;
    let mut rows: Vec<Vec<RawCell>> = Vec::new();
    // Cells that go on downwards: first column, row, place in the row.
    let mut open: Vec<(u32, usize, usize)> = Vec::new();
    for (row, cells) in ended.rows {
        let mut going_on = Vec::new();
        let index = rows.len();
        let mut current: Vec<RawCell> = Vec::new();
        let mut column = if row.cells.is_empty() { 0 } else { column_of(row.left) };
        for (at, blocks) in cells.into_iter().enumerate() {
            let (right, merges) =
                row.cells.get(at).copied().map_or((None, Merges::default()), |(right, merges)| (Some(right), merges));
            let span = right.map_or(1, |right| column_of(right).saturating_sub(column).max(1));
            let begins = column;
            column += span;
            if merges.along
                && let Some(left) = current.last_mut()
            {
                left.colspan += span;
                continue;
            }
            let above =
                open.iter().find(|(first, _, _)| *first == begins).copied().filter(|_| merges.down == Some(Merge::GoesOn));
            if let Some((_, row, place)) = above {
                rows[row][place].rowspan += 1;
                going_on.push((begins, row, place));
                continue;
            }
            if merges.down.is_some() {
                going_on.push((begins, index, current.len()));
            }
            current.push(RawCell { blocks, column: Some(begins), rowspan: 1, colspan: span });
        }
        rows.push(current);
        open = going_on;
    }
    let mut blocks = layout::table(rows, whole && !cut);
    blocks.extend(ended.blocks);
    blocks
}
