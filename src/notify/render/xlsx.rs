//! The workbook an office works with: who has published (发布情况), the ledger of findings (问题台账), and the
//! digest itself (摘要). One row a finding, no merged cells, so that filters and sorting work.
//!
//! Text from the web never becomes a formula: `sheet` sees to that.

use super::view::{Body, View, place, shown};
use crate::model::{Agency, AgencyKind, Date, Digest, Finding, ReportEntry, Time, Year};
use crate::words::{self, Lang, Word};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

mod sheet;

use sheet::{Sheet, Value};

/// How one agency stands for one year: one row of 发布情况.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandingRow {
    pub agency: String,
    pub name: String,
    pub kind: Option<AgencyKind>,
    pub year: Year,
    /// State word of the contract.
    pub state: String,
    pub due: Option<Date>,
    pub published: Option<Date>,
    pub first_seen: Option<Time>,
    pub url: Option<String>,
}

/// One row of 问题台账: a finding, and what only a report, the roster or a person's steps can tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub finding: Finding,
    pub area: String,
    pub kind: Option<AgencyKind>,
    pub title: String,
    pub url: String,
    pub published: Option<Date>,
    pub first_seen: Option<Time>,
    /// What the agency answered, what the recheck showed, who rechecked, and remarks.
    pub reply: String,
    pub recheck: String,
    pub reviewer: String,
    pub note: String,
}

impl Issue {
    /// The row of a finding with what its report and the roster add; what people said stays empty.
    pub fn of(finding: Finding, report: Option<&ReportEntry>, agency: Option<&Agency>, area: &str) -> Issue {
        Issue {
            finding,
            area: area.to_owned(),
            kind: agency.map(|agency| agency.kind),
            title: report.map(|report| report.title.clone()).unwrap_or_default(),
            url: report.map(|report| report.url.clone()).unwrap_or_default(),
            published: report.and_then(|report| report.published),
            first_seen: report.map(|report| report.first_seen),
            reply: String::new(),
            recheck: String::new(),
            reviewer: String::new(),
            note: String::new(),
        }
    }
}

/// What the workbook holds beside the digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workbook {
    pub standings: Vec<StandingRow>,
    pub issues: Vec<Issue>,
}

/// The workbook as the bytes of an xlsx file. The same input gives the same bytes.
///
/// # Errors
/// Where the file cannot be put together, as with more rows than a sheet takes (1,048,576).
pub fn xlsx(digest: &Digest, workbook: &Workbook, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let made = ExcelDateTime::from_timestamp(digest.composed.timestamp().max(0))?;
    book.set_properties(&DocProperties::new().set_title(View::of(digest, lang).title).set_creation_datetime(&made));
    let mut sheet = Sheet::new(book.add_worksheet(), words::SHEET_PUBLICATION.text(lang), lang, &digest.timezone)?;
    sheet.fill(&named(STANDING_COLUMNS, lang), workbook.standings.iter().map(|row| standing_cells(row, lang)))?;
    let mut sheet = Sheet::new(book.add_worksheet(), words::SHEET_FINDINGS.text(lang), lang, &digest.timezone)?;
    let issues = workbook.issues.iter().enumerate();
    sheet.fill(&named(ISSUE_COLUMNS, lang), issues.map(|(at, issue)| issue_cells(at + 1, issue, lang)))?;
    let mut sheet = Sheet::new(book.add_worksheet(), words::SHEET_SUMMARY.text(lang), lang, &digest.timezone)?;
    sheet.fill(&named(SUMMARY_COLUMNS, lang), summary(digest, lang).into_iter())?;
    book.save_to_buffer()
}

/// One sheet of text under a header: for lists that are asked for as xlsx. Cells that hold an http address
/// become links; all else is text.
///
/// # Errors
/// As [`xlsx`], or where `name` is none that a sheet may have.
pub fn list(name: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    // A fixed day, so that the same list gives the same bytes.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let columns: Vec<(&str, f64)> = head.iter().map(|name| (*name, 20.0)).collect();
    let cells = |row: Vec<String>| row.into_iter().map(Value::Link).collect();
    Sheet::new(book.add_worksheet(), name, Lang::Zh, "")?.fill(&columns, rows.map(cells))?;
    book.save_to_buffer()
}

/// Columns with their widths in characters.
const STANDING_COLUMNS: &[(Word, f64)] = &[
    (words::COL_AGENCY_ID, 14.0),
    (words::COL_AGENCY, 28.0),
    (words::COL_KIND, 16.0),
    (words::COL_YEAR, 10.0),
    (words::COL_STATE, 13.0),
    (words::COL_DUE, 13.0),
    (words::COL_PUBLISHED, 13.0),
    (words::COL_FIRST_SEEN, 18.0),
    (words::COL_LINK, 60.0),
];

fn standing_cells(row: &StandingRow, lang: Lang) -> Vec<Value> {
    vec![
        Value::text(&row.agency),
        Value::text(&row.name),
        kind(row.kind, lang),
        Value::Number(row.year.into()),
        Value::text(words::agency_state(&row.state, lang)),
        Value::Date(row.due),
        Value::Date(row.published),
        Value::Time(row.first_seen),
        Value::Link(row.url.clone().unwrap_or_default()),
    ]
}

