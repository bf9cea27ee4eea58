//! Text of foreign origin made comparable: decoding, folded labels, cells, dates, names, numerals.
//!
//! Nothing here changes what is quoted to people: folding is for matching only, and every quote is
//! taken from the text as printed.

pub mod alike;
mod cells;
pub mod dates;
mod decode;
mod keys;
mod lexicon;
mod link;
mod names;
pub mod nearest;
pub mod numerals;
mod radicals;
pub mod sentences;
mod traditional;
mod width;

pub use cells::{CellReading, PARAGRAPH_SEPARATOR, is_figure, is_note_mark, read_cell};
pub use decode::{Decoded, code_page, decode, encode, is_wide, legacy};
pub use keys::KeyMap;
pub use lexicon::Lexicon;
pub use link::link_to;
pub use names::{agency_key, kind_of_name, level_of_name, may_be_one_agency};
pub use radicals::whole;
pub use width::nfkc;

use std::borrow::Cow;

/// NFKC with traditional characters read as simplified ones.
pub fn fold(text: &str) -> String {
    gathered(text, nfkc(text).map(traditional::simplified))
}

/// Folded text without white space, control and zero-width characters; punctuation stays.
pub fn compact(text: &str) -> String {
    compact_plain(text).unwrap_or_else(|| gathered(text, nfkc(text).filter(|c| !is_filler(*c)).map(traditional::simplified)))
}

/// [`compact`] for a text of characters that stand for themselves, which nearly every text is: what does not
/// change is copied piece by piece.
fn compact_plain(text: &str) -> Option<String> {
    let pairs = traditional::pairs();
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let made = if ('\u{4e00}'..='\u{9fff}').contains(&c) {
            if !pairs.has(c) {
                continue;
            }
            Some(pairs.simplified(c))
        } else {
            Some(width::plain(c)?).filter(|made| !is_filler(*made))
        };
        if made != Some(c) {
            kept.push_str(&text[from..at]);
            from = at + c.len_utf8();
            kept.extend(made);
        }
    }
    kept.push_str(&text[from..]);
    Some(kept)
}

/// Text as printed but for its width and its fillers: what names are taken from.
pub fn printed(text: &str) -> String {
    gathered(text, nfkc(text).filter(|c| !is_filler(*c)))
}

/// What a text was made into, which is seldom longer than it.
fn gathered(text: &str, chars: impl Iterator<Item = char>) -> String {
    let mut gathered = String::with_capacity(text.len());
    chars.for_each(|c| gathered.push(c));
    gathered
}

/// White space and characters that only fill space.
pub fn is_filler(c: char) -> bool {
    // Most characters of a report are CJK, none of which fills anything: these need no table.
    if ('\u{3001}'..'\u{fe00}').contains(&c) {
        return false;
    }
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}')
}

/// The printed number in front of a heading or a label, and its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Numbering {
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 第一部分
    Part,
    /// 1. or 1、
    Arabic,
    /// (1)
    ArabicBracket,
    /// I. or Ⅰ、
    Roman,
}

/// Takes the numbering off the front of folded text: its style, its value, the rest.
pub fn split_numbering(folded: &str) -> Option<(Numbering, u32, &str)> {
    let (style, digits, rest) = numbered(folded.trim_start_matches(is_filler))?;
    let number = digits.parse().ok().or_else(|| small_chinese(digits)).or_else(|| small_roman(digits))?;
    Some((style, number, rest.trim_start_matches(is_filler)))
}

