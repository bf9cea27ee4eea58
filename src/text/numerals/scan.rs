//! The scan itself: one pass over the characters of a text.

use super::chinese::{self, chinese};
use super::words::{AFTER, BEFORE, BETWEEN, BETWEEN_HEADS, NOT_ABOUT, TIMES, heads_unit, units};
use super::{Numeral, Role};
use rust_decimal::Decimal;
use std::str::FromStr;

/// A character folded to half width, with its place and its printed form.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    printed: char,
    folded: char,
}

/// The characters before a place, the nearest first.
#[derive(Clone, Copy)]
struct Tail {
    chars: [char; 6],
    length: usize,
}

impl Tail {
    fn chars(&self) -> &[char] {
        &self.chars[..self.length]
    }

    fn ends_with(&self, word: &str) -> bool {
        let mut chars = self.chars().iter();
        word.chars().rev().all(|c| chars.next() == Some(&c))
    }

    fn ends_with_any(&self, chars: &[char]) -> bool {
        self.chars().first().is_some_and(|last| chars.contains(last))
    }

    /// Without these characters at its end.
    fn without(mut self, chars: &[char]) -> Tail {
        let kept = self.chars().iter().position(|c| !chars.contains(c)).unwrap_or(self.length);
        self.chars.rotate_left(kept);
        self.length -= kept;
        self
    }
}

/// Walks over a text once.
pub(super) struct Scanner {
    marks: Vec<Mark>,
    /// For each mark, whether it stands inside a title, a quoted name or a document number.
    named: Vec<bool>,
    length: usize,
}

/// A number as far as its digits go.
struct Digits {
    /// Index of the mark after it.
    end: usize,
    value: Option<Decimal>,
    /// Set where the shape itself tells the role.
    role: Option<Role>,
    /// A word of approximation inside (数十, 几百).
    approximate: bool,
}

const LONGEST_NAME: usize = 40;

impl Scanner {
    pub(super) fn new(text: &str) -> Scanner {
        let marks: Vec<Mark> = text.char_indices().map(|(at, printed)| Mark { at, printed, folded: fold(printed) }).collect();
        let named = named(&marks);
        Scanner { marks, named, length: text.len() }
    }

