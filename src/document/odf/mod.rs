//! OpenDocument texts and spreadsheets (.odt, .ods, flat or packed) → Document.
//!
//! Like Word's documents they are read as a reader sees them: without what was deleted under tracking, without
//! notes, annotations and tables of contents, with automatic numbers as text.

mod lists;
mod spreadsheet;
mod text;

use super::package::{Fault, Package};
use super::xml::{Element, Tree, text_of};
use super::{layout, properties, sheet};
use crate::model::{Document, Media, Problem};
use lists::Lists;
use std::collections::{HashMap, HashSet};
use text::Body;

/// What styles say, by their name.
#[derive(Debug, Default)]
struct Styles {
    hidden: HashSet<String>,
    bold: HashSet<String>,
    /// Tables that are not shown.
    off: HashSet<String>,
    /// The style that another is based on.
    parents: HashMap<String, String>,
    lists: Lists,
}

impl Styles {
    /// Takes in the styles that stand anywhere below an element.
    fn take(&mut self, root: Element<'_, '_>) {
        for style in root.all("style") {
            let Some(name) = style.attribute("name").map(std::borrow::Cow::into_owned) else { continue };
            let text = style.child("text-properties");
            let says =
                |attribute: &str, value: &str| text.and_then(|text| text.attribute(attribute)).is_some_and(|it| it == value);
            if says("display", "none") {
                self.hidden.insert(name.clone());
            }
            if says("font-weight", "bold") || says("font-weight-asian", "bold") {
                self.bold.insert(name.clone());
            }
            let shown = style.child("table-properties").and_then(|table| table.attribute("display"));
            if shown.is_some_and(|shown| shown == "false") {
                self.off.insert(name.clone());
            }
            if let Some(list) = style.attribute("list-style-name") {
                self.lists.of_style(&name, &list);
            }
            if let Some(parent) = style.attribute("parent-style-name") {
                self.parents.insert(name, parent.into_owned());
            }
        }
        self.lists.take(root);
    }

    /// Whether a style, or one that it is based on, is among these.
    fn has(&self, among: &HashSet<String>, name: Option<&str>) -> bool {
        let mut name = name;
        for _ in 0..20 {
            match name {
                Some(known) if among.contains(known) => return true,
                Some(known) => name = self.parents.get(known).map(String::as_str),
                None => return false,
            }
        }
        false
    }
}

/// Reads a package.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let mut document = Document::new(media);
    if let Err(fault) = read_package(bytes, &mut document) {
        document.problems.push(fault.problem());
    }
    document
}

fn read_package(bytes: &[u8], document: &mut Document) -> Result<(), Fault> {
    let mut package = Package::open(bytes)?;
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(Fault::Encrypted);
    }
    let content = package.part("content.xml")?.ok_or(Fault::Damaged)?;
    let mut styles = Styles::default();
    let text = package.part("styles.xml")?.unwrap_or_default();
    if let Some(root) = Tree::parse(&text_of(&text)).root() {
        styles.take(root);
    }
    let text = package.part("meta.xml")?.unwrap_or_default();
    if let Some(meta) = Tree::parse(&text_of(&text)).root().and_then(|root| root.child("meta")) {
        properties::take(meta, document);
    }
    let text = text_of(&content);
    fill(document, &Tree::parse(&text), styles)
}

/// Reads a document that stands in one XML file.
pub(super) fn read_flat(text: &str, media: Media) -> Document {
    let mut document = Document::new(media);
    let tree = Tree::parse(text);
    if let Some(meta) = tree.root().and_then(|root| root.child("meta")) {
        properties::take(meta, &mut document);
    }
    if let Err(fault) = fill(&mut document, &tree, Styles::default()) {
        document.problems.push(fault.problem());
    }
    document
}

fn fill(document: &mut Document, tree: &Tree<'_>, mut styles: Styles) -> Result<(), Fault> {
    let fault = if tree.too_large { Fault::TooLarge } else { Fault::Damaged };
    let root = tree.root().ok_or(fault)?;
    styles.take(root);
    let body = root.child("body").ok_or(fault)?;
    if !tree.whole {
        document
            .problems
            .push(Problem::new("document-incomplete", "文件的部分内容无法读取，相关核对不作结论；请向发布单位索取原件"));
    }
    if let Some(spreadsheet) = body.child("spreadsheet") {
        let mut sheets = spreadsheet::sheets(spreadsheet, &styles);
        sheets.iter_mut().for_each(|sheet| sheet.cut |= !tree.whole);
        sheet::fill(document, sheets);
        return Ok(());
    }
    let text = body.child("text").ok_or(fault)?;
    let mut read = Body::new(styles, tree.whole);
    document.blocks = read.blocks(text);
    document.images = read.images;
    document.hidden = read.hidden;
    if tree.whole {
        layout::tell_bounds(document, read.whole);
    }
    super::number_tables(document);
    Ok(())
}

#[cfg(test)]
mod tests;
