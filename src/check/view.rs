//! One report as the kinds see it: its forms, its cells by id, labels as printed, evidence.

use super::Context;
use super::balance::Balance;
use super::claim::Standing;
use super::prose::{Paragraph, Prose};
use crate::model::{
    AgencyKind, Evidence, Figure, Found, Level, Message, Place, ReadReport, Report, TableRead, Verdict, Violation,
};
use crate::rules::{Check, FigureKind, RuleSet, Standard, TableForm, plain_label};
use crate::text::level_of_name;
use std::cell::OnceCell;

/// Everything a kind may look at.
pub(super) struct View<'a> {
    pub read: &'a ReadReport,
    pub report: &'a Report,
    pub context: &'a Context<'a>,
    pub rules: &'a RuleSet,
    /// The form the report is held against; `None` where none can be told.
    pub standard: Option<&'a Standard>,
    /// The identities of the whole report, evaluated once.
    pub balance: Balance<'a>,
    tables: Vec<Table<'a>>,
    cells: Cells<'a>,
    claims: OnceCell<Standing>,
    prose: OnceCell<Prose<'a>>,
}

/// A table that was found, with the form *it* has, and its figures at their places in that form.
pub(super) struct Table<'a> {
    pub read: &'a TableRead,
    pub form: &'a TableForm,
    pub figures: Vec<Option<&'a Figure>>,
}

impl<'a> Table<'a> {
    fn new(read: &'a TableRead, report: &'a Report, rules: &'a RuleSet, standard: Option<&'a Standard>) -> Option<Table<'a>> {
        let form = read.form.as_deref().and_then(|form| rules.standard(form)).or(standard)?.table(&read.id)?;
        // The figures stand in the report as they stand in the form.
        let (all, mut next) = (&report.figures, 0);
        let figure = |id: &String| {
            let found = match all.get(next) {
                Some(figure) if figure.id == *id => Some(next),
                _ => all.iter().position(|figure| figure.id == *id),
            };
            next = found.map_or(next, |at| at + 1);
            found.map(|at| &all[at])
        };
        Some(Table { read, form, figures: form.ids().iter().map(figure).collect() })
    }
}

/// The figures of the complete tables, in the order of their forms, each with what it may be; and the torn tables.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells<'a> {
    pub all: Vec<(&'a Figure, FigureKind)>,
    pub torn: Vec<&'a str>,
}

/// How many statutory sections must be there for a report without tables to be held against the form of its year.
const SECTIONS_THAT_TELL: usize = 4;

impl<'a> View<'a> {
    pub fn new(read: &'a ReadReport, report: &'a Report, context: &'a Context<'a>, rules: &'a RuleSet) -> View<'a> {
        let standard = rules.standard(&report.standard).or_else(|| {
            let told = report.sections.iter().filter(|section| section.found).count() >= SECTIONS_THAT_TELL;
            report.year.filter(|_| told && report.standard == "unknown").and_then(|year| rules.standard_for(year))
        });
        let found = report.tables.iter().filter(|table| table.found);
        let tables: Vec<Table<'a>> = found.filter_map(|read| Table::new(read, report, rules, standard)).collect();
        let mut view = View {
            read,
            report,
            context,
            rules,
            standard,
            balance: Balance::default(),
            cells: gather_cells(report, &tables),
            tables,
            claims: OnceCell::new(),
            prose: OnceCell::new(),
        };
        view.balance = super::balance::balance(&view);
        view
    }

    /// How the claims of the text stand to the tables: found out once, when first asked for.
    pub fn claims(&self) -> &Standing {
        self.claims.get_or_init(|| super::claim::standing(self))
    }

    /// The kind of agency: what the roster or a person says, else what the report's name tells.
    pub fn agency_kind(&self) -> Option<AgencyKind> {
        self.context.agency_kind.or(self.report.agency_kind)
    }

    /// The report's words, folded once.
    pub fn words(&self) -> &Prose<'a> {
        self.prose.get_or_init(|| Prose::new(self.report))
    }

    /// The report's paragraphs.
    pub fn prose(&self) -> &[Paragraph<'a>] {
        &self.words().paragraphs
    }

