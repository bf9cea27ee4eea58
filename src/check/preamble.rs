//! What the preamble announces and cites.

use super::view::{View, say, verdict, violation};
use crate::model::{Evidence, Place, Verdict};
use crate::rules::{Check, Citation, PartCount};
use crate::text::compact;

fn quoted(text: &str) -> Evidence {
    Evidence { quote: text.to_owned(), at: Place { quote: Some(text.to_owned()), ..Place::default() } }
}

/// A small number as a preamble writes it.
fn small_number(text: &str) -> Option<usize> {
    const NUMERALS: &str = "一二三四五六七八九十";
    match text {
        "两" => Some(2),
        _ if text.chars().count() == 1 && NUMERALS.contains(text) => {
            NUMERALS.chars().position(|c| text.starts_with(c)).map(|at| at + 1)
        }
        _ => text.parse().ok(),
    }
}

/// The preamble states another number of parts, or lists fewer, than the report has.
pub(super) fn part_count(check: &Check, params: &PartCount, view: &View<'_>) -> Verdict {
    let Some(standard) = view.standard else {
        return match view.report.standard.as_str() {
            "pre2019" => Verdict::NotApplicable,
            _ => Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told")),
        };
    };
    let due = standard.sections.len();
    let there = view.report.sections.iter().filter(|section| section.found).count();
    let sentences = view.report.preamble.iter().flat_map(|paragraph| paragraph.split_inclusive(['。', '；']));
    for sentence in sentences {
        let text = compact(sentence);
        let numbers =
            params.stated.iter().filter_map(|pattern| Some(pattern.regex()?.captures(&text)?.name("n")?.as_str().to_owned()));
        let wrong = numbers.filter_map(|word| small_number(&word)).find(|number| *number != due && *number != there);
        if let Some(number) = wrong {
            // More parts than the form has may be lawful appendices, which nobody counted.
            if number > due {
                return Verdict::Inconclusive(say("报告可能另有附加部分", "the report may have parts of its own"));
            }
            let (number, form) = (number.to_string(), there.max(due).to_string());
            let words = [("stated", number.as_str(), number.as_str()), ("form", &form, &form)];
            let mut it = violation(view, check, "preamble", check.message("stated", &words));
            it.expected = Some(form);
            it.actual = Some(number);
            it.evidence = vec![quoted(sentence.trim())];
            return Verdict::Findings(vec![it].into());
        }
        let open = text.contains('等');
        if !open && params.listing.iter().any(|pattern| pattern.is_match(&text)) {
            let mentioned = |id: &str| {
                params
                    .words
                    .iter()
                    .any(|(section, words)| section.get_ref() == id && words.iter().any(|word| text.contains(word)))
            };
            let missing: Vec<_> = standard.sections.iter().filter(|section| !mentioned(&section.id)).collect();
            // A sentence that names only some of the parts may list something else.
            if missing.len() != 1 || there < due {
                continue;
            }
            let names = missing.iter().map(|section| section.heading.as_str()).collect::<Vec<_>>().join("、");
            let listed = (due - missing.len()).to_string();
            let words = [("missing", names.as_str(), names.as_str()), ("listed", &listed, &listed)];
            let mut it = violation(view, check, "preamble", check.message("listed", &words));
            it.expected = Some(due.to_string());
            it.actual = Some(listed);
            it.evidence = vec![quoted(sentence.trim())];
            return Verdict::Findings(vec![it].into());
        }
    }
    if view.report.preamble.is_empty() { Verdict::NotApplicable } else { Verdict::Clean }
}

/// The preamble cites what no longer holds in the report's year.
pub(super) fn citation(check: &Check, params: &Citation, view: &View<'_>) -> Verdict {
    let Some(year) = view.report.year else {
        return Verdict::Inconclusive(say("报告年度不明", "the year of the report is not known"));
    };
    let mut findings = Vec::new();
    for cited in params.cited.iter().filter(|cited| year >= cited.from) {
        if !view.words().lines.say(&cited.pattern) {
            continue;
        }
        let mut asked = view.prose().iter().filter(|it| cited.anywhere || it.section == "preamble");
        let found = asked.find_map(|paragraph| {
            let cites = |sentence: &str| Some(cited.pattern.regex()?.find(sentence)?.as_str().to_owned());
            let lawful = |sentence: &&str| params.lawful.iter().any(|pattern| pattern.is_match(sentence));
            let quote = paragraph.sentences().filter(|sentence| !lawful(sentence)).find_map(cites)?;
            Some((quote, paragraph))
        });
        if let Some((quote, paragraph)) = found {
            let year = year.to_string();
            let words = [
                ("quote", quote.as_str(), quote.as_str()),
                ("instead", &cited.instead, &cited.instead_en),
                ("year", &year, &year),
            ];
            let mut it =
                violation(view, check, format!("{}/{}", paragraph.section, cited.place), check.message("finding", &words));
            it.expected = Some(cited.instead.clone());
            it.actual = Some(quote.clone());
            it.evidence = vec![Evidence { quote, at: Place { quote: Some(paragraph.printed.to_owned()), ..Place::default() } }];
            findings.push(it);
        }
    }
    if findings.is_empty() && view.report.preamble.is_empty() {
        return Verdict::NotApplicable;
    }
    verdict(findings, None)
}
