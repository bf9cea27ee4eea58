//! `check --format html`: one sheet a document, to be printed, filed and verified by hand.
//!
//! It loads nothing and runs nothing. Everything that comes from the document is escaped by the template; addresses
//! are links only where they are web addresses. Findings are numbered, and the cells they are about bear the number.

use super::Shell;
use super::check_text::{rule_names, score_line, unchecked};
use crate::model::{Document, Grid, ReadOutcome, Severity, Violation};
use crate::pipeline::check_json::Subject;
use crate::rules::{RuleSet, family};
use crate::score::Sheet;
use crate::text::link_to;
use crate::words::{self, Lang, Word};
use askama::Template;

/// All sheets of one call, as one page.
#[derive(Template)]
#[template(path = "check.html")]
pub(super) struct Page {
    lang: Lang,
    sheets: Vec<SheetView>,
}

struct SheetView {
    title: String,
    facts: Vec<(&'static str, String)>,
    is_report: bool,
    unchecked: Option<&'static str>,
    problems: Vec<String>,
    tally: String,
    findings: Vec<FindingView>,
    covered: String,
    open: Vec<(String, String)>,
    score: String,
    losses: Vec<String>,
    grids: Vec<GridView>,
}

struct FindingView {
    number: usize,
    tone: &'static str,
    severity: String,
    family: String,
    rule: String,
    message: String,
    sum: String,
    places: Vec<PlaceView>,
    more: String,
    basis: String,
    advice: String,
    id: String,
}

struct PlaceView {
    at: String,
    quote: String,
    href: Option<String>,
}

struct GridView {
    name: String,
    complete: bool,
    rows: Vec<Vec<CellView>>,
}

struct CellView {
    text: String,
    rowspan: u32,
    colspan: u32,
    /// Numbers of the findings about it.
    marks: Vec<usize>,
    tone: &'static str,
}

/// The most places of a finding, the most findings, and the most rows of a table that are shown.
const PLACES: usize = 40;
const FINDINGS: usize = 500;
const ROWS: usize = 200;

fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warn => "warn",
        Severity::Info => "info",
    }
}

impl Page {
    /// A page without sheets.
    pub(super) fn new(shell: &Shell) -> Page {
        Page { lang: shell.lang, sheets: Vec::new() }
    }

    /// Adds one document, as it was read and judged.
    pub(super) fn add(&mut self, checked: &Subject<'_>, document: Option<&Document>, rules: &RuleSet, shell: &Shell) {
        let sheet = sheet(checked, document, rules, shell);
        self.sheets.push(sheet);
    }

    /// The page as text.
    ///
    /// # Errors
    /// Only where the template engine fails, which no document is known to cause.
    pub(super) fn text(&self) -> Result<String, askama::Error> {
        self.render()
    }

    fn t(&self, word: Word) -> &'static str {
        word.text(self.lang)
    }
}

fn sheet(checked: &Subject<'_>, document: Option<&Document>, rules: &RuleSet, shell: &Shell) -> SheetView {
    let lang = shell.lang;
    let extent = checked.extent();
    let open = |open: &crate::model::Undecided| (open.why.text(lang.is_english()).to_owned(), rule_names(&open.rules, lang));
    let score = checked.score(rules);
    let problem =
        |problem: &crate::model::Problem| format!("{} [{}]", words::problem(&problem.code, &problem.message, lang), problem.code);
    SheetView {
        title: title(checked, lang),
        facts: facts(checked, rules, shell),
        is_report: checked.read.outcome != ReadOutcome::NotAReport,
        unchecked: unchecked(checked).map(|word| word.text(lang)),
        problems: checked.read.problems.iter().map(problem).collect(),
        tally: tally(checked, lang),
        findings: findings(checked, rules, lang),
        covered: words::covered(extent.decided, extent.applicable, lang),
        open: extent.open.iter().map(open).collect(),
        losses: score.as_ref().map(|sheet| losses(sheet, lang)).unwrap_or_default(),
        score: score.map(|sheet| score_line(&sheet, lang)).unwrap_or_default(),
        grids: document.map(|document| grids(checked, document, lang)).unwrap_or_default(),
    }
}

/// Whose report of which year, else the name of the document.
fn title(checked: &Subject<'_>, lang: Lang) -> String {
    match &checked.read.report {
        Some(report) if !report.agency.is_empty() => {
            let year = report.year.map_or_else(|| "?".to_owned(), |year| year.to_string());
            words::REPORT_OF.with(lang, &[&report.agency, &year])
        }
        Some(report) if !report.title.is_empty() => report.title.clone(),
        _ => checked.input.to_owned(),
    }
}

fn facts(checked: &Subject<'_>, rules: &RuleSet, shell: &Shell) -> Vec<(&'static str, String)> {
    let lang = shell.lang;
    let mut facts = vec![(words::SHEET_INPUT, checked.input.to_owned()), (words::SHEET_SHA, checked.sha256.to_owned())];
    if let Some(report) = &checked.read.report {
        let numbers = report.figures.iter().filter(|figure| figure.reading.number().is_some()).count().to_string();
        let sections = report.sections.iter().filter(|section| section.found).count().to_string();
        let read = words::SHEET_READ_OF.with(lang, &[&sections, &report.figures.len().to_string(), &numbers]);
        facts.push((words::COL_TITLE, report.title.clone()));
        facts.push((words::SHEET_FORM, words::standard(&report.standard, lang).to_owned()));
        facts.push((words::SHEET_READ, read));
    }
    let at = shell.now().with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%d %H:%M").to_string();
    let print = rules.fingerprint.get(..12).unwrap_or_default();
    facts.push((words::SHEET_RULES, format!("{print} · nianjian {}", env!("CARGO_PKG_VERSION"))));
    facts.push((words::SHEET_AT, at));
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(word, value)| (word.text(lang), value)).collect()
}

