//! HTML as a stream of tokens, without a tree.
//!
//! A report is read from this stream because building the tree costs more than everything else
//! together. It follows the tokenizer of the HTML standard as far as text and tables need it: raw
//! text elements, comments, attributes with and without quotes, character references. Whatever the
//! bytes are, it moves forward and ends.

use std::borrow::Cow;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Start(Tag<'a>),
    End(Cow<'a, str>),
    /// Text with its character references still in it.
    Text(&'a str),
    /// The inside of a raw text element (`script`, `style`, …), which is no text of the page.
    Raw(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Lower case.
    pub(super) name: Cow<'a, str>,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute, references decoded; empty for one without a value.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len());
            // A stray `=` in front of a name belongs to the name, as the standard has it.
            let end = if end == 0 { 1 } else { end };
            let key = &rest[..end];
            rest = rest[end..].trim_start();
            let value = match rest.strip_prefix('=') {
                Some(after) => {
                    let (value, tail) = attribute_value(after.trim_start());
                    rest = tail;
                    value
                }
                None => "",
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(decode_references(value));
            }
        }
    }

    /// An attribute that is a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let value = self.attribute(name)?;
        let digits: String = value.trim().chars().take_while(char::is_ascii_digit).take(9).collect();
        digits.parse().ok()
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    match text.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => {
            let inside = &text[1..];
            match inside.find(*quote as char) {
                Some(end) => (&inside[..end], &inside[end + 1..]),
                None => (inside, ""),
            }
        }
        _ => text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len())),
    }
}

/// Elements whose inside is not markup.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The stream over one page.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// The raw text element we are in.
    raw: Option<Cow<'a, str>>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Tokens<'a> {
        Tokens { rest: text, raw: None }
    }

    fn raw_text(&mut self, name: &str) -> Option<Token<'a>> {
        let end = end_of_raw(self.rest, name).unwrap_or(self.rest.len());
        let (inside, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!inside.is_empty()).then_some(Token::Raw(inside))
    }

    /// A tag, comment or declaration at `<`; `None` where the `<` is mere text.
    fn markup(&mut self) -> Option<Option<Token<'a>>> {
        let after = &self.rest[1..];
        if let Some(comment) = after.strip_prefix("!--") {
            // Content that only Internet Explorer hides is content; `<!--[if …]>` up to its end is not.
            self.rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            return Some(None);
        }
        match after.as_bytes().first() {
            Some(b'!' | b'?') => {
                self.rest = after.find('>').map_or("", |end| &after[end + 1..]);
                Some(None)
            }
            Some(b'/') if after.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
                let end = after.find('>').unwrap_or(after.len());
                let name = after[1..end].split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or("");
                self.rest = after.get(end + 1..).unwrap_or("");
                Some(Some(Token::End(lower(name))))
            }
            Some(first) if first.is_ascii_alphabetic() => Some(Some(self.start_tag(after))),
            _ => None,
        }
    }

    fn start_tag(&mut self, after: &'a str) -> Token<'a> {
        let name_end = after.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(after.len());
        let end = end_of_tag(after, name_end);
        let tag = Tag { name: lower(&after[..name_end]), attributes: &after[name_end..end] };
        self.rest = after.get(end + 1..).unwrap_or("");
        if RAW.contains(&tag.name.as_ref()) {
            self.raw = Some(tag.name.clone());
        }
        Token::Start(tag)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take()
            && let Some(token) = self.raw_text(&name)
        {
            return Some(token);
        }
        while !self.rest.is_empty() {
            if self.rest.starts_with('<')
                && let Some(token) = self.markup()
            {
                match token {
                    Some(token) => return Some(token),
                    None => continue,
                }
            }
            let from = usize::from(self.rest.starts_with('<'));
            let end = memchr::memchr(b'<', &self.rest.as_bytes()[from..]).map_or(self.rest.len(), |at| at + from);
            let (text, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Token::Text(text));
        }
        None
    }
}

