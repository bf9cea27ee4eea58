//! Tables that lost their lines: words that only stand below and beside one another, put together again.
//!
//! Under the heading of a statutory table its labels are looked for, over as many lines as they take. Columns are where
//! the labels of the header stand and where full rows have their figures. A figure is taken only where exactly one row
//! and one column fit it; whatever does not fit leaves its row to the lines as they are.

mod chains;
mod columns;
mod words;

use super::{Row, RowCell, SharedCell, lines};
use crate::extract::forms::{Columns, Forms, TableId, block_of};
use crate::extract::tables::adds_up;
use crate::model::{Block, Document, Place};
use crate::rules::BlockForm;
use crate::text::{fold, split_numbering};
use chains::{Chain, Keys, chains};
use columns::{Places, figures};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use words::{Line, Printed, Word, lines_of, regions};

/// The most steps of all searches for labels in one document; a report takes some hundreds.
const MOST_STEPS: u32 = 100_000;

/// The rows of tables without lines, by the block that they stand for.
pub(super) fn rows<'a>(document: &'a Document, forms: &Forms) -> HashMap<usize, Vec<Row<'a>>> {
    let mut rows = HashMap::new();
    let is_placed = |block: &Block| matches!(block, Block::Text(text) if text.printed.is_some());
    if !document.blocks.iter().any(is_placed) {
        return rows;
    }
    let steps = Cell::new(MOST_STEPS);
    for (table, blocks) in regions(document, forms) {
        let lines = lines_of(&blocks);
        let read = |form: usize| Region { lines: &lines, table, forms, form, steps: &steps }.read();
        // The form whose labels are there; of several the last.
        let read = (0..forms.standards().len()).filter_map(read).max_by_key(|read| (read.headers, read.rows));
        // Of a table whose labels were not all looked for nothing is certain.
        if steps.get() == 0 {
            break;
        }
        rows.extend(read.into_iter().flat_map(|read| read.put(&blocks)));
    }
    rows
}

/// The lines under one heading, read as a table of one form.
struct Region<'r, 'a> {
    lines: &'r [Line<'a>],
    table: TableId,
    forms: &'r Forms,
    form: usize,
    /// How many steps are left for searches in this document.
    steps: &'r Cell<u32>,
}

/// What was read of a region.
#[derive(Default)]
struct Read<'a> {
    /// Rows put together, by the block for whose rest they stand.
    put: Vec<(usize, Row<'a>)>,
    /// Words that are in them, by where they come from.
    used: HashSet<(usize, usize)>,
    headers: usize,
    rows: usize,
}

/// A label of a row, and which row it names.
struct Hit<'f> {
    chain: Chain,
    block: &'f BlockForm,
    /// Its place among the rows of the form.
    nth: usize,
    /// Whether it is printed with the number that the form gives it.
    numbered: bool,
}

impl Hit<'_> {
    /// Whether its label is too long to be a part of another.
    fn is_long(&self) -> bool {
        self.chain.label.key.chars().count() >= SHORTEST_LABEL
    }
}

