//! What a document was read as: its tables with the figures their cells became, sections, figures, quantities.

use super::draw::{Drawing, Tone, draw};
use super::{plain, row};
use crate::cli::{Shell, check_text};
use crate::extract::{LabelPath, is_row};
use crate::model::{Breakdown, Cell, Claim, Figure, Grid, Place, Precision, Reading, Report, Scope};
use crate::notify::render::align::{columns, pad};
use crate::pipeline::probe::DocumentSeen;
use crate::pipeline::probe_json::{characters, figures_by_cell};
use crate::rules::RuleSet;
use crate::text::{read_cell, squeeze};
use crate::words;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// Columns of a screen that nothing is known of.
const USUAL_WIDTH: usize = 120;
/// The least that a grid gets, however long the ids beside it are.
const LEAST_WIDTH: usize = 60;

/// The most skipped lines that are shown.
const MOST_LINES: usize = 40;

/// Every table, drawn, with the figures' ids beside its rows.
pub(super) fn grids(seen: &DocumentSeen, shell: &Shell) -> String {
    let figures = figures_by_cell(seen);
    let readings: HashMap<&str, &Figure> =
        seen.read.report.iter().flat_map(|report| &report.figures).map(|figure| (figure.id.as_str(), figure)).collect();
    let screen = screen();
    let mut out = String::new();
    for grid in seen.document.grids() {
        let ids = ids_by_row(grid, &figures);
        let table = table_of(&ids);
        let named = |ids: &[&str]| shared(ids).get(table.len()..).unwrap_or_default().trim_start_matches('.').to_owned();
        let beside = |row: u32| ids.get(&row).map(|ids| named(ids));
        let widest = ids.values().map(|ids| columns(&named(ids)) + 4).max().unwrap_or(0);
        let in_table = !ids.is_empty();
        let tone = |cell: &Cell| match figures.get(&(grid.ordinal, cell.row + 1, cell.column + 1)) {
            Some(id) => match readings.get(id).map(|figure| &figure.reading) {
                Some(Reading::Illegible | Reading::Text) => (Tone::Odd, "!"),
                _ => (Tone::Figure, ""),
            },
            None if in_table && matches!(read_cell(&cell.text).reading, Reading::Number(_)) => (Tone::Odd, "?"),
            None => (Tone::Label, ""),
        };
        let drawing = Drawing { grid, tone: &tone, beside: &beside, width: screen.saturating_sub(widest).max(LEAST_WIDTH) };
        let _ = writeln!(out, "{}", caption(grid, table, ids.values().map(Vec::len).sum(), shell));
        out.push_str(&draw(&drawing, shell));
        out.push_str(&legend(grid, &tone, &figures, &ids, shell));
    }
    out
}

/// How wide the screen is; a pipe is taken for a usual one.
fn screen() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    let width = told.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
    width.filter(|width| *width >= LEAST_WIDTH).unwrap_or(USUAL_WIDTH)
}

/// The statutory table that all figures of a grid belong to; nothing where they are of several.
fn table_of<'a>(ids: &BTreeMap<u32, Vec<&'a str>>) -> &'a str {
    let tables = || ids.values().flatten().filter_map(|id| id.split('.').next());
    tables().next().filter(|first| tables().all(|table| table == *first)).unwrap_or_default()
}

fn caption(grid: &Grid, table: &str, figures: usize, shell: &Shell) -> String {
    let place = check_text::placed(&Place { table: Some(grid.ordinal), page: grid.page, ..Place::default() }, shell.lang);
    let table = if table.is_empty() { String::new() } else { format!("{table} ") };
    let (zh, en) = (format!("{table}{figures} 个数据项"), format!("{table}{figures} figures"));
    let none = shell.say("不是法定表格，没有数据项", "no statutory table, no figures");
    let holds = if figures == 0 { none } else { shell.say(&zh, &en) };
    let torn = if grid.complete { "" } else { shell.say("，有单元格放不下，未读完整", ", not read as a whole") };
    shell.paint("1", &format!("{place}{holds}{torn}"))
}

/// The ids of the figures that stand in each row, from 0.
fn ids_by_row<'a>(grid: &Grid, figures: &HashMap<(u32, u32, u32), &'a str>) -> BTreeMap<u32, Vec<&'a str>> {
    let mut rows: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for cell in grid.rows.iter().flatten() {
        if let Some(id) = figures.get(&(grid.ordinal, cell.row + 1, cell.column + 1)) {
            rows.entry(cell.row).or_default().push(id);
        }
    }
    rows
}

