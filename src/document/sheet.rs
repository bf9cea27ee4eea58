//! Spreadsheets (.xlsx, .xls) → Document, through calamine. Hidden sheets are named, not read.

use super::grid::GridBuilder;
use crate::model::{Block, Document, Media, Problem};
use calamine::{Data, Range, Reader, SheetVisible, Sheets, open_workbook_auto_from_rs};
use std::collections::{HashMap, HashSet};
use std::io::Cursor;

/// The most rows and columns of a sheet that are read.
const MAX_ROWS: usize = 2_000;
const MAX_COLUMNS: usize = 200;

/// Reads a workbook, sheet by sheet, each as one grid.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let mut document = Document::new(media);
    let Ok(mut book) = open_workbook_auto_from_rs(Cursor::new(bytes)) else {
        document.problems.push(Problem::new("document-damaged", "表格文件已损坏或加密，无法读取，请向发布单位索取原件"));
        return document;
    };
    let hidden = book.sheets_metadata().iter().filter(|sheet| sheet.visible != SheetVisible::Visible).count();
    if hidden > 0 {
        document.problems.push(Problem::new("hidden-sheets", format!("有 {hidden} 个隐藏工作表，未读取")));
    }
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in names {
        let Ok(cells) = book.worksheet_range(&name) else {
            document.problems.push(Problem::new("document-incomplete", "有一个工作表无法读取"));
            continue;
        };
        let spans = spans(&mut book, &name);
        document.blocks.extend(sheet(&cells, &spans).map(Block::Table));
    }
    super::number_tables(&mut document);
    document
}

/// Height and width of each merged cell, by its upper left corner, and every cell they cover.
type Spans = HashMap<(u32, u32), (u32, u32)>;

fn spans(book: &mut Sheets<Cursor<&[u8]>>, name: &str) -> Spans {
    let merged = match book {
        Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(name).ok(),
        Sheets::Xls(book) => book.merge_cells_by_sheet_name(name).ok(),
        _ => None,
    };
    let merged = merged.unwrap_or_default();
    merged.into_iter().map(|area| (area.start, (area.end.0 - area.start.0 + 1, area.end.1 - area.start.1 + 1))).collect()
}

/// Every cell that a merged one covers, its own corner left out, within the part of the sheet that is read.
fn covered(spans: &Spans, bottom: u32, right: u32) -> HashSet<(u32, u32)> {
    let area = |((row, column), (height, width)): (&(u32, u32), &(u32, u32))| {
        let (row, column, end, edge) = (*row, *column, (row + height).min(bottom), (column + width).min(right));
        (row..end).flat_map(move |r| (column..edge).map(move |c| (r, c))).filter(move |place| *place != (row, column))
    };
    spans.iter().flat_map(area).collect()
}

fn sheet(cells: &Range<Data>, spans: &Spans) -> Option<crate::model::Grid> {
    let (top, left) = cells.start()?;
    let covered = covered(spans, top + MAX_ROWS as u32, left + MAX_COLUMNS as u32);
    let mut grid = GridBuilder::default();
    for (at, row) in cells.rows().take(MAX_ROWS).enumerate() {
        grid.row();
        for (offset, value) in row.iter().take(MAX_COLUMNS).enumerate() {
            let place = (top + at as u32, left + offset as u32);
            if covered.contains(&place) {
                continue;
            }
            let (height, width) = spans.get(&place).copied().unwrap_or((1, 1));
            grid.cell(value.to_string(), height, width);
        }
    }
    let mut grid = grid.finish();
    grid.complete &= cells.height() <= MAX_ROWS && cells.width() <= MAX_COLUMNS;
    Some(grid)
}
