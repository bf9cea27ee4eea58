//! What a cell says: a number with its unit, a blank, a dash, or words.
//!
//! Exactness before all: a number is read only where the whole cell is one number (with a sign, a
//! unit, a word of change, or a remark in brackets). Digits that cannot be put together for certain
//! are `illegible`, and a blank is never 0.

use super::{compact, fold, is_filler, without_brackets};
use crate::model::Reading;
use rust_decimal::Decimal;
use std::str::FromStr;
use std::sync::LazyLock;

/// What stands between two paragraphs of one cell that end and begin with digits: they are two numbers.
pub const PARAGRAPH_SEPARATOR: char = '\u{2029}';

/// A cell as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellReading {
    pub reading: Reading,
    pub unit: Option<String>,
}

static NUMBER: LazyLock<regex::Regex> = LazyLock::new(|| {
    regex::Regex::new(
        r"^(?P<sign>[+\-]|增加?|减少?|新增|增长)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>万元|亿元|元|万件|件次|件|条|个|项|宗|份|次|部|人|户|起|例|笔|%)?$",
    )
    .expect("the pattern is a literal")
});

/// Reads one cell's text as printed.
pub fn read_cell(raw: &str) -> CellReading {
    let plain = |reading| CellReading { reading, unit: None };
    if let Some(reading) = digits_or_blank(raw).or_else(|| is_prose(raw).then_some(Reading::Text)) {
        return plain(reading);
    }
    let raw = without_notes(raw);
    let text = compact(raw);
    if text.is_empty() {
        return plain(Reading::Blank);
    }
    if text.chars().all(|c| matches!(c, '/' | '-' | '—' | '–' | '―' | '─' | '一' | '\\' | '−' | '_' | '~')) && text != "一"
    {
        return plain(Reading::Dash);
    }
    const NOTHING: [&str; 11] =
        ["无", "不适用", "无此项", "无此项目", "无数据", "N/A", "n/a", "無", "不適用", "無此項目", "無數據"];
    if NOTHING.contains(&text.as_str()) {
        return plain(Reading::NotApplicable);
    }
    let (mut damaged, mut numeric) = (false, false);
    for c in text.chars().filter(|c| !('\u{4e00}'..='\u{9fff}').contains(c)) {
        damaged |= matches!(c, '\u{fffd}' | '□' | '▯');
        numeric |= c.is_numeric();
    }
    if damaged {
        return plain(Reading::Illegible);
    }
    // Only a number has a character of a number in it.
    if !numeric {
        return plain(if text.chars().all(is_mark) { Reading::Illegible } else { Reading::Text });
    }
    if may_be_loose(raw) && loose_digits(raw) {
        return plain(Reading::Illegible);
    }
    let text = if text.contains('−') { text.replace('−', "-") } else { text };
    let bare = without_brackets(&text);
    for candidate in [text.as_str(), bare.as_ref()] {
        if let Some(found) = begins_a_number(candidate).then(|| NUMBER.captures(candidate)).flatten() {
            return number(&found).unwrap_or_else(|| plain(Reading::Illegible));
        }
    }
    let digits_only = text.chars().all(|c| c.is_ascii_digit() || is_mark(c));
    plain(if digits_only { Reading::Illegible } else { Reading::Text })
}

/// A cell without the marks of footnotes behind what it says: 12①, 12*.
fn without_notes(raw: &str) -> &str {
    let is_note = |c: char| matches!(c, '①'..='⒇' | '¹' | '²' | '³' | '⁰'..='⁹' | '*' | '※') || is_filler(c);
    let bare = raw.trim_end_matches(is_note);
    if bare.ends_with(|c: char| c.is_numeric()) && !bare.chars().all(is_filler) { bare } else { raw }
}

/// Whether a raised text is the mark of a footnote, as it may stand behind a number: 1, [2], ①.
pub fn is_note_mark(text: &str) -> bool {
    let text = text.trim_matches(is_filler);
    !text.is_empty()
        && text.len() <= 12
        && text.chars().all(|c| c.is_numeric() || matches!(c, '[' | ']' | '［' | '］' | '(' | ')' | '*' | '注'))
}

/// Whether a word of a line is a number or a dash: told by its first character where that is a Chinese one.
pub fn is_figure(word: &str) -> bool {
    let words = word.chars().next().is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) && !"增减新一".contains(c));
    !words && matches!(read_cell(word).reading, Reading::Number(_) | Reading::Dash)
}

fn begins_a_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_numeric() || matches!(c, '+' | '-' | '增' | '减' | '新'))
}

