//! The format of a body, told by its first bytes; names and headers only break ties.

use super::Origin;
use super::package::Package;
use crate::model::Media;
use memchr::memmem;

/// The format of a body.
pub fn sniff(bytes: &[u8], origin: Origin<'_>) -> Media {
    let head = &bytes[..bytes.len().min(4096)];
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if head.starts_with(b"%PDF") || memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        return Media::Pdf;
    }
    if let Some((_, media)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return match media {
            Media::Zip => zipped(bytes),
            Media::Doc => compound(bytes),
            media => *media,
        };
    }
    if start.starts_with(b"{\\rt") {
        return Media::Rtf;
    }
    let wide = [&b"\xff\xfe"[..], b"\xfe\xff"].iter().any(|mark| head.starts_with(mark));
    // Written without a way out in between, so that many bytes are looked at in one step.
    let is_binary = |byte: u8| (byte < 9) | (byte.wrapping_sub(14) < 13) | (byte.wrapping_sub(28) < 4);
    let binary = head.iter().map(|byte| u32::from(is_binary(*byte))).sum::<u32>() as usize;
    if !wide && binary > head.len() / 64 && !crate::text::is_wide(head) {
        return Media::Unknown;
    }
    let narrow: Vec<u8>;
    let head = if binary > head.len() / 64 {
        narrow = head.iter().copied().filter(|byte| *byte != 0).collect();
        &narrow
    } else {
        head
    };
    if is_mail(start) {
        Media::Mht
    } else if is_flat(head) {
        Media::FlatXml
    } else if looks_like_markup(head) || declared_html(origin) && head.contains(&b'<') {
        Media::Html
    } else {
        Media::Text
    }
}

/// What files begin with. Packages and compound files are looked into.
const MAGIC: &[(&[u8], Media)] = &[
    (b"PK\x03\x04", Media::Zip),
    (b"PK\x05\x06", Media::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Media::Doc),
    (b"Rar!\x1a\x07", Media::Rar),
    (b"7z\xbc\xaf\x27\x1c", Media::SevenZip),
    (b"\xff\xd8\xff", Media::Image),
    (b"\x89PNG", Media::Image),
    (b"GIF8", Media::Image),
    (b"BM", Media::Image),
    (b"II*\0", Media::Image),
    (b"MM\0*", Media::Image),
];

/// Whether a file begins as a message does: a page saved as one file.
fn is_mail(start: &[u8]) -> bool {
    let lower = start[..start.len().min(2048)].to_ascii_lowercase();
    let header = |name: &[u8]| lower.starts_with(name) || memmem::find(&lower, &[b"\n", name].concat()).is_some();
    header(b"mime-version:") && header(b"content-type:")
}

/// Whether XML is an office document: Word 2003's, a flat package, Excel 2003's, a flat OpenDocument.
fn is_flat(head: &[u8]) -> bool {
    let roots: [&[u8]; 4] = [b":wordDocument", b":package", b"<Workbook", b"<office:document"];
    let xml = memmem::find(&head[..head.len().min(256)], b"<?xml").is_some();
    xml && roots.iter().any(|root| memmem::find(head, root).is_some())
        && memmem::find(&head.to_ascii_lowercase(), b"<html").is_none()
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

/// What a ZIP holds, by the names of its parts; where its list is lost, by the names its bytes show.
fn zipped(bytes: &[u8]) -> Media {
    let opened = Package::open(bytes).ok();
    let holds = |name: &str| match &opened {
        Some(package) => package.names().iter().any(|part| part.to_ascii_lowercase().starts_with(name)),
        None => memmem::find(&bytes.to_ascii_lowercase(), name.as_bytes()).is_some(),
    };
    // The kind of an OpenDocument stands unpacked in its first part.
    let says = |kind: &str| memmem::find(&bytes[..bytes.len().min(256)], kind.as_bytes()).is_some();
    if holds("[content_types].xml") || opened.is_none() {
        if holds("word/") || opened.is_some() && !holds("xl/") && !holds("ppt/") {
            return Media::Docx;
        }
        if holds("xl/") {
            return Media::Xlsx;
        }
    }
    if holds("ofd.xml") {
        Media::Ofd
    } else if says("application/vnd.oasis.opendocument.spreadsheet") {
        Media::Ods
    } else if says("application/vnd.oasis.opendocument") || holds("content.xml") && holds("meta-inf/manifest.xml") {
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
    if holds("EncryptedPackage") {
        // A locked package; its reader says so.
        Media::Docx
    } else if holds("WordDocument") {
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
        for (bytes, media) in [
            (&b"PK\x03\x04....word/document.xml"[..], Media::Docx),
            (b"Rar!\x1a\x07\x00", Media::Rar),
            (b"7z\xbc\xaf\x27\x1c", Media::SevenZip),
            (b"\xef\xbb\xbf {\\rtf1\\ansi}", Media::Rtf),
            (b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", Media::Mht),
            (b"<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument>", Media::FlatXml),
            (b"<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns:w=\"x:wordDocument\">", Media::Html),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", Media::Html),
        ] {
            assert_eq!(sniff(bytes, Origin::default()), media, "{}", String::from_utf8_lossy(bytes));
        }
        for (parts, media) in [
            (&["mimetype", "content.xml", "META-INF/manifest.xml"][..], Media::Odt),
            (&["[Content_Types].xml", "xl/workbook.xml"], Media::Xlsx),
            (&["OFD.xml", "Doc_0/Document.xml"], Media::Ofd),
            // A document that is packed without being made smaller shows its own names.
            (&["年报/word/document.xml", "a.docx"], Media::Zip),
        ] {
            let parts: Vec<(&str, &[u8])> = parts.iter().map(|name| (*name, &b"word/document.xml"[..])).collect();
            assert_eq!(sniff(&super::super::samples::zipped(&parts), Origin::default()), media, "{parts:?}");
        }
    }
}