    pub(super) fn run(&self) -> Vec<Numeral> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.marks.len() {
            if let Some(end) = self.end_of_words(at) {
                at = end;
                continue;
            }
            let Some(digits) = self.digits(at) else {
                at += 1;
                continue;
            };
            let next = digits.end.max(at + 1);
            at = match self.finish(at, &digits) {
                Some((numeral, end)) => {
                    found.push(numeral);
                    end.max(next)
                }
                None => next,
            };
        }
        found
    }

    /// Where characters end that are no numeral by the look of it: words, or 一 in words, without anything
    /// near that could make a numeral of them. Nearly all of a text is passed over here.
    fn end_of_words(&self, at: usize) -> Option<usize> {
        let c = self.folded(at)?;
        if matches!(c, '0'..='9' | '百' | '数' | '几') || c.is_whitespace() {
            return None;
        }
        if !chinese::is_part(c) {
            return Some(at + 1);
        }
        let mut end = at;
        while let Some(c) = self.folded(end).filter(|c| chinese::is_part(*c)) {
            if chinese::digit(c) == Some(0) {
                return None;
            }
            end += 1;
        }
        let follows = self.folded(self.skip_spaces(end));
        let told = follows.is_some_and(|c| heads_unit(c) || BETWEEN_HEADS.contains(&c)) || self.numbers_an_item(at, end);
        (!told).then_some(end)
    }

    fn folded(&self, at: usize) -> Option<char> {
        self.marks.get(at).map(|mark| mark.folded)
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|before| self.folded(before))
    }

    fn is_digit(&self, at: usize) -> bool {
        self.folded(at).is_some_and(|c| c.is_ascii_digit())
    }

    fn byte(&self, at: usize) -> usize {
        self.marks.get(at).map_or(self.length, |mark| mark.at)
    }

    /// Index after any spaces and line breaks.
    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.folded(at).is_some_and(char::is_whitespace) {
            at += 1;
        }
        at
    }

    /// Whether a word stands at an index; spaces inside it are not minded.
    fn word_end(&self, mut at: usize, word: &str) -> Option<usize> {
        for c in word.chars() {
            if self.folded(at) != Some(c) {
                at = self.skip_spaces(at);
                if self.folded(at) != Some(c) {
                    return None;
                }
            }
            at += 1;
        }
        Some(at)
    }

    fn unit(&self, at: usize) -> Option<(&'static str, usize)> {
        self.first_word(at, units(self.folded(self.skip_spaces(at))?))
    }

    fn first_word(&self, at: usize, words: &[&'static str]) -> Option<(&'static str, usize)> {
        words.iter().find_map(|word| self.word_end(at, word).map(|end| (*word, end)))
    }

    /// Up to six folded characters before an index, without spaces.
    fn tail(&self, at: usize) -> Tail {
        let mut tail = Tail { chars: ['\0'; 6], length: 0 };
        for mark in self.marks[..at].iter().rev().filter(|mark| !mark.folded.is_whitespace()).take(6) {
            tail.chars[tail.length] = mark.folded;
            tail.length += 1;
        }
        tail
    }

    fn digits(&self, at: usize) -> Option<Digits> {
        let c = self.folded(at)?;
        if c.is_ascii_digit() {
            return Some(self.arabic(at));
        }
        if (c == '百' || c.is_whitespace())
            && let Some(start) = self.word_end(at, "百分之")
        {
            return self.share(start);
        }
        if chinese::is_part(c) || (matches!(c, '数' | '几') && self.folded(at + 1).is_some_and(|c| "十百千万".contains(c)))
        {
            return Some(self.characters(at));
        }
        None
    }

    /// 百分之三十: a share, whose unit we say is %.
    fn share(&self, start: usize) -> Option<Digits> {
        let inner = if self.is_digit(start) {
            self.arabic(start)
        } else if self.folded(start).is_some_and(chinese::is_part) {
            self.characters(start)
        } else {
            return None;
        };
        Some(Digits { role: Some(if inner.value.is_some() { Role::Quantity } else { Role::Unclear }), ..inner })
    }

    fn characters(&self, start: usize) -> Digits {
        let vague = matches!(self.folded(start), Some('数' | '几'));
        let mut end = if vague { start + 1 } else { start };
        while self.folded(end).is_some_and(chinese::is_part) {
            end += 1;
        }
        let written: String = self.marks[if vague { start + 1 } else { start }..end].iter().map(|mark| mark.folded).collect();
        let value = if vague && !written.starts_with('十') { chinese(&format!("一{written}")) } else { chinese(&written) };
        Digits { end, value, role: None, approximate: vague }
    }

    fn arabic(&self, start: usize) -> Digits {
        let (mut end, mut written) = self.run_of_digits(start);
        let unclear = |end| Digits { end, value: None, role: Some(Role::Unclear), approximate: false };
        if let Some((joined_end, joined)) = self.thousands(start, end) {
            (end, written) = (joined_end, joined);
        } else if let Some((joined_end, joined)) = self.torn(start, end, &written) {
            let Some(joined) = joined else { return unclear(joined_end) };
            (end, written) = (joined_end, joined);
        }
        if self.folded(end) == Some('.') && self.is_digit(end + 1) {
            let (fraction_end, fraction) = self.run_of_digits(end + 1);
            if self.folded(fraction_end) == Some('.') && self.is_digit(fraction_end + 1) {
                let mut at = fraction_end;
                while self.folded(at) == Some('.') && self.is_digit(at + 1) {
                    at = self.run_of_digits(at + 1).0;
                }
                return Digits { end: at, value: None, role: Some(Role::Reference), approximate: false };
            }
            written = format!("{written}.{fraction}");
            end = fraction_end;
        }
        let mut value = Decimal::from_str(&written).ok();
        let power_at = self.skip_spaces(end);
        let is_money = ["万元", "亿元"].iter().any(|unit| self.word_end(power_at, unit).is_some());
        if let (false, Some(factor)) = (is_money, self.folded(power_at).and_then(power)) {
            value = value.and_then(|value| value.checked_mul(factor)).map(|value| value.normalize());
            end = power_at + 1;
            while let Some(factor) = self.folded(end).filter(|c| matches!(c, '万' | '亿')).and_then(power) {
                value = value.and_then(|value| value.checked_mul(factor)).map(|value| value.normalize());
                end += 1;
            }
            if self.is_digit(end) || self.folded(end).is_some_and(chinese::is_part) {
                let mut at = end;
                while self.is_digit(at) || self.folded(at).is_some_and(chinese::is_part) {
                    at += 1;
                }
                return unclear(at);
            }
        }
        Digits { end, value, role: None, approximate: false }
    }

    fn run_of_digits(&self, start: usize) -> (usize, String) {
        let written: String = self.marks[start..].iter().map(|mark| mark.folded).take_while(char::is_ascii_digit).collect();
        (start + written.len(), written)
    }

    /// `1,234` and `1，234`: only where the groups are proper and the commas alike.
    fn thousands(&self, start: usize, first_end: usize) -> Option<(usize, String)> {
        let comma = self.marks.get(first_end).filter(|mark| mark.folded == ',')?.printed;
        if first_end - start > 3 || self.folded(start) == Some('0') {
            return None;
        }
        let mut written: String = self.marks[start..first_end].iter().map(|mark| mark.folded).collect();
        let mut end = first_end;
        while self.marks.get(end).is_some_and(|mark| mark.printed == comma) {
            let (group_end, group) = self.run_of_digits(end + 1);
            if group.len() != 3 {
                break;
            }
            written.push_str(&group);
            end = group_end;
        }
        (end > first_end).then_some((end, written))
    }

    /// A number torn by spaces or a line break, as the text of a PDF has it. It is joined only where a unit
    /// follows and nothing in it looks like a year; more than three pieces are a row of a table: `None` within.
    fn torn(&self, start: usize, first_end: usize, first: &str) -> Option<(usize, Option<String>)> {
        let mut written = first.to_owned();
        let (mut end, mut pieces, mut year) = (first_end, 1, is_year(first));
        loop {
            let next = self.skip_spaces(end);
            if next == end || !self.is_digit(next) {
                break;
            }
            let (piece_end, piece) = self.run_of_digits(next);
            year |= is_year(&piece) && pieces > 1;
            written.push_str(&piece);
            (end, pieces) = (piece_end, pieces + 1);
        }
        if pieces == 1 || self.unit(self.skip_spaces(end)).is_none() {
            return None;
        }
        let by_hand = self.before(start).is_some_and(|c| c.is_ascii_alphanumeric());
        let good = pieces <= 3 && !year && !by_hand && written.len() <= 9 && !first.starts_with('0');
        Some((end, good.then_some(written)))
    }

    /// Unit, approximation and role of digits that stand at `start`.
    fn finish(&self, start: usize, digits: &Digits) -> Option<(Numeral, usize)> {
        let is_chinese = !self.is_digit(start);
        let is_share = digits.role == Some(Role::Quantity);
        let mut approximate = digits.approximate || self.vague_before(start);
        let mut end = digits.end;
        let mut at = self.skip_spaces(end);
        let mut value = digits.value;
        if let Some((_, after)) = self.first_word(at, BETWEEN)
            && (self.unit(self.skip_spaces(after)).is_some() || self.folded(after).and_then(power).is_some())
        {
            approximate = true;
            at = self.skip_spaces(after);
            if let Some(factor) = self.folded(at).filter(|c| matches!(c, '万' | '亿')).and_then(power) {
                value = value.and_then(|value| value.checked_mul(factor));
                at = self.skip_spaces(at + 1);
            }
        }
        let mut unit = None;
        if is_share {
            unit = Some("%".to_owned());
        } else if let Some((word, after)) = self.unit(at) {
            (unit, end) = (Some(word.to_owned()), after);
            if let Some(whole) = ["(次)", "（次）"].iter().find_map(|suffix| self.word_end(after, suffix)) {
                (unit, end) = (Some(format!("{word}次")), whole);
            }
            if word == "成" {
                (unit, value) = (Some("%".to_owned()), value.map(|value| value * Decimal::TEN));
            }
        }
        let role = digits.role.filter(|_| !is_share).unwrap_or_else(|| self.role(start, digits.end, unit.as_deref()));
        if unit.is_some()
            && let Some((_, after)) = self.first_word(end, AFTER)
        {
            (approximate, end) = (true, after);
        }
        if is_chinese && !self.is_told(start, digits.end, unit.as_deref(), role) {
            return None;
        }
        let count = unit.as_deref().is_some_and(|unit| !super::words::MEASURES.contains(&unit));
        let role = match value {
            None if role == Role::Quantity => Role::Unclear,
            Some(value) if role == Role::Quantity && count && !value.fract().is_zero() => Role::Unclear,
            _ => role,
        };
        let range = self.byte(start)..self.byte(digits.end);
        let numeral = Numeral { range, end: self.byte(end), value: value.unwrap_or_default(), approximate, unit, role };
        Some((numeral, end))
    }

    /// Characters like 一 are in every other word: they are a numeral only where a unit follows (or 为零 ends a clause).
    fn is_told(&self, start: usize, end: usize, unit: Option<&str>, role: Role) -> bool {
        if unit.is_some() || role == Role::Numbering {
            return true;
        }
        let is_zero = self.marks[start..end].iter().all(|mark| matches!(mark.folded, '零' | '〇'));
        is_zero
            && self.before(start).is_some_and(|c| matches!(c, '为' | '是'))
            && self.folded(self.skip_spaces(end)).is_none_or(|c| !c.is_alphanumeric())
    }

    fn vague_before(&self, start: usize) -> bool {
        let tail = self.tail(start);
        let tail = tail.without(&['达', '有', '到', '为']);
        (BEFORE.iter().any(|word| tail.ends_with(word)) && !NOT_ABOUT.iter().any(|word| tail.ends_with(word)))
            || (tail.ends_with("上") && self.folded(start).is_some_and(|c| matches!(c, '百' | '千' | '万')))
    }

    fn role(&self, start: usize, end: usize, unit: Option<&str>) -> Role {
        if self.named.get(start).copied().unwrap_or(false) {
            return Role::Reference;
        }
        let before = self.before(start);
        let after = self.folded(end);
        let tail = self.tail(start);
        if tail.ends_with("第") || tail.ends_with("第(") || unit == Some("号") || after == Some('届') {
            return Role::Ordinal;
        }
        let year = is_year(&self.marks[start..end].iter().map(|mark| mark.folded).collect::<String>());
        if (!year && tail.ends_with_any(&['每', '逐', '任', '某', '同', '另'])) || self.word_end(end, "分之").is_some() {
            return Role::Unclear;
        }
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic() || "+*/_@&=×\\#".contains(c));
        let ranges = |c: Option<char>| c.is_some_and(|c| "-–—~～−－至".contains(c));
        if unit.is_some_and(|unit| TIMES.contains(&unit)) || (unit == Some("分") && tail.ends_with_any(&['时', '点'])) {
            return Role::Date;
        }
        if (ranges(after) && self.is_digit(self.skip_dashes(end)))
            || (ranges(before) && start >= 2 && self.before(self.back_over_dashes(start)).is_some_and(|c| c.is_ascii_digit()))
        {
            return if year { Role::Date } else { Role::Unclear };
        }
        let clock =
            (before == Some(':') && start >= 2 && self.is_digit(start - 2)) || (after == Some(':') && self.is_digit(end + 1));
        if unit.is_none() && (joins(before) || joins(after) || clock) {
            return Role::Reference;
        }
        if before.is_some_and(|c| c.is_ascii_alphabetic() || c == '+') {
            return Role::Reference;
        }
        if unit.is_none() && self.numbers_an_item(start, end) {
            return Role::Numbering;
        }
        if unit.is_none() && year {
            return Role::Date;
        }
        if unit.is_none() && end - start >= 5 && self.is_digit(start) && self.is_hotline(tail, end) {
            return Role::Reference;
        }
        Role::Quantity
    }

    fn skip_dashes(&self, mut at: usize) -> usize {
        while self.folded(at).is_some_and(|c| "-–—~～−－至 ".contains(c)) {
            at += 1;
        }
        at
    }

    fn back_over_dashes(&self, mut at: usize) -> usize {
        while self.before(at).is_some_and(|c| "-–—~～−－至 ".contains(c)) {
            at -= 1;
        }
        at
    }

    /// `一、`, `1.`, `(2)` at the start of a line, or after a mark that ends something.
    fn numbers_an_item(&self, start: usize, end: usize) -> bool {
        let bracketed = self.before(start) == Some('(') && self.folded(end) == Some(')');
        let first = if bracketed { start - 1 } else { start };
        let opens = first == 0
            || self.marks[..first]
                .iter()
                .rev()
                .map(|mark| mark.folded)
                .find(|c| *c != ' ' && *c != '\u{3000}')
                .is_none_or(|c| "。;:!?\n\r、,".contains(c));
        let follows = self.folded(end);
        if follows == Some('.') && !self.is_digit(end + 1) {
            return end - start <= 2;
        }
        (bracketed && opens && end - start <= 3) || (follows == Some('、') && end - start <= 3 && self.heads_a_line(first, end))
    }

    /// Whether an item may begin here. After a colon only the first may: `甲类：24、乙类：8` numbers nothing.
    fn heads_a_line(&self, first: usize, end: usize) -> bool {
        let previous = self.marks[..first].iter().rev().map(|mark| mark.folded).find(|c| *c != ' ' && *c != '\u{3000}');
        let is_one = end == first + 1 && matches!(self.folded(first), Some('1' | '一'));
        previous.is_none_or(|c| "。;!?\n\r".contains(c) || (c == ':' && is_one))
    }

    fn is_hotline(&self, tail: Tail, end: usize) -> bool {
        let digits_only = end;
        let tail = tail.without(&[':', '为']);
        ["电话", "传真", "邮编", "编码", "热线", "号码"].iter().any(|word| tail.ends_with(word))
            || ["热线", "平台", "便民", "民声", "政务", "市长"].iter().any(|word| self.word_end(digits_only, word).is_some())
    }
}

