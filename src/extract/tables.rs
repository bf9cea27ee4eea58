//! The three statutory tables, found by their labels and read row by row.
//!
//! Each row is marked by what its labels say: a header, a row of the form, or figures without a
//! label. Figures without a label are given a row only where that is certain: between two rows that
//! were told, exactly as many unlabelled rows stand as the form has there. What could not be placed
//! makes the table incomplete, and rules over it stay undecided.

use super::forms::{Columns, Forms, TableId, block_of};
use super::header::{self, Header};
use super::marks::{Mark, mark};
use super::review;
use super::rows::{Row, RowCell, SharedCell};
use crate::model::{Place, Reading, Year};
use crate::rules::TableForm;
use crate::text::squeeze;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// A row of the form as found: its id, if it was told, and its figures.
#[derive(Debug)]
pub(super) struct Found<'v, 'a> {
    pub(super) row: Option<Arc<str>>,
    /// Its label, or the first of its cells where it has none.
    pub(super) head: &'v SharedCell<'a>,
    pub(super) labelled: bool,
    pub(super) values: &'v [SharedCell<'a>],
    /// Index of the row in the stream.
    pub(super) at: usize,
    pub(super) complete: bool,
    /// Whether nothing follows it: a page may be cut inside its last row.
    pub(super) last: bool,
}

impl Found<'_, '_> {
    /// Its label as printed, and where that stands.
    fn printed(&self) -> (String, Place) {
        (squeeze(&self.head.text), self.head.place())
    }
}

/// One statutory table as read.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    pub(super) found: bool,
    /// Index of the standard whose form it has.
    pub(super) form: Option<usize>,
    pub(super) complete: bool,
    /// Whether it was read from lines of text that had lost their labels.
    pub(super) torn: bool,
    /// The cell of each figure of the form, in its order.
    pub(super) cells: Vec<Option<SharedCell<'a>>>,
    pub(super) missing_rows: Vec<String>,
    pub(super) missing_columns: Vec<String>,
    pub(super) unknown_rows: Vec<(String, Place)>,
    pub(super) unknown_columns: Vec<(String, Place)>,
    /// Labels as printed, by the row's id.
    pub(super) labels: Vec<(String, String)>,
    pub(super) place: Option<Place>,
    /// Units that a header prints beside a column's label, by column id.
    pub(super) units: HashMap<String, String>,
}

/// Reads every statutory table of a document.
pub(super) fn read<'a>(rows: &[Row<'a>], forms: &Forms, year: Option<Year>) -> HashMap<TableId, Table<'a>> {
    let marks = mark(rows, forms);
    let expected = year.and_then(|year| forms.standard_for(year)).and_then(|standard| forms.index_of(&standard.id));
    let told = TableId::ALL.map(|id| forms.form_told_by(id, &labels(rows, &marks, id)));
    let whole = told[0].or(told[1]).or(expected).unwrap_or(forms.standards().len().saturating_sub(1));
    let mut tables = HashMap::new();
    for (id, told) in TableId::ALL.into_iter().zip(told) {
        let table = match id {
            TableId::Proactive => blocks_table(rows, &marks, forms, told.unwrap_or(whole)),
            TableId::Applications => {
                let form = applications_form(&marks, forms).or(told).unwrap_or(whole);
                applications_table(rows, &marks, forms, form)
            }
            TableId::ReviewLitigation => review::read(rows, &marks, forms, whole),
        };
        tables.insert(id, table);
    }
    for (id, table) in &mut tables {
        // Where a table's header is there, what stands under it was not read, and is not missing.
        if !table.found && marks.contains(&Mark::Header(*id)) {
            table.unread();
        }
        if !table.found || !table.missing_rows.is_empty() {
            let of_lines = |mark: &Mark| matches!(mark, Mark::Told(hit, _) if hit.table == *id);
            let from_lines = rows.iter().zip(&marks).any(|(row, mark)| row.torn && of_lines(mark));
            table.note_torn_rows(from_lines, &torn_labels(rows, &marks, forms, *id));
        }
    }
    tables
}

