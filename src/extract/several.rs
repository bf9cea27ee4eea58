//! Several reports on one page: tabs for the years, or a government's report with its offices' below it.
//!
//! They are told by their headings, which come again with text or tables between them (a table of contents has
//! neither). The one that the caller or the page's own title means is read as if it stood alone; where that cannot
//! be told nothing is read. Figures of one are never mixed with another's.

use super::forms::Forms;
use super::identity::{agency_of_title, dated_title, own_title, year_of_title};
use super::outline::{Candidate, Piece};
use super::{Hints, ReadOutcome, ReadReport};
use crate::model::{Block, Document, Problem, Year};
use crate::text::{compact, may_be_one_agency};
use std::ops::Range;

/// So many sections that come again make a report of their own.
const FEWEST_SECTIONS: usize = 3;
/// So much text between its headings makes a report of what might be a table of contents.
const LEAST_TEXT: usize = 200;

/// Where one of several reports stands.
#[derive(Debug)]
pub(super) struct Begin {
    /// The block with its title, else with its first heading.
    block: usize,
    /// Blocks from its first heading to its last.
    body: Range<usize>,
    title: Option<String>,
}

/// The reports of a document where they are several, else none. Headings stand in the order of the pieces.
pub(super) fn begins(pieces: &[Piece<'_>], candidates: &[Candidate]) -> Vec<Begin> {
    let starts: Vec<usize> =
        (0..candidates.len()).filter(|at| candidates[*at].section == 0 && candidates[*at].score == 2).collect();
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([candidates.len()]);
    let mut runs: Vec<Range<usize>> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    runs.retain(|run| has_body(pieces, &candidates[run.clone()]));
    let Some(first) = runs.first().cloned() else { return Vec::new() };
    runs.retain(|run| shared(&candidates[first.clone()], &candidates[run.clone()]) >= FEWEST_SECTIONS);
    if runs.len() < 2 {
        return Vec::new();
    }
    runs.into_iter().map(|run| begin(pieces, candidates, run)).collect()
}

/// Lines with the blocks that they stand in.
fn lines<'p>(pieces: &'p [Piece<'_>]) -> impl Iterator<Item = (usize, &'p str)> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Line { text, block, .. } => Some((*block, text.as_ref())),
        Piece::Table | Piece::Picture => None,
    })
}

/// Whether text or tables stand between headings.
fn has_body(pieces: &[Piece<'_>], run: &[Candidate]) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    let between = &pieces[first.piece..last.piece];
    let text: usize = lines(between).map(|(_, text)| text.chars().count()).sum();
    text >= LEAST_TEXT || between.iter().any(|piece| matches!(piece, Piece::Table))
}

/// How many sections both have.
fn shared(one: &[Candidate], other: &[Candidate]) -> usize {
    let has = |run: &[Candidate], section: usize| run.iter().any(|candidate| candidate.section == section);
    let sections = one.iter().map(|candidate| candidate.section).max().unwrap_or_default();
    (0..=sections).filter(|section| has(one, *section) && has(other, *section)).count()
}

fn begin(pieces: &[Piece<'_>], candidates: &[Candidate], run: Range<usize>) -> Begin {
    let block = |candidate: &Candidate| match &pieces[candidate.piece] {
        Piece::Line { block, .. } => *block,
        Piece::Table | Piece::Picture => 0,
    };
    let (first, last) = (&candidates[run.start], &candidates[run.end - 1]);
    let after = run.start.checked_sub(1).map_or(0, |before| candidates[before].piece + 1);
    let (blocks, head): (Vec<usize>, Vec<String>) =
        lines(&pieces[after..first.piece]).map(|(block, text)| (block, text.to_owned())).unzip();
    // The title nearest to the first heading is its own; above it may stand the page's.
    let title = (0..head.len()).rev().find_map(|end| dated_title(&head, end));
    Begin {
        block: title.as_ref().map_or(block(first), |(line, _)| blocks[*line]),
        body: block(first)..block(last) + 1,
        title: title.map(|(_, title)| title),
    }
}

/// Reads the one that is meant, or none.
pub(super) fn read(document: &Document, begins: &[Begin], hints: &Hints, forms: &Forms) -> ReadReport {
    let Some(chosen) = divided(begins).then(|| chosen(document, begins, hints)).flatten() else {
        let message = format!(
            "页面上有 {} 份年度报告，看不出应读哪一份，未读取；请用 --agency、--year 指明，或将其分开后检查",
            begins.len()
        );
        let mut problems = document.problems.clone();
        problems.push(Problem::new("reports-several", message));
        return ReadReport {
            outcome: ReadOutcome::Unreadable,
            media: document.media.mime().to_owned(),
            report: None,
            image_only: false,
            problems,
            private: Vec::new(),
            attachments: super::attachments(document),
        };
    };
    let start = if chosen == 0 { 0 } else { begins[chosen].block };
    let end = begins.get(chosen + 1).map_or(document.blocks.len(), |next| next.block);
    let mut alone = Document { blocks: document.blocks[start..end].to_vec(), ..document.clone() };
    let message = format!("页面上有 {} 份年度报告，按标题只读取了其中一份", begins.len());
    alone.problems.push(Problem::new("reports-chosen", message));
    super::read(&alone, hints, forms)
}

/// Whether each stands in blocks of its own.
fn divided(begins: &[Begin]) -> bool {
    begins.windows(2).all(|pair| pair[0].body.end <= pair[1].block)
}

/// The one that the caller or the page's own title means; the first where all say the same.
fn chosen(document: &Document, begins: &[Begin], hints: &Hints) -> Option<usize> {
    let own = own_title(document).unwrap_or_default();
    let year = hints.year.or_else(|| year_of_title(own));
    let agency = hints.agency.clone().unwrap_or_else(|| agency_of_title(own));
    let is_meant = |begin: &Begin| begin.title.as_deref().is_some_and(|title| fits(title, year, &agency));
    let meant: Vec<usize> = (0..begins.len()).filter(|at| is_meant(&begins[*at])).collect();
    match meant.as_slice() {
        [only] => Some(*only),
        _ => {
            let first = words(document, &begins[0]);
            begins[1..].iter().all(|begin| words(document, begin) == first).then_some(0)
        }
    }
}

/// Whether a title names what is wanted, as far as either says.
fn fits(title: &str, year: Option<Year>, agency: &str) -> bool {
    let of_year = year.is_none() || year_of_title(title) == year;
    of_year && may_be_one_agency(&agency_of_title(title), agency)
}

/// Everything that stands between its first and last heading, made comparable.
fn words(document: &Document, begin: &Begin) -> Vec<String> {
    let text = |block: &Block| match block {
        Block::Text(text) => compact(&text.text),
        Block::Table(grid) => grid.rows.iter().flatten().map(|cell| compact(&cell.text) + "|").collect(),
        Block::Picture => String::new(),
    };
    document.blocks[begin.body.clone()].iter().map(text).collect()
}
