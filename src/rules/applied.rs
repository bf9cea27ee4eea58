//! Rules applied to the forms: once, when they are loaded.
//!
//! A rule names rows, columns and groups; a report has figures at places of its form. What a name stands for
//! depends on the form alone, so judging a report looks up no name.

use super::{Claims, ForEach, Identity, Standard, Sum, TableForm, Term, plain_label};
use toml::Spanned;

/// What a rule comes to on each form that has its table.
#[derive(Debug, Clone)]
pub struct OnForms<T>(Vec<(String, Vec<T>)>);

impl<T> Default for OnForms<T> {
    fn default() -> OnForms<T> {
        OnForms(Vec::new())
    }
}

impl<T> OnForms<T> {
    fn new(standards: &[Standard], table: &str, apply: impl Fn(&TableForm) -> Vec<T>) -> OnForms<T> {
        let forms = standards.iter().filter_map(|standard| standard.table(table));
        OnForms(forms.map(|form| (form.standard.clone(), apply(form))).collect())
    }

    /// What it comes to on this form.
    pub fn on(&self, form: &TableForm) -> &[T] {
        self.0.iter().find(|(standard, _)| *standard == form.standard).map_or(&[], |(_, applied)| applied)
    }
}

/// A term of a sum: the places of its figures among those of the table; none where the form has nothing of that name.
#[derive(Debug, Clone)]
pub struct Operand {
    pub negative: bool,
    pub places: Vec<usize>,
}

/// One application of an identity: to a column, a row or a group.
#[derive(Debug, Clone)]
pub struct Application {
    /// `flow/natural_person`.
    pub place: String,
    /// The column, row or group, as printed; and its id.
    pub label: (String, String),
    pub left: Vec<Operand>,
    pub right: Vec<Operand>,
}

impl Identity {
    pub(super) fn apply(&mut self, standards: &[Standard]) {
        self.applied = OnForms::new(standards, self.table.get_ref(), |form| self.applications(form));
    }

    fn applications(&self, form: &TableForm) -> Vec<Application> {
        let gathered = match self.for_each {
            ForEach::Row => by_row(form),
            ForEach::Column | ForEach::Group => by_column(self.for_each, form),
        };
        let operand = |term: &Term, cells: &[(&str, usize)]| Operand {
            negative: term.negative,
            places: cells.iter().filter(|(id, _)| is_or_in(id, &term.name)).map(|(_, place)| *place).collect(),
        };
        let application = |Gathered { key, label, cells }: Gathered<'_>| Application {
            place: format!("{}/{key}", self.place),
            label: (label, key.to_owned()),
            left: self.parsed.left.iter().map(|term| operand(term, &cells)).collect(),
            right: self.parsed.right.iter().map(|term| operand(term, &cells)).collect(),
        };
        gathered.into_iter().map(application).collect()
    }
}

impl Claims {
    pub(super) fn apply(&mut self, standards: &[Standard]) {
        for subject in &mut self.subject {
            let columns = if subject.columns.is_empty() { &self.columns } else { &subject.columns };
            let parsed = &subject.parsed;
            let sums = |form: &TableForm| parsed.iter().map(|sum| operands(form, sum, columns)).collect();
            subject.sums = OnForms::new(standards, self.table.get_ref(), sums);
        }
    }
}

/// A name of a claim's sum stands for a row or a group of rows in the columns the text speaks of; where the rule names
/// no column, for a figure of the table or a group of them.
fn operands(form: &TableForm, sum: &Sum, columns: &[Spanned<String>]) -> Vec<Operand> {
    let of_term = |term: &Term| {
        let cells = form.cells().enumerate().filter(|(_, (id, row, column))| {
            if columns.is_empty() {
                let local = id.strip_prefix(form.id.as_str()).and_then(|id| id.strip_prefix('.'));
                local.is_some_and(|id| is_or_in(id, &term.name))
            } else {
                is_or_in(&row.id, &term.name) && columns.iter().any(|it| *it.get_ref() == column.id)
            }
        });
        Operand { negative: term.negative, places: cells.map(|(place, _)| place).collect() }
    };
    sum.iter().map(of_term).collect()
}

/// Whether an id is the name, or one of the group that it names.
fn is_or_in(id: &str, name: &str) -> bool {
    id.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// One application of an identity as it is gathered: its key, its label, and its cells by operand name.
struct Gathered<'a> {
    key: &'a str,
    label: String,
    cells: Vec<(&'a str, usize)>,
}

impl<'a> Gathered<'a> {
    /// The place of the application with this key; its label is made where it is new.
    fn slot(all: &mut Vec<Gathered<'a>>, key: &'a str, label: impl FnOnce() -> String) -> usize {
        all.iter().position(|known| known.key == key).unwrap_or_else(|| {
            all.push(Gathered { key, label: label(), cells: Vec::new() });
            all.len() - 1
        })
    }
}

/// One application a row, of the cells of its columns.
fn by_row(form: &TableForm) -> Vec<Gathered<'_>> {
    let mut gathered = Vec::new();
    for (place, (_, row, column)) in form.figures().enumerate() {
        let slot = Gathered::slot(&mut gathered, &row.id, || plain_label(&row.label));
        gathered[slot].cells.push((column.id.as_str(), place));
    }
    gathered
}

/// One application a column, or a group of columns, of the cells below; in a group the leaf is the operand, else the row is.
fn by_column(for_each: ForEach, form: &TableForm) -> Vec<Gathered<'_>> {
    let mut gathered = Vec::new();
    for (place, (_, row, column)) in form.figures().enumerate() {
        let (slot, operand) = match (for_each, column.id.split_once('.')) {
            (ForEach::Group, Some((group, leaf))) => {
                let label = || column.group.clone().unwrap_or_else(|| group.to_owned());
                (Gathered::slot(&mut gathered, group, label), leaf)
            }
            (ForEach::Group, None) => continue,
            _ => (Gathered::slot(&mut gathered, &column.id, || column.short_name()), row.id.as_str()),
        };
        gathered[slot].cells.push((operand, place));
    }
    gathered
}
