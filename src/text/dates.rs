//! Dates as Chinese pages print them: 2026-01-14, 2026/1/14, 2026.1.14, 2026年1月14日,
//! 二〇二六年一月十四日, the same in full-width digits, with blanks inside or a time behind.
//!
//! A date without its year ([01-14]) is no date here: nobody can say which year was meant.

use chrono::NaiveDate;
use std::ops::Range;

/// Every date in a text with the bytes it covers, in order. Times behind a date are not covered.
pub fn dates(text: &str) -> Vec<(Range<usize>, NaiveDate)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match date_at(&chars, at) {
            Some((next, date)) => {
                let end = chars.get(next).map_or(text.len(), |(offset, _)| *offset);
                found.push((chars[at].0..end, date));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// The date that begins at one character, with the index behind it.
fn date_at(chars: &[(usize, char)], start: usize) -> Option<(usize, NaiveDate)> {
    if start > 0 && digit(chars[start - 1].1).is_some() {
        return None;
    }
    let mut at = start;
    let year = year(chars, &mut at)?;
    skip_blanks(chars, &mut at);
    let separator = chars.get(at)?.1;
    let in_words = separator == '年';
    if !in_words && !is_separator(separator) {
        return None;
    }
    at += 1;
    let month = small_number(chars, &mut at)?;
    skip_blanks(chars, &mut at);
    let second = chars.get(at)?.1;
    if in_words != (second == '月') || !(in_words || is_separator(second)) {
        return None;
    }
    at += 1;
    let day = small_number(chars, &mut at)?;
    let behind = chars.get(at).map(|(_, c)| *c);
    if behind.is_some_and(|c| digit(c).is_some()) {
        return None;
    }
    let mut mark = at;
    skip_blanks(chars, &mut mark);
    if in_words && chars.get(mark).is_some_and(|(_, c)| matches!(c, '日' | '号')) {
        at = mark + 1;
    }
    Some((at, NaiveDate::from_ymd_opt(year, month, day)?))
}

/// Four digits, Arabic or Chinese, that can be a year.
fn year(chars: &[(usize, char)], at: &mut usize) -> Option<i32> {
    let four = chars.get(*at..*at + 4)?;
    let read = |value: fn(char) -> Option<u32>| four.iter().try_fold(0, |sum, (_, c)| Some(sum * 10 + value(*c)? as i32));
    let year = read(digit).or_else(|| read(chinese_digit))?;
    *at += 4;
    (1900..=2199).contains(&year).then_some(year)
}

/// A month or a day: one or two Arabic digits, or Chinese numerals up to 三十一.
fn small_number(chars: &[(usize, char)], at: &mut usize) -> Option<u32> {
    skip_blanks(chars, at);
    let arabic: Vec<u32> = chars[*at..].iter().take(2).map_while(|(_, c)| digit(*c)).collect();
    if !arabic.is_empty() {
        *at += arabic.len();
        return Some(arabic.into_iter().fold(0, |sum, digit| sum * 10 + digit));
    }
    let words: Vec<char> =
        chars[*at..].iter().take(3).map(|(_, c)| *c).take_while(|c| *c == '十' || chinese_digit(*c).is_some()).collect();
    let value = match words.as_slice() {
        ['十'] => 10,
        ['十', one] => 10 + chinese_digit(*one)?,
        [tens, '十'] => chinese_digit(*tens)? * 10,
        [tens, '十', one] => chinese_digit(*tens)? * 10 + chinese_digit(*one)?,
        [tens, one] => chinese_digit(*tens)? * 10 + chinese_digit(*one)?,
        [one] => chinese_digit(*one)?,
        _ => return None,
    };
    *at += words.len();
    Some(value)
}

fn skip_blanks(chars: &[(usize, char)], at: &mut usize) {
    while chars.get(*at).is_some_and(|(_, c)| c.is_whitespace()) {
        *at += 1;
    }
}

/// The value of an Arabic digit, full-width ones too.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// The value of a Chinese digit, with every sign that is printed for zero.
fn chinese_digit(c: char) -> Option<u32> {
    if matches!(c, '〇' | '○' | '零' | 'Ｏ' | 'O' | '０') {
        return Some(0);
    }
    "一二三四五六七八九".chars().position(|known| known == c).map(|at| at as u32 + 1)
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '/' | '.' | '－' | '／' | '．' | '—' | '–')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_in_every_printed_form() {
        for (text, expected) in [
            ("2026-01-14", "2026-01-14"),
            ("发布时间：2026/1/14 15:25", "2026-01-14"),
            ("2026.1.14", "2026-01-14"),
            ("2026年1月14日", "2026-01-14"),
            ("[2026-01-14]", "2026-01-14"),
            ("2022-01-13 03:07:44", "2022-01-13"),
            ("2022-01-13T03:07:44", "2022-01-13"),
            ("2020-06-29 10时59分", "2020-06-29"),
            ("２０２１年１月８日", "2021-01-08"),
            ("２０２１－０１－０８", "2021-01-08"),
            ("二〇二一年一月八日", "2021-01-08"),
            ("二○二一年十二月三十一日", "2021-12-31"),
            ("二零二二年十月二十日", "2022-10-20"),
            ("2026 年 1 月 14 日", "2026-01-14"),
            ("2021年1月8", "2021-01-08"),
        ] {
            let found: Vec<String> = dates(text).iter().map(|(_, date)| date.to_string()).collect();
            assert_eq!(found, [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_full_date_is_none() {
        for text in
            ["[01-14]", "1月14日", "2026年1月", "2026-13-01", "2026-02-30", "12026-01-14", "2026-01-145", "10.20.30.40", ""]
        {
            assert_eq!(dates(text), [], "{text}");
        }
    }

    #[test]
    fn several_dates_keep_their_places() {
        let text = "自2025年1月1日至2025年12月31日";
        let found = dates(text);
        assert_eq!(found.len(), 2);
        assert_eq!(&text[found[0].0.clone()], "2025年1月1日");
        assert_eq!(&text[found[1].0.clone()], "2025年12月31日");
    }

    proptest! {
        #[test]
        fn any_text_gives_ranges_inside_it(text in "[0-9０-９年月日/.\\-〇一二十 \\PC]{0,40}") {
            for (range, _) in dates(&text) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
