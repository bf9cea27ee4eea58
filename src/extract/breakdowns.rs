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

use super::prose::{Prose, Said};
use crate::model::Breakdown;
use crate::text::nfkc;
use crate::text::numerals::unit_class;
use level::levels;
use rust_decimal::Decimal;

/// The breakdowns that a report's prose holds, in order.
pub fn breakdowns(prose: &Prose) -> Vec<Breakdown> {
    let mut found = Vec::new();
    for (id, said) in &prose.parts {
        section(id, said, &mut found);
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

fn section(id: &str, all: &[Said], found: &mut Vec<Breakdown>) {
    let mut ordinal = 0;
    let mut previous: Option<&Said> = None;
    for said in all {
        if said.sentence.text.len() > LONGEST {
            previous = None;
            continue;
        }
        let before = previous.replace(said).filter(|before| said.sentence.paragraph - before.sentence.paragraph <= 1);
        if !may_hold_a_list(said) {
            continue;
        }
        let level_before = before.and_then(|before| levels(&before.sentence.text, &before.numerals).into_iter().next());
        for (index, level) in levels(&said.sentence.text, &said.numerals).iter().enumerate() {
            for (settled, reaches_back) in lists::lists(level, level_before.as_ref().filter(|_| index == 0)) {
                ordinal += 1;
                let quoted = match before {
                    Some(before) if reaches_back => format!("{}{}", before.sentence.text, said.sentence.text),
                    _ => said.sentence.text.clone(),
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
    }
}

/// A list has two parts, and words, a colon or a bracket to open it: most sentences need not be taken apart.
fn may_hold_a_list(said: &Said) -> bool {
    let text = said.sentence.text.as_str();
    let opens = text.contains(level::opens) || nfkc(text).any(|c| lists::OPENERS.contains(&c));
    said.quantities() >= 2 && (opens || lists::SUMS.iter().any(|sum| text.contains(sum)))
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
