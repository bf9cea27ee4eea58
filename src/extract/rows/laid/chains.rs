//! Labels that stand over several lines, found again by their words: one below another, of which the form knows the whole.

use super::Line;
use crate::extract::forms::Label;
use crate::model::Reading;
use crate::text::{fold, read_cell, split_numbering};
use std::cell::Cell;
use std::cmp::Reverse;
use std::ops::Range;

/// So many lines a label may take, and so many words on one of them.
const MOST_LINES: usize = 16;
const MOST_WORDS: usize = 5;
/// So many type sizes may lie between two lines of one label, and between two words on a line.
const REACH: u32 = 32;
const GAP: u32 = 20;

/// Words that together are a label.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) label: Label,
    /// Indexes of lines and of words in them.
    pub(super) words: Vec<(usize, usize)>,
    numbered: bool,
    pub(super) left: u32,
    pub(super) right: u32,
}

impl Chain {
    pub(super) fn first(&self) -> usize {
        self.words.first().map_or(0, |(line, _)| *line)
    }

    pub(super) fn last(&self) -> usize {
        self.words.last().map_or(0, |(line, _)| *line)
    }

    pub(super) fn holds(&self, line: usize, word: usize) -> bool {
        self.words.contains(&(line, word))
    }
}

/// The labels that are looked for, in order.
pub(super) struct Keys<'f>(Vec<&'f str>);

impl<'f> Keys<'f> {
    pub(super) fn new(keys: impl Iterator<Item = &'f str>) -> Keys<'f> {
        let mut keys: Vec<&str> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        Keys(keys)
    }

    fn begins(&self, text: &str) -> bool {
        self.0.get(self.0.partition_point(|key| *key < text)).is_some_and(|key| key.starts_with(text))
    }

    fn has(&self, text: &str) -> bool {
        self.0.binary_search(&text).is_ok()
    }
}

/// Every label among some lines; where two would share a word the longer one is it. Takes from the steps that are left
/// for the document; with none left what is found is not all.
pub(super) fn chains(lines: &[Line<'_>], span: Range<usize>, keys: &Keys<'_>, steps: &Cell<u32>) -> Vec<Chain> {
    let mut search = Search { lines, end: span.end, keys, found: Vec::new(), steps };
    for line in span {
        for word in 0..lines[line].words.len() {
            search.along("", &[], line, word, None);
        }
    }
    let mut found = search.found;
    // Of two with the same letters the one with its number is whole, and the one with fewer words is the tighter.
    found.sort_by_key(|chain| (Reverse(chain.label.key.len()), Reverse(chain.numbered), chain.words.len(), chain.first()));
    let mut kept: Vec<Chain> = Vec::new();
    for chain in found {
        if !kept.iter().any(|known| known.words.iter().any(|(line, word)| chain.holds(*line, *word))) {
            kept.push(chain);
        }
    }
    kept.sort_by_key(|chain| (chain.first(), chain.left));
    kept
}

/// Whether a text begins the number of a label: a line may end inside 「（七）」.
fn is_numbering(text: &str) -> bool {
    let inside = |c: char| "()[]〔〕、一二三四五六七八九十".contains(c);
    text.chars().count() <= LONGEST_NUMBER && fold(text).chars().all(inside)
}

/// No number of a label has more characters.
const LONGEST_NUMBER: usize = 4;

struct Search<'s, 'a> {
    lines: &'s [Line<'a>],
    end: usize,
    keys: &'s Keys<'s>,
    found: Vec<Chain>,
    steps: &'s Cell<u32>,
}

impl Search<'_, '_> {
    /// Takes words of a line from one on; `above` is what the words of the lines above span.
    fn along(&mut self, text: &str, taken: &[(usize, usize)], line: usize, first: usize, above: Option<(u32, u32)>) {
        let words = &self.lines[line].words;
        let gap = GAP * self.lines[line].size / 10;
        let (mut text, mut taken) = (text.to_owned(), taken.to_vec());
        let (mut left, mut right) = above.unwrap_or((u32::MAX, 0));
        let mut touches = above.is_none();
        for at in first..words.len().min(first + MOST_WORDS) {
            let steps = self.steps.get();
            self.steps.set(steps.saturating_sub(1));
            let apart = at > first && words[at].left > words[at - 1].right + gap;
            text.push_str(words[at].text);
            let label = Label::new(&text);
            // A dash has no letters, and is a figure.
            let dash = read_cell(words[at].text).reading == Reading::Dash;
            let goes_on = is_numbering(&text) || self.keys.begins(&label.key);
            if apart || dash || steps == 0 || !goes_on {
                return;
            }
            taken.push((line, at));
            touches |= above.is_some_and(|(left, right)| words[at].left < right && left < words[at].right);
            (left, right) = (left.min(words[at].left), right.max(words[at].right));
            if !touches {
                continue;
            }
            if self.keys.has(&label.key) {
                let numbered = split_numbering(&fold(&text)).is_some();
                self.found.push(Chain { label, words: taken.clone(), numbered, left, right });
            }
            self.down(&text, &taken, line, (left, right));
        }
    }

    /// Goes on in the next line that has words below these.
    fn down(&mut self, text: &str, taken: &[(usize, usize)], line: usize, (left, right): (u32, u32)) {
        let top = taken.first().map_or(line, |(line, _)| *line);
        let below = |at: usize| self.lines[at].words.iter().any(|word| word.left < right && left < word.right);
        let Some(next) = (line + 1..self.end.min(line + 1 + 2 * MOST_LINES)).find(|at| below(*at)) else { return };
        let (above, own) = (&self.lines[line], &self.lines[next]);
        let lines = taken.iter().map(|(line, _)| *line).filter(|at| *at != top).collect::<std::collections::BTreeSet<_>>().len();
        let near = above.page == own.page && own.y.saturating_sub(above.y) <= REACH * above.size / 10;
        if lines + 2 > MOST_LINES || !(near || above.page != own.page) {
            return;
        }
        for word in 0..own.words.len() {
            if own.words[word].left >= right {
                break;
            }
            self.along(text, taken, next, word, Some((left, right)));
        }
    }
}
