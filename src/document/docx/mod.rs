//! Word documents (.docx and its kin, Word 2003 XML, flat packages) → Document.
//!
//! What is read is what a reader sees on the page: tracked changes as accepted, results of fields and not
//! their codes, automatic numbers as text, text in boxes; not what is hidden, nor headers, footers and notes.

mod body;
mod numbering;
mod runs;
mod styles;

use super::Origin;
use super::package::{Fault, Package};
use super::xml::{Element, Tree, text_of};
use super::{layout, properties};
use crate::model::{Document, Media, Problem};
use body::Body;
use numbering::Numbering;
use std::collections::HashMap;
use styles::Styles;

/// What the body refers to.
#[derive(Debug, Default)]
struct Parts {
    styles: Styles,
    numbering: Numbering,
    /// Documents of another format that stand in this one, read, by the id of their relationship.
    chunks: HashMap<String, Document>,
}

/// Reads a package.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    match read_package(bytes, media) {
        Ok(document) => document,
        Err(fault) => fault.document(media),
    }
}

fn read_package(bytes: &[u8], media: Media) -> Result<Document, Fault> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?;
    let body = package.part(&main)?.ok_or(Fault::Damaged)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut document = Document::new(media);
    let mut parts = Parts::default();
    let text = package.part(&format!("{folder}/styles.xml"))?.unwrap_or_default();
    if let Some(root) = Tree::parse(&text_of(&text)).root() {
        parts.styles = Styles::read(root);
    }
    let text = package.part(&format!("{folder}/numbering.xml"))?.unwrap_or_default();
    if let Some(root) = Tree::parse(&text_of(&text)).root() {
        parts.numbering = Numbering::read(root);
    }
    parts.chunks = chunks(&mut package, &main)?;
    properties::of_office_open(&mut package, &mut document)?;
    let text = text_of(&body);
    let tree = Tree::parse(&text);
    fill(&mut document, &tree, parts);
    Ok(document)
}

/// Reads a document that stands in one XML file: Word 2003's, or a package written flat.
pub(super) fn read_flat(text: &str, media: Media) -> Document {
    let mut document = Document::new(media);
    let tree = Tree::parse(text);
    let mut parts = Parts::default();
    if let Some(root) = tree.root() {
        if let Some(styles) = root.all("styles").next() {
            parts.styles = Styles::read(styles);
        }
        if let Some(numbering) = root.all("numbering").next() {
            parts.numbering = Numbering::read(numbering);
        }
    }
    fill(&mut document, &tree, parts);
    document
}

/// The body of the document, into it.
fn fill(document: &mut Document, tree: &Tree<'_>, parts: Parts) {
    let Some(body) = tree.root().and_then(|root| if root.name() == "body" { Some(root) } else { root.all("body").next() }) else {
        document.problems.push(if tree.too_large { Fault::TooLarge } else { Fault::Damaged }.problem());
        return;
    };
    let mut read = Body::new(parts, tree.whole);
    let blocks = read.blocks(body);
    document.images = read.images;
    document.hidden.append(&mut read.hidden);
    document.problems.append(&mut read.problems);
    document.blocks = blocks;
    if read.whole {
        layout::tell_bounds(document, true);
    } else {
        document
            .problems
            .push(Problem::new("document-incomplete", "文件的部分内容无法读取，相关核对不作结论；请向发布单位索取原件"));
    }
    super::number_tables(document);
}

/// The name of the part that is the document: as the package says, else where it usually is.
fn main_part(package: &mut Package<'_>) -> Result<String, Fault> {
    let text = package.part("_rels/.rels")?.unwrap_or_default();
    let text = text_of(&text);
    let tree = Tree::parse(&text);
    let named = relationships(&tree, "officeDocument").next().map(|(_, target)| target.trim_start_matches('/').to_owned());
    let known = |name: &String| package.names().iter().any(|part| part.eq_ignore_ascii_case(name));
    Ok(named.filter(known).unwrap_or_else(|| "word/document.xml".to_owned()))
}

/// Ids and targets of the relationships of a kind.
fn relationships<'t>(tree: &'t Tree<'_>, kind: &'static str) -> impl Iterator<Item = (String, String)> + use<'t> {
    let of_kind = move |element: &Element<'_, '_>| {
        element.attribute("Type").is_some_and(|it| it.rsplit('/').next().is_some_and(|end| end.eq_ignore_ascii_case(kind)))
    };
    tree.root()
        .into_iter()
        .flat_map(|root| root.children())
        .filter(of_kind)
        .filter_map(|element| Some((element.attribute("Id")?.into_owned(), element.attribute("Target")?.into_owned())))
}

/// The documents that stand in this one in another format (`altChunk`). One level: none has its own.
fn chunks(package: &mut Package<'_>, main: &str) -> Result<HashMap<String, Document>, Fault> {
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", main));
    let text = package.part(&format!("{folder}/_rels/{name}.rels"))?.unwrap_or_default();
    let text = text_of(&text);
    let tree = Tree::parse(&text);
    let mut chunks = HashMap::new();
    for (id, target) in relationships(&tree, "aFChunk").take(16) {
        let path = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
        if let Some(bytes) = package.part(&path)? {
            let origin = Origin { content_type: None, name: Some(&path) };
            chunks.insert(id, super::read_at(super::sniff(&bytes, origin), &bytes, origin, super::MAX_DEPTH));
        }
    }
    Ok(chunks)
}

#[cfg(test)]
mod tests;