impl<'r, 'a> Region<'r, 'a> {
    fn read(&self) -> Option<Read<'a>> {
        let form = self.forms.table(self.form, self.table)?;
        let mut read = Read::default();
        if self.table == TableId::ReviewLitigation {
            let block = form.blocks.first()?;
            self.only_row(self.forms.columns(self.form, self.table, block), &mut read)?;
            return Some(read);
        }
        let hits = self.hits()?;
        let mut from = 0;
        for block in &form.blocks {
            let own: Vec<&Hit<'_>> = hits.iter().filter(|hit| std::ptr::eq(hit.block, block)).collect();
            let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
            let zone = from..first.chain.first();
            let end = hits.iter().map(|hit| hit.chain.first()).find(|line| *line > last.chain.last());
            let until = end.unwrap_or(self.lines.len());
            self.block(&own, zone, until, self.forms.columns(self.form, self.table, block), &mut read);
            from = last.chain.last() + 1;
        }
        (read.rows > 0).then_some(read)
    }

    /// The labels of rows, in the order of the form; `None` where they stand in another.
    fn hits(&self) -> Option<Vec<Hit<'r>>> {
        let form = self.forms.table(self.form, self.table)?;
        let keys = Keys::new(self.forms.labels(self.table).map(|(key, _)| key.as_str()));
        let order: Vec<&str> = form.blocks.iter().flat_map(|block| &block.rows).map(|row| row.id.as_str()).collect();
        let mut hits: Vec<Hit<'_>> = Vec::new();
        for chain in chains(self.lines, 0..self.lines.len(), &keys, self.steps) {
            let Some(hit) = self.forms.row(&chain.label).filter(|hit| hit.table == self.table) else { continue };
            // 其他处理 is a row in one form and in the other the name of a group of rows.
            let Some((block, _)) = block_of(form, &hit.row) else { continue };
            let nth = order.iter().position(|row| **row == *hit.row)?;
            let printed = block.rows.iter().find(|row| row.id == *hit.row).map_or("", |row| row.label.as_str());
            let (whole, numbered) = self.is_whole(&chain, printed);
            let hit = Hit { chain, block, nth, numbered };
            if whole || hit.is_long() {
                hits.push(hit);
            }
        }
        // Above the first row are the labels of columns, of which short ones are like those of rows.
        let first = hits.iter().filter(|hit| hit.is_long()).map(|hit| hit.chain.first()).min().unwrap_or(0);
        hits.retain(|hit| hit.nth == 0 || hit.is_long() || hit.chain.first() >= first);
        // The form has each once: of two the one with its number is the row, the other may head a column.
        let all: Vec<(usize, bool)> = hits.iter().map(|hit| (hit.nth, hit.numbered)).collect();
        hits.retain(|hit| {
            let rivals = || all.iter().filter(|(nth, _)| *nth == hit.nth);
            rivals().count() == 1 || hit.numbered && rivals().filter(|(_, numbered)| *numbered).count() == 1
        });
        hits.windows(2).all(|pair| pair[0].nth < pair[1].nth).then_some(hits)
    }

    /// Whether a label has the number that the form gives it, or stands on one line and has none: a short one may else be
    /// a part of another. And whether it has that number.
    fn is_whole(&self, chain: &Chain, printed: &str) -> (bool, bool) {
        let text: String = chain.words.iter().map(|(line, word)| self.lines[*line].words[*word].text).collect();
        let number = |text: &str| split_numbering(&fold(text)).map(|(_, number, _)| number);
        let (own, form) = (number(&text), number(printed));
        let numbered = own.is_some() && own == form;
        (numbered || chain.first() == chain.last() && own.is_none(), numbered)
    }

    /// The rows of one block of the form.
    fn block(&self, hits: &[&Hit<'_>], zone: Range<usize>, until: usize, columns: Columns<'_>, read: &mut Read<'a>) {
        let labels: Vec<&Chain> = hits.iter().map(|hit| &hit.chain).collect();
        let header = self.header(zone.clone(), columns);
        let is_taken = |line: usize, word: usize| labels.iter().any(|label| label.holds(line, word));
        // Figures may begin above the first line of their label.
        let top = header.iter().flatten().map(|chain| chain.last() + 1).max().unwrap_or(zone.end);
        let body = top.min(zone.end)..until;
        let left = labels.iter().map(|label| label.right).max().unwrap_or(0);
        let wanted = (columns.forms.len(), left);
        // Columns of a text stand elsewhere on each of its pages.
        let parts: Vec<(Range<usize>, Places)> = self
            .parts(body)
            .filter_map(|part| Some((part.clone(), Places::of(self.lines, part, header.as_deref(), wanted, &is_taken)?)))
            .collect();
        let places = |line: usize| parts.iter().find(|(part, _)| part.contains(&line)).map(|(_, places)| places);
        if header.is_none() && self.table == TableId::Proactive {
            return;
        }
        let mut own: Vec<Vec<usize>> = vec![Vec::new(); labels.len()];
        let mut stray: Vec<usize> = Vec::new();
        for (part, places) in &parts {
            for line in part.clone().filter(|line| places.has_figures(&self.lines[*line], *line, &is_taken)) {
                match self.beside(line, &labels) {
                    Some(label) => own[label].push(line),
                    // Words without a figure may head the next block.
                    None if places.has_values(&self.lines[line], line, &is_taken) => stray.push(line),
                    None => {}
                }
            }
        }
        // Figures that stand beside no label may be the rest of those of the one above or below.
        let doubtful: HashSet<usize> = stray.iter().flat_map(|line| self.around(*line, &labels)).collect();
        let before = read.rows;
        // Each label with its cells; where these are not certain they cannot be read, lest somebody takes their line for
        // a row.
        let mut rows: Vec<(usize, Vec<SharedCell<'a>>)> = Vec::new();
        let mut whole = stray.is_empty();
        for (at, lines) in own.iter().enumerate().filter(|(_, lines)| !lines.is_empty()) {
            // In a text what stands on the next line is not certain to go on.
            let certain = lines.len() == 1 || self.lines[lines[0]].page.is_some();
            let certain = certain && !doubtful.contains(&at);
            let cells = places(lines[0]).filter(|_| certain).and_then(|places| {
                let cells = places.cells(self.lines, lines, &is_taken)?;
                let must = lines.len() > 1 || places.must_add_up(self.lines, lines);
                (!must || add_up(&cells) != Some(false)).then_some(cells)
            });
            whole &= cells.is_some();
            read.rows += usize::from(cells.is_some());
            rows.push((at, cells.unwrap_or_else(|| filled(ILLEGIBLE, columns.forms.len()))));
        }
        if read.rows == before && (header.is_none() || !whole) {
            return;
        }
        // A label without figures has blank ones, if everything else found its place.
        if whole && header.is_some() {
            let is_blank =
                |at: &usize| own[*at].is_empty() && places(labels[*at].first()).is_some() && self.is_inside_page(labels[*at]);
            rows.extend((0..labels.len()).filter(is_blank).map(|at| (at, filled("", columns.forms.len()))));
        }
        if let Some(header) = header {
            let cells = header.iter().enumerate().map(|(at, chain)| self.label(chain, at as u32 + 1)).collect();
            let last = header.iter().flat_map(|chain| &chain.words).map(|word| self.home(*word).0).max();
            read.put.push((last.unwrap_or(0), torn(cells)));
            read.used.extend(header.iter().flat_map(|chain| &chain.words).map(|word| self.home(*word)));
            read.headers += 1;
        }
        // Figures that stand beside no label are nobody's: a row that a break cut is not read from its upper half.
        for line in stray {
            let words = self.lines[line].words.iter();
            read.used.extend(words.filter(|word| places(line).is_some_and(|it| it.is_figure(word))).map(|word| word.home));
        }
        for (at, values) in rows {
            let label = self.label(labels[at], 0);
            let complete = values.first().is_none_or(|cell| cell.text != ILLEGIBLE);
            let row = torn([label].into_iter().chain(values).collect());
            read.put.push((self.home(labels[at].words[0]).0, Row { complete, ..row }));
            read.used.extend(labels[at].words.iter().map(|word| self.home(*word)));
            for line in &own[at] {
                let words = self.lines[*line].words.iter();
                read.used.extend(words.filter(|word| places(*line).is_some_and(|it| it.is_figure(word))).map(|word| word.home));
            }
        }
    }

    fn home(&self, (line, word): (usize, usize)) -> (usize, usize) {
        self.lines[line].words[word].home
    }

    /// The table of section four: its figures have no label and stand under the header.
    fn only_row(&self, columns: Columns<'_>, read: &mut Read<'a>) -> Option<()> {
        let header = self.header(0..self.lines.len(), columns)?;
        let body = header.iter().map(Chain::last).max()? + 1..self.lines.len();
        let places = Places::of(self.lines, body.clone(), Some(&header), (columns.forms.len(), 0), &|_, _| false)?;
        let is_row = |line: &usize| figures(&self.lines[*line], *line, &|_, _| false).next().is_some();
        let own: Vec<usize> = body.filter(is_row).collect();
        // Numbers that had no room go on in the next line.
        let near = |pair: &[usize]| self.is_next_line(pair[0], pair[1]);
        if own.is_empty() || !own.windows(2).all(near) {
            return None;
        }
        let values = places.cells(self.lines, &own, &|_, _| false)?;
        let group = |at: &usize| columns.forms[*at].group.as_deref();
        let groups = (0..values.len()).collect::<Vec<_>>();
        let wrong = groups
            .chunk_by(|one, other| group(one) == group(other))
            .any(|own| add_up(&values[own[0]..own[0] + own.len()]) == Some(false));
        if wrong && (own.len() > 1 || places.must_add_up(self.lines, &own)) {
            return None;
        }
        let labels = header.iter().enumerate().map(|(at, chain)| self.label(chain, at as u32)).collect();
        let home = self.lines[own[0]].words.first()?.home.0;
        read.put.extend([(home, torn(labels)), (home, torn(values))]);
        read.used.extend(header.iter().flat_map(|chain| &chain.words).map(|word| self.home(*word)));
        read.used.extend(own.iter().flat_map(|line| &self.lines[*line].words).map(|word| word.home));
        (read.headers, read.rows) = (1, 1);
        Some(())
    }

    /// The lines in parts of which each has its columns in the same places.
    fn parts(&self, body: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let ends = |at: &usize| self.lines[*at].page.is_none() && self.lines[*at].y > self.lines[*at - 1].y + NEW_PAGE;
        let mut ends: Vec<usize> = (body.start + 1..body.end).filter(ends).collect();
        ends.push(body.end);
        let mut start = body.start;
        ends.into_iter().map(move |end| std::mem::replace(&mut start, end)..end)
    }

    /// The labels of columns, left to right, if they are the form's in its order.
    fn header(&self, zone: Range<usize>, columns: Columns<'_>) -> Option<Vec<Chain>> {
        let mut found = chains(self.lines, zone, &Keys::new(columns.names()), self.steps);
        found.sort_by_key(|chain| chain.left);
        let named = found.len() == columns.forms.len() && (0..found.len()).all(|at| columns.is_named(at, &found[at].label));
        let apart = found.windows(2).all(|pair| pair[0].right <= pair[1].left);
        (named && apart).then_some(found)
    }

    /// The one label beside which a line stands: no higher and no lower than it, or much nearer to it than to another.
    fn beside(&self, line: usize, labels: &[&Chain]) -> Option<usize> {
        let at = &self.lines[line];
        let away = |label: &Chain| {
            let (first, last) = (&self.lines[label.first()], &self.lines[label.last()]);
            let from = |end: &Line<'_>| if end.page == at.page { end.y.abs_diff(at.y) } else { u32::MAX };
            let within = (label.first()..=label.last()).contains(&line);
            let within = within || first.page == last.page && at.page == first.page && (first.y..=last.y).contains(&at.y);
            if within { 0 } else { from(first).min(from(last)) }
        };
        let mut nearest: Vec<(u32, usize)> = labels.iter().enumerate().map(|(at, label)| (away(label), at)).collect();
        nearest.sort_unstable();
        match nearest.as_slice() {
            // Lines of a text are told too roughly to be nearer to one.
            [(away, label), others @ ..] if *away == 0 || at.page.is_some() && *away <= at.size * 12 / 10 => {
                others.first().is_none_or(|(other, _)| *other > away.saturating_mul(3) / 2).then_some(*label)
            }
            _ => None,
        }
    }

    /// The nearest labels above and below a line, as far as its figures may belong to them.
    fn around(&self, line: usize, labels: &[&Chain]) -> impl Iterator<Item = usize> {
        let above = labels.iter().rposition(|label| label.last() < line).filter(|at| self.is_near(line, labels[*at].last()));
        let below = labels.iter().position(|label| label.first() > line).filter(|at| self.is_near(line, labels[*at].first()));
        above.into_iter().chain(below)
    }

    /// On another page everything is: a break may have cut a row, and what stands between are heads of columns.
    fn is_near(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.lines[one], &self.lines[other]);
        let apart = one.y.abs_diff(other.y);
        one.page != other.page || apart >= NEW_PAGE || apart <= 3 * one.size
    }

    /// Whether a line of a page stands right below another.
    fn is_next_line(&self, above: usize, below: usize) -> bool {
        let (above, below) = (&self.lines[above], &self.lines[below]);
        above.page.is_some() && above.page == below.page && below.y - above.y <= 2 * below.size
    }

    /// Whether a label stands between others on its page: what belongs to one at an edge may have been taken for a number
    /// of the page, or stand on the next.
    fn is_inside_page(&self, label: &Chain) -> bool {
        let same = |one: usize, other: usize| {
            let own = &self.lines[one];
            self.lines.get(other).is_none_or(|line| line.page == own.page && line.y.abs_diff(own.y) < NEW_PAGE)
        };
        label.first().checked_sub(1).is_some_and(|above| same(label.first(), above)) && same(label.last(), label.last() + 1)
    }

    fn label(&self, chain: &Chain, column: u32) -> SharedCell<'a> {
        let text: String = chain.words.iter().map(|(line, word)| self.lines[*line].words[*word].text).collect();
        let line = &self.lines[chain.first()];
        let quote = chain.words.first().map_or("", |(line, word)| self.lines[*line].words[*word].quote);
        RowCell::words(text, column, Place { page: line.page, ..Place::default() }, quote)
    }
}

