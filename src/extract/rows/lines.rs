//! Lines of text that read like rows of a table: a label with its figures, or one cell a line.

use super::super::forms::Forms;
use super::super::marks::torn_fits;
use super::{Row, RowCell, SharedCell};
use crate::model::Place;
use crate::text::{is_figure, is_filler};
use std::borrow::Cow;

/// The longest line that is taken for a row of a table.
const LONGEST_LINE: usize = 120;

/// A line of text as a row: a label, then the figures at its end. Long lines are prose; one without anything is a row
/// without cells, which `gather` takes away.
pub(super) fn row(line: &str, page: Option<u32>) -> Option<Row<'_>> {
    if line.chars().count() > LONGEST_LINE || memchr::memchr_iter(b'\t', line.as_bytes()).count() > MOST_COLUMNS {
        return None;
    }
    // Most lines are one piece.
    if !line.is_empty() && !line.contains(is_filler) && !line.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        let cell = RowCell::new(Cow::Borrowed(line), 0, 1, Place { page, ..Place::default() }, Some(line));
        return Some(Row { cells: vec![cell], torn: true, complete: true });
    }
    // Tabs stand for the gaps between columns; figures at the end may also stand one space apart.
    let columns: Vec<Vec<Cow<'_, str>>> = line.split('\t').map(words).collect();
    let mut figures = 0;
    for column in columns.iter().rev() {
        let tail = column.iter().rev().take_while(|word| is_figure(word) && !is_numbering(word)).count();
        figures += tail;
        if tail < column.len() {
            break;
        }
    }
    let mut pieces: Vec<String> = Vec::new();
    let mut left: usize = columns.iter().map(Vec::len).sum::<usize>() - figures;
    let mut values: Vec<String> = Vec::new();
    for column in columns {
        let (label, figures) = column.split_at(column.len().min(left));
        left -= label.len();
        if !label.is_empty() {
            pieces.push(label.concat());
        }
        values.extend(figures.iter().map(|word| word.clone().into_owned()));
    }
    // 「行政许可97」, 「重新出具已获取信息0 57 0」: the figure is glued to its label.
    if values.len() != 1
        && let Some(text) = pieces.pop()
    {
        let at = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')).len();
        let at = if values.is_empty() || at > 0 && is_figure(&text[at..]) { at } else { text.len() };
        let (label, figure) = text.split_at(at);
        pieces.extend([label, figure].into_iter().filter(|piece| !piece.is_empty()).map(str::to_owned));
    }
    pieces.extend(values);
    let place = Place { page, ..Place::default() };
    let cell = |(at, text): (usize, String)| match is_numbering(&text) {
        true => RowCell::words(text, at as u32, place.clone(), line),
        false => RowCell::new(Cow::Owned(text), at as u32, 1, place.clone(), Some(line)),
    };
    let cells: Vec<SharedCell<'_>> = pieces.into_iter().enumerate().map(cell).collect();
    Some(Row { cells, torn: true, complete: true })
}

/// Whether a word is the number of a label whose words were torn away from it.
fn is_numbering(word: &str) -> bool {
    word.ends_with(['.', '．', '、'])
}

/// More columns has no table.
const MOST_COLUMNS: usize = 64;

/// The words of a column, in which 「增 12」 and 「3360 万元」 are one.
fn words(column: &str) -> Vec<Cow<'_, str>> {
    let mut words: Vec<Cow<'_, str>> = Vec::new();
    for word in column.split(is_filler).filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if are_one_figure(last, word) => last.to_mut().push_str(word),
            _ => words.push(Cow::Borrowed(word)),
        }
    }
    words
}

/// Whether two words are one figure, a sign before its number or a unit behind it. Two figures are two: a dash stands
/// for a cell of its own.
fn are_one_figure(before: &str, word: &str) -> bool {
    let short = before.len() <= LONGEST_WORD && word.len() <= LONGEST_WORD;
    short && is_figure(before) != is_figure(word) && is_figure(&[before, word].concat())
}

/// No figure has longer words, in bytes.
const LONGEST_WORD: usize = 24;

