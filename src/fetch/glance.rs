//! A glance at a page: as much of it as telling a gate from a report needs, and no more.
//!
//! This is not reading. It runs over every body that comes in, so it is one pass without a tree.

/// Pages of gates and errors are small; of a larger body only the head is looked at.
const HEAD: usize = 256 * 1024;

/// Bytes of visible text after which it is clear that the page is no bare notice: 1,500 characters, however long each is.
const ENOUGH: usize = 4 * 1500;

/// What a glance at an HTML page shows.
#[derive(Debug, Default)]
pub(super) struct Glance {
    /// The whole head as text, markup included.
    pub source: String,
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

impl Glance {
    /// Looks at the head of a body.
    pub fn at(body: &[u8]) -> Glance {
        let source = text_of(&body[..body.len().min(HEAD)]);
        let mut glance = Glance { longer: body.len() > HEAD, ..Glance::default() };
        let mut rest = source.as_str();
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
        let name: String = rest[1..].chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        match name.as_str() {
            "a" => self.anchors += 1,
            "img" | "input" | "iframe" | "frame" | "embed" | "object" | "meta" if name != "meta" || refreshes(&rest[..end]) => {
                self.loads = true;
            }
            "script" => {
                self.loads = true;
                return end + past(&rest[end..], "</script");
            }
            "style" => return end + past(&rest[end..], "</style"),
            "title" if self.title.is_empty() => {
                let length = past(&rest[end..], "</title");
                push_visible(&mut self.title, &rest[end..end + length]);
                return end + length;
            }
            _ => {}
        }
        end
    }
}

fn refreshes(tag: &str) -> bool {
    tag.to_ascii_lowercase().contains("refresh")
}

/// Where the closing tag begins, without regard to case; the end where it is missing.
fn past(rest: &str, closing: &str) -> usize {
    let length = closing.len();
    rest.as_bytes().windows(length).position(|window| window.eq_ignore_ascii_case(closing.as_bytes())).unwrap_or(rest.len())
}

/// Appends text without white space and without the entities that stand for it.
fn push_visible(to: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let blank = (c == '&').then(|| ["&nbsp;", "&#160;", "&emsp;"].iter().find(|blank| rest.starts_with(**blank))).flatten();
        if blank.is_none() && !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}') {
            to.push(c);
        }
        rest = &rest[blank.map_or(c.len_utf8(), |blank| blank.len())..];
    }
}

/// Bytes as text: UTF-8 where it is, else the superset of GBK that portals use.
fn text_of(head: &[u8]) -> String {
    match std::str::from_utf8(head) {
        Ok(text) => text.to_owned(),
        // Cut in the middle of a character at the end of the head.
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(head).into_owned(),
        Err(_) => encoding_rs::GB18030.decode(head).0.into_owned(),
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