const ISSUE_COLUMNS: &[(Word, f64)] = &[
    (words::COL_NUMBER, 7.0),
    (words::COL_AREA, 12.0),
    (words::COL_AGENCY, 24.0),
    (words::COL_KIND, 14.0),
    (words::COL_YEAR, 10.0),
    (words::COL_TITLE, 32.0),
    (words::COL_LINK, 30.0),
    (words::COL_PUBLISHED, 12.0),
    (words::COL_FIRST_SEEN, 17.0),
    (words::COL_FAMILY, 12.0),
    (words::COL_MESSAGE, 46.0),
    (words::COL_PLACE, 26.0),
    (words::COL_ACTUAL, 24.0),
    (words::COL_EXPECTED, 14.0),
    (words::COL_BASIS, 30.0),
    (words::COL_SEVERITY, 11.0),
    (words::COL_OPENED, 17.0),
    (words::COL_SNAPSHOT, 18.0),
    (words::COL_STATE, 11.0),
    (words::COL_ADVICE, 34.0),
    (words::COL_FIX_DUE, 12.0),
    (words::COL_REPLY, 24.0),
    (words::COL_RECHECK, 14.0),
    (words::COL_REVIEWER, 11.0),
    (words::COL_NOTE, 18.0),
    (words::COL_RULE, 24.0),
    (words::COL_FINDING_ID, 18.0),
];

fn issue_cells(number: usize, issue: &Issue, lang: Lang) -> Vec<Value> {
    let finding = &issue.finding;
    let violation = &finding.violation;
    let english = lang.is_english();
    let quote = violation.evidence.first().map(|evidence| evidence.quote.as_str());
    let printed = violation.actual.as_deref().or(quote).unwrap_or_default();
    vec![
        Value::Number(number as f64),
        Value::text(&issue.area),
        Value::text(&finding.agency_name),
        kind(issue.kind, lang),
        Value::Number(finding.year.into()),
        Value::text(&issue.title),
        Value::Link(issue.url.clone()),
        Value::Date(issue.published),
        Value::Time(issue.first_seen),
        Value::text(words::rule_family(finding.rule.split('/').next().unwrap_or_default(), lang)),
        Value::text(violation.message.text(english)),
        Value::text(place(violation, lang)),
        Value::text(if printed.is_empty() { "" } else { shown(&finding.rule, printed, lang) }),
        Value::text(violation.expected.as_deref().map_or("", |value| shown(&finding.rule, value, lang))),
        Value::text(finding.basis.text(english)),
        Value::Severity(violation.severity),
        Value::Time(Some(finding.opened)),
        Value::text(finding.snapshot.as_deref().unwrap_or_default()),
        Value::text(words::finding_state(finding.state.word(), lang)),
        Value::text(finding.advice.text(english)),
        Value::Date(finding.due),
        Value::text(&issue.reply),
        Value::text(&issue.recheck),
        Value::text(&issue.reviewer),
        Value::text(&issue.note),
        Value::text(&finding.rule),
        Value::text(&finding.fingerprint),
    ]
}

/// Columns by their names in a language.
fn named(columns: &[(Word, f64)], lang: Lang) -> Vec<(&'static str, f64)> {
    columns.iter().map(|(word, width)| (word.text(lang), *width)).collect()
}

fn kind(kind: Option<AgencyKind>, lang: Lang) -> Value {
    Value::text(kind.map_or("", |kind| words::agency_kind(kind.word(), lang)))
}

const SUMMARY_COLUMNS: &[(Word, f64)] = &[(words::COL_ITEM, 30.0), (words::COL_VALUE, 90.0)];

/// The digest line by line: its numbers, then every section.
fn summary(digest: &Digest, lang: Lang) -> Vec<Vec<Value>> {
    let view = View::of(digest, lang);
    let mut rows = vec![
        (view.title.clone(), view.lead.clone()),
        (words::COMPOSED.text(lang).to_owned(), view.composed.clone()),
        (words::WHY_NOW.text(lang).to_owned(), view.why.clone()),
    ];
    rows.extend(view.countdown.iter().map(|countdown| (words::COL_DUE.text(lang).to_owned(), countdown.clone())));
    rows.extend(view.tiles.iter().map(|tile| (tile.label.clone(), format!("{}　{}", tile.value, tile.note).trim().to_owned())));
    for section in &view.sections {
        let lines = match &section.body {
            Body::Names(names) => names.iter().map(|name| name.text.clone()).collect(),
            Body::Table { rows, .. } => {
                rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("　")).collect()
            }
            Body::Groups(groups) => groups
                .iter()
                .flat_map(|group| {
                    group.lines.iter().map(|line| format!("{}　[{}] {}", group.heading, line.severity, line.message))
                })
                .collect::<Vec<String>>(),
        };
        rows.extend(lines.into_iter().map(|line| (section.heading.clone(), line)));
    }
    rows.extend(view.footer.iter().map(|line| (words::COL_NOTE.text(lang).to_owned(), line.clone())));
    rows.into_iter().map(|(item, value)| vec![Value::Text(item), Value::Text(value)]).collect()
}
