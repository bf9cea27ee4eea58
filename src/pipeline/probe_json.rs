//! The JSON of `probe`, `nianjian.probe/1` of docs/contract.md: the whole way, and at its end the object of `check`.

use super::check_json::{self, Subject};
use super::probe::{DocumentSeen, Entry, Family, Fate, ListSeen, Probed};
use crate::crawl::Assignment;
use crate::fetch::Fetched;
use crate::model::{Breakdown, Cell, Claim, FetchResult, Grid, Precision, Report, Scope};
use crate::rules::RuleSet;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::HashMap;

/// One probe as the contract's object.
pub fn of(probed: &Probed, rules: &RuleSet, english: bool) -> Value {
    let check = probed.seen.as_ref().map(|seen| {
        let subject = Subject { input: &probed.input, sha256: &probed.sha256, read: &seen.read, outcomes: &seen.outcomes };
        check_json::value(&subject, rules, english)
    });
    json!({
        "schema": "nianjian.probe/1",
        "input": probed.input,
        "kind": probed.kind().word(),
        "bytes": probed.bytes,
        "sha256": probed.sha256,
        "fetch": probed.fetched.as_ref().map(|fetched| fetch(fetched, probed.robots())),
        "profile": probed.list.as_ref().map(profile),
        "list": probed.list.as_ref().map(list),
        "document": probed.seen.as_ref().map(document),
        "reading": probed.seen.as_ref().and_then(reading),
        "check": check,
    })
}

/// The kind of gate or failure, where the result has one.
pub fn result_kind(result: FetchResult) -> Option<String> {
    match result {
        FetchResult::Blocked(kind) => Some(kind.word().to_owned()),
        FetchResult::Failed(kind) => serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)),
        _ => None,
    }
}

fn fetch(fetched: &Fetched, robots: Option<&str>) -> Value {
    json!({
        "url": fetched.url.as_str(),
        "final_url": fetched.final_url.as_str(),
        "hops": fetched.hops.iter().map(url::Url::as_str).collect::<Vec<_>>(),
        "result": fetched.result.word(),
        "kind": result_kind(fetched.result),
        "status": (fetched.status != 0).then_some(fetched.status),
        "content_type": fetched.media,
        "robots": robots,
        "took_ms": u64::try_from(fetched.took.as_millis()).unwrap_or(u64::MAX),
        "retry_after_s": fetched.retry_after.map(|rest| rest.as_secs()),
        "problem": fetched.problem,
    })
}

fn profile(list: &ListSeen) -> Value {
    let family = |family: &Family| {
        let signs: Vec<Value> = family
            .signs
            .iter()
            .map(|sign| json!({"url": sign.url, "link": sign.link, "marker": sign.marker, "weight": sign.weight}))
            .collect();
        json!({
            "name": family.name, "label": family.label, "weight": family.weight, "threshold": family.threshold,
            "signs": signs, "unsupported": family.unsupported,
        })
    };
    let shown = list.families.iter().filter(|it| it.weight > 0 || it.name == list.profile);
    json!({"name": list.profile, "chosen": list.chosen, "families": shown.map(family).collect::<Vec<_>>()})
}

fn list(list: &ListSeen) -> Value {
    let entry = |Entry { named, fate }: &Entry| {
        let (whose, agency) = match &named.whose {
            Assignment::Agency(id) => ("roster", Some(id)),
            Assignment::Unassigned(name) => ("unassigned", Some(name)),
            Assignment::Unsure => ("unsure", None),
        };
        json!({
            "url": named.entry.url, "title": named.entry.title, "date": named.entry.date, "verdict": fate.word(),
            "reason": if let Fate::Refused(reason) = fate { Some(reason) } else { None },
            "year": named.entry.year, "whose": whose, "agency": agency,
        })
    };
    let awaited = list.awaited.iter().map(|it| json!({"url": it.request.url.as_str(), "post": it.request.post.as_ref().map(|post| &post.body), "what": it.what, "label": it.label}));
    json!({
        "entries": list.entries.iter().map(entry).collect::<Vec<_>>(),
        "next": awaited.collect::<Vec<_>>(),
        "problems": list.problems,
    })
}

