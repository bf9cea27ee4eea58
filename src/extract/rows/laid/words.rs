//! The words of a document that may be a table without lines, and where they stand.

use crate::extract::forms::{Forms, Label, TableId};
use crate::model::{Block, Document, PrintedWord, TextBlock};
use crate::text::is_filler;

/// A word and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) left: u32,
    pub(super) right: u32,
    /// The block that it stands in, as the document has its lines, and its place among the words of that.
    pub(super) home: (usize, usize),
    /// The text of that block.
    pub(super) quote: &'a str,
}

/// Words side by side.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) page: Option<u32>,
    pub(super) y: u32,
    pub(super) size: u32,
    pub(super) words: Vec<Word<'a>>,
}

/// The most lines of one table, and of words on one line.
const MOST_LINES: usize = 600;
const MOST_WORDS: usize = 64;

/// A line as the document has it.
pub(super) struct Printed<'a> {
    pub(super) block: usize,
    pub(super) text: &'a TextBlock,
    pub(super) words: Vec<(Word<'a>, PrintedWord)>,
}

/// The lines under the heading of each table, up to what is no part of a table.
pub(super) fn regions<'a>(document: &'a Document, forms: &Forms) -> Vec<(TableId, Vec<Printed<'a>>)> {
    let mut regions: Vec<(TableId, Vec<Printed<'a>>)> = Vec::new();
    let mut open = false;
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Text(text) = block else {
            open = false;
            continue;
        };
        if text.text.is_empty() {
            continue;
        }
        if let Some(table) = forms.table_under(&Label::new(&text.text)) {
            regions.push((table, Vec::new()));
            open = true;
            continue;
        }
        let line = words(at, text).filter(|_| open && !is_prose(&text.text));
        open &= line.is_some();
        if let (Some(words), Some((_, lines))) = (line, regions.last_mut())
            && lines.len() < MOST_LINES
        {
            lines.push(Printed { block: at, text, words });
        }
    }
    regions
}

/// The words of a line; `None` where it is not known where they stand.
fn words(block: usize, text: &TextBlock) -> Option<Vec<(Word<'_>, PrintedWord)>> {
    let printed = text.printed.as_ref().filter(|words| words.len() <= MOST_WORDS)?;
    let mut letters = text.text.char_indices().filter(|(_, c)| !is_filler(*c)).map(|(at, c)| (at, at + c.len_utf8()));
    let mut words = Vec::with_capacity(printed.len());
    for (nth, word) in printed.iter().enumerate() {
        let (start, mut end) = letters.next()?;
        if let Some(more) = (word.letters as usize).checked_sub(2) {
            end = letters.nth(more)?.1;
        }
        let own = text.text.get(start..end).filter(|own| !own.contains(is_filler))?;
        words.push((Word { text: own, left: word.left, right: word.right, home: (block, nth), quote: &text.text }, *word));
    }
    letters.next().is_none().then_some(words)
}

/// Words put into lines by where they stand: cells beside one another need not stand on one line.
pub(super) fn lines_of<'a>(blocks: &[Printed<'a>]) -> Vec<Line<'a>> {
    let words = blocks.iter().flat_map(|block| block.words.iter().map(|(word, at)| (block.text.page, at, *word)));
    let mut words: Vec<(Option<u32>, &PrintedWord, Word<'a>)> = words.collect();
    words.sort_by_key(|(page, at, word)| (*page, at.y, word.left));
    let mut lines: Vec<Line<'a>> = Vec::new();
    for (page, at, word) in words {
        match lines.last_mut() {
            Some(line) if line.page == page && at.y <= line.y + LEVEL * at.size / 10 => line.words.push(word),
            _ => lines.push(Line { page, y: at.y, size: at.size, words: vec![word] }),
        }
    }
    lines.iter_mut().for_each(|line| line.words.sort_by_key(|word| word.left));
    lines
}

/// Words on one line differ in height by no more than so many tenths of their type size.
const LEVEL: u32 = 3;

/// Whether a line is a sentence, or a part of one.
fn is_prose(text: &str) -> bool {
    text.contains(['。', '；']) || text.split(is_filler).any(|word| word.chars().count() > 60)
}
