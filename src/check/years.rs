//! Years that do not belong: the statistical period of another year, and another year left in the text.

use super::mentions::{unless_unread, unread};
use super::prose::{Paragraph, printed, quoted};
use super::view::{View, say, verdict, violation};
use crate::model::{Severity, Verdict, Year};
use crate::rules::{Check, Pattern, Period, WrongYear};
use crate::text::numerals::chinese;
use std::collections::BTreeMap;

/// The statistical period: there, and that of the report's year.
pub(super) fn period(check: &Check, params: &Period, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" {
        return Verdict::NotApplicable;
    }
    let Some(year) = view.report.year else {
        return Verdict::Inconclusive(say("报告年度不明", "the year of the report is not known"));
    };
    let mut there = false;
    let announced = |text: &str| params.announced.iter().any(|pattern| pattern.is_match(text));
    let patterns = params.announced.iter().chain(&params.stated);
    let said: Vec<&Pattern> = patterns.filter(|pattern| view.words().lines.say(pattern)).collect();
    for paragraph in view.prose() {
        if !said.iter().any(|pattern| pattern.is_match(&paragraph.folded)) {
            continue;
        }
        for sentence in paragraph.sentences() {
            let read = |pattern: &Pattern| {
                let found = pattern.regex()?.captures(sentence)?;
                let number = |name: &str| found.name(name).and_then(|year| year_of(year.as_str()));
                let from = number("from")?;
                Some((from, number("to").unwrap_or(from), found.get(0)?.as_str().to_owned()))
            };
            let whole = params.stated.iter().find_map(read);
            let is_announced = announced(sentence);
            there |= is_announced;
            let span = || params.spans.iter().find_map(read).filter(|_| is_announced);
            let is_whole = whole.is_some();
            let Some((from, to, words)) = whole.or_else(span) else { continue };
            let of_the_year = (from, to) == (year, year);
            if of_the_year && is_whole {
                there = true;
            } else if is_announced {
                let due = format!("{year}年1月1日至{year}年12月31日");
                let message = check.message("wrong", &[("words", &words, &words), ("due", &due, &due)]);
                let mut it = violation(view, check, "period", message);
                // Only another year is certainly wrong; a part of its own may be what the agency has existed for.
                if of_the_year {
                    it.severity = it.severity.min(Severity::Warn);
                }
                it.expected = Some(due);
                it.actual = Some(words);
                it.evidence = vec![quoted(&printed(paragraph, sentence))];
                return verdict(vec![it], None);
            }
        }
    }
    if there {
        return Verdict::Clean;
    }
    if let Some(why) = unread(view, &[]) {
        return Verdict::Inconclusive(why);
    }
    let mut it = violation(view, check, "period", check.message("absent", &[]));
    it.severity = it.severity.min(Severity::Warn);
    verdict(vec![it], None)
}

/// A year in digits or in Chinese numerals: 二〇二三.
fn year_of(printed: &str) -> Option<Year> {
    let chinese = || chinese(printed).and_then(|year| year.to_string().parse().ok());
    printed.parse().ok().or_else(chinese)
}

/// Folded text without the titles and numbers of documents, which bear the years of their own making.
fn without_documents(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut closing: Option<char> = None;
    for c in text.chars() {
        match (closing, c) {
            (None, '《') => closing = Some('》'),
            (None, '〔' | '[' | '【') => {
                closing = Some(if c == '〔' {
                    '〕'
                } else if c == '[' {
                    ']'
                } else {
                    '】'
                })
            }
            (Some(wanted), c) if c == wanted => closing = None,
            (Some(_), '。') => closing = None,
            (Some(_), _) => {}
            (None, c) => kept.push(c),
        }
    }
    kept
}

/// Another year left in: where the report speaks of itself, or too often.
pub(super) fn wrong(check: &Check, params: &WrongYear, view: &View<'_>) -> Verdict {
    let Some(year) = view.report.year else {
        return Verdict::Inconclusive(say("报告年度不明", "the year of the report is not known"));
    };
    let of = |paragraph: &&Paragraph<'_>| params.sections.iter().any(|section| section.get_ref() == paragraph.section);
    let mut own: Option<(Year, String)> = None;
    let mut strays: BTreeMap<Year, Vec<String>> = BTreeMap::new();
    for paragraph in view.prose().iter().filter(|paragraph| paragraph.section == "preamble" || of(paragraph)) {
        let read = |found: &regex::Captures<'_>| found.name("year").and_then(|year| year.as_str().parse::<Year>().ok());
        let years = params.mention.regex().into_iter().flat_map(|regex| regex.captures_iter(&paragraph.folded));
        if years.filter_map(|found| read(&found)).all(|other| other == year) {
            continue;
        }
        for sentence in paragraph.sentences() {
            let bare = without_documents(sentence);
            if params.lawful.iter().any(|pattern| pattern.is_match(&bare)) {
                continue;
            }
            // Beside the report's own year another one is compared with it.
            let of_sentence: Vec<Year> = params
                .mention
                .regex()
                .into_iter()
                .flat_map(|regex| regex.captures_iter(&bare))
                .filter_map(|found| read(&found))
                .collect();
            let claimed = params
                .own
                .iter()
                .filter(|_| !of_sentence.contains(&year))
                .find_map(|pattern| read(&pattern.regex()?.captures(&bare)?))
                .filter(|other| *other != year && *other != year + 1);
            if let Some(other) = claimed {
                own.get_or_insert_with(|| (other, printed(paragraph, sentence)));
            }
            if !of(&paragraph) {
                continue;
            }
            for other in of_sentence.into_iter().filter(|other| *other != year && *other != year + 1) {
                strays.entry(other).or_default().push(printed(paragraph, sentence));
            }
        }
    }
    let often = strays.into_iter().find(|(_, sentences)| sentences.len() > params.most as usize);
    let (other, mut sentences) = match (own, often) {
        (Some((other, sentence)), _) => (other, vec![sentence]),
        (None, Some(often)) => often,
        (None, None) => return unless_unread(view, &[]),
    };
    sentences.dedup();
    let (other, year) = (other.to_string(), year.to_string());
    let mut it = violation(view, check, "year", check.message("finding", &[("other", &other, &other), ("year", &year, &year)]));
    it.expected = Some(year);
    it.actual = Some(other);
    it.evidence = sentences.iter().take(5).map(|sentence| quoted(sentence)).collect();
    verdict(vec![it], None)
}