    /// A figure of the report, by id.
    pub fn figure(&self, id: &str) -> Option<&'a Figure> {
        match self.cell(id) {
            Some((table, place)) => table.figures[place],
            None => self.report.figures.iter().find(|figure| figure.id == id),
        }
    }

    /// The table that a figure belongs to, and its place there; `None` where the table was not found, or has no such figure.
    pub fn cell(&self, id: &str) -> Option<(&Table<'a>, usize)> {
        let table = self.found(id.split('.').next()?)?;
        Some((table, table.form.place(id)?))
    }

    /// The figures of a whole table, each beside its id.
    pub fn figures_of(&self, form: &'a TableForm) -> impl Iterator<Item = (&'a str, Option<&'a Figure>)> {
        let figures = self.found(&form.id).map(|table| table.figures.as_slice()).unwrap_or_default();
        form.ids().iter().map(String::as_str).zip(figures.iter().copied())
    }

    /// A table that was found.
    pub fn found(&self, id: &str) -> Option<&Table<'a>> {
        self.tables.iter().find(|table| table.form.id == id)
    }

    /// A table that was found, with the form *it* has.
    pub fn table(&self, id: &str) -> Option<(&'a TableRead, &'a TableForm)> {
        self.found(id).map(|table| (table.read, table.form))
    }

    /// Every found and complete table with its form, and the ids of those that were torn.
    pub fn tables(&self) -> (Vec<(&'a TableRead, &'a TableForm)>, Vec<&'a str>) {
        let found = self.tables.iter().map(|table| (table.read, table.form));
        (found.filter(|(read, _)| read.complete).collect(), self.cells.torn.clone())
    }

    /// Every figure of the complete tables, and the tables that were torn.
    pub fn cells(&self) -> &Cells<'a> {
        &self.cells
    }

    /// Whether a problem of ours stands among these codes.
    pub fn blinded(&self, codes: &[impl AsRef<str>]) -> Option<&'a str> {
        let blinds = |code: &str| codes.iter().any(|it| it.as_ref() == code);
        self.read.problems.iter().map(|problem| problem.code.as_str()).find(|code| blinds(code))
    }

    /// A cell's name as printed on the form: 「自然人·予以公开」.
    pub fn label(&self, id: &str) -> String {
        match self.cell(id).and_then(|(table, place)| table.form.at(place)) {
            Some((row, column)) if row.label.is_empty() => column.name(true),
            Some((row, column)) => format!("{}·{}", column.short_name(), plain_label(&row.label)),
            None => id.to_owned(),
        }
    }

    /// The label of a figure's row as printed.
    fn row_label(&self, id: &str) -> Option<String> {
        let (table, local) = id.split_once('.')?;
        let labels = &self.report.table(table)?.labels;
        let of_row = |(row, _): &&(String, String)| local.strip_prefix(row.as_str()).is_some_and(|rest| rest.starts_with('.'));
        labels.iter().filter(of_row).max_by_key(|(row, _)| row.len()).map(|(_, label)| label.clone())
    }

    /// What a cell says and where.
    pub fn evidence(&self, id: &str) -> Option<Evidence> {
        let figure = self.figure(id)?;
        let at = Place { label: self.row_label(id), ..figure.at.clone()? };
        Some(Evidence { quote: at.quote.clone().unwrap_or_else(|| figure.raw.clone()), at })
    }
}

fn gather_cells<'a>(report: &'a Report, tables: &[Table<'a>]) -> Cells<'a> {
    // A table that was not found because it could not be read is torn as well.
    let torn = report.tables.iter().filter(|read| !read.complete).map(|read| read.id.as_str()).collect();
    let complete = tables.iter().filter(|table| table.read.complete);
    let cells = complete.flat_map(|table| table.figures.iter().zip(table.form.figures()));
    Cells { all: cells.filter_map(|(figure, (_, _, column))| Some(((*figure)?, column.kind))).collect(), torn }
}

/// A message of the program itself.
pub(super) fn say(zh: impl Into<String>, en: impl Into<String>) -> Message {
    Message { zh: zh.into(), en: en.into() }
}

/// Findings where there are any, with what stayed open beside them; else inconclusive where something was; else clean.
pub(super) fn verdict(findings: Vec<Violation>, open: Option<Message>) -> Verdict {
    match open {
        open if !findings.is_empty() => Verdict::Findings(Found { violations: findings, open }),
        Some(why) => Verdict::Inconclusive(why),
        None => Verdict::Clean,
    }
}

/// Whether the agency's level is below that of a city with districts, whose government may make rules; `None` where
/// neither roster nor name tells.
pub(super) fn below_city(view: &View<'_>) -> Option<bool> {
    let told = match view.agency_kind() {
        Some(kind) if kind.is_grassroots() => Some(Level::Township),
        _ => view.context.level.or_else(|| level_of_name(&view.report.agency)),
    };
    told.map(|level| matches!(level, Level::County | Level::Township))
}

/// Why a rule over torn tables stays open.
pub(super) fn torn(view: &View<'_>, tables: &[&str]) -> Option<Message> {
    let form = |id: &&str| view.table(id).map(|(_, form)| form).or_else(|| view.standard?.table(id));
    let names: Vec<_> = tables.iter().filter_map(form).map(|form| (&form.name, &form.name_en)).collect();
    if names.is_empty() {
        return None;
    }
    let zh: Vec<_> = names.iter().map(|(zh, _)| zh.as_str()).collect();
    let en: Vec<_> = names.iter().map(|(_, en)| en.as_str()).collect();
    Some(say(format!("{}未能完整读出", zh.join("、")), format!("{} could not be read completely", en.join(", "))))
}

/// A violation of a rule with nothing but its place and message.
pub(super) fn violation(view: &View<'_>, check: &Check, place: impl Into<String>, message: Message) -> Violation {
    Violation {
        place: place.into(),
        severity: check.severity_of(view.agency_kind()).unwrap_or(crate::model::Severity::Info),
        message,
        figures: Vec::new(),
        expected: None,
        actual: None,
        evidence: Vec::new(),
    }
}
