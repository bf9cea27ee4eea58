//! Spreadsheets → Document: each sheet that is shown as one grid.
//!
//! A figure reads as the sheet shows it, through its number format, but exactly: never through binary
//! fractions. A formula without a stored result cannot be made out. What the workbook hides (sheets, rows,
//! columns) is kept apart and told.

mod flat;
mod format;
mod xls;
mod xlsx;

pub(super) use flat::read_flat;

use super::budget::MAX_TEXT;
use super::grid::GridBuilder;
use super::package::Fault;
use crate::model::{Block, Document, Grid, Media, Problem};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The most rows and columns of a sheet that are read.
const MAX_ROWS: u32 = 2_000;
const MAX_COLUMNS: u32 = 200;
/// The most bytes of hidden text that are kept.
const MAX_HIDDEN: usize = 100_000;

/// What a cell shows whose value cannot be made out.
pub(super) const ILLEGIBLE: &str = "\u{fffd}";

/// An area of cells: first row, first column, last row, last column, from 0.
type Area = (u32, u32, u32, u32);

/// A sheet as its reader gathered it.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) hidden: bool,
    /// What each cell shows, by row and column from 0; blank cells are left out.
    pub(super) cells: BTreeMap<(u32, u32), String>,
    pub(super) merged: Vec<Area>,
    /// How many cells the merged areas cover.
    pub(super) merged_cells: u32,
    pub(super) hidden_rows: BTreeSet<u32>,
    pub(super) hidden_columns: BTreeSet<u32>,
    /// True where some cells could not be read.
    pub(super) cut: bool,
    /// Bytes of text in it and in the sheets before it: many cells may share one long text.
    text: usize,
}

impl Sheet {
    /// A sheet that follows others.
    pub(super) fn after(sheets: &[Sheet], hidden: bool) -> Sheet {
        Sheet { hidden, text: sheets.last().map_or(0, |last| last.text), ..Sheet::default() }
    }

    /// Takes in what a cell shows. Cells beyond what is read make the sheet incomplete.
    pub(super) fn put(&mut self, row: u32, column: u32, text: &str) {
        if text.chars().all(crate::text::is_filler) {
            return;
        }
        self.text = self.text.saturating_add(text.len());
        if row >= MAX_ROWS || column >= MAX_COLUMNS || self.text > MAX_TEXT {
            self.cut = true;
        } else {
            self.cells.insert((row, column), text.to_owned());
        }
    }

    pub(super) fn merge(&mut self, area: Area) {
        let (top, left, bottom, right) = (area.0, area.1, area.2.min(MAX_ROWS - 1), area.3.min(MAX_COLUMNS - 1));
        if top > bottom || left > right {
            return;
        }
        // Areas do not overlap: those of a sound sheet cover no more cells than there are.
        let merged_cells = self.merged_cells + (bottom - top + 1) * (right - left + 1);
        if merged_cells > MAX_ROWS * MAX_COLUMNS {
            self.cut = true;
            return;
        }
        self.merged_cells = merged_cells;
        self.merged.push((top, left, bottom, right));
    }

    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        self.hidden_columns.extend(first.min(MAX_COLUMNS)..=last.min(MAX_COLUMNS));
    }

    fn is_hidden(&self, place: &(u32, u32)) -> bool {
        self.hidden || self.hidden_rows.contains(&place.0) || self.hidden_columns.contains(&place.1)
    }
}

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let mut document = Document::new(media);
    let sheets = if media == Media::Xls { xls::sheets(bytes, &mut document) } else { xlsx::sheets(bytes, &mut document) };
    match sheets {
        Ok(sheets) => fill(&mut document, sheets),
        Err(fault) => document.problems.push(fault.problem()),
    }
    document
}

