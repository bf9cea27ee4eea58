//! What a text says twice in the same words with two numbers: 「全年公开信息1347条……我局门户网站全年公开信息1374条」.
//!
//! Nothing need be known of the quantity: who writes the same clause again means the same thing again. So the clause
//! must be the same to the letter, speak of the whole year, and name whose quantity it is or stand at the head of its
//! sentence; below a name and a colon (县教育局：全年公开信息10条) it may be anybody's.

use super::prose::{Prose, Said};
use crate::model::Restated;
use crate::text::nfkc;
use crate::text::numerals::Role;
use std::collections::HashMap;

/// Words by which a clause is of the whole year.
const WHOLE_YEAR: [&str; 3] = ["全年", "本年度", "年内"];
/// Words of a clause that compares, or is of a part.
const NOT_WHOLE: [&str; 10] = ["其中", "同比", "较", "增", "减", "平均", "占", "分别", "月", "季度"];
/// Words that only lead back to what was said before.
const LEADS: [&str; 8] = ["总的来看", "总体来看", "总体而言", "总的来说", "综上所述", "综上", "总之", "截至年底"];
/// A shorter clause may be about anything.
const SHORTEST: usize = 8;

/// The quantities that a report's prose states twice, differently, in order.
pub fn restated(prose: &Prose) -> Vec<Restated> {
    let mut stated: HashMap<(String, Option<String>), (rust_decimal::Decimal, &str)> = HashMap::new();
    let mut found = Vec::new();
    for (section, said) in &prose.parts {
        let mut ordinal = 0;
        for it in said.iter().filter(|it| may_be_of_the_year(it)) {
            for (words, unit, value) in clauses(it) {
                let sentence = it.sentence.text.as_str();
                match stated.get(&(words.clone(), unit.clone())) {
                    Some((first, before)) if *first != value => {
                        ordinal += 1;
                        let sentences = [(*before).to_owned(), sentence.to_owned()];
                        found.push(Restated {
                            section: section.clone(),
                            ordinal,
                            words,
                            unit,
                            first: *first,
                            second: value,
                            sentences,
                        });
                    }
                    Some(_) => {}
                    None => drop(stated.insert((words, unit), (value, sentence))),
                }
            }
        }
    }
    found
}

/// Words with which a clause begins that only says in what, or what for.
const ASIDE: [&str; 7] = ["在", "从", "为", "对照", "围绕", "按照", "根据"];
/// What the parts of a report's first section are headed by, in the form's words and in those that clerks use. Any other
/// thing that is named may have a count of its own: a website, a place, a purpose.
const PARTS: [&str; 8] =
    ["主动公开", "依申请公开", "政府信息管理", "信息管理", "平台建设", "监督保障", "公开载体", "重点领域公开"];
/// The longest clause that does no more than name a part, in characters.
const LONGEST_LEAD: usize = 10;

/// Whether nothing stands before a clause in its sentence that could be of another: 在监督保障上，全年…
fn only_leads(before: &str, from_start: bool) -> bool {
    let lead = before.rsplit_once(['；', ';']).map(|(_, lead)| lead).or(from_start.then_some(before));
    let Some(lead) = lead.map(str::trim).filter(|lead| lead.chars().count() <= LONGEST_LEAD) else { return false };
    let of = ASIDE.iter().find_map(|word| lead.strip_prefix(word));
    of.is_some_and(|of| PARTS.iter().any(|part| of.starts_with(part)) && !of.contains(['，', ',', '：', ':', '、']))
}

/// Longer sentences are torn tables.
const LONGEST: usize = 6000;

fn may_be_of_the_year(said: &Said) -> bool {
    let text = said.sentence.text.as_str();
    said.quantities() > 0 && text.len() < LONGEST && WHOLE_YEAR.iter().any(|word| text.contains(word))
}

/// The clauses of a sentence that state one exact count of the whole year: words, unit and value.
fn clauses(said: &Said) -> Vec<(String, Option<String>, rust_decimal::Decimal)> {
    let text = said.sentence.text.as_str();
    let (mut found, mut from) = (Vec::new(), 0);
    for numeral in said.numerals.iter().filter(|numeral| matches!(numeral.role, Role::Quantity | Role::Unclear)) {
        let before = text.get(from..numeral.range.start).unwrap_or_default();
        let start = before.char_indices().rev().find(|(_, c)| "，,；;：:、（(）)。".contains(*c));
        let mark = start.map(|(_, c)| c).or(from.gt(&0).then_some('0'));
        let clause: String = before[start.map_or(0, |(at, c)| at + c.len_utf8())..].to_owned();
        let from_start = from == 0;
        from = numeral.end;
        let clause: String = nfkc(&clause).filter(|c| !c.is_whitespace()).collect();
        let clause = LEADS.iter().fold(clause.as_str(), |clause, lead| clause.strip_prefix(lead).unwrap_or(clause));
        // Without a subject of its own a clause is of whoever the one before it was of.
        let subjectless = WHOLE_YEAR.iter().any(|word| clause.starts_with(word));
        let stands_alone = match mark {
            None | Some('；' | ';' | '。') => true,
            Some('，' | ',') => !subjectless || start.is_some_and(|(at, _)| only_leads(&before[..at], from_start)),
            _ => false,
        };
        let of_the_year = WHOLE_YEAR.iter().any(|word| clause.contains(word));
        let whole = of_the_year && !NOT_WHOLE.iter().any(|word| clause.contains(word));
        if stands_alone && whole && clause.chars().count() >= SHORTEST && numeral.is_count() && !numeral.approximate {
            found.push((clause.to_owned(), numeral.unit.clone(), numeral.value));
        }
    }
    found
}
