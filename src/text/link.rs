//! A link that opens a page where the quoted words stand, so that a person need not search for them.
//!
//! In pages this is a text fragment (WICG Scroll To Text: `#:~:text=prefix-,start,end,-suffix`), which browsers scroll to
//! and highlight, and others ignore; in PDF it is the page (`#page=3`). A browser takes the first match of whole
//! words, so a bare figure such as 3 would lead anywhere: it is given as the range that begins with its row's label.

use crate::model::Place;
use std::fmt::Write;

/// From so many characters on, words are their own context.
const TELLING: usize = 6;
/// The longest piece that is looked for as one: longer quotes are given by their two ends.
const LONGEST: usize = 40;
/// The longest end of a quote, and the longest label.
const LONGEST_END: usize = 16;

/// Endings of addresses that a browser does not show as a page of text.
const FILES: [&str; 12] = [".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".odt", ".zip", ".rar", ".jpg", ".png"];

/// The address, led on to what stands at a place of it. The address alone where nothing more can be said; `None` where
/// it is no web address.
pub fn link_to(address: &str, at: &Place) -> Option<String> {
    let address = address.split('#').next().unwrap_or_default();
    if !(address.starts_with("http://") || address.starts_with("https://")) {
        return None;
    }
    let path = address.split('?').next().unwrap_or_default().to_ascii_lowercase();
    if let Some(page) = at.page.filter(|_| path.ends_with(".pdf")) {
        return Some(format!("{address}#page={page}"));
    }
    let file = FILES.iter().any(|ending| path.ends_with(ending)) || path.ends_with(".pdf");
    match directive(at).filter(|_| !file) {
        Some(directive) => Some(format!("{address}#:~:text={directive}")),
        None => Some(address.to_owned()),
    }
}

/// The text directive of a place; `None` where it quotes nothing that could be found.
fn directive(at: &Place) -> Option<String> {
    let quote = at.quote.as_deref()?;
    let pieces = pieces(quote);
    let (first, last) = (pieces.first()?, pieces.last()?);
    if let Some(label) = at.label.as_deref().filter(|_| length(quote) < TELLING || at.table.is_some()) {
        let label = longest(label)?;
        return Some(format!("{},{}", encoded(start_of(label, LONGEST)), encoded(end_of(last, LONGEST_END))));
    }
    if length(quote) < TELLING {
        return None;
    }
    if pieces.len() == 1 && length(first) <= LONGEST {
        return Some(encoded(first));
    }
    Some(format!("{},{}", encoded(start_of(first, LONGEST_END)), encoded(end_of(last, LONGEST_END))))
}

/// A quote cut where a browser's own white space may differ from ours: blanks and line ends.
fn pieces(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}').filter(|piece| !piece.is_empty()).collect()
}

fn longest(text: &str) -> Option<&str> {
    pieces(text).into_iter().rev().max_by_key(|piece| length(piece))
}

fn length(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Whether words end at a character: browsers match whole words only, and tell Chinese words by a dictionary.
fn parts(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The beginning of a text, at most so many characters, ended where words end.
fn start_of(text: &str, most: usize) -> &str {
    let Some((cut, _)) = text.char_indices().nth(most) else { return text };
    let end = text[..cut].char_indices().rev().find(|(_, c)| parts(*c)).map_or(cut, |(at, _)| at);
    if end == 0 { text } else { &text[..end] }
}

/// The end of a text, at most so many characters, begun where words begin.
fn end_of(text: &str, most: usize) -> &str {
    let count = text.chars().count();
    let Some((cut, _)) = count.checked_sub(most).filter(|at| *at > 0).and_then(|at| text.char_indices().nth(at)) else {
        return text;
    };
    let start = text[cut..].char_indices().find(|(_, c)| parts(*c)).map(|(at, c)| cut + at + c.len_utf8());
    match start {
        Some(start) if start < text.len() => &text[start..],
        _ => text,
    }
}

/// Percent-encoded: everything but ASCII letters, digits and `._~`. The directive's own `-`, `,` and `&` are among what is.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::link_to;
    use crate::model::Place;

    #[test]
    fn a_link_leads_to_what_is_quoted() {
        let at = |quote: &str, label: Option<&str>, page| Place {
            table: label.map(|_| 2),
            quote: Some(quote.to_owned()),
            label: label.map(str::to_owned),
            page,
            ..Place::default()
        };
        let page = "https://gov.example/a.html";
        for (address, place, expected) in [
            (
                page,
                at("收到申请4件", None, None),
                "https://gov.example/a.html#:~:text=%E6%94%B6%E5%88%B0%E7%94%B3%E8%AF%B74%E4%BB%B6",
            ),
            (
                "https://gov.example/a.html#top",
                at("a-b,c&d=e", None, None),
                "https://gov.example/a.html#:~:text=a%2Db%2Cc%26d%3De",
            ),
            // A figure alone is found from the label of its row on.
            (page, at("3", Some("总计"), None), "https://gov.example/a.html#:~:text=%E6%80%BB%E8%AE%A1,3"),
            (page, at("3", None, None), page),
            (page, at("", Some("总计"), None), page),
            // What was printed over several lines is given by its two ends.
            (page, at("alpha beta\ngamma", None, None), "https://gov.example/a.html#:~:text=alpha,gamma"),
            ("https://gov.example/a.pdf?x=1", at("3", None, Some(3)), "https://gov.example/a.pdf?x=1#page=3"),
            ("https://gov.example/a.docx", at("收到申请4件", None, None), "https://gov.example/a.docx"),
        ] {
            assert_eq!(link_to(address, &place).as_deref(), Some(expected), "{place:?}");
        }
        assert_eq!(link_to("report.html", &at("收到申请4件", None, None)), None);
    }

    #[test]
    fn long_quotes_are_cut_where_words_end() {
        let quote = "全年新收政府信息公开申请十六件，上年结转一件；办结十六件，结转下年度继续办理一件，均按时办结并答复申请人。";
        let place = Place { quote: Some(quote.to_owned()), ..Place::default() };
        let link = link_to("https://gov.example/a.html", &place).unwrap();
        let plain = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        assert!(link.ends_with(&plain("均按时办结并答复申请人。")), "{link}");
        assert!(link.contains(&format!("text={},", plain("全年新收政府信息公开申请十六件"))), "{link}");
    }

    proptest::proptest! {
        #[test]
        fn any_quote_gives_an_address_of_plain_letters(quote in "\\PC{0,80}", label in "\\PC{0,40}") {
            let at = Place { table: Some(1), quote: Some(quote), label: Some(label), ..Place::default() };
            let link = link_to("https://gov.example/a", &at).unwrap();
            proptest::prop_assert!(link.is_ascii() && !link.contains(' '));
        }
    }
}
