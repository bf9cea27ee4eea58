//! Workbooks of Excel 97 and later (.xls, .et), record by record.
//!
//! The format has no check sums, so whatever does not fit together makes a sheet incomplete: a record
//! that runs over its end, a cell outside the declared area or told twice, a text or a style that is not
//! there, a sheet without its end.

use super::super::compound::{self, Stream};
use super::super::package::Fault;
use super::{ILLEGIBLE, MAX_ROWS, Sheet, damaged, format, incomplete};
use crate::model::Document;
use std::collections::HashMap;

/// Names of records that are read.
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const EOF: u16 = 0x000a;
    pub(super) const DATEMODE: u16 = 0x0022;
    pub(super) const FILEPASS: u16 = 0x002f;
    pub(super) const CONTINUE: u16 = 0x003c;
    pub(super) const COLINFO: u16 = 0x007d;
    pub(super) const BOUNDSHEET: u16 = 0x0085;
    pub(super) const MULRK: u16 = 0x00bd;
    pub(super) const RSTRING: u16 = 0x00d6;
    pub(super) const XF: u16 = 0x00e0;
    pub(super) const MERGEDCELLS: u16 = 0x00e5;
    pub(super) const SST: u16 = 0x00fc;
    pub(super) const LABELSST: u16 = 0x00fd;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const BOOLERR: u16 = 0x0205;
    pub(super) const STRING: u16 = 0x0207;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const RK: u16 = 0x027e;
    pub(super) const FORMAT: u16 = 0x041e;
    pub(super) const BOF: u16 = 0x0809;
}

/// Little-endian numbers at a place of a record.
fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
}

fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map(f64::from_le_bytes)
}

/// The records of a stream from a place on: kind and content. Ends where one runs over the end.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.stream, self.at)?, usize::from(u16_at(self.stream, self.at + 2)?));
        let data = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, data))
    }
}

/// What cells refer to.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    formats: HashMap<u16, String>,
    /// The format of each style.
    styles: Vec<u16>,
    from_1904: bool,
    /// Where each sheet begins, and whether it is hidden.
    sheets: Vec<(usize, bool)>,
}

/// The sheets of a workbook, in its order.
pub(super) fn sheets(bytes: &[u8], document: &mut Document) -> Result<Vec<Sheet>, Fault> {
    let Some((stream, which)) = compound::stream(bytes, &["Workbook", "Book"]) else { return damaged() };
    compound::properties(bytes, document);
    let version = u16_at(&stream.bytes, 4);
    if which == 1 && version != Some(0x0600) {
        return old(bytes, document);
    }
    let Some(book) = globals(&stream)? else { return damaged() };
    let mut sheets = Vec::new();
    for (at, hidden) in &book.sheets {
        sheets.push(sheet(&stream.bytes, *at, Sheet::after(&sheets, *hidden), &book));
    }
    if !stream.whole || sheets.iter().any(|sheet| sheet.cut) {
        document.problems.push(incomplete());
        sheets.iter_mut().for_each(|sheet| sheet.cut |= !stream.whole);
    }
    if sheets.is_empty() { damaged() } else { Ok(sheets) }
}

/// A workbook older than Excel 97, through the library.
fn old(bytes: &[u8], document: &mut Document) -> Result<Vec<Sheet>, Fault> {
    let Some((old, whole)) = compound::old_sheets(bytes) else { return damaged() };
    if !whole {
        document.problems.push(incomplete());
    }
    let sheets = old.into_iter().map(|old| {
        let mut sheet = Sheet { hidden: old.hidden, cut: !whole, ..Sheet::default() };
        old.cells.into_iter().for_each(|(row, column, text)| sheet.put(row, column, &text));
        old.merged.into_iter().for_each(|area| sheet.merge(area));
        sheet
    });
    Ok(sheets.collect())
}

/// The part of the stream that is about the whole workbook.
fn globals(stream: &Stream) -> Result<Option<Book>, Fault> {
    let mut book = Book::default();
    let mut records = Records { stream: &stream.bytes, at: 0 }.peekable();
    if records.next().is_none_or(|(kind, _)| kind != kind::BOF) {
        return Ok(None);
    }
    while let Some((kind, data)) = records.next() {
        match kind {
            kind::EOF => break,
            kind::FILEPASS => return Err(Fault::Encrypted),
            kind::DATEMODE => book.from_1904 = u16_at(data, 0) == Some(1),
            kind::FORMAT => {
                if let (Some(id), Some(text)) = (u16_at(data, 0), long_text(data, 2)) {
                    book.formats.insert(id, text);
                }
            }
            kind::XF => book.styles.push(u16_at(data, 2).unwrap_or(0)),
            kind::BOUNDSHEET => {
                if let (Some(at), Some(state), Some(0)) = (u32_at(data, 0), data.get(4), data.get(5)) {
                    book.sheets.push((at as usize, state & 3 != 0));
                }
            }
            kind::SST => {
                let mut pieces = vec![data];
                while let Some((_, more)) = records.next_if(|(kind, _)| *kind == kind::CONTINUE) {
                    pieces.push(more);
                }
                book.strings = Pieces { pieces: &pieces, piece: 0, at: 0 }.strings();
            }
            _ => {}
        }
    }
    Ok(Some(book))
}

