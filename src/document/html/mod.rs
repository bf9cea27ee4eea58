//! HTML → Document, from the stream of tokens; where nesting is broken, again from html5ever's tree.

mod build;
mod token;

use crate::model::{Document, Media};
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
