//! A report as text programs write it: a cell a line, tabs, strokes, commas, columns of spaces.

use super::grid::Grid;
use super::recipe::Writer;
use super::story::Piece;
use std::fmt::Write;

/// The whole text.
pub(super) fn text(pieces: &[Piece], writer: Writer) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Title(line) | Piece::Shown(line) | Piece::Heading(line) | Piece::Paragraph(line) | Piece::Signature(line) => {
                let _ = writeln!(text, "{}\n", plain(line));
            }
            Piece::Table(grid) => {
                text.push_str(&table(grid, writer));
                text.push_str("\n\n");
            }
        }
    }
    text
}

fn plain(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}").replace('\n', "")
}

fn table(grid: &Grid, writer: Writer) -> String {
    let rows: Vec<Vec<String>> = grid.0.iter().map(|row| row.iter().map(|cell| plain(&cell.text)).collect()).collect();
    let joined = |by: &str| rows.iter().map(|row| row.join(by) + "\n").collect::<String>();
    match writer {
        Writer::CellLines => rows.iter().map(|row| row.iter().map(|it| format!("\t{it}\n")).collect::<String>() + "\n").collect(),
        Writer::Tabs => joined("\t"),
        Writer::Commas => {
            let quoted = |it: &String| if it.contains(',') { format!("\"{it}\"") } else { it.clone() };
            rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect()
        }
        Writer::Lines => joined("\n"),
        Writer::Columns => columns(&rows),
        _ => rows.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect(),
    }
}

/// How many columns of a terminal a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn columns(rows: &[Vec<String>]) -> String {
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|it| width(it)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..most).map(|at| widest(at).clamp(4, 40) + 3).collect();
    let mut text = String::new();
    for row in rows {
        for (it, wide) in row.iter().zip(&widths) {
            text.push_str(it);
            text.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(it)).max(2)));
        }
        text.push('\n');
    }
    text
}
