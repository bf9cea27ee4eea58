//! NFKC, with a short way for the characters that reports are made of.
//!
//! Nearly every text of a report consists of ASCII, of CJK characters and of their punctuation, each
//! of which NFKC maps to exactly one character whatever stands beside it. Such a text is mapped
//! character by character; any other goes through the whole algorithm. Both give the same.

use unicode_normalization::{Recompositions, UnicodeNormalization};

/// The characters of a text in NFKC.
pub fn nfkc(text: &str) -> Nfkc<'_> {
    if text.chars().all(|c| plain(c).is_some()) { Nfkc::Plain(text.chars()) } else { Nfkc::Whole(Box::new(text.nfkc())) }
}

/// Iterator of [`nfkc`].
pub enum Nfkc<'a> {
    Plain(std::str::Chars<'a>),
    Whole(Box<Recompositions<std::str::Chars<'a>>>),
}

impl Iterator for Nfkc<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Nfkc::Plain(chars) => chars.next().and_then(plain),
            Nfkc::Whole(chars) => chars.next(),
        }
    }
}

/// What NFKC makes of a character that neither decomposes nor joins with its neighbours; `None` for all others.
pub(super) fn plain(c: char) -> Option<char> {
    Some(match c {
        '\0'..='\u{7f}' | '\u{4e00}'..='\u{9fff}' => c,
        '、'..='〃' | '々'..='】' | '〔'..='〛' | '–' | '—' | '‘' | '’' | '“' | '”' | '·' => c,
        '\u{200b}' | '\u{feff}' | '○' | '□' | '●' | '−' => c,
        '\u{3000}' | '\u{a0}' | '\u{2002}' | '\u{2003}' => ' ',
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0)?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{nfkc, plain};
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn plain_characters_are_what_nfkc_makes_of_them_alone_and_in_pairs() {
        let all: Vec<char> = ('\0'..='\u{10ffff}').filter(|c| plain(*c).is_some()).collect();
        for c in &all {
            assert_eq!(c.to_string().nfkc().collect::<String>(), plain(*c).map(String::from).unwrap_or_default(), "{c:?}");
        }
        let starters: Vec<char> = all.iter().copied().filter(|c| !('\u{4e01}'..='\u{9fff}').contains(c)).collect();
        for (a, b) in starters.iter().flat_map(|a| starters.iter().map(move |b| (*a, *b))) {
            let pair = [a, b].iter().collect::<String>();
            assert!(nfkc(&pair).eq(pair.nfkc()), "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_folded_as_the_algorithm_has_it(text in "[0-9０-９a-zａ-ｚ一-十　（）\u{300}-\u{310}ｶﾞ①㎡\\PC]{0,20}") {
            prop_assert!(nfkc(&text).eq(text.nfkc()));
        }
    }
}
