//! Numbers written in Chinese characters, both ways.

use rust_decimal::Decimal;

/// The digit a character stands for; 两 counts as two.
pub(super) fn digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn small_power(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// Whether a character can stand in a Chinese numeral.
pub(super) fn is_part(c: char) -> bool {
    digit(c).is_some() || small_power(c).is_some() || matches!(c, '万' | '亿' | '廿' | '卅')
}

/// The value of a Chinese numeral; `None` where it is none, or where it is open to two readings
/// (一百二 may be 120 or a slip, 三四 is "three or four").
pub fn chinese(text: &str) -> Option<Decimal> {
    let chars: Vec<char> = text.chars().collect();
    if chars.is_empty() || chars.len() > 24 || !chars.iter().all(|&c| is_part(c)) {
        return None;
    }
    if chars.len() > 1 && chars.iter().all(|&c| digit(c).is_some()) {
        return by_position(&chars);
    }
    let (high, rest) = split_at(&chars, '亿');
    let (middle, low) = split_at(rest, '万');
    let mut value = 0u64;
    for (part, power, lower) in [(high, 100_000_000, true), (middle, 10_000, true), (Some(low), 1, false)] {
        let Some(part) = part else { continue };
        if part.is_empty() {
            if lower {
                return None;
            }
            continue;
        }
        let after_a_larger = value > 0;
        value = value.checked_add(below_ten_thousand(part, after_a_larger)?.checked_mul(power)?)?;
    }
    Some(Decimal::from(value))
}

/// 二〇二四: digits side by side, as years are written. Without a zero only four of them are a number.
fn by_position(chars: &[char]) -> Option<Decimal> {
    let has_zero = chars.iter().any(|&c| digit(c) == Some(0));
    if (!has_zero && chars.len() != 4) || digit(chars[0]) == Some(0) || chars.contains(&'两') {
        return None;
    }
    let value = chars.iter().try_fold(0u64, |sum, &c| sum.checked_mul(10)?.checked_add(digit(c)?))?;
    Some(Decimal::from(value))
}

fn split_at(chars: &[char], power: char) -> (Option<&[char]>, &[char]) {
    match chars.iter().rposition(|&c| c == power) {
        Some(at) => (Some(&chars[..at]), &chars[at + 1..]),
        None => (None, chars),
    }
}

/// One group of four: 一千二百零三. `after_a_larger`: whether 万 or 亿 stands before it.
fn below_ten_thousand(chars: &[char], after_a_larger: bool) -> Option<u64> {
    let mut sum = 0u64;
    let mut limit = 10_000u64;
    let mut pending: Option<u64> = None;
    let mut zero_before = false;
    for &c in chars {
        if let Some(power) = small_power(c) {
            let times = match pending.take() {
                Some(times) => times,
                None if power == 10 => 1,
                None => return None,
            };
            if power >= limit || times == 0 {
                return None;
            }
            sum += times * power;
            limit = power;
            zero_before = false;
        } else if matches!(c, '廿' | '卅') {
            if pending.is_some() || limit <= 10 {
                return None;
            }
            sum += if c == '廿' { 20 } else { 30 };
            limit = 10;
        } else {
            let value = digit(c)?;
            if pending.is_some() {
                return None;
            }
            if value == 0 {
                if zero_before {
                    return None;
                }
                zero_before = true;
                if chars.len() == 1 && !after_a_larger {
                    return Some(0);
                }
            } else {
                pending = Some(value);
            }
        }
    }
    match pending {
        // 一百二 and 三万五 leave the power unsaid.
        Some(_) if !zero_before && (limit == 100 || limit == 1000 || (limit == 10_000 && after_a_larger)) => None,
        Some(value) => Some(sum + value),
        None if zero_before => None,
        None => Some(sum),
    }
}

/// A whole number in Chinese characters, as the schools teach it.
pub fn to_chinese(value: u64) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    fn group(value: u64, out: &mut String, leading: bool) {
        let mut gap = false;
        for (power, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = value / power % 10;
            if digit == 0 {
                gap = true;
                continue;
            }
            if gap && !(leading && out.is_empty()) {
                out.push('零');
            }
            gap = false;
            if !(power == 10 && digit == 1 && out.is_empty()) {
                out.push(DIGITS[usize::try_from(digit).unwrap_or(0)]);
            }
            out.push_str(name);
        }
    }
    if value == 0 {
        return "零".to_owned();
    }
    let mut out = String::new();
    if value >= 100_000_000 {
        out.push_str(&to_chinese(value / 100_000_000));
        out.push('亿');
    }
    let (middle, low) = (value % 100_000_000 / 10_000, value % 10_000);
    if middle > 0 {
        group(middle, &mut out, true);
        out.push('万');
    }
    if low > 0 {
        if middle == 0 && value >= 100_000_000 && low >= 1000 {
            out.push('零');
        }
        group(low, &mut out, true);
    }
    out
}
