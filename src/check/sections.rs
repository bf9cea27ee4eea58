//! The six statutory sections: there, in order, and not empty.

use super::view::{View, say, verdict, violation};
use crate::model::{Evidence, Place, Section, Verdict};
use crate::rules::{Check, Presence, SectionForm, Standard};

/// The form whose sections the report must have; `None` with the verdict where it has none.
fn form<'a>(view: &View<'a>) -> Result<&'a Standard, Verdict> {
    match view.standard {
        Some(standard) => Ok(standard),
        None if view.report.standard == "pre2019" => Err(Verdict::NotApplicable),
        None => Err(Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told"))),
    }
}

/// The sections of the form that were found, in the form's order.
fn found<'a>(standard: &'a Standard, view: &View<'a>) -> Vec<(&'a SectionForm, &'a Section)> {
    let section_of = |form: &'a SectionForm| Some((form, view.report.section(&form.id).filter(|section| section.found)?));
    standard.sections.iter().filter_map(section_of).collect()
}

fn printed(form: &SectionForm) -> String {
    const NUMERALS: [&str; 7] = ["", "一", "二", "三", "四", "五", "六"];
    let number = usize::try_from(form.number).ok().and_then(|number| NUMERALS.get(number)).copied().unwrap_or_default();
    format!("{number}、{}", form.heading)
}

/// A statutory section is not there.
pub(super) fn missing(check: &Check, params: &Presence, view: &View<'_>) -> Verdict {
    let standard = match form(view) {
        Ok(standard) => standard,
        Err(verdict) => return verdict,
    };
    let found = found(standard, view);
    if found.len() == standard.sections.len() {
        return Verdict::Clean;
    }
    if let Some(code) = view.blinded(&params.blinded_by) {
        return Verdict::Inconclusive(say(format!("部分内容未能读出（{code}）"), format!("parts could not be read ({code})")));
    }
    if found.is_empty() {
        return Verdict::Inconclusive(say("未能识别任何标题", "not one heading was recognised"));
    }
    let absent = standard.sections.iter().filter(|form| !found.iter().any(|(there, _)| there.id == form.id));
    let findings = absent.map(|form| {
        let heading = printed(form);
        let mut it = violation(view, check, &form.id, check.message("finding", &[("section", &heading, &heading)]));
        it.expected = Some(heading);
        it
    });
    verdict(findings.collect(), None)
}

/// Sections out of order, or numbered twice or wrongly.
pub(super) fn order(check: &Check, view: &View<'_>) -> Verdict {
    let standard = match form(view) {
        Ok(standard) => standard,
        Err(verdict) => return verdict,
    };
    let found = found(standard, view);
    let positions: Vec<u32> = found.iter().filter_map(|(_, section)| section.position).collect();
    if found.len() < 2 || positions.len() < found.len() {
        return Verdict::Inconclusive(say("标题次序不明", "the order of the headings is not known"));
    }
    let disordered = !positions.is_sorted();
    let numbers: Vec<u32> = found.iter().filter_map(|(_, section)| section.number).collect();
    let twice = numbers.iter().enumerate().any(|(at, number)| numbers[..at].contains(number));
    // Beside a missing or an extra section the other numbers shift lawfully: only a whole row of six can be wrong.
    let whole = found.len() == standard.sections.len() && positions.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let wrong = whole && found.iter().any(|(form, section)| section.number.is_some_and(|number| number != form.number));
    if !(disordered || twice || wrong) {
        return Verdict::Clean;
    }
    let mut printed_order: Vec<&Section> = found.iter().map(|(_, section)| *section).collect();
    printed_order.sort_by_key(|section| section.position);
    let headings: Vec<&str> = printed_order.iter().filter_map(|section| section.heading.as_deref()).collect();
    let list = headings.join("；");
    let due = standard.sections.iter().map(printed).collect::<Vec<_>>().join("；");
    let mut it = violation(view, check, "sections", check.message("finding", &[("found", &list, &list), ("form", &due, &due)]));
    it.evidence = headings.iter().map(|heading| quoted(heading)).collect();
    Verdict::Findings(vec![it].into())
}

fn quoted(text: &str) -> Evidence {
    Evidence { quote: text.to_owned(), at: Place { quote: Some(text.to_owned()), ..Place::default() } }
}

/// A section has a heading and nothing under it. A section of which only the table is missing is
/// told by the rule about tables.
pub(super) fn empty(check: &Check, view: &View<'_>) -> Verdict {
    let standard = match form(view) {
        Ok(standard) => standard,
        Err(verdict) => return verdict,
    };
    let narrative = |form: &SectionForm| !standard.tables.iter().any(|table| table.section == form.id);
    let bare = |section: &Section| !section.has_table && section.paragraphs.iter().all(|text| text.trim().is_empty());
    let empties = found(standard, view).into_iter().filter(|(form, section)| narrative(form) && bare(section));
    let findings = empties.map(|(form, section)| {
        let heading = section.heading.clone().unwrap_or_else(|| printed(form));
        let mut it = violation(view, check, &form.id, check.message("finding", &[("section", &heading, &heading)]));
        it.evidence = vec![quoted(&heading)];
        it
    });
    verdict(findings.collect(), None)
}
