//! The sections of a digest, each with what it tells and where it stops telling.

use super::{Body, Cell, Group, Line, Name, Section, Tone, comma, local, shown, web_address};
use crate::model::{Attention, Digest, LedgerChange, NewReport, Occasion, Rectification, Violation};
use crate::words::{self, Lang, Word};
use std::collections::{HashMap, HashSet};

/// Lines a report may take, and how many names, rows and reports a section may: a digest is one page, the
/// workbook holds the rest.
const LINES_A_REPORT: usize = 3;
const NAMES: usize = 40;
const ROWS: usize = 20;
const REPORTS: usize = 25;

/// Rules whose findings tell that a report we knew has changed.
const REPORT_CHANGES: [&str; 5] = [
    "publication/withdrawn",
    "publication/broken",
    "publication/figure-edited",
    "publication/edited",
    "publication/copies-differ",
];

/// Every section that has something to say, in the order of reading.
pub(super) fn of(digest: &Digest, lang: Lang) -> Vec<Section> {
    let sections = [
        names(digest, &digest.missing, "publication/missing", (words::MISSING, words::MISSING_NOTE.text(lang), Tone::Bad), lang),
        names(digest, &digest.late, "publication/late", (words::LATE, "", Tone::Warn), lang),
        new_reports(digest, lang),
        findings(digest, lang),
        report_changes(digest, lang),
        rectification(&digest.rectification, lang),
        resolved(digest, lang),
        attention(&digest.attention, lang),
    ];
    sections.into_iter().flatten().collect()
}

/// The words for what was left out of a list, empty where nothing was.
fn more(word: Word, all: usize, kept: usize, lang: Lang) -> String {
    if all > kept { word.with(lang, &[&(all - kept).to_string()]) } else { String::new() }
}

/// A list of agencies, those that came in since the last digest marked.
fn names(digest: &Digest, names: &[String], rule: &str, look: (Word, &str, Tone), lang: Lang) -> Option<Section> {
    if names.is_empty() {
        return None;
    }
    let new: HashSet<&str> = digest
        .changes
        .iter()
        .filter(|change| change.finding.rule == rule && change.finding.state.stands() && digest.occasion != Occasion::First)
        .map(|change| change.finding.agency_name.as_str())
        .collect();
    let (word, note, tone) = look;
    let listed = names.iter().take(NAMES).map(|name| Name { text: name.clone(), new: new.contains(name.as_str()) });
    Some(Section {
        heading: word.text(lang).to_owned(),
        count: words::COUNT_AGENCIES.with(lang, &[&names.len().to_string()]),
        tone,
        note: note.to_owned(),
        body: Body::Names(listed.collect()),
        more: more(words::MORE_NAMES, names.len(), NAMES, lang),
    })
}

/// A section that is one table, cut after `ROWS` rows; none where there is no row.
fn table(word: Word, tone: Tone, note: &str, head: &[Word], rows: Vec<Vec<Cell>>, lang: Lang) -> Option<Section> {
    if rows.is_empty() {
        return None;
    }
    let all = rows.len();
    Some(Section {
        heading: word.text(lang).to_owned(),
        count: words::COUNT_FINDINGS.with(lang, &[&all.to_string()]),
        tone,
        note: note.to_owned(),
        body: Body::Table {
            head: head.iter().map(|word| word.text(lang).to_owned()).collect(),
            rows: rows.into_iter().take(ROWS).collect(),
        },
        more: more(words::MORE_ROWS, all, ROWS, lang),
    })
}

