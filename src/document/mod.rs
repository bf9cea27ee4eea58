//! Bytes → Document: blocks of text and grids of cells, free of their format.
//!
//! The format is told by the bytes themselves (file names and headers lie). HTML and text are read
//! here, in one pass over a stream of tokens; everything else has a reader of its own and is read in
//! a child process (see `convert`). Nothing here fails: what cannot be read is a problem in the
//! document, and a grid of which a part could not be placed says so.

mod archive;
mod budget;
mod compound;
mod digits;
mod doc;
mod docx;
mod flat;
mod grid;
mod html;
mod lattice;
mod layout;
mod mht;
mod odf;
mod ofd;
mod package;
mod pdf;
mod properties;
mod rtf;
mod ruler;
#[cfg(test)]
mod samples;
mod sheet;
mod sniff;
mod text;
mod wrap;
mod xml;

use crate::model::{Block, Document, Media, Problem};
use crate::text::decode;

pub(crate) use archive::{member, members};
pub use sniff::sniff;

/// What a caller may know of a body besides its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// Content-Type as sent.
    pub content_type: Option<&'a str>,
    /// File name or address; only its ending is looked at, and only where the bytes do not tell.
    pub name: Option<&'a str>,
}

/// The most bytes of a document that are looked at.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A reader of one format, as the list below names it.
type Reader = fn(&[u8], Media) -> Document;

/// The formats that are read from bytes alone, one row each; HTML and text need the declared charset too.
const READERS: &[(Media, Reader)] = &[
    (Media::Doc, doc::read),
    (Media::Docx, docx::read),
    (Media::FlatXml, flat::read),
    (Media::Mht, read_mht),
    (Media::Ods, odf::read),
    (Media::Odt, odf::read),
    (Media::Ofd, ofd::read),
    (Media::Pdf, pdf::read),
    (Media::Rtf, rtf::read),
    (Media::Xls, sheet::read),
    (Media::Xlsx, sheet::read),
];

/// How deep a document may lie in archives.
const MAX_DEPTH: u32 = 2;

/// Whether a format is read in a child process.
pub fn is_foreign(media: Media) -> bool {
    media == Media::Zip || READERS.iter().any(|(known, _)| *known == media)
}

/// Reads a body of any format.
pub fn read(bytes: &[u8], origin: Origin<'_>) -> Document {
    read_as(sniff(bytes, origin), bytes, origin)
}

/// Reads a body whose format [`sniff`] has told.
pub fn read_as(media: Media, bytes: &[u8], origin: Origin<'_>) -> Document {
    read_at(media, bytes, origin, 0)
}

/// Reads a document that stands inside another one. `depth` counts what is around it.
fn read_at(media: Media, bytes: &[u8], origin: Origin<'_>, depth: u32) -> Document {
    if bytes.len() > MAX_BYTES {
        let mut document = Document::new(media);
        document.problems.push(Problem::new("too-large", format!("文件超过 {} MB，未读取", MAX_BYTES / 1024 / 1024)));
        return document;
    }
    match media {
        Media::Html | Media::Text => read_text(bytes, origin, media),
        Media::Zip => archive::read(bytes, depth),
        _ => match READERS.iter().find(|(known, _)| *known == media) {
            Some((_, reader)) => reader(bytes, media),
            None => unsupported(media),
        },
    }
}

fn read_text(bytes: &[u8], origin: Origin<'_>, media: Media) -> Document {
    let decoded = decode(bytes, origin.content_type);
    let mut document = match media {
        Media::Html => html::read(&decoded.text),
        _ => text::read(&decoded.text),
    };
    if let Some(declared) = decoded.declared_otherwise {
        let message = format!("页面声明的字符编码与内容不符，已按 {} 读取（声明长度 {} 字符）", decoded.charset, declared.len());
        document.problems.push(Problem::new("charset-disagrees", message));
    }
    if decoded.damaged {
        document.problems.push(Problem::new("charset-damaged", format!("按 {} 读取时有无法解码的字节", decoded.charset)));
    }
    document
}

/// A page saved as one file.
fn read_mht(bytes: &[u8], media: Media) -> Document {
    let Some((page, kind)) = mht::page(bytes) else { return package::Fault::Damaged.document(media) };
    let text = if kind.to_ascii_lowercase().contains("html") { Media::Html } else { Media::Text };
    Document { media, ..read_text(&page, Origin { content_type: Some(&kind), name: None }, text) }
}

/// A format this version has no reader for: said plainly, never guessed.
fn unsupported(media: Media) -> Document {
    let mut document = Document::new(media);
    let (code, message) = match media {
        Media::Image => ("image", "这是图片，没有可读的文字"),
        Media::Rar | Media::SevenZip => {
            ("archive-unsupported", "不能打开 RAR、7z 压缩包；请解压后检查其中的文件，或请发布单位直接公布文档")
        }
        _ => ("format-unknown", "认不出的文件格式，未读取"),
    };
    document.problems.push(Problem::new(code, message));
    if media == Media::Image {
        document.images = 1;
    }
    document
}

/// Numbers the tables of a document from 1, in reading order.
fn number_tables(document: &mut Document) {
    let grids = document.blocks.iter_mut().filter_map(|block| if let Block::Table(grid) = block { Some(grid) } else { None });
    for (at, grid) in grids.enumerate() {
        grid.ordinal = at as u32 + 1;
    }
}
