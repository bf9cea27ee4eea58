//! Tables that a page break cut, joined again.
//!
//! The part on the next page has the same columns. Its header, where it repeats the first, is dropped; a
//! merged label that began on the page before reaches down into it; a row of which each page has a part
//! becomes one. Two parts that might be two rows stay two.

use super::table::{CellBox, Table};
use crate::model::Reading;
use crate::text::{compact, is_filler, read_cell, split_numbering};

/// How far sides of columns may lie apart that are the same.
const SAME: f32 = 4.5;

/// Whether the second table carries on the first.
pub(super) fn continues(first: &Table, second: &Table) -> bool {
    let last_page = first.cells.iter().map(|cell| cell.page).max().unwrap_or(first.page);
    if second.page != last_page + 1 || (first.at.width() - second.at.width()).abs() > SAME {
        return false;
    }
    let shift = second.at.left - first.at.left;
    let sides = |table: &Table, shift: f32| {
        let mut sides: Vec<f32> = Vec::new();
        for left in table.cells.iter().map(|cell| cell.sides.0 - shift) {
            if (left - first.at.left).abs() > SAME && sides.iter().all(|known| (known - left).abs() > SAME) {
                sides.push(left);
            }
        }
        sides
    };
    let (above, below) = (sides(first, 0.0), sides(second, shift));
    let common = below.iter().filter(|side| above.iter().any(|known| (*known - **side).abs() <= SAME)).count();
    common > 0 && common * 3 >= above.len().min(below.len()) * 2
}

/// Joins the second table to the first.
pub(super) fn join(first: &mut Table, mut second: Table) {
    let shift = second.at.left - first.at.left;
    drop_header(first, &mut second);
    let mut below: Vec<CellBox> = Vec::new();
    let (cut, certain) = is_cut_row(first, &second, shift);
    first.complete &= certain;
    let blank_lead = second.row(0).iter().position(|cell| !is_blank(cell)).unwrap_or(0);
    let lead: Vec<f32> = second.row(0).iter().take(blank_lead).map(|cell| cell.sides.0).collect();
    let offset = first.rows - usize::from(cut);
    // Where the rows on both sides of the break have other columns they are two, and what they share is taller.
    let differs = second
        .cells
        .iter()
        .filter(|cell| cell.rows.0 == 0)
        .any(|cell| !first.cells.iter().any(|above| above.rows.1 == first.rows && same_columns(above, cell, shift)));
    for mut cell in second.cells {
        let above = first.cells.iter_mut().find(|above| above.rows.1 == first.rows && same_columns(above, &cell, shift));
        let merged = cell.rows.0 == 0
            && above.is_some_and(|above| {
                let tall = above.rows.1 - above.rows.0 > 1 || cell.rows.1 > 1 || lead.contains(&cell.sides.0);
                let joined = cut || tall && reaches_down(above, &cell) || differs && label_reaches_down(above, &cell);
                if joined {
                    above.rows.1 = offset + cell.rows.1;
                    add(above, &cell);
                }
                joined
            });
        if !merged {
            cell.rows = (cell.rows.0 + offset, cell.rows.1 + offset);
            cell.sides = (cell.sides.0 - shift, cell.sides.1 - shift);
            below.push(cell);
        }
    }
    first.rows = offset + second.rows;
    first.cells.extend(below);
    first.complete &= second.complete;
    first.closed.1 = second.closed.1;
}

fn is_blank(cell: &CellBox) -> bool {
    cell.text.chars().all(is_filler)
}

fn same_columns(above: &CellBox, below: &CellBox, shift: f32) -> bool {
    (above.sides.0 - below.sides.0 + shift).abs() <= SAME && (above.sides.1 - below.sides.1 + shift).abs() <= SAME
}

/// Adds the text of a cell's lower part to its upper part.
fn add(above: &mut CellBox, below: &CellBox) {
    if is_blank(below) || compact(&above.text) == compact(&below.text) {
        return;
    }
    if !is_blank(above) {
        above.text.push('\n');
    } else {
        // It is shown where it is printed.
        (above.page, above.at) = (below.page, below.at);
    }
    above.text.push_str(&below.text);
    above.full = below.full;
}

