//! Where the columns of a table without lines stand.

use super::chains::Chain;
use super::{Line, Word};
use crate::extract::rows::{RowCell, SharedCell};
use crate::model::Place;
use std::borrow::Cow;
use std::ops::Range;

/// What the words of each column span, left to right.
pub(super) struct Places {
    spans: Vec<(u32, u32)>,
    /// What ends left of this is no figure.
    left: u32,
    told_by: ToldBy,
}

/// What tells where columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ToldBy {
    /// Rows with a figure in each.
    Rows,
    /// Only their labels. A figure set to the left of its column may stand under the label of another, so it must stand in
    /// the middle of one.
    Header,
    /// Labels in the middle of columns of one width, which tell where each begins and ends.
    EvenHeader,
}

/// Whether a word of a line is in a label.
type Taken<'t> = dyn Fn(usize, usize) -> bool + 't;

impl Places {
    /// The columns of rows with a figure in each, or those that a header shows; `None` where they do not stand apart.
    /// `labels` is where the labels of the rows end.
    pub(super) fn of(
        lines: &[Line<'_>],
        body: Range<usize>,
        header: Option<&[Chain]>,
        (width, labels): (usize, u32),
        is_taken: &Taken<'_>,
    ) -> Option<Places> {
        let mut full: Option<Vec<(u32, u32)>> = None;
        for line in body {
            let own: Vec<(u32, u32)> = figures(&lines[line], line, is_taken).map(|word| (word.left, word.right)).collect();
            if own.len() == width {
                full = Some(full.map_or_else(|| own.clone(), |full| joined(&full, &own)));
            }
        }
        if let Some(spans) = full.filter(|spans| are_apart(spans)) {
            let left = spans.first()?.0;
            return Some(Places { spans, left, told_by: ToldBy::Rows });
        }
        // A text tells places too roughly for that.
        let paged = lines.iter().all(|line| line.page.is_some());
        let spans: Vec<(u32, u32)> = header.filter(|_| paged)?.iter().map(|chain| (chain.left, chain.right)).collect();
        if let Some(spans) = even(&spans) {
            return Some(Places { spans, left: labels, told_by: ToldBy::EvenHeader });
        }
        are_apart(&spans).then_some(Places { spans, left: labels, told_by: ToldBy::Header })
    }

    /// Whether the words of some lines stand where only a right sum can tell that they stand in their columns.
    pub(super) fn must_add_up(&self, lines: &[Line<'_>], own: &[usize]) -> bool {
        let is_off = |word: &Word<'_>, size: u32| {
            let middle = (word.left + word.right) / 2;
            self.spans.iter().all(|(left, right)| ((left + right) / 2).abs_diff(middle) > size / 2)
        };
        let figures = || own.iter().flat_map(|at| lines[*at].words.iter().map(|word| (word, lines[*at].size)));
        self.told_by == ToldBy::EvenHeader && figures().any(|(word, size)| self.is_figure(word) && is_off(word, size))
    }

    /// Whether a word stands where the figures are.
    pub(super) fn is_figure(&self, word: &Word<'_>) -> bool {
        word.right > self.left
    }

    /// Whether anything stands in a line where the figures are.
    pub(super) fn has_figures(&self, line: &Line<'_>, at: usize, is_taken: &Taken<'_>) -> bool {
        (0..line.words.len()).any(|word| !is_taken(at, word) && self.is_figure(&line.words[word]))
    }

    /// Whether one of them is a figure, or what stands for one.
    pub(super) fn has_values(&self, line: &Line<'_>, at: usize, is_taken: &Taken<'_>) -> bool {
        let is_value = |word: &Word<'_>| RowCell::new(Cow::Borrowed(word.text), 0, 1, Place::default(), None).is_value();
        (0..line.words.len()).any(|word| !is_taken(at, word) && self.is_figure(&line.words[word]) && is_value(&line.words[word]))
    }

    /// The cells of a row, one a column, whose figures may stand on several lines; `None` where a word stands in no
    /// column, in two, or is no figure.
    pub(super) fn cells<'a>(&self, lines: &[Line<'a>], own: &[usize], is_taken: &Taken<'_>) -> Option<Vec<SharedCell<'a>>> {
        let first = *own.first()?;
        let quote = lines[first].words.iter().rev().map(|word| word.quote).next()?;
        let mut cells: Vec<(Cow<'a, str>, (usize, &'a str))> = vec![(Cow::Borrowed(""), (first, quote)); self.spans.len()];
        for at in own {
            let line = &lines[*at];
            let words = line.words.iter().enumerate().filter(|(word, _)| !is_taken(*at, *word)).map(|(_, word)| word);
            for word in words.filter(|word| self.is_figure(word)) {
                let (text, (last, quote)) = &mut cells[self.column(word, line.size)?];
                match text.is_empty() {
                    true => (*text, *quote) = (Cow::Borrowed(word.text), word.quote),
                    false => {
                        text.to_mut().push(if *last == *at { ' ' } else { '\n' });
                        text.to_mut().push_str(word.text);
                    }
                }
                *last = *at;
            }
        }
        let cell = |(column, (text, (at, quote))): (usize, (Cow<'a, str>, (usize, &'a str)))| {
            let place = Place { page: lines[at].page, ..Place::default() };
            RowCell::new(text, column as u32 + 1, 1, place, Some(quote))
        };
        let cells: Vec<SharedCell<'a>> = cells.into_iter().enumerate().map(cell).collect();
        // A program that makes columns of spaces moves what stands alone.
        let certain = lines[first].page.is_some() || cells.iter().all(|cell| !cell.is_blank());
        (certain && cells.iter().all(|cell| cell.is_value())).then_some(cells)
    }

    /// The one column in which a word stands.
    fn column(&self, word: &Word<'_>, size: u32) -> Option<usize> {
        let mut over = (0..self.spans.len()).filter(|at| word.left < self.spans[*at].1 && self.spans[*at].0 < word.right);
        let (Some(column), None) = (over.next(), over.next()) else { return None };
        let middle = |(left, right): (u32, u32)| left + right;
        let off = middle((word.left, word.right)).abs_diff(middle(self.spans[column]));
        // Twice half a type size.
        (self.told_by != ToldBy::Header || off <= size).then_some(column)
    }
}

