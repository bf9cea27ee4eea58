//! What the narrative states: quantities of the subjects that the rules list.
//!
//! A sentence that states how many applications the agency received is worth checking; one that states
//! how many came by post, reached a subordinate body, or came last year is not that, and read as if it
//! were it would accuse an honest agency. So a quantity becomes a claim only where *every* word beside it
//! is known: those that tell its subject (收到, 予以公开, 自然人) and those that leave it what it is (共, 依法,
//! 我局). A word nobody listed means that the quantity may be of anything, and it is passed over; where it
//! stands before 收到 or 办结, it may name another body, and what follows is passed over too.
//!
//! A sentence becomes a masked text (`mask`), its tokens (`token`: one search for all words), its clauses
//! (`walk`) with the labels of their quantities (`label`). What a passage speaks of goes on from sentence
//! to sentence. Sentences without a quantity and without a word of none or all are not taken apart unless
//! a later one of their paragraph needs to know what they spoke of.

mod aside;
mod change;
mod ground;
mod label;
mod mask;
mod names;
mod strays;
mod tell;
#[cfg(test)]
pub(crate) mod tests;
mod time;
mod token;
mod walk;

use super::prose::{Prose, Said};
use crate::model::{AgencyKind, Claim, Scope, Year};
use crate::rules::{Role, Subjects};
use ground::{Ground, Known, Passage, speaks_of_disclosure};
use label::Label;
use mask::Masked;
use names::Own;
use std::collections::HashMap;
use token::{Kind, Token, tokens};
use walk::Walk;

/// Whose report it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whose<'a> {
    pub agency: &'a str,
    pub kind: Option<AgencyKind>,
    /// The report's year.
    pub year: Option<Year>,
}

/// The quantities that a report's prose states, in order.
pub fn claims(prose: &Prose, whose: Whose<'_>, subjects: &Subjects) -> Vec<Claim> {
    let ground = Ground { subjects, own: Own::new(whose.agency, whose.kind), year: whose.year, known: Known::new(subjects) };
    let mut found = Vec::new();
    for (id, said) in &prose.parts {
        section(&ground, id, said, &mut found);
    }
    found
}

/// A sentence longer than this many bytes is a torn table, not a sentence.
const LONGEST: usize = 8000;

fn section(ground: &Ground<'_>, id: &str, said: &[Said], found: &mut Vec<Claim>) {
    let own_topic = ground.subjects.topic_of_section(id);
    let mut heading_topic = own_topic;
    let mut passage = Passage { topic: own_topic, ..Passage::default() };
    let mut ordinals: HashMap<String, u32> = HashMap::new();
    // Sentences of the paragraph that were not taken apart: only a later one can make them matter.
    let mut skipped: Vec<&Said> = Vec::new();
    for (index, it) in said.iter().enumerate() {
        if it.sentence.opens {
            skipped.clear();
            if is_heading(it) {
                heading_topic = topic_after(ground, it, None).or(own_topic);
            }
            passage = Passage { topic: heading_topic, ..Passage::default() };
        }
        if it.sentence.text.len() > LONGEST || !may_state(it) {
            skipped.push(it);
            continue;
        }
        for before in skipped.drain(..) {
            passage.topic = topic_after(ground, before, passage.topic);
        }
        let mut own = sentence(ground, id, it, &mut passage);
        for claim in &mut own {
            claim.paragraph = u32::try_from(it.sentence.paragraph).unwrap_or(u32::MAX);
        }
        for mut claim in own {
            let same = |other: &&Claim| other.subject == claim.subject && other.sentence == claim.sentence;
            let again = found.iter().rev().take(64).find(|other| same(other) && other.section == claim.section);
            claim.ordinal = match again.filter(|_| index > 0 || !found.is_empty()) {
                Some(other) => other.ordinal,
                None => {
                    let ordinal = ordinals.entry(claim.subject.clone()).or_insert(0);
                    *ordinal += 1;
                    *ordinal
                }
            };
            found.push(claim);
        }
    }
}

/// Whether a sentence can state anything: it has a quantity, or says that there is none, or that all are so.
fn may_state(said: &Said) -> bool {
    let words = ['无', '未', '没', '零', '均', '全', '都'];
    said.quantities() > 0 || said.sentence.text.chars().any(|c| words.contains(&c))
}

/// What a passage speaks of after this sentence.
fn topic_after(ground: &Ground<'_>, said: &Said, before: Option<usize>) -> Option<usize> {
    if said.sentence.text.len() > LONGEST {
        return None;
    }
    let words = ground.subjects.words_in(&said.sentence.text).map(|(.., word)| word);
    words.fold(before, |topic, word| match word.role {
        Some(Role::Off) => None,
        _ => word.topic.or(topic),
    })
}

fn sentence(ground: &Ground<'_>, id: &str, said: &Said, passage: &mut Passage) -> Vec<Claim> {
    let masked = Masked::new(&said.sentence.text, &said.numerals);
    let tokens = tokens(&masked, ground.subjects, &ground.own);
    begin(ground, &tokens, &masked.text, passage);
    let special = matches!(id, "applications" | "review_litigation");
    let on_applications = passage.topic.is_some() && passage.topic == ground.known.applications_topic;
    passage.about_disclosure = special || on_applications || speaks_of_disclosure(&masked.text);
    let claims = Walk::new(ground, &masked, passage, id, &said.sentence.text).run(&tokens);
    if said.quantities() > 0 {
        passage.counted = Some(!claims.is_empty() && claims.iter().all(|claim| claim.subject == tell::RECEIVED));
    }
    claims
}

/// A sentence that names whose or which year's its quantities are does not take that from the one before.
fn begin(ground: &Ground<'_>, tokens: &[Token], text: &str, passage: &mut Passage) {
    let end = tokens.iter().position(|token| matches!(token.kind, Kind::Quantity(_))).unwrap_or(tokens.len());
    let head = Label::of(&tokens[..end], text);
    if head.has(Role::ThisYear) || head.year.is_some() || head.has(Role::Own) || head.has(Role::Area) {
        passage.foreign = false;
        if !head.has(Role::Unclear) && !head.has(Role::Area) {
            passage.scope = Scope::Agency;
        }
    }
    if head.has(Role::ThisYear) && head.year.is_none() {
        passage.year = ground.year;
    }
    if !head.has(Role::OfThese) {
        passage.after_other_whole = false;
    }
}

/// A paragraph's first sentence that only names what follows: short, and without a quantity.
fn is_heading(said: &Said) -> bool {
    let text = said.sentence.text.as_str();
    let numbered = ['(', '（', '一', '二', '三', '四', '五', '六', '七', '1', '2', '3', '4', '5', '6'];
    text.starts_with(numbered) && text.chars().count() <= 30 && said.quantities() == 0
}
