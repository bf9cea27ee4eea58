//! Character references: `&nbsp;`, `&#x4e00;`, `&lt` without its semicolon.

use std::borrow::Cow;

/// Text with its character references decoded.
pub(super) fn decode_text(text: &str) -> Cow<'_, str> {
    decode(text, false)
}

/// A value of an attribute with its character references decoded: `&copy=1` of an address is none.
pub(super) fn decode_attribute(text: &str) -> Cow<'_, str> {
    decode(text, true)
}

fn decode(text: &str, attribute: bool) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        decoded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let length = reference(after, attribute, &mut decoded);
        if length == 0 {
            decoded.push('&');
        }
        rest = &after[length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Writes the meaning of a reference after its `&`, and tells how many bytes it takes; 0 for none.
fn reference(after: &str, attribute: bool, decoded: &mut String) -> usize {
    if let Some(number) = after.strip_prefix('#') {
        return numeric(number, decoded).map_or(0, |length| length + 1);
    }
    if after.starts_with("nbsp;") {
        decoded.push('\u{a0}');
        return "nbsp;".len();
    }
    named(after, attribute, decoded)
}

fn numeric(number: &str, decoded: &mut String) -> Option<usize> {
    let (radix, prefix) = if number.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits = &number[prefix..];
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return None;
    }
    let code = digits[..length]
        .chars()
        .filter_map(|c| c.to_digit(radix))
        .fold(0u32, |sum, digit| sum.saturating_mul(radix).saturating_add(digit).min(0x11_0000));
    decoded.push(meaning(code));
    Some(prefix + length + usize::from(digits[length..].starts_with(';')))
}

/// What browsers make of a code: those of windows-1252 are meant where control characters are written.
fn meaning(code: u32) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => FROM_80[code as usize - 0x80],
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// The longest name in the standard's table, its semicolon included.
const LONGEST: usize = 33;

/// A named reference: the longest name of the standard's table that stands here.
fn named(after: &str, attribute: bool, decoded: &mut String) -> usize {
    let bytes = after.as_bytes();
    let letters = bytes.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let longest = letters + usize::from(bytes.get(letters) == Some(&b';'));
    for length in (2..=longest).rev() {
        let Some(&(first, second)) = html5ever::data::NAMED_ENTITIES.get(&after[..length]) else { continue };
        // The table also holds the beginnings of names, which mean nothing.
        if first == 0 {
            continue;
        }
        let next = bytes.get(length);
        let closed = bytes[length - 1] == b';';
        if attribute && !closed && next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric()) {
            return 0;
        }
        decoded.extend([first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32));
        return length;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::{decode_attribute, decode_text};

    #[test]
    fn references_are_decoded() {
        let text = "&nbsp;&#x4e00;&#19977;&amp;&unknown;&lt&nbsp5&ensp;&notit;&#150;&;&#;&hellip;";
        assert_eq!(decode_text(text), "\u{a0}一三&&unknown;<\u{a0}5\u{2002}¬it;–&;&#;…");
        assert_eq!(decode_attribute("a?b=1&copy=2&amp;c&lt"), "a?b=1&copy=2&c<");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_decoded(text in "[&#;a-z0-9x一]{0,60}") { decode_text(&text); decode_attribute(&text); }
    }
}