/// Lines of a text that are further apart stand on two pages.
const NEW_PAGE: u32 = 5_000;

/// Whether the last of some figures is the sum of the others.
fn add_up(cells: &[SharedCell<'_>]) -> Option<bool> {
    adds_up(&cells.iter().map(Some).collect::<Vec<_>>())
}

/// A shorter label may be a part of another one.
const SHORTEST_LABEL: usize = 4;

fn torn(cells: Vec<SharedCell<'_>>) -> Row<'_> {
    Row { cells, torn: true, complete: true }
}

/// What stands in a cell that nobody can read.
const ILLEGIBLE: &str = "\u{fffd}";

/// The cells of a row, all alike.
fn filled<'a>(text: &'static str, width: usize) -> Vec<SharedCell<'a>> {
    let cell = |column| RowCell::new(Cow::Borrowed(text), column, 1, Place::default(), None);
    (1..=width as u32).map(cell).collect()
}

impl<'a> Read<'a> {
    /// The rows that stand for each line: what is left of it, and those put together.
    fn put(self, blocks: &[Printed<'a>]) -> HashMap<usize, Vec<Row<'a>>> {
        let Read { put, used, .. } = self;
        let mut rows: HashMap<usize, Vec<Row<'a>>> = HashMap::new();
        for Printed { block, text, words } in blocks {
            let left: Vec<&Word<'a>> = words.iter().map(|(word, _)| word).filter(|word| !used.contains(&word.home)).collect();
            let own = rows.entry(*block).or_default();
            if left.len() == words.len() {
                own.extend(lines::row(&text.text, text.page));
            } else if !left.is_empty() {
                let place = Place { page: text.page, ..Place::default() };
                let cell = |(nth, word): (usize, &&Word<'a>)| {
                    RowCell::new(Cow::Borrowed(word.text), nth as u32, 1, place.clone(), Some(word.quote))
                };
                own.push(torn(left.iter().enumerate().map(cell).collect()));
            }
        }
        for (block, row) in put {
            rows.entry(block).or_default().push(row);
        }
        rows
    }
}
