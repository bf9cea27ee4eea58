//! HTML as a stream of tokens, without a tree.
//!
//! A report is read from this stream because building the tree costs more than everything else
//! together. It follows the tokenizer of the HTML standard (13.2.5): raw text elements, comments,
//! attributes with and without quotes. Whatever the bytes are, it moves forward and ends.

use super::name::{Kind, Name, kind};
use super::number;
use super::references::decode_attribute;
use std::borrow::Cow;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Start(Tag<'a>),
    End(Name),
    /// Text with its character references still in it.
    Text(&'a str),
    /// The inside of a raw text element (`script`, `style`, …), which is no text of the page.
    Raw(&'a str),
    /// A section that is text inside a drawing and a comment elsewhere.
    Cdata,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: Name,
    pub(super) kind: Kind,
    attributes: &'a str,
    /// The value of `style` as it stands, where it may tell how the element is shown.
    style: Option<&'a str>,
    /// Whether it has the attribute `hidden`.
    pub(super) hidden: bool,
    pub(super) self_closing: bool,
    /// `rowspan` and `colspan`; 1 where there is none.
    pub(super) spans: (u32, u32),
}

impl<'a> Tag<'a> {
    /// A tag without attributes.
    fn bare(name: Name) -> Tag<'a> {
        Tag { name, kind: kind(name), attributes: "", style: None, hidden: false, self_closing: false, spans: (1, 1) }
    }

    /// The value of an attribute, references decoded; empty for one without a value.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        Attributes { text: self.attributes, at: 0 }
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| decode_attribute(value))
    }

    /// The style, where it says anything about how the element is shown.
    pub(super) fn telling_style(&self) -> Option<Cow<'a, str>> {
        self.style.map(decode_attribute)
    }
}

/// Whether a style may hide its element or make it part of a table: hardly any does, and this costs less than
/// making it comparable.
fn tells(style: &[u8]) -> bool {
    let ends = |at: usize, word: &[u8]| at >= word.len() && style[at - word.len()..at].eq_ignore_ascii_case(word);
    memchr::memchr2_iter(b'y', b'Y', style).any(|at| ends(at, b"displa"))
        || memchr::memchr2_iter(b'h', b'H', style)
            .any(|at| style.get(at + 1..at + 3).is_some_and(|next| next.eq_ignore_ascii_case(b"id")))
        || memchr::memchr2_iter(b'z', b'Z', style).any(|at| ends(at, b"font-si") && is_zero(&style[at + 1..]))
        || memchr::memchr(b'&', style).is_some()
}

/// Whether the rest of `font-size` sets a size of 0: `e: 0px`.
fn is_zero(rest: &[u8]) -> bool {
    let mut value = rest.iter().skip(1).skip_while(|byte| is_space(**byte) || **byte == b':');
    value.next() == Some(&b'0') && value.next().is_none_or(|byte| !byte.is_ascii_digit())
}

/// The attributes in the text behind a tag's name, up to the tag's end.
struct Attributes<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while bytes.get(at).is_some_and(|byte| is_space(*byte) || *byte == b'/') {
            at += 1;
        }
        self.at = at;
        let first = *bytes.get(at)?;
        if first == b'>' {
            return None;
        }
        // A stray `=` in front of a name belongs to the name.
        let start = at;
        at = until(bytes, at + 1, ENDS_NAME);
        let name = start..at;
        let skip = |mut at: usize| {
            while bytes.get(at).is_some_and(|byte| is_space(*byte)) {
                at += 1;
            }
            at
        };
        let equals = skip(at);
        let mut value = at..at;
        if bytes.get(equals) == Some(&b'=') {
            at = skip(equals + 1);
            value = match bytes.get(at) {
                Some(quote @ (b'"' | b'\'')) => {
                    let end = memchr::memchr(*quote, &bytes[at + 1..]).map_or(bytes.len(), |end| at + 1 + end);
                    let inside = at + 1..end;
                    at = (end + 1).min(bytes.len());
                    inside
                }
                _ => {
                    let start = at;
                    at = until(bytes, at, ENDS_VALUE);
                    start..at
                }
            };
        }
        self.at = at;
        Some((self.text.get(name)?, self.text.get(value)?))
    }
}

/// White space of markup.
fn is_space(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & SPACE != 0
}

