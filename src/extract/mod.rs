//! Document + standards → Report: sections, tables, figures, claims.
//!
//! Tables are found by their labels wherever they stand, sections by their headings in whatever
//! numbering, the agency and the year by title and signature. What could not be made out is a
//! problem; a page that is no report is said to be none.

pub mod breakdowns;
pub mod claims;
mod explain;
mod forms;
mod header;
mod identity;
mod marks;
mod outline;
mod parts;
pub mod percentages;
mod private;
mod prose;
pub mod restated;
mod review;
mod rows;
mod several;
mod tables;

pub use explain::{LabelPath, label_paths};
pub use forms::Forms;
pub use prose::Prose;
pub use rows::is_row;

use crate::model::{
    AgencyKind, Block, Date, DateSource, Document, Figure, Link, Media, Problem, ReadOutcome, ReadReport, Reading, Report,
    TableRead, Year,
};
use crate::rules::{ColumnForm, Standard, TableForm};
use crate::text::{CellReading, kind_of_name, squeeze};
use forms::TableId;
use identity::Identity;
use outline::Outline;
use std::collections::HashMap;
use tables::Table;

/// What a caller knows of a document besides its content; it fills what the document lacks.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    pub agency: Option<String>,
    pub year: Option<Year>,
    pub published: Option<Date>,
    pub kind: Option<AgencyKind>,
}

/// Reads a document as a report, or says why it is none.
pub fn report(document: &Document, hints: &Hints, forms: &Forms) -> ReadReport {
    match private::mask(document) {
        Some((masked, private)) => ReadReport { private, ..read(&masked, hints, forms) },
        None => read(document, hints, forms),
    }
}

fn read(document: &Document, hints: &Hints, forms: &Forms) -> ReadReport {
    let outline = outline::outline(document, forms);
    if !outline.several.is_empty() {
        return several::read(document, &outline.several, hints, forms);
    }
    let mut identity = identity::identify(document, &outline);
    identity.year = hints.year.or(identity.year);
    let rows = rows::rows(document, forms);
    let mut tables = tables::read(&rows, forms, identity.year);
    if document.problems.iter().any(|problem| CUT.contains(&problem.code.as_str())) {
        tables.values_mut().for_each(Table::cut);
    }
    let mut read = ReadReport {
        outcome: ReadOutcome::Read,
        media: document.media.mime().to_owned(),
        report: None,
        image_only: false,
        problems: document.problems.clone(),
        private: Vec::new(),
        attachments: attachments(document),
    };
    if tables.values().any(|table| table.torn) {
        read.problems.push(Problem::new("torn-text", "文字由版式文件转出，标题和表格的标签与内容错位，只读取了能确定的部分"));
    }
    identity.dated |= hints.year.is_some();
    judge(&mut read, document, &identity, &outline, &tables);
    if read.outcome == ReadOutcome::Read {
        read.report = Some(assemble(document, hints, forms, identity, outline, tables, &read));
    }
    read
}

/// Problems of a document whose end, or any part, may not have come to us.
const CUT: [&str; 6] = ["truncated", "document-incomplete", "too-many-cells", "too-large", "scanned-pages", "outlined-text"];

/// Endings of documents that a page may link to instead of showing its report.
const DOCUMENT_ENDINGS: [&str; 15] =
    [".docx", ".doc", ".pdf", ".wps", ".xlsx", ".xls", ".et", ".ofd", ".zip", ".odt", ".ods", ".rtf", ".mht", ".rar", ".7z"];

fn is_document(link: &Link) -> bool {
    let named = |text: &str| {
        let name = text.split(['?', '#']).next().unwrap_or(text).as_bytes();
        let ends = |end: &&str| name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
        DOCUMENT_ENDINGS.iter().any(ends)
    };
    named(&link.href) || named(&link.text)
}

fn attachments(document: &Document) -> Vec<String> {
    let mut found: Vec<String> = document.links.iter().filter(|link| is_document(link)).map(|link| link.href.clone()).collect();
    found.dedup();
    found
}

/// Problems of a document of which nothing could be read.
const UNREAD: [&str; 14] = [
    "archive-several",
    "archive-unsupported",
    "converter-failed",
    "converter-missing",
    "document-damaged",
    "document-encrypted",
    "document-too-large",
    "format-unknown",
    "format-unsupported",
    "reader-failed",
    "reader-memory",
    "reader-timeout",
    "text-undecodable",
    "too-large",
];

/// Problems of pages that show text without having any.
const PICTURED: [&str; 2] = ["scanned-pages", "outlined-text"];

/// The problem of a document whose text was recognised from pictures.
const RECOGNISED: &str = "recognised";

/// Text shorter than this, on a page without a table, shows no report.
const SHORTEST_REPORT: usize = 200;

