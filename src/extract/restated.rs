//! What a text says twice in the same words with two numbers: 「全年公开信息1347条……我局门户网站全年公开信息1374条」.
//!
//! Nothing need be known of the quantity: who writes the same clause again means the same thing again. So the clause
//! must be the same to the letter, speak of the whole year, and name whose quantity it is or stand at the head of its
//! sentence; below a name and a colon (县教育局：全年公开信息10条) it may be anybody's.

use super::prose::{Prose, Said};
use crate::model::Restated;
use crate::rules::Standard;
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

/// The quantities that a report's prose states twice, differently, in order; the standard names the parts of a report.
pub fn restated(prose: &Prose, standard: &Standard) -> Vec<Restated> {
    let parts: Vec<&str> =
        standard.sections.iter().flat_map(|section| &section.parts).flat_map(|part| &part.words).map(String::as_str).collect();
    let mut stated: HashMap<(String, Option<String>), (rust_decimal::Decimal, &str)> = HashMap::new();
    let mut found = Vec::new();
    for (section, said) in &prose.parts {
        let mut ordinal = 0;
        for it in said.iter().filter(|it| may_be_of_the_year(it)) {
            for (words, unit, value) in clauses(it, &parts) {
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
/// Words before the name of a part: 政府信息公开平台建设.
const OF_ALL: [&str; 4] = ["政府", "政务", "信息", "公开"];
/// What the name of a part ends in. A website, a place or a purpose may have a count of its own.
const WORK: [&str; 6] = ["公开", "管理", "建设", "保障", "监督", "载体"];
/// Words behind the name of a part.
const BEHIND: [&str; 9] = ["看", "来", "上", "中", "里", "方面", "工作", "情况", "领域"];
/// The longest clause that does no more than name a part, in characters.
const LONGEST_LEAD: usize = 16;

/// Whether words are the name of a part of the report.
fn is_part(words: &str, parts: &[&str]) -> bool {
    let name = BEHIND.iter().fold(words, |name, word| name.strip_suffix(word).unwrap_or(name));
    let mut rest = name;
    let named = loop {
        if parts.iter().any(|part| rest.starts_with(part)) {
            break true;
        }
        match OF_ALL.iter().find_map(|word| rest.strip_prefix(word)) {
            Some(shorter) => rest = shorter,
            None => break false,
        }
    };
    named && WORK.iter().any(|word| name.ends_with(word))
}

/// Whether nothing stands before a clause in its sentence that could be of another: 在监督保障上，全年…
fn only_leads(before: &str, from_start: bool, parts: &[&str]) -> bool {
    let lead = before.rsplit_once(['；', ';']).map(|(_, lead)| lead).or(from_start.then_some(before));
    let Some(lead) = lead.map(str::trim).filter(|lead| lead.chars().count() <= LONGEST_LEAD) else { return false };
    if LEADS.contains(&lead) {
        return true;
    }
    let of = ASIDE.iter().find_map(|word| lead.strip_prefix(word));
    of.is_some_and(|of| is_part(of, parts))
}

/// Longer sentences are torn tables.
const LONGEST: usize = 6000;

fn may_be_of_the_year(said: &Said) -> bool {
    let text = said.sentence.text.as_str();
    said.quantities() > 0 && text.len() < LONGEST && WHOLE_YEAR.iter().any(|word| text.contains(word))
}

/// The clauses of a sentence that state one exact count of the whole year: words, unit and value.
fn clauses(said: &Said, parts: &[&str]) -> Vec<(String, Option<String>, rust_decimal::Decimal)> {
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
            Some('，' | ',') => !subjectless || start.is_some_and(|(at, _)| only_leads(&before[..at], from_start, parts)),
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
