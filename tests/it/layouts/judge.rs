//! What was read against what is true.

use super::Page;
use nianjian::model::{ReadReport, Report};
use std::collections::BTreeMap;

/// How one page came out.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) figures: usize,
    pub(super) exact: usize,
    /// Not read, and said so.
    pub(super) unread: usize,
    pub(super) wrong: Vec<String>,
}

impl Judged {
    pub(super) fn add(&mut self, other: Judged) {
        self.figures += other.figures;
        self.exact += other.exact;
        self.unread += other.unread;
    }
}

/// Compares a page's report with its truth.
pub(super) fn judge(page: &Page, read: &ReadReport) -> Judged {
    let mut judged = Judged::default();
    let Some(report) = &read.report else {
        judged.wrong.push(format!("{:?} {:?}", read.outcome, read.problems));
        return judged;
    };
    figures(page, report, &mut judged);
    fields(page, report, &mut judged);
    judged
}

fn figures(page: &Page, report: &Report, judged: &mut Judged) {
    let mut kinds: BTreeMap<(&str, &str), (usize, String)> = BTreeMap::new();
    for (id, truth) in &page.truth.cells {
        judged.figures += 1;
        let figure = report.figure(id);
        let state = figure.map_or("absent", |figure| figure.reading.word());
        let value = figure.and_then(|figure| figure.reading.number()).map(|number| number.normalize().to_string());
        let unit = figure.and_then(|figure| figure.unit.clone());
        let absent = page.story.absent.contains(id);
        let wanted_unit =
            truth.unit.clone().or_else(|| (id.ends_with("charges.amount") && truth.value.is_some()).then(|| "万元".to_owned()));
        let exact = match absent {
            true => state == "absent",
            false => {
                state == truth.state
                    && value == truth.value.as_ref().map(|it| it.strip_suffix(".0").unwrap_or(it).to_owned())
                    && unit == wanted_unit
            }
        };
        if exact {
            judged.exact += 1;
            continue;
        }
        let complete = report.table(id.split('.').next().unwrap_or_default()).is_some_and(|table| table.complete);
        // What could not be read must be said; a number that is not the cell's is never right.
        let honest = !complete && matches!(state, "absent" | "illegible");
        judged.unread += usize::from(honest);
        if honest && (page.recipe.is_hard() || page.is_blank_drawing(id)) {
            continue;
        }
        let kind = match (honest, state) {
            (true, _) => "unread",
            (_, "number") => "WRONG NUMBER",
            _ => "wrong state",
        };
        let table = id.split('.').next().unwrap_or_default();
        let told = format!("{id} read {state} {value:?} {unit:?}, truth {:?} {:?} {:?}", truth.printed, truth.value, wanted_unit);
        let (count, _) = kinds.entry((table, kind)).or_insert((0, told));
        *count += 1;
    }
    let lines = kinds.into_iter().map(|((table, kind), (count, told))| format!("{table}: {count} {kind}: {told}"));
    judged.wrong.extend(lines);
}

fn fields(page: &Page, report: &Report, judged: &mut Judged) {
    let truth = &page.truth;
    let missing: Vec<&str> = report.sections.iter().filter(|section| !section.found).map(|section| section.id.as_str()).collect();
    if !missing.is_empty() {
        judged.wrong.push(format!("sections not found: {missing:?}"));
    }
    for (field, read, wanted) in [
        ("standard", Some(report.standard.clone()), Some(truth.standard.clone())),
        ("title", Some(report.title.replace(' ', "")), Some(truth.title.concat())),
        ("agency", Some(report.agency.clone()), Some(truth.agency.clone())),
        ("kind", report.agency_kind.map(|kind| kind.word().to_owned()), Some(truth.kind.to_owned())),
        ("year", report.year.map(|year| year.to_string()), Some(truth.year.to_string())),
        ("signed", report.signed.map(|date| date.to_string()), Some(truth.signed.1.clone())),
        ("number", report.document_number.clone(), truth.number.clone()),
    ] {
        if read != wanted {
            judged.wrong.push(format!("{field}: read {read:?}, truth {wanted:?}"));
        }
    }
}
