//! Lines outside tables → paragraphs.
//!
//! A line that reaches the right margin goes on in the next, unless that one is set in or numbered.

use super::lines::Line;
use crate::model::{Block, PrintedWord, TextBlock};
use crate::text::{is_filler, split_numbering, squeeze};

/// A line and the page it stands on, from 1.
pub(super) struct Placed {
    pub(super) line: Line,
    pub(super) page: u32,
}

/// The margins between which most lines of a document stand, and the size of most of its type.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measure {
    left: f32,
    right: f32,
    size: f32,
}

impl Measure {
    /// Of all lines outside tables.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a Line>) -> Measure {
        let long: Vec<&Line> = lines.filter(|line| line.glyphs.len() >= 12).collect();
        let nth = |mut values: Vec<f32>, share: f32| {
            values.sort_by(f32::total_cmp);
            values.get(((values.len() as f32 - 1.0) * share).max(0.0) as usize).copied().unwrap_or_default()
        };
        Measure {
            left: nth(long.iter().map(|line| line.at.left).collect(), 0.05),
            right: nth(long.iter().map(|line| line.at.right).collect(), 0.9),
            size: nth(long.iter().map(|line| line.size()).collect(), 0.5),
        }
    }
}

/// Collects paragraphs.
pub(super) struct Paragraphs {
    measure: Measure,
    text: String,
    last: Option<Placed>,
    first_page: u32,
    emphasis: bool,
    /// Of a paragraph of one line.
    printed: Option<Box<[PrintedWord]>>,
}

impl Paragraphs {
    pub(super) fn new(measure: Measure) -> Paragraphs {
        Paragraphs { measure, text: String::new(), last: None, first_page: 0, emphasis: false, printed: None }
    }

    /// Adds a line; ends the paragraph before it where it begins another.
    pub(super) fn line(&mut self, placed: Placed, blocks: &mut Vec<Block>) {
        let text = columns(&placed.line.text());
        let goes_on = self.last.as_ref().is_some_and(|last| self.goes_on(last, &placed, &text));
        let emphasis = placed.line.is_bold() || placed.line.size() > self.measure.size * 1.15;
        if goes_on {
            let words = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            if words(self.text.chars().next_back()) && words(text.chars().next()) {
                self.text.push(' ');
            }
            self.emphasis &= emphasis;
            self.printed = None;
        } else {
            self.end(blocks);
            (self.first_page, self.emphasis) = (placed.page, emphasis);
            self.printed = Some(placed.line.words().into());
        }
        self.text.push_str(&text);
        self.last = Some(placed);
    }

    /// Ends the paragraph at hand.
    pub(super) fn end(&mut self, blocks: &mut Vec<Block>) {
        let text = std::mem::take(&mut self.text);
        let printed = self.printed.take();
        if !text.chars().all(is_filler) {
            let (page, emphasis) = (Some(self.first_page), self.emphasis);
            blocks.push(Block::Text(TextBlock { text, page, emphasis, linked: false, printed }));
        }
        self.last = None;
    }

    fn goes_on(&self, last: &Placed, next: &Placed, text: &str) -> bool {
        let (above, below) = (&last.line, &next.line);
        let size = above.size();
        if (size - below.size()).abs() > 0.2 * size || text.contains('\t') || self.text.contains('\t') {
            return false;
        }
        let pitch = below.at.middle().1 - above.at.middle().1;
        if last.page == next.page && !(0.0..size * 3.2).contains(&pitch) || next.page > last.page + 1 {
            return false;
        }
        if split_numbering(&crate::text::compact(text)).is_some() {
            return false;
        }
        let Measure { left, right, size: body } = self.measure;
        let full = above.at.right > right - 1.7 * size;
        let flush = below.at.left < left + 1.2 * size;
        let centred =
            |line: &Line| ((line.at.left - left) - (right - line.at.right)).abs() < 2.0 * size && line.at.left > left + size;
        // A title set larger goes over as many lines as it needs.
        let title = size > body * 1.15 && (full || centred(above)) && centred(below) && last.page == next.page;
        full && flush || title
    }
}

/// A line whose wide gaps, which stand for columns, are kept as tabs.
fn columns(text: &str) -> String {
    let pieces = text.split('\t').map(squeeze).filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join("\t")
}
