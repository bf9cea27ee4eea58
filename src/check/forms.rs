//! The tables and the form: there, and of the right span of years.

use super::view::{View, say, torn, verdict, violation};
use crate::model::{TableRead, Verdict};
use crate::rules::{Check, Presence, RuleSet, Standard, TableForm};

/// The table of section two, three or four is not there. Beside a missing section its table is not told again.
pub(super) fn table_missing(check: &Check, params: &Presence, view: &View<'_>) -> Verdict {
    let Some(standard) = view.standard else {
        return match view.report.standard.as_str() {
            "pre2019" => Verdict::NotApplicable,
            _ => Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told")),
        };
    };
    let gone = |table: &&TableForm| !view.report.table(&table.id).is_some_and(|read| read.found);
    let has_section = |table: &&TableForm| view.report.section(&table.section).is_some_and(|section| section.found);
    let missing: Vec<&TableForm> = standard.tables.iter().filter(gone).filter(has_section).collect();
    if let (false, Some(code)) = (missing.is_empty(), view.blinded(&params.blinded_by)) {
        return Verdict::Inconclusive(say(format!("部分内容未能读出（{code}）"), format!("parts could not be read ({code})")));
    }
    // A picture in the place of a table, or lines that lost their columns, may be the table.
    let unread = |table: &&TableForm| view.report.table(&table.id).is_some_and(|read| !read.complete);
    let (unread, missing): (Vec<&TableForm>, Vec<&TableForm>) = missing.into_iter().partition(unread);
    let unread: Vec<&str> = unread.iter().map(|table| table.id.as_str()).collect();
    let findings = missing.into_iter().map(|table| {
        let heading = view.report.section(&table.section).and_then(|section| section.heading.clone()).unwrap_or_default();
        let words = [("table", table.name.as_str(), table.name_en.as_str()), ("section", &heading, &heading)];
        let mut it = violation(view, check, &table.id, check.message("finding", &words));
        it.expected = Some(table.name.clone());
        it
    });
    verdict(findings.collect(), torn(view, &unread))
}

/// Whether two forms print the same table: then nothing tells them apart and nothing is outdated.
fn same_table(a: &Standard, b: &Standard, table: &str) -> bool {
    a.table(table).map(TableForm::ids) == b.table(table).map(TableForm::ids)
}

/// Name of a form in Chinese and English.
fn name_of(rules: &RuleSet, id: &str) -> (String, String) {
    match rules.standard(id) {
        Some(standard) => (standard.name.clone(), standard.name_en.clone()),
        None => ("2019年以前的格式".to_owned(), "form before 2019".to_owned()),
    }
}

/// The form of another span of years, whole or one table of it.
pub(super) fn outdated(check: &Check, view: &View<'_>) -> Verdict {
    let report = view.report;
    if report.standard == "unknown" {
        return Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told"));
    }
    let Some(year) = report.year else {
        return Verdict::Inconclusive(say("报告年度不明", "the year of the report is not known"));
    };
    let Some(due) = view.rules.standard_for(year) else {
        return match report.standard.as_str() {
            "pre2019" => Verdict::Clean,
            // A form cannot be older than itself: the year was misread or misprinted.
            _ => Verdict::Inconclusive(say("报告年度早于所用格式", "the year is before the form existed")),
        };
    };
    let years = year.to_string();
    let due_name = name_of(view.rules, &due.id);
    let due_words = ("due", due_name.0.as_str(), due_name.1.as_str());
    let year_words = ("year", years.as_str(), years.as_str());
    if report.standard != due.id {
        let found = name_of(view.rules, &report.standard);
        let words = [year_words, ("found", found.0.as_str(), found.1.as_str()), due_words];
        let mut it = violation(view, check, "report", check.message("report", &words));
        it.expected = Some(due.id.clone());
        it.actual = Some(report.standard.clone());
        return Verdict::Findings(vec![it].into());
    }
    let is_odd = |table: &&TableRead| {
        let form = table.form.as_deref().and_then(|form| view.rules.standard(form));
        table.found && form.is_some_and(|form| form.id != due.id && !same_table(form, due, &table.id))
    };
    // Of a table that was read in part only, the rows that would tell its form may be the unread ones.
    let (whole, part): (Vec<&TableRead>, Vec<&TableRead>) = report.tables.iter().filter(is_odd).partition(|table| table.complete);
    let part: Vec<&str> = part.iter().map(|table| table.id.as_str()).collect();
    let odd = whole.into_iter().filter_map(|table| {
        let form = view.rules.standard(table.form.as_deref()?)?;
        let printed = form.table(&table.id)?;
        let words = [
            year_words,
            ("table", printed.name.as_str(), printed.name_en.as_str()),
            ("found", form.name.as_str(), form.name_en.as_str()),
            due_words,
        ];
        let mut it = violation(view, check, &table.id, check.message("table", &words));
        it.expected = Some(due.id.clone());
        it.actual = Some(form.id.clone());
        Some(it)
    });
    verdict(odd.collect(), torn(view, &part))
}
