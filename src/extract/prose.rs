//! The prose of a report, taken apart once for everything that reads it: claims and breakdowns.

use crate::model::Section;
use crate::text::numerals::{Numeral, Role, numerals};
use crate::text::sentences::{Sentence, sentences};

/// A sentence and the numerals in it.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) sentence: Sentence,
    pub(super) numerals: Vec<Numeral>,
}

impl Said {
    /// How many quantities it states, those included that could be read in two ways.
    pub(super) fn quantities(&self) -> usize {
        self.numerals.iter().filter(|numeral| matches!(numeral.role, Role::Quantity | Role::Unclear)).count()
    }
}

/// The sentences of the preamble and of each section, under the section's id.
#[derive(Debug)]
pub struct Prose {
    pub(super) parts: Vec<(String, Vec<Said>)>,
}

impl Prose {
    /// Takes preamble and sections apart.
    pub fn new(sections: &[Section], preamble: &[String]) -> Prose {
        let said = |paragraphs: &[String]| {
            let told = |sentence: Sentence| Said { numerals: numerals(&sentence.text), sentence };
            sentences(paragraphs).into_iter().map(told).collect()
        };
        let mut parts = vec![("preamble".to_owned(), said(preamble))];
        parts.extend(sections.iter().map(|section| (section.id.clone(), said(&section.paragraphs))));
        Prose { parts }
    }
}
