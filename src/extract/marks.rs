//! What each row of the stream is: a header, a row of the form, or figures without a label.
//!
//! A row is told by its own labels; only figures without any are told by the table they stand in.

use super::forms::{Forms, Label, RowHit, TableId};
use super::rows::{Row, RowCell, SharedCell};
use crate::text::{fold, split_numbering};
use std::ops::Range;
use std::sync::Arc;

/// What a row of the stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Labels of columns of a table.
    Header(TableId),
    /// A row of the form; the index of its label's cell.
    Told(RowHit, usize),
    /// Figures without a label, inside a table.
    Bare(TableId),
    /// Figures under a label that the form does not have.
    Strange(TableId, usize),
    /// A line with a row's figures whose label was torn apart; the number of cells before the figures, and the row
    /// where the pieces around it make its label.
    Torn(TableId, usize, Option<Arc<str>>),
    /// A few figures inside a table that belong to nothing.
    Stray(TableId),
    Other,
}

pub(super) fn mark(rows: &[Row<'_>], forms: &Forms) -> Vec<Mark> {
    let mut marks = each(rows, forms);
    for at in (0..rows.len()).filter(|at| rows[*at].torn) {
        if let Some((hit, figures_at)) = put_together(rows, &marks, at, forms) {
            marks[at] = Mark::Torn(hit.table, figures_at, Some(hit.row));
        }
    }
    // A few figures above or below a line may be the rest of its figures, which had no room: none of them is certain.
    // Section four's one row may stand on several lines, and is looked at as a whole.
    let doubtful = |at: &usize| match &marks[*at] {
        _ if !rows[*at].torn => None,
        Mark::Told(RowHit { table, .. }, _) | Mark::Torn(table, ..) | Mark::Bare(table) if *table == TableId::Applications => {
            is_beside_stray(rows, &marks, *at..*at + 1).then_some(*table)
        }
        // Rows of section two are so short that a number above one is seldom of it.
        Mark::Told(RowHit { table, .. }, _) if *table == TableId::Proactive => {
            (marks.get(*at + 1) == Some(&Mark::Stray(*table))).then_some(*table)
        }
        _ => None,
    };
    for (at, id) in (0..rows.len()).filter_map(|at| Some((at, doubtful(&at)?))).collect::<Vec<_>>() {
        marks[at] = Mark::Stray(id);
    }
    marks
}

/// So many lines above and below its figures may hold the pieces of one label.
const MOST_PIECES: usize = 4;
/// Fewer letters also come about where pieces of two labels meet.
const SHORTEST_LABEL: usize = 4;

/// The row of the form whose label the lines around some figures make, put together with what stands before the figures;
/// and where the figures begin.
fn put_together(rows: &[Row<'_>], marks: &[Mark], at: usize, forms: &Forms) -> Option<(RowHit, usize)> {
    let (table, figures_at) = match &marks[at] {
        Mark::Bare(id) | Mark::Stray(id) => (*id, 0),
        Mark::Torn(id, figures_at, None) => (*id, *figures_at),
        _ => return None,
    };
    let piece = |at: &usize| is_piece(rows, marks, *at).then(|| rows[*at].cells[0].text.as_ref());
    let above: Vec<&str> = (0..at).rev().take(MOST_PIECES).map_while(|at| piece(&at)).collect();
    let below: Vec<&str> = (at + 1..rows.len()).take(MOST_PIECES).map_while(|at| piece(&at)).collect();
    let (own, values) = rows[at].cells.split_at(figures_at);
    let own: String = own.iter().map(|cell| cell.text.as_ref()).collect();
    let label = |(up, down): (usize, usize)| -> String {
        above[..up].iter().rev().copied().chain([own.as_str()]).chain(below[..down].iter().copied()).collect()
    };
    // What only stands below may be the label of the next row; what only stands above, without its number, the rest of
    // the label before.
    let is_own = |(up, down): &(usize, usize)| {
        let numbered = || table == TableId::Proactive || split_numbering(&fold(&label((*up, *down)))).is_some();
        *up > 0 && (*down > 0 || !own.is_empty() || numbered()) || *down > 0 && !own.is_empty()
    };
    let spans = (0..=above.len()).flat_map(|up| (0..=below.len()).map(move |down| (up, down))).filter(is_own);
    let labels = spans.map(|span| Label::new(&label(span))).filter(|label| label.key.chars().count() >= SHORTEST_LABEL);
    let hits: Vec<&RowHit> = labels.filter_map(|label| forms.row(&label)).collect();
    let (hit, others) = hits.split_first()?;
    let fits = hit.table == table && torn_fits(hit, values) && others.iter().all(|other| other == hit);
    fits.then(|| ((*hit).clone(), figures_at))
}

/// Whether a line is a piece of a label: one short cell of words.
fn is_piece(rows: &[Row<'_>], marks: &[Mark], at: usize) -> bool {
    marks[at] == Mark::Other && rows[at].torn && rows[at].cells.len() == 1 && !is_prose(&rows[at])
}

/// Whether a few figures that belong to nothing stand next to some rows, at most pieces of labels between them.
pub(super) fn is_beside_stray(rows: &[Row<'_>], marks: &[Mark], span: Range<usize>) -> bool {
    let is_piece = |at: &usize| marks[*at] == Mark::Other && rows[*at].torn && !is_prose(&rows[*at]);
    let is_stray = |at: usize| matches!(marks[at], Mark::Stray(_));
    let above = (0..span.start).rev().find(|at| !is_piece(at));
    let below = (span.end..marks.len()).find(|at| !is_piece(at));
    above.is_some_and(is_stray) || below.is_some_and(is_stray)
}

/// Whether a line is longer than any piece of a label.
fn is_prose(row: &Row<'_>) -> bool {
    row.cells.iter().any(|cell| cell.text.chars().count() > 40)
}

fn each(rows: &[Row<'_>], forms: &Forms) -> Vec<Mark> {
    let mut context: Option<TableId> = None;
    rows.iter()
        .enumerate()
        .map(|(at, row)| {
            let mark = mark_row(row, context, forms, at + 1 == rows.len());
            match &mark {
                Mark::Header(id) | Mark::Bare(id) | Mark::Strange(id, _) | Mark::Torn(id, ..) => context = Some(*id),
                Mark::Told(hit, _) => context = Some(hit.table),
                Mark::Stray(_) => {}
                // Prose ends a table; short torn pieces of labels do not.
                Mark::Other if row.torn && is_prose(row) => context = None,
                Mark::Other if row.torn && row.cells.len() == 1 => {
                    context = forms.table_under(row.cells[0].label()).or(context);
                }
                Mark::Other => {}
            }
            mark
        })
        .collect()
}

fn mark_row(row: &Row<'_>, context: Option<TableId>, forms: &Forms, last: bool) -> Mark {
    if let Some((hit, at)) = told(row, context, forms, last) {
        return Mark::Told(hit, at);
    }
    let values = row.cells.iter().filter(|cell| cell.is_value()).count();
    let numbers = row.cells.iter().filter(|cell| cell.is_number()).count();
    let texts: Vec<&SharedCell<'_>> = row.cells.iter().filter(|cell| !cell.is_value()).collect();
    let longest = if row.torn { LONGEST_LINE } else { LONGEST_HEADER };
    if texts.iter().map(|cell| cell.text.len()).sum::<usize>() <= longest
        && let Some(id) = header_mark(&texts, context, forms)
    {
        return Mark::Header(id);
    }
    let Some(id) = context else { return Mark::Other };
    // 见附件: a few words stand among the figures.
    let remarks = !row.torn && values >= 2 * texts.len() && texts.iter().all(|cell| is_remark(cell, forms));
    let printed = row.cells.iter().any(|cell| cell.is_value() && !cell.is_blank());
    if id == TableId::ReviewLitigation && remarks && printed && row.cells.len() >= minimum(id) {
        return Mark::Bare(id);
    }
    if texts.is_empty()
        && (values >= 5 && (numbers > 0 || id == TableId::ReviewLitigation || values >= 7) || row.torn && numbers >= 5)
    {
        return Mark::Bare(id);
    }
    if texts.is_empty() && row.torn && numbers > 0 {
        return Mark::Stray(id);
    }
    let figures = row.cells.iter().rev().take_while(|cell| cell.is_value()).count();
    if row.torn && id == TableId::Applications && figures == APPLICANTS && numbers > 0 {
        return Mark::Torn(id, row.cells.len() - figures, None);
    }
    // A label the form does not have, before at least as many figures as any table's row holds.
    let last_text = row.cells.iter().rposition(|cell| !cell.is_value());
    match last_text {
        Some(at)
            if !row.torn && row.cells.len() - at > minimum(id) && row.cells[at + 1..].iter().any(|cell| cell.is_number()) =>
        {
            Mark::Strange(id, at)
        }
        _ => Mark::Other,
    }
}

/// No line of a header, and no row of one in a grid, has more bytes of text.
const LONGEST_LINE: usize = 240;
const LONGEST_HEADER: usize = 1200;

/// How many figures a row of section three's table has in every form.
const APPLICANTS: usize = 7;

/// How many figures a row of a table has at least.
fn minimum(id: TableId) -> usize {
    match id {
        TableId::Proactive => 1,
        TableId::Applications | TableId::ReviewLitigation => 5,
    }
}

/// The row of the form that one of the labels names, the label nearest to the figures first.
fn told(row: &Row<'_>, context: Option<TableId>, forms: &Forms, last: bool) -> Option<(RowHit, usize)> {
    let labels = || {
        row.cells.iter().enumerate().rev().filter(|(at, cell)| *at + 1 < row.cells.len() && !cell.is_blank() && !cell.is_number())
    };
    let fits = |hit: &RowHit, at: usize| {
        let values = &row.cells[at + 1..];
        // 见附件: a few words beside a row's label, in a table of section two, are what its cells say.
        if hit.table == TableId::Proactive
            && context == Some(hit.table)
            && !row.torn
            && values.iter().all(|cell| is_remark(cell, forms))
        {
            return true;
        }
        // A page may be cut inside its last row.
        (values.len() >= minimum(hit.table) || last && context == Some(hit.table))
            && values
                .iter()
                .all(|cell| cell.is_value() || !row.torn && values.len() > 2 && forms.header_of(cell.label()).is_none())
            && values.iter().filter(|cell| cell.is_value()).count() * 2 >= values.len()
            && (!row.torn || torn_fits(hit, values))
    };
    // 总计 and 其他 head a column and a row: beside other heads of columns they head a column.
    let heads = || row.cells.iter().filter(|cell| forms.heads_column(cell.label())).count();
    for (at, cell) in labels() {
        if let Some(hit) = forms.row(cell.label()).filter(|hit| fits(hit, at) && (at == 0 || heads() < 2)) {
            return Some((hit.clone(), at));
        }
    }
    // A damaged label is believed only in a grid, inside the table it belongs to, and if nothing else fits.
    let context = context.filter(|_| !row.torn)?;
    let (at, cell) = labels().next()?;
    forms.nearest_row(cell.label(), context).filter(|hit| fits(hit, at)).map(|hit| (hit.clone(), at))
}

/// A figure, or a few words that are no label of the form.
fn is_remark(cell: &RowCell<'_>, forms: &Forms) -> bool {
    let short = cell.text.chars().count() <= LONGEST_REMARK;
    cell.is_value() || short && forms.header_of(cell.label()).is_none() && forms.row(cell.label()).is_none()
}

/// The longest remark that stands in the place of a figure.
const LONGEST_REMARK: usize = 12;

/// A line of text is a row only with exactly the figures that the form has there.
pub(super) fn torn_fits(hit: &RowHit, values: &[SharedCell<'_>]) -> bool {
    match hit.table {
        TableId::Applications => values.len() == APPLICANTS,
        TableId::Proactive => values.len() <= 3,
        TableId::ReviewLitigation => false,
    }
}

/// The table whose header a row of labels is.
fn header_mark(texts: &[&SharedCell<'_>], context: Option<TableId>, forms: &Forms) -> Option<TableId> {
    let known: Vec<TableId> = texts.iter().filter_map(|cell| forms.header_of_near(cell.label(), context)).collect();
    let joined: String = texts.iter().map(|cell| cell.label().key.as_str()).collect();
    // Labels torn into one line still name the table they head.
    if joined.contains("信息内容") || joined.contains("第二十条第") && joined.chars().count() < 16 {
        return Some(TableId::Proactive);
    }
    if joined.contains("申请人情况") || joined.contains("自然人") && joined.contains("总计") && joined.chars().count() < 40
    {
        return Some(TableId::Applications);
    }
    if joined.contains("未经复议直接起诉") && joined.chars().count() < 80 {
        return Some(TableId::ReviewLitigation);
    }
    if matches!(joined.as_str(), "行政复议行政诉讼" | "行政复议" | "行政诉讼") {
        return Some(TableId::ReviewLitigation);
    }
    match known.as_slice() {
        [] => None,
        [first, ..] if known.len() * 2 >= texts.len() && (known.len() > 1 || context == Some(*first)) => Some(*first),
        _ => None,
    }
}
