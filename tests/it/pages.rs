//! Reading, against pages of every layout: each page stands beside the truth about it.

use crate::support::{forms, read_page};
use nianjian::check::{Context, run};
use nianjian::model::{ReadOutcome, Report, Time, Verdict};
use nianjian::rules::{builtin, load};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn reports() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/reports")
}

/// Each page with the truth beside it; pages of one name in several formats share one truth.
fn pages() -> Vec<(PathBuf, Value)> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(reports()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".truth.json") {
            continue;
        }
        let truth = path.with_extension("truth.json");
        let text = std::fs::read_to_string(&truth).unwrap_or_else(|_| panic!("{} has no truth beside it", path.display()));
        pages.push((path, serde_json::from_str(&text).unwrap()));
    }
    pages.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(pages.len() > 10, "the pages are where the test looks for them");
    pages
}

/// What differs between a report and the truth, figure by figure.
pub(crate) fn differences(report: &Report, truth: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, expected) in truth["figures"].as_object().into_iter().flatten() {
        let figure = report.figure(id);
        let state = figure.map_or("absent", |figure| figure.reading.word());
        let value = figure.and_then(|figure| figure.reading.number()).map(|number| number.normalize().to_string());
        // A number stands as itself, any other state as its word or as an object with its value.
        let (wanted_state, wanted) = match expected {
            Value::Number(number) => ("number", Some(number.to_string())),
            Value::String(word) => (word.as_str(), None),
            object => {
                (object["state"].as_str().unwrap(), object.get("value").filter(|value| !value.is_null()).map(ToString::to_string))
            }
        };
        if state != wanted_state || value != wanted {
            wrong.push(format!("{id}: read {state} {value:?}, truth {expected}"));
        }
    }
    wrong
}

#[test]
fn every_layout_is_read_exactly() {
    let forms = forms();
    let mut wrong = Vec::new();
    for (path, truth) in pages() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read = read_page(&path, &forms);
        let Some(report) = read.report else {
            wrong.push(format!("{name}: {:?} {:?}", read.outcome, read.problems));
            continue;
        };
        let found = differences(&report, &truth);
        wrong.extend(found.iter().take(5).map(|line| format!("{name}: {line}")));
        if found.len() > 5 {
            wrong.push(format!("{name}: … {} in all", found.len()));
        }
        for (field, read) in [
            ("standard", Some(report.standard.clone())),
            ("title", Some(report.title.clone())),
            ("agency", Some(report.agency.clone())),
            ("year", report.year.map(|year| year.to_string())),
            ("signed", report.signed.map(|date| date.to_string())),
            ("document_number", report.document_number.clone()),
        ] {
            let wanted = truth
                .get(field)
                .filter(|value| !value.is_null())
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            if truth.get(field).is_some() && wanted != read {
                wrong.push(format!("{name}: {field}: read {read:?}, truth {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Families whose rules need nothing but the page itself.
const OF_THE_PAGE: [&str; 3] = ["form/", "balance/", "narrative/"];

/// A lawful report is told nothing, a faulty one its faults; and of one that cannot be read whole nothing is
/// told, nor is it clean.
#[test]
fn every_layout_is_judged_rightly() {
    let (forms, rules) = (forms(), load(&builtin(), None).expect("the shipped rules load"));
    let context = Context::lone(Time::default());
    let mut wrong = Vec::new();
    for (path, truth) in pages() {
        let Some(wanted) = truth["findings"].as_array() else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read = read_page(&path, &forms);
        let (mut found, mut open) = (Vec::new(), 0);
        for outcome in run(&read, &context, &rules) {
            match outcome.verdict {
                Verdict::Findings(all) => found.extend(all.iter().map(|it| (outcome.rule.clone(), it.message.zh.clone()))),
                Verdict::Inconclusive(_) if OF_THE_PAGE.iter().any(|family| outcome.rule.starts_with(family)) => open += 1,
                _ => {}
            }
        }
        let wanted: Vec<&str> = wanted.iter().filter_map(|finding| finding["rule"].as_str()).collect();
        if found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>() != wanted {
            wrong.push(format!("{name}: found {found:?}, truth {wanted:?}"));
        }
        let unread = truth["unread"].as_bool() == Some(true);
        if unread != (open > 0) {
            wrong.push(format!("{name}: {open} rules are open, unread: {unread}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_report_in_every_format_is_one_report() {
    let forms = forms();
    let figures = |ending: &str| {
        let report = read_page(&reports().join(format!("qingshi-2020.{ending}")), &forms).report.expect("it is a report");
        let figures: Vec<_> =
            report.figures.iter().map(|figure| (figure.id.clone(), figure.reading.clone(), figure.unit.clone())).collect();
        let sections: Vec<_> = report.sections.iter().map(|section| (section.id.clone(), section.found)).collect();
        (figures, sections, report.title, report.agency, report.year, report.signed, report.document_number)
    };
    assert_eq!(figures("txt"), figures("html"));
    for ending in ["docx", "doc", "odt", "rtf", "mht", "zip", "xlsx", "xls", "ods"] {
        assert_eq!(figures("txt"), figures(ending), "{ending}");
    }
}

#[test]
fn pages_that_are_no_report_are_said_to_be_none() {
    let forms = forms();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/nasty");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let read = read_page(&path, &forms);
        assert_ne!(read.outcome, ReadOutcome::Read, "{}", path.display());
    }
}

#[test]
fn figures_struck_out_of_an_old_word_document_are_not_read() {
    let read = read_page(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/nasty/struck.doc"), &forms());
    assert_eq!(read.problems.first().map(|problem| problem.code.as_str()), Some("format-unsupported"));
}
