//! How a table was understood, for a person who asks: which printed labels led from a cell to its figure.
//!
//! Reading goes by labels made comparable, row by row; what it keeps of a figure is the place of its cell. Here the
//! way is walked back from there, over the grid as laid out: the labels left of the cell, and those of the header
//! above it. It is only computed when somebody asks.

use crate::model::{Cell, Document, Figure, Grid, Place, Reading};
use crate::text::{read_cell, squeeze};
use std::collections::HashMap;

/// The printed labels that name a cell, from the outermost to the nearest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelPath {
    pub row: Vec<String>,
    pub column: Vec<String>,
}

/// The most rows and columns of a grid in which a way is looked for.
const FAR: usize = 400;

/// The label path of every figure that stands in a grid, by its id.
pub fn label_paths(document: &Document, figures: &[Figure]) -> HashMap<String, LabelPath> {
    let mut by_table: HashMap<u32, Vec<(&Figure, usize, usize)>> = HashMap::new();
    for figure in figures {
        if let Some((table, row, column)) = figure.at.as_ref().and_then(cell_of) {
            by_table.entry(table).or_default().push((figure, row, column));
        }
    }
    let mut paths = HashMap::new();
    for grid in document.grids() {
        let Some(figures) = by_table.get(&grid.ordinal) else { continue };
        let plan = Plan::of(grid, figures);
        for (figure, row, column) in figures {
            paths.insert(figure.id.clone(), LabelPath { row: plan.left_of(*row, *column), column: plan.above(*row, *column) });
        }
    }
    paths
}

/// The table, and row and column from 0, that a place names.
fn cell_of(place: &Place) -> Option<(u32, usize, usize)> {
    Some((place.table?, place.row?.checked_sub(1)? as usize, place.column?.checked_sub(1)? as usize))
}

/// A grid as laid out: which cell covers which place, and which cells are labels.
struct Plan<'a> {
    covering: Vec<Vec<Option<&'a Cell>>>,
    figures: Vec<(usize, usize)>,
}

impl<'a> Plan<'a> {
    fn of(grid: &'a Grid, figures: &[(&Figure, usize, usize)]) -> Plan<'a> {
        let height = grid.rows.len().min(FAR);
        let mut covering: Vec<Vec<Option<&Cell>>> = vec![Vec::new(); height];
        for cell in grid.rows.iter().flatten() {
            let (top, left) = (cell.row as usize, cell.column as usize);
            for line in covering.iter_mut().skip(top).take(cell.rowspan as usize) {
                let right = (left + cell.colspan as usize).min(FAR);
                if line.len() < right {
                    line.resize(right, None);
                }
                line.iter_mut().take(right).skip(left).for_each(|place| *place = Some(cell));
            }
        }
        Plan { covering, figures: figures.iter().map(|(_, row, column)| (*row, *column)).collect() }
    }

    fn at(&self, row: usize, column: usize) -> Option<&'a Cell> {
        self.covering.get(row)?.get(column).copied().flatten()
    }

    /// Whether a cell became a figure, or holds what only figures hold.
    fn is_value(&self, cell: &Cell) -> bool {
        self.figures.contains(&(cell.row as usize, cell.column as usize))
            || matches!(read_cell(&cell.text).reading, Reading::Number(_) | Reading::Dash)
    }

    fn left_of(&self, row: usize, column: usize) -> Vec<String> {
        labels((0..column).filter_map(|at| self.at(row, at)).filter(|cell| !self.is_value(cell)))
    }

    /// The header over a cell: upwards past other figures, then the labels up to the next figures.
    fn above(&self, row: usize, column: usize) -> Vec<String> {
        let upwards = (0..row).rev().filter_map(|at| self.at(at, column));
        let header: Vec<&Cell> = upwards.skip_while(|cell| self.is_value(cell)).take_while(|cell| !self.is_value(cell)).collect();
        labels(header.into_iter().rev())
    }
}

/// The texts of cells, each cell once.
fn labels<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<String> {
    let mut last: Option<&Cell> = None;
    let mut texts = Vec::new();
    for cell in cells {
        if last.is_none_or(|last| !std::ptr::eq(last, cell)) && !cell.text.trim().is_empty() {
            texts.push(squeeze(&cell.text));
        }
        last = Some(cell);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{LabelPath, label_paths};
    use crate::document::{Origin, read};
    use crate::model::{Figure, Place};

    #[test]
    fn a_path_names_the_labels_left_of_a_cell_and_the_header_above_it() {
        let page = "<html><body><table>\
            <tr><td colspan=2 rowspan=2>（本列数据）</td><td colspan=2>申请人情况</td></tr>\
            <tr><td>自然人</td><td>总计</td></tr>\
            <tr><td colspan=2>一、本年新收</td><td>3</td><td>3</td></tr>\
            <tr><td rowspan=2>三、办理结果</td><td>（一）予以公开</td><td>2</td><td>2</td></tr>\
            <tr><td>（二）部分公开</td><td>1</td><td>1</td></tr></table></body></html>";
        let document = read(page.as_bytes(), Origin::default());
        let figure = |id: &str, row, column| Figure {
            id: id.to_owned(),
            reading: crate::model::Reading::Number(1.into()),
            raw: "1".to_owned(),
            unit: None,
            at: Some(Place { table: Some(1), row: Some(row), column: Some(column), ..Place::default() }),
        };
        let paths = label_paths(&document, &[figure("new", 3, 3), figure("part", 5, 4)]);
        let path = |row: &[&str], column: &[&str]| LabelPath {
            row: row.iter().map(|text| (*text).to_owned()).collect(),
            column: column.iter().map(|text| (*text).to_owned()).collect(),
        };
        assert_eq!(paths["new"], path(&["一、本年新收"], &["申请人情况", "自然人"]));
        assert_eq!(paths["part"], path(&["三、办理结果", "（二）部分公开"], &["申请人情况", "总计"]));
    }
}