/// The style of a numbering, its digits, and what stands behind it. Every label and every line is asked, and the
/// first letter tells nearly all of them that they have none.
fn numbered(text: &str) -> Option<(Numbering, &str, &str)> {
    const CLOSES: [char; 3] = [')', ']', '〕'];
    let chinese = |c: char| "一二三四五六七八九十".contains(c);
    let any_chinese = |c: char| {
        matches!(
            c,
            '一' | '七'
                | '三'
                | '九'
                | '二'
                | '五'
                | '八'
                | '六'
                | '十'
                | '四'
                | '壹'
                | '贰'
                | '叁'
                | '肆'
                | '伍'
                | '陆'
                | '柒'
                | '捌'
                | '玖'
                | '拾'
        )
    };
    let first = text.chars().next()?;
    let behind = &text[first.len_utf8()..];
    match first {
        '第' => {
            let (digits, rest) = run(behind, usize::MAX, chinese).or_else(|| run(behind, 2, |c| c.is_ascii_digit()))?;
            let rest = ["部分", "章", "节"].iter().find_map(|part| rest.strip_prefix(part))?;
            Some((Numbering::Part, digits, rest.strip_prefix(['、', '.', ':', ',']).unwrap_or(rest)))
        }
        '(' | '[' | '〔' => match run(behind, usize::MAX, chinese) {
            Some((digits, rest)) => {
                let rest = rest.strip_prefix(CLOSES)?;
                Some((Numbering::ChineseBracket, digits, rest.strip_prefix(['、', '.', ',']).unwrap_or(rest)))
            }
            None => {
                let (digits, rest) = run(behind, 2, |c| c.is_ascii_digit())?;
                Some((Numbering::ArabicBracket, digits, rest.strip_prefix(CLOSES)?))
            }
        },
        'I' | 'V' | 'X' => {
            let (digits, rest) = run(text, 4, |c| matches!(c, 'I' | 'V' | 'X'))?;
            Some((Numbering::Roman, digits, rest.strip_prefix(['、', '.', ',', ':', ')'])?))
        }
        '0'..='9' => {
            let (digits, rest) = run(text, 2, |c| c.is_ascii_digit())?;
            if let Some(rest) = rest.strip_prefix(['、', ',', ')']) {
                return Some((Numbering::Arabic, digits, rest));
            }
            // 1.5 is a number.
            let rest = rest.strip_prefix('.').filter(|rest| !rest.starts_with(|c: char| c.is_numeric() && c != '〇'))?;
            Some((Numbering::Arabic, digits, rest.strip_prefix(['.', '、', ',', ')']).unwrap_or(rest)))
        }
        _ => {
            let (digits, rest) = run(text, usize::MAX, any_chinese)?;
            Some((Numbering::Chinese, digits, rest.strip_prefix(['、', '.', ',', ':'])?))
        }
    }
}

/// The letters of a kind that a text begins with, if there are any and no more than so many, and the rest.
fn run(text: &str, most: usize, of_kind: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_at(text.find(|c| !of_kind(c)).unwrap_or(text.len()));
    (!digits.is_empty() && (most == usize::MAX || digits.len() <= most)).then_some((digits, rest))
}

/// 一 to 九十九, as section numbers use them.
fn small_chinese(digits: &str) -> Option<u32> {
    let at = |known: &str, c: char| known.chars().position(|d| d == c).map(|at| at as u32 + 1);
    let digit = |c: char| at("一二三四五六七八九", c).or_else(|| at("壹贰叁肆伍陆柒捌玖", c));
    let chars: Vec<char> = digits.chars().map(|c| if c == '拾' { '十' } else { c }).collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        ['十', one] => Some(10 + digit(*one)?),
        [ten, '十'] => Some(digit(*ten)? * 10),
        [ten, '十', one] => Some(digit(*ten)? * 10 + digit(*one)?),
        [one] => digit(*one),
        _ => None,
    }
}

/// I to XII.
fn small_roman(digits: &str) -> Option<u32> {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    ROMAN.iter().position(|roman| *roman == digits).map(|at| at as u32 + 1)
}

/// A label made comparable: folded, its numbering taken off, nothing kept but letters and digits.
pub fn label_key(label: &str) -> String {
    let mut key = compact(without_circled_number(label));
    if let Some((_, _, rest)) = split_numbering(&key) {
        key.drain(..key.len() - rest.len());
    }
    key.retain(is_letter);
    key
}

/// A label without the circled number in front of it, which would fold into a mere digit: ①属于国家秘密.
pub fn without_circled_number(label: &str) -> &str {
    let printed = label.trim_start_matches(is_filler);
    let rest = printed.trim_start_matches(is_circled_number);
    if rest.len() < printed.len() { rest } else { label }
}

/// ① to ⑳, ❶ to ❿, ➀ to ➓.
pub fn is_circled_number(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{2473}' | '\u{2776}'..='\u{2793}')
}

/// A letter or a digit in any script.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{4e00}'..='\u{9fff}' => true,
        '、'..='】' => matches!(c, '々' | '〆' | '〇'),
        _ => c.is_alphanumeric(),
    }
}

/// The label without what stands in brackets.
pub fn without_brackets(label: &str) -> Cow<'_, str> {
    if !label.bytes().any(|byte| byte == b'(') && !label.contains('（') {
        return Cow::Borrowed(label);
    }
    let mut depth = 0u32;
    let mut kept = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    Cow::Owned(kept)
}

/// White space collapsed to single spaces and trimmed, for quotes and titles.
///
/// Characters that nobody sees are left out: they part nothing, least of all the digits of a number.
pub fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    squeeze_into(text, &mut squeezed);
    squeezed
}

