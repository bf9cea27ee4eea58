//! HTML → Document, from the stream of tokens; where nesting is broken, again from html5ever's tree.

mod build;
mod token;

use crate::model::{Document, Media, Problem};
use build::Builder;
use ego_tree::iter::Edge;
use scraper::{Html, Node};
use std::borrow::Cow;
use token::{Tag, Token, Tokens, decode_references};

/// What the builder is told of: the same for the stream and for the tree.
pub(super) enum Event<'a> {
    Start(&'a str, &'a dyn Attributes),
    End(&'a str),
    Text(&'a str),
    /// The inside of a script, style or title element.
    Raw(&'a str),
}

/// Attributes of a start tag, wherever they come from.
pub(super) trait Attributes {
    fn text(&self, name: &str) -> Option<Cow<'_, str>>;
    fn number(&self, name: &str) -> Option<u32>;
}

impl Attributes for Tag<'_> {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attribute(name)
    }

    fn number(&self, name: &str) -> Option<u32> {
        Tag::number(self, name)
    }
}

impl Attributes for scraper::node::Element {
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attr(name).map(Cow::Borrowed)
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.attr(name)?.trim().chars().take_while(char::is_ascii_digit).take(9).collect::<String>().parse().ok()
    }
}

/// Reads a page.
pub(super) fn read(text: &str) -> Document {
    let mut document = read_page(text);
    if breaks_off(text) && !document.problems.iter().any(|problem| problem.code == "truncated") {
        document.problems.push(Problem::new("truncated", "页面没有结尾，可能没有取完整，之后的内容没有取到"));
    }
    document
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

fn read_page(text: &str) -> Document {
    let mut builder = Builder::default();
    for token in Tokens::new(text) {
        match &token {
            Token::Start(tag) => builder.take(Event::Start(&tag.name, tag)),
            Token::End(name) => builder.take(Event::End(name)),
            Token::Text(text) => builder.take(Event::Text(&decode_references(text))),
            Token::Raw(text) => builder.take(Event::Raw(text)),
        }
    }
    if builder.broken() { read_tree(text) } else { builder.finish(Document::new(Media::Html)) }
}

/// Reads a page through html5ever's tree, which mends nesting as browsers do.
fn read_tree(text: &str) -> Document {
    let page = Html::parse_document(text);
    let mut builder = Builder::default();
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => builder.take(Event::Start(element.name(), element)),
                Node::Text(text) => {
                    let parent = node.parent().and_then(|parent| parent.value().as_element().map(|e| e.name().to_owned()));
                    match parent.as_deref() {
                        Some("script" | "style" | "title" | "textarea") => builder.take(Event::Raw(text)),
                        _ => builder.take(Event::Text(text)),
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    builder.take(Event::End(element.name()));
                }
            }
        }
    }
    builder.finish(Document::new(Media::Html))
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
