//! OFD (GB/T 33190, the layout format of Chinese offices) → Document.
//!
//! A package of XML parts: `OFD.xml` names documents, a document names its pages, and a page says where letters
//! stand and lines are drawn. Each page is painted as a viewer would paint it; what can be seen goes to the
//! lattice, as of a PDF. Letters are Unicode and bring their steps along, so fonts are not opened. Seals and
//! other annotations lie over the text and are no part of it; clips are not obeyed, since what they cut off
//! is nothing that stands in a report.

mod numbers;
mod pages;
mod paint;
mod parts;
mod resources;
mod text;

use super::archive::begins_as_report;
use super::lattice;
use super::package::{Fault, Package};
use super::xml::{Element, Tree};
use crate::model::{Document, Media, Problem};
use crate::text::squeeze;
use parts::Parts;

/// The most documents of one package that are opened to find the report among them.
const MAX_DOCUMENTS: usize = 8;

/// One document of a package, as `OFD.xml` lists it.
struct Entry {
    root: String,
    title: Option<String>,
    author: Option<String>,
}

/// Reads a package.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    read_package(bytes, media).unwrap_or_else(|fault| fault.document(media))
}

fn read_package(bytes: &[u8], media: Media) -> Result<Document, Fault> {
    let mut package = Package::open(bytes)?;
    let locked = |name: &String| name.eq_ignore_ascii_case("Encryptions.xml") || name.eq_ignore_ascii_case("OFDEntries.xml");
    if package.names().iter().any(locked) {
        return Err(Fault::Encrypted);
    }
    let mut parts = Parts::new(&mut package);
    let (at, text) = parts.xml("", "OFD.xml")?.ok_or(Fault::Damaged)?;
    let tree = Tree::parse(&text);
    let bodies: Vec<Element<'_, '_>> =
        tree.root().into_iter().flat_map(|root| root.all("DocBody")).take(MAX_DOCUMENTS + 1).collect();
    let mut entries = Vec::new();
    for body in &bodies {
        entries.push(entry(*body, &at, &mut parts)?.ok_or(Fault::Damaged)?);
    }
    let mut documents = Vec::new();
    for entry in entries.iter().take(MAX_DOCUMENTS) {
        documents.push(read_document(entry, &at, media, &mut parts)?);
    }
    match documents.len() {
        0 => Err(Fault::Damaged),
        1 => Ok(documents.remove(0)),
        several => Ok(chosen(documents, several, bodies.len() > MAX_DOCUMENTS, media)),
    }
}

/// The one document that calls itself the report; none where that cannot be told.
fn chosen(documents: Vec<Document>, several: usize, more: bool, media: Media) -> Document {
    let mut reports: Vec<Document> = documents.into_iter().filter(begins_as_report).collect();
    if reports.len() == 1 && !more {
        let mut report = reports.remove(0);
        let message = format!("文件里有 {several} 份文档，按标题读取了其中的年度报告");
        report.problems.push(Problem::new("archive-chosen", message));
        return report;
    }
    let mut none = Document::new(media);
    let message = "文件里有多份文档，看不出哪一份是年度报告，未读取；请打开文件单独检查";
    none.problems.push(Problem::new("archive-several", message));
    none
}

/// What stands in the list about one document; of several versions the current one counts.
fn entry(body: Element<'_, '_>, at: &str, parts: &mut Parts<'_, '_>) -> Result<Option<Entry>, Fault> {
    let info = |name: &str| {
        let text = body.at(&["DocInfo", name]).map(|element| squeeze(&element.text()));
        text.filter(|text| !text.is_empty() && text.len() <= 2_000)
    };
    let current = |version: &Element<'_, '_>| version.attribute("Current").is_some_and(|current| current == "true");
    let version = body.child("Versions").and_then(|versions| versions.children().find(current));
    let mut root = body.child("DocRoot").map(|root| root.text());
    if let Some(place) = version.and_then(|version| version.attribute("BaseLoc"))
        && let Some((version, text)) = parts.xml(at, &place)?
        && let Some(newer) = Tree::parse(&text).root().and_then(|root| root.child("DocRoot")).map(Element::text)
    {
        // Its place is written from the version's own file, or as in the list.
        root = if parts.head(&version, &newer, 1).is_some() {
            Some(format!("/{}", parts::resolved(&version, &newer)))
        } else {
            Some(newer)
        };
    }
    Ok(root.map(|root| Entry { root, title: info("Title"), author: info("Author") }))
}

fn read_document(entry: &Entry, at: &str, media: Media, parts: &mut Parts<'_, '_>) -> Result<Document, Fault> {
    let mut document = Document::new(media);
    document.title.clone_from(&entry.title);
    document.meta.extend(entry.author.clone().map(|author| ("author".to_owned(), author)));
    let (root, text) = parts.xml(at, &entry.root)?.ok_or(Fault::Damaged)?;
    let (pages, hidden) = pages::pages(&root, &Tree::parse(&text), parts)?;
    document.hidden = hidden;
    lattice::fill(&mut document, pages);
    Ok(document)
}

#[cfg(test)]
mod tests;
