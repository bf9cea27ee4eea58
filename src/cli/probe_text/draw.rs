//! A grid drawn with lines, for a terminal: merged cells merged, Chinese characters two columns wide.
//!
//! The cells are laid out as they were read. A column is as wide as what stands in it, within limits; where a grid is
//! wider than the screen its widest columns give way first, and what does not fit even so is counted, not hidden.

use crate::cli::Shell;
use crate::model::{Cell, Grid};
use crate::notify::render::align::columns as width_of;

/// How a cell is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Label,
    Figure,
    /// What a reader should look at.
    Odd,
}

/// What the drawing is told of a grid.
pub(super) struct Drawing<'a> {
    pub(super) grid: &'a Grid,
    /// The tone of a cell, and a mark before its text.
    pub(super) tone: &'a dyn Fn(&Cell) -> (Tone, &'static str),
    /// What stands beside a row.
    pub(super) beside: &'a dyn Fn(u32) -> Option<String>,
    /// Columns of the screen for the grid itself.
    pub(super) width: usize,
}

/// The most rows and columns that are drawn.
const MOST_ROWS: usize = 120;
const MOST_COLUMNS: usize = 40;
/// The widest and the narrowest column, and the most lines of a cell.
const WIDEST: usize = 18;
const NARROWEST: usize = 4;
const MOST_LINES: usize = 3;

/// Which of the cells covers a place.
struct Plan<'a> {
    cells: Vec<&'a Cell>,
    covering: Vec<Vec<Option<usize>>>,
    rows: usize,
    columns: usize,
    /// How many rows and columns are left out.
    more: (usize, usize),
}

