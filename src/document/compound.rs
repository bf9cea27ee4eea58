//! Compound files (OLE2): the streams and the properties of Word's and Excel's old formats.

use crate::model::Document;
use office_oxide::cfb::{CfbReader, read_document_properties};
use office_oxide::xls::XlsDocument;
use std::io::Cursor;

/// A stream of a compound file.
pub(super) struct Stream {
    pub(super) bytes: Vec<u8>,
    /// False where the file breaks off before the end of it, or its table of sectors is damaged.
    pub(super) whole: bool,
}

/// The first of these streams that the file has.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Option<(Stream, usize)> {
    let mut file = CfbReader::new(Cursor::new(bytes)).ok()?;
    let at = names.iter().position(|name| file.has_stream(name))?;
    let bytes = file.open_stream(names[at]).ok()?;
    let whole = file.truncated_streams().is_empty() && file.warnings().is_empty();
    Some((Stream { bytes, whole }, at))
}

/// Title, author and company, into the document.
pub(super) fn properties(bytes: &[u8], document: &mut Document) {
    let properties = CfbReader::new(Cursor::new(bytes)).ok().and_then(|mut file| read_document_properties(&mut file));
    let Some(properties) = properties else { return };
    document.title = document.title.take().or(properties.title);
    let named = [
        ("author", properties.author),
        ("last-modified-by", properties.last_author),
        ("company", properties.company),
        ("manager", properties.manager),
    ];
    for (name, value) in named {
        document.meta.extend(value.filter(|value| !value.trim().is_empty()).map(|value| (name.to_owned(), value)));
    }
}

/// A sheet of a workbook that is older than Excel 97.
pub(super) struct OldSheet {
    pub(super) hidden: bool,
    pub(super) cells: Vec<(u32, u32, String)>,
    /// First row, first column, last row, last column.
    pub(super) merged: Vec<(u32, u32, u32, u32)>,
}

/// The sheets of a workbook that is older than Excel 97, and whether all of it could be read.
pub(super) fn old_sheets(bytes: &[u8]) -> Option<(Vec<OldSheet>, bool)> {
    let book = XlsDocument::from_reader(Cursor::new(bytes)).ok()?;
    let sheets = book.sheets.iter().map(|sheet| {
        let cells = sheet.rows.iter().enumerate().flat_map(|(row, cells)| {
            (0..cells.len())
                .filter_map(move |column| Some((row as u32, column as u32, sheet.display_text(row, column)?.into_owned())))
        });
        let merged = sheet
            .merged_cells
            .iter()
            .map(|(top, bottom, left, right)| (u32::from(*top), u32::from(*left), u32::from(*bottom), u32::from(*right)));
        OldSheet { hidden: sheet.hidden, cells: cells.collect(), merged: merged.collect() }
    });
    let sheets = sheets.collect();
    Some((sheets, !book.truncated() && book.warnings().is_empty()))
}
