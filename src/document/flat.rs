//! Office documents that are one XML file: Word 2003's, flat packages, flat OpenDocuments.

use super::package::Fault;
use super::xml::text_of;
use super::{docx, odf, sheet};
use crate::model::{Document, Media};

/// Reads a document by its outermost element.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let text = text_of(bytes);
    let head: String = text.chars().take(2_000).collect();
    if head.contains(":wordDocument") || head.contains(":package") {
        docx::read_flat(&text, media)
    } else if head.contains("<office:document") {
        odf::read_flat(&text, media)
    } else if head.contains("<Workbook") {
        sheet::read_flat(&text, media)
    } else {
        Fault::Damaged.document(media)
    }
}
