//! A glance at a page: as much of it as telling a gate from a report needs, and no more.
//!
//! This is not reading. It runs over every body that comes in, so it is one pass without a tree.

use std::borrow::Cow;

/// Pages of gates and errors are small; of a larger body only the head is looked at.
const HEAD: usize = 256 * 1024;

/// Bytes of visible text after which it is clear that the page is no bare notice: 1,500 characters, however long each is.
const ENOUGH: usize = 4 * 1500;

/// What a glance at an HTML page shows.
#[derive(Debug, Default)]
pub(super) struct Glance<'a> {
    /// The whole head as text, markup included.
    pub source: Cow<'a, str>,
    /// The text that a visitor would see, white space removed; of a long page only the beginning.
    pub visible: String,
    pub title: String,
    /// Links, as far as the text was looked at.
    pub anchors: usize,
    /// Whether the page shows or loads anything besides text: pictures, fields, frames, scripts.
    pub loads: bool,
    /// Whether the body is longer than what was looked at.
    pub longer: bool,
}

impl Glance<'_> {
    /// Looks at the head of a body.
    pub fn at(body: &[u8]) -> Glance<'_> {
        let source = text_of(&body[..body.len().min(HEAD)]);
        let mut glance = Glance { longer: body.len() > HEAD, ..Glance::default() };
        let mut rest: &str = &source;
        while let Some(open) = rest.find('<').filter(|_| glance.visible.len() < ENOUGH) {
            push_visible(&mut glance.visible, &rest[..open]);
            rest = &rest[open..];
            let after = glance.tag(rest);
            rest = &rest[after..];
        }
        if glance.visible.len() < ENOUGH {
            push_visible(&mut glance.visible, rest);
        }
        glance.source = source;
        glance
    }

    /// Number of characters a visitor would see.
    pub fn length(&self) -> usize {
        self.visible.chars().count()
    }

    pub fn sees(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.visible.contains(word))
    }

    pub fn titled(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.title.contains(word))
    }

    pub fn has(&self, marks: &[&str]) -> bool {
        marks.iter().any(|mark| self.source.contains(mark))
    }

    /// Takes note of the tag that begins here, and says where to go on.
    fn tag(&mut self, rest: &str) -> usize {
        if rest.starts_with("<!--") {
            return rest.find("-->").map_or(rest.len(), |end| end + 3);
        }
        let length = rest.bytes().skip(1).take_while(u8::is_ascii_alphanumeric).count();
        let is = |name: &str| rest[1..=length].eq_ignore_ascii_case(name);
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        if is("script") {
            self.loads = true;
            return end + past(&rest[end..], "</script");
        }
        if is("style") {
            return end + past(&rest[end..], "</style");
        }
        if is("title") && self.title.is_empty() {
            let length = past(&rest[end..], "</title");
            push_visible(&mut self.title, &rest[end..end + length]);
            return end + length;
        }
        self.anchors += usize::from(is("a"));
        self.loads |= LOADING.iter().any(|name| is(name)) || (is("meta") && refreshes(&rest[..end]));
        end
    }
}

/// Elements that show or load something besides text.
const LOADING: [&str; 6] = ["img", "input", "iframe", "frame", "embed", "object"];

fn refreshes(tag: &str) -> bool {
    tag.to_ascii_lowercase().contains("refresh")
}

/// Where the closing tag begins, without regard to case; the end where it is missing.
fn past(rest: &str, closing: &str) -> usize {
    let closes = |at: &usize| {
        let tag = rest.as_bytes()[*at..].get(..closing.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(closing.as_bytes()))
    };
    rest.match_indices('<').map(|(at, _)| at).find(closes).unwrap_or(rest.len())
}

/// Entities that stand for white space.
const BLANKS: [&str; 3] = ["&nbsp;", "&#160;", "&emsp;"];

/// Appends text without white space and without the entities that stand for it.
fn push_visible(to: &mut String, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, entity) = rest.split_at(rest.find('&').unwrap_or(rest.len()));
        to.extend(plain.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}')));
        rest = match BLANKS.iter().find_map(|blank| entity.strip_prefix(blank)) {
            Some(rest) => rest,
            None => {
                to.extend(entity.chars().next());
                entity.get(1..).unwrap_or_default()
            }
        };
    }
}

/// Bytes as text: UTF-8 where it is, else the superset of GBK that portals use.
fn text_of(head: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(head) {
        Ok(text) => Cow::Borrowed(text),
        // Cut in the middle of a character at the end of the head.
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(head),
        Err(_) => encoding_rs::GB18030.decode(head).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_sees_text_and_no_markup() {
        let page = "<!-- x --><HTML><title> 云溪市 </title><style>p{}</style><script>var a='<p>隐藏</p>'</SCRIPT>\
                    <p>公开&nbsp;年报</p><a href=x>一</a><a>二</a>";
        let glance = Glance::at(page.as_bytes());
        assert_eq!(glance.title, "云溪市");
        assert_eq!(glance.visible, "公开年报一二");
        assert_eq!(glance.anchors, 2);
        assert!(glance.loads);
    }

    #[test]
    fn of_a_long_page_only_the_beginning_is_seen() {
        let page = format!("<title>年报</title><p>{}</p><p>尾</p>", "公开".repeat(2000));
        let glance = Glance::at(page.as_bytes());
        assert!(glance.length() >= 1500 && !glance.visible.ends_with('尾'));
    }

    #[test]
    fn gbk_is_read() {
        let (bytes, _, _) = encoding_rs::GBK.encode("<title>页面不存在</title>");
        assert_eq!(Glance::at(&bytes).title, "页面不存在");
    }

    proptest::proptest! {
        #[test]
        fn foreign_bytes_do_no_harm(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            Glance::at(&bytes);
        }

        #[test]
        fn foreign_markup_does_no_harm(text in "[<>/!a-z\\-年 ]{0,80}(<script|<title>|<!--|</scr|<|>|页){0,4}") {
            Glance::at(text.as_bytes());
        }
    }
}
