//! A masked sentence as words, quantities and marks.

use super::mask::Masked;
use super::names::Own;
use crate::rules::{Meaning, Subjects};

/// What stands at a place of a masked sentence.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Word(Meaning),
    /// Index into the sentence's quantities.
    Quantity(usize),
    /// The agency's name.
    OwnName,
    /// A year of four digits, or a part of a date.
    Date,
    /// , ; : ( ) 。 and the like: they end a clause.
    Mark(char),
    /// 、 and quotation marks: they end nothing.
    Comma,
    Unknown,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '(' | ')' | '。' | '!' | '…')
}

/// The tokens of a masked sentence, from left to right.
pub(super) fn tokens(masked: &Masked, subjects: &Subjects, own: &Own) -> Vec<Token> {
    let text = masked.text.as_str();
    let mut names: Vec<(usize, usize)> = Vec::new();
    for name in own.names.iter().filter(|name| text.contains(name.as_str())) {
        let new = text.match_indices(name.as_str()).map(|(at, name)| (at, at + name.len()));
        // 全区政府信息公开 is of the whole 区, and of 政府信息.
        let in_words = |start: usize, end: usize| {
            text[end..].starts_with("信息") && name.ends_with("政府") && text[..start].ends_with(['全', '我', '本'])
        };
        let free: Vec<(usize, usize)> = new
            .filter(|(start, end)| names.iter().all(|(from, to)| end <= from || start >= to) && !in_words(*start, *end))
            .collect();
        names.extend(free);
    }
    let mut found = Vec::with_capacity(text.len() / 6);
    let mut at = 0;
    let mut words = subjects.words_in(text).peekable();
    while at < text.len() {
        if let Some((start, end)) = names.iter().find(|(start, _)| *start == at) {
            found.push(Token { start: *start, end: *end, kind: Kind::OwnName });
            at = *end;
            continue;
        }
        while words.peek().is_some_and(|(start, ..)| *start < at) {
            words.next();
        }
        if let Some(&(start, end, word)) = words.peek()
            && start == at
            && !names.iter().any(|(from, _)| *from > start && *from < end)
        {
            found.push(Token { start, end, kind: Kind::Word(word) });
            at = end;
            continue;
        }
        at = other(masked, text, at, &mut found);
    }
    found
}

/// What is no word: a quantity, a mark, a date; the rest is unknown. Gives where it ends.
fn other(masked: &Masked, text: &str, at: usize, found: &mut Vec<Token>) -> usize {
    let Some(c) = text[at..].chars().next() else { return text.len() };
    let mut end = at + c.len_utf8();
    let kind = if c == '#'
        && let Some(quantity) = masked.quantities.iter().position(|(byte, _)| *byte == at)
    {
        end += masked.quantities[quantity].1.unit.as_ref().map_or(0, String::len);
        Kind::Quantity(quantity)
    } else if is_mark(c) {
        Kind::Mark(c)
    } else if c.is_ascii_digit() {
        let digits = |c: &char| c.is_ascii_digit() || "年月日.-—~至度".contains(*c);
        end = at + text[at..].chars().take_while(digits).map(char::len_utf8).sum::<usize>();
        Kind::Date
    } else if c.is_alphanumeric() || c == '?' {
        Kind::Unknown
    } else {
        Kind::Comma
    };
    match found.last_mut() {
        Some(last) if matches!((last.kind, kind), (Kind::Unknown, Kind::Unknown)) && last.end == at => last.end = end,
        _ => found.push(Token { start: at, end, kind }),
    }
    end
}