/// Whether anything but words stands on both sides of a gap: most texts need no closer look.
fn may_be_loose(raw: &str) -> bool {
    let is_word = |c: char| {
        c.is_ascii() && !c.is_ascii_digit() || ('\u{3000}'..='\u{303f}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c)
    };
    let (mut before, mut gap) = (false, false);
    raw.chars().any(|c| {
        if is_filler(c) {
            gap = true;
            return false;
        }
        let loose = gap && before && !is_word(c);
        (before, gap) = (!is_word(c), false);
        loose
    })
}

/// A mark that stands in numbers.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | '+' | '-' | '−')
}

/// Words in Chinese, none of which could belong to a number, a dash or a word for nothing.
fn is_prose(raw: &str) -> bool {
    let mut told = false;
    let mut letters = raw.chars().filter(|c| !is_filler(*c));
    let all = letters.all(|c| {
        let is_letter = ('\u{4e00}'..='\u{9fff}').contains(&c);
        told |= is_letter && !"一无不适用此项目数据無適項數據".contains(c);
        is_letter || matches!(c, '、' | '，' | '。' | '；' | '：' | '（' | '）' | '《' | '》' | '“' | '”')
    });
    all && told
}

/// What most cells say: a few digits, or nothing.
fn digits_or_blank(raw: &str) -> Option<Reading> {
    let text = raw.trim_matches(is_filler);
    if text.is_empty() {
        return Some(Reading::Blank);
    }
    let digits = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u64>().ok().filter(|_| digits).map(|number| Reading::Number(Decimal::from(number)))
}

/// Two numbers on one line of a cell, with a space between them that is no thousands separator.
/// A break of the line inside a number is joined instead: narrow columns wrap long numbers.
fn loose_digits(raw: &str) -> bool {
    let seen: String = fold(raw).chars().filter(|c| !is_filler(*c) || c.is_whitespace()).collect();
    let apart = |c: char| c.is_ascii_digit() || c == PARAGRAPH_SEPARATOR;
    let two = seen.split(|c| !apart(c)).any(|run| run.trim_matches(PARAGRAPH_SEPARATOR).contains(PARAGRAPH_SEPARATOR));
    two || seen.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).any(|pair| {
            let (left, right) = (pair[0], pair[1]);
            let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            digits(left.chars().next_back())
                && digits(right.chars().next())
                && right.bytes().take_while(u8::is_ascii_digit).count() != 3
        })
    })
}

fn number(found: &regex::Captures<'_>) -> Option<CellReading> {
    let digits = found.name("digits")?.as_str().replace(',', "");
    let magnitude = Decimal::from_str(&digits).ok()?;
    let negative = found.name("sign").is_some_and(|sign| sign.as_str() == "-" || sign.as_str().starts_with('减'));
    let value = if negative && !magnitude.is_zero() { -magnitude } else { magnitude };
    Some(CellReading { reading: Reading::Number(value), unit: found.name("unit").map(|unit| unit.as_str().to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::read_cell;

    #[test]
    fn cells_say_what_they_say() {
        for (raw, state, value, unit) in [
            ("0", "number", "0", ""),
            (" ３ ", "number", "3", ""),
            ("3件", "number", "3", "件"),
            ("8①", "number", "8", ""),
            ("12*", "number", "12", ""),
            ("①", "number", "1", ""),
            ("251000元", "number", "251000", "元"),
            ("1276.5534 万元", "number", "1276.5534", "万元"),
            ("增10", "number", "10", ""),
            ("减4", "number", "-4", ""),
            ("+3", "number", "3", ""),
            ("-2", "number", "-2", ""),
            ("－2", "number", "-2", ""),
            ("22（其中修订16件）", "number", "22", ""),
            ("1,234", "number", "1234", ""),
            ("1，234，567", "number", "1234567", ""),
            ("961\n71.6", "number", "96171.6", ""),
            ("12 345", "number", "12345", ""),
            ("12 3", "illegible", "", ""),
            ("12\u{2029}345", "illegible", "", ""),
            ("1\u{200b}2\u{ad}3", "number", "123", ""),
            ("2025年\n3.属于", "text", "", ""),
            ("1 3.属于", "illegible", "", ""),
            ("1.2.3", "illegible", "", ""),
            ("1,23", "illegible", "", ""),
            ("", "blank", "", ""),
            ("\u{a0}\u{3000}", "blank", "", ""),
            ("/", "dash", "", ""),
            ("——", "dash", "", ""),
            ("—", "dash", "", ""),
            ("-", "dash", "", ""),
            ("无", "not_applicable", "", ""),
            ("無", "not_applicable", "", ""),
            ("不适用", "not_applicable", "", ""),
            ("见附件", "text", "", ""),
            ("□", "illegible", "", ""),
        ] {
            let read = read_cell(raw);
            assert_eq!(read.reading.word(), state, "{raw:?}");
            assert_eq!(read.reading.number().map(|n| n.to_string()).unwrap_or_default(), value, "{raw:?}");
            assert_eq!(read.unit.unwrap_or_default(), unit, "{raw:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_cell_is_read(raw in ".{0,40}") { read_cell(&raw); }
    }
}