/// A record that goes on in others, read across their edges.
struct Pieces<'a> {
    pieces: &'a [&'a [u8]],
    piece: usize,
    at: usize,
}

impl Pieces<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.pieces.get(self.piece)?.len() {
            self.piece += 1;
            self.at = 0;
        }
        self.at += 1;
        Some(self.pieces[self.piece][self.at - 1])
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0, |number, at| Some(number | u32::from(self.byte()?) << (8 * at)))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let left = self.pieces.get(self.piece)?.len() - self.at;
            let step = left.min(bytes);
            self.at += step;
            bytes -= step;
            if bytes > 0 {
                self.piece += 1;
                self.at = 0;
            }
        }
        Some(())
    }

    /// Every text; those after the first that is cut are not there.
    fn strings(mut self) -> Vec<String> {
        let mut strings = Vec::new();
        let count = self.skip(4).and_then(|()| self.number(4)).unwrap_or(0).min(1_000_000);
        while strings.len() < count as usize {
            match self.string() {
                Some(text) => strings.push(text),
                None => break,
            }
        }
        strings
    }

    fn string(&mut self) -> Option<String> {
        let (length, flags) = (self.number(2)?, self.byte()?);
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let more = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let mut wide = flags & 1 != 0;
        let mut units = Vec::with_capacity(length as usize);
        for _ in 0..length {
            // A text that goes on in the next piece says again how wide its characters are.
            if self.at >= self.pieces.get(self.piece)?.len() {
                wide = self.byte()? & 1 != 0;
            }
            units.push(self.number(if wide { 2 } else { 1 })? as u16);
        }
        self.skip(runs as usize * 4 + more as usize)?;
        Some(String::from_utf16_lossy(&units))
    }
}

/// A text with its length in front of it.
fn long_text(data: &[u8], at: usize) -> Option<String> {
    let pieces = [data.get(at..)?];
    Pieces { pieces: &pieces, piece: 0, at: 0 }.string()
}

/// A sheet being read.
struct Reading<'b> {
    sheet: Sheet,
    book: &'b Book,
    /// The area its cells lie in, as declared: first row, row behind the last, and columns likewise.
    area: Option<(u32, u32, u32, u32)>,
    /// The cell of a formula whose text stands in a record of its own.
    waiting: Option<(u32, u32)>,
}

fn sheet(stream: &[u8], at: usize, sheet: Sheet, book: &Book) -> Sheet {
    let mut reading = Reading { sheet, book, area: None, waiting: None };
    let mut records = Records { stream, at };
    let mut depth = 0;
    if records.next().is_none_or(|(kind, _)| kind != kind::BOF) {
        reading.sheet.cut = true;
        return reading.sheet;
    }
    // Until the end of the sheet; charts that stand in it have beginnings and ends of their own.
    loop {
        let Some((kind, data)) = records.next() else {
            reading.sheet.cut = true;
            return reading.sheet;
        };
        match kind {
            kind::BOF => depth += 1,
            kind::EOF if depth == 0 => return reading.sheet,
            kind::EOF => depth -= 1,
            _ if depth == 0 && reading.record(kind, data).is_none() => reading.sheet.cut = true,
            _ => {}
        }
    }
}