/// Rows of a table whose labels stand in lines of text, or run into another label of a grid: their figures may be there
/// and unread. Labels are looked for inside the lines, for those run into one another or into their figures.
fn torn_labels(rows: &[Row], marks: &[Mark], forms: &Forms, id: TableId) -> Vec<String> {
    let mut lines: Vec<String> = rows.iter().filter(|row| is_line(row)).filter_map(|row| label_line(&row.cells)).collect();
    let strange = rows.iter().zip(marks).filter(|(row, mark)| !row.torn && !matches!(mark, Mark::Told(..)));
    let first = |row: &Row<'_>| row.cells.iter().position(|cell| !cell.is_blank());
    lines.extend(strange.filter_map(|(row, _)| label_line(&row.cells[first(row)?..][..1])));
    let mut labels: Vec<String> = forms
        .labels(id)
        .filter(|(key, _)| lines.iter().any(|line| line == *key || key.chars().count() >= 4 && line.contains(*key)))
        .map(|(_, row)| row.to_owned())
        .collect();
    labels.sort();
    labels.dedup();
    labels
}

/// Whether a row is a line of text, or like one.
fn is_line(row: &Row) -> bool {
    row.torn || row.cells.iter().filter(|cell| !cell.is_blank()).count() == 1
}

/// The letters and digits of a line that is no sentence.
fn label_line(cells: &[SharedCell<'_>]) -> Option<String> {
    let text: String = cells.iter().map(|cell| cell.text.as_ref()).collect();
    (!text.contains('。')).then(|| crate::text::label_key(&text))
}

/// So many labels of a table in lines of text are the table, torn beyond reading.
const UNREAD_LABELS: usize = 3;

/// Keys of every label that belongs to a table.
fn labels(rows: &[Row<'_>], marks: &[Mark], id: TableId) -> Vec<String> {
    let of_table = |mark: &Mark| match mark {
        Mark::Header(table) | Mark::Strange(table, _) => *table == id,
        Mark::Told(hit, _) => hit.table == id,
        _ => false,
    };
    let cells = rows.iter().zip(marks).filter(|(_, mark)| of_table(mark)).flat_map(|(row, _)| &row.cells);
    cells.filter(|cell| !cell.is_value()).map(|cell| cell.label().key.clone()).collect()
}

/// The form that the rows of the applications table show: 其他处理 split in three, or one row.
fn applications_form(marks: &[Mark], forms: &Forms) -> Option<usize> {
    let told = |wanted: &dyn Fn(&str) -> bool| {
        marks.iter().any(|mark| matches!(mark, Mark::Told(hit, _) if hit.table == TableId::Applications && wanted(&hit.row)))
    };
    let has = |at: usize, row: &str| forms.table(at, TableId::Applications).is_some_and(|table| block_of(table, row).is_some());
    let only_in = |row: &str| {
        let holders: Vec<usize> = (0..forms.standards().len()).filter(|at| has(*at, row)).collect();
        if let [only] = holders.as_slice() { Some(*only) } else { None }
    };
    let rows = |wanted: &str| told(&|row: &str| row == wanted).then(|| only_in(wanted)).flatten();
    ["results.other.uncorrected", "results.other.fee_unpaid", "results.other"].into_iter().find_map(rows)
}

/// The rows of a table as found, unlabelled ones given their row where that is certain.
fn found<'v, 'a>(rows: &'v [Row<'a>], marks: &[Mark], id: TableId) -> Vec<Found<'v, 'a>> {
    rows.iter()
        .zip(marks)
        .enumerate()
        .filter_map(|(at, (row, mark))| {
            let (complete, last) = (row.complete, at + 1 == rows.len());
            let (told, label_at) = match mark {
                Mark::Told(hit, label_at) if hit.table == id => (Some(hit.row.clone()), Some(*label_at)),
                Mark::Strange(table, label_at) if *table == id => (None, Some(*label_at)),
                Mark::Bare(table) if *table == id => (None, None),
                Mark::Torn(table, figures_at, told) if *table == id => {
                    let (values, row_id) = (&row.cells[*figures_at..], told.clone());
                    return Some(Found { row: row_id, head: row.cells.first()?, labelled: false, values, at, complete, last });
                }
                _ => return None,
            };
            let values = label_at.map_or(&row.cells[..], |at| &row.cells[at + 1..]);
            let head = row.cells.get(label_at.unwrap_or(0))?;
            Some(Found { row: told, head, labelled: label_at.is_some(), values, at, complete, last })
        })
        .collect()
}

/// The table of section two: blocks of rows, each under a header of its own.
fn blocks_table<'a>(rows: &[Row<'a>], marks: &[Mark], forms: &Forms, form: usize) -> Table<'a> {
    let Some(form_table) = forms.table(form, TableId::Proactive) else { return Table::default() };
    let mut table = Table::in_form(form, form_table);
    let mut seen_columns: HashMap<String, Vec<String>> = HashMap::new();
    for found in found(rows, marks, TableId::Proactive) {
        let Some(row) = &found.row else {
            if found.labelled && table.found {
                table.unknown_rows.push(found.printed());
            }
            continue;
        };
        table.begin(&found);
        let Some((block, first)) = block_of(form_table, row) else {
            table.unknown_rows.push(found.printed());
            continue;
        };
        let header = header_above(rows, marks, found.at, TableId::Proactive);
        let header: Vec<&Row<'_>> = header.into_iter().rev().take(1).collect();
        let is_corner = |cell: &RowCell<'_>| cell.label().key.contains("信息内容") || cell.label().key.starts_with("第二十条");
        let columns = forms.columns(form, TableId::Proactive, block);
        let mut read = header::read(&header, columns, is_corner);
        // A header that was cut short or torn still has its order; one that is lost leaves the count.
        let unnamed = read.leaves.iter().all(|leaf| leaf.column.is_none());
        // Of a header torn into lines, as over a label that was, only the last is at hand: then the count alone tells.
        if (!found.labelled || header.iter().any(|row| row.torn)) && read.leaves.len() != block.columns.len() {
            read = Header::statutory(columns);
        }
        let cut = read.leaves.len() == block.columns.len() && !read.leaves.iter().all(|leaf| leaf.column.is_some());
        if unnamed && found.values.len() == block.columns.len() || cut {
            let places = std::mem::take(&mut read.leaves);
            read = Header::statutory(columns);
            if cut {
                for (leaf, place) in read.leaves.iter_mut().zip(places) {
                    leaf.cell = place.cell;
                    leaf.start = place.start;
                }
            }
        }
        table.note_units(&header, columns);
        table.take(first, &found, &read);
        let named = read.leaves.iter().filter_map(|leaf| leaf.column).map(|at| block.columns[at].id.clone());
        seen_columns.entry(block_key(block)).or_default().extend(named);
        let is_unknown = |at: &usize| read.leaves[*at].column.is_none() && !read.repeats(*at, found.values);
        for leaf in (0..read.leaves.len()).filter(is_unknown).map(|at| &read.leaves[at]).filter(|_| !header.is_empty()) {
            table.unknown_columns.push((squeeze(&leaf.cell.text), leaf.cell.place()));
        }
    }
    table.unknown_columns.dedup();
    if table.found {
        table.note_missing_rows(form_table);
        for block in &form_table.blocks {
            let Some(seen) = seen_columns.get(&block_key(block)) else { continue };
            let first = block.rows.first().map_or("", |row| row.id.as_str());
            let gone = block.columns.iter().filter(|column| !seen.contains(&column.id));
            table.missing_columns.extend(gone.map(|column| format!("{first}.{}", column.id)));
        }
    }
    table
}

