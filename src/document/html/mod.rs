//! HTML → Document, from the stream of tokens; where nesting is broken, again from html5ever's tree.

mod areas;
mod build;
mod divs;
mod mark;
mod name;
mod nest;
mod references;
mod style;
mod table;
mod token;
#[cfg(test)]
mod twins;

use crate::model::{Document, Media, Problem};
use build::Builder;
use ego_tree::iter::Edge;
use mark::Mark;
use name::{Kind, Name};
use nest::Nest;
use scraper::{Html, Node};
use std::borrow::Cow;
use token::{Tag, Tokens};

/// Attributes of a start tag, wherever they come from.
pub(super) trait Attributes {
    fn text(&self, name: &str) -> Option<Cow<'_, str>>;

    /// Whether the attribute `hidden` is there.
    fn hidden(&self) -> bool;

    /// The style, where it may say how the element is shown.
    fn style(&self) -> Option<Cow<'_, str>>;

    fn number(&self, name: &str) -> Option<u32> {
        number(&self.text(name)?)
    }

    /// `rowspan` and `colspan`.
    fn spans(&self) -> (u32, u32) {
        (self.number("rowspan").unwrap_or(1), self.number("colspan").unwrap_or(1))
    }
}

/// The number that an attribute begins with.
fn number(value: &str) -> Option<u32> {
    let digits = value.trim();
    let length = digits.bytes().take(9).take_while(u8::is_ascii_digit).count();
    digits.get(..length)?.parse().ok()
}

impl Attributes for Tag<'_> {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attribute(name)
    }

    fn hidden(&self) -> bool {
        self.hidden
    }

    fn style(&self) -> Option<Cow<'_, str>> {
        self.telling_style()
    }

    fn spans(&self) -> (u32, u32) {
        self.spans
    }
}

impl Attributes for scraper::node::Element {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attr(name).map(Cow::Borrowed)
    }

    fn hidden(&self) -> bool {
        self.attr("hidden").is_some()
    }

    fn style(&self) -> Option<Cow<'_, str>> {
        self.text("style")
    }
}

/// The attributes of an element that nobody wrote.
struct NoAttributes;

impl Attributes for NoAttributes {
    fn text(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn hidden(&self) -> bool {
        false
    }

    fn style(&self) -> Option<Cow<'_, str>> {
        None
    }
}

/// Reads a page.
pub(super) fn read(text: &str) -> Document {
    let (mut document, cut) = match read_stream(text) {
        Streamed::Whole(document, cut) => (*document, cut),
        Streamed::Broken if fits_a_tree(text) => (read_tree(text), false),
        Streamed::Broken => {
            let mut document = Document::new(Media::Html);
            document.problems.push(Problem::new("document-damaged", "页面标签过多或嵌套错乱，未能读取"));
            (document, false)
        }
    };
    if (cut || breaks_off(text)) && !document.problems.iter().any(|problem| problem.code == "truncated") {
        document.problems.push(Problem::new(
            "truncated",
            "页面没有结尾，可能没有取完整，之后的内容没有取到；请在浏览器中打开原页核对，再重新抓取",
        ));
    }
    document
}

/// The most tags of a page that a tree is built of, and how deep they may stand: a tree takes many times the
/// page's memory, and looks through what is open again and again.
const MOST_TAGS: usize = 100_000;
const DEEPEST: usize = 2_000;
/// The most formatting left open, all of which is opened again in each paragraph.
const MOST_OPEN: usize = 100;

/// Whether a tree of the page can be built in reasonable time and memory.
fn fits_a_tree(text: &str) -> bool {
    let (mut tags, mut depth, mut formatting) = (0, 0usize, 0usize);
    for token in Tokens::new(text) {
        let (kind, starts) = match token {
            token::Token::Start(tag) => (tag.kind, true),
            token::Token::End(name) => (name::kind(name), false),
            _ => continue,
        };
        let open = match kind {
            Kind::Format | Kind::Marking => &mut formatting,
            Kind::Block | Kind::Plain | Kind::Table | Kind::Form | Kind::Walled | Kind::Drawing | Kind::Odd => &mut depth,
            _ => continue,
        };
        *open = if starts { *open + 1 } else { open.saturating_sub(1) };
        tags += 1;
        if tags > MOST_TAGS || depth > DEEPEST || formatting > MOST_OPEN {
            return false;
        }
    }
    text.len() <= LARGEST_TREE
}

/// The largest page, in bytes, that a tree is built of.
const LARGEST_TREE: usize = 4 * 1024 * 1024;