/// Tells whether a document is a report, and if not, what it is instead.
fn judge(
    read: &mut ReadReport,
    document: &Document,
    identity: &Identity,
    outline: &Outline,
    tables: &HashMap<TableId, Table<'_>>,
) {
    let sections = outline.sections.iter().filter(|section| section.found).count();
    let found = tables.values().filter(|table| table.found).count();
    let text = characters(document, |_| true);
    let told = |codes: &[&str]| read.problems.iter().any(|problem| codes.contains(&problem.code.as_str()));
    let recognised = told(&[RECOGNISED]);
    let (unread, pictured) = (told(&UNREAD), told(&PICTURED) || recognised);
    let look_alike = identity::is_look_alike(&identity.title);
    let own_title = identity.titled && identity.dated && !look_alike;
    let lists = |fits: &dyn Fn(&Link) -> bool| {
        identity::are_others(&identity.title, document.links.iter().filter(|link| fits(link)).map(|link| link.text.as_str()))
    };
    // Pictures beside links to others' reports are the report, unless the title names nobody.
    let bare_list = identity::agency_of_title(&identity.title).is_empty() && lists(&|_| true);
    let empty_shell = text < 50 && document.media == Media::Html;
    // Whatever was recognised of them, pictures are no text.
    read.image_only = recognised;
    if document.media == Media::Image && !recognised {
        read.image_only = true;
        read.outcome = ReadOutcome::Unreadable;
    } else if unread {
        read.outcome = ReadOutcome::Unreadable;
    } else if sections >= 3 || found >= 2 || identity.titled && !look_alike && (sections > 0 || found > 0) {
        read.outcome = ReadOutcome::Read;
    } else if told(&["converter-used"]) && told(&["document-incomplete"]) {
        // A converter makes something of any bytes; where that is no report, the file was not read.
        read.outcome = ReadOutcome::Unreadable;
    } else if empty_shell && document.script_bytes > 0 && !(own_title && document.images > 0) && read.attachments.is_empty() {
        read.outcome = ReadOutcome::Unreadable;
        read.problems
            .push(Problem::new("needs-browser", "页面内容由脚本生成，未能读取；请人工查看，或在门户配置中写 browser = true"));
    } else if own_title && !read.attachments.is_empty() && text < SHORTEST_REPORT * 3 && !lists(&is_document) {
        read.outcome = ReadOutcome::Read;
    } else if own_title && document.images > 0 && !pictured && text < SHORTEST_REPORT * 3 && !bare_list {
        read.image_only = true;
        read.outcome = ReadOutcome::Unreadable;
        read.problems.push(Problem::new("image-only", "正文是图片，没有可读的文字，数字未读取"));
    } else if own_title && !pictured && characters(document, |text| text.contains('。')) >= SHORTEST_REPORT {
        // A report by its title, in no form we know (before 2019, or a text without its sections): it has sentences,
        // which a list of reports has not.
        read.outcome = ReadOutcome::Read;
    } else if pictured {
        read.image_only = true;
        read.outcome = ReadOutcome::Unreadable;
    } else if told(&["document-incomplete", "too-many-cells"]) {
        // What was not read of it may be the report.
        read.outcome = ReadOutcome::Unreadable;
    } else {
        read.outcome = ReadOutcome::NotAReport;
    }
}

/// Characters of the lines and cells that fit; links left out.
fn characters(document: &Document, fits: impl Fn(&str) -> bool) -> usize {
    let count = |text: &str| if fits(text) { text.chars().count() } else { 0 };
    let of_block = |block: &Block| match block {
        Block::Text(text) if !text.linked => count(&text.text),
        Block::Text(_) | Block::Picture => 0,
        Block::Table(grid) => grid.rows.iter().flatten().map(|cell| count(&cell.text)).sum(),
    };
    document.blocks.iter().map(of_block).sum()
}