fn block_key(block: &crate::rules::BlockForm) -> String {
    block.caption.clone().unwrap_or_default()
}

/// The header rows that stand above a row: the last run of them.
pub(super) fn header_above<'v, 'a>(rows: &'v [Row<'a>], marks: &[Mark], at: usize, id: TableId) -> Vec<&'v Row<'a>> {
    let mut header: Vec<&Row<'_>> = Vec::new();
    for index in (0..at).rev() {
        match &marks[index] {
            Mark::Header(table) if *table == id => header.push(&rows[index]),
            _ if !header.is_empty() => break,
            _ => {}
        }
    }
    header.reverse();
    header
}

/// The table of section three: one header, then rows.
fn applications_table<'a>(rows: &[Row<'a>], marks: &[Mark], forms: &Forms, form: usize) -> Table<'a> {
    let id = TableId::Applications;
    let Some(form_table) = forms.table(form, id) else { return Table::default() };
    let Some(block) = form_table.blocks.first() else { return Table::default() };
    let mut found = found(rows, marks, id);
    place_bare(&mut found, block.columns.len(), form_table);
    let mut table = Table::in_form(form, form_table);
    let Some(first) = found.iter().find(|found| found.row.is_some()) else { return table };
    let header_rows = header_above(rows, marks, first.at, id);
    let corner = |cell: &RowCell<'_>| cell.label().key.contains("勾稽关系") || cell.is_value();
    let columns = forms.columns(form, id, block);
    let header = header::read(&header_rows, columns, corner);
    // A header torn into lines of text has lost its order; the number of figures must then be the form's.
    let torn = header_rows.iter().all(|row| row.torn) || header.leaves.iter().all(|leaf| leaf.column.is_none());
    let header = if torn { Header::statutory(columns) } else { header };
    let wider = |found: &Found<'_, '_>| found.row.is_none() && found.values.len() > block.columns.len();
    if torn && (found.iter().any(wider) || !speaks_for_order(&header_rows, &found, columns)) {
        table.unread();
        return table;
    }
    for found in found {
        let own = found.row.as_deref().map(|row| block.rows.iter().position(|known| known.id == row));
        match own {
            Some(Some(at)) => {
                table.begin(&found);
                table.take(at * block.columns.len(), &found, &header);
            }
            Some(None) if table.found => table.unknown_rows.push(found.printed()),
            None if table.found && found.labelled => table.unknown_rows.push(found.printed()),
            None if table.found => table.complete = false,
            _ => {}
        }
    }
    if table.found {
        let of_table =
            |mark: &&Mark| matches!(mark, Mark::Stray(table) | Mark::Bare(table) | Mark::Torn(table, ..) if *table == id);
        table.torn = torn && marks.iter().any(|mark| of_table(&mark));
        table.complete &= !marks.contains(&Mark::Stray(id));
        table.note_missing_rows(form_table);
        let seen: Vec<usize> = header.leaves.iter().filter_map(|leaf| leaf.column).collect();
        let gone = block.columns.iter().enumerate().filter(|(at, _)| !seen.contains(at));
        table.missing_columns = gone.map(|(_, column)| column.id.clone()).collect();
        let unknown = header.leaves.iter().filter(|leaf| leaf.column.is_none() && !leaf.cell.text.is_empty());
        table.unknown_columns = unknown.map(|leaf| (squeeze(&leaf.cell.text), leaf.cell.place())).collect();
    }
    table
}

