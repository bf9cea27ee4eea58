//! Laying out a table: the placement of cells with spans, as the WHATWG table algorithm has it.
//!
//! Cells are placed as they come. A column that a cell from above still covers is skipped. Spans are
//! clamped and the number of cells is bounded, so that a hostile page cannot make us work; a table
//! that hit a bound is not complete.

use crate::model::{Cell, Grid};

/// The most cells one table may have.
const MAX_CELLS: usize = 20_000;
/// The widest and tallest span believed.
const MAX_SPAN: u32 = 1_000;

/// The widest table.
const MAX_COLUMNS: usize = 4_000;

/// A table being laid out.
#[derive(Debug, Default)]
pub(super) struct GridBuilder {
    rows: Vec<Vec<Cell>>,
    /// For each column, the row down to which (itself not counted) a cell covers it.
    covered: Vec<u32>,
    column: usize,
    cells: usize,
    full: bool,
}

impl GridBuilder {
    /// Begins the next row.
    pub(super) fn row(&mut self) {
        self.row_of(0);
    }

    /// Begins the next row, of so many cells.
    pub(super) fn row_of(&mut self, cells: usize) {
        self.rows.push(Vec::with_capacity(cells.min(MAX_COLUMNS)));
        self.column = 0;
    }

    /// Leaves the columns before this one empty: rows of some formats begin further right.
    pub(super) fn skip_to(&mut self, column: u32) {
        self.column = self.column.max(column.min(MAX_SPAN) as usize);
    }

    /// Places a cell in the current row; 0 as rowspan means "to the end", which a clamp stands for.
    pub(super) fn cell(&mut self, text: String, rowspan: u32, colspan: u32) {
        if self.rows.is_empty() {
            self.row();
        }
        let rowspan = if rowspan == 0 { MAX_SPAN } else { rowspan.min(MAX_SPAN) };
        let colspan = colspan.clamp(1, MAX_SPAN);
        let row = self.rows.len() as u32 - 1;
        while self.covered.get(self.column).is_some_and(|until| *until > row) {
            self.column += 1;
        }
        let end = self.column + colspan as usize;
        if self.cells >= MAX_CELLS || end > MAX_COLUMNS {
            self.full = true;
            return;
        }
        self.cells += 1;
        if self.covered.len() < end {
            self.covered.resize(end, 0);
        }
        self.covered[self.column..end].fill(row + rowspan);
        if let Some(cells) = self.rows.last_mut() {
            cells.push(Cell { text, row, column: self.column as u32, rowspan, colspan, spot: None });
        }
        self.column = end;
    }

    /// The table as laid out; spans that reach below the last row are cut to it.
    pub(super) fn finish(mut self) -> Grid {
        while self.rows.last().is_some_and(Vec::is_empty) {
            self.rows.pop();
        }
        let height = self.rows.len() as u32;
        for cell in self.rows.iter_mut().flatten() {
            cell.rowspan = cell.rowspan.min(height - cell.row);
        }
        Grid { ordinal: 0, rows: self.rows, page: None, complete: !self.full }
    }
}

#[cfg(test)]
mod tests {
    use super::GridBuilder;

    #[test]
    fn cells_below_a_rowspan_are_pushed_to_the_right() {
        let mut grid = GridBuilder::default();
        grid.row();
        grid.cell("corner".into(), 3, 3);
        grid.cell("applicants".into(), 1, 7);
        grid.row();
        grid.cell("person".into(), 2, 1);
        grid.cell("bodies".into(), 1, 5);
        grid.cell("total".into(), 2, 1);
        grid.row();
        grid.cell("enterprise".into(), 1, 1);
        let grid = grid.finish();
        let places: Vec<(u32, u32)> = grid.rows.iter().flatten().map(|cell| (cell.row, cell.column)).collect();
        assert_eq!(places, [(0, 0), (0, 3), (1, 3), (1, 4), (1, 9), (2, 4)]);
        assert!(grid.complete);
    }

    #[test]
    fn hostile_spans_are_clamped() {
        let mut grid = GridBuilder::default();
        for _ in 0..3 {
            grid.row();
            grid.cell(String::new(), u32::MAX, u32::MAX);
        }
        let grid = grid.finish();
        assert!(grid.rows.iter().flatten().all(|cell| cell.colspan <= 1000 && cell.rowspan <= 3));
    }
}