/// Whether a tall cell at the end of a page and one at the top of the next are one.
fn reaches_down(above: &CellBox, below: &CellBox) -> bool {
    is_blank(above) || is_blank(below) || compact(&above.text) == compact(&below.text) || above.full && is_rest(&below.text)
}

/// Whether a label at the end of a page goes on at the top of the next, or is printed in its upper half only.
fn label_reaches_down(above: &CellBox, below: &CellBox) -> bool {
    is_label(&above.text) && (is_blank(below) || is_label(&below.text) && above.full && is_rest(&below.text))
}

/// Whether a text may be the rest of a label: the beginning of one is numbered, or a number.
fn is_rest(text: &str) -> bool {
    let folded = compact(text);
    split_numbering(&folded).is_none() && !folded.starts_with(|c: char| c.is_ascii_digit())
}

/// Takes rows off the second table that repeat the first rows of the first.
fn drop_header(first: &Table, second: &mut Table) {
    let texts = |table: &Table, row: usize| -> Vec<String> { table.row(row).iter().map(|cell| compact(&cell.text)).collect() };
    let is_header = |texts: &[String]| {
        texts.iter().any(|text| !text.is_empty())
            && texts.iter().all(|text| text.is_empty() || text.contains(|c: char| !c.is_ascii_digit() && c != '.'))
    };
    let mut repeated = 0;
    while repeated + 1 < second.rows.min(first.rows) {
        let row = texts(second, repeated);
        if row != texts(first, repeated) || !is_header(&row) {
            break;
        }
        repeated += 1;
    }
    if repeated == 0 || second.cells.iter().any(|cell| cell.rows.0 < repeated && cell.rows.1 > repeated) {
        return;
    }
    second.cells.retain(|cell| cell.rows.0 >= repeated);
    for cell in &mut second.cells {
        cell.rows = (cell.rows.0 - repeated, cell.rows.1 - repeated);
    }
    second.rows -= repeated;
}

/// Whether the last row of the first table and the first of the second are one row, cut by the page break:
/// one has what the other lacks, and whatever goes on was broken where its cell was full. And whether that is certain.
fn is_cut_row(first: &Table, second: &Table, shift: f32) -> (bool, bool) {
    let mut pairs: Vec<(&CellBox, &CellBox)> = Vec::new();
    for below in second.cells.iter().filter(|cell| cell.rows.0 == 0) {
        let above = first.cells.iter().find(|above| above.rows.1 == first.rows && same_columns(above, below, shift));
        let Some(above) = above else { return (false, true) };
        // Tall labels reach over the break in their own way.
        if above.rows.1 - above.rows.0 == 1 && below.rows.1 == 1 {
            pairs.push((above, below));
        }
    }
    if pairs.len() < 2 {
        return (false, true);
    }
    pairs.sort_by(|a, b| a.0.sides.0.total_cmp(&b.0.sides.0));
    if go_on_differently(&pairs) {
        return (false, true);
    }
    let (labels, values) = pairs.split_at(labels(&pairs));
    let fits = values.iter().all(|(above, below)| is_blank(above) || is_blank(below) || above.full);
    let some_above = values.iter().any(|(above, _)| !is_blank(above));
    let some_below = values.iter().any(|(_, below)| !is_blank(below));
    let no_label = (labels.iter().all(|(above, _)| is_blank(above)), labels.iter().all(|(_, below)| is_blank(below)));
    let cut = match no_label {
        (false, true) => fits && some_below,
        (true, false) => some_above && !some_below,
        (false, false) => {
            let parts = values.iter().filter(|(above, below)| is_blank(above) != is_blank(below)).count();
            // Among numbered labels one without a number is the rest of the one before, wherever its line was ended.
            let numbered = |above: &CellBox| split_numbering(&compact(&above.text)).is_some() && some_above && !some_below;
            let goes_on = |(above, below): &(&CellBox, &CellBox)| {
                is_blank(below) || (above.full || numbered(above)) && is_rest(&below.text)
            };
            let words = values.iter().any(|(above, _)| is_word(above));
            fits && parts * 2 > values.len() && labels.iter().all(goes_on) && !words || is_cut_header(&pairs)
        }
        (true, true) => false,
    };
    // A row without figures beside one without a label, and the like, may be one or two.
    (cut, cut || !no_label.0 && some_above && !no_label.1 && some_below)
}