impl<'a> Plan<'a> {
    fn of(grid: &'a Grid, most_columns: usize) -> Plan<'a> {
        let cells: Vec<&Cell> = grid.rows.iter().flatten().collect();
        let wide = cells.iter().map(|cell| (cell.column + cell.colspan) as usize).max().unwrap_or(0);
        let (rows, columns) = (grid.rows.len().min(MOST_ROWS), wide.min(most_columns));
        let mut covering = vec![vec![None; columns]; rows];
        for (at, cell) in cells.iter().enumerate() {
            for line in covering.iter_mut().skip(cell.row as usize).take(cell.rowspan as usize) {
                line.iter_mut().skip(cell.column as usize).take(cell.colspan as usize).for_each(|place| *place = Some(at));
            }
        }
        Plan { cells, covering, rows, columns, more: (grid.rows.len() - rows, wide - columns) }
    }

    fn at(&self, row: isize, column: isize) -> Option<usize> {
        let line = self.covering.get(usize::try_from(row).ok()?)?;
        line.get(usize::try_from(column).ok()?).copied().flatten()
    }

    /// The cells that begin within what is drawn, with how far they reach in it.
    fn shown(&self) -> impl Iterator<Item = (&'a Cell, usize, usize)> {
        let (rows, columns) = (self.rows, self.columns);
        self.cells.iter().filter_map(move |cell| {
            let (down, right) = (rows.checked_sub(cell.row as usize)?, columns.checked_sub(cell.column as usize)?);
            let (down, right) = (down.min(cell.rowspan as usize), right.min(cell.colspan as usize));
            (down > 0 && right > 0).then_some((*cell, down, right))
        })
    }
}

/// Draws a grid; each line ends with a line feed.
pub(super) fn draw(drawing: &Drawing<'_>, shell: &Shell) -> String {
    let narrow = (drawing.width.saturating_sub(1) / (NARROWEST + 1)).clamp(1, MOST_COLUMNS);
    let plan = Plan::of(drawing.grid, narrow);
    if plan.rows == 0 || plan.columns == 0 {
        return String::new();
    }
    let text = |cell: &Cell| format!("{}{}", (drawing.tone)(cell).1, clean(&cell.text));
    let widths = widths(&plan, &text, drawing.width);
    let (heights, lines) = heights(&plan, &text, &widths);
    let mut canvas = Canvas::new(&widths, &heights);
    canvas.rule(&plan);
    for ((cell, ..), lines) in plan.shown().zip(&lines) {
        canvas.write(cell.row as usize, cell.column as usize, lines, (drawing.tone)(cell).0);
    }
    let mut out = String::new();
    for (y, line) in canvas.chars.iter().enumerate() {
        out.push_str(&canvas.line(y, line, shell));
        let row = canvas.tops.iter().position(|top| *top == y).filter(|row| *row < plan.rows);
        if let Some(beside) = row.and_then(|row| (drawing.beside)(row as u32)) {
            out.push_str(&shell.paint("2", &format!(" ← {beside}")));
        }
        out.push('\n');
    }
    let note = |count: usize, zh: &str, en: &str| {
        let (zh, en) = (format!("（另有 {count} {zh}未画出）\n"), format!("({count} more {en} not drawn)\n"));
        if count == 0 { String::new() } else { shell.say(&zh, &en).to_owned() }
    };
    out + &note(plan.more.0, "行", "rows") + &note(plan.more.1, "列", "columns")
}

/// A cell's text on one line, without what could steer a terminal.
fn clean(text: &str) -> String {
    let spaced = text.chars().map(|c| if super::steers(c) { ' ' } else { c }).collect::<String>();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn widths(plan: &Plan<'_>, text: &dyn Fn(&Cell) -> String, room: usize) -> Vec<usize> {
    let mut widths = vec![2; plan.columns];
    for (cell, ..) in plan.shown().filter(|(_, _, right)| *right == 1) {
        let width = &mut widths[cell.column as usize];
        *width = (*width).max(width_of(&text(cell)).min(WIDEST));
    }
    for (cell, _, right) in plan.shown().filter(|(_, _, right)| *right > 1) {
        let of_cell = &mut widths[cell.column as usize..cell.column as usize + right];
        let wanted = width_of(&text(cell)).min(WIDEST);
        let has = of_cell.iter().sum::<usize>() + right - 1;
        let lacks = wanted.saturating_sub(has).div_ceil(right);
        of_cell.iter_mut().for_each(|width| *width += lacks);
    }
    while widths.iter().sum::<usize>() + widths.len() + 1 > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// The height of each row, and the lines of each cell that is shown.
fn heights(plan: &Plan<'_>, text: &dyn Fn(&Cell) -> String, widths: &[usize]) -> (Vec<usize>, Vec<Vec<String>>) {
    let room =
        |cell: &Cell, right: usize| widths[cell.column as usize..cell.column as usize + right].iter().sum::<usize>() + right - 1;
    let mut lines: Vec<Vec<String>> = plan.shown().map(|(cell, _, right)| broken(&text(cell), room(cell, right))).collect();
    let mut heights = vec![1; plan.rows];
    for ((cell, down, _), lines) in plan.shown().zip(&mut lines) {
        if down == 1 {
            cut(lines, MOST_LINES);
            let height = &mut heights[cell.row as usize];
            *height = (*height).max(lines.len());
        }
    }
    for ((cell, down, _), lines) in plan.shown().zip(&mut lines) {
        if down > 1 {
            let of_cell = &mut heights[cell.row as usize..cell.row as usize + down];
            let has = of_cell.iter().sum::<usize>() + down - 1;
            cut(lines, has.max(MOST_LINES));
            let lacks = lines.len().saturating_sub(has);
            of_cell.iter_mut().rev().take(1).for_each(|last| *last += lacks);
        }
    }
    (heights, lines)
}

/// Keeps so many lines, and says where something was cut off.
fn cut(lines: &mut Vec<String>, most: usize) {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while last.pop().is_some_and(|c| width_of(c.encode_utf8(&mut [0; 4])) == 0) {}
            last.push('…');
        }
    }
}

/// A text broken into lines of at most `width` columns, wherever the width ends.
fn broken(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut used) = (vec![String::new()], 0);
    for c in text.chars() {
        let wide = width_of(c.encode_utf8(&mut [0; 4]));
        if used + wide > width && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += wide;
    }
    lines
}

/// Characters by line and column; the second half of a wide one is `'\0'`.
struct Canvas {
    chars: Vec<Vec<char>>,
    tones: Vec<Vec<Option<Tone>>>,
    /// Line of the first text of each row, column of the first character of each column; one more for the ends.
    tops: Vec<usize>,
    lefts: Vec<usize>,
}

