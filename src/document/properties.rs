//! Properties of office documents: title, author, company → title and named values of the document.
//!
//! They are no part of the report, but published with it: rules about personal data look at them.

use super::package::{Fault, Package};
use super::xml::{Element, Tree, text_of};
use crate::model::Document;
use crate::text::squeeze;

/// Elements of the properties, and the names they get. The last is the title.
const NAMES: [(&str, &str); 9] = [
    ("creator", "author"),
    ("initial-creator", "author"),
    ("Author", "author"),
    ("lastModifiedBy", "last-modified-by"),
    ("LastAuthor", "last-modified-by"),
    ("Company", "company"),
    ("Manager", "manager"),
    ("description", "comment"),
    ("title", ""),
];

/// Takes in what one set of properties says.
pub(super) fn take(root: Element<'_, '_>, document: &mut Document) {
    for element in root.children() {
        let Some((_, name)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(element.name())) else { continue };
        let text = squeeze(&element.text());
        if text.is_empty() || text.len() > 2_000 {
            continue;
        }
        match *name {
            "" => document.title = document.title.take().or(Some(text)),
            name => document.meta.push((name.to_owned(), text)),
        }
    }
}

/// The properties of an Office Open XML package.
pub(super) fn of_office_open(package: &mut Package<'_>, document: &mut Document) -> Result<(), Fault> {
    for part in ["docProps/core.xml", "docProps/app.xml"] {
        if let Some(bytes) = package.part(part)? {
            let text = text_of(&bytes);
            if let Some(root) = Tree::parse(&text).root() {
                take(root, document);
            }
        }
    }
    Ok(())
}
