//! What the narrative states: quantities of the subjects that the standard lists.
//!
//! A sentence that states how many applications the agency received is worth checking; one that states
//! how many came by post, reached a subordinate body, or came last year is not that, and read as if it
//! were it would accuse an honest agency. So a quantity becomes a claim only where an expression of
//! its subject meets it, the passage is about the topic, and everything before it in its clause is
//! neutral: the report's year, the agency itself, words like 共. A clause that speaks of anything else
//! is passed over, and where it speaks of another body the rest of its sentence is too.

mod lead;
mod mask;
#[cfg(test)]
pub(crate) mod tests;

use super::prose::{Prose, Said};
use crate::model::{Claim, Precision, Scope, Year};
use crate::rules::{Standard, Subject, Topic};
use crate::text::numerals::Numeral;
use crate::text::sentences::Sentence;
use lead::{Lead, Speaker};
use mask::Masked;
use regex::Regex;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The quantities that a report's prose states, in order. `year` is the report's.
///
/// The agency's own name counts as neutral where the preamble has it, so give the title along with it.
pub fn claims(prose: &Prose, preamble: &[String], year: Option<Year>, standard: &Standard) -> Vec<Claim> {
    let names: String = preamble.iter().flat_map(|text| text.chars()).filter(|c| !c.is_whitespace()).collect();
    let mask = |said: &Said| Masked::new(&said.sentence.text, &said.numerals);
    let masked: Vec<Vec<Masked>> = prose.parts.iter().map(|(_, said)| said.iter().map(mask).collect()).collect();
    let mut found = Vec::new();
    for topic in &standard.topics {
        let subjects: Vec<&Subject> = standard.subjects.iter().filter(|subject| subject.topic == topic.id).collect();
        if subjects.is_empty() {
            continue;
        }
        let mut reader = Reader { topic, subjects, names: &names, year, found: &mut found };
        for ((id, said), masked) in prose.parts.iter().zip(&masked) {
            reader.section(id, said, masked, *id == topic.id);
        }
    }
    found
}

struct Reader<'a> {
    topic: &'a Topic,
    subjects: Vec<&'a Subject>,
    names: &'a str,
    year: Option<Year>,
    found: &'a mut Vec<Claim>,
}

/// A quantity that an expression met, still to be judged.
struct Met {
    subject: usize,
    start: usize,
    value: Decimal,
    numeral: Option<Numeral>,
    /// Where the quantity stands, or the phrase that states zero.
    at: usize,
    end: usize,
    holds_after_qizhong: bool,
}

