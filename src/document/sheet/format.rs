//! Number formats: what a stored number shows, exactly.
//!
//! Formats are followed as far as they change a figure: decimals, thousands, percent, scale, dates, the unit
//! they print. Signs are always written as such (not by brackets or colour), and a zero that a format would
//! show as a stroke or not at all is a zero: the workbook says so.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use std::str::FromStr;

/// Digits that a stored number is good for.
const DIGITS: u32 = 15;

/// A stored number, from its decimal or scientific notation.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let number = Decimal::from_str(text).ok().or_else(|| Decimal::from_scientific(text).ok())?;
    Some(number.round_sf_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero).unwrap_or(number).normalize())
}

/// A number stored in binary, as the shortest decimal that means it.
pub(super) fn of_binary(value: f64) -> Option<Decimal> {
    if !value.is_finite() || value.abs() >= 1e27 || value != 0.0 && value.abs() < 1e-20 {
        None
    } else {
        number(&value.to_string())
    }
}

/// The format behind a number that has none of its own.
pub(super) fn builtin(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 | 37 | 38 | 41 | 42 => "#,##0",
        4 | 39 | 40 | 43 | 44 => "#,##0.00",
        5 | 6 => "#,##0",
        7 | 8 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14..=17 | 22 | 30 => "yyyy/m/d",
        27 | 36 | 50 | 52 | 57 => "yyyy年m月",
        28 | 29 | 51 | 53 | 54 | 58 => "m月d日",
        31 => "yyyy年m月d日",
        _ => "General",
    }
}

/// What a format makes of numbers.
#[derive(Debug, Default, PartialEq, Eq)]
struct Picture {
    /// Fewest digits before the point.
    whole: usize,
    /// Fewest and most digits behind it.
    fewest: usize,
    most: usize,
    thousands: bool,
    percent: bool,
    /// How often it is divided by a thousand.
    scale: u32,
    /// What stands behind the digits.
    suffix: String,
}

/// What a stored number shows through a format. `from_1904`: whether days are counted from that year.
pub(super) fn shown(value: Decimal, format: &str, from_1904: bool) -> String {
    let sections: Vec<String> = sections(format);
    let section = match (sections.len(), value) {
        (0 | 1, _) => sections.first(),
        (2, value) => sections.get(usize::from(value.is_sign_negative() && !value.is_zero())),
        (_, value) if value.is_zero() => sections.get(2),
        (_, value) => sections.get(usize::from(value.is_sign_negative())),
    };
    let Some(section) = section else { return general(value) };
    if let Some(date) = date(value, section, from_1904) {
        return date;
    }
    match picture(section) {
        Some(picture) => drawn(value, &picture),
        None => general(value),
    }
}

fn general(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The sections of a format: letters as they are, texts marked by a leading `\u{1}` a character, the rest dropped.
fn sections(format: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        let last = sections.len() - 1;
        let section = &mut sections[last];
        match c {
            ';' => sections.push(String::new()),
            '"' => chars.by_ref().take_while(|c| *c != '"').for_each(|c| section.extend(['\u{1}', c])),
            '\\' => section.extend(chars.next().map(|c| ['\u{1}', c]).into_iter().flatten()),
            '_' | '*' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                // A condition chooses sections in a way of its own.
                if inside.starts_with(['<', '>', '=']) {
                    section.push('\u{2}');
                }
                // Hours and minutes that run on.
                if inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    section.push('\u{2}');
                }
            }
            c => section.push(c),
        }
        if sections.len() > 4 {
            break;
        }
    }
    sections
}

/// A section as a picture of numbers; `None` where it is none, and the number shows as it is.
fn picture(section: &str) -> Option<Picture> {
    let mut picture = Picture::default();
    let (mut point, mut digits, mut ended) = (false, false, false);
    let mut chars = section.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '0' | '#' | '?' => {
                if ended {
                    return None;
                }
                digits = true;
                picture.scale = 0;
                let fixed = usize::from(c == '0');
                if point {
                    picture.most += 1;
                    picture.fewest = if fixed == 1 { picture.most } else { picture.fewest };
                } else {
                    picture.whole += fixed;
                }
            }
            '.' if digits || chars.peek().is_some_and(|c| matches!(c, '0' | '#')) => point = true,
            ',' if digits => picture.scale += 1,
            '%' => {
                picture.percent = true;
                picture.suffix.push('%');
            }
            '\u{1}' => {
                let text = chars.next()?;
                if digits {
                    ended = true;
                    picture.suffix.push(text);
                }
            }
            ' ' | '-' | '+' | '(' | ')' | '$' | '¥' | '￥' => ended |= digits,
            // Letters that nobody quoted: 元, 件.
            c if !c.is_ascii() && c != '\u{2}' => {
                if digits {
                    ended = true;
                    picture.suffix.push(c);
                }
            }
            _ => return None,
        }
    }
    // A comma between digits groups them, behind the last one it divides.
    picture.thousands = section.contains(",#") || section.contains(",0") || section.contains(",?");
    digits.then_some(picture)
}

