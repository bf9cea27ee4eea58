//! Files to rows of cells: what csv and xlsx have in common.

use calamine::{DataRef, Reader, Xlsx};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

/// Rows and columns beyond which nothing is read: no roster is so large, and a bad file may claim anything.
const ROW_LIMIT: usize = 100_000;
const COLUMN_LIMIT: usize = 64;

/// One row with its number as a spreadsheet counts it; cells are trimmed.
pub struct Row {
    pub number: usize,
    pub cells: Vec<String>,
}

/// A cell that a spreadsheet program would run as a formula, made text by an apostrophe.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@']) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn cleaned(cell: &str) -> String {
    let cell = cell.trim();
    let plain = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell);
    plain.to_owned()
}

/// The file's text: by its byte order mark, else UTF-8 where it is that, else GB18030 (of which GBK is a part).
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or(&[])).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// The separator of the heading: a comma where there is one.
fn separator(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    [b',', b';', b'\t'].into_iter().find(|mark| heading.as_bytes().contains(mark)).unwrap_or(b',')
}

/// The rows of a csv file.
pub fn of_csv(bytes: &[u8]) -> Vec<Row> {
    let text = decoded(bytes);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    // The text is UTF-8 and rows may be of any length, so no record can be an error.
    for record in reader.records().map_while(Result::ok).take(ROW_LIMIT) {
        let number = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
        rows.push(Row { number, cells: record.iter().take(COLUMN_LIMIT).map(cleaned).collect() });
    }
    rows
}

/// The rows of the first sheet that has any. Cells are read as they stand in the file, never as the
/// rectangle it claims to fill, which may be larger than memory.
pub fn of_xlsx(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|problem| problem.to_string())?;
    for sheet in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&sheet).map_err(|problem| problem.to_string())?;
        let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        while let Some(cell) = reader.next_cell().map_err(|problem| problem.to_string())? {
            let (row, column) = cell.get_position();
            let Ok(column) = usize::try_from(column) else { continue };
            let text = cleaned(&text_of(cell.get_value()));
            if column >= COLUMN_LIMIT || text.is_empty() || (rows.len() >= ROW_LIMIT && !rows.contains_key(&row)) {
                continue;
            }
            let cells = rows.entry(row).or_default();
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
        if !rows.is_empty() {
            let numbered = |(row, cells)| Row { number: usize::try_from(row).unwrap_or(usize::MAX).saturating_add(1), cells };
            return Ok(rows.into_iter().map(numbered).collect());
        }
    }
    Ok(Vec::new())
}

/// A cell as it would have been typed: whole numbers without a point, dates as month and day.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(date) => {
            let (_, month, day, ..) = date.to_ymd_hms_milli();
            format!("{month:02}-{day:02}")
        }
        _ => String::new(),
    }
}
