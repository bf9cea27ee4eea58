//! Letters → lines of writing, and lines → text.

use super::{Glyph, Rect};
use crate::model::PrintedWord;
use crate::text::is_filler;

/// Letters that stand on one line, left to right.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) glyphs: Vec<Glyph>,
    /// Around the letters that are seen.
    pub(super) at: Rect,
}

/// Sorts letters into lines, top to bottom. Letters of nothing but space are left out.
pub(super) fn lines(mut glyphs: Vec<Glyph>) -> Vec<Line> {
    glyphs.sort_by(|a, b| a.at.middle().1.total_cmp(&b.at.middle().1));
    let mut rows: Vec<(f32, f32, Vec<Glyph>)> = Vec::new();
    for glyph in glyphs {
        let y = glyph.at.middle().1;
        match rows.last_mut() {
            // Smaller letters, raised or lowered, belong to the line of the larger ones.
            Some((middle, size, row)) if (y - *middle).abs() < 0.5 * size.max(glyph.size) => {
                // A line is where its largest letters are.
                if glyph.size > *size * 1.2 {
                    (*middle, *size) = (y, glyph.size);
                }
                row.push(glyph);
            }
            _ => rows.push((y, glyph.size, vec![glyph])),
        }
    }
    rows.into_iter().filter_map(|(_, _, row)| line(row)).collect()
}

fn line(mut glyphs: Vec<Glyph>) -> Option<Line> {
    glyphs.sort_by(|a, b| a.at.left.total_cmp(&b.at.left));
    drop_notes(&mut glyphs);
    let is_seen = |glyph: &Glyph| !glyph.letter.is_whitespace();
    let first = glyphs.iter().position(is_seen)?;
    let last = glyphs.iter().rposition(is_seen)?;
    let glyphs = glyphs[first..=last].to_vec();
    let at = glyphs.iter().filter(|glyph| is_seen(glyph)).map(|glyph| glyph.at).reduce(|all, at| all.join(&at))?;
    Some(Line { glyphs, at })
}

/// Takes away the marks of footnotes: numbers, smaller and raised, behind what they are about.
fn drop_notes(glyphs: &mut Vec<Glyph>) {
    let mut before: Option<Glyph> = None;
    glyphs.retain(|glyph| {
        let is_mark = |before: &Glyph| {
            (glyph.letter.is_ascii_digit() || ('①'..='⑳').contains(&glyph.letter))
                && glyph.size < 0.9 * before.size
                && before.at.bottom - glyph.at.bottom > 0.2 * before.size
                && glyph.at.left - before.at.right < before.size
        };
        let kept = !before.as_ref().is_some_and(is_mark);
        if kept && !glyph.letter.is_whitespace() {
            before = Some(*glyph);
        }
        kept
    });
}

/// What stands between two letters of a line.
fn between(left: &Glyph, right: &Glyph) -> &'static str {
    let gap = right.at.left - left.at.right;
    let size = left.size.max(right.size);
    let tight = left.letter.is_ascii_graphic() && right.letter.is_ascii_graphic();
    let digits = left.letter.is_ascii_digit() && right.letter.is_ascii_digit();
    if digits && right.at.left - left.at.left < 0.5 * left.at.width() {
        // Two numbers printed over one another are none.
        "\u{fffd}"
    } else if digits && (left.size < 0.8 * right.size || right.size < 0.8 * left.size) {
        // The mark of a footnote is no digit of the number before it.
        " "
    } else if gap > COLUMN_GAP * size {
        "\t"
    } else if gap > size * if tight { 0.28 } else { 0.9 } {
        " "
    } else {
        ""
    }
}

/// Whether two letters that follow one another on a line may stand in two cells.
fn are_two_words(left: &Glyph, right: &Glyph) -> bool {
    let size = left.size.max(right.size);
    let level = (left.at.middle().1 - right.at.middle().1).abs() < 0.2 * size;
    // A label that fills its cell touches the figure in the next one.
    let label = !left.letter.is_ascii() && right.letter.is_ascii();
    let parted = !level || label || right.at.left - left.at.right > 0.25 * size;
    parted && left.run != right.run || between(left, right).contains([' ', '\t'])
}

/// A gap of so many type sizes stands between columns, not between words.
pub(super) const COLUMN_GAP: f32 = 1.8;

impl Line {
    /// Its text; a tab stands for a gap as wide as between columns.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.glyphs.len() * 3);
        let mut before: Option<&Glyph> = None;
        for glyph in &self.glyphs {
            let space = glyph.letter.is_whitespace();
            if let Some(before) = before {
                // Space that was drawn is no gap, unless it is narrower than the gap it lies in.
                text.push_str(between(before, glyph));
            }
            text.push(if space { ' ' } else { glyph.letter });
            before = Some(glyph);
        }
        text
    }

    /// Its words: letters without a gap, drawn together and on one line.
    pub(super) fn words(&self) -> Vec<PrintedWord> {
        let tenths = |points: f32| (points * 10.0).round().max(0.0) as u32;
        let mut words: Vec<PrintedWord> = Vec::new();
        let mut before: Option<&Glyph> = None;
        for glyph in &self.glyphs {
            if !is_filler(glyph.letter) {
                let own = before.is_none_or(|before| is_filler(before.letter) || are_two_words(before, glyph));
                match words.last_mut().filter(|_| !own) {
                    Some(word) => {
                        word.right = word.right.max(tenths(glyph.at.right));
                        word.letters += 1;
                    }
                    None => words.push(PrintedWord {
                        left: tenths(glyph.at.left),
                        right: tenths(glyph.at.right),
                        y: tenths(glyph.at.middle().1),
                        size: tenths(glyph.size),
                        letters: 1,
                    }),
                }
            }
            before = Some(glyph);
        }
        words
    }

    /// The size of most of its type.
    pub(super) fn size(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.size).fold(0.0, f32::max)
    }

    /// Whether all of it is bold.
    pub(super) fn is_bold(&self) -> bool {
        self.glyphs.iter().all(|glyph| glyph.bold || glyph.letter.is_whitespace())
    }
}