impl Reading<'_> {
    /// Takes in a record; `None` where it is too short for what it is.
    fn record(&mut self, kind: u16, data: &[u8]) -> Option<()> {
        match kind {
            kind::DIMENSIONS => {
                let columns = (u32::from(u16_at(data, 8)?), u32::from(u16_at(data, 10)?));
                self.area = Some((u32_at(data, 0)?, u32_at(data, 4)?, columns.0, columns.1));
            }
            kind::ROW => {
                let row = u32::from(u16_at(data, 0)?);
                if u16_at(data, 12)? & 0x20 != 0 && row < MAX_ROWS {
                    self.sheet.hidden_rows.insert(row);
                }
            }
            kind::COLINFO => {
                let hidden = u16_at(data, 8)? & 1 != 0;
                if hidden {
                    self.sheet.hide_columns(u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
                }
            }
            kind::MERGEDCELLS => {
                for at in 0..usize::from(u16_at(data, 0)?) {
                    let corner = |nth: usize| u16_at(data, 2 + at * 8 + nth * 2).map(u32::from);
                    self.sheet.merge((corner(0)?, corner(2)?, corner(1)?, corner(3)?));
                }
            }
            kind::STRING => {
                let text = long_text(data, 0);
                if let Some((row, column)) = self.waiting.take() {
                    self.sheet.put(row, column, text.as_deref().unwrap_or(ILLEGIBLE));
                }
            }
            kind::MULRK => {
                let (row, first) = (u16_at(data, 0)?, u16_at(data, 2)?);
                for at in 0..data.len().checked_sub(6)? / 6 {
                    let (style, rk) = (u16_at(data, 4 + at * 6)?, u32_at(data, 6 + at * 6)?);
                    self.number(u32::from(row), u32::from(first) + at as u32, style, of_rk(rk));
                }
            }
            kind::LABELSST | kind::LABEL | kind::RSTRING | kind::NUMBER | kind::RK | kind::BOOLERR | kind::FORMULA => {
                let (row, column, style) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?), u16_at(data, 4)?);
                match kind {
                    kind::LABELSST => {
                        let text = self.book.strings.get(u32_at(data, 6)? as usize);
                        self.sheet.cut |= text.is_none();
                        self.put(row, column, text.map_or(ILLEGIBLE, String::as_str));
                    }
                    kind::NUMBER => self.number(row, column, style, f64_at(data, 6)?),
                    kind::RK => self.number(row, column, style, of_rk(u32_at(data, 6)?)),
                    kind::BOOLERR => {
                        let text = match (data.get(7)?, data.get(6)?) {
                            (0, value) => {
                                if *value == 0 {
                                    "FALSE"
                                } else {
                                    "TRUE"
                                }
                            }
                            (_, code) => error(*code),
                        };
                        self.put(row, column, text);
                    }
                    kind::FORMULA => self.formula(row, column, style, data)?,
                    _ => self.put(row, column, &long_text(data, 6)?),
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The stored result of a formula.
    fn formula(&mut self, row: u32, column: u32, style: u16, data: &[u8]) -> Option<()> {
        if u16_at(data, 12)? != 0xffff {
            let value = f64_at(data, 6)?;
            // Programs that cannot count store a zero, to be counted when the file is opened.
            let uncounted = value == 0.0 && u16_at(data, 14)? & 3 != 0;
            if uncounted {
                self.put(row, column, ILLEGIBLE)
            } else {
                self.number(row, column, style, value)
            }
            return Some(());
        }
        match data.get(6)? {
            0 => {
                self.put(row, column, ILLEGIBLE);
                self.waiting = Some((row, column));
            }
            1 => self.put(row, column, if *data.get(8)? == 0 { "FALSE" } else { "TRUE" }),
            2 => self.put(row, column, error(*data.get(8)?)),
            _ => {}
        }
        Some(())
    }

    fn number(&mut self, row: u32, column: u32, style: u16, value: f64) {
        let format = self.book.styles.get(usize::from(style)).copied();
        self.sheet.cut |= format.is_none();
        let format = format.unwrap_or(0);
        let format = self.book.formats.get(&format).map_or_else(|| format::builtin(u32::from(format)), String::as_str);
        let text = format::of_binary(value).map(|value| format::shown(value, format, self.book.from_1904));
        self.put(row, column, text.as_deref().unwrap_or(ILLEGIBLE));
    }

    /// Takes in a cell; one outside the declared area, or told before, is a sign of damage.
    fn put(&mut self, row: u32, column: u32, text: &str) {
        let outside = self.area.is_some_and(|(top, bottom, left, right)| {
            !(top..bottom.max(top + 1)).contains(&row) || !(left..right.max(left + 1)).contains(&column)
        });
        self.sheet.cut |= outside || self.sheet.cells.contains_key(&(row, column));
        self.sheet.put(row, column, text);
    }
}

/// A number packed into four bytes.
fn of_rk(rk: u32) -> f64 {
    let value = if rk & 2 != 0 { f64::from((rk as i32) >> 2) } else { f64::from_bits(u64::from(rk & !3) << 32) };
    if rk & 1 != 0 { value / 100.0 } else { value }
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
