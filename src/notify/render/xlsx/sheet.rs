//! Writing one sheet: a frozen header with filters, one row after another, every cell of its kind.
//!
//! Strings are only ever written as strings, and those that a spreadsheet would take for a formula after a
//! detour through csv carry an apostrophe.

use crate::model::{Date, Severity, Time};
use crate::notify::render::view::{web_address, zoned};
use crate::words::{self, Lang};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Url, Worksheet, XlsxError};

/// Excel takes no more characters in a cell, and no longer address.
const CELL_CHARACTERS: usize = 32_000;
const LINK_BYTES: usize = 2_000;
/// Excel takes 65,530 links on a sheet; later ones are plain text.
const LINKS: u32 = 65_000;

/// A value of a cell.
pub(super) enum Value {
    Text(String),
    Number(f64),
    Date(Option<Date>),
    Time(Option<Time>),
    /// A link where it is a web address, else text.
    Link(String),
    /// A severity, shown as its word on its colour.
    Severity(Severity),
}

impl Value {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }
}

/// A worksheet being filled, with the formats its cells share.
pub(super) struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    lang: Lang,
    timezone: &'a str,
    links: u32,
    cell: Format,
}

impl<'a> Sheet<'a> {
    /// An empty sheet that prints well.
    pub(super) fn new(sheet: &'a mut Worksheet, name: &str, lang: Lang, timezone: &'a str) -> Result<Sheet<'a>, XlsxError> {
        sheet.set_name(name)?;
        // A4, across, as wide as the paper, the header on every page.
        sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        sheet.set_footer("&C&P / &N");
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xD0D7E0));
        Ok(Sheet { sheet, lang, timezone, links: 0, cell })
    }

    /// Writes a frozen header with filters, then the rows.
    pub(super) fn fill(&mut self, columns: &[(&str, f64)], rows: impl Iterator<Item = Vec<Value>>) -> Result<(), XlsxError> {
        let header =
            self.cell.clone().set_bold().set_background_color(Color::RGB(0xDCE6F2)).set_align(FormatAlign::VerticalCenter);
        for (at, (name, width)) in (0u16..).zip(columns) {
            self.sheet.set_column_width(at, *width)?;
            self.sheet.write_string_with_format(0, at, *name, &header)?;
        }
        self.sheet.set_row_height(0, 24)?;
        self.sheet.set_freeze_panes(1, 0)?;
        let mut last = 0;
        for (row, values) in (1u32..).zip(rows) {
            for (column, value) in (0u16..).zip(values) {
                self.write(row, column, value)?;
            }
            last = row;
        }
        let right = columns.len().saturating_sub(1) as u16;
        self.sheet.autofilter(0, 0, last, right)?;
        // Values are kept as printed, as text; that is no slip to be flagged.
        self.sheet.ignore_error_range(0, 0, last, right, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    fn write(&mut self, row: u32, column: u16, value: Value) -> Result<(), XlsxError> {
        match value {
            Value::Text(text) => self.string(row, column, &text, self.cell.clone()),
            Value::Number(number) => self.sheet.write_number_with_format(row, column, number, &self.cell).map(drop),
            Value::Date(date) => {
                let midnight = date.and_then(|date| date.and_hms_opt(0, 0, 0));
                self.moment(row, column, midnight, "yyyy-mm-dd")
            }
            Value::Time(time) => {
                let local = time.map(|time| zoned(time, self.timezone).naive_local());
                self.moment(row, column, local, "yyyy-mm-dd hh:mm")
            }
            Value::Link(url) => self.link(row, column, &url),
            Value::Severity(severity) => {
                let colour = match severity {
                    Severity::Error => 0xFBE7E5,
                    Severity::Warn => 0xFCF0DA,
                    Severity::Info => 0xE5EDFA,
                };
                let format = self.cell.clone().set_background_color(Color::RGB(colour));
                self.string(row, column, words::severity(severity.word(), self.lang), format)
            }
        }
    }

    fn string(&mut self, row: u32, column: u16, text: &str, format: Format) -> Result<(), XlsxError> {
        let safe = neutral(text);
        let format = if safe.starts_with(['=', '+', '-', '@']) { format.set_quote_prefix() } else { format };
        self.sheet.write_string_with_format(row, column, safe, &format).map(drop)
    }

    /// A date as a date, so that it sorts; nothing where there is none, text where Excel's calendar ends.
    fn moment(&mut self, row: u32, column: u16, at: Option<chrono::NaiveDateTime>, format: &str) -> Result<(), XlsxError> {
        let Some(at) = at else { return self.string(row, column, "", self.cell.clone()) };
        let seconds = at.and_utc().timestamp();
        match ExcelDateTime::from_timestamp(seconds) {
            Ok(moment) => {
                let format = self.cell.clone().set_num_format(format);
                self.sheet.write_datetime_with_format(row, column, &moment, &format).map(drop)
            }
            Err(_) => self.string(row, column, &at.to_string(), self.cell.clone()),
        }
    }

    fn link(&mut self, row: u32, column: u16, url: &str) -> Result<(), XlsxError> {
        match web_address(url).filter(|url| url.len() <= LINK_BYTES && self.links < LINKS) {
            Some(address) => {
                self.links += 1;
                let format = self.cell.clone().set_font_color(Color::RGB(0x1F4F9C));
                self.sheet.write_url_with_format(row, column, Url::new(address), &format).map(drop)
            }
            None => self.string(row, column, url, self.cell.clone()),
        }
    }
}

/// The text as a cell may hold it: cut to Excel's length, and with an apostrophe before it where a spreadsheet
/// that reads it again (from csv) would take it for a formula. A plain number such as -4 is none.
fn neutral(text: &str) -> String {
    let cut: String = text.chars().take(CELL_CHARACTERS).collect();
    let risky = cut.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cut.strip_prefix(['+', '-']).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    if risky && !number { format!("'{cut}") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd", "'+cmd"),
            ("-4", "-4"),
            ("+3.5", "+3.5"),
            ("柳河县", "柳河县"),
        ];
        for (given, kept) in cases {
            assert_eq!(neutral(given), kept);
        }
        assert_eq!(neutral(&"长".repeat(40_000)).chars().count(), CELL_CHARACTERS);
    }
}