/// What reading a page from its tokens came to: a document, and whether the page ends inside a tag.
enum Streamed {
    Whole(Box<Document>, bool),
    Broken,
}

fn read_stream(text: &str) -> Streamed {
    // Browsers drop the one and turn the other into a line break; hardly any page has them.
    let odd = |(at, byte): (usize, u8)| byte == 0 || text.as_bytes().get(at + 1) != Some(&b'\n');
    if memchr::memchr2_iter(0, b'\r', text.as_bytes()).any(|at| odd((at, text.as_bytes()[at]))) {
        return Streamed::Broken;
    }
    let mut nest = Nest::new(text);
    let mut tokens = Tokens::new(text);
    for token in tokens.by_ref() {
        nest.take(&token);
        if nest.broken && !nest.too_deep {
            return Streamed::Broken;
        }
    }
    let too_deep = nest.too_deep;
    let mut document = nest.finish().finish(Document::new(Media::Html));
    if too_deep {
        document.problems.push(Problem::new(
            "document-incomplete",
            "页面标签嵌套过深，未能完整读取，相关核对不作结论；请在浏览器中打开原页核对",
        ));
    }
    Streamed::Whole(Box::new(document), tokens.cut)
}

/// Reads a page through html5ever's tree, which mends nesting as browsers do.
fn read_tree(text: &str) -> Document {
    let page = Html::parse_document(text);
    let mut builder = Builder::default();
    let mut open: Vec<(Name, Kind, Mark)> = Vec::new();
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    let name = Name::of(element.name().as_bytes());
                    let kind = name::kind(name);
                    let mark = builder.start(name, kind, element);
                    open.push((name, kind, mark));
                }
                Node::Text(text) => match open.last() {
                    Some((name, Kind::Raw, _)) => builder.raw_text(*name, text),
                    // Only blanks are left between cells.
                    Some((_, Kind::Table | Kind::Section | Kind::Row, _)) => {}
                    _ => builder.text(text),
                },
                _ => {}
            },
            Edge::Close(node) => {
                if node.value().is_element()
                    && let Some((name, kind, mark)) = open.pop()
                {
                    builder.end(name, kind, mark);
                }
            }
        }
    }
    builder.finish(Document::new(Media::Html))
}

/// Whether a page that opens as one never closes, and neither do its inner elements: where the connection
/// broke, what would have followed is not missing. Pages that merely leave out the last tags close the rest.
fn breaks_off(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |tag: &'static str| {
        let same = move |window: &[u8]| window.eq_ignore_ascii_case(tag.as_bytes());
        bytes.windows(tag.len()).map(same)
    };
    if at("</html").rev().any(|same| same) || at("</body").rev().any(|same| same) || !at("<body").any(|same| same) {
        return false;
    }
    let last_tag = text.rfind(['<', '>']);
    let inside_tag = last_tag.is_some_and(|last| bytes[last] == b'<');
    let open =
        |open: &'static str, close: &'static str| at(open).filter(|same| *same).count() > at(close).filter(|same| *same).count();
    inside_tag || open("<div", "</div") || open("<table", "</table")
}

#[cfg(test)]
mod tests {
    use super::{breaks_off, read};
    use crate::model::Block;

    #[test]
    fn a_page_that_breaks_off_is_told_from_one_that_is_only_careless() {
        for (page, off) in [
            ("<html><body><div>一</div></body></html>", false),
            ("<html><body><div>一</div></BODY>", false),
            ("<html><body><div>一</div><p>二", false),
            ("<div>一<p>二", false),
            ("<html><body><div><div>一</div><p>二", true),
            ("<html><body><p>一</p><spa", true),
            ("<html><body><table><tr><td>一", true),
        ] {
            assert_eq!(breaks_off(page), off, "{page}");
        }
    }

    #[test]
    fn a_layout_table_is_opened_although_no_table_stands_in_it() {
        let text = "公开".repeat(150);
        let inner = format!("<table><tr><td><p>{text}</p><p>一、总体情况</p></td></tr></table>");
        let page = format!("<table><tr><td>&nbsp;</td><td>{inner}</td></tr></table>");
        let blocks = read(&page).blocks;
        assert!(blocks.iter().all(|block| matches!(block, Block::Text(_))), "{blocks:?}");
        assert_eq!(blocks.len(), 2);
    }

    #[test]
    fn a_picture_keeps_its_place() {
        let blocks = read("<p>一</p><p><img src='t.png'></p><p>二</p><img src='i.gif' width='16'>").blocks;
        assert!(matches!(blocks.as_slice(), [Block::Text(_), Block::Picture, Block::Text(_)]), "{blocks:?}");
    }
}