/// Puts the sheets of a workbook into a document.
pub(super) fn fill(document: &mut Document, sheets: Vec<Sheet>) {
    let hidden = sheets.iter().filter(|sheet| sheet.hidden && !sheet.cells.is_empty()).count();
    if hidden > 0 {
        let message = format!("有 {hidden} 个隐藏工作表，没有作为报告读取；请确认其中没有不应公开的内容");
        document.problems.push(Problem::new("hidden-sheet", message));
    }
    let (mut partly, mut cut) = (false, false);
    for sheet in sheets {
        let concealed: Vec<&String> =
            sheet.cells.iter().filter(|(place, _)| sheet.is_hidden(place)).map(|(_, text)| text).collect();
        partly |= !sheet.hidden && !concealed.is_empty();
        for text in concealed {
            if document.hidden.iter().map(String::len).sum::<usize>() + text.len() <= MAX_HIDDEN {
                document.hidden.push(text.clone());
            }
        }
        cut |= sheet.cut;
        document.blocks.extend(grid(&sheet).map(Block::Table));
    }
    if partly {
        document.problems.push(Problem::new("hidden-cells", "有隐藏的行或列，其中的内容没有读取，相关核对不作结论"));
    }
    if cut {
        document.problems.push(Problem::new("too-many-cells", "工作表的单元格过多或有损坏，超出部分未读取；请人工查看原件"));
    }
    super::number_tables(document);
}

/// The merged areas of a sheet.
#[derive(Default)]
struct Spans {
    /// Height and width of an area by the cell that shows its text.
    sizes: HashMap<(u32, u32), (u32, u32)>,
    /// Every other cell of an area.
    covered: HashSet<(u32, u32)>,
    /// The corner whose text a cell shows, where the corner itself is hidden.
    moved: HashMap<(u32, u32), (u32, u32)>,
}

/// The merged areas of a sheet, and every other cell they cover. Where their corner is hidden, the first
/// cell that is shown takes its place.
fn spans(sheet: &Sheet) -> Spans {
    let mut spans = Spans::default();
    for (top, left, bottom, right) in &sheet.merged {
        let row = (*top..=*bottom).find(|row| !sheet.hidden_rows.contains(row));
        let column = (*left..=*right).find(|column| !sheet.hidden_columns.contains(column));
        let (Some(row), Some(column)) = (row, column) else { continue };
        spans.sizes.insert((row, column), (bottom - row + 1, right - column + 1));
        if (row, column) != (*top, *left) {
            spans.moved.insert((row, column), (*top, *left));
        }
        spans
            .covered
            .extend((*top..=*bottom).flat_map(|r| (*left..=*right).map(move |c| (r, c))).filter(|place| *place != (row, column)));
    }
    spans
}

/// The grid of a sheet, from its first cell with text; columns in which nothing stands are passed over.
fn grid(sheet: &Sheet) -> Option<Grid> {
    if sheet.hidden {
        return None;
    }
    let Spans { sizes, covered, moved } = spans(sheet);
    let shown: Vec<(u32, u32)> =
        sheet.cells.keys().copied().filter(|place| !sheet.is_hidden(place) && !covered.contains(place)).collect();
    let columns: BTreeSet<u32> = shown.iter().map(|place| place.1).chain(moved.keys().map(|place| place.1)).collect();
    let (top, bottom) = (shown.iter().map(|place| place.0).min()?, shown.iter().map(|place| place.0).max()?);
    let left = *columns.first()?;
    let mut grid = GridBuilder::default();
    for row in (top..=bottom).filter(|row| !sheet.hidden_rows.contains(row)) {
        grid.row();
        for column in columns.iter().filter(|column| !sheet.hidden_columns.contains(column)) {
            let place = (row, *column);
            if covered.contains(&place) {
                continue;
            }
            let (height, width) = sizes.get(&place).copied().unwrap_or((1, 1));
            let hidden = sheet.hidden_rows.range(row..row + height).count() as u32;
            let text = sheet.cells.get(moved.get(&place).unwrap_or(&place)).cloned().unwrap_or_default();
            grid.skip_to(column - left);
            grid.cell(text, height - hidden, width);
        }
    }
    let mut grid = grid.finish();
    let partly = sheet.cells.keys().any(|place| sheet.is_hidden(place));
    grid.complete &= !sheet.cut && !partly;
    Some(grid)
}

/// Says that a workbook is damaged in part.
fn incomplete() -> Problem {
    Problem::new("document-incomplete", "表格文件有损坏，部分内容无法读取，相关核对不作结论；请向发布单位索取原件")
}

/// A workbook from which nothing can be read.
fn damaged<T>() -> Result<T, Fault> {
    Err(Fault::Damaged)
}

#[cfg(test)]
mod tests;
