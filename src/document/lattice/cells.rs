//! The text of one cell: its letters put in reading order, its lines kept.
//!
//! A narrow column breaks a long number over two lines, which then are one number; but two numbers
//! may also stand below one another in one cell, where a line was left out. Only a line that had no
//! room for more was broken.

use super::Glyph;
use super::lines::{Line, lines};
use super::turned::{direction, upright};

/// What a cell may keep free at its sides, in points.
const PADDING: f32 = 12.0;

/// The text of a cell's letters, and whether its last line had no room for another letter.
pub(super) fn text(glyphs: &[Glyph], (width, height): (f32, f32)) -> (String, bool) {
    let way = direction(glyphs.iter());
    let across = if (way.0 + u8::from(way.1)) % 2 == 1 { height } else { width };
    let lines = lines(upright(glyphs, way));
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in &lines {
        if let Some(before) = before {
            text.push_str(joint(before, line, across));
        }
        text.push_str(line.text().replace('\t', " ").trim());
        before = Some(line);
    }
    let full = lines.last().is_some_and(|line| across - line.at.width() < line.size() + PADDING);
    (text, full)
}

/// What stands between two lines of a cell.
fn joint(above: &Line, below: &Line, width: f32) -> &'static str {
    let (Some(last), Some(first)) = (above.glyphs.last(), below.glyphs.first()) else { return "\n" };
    let number = |glyph: &Glyph| glyph.letter.is_ascii_digit() || matches!(glyph.letter, '.' | ',');
    let room = width - above.at.width() - first.at.width();
    if number(last) && number(first) && (room > PADDING || above.at.width() < width * 0.4) { "\n\u{fffd}\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::lattice::Rect;

    fn written(text: &str, left: f32, top: f32) -> Vec<Glyph> {
        let at = |i: usize| Rect { left: left + i as f32 * 5.0, top, right: left + i as f32 * 5.0 + 5.0, bottom: top + 10.0 };
        text.chars()
            .enumerate()
            .map(|(i, letter)| Glyph { letter, at: at(i), size: 10.0, turn: 0, vertical: false, bold: false, run: 0 })
            .collect()
    }

    #[test]
    fn a_number_is_broken_only_where_it_had_no_room() {
        let cell = |width| text(&[written("961", 0.0, 0.0), written("71.6", 0.0, 12.0)].concat(), (width, 30.0)).0;
        assert_eq!(cell(24.0), "961\n71.6");
        assert_eq!(cell(80.0), "961\n\u{fffd}\n71.6");
    }

    #[test]
    fn the_mark_of_a_footnote_is_no_part_of_a_number() {
        let mark = |top: f32| {
            let small = |glyph: Glyph| Glyph { size: 6.0, at: Rect { top, bottom: top + 6.0, ..glyph.at }, ..glyph };
            written("31", 10.0, 0.0).into_iter().map(small).collect::<Vec<_>>()
        };
        let cell = |top| text(&[written("12", 0.0, 0.0), mark(top)].concat(), (60.0, 20.0)).0;
        assert_eq!(cell(-1.0), "12");
        assert_eq!(cell(3.5), "12 31", "smaller, but not raised");
    }

    #[test]
    fn gaps_keep_numbers_apart() {
        let row = [written("12", 0.0, 0.0), written("3", 20.0, 0.0)].concat();
        assert_eq!(text(&row, (60.0, 20.0)).0, "12 3");
        assert_eq!(text(&written("12.5", 0.0, 0.0), (60.0, 20.0)).0, "12.5");
    }
}
