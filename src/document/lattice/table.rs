//! A frame and the letters in it → a table: cells where lines enclose them, merged where no line separates.

use super::frames::Frame;
use super::{Glyph, Rect, cells};
use std::collections::HashMap;

/// The most steps of a frame's rows times its columns.
const MAX_BOXES: usize = 60_000;
/// So much of a side must be drawn for it to separate.
const DRAWN: f32 = 0.5;

/// A cell of a table on a page: its rows among the table's, its extent, its text.
#[derive(Debug, Clone)]
pub(super) struct CellBox {
    /// First row, and the row after its last.
    pub(super) rows: (usize, usize),
    /// Its left and right side, as the table's first page has them.
    pub(super) sides: (f32, f32),
    pub(super) at: Rect,
    /// The page it stands on, from 1.
    pub(super) page: u32,
    pub(super) text: String,
    /// Whether its last line had no room for another letter: a break of the page may have cut it there.
    pub(super) full: bool,
}

/// A table, on one page or stitched over several.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) at: Rect,
    pub(super) page: u32,
    pub(super) cells: Vec<CellBox>,
    /// How many rows it has.
    pub(super) rows: usize,
    pub(super) complete: bool,
    /// Whether a line closes it at its top and at its bottom.
    pub(super) closed: (bool, bool),
}

impl Table {
    /// The cells that begin in a row, left to right.
    pub(super) fn row(&self, row: usize) -> Vec<&CellBox> {
        let mut cells: Vec<&CellBox> = self.cells.iter().filter(|cell| cell.rows.0 == row).collect();
        cells.sort_by(|a, b| a.sides.0.total_cmp(&b.sides.0));
        cells
    }
}

/// The cells of a frame, still without text: for each box of its rows and columns, the cell it belongs to.
struct Plan {
    owner: Vec<usize>,
    columns: usize,
    cells: Vec<(usize, usize, usize, usize)>,
    complete: bool,
}

/// How many cells a frame has, up to a few: one cell is a box around text, no table.
pub(super) fn is_table(frame: &Frame) -> bool {
    let (columns, rows) = (frame.xs.len() - 1, frame.ys.len() - 1);
    if columns * rows > MAX_BOXES {
        return true;
    }
    columns > 1 && plan(frame).cells.iter().any(|(_, left, _, right)| right - left < columns)
}

/// Reads the table of a frame from the letters inside it.
pub(super) fn read(frame: &Frame, glyphs: &[Glyph], page: u32) -> Table {
    let (columns, rows) = (frame.xs.len() - 1, frame.ys.len() - 1);
    let whole = |y| frame.level(y, frame.at.left, frame.at.right) > DRAWN;
    let mut table = Table { at: frame.at, page, cells: Vec::new(), rows, complete: false, closed: (whole(0), whole(rows)) };
    if columns * rows > MAX_BOXES {
        return table;
    }
    let plan = plan(frame);
    let step = |steps: &[f32], at: f32| steps.partition_point(|step| *step <= at).clamp(1, steps.len() - 1) - 1;
    let place = |glyph: &Glyph| {
        let (x, y) = glyph.at.middle();
        plan.owner[step(&frame.ys, y) * plan.columns + step(&frame.xs, x)]
    };
    let mut places: Vec<usize> = glyphs.iter().map(place).collect();
    let doubtful = overflowing(glyphs, &mut places);
    let mut inside: HashMap<usize, Vec<Glyph>> = HashMap::new();
    for (glyph, place) in glyphs.iter().zip(&places) {
        inside.entry(*place).or_default().push(*glyph);
    }
    for (number, (top, left, bottom, right)) in plan.cells.iter().enumerate() {
        let at = Rect { left: frame.xs[*left], top: frame.ys[*top], right: frame.xs[*right], bottom: frame.ys[*bottom] };
        let letters = inside.get(&number).map(Vec::as_slice).unwrap_or_default();
        let (mut text, full) = cells::text(letters, (at.width(), at.height()));
        if text.is_empty() && is_outside(frame, (*top, *left, *bottom, *right)) {
            continue;
        }
        if doubtful.contains(&number) {
            text.push('\u{fffd}');
        }
        table.cells.push(CellBox { rows: (*top, *bottom), sides: (at.left, at.right), at, page, text, full });
    }
    table.complete = plan.complete && doubtful.is_empty();
    table
}

/// A table that no line closes below ends where the last line of its figures does: a number that had no room goes on
/// under the end of the lines beside it.
pub(super) fn reach_down(frame: &mut Frame, glyphs: &[Glyph]) {
    let last = frame.ys.len() - 1;
    if frame.level(last, frame.at.left, frame.at.right) > DRAWN {
        return;
    }
    let below = |glyph: &&Glyph| {
        let (x, y) = glyph.at.middle();
        !glyph.letter.is_whitespace()
            && (frame.at.left..frame.at.right).contains(&x)
            && (frame.at.bottom..frame.at.bottom + glyph.size).contains(&y)
    };
    let top = glyphs.iter().filter(below).map(|glyph| glyph.at.middle().1).fold(f32::MAX, f32::min);
    let foot = || glyphs.iter().filter(below).filter(|glyph| glyph.at.middle().1 < top + 0.4 * glyph.size);
    if foot().all(|glyph| glyph.letter.is_ascii_digit() || matches!(glyph.letter, '.' | ',')) {
        frame.at.bottom = foot().map(|glyph| glyph.at.bottom).fold(frame.at.bottom, f32::max);
        frame.ys[last] = frame.at.bottom;
    }
}

