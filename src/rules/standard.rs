//! The statutory form by span of years: sections, tables, rows, columns, figure ids, subjects.
//!
//! A standard is data (`rules/standards/*.toml`). Tables are stacks of *blocks*: a caption, a
//! header of columns, and rows. The table of section two has several blocks, that of section three
//! one, and that of section four one with a single row that has no label. A figure's id is
//! `table.row.column`, empty parts left out.

use super::{Complaint, Subjects};
use crate::model::Year;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A form as its file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// `v2019`, `v2021`.
    pub id: String,
    /// Report years it holds for, both ends included; `None` is open.
    pub from: Option<Year>,
    pub to: Option<Year>,
    /// The notice that issued it, as it may be cited.
    pub notice: String,
    /// What the form is called in messages.
    pub name: String,
    pub name_en: String,
    #[serde(rename = "section")]
    pub sections: Vec<SectionForm>,
    #[serde(rename = "table")]
    pub tables: Vec<TableForm>,
    /// What sentences may state quantities of: one list for all forms, from a file of its own.
    #[serde(skip)]
    pub subjects: Arc<Subjects>,
}

/// One statutory section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionForm {
    pub id: String,
    /// Its printed number: 1 for 一、.
    pub number: u32,
    pub heading: String,
    /// Other headings that are the same section.
    #[serde(default)]
    pub variants: Vec<String>,
    /// Groups of words; a heading holding every word of one group is this section.
    #[serde(default)]
    pub words: Vec<Vec<String>>,
    /// The parts that the form names inside the section.
    #[serde(rename = "part", default)]
    pub parts: Vec<PartForm>,
}

/// One part that the form names inside a section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartForm {
    pub id: String,
    pub label: String,
    /// Any of these words in a sub-heading names this part.
    pub words: Vec<String>,
}

/// One statutory table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableForm {
    /// `proactive`, `applications`, `review_litigation`: also the first part of its figures' ids.
    pub id: String,
    pub name: String,
    pub name_en: String,
    /// The section it stands in.
    pub section: String,
    /// Words that only this form's table has, by which the form is told.
    #[serde(default)]
    pub told_by: Vec<String>,
    #[serde(rename = "block")]
    pub blocks: Vec<BlockForm>,
    /// Id of the standard it belongs to.
    #[serde(skip)]
    pub standard: String,
    #[serde(skip)]
    ids: OnceLock<Vec<String>>,
    #[serde(skip)]
    places: OnceLock<HashMap<String, usize>>,
}

/// A caption, a header and rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockForm {
    #[serde(default)]
    pub caption: Option<String>,
    pub columns: Vec<ColumnForm>,
    pub rows: Vec<RowForm>,
}

/// A statutory column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnForm {
    pub id: String,
    pub label: String,
    /// The label printed over it, where columns are grouped.
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub variants: Vec<String>,
    #[serde(default)]
    pub kind: FigureKind,
    /// Unit that the form itself prints in the label.
    #[serde(default)]
    pub unit: Option<String>,
}

/// A statutory row; its label is empty where the form prints none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowForm {
    pub id: String,
    pub label: String,
    /// The labels printed left of it over several rows, outermost first.
    #[serde(default)]
    pub group: Vec<String>,
    #[serde(default)]
    pub variants: Vec<String>,
}

/// What a figure may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FigureKind {
    /// A count: an integer, not negative.
    #[default]
    Count,
    /// A change: an integer with a sign.
    Delta,
    /// An amount of money: a decimal, not negative.
    Money,
}

impl Standard {
    /// Reads one file of `rules/standards`.
    ///
    /// # Errors
    /// The first thing wrong with it, with line and column.
    pub fn parse(path: &str, text: &str) -> Result<Standard, Complaint> {
        let mut standard: Standard = toml::from_str(text).map_err(|error| Complaint::of_toml(path, text, &error))?;
        standard.tables.iter_mut().for_each(|table| table.standard.clone_from(&standard.id));
        let mut seen = std::collections::HashSet::new();
        for id in standard.figure_ids() {
            if !seen.insert(id) {
                return Err(Complaint::at(path, text, None, format!("the figure id `{id}` stands twice"))
                    .help("give the row or the column another id"));
            }
        }
        Ok(standard)
    }

    /// Whether it is the form for reports about this year.
    pub fn holds_for(&self, year: Year) -> bool {
        self.from.is_none_or(|from| year >= from) && self.to.is_none_or(|to| year <= to)
    }

    /// The table with this id.
    pub fn table(&self, id: &str) -> Option<&TableForm> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// Every figure id, in the order of the form.
    pub fn figure_ids(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().flat_map(|table| table.ids()).map(String::as_str)
    }