/// What a byte can do inside a tag: one look-up instead of five comparisons, for most bytes of a page stand there.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        classes[at] = match at as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => SPACE | ENDS_TAG_NAME | ENDS_NAME | ENDS_VALUE,
            b'/' => ENDS_TAG_NAME | ENDS_NAME,
            b'>' => ENDS_TAG_NAME | ENDS_NAME | ENDS_VALUE,
            b'=' => ENDS_NAME,
            _ => 0,
        };
        at += 1;
    }
    classes
};
const SPACE: u8 = 1;
const ENDS_TAG_NAME: u8 = 2;
const ENDS_NAME: u8 = 4;
const ENDS_VALUE: u8 = 8;

/// The first byte of a class from `at` on, or the end.
fn until(bytes: &[u8], at: usize, class: u8) -> usize {
    bytes[at..].iter().position(|byte| CLASSES[usize::from(*byte)] & class != 0).map_or(bytes.len(), |length| at + length)
}

/// The stream over one page.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// The raw text element we are in.
    raw: Option<&'a str>,
    /// Whether the page ends inside a tag.
    pub(super) cut: bool,
    /// Start tags met before, as written and as read.
    known: Vec<Option<(&'a str, Tag<'a>)>>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Tokens<'a> {
        Tokens { rest: text, raw: None, cut: false, known: Vec::new() }
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
        let bytes = after.as_bytes();
        let until_bracket = || memchr::memchr(b'>', bytes).map_or("", |end| &after[end + 1..]);
        match bytes.first()? {
            b'!' if after.starts_with("!--") => {
                // Content that only Internet Explorer hides is content; `<!--[if …]>` up to its end is not.
                self.rest = &after[end_of_comment(after)..];
                Some(None)
            }
            b'!' if after.starts_with("![CDATA[") => {
                self.rest = until_bracket();
                Some(Some(Token::Cdata))
            }
            b'!' | b'?' => {
                self.rest = until_bracket();
                Some(None)
            }
            b'/' => match bytes.get(1) {
                Some(first) if first.is_ascii_alphabetic() => {
                    let name = &after[1..];
                    Some(self.bare(name).or_else(|| self.tag(name).map(|tag| tag.name)).map(Token::End))
                }
                Some(_) => {
                    self.rest = until_bracket();
                    Some(None)
                }
                None => None,
            },
            first if first.is_ascii_alphabetic() => {
                let name_at = after;
                let tag = self.start_tag(after);
                if let Some(tag) = &tag
                    && tag.kind == Kind::Raw
                {
                    let end = name_at.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(name_at.len());
                    self.raw = Some(&name_at[..end]);
                }
                Some(tag.map(Token::Start))
            }
            _ => None,
        }
    }

    /// The start tag whose name begins here. What office programs save repeats a few tags a thousand times, and
    /// what a tag is depends on nothing before it: one that was met before is known without being taken apart.
    fn start_tag(&mut self, text: &'a str) -> Option<Tag<'a>> {
        if let Some(name) = self.bare(text) {
            return Some(Tag::bare(name));
        }
        let slot = slot(text.as_bytes());
        if let Some(Some((written, tag))) = slot.and_then(|slot| self.known.get(slot))
            && let Some(rest) = text.strip_prefix(written)
        {
            self.rest = rest;
            return Some(*tag);
        }
        let tag = self.tag(text)?;
        if let Some(slot) = slot {
            if self.known.is_empty() {
                self.known.resize(KNOWN, None);
            }
            self.known[slot] = Some((&text[..text.len() - self.rest.len()], tag));
        }
        Some(tag)
    }

    /// The name that begins here, where the tag is nothing else.
    fn bare(&mut self, text: &'a str) -> Option<Name> {
        let end = until(text.as_bytes(), 0, ENDS_TAG_NAME);
        self.rest = text[end..].strip_prefix('>')?;
        Some(Name::of(&text.as_bytes()[..end]))
    }

    /// The tag whose name begins here; what remains is the text behind it. A tag that the page's end cuts is none.
    fn tag(&mut self, text: &'a str) -> Option<Tag<'a>> {
        let bytes = text.as_bytes();
        let name_end = until(bytes, 0, ENDS_TAG_NAME);
        let mut attributes = Attributes { text: &text[name_end..], at: 0 };
        let (mut style, mut hidden, mut rowspan, mut colspan) = (None, false, None, None);
        for (key, value) in &mut attributes {
            match key.len() {
                5 if style.is_none() && key.eq_ignore_ascii_case("style") => style = Some(value),
                6 => hidden |= key.eq_ignore_ascii_case("hidden"),
                7 if rowspan.is_none() && key.eq_ignore_ascii_case("rowspan") => rowspan = Some(value),
                7 if colspan.is_none() && key.eq_ignore_ascii_case("colspan") => colspan = Some(value),
                _ => {}
            }
        }
        let end = name_end + attributes.at;
        if end >= bytes.len() {
            self.rest = "";
            self.cut = true;
            return None;
        }
        self.rest = &text[end + 1..];
        let self_closing = bytes[end - 1] == b'/';
        let style = style.filter(|style| tells(style.as_bytes()));
        let attributes = &text[name_end..end];
        let span = |written: Option<&str>| written.and_then(|written| number(&decode_attribute(written))).unwrap_or(1);
        let spans = (span(rowspan), span(colspan));
        Some(Tag { attributes, style, hidden, self_closing, spans, ..Tag::bare(Name::of(&bytes[..name_end])) })
    }
}

/// How many tags are remembered.
const KNOWN: usize = 256;

/// Where a tag is remembered: told by its length and some of its bytes. Short tags are taken apart as soon as looked up.
fn slot(text: &[u8]) -> Option<usize> {
    let end = memchr::memchr(b'>', text)?;
    let word = |at: usize| text[at..end].first_chunk().map(|word| u64::from_le_bytes(*word));
    let told = word(0)? ^ word(end / 2 - 4)?.rotate_left(20) ^ word(end - 8)?.rotate_left(40) ^ end as u64;
    Some((told.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize)
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take()
            && let Some(token) = self.raw_text(name)
        {
            return Some(token);
        }
        while !self.rest.is_empty() {
            let bytes = self.rest.as_bytes();
            let mut from = 0;
            if bytes[0] == b'<' {
                match self.markup() {
                    Some(Some(token)) => return Some(token),
                    Some(None) => continue,
                    None => from = 1,
                }
            }
            let end = memchr::memchr(b'<', &bytes[from..]).map_or(bytes.len(), |at| at + from);
            let (text, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Token::Text(text));
        }
        None
    }
}

/// Where a comment that begins with `!--` ends. `<!-->` and `<!--->` are whole comments, and `--!>` ends one too.
fn end_of_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    if text.starts_with("!-->") {
        return 4;
    }
    if text.starts_with("!--->") {
        return 5;
    }
    let mut from = 3;
    while let Some(at) = memchr::memmem::find(&bytes[from..], b"--") {
        let end = from + at + 2;
        match bytes.get(end) {
            Some(b'>') => return end + 1,
            Some(b'!') if bytes.get(end + 1) == Some(&b'>') => return end + 2,
            _ => from = end - 1,
        }
    }
    text.len()
}