impl Reader<'_> {
    fn section(&mut self, id: &str, said: &[Said], masked: &[Masked], on_topic: bool) {
        let mut ordinals: HashMap<usize, u32> = HashMap::new();
        let (mut heading_on, mut on) = (on_topic, on_topic);
        for (Said { sentence, .. }, masked) in said.iter().zip(masked) {
            if sentence.opens {
                if is_heading(&masked.text) {
                    heading_on = self.switch(&masked.text).unwrap_or(false) || on_topic;
                }
                on = heading_on;
            }
            for (subject, claim) in self.sentence(id, sentence, masked, &mut on) {
                let stated_before = self.found.iter().any(|other| {
                    other.subject == claim.subject && other.section == claim.section && other.sentence == claim.sentence
                });
                let ordinal = ordinals.entry(subject).or_insert(0);
                if !stated_before || *ordinal == 0 {
                    *ordinal += 1;
                }
                self.found.push(Claim { ordinal: *ordinal, ..claim });
            }
        }
    }

    /// What the last word about the topic in a text says: on, off, or nothing.
    fn switch(&self, text: &str) -> Option<bool> {
        let switches = self.topic.switches();
        if !switches.may_match(text) {
            None
        } else if any(&switches.off, text) {
            Some(false)
        } else if any(&switches.on, text) {
            Some(true)
        } else {
            None
        }
    }

    fn sentence(&self, section: &str, sentence: &Sentence, masked: &Masked, on: &mut bool) -> Vec<(usize, Claim)> {
        if masked.text.len() > LONGEST || lead::speaks_for_another(&masked.text) {
            if let Some(now) = self.switch(&masked.text) {
                *on = now;
            }
            return Vec::new();
        }
        let switches = self.topic.switches().may_match_within(&masked.text);
        // Most sentences speak of something else: only the others are worth looking for quantities.
        if !switches && !*on {
            return Vec::new();
        }
        let clauses = clauses(&masked.text);
        let speaks_of_it = |clause: &std::ops::Range<usize>| {
            if switches {
                *on = self.switch(&masked.text[clause.clone()]).unwrap_or(*on);
            }
            *on
        };
        let on_topic: Vec<bool> = clauses.iter().map(speaks_of_it).collect();
        if !on_topic.contains(&true) {
            return Vec::new();
        }
        let met = self.met(&masked.text, masked);
        if met.is_empty() {
            return Vec::new();
        }
        let mut claims: Vec<(usize, Claim)> = Vec::new();
        let mut speaker = Speaker::default();
        for (clause, on) in clauses.into_iter().zip(on_topic) {
            speaker.enter(&masked.text, &clause);
            let here: Vec<&Met> = met.iter().filter(|met| clause.contains(&met.start)).collect();
            let mut any_good = false;
            let mut foreign = false;
            for met in &here {
                match lead::judge(&masked.text[clause.start..met.start], self.names) {
                    Lead::Neutral => {
                        any_good = true;
                        if on && let Some(claim) = self.claim(section, sentence, masked, &clause, met, &speaker) {
                            claims.push((met.subject, claim));
                        }
                    }
                    Lead::Part => {}
                    Lead::Foreign => foreign = true,
                }
            }
            if foreign && !any_good {
                speaker.turn_foreign();
            }
        }
        let mut kept: Vec<(usize, Claim)> = Vec::new();
        for (subject, claim) in claims {
            if !kept.iter().any(|(other, kept)| *other == subject && kept.value == claim.value && kept.year == claim.year) {
                kept.push((subject, claim));
            }
        }
        kept
    }

    /// Every place where an expression of a subject meets the sentence.
    fn met(&self, text: &str, masked: &Masked) -> Vec<Met> {
        if !self.topic.may_state(&self.subjects, text) {
            return Vec::new();
        }
        let mut found: Vec<Met> = Vec::new();
        for (index, subject) in self.subjects.iter().enumerate() {
            let expressions = subject.expressions(self.topic);
            let first = found.len();
            let counted = [(&expressions.part_patterns, true), (&expressions.patterns, false)];
            for (patterns, holds_after_qizhong) in counted.into_iter().filter(|_| !masked.quantities.is_empty()) {
                for captures in patterns.iter().flat_map(|pattern| pattern.captures_iter(text)) {
                    let (Some(whole), Some(n)) = (captures.get(0), captures.name("n")) else { continue };
                    let Some(numeral) = masked.quantity_at(n.start()).filter(|numeral| numeral.is_count()) else { continue };
                    if found.iter().any(|met| met.subject == index && met.at == n.start()) {
                        continue;
                    }
                    let (start, at, end) = (whole.start(), n.start(), whole.end());
                    let value = numeral.value;
                    let numeral = Some(numeral.clone());
                    found.push(Met { subject: index, start, value, numeral, at, end, holds_after_qizhong });
                }
            }
            for zero in expressions.zero.iter().flat_map(|zero| zero.find_iter(text)) {
                let (start, at, end) = (zero.start(), zero.start(), zero.end());
                let value = Decimal::ZERO;
                found.push(Met { subject: index, start, value, numeral: None, at, end, holds_after_qizhong: false });
            }
            if found.len() > first && any(&expressions.not_in_sentence, text) {
                found.truncate(first);
            }
        }
        // 「新收到12件」 meets 收到 too: the longer reading stands, for its lead is the cleaner one.
        found.sort_by_key(|met| met.start);
        found
    }

    fn claim(
        &self,
        section: &str,
        sentence: &Sentence,
        masked: &Masked,
        clause: &std::ops::Range<usize>,
        met: &Met,
        speaker: &Speaker,
    ) -> Option<Claim> {
        let subject = self.subjects.get(met.subject)?;
        let expressions = subject.expressions(self.topic);
        let last_clause = clauses(&masked.text).into_iter().find(|clause| clause.contains(&met.at)).unwrap_or(clause.clone());
        let clause_text = &masked.text[clause.start..last_clause.end.max(clause.end)];
        if any(&self.topic.switches().off, clause_text) || any(&expressions.not, clause_text) {
            return None;
        }
        if speaker.is_foreign() || (speaker.after_qizhong() && !met.holds_after_qizhong) {
            return None;
        }
        let before = &masked.text[..met.start];
        if lead::spans_years(&masked.text[..met.end]) || lead::compares(&masked.text[clause.start..met.at]) {
            return None;
        }
        let stated = lead::stated_year(before);
        Some(Claim {
            subject: subject.id.clone(),
            value: met.value,
            precision: if met.numeral.as_ref().is_some_and(|numeral| numeral.approximate) {
                Precision::Approximate
            } else {
                Precision::Exact
            },
            unit: met.numeral.as_ref().and_then(|numeral| numeral.unit.clone()),
            section: section.to_owned(),
            ordinal: 0,
            sentence: sentence.text.clone(),
            year: stated.filter(|stated| Some(*stated) != self.year),
            scope: Scope::Agency,
            change: None,
            of_all: false,
        })
    }
}

/// A sentence longer than this many bytes is a torn table, not a sentence.
const LONGEST: usize = 8000;

/// The clauses of a masked sentence as byte ranges, each with the mark that ends it.
fn clauses(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, ',' | ';' | ':' | '(' | ')' | '。' | '!' | '?') {
            let end = at + c.len_utf8();
            found.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// A paragraph's first sentence that only names what follows: short, and without a quantity.
fn is_heading(masked: &str) -> bool {
    masked.chars().count() <= 30
        && !masked.contains('#')
        && masked.starts_with(['(', '一', '二', '三', '四', '五', '六', '七', '1', '2', '3', '4', '5', '6'])
}

fn any(expressions: &[Regex], text: &str) -> bool {
    expressions.iter().any(|expression| expression.is_match(text))
}
