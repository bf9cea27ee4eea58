//! Plain text → Document: paragraphs, and tables as text programs write them.
//!
//! Four shapes of tables are told by their characters alone: one cell a line led by a tab with
//! blank lines between rows (what word processors save), cells separated by tabs, cells between
//! upright strokes, and lines in a row with as many commas each. Columns made of spaces stay lines of text: only who knows the form can tell them.
//! So do rows of which some have more cells than others, or that stand alone: programs that write tables as text break their cells over lines.

use super::budget::Budget;
use super::grid::GridBuilder;
use super::ruler::Ruler;
use crate::model::{Block, Document, Media, TextBlock};
use crate::text::{is_figure, is_filler, squeeze};
use std::borrow::Cow;
use std::collections::HashSet;

/// What a line is.
enum Line<'a> {
    Blank,
    /// One cell, led by a tab.
    Cell(&'a str),
    /// A whole row.
    Row(Vec<&'a str>),
    /// `|---|---|`
    Rule,
    Prose(&'a str),
}

fn told(line: &str) -> Line<'_> {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        return Line::Blank;
    }
    let trimmed = line.trim();
    if trimmed.starts_with('|') && trimmed.len() > 1 {
        let inside = trimmed.trim_start_matches('|');
        let inside = inside.strip_suffix('|').unwrap_or(inside);
        let inside =
            if trimmed.starts_with("||") { trimmed.trim_end_matches('|').strip_prefix('|').unwrap_or(inside) } else { inside };
        if inside.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ')) && inside.contains('-') {
            return Line::Rule;
        }
        return Line::Row(inside.split('|').map(str::trim).collect());
    }
    if let Some(cell) = line.strip_prefix('\t')
        && !cell.contains('\t')
    {
        return Line::Cell(cell.trim());
    }
    if line.trim_start_matches(' ').contains('\t') && !trimmed.is_empty() {
        return Line::Row(line.split('\t').map(str::trim).collect());
    }
    if trimmed.chars().all(is_filler) { Line::Blank } else { Line::Prose(trimmed) }
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// The rows of a table written one cell a line.
    table: Option<GridBuilder>,
    /// Whether the next cell line begins a row.
    row_ended: bool,
    /// Rows written a line each, and whether a line under their heads says that they are.
    rows: Vec<Vec<String>>,
    ruled: bool,
    /// Blank lines since the last row.
    blanks: u32,
    ruler: Ruler,
    budget: Budget,
}

impl Reader {
    fn table(&mut self) -> &mut GridBuilder {
        self.table.get_or_insert_with(|| {
            self.row_ended = true;
            GridBuilder::default()
        })
    }

    fn close(&mut self) {
        if let Some(table) = self.table.take() {
            self.put(table);
        }
        let rows = std::mem::take(&mut self.rows);
        if !std::mem::take(&mut self.ruled) && !are_even(&rows) {
            self.blocks
                .extend(rows.iter().map(|cells| Block::Text(TextBlock { text: cells.join("\t"), ..TextBlock::default() })));
            return;
        }
        let mut table = GridBuilder::default();
        for cells in rows {
            table.row_of(cells.len());
            cells.into_iter().for_each(|cell| table.cell(cell, 1, 1));
        }
        self.put(table);
    }

    fn put(&mut self, table: GridBuilder) {
        let grid = table.finish();
        if !grid.rows.is_empty() {
            self.blocks.push(Block::Table(grid));
        }
    }

    fn line(&mut self, at: usize, line: &str) {
        match told(line) {
            Line::Blank => {
                self.row_ended = true;
                self.blanks += 1;
                // Rows of cells a line stand one blank line apart; two end the table.
                if self.blanks > 1 || !self.rows.is_empty() {
                    self.close();
                }
                return;
            }
            Line::Cell(text) => {
                if !self.rows.is_empty() {
                    self.close();
                }
                let begins = self.table.is_none() || self.row_ended;
                let table = self.table();
                if begins {
                    table.row();
                }
                table.cell(text.to_owned(), 1, 1);
                self.row_ended = false;
            }
            Line::Row(cells) => {
                if self.table.is_some() {
                    self.close();
                }
                self.rows.push(cells.into_iter().map(str::to_owned).collect());
            }
            Line::Rule => self.ruled |= !self.rows.is_empty(),
            Line::Prose(text) => {
                self.close();
                // A blank line before a lone figure may be a blank cell of a table that is written one cell a line.
                if self.blanks > 0 && is_figure(text) {
                    self.blocks.push(Block::Text(TextBlock::default()));
                }
                let printed = self.ruler.measure(at, line);
                self.blocks.push(Block::Text(TextBlock { text: columns(text), printed, ..TextBlock::default() }));
            }
        }
        self.blanks = 0;
    }
}

/// So many lines with as many cells each are rows.
const FEWEST_ROWS: usize = 2;

