//! The outline of a report: its preamble and the six statutory sections.
//!
//! Headings come in every numbering style, in paragraphs, in cells, or run into the paragraph before.
//! The style that names most sections is the style of the main headings; a heading in another style
//! is a part of a section. Each section is taken once, at its best heading.

use super::forms::{Forms, HeadingForm};
use super::several::{self, Begin};
use crate::model::{Block, Document, Reading, Section};
use crate::text::{Numbering, compact, fold, is_circled_number, is_filler, label_key, read_cell, split_numbering, squeeze};
use std::borrow::Cow;

/// The longest text that is taken for a heading.
const LONGEST_HEADING: usize = 45;

/// A piece of a document in order: a line of text, or a table.
pub(super) enum Piece<'a> {
    Line { text: Cow<'a, str>, emphasis: bool, block: usize },
    Table,
    Picture,
}

/// A line that may be a heading of a section.
pub(super) struct Candidate {
    pub(super) piece: usize,
    pub(super) section: usize,
    style: Option<Numbering>,
    number: Option<u32>,
    /// 2 for a heading as printed in the form or a known variant, 1 for one told by its words.
    pub(super) score: u8,
}

/// What the outline of a document is.
pub(super) struct Outline {
    /// Lines before the first heading.
    pub(super) head: Vec<String>,
    pub(super) sections: Vec<Section>,
    /// Which of the sections stands last.
    last: Option<usize>,
    /// The reports that stand one after another, where there is more than one.
    pub(super) several: Vec<Begin>,
}

impl Outline {
    /// Lines of the last section, where the signature stands.
    pub(super) fn tail(&self) -> &[String] {
        self.last.map_or(&self.head, |last| &self.sections[last].paragraphs)
    }
}

/// Reads the outline.
pub(super) fn outline(document: &Document, forms: &Forms) -> Outline {
    let pieces = pieces(document, forms.headings());
    let candidates = candidates(&pieces, forms.headings());
    let several = several::begins(&pieces, &candidates);
    let chosen = choose(candidates, forms.headings().len());
    let first = chosen.first().map_or(pieces.len(), |candidate| candidate.piece);
    let mut sections: Vec<Section> = forms.headings().iter().map(|form| missing(&form.id)).collect();
    for (position, candidate) in chosen.iter().enumerate() {
        let end = chosen.get(position + 1).map_or(pieces.len(), |next| next.piece);
        let body = &pieces[candidate.piece + 1..end];
        let section = &mut sections[candidate.section];
        section.found = true;
        section.heading = line(&pieces[candidate.piece]).map(squeeze);
        section.number = candidate.number;
        section.position = Some(position as u32);
        section.paragraphs = lines(body).map(str::to_owned).collect();
        section.has_table = body.iter().any(|piece| matches!(piece, Piece::Table));
        section.has_picture = body.iter().any(|piece| matches!(piece, Piece::Picture));
    }
    let last = chosen.last().map(|candidate| candidate.section);
    Outline { head: lines(&pieces[..first]).map(str::to_owned).collect(), sections, last, several }
}

fn missing(id: &str) -> Section {
    Section {
        id: id.to_owned(),
        found: false,
        heading: None,
        number: None,
        position: None,
        paragraphs: Vec::new(),
        has_table: false,
        has_picture: false,
    }
}

fn line<'p>(piece: &'p Piece<'_>) -> Option<&'p str> {
    match piece {
        Piece::Line { text, .. } => Some(text),
        Piece::Table | Piece::Picture => None,
    }
}

fn lines<'p>(pieces: &'p [Piece<'_>]) -> impl Iterator<Item = &'p str> {
    pieces.iter().filter_map(line)
}

/// Lines and tables of the document; headings run into a paragraph are cut off from it, and rows of
/// a single cell count as lines: the whole report may stand in one table.
fn pieces<'a>(document: &'a Document, headings: &[HeadingForm]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for (block, content) in document.blocks.iter().enumerate() {
        match content {
            Block::Picture => pieces.push(Piece::Picture),
            Block::Text(text) if text.linked => {}
            Block::Text(text) => {
                for line in text.text.split('\n') {
                    // The label of a row and the figure beside it would read like a sentence.
                    if super::rows::is_row(line) {
                        pieces.push(Piece::Table);
                        continue;
                    }
                    cut(line, headings, |part| pieces.push(Piece::Line { text: part.into(), emphasis: text.emphasis, block }));
                }
            }
            Block::Table(grid) => {
                for row in &grid.rows {
                    let mut printed = row.iter().filter(|cell| !cell.text.chars().all(is_filler));
                    let (Some(only), None) = (printed.next(), printed.next()) else { continue };
                    if score(&only.text, headings).is_some() {
                        pieces.push(Piece::Line { text: squeeze(&only.text).into(), emphasis: true, block });
                    } else if read_cell(&only.text).reading == Reading::Text {
                        for line in only.text.split('\n') {
                            cut(line, headings, |part| pieces.push(Piece::Line { text: part.into(), emphasis: false, block }));
                        }
                    }
                }
                pieces.push(Piece::Table);
            }
        }
    }
    pieces
}

/// No line of a report holds more headings.
const MOST_INSIDE: usize = 12;

