//! The words of a report as patterns see them: folded, paragraph by paragraph, made once for every rule that asks.

use crate::model::{Evidence, Place, Report};
use crate::rules::Pattern;
use crate::text::{compact, split_numbering};

/// The words of a report: its paragraphs, and all of them at once.
pub(super) struct Prose<'a> {
    pub paragraphs: Vec<Paragraph<'a>>,
    pub lines: Lines,
    pub sentences: Lines,
    pub openings: Lines,
}

impl<'a> Prose<'a> {
    pub fn new(report: &'a Report) -> Prose<'a> {
        let paragraphs = paragraphs(report);
        Prose {
            lines: Lines::new(paragraphs.iter().map(|it| it.folded.as_str())),
            sentences: Lines::new(paragraphs.iter().flat_map(Paragraph::sentences)),
            openings: Lines::new(paragraphs.iter().flat_map(Paragraph::openings)),
            paragraphs,
        }
    }
}

/// Folded passages, each on a line of its own: most patterns are in none of them, which one search tells.
pub(super) struct Lines(String);

impl Lines {
    pub fn new<'p>(passages: impl Iterator<Item = &'p str>) -> Lines {
        let mut lines = String::new();
        for passage in passages {
            lines.push_str(passage);
            lines.push('\n');
        }
        Lines(lines)
    }

    /// Whether a pattern is found in one of the passages.
    pub fn say(&self, pattern: &Pattern) -> bool {
        // A hit may run over the end of a passage: then it is looked for in each of them.
        pattern.is_match(&self.0) && self.0.split('\n').any(|passage| pattern.is_match(passage))
    }

    /// Whether one of the patterns is found in one of the passages.
    pub fn say_any(&self, patterns: &[Pattern]) -> bool {
        patterns.iter().any(|pattern| self.say(pattern))
    }
}

/// One paragraph, as printed and folded.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    /// `preamble`, or the section's id.
    pub section: &'a str,
    pub printed: &'a str,
    pub folded: String,
}

/// Every paragraph of a report in order.
fn paragraphs(report: &Report) -> Vec<Paragraph<'_>> {
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

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::rules::Pattern;

    #[test]
    fn passages_are_searched_one_by_one() {
        let lines = Lines::new(["一共收到5件", "答复。全部公开", ""].into_iter());
        for (written, found) in [
            ("收到", true),
            ("^答复", true),
            ("^收到", false),
            ("5件$", true),
            ("件[^。]*答复", false),
            ("件[^。]*", true),
            ("件[^。]+", false),
            ("件答", false),
        ] {
            let pattern = Pattern::from(toml::Spanned::new(0..0, written.to_owned()));
            assert_eq!(lines.say(&pattern), found, "{written}");
        }
    }
}
