//! Workbooks of Excel 2003 in one XML file.

use super::super::xml::{Element, Tree};
use super::{ILLEGIBLE, Sheet, fill};
use crate::model::{Document, Media};

/// Rows and columns that are counted up to.
const MOST: u32 = 5_000;

/// Reads a workbook.
pub(in super::super) fn read_flat(text: &str, media: Media) -> Document {
    let mut document = Document::new(media);
    let tree = Tree::parse(text);
    let sheets: Vec<Sheet> =
        tree.root().into_iter().flat_map(Element::children).filter(|it| it.name() == "Worksheet").map(sheet).collect();
    if sheets.is_empty() {
        document.problems.push(super::Fault::Damaged.problem());
        return document;
    }
    if let Some(properties) = tree.root().and_then(|root| root.child("DocumentProperties")) {
        super::super::properties::take(properties, &mut document);
    }
    let cut = |mut sheet: Sheet| {
        sheet.cut |= !tree.whole;
        sheet
    };
    fill(&mut document, sheets.into_iter().map(cut).collect());
    document
}

fn sheet(element: Element<'_, '_>) -> Sheet {
    let visible = element.at(&["WorksheetOptions", "Visible"]).map(|it| it.text());
    let mut sheet = Sheet { hidden: visible.is_some_and(|visible| visible.contains("Hidden")), ..Sheet::default() };
    let hidden = |it: Element<'_, '_>| it.attribute("Hidden").is_some_and(|hidden| hidden == "1");
    let place =
        |it: Element<'_, '_>, next: u32| it.number::<u32>("Index").map_or(next, |index| index.saturating_sub(1)).min(MOST);
    let (mut row_at, mut column_at) = (0, 0);
    for element in element.child("Table").into_iter().flat_map(Element::children) {
        match element.name() {
            "Column" => {
                let (first, span) = (place(element, column_at), element.number("Span").unwrap_or(0u32).min(MOST));
                if hidden(element) {
                    sheet.hide_columns(first, first + span);
                }
                column_at = first + span + 1;
            }
            "Row" => {
                let row = place(element, row_at);
                row_at = row + 1 + element.number("Span").unwrap_or(0u32).min(MOST);
                if hidden(element) {
                    sheet.hidden_rows.insert(row);
                }
                cells(element, row, &mut sheet, place);
            }
            _ => {}
        }
    }
    sheet
}

fn cells(element: Element<'_, '_>, row: u32, sheet: &mut Sheet, place: impl Fn(Element<'_, '_>, u32) -> u32) {
    let mut next = 0;
    for cell in element.children().filter(|child| child.name() == "Cell") {
        let column = place(cell, next);
        let span = |name: &str| cell.number(name).unwrap_or(0u32).min(MOST);
        let (down, across) = (span("MergeDown"), span("MergeAcross"));
        next = column + across + 1;
        if (down, across) != (0, 0) {
            sheet.merge((row, column, row + down, column + across));
        }
        let uncounted = || cell.attribute("Formula").map(|_| ILLEGIBLE.to_owned());
        sheet.put(row, column, &cell.child("Data").map(|data| data.text()).or_else(uncounted).unwrap_or_default());
    }
}