/// Fewer columns of one width may be so by chance.
const FEWEST_EVEN: usize = 5;

/// The columns between labels whose middles stand at one distance from one another.
fn even(labels: &[(u32, u32)]) -> Option<Vec<(u32, u32)>> {
    // All in twice their lengths, so that nothing is rounded.
    let middles: Vec<u32> = labels.iter().map(|(left, right)| left + right).collect();
    let steps = || middles.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    let (least, most) = (steps().min()?, steps().max()?);
    let is_even = labels.len() >= FEWEST_EVEN && least > 0 && (most - least) * 20 <= most;
    let half = (middles.last()? - middles.first()?) / (middles.len() as u32 - 1) / 2;
    is_even.then(|| middles.iter().map(|middle| (middle.saturating_sub(half) / 2, (middle + half) / 2)).collect())
}

/// The figures at the end of a line.
pub(super) fn figures<'l, 'a>(line: &'l Line<'a>, at: usize, is_taken: &Taken<'_>) -> impl Iterator<Item = &'l Word<'a>> {
    let is_figure = |word: &usize| {
        !is_taken(at, *word) && RowCell::new(Cow::Borrowed(line.words[*word].text), 0, 1, Place::default(), None).is_value()
    };
    let count = (0..line.words.len()).rev().take_while(is_figure).count();
    line.words[line.words.len() - count..].iter()
}

fn joined(one: &[(u32, u32)], other: &[(u32, u32)]) -> Vec<(u32, u32)> {
    one.iter().zip(other).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))).collect()
}

fn are_apart(places: &[(u32, u32)]) -> bool {
    places.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}