/// Whether the rows of a table, or of several below one another, all have as many cells.
fn are_even(rows: &[Vec<String>]) -> bool {
    let tables: Vec<&[Vec<String>]> = rows.chunk_by(|row, next| row.len() == next.len()).collect();
    let widths: HashSet<usize> = rows.iter().map(Vec::len).collect();
    widths.len() == tables.len() && tables.iter().all(|rows| rows.len() >= FEWEST_ROWS)
}

/// The lines from here on that are rows of cells between commas: none of them a sentence, each with as many cells.
fn comma_rows(lines: &[(usize, Cow<'_, str>)]) -> Option<Vec<Vec<String>>> {
    let width = comma_cells(&lines.first()?.1)?.len();
    let rows: Vec<Vec<String>> =
        lines.iter().map_while(|(_, line)| comma_cells(line)).take_while(|cells| cells.len() == width).collect();
    (rows.len() >= FEWEST_ROWS).then_some(rows)
}

/// The cells of a line between commas; a cell in quotes may hold one.
fn comma_cells(line: &str) -> Option<Vec<String>> {
    if !line.contains(',') || line.contains(['。', '\t', '|']) {
        return None;
    }
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.trim_end_matches('\r').chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut()?.push(c),
        }
    }
    let cells: Vec<String> = cells.iter().map(|cell| squeeze(cell)).collect();
    let parted = (0..cells.len()).any(|at| is_parted(&cells[at], cells.get(at + 1)));
    (!quoted && !parted).then_some(cells)
}

/// Whether a cell holds words or a number and then the beginning of another: 「行政处罚 22,806」 is a label and one number.
/// A number with its sign is a cell of its own.
fn is_parted(cell: &str, next: Option<&String>) -> bool {
    let before = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    let thousands = || next.is_some_and(|next| next.bytes().take_while(u8::is_ascii_digit).count() == 3);
    !before.is_empty() && before.len() < cell.len() && (before.ends_with(' ') || thousands() && !is_figure(cell))
}

/// A line whose wide gaps, which stand for columns, are kept as tabs.
fn columns(text: &str) -> String {
    let pieces = text.split("  ").map(squeeze).filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join("\t")
}

/// Reads plain text.
pub(super) fn read(text: &str) -> Document {
    let lines = super::wrap::lines(text);
    let ruler = Ruler::of(lines.iter().map(|(_, line)| line.as_ref()));
    let mut reader = Reader { ruler, ..Reader::default() };
    let mut at = 0;
    while let Some((printed_at, line)) = lines.get(at) {
        match comma_rows(&lines[at..]) {
            Some(rows) => {
                at += rows.len();
                reader.close();
                if !rows.iter().all(|cells| reader.budget.piece(cells.iter().map(|cell| cell.len()).sum())) {
                    break;
                }
                reader.rows = rows;
                reader.close();
            }
            None => {
                if !reader.budget.piece(line.len()) {
                    break;
                }
                reader.line(*printed_at, line);
                at += 1;
            }
        }
    }
    reader.close();
    let mut document = Document::new(Media::Text);
    document.blocks = reader.blocks;
    document.problems.extend(reader.budget.problem());
    super::number_tables(&mut document);
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let document = read(text);
        let grids =
            document.blocks.into_iter().filter_map(|block| if let Block::Table(grid) = block { Some(grid) } else { None });
        grids.flat_map(|grid| grid.rows).map(|row| row.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn tables_are_told_by_their_characters() {
        let expected = vec![
            vec!["规章".to_owned(), "0".to_owned(), "2".to_owned()],
            vec!["行政许可".to_owned(), String::new(), "3".to_owned()],
        ];
        for text in [
            "\t规章\n\t0\n\t2\n\n\t行政许可\n\t\n\t3\n",
            "规章\t0\t2\n行政许可\t\t3\n",
            "规章,0,2\n行政许可,,\"3\"\n",
            "| 规章 | 0 | 2 |\n|---|---|---|\n| 行政许可 | | 3 |\n",
        ] {
            assert_eq!(rows(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_comma_inside_a_number_parts_nothing() {
        for text in ["行政处罚 22,806\n行政强制 12,580\n", "行政处罚22,806\n行政强制12,580\n", "22,806 12\n12,580 7\n"]
        {
            assert_eq!(rows(text), Vec::<Vec<String>>::new(), "{text:?}");
        }
        assert_eq!(rows("22,806\n12,580\n").len(), 2);
        assert_eq!(rows("行政处罚,1137,+38,158\n行政强制,30,增2,110\n")[1], ["行政强制", "30", "增2", "110"]);
    }

    #[test]
    fn prose_is_no_table() {
        assert!(rows("一、总体情况\n\n　　本年共公开 82 条。\n").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[\\t|\\n\\- 一0-9]{0,200}") { read(&text); }
    }
}
