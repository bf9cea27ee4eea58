//! The format of a body, told by its first bytes; names and headers only break ties.

use super::Origin;
use crate::model::Media;
use memchr::memmem;

/// The format of a body.
pub fn sniff(bytes: &[u8], origin: Origin<'_>) -> Media {
    let head = &bytes[..bytes.len().min(4096)];
    if head.starts_with(b"%PDF") || memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        return Media::Pdf;
    }
    if head.starts_with(b"PK\x03\x04") {
        return zipped(bytes);
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return compound(bytes);
    }
    if [&b"\xff\xd8\xff"[..], b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*"].iter().any(|magic| head.starts_with(magic)) {
        return Media::Image;
    }
    let binary = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    if binary > head.len() / 64 {
        return Media::Unknown;
    }
    if looks_like_markup(head) || declared_html(origin) && head.contains(&b'<') { Media::Html } else { Media::Text }
}

fn declared_html(origin: Origin<'_>) -> bool {
    let name = origin.name.map(str::to_ascii_lowercase).unwrap_or_default();
    let media = origin.content_type.map(str::to_ascii_lowercase).unwrap_or_default();
    media.starts_with("text/html")
        || media.contains("xhtml")
        || [".html", ".htm", ".shtml", ".xhtml"].iter().any(|end| name.ends_with(end))
}

/// Whether the head holds a tag that only markup has.
fn looks_like_markup(head: &[u8]) -> bool {
    let lower = head.to_ascii_lowercase();
    [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<table",
        "<tr",
        "<td",
        "<div",
        "<p>",
        "<p ",
        "<span",
        "<script",
        "<meta",
        "<title",
        "<h1",
    ]
    .iter()
    .any(|tag| memmem::find(&lower, tag.as_bytes()).is_some())
}

/// What a ZIP holds, by the names in it.
fn zipped(bytes: &[u8]) -> Media {
    let holds = |name: &str| memmem::find(bytes, name.as_bytes()).is_some();
    if holds("word/document.xml") || holds("word/") && holds("[Content_Types].xml") {
        Media::Docx
    } else if holds("xl/workbook") {
        Media::Xlsx
    } else if holds("OFD.xml") {
        Media::Ofd
    } else if holds("application/vnd.oasis.opendocument") {
        Media::Odt
    } else {
        Media::Zip
    }
}

/// What an OLE2 file holds, by the names of its streams (UTF-16).
fn compound(bytes: &[u8]) -> Media {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    if holds("WordDocument") {
        Media::Doc
    } else if holds("Workbook") || holds("Book") {
        Media::Xls
    } else {
        Media::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_the_format_and_names_do_not() {
        let named = |name| Origin { name: Some(name), content_type: None };
        assert_eq!(sniff(b"%PDF-1.7 ...", named("a.html")), Media::Pdf);
        assert_eq!(sniff("<html><body>年报".as_bytes(), named("a.doc")), Media::Html);
        assert_eq!(sniff("一、总体情况".as_bytes(), named("a.txt")), Media::Text);
        assert_eq!(sniff("".as_bytes(), named("a.txt")), Media::Text);
        assert_eq!(sniff(&[0, 1, 2, 3, 4, 5, 6, 7], named("a.txt")), Media::Unknown);
        assert_eq!(sniff(b"PK\x03\x04....word/document.xml", Origin::default()), Media::Docx);
    }
}