/// Whether figures whose header is gone, or torn into lines, may be taken in the form's order: what is left of
/// the header must have that order, and each row's last figure must be the sum of the others.
fn speaks_for_order(header: &[&Row<'_>], found: &[Found<'_, '_>], columns: Columns<'_>) -> bool {
    if !header::keeps_order(header, columns) {
        return false;
    }
    let named = |at: usize| header.iter().flat_map(|row| &row.cells).any(|cell| columns.is_named(at, cell.label()));
    if (0..columns.forms.len()).all(named) {
        return true;
    }
    let order = Header::statutory(columns);
    let rows = found.iter().filter(|found| found.row.is_some());
    let aligned: Vec<_> = rows.filter_map(|found| order.align(found.values)).collect();
    let sums: Vec<Option<bool>> = aligned.iter().map(|cells| adds_up(cells)).collect();
    let (right, wrong) = (sums.iter().filter(|sum| **sum == Some(true)).count(), sums.contains(&Some(false)));
    // Figures that are all the same are right in any order.
    let mut cells = aligned.iter().flatten().flatten().map(|cell| &cell.read);
    let first = cells.next();
    !wrong && (right > 0 || cells.all(|cell| Some(cell) == first))
}

/// Whether a row's last figure is the sum of the others; `None` where it says nothing: all are zero, or no sum is printed.
pub(super) fn adds_up(cells: &[Option<&SharedCell<'_>>]) -> Option<bool> {
    let zero = rust_decimal::Decimal::ZERO;
    let (last, parts) = cells.split_last()?;
    let total = (*last)?.read.reading.number()?;
    let mut numbers = parts.iter().map(|cell| match cell.map(|cell| &cell.read.reading) {
        Some(Reading::Number(number)) => Some(*number),
        Some(Reading::Blank | Reading::Dash | Reading::NotApplicable) => Some(zero),
        _ => None,
    });
    let sum = numbers.try_fold(zero, |sum, number| Some(sum + number?))?;
    (total != zero || sum != zero).then_some(sum == total)
}

/// Gives unlabelled rows their place: between two told rows (or an end of the table), exactly as many
/// as the form has there.
fn place_bare(found: &mut [Found<'_, '_>], width: usize, form: &TableForm) {
    let order: Vec<&str> = form.blocks.iter().flat_map(|block| &block.rows).map(|row| row.id.as_str()).collect();
    if !found.iter().any(|found| found.row.is_some()) {
        return;
    }
    let position = |found: &Found<'_, '_>| found.row.as_deref().and_then(|row| order.iter().position(|known| *known == row));
    let is_bare = |found: &Found<'_, '_>| found.row.is_none() && !found.labelled && found.values.len() == width;
    let mut from = 0;
    while from < found.len() {
        let run = found[from..].iter().take_while(|found| is_bare(found)).count();
        if run == 0 {
            from += 1;
            continue;
        }
        // The first row of the form that the run could stand for, and the row after its last.
        let first = if from == 0 { Some(0) } else { position(&found[from - 1]).map(|before| before + 1) };
        let end = if from + run == found.len() { Some(order.len()) } else { position(&found[from + run]) };
        if let (Some(first), Some(end)) = (first, end)
            && first + run == end
        {
            for (row, found) in order[first..end].iter().zip(&mut found[from..from + run]) {
                found.row = Some((*row).into());
            }
        }
        from += run;
    }
}

impl<'a> Table<'a> {
    /// A table in a form of which nothing was found yet.
    pub(super) fn in_form(at: usize, form: &TableForm) -> Table<'a> {
        Table { form: Some(at), complete: true, cells: vec![None; form.ids().len()], ..Table::default() }
    }

    pub(super) fn begin(&mut self, found: &Found<'_, '_>) {
        self.found = true;
        self.complete &= found.complete;
        if self.place.is_none() {
            self.place = Some(found.head.place());
        }
    }

    /// Puts the figures of one row where the form has them; `first` is the place of the row's first figure.
    pub(super) fn take(&mut self, first: usize, found: &Found<'_, 'a>, header: &Header<'_>) {
        let Some(cells) = header.align(found.values).or_else(|| header.align_cut(found.values).filter(|_| found.last)) else {
            self.complete = false;
            return;
        };
        self.complete &= cells.iter().all(Option::is_some);
        if let Some(row) = found.row.as_ref().filter(|_| found.labelled && found.head.is_of_grid()) {
            self.labels.push((row.to_string(), squeeze(&found.head.text)));
        }
        for (leaf, cell) in header.leaves.iter().zip(cells) {
            let (Some(at), Some(cell)) = (leaf.column, cell) else { continue };
            // The first printing of a row counts; a repetition that says otherwise is not silently taken.
            match self.cells.get_mut(first + at) {
                Some(Some(first)) if squeeze(&first.text) != squeeze(&cell.text) => self.complete = false,
                Some(place @ None) => *place = Some(Rc::clone(cell)),
                _ => {}
            }
        }
    }

    fn note_missing_rows(&mut self, form: &TableForm) {
        let mut cells = self.cells.as_slice();
        for (block, row) in form.blocks.iter().flat_map(|block| block.rows.iter().map(move |row| (block, row))) {
            let (own, below) = cells.split_at(block.columns.len().min(cells.len()));
            cells = below;
            if !row.id.is_empty() && own.iter().all(Option::is_none) {
                self.missing_rows.push(row.id.clone());
            }
        }
    }

    /// The table, or what is not there of it, stands on the page and could not be read.
    pub(super) fn unread(&mut self) {
        self.complete = false;
        self.torn = true;
    }

    /// What is not there of a document that was cut may only not have come to us.
    pub(super) fn cut(&mut self) {
        self.complete &= self.found && self.missing_rows.is_empty();
    }

    /// A row that is not there, but whose label stands in a line of text, was not read: it is not missing.
    /// Nor is one certainly missing from a table that is lines of text throughout.
    fn note_torn_rows(&mut self, from_lines: bool, labels: &[String]) {
        let unread = match self.found {
            true => from_lines || labels.iter().any(|label| self.missing_rows.contains(label)),
            false => labels.len() >= UNREAD_LABELS,
        };
        if unread {
            self.unread();
        }
    }

    /// Remembers units printed beside a label: 本年收费金额（单位：万元）.
    fn note_units(&mut self, header: &[&Row<'_>], columns: Columns<'_>) {
        for cell in header.iter().flat_map(|row| &row.cells) {
            if !cell.label().key.contains('元') {
                continue;
            }
            let text = crate::text::compact(&cell.text);
            let Some(unit) = ["亿元", "万元", "元"]
                .into_iter()
                .find(|unit| text.contains(&format!("单位:{unit}")) || text.contains(&format!("({unit})")))
            else {
                continue;
            };
            if let Some(at) = (0..columns.forms.len()).find(|at| columns.is_named(*at, cell.label())) {
                self.units.insert(columns.forms[at].id.clone(), unit.to_owned());
            }
        }
    }
}
