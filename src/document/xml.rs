//! XML of office documents as a small tree.
//!
//! Names are taken without their prefix, so that a document reads the same in whatever namespace (the
//! transitional and the strict one, WPS's own) and under whatever prefix it is written. Documents of this
//! kind have no document type of their own: one that has is refused, and with it every entity
//! that could unfold. The tree is flat and bounded in size and depth; XML that breaks off is
//! kept as far as it goes, and says so.

use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// The most nodes of one tree.
const MAX_NODES: usize = 1_500_000;
/// The deepest nesting believed.
const MAX_DEPTH: usize = 200;

/// A node: an element, or a run of text.
#[derive(Debug)]
struct Node<'a> {
    /// Name without prefix; empty for text.
    name: &'a str,
    /// The attributes as written, or the text.
    content: Cow<'a, str>,
    /// Index of the first node behind this one and everything in it.
    end: u32,
}

/// A document as a tree.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    /// In the order of the document, each before what is in it.
    nodes: Vec<Node<'a>>,
    /// False where the XML breaks off, is broken, or is larger or deeper than any document.
    pub(super) whole: bool,
    /// Whether it goes beyond a bound.
    pub(super) too_large: bool,
}

/// The text of a part: UTF-8, or UTF-16 by its mark.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => crate::text::decode(bytes, None).text,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

impl<'a> Tree<'a> {
    /// Reads a document.
    pub(super) fn parse(text: &'a str) -> Tree<'a> {
        let mut tree = Tree { nodes: Vec::new(), whole: true, too_large: false };
        let mut open: Vec<usize> = Vec::new();
        if !tree.fill(text, &mut open) || !open.is_empty() {
            tree.whole = false;
        }
        let end = tree.nodes.len() as u32;
        open.into_iter().for_each(|at| tree.nodes[at].end = end);
        tree
    }

    /// Whether the document could be read to its end.
    fn fill(&mut self, text: &'a str, open: &mut Vec<usize>) -> bool {
        let mut reader = Reader::from_str(text);
        let mut from = 0;
        loop {
            let Ok(event) = reader.read_event() else { return false };
            let until = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let written = text.get(from..until).unwrap_or_default();
            from = until;
            match event {
                Event::Start(_) => {
                    if open.len() >= MAX_DEPTH {
                        self.too_large = true;
                        return false;
                    }
                    open.push(self.nodes.len());
                    self.element(written);
                }
                Event::Empty(_) => self.element(written),
                Event::End(_) => {
                    let end = self.nodes.len() as u32;
                    if let Some(at) = open.pop() {
                        self.nodes[at].end = end;
                    }
                }
                Event::Text(text) => self.text(text.into_inner()),
                Event::CData(text) => self.text(text.into_inner()),
                Event::GeneralRef(reference) => {
                    let known = || quick_xml::escape::resolve_xml_entity(&reference).map(str::to_owned);
                    let c = reference.resolve_char_ref().ok().flatten().filter(|c| *c != '\0').map(String::from);
                    self.text(Cow::Owned(c.or_else(known).unwrap_or_else(|| char::REPLACEMENT_CHARACTER.to_string())));
                }
                Event::DocType(_) => return false,
                Event::Eof => return !self.nodes.is_empty(),
                _ => {}
            }
            if self.nodes.len() > MAX_NODES {
                self.too_large = true;
                return false;
            }
        }
    }

    fn element(&mut self, written: &'a str) {
        let inside = written.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let end = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
        let end = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { name, content: Cow::Borrowed(attributes), end });
    }

    fn text(&mut self, text: Cow<'a, str>) {
        let end = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { name: "", content: text, end });
    }

    /// The outermost element.
    pub(super) fn root(&self) -> Option<Element<'_, 'a>> {
        let at = self.nodes.iter().position(|node| !node.name.is_empty())?;
        Some(Element { tree: self, at })
    }
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'t, 'a> {
    tree: &'t Tree<'a>,
    at: usize,
}

/// What stands in an element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Child<'t, 'a> {
    Element(Element<'t, 'a>),
    Text(&'t str),
}

