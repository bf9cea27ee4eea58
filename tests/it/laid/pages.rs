//! A document laid out on pages as an office program would: lines of text, cells with their sides, page breaks.

use nianjian::model::{Block, Document, Grid};

/// How a document is laid out.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) height: f64,
    /// Whether a table's first row is printed again on each page.
    pub(crate) repeats_header: bool,
    /// Whether no line is drawn where a page break cuts a table.
    pub(crate) open_break: bool,
    /// Whether a page break may cut through a row.
    pub(crate) cuts_rows: bool,
    pub(crate) centred: bool,
    /// Running head and page number.
    pub(crate) furniture: bool,
    /// Whether labels of tall cells are written letter below letter.
    pub(crate) upright_labels: bool,
}

/// A piece of text at a baseline, from the page's upper left corner.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) size: f64,
    pub(crate) text: String,
}

/// One side of a cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side {
    pub(crate) from: (f64, f64),
    pub(crate) to: (f64, f64),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub(crate) texts: Vec<Text>,
    pub(crate) sides: Vec<Side>,
}

pub(crate) const WIDTH: f64 = 595.0;
const MARGIN: f64 = 50.0;
const SIZE: f64 = 10.0;
const PITCH: f64 = 13.0;
const PADDING: f64 = 4.0;

/// How wide a letter is, in type sizes.
pub(crate) fn advance(letter: char) -> f64 {
    if letter.is_ascii() { 0.5 } else { 1.0 }
}

pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| advance(letter) * size).sum()
}

fn wrapped(text: &str, room: f64, size: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for letter in text.chars() {
        let line = lines.last().map(|line| width(line, size)).unwrap_or(0.0);
        if letter == '\n' || line + advance(letter) * size > room && line > 0.0 {
            lines.push(String::new());
        }
        if letter != '\n' {
            lines.last_mut().unwrap().push(letter);
        }
    }
    lines
}

struct Press<'a> {
    layout: &'a Layout,
    sheets: Vec<Sheet>,
    y: f64,
}

/// Lays a document out.
pub(crate) fn lay_out(document: &Document, layout: &Layout) -> Vec<Sheet> {
    let mut press = Press { layout, sheets: Vec::new(), y: 0.0 };
    press.turn();
    for block in &document.blocks {
        match block {
            Block::Text(text) => press.paragraph(&text.text),
            Block::Table(grid) => press.table(grid),
            Block::Picture => {}
        }
    }
    press.sheets
}