fn assemble(
    document: &Document,
    hints: &Hints,
    forms: &Forms,
    identity: Identity,
    outline: Outline,
    mut tables: HashMap<TableId, Table<'_>>,
    read: &ReadReport,
) -> Report {
    let sections = outline.sections.iter().filter(|section| section.found).count();
    let found = tables.values().any(|table| table.found);
    let attachment_only = !found && sections < 2 && !read.attachments.is_empty();
    let standard = standard(forms, &tables, &identity, sections);
    let agency = hints.agency.clone().unwrap_or(identity.agency);
    let published = hints.published.map(|date| (date, DateSource::Given)).or(identity.published);
    let mut report = Report {
        standard: standard
            .map_or_else(|| unknown_standard(&identity.title, identity.year, sections), |standard| standard.id.clone()),
        title: identity.title,
        agency_kind: hints.kind.or_else(|| kind_of_name(&agency)),
        agency,
        year: identity.year,
        signed: identity.signed,
        published: published.map(|(date, _)| date),
        published_source: published.map(|(_, source)| source),
        document_number: identity.document_number,
        preamble: outline.head,
        sections: outline.sections,
        parts: Vec::new(),
        tables: Vec::new(),
        figures: Vec::new(),
        claims: Vec::new(),
        breakdowns: Vec::new(),
        percentages: Vec::new(),
        restated: Vec::new(),
        attachment_only,
        recognised: read.problems.iter().any(|problem| problem.code == RECOGNISED),
    };
    if let Some(standard) = standard.filter(|_| !attachment_only) {
        let images = document.images > 0 && !found;
        let sections = &report.sections;
        let pictured = |id: TableId| images || sections.iter().any(|section| section.id == id.word() && section.has_picture);
        report.figures = figures(standard, &tables, forms);
        let read = |id| tables.remove(&id).map(|table| table_read(id, table, forms, pictured(id)));
        report.tables = TableId::ALL.into_iter().filter_map(read).collect();
        report.parts = parts::parts(&report.sections, standard);
        let prose = Prose::new(&report.sections, &report.preamble);
        report.claims = claims::claims(
            &prose,
            claims::Whose { agency: &report.agency, kind: report.agency_kind, year: report.year },
            &standard.subjects,
        );
        report.breakdowns = breakdowns::breakdowns(&prose);
        report.percentages = percentages::percentages(&prose);
        report.restated = restated::restated(&prose, standard);
    }
    report
}

/// The form a document is in: its second table's, else that of the others, else the year's where
/// the sections show that it follows the form at all.
fn standard<'a>(
    forms: &'a Forms,
    tables: &HashMap<TableId, Table<'_>>,
    identity: &Identity,
    sections: usize,
) -> Option<&'a Standard> {
    let told = TableId::ALL.into_iter().find_map(|id| tables.get(&id).filter(|table| table.found).and_then(|table| table.form));
    match told {
        Some(at) => forms.standards().get(at),
        None if sections >= 3 => identity.year.and_then(|year| forms.standard_for(year)),
        None => None,
    }
}

fn unknown_standard(title: &str, year: Option<Year>, sections: usize) -> String {
    let old = year.is_some_and(|year| year < 2019) && !title.is_empty() && sections < 6;
    if old { "pre2019" } else { "unknown" }.to_owned()
}

fn table_read(id: TableId, table: Table<'_>, forms: &Forms, pictured: bool) -> TableRead {
    TableRead {
        id: id.word().to_owned(),
        found: table.found,
        form: table.form.filter(|_| table.found).and_then(|at| forms.standards().get(at)).map(|standard| standard.id.clone()),
        // A picture may be the table that was not found: then nothing is said about it.
        complete: if table.found { table.complete } else { !pictured && !table.torn },
        missing_rows: table.missing_rows,
        missing_columns: table.missing_columns,
        unknown_rows: table.unknown_rows,
        unknown_columns: table.unknown_columns,
        labels: table.labels,
        at: table.place,
    }
}

/// Every figure of the standard in the order of the form, then those of a table in another form.
fn figures(standard: &Standard, tables: &HashMap<TableId, Table<'_>>, forms: &Forms) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::with_capacity(200);
    for id in TableId::ALL {
        let Some(table) = tables.get(&id) else { continue };
        let first = figures.len();
        let own = standard.table(id.word());
        let printed = table.form.and_then(|at| forms.table(at, id));
        let other = printed.filter(|printed| table.found && !own.is_some_and(|own| std::ptr::eq(own, *printed)));
        let cell = |form: &TableForm, at: usize, figure: &str| match printed.filter(|printed| !std::ptr::eq(*printed, form)) {
            Some(printed) => table.cells.get(printed.ids().iter().position(|id| id == figure)?)?.as_ref(),
            None => table.cells.get(at)?.as_ref(),
        };
        for (nth, form) in own.into_iter().chain(other).enumerate() {
            for (at, (figure, _, column)) in form.cells().enumerate() {
                // The form's own figures are all different; of another form only those are new that it lacks.
                if nth > 0 && figures[first..].iter().any(|known| known.id == figure) {
                    continue;
                }
                figures.push(read_figure(figure.to_owned(), cell(form, at, figure), column, &table.units));
            }
        }
    }
    figures
}

fn read_figure(
    id: String,
    cell: Option<&rows::SharedCell<'_>>,
    column: &ColumnForm,
    printed_units: &HashMap<String, String>,
) -> Figure {
    let Some(cell) = cell else {
        return Figure { id, reading: Reading::Absent, raw: String::new(), unit: None, at: None };
    };
    let CellReading { reading, unit } = cell.read.clone();
    let of_column = || printed_units.get(&column.id).or(column.unit.as_ref()).cloned();
    let unit = reading.number().and_then(|_| unit.or_else(of_column));
    Figure { id, reading, raw: squeeze(&cell.text), unit, at: Some(cell.quoted(squeeze(cell.quote()))) }
}
