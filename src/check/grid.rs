//! Rows and columns of the statutory tables: each there, and none that the form does not have.

use super::view::{View, say, torn, verdict, violation};
use crate::model::{Evidence, Place, TableRead, Verdict, Violation};
use crate::rules::{Check, GridFault, TableForm, plain_label};

/// One finding a row or column.
pub(super) fn judge(check: &Check, fault: GridFault, view: &View<'_>) -> Verdict {
    if view.standard.is_none() {
        return match view.report.standard.as_str() {
            "pre2019" => Verdict::NotApplicable,
            _ => Verdict::Inconclusive(say("无法判定报告所用格式", "the form of the report cannot be told")),
        };
    }
    let (tables, torn_tables) = view.tables();
    if tables.is_empty() && torn_tables.is_empty() {
        return Verdict::Inconclusive(say("报告中没有可核对的表格", "no table of the form was found"));
    }
    let findings = tables.iter().flat_map(|(read, form)| match fault {
        GridFault::RowMissing => missing(check, view, form, &read.missing_rows, true),
        GridFault::ColumnMissing => missing(check, view, form, &read.missing_columns, false),
        GridFault::RowUnknown => unknown(check, view, read, form, &read.unknown_rows),
        GridFault::ColumnUnknown => unknown(check, view, read, form, &read.unknown_columns),
    });
    verdict(findings.collect(), torn(view, &torn_tables))
}

fn missing(check: &Check, view: &View<'_>, form: &TableForm, ids: &[String], rows: bool) -> Vec<Violation> {
    let finding = |id: &String| {
        let crossed = form.cells().filter(|(_, row, column)| if rows { row.id == *id } else { column.id == *id });
        let crossed: Vec<_> = crossed.collect();
        let (_, row, column) = crossed.first()?;
        let label = if rows { row.label.clone() } else { column.label.clone() };
        let label = if label.is_empty() { form.name.clone() } else { label };
        let words = [("table", form.name.as_str(), form.name_en.as_str()), ("label", &label, &label)];
        let mut it = violation(view, check, format!("{}/{id}", form.id), check.message("finding", &words));
        it.figures = crossed.iter().map(|(id, ..)| (*id).to_owned()).collect();
        it.expected = Some(plain_label(&label));
        Some(it)
    };
    ids.iter().filter_map(finding).collect()
}

fn unknown(check: &Check, view: &View<'_>, read: &TableRead, form: &TableForm, labels: &[(String, Place)]) -> Vec<Violation> {
    let finding = |(nth, (label, at)): (usize, &(String, Place))| {
        let words = [("table", form.name.as_str(), form.name_en.as_str()), ("label", label, label)];
        // The same label may stand twice; each is an instance of its own.
        let place = match labels.iter().take(nth).filter(|(other, _)| other == label).count() {
            0 => format!("{}/{label}", read.id),
            before => format!("{}/{label}/{}", read.id, before + 1),
        };
        let mut it = violation(view, check, place, check.message("finding", &words));
        it.actual = Some(label.clone());
        it.evidence = vec![Evidence { quote: label.clone(), at: at.clone() }];
        it
    };
    labels.iter().enumerate().map(finding).collect()
}
