//! The standards made ready for reading: labels by key, headings by key, the words that tell a form.

use crate::model::Year;
use crate::rules::{BlockForm, ColumnForm, Standard, TableForm};
use crate::text::{KeyMap, label_key, without_brackets};
use std::borrow::Cow;
use std::sync::Arc;

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
    pub(super) row: Arc<str>,
}

/// Every standard, indexed for reading. Built once for a rule set.
#[derive(Debug, Clone)]
pub struct Forms {
    standards: Vec<Standard>,
    rows: KeyMap<RowHit>,
    /// Every key of `rows` once more, letter by letter, for labels that are only near one.
    near: Vec<(Vec<char>, RowHit)>,
    /// The tables that have a column of this label, in the order of the form.
    columns: KeyMap<Vec<TableId>>,
    /// The keys of every column by standard, table, block and column.
    column_keys: Vec<[Vec<Vec<ColumnKeys>>; 3]>,
    /// (key, table, index of the standard that only has it)
    told_by: Vec<(String, TableId, usize)>,
    headings: Vec<HeadingForm>,
    /// The table that stands under each heading that is printed as in the form, or in a known variant.
    tables_under: KeyMap<TableId>,
}

/// The keys under which a column and the group over it are known.
#[derive(Debug, Clone)]
pub(super) struct ColumnKeys {
    labels: Vec<String>,
    group: Option<String>,
}

/// The columns of a block, with their keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) forms: &'a [ColumnForm],
    keys: &'a [ColumnKeys],
}

impl Columns<'_> {
    /// Every label that names one of the columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().flat_map(|keys| &keys.labels).map(String::as_str)
    }

    /// Whether a printed label names this column.
    pub(super) fn is_named(&self, column: usize, label: &Label) -> bool {
        let known = self.keys.get(column).map(|keys| keys.labels.as_slice()).unwrap_or_default();
        known.iter().any(|known| *known == label.key || *known == label.bare())
    }

    /// The columns of the group that a printed label names.
    pub(super) fn group(&self, label: &Label) -> Vec<usize> {
        let is_of = |at: &usize| self.keys[*at].group.as_deref().is_some_and(|group| group == label.key || group == label.bare());
        (0..self.keys.len()).filter(is_of).collect()
    }

    /// Whether the group of this column, if it has one, is among these keys.
    pub(super) fn is_under(&self, column: usize, above: &[&str]) -> bool {
        self.keys.get(column).and_then(|keys| keys.group.as_deref()).is_none_or(|group| above.contains(&group))
    }
}

/// A printed label made comparable: its key with and without what stands in brackets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) key: String,
    /// `None` where nothing does.
    bare: Option<String>,
}

impl Label {
    pub(super) fn new(printed: &str) -> Label {
        let key = label_key(printed);
        let bare = match without_brackets(printed) {
            Cow::Borrowed(_) => None,
            Cow::Owned(bare) => Some(label_key(&bare)),
        };
        Label { key, bare }
    }