/// Writes a text behind what stands there already, white space collapsed to single spaces and trimmed.
pub fn squeeze_into(text: &str, written: &mut String) {
    let (mut first, mut parted, mut start) = (true, false, 0);
    // Printed ASCII, the middle of characters, and CJK by its first byte: most of a report needs no closer look.
    let plain = |byte: u8| matches!(byte, b'!'..=b'~' | 0x80..=0xbf | 0xe4..=0xed);
    let looked_at = text.bytes().enumerate().filter(|(_, byte)| !plain(*byte)).map(|(at, _)| at);
    for at in looked_at.chain([text.len()]) {
        let c = text[at..].chars().next().unwrap_or(' ');
        if !is_filler(c) {
            continue;
        }
        if start < at {
            if parted && !first {
                written.push(' ');
            }
            written.push_str(&text[start..at]);
            (first, parted) = (false, false);
        }
        parted |= c.is_whitespace();
        start = at + c.len_utf8();
    }
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_compared_without_numbering_and_punctuation() {
        for (label, key) in [
            ("（一）予以公开", "予以公开"),
            ("1.属于国家秘密", "属于国家秘密"),
            ("３．危及“三安全一稳定”", "危及三安全一稳定"),
            ("一、本年新收政府信息\n公开申请数量", "本年新收政府信息公开申请数量"),
            ("本年增/减", "本年增减"),
            ("四、結轉下年度繼續辦理", "结转下年度继续办理"),
            ("第二十条第（一）项", "第二十条第一项"),
            ("③其他", "其他"),
        ] {
            assert_eq!(label_key(label), key, "{label}");
        }
    }

    #[test]
    fn letters_are_those_of_any_script() {
        assert!(('\0'..=char::MAX).all(|c| super::is_letter(c) == c.is_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&c)));
    }

    #[test]
    fn numbering_is_told_by_style() {
        assert_eq!(split_numbering("一、总体情况"), Some((Numbering::Chinese, 1, "总体情况")));
        assert_eq!(split_numbering("(十二)其他"), Some((Numbering::ChineseBracket, 12, "其他")));
        assert_eq!(split_numbering("第三部分 收到"), Some((Numbering::Part, 3, "收到")));
        assert_eq!(split_numbering("1.属于"), Some((Numbering::Arabic, 1, "属于")));
        assert_eq!(split_numbering("叁、收到"), Some((Numbering::Chinese, 3, "收到")));
        assert_eq!(split_numbering("IV. 复议"), Some((Numbering::Roman, 4, "复议")));
        assert_eq!(split_numbering("1.5万"), None);
        assert_eq!(split_numbering("2024年"), None);
        assert_eq!(split_numbering("1..总体"), Some((Numbering::Arabic, 1, "总体")));
    }

    proptest::proptest! {
        #[test]
        fn squeezing_is_splitting_at_white_space(text in ".{0,40}|[ \t\u{a0}\u{200b}\u{3000}\u{feff}\u{ad}一，a1퟿]{0,20}") {
            let words: Vec<String> = text
                .split(char::is_whitespace)
                .map(|word| word.chars().filter(|c| !is_filler(*c)).collect())
                .filter(|word: &String| !word.is_empty())
                .collect();
            proptest::prop_assert_eq!(squeeze(&text), words.join(" "));
        }

        /// What numbering is, in one expression.
        #[test]
        fn numbering_is_what_the_expression_says(text in "[(\\[〔第]?[一二三十壹拾0-9IVX٣〇]{0,5}(部分|章|节)?[)\\]〕、.,:]{0,2}[一1٣〇甲]?") {
            let known = regex::Regex::new(
                r"^(?:第([一二三四五六七八九十]+|\d{1,2})(?:部分|章|节)[、.:,]?|[(\[〔]([一二三四五六七八九十]+)[)\]〕][、.,]?|([一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+)[、.,:]|[(\[〔](\d{1,2})[)\]〕]|(\d{1,2})(?:[、,)]|\.(?:$|[^\d]))|([IVX]{1,4})[、.,:)])",
            )
            .unwrap();
            let expected = known.captures(&text).and_then(|found| {
                let (style, digits) = found.iter().skip(1).enumerate().find_map(|(at, group)| Some((at, group?.as_str())))?;
                let number = digits.parse().ok().or_else(|| small_chinese(digits)).or_else(|| small_roman(digits))?;
                // The expression looks one character ahead so that 1.5 is none; that one is given back.
                let whole = found.get(0)?.as_str();
                let ahead = style == 4 && !whole.ends_with(['.', '、', ',', ')']);
                let end = whole.char_indices().next_back().filter(|_| ahead).map_or(whole.len(), |(at, _)| at);
                Some((number, text[end..].trim_start_matches(is_filler)))
            });
            proptest::prop_assert_eq!(split_numbering(&text).map(|(_, number, rest)| (number, rest)), expected);
        }
    }
}