/// Words that reach over a cell's side belong where their middle is; a number that does so is doubtful there
/// and in every cell it touches, which are told.
fn overflowing(glyphs: &[Glyph], places: &mut [usize]) -> Vec<usize> {
    let tight = |glyph: &Glyph| glyph.letter.is_ascii_graphic();
    let touch = |a: &Glyph, b: &Glyph| {
        // What one operation draws without a gap is one word; letter by letter only numbers are told.
        !a.letter.is_whitespace()
            && !b.letter.is_whitespace()
            && (a.run == b.run || tight(a) && tight(b))
            && (a.turn, b.turn) == (0, 0)
            && (b.at.left - a.at.right).abs() < 0.1 * a.size
            && (a.at.middle().1 - b.at.middle().1).abs() < 0.3 * a.size
    };
    let mut doubtful = Vec::new();
    let mut start = 0;
    while start < glyphs.len() {
        let mut end = start + 1;
        while end < glyphs.len() && touch(&glyphs[end - 1], &glyphs[end]) {
            end += 1;
        }
        let word = &mut places[start..end];
        if word.iter().any(|place| *place != word[0]) {
            if glyphs[start..end].iter().any(|glyph| glyph.letter.is_ascii_digit()) {
                doubtful.extend(word.iter().copied());
            }
            let middle = word[(word.len() - 1) / 2];
            word.fill(middle);
        }
        start = end;
    }
    doubtful
}

fn plan(frame: &Frame) -> Plan {
    let (columns, rows) = (frame.xs.len() - 1, frame.ys.len() - 1);
    let open_right =
        |row: usize, column: usize| column + 1 < columns && frame.upright(column + 1, frame.ys[row], frame.ys[row + 1]) < DRAWN;
    let open_below =
        |row: usize, column: usize| row + 1 < rows && frame.level(row + 1, frame.xs[column], frame.xs[column + 1]) < DRAWN;
    let mut plan = Plan { owner: vec![usize::MAX; columns * rows], columns, cells: Vec::new(), complete: true };
    for at in 0..columns * rows {
        if plan.owner[at] != usize::MAX {
            continue;
        }
        let (row, column) = (at / columns, at % columns);
        let free = |plan: &Plan, row: usize, column: usize| plan.owner[row * columns + column] == usize::MAX;
        let mut right = column + 1;
        while right < columns && open_right(row, right - 1) && free(&plan, row, right) {
            right += 1;
        }
        let mut bottom = row + 1;
        while bottom < rows
            && (column..right).all(|c| open_below(bottom - 1, c) && free(&plan, bottom, c))
            && (column..right - 1).all(|c| open_right(bottom, c))
        {
            bottom += 1;
        }
        let number = plan.cells.len();
        for r in row..bottom {
            plan.owner[r * columns + column..r * columns + right].fill(number);
        }
        plan.cells.push((row, column, bottom, right));
    }
    plan.complete = is_sound(&plan, rows, open_right, open_below);
    plan
}

/// Whether every open side lies inside a cell: else the cells are no rectangles.
fn is_sound(
    plan: &Plan,
    rows: usize,
    open_right: impl Fn(usize, usize) -> bool,
    open_below: impl Fn(usize, usize) -> bool,
) -> bool {
    let owner = |row: usize, column: usize| plan.owner[row * plan.columns + column];
    (0..rows).all(|row| {
        (0..plan.columns).all(|column| {
            (!open_right(row, column) || owner(row, column) == owner(row, column + 1))
                && (!open_below(row, column) || owner(row, column) == owner(row + 1, column))
        })
    })
}

/// Whether an empty box at the edge is no part of the table: its outer side is not drawn, although the
/// table's side is drawn elsewhere.
fn is_outside(frame: &Frame, (top, left, bottom, right): (usize, usize, usize, usize)) -> bool {
    let (columns, rows) = (frame.xs.len() - 1, frame.ys.len() - 1);
    let missing_upright = |x: usize| {
        frame.upright(x, frame.ys[top], frame.ys[bottom]) < 0.2 && frame.upright(x, frame.at.top, frame.at.bottom) > 0.3
    };
    let missing_level =
        |y: usize| frame.level(y, frame.xs[left], frame.xs[right]) < 0.2 && frame.level(y, frame.at.left, frame.at.right) > 0.3;
    left == 0 && missing_upright(0)
        || right == columns && missing_upright(columns)
        || top == 0 && missing_level(0)
        || bottom == rows && missing_level(rows)
}