/// Whether a line is a row of a table that lost its lines: figures at its end, one after another, as no sentence has them.
pub fn is_row(line: &str) -> bool {
    // Nearly every line is prose, whose last word is a whole sentence.
    let last = line.rsplit(is_filler).find(|word| !word.is_empty()).unwrap_or_default();
    if last.len() > LONGEST_WORD || last.ends_with(['。', '；', '，', '：']) {
        return false;
    }
    let words = words(line);
    let figures = words.iter().rev().take_while(|word| is_figure(word)).count();
    // 「- 12 -」 is the number of a page.
    if figures == words.len() && figures < MANY_FIGURES {
        return false;
    }
    figures >= FIGURES || figures + 1 == FIGURES && !line.contains(['，', '。', '；', '：', ','])
}

/// So many figures no sentence ends with; one fewer no line that has the marks of none.
const FIGURES: usize = 3;
/// So many figures are a row even without a label.
const MANY_FIGURES: usize = 5;

/// Puts together the rows of tables that were written one cell a line: figures that follow one another, and the
/// label of the form above them where the form has so many figures beside it.
pub(super) fn gather<'a>(rows: Vec<Row<'a>>, forms: &Forms) -> Vec<Row<'a>> {
    let is_figure = |row: &Row<'_>| row.torn && row.cells.len() == 1 && row.cells[0].is_value() && !row.cells[0].is_blank();
    if !rows.windows(2).any(|pair| pair.iter().all(is_figure)) {
        return rows.into_iter().filter(|row| !row.cells.is_empty()).collect();
    }
    let mut gathered: Vec<Row<'a>> = Vec::with_capacity(rows.len());
    let mut figures: Vec<Row<'a>> = Vec::new();
    // A line without anything may be a blank cell: then which figure stands in which column is not certain.
    let mut gap = false;
    for row in rows {
        if row.cells.is_empty() {
            gap = true;
        } else if is_figure(&row) {
            figures.push(row);
        } else {
            put(std::mem::take(&mut figures), &mut gathered, forms, std::mem::take(&mut gap));
            gathered.push(row);
        }
    }
    put(figures, &mut gathered, forms, gap);
    gathered
}

/// Figures after the label that they belong to, or as a row of their own.
fn put<'a>(figures: Vec<Row<'a>>, rows: &mut Vec<Row<'a>>, forms: &Forms, gap: bool) {
    if gap || figures.is_empty() {
        rows.extend(figures);
        return;
    }
    let figures: Vec<SharedCell<'a>> = figures.into_iter().flat_map(|row| row.cells).collect();
    let is_label = |row: &&mut Row<'_>| match row.cells.as_slice() {
        [only] if row.torn => forms.row(only.label()).is_some_and(|hit| torn_fits(hit, &figures)),
        _ => false,
    };
    match rows.last_mut().filter(is_label) {
        Some(label) => label.cells.extend(figures),
        None => rows.push(Row { cells: figures, torn: true, complete: true }),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_row, row};

    fn cells(line: &str) -> Vec<String> {
        row(line, None).map(|row| row.cells.iter().map(|cell| cell.text.to_string()).collect()).unwrap_or_default()
    }

    #[test]
    fn a_line_is_taken_apart_into_its_label_and_its_figures() {
        for (line, wanted) in [
            ("行政许可 129 增 12 765", ["行政许可", "129", "增12", "765"].as_slice()),
            ("政府集中采购\t16\t3360 万元", &["政府集中采购", "16", "3360万元"]),
            ("规章 - 12 3", &["规章", "-", "12", "3"]),
            ("规章 0 — 12", &["规章", "0", "—", "12"]),
            ("重新出具已获取信息0 57 0", &["重新出具已获取信息", "0", "57", "0"]),
            ("行政处罚97", &["行政处罚", "97"]),
        ] {
            assert_eq!(cells(line), wanted, "{line}");
        }
    }

    #[test]
    fn a_row_is_no_sentence() {
        for line in ["（一）予以公开 0 40 23 12 0 0 75", "0 0 0 0 0 1", "政府集中采购 16 3360 万元", "规章\t0\t-\t3"]
        {
            assert!(is_row(line), "{line}");
        }
        for line in
            ["全年公开信息 265 条，发布解读 10 篇。", "- 12 -", "2019 年 1 月 1", "共收到申请 3 件", "其中，公开 12 5", ""]
        {
            assert!(!is_row(line), "{line}");
        }
    }
}
