//! The workbook an office works with: who has published (发布情况), the ledger of findings (问题台账), and the
//! digest itself (摘要). One row a finding, no merged cells, so that filters and sorting work.
//!
//! Text from the web never becomes a formula: strings are only ever written as strings, and those that a
//! spreadsheet would take for a formula after a detour through csv carry an apostrophe.

use super::view::{Body, View, place, shown, web_address, zoned};
use crate::model::{Agency, AgencyKind, Date, Digest, Finding, ReportEntry, Severity, Time, Year};
use crate::words::{self, Lang, Word};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Url, Worksheet, XlsxError,
};

/// Excel takes no more characters in a cell, and no longer address.
const CELL_CHARACTERS: usize = 32_000;
const LINK_BYTES: usize = 2_000;
/// Excel takes 65,530 links on a sheet; later ones are plain text.
const LINKS: u32 = 65_000;

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

/// A value of a cell.
enum Value {
    Text(String),
    Number(f64),
    Date(Option<Date>),
    Time(Option<Time>),
    Link(String),
    /// A severity, shown as its word on its colour.
    Severity(Severity),
}

impl Value {
    fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }
}

/// The workbook as the bytes of an xlsx file. The same input gives the same bytes.
///
/// # Errors
/// Where the file cannot be put together, as with more rows than a sheet takes (1,048,576).
pub fn xlsx(digest: &Digest, workbook: &Workbook, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let made = ExcelDateTime::from_timestamp(digest.composed.timestamp().max(0))?;
    book.set_properties(&DocProperties::new().set_title(View::of(digest, lang).title).set_creation_datetime(&made));
    let mut sheet = Sheet::new(book.add_worksheet(), words::SHEET_PUBLICATION, lang, &digest.timezone)?;
    sheet.fill(STANDING_COLUMNS, workbook.standings.iter().map(|row| standing_cells(row, lang)))?;
    let mut sheet = Sheet::new(book.add_worksheet(), words::SHEET_FINDINGS, lang, &digest.timezone)?;
    let issues = workbook.issues.iter().enumerate();
    sheet.fill(ISSUE_COLUMNS, issues.map(|(at, issue)| issue_cells(at + 1, issue, lang)))?;
    let mut sheet = Sheet::new(book.add_worksheet(), words::SHEET_SUMMARY, lang, &digest.timezone)?;
    sheet.fill(SUMMARY_COLUMNS, summary(digest, lang).into_iter())?;
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

/// A worksheet being filled, with the formats its cells share.
struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    lang: Lang,
    timezone: &'a str,
    links: u32,
    cell: Format,
}

impl<'a> Sheet<'a> {
    fn new(sheet: &'a mut Worksheet, name: Word, lang: Lang, timezone: &'a str) -> Result<Sheet<'a>, XlsxError> {
        sheet.set_name(name.text(lang))?;
        // A4, across, as wide as the paper, the header on every page.
        sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        sheet.set_footer("&C&P / &N");
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xD0D7E0));
        Ok(Sheet { sheet, lang, timezone, links: 0, cell })
    }

    /// Writes a frozen header with filters, then the rows.
    fn fill(&mut self, columns: &[(Word, f64)], rows: impl Iterator<Item = Vec<Value>>) -> Result<(), XlsxError> {
        let header =
            self.cell.clone().set_bold().set_background_color(Color::RGB(0xDCE6F2)).set_align(FormatAlign::VerticalCenter);
        for (at, (word, width)) in (0u16..).zip(columns) {
            self.sheet.set_column_width(at, *width)?;
            self.sheet.write_string_with_format(0, at, word.text(self.lang), &header)?;
        }
        self.sheet.set_row_height(0, 24)?;
        self.sheet.set_freeze_panes(1, 0)?;
        let mut last = 0;
        for (row, values) in (1u32..).zip(rows) {
            for (column, value) in (0u16..).zip(values) {
                self.write(row, column, value)?;
            }
            last = row;
        }
        let right = columns.len().saturating_sub(1) as u16;
        self.sheet.autofilter(0, 0, last, right)?;
        // Values are kept as printed, as text; that is no slip to be flagged.
        self.sheet.ignore_error_range(0, 0, last, right, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    fn write(&mut self, row: u32, column: u16, value: Value) -> Result<(), XlsxError> {
        match value {
            Value::Text(text) => self.string(row, column, &text, self.cell.clone()),
            Value::Number(number) => self.sheet.write_number_with_format(row, column, number, &self.cell).map(drop),
            Value::Date(date) => {
                let midnight = date.and_then(|date| date.and_hms_opt(0, 0, 0));
                self.moment(row, column, midnight, "yyyy-mm-dd")
            }
            Value::Time(time) => {
                let local = time.map(|time| zoned(time, self.timezone).naive_local());
                self.moment(row, column, local, "yyyy-mm-dd hh:mm")
            }
            Value::Link(url) => self.link(row, column, &url),
            Value::Severity(severity) => {
                let colour = match severity {
                    Severity::Error => 0xFBE7E5,
                    Severity::Warn => 0xFCF0DA,
                    Severity::Info => 0xE5EDFA,
                };
                let format = self.cell.clone().set_background_color(Color::RGB(colour));
                self.string(row, column, words::severity(severity.word(), self.lang), format)
            }
        }
    }

    fn string(&mut self, row: u32, column: u16, text: &str, format: Format) -> Result<(), XlsxError> {
        let safe = neutral(text);
        let format = if safe.starts_with(['=', '+', '-', '@']) { format.set_quote_prefix() } else { format };
        self.sheet.write_string_with_format(row, column, safe, &format).map(drop)
    }

    /// A date as a date, so that it sorts; nothing where there is none, text where Excel's calendar ends.
    fn moment(&mut self, row: u32, column: u16, at: Option<chrono::NaiveDateTime>, format: &str) -> Result<(), XlsxError> {
        let Some(at) = at else { return self.string(row, column, "", self.cell.clone()) };
        let seconds = at.and_utc().timestamp();
        match ExcelDateTime::from_timestamp(seconds) {
            Ok(moment) => {
                let format = self.cell.clone().set_num_format(format);
                self.sheet.write_datetime_with_format(row, column, &moment, &format).map(drop)
            }
            Err(_) => self.string(row, column, &at.to_string(), self.cell.clone()),
        }
    }

    fn link(&mut self, row: u32, column: u16, url: &str) -> Result<(), XlsxError> {
        match web_address(url).filter(|url| url.len() <= LINK_BYTES && self.links < LINKS) {
            Some(address) => {
                self.links += 1;
                let format = self.cell.clone().set_font_color(Color::RGB(0x1F4F9C));
                self.sheet.write_url_with_format(row, column, Url::new(address), &format).map(drop)
            }
            None => self.string(row, column, url, self.cell.clone()),
        }
    }
}

/// The text as a cell may hold it: cut to Excel's length, and with an apostrophe before it where a spreadsheet
/// that reads it again (from csv) would take it for a formula. A plain number such as -4 is none.
fn neutral(text: &str) -> String {
    let cut: String = text.chars().take(CELL_CHARACTERS).collect();
    let risky = cut.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cut.strip_prefix(['+', '-']).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    if risky && !number { format!("'{cut}") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd", "'+cmd"),
            ("-4", "-4"),
            ("+3.5", "+3.5"),
            ("柳河县", "柳河县"),
        ];
        for (given, kept) in cases {
            assert_eq!(neutral(given), kept);
        }
        assert_eq!(neutral(&"长".repeat(40_000)).chars().count(), CELL_CHARACTERS);
    }
}
