//! Tables before they are written in any format: cells with spans, and what unkind hands do to them.

/// What a cell is to the reader of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Heads of columns, captions, and the corner over the labels.
    Header,
    /// A label over or beside several rows.
    Group,
    Label,
    Value,
}

#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) role: Role,
}

/// Rows of the cells that begin in them.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid(pub(super) Vec<Vec<Cell>>);

/// A cell of one row, with its width.
pub(super) fn cell(text: impl Into<String>, rows: usize, columns: usize, role: Role) -> Cell {
    Cell { text: text.into(), rows, columns, role }
}

/// Where each place of a table comes from: the row and the index of the cell that covers it.
type Cover = Vec<Vec<Option<(usize, usize)>>>;

impl Grid {
    /// Lays the table out: for each place the cell that covers it.
    pub(super) fn cover(&self) -> Cover {
        let mut cover: Cover = vec![Vec::new(); self.0.len()];
        for (at, row) in self.0.iter().enumerate() {
            let mut column = 0;
            for (index, cell) in row.iter().enumerate() {
                while cover[at].get(column).is_some_and(Option::is_some) {
                    column += 1;
                }
                for below in cover.iter_mut().skip(at).take(cell.rows) {
                    if below.len() < column + cell.columns {
                        below.resize(column + cell.columns, None);
                    }
                    below[column..column + cell.columns].fill(Some((at, index)));
                }
                column += cell.columns;
            }
        }
        cover
    }

    /// The table without spans: what a span covered is blank, or says the same again.
    pub(super) fn flat(&self, repeat: bool) -> Grid {
        let cover = self.cover();
        let mut seen = std::collections::HashSet::new();
        let rows = cover.into_iter().map(|row| {
            let cells = row.into_iter().map(|place| {
                let Some((at, index)) = place else { return cell("", 1, 1, Role::Value) };
                let from = &self.0[at][index];
                let first = seen.insert((at, index));
                cell(if first || repeat { from.text.as_str() } else { "" }, 1, 1, from.role)
            });
            cells.collect()
        });
        Grid(rows.collect())
    }

    /// The table without spans and without anything in their stead: rows are ragged.
    pub(super) fn ragged(&self) -> Grid {
        let rows = self.0.iter().map(|row| row.iter().map(|it| cell(it.text.as_str(), 1, 1, it.role)).collect());
        Grid(rows.collect())
    }

    /// The table with rows and columns exchanged.
    pub(super) fn transposed(&self) -> Grid {
        let cover = self.cover();
        let width = cover.iter().map(Vec::len).max().unwrap_or(0);
        let mut seen = std::collections::HashSet::new();
        let mut rows = Vec::new();
        for column in 0..width {
            let mut row = Vec::new();
            for line in &cover {
                if let Some(Some((at, index))) = line.get(column)
                    && seen.insert((*at, *index))
                {
                    let from = &self.0[*at][*index];
                    row.push(cell(from.text.as_str(), from.columns, from.rows, from.role));
                }
            }
            rows.push(row);
        }
        Grid(rows)
    }

    /// The rows from one on, with the cells that reach into them repeated in front (or left blank).
    pub(super) fn tail(&self, from: usize, repeat: bool) -> Grid {
        let cover = self.cover();
        let mut rows: Vec<Vec<Cell>> = self.0[from..].to_vec();
        let mut reaching: Vec<(usize, usize)> = cover[from].iter().flatten().filter(|(at, _)| *at < from).copied().collect();
        reaching.dedup();
        for (nth, (at, index)) in reaching.into_iter().enumerate() {
            let it = &self.0[at][index];
            let text = if repeat { it.text.as_str() } else { "" };
            rows[0].insert(nth, cell(text, at + it.rows - from, it.columns, it.role));
        }
        Grid(rows)
    }

    /// The rows up to one, spans cut to them.
    pub(super) fn head(&self, end: usize) -> Grid {
        let mut rows: Vec<Vec<Cell>> = self.0[..end].to_vec();
        for (at, row) in rows.iter_mut().enumerate() {
            for it in row {
                it.rows = it.rows.min(end - at);
            }
        }
        Grid(rows)
    }
}