impl Canvas {
    fn new(widths: &[usize], heights: &[usize]) -> Canvas {
        let starts = |sizes: &[usize]| {
            let mut at = 1;
            let mut starts = vec![at];
            for size in sizes {
                at += size + 1;
                starts.push(at);
            }
            starts
        };
        let (tops, lefts) = (starts(heights), starts(widths));
        let (height, width) = (tops[heights.len()], lefts[widths.len()]);
        Canvas { chars: vec![vec![' '; width]; height], tones: vec![vec![None; width]; height], tops, lefts }
    }

    /// Draws the lines between the cells.
    fn rule(&mut self, plan: &Plan<'_>) {
        for row in 0..=plan.rows {
            for column in 0..=plan.columns {
                let (r, c) = (row as isize, column as isize);
                let around = [plan.at(r - 1, c - 1), plan.at(r - 1, c), plan.at(r, c - 1), plan.at(r, c)];
                let [above_left, above_right, below_left, below_right] = around;
                let inside = |row: isize, column: isize| {
                    (0..plan.rows as isize).contains(&row) && (0..plan.columns as isize).contains(&column)
                };
                let differ = |a: Option<usize>, b: Option<usize>, there: bool| there && (a != b || a.is_none());
                let up = differ(above_left, above_right, inside(r - 1, c - 1) || inside(r - 1, c));
                let down = differ(below_left, below_right, inside(r, c - 1) || inside(r, c));
                let left = differ(above_left, below_left, inside(r - 1, c - 1) || inside(r, c - 1));
                let right = differ(above_right, below_right, inside(r - 1, c) || inside(r, c));
                let (y, x) = (self.tops[row] - 1, self.lefts[column] - 1);
                self.chars[y][x] = joint(up, down, left, right);
                if right && column < plan.columns {
                    self.chars[y][x + 1..self.lefts[column + 1] - 1].fill('─');
                }
                if down && row < plan.rows {
                    self.chars[y + 1..self.tops[row + 1] - 1].iter_mut().for_each(|line| line[x] = '│');
                }
            }
        }
    }

    fn write(&mut self, row: usize, column: usize, lines: &[String], tone: Tone) {
        for (at, line) in lines.iter().enumerate() {
            let (y, mut x) = (self.tops[row] + at, self.lefts[column]);
            for c in line.chars() {
                let wide = width_of(c.encode_utf8(&mut [0; 4]));
                let fits = y < self.chars.len() && x + wide <= self.chars[y].len();
                if wide == 0 || !fits {
                    continue;
                }
                self.chars[y][x] = c;
                self.tones[y][x..x + wide].fill(Some(tone));
                if wide == 2 {
                    self.chars[y][x + 1] = '\0';
                }
                x += wide;
            }
        }
    }

    /// One line with its colours.
    fn line(&self, y: usize, line: &[char], shell: &Shell) -> String {
        let tones = &self.tones[y];
        let mut out = String::new();
        let mut from = 0;
        while from < line.len() {
            let to = (from..line.len()).find(|at| tones[*at] != tones[from]).unwrap_or(line.len());
            let text: String = line[from..to].iter().filter(|c| **c != '\0').collect();
            out.push_str(&match tones[from] {
                None => shell.paint("2", &text),
                Some(Tone::Label) => text,
                Some(Tone::Figure) => shell.paint("32", &text),
                Some(Tone::Odd) => shell.paint("1;31", &text),
            });
            from = to;
        }
        out
    }
}

fn joint(up: bool, down: bool, left: bool, right: bool) -> char {
    match (up, down, left, right) {
        (false, false, false, false) => ' ',
        (false, false, _, _) => '─',
        (_, _, false, false) => '│',
        (false, true, false, true) => '┌',
        (false, true, true, false) => '┐',
        (true, false, false, true) => '└',
        (true, false, true, false) => '┘',
        (true, true, false, true) => '├',
        (true, true, true, false) => '┤',
        (false, true, true, true) => '┬',
        (true, false, true, true) => '┴',
        (true, true, true, true) => '┼',
    }
}
