//! The tree of a list page: rows of links, what is content and what is chrome, and text as a visitor sees it.

use crate::rules::ListForm;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::{HashMap, HashSet};

/// Most links looked at on one page.
pub(super) const MOST_LINKS: usize = 5_000;
/// How far up the tree is looked for rows and menus.
const FAR_UP: usize = 64;
/// The element that records embedded in scripts are put into.
pub(super) const RECORDS: &str = "nianjian-records";

/// A key for an element while its tree stands: where it lies in memory.
pub(super) fn key(element: ElementRef<'_>) -> usize {
    std::ptr::from_ref(element.value()).addr()
}

/// What is known of the tree as a whole.
pub(super) struct Tree {
    pub(super) selected: HashSet<usize>,
    ignored: HashSet<usize>,
    /// Links below each element.
    links_below: HashMap<usize, usize>,
}

impl Tree {
    pub(super) fn of(html: &Html, form: &ListForm) -> Tree {
        let all = |selectors: &[String]| -> Vec<HashSet<usize>> {
            let parsed = selectors.iter().filter_map(|selector| Selector::parse(selector).ok());
            parsed.map(|selector| html.select(&selector).map(key).collect()).collect()
        };
        let mut own = vec![format!("#{RECORDS} a[href]")];
        own.extend(form.entries.iter().cloned());
        let mut links_below = HashMap::new();
        let links = html.root_element().descendent_elements().filter(|element| element.value().name() == "a");
        for link in links.take(MOST_LINKS) {
            for ancestor in link.ancestors().take(FAR_UP).filter_map(ElementRef::wrap) {
                *links_below.entry(key(ancestor)).or_insert(0) += 1;
            }
        }
        Tree {
            selected: all(&own).into_iter().find(|hits| !hits.is_empty()).unwrap_or_default(),
            ignored: all(&form.ignore).into_iter().flatten().collect(),
            links_below,
        }
    }

    pub(super) fn ignores(&self, element: ElementRef<'_>) -> bool {
        !self.ignored.is_empty()
            && (self.ignored.contains(&key(element)) || ancestors(element).any(|ancestor| self.ignored.contains(&key(ancestor))))
    }

    /// The row of a link: a list item or table row with few links, else all that is about it alone.
    pub(super) fn row_of<'a>(&self, link: ElementRef<'a>) -> ElementRef<'a> {
        let below = |element: &ElementRef<'_>| self.links_below.get(&key(*element)).copied().unwrap_or(0);
        let ancestors = || ancestors(link).take(8);
        let is_row = |element: &ElementRef<'_>| matches!(element.value().name(), "li" | "tr" | "dd" | "dt");
        let item = ancestors().find(is_row).filter(|row| below(row) <= 4);
        item.or_else(|| ancestors().take_while(|element| below(element) == 1 && element.value().name() != "body").last())
            .unwrap_or(link)
    }
}

/// The elements around an element, the nearest first, as far up as is looked.
pub(super) fn ancestors<'a>(element: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    element.ancestors().take(FAR_UP).filter_map(ElementRef::wrap)
}

/// Words in names of classes and ids that mark what is not content.
const CHROME: &[&str] =
    &["nav", "menu", "foot", "header", "crumb", "position", "location", "friend", "copyright", "sidebar", "sitemap"];

pub(super) fn in_chrome(link: ElementRef<'_>) -> bool {
    ancestors(link).any(|element| {
        let named = |name: Option<&str>| {
            let name = name.unwrap_or("").to_ascii_lowercase();
            CHROME.iter().any(|word| name.contains(word))
                || name.split_whitespace().any(|word| matches!(word, "pos" | "dqwz" | "wz"))
        };
        let name = element.value().name();
        matches!(name, "nav" | "header" | "footer")
            || (!matches!(name, "html" | "body") && (named(element.attr("class")) || named(element.attr("id"))))
    })
}

/// Visible text with blanks squeezed; scripts and what an inline style hides are left out.
pub(super) fn text_of(element: ElementRef<'_>, most: usize) -> String {
    text_without(element, most, None)
}

/// The same without what stands inside one element.
pub(super) fn text_without(element: ElementRef<'_>, most: usize, without: Option<ElementRef<'_>>) -> String {
    let mut text = String::new();
    let mut open = vec![*element];
    while let Some(node) = open.pop() {
        if let Node::Text(piece) = node.value() {
            text.push_str(piece);
            text.push(' ');
        }
        let skipped = ElementRef::wrap(node).is_some_and(|element| Some(element) == without || is_hidden(element));
        if !skipped {
            open.extend(node.children().rev());
        }
        if text.len() > most {
            break;
        }
    }
    squeezed(&text)
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "script" | "style" | "template" | "noscript")
        || element
            .attr("style")
            .is_some_and(|style| style.to_ascii_lowercase().split_whitespace().collect::<String>().contains("display:none"))
}

pub(super) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