impl<'t, 'a> Element<'t, 'a> {
    /// Name without prefix.
    pub(super) fn name(self) -> &'a str {
        self.tree.nodes[self.at].name
    }

    /// Everything directly in it, in order.
    pub(super) fn content(self) -> impl Iterator<Item = Child<'t, 'a>> + use<'t, 'a> {
        let (tree, end) = (self.tree, self.tree.nodes[self.at].end as usize);
        let mut next = self.at + 1;
        std::iter::from_fn(move || {
            let at = next;
            let node = tree.nodes.get(at).filter(|_| at < end)?;
            next = node.end as usize;
            Some(if node.name.is_empty() { Child::Text(&node.content) } else { Child::Element(Element { tree, at }) })
        })
    }

    /// The elements directly in it.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'t, 'a>> + use<'t, 'a> {
        self.content().filter_map(|child| if let Child::Element(element) = child { Some(element) } else { None })
    }

    /// The first element of a name directly in it.
    pub(super) fn child(self, name: &str) -> Option<Element<'t, 'a>> {
        self.children().find(|child| child.name() == name)
    }

    /// The first element along a path of names.
    pub(super) fn at(self, path: &[&str]) -> Option<Element<'t, 'a>> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Every element of a name anywhere in it, in order.
    pub(super) fn all(self, name: &'static str) -> impl Iterator<Item = Element<'t, 'a>> + use<'t, 'a> {
        let (tree, end) = (self.tree, self.tree.nodes[self.at].end as usize);
        (self.at + 1..end).filter(move |at| tree.nodes[*at].name == name).map(move |at| Element { tree, at })
    }

    /// All text in it.
    pub(super) fn text(self) -> String {
        let nodes = &self.tree.nodes;
        let inside = &nodes[self.at + 1..nodes[self.at].end as usize];
        inside.iter().filter(|node| node.name.is_empty()).map(|node| node.content.as_ref()).collect()
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(self, name: &str) -> Option<Cow<'t, str>> {
        let mut rest = self.tree.nodes[self.at].content.as_ref();
        while let Some(equals) = rest.find('=') {
            let key = rest[..equals].trim();
            let key = key.rsplit_once(':').map_or(key, |(_, local)| local);
            let after = rest[equals + 1..].trim_start();
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let end = after[1..].find(quote)? + 1;
            if key == name && !declares(&rest[..equals]) {
                return Some(unescaped(&after[1..end]));
            }
            rest = &after[end + 1..];
        }
        None
    }

    /// The attribute `val`, as WordprocessingML has most values.
    pub(super) fn value(self) -> Option<Cow<'t, str>> {
        self.attribute("val")
    }

    /// An attribute that is a whole number.
    pub(super) fn number<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// Whether an attribute declares a namespace: `xmlns:w` is no `w`.
fn declares(key: &str) -> bool {
    key.trim().starts_with("xmlns")
}

/// An attribute's value with its references resolved; one that cannot be is left as written.
fn unescaped(value: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn names_and_attributes_are_read_without_their_prefix() {
        let tree = Tree::parse(
            "<?xml version='1.0'?>\n<w:a xmlns:w=\"x\"><w:b w:val='1 &amp; 2' c = \"d\"/>文&#x4e00;<![CDATA[<]]></w:a>",
        );
        let root = tree.root().unwrap();
        assert!(tree.whole);
        assert_eq!((root.name(), root.text().as_str()), ("a", "文一<"));
        let child = root.child("b").unwrap();
        assert_eq!(
            (child.value().as_deref(), child.attribute("c").as_deref(), child.attribute("e")),
            (Some("1 & 2"), Some("d"), None)
        );
    }

    #[test]
    fn what_breaks_off_is_kept_and_told() {
        let tree = Tree::parse("<a><b>1</b><b>2");
        assert!(!tree.whole);
        assert_eq!(tree.root().unwrap().children().map(|b| b.text()).collect::<String>(), "12");
    }

    #[test]
    fn entities_of_its_own_make_no_document() {
        let tree = Tree::parse("<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>");
        assert!(!tree.whole && tree.root().is_none());
        assert!(!Tree::parse(&"<a>".repeat(10_000)).whole);
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[<>/a-z:\"'= &#;!\\[\\]\\-一]{0,200}") {
            let tree = Tree::parse(&text);
            if let Some(root) = tree.root() {
                root.text();
                root.all("a").for_each(|a| drop(a.attribute("a")));
            }
        }
    }
}
