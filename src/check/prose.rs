//! The words of a report as patterns see them: folded, paragraph by paragraph, made once for every rule that asks.

use crate::model::{Evidence, Place, Report};
use crate::text::{compact, split_numbering};

/// One paragraph, as printed and folded.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    /// `preamble`, or the section's id.
    pub section: &'a str,
    pub printed: &'a str,
    pub folded: String,
}

/// Every paragraph of a report in order.
pub(super) fn paragraphs(report: &Report) -> Vec<Paragraph<'_>> {
    let preamble = report.preamble.iter().map(|text| ("preamble", text.as_str()));
    let mut sections: Vec<_> = report.sections.iter().filter(|section| section.found).collect();
    sections.sort_by_key(|section| section.position);
    let body =
        sections.into_iter().flat_map(|section| section.paragraphs.iter().map(|text| (section.id.as_str(), text.as_str())));
    preamble.chain(body).map(|(section, printed)| Paragraph { section, printed, folded: compact(printed) }).collect()
}

/// Ends of sentences in folded text, where ； is `;`.
const ENDS: [char; 6] = ['。', ';', '!', '?', '！', '？'];

impl Paragraph<'_> {
    /// Its sentences, folded.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        self.folded.split_inclusive(ENDS)
    }

    /// What it opens with, and what each numbered sentence in it does: the words before the first comma or stop, thirty
    /// characters at most.
    pub fn openings(&self) -> impl Iterator<Item = &str> {
        let sentences = self.folded.split_inclusive('。').enumerate();
        sentences.filter(|(at, sentence)| *at == 0 || split_numbering(sentence).is_some()).map(|(_, sentence)| {
            let stop = sentence.char_indices().take(30).find(|(_, c)| matches!(c, ',' | ':' | '。' | ';' | '，'));
            let end = stop.or_else(|| sentence.char_indices().nth(30)).map_or(sentence.len(), |(at, _)| at);
            sentence.get(..end).unwrap_or(sentence)
        })
    }
}

/// Words of the report as evidence.
pub(super) fn quoted(words: &str) -> Evidence {
    Evidence { quote: words.to_owned(), at: Place { quote: Some(words.to_owned()), ..Place::default() } }
}

/// The printed sentence that a folded one was made of, else the folded one.
pub(super) fn printed(paragraph: &Paragraph<'_>, sentence: &str) -> String {
    let pieces = paragraph.printed.split_inclusive(['。', '；', ';', '！', '？', '!', '?']);
    let found = pieces.map(str::trim).find(|piece| compact(piece) == sentence);
    found.unwrap_or(sentence).to_owned()
}