impl Press<'_> {
    fn bottom(&self) -> f64 {
        self.layout.height - MARGIN - 10.0
    }

    fn turn(&mut self) {
        let mut sheet = Sheet::default();
        if self.layout.furniture {
            let number = self.sheets.len() + 1;
            let mut at = |x: f64, y: f64, text: String| sheet.texts.push(Text { x, y, size: 8.0, text });
            at(WIDTH / 2.0 - 60.0, 24.0, "云溪市政府信息公开工作年度报告".into());
            at(WIDTH / 2.0 - 10.0, self.layout.height - 20.0, format!("— {number} —"));
        }
        self.sheets.push(sheet);
        self.y = MARGIN;
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().unwrap()
    }

    fn paragraph(&mut self, text: &str) {
        for (at, line) in wrapped(&format!("　　{text}"), WIDTH - 2.0 * MARGIN, SIZE).into_iter().enumerate() {
            if self.y + PITCH > self.bottom() {
                self.turn();
            }
            let indent = if at == 0 { 2.0 * SIZE } else { 0.0 };
            let y = self.y + SIZE;
            self.sheet().texts.push(Text { x: MARGIN + indent, y, size: SIZE, text: line.trim_start_matches('　').to_owned() });
            self.y += PITCH + 2.0;
        }
    }

    fn table(&mut self, grid: &Grid) {
        let sides = sides(grid);
        let (mut heights, lines) = heights(grid, &sides, self.layout.upright_labels);
        let tall = grid.rows.first().into_iter().flatten().map(|cell| cell.rowspan as usize).max().unwrap_or(1);
        let mut row = 0;
        self.y += 6.0;
        let mut cut_lines: Vec<usize> = vec![0; lines.len()];
        while row < heights.len() {
            // Rows that fit on this page, the first always.
            let room = self.bottom() - self.y;
            let (mut end, mut used) = (row, 0.0);
            let header = if self.layout.repeats_header && row > 0 { heights[..tall].iter().sum() } else { 0.0 };
            while end < heights.len() && (end == row && room > 400.0 || header + used + heights[end] <= room) {
                used += heights[end];
                end += 1;
            }
            let rest = room - used - header;
            let cut = self.layout.cuts_rows
                && end < heights.len()
                && rest >= PITCH + 2.0 * PADDING
                && heights[end] > PITCH + 2.0 * PADDING + 1.0;
            // A header that is printed again is not torn.
            if end == row && !cut || self.layout.repeats_header && end < tall {
                self.turn();
                continue;
            }
            let fits = if cut { ((rest - 2.0 * PADDING) / PITCH).floor().max(1.0) } else { 0.0 };
            let part = Part { first: row, end, cut: cut.then_some(fits as usize), whole: heights.len() };
            if header > 0.0 {
                let part = Part { first: 0, end: tall, cut: None, whole: tall };
                self.rows(grid, &sides, &heights[..tall], &lines, &part, &mut vec![0; lines.len()]);
            }
            self.rows(grid, &sides, &heights.clone(), &lines, &part, &mut cut_lines);
            if cut {
                heights[end] -= fits * PITCH;
            }
            row = end;
            if row < heights.len() {
                self.turn();
            }
        }
        self.y += 10.0;
    }

    /// Prints rows of a table, and where it is cut, the upper part of the next.
    fn rows(
        &mut self,
        grid: &Grid,
        sides: &[f64],
        heights: &[f64],
        lines: &[Vec<Vec<String>>],
        part: &Part,
        shown: &mut Vec<usize>,
    ) {
        let top = self.y;
        let y_of = |row: usize| top + heights.iter().take(row).skip(part.first).sum::<f64>();
        let below = part.cut.map_or(0.0, |fits| fits as f64 * PITCH + 2.0 * PADDING);
        let last = y_of(part.end.min(heights.len())) + below;
        let end = part.end + usize::from(part.cut.is_some());
        let mut number = 0;
        for (cells, texts) in grid.rows.iter().zip(lines) {
            for (cell, text) in cells.iter().zip(texts) {
                let (from, to) = (cell.row as usize, (cell.row + cell.rowspan) as usize);
                let index = number;
                number += 1;
                if to <= part.first || from >= end {
                    continue;
                }
                let y0 = if from < part.first { top } else { y_of(from) };
                let y1 = if to > part.end { last } else { y_of(to) };
                let (x0, x1) = (sides[cell.column as usize], sides[(cell.column + cell.colspan) as usize]);
                let open = self.layout.open_break;
                let mut side = |from: (f64, f64), to: (f64, f64)| self.sheets.last_mut().unwrap().sides.push(Side { from, to });
                side((x0, y0), (x0, y1));
                side((x1, y0), (x1, y1));
                if !open || from >= part.first && !(y0 == top && part.first > 0) {
                    side((x0, y0), (x1, y0));
                }
                if !(open && (to > part.end || y1 == last && part.end < part.whole)) {
                    side((x0, y1), (x1, y1));
                }
                if shown.len() <= index {
                    shown.resize(index + 1, 0);
                }
                // Lines that fit stand here, the others on the next page.
                let fits = ((y1 - y0 - PADDING) / PITCH).floor().max(0.0) as usize;
                let left = text.len() - shown[index].min(text.len());
                let here = if to > end || to > part.end && part.cut.is_some() { left.min(fits) } else { left };
                let free =
                    if self.layout.centred && here == text.len() { ((y1 - y0) - here as f64 * PITCH) / 2.0 } else { PADDING };
                for (line, words) in text.iter().skip(shown[index]).take(here).enumerate() {
                    let x = if self.layout.centred { (x0 + x1 - width(words, SIZE)) / 2.0 } else { x0 + PADDING };
                    let y = y0 + free + line as f64 * PITCH + SIZE;
                    self.sheets.last_mut().unwrap().texts.push(Text { x, y, size: SIZE, text: words.clone() });
                }
                shown[index] += here;
            }
        }
        self.y = last;
    }
}

/// Rows of a table that stand on one page: up to `end`, and some lines of the next where it is cut.
struct Part {
    first: usize,
    end: usize,
    cut: Option<usize>,
    whole: usize,
}

/// Where columns begin and end: as wide as what stands in them asks for.
fn sides(grid: &Grid) -> Vec<f64> {
    let count = grid.rows.iter().flatten().map(|cell| (cell.column + cell.colspan) as usize).max().unwrap_or(1);
    let mut wants = vec![24.0f64; count];
    for cell in grid.rows.iter().flatten().filter(|cell| cell.colspan == 1) {
        let want = (width(&cell.text, SIZE) + 2.0 * PADDING).min(110.0);
        let number = cell.text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
        wants[cell.column as usize] = wants[cell.column as usize].max(if number { want } else { want.min(70.0) });
    }
    let scale = (WIDTH - 2.0 * MARGIN) / wants.iter().sum::<f64>();
    let mut sides = vec![MARGIN];
    for want in wants {
        sides.push(sides.last().unwrap() + want * scale.max(0.5));
    }
    sides
}

/// The lines of each cell of a row.
type CellLines = Vec<Vec<String>>;

/// Heights of rows, and the lines of each cell.
fn heights(grid: &Grid, sides: &[f64], upright: bool) -> (Vec<f64>, Vec<CellLines>) {
    let mut heights = vec![PITCH + 2.0 * PADDING; grid.rows.len()];
    let mut lines = Vec::new();
    for cells in &grid.rows {
        let mut row = Vec::new();
        for cell in cells {
            let room = sides[(cell.column + cell.colspan) as usize] - sides[cell.column as usize] - 2.0 * PADDING;
            let text: String = cell.text.split_whitespace().collect();
            let tall = upright && cell.rowspan > 3;
            let text = if tall { wrapped(&text, 0.1, SIZE) } else { wrapped(&text, room, SIZE) };
            let last = (cell.row + cell.rowspan) as usize - 1;
            let had: f64 = heights[cell.row as usize..=last].iter().sum();
            heights[last] += (text.len() as f64 * PITCH + 2.0 * PADDING - had).max(0.0);
            row.push(text);
        }
        lines.push(row);
    }
    (heights, lines)
}
