//! The statutory tables of a truth as grids, in the shapes that a recipe asks for.

use super::grid::{Grid, Role, cell};
use super::labels;
use super::random::Random;
use super::recipe::{Blocks, Head, Order, Recipe, Review, Spans};
use super::truth::Truth;
use nianjian::rules::{BlockForm, ColumnForm, RowForm, Standard, TableForm};
use std::collections::BTreeSet;

/// Makes the tables of one report.
pub(super) struct Maker<'a> {
    pub(super) standard: &'a Standard,
    pub(super) truth: &'a Truth,
    pub(super) recipe: &'a Recipe,
    pub(super) random: &'a mut Random,
    /// Figures that are not printed.
    pub(super) absent: BTreeSet<String>,
}

/// A column of a table: one of the form, or one that somebody added.
#[derive(Clone, Copy)]
enum Column<'a> {
    Form(&'a ColumnForm),
    Subtotal,
    Remark,
}

impl<'a> Maker<'a> {
    fn form(&self, id: &str) -> &'a TableForm {
        self.standard.table(id).unwrap()
    }

    fn label(&mut self, label: &str, variants: &[String]) -> String {
        labels::printed(label, variants, self.recipe.manner, self.random)
    }

    fn value(&self, id: &str) -> String {
        self.truth.cells[id].printed.clone()
    }

    /// Section two's table, or a table for each of its blocks.
    pub(super) fn proactive(&mut self) -> Vec<Grid> {
        let form = self.form("proactive");
        let width = 1 + form.blocks.iter().map(|block| block.columns.len()).max().unwrap();
        let mut grids: Vec<Grid> = Vec::new();
        for block in &form.blocks {
            let rows = self.block(block, width);
            match grids.last_mut() {
                Some(grid) if self.recipe.blocks != Blocks::Apart => grid.0.extend(rows),
                _ => grids.push(Grid(rows)),
            }
        }
        grids.into_iter().map(|grid| self.spanned(grid)).collect()
    }

    fn block(&mut self, block: &BlockForm, width: usize) -> Vec<Vec<super::grid::Cell>> {
        let uneven = self.recipe.blocks == Blocks::Uneven;
        let scale = if uneven { 3 } else { 1 };
        // What is left of the width goes to the last column.
        let spread = |at: usize| if at + 1 == block.columns.len() { width - block.columns.len() } else { 1 };
        let mut rows = Vec::new();
        let left = self.recipe.blocks == Blocks::CaptionLeft;
        let caption = self.label(block.caption.as_deref().unwrap(), &[]);
        if !left && self.recipe.blocks != Blocks::Uncaptioned {
            rows.push(vec![cell(caption.as_str(), 1, width * scale, Role::Header)]);
        }
        let mut header = vec![cell(self.label("信息内容", &[]), 1, scale, Role::Header)];
        for (at, column) in block.columns.iter().enumerate() {
            header.push(cell(self.label(&column.label, &column.variants), 1, spread(at) * scale, Role::Header));
        }
        if left {
            header.insert(0, cell(caption, 1 + block.rows.len(), 1, Role::Group));
        }
        rows.push(header);
        for row in &block.rows {
            let id = |column: &ColumnForm| format!("proactive.{}.{}", row.id, column.id);
            let mut cells = vec![cell(self.label(&row.label, &row.variants), 1, if uneven { scale + 1 } else { 1 }, Role::Label)];
            for (at, column) in block.columns.iter().enumerate() {
                let cut = usize::from(uneven && at == 0);
                cells.push(cell(self.value(&id(column)), 1, spread(at) * scale - cut, Role::Value));
            }
            rows.push(cells);
        }
        rows
    }

    /// Section three's table, in one piece or two.
    pub(super) fn applications(&mut self) -> Vec<Grid> {
        let block = &self.form("applications").blocks[0];
        let columns = self.columns(block);
        let header = self.applications_header(block, &columns);
        let heads = header.len();
        let rows = self.applications_rows(block, &columns);
        let grid = Grid(header.into_iter().chain(rows).collect());
        if self.recipe.transposed {
            return vec![self.spanned(grid.transposed())];
        }
        let Some(broken) = self.recipe.broken.filter(|broken| heads + broken.before < grid.0.len()) else {
            return vec![self.spanned(grid)];
        };
        let at = heads + broken.before;
        let mut second = grid.tail(at, broken.groups_again);
        if broken.header_again {
            second = Grid(grid.0[..heads].iter().cloned().chain(second.0).collect());
        }
        vec![self.spanned(grid.head(at)), self.spanned(second)]
    }

    fn columns(&mut self, block: &'a BlockForm) -> Vec<Column<'a>> {
        let mut columns: Vec<Column<'_>> = block.columns.iter().map(Column::Form).collect();
        match self.recipe.order {
            Order::Form => {}
            Order::Subtotal => columns.insert(if self.random.chance(50) { 1 } else { 6 }, Column::Subtotal),
            Order::Remark => columns.push(Column::Remark),
            Order::TotalFirst => columns.rotate_right(1),
            Order::Shuffled => {
                for at in (2..=5).rev() {
                    columns.swap(at, 1 + self.random.below(at));
                }
            }
            Order::Without => {
                if let Column::Form(gone) = columns.remove(self.random.below(6)) {
                    let ids = block.rows.iter().map(|row| format!("applications.{}.{}", row.id, gone.id));
                    self.absent.extend(ids);
                }
            }
        }
        columns
    }

    fn applications_header(&mut self, block: &BlockForm, columns: &[Column<'_>]) -> Vec<Vec<super::grid::Cell>> {
        let note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";
        let (depth, width) = (if self.recipe.head == Head::One { 1 } else { 2 }, columns.len());
        let group = block.columns.iter().find_map(|column| column.group.clone()).unwrap();
        let is_grouped = |column: &Column<'_>| match column {
            Column::Form(form) => form.group.is_some(),
            Column::Subtotal => true,
            Column::Remark => false,
        };
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        let grouped = columns.iter().filter(|column| is_grouped(column)).count();
        for column in columns {
            let text = match column {
                Column::Form(form) => self.label(&form.label, &form.variants),
                Column::Subtotal => "小计".to_owned(),
                Column::Remark => "备注".to_owned(),
            };
            if is_grouped(column) && depth == 2 {
                if lower.is_empty() {
                    upper.push(cell(self.label(&group, &[]), 1, grouped, Role::Header));
                }
                lower.push(cell(text, 1, 1, Role::Header));
            } else {
                upper.push(cell(text, depth, 1, Role::Header));
            }
        }
        let applicants = cell(self.label("申请人情况", &[]), 1, width, Role::Header);
        let corner = |rows| cell(note, rows, 3, Role::Header);
        let mut rows = match self.recipe.head {
            Head::None => return Vec::new(),
            Head::Three => vec![vec![corner(3), applicants], upper],
            Head::Four => {
                vec![vec![cell(note, 1, 3 + width, Role::Header)], vec![cell("", 3, 3, Role::Header), applicants], upper]
            }
            Head::Two | Head::One => {
                upper.insert(0, corner(depth));
                vec![upper]
            }
        };
        if !lower.is_empty() {
            rows.push(lower);
        }
        rows
    }

    fn applications_rows(&mut self, block: &BlockForm, columns: &[Column<'_>]) -> Vec<Vec<super::grid::Cell>> {
        let kept: Vec<&RowForm> =
            block.rows.iter().enumerate().filter(|(at, _)| Some(*at) != self.recipe.without_row).map(|(_, row)| row).collect();
        for row in block.rows.iter().filter(|row| !kept.iter().any(|known| known.id == row.id)) {
            self.absent.extend(block.columns.iter().map(|column| format!("applications.{}.{}", row.id, column.id)));
        }
        let mut rows = Vec::new();
        for (at, row) in kept.iter().enumerate() {
            let mut cells = Vec::new();
            for (depth, group) in row.group.iter().enumerate() {
                let same = |other: &&&RowForm| other.group.get(depth) == Some(group);
                if at > 0 && same(&&kept[at - 1]) {
                    continue;
                }
                let height = kept[at..].iter().take_while(|other| same(other)).count();
                cells.push(cell(self.label(group, &[]), height, 1, Role::Group));
            }
            cells.push(cell(self.label(&row.label, &row.variants), 1, 3 - row.group.len(), Role::Label));
            let id = |column: &ColumnForm| format!("applications.{}.{}", row.id, column.id);
            let subtotal: u64 =
                block.columns[1..6].iter().filter_map(|it| self.truth.cells[&id(it)].value.as_ref()?.parse::<u64>().ok()).sum();
            for column in columns {
                let text = match column {
                    Column::Form(form) => self.value(&id(form)),
                    Column::Subtotal => subtotal.to_string(),
                    Column::Remark => String::new(),
                };
                cells.push(cell(text, 1, 1, Role::Value));
            }
            rows.push(cells);
        }
        if self.recipe.with_row {
            let values = columns.iter().map(|_| cell("0", 1, 1, Role::Value));
            rows.push(std::iter::once(cell("六、转其他机关办理", 1, 3, Role::Label)).chain(values).collect());
        }
        rows
    }

    /// Section four's table, in one piece or two.
    pub(super) fn review(&mut self) -> Vec<Grid> {
        let block = &self.form("review_litigation").blocks[0];
        let id = |column: &ColumnForm| format!("review_litigation.{}", column.id);
        let labels: Vec<String> = block.columns.iter().map(|column| self.label(&column.label, &column.variants)).collect();
        let values: Vec<String> = block.columns.iter().map(|column| self.value(&id(column))).collect();
        let (review, direct, after) =
            (self.label("行政复议", &[]), self.label("未经复议直接起诉", &[]), self.label("复议后起诉", &[]));
        let litigation = self.label("行政诉讼", &[]);
        let leaves = |range: std::ops::Range<usize>, rows| {
            labels[range].iter().map(move |it| cell(it.as_str(), rows, 1, Role::Header)).collect::<Vec<_>>()
        };
        let figures = |range: std::ops::Range<usize>| {
            values[range].iter().map(|it| cell(it.as_str(), 1, 1, Role::Value)).collect::<Vec<_>>()
        };
        let head = |text: &str, columns| cell(text, 1, columns, Role::Header);
        let whole = || {
            let mut second = leaves(0..5, 2);
            second.extend([head(&direct, 5), head(&after, 5)]);
            Grid(vec![vec![head(&review, 5), head(&litigation, 10)], second, leaves(5..15, 1), figures(0..15)])
        };
        let grids = match self.recipe.review {
            Review::Form => vec![whole()],
            Review::Down => vec![whole().transposed()],
            Review::Rows => {
                let mut header = vec![cell("类别", 1, 2, Role::Header)];
                header.extend(leaves(0..5, 1));
                let row = |lead: Vec<super::grid::Cell>, range| lead.into_iter().chain(figures(range)).collect::<Vec<_>>();
                vec![Grid(vec![
                    header,
                    row(vec![cell(review.as_str(), 1, 2, Role::Label)], 0..5),
                    row(vec![cell(litigation.as_str(), 2, 1, Role::Group), cell(direct.as_str(), 1, 1, Role::Label)], 5..10),
                    row(vec![cell(after.as_str(), 1, 1, Role::Label)], 10..15),
                ])]
            }
            Review::Apart => vec![
                Grid(vec![vec![head(&review, 5)], leaves(0..5, 1), figures(0..5)]),
                Grid(vec![
                    vec![head(&litigation, 10)],
                    vec![head(&direct, 5), head(&after, 5)],
                    leaves(5..15, 1),
                    figures(5..15),
                ]),
            ],
        };
        grids.into_iter().map(|grid| self.spanned(grid)).collect()
    }

    /// What the recipe does to spans.
    fn spanned(&mut self, mut grid: Grid) -> Grid {
        match self.recipe.spans {
            Spans::Sound => return grid,
            Spans::Filled => return grid.flat(false),
            Spans::Repeated => return grid.flat(true),
            Spans::Ragged => return grid.ragged(),
            _ => {}
        }
        for it in grid.0.iter_mut().flatten().filter(|it| it.role == Role::Group) {
            match self.recipe.spans {
                Spans::TooLarge => it.rows += 1,
                Spans::TooSmall => it.rows = it.rows.saturating_sub(1).max(1),
                Spans::Zero => it.rows = 0,
                _ => it.rows = 1,
            }
        }
        grid
    }
}
