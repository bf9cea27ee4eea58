//! A whole and its parts, as one sentence lists them.
//!
//! 「共公开82条，其中甲类24条、乙类58条」 can be added up by anyone, and a list that does not add up is
//! worth an official's look. But a sentence may hold several lists, lists within lists, other
//! quantities after a list, flows (received, carried in, answered, carried forward) that are no parts
//! of each other, and differences from last year. Where only one reading of a sentence would make it
//! wrong and another right, it is right; where it cannot be told what is a part of what, nothing is said.
//!
//! A sentence is taken apart level by level (the text outside brackets, then each bracket), each level
//! into the quantities it holds (`level`); lists begin at a word like 其中 (`lists`), and what a list
//! comes to is settled by comparing its readings (`settle`).

#[cfg(test)]
mod corpus;
mod level;
mod lists;
mod settle;
#[cfg(test)]
mod tests;

use crate::model::{Breakdown, Section};
use crate::text::numerals::unit_class;
use crate::text::sentences::sentences;
use level::{Level, levels};
use rust_decimal::Decimal;

/// The breakdowns that preamble and sections hold, in order.
pub fn breakdowns(sections: &[Section], preamble: &[String]) -> Vec<Breakdown> {
    let mut found = Vec::new();
    section("preamble", preamble, &mut found);
    for each in sections {
        section(&each.id, &each.paragraphs, &mut found);
    }
    found
}

/// A list as settled, without its place.
pub(crate) struct Settled {
    whole: Decimal,
    unit: Option<String>,
    parts: Vec<(String, Decimal)>,
    closed: bool,
    loose: bool,
}

fn section(id: &str, paragraphs: &[String], found: &mut Vec<Breakdown>) {
    let mut ordinal = 0;
    let mut previous: Option<(usize, Level, String)> = None;
    for sentence in sentences(paragraphs) {
        if sentence.text.len() > LONGEST {
            previous = None;
            continue;
        }
        let mut all = levels(&sentence.text);
        let before = previous.take().filter(|(paragraph, ..)| sentence.paragraph - paragraph <= 1);
        for (index, level) in all.iter().enumerate() {
            let before = before.as_ref().filter(|_| index == 0);
            for (settled, reaches_back) in lists::lists(level, before.map(|(_, level, _)| level)) {
                ordinal += 1;
                let quoted = match before {
                    Some((_, _, text)) if reaches_back => format!("{text}{}", sentence.text),
                    _ => sentence.text.clone(),
                };
                found.push(Breakdown {
                    section: id.to_owned(),
                    ordinal,
                    sentence: quoted,
                    whole: settled.whole,
                    parts: settled.parts,
                    unit: settled.unit,
                    closed: settled.closed,
                    loose: settled.loose,
                });
            }
        }
        if !all.is_empty() {
            previous = Some((sentence.paragraph, all.swap_remove(0), sentence.text));
        }
    }
}

/// A longer sentence is a torn table.
const LONGEST: usize = 6000;

/// Whether two units count the same sort of thing; no unit fits any.
pub(crate) fn same_class(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => unit_class(one) == unit_class(other),
        _ => true,
    }
}