    /// The place of a figure in the form: table, row, column.
    pub fn locate(&self, id: &str) -> Option<(&TableForm, &RowForm, &ColumnForm)> {
        self.tables.iter().find_map(|table| table.at(table.place(id)?).map(|(row, column)| (table, row, column)))
    }
}

impl TableForm {
    /// Every (block, row, column) of the table, row by row.
    pub fn figures(&self) -> impl Iterator<Item = (&BlockForm, &RowForm, &ColumnForm)> {
        self.blocks
            .iter()
            .flat_map(|block| block.rows.iter().flat_map(move |row| block.columns.iter().map(move |column| (block, row, column))))
    }

    /// Every figure's id, in the same order: made once, for every report asks for all of them.
    pub fn ids(&self) -> &[String] {
        self.ids.get_or_init(|| self.figures().map(|(_, row, column)| self.figure_id(row, column)).collect())
    }

    /// The place of a figure among the table's, by its id.
    pub fn place(&self, id: &str) -> Option<usize> {
        let places = || self.ids().iter().enumerate().map(|(place, id)| (id.clone(), place)).collect();
        self.places.get_or_init(places).get(id).copied()
    }

    /// The row and the column that cross at a place.
    pub fn at(&self, mut place: usize) -> Option<(&RowForm, &ColumnForm)> {
        for block in &self.blocks {
            let width = block.columns.len();
            if place < width * block.rows.len() {
                return Some((&block.rows[place / width], &block.columns[place % width]));
            }
            place -= width * block.rows.len();
        }
        None
    }

    /// Every figure as (id, row, column), in the same order.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &RowForm, &ColumnForm)> {
        self.ids().iter().zip(self.figures()).map(|(id, (_, row, column))| (id.as_str(), row, column))
    }

    /// The figures of one column as (id, row), in the same order.
    pub fn column_cells(&self, column: &str) -> impl Iterator<Item = (&str, &RowForm)> {
        let ids = self.ids();
        let mut before = 0;
        self.blocks.iter().flat_map(move |block| {
            let (first, width) = (before, block.columns.len());
            before += width * block.rows.len();
            let at = block.columns.iter().position(|known| known.id == column);
            let row = move |(nth, row): (usize, _)| Some((ids.get(first + nth * width + at?)?.as_str(), row));
            block.rows.iter().enumerate().filter_map(row)
        })
    }

    /// The id of the figure where a row and a column cross.
    fn figure_id(&self, row: &RowForm, column: &ColumnForm) -> String {
        [self.id.as_str(), row.id.as_str(), column.id.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(".")
    }
}

impl ColumnForm {
    /// Its name, with the label printed over it where the name alone says too little.
    pub fn name(&self, with_group: bool) -> String {
        match self.group.as_deref().filter(|_| with_group) {
            Some(group) => format!("{group}·{}", self.label),
            None => self.label.clone(),
        }
    }

    /// Its name where its row is named beside it, or does not matter.
    pub fn short_name(&self) -> String {
        self.name(self.label == "其他")
    }
}

/// A row's label without its number and without the note in brackets behind it: 「（一）予以公开」 is 「予以公开」.
pub fn plain_label(label: &str) -> String {
    let mut rest = label;
    if let Some((number, after)) = rest.split_once('、')
        && number.chars().all(|c| "一二三四五六七八九十".contains(c))
    {
        rest = after;
    }
    if let Some(inner) = rest.strip_prefix('（')
        && let Some((_, after)) = inner.split_once('）')
    {
        rest = after;
    }
    if let Some((number, after)) = rest.split_once('.')
        && number.chars().all(|c| c.is_ascii_digit())
    {
        rest = after;
    }
    let end = rest.find('（').filter(|at| *at > 0).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Standard;

    #[test]
    fn both_forms_have_the_statutory_number_of_figures() {
        for (path, text, count) in [
            ("v2019", include_str!("../../rules/standards/v2019.toml"), 22 + 161 + 15),
            ("v2021", include_str!("../../rules/standards/v2021.toml"), 10 + 175 + 15),
        ] {
            let standard = Standard::parse(path, text).unwrap_or_else(|complaint| panic!("{complaint}"));
            assert_eq!(standard.figure_ids().count(), count, "{path}");
            for table in &standard.tables {
                for (place, (id, row, column)) in table.cells().enumerate() {
                    assert_eq!(table.place(id), Some(place));
                    let at = table.at(place).map(|(row, column)| (row.id.as_str(), column.id.as_str()));
                    assert_eq!(at, Some((row.id.as_str(), column.id.as_str())));
                }
                assert!(table.at(table.ids().len()).is_none());
            }
        }
    }
}