/// What ids of one row have in common, whole parts only: `applications.received.*`.
fn shared(ids: &[&str]) -> String {
    let [first, rest @ ..] = ids else { return String::new() };
    if rest.is_empty() {
        return (*first).to_owned();
    }
    let parts: Vec<&str> = first.split('.').collect();
    let same = |at: usize| rest.iter().all(|id| id.split('.').nth(at) == Some(parts[at]));
    let common = (0..parts.len()).take_while(|at| same(*at)).count();
    format!("{}.*", parts[..common].join("."))
}

/// What the columns are, and what the marks mean, where there are any.
fn legend(
    grid: &Grid,
    tone: &dyn Fn(&Cell) -> (Tone, &'static str),
    figures: &HashMap<(u32, u32, u32), &str>,
    ids: &BTreeMap<u32, Vec<&str>>,
    shell: &Shell,
) -> String {
    let mut ends: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for cell in grid.rows.iter().flatten() {
        let Some(id) = figures.get(&(grid.ordinal, cell.row + 1, cell.column + 1)) else { continue };
        let common = ids.get(&cell.row).filter(|ids| ids.len() > 1).map_or(0, |ids| shared(ids).len() - 1);
        let end = id.get(common..).unwrap_or(id);
        let of_column = ends.entry(cell.column + 1).or_default();
        if common > 0 && !of_column.contains(&end) {
            of_column.push(end);
        }
    }
    let named: Vec<String> = ends
        .iter()
        .filter(|(_, ends)| !ends.is_empty())
        .map(|(column, ends)| format!("{}{column} {}", shell.say("列", "column "), ends.join("/")))
        .collect();
    let mut out = String::new();
    for line in named.chunks(5) {
        let _ = writeln!(out, "  {}", shell.paint("2", &line.join(" · ")));
    }
    let marked = |wanted: &str| grid.rows.iter().flatten().any(|cell| tone(cell).1 == wanted);
    if marked("?") {
        let _ = writeln!(out, "  {}", shell.say("? 是数字，却没有归入任何数据项", "? a number that became no figure"));
    }
    if marked("!") {
        let _ = writeln!(out, "  {}", shell.say("! 归入了数据项，却读不成数字", "! a figure that is not legible as a number"));
    }
    out + "\n"
}

pub(super) fn sections(report: &Report, shell: &Shell) -> String {
    let mut out = String::new();
    for section in &report.sections {
        let name = words::section(&section.id, shell.lang);
        if !section.found {
            let _ =
                writeln!(out, "  {} {} — {}", shell.paint("33", "✗"), pad(&section.id, 18), shell.say("没有找到", "not found"));
            continue;
        }
        let heading = section.heading.as_deref().map_or_else(|| name.to_owned(), plain);
        let mut parts = vec![format!("{} {}", section.paragraphs.len(), shell.say("段", "paragraphs"))];
        parts.push(format!("{} {}", characters(&section.paragraphs), shell.say("字", "characters")));
        parts.extend(section.has_table.then(|| shell.say("有表格", "a table").to_owned()));
        parts.extend(section.has_picture.then(|| shell.say("有图片", "a picture").to_owned()));
        let _ = writeln!(
            out,
            "  {} {} {heading}（{}）",
            shell.paint("32", "✓"),
            pad(&section.id, 18),
            parts.join(shell.say("，", ", "))
        );
        for part in report.parts.iter().filter(|part| part.id.starts_with(&format!("{}.", section.id))) {
            let (tone, sign) = if part.found { ("32", "✓") } else { ("33", "✗") };
            let said = if part.found {
                shell.say("没有标题，正文提到", "no heading, but the text speaks of it")
            } else {
                "—"
            };
            let heading = part.heading.as_deref().map_or_else(|| said.to_owned(), plain);
            let _ = writeln!(out, "    {} {} {heading}", shell.paint(tone, sign), pad(&part.id, 24));
        }
    }
    out
}

/// Each figure: its id, what its cell said, where it stands, and the labels that lead there.
/// Unless all are wanted, plain numbers are only counted: they stand in the drawn tables.
pub(super) fn figures(seen: &DocumentSeen, report: &Report, all: bool, shell: &Shell) -> String {
    let mut out = String::new();
    let plainly = |figure: &&Figure| matches!(&figure.reading, Reading::Number(number) if number.to_string() == figure.raw);
    let absent = |figure: &&Figure| figure.reading == Reading::Absent;
    if !all {
        let (numbers, gone) = (report.figures.iter().filter(plainly).count(), report.figures.iter().filter(absent).count());
        let (zh, en) = (
            format!("普通数字 {numbers} 个，没有这一格的 {gone} 个（--section figures 全部列出）"),
            format!("{numbers} plain numbers, {gone} not there (--section figures lists them all)"),
        );
        let _ = writeln!(out, "  {}", shell.say(&zh, &en));
    }
    let shown: Vec<&Figure> = report.figures.iter().filter(|it| all || !plainly(it) && !absent(it)).collect();
    let width = shown.iter().map(|figure| figure.id.len()).max().unwrap_or(0);
    for figure in shown {
        let value = match figure.reading.number() {
            Some(number) => format!("{number}{}", figure.unit.as_deref().unwrap_or_default()),
            None => words::reading(figure.reading.word(), shell.lang).to_owned(),
        };
        let tone = match figure.reading {
            Reading::Number(_) => "32",
            Reading::Illegible | Reading::Text => "1;31",
            _ => "33",
        };
        let raw = match &figure.reading {
            Reading::Number(number) if number.to_string() == figure.raw => String::new(),
            _ if figure.raw.is_empty() => String::new(),
            _ => format!("「{}」 ", plain(&figure.raw)),
        };
        let place = figure.at.as_ref().map(|at| words::place(at, shell.lang)).unwrap_or_default();
        let path = seen.paths.get(&figure.id).map(path).unwrap_or_default();
        let sign = if path.is_empty() { "" } else { shell.say("：", ": ") };
        let line = format!("  {} {} {raw}{place}{sign}{path}", pad(&figure.id, width), shell.paint(tone, &pad(&value, 8)));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// The labels of a row and of a column as printed.
fn path(path: &LabelPath) -> String {
    let joined = |labels: &[String]| labels.iter().map(|label| plain(label)).collect::<Vec<_>>().join(" / ");
    let labels = [joined(&path.row), joined(&path.column)];
    labels.into_iter().filter(|labels| !labels.is_empty()).collect::<Vec<_>>().join(" × ")
}

pub(super) fn claims(report: &Report, rules: &RuleSet, shell: &Shell) -> String {
    let mut out = String::new();
    for claim in &report.claims {
        let label = subject_label(claim, report, rules, shell);
        let _ = writeln!(out, "  {} {label} = {}", shell.paint("36", &claim.subject), shell.paint("32", &stated(claim, shell)));
        let section = words::section(&claim.section, shell.lang);
        let _ = writeln!(out, "      {} {section} 「{}」", shell.paint("34", "-->"), plain(&claim.sentence));
    }
    out
}

fn subject_label(claim: &Claim, report: &Report, rules: &RuleSet, shell: &Shell) -> String {
    let subjects = rules.standard(&report.standard).map(|standard| standard.subjects.all.as_slice()).unwrap_or_default();
    let subject = subjects.iter().find(|subject| subject.id == claim.subject);
    subject.map(|subject| shell.say(&subject.label, &subject.label_en).to_owned()).unwrap_or_default()
}

/// A claim's value with all that keeps it from being compared plainly.
fn stated(claim: &Claim, shell: &Shell) -> String {
    let mut notes: Vec<String> = Vec::new();
    notes.extend((claim.precision == Precision::Approximate).then(|| shell.say("约数", "approximate").to_owned()));
    notes.extend((claim.scope == Scope::Unclear).then(|| shell.say("口径不明", "scope unclear").to_owned()));
    notes.extend(claim.year.map(|year| format!("{year}{}", shell.say(" 年", ""))));
    notes.extend(claim.change.as_ref().map(|change| {
        let zh = if change.percent { "增减幅度（%）" } else { "增减数" };
        shell.say(zh, if change.percent { "a change in percent" } else { "a change" }).to_owned()
    }));
    notes.extend(claim.of_all.then(|| shell.say("全部", "all of them").to_owned()));
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join(shell.say("，", ", "))) };
    format!("{}{}{notes}", claim.value, claim.unit.as_deref().unwrap_or_default())
}

pub(super) fn breakdowns(report: &Report, shell: &Shell) -> String {
    let mut out = String::new();
    for breakdown in &report.breakdowns {
        out.push_str(&sum(breakdown, shell));
        let section = words::section(&breakdown.section, shell.lang);
        let _ = writeln!(out, "      {} {section} 「{}」", shell.paint("34", "-->"), plain(&breakdown.sentence));
    }
    out
}

fn sum(breakdown: &Breakdown, shell: &Shell) -> String {
    let parts: Vec<String> = breakdown.parts.iter().map(|(name, value)| format!("{} {value}", plain(name))).collect();
    let total: rust_decimal::Decimal = breakdown.parts.iter().map(|(_, value)| *value).sum();
    let sign = if total == breakdown.whole { "=" } else { "≠" };
    let mut notes = Vec::new();
    notes.extend((!breakdown.closed).then(|| shell.say("未必列全", "perhaps not all parts")));
    notes.extend(breakdown.loose.then(|| shell.say("有约数或“等”", "approximate or open")));
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join(shell.say("，", ", "))) };
    let tone = if sign == "=" { "32" } else { "33" };
    format!("  {} {sign} {} {notes}\n", shell.paint(tone, &breakdown.whole.to_string()), parts.join(" + ")).replace(" \n", "\n")
}

