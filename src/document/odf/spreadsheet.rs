//! The sheets of an OpenDocument spreadsheet.

use super::super::sheet::{ILLEGIBLE, Sheet};
use super::super::xml::{Child, Element};
use super::Styles;

/// Rows and columns that copies are counted up to.
const MOST: u32 = 5_000;
/// The most copies of a cell with text that are read, across and down.
const MAX_COPIES: u32 = 200;

/// The sheets, in order.
pub(super) fn sheets(spreadsheet: Element<'_, '_>, styles: &Styles) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for table in spreadsheet.children().filter(|child| child.name() == "table").take(256) {
        let mut sheet = Sheet::after(&sheets, styles.has(&styles.off, table.attribute("style-name").as_deref()));
        let (mut row, mut column) = (0, 0);
        fill(table, &mut sheet, &mut row, &mut column);
        sheets.push(sheet);
    }
    sheets
}

fn repeated(element: Element<'_, '_>, name: &str) -> u32 {
    element.number(name).unwrap_or(1u32).clamp(1, MOST)
}

fn is_hidden(element: Element<'_, '_>) -> bool {
    element.attribute("visibility").is_some_and(|visibility| visibility != "visible")
}

fn fill(parent: Element<'_, '_>, sheet: &mut Sheet, row: &mut u32, column: &mut u32) {
    for child in parent.children() {
        match child.name() {
            "table-column" => {
                let copies = repeated(child, "number-columns-repeated");
                if is_hidden(child) {
                    sheet.hide_columns(*column, *column + copies - 1);
                }
                *column = (*column + copies).min(MOST);
            }
            "table-row" => {
                let copies = repeated(child, "number-rows-repeated");
                if is_hidden(child) {
                    sheet.hidden_rows.extend(*row..(*row + copies).min(MOST));
                }
                cells(child, sheet, *row, copies);
                *row = (*row + copies).min(MOST);
            }
            "table-header-rows"
            | "table-rows"
            | "table-row-group"
            | "table-columns"
            | "table-header-columns"
            | "table-column-group" => {
                fill(child, sheet, row, column);
            }
            _ => {}
        }
    }
}

fn cells(row: Element<'_, '_>, sheet: &mut Sheet, first: u32, copies: u32) {
    let mut column = 0u32;
    for cell in row.children().filter(|cell| matches!(cell.name(), "table-cell" | "covered-table-cell")) {
        let wide = repeated(cell, "number-columns-repeated");
        let text = shown(cell);
        if !text.is_empty() {
            sheet.cut |= copies > MAX_COPIES || wide > MAX_COPIES;
            for at in first..first + copies.min(MAX_COPIES) {
                (column..column + wide.min(MAX_COPIES)).for_each(|column| sheet.put(at, column, &text));
            }
        }
        let span = |name: &str| cell.number(name).unwrap_or(1u32).clamp(1, MOST);
        let (height, width) = (span("number-rows-spanned"), span("number-columns-spanned"));
        if cell.name() == "table-cell" && (height, width) != (1, 1) {
            sheet.merge((first, column, first + height - 1, column + width - 1));
        }
        column = (column + wide).min(MOST);
    }
}

/// What a cell shows: its text as formatted; else its value, where nobody formatted it.
fn shown(cell: Element<'_, '_>) -> String {
    let lines: Vec<String> = cell.children().filter(|child| child.name() == "p").map(line).collect();
    if !lines.is_empty() {
        return lines.join("\n");
    }
    match cell.attribute("value").or_else(|| cell.attribute("string-value")) {
        Some(value) => value.into_owned(),
        None if cell.attribute("formula").is_some() && cell.attribute("value-type").is_none_or(|kind| kind != "string") => {
            ILLEGIBLE.to_owned()
        }
        None => String::new(),
    }
}

fn line(paragraph: Element<'_, '_>) -> String {
    let mut text = String::new();
    for child in paragraph.content() {
        match child {
            Child::Text(piece) => text.push_str(piece),
            Child::Element(child) => match child.name() {
                "s" => text.push(' '),
                "line-break" => text.push('\n'),
                "annotation" | "note" | "ruby-text" => {}
                _ => text.push_str(&line(child)),
            },
        }
    }
    text
}
