//! Small documents for the tests of the readers, and how a document reads as lines.

use crate::model::{Block, Document};
use std::io::Write;
use zip::write::SimpleFileOptions;

/// A package of parts, packed.
pub(super) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document as lines: text as it is (`#` before emphasis), a row as its cells between strokes, with the
/// height and width of those that span.
pub(super) fn lines(document: &Document) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Text(text) => lines.push(format!("{}{}", if text.emphasis { "#" } else { "" }, text.text)),
            Block::Picture => lines.push("<picture>".to_owned()),
            Block::Table(grid) => lines.extend(grid.rows.iter().map(|row| {
                let cells = row.iter().map(|cell| {
                    let spans = if (cell.rowspan, cell.colspan) == (1, 1) {
                        String::new()
                    } else {
                        format!("{}x{}", cell.rowspan, cell.colspan)
                    };
                    format!("{}{spans}", cell.text.replace('\n', "/"))
                });
                format!("|{}|{}", cells.collect::<Vec<_>>().join("|"), if grid.complete { "" } else { " cut" })
            })),
        }
    }
    lines
}
