//! What stands on each page and belongs to none: running heads, page numbers, lines of a viewer.

use super::lines::Line;
use crate::model::Reading;
use crate::text::{compact, is_figure, is_filler, read_cell};
use std::collections::HashMap;

/// So much of a page's height, at its top and bottom, may hold furniture.
const MARGIN: f32 = 0.12;

/// A line that is no part of a table, on its page.
pub(super) struct Loose<'a> {
    pub(super) line: &'a Line,
    /// The page, from 0.
    pub(super) page: usize,
    /// The height of the page.
    pub(super) height: f32,
}

/// Which lines are furniture.
pub(super) fn furniture(lines: &[Loose<'_>]) -> Vec<bool> {
    let mut seen: HashMap<(String, i32), Vec<usize>> = HashMap::new();
    let keys: Vec<Option<(String, i32)>> = lines.iter().map(key).collect();
    for (loose, key) in lines.iter().zip(&keys) {
        if let Some(key) = key {
            seen.entry(key.clone()).or_default().push(loose.page);
        }
    }
    let repeated = |key: &(String, i32)| {
        let around = (-1..=1).flat_map(|step| seen.get(&(key.0.clone(), key.1 + step)).into_iter().flatten());
        let mut pages: Vec<usize> = around.copied().collect();
        pages.sort_unstable();
        pages.dedup();
        pages.len() > 1
    };
    let few = lines.iter().map(|loose| loose.page).max().unwrap_or(0) < 2;
    // A number alone may be the rest of a figure that a break cut; those of pages count with the pages.
    let counts = |loose: &Loose<'_>| Some(bare_number(loose.line)? - loose.page as i64);
    let counted: Vec<(usize, i64)> = lines.iter().filter_map(|loose| Some((loose.page, counts(loose)?))).collect();
    let is_counted = |loose: &Loose<'_>| {
        counts(loose).is_none_or(|own| counted.iter().any(|(page, other)| *page != loose.page && *other == own))
    };
    let is_furniture = |loose: &Loose<'_>, key: &(String, i32)| {
        let text = loose.line.text();
        // Figures side by side are a row of a table, at the edge of a page too; and one alone is a page number only if
        // other pages have theirs there, as far as there are others.
        !is_row(&text)
            && (repeated(key) && is_counted(loose) || few && is_page_number(&text) && counts(loose).is_none_or(|own| own == 1))
    };
    lines.iter().zip(&keys).map(|(loose, key)| key.as_ref().is_some_and(|key| is_furniture(loose, key))).collect()
}

/// The number that is all of a line.
fn bare_number(line: &Line) -> Option<i64> {
    compact(&line.text()).parse().ok()
}

/// Whether nothing but figures stands in a line, and more than one.
fn is_row(text: &str) -> bool {
    let words = || text.split(is_filler).filter(|word| !word.is_empty());
    text.contains('\t') && words().all(|word| is_figure(word) || read_cell(word).reading == Reading::NotApplicable)
}

/// A line at the top or bottom of its page: its text without numbers, and where it stands.
fn key(loose: &Loose<'_>) -> Option<(String, i32)> {
    let (_, y) = loose.line.at.middle();
    let edge = y < loose.height * MARGIN || y > loose.height * (1.0 - MARGIN);
    let text: String = compact(&loose.line.text()).chars().filter(|c| !c.is_ascii_digit()).collect();
    edge.then_some((text, (y / 6.0) as i32))
}

/// 「3」, 「- 3 -」, 「第 3 页 共 7 页」, 「3/7」.
fn is_page_number(text: &str) -> bool {
    let text = compact(text);
    let bare: String = text
        .chars()
        .filter(|c| {
            !matches!(c, '-' | '—' | '–' | '―' | '─' | '第' | '页' | '共' | '/' | ',' | '·' | '•' | '~' | '|' | 'P' | 'p' | '.')
        })
        .collect();
    // 6.54 is an amount.
    let amount = text.split_once('.').is_some_and(|(whole, _)| whole.ends_with(|c: char| c.is_ascii_digit()));
    !amount && !bare.is_empty() && bare.len() <= 6 && bare.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_page_number, is_row};

    #[test]
    fn a_row_of_figures_at_the_edge_of_a_page_is_no_page_number() {
        assert!(["0\t0\t263", "—\t/", "无\t无\t1"].iter().all(|text| is_row(text)));
        assert!(["3", "- 3 -", "3\t共 7 页"].iter().all(|text| !is_row(text)));
    }

    #[test]
    fn page_numbers_are_told() {
        for text in ["3", "— 3 —", "-12-", "第 3 页 共 7 页", "3/7", "－ 4 －"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["2025年1月10日", "——", "3件", "共3人", "6.54"] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
