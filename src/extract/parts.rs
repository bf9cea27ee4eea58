//! The parts that the form names inside section one: by their headings, else by their words in the text.
//!
//! Their order, numbers and wording vary, and two of them may share a heading; so each is looked for by its own words.

use crate::model::{Part, Section};
use crate::rules::{PartForm, Standard};
use crate::text::{fold, split_numbering, squeeze};

/// The longest text that is taken for a heading.
const LONGEST_HEADING: usize = 30;

/// The parts of the sections that have any, in the order of the form.
pub(super) fn parts(sections: &[Section], standard: &Standard) -> Vec<Part> {
    let mut parts = Vec::new();
    for form in standard.sections.iter().filter(|form| !form.parts.is_empty()) {
        let paragraphs = sections.iter().find(|section| section.id == form.id).map_or(&[][..], |section| &section.paragraphs);
        let headings: Vec<&str> = paragraphs.iter().filter_map(|paragraph| heading(paragraph)).collect();
        parts.extend(form.parts.iter().map(|part| found(part, &form.id, &headings, paragraphs)));
    }
    parts
}

fn found(part: &PartForm, section: &str, headings: &[&str], paragraphs: &[String]) -> Part {
    let names = |text: &str| part.words.iter().any(|word| text.contains(word.as_str()));
    let heading = headings.iter().find(|heading| names(heading));
    Part {
        id: format!("{section}.{}", part.id),
        found: heading.is_some() || paragraphs.iter().any(|paragraph| names(paragraph)),
        heading: heading.map(|heading| squeeze(heading)),
    }
}

/// What a paragraph opens with where that is a heading: a few words, numbered or alone on their line.
fn heading(paragraph: &str) -> Option<&str> {
    let line = paragraph.trim();
    let end = line.find(['。', '：', ':', '；', ';', '，', ',', '\n']).unwrap_or(line.len());
    let opening = &line[..end];
    let is_numbered = || split_numbering(&fold(line)).is_some();
    (opening.chars().count() <= LONGEST_HEADING && (end == line.len() || is_numbered())).then_some(opening)
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn a_heading_is_alone_on_its_line_or_numbered() {
        for (paragraph, expected) in [
            ("（一）主动公开情况", Some("（一）主动公开情况")),
            ("主动公开情况", Some("主动公开情况")),
            ("1.主动公开。全年公开信息82条。", Some("1.主动公开")),
            ("全年主动公开信息82条，同比增长。", None),
            ("", Some("")),
        ] {
            assert_eq!(heading(paragraph), expected, "{paragraph}");
        }
    }
}
