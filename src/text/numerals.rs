//! Numerals as Chinese reports print them.
//!
//! A report writes the same number as `1234`, `1,234`, `１２３４`, `一千二百三十四`, `0.1234万` or,
//! torn by a line break of a PDF, as `12 34`. And much that looks like a number counts nothing: years,
//! articles of law, document numbers, hotlines, numbering. This file finds every numeral in a text,
//! says where it stands, what it is worth exactly, whether it is only approximate, which unit
//! follows, and what part it plays. It never guesses: what has two readings is [`Role::Unclear`].

mod chinese;
mod scan;
#[cfg(test)]
mod tests;
mod words;

pub use chinese::{chinese, to_chinese};
pub use words::{unit_class, without_vague_words};

use rust_decimal::Decimal;
use std::ops::Range;

/// What a numeral does in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It states how much or how many: the only role that claims may be made of.
    Quantity,
    /// A year, month, day, hour, or a span of years.
    Date,
    /// 第20条, 30号: it names a place in an order.
    Ordinal,
    /// A document number, a hotline, a version, a number inside a title or a quoted name.
    Reference,
    /// The number of a heading or of an item in a list: 一、 1. （二）.
    Numbering,
    /// It could be read in two ways, so it is not read at all.
    Unclear,
}

/// One numeral of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numeral {
    /// Bytes of the number itself with its multiplier (45.28万), without approximations and unit.
    pub range: Range<usize>,
    /// Byte just after the unit, and after a word of approximation that follows it.
    pub end: usize,
    /// Its exact value, with 万 and 亿 multiplied in, except where the unit is 万元 or 亿元.
    pub value: Decimal,
    /// 余, 多, 近, 约, 超过, 左右 …: never to be tested for equality.
    pub approximate: bool,
    /// The measure word as printed, full-width signs folded: 件, 条, 人次, 万元, %, …
    pub unit: Option<String>,
    pub role: Role,
}

impl Numeral {
    /// Whether it is a whole number of things that can be counted: not a share, a time or money.
    pub fn is_count(&self) -> bool {
        self.role == Role::Quantity
            && self.value.fract().is_zero()
            && self.unit.as_deref().is_none_or(|unit| !words::MEASURES.contains(&unit))
    }
}

/// Every numeral of a text, in order; those that count nothing are there too, with their role.
pub fn numerals(text: &str) -> Vec<Numeral> {
    if !text.chars().any(scan::may_begin) {
        return Vec::new();
    }
    scan::Scanner::new(text).run()
}