fn drawn(value: Decimal, picture: &Picture) -> String {
    let mut value = value;
    if picture.percent {
        value = value.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(value);
    }
    for _ in 0..picture.scale.min(4) {
        value /= Decimal::ONE_THOUSAND;
    }
    let most = picture.most.min(20);
    let rounded = value.round_dp_with_strategy(most as u32, RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{:.*}", most, rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let kept = fraction.trim_end_matches('0').len().max(picture.fewest.min(most));
    let whole = format!("{whole:0>width$}", width = picture.whole.clamp(1, 30));
    let whole = if picture.thousands { grouped(&whole) } else { whole };
    let point = if kept > 0 { "." } else { "" };
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
    let suffix = picture.suffix.trim();
    format!("{sign}{whole}{point}{}{suffix}", &fraction[..kept])
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The day a number means, where the section writes days.
fn date(value: Decimal, section: &str, from_1904: bool) -> Option<String> {
    let mut bare = String::new();
    let mut chars = section.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1}' => _ = chars.next(),
            _ => bare.extend(c.to_lowercase()),
        }
    }
    let has = |letter: char| bare.contains(letter);
    if bare.contains(['0', '#', '?']) || bare.contains("general") || !(has('y') || has('d') || has('e') && has('m')) {
        return None;
    }
    let days: u64 = value.trunc().try_into().ok().filter(|days| *days < 2_958_466)?;
    let first = if from_1904 { NaiveDate::from_ymd_opt(1904, 1, 1)? } else { NaiveDate::from_ymd_opt(1899, 12, 30)? };
    // The calendar of spreadsheets has a 29 February 1900.
    let day = first.checked_add_days(Days::new(days + u64::from(!from_1904 && days < 60)))?;
    let mut text = String::new();
    if has('y') || has('e') {
        text.push_str(&format!("{}年", day.year()));
    }
    if has('m') {
        text.push_str(&format!("{}月", day.month()));
    }
    if has('d') {
        text.push_str(&format!("{}日", day.day()));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{number, of_binary, shown};

    #[test]
    fn numbers_show_what_their_format_makes_of_them() {
        for (stored, format, text) in [
            ("1234.5600000001", "0.00", "1234.56"),
            ("1234.5600000001", "General", "1234.5600000001"),
            ("1234.5600000000001", "General", "1234.56"),
            ("0.30000000000000004", "General", "0.3"),
            ("1.2E3", "General", "1200"),
            ("1234.5", "#,##0.00", "1,234.50"),
            ("1234567", "#,##0", "1,234,567"),
            ("1234567", "#,##0,", "1,235"),
            ("0.125", "0.0%", "12.5%"),
            ("5", "000", "005"),
            ("2.5", "0", "3"),
            ("-3", "0;[Red](0)", "-3"),
            ("0", "0;-0;;@", "0"),
            ("0", "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", "0"),
            ("1234", "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "1,234.00"),
            ("12", "0\"件\"", "12件"),
            ("25.1", "0.00万元", "25.10万元"),
            ("1.50", "0.0#", "1.5"),
            ("44204", "yyyy\"年\"m\"月\"d\"日\"", "2021年1月8日"),
            ("44204", "[$-804]yyyy/m/d;@", "2021年1月8日"),
            ("7", "@", "7"),
            ("7", "# ?/?", "7"),
            ("7", "[>5]0.00;0", "7"),
            ("", "0", ""),
        ] {
            let shown = number(stored).map(|value| shown(value, format, false)).unwrap_or_default();
            assert_eq!(shown, text, "{stored} {format}");
        }
        assert_eq!(of_binary(96171.6).map(|value| value.to_string()).as_deref(), Some("96171.6"));
    }

    proptest::proptest! {
        #[test]
        fn any_format_is_followed(value in proptest::num::f64::ANY, format in "[0#?.,%;ymdhsE@\"\\[\\]_*\\\\ 件-]{0,24}") {
            if let Some(value) = of_binary(value) { shown(value, &format, true); }
        }
    }
}
