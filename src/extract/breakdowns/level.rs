//! A sentence taken apart: the text outside brackets, and the text of each bracket.

use crate::text::nfkc;
use crate::text::numerals::{Numeral, Role};
use rust_decimal::Decimal;

/// A quantity of one level and the words before it.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// NFKC text without spaces between the quantity before (or the level's start) and this one.
    pub gap: String,
    pub value: Decimal,
    pub unit: Option<String>,
    pub approximate: bool,
    /// A whole number of things; shares, money in decimals and unclear numbers are not.
    pub countable: bool,
    /// It stands alone in brackets after its label: 甲类（24条）.
    pub bracketed: bool,
    /// How far it may lie from what it was rounded from: half a unit of the last digit of 4.82万.
    pub slack: Decimal,
}

/// One level of brackets.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    pub items: Vec<Item>,
    /// Text after the last quantity.
    pub rest: String,
    /// The quantity the bracket stands behind, where it stands close behind one: 50件（…）.
    pub owner: Option<Item>,
}

/// The levels of a sentence: first the text outside brackets, then every bracket that holds more than one
/// quantity.
pub(super) fn levels(sentence: &str, numerals: &[Numeral]) -> Vec<Level> {
    let mut builder = Builder { sentence, all: numerals, done: Vec::new() };
    let top = builder.level(0, sentence.len(), 0);
    let mut found = vec![top];
    found.append(&mut builder.done);
    found
}

/// Whether a character opens a bracket.
pub(super) fn opens(c: char) -> bool {
    matches!(c, '（' | '(' | '〔' | '[' | '【')
}

struct Builder<'a> {
    sentence: &'a str,
    all: &'a [Numeral],
    done: Vec<Level>,
}

/// Brackets within brackets, so deep and no deeper.
const DEEPEST: usize = 4;
/// Words that may stand between a quantity and the bracket that breaks it down: 3件政府信息公开申请（…）.
const NEAR: usize = 14;

impl Builder<'_> {
    fn level(&mut self, start: usize, end: usize, depth: usize) -> Level {
        let mut level = Level::default();
        let mut gap = String::new();
        let mut at = start;
        while at < end {
            if let Some(numeral) = self.numeral_at(at) {
                let stop = numeral.end.min(end).max(at + 1);
                push(&mut level, &mut gap, numeral, self.sentence.get(at..stop).unwrap_or(""), false);
                at = self.boundary(stop);
                continue;
            }
            let Some(c) = self.sentence.get(at..end).and_then(|rest| rest.chars().next()) else { break };
            let next = at + c.len_utf8();
            if opens(c)
                && depth < DEEPEST
                && let Some(close) = self.closing(at, end)
            {
                self.bracket(next, close, depth, &mut level, &mut gap);
                at = self.sentence.get(close..).and_then(|rest| rest.chars().next()).map_or(end, |c| close + c.len_utf8());
                continue;
            }
            if ('\u{4e00}'..='\u{9fff}').contains(&c) {
                gap.push(c);
            } else {
                gap.extend(nfkc(c.encode_utf8(&mut [0; 4])).filter(|c| !c.is_whitespace()));
            }
            if c == '\n' && !gap.ends_with([';', ',', ':', '。']) {
                gap.push('\n');
            }
            at = next;
        }
        level.rest = gap.replace('\n', "");
        level
    }

    fn bracket(&mut self, start: usize, close: usize, depth: usize, level: &mut Level, gap: &mut String) {
        let mut inner = self.level(start, close, depth + 1);
        let alone = inner.items.len() == 1
            && inner.rest.is_empty()
            && matches!(inner.items[0].gap.as_str(), "" | "共" | "计" | "共计" | "合计");
        if alone && inner.items[0].countable {
            let mut item = inner.items.remove(0);
            item.gap = std::mem::take(gap);
            item.bracketed = true;
            level.items.push(item);
            return;
        }
        if inner.items.len() > 1 {
            let near = gap.chars().count() <= NEAR && !gap.contains([',', ';', ':', '、', '。']);
            inner.owner = level.items.last().filter(|_| near).cloned();
            self.done.push(inner);
        }
    }

    fn numeral_at(&self, at: usize) -> Option<&Numeral> {
        self.all.binary_search_by_key(&at, |numeral| numeral.range.start).ok().map(|index| &self.all[index])
    }

    fn boundary(&self, mut at: usize) -> usize {
        while at < self.sentence.len() && !self.sentence.is_char_boundary(at) {
            at += 1;
        }
        at
    }

    /// Where the bracket opened at `open` closes, within `end`.
    fn closing(&self, open: usize, end: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (at, c) in self.sentence.get(open..end)?.char_indices() {
            match c {
                c if opens(c) => depth += 1,
                '）' | ')' | '〕' | ']' | '】' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(open + at);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

fn slack(printed: &str) -> Decimal {
    let Some((digits, _)) = printed.split_once('万') else { return Decimal::ZERO };
    let decimals = digits.rsplit_once(['.', '．']).map_or(0, |(_, decimals)| decimals.trim().chars().count());
    Decimal::new(5, u32::try_from(decimals).unwrap_or(0).min(20) + 1) * Decimal::from(10_000)
}

fn push(level: &mut Level, gap: &mut String, numeral: &Numeral, printed: &str, bracketed: bool) {
    match numeral.role {
        Role::Quantity | Role::Unclear => level.items.push(Item {
            gap: std::mem::take(gap).replace('\n', ""),
            value: numeral.value,
            unit: numeral.unit.clone(),
            approximate: numeral.approximate || numeral.role == Role::Unclear,
            slack: slack(printed),
            countable: numeral.is_count() || (numeral.role == Role::Quantity && numeral.unit.as_deref() == Some("元")),
            bracketed,
        }),
        Role::Numbering => {}
        Role::Date | Role::Ordinal | Role::Reference => gap.extend(nfkc(printed).filter(|c| !c.is_whitespace())),
    }
}
