//! A report that is last year's over again: every figure, or the text of a section.

use super::last;
use super::view::{View, say, verdict, violation};
use crate::model::{Message, Report, Verdict};
use crate::rules::{Check, SameFigures, SameText, SectionForm};
use crate::text::alike::{Masked, masked, percent_alike, shared_passages};

/// Every figure as last year, and enough of them above zero.
pub(super) fn figures(check: &Check, params: &SameFigures, view: &View<'_>) -> Verdict {
    let previous = match last::last(view.report, view.context) {
        Ok(previous) => previous,
        Err(why) => return Verdict::Inconclusive(why),
    };
    if view.report.figures.is_empty() || previous.figures.is_empty() {
        return Verdict::Inconclusive(say("没有可比的数据", "there are no figures to compare"));
    }
    if view.report.standard != previous.standard {
        return Verdict::Clean;
    }
    let torn = view.report.tables.iter().chain(&previous.tables).any(|table| !table.found || !table.complete);
    let differs = |report: &Report| {
        report.figures.iter().any(|figure| {
            let other = previous.figure(&figure.id);
            other.is_none_or(|other| other.reading != figure.reading)
        })
    };
    if differs(view.report) {
        return Verdict::Clean;
    }
    if torn {
        return Verdict::Inconclusive(say("有的表未能完整读出", "a table could not be read completely"));
    }
    // A blank may be a zero of either year; only numbers prove anything.
    let flow =
        |id: &str| !id.split('.').any(|part| part == "total") && !params.stocks.iter().any(|stock| id.ends_with(stock.as_str()));
    let told: Vec<_> = view
        .report
        .figures
        .iter()
        .filter(|figure| flow(&figure.id) && figure.reading.number().is_some_and(|value| !value.is_zero()))
        .collect();
    if told.len() < params.least as usize {
        return if told.is_empty() {
            Verdict::Clean
        } else {
            Verdict::Inconclusive(say("非零数据太少，可能只是巧合", "too few figures above zero: they may be alike by chance"))
        };
    }
    let count = view.report.figures.len().to_string();
    let year = previous.year.map(|year| year.to_string()).unwrap_or_default();
    let message = check.message("finding", &[("count", &count, &count), ("year", &year, &year)]);
    let mut it = violation(view, check, "figures", message);
    it.figures = told.iter().map(|figure| figure.id.clone()).collect();
    it.evidence = it.figures.iter().take(5).filter_map(|id| view.evidence(id)).collect();
    verdict(vec![it], None)
}

/// The text of one section, ready for comparing.
pub(super) fn section_text(params: &SameText, report: &Report, section: &str) -> Option<Masked> {
    let section = report.section(section).filter(|section| section.found)?;
    Some(masked(&section.paragraphs, &report.agency, |sentence| params.boilerplate.iter().any(|it| it.is_match(sentence))))
}

/// A section alike last year's.
pub(super) fn text(check: &Check, params: &SameText, view: &View<'_>) -> Verdict {
    let previous = match last::last(view.report, view.context) {
        Ok(previous) => previous,
        Err(why) => return Verdict::Inconclusive(why),
    };
    let (mut findings, mut open): (_, Option<Message>) = (Vec::new(), None);
    for id in &params.sections {
        let id = id.get_ref().as_str();
        let named = view.standard.and_then(|standard| standard.sections.iter().find(|section| section.id == id));
        let heading = named.map_or(id, |section: &SectionForm| section.heading.as_str());
        let (Some(own), Some(before)) = (section_text(params, view.report, id), section_text(params, previous, id)) else {
            open.get_or_insert_with(|| say(format!("缺少可比的“{heading}”"), format!("section {id} is not in both reports")));
            continue;
        };
        let shortest = params.shortest as usize;
        if own.length < shortest || before.length < shortest {
            continue;
        }
        let percent = percent_alike(&own, &before);
        if percent < params.alike {
            continue;
        }
        let (percent, year) = (percent.to_string(), previous.year.map(|year| year.to_string()).unwrap_or_default());
        let words = [("section", heading, heading), ("percent", &percent, &percent), ("year", &year, &year)];
        let mut it = violation(view, check, id, check.message("finding", &words));
        it.actual = Some(percent.clone());
        it.evidence = super::last::passages(&shared_passages(&own, &before, 3), last::quoted);
        findings.push(it);
    }
    verdict(findings, open)
}