/// Rows and columns that the form does not have or that were not found, tables in part, cells that are not legible.
pub(super) fn unread(seen: &DocumentSeen, report: &Report, shell: &Shell) -> String {
    let mut out = String::new();
    for table in &report.tables {
        let mut lines: Vec<(&str, &str, String)> = Vec::new();
        if !table.found {
            lines.push(("没有找到这张表", "table not found", String::new()));
        }
        if !table.complete {
            lines.push(("没有读完整，涉及它的规则不作判断", "read in part: no rule over it is decided", String::new()));
        }
        if table.found {
            lines.extend(table.missing_rows.iter().map(|id| ("缺行", "row not there", id.clone())));
            lines.extend(table.missing_columns.iter().map(|id| ("缺列", "column not there", id.clone())));
        }
        let place = |at: &Place, label: &str| format!("{}{}", check_text::placed(at, shell.lang), plain(label));
        lines.extend(table.unknown_rows.iter().map(|(label, at)| ("不认识的行", "unknown row", place(at, label))));
        lines.extend(table.unknown_columns.iter().map(|(label, at)| ("不认识的列", "unknown column", place(at, label))));
        for (zh, en, what) in lines {
            row(&mut out, shell, &table.id, &table.id, format!("{} {what}", shell.say(zh, en)).trim_end());
        }
    }
    let illegible = report.figures.iter().filter(|figure| matches!(figure.reading, Reading::Illegible | Reading::Text));
    for figure in illegible {
        let place = figure.at.as_ref().map(|at| check_text::placed(at, shell.lang)).unwrap_or_default();
        let what = format!("{place}「{}」 {}", plain(&figure.raw), figure.id);
        row(&mut out, shell, words::reading(figure.reading.word(), shell.lang), figure.reading.word(), &what);
    }
    let quoted: Vec<&str> = report.figures.iter().filter_map(|it| it.at.as_ref()?.quote.as_deref()).collect();
    let skipped = seen.document.lines().filter(|line| is_row(line)).map(squeeze).filter(|line| !quoted.contains(&line.as_str()));
    for line in skipped.take(MOST_LINES) {
        row(&mut out, shell, "略过的行", "line skipped", &format!("「{}」", plain(&line)));
    }
    let used: Vec<u32> = figures_by_cell(seen).keys().map(|(table, ..)| *table).collect();
    for grid in seen.document.grids().filter(|grid| !used.contains(&grid.ordinal)) {
        let first = grid.rows.iter().flatten().map(|cell| plain(&cell.text)).find(|text| !text.is_empty()).unwrap_or_default();
        let (zh, en) = (format!("表{}", grid.ordinal), format!("table {}", grid.ordinal));
        let what = format!("{} 「{first}」", shell.say("没有一格成为数据项", "no cell of it became a figure"));
        row(&mut out, shell, &zh, &en, &what);
    }
    out
}