fn new_reports(digest: &Digest, lang: Lang) -> Option<Section> {
    let row = |report: &NewReport| {
        vec![
            Cell::plain(&report.agency_name),
            Cell::plain(report.year.to_string()),
            Cell::plain(report.published.map_or_else(|| "—".to_owned(), |date| date.to_string())),
            Cell::plain(local(report.first_seen, &digest.timezone)),
            Cell::plain(words::standard(&report.standard, lang)),
            Cell { text: report.title.clone(), href: web_address(&report.url), tone: Tone::Plain },
        ]
    };
    let head =
        [words::COL_AGENCY, words::COL_YEAR, words::COL_PUBLISHED, words::COL_FIRST_SEEN, words::COL_FORM, words::COL_TITLE];
    let rows: Vec<_> = digest.new_reports.iter().map(row).collect();
    let count = words::COUNT_REPORTS.with(lang, &[&rows.len().to_string()]);
    table(words::NEW_REPORTS, Tone::Good, "", &head, rows, lang).map(|section| Section { count, ..section })
}

/// Whether a change is told among the findings: it stands and no other section tells it.
pub(super) fn is_listed(digest: &Digest, change: &LedgerChange) -> bool {
    let finding = &change.finding;
    let named = |names: &[String]| finding.year == digest.coverage.year && names.contains(&finding.agency_name);
    let told_by_name = match finding.rule.as_str() {
        "publication/missing" => named(&digest.missing),
        "publication/late" => named(&digest.late),
        rule => REPORT_CHANGES.contains(&rule),
    };
    finding.state.stands() && !told_by_name
}

/// `云溪市财政局 2025 年度`.
fn report_of(agency: &str, year: i32, lang: Lang) -> String {
    words::REPORT_OF.with(lang, &[agency, &year.to_string()])
}

/// Findings by report, the report with the worst first; at most three lines each, the rest counted.
fn findings(digest: &Digest, lang: Lang) -> Option<Section> {
    let listed: Vec<&LedgerChange> = digest.changes.iter().filter(|change| is_listed(digest, change)).collect();
    if listed.is_empty() {
        return None;
    }
    let mut by_report: Vec<Vec<&LedgerChange>> = Vec::new();
    let mut place: HashMap<(&str, i32), usize> = HashMap::new();
    for change in &listed {
        let report = (change.finding.agency_name.as_str(), change.finding.year);
        let at = *place.entry(report).or_insert(by_report.len());
        if at == by_report.len() {
            by_report.push(Vec::new());
        }
        by_report[at].push(change);
    }
    let left_out = &by_report[by_report.len().min(REPORTS)..];
    let more_reports = match left_out.len() {
        0 => String::new(),
        n => words::MORE_REPORTS.with(lang, &[&n.to_string(), &left_out.iter().map(Vec::len).sum::<usize>().to_string()]),
    };
    Some(Section {
        heading: words::FINDINGS.text(lang).to_owned(),
        count: words::COUNT_FINDINGS.with(lang, &[&listed.len().to_string()]),
        tone: Tone::of(listed[0].finding.violation.severity),
        note: words::FINDINGS_NOTE.text(lang).to_owned(),
        body: Body::Groups(by_report.iter().take(REPORTS).map(|changes| group(changes, lang)).collect()),
        more: more_reports,
    })
}

fn group(changes: &[&LedgerChange], lang: Lang) -> Group {
    let first = &changes[0].finding;
    Group {
        heading: report_of(&first.agency_name, first.year, lang),
        lines: changes.iter().take(LINES_A_REPORT).map(|change| line(change, lang)).collect(),
        more: more(words::MORE_LINES, changes.len(), LINES_A_REPORT, lang),
    }
}

fn line(change: &LedgerChange, lang: Lang) -> Line {
    let finding = &change.finding;
    let violation = &finding.violation;
    let mut details = vec![place(violation, lang)];
    let values = [(words::EXPECTED, &violation.expected), (words::ACTUAL, &violation.actual)];
    details.extend(
        values.into_iter().filter_map(|(word, value)| Some(word.with(lang, &[shown(&finding.rule, value.as_ref()?, lang)]))),
    );
    let basis = finding.basis.text(lang.is_english());
    if !basis.is_empty() {
        details.push(words::BASIS.with(lang, &[basis]));
    }
    details.retain(|detail| !detail.is_empty());
    Line {
        severity: words::severity(violation.severity.word(), lang).to_owned(),
        tone: Tone::of(violation.severity),
        change: words::change(change.kind.word(), lang).to_owned(),
        message: violation.message.text(lang.is_english()).to_owned(),
        detail: details.join(comma(lang)),
    }
}