/// Where `</name` begins, without regard to case.
fn end_of_raw(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"</").find(|at| {
        let tail = &bytes[at + 2..];
        tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && tail.get(name.len()).is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_with_and_without_quotes() {
        let Some(Token::Start(tag)) = Tokens::new("<TD rowspan=2 ColSpan = '3' style=\"a>b\" nowrap>").next() else {
            panic!("a tag")
        };
        assert_eq!(
            (tag.kind, tag.attribute("rowspan").as_deref(), tag.attribute("colspan").as_deref()),
            (Kind::Cell, Some("2"), Some("3"))
        );
        assert_eq!(tag.attribute("style").as_deref(), Some("a>b"));
        assert_eq!(tag.attribute("nowrap").as_deref(), Some(""));
        assert_eq!(tag.attribute("id"), None);
    }

    #[test]
    fn scripts_and_comments_are_no_text() {
        let page = "a<!-- <td>9</td> --><!-->b<!--x--!><script>if (a<b) {'</p>'}</script ><style>td{}</style>< c</ x>";
        let text: String =
            Tokens::new(page).filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None }).collect();
        assert_eq!(text, "ab< c");
    }

    #[test]
    fn a_style_that_says_how_to_show_an_element_is_told_from_others() {
        for (style, told) in
            [("font-family:宋体;height:20px", false), ("DISPLAY : none", true), ("mso-hide:all", true), ("", false)]
        {
            assert_eq!(tells(style.as_bytes()), told, "{style}");
        }
    }

    #[test]
    fn a_tag_cut_by_the_end_of_the_page_is_none() {
        let mut tokens = Tokens::new("a<td style=\"b>c");
        assert_eq!((tokens.next(), tokens.next(), tokens.cut), (Some(Token::Text("a")), None, true));
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[<>/a-z\"'= &#;!\\-一]{0,200}") {
            for token in Tokens::new(&text) {
                if let Token::Start(tag) = token { tag.attribute("rowspan"); }
            }
        }
    }
}