/// Cuts a line before each numbered heading that stands inside it: 「…电话）。一、总体情况」.
fn cut<'a>(line: &'a str, headings: &[HeadingForm], mut part: impl FnMut(&'a str)) {
    let mut put = |text: &'a str| Some(text.trim()).filter(|text| !text.is_empty()).into_iter().for_each(&mut part);
    let mut rest = line;
    for _ in 0..MOST_INSIDE {
        let Some((at, length)) = heading_inside(rest, headings) else { break };
        put(&rest[..at]);
        // The text that follows the heading on the same line is its first paragraph.
        put(&rest[at..at + length]);
        rest = &rest[at + length..];
    }
    put(rest);
}

/// Where a main heading stands inside a text, behind the end of a sentence, and its length.
fn heading_inside(text: &str, headings: &[HeadingForm]) -> Option<(usize, usize)> {
    let opens = |c: char| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '第');
    let ends = |c: char| matches!(c, '。' | '；' | '）' | ')' | '！' | ';' | '.') || c.is_whitespace();
    let mut before = text.chars().next()?;
    text.char_indices().skip(1).find_map(|(at, c)| {
        let previous = std::mem::replace(&mut before, c);
        (opens(c) && ends(previous)).then(|| heading_end(&text[at..], headings)).flatten().map(|length| (at, length))
    })
}

/// Where a main heading with its statutory words, at the start of a text, ends.
fn heading_end(text: &str, headings: &[HeadingForm]) -> Option<usize> {
    let near: String = text.chars().take(LONGEST_HEADING).collect();
    let folded = fold(&near);
    let (style, _, _) = split_numbering(&folded)?;
    if !matches!(style, Numbering::Chinese | Numbering::Part) {
        return None;
    }
    // Most numbered lines are no heading at all, which the key of the whole tells.
    let whole = label_key(&near);
    if !headings.iter().any(|form| form.exact.iter().any(|known| whole.starts_with(known.as_str()))) {
        return None;
    }
    let mut best = None;
    for (at, c) in near.char_indices() {
        let end = at + c.len_utf8();
        let key = label_key(&near[..end]);
        if !key.is_empty() && headings.iter().any(|form| form.exact.contains(&key)) {
            best = Some(end);
        }
    }
    best
}

/// How well a text reads as a heading of a section: which one, and how surely.
fn score(text: &str, headings: &[HeadingForm]) -> Option<(usize, u8)> {
    let length = text.chars().count();
    if length == 0 || length > LONGEST_HEADING {
        return None;
    }
    let key = label_key(text);
    if let Some(at) = headings.iter().position(|form| form.exact.contains(&key)) {
        return Some((at, 2));
    }
    let told =
        headings.iter().position(|form| form.words.iter().any(|group| group.iter().all(|word| key.contains(word.as_str()))))?;
    let prose = compact(text).contains(['。', ';', ',']);
    (!prose && key.chars().count() <= 30).then_some((told, 1))
}

fn candidates(pieces: &[Piece<'_>], headings: &[HeadingForm]) -> Vec<Candidate> {
    pieces
        .iter()
        .enumerate()
        .filter_map(|(at, piece)| {
            let Piece::Line { text, emphasis, .. } = piece else { return None };
            let (section, score) = score(text, headings)?;
            let numbering = numbering(text);
            // Without a number only the very words of the form, alone on their line, are a heading.
            if numbering.is_none() && score < 2 && !emphasis {
                return None;
            }
            Some(Candidate {
                piece: at,
                section,
                style: numbering.map(|(style, _)| style),
                number: numbering.map(|(_, number)| number),
                score,
            })
        })
        .collect()
}

/// The number in front of a line; circled ones stand for bracketed ones, since folding makes them mere digits.
fn numbering(text: &str) -> Option<(Numbering, u32)> {
    let folded = fold(text);
    match text.chars().next().filter(|first| is_circled_number(*first)) {
        Some(_) => folded
            .chars()
            .map_while(|c| c.to_digit(10))
            .reduce(|number, digit| number * 10 + digit)
            .map(|n| (Numbering::ArabicBracket, n)),
        None => split_numbering(&folded).map(|(style, number, _)| (style, number)),
    }
}

/// The headings of the sections: in the style that names most of them, each section at its best.
fn choose(candidates: Vec<Candidate>, sections: usize) -> Vec<Candidate> {
    let styles = [
        Numbering::Chinese,
        Numbering::Part,
        Numbering::Roman,
        Numbering::ChineseBracket,
        Numbering::Arabic,
        Numbering::ArabicBracket,
    ]
    .map(Some)
    .into_iter()
    .chain([None])
    .collect::<Vec<_>>();
    let named = |style: Option<Numbering>| {
        (0..sections).filter(|section| candidates.iter().any(|c| c.section == *section && c.style == style)).count()
    };
    let Some(main) = styles
        .iter()
        .copied()
        .max_by_key(|style| (named(*style), styles.len() - styles.iter().position(|s| s == style).unwrap_or(0)))
    else {
        return Vec::new();
    };
    let mut best: Vec<Option<Candidate>> = (0..sections).map(|_| None).collect();
    for candidate in candidates {
        // A heading that lost its number is still one, if it is printed with the form's own words.
        if candidate.style != main && !(candidate.style.is_none() && candidate.score == 2) {
            continue;
        }
        let slot = &mut best[candidate.section];
        // A part of a section may have its words in the same style of numbers: 「（一）主动公开情况」.
        let rank = |c: &Candidate| (c.score, c.style == main, c.number == Some(c.section as u32 + 1));
        if slot.as_ref().is_none_or(|known| rank(known) < rank(&candidate)) {
            *slot = Some(candidate);
        }
    }
    let mut chosen: Vec<Candidate> = best.into_iter().flatten().collect();
    chosen.sort_by_key(|candidate| candidate.piece);
    chosen
}
