//! Words that have no place in the text, that deny a figure, or that are not there at all.

use super::identity::not_judged;
use super::mentions::{not_asked, unless_unread, unread};
use super::prose::{printed, quoted};
use super::view::{View, below_city, say, verdict, violation};
use crate::model::{AgencyKind, Verdict};
use crate::rules::{Check, Denied, Length, Pattern, WithoutFigures, Wording};
use rust_decimal::Decimal;

/// How many places one finding quotes.
const QUOTED: usize = 5;

/// One finding: the words, with their sentences.
pub(super) fn words(check: &Check, params: &Wording, view: &View<'_>) -> Verdict {
    let mut evidence = Vec::new();
    let (mut found, mut count) = (Vec::new(), 0);
    let said: Vec<&Pattern> = params.words.iter().filter(|pattern| view.words().lines.say(pattern)).collect();
    let government = view.agency_kind() == Some(AgencyKind::Government);
    let beside = params.beside.iter().filter(|_| !government && !said.is_empty());
    let beside: Vec<&Pattern> = beside.filter(|pattern| view.words().lines.say(pattern)).collect();
    let mut only_beside = true;
    for paragraph in view.prose() {
        if !said.iter().chain(&beside).any(|pattern| pattern.is_match(&paragraph.folded)) {
            continue;
        }
        for sentence in paragraph.sentences() {
            let hits = |patterns: &[&Pattern]| -> Vec<&str> {
                let regexes = patterns.iter().filter_map(|pattern| pattern.regex());
                regexes.flat_map(|regex| regex.find_iter(sentence).map(|hit| hit.as_str())).collect()
            };
            let (own, others) = (hits(&said), hits(&beside));
            if own.len() + others.len() == 0 || params.lawful.iter().any(|pattern| pattern.is_match(sentence)) {
                continue;
            }
            only_beside &= own.is_empty();
            count += own.len() + others.len();
            for hit in own.into_iter().chain(others) {
                if !found.iter().any(|known| known == hit) {
                    found.push(hit.to_owned());
                }
            }
            if evidence.len() < QUOTED {
                evidence.push(quoted(&printed(paragraph, sentence)));
            }
        }
    }
    if only_beside || count < params.least as usize {
        return unless_unread(view, &[]);
    }
    if let Some(verdict) = not_asked(&params.agencies, view) {
        return verdict;
    }
    if params.below_city {
        match below_city(view) {
            Some(true) => {}
            Some(false) => return Verdict::NotApplicable,
            None => return Verdict::Inconclusive(say("机关层级不明", "the level of the agency is not known")),
        }
    }
    let list = found.iter().take(QUOTED).map(String::as_str).collect::<Vec<_>>().join("”“");
    let mut it = violation(view, check, &params.place, check.message("finding", &[("words", &list, &list)]));
    it.actual = Some(list);
    it.evidence = evidence;
    verdict(vec![it], None)
}

/// A figure above zero beside a sentence that says there is none.
pub(super) fn denied(check: &Check, params: &Denied, view: &View<'_>) -> Verdict {
    let id = params.figure.get_ref().as_str();
    let table = id.split('.').next().unwrap_or_default();
    if view.table(table).is_some_and(|(_, form)| form.place(id).is_none()) {
        return Verdict::NotApplicable;
    }
    let may_deny = view.words().sentences.say_any(&params.denied);
    let denial = view.prose().iter().filter(|_| may_deny).find_map(|paragraph| {
        let says = |patterns: &[Pattern], sentence: &str| patterns.iter().any(|pattern| pattern.is_match(sentence));
        let sentence =
            paragraph.sentences().find(|sentence| says(&params.denied, sentence) && !says(&params.lawful, sentence))?;
        Some(printed(paragraph, sentence))
    });
    let affirmed = |pattern: &Pattern| view.prose().iter().any(|paragraph| pattern.is_match(&paragraph.folded));
    let denial = denial.filter(|_| !params.affirmed.iter().any(affirmed));
    let Some(denial) = denial else {
        return if not_judged(view, table) == Some(Verdict::NotApplicable) { Verdict::NotApplicable } else { Verdict::Clean };
    };
    if let Some(verdict) = not_judged(view, table) {
        return verdict;
    }
    let Some(value) = view.figure(id).and_then(|figure| figure.reading.number()) else {
        return Verdict::Inconclusive(say(format!("{}没有可读的数字", view.label(id)), format!("{id} is not a number")));
    };
    if value <= Decimal::ZERO {
        return Verdict::Clean;
    }
    let (label, text) = (view.label(id), value.normalize().to_string());
    let words = [("cell", label.as_str(), id), ("value", &text, &text), ("sentence", &denial, &denial)];
    let mut it = violation(view, check, id, check.message("finding", &words));
    it.figures = vec![id.to_owned()];
    it.expected = Some(text.clone());
    it.evidence = std::iter::once(quoted(&denial)).chain(view.evidence(id)).collect();
    verdict(vec![it], None)
}

/// A section without a single figure.
pub(super) fn without_figures(check: &Check, params: &WithoutFigures, view: &View<'_>) -> Verdict {
    let id = params.section.get_ref().as_str();
    let Some(section) = view.report.section(id).filter(|section| section.found) else { return Verdict::NotApplicable };
    let paragraphs: Vec<_> = view.prose().iter().filter(|it| it.section == id && !it.folded.is_empty()).collect();
    if paragraphs.is_empty() || view.report.standard == "pre2019" {
        return Verdict::NotApplicable;
    }
    let stated =
        view.report.claims.iter().any(|claim| claim.section == id) || view.report.breakdowns.iter().any(|it| it.section == id);
    let figure = || params.figure.iter().any(|pattern| paragraphs.iter().any(|it| pattern.is_match(&it.folded)));
    if stated || figure() {
        return Verdict::Clean;
    }
    if let Some(why) = unread(view, &[id]) {
        return Verdict::Inconclusive(why);
    }
    let heading = section.heading.clone().unwrap_or_default();
    let mut it = violation(view, check, id, check.message("finding", &[("section", &heading, &heading)]));
    it.evidence = vec![quoted(&heading)];
    verdict(vec![it], None)
}

/// A section longer than the office allows.
pub(super) fn too_long(check: &Check, params: &Length, view: &View<'_>) -> Verdict {
    let id = params.section.get_ref().as_str();
    if !view.report.section(id).is_some_and(|section| section.found) {
        return Verdict::NotApplicable;
    }
    let paragraphs = view.prose().iter().filter(|it| it.section == id);
    let length: usize = paragraphs.map(|it| it.folded.chars().count()).sum();
    if length <= params.longest as usize {
        return unless_unread(view, &[id]);
    }
    let (count, limit) = (length.to_string(), params.longest.to_string());
    let mut it = violation(view, check, id, check.message("finding", &[("count", &count, &count), ("limit", &limit, &limit)]));
    it.expected = Some(limit);
    it.actual = Some(count);
    verdict(vec![it], None)
}