/// Where the first piece of evidence stands: section, table, row and column, counted from 1.
pub fn place(violation: &Violation, lang: Lang) -> String {
    let section = violation.figures.first().map(String::as_str).unwrap_or(&violation.place);
    let section = section.split(['.', '/']).next().unwrap_or_default();
    let name = words::section(section, lang);
    let mut parts = if name == section { Vec::new() } else { vec![name.to_owned()] };
    let at = violation.evidence.first().map(|evidence| words::place(&evidence.at, lang));
    parts.extend(at.filter(|at| !at.is_empty()));
    parts.join(" ")
}

fn report_changes(digest: &Digest, lang: Lang) -> Option<Section> {
    let row = |change: &LedgerChange| {
        let finding = &change.finding;
        vec![
            Cell::plain(report_of(&finding.agency_name, finding.year, lang)),
            Cell::toned(words::severity(finding.violation.severity.word(), lang), Tone::of(finding.violation.severity)),
            Cell::plain(finding.violation.message.text(lang.is_english())),
        ]
    };
    let told = digest.changes.iter().filter(|c| c.finding.state.stands() && REPORT_CHANGES.contains(&c.finding.rule.as_str()));
    let head = [words::COL_AGENCY, words::COL_SEVERITY, words::COL_CHANGE];
    table(words::REPORT_CHANGES, Tone::Warn, "", &head, told.map(row).collect(), lang)
}

/// How long until a date, in words.
fn left(days: i64, lang: Lang) -> Cell {
    match days {
        ..0 => Cell::toned(words::DAYS_OVER.with(lang, &[&(-days).to_string()]), Tone::Bad),
        0 => Cell::toned(words::DUE_TODAY.text(lang), Tone::Warn),
        _ => Cell::plain(words::DAYS_LEFT.with(lang, &[&days.to_string()])),
    }
}

fn rectification(items: &[Rectification], lang: Lang) -> Option<Section> {
    let row = |item: &Rectification| {
        vec![
            Cell::plain(report_of(&item.agency_name, item.year, lang)),
            Cell::plain(item.due.to_string()),
            left(item.days, lang),
            Cell::plain(words::finding_state(item.state.word(), lang)),
            Cell::plain(item.message.text(lang.is_english())),
        ]
    };
    let head = [words::COL_AGENCY, words::COL_FIX_DUE, words::COL_LEFT, words::COL_STATE, words::COL_MESSAGE];
    let tone = if items.iter().any(|item| item.days < 0) { Tone::Bad } else { Tone::Info };
    table(words::RECTIFICATION, tone, "", &head, items.iter().map(row).collect(), lang)
}

fn resolved(digest: &Digest, lang: Lang) -> Option<Section> {
    let row = |change: &LedgerChange| {
        let finding = &change.finding;
        vec![
            Cell::plain(report_of(&finding.agency_name, finding.year, lang)),
            Cell::toned(words::finding_state(finding.state.word(), lang), Tone::Good),
            Cell::plain(finding.violation.message.text(lang.is_english())),
        ]
    };
    let gone = digest.changes.iter().filter(|change| !change.finding.state.stands());
    let head = [words::COL_AGENCY, words::COL_STATE, words::COL_MESSAGE];
    table(words::RESOLVED, Tone::Good, "", &head, gone.map(row).collect(), lang)
}

fn attention(entries: &[Attention], lang: Lang) -> Option<Section> {
    let row = |entry: &Attention| vec![Cell::plain(&entry.subject), Cell::plain(&entry.problem.message)];
    let head = [words::COL_SUBJECT, words::COL_PROBLEM];
    let rows = entries.iter().map(row).collect();
    table(words::ATTENTION, Tone::Warn, words::ATTENTION_NOTE.text(lang), &head, rows, lang)
}