/// Where a tag ends: the first `>` outside quotes.
fn end_of_tag(text: &str, from: usize) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at,
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            _ => {}
        }
        after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace();
    }
    // A quote that never closes would swallow the page: the tag then ends at its first `>`.
    text[from..].find('>').map_or(text.len(), |at| from + at)
}

/// Where `</name` begins, without regard to case.
fn end_of_raw(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', &bytes[from..]) {
        let at = from + at;
        let tail = &bytes[at + 1..];
        if tail.first() == Some(&b'/') && tail.len() > name.len() && tail[1..=name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) }
}

/// The named references that occur in pages of portals.
const NAMED: [(&str, &str); 34] = [
    ("nbsp", "\u{a0}"),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("mdash", "—"),
    ("ndash", "–"),
    ("hellip", "…"),
    ("middot", "·"),
    ("times", "×"),
    ("divide", "÷"),
    ("ensp", "\u{2002}"),
    ("emsp", "\u{2003}"),
    ("thinsp", "\u{2009}"),
    ("zwj", "\u{200d}"),
    ("zwnj", "\u{200c}"),
    ("bull", "•"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("copy", "©"),
    ("reg", "®"),
    ("permil", "‰"),
    ("plusmn", "±"),
    ("minus", "−"),
    ("deg", "°"),
    ("sect", "§"),
    ("yen", "¥"),
    ("shy", "\u{ad}"),
    ("horbar", "―"),
];

/// Text with its character references decoded.
pub(super) fn decode_references(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match reference(after) {
            Some((meaning, length)) => {
                decoded.push_str(&meaning);
                rest = &after[length..];
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The meaning of a reference after its `&`, and how many bytes it takes.
fn reference(after: &str) -> Option<(Cow<'static, str>, usize)> {
    let semicolon = |length: usize| length + usize::from(after[length..].starts_with(';'));
    if let Some(digits) = after.strip_prefix('#') {
        let (radix, digits, prefix) = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => (16, hex, 2),
            None => (10, digits, 1),
        };
        let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(digits.get(..length.min(8))?, radix).ok()?;
        let c = char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER);
        return Some((Cow::Owned(c.to_string()), semicolon(prefix + length)));
    }
    let length = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
    let exact = NAMED.iter().find(|(name, _)| after.get(..length) == Some(name)).map(|(name, meaning)| (*meaning, name.len()));
    // `&nbsp` without its semicolon runs into what follows: 「&nbsp5」.
    let (meaning, length) = exact.or_else(|| after.starts_with("nbsp").then_some(("\u{a0}", 4)))?;
    Some((Cow::Borrowed(meaning), semicolon(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_with_and_without_quotes() {
        let Some(Token::Start(tag)) = Tokens::new("<TD rowspan=2 ColSpan = '3' style=\"a>b\" nowrap>").next() else {
            panic!("a tag")
        };
        assert_eq!((tag.name.as_ref(), tag.number("rowspan"), tag.number("colspan")), ("td", Some(2), Some(3)));
        assert_eq!(tag.attribute("style").as_deref(), Some("a>b"));
        assert_eq!(tag.attribute("nowrap").as_deref(), Some(""));
        assert_eq!(tag.attribute("id"), None);
    }

    #[test]
    fn scripts_and_comments_are_no_text() {
        let text: String = Tokens::new("a<!-- <td>9</td> --><script>if (a<b) {'</p>'}</script><style>td{}</style>b < c")
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .collect();
        assert_eq!(text, "ab < c");
    }

    #[test]
    fn references_are_decoded() {
        assert_eq!(decode_references("&nbsp;&#x4e00;&#19977;&amp;&unknown;&lt&nbsp5"), "\u{a0}一三&&unknown;<\u{a0}5");
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[<>/a-z\"'= &#;!\\-一]{0,200}") {
            for token in Tokens::new(&text) {
                if let Token::Start(tag) = token { tag.attribute("rowspan"); }
            }
            decode_references(&text);
        }
    }
}