/// How many labels lead a row that a break may have cut: of a row of nothing but words the first alone.
fn labels(pairs: &[(&CellBox, &CellBox)]) -> usize {
    let is_label = |(above, below): &&(&CellBox, &CellBox)| is_word(above) || is_blank(above) && is_word(below);
    Some(pairs.iter().take_while(is_label).count()).filter(|labels| *labels < pairs.len()).unwrap_or(1).max(1)
}

/// Whether a cell holds words, not a figure.
fn is_word(cell: &CellBox) -> bool {
    read_cell(&cell.text).reading == Reading::Text
}

/// Whether a label that is printed again in every cell of a row goes on in different ways: then it does not go on, and
/// below is another row.
fn go_on_differently(pairs: &[(&CellBox, &CellBox)]) -> bool {
    let [(first, rest), others @ ..] = pairs else { return false };
    let (text, rest) = (compact(&first.text), compact(&rest.text));
    is_label(&text)
        && others.iter().all(|(above, _)| compact(&above.text) == text)
        && others.iter().any(|(_, below)| compact(&below.text) != rest)
}

/// Whether the cells of a row of labels go on below the break: all of them, or those that were full.
fn is_cut_header(pairs: &[(&CellBox, &CellBox)]) -> bool {
    let goes_on = |(_, below): &&(&CellBox, &CellBox)| !is_blank(below);
    let (all, full) =
        (pairs.iter().filter(goes_on).count(), pairs.iter().filter(goes_on).filter(|(above, _)| above.full).count());
    let enough = if all == pairs.len() { full * 5 >= all * 3 } else { all > 1 && full == all };
    let is_rest_of_label = |below: &CellBox| is_blank(below) || is_label(&below.text) && is_rest(&below.text);
    enough && pairs.iter().all(|(above, below)| is_label(&above.text) && is_rest_of_label(below))
}

/// Whether a text has words.
fn is_label(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::lattice::Rect;

    /// A table of rows of cells 60 points wide, none of them full.
    fn table<const N: usize>(page: u32, rows: &[[&str; N]]) -> Table {
        let cell = |row: usize, column: usize| {
            let (left, top) = (column as f32 * 60.0, row as f32 * 20.0);
            let at = Rect { left, top, right: left + 60.0, bottom: top + 20.0 };
            CellBox {
                rows: (row, row + 1),
                sides: (at.left, at.right),
                at,
                page,
                text: rows[row][column].to_owned(),
                full: false,
            }
        };
        let cells = (0..rows.len()).flat_map(|row| (0..N).map(move |column| cell(row, column))).collect();
        let at = Rect { left: 0.0, top: 0.0, right: N as f32 * 60.0, bottom: rows.len() as f32 * 20.0 };
        Table { at, page, cells, rows: rows.len(), complete: true, closed: (true, true) }
    }

    #[test]
    fn a_number_goes_on_below_the_break_as_its_labels_do() {
        let header = ["勾稽关系", "", "自然人", "其他", "总计"];
        let mut first = table(1, &[header, ["三、本", "1、属于国家秘密", "248", "无", "无"]]);
        first.cells.iter_mut().for_each(|cell| cell.full = true);
        join(&mut first, table(2, &[header, ["年度办理结果", "", "4", "", ""]]));
        assert_eq!((first.rows, first.row(1)[2].text.as_str()), (2, "248\n4"));
    }

    #[test]
    fn a_label_without_its_number_is_the_rest_of_the_one_before_the_break() {
        let header = ["勾稽关系", "自然人", "总计"];
        for (below, rows) in [(["补正后申请内容仍不明确", "", ""], 3), (["4.补正后申请内容仍不明确", "", ""], 4)]
        {
            let mut first = table(1, &[header, ["2.另行制作", "1", "1"], ["3.", "1377", "1377"]]);
            join(&mut first, table(2, &[header, below]));
            assert_eq!(first.rows, rows, "{below:?}");
        }
    }
}
