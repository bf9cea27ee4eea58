//! Where the words of a text's lines stand, for tables whose columns are made of spaces.
//!
//! Programs do not agree on how wide a Chinese character is: most count two columns, as terminals show it, some one. Rows
//! of figures tell: with the right width the figures at their ends stand below one another.

use crate::model::PrintedWord;
use crate::text::{is_figure, is_filler};

/// Longer lines are prose.
const LONGEST_LINE: usize = 200;
/// So many figures at the end of a line make it a row.
const FIGURES: usize = 3;
/// A column, and a line, in the unit of [`PrintedWord`].
const UNIT: u32 = 10;

/// How the lines of a text are measured.
#[derive(Debug, Default)]
pub(super) struct Ruler {
    /// Columns that a Chinese character takes; 0 where no line is to be measured.
    wide: u32,
}

impl Ruler {
    /// The ruler of a text; one without columns of spaces needs none.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Ruler {
        let rows: Vec<&str> = lines.filter(|line| line.contains("  ") && is_row(line)).collect();
        let below = |wide: u32| {
            let lasts: Vec<PrintedWord> = rows.iter().filter_map(|line| words(line, wide).pop()).collect();
            lasts.windows(2).filter(|pair| pair[0].left < pair[1].right && pair[1].left < pair[0].right).count()
        };
        match rows.len() {
            0 => Ruler::default(),
            _ if below(1) > below(2) => Ruler { wide: 1 },
            _ => Ruler { wide: 2 },
        }
    }

    /// Where a line and its words stand; `nth` counts the lines before it.
    pub(super) fn measure(&self, nth: usize, line: &str) -> Option<Box<[PrintedWord]>> {
        if self.wide == 0 || line.len() > LONGEST_LINE * 3 || line.chars().count() > LONGEST_LINE {
            return None;
        }
        let y = u32::try_from(nth).ok()?.checked_mul(UNIT)?;
        Some(words(line, self.wide).into_iter().map(|word| PrintedWord { y, ..word }).collect())
    }
}

/// Whether a line ends with figures.
fn is_row(line: &str) -> bool {
    line.len() <= LONGEST_LINE * 3
        && line.ends_with(|c: char| c.is_ascii_digit() || is_figure(c.encode_utf8(&mut [0; 4])))
        && line.split(is_filler).filter(|word| !word.is_empty()).rev().take_while(|word| is_figure(word)).count() >= FIGURES
}

/// The words of a line with the first column of each and the column after its last.
fn words(line: &str, wide: u32) -> Vec<PrintedWord> {
    let mut words: Vec<PrintedWord> = Vec::new();
    let (mut at, mut inside) = (0, false);
    for c in line.chars() {
        let next = at + UNIT * if c > '\u{2e80}' { wide } else { 1 };
        match words.last_mut().filter(|_| inside) {
            _ if is_filler(c) => {}
            Some(word) => (word.right, word.letters) = (next, word.letters + 1),
            None => words.push(PrintedWord { left: at, right: next, y: 0, size: UNIT, letters: 1 }),
        }
        inside = !is_filler(c);
        at = next;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Ruler, words};

    #[test]
    fn the_width_of_a_character_is_told_by_rows_of_figures() {
        let two = ["行政许可      1   2   30", "规章          4   5    6"];
        let one = ["行政许可      1   2   30", "规章        4   5    6"];
        assert_eq!(Ruler::of(two.into_iter()).wide, 2);
        assert_eq!(Ruler::of(one.into_iter()).wide, 1);
        assert_eq!(Ruler::of(["一、总体情况"].into_iter()).wide, 0);
        let spans: Vec<(u32, u32)> = words(" 规章 12", 2).iter().map(|word| (word.left, word.right)).collect();
        assert_eq!(spans, [(10, 50), (60, 80)]);
    }
}
