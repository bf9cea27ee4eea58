//! Automatic numbers of OpenDocument lists and headings.

use super::super::digits::written;
use super::super::xml::Element;
use std::collections::HashMap;

/// Levels that a list has.
const LEVELS: usize = 10;

/// How one level is numbered; bullets have no format.
#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    prefix: String,
    suffix: String,
    start: u32,
    /// How many levels its number shows.
    shown: usize,
}

/// Every list style, and how far each list was counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    styles: HashMap<String, Vec<Option<Level>>>,
    /// The list style of a paragraph style.
    of_styles: HashMap<String, String>,
    counted: HashMap<String, [Option<u32>; LEVELS]>,
}

/// The list style of headings outside lists.
const OUTLINE: &str = "\u{0}outline";

impl Lists {
    pub(super) fn of_style(&mut self, style: &str, list: &str) {
        self.of_styles.insert(style.to_owned(), list.to_owned());
    }

    /// Takes in the list styles below an element.
    pub(super) fn take(&mut self, root: Element<'_, '_>) {
        for style in root.all("list-style") {
            if let Some(name) = style.attribute("name") {
                self.styles.insert(name.into_owned(), levels(style));
            }
        }
        for style in root.all("outline-style") {
            self.styles.insert(OUTLINE.to_owned(), levels(style));
        }
    }

    /// Begins a list anew.
    pub(super) fn restart(&mut self, style: &str) {
        self.counted.remove(style);
    }

    /// The number of the next item of a list.
    pub(super) fn next(&mut self, style: &str, level: usize, start: Option<u32>) -> String {
        let Some(levels) = self.styles.get(style) else { return String::new() };
        let level = level.min(LEVELS - 1);
        let Some(own) = levels.get(level).and_then(Option::as_ref) else { return String::new() };
        let start_of = |at: usize| levels.get(at).and_then(Option::as_ref).map_or(1, |level| level.start);
        let counted = self.counted.entry(style.to_owned()).or_default();
        for (above, count) in counted.iter_mut().enumerate().take(level) {
            count.get_or_insert_with(|| start_of(above));
        }
        counted[level] =
            Some(start.unwrap_or_else(|| counted[level].map_or_else(|| start_of(level), |count| count.saturating_add(1))));
        counted[level + 1..].fill(None);
        if own.format.is_empty() {
            return String::new();
        }
        let first = (level + 1).saturating_sub(own.shown.max(1));
        let numbers = (first..=level).filter_map(|at| {
            let format =
                levels.get(at).and_then(Option::as_ref).map(|level| level.format.as_str()).filter(|format| !format.is_empty())?;
            Some(written(counted[at].unwrap_or(1), word_format(format)))
        });
        let mut text = format!("{}{}{}", own.prefix, numbers.collect::<Vec<_>>().join("."), own.suffix);
        if text.ends_with(|c: char| c.is_ascii() || c.is_alphanumeric()) {
            text.push(' ');
        }
        text
    }

    /// The number of a heading that stands in no list.
    pub(super) fn heading(&mut self, style: Option<&str>, level: usize) -> String {
        let list = style.and_then(|style| self.of_styles.get(style)).cloned().unwrap_or_else(|| OUTLINE.to_owned());
        self.next(&list, level, None)
    }
}

fn levels(style: Element<'_, '_>) -> Vec<Option<Level>> {
    let mut levels = vec![None; LEVELS];
    for element in style.children() {
        let Some(slot) = element.number::<usize>("level").and_then(|level| levels.get_mut(level.checked_sub(1)?)) else {
            continue;
        };
        let text = |name: &str| element.attribute(name).unwrap_or_default().into_owned();
        *slot = Some(Level {
            format: text("num-format"),
            prefix: text("num-prefix"),
            suffix: text("num-suffix"),
            start: element.number("start-value").unwrap_or(1),
            shown: element.number("display-levels").unwrap_or(1),
        });
    }
    levels
}

/// Word's name of a number format.
fn word_format(format: &str) -> &'static str {
    match format.chars().next() {
        Some('a') => "lowerLetter",
        Some('A') => "upperLetter",
        Some('i') => "lowerRoman",
        Some('I') => "upperRoman",
        Some('一') => "chineseCounting",
        Some('壹') => "chineseLegalSimplified",
        Some('甲') => "ideographTraditional",
        Some('１') => "decimalFullWidth",
        Some('①') => "decimalEnclosedCircle",
        _ => "decimal",
    }
}
