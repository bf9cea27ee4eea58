//! PDF → Document, with lopdf for the objects of the file and our own eyes for its pages.
//!
//! A PDF has no words, lines or tables, only letters at places and lines drawn. The content of each page is
//! obeyed as a viewer would; what can be seen of it goes to the lattice, which knows no PDF.

mod cmap;
mod encoding;
mod font;
mod pages;
mod paint;
mod source;
mod state;
mod text;
mod token;
mod widths;

use super::lattice;
use crate::model::{Document, Media, Problem};
use lopdf::{LoadOptions, Object};
use source::Source;

/// The most bytes that one stream with objects in it may unpack to.
const MAX_OBJECTS: usize = 32 * 1024 * 1024;

/// Reads a PDF.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let mut document = Document::new(media);
    let options = LoadOptions { max_decompressed_size: Some(MAX_OBJECTS), ..LoadOptions::default() };
    let file = match lopdf::Document::load_mem_with_options(bytes, options) {
        Ok(file) => file,
        Err(error) => {
            document.problems.push(unreadable(&error));
            return document;
        }
    };
    if file.is_encrypted() {
        document.problems.push(encrypted());
        return document;
    }
    let source = Source::new(&file);
    document.title = title(&source);
    let (pages, complete) = pages::pages(&source);
    if pages.is_empty() {
        document.problems.push(damaged());
        return document;
    }
    if !complete {
        document.problems.push(Problem::new("document-incomplete", "PDF 的部分页面无法读取，相关核对不作结论；请人工查看原件"));
    }
    lattice::fill(&mut document, pages);
    document
}

fn unreadable(error: &lopdf::Error) -> Problem {
    match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) | lopdf::Error::UnsupportedSecurityHandler(_) => encrypted(),
        _ => damaged(),
    }
}

fn encrypted() -> Problem {
    Problem::new("document-encrypted", "PDF 文件加了密码，无法读取，请向发布单位索取未加密的文件")
}

fn damaged() -> Problem {
    Problem::new("document-damaged", "PDF 文件已损坏，无法读取，请向发布单位索取原件")
}

/// The title in the properties.
fn title(source: &Source<'_>) -> Option<String> {
    let properties = source.dictionary(&source.document.trailer, b"Info")?;
    let title = source.resolve(properties.get(b"Title").ok()?).filter(|object| matches!(object, Object::String(..)))?;
    lopdf::decode_text_string(title).ok().filter(|title| !title.trim().is_empty())
}