/// How many of which severity.
fn tally(checked: &Subject<'_>, lang: Lang) -> String {
    let count = |severity| checked.violations().filter(|(_, it)| it.severity == severity).count();
    let counts = Severity::ALL.map(count);
    if counts.iter().sum::<usize>() == 0 {
        return String::new();
    }
    let counts = counts.map(|count| count.to_string());
    words::ERRORS_WARNINGS.with(lang, &[&counts[0], &counts[1], &counts[2]])
}

fn findings(checked: &Subject<'_>, rules: &RuleSet, lang: Lang) -> Vec<FindingView> {
    let english = lang.is_english();
    let view = |(at, (rule, it)): (usize, (&str, &Violation))| {
        let check = rules.check(rule);
        let masked = rule.starts_with("privacy/");
        let value = |value: &String| words::standard(value, lang).to_owned();
        let sum = it.expected.as_ref().zip(it.actual.as_ref()).filter(|_| !masked);
        FindingView {
            number: at + 1,
            tone: tone(it.severity),
            severity: words::severity(it.severity.word(), lang).to_owned(),
            family: words::rule_family(family(rule), lang).to_owned(),
            rule: rule.to_owned(),
            message: it.message.text(english).to_owned(),
            sum: sum.map(|(should, is)| words::SHEET_SUM.with(lang, &[&value(should), &value(is)])).unwrap_or_default(),
            places: it.evidence.iter().take(PLACES).map(|evidence| place(checked, evidence, masked, lang)).collect(),
            more: match it.evidence.len().saturating_sub(PLACES) {
                0 => String::new(),
                more => words::SHEET_MORE.with(lang, &[&more.to_string()]),
            },
            basis: check.map(|check| check.basis.text(english).to_owned()).unwrap_or_default(),
            advice: check.map(|check| check.advice.text(english).to_owned()).unwrap_or_default(),
            id: checked.fingerprint(rule, &it.place),
        }
    };
    checked.violations().take(FINDINGS).enumerate().map(view).collect()
}

fn place(checked: &Subject<'_>, evidence: &crate::model::Evidence, masked: bool, lang: Lang) -> PlaceView {
    let at = &evidence.at;
    let label = at.label.as_deref().filter(|label| at.row.is_some() && !label.trim().is_empty());
    let said = words::place(at, lang);
    let href = link_to(checked.input, at).filter(|_| !masked);
    PlaceView {
        at: match label {
            Some(label) if lang.is_english() => format!("{said} ({})", label.trim()),
            Some(label) => format!("{said}（{}）", label.trim()),
            None if said.is_empty() && href.is_some() => words::SHEET_OPEN_PAGE.text(lang).to_owned(),
            None => said,
        },
        quote: if masked { words::MASKED.text(lang).to_owned() } else { evidence.quote.clone() },
        href,
    }
}

fn losses(sheet: &Sheet, lang: Lang) -> Vec<String> {
    let open = (!sheet.not_scored.is_empty()).then(|| words::SCORE_PART.text(lang).to_owned());
    sheet.losses.iter().map(|loss| loss.line(lang.is_english())).chain(open).collect()
}

/// The statutory tables, and any other that a finding points into, as they were laid out.
fn grids(checked: &Subject<'_>, document: &Document, lang: Lang) -> Vec<GridView> {
    let statutory = |ordinal: u32| {
        let mut tables = checked.read.report.iter().flat_map(|report| &report.tables);
        tables.any(|table| table.at.as_ref().is_some_and(|at| at.table == Some(ordinal)))
    };
    let pointed =
        |ordinal: u32| checked.violations().flat_map(|(_, it)| &it.evidence).any(|evidence| evidence.at.table == Some(ordinal));
    let wanted = document.grids().filter(|grid| statutory(grid.ordinal) || pointed(grid.ordinal));
    wanted.map(|grid| grid_view(checked, grid, lang)).collect()
}

fn grid_view(checked: &Subject<'_>, grid: &Grid, lang: Lang) -> GridView {
    let about: Vec<(usize, &str, &Violation)> =
        checked.violations().take(FINDINGS).enumerate().map(|(at, (rule, it))| (at + 1, rule, it)).collect();
    let cell = |cell: &crate::model::Cell| {
        let here = |evidence: &crate::model::Evidence| {
            let within = |at: Option<u32>, from: u32, span: u32| at.is_some_and(|at| at > from && at <= from + span);
            evidence.at.table == Some(grid.ordinal)
                && within(evidence.at.row, cell.row, cell.rowspan)
                && within(evidence.at.column, cell.column, cell.colspan)
        };
        let marking: Vec<_> = about.iter().filter(|(_, _, it)| it.evidence.iter().any(here)).collect();
        let masked = marking.iter().any(|(_, rule, _)| rule.starts_with("privacy/"));
        CellView {
            text: if masked { words::MASKED.text(lang).to_owned() } else { cell.text.clone() },
            rowspan: cell.rowspan,
            colspan: cell.colspan,
            tone: marking.iter().map(|(_, _, it)| it.severity).max().map(tone).unwrap_or_default(),
            marks: marking.into_iter().map(|(number, ..)| *number).collect(),
        }
    };
    GridView {
        name: words::SHEET_TABLE.with(lang, &[&grid.ordinal.to_string()]),
        complete: grid.complete,
        rows: grid.rows.iter().take(ROWS).map(|row| row.iter().map(cell).collect()).collect(),
    }
}
