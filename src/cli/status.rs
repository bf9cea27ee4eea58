//! `nianjian status` and `nianjian history`: how agencies stand, all of them at a time, or one over the years.

use super::lists::{Arguments, FINDINGS, english};
use super::rows::{List, Misused, Narrowing, Office};
use super::table::{Column, Format, FormatArguments, Listed, Shows, deliver, json};
use super::{ConfigArguments, Ended, Shell};
use crate::model::Message;
use crate::obligations::AgencyState;
use crate::words::{self, Lang};
use Shows::{In, Text, Time};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// Whose history to show, and how.
#[derive(Debug, clap::Args)]
pub(super) struct HistoryArguments {
    /// 机关编号、名称或别名 / an agency's id, name or alias
    agency: String,
    #[command(flatten)]
    narrowing: Narrowing,
    #[command(flatten)]
    format: FormatArguments,
    #[command(flatten)]
    config: ConfigArguments,
}

const YEARS: &[Column] = &[
    Column::new(words::COL_AGENCY_ID, "/id", Text).cut(20),
    Column::new(words::COL_AGENCY, "/name", Text).cut(36),
    Column::new(words::COL_KIND, "/kind", In(words::agency_kind)),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_STATE, "/state", In(words::agency_state)),
    Column::new(words::COL_DUE, "/due", Text),
    Column::new(words::COL_PUBLISHED, "/published", Text),
    Column::new(words::COL_FIRST_SEEN, "/first_seen", Time),
    Column::new(words::COL_PORTAL, "/portal", Text).filed(),
    Column::new(words::COL_REPORT, "/report", Text).filed(),
];

const PORTALS: &[Column] = &[
    Column::new(words::COL_PORTAL, "/id", Text),
    Column::new(words::COL_LAST_RUN, "/last_run/queued", Time),
    Column::new(words::COL_STATE, "/last_run/state", In(words::run_state)),
    Column::new(words::COL_NEXT_RUN, "/next/at", Time),
    Column::new(words::COL_WHY, "/next/why", Text),
];

/// Shows how every agency stands, and when portals were and will be visited.
pub(super) fn status(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let narrowing = arguments.narrowing();
    narrowing.filter()?;
    let config = shell.config(arguments.config())?;
    let (zone, format) = (config.service.timezone, arguments.format());
    let office = Office::open(config, shell)?;
    let agencies = office.rows(List::Agencies, &narrowing, english(format, shell))?;
    let years = years_of(&agencies);
    let listed = Listed { name: words::SHEET_PUBLICATION, columns: YEARS, rows: &years, zone };
    match format.format {
        Format::Json => deliver(&json(&agencies)?, format, shell),
        Format::Table => {
            let reports = office.rows(List::Reports, &narrowing, shell.lang.is_english())?;
            let only = Narrowing { portal: narrowing.portal, ..Narrowing::default() };
            let portals = office.rows(List::Portals, &only, shell.lang.is_english())?;
            let portals = Listed { name: words::COL_PORTAL, columns: PORTALS, rows: &portals, zone };
            let coloured = format.out.is_none();
            let counts = format!("{}{}", counts(&years, shell.lang), unassigned(&reports, shell.lang));
            let parts = [counts, listed.table(shell, coloured), portals.table(shell, coloured)];
            deliver(joined(&parts).as_bytes(), format, shell)
        }
        _ => listed.show(format, shell),
    }
}

/// One row an agency and year, the newest year first; an agency without any year is a row all the same.
fn years_of(agencies: &[Value]) -> Vec<Value> {
    let mut rows = Vec::new();
    for agency in agencies {
        let years = agency["years"].as_array().map(Vec::as_slice).unwrap_or_default();
        for year in if years.is_empty() { &[Value::Null][..] } else { years } {
            let mut row = agency.clone();
            if let (Some(row), Some(year)) = (row.as_object_mut(), year.as_object()) {
                row.extend(year.clone());
            }
            rows.push(row);
        }
    }
    // The order of the roster stays within a year.
    rows.sort_by_key(|row| std::cmp::Reverse(row["year"].as_i64()));
    rows
}

/// A line a year: how many agencies are in which state.
fn counts(years: &[Value], lang: Lang) -> String {
    let mut known: Vec<i64> = years.iter().filter_map(|row| row["year"].as_i64()).collect();
    known.dedup();
    let line = |year: i64| {
        let of_year: Vec<&Value> = years.iter().filter(|row| row["year"] == year).collect();
        let count = |state: AgencyState| of_year.iter().filter(|row| row["state"] == state.word()).count();
        let states: Vec<String> = AgencyState::ALL
            .into_iter()
            .filter(|state| count(*state) > 0)
            .map(|state| format!("{} {}", words::agency_state(state.word(), lang), count(state)))
            .collect();
        let count = of_year.len().to_string();
        format!("{}\n", words::STATUS_YEAR.with(lang, &[&year.to_string(), &count, &states.join(" · ")]))
    };
    known.into_iter().map(line).collect()
}