fn is_year(written: &str) -> bool {
    written.len() == 4 && (written.starts_with("19") || written.starts_with("20"))
}

fn power(c: char) -> Option<Decimal> {
    Some(match c {
        '百' => Decimal::from(100),
        '千' => Decimal::from(1000),
        '万' => Decimal::from(10_000),
        '亿' => Decimal::from(100_000_000),
        _ => return None,
    })
}

/// Whether a character may stand at the beginning of a numeral: a text without any holds none.
pub(super) fn may_begin(c: char) -> bool {
    let c = fold(c);
    c.is_ascii_digit() || matches!(c, '百' | '数' | '几') || chinese::is_part(c)
}

/// Full-width forms to half width; every other character stays itself.
fn fold(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{200b}' | '\u{feff}' | '\u{a0}' => ' ',
        other => other,
    }
}

/// Which marks stand inside 《》, inside a short quotation, or inside a document number.
fn named(marks: &[Mark]) -> Vec<bool> {
    let mut named = vec![false; marks.len()];
    const PAIRS: [(char, char); 5] = [('《', '》'), ('“', '”'), ('「', '」'), ('『', '』'), ('〔', '〕')];
    let mut starts = [None; PAIRS.len()];
    for (at, mark) in marks.iter().enumerate() {
        if !matches!(mark.printed, '“' | '”' | '《'..='』' | '〔' | '〕') {
            continue;
        }
        for ((open, close), start) in PAIRS.into_iter().zip(&mut starts) {
            if mark.printed == open {
                *start = Some(at);
            } else if mark.printed == close
                && let Some(start) = start.take().filter(|start| at - start <= LONGEST_NAME || open == '《' && at - start <= 100)
            {
                named[start..=at].fill(true);
            }
        }
    }
    named
}