    fn bare(&self) -> &str {
        self.bare.as_deref().unwrap_or(&self.key)
    }
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
            rows: KeyMap::default(),
            near: Vec::new(),
            columns: KeyMap::default(),
            column_keys: Vec::new(),
            told_by: Vec::new(),
            headings: Vec::new(),
            tables_under: KeyMap::default(),
        };
        for (at, standard) in standards.iter().enumerate() {
            for id in TableId::ALL {
                if let Some(table) = standard.table(id.word()) {
                    forms.index_table(at, id, table);
                }
            }
            forms.index_headings(standard);
            forms.column_keys.push(TableId::ALL.map(|id| standard.table(id.word()).map(column_keys).unwrap_or_default()));
        }
        forms.near = forms.rows.iter().map(|(key, hit)| (key.chars().collect(), hit.clone())).collect();
        forms
    }

    fn index_table(&mut self, standard: usize, id: TableId, table: &TableForm) {
        for block in &table.blocks {
            for row in block.rows.iter().filter(|row| !row.label.is_empty()) {
                let hit = RowHit { table: id, row: row.id.as_str().into() };
                for key in keys(&row.label, &row.variants) {
                    self.rows.entry(key).or_insert_with(|| hit.clone());
                }
            }
            for column in &block.columns {
                for label in keys(&column.label, &column.variants).into_iter().chain(column.group.as_deref().map(label_key)) {
                    let tables = self.columns.entry(label).or_default();
                    if !tables.contains(&id) {
                        tables.push(id);
                    }
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
            let exact = keys(&section.heading, &section.variants);
            let table = TableId::ALL.into_iter().find(|id| standard.table(id.word()).is_some_and(|it| it.section == section.id));
            self.tables_under.extend(table.into_iter().flat_map(|id| exact.iter().map(move |key| (key.clone(), id))));
            self.headings.push(HeadingForm { id: section.id.clone(), exact, words: section.words.clone() });
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
    pub(super) fn row(&self, label: &Label) -> Option<&RowHit> {
        if label.key.is_empty() {
            return None;
        }
        self.rows.get(&label.key).or_else(|| self.rows.get(label.bare()))
    }

    /// The table that stands under a heading.
    pub(super) fn table_under(&self, heading: &Label) -> Option<TableId> {
        self.tables_under.get(&heading.key).copied()
    }

    /// Every label of a table's rows by its key, with the row's id.
    pub(super) fn labels(&self, table: TableId) -> impl Iterator<Item = (&String, &str)> {
        self.rows.iter().filter(move |(_, hit)| hit.table == table).map(|(key, hit)| (key, hit.row.as_ref()))
    }

    /// The statutory row that a damaged label comes nearest to: letters lost or added by a converter.
    pub(super) fn nearest_row(&self, label: &Label, table: TableId) -> Option<&RowHit> {
        let key: Vec<char> = label.key.chars().collect();
        if key.len() < 4 {
            return None;
        }
        let reach = key.len() / 3;
        let mut lines = [Vec::new(), Vec::new()];
        let mut near: Vec<(usize, &RowHit)> = self
            .near
            .iter()
            .filter(|(known, hit)| hit.table == table && known.len().abs_diff(key.len()) <= reach)
            .map(|(known, hit)| (distance(&key, known, &mut lines), hit))
            .filter(|(distance, _)| *distance <= reach)
            .collect();
        near.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.row.cmp(&b.1.row)));
        near.dedup_by(|a, b| a.1.row == b.1.row);
        match near.as_slice() {
            [only] => Some(only.1),
            [first, second, ..] if first.0 < second.0 => Some(first.1),
            _ => None,
        }
    }

    /// Whether a label is that of a column in the table of section three or four.
    pub(super) fn heads_column(&self, label: &Label) -> bool {
        self.header_of(label).is_some_and(|table| table != TableId::Proactive) && self.row(label).is_none()
    }

    /// The table whose header a label belongs to.
    pub(super) fn header_of(&self, label: &Label) -> Option<TableId> {
        self.columns.get(&label.key)?.first().copied()
    }

    /// The table whose header a label belongs to; the one at hand where several have such a column.
    pub(super) fn header_of_near(&self, label: &Label, at_hand: Option<TableId>) -> Option<TableId> {
        let tables = self.columns.get(&label.key)?;
        at_hand.filter(|table| tables.contains(table)).or(tables.first().copied())
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

    /// The columns of one block of a table.
    pub(super) fn columns(&self, standard: usize, id: TableId, block: &BlockForm) -> Columns<'_> {
        let blocks = self.table(standard, id).map(|table| table.blocks.as_slice()).unwrap_or_default();
        let keys = self.column_keys.get(standard).map(|tables| tables[id as usize].as_slice()).unwrap_or_default();
        let at = blocks.iter().position(|known| std::ptr::eq(known, block));
        let own = at.and_then(|at| Some((blocks.get(at)?, keys.get(at)?)));
        own.map_or(Columns { forms: &[], keys: &[] }, |(form, keys)| Columns { forms: &form.columns, keys })
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

/// The block that a row of a table stands in, and the place of its first figure among those of the table.
pub(super) fn block_of<'a>(table: &'a TableForm, row: &str) -> Option<(&'a BlockForm, usize)> {
    let mut first = 0;
    table.blocks.iter().find_map(|block| {
        let (above, width) = (first, block.columns.len());
        first += block.rows.len() * width;
        block.rows.iter().position(|known| known.id == row).map(|at| (block, above + at * width))
    })
}

fn column_keys(table: &TableForm) -> Vec<Vec<ColumnKeys>> {
    let of_column = |column: &ColumnForm| ColumnKeys {
        labels: keys(&column.label, &column.variants),
        group: column.group.as_deref().map(label_key),
    };
    table.blocks.iter().map(|block| block.columns.iter().map(of_column).collect()).collect()
}

/// Edit distance between two short keys, in characters. The lines it writes are kept for the next pair.
fn distance(a: &[char], b: &[char], [previous, current]: &mut [Vec<usize>; 2]) -> usize {
    previous.clear();
    previous.extend(0..=b.len());
    current.resize(b.len() + 1, 0);
    for (i, from) in a.iter().enumerate() {
        current[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = previous[j] + usize::from(from != to);
            current[j + 1] = change.min(previous[j + 1] + 1).min(current[j] + 1);
        }
        std::mem::swap(previous, current);
    }
    previous[b.len()]
}