/// A line on reports of agencies that the roster does not have, which no standing tells of.
fn unassigned(reports: &[Value], lang: Lang) -> String {
    let count = reports.iter().filter(|report| report["assigned"] == false).count();
    if count == 0 { String::new() } else { format!("{}\n", words::STATUS_UNASSIGNED.with(lang, &[&count.to_string()])) }
}

/// Blocks of text with a line between them; those without text are left out.
fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// Shows one agency's years, reports and findings, of all states.
pub(super) fn history(arguments: &HistoryArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let asked = arguments.narrowing.filter()?;
    let config = shell.config(&arguments.config)?;
    let (zone, format) = (config.service.timezone, &arguments.format);
    let english = english(format, shell);
    let office = Office::open(config, shell)?;
    let wanted = Narrowing { agency: Some(arguments.agency.clone()), ..arguments.narrowing.clone() };
    let year = Narrowing { agency: wanted.agency.clone(), year: wanted.year.clone(), ..Narrowing::default() };
    let mut agency = agency(&office, &arguments.agency, english)?;
    let reports = office.rows(List::Reports, &year, english)?;
    let findings = office.rows(List::Findings, &wanted, english)?;
    if let (Some(only), Some(years)) = (asked.year, agency["years"].as_array_mut()) {
        years.retain(|year| year["year"] == only);
    }
    agency["reports"] = Value::Array(reports);
    agency["findings"] = Value::Array(findings);
    show_history(&agency, format, zone, shell)
}

/// The agency, by the roster, or by its reports where it is not in the roster.
fn agency(office: &Office, word: &str, english: bool) -> anyhow::Result<Value> {
    let only = Narrowing { agency: Some(word.to_owned()), ..Narrowing::default() };
    if let Some(agency) = office.rows(List::Agencies, &only, english)?.pop() {
        return Ok(agency);
    }
    let Some(report) = office.rows(List::Reports, &only, english)?.pop() else {
        let (zh, en) = (format!("没有这个机关：{word}"), format!("no such agency: {word}"));
        return Err(Misused(Message { zh, en }).into());
    };
    Ok(json!({"id": report["agency"], "name": report["agency_name"], "kind": null, "portal": report["portal"], "years": []}))
}

fn show_history(agency: &Value, format: &FormatArguments, zone: Tz, shell: &Shell) -> anyhow::Result<Ended> {
    if format.format == Format::Json {
        return deliver(&json(std::slice::from_ref(agency))?, format, shell);
    }
    let rows = told_years(agency);
    let years = Listed { name: words::SHEET_HISTORY, columns: HISTORY, rows: &rows, zone };
    if format.format != Format::Table {
        return years.show(format, shell);
    }
    let findings = agency["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let findings = Listed { name: words::SHEET_FINDINGS, columns: FINDINGS, rows: findings, zone };
    let name = format!("{}\n", agency["name"].as_str().unwrap_or_default());
    let coloured = format.out.is_none();
    deliver(joined(&[name, years.table(shell, coloured), findings.table(shell, coloured)]).as_bytes(), format, shell)
}

const HISTORY: &[Column] = &[
    Column::new(words::COL_AGENCY, "/name", Text).filed(),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_STATE, "/state", In(words::agency_state)),
    Column::new(words::COL_DUE, "/due", Text),
    Column::new(words::COL_PUBLISHED, "/published", Text),
    Column::new(words::COL_FIRST_SEEN, "/first_seen", Time),
    Column::new(words::COL_FORM, "/of/standard", In(words::standard)),
    Column::new(words::COL_FIGURES, "/of/figures", Text),
    Column::new(words::COL_FINDINGS, "/of/findings", Text),
    Column::new(words::COL_TITLE, "/of/title", Text).cut(60),
    Column::new(words::COL_LINK, "/of/url", Text),
];

/// A row a year that is owed or that has a report, the newest first; the report is under `of`.
fn told_years(agency: &Value) -> Vec<Value> {
    let reports = agency["reports"].as_array().map(Vec::as_slice).unwrap_or_default();
    let standings = agency["years"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut years: Vec<i64> = standings.iter().chain(reports).filter_map(|row| row["year"].as_i64()).collect();
    years.sort_unstable_by_key(|year| std::cmp::Reverse(*year));
    years.dedup();
    let of = |rows: &[Value], year: i64| rows.iter().find(|row| row["year"] == year).cloned();
    let row = |year: i64| {
        let report = of(reports, year);
        let dates = |key: &str| report.as_ref().map_or(Value::Null, |report| report[key].clone());
        let alone = || json!({"year": year, "published": dates("published"), "first_seen": dates("first_seen")});
        let mut row = of(standings, year).unwrap_or_else(alone);
        row["name"] = agency["name"].clone();
        row["of"] = report.clone().unwrap_or_default();
        row
    };
    years.into_iter().map(row).collect()
}