fn document(seen: &DocumentSeen) -> Value {
    let figures = figures_by_cell(seen);
    let cell = |grid: &Grid, cell: &Cell| {
        json!({
            "row": cell.row + 1, "column": cell.column + 1, "rowspan": cell.rowspan, "colspan": cell.colspan,
            "text": cell.text, "figure": figures.get(&(grid.ordinal, cell.row + 1, cell.column + 1)),
        })
    };
    let grid = |grid: &Grid| {
        let rows: Vec<Vec<Value>> = grid.rows.iter().map(|row| row.iter().map(|it| cell(grid, it)).collect()).collect();
        json!({"table": grid.ordinal, "page": grid.page, "complete": grid.complete, "rows": rows})
    };
    json!({
        "media": seen.media.mime(),
        "told_by": if seen.by_bytes { "bytes" } else { "header-or-name" },
        "charset": seen.charset.as_ref().map(|charset| json!({
            "name": charset.name, "declared_otherwise": charset.declared_otherwise, "damaged": charset.damaged,
        })),
        "title": seen.document.title,
        "blocks": seen.document.blocks.len(),
        "images": seen.document.images,
        "problems": seen.document.problems,
        "grids": seen.document.grids().map(grid).collect::<Vec<_>>(),
    })
}

/// The figure that each cell of a grid became, by table, row and column from 1.
pub fn figures_by_cell(seen: &DocumentSeen) -> HashMap<(u32, u32, u32), &str> {
    let figures = seen.read.report.as_ref().map(|report| report.figures.as_slice()).unwrap_or_default();
    let place = |figure: &crate::model::Figure| {
        let at = figure.at.as_ref()?;
        Some((at.table?, at.row?, at.column?))
    };
    figures.iter().filter_map(|figure| Some((place(figure)?, figure.id.as_str()))).collect()
}

fn reading(seen: &DocumentSeen) -> Option<Value> {
    let report = seen.read.report.as_ref()?;
    let paths = report.figures.iter().filter_map(|figure| {
        let path = seen.paths.get(&figure.id)?;
        Some((figure.id.clone(), json!({"row": path.row, "column": path.column})))
    });
    let sections = report.sections.iter().map(|section| {
        json!({
            "id": section.id, "found": section.found, "heading": section.heading, "number": section.number,
            "paragraphs": section.paragraphs.len(), "characters": characters(&section.paragraphs),
            "has_table": section.has_table, "has_picture": section.has_picture,
        })
    });
    Some(json!({
        "attachments": seen.read.attachments,
        "attachment_only": report.attachment_only,
        "paths": paths.collect::<serde_json::Map<_, _>>(),
        "sections": sections.collect::<Vec<_>>(),
        "tables": tables(report),
        "claims": report.claims.iter().map(claim).collect::<Vec<_>>(),
        "breakdowns": report.breakdowns.iter().map(breakdown).collect::<Vec<_>>(),
    }))
}

/// How many characters paragraphs have together.
pub fn characters(paragraphs: &[String]) -> usize {
    paragraphs.iter().map(|paragraph| paragraph.chars().count()).sum()
}

fn tables(report: &Report) -> Vec<Value> {
    let labels = |labels: &[(String, crate::model::Place)]| -> Vec<Value> {
        labels.iter().map(|(label, at)| json!({"label": label, "table": at.table, "row": at.row, "column": at.column})).collect()
    };
    let table = |table: &crate::model::TableRead| {
        json!({
            "id": table.id, "found": table.found, "form": table.form, "complete": table.complete,
            "missing_rows": table.missing_rows, "missing_columns": table.missing_columns,
            "unknown_rows": labels(&table.unknown_rows), "unknown_columns": labels(&table.unknown_columns),
        })
    };
    report.tables.iter().map(table).collect()
}

fn claim(claim: &Claim) -> Value {
    json!({
        "subject": claim.subject, "value": exact(claim.value), "unit": claim.unit,
        "approximate": claim.precision == Precision::Approximate, "section": claim.section, "ordinal": claim.ordinal,
        "sentence": claim.sentence, "year": claim.year,
        "scope": if claim.scope == Scope::Unclear { "unclear" } else { "agency" },
        "change": claim.change, "of_all": claim.of_all,
    })
}

fn breakdown(breakdown: &Breakdown) -> Value {
    let parts: Vec<Value> = breakdown.parts.iter().map(|(name, value)| json!({"name": name, "value": exact(*value)})).collect();
    json!({
        "section": breakdown.section, "ordinal": breakdown.ordinal, "sentence": breakdown.sentence,
        "whole": exact(breakdown.whole), "parts": parts, "unit": breakdown.unit,
        "closed": breakdown.closed, "loose": breakdown.loose,
    })
}

/// A number with every digit as printed.
fn exact(value: Decimal) -> Value {
    value.to_string().parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
}
