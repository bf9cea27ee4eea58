//! The standards made ready for reading: labels by key, headings by key, the words that tell a form.

use crate::model::Year;
use crate::rules::{BlockForm, ColumnForm, Standard, TableForm};
use crate::text::{label_key, without_brackets};
use std::collections::HashMap;

/// The three statutory tables, in the order of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TableId {
    Proactive,
    Applications,
    ReviewLitigation,
}

impl TableId {
    pub(super) const ALL: [TableId; 3] = [TableId::Proactive, TableId::Applications, TableId::ReviewLitigation];

    pub(super) fn word(self) -> &'static str {
        match self {
            TableId::Proactive => "proactive",
            TableId::Applications => "applications",
            TableId::ReviewLitigation => "review_litigation",
        }
    }
}

/// A statutory row that a label names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowHit {
    pub(super) table: TableId,
    pub(super) row: String,
}

/// Every standard, indexed for reading. Built once for a rule set.
#[derive(Debug, Clone)]
pub struct Forms {
    standards: Vec<Standard>,
    rows: HashMap<String, RowHit>,
    columns: HashMap<String, TableId>,
    /// (key, table, index of the standard that only has it)
    told_by: Vec<(String, TableId, usize)>,
    headings: Vec<HeadingForm>,
}

/// A section's headings, ready to be compared.
#[derive(Debug, Clone)]
pub(super) struct HeadingForm {
    pub(super) id: String,
    pub(super) exact: Vec<String>,
    pub(super) words: Vec<Vec<String>>,
}

impl Forms {
    /// Indexes the standards of a rule set.
    pub fn new(standards: &[Standard]) -> Forms {
        let mut forms = Forms {
            standards: standards.to_vec(),
            rows: HashMap::new(),
            columns: HashMap::new(),
            told_by: Vec::new(),
            headings: Vec::new(),
        };
        for (at, standard) in standards.iter().enumerate() {
            for id in TableId::ALL {
                if let Some(table) = standard.table(id.word()) {
                    forms.index_table(at, id, table);
                }
            }
            forms.index_headings(standard);
        }
        forms
    }

    fn index_table(&mut self, standard: usize, id: TableId, table: &TableForm) {
        for block in &table.blocks {
            for row in block.rows.iter().filter(|row| !row.label.is_empty()) {
                let hit = RowHit { table: id, row: row.id.clone() };
                for key in keys(&row.label, &row.variants) {
                    self.rows.entry(key).or_insert_with(|| hit.clone());
                }
            }
            for column in &block.columns {
                for label in keys(&column.label, &column.variants).into_iter().chain(column.group.as_deref().map(label_key)) {
                    self.columns.entry(label).or_insert(id);
                }
            }
        }
        self.told_by.extend(table.told_by.iter().map(|word| (label_key(word), id, standard)));
    }

    fn index_headings(&mut self, standard: &Standard) {
        for section in &standard.sections {
            if self.headings.iter().any(|known| known.id == section.id) {
                continue;
            }
            self.headings.push(HeadingForm {
                id: section.id.clone(),
                exact: keys(&section.heading, &section.variants),
                words: section.words.clone(),
            });
        }
    }

    /// The standards, as given.
    pub fn standards(&self) -> &[Standard] {
        &self.standards
    }

    /// The standard with this id.
    pub fn standard(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// The standard that reports about this year are held to.
    pub fn standard_for(&self, year: Year) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.holds_for(year))
    }

    pub(super) fn headings(&self) -> &[HeadingForm] {
        &self.headings
    }

    /// The statutory row that a printed label names exactly (numbering, brackets and punctuation aside).
    pub(super) fn row(&self, label: &str) -> Option<&RowHit> {
        let key = label_key(label);
        if key.is_empty() {
            return None;
        }
        self.rows.get(&key).or_else(|| self.rows.get(&label_key(&without_brackets(label))))
    }

    /// Every label of a table's rows by its key, with the row's id.
    pub(super) fn labels(&self, table: TableId) -> impl Iterator<Item = (&String, &str)> {
        self.rows.iter().filter(move |(_, hit)| hit.table == table).map(|(key, hit)| (key, hit.row.as_str()))
    }

    /// The statutory row that a damaged label comes nearest to: letters lost or added by a converter.
    pub(super) fn nearest_row(&self, label: &str, table: TableId) -> Option<&RowHit> {
        let key = label_key(label);
        let length = key.chars().count();
        if length < 4 {
            return None;
        }
        let mut near: Vec<(usize, &RowHit)> = self
            .rows
            .iter()
            .filter(|(_, hit)| hit.table == table)
            .map(|(known, hit)| (distance(&key, known), hit))
            .filter(|(distance, _)| *distance <= length / 3)
            .collect();
        near.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.row.cmp(&b.1.row)));
        near.dedup_by(|a, b| a.1.row == b.1.row);
        match near.as_slice() {
            [only] => Some(only.1),
            [first, second, ..] if first.0 < second.0 => Some(first.1),
            _ => None,
        }
    }

    /// The table whose header a label belongs to.
    pub(super) fn header_of(&self, label: &str) -> Option<TableId> {
        self.columns.get(&label_key(label)).copied()
    }

    /// Which standard's form a table has, by the words that only one form has among its labels.
    pub(super) fn form_told_by(&self, table: TableId, labels: &[String]) -> Option<usize> {
        let mut votes = vec![0usize; self.standards.len()];
        for (word, id, standard) in &self.told_by {
            if *id == table
                && labels.iter().any(|label| label == word || label.contains(word.as_str()) && word.chars().count() > 4)
            {
                votes[*standard] += 1;
            }
        }
        // 处理决定数量 is part of 本年处理决定数量: the longer word is the later form's own.
        let best = votes.iter().copied().max().filter(|most| *most > 0)?;
        let winners: Vec<usize> = (0..votes.len()).filter(|at| votes[*at] == best).collect();
        match winners.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The form's table by standard and id.
    pub(super) fn table(&self, standard: usize, id: TableId) -> Option<&TableForm> {
        self.standards.get(standard)?.table(id.word())
    }

    /// The index of a standard by its id.
    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        self.standards.iter().position(|standard| standard.id == id)
    }
}

/// The keys under which a label and its variants are known.
pub(super) fn keys(label: &str, variants: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = std::iter::once(label)
        .chain(variants.iter().map(String::as_str))
        .flat_map(|label| [label_key(label), label_key(&without_brackets(label))])
        .filter(|key| !key.is_empty())
        .collect();
    keys.dedup();
    keys
}

/// The block and the columns that a row of a table stands under.
pub(super) fn block_of<'a>(table: &'a TableForm, row: &str) -> Option<&'a BlockForm> {
    table.blocks.iter().find(|block| block.rows.iter().any(|known| known.id == row))
}

/// The column of a block that a printed label names; among equal labels the first that `free` allows.
pub(super) fn column_named<'a>(
    columns: &'a [ColumnForm],
    label: &str,
    free: impl Fn(&ColumnForm) -> bool,
) -> Option<(usize, &'a ColumnForm)> {
    let key = label_key(label);
    let bare = label_key(&without_brackets(label));
    columns.iter().enumerate().find(|(_, column)| {
        free(column) && keys(&column.label, &column.variants).iter().any(|known| *known == key || *known == bare)
    })
}

/// Edit distance between two short keys, in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut current = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let change = previous[j] + usize::from(from != *to);
            current.push(change.min(previous[j + 1] + 1).min(current[j] + 1));
        }
        previous = current;
    }
    previous[b.len()]
}
