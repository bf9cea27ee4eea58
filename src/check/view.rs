//! One report as the kinds see it: its forms, its cells by id, labels as printed, evidence.

use super::Context;
use super::balance::Balance;
use super::claim::Standing;
use super::prose::Paragraph;
use crate::model::{
    AgencyKind, Evidence, Figure, Found, Level, Message, Place, ReadReport, Report, TableRead, Verdict, Violation,
};
use crate::rules::{Check, FigureKind, RuleSet, Standard, TableForm};
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
    cells: Cells<'a>,
    claims: OnceCell<Standing>,
    prose: OnceCell<Vec<Paragraph<'a>>>,
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
        let mut view = View {
            read,
            report,
            context,
            rules,
            standard,
            balance: Balance::default(),
            cells: Cells::default(),
            claims: OnceCell::new(),
            prose: OnceCell::new(),
        };
        view.cells = view.gather_cells();
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

    /// The report's paragraphs, folded once.
    pub fn prose(&self) -> &[Paragraph<'a>] {
        self.prose.get_or_init(|| super::prose::paragraphs(self.report))
    }

    pub fn figure(&self, id: &str) -> Option<&'a Figure> {
        self.report.figures.iter().find(|figure| figure.id == id)
    }

    /// The figures of a whole table, each beside its id. They stand in the report as they stand in the form.
    pub fn figures_of(&self, form: &'a TableForm) -> impl Iterator<Item = (&'a str, Option<&'a Figure>)> {
        let all = &self.report.figures;
        let mut next = 0;
        form.ids().iter().map(move |id| {
            let found = match all.get(next) {
                Some(figure) if figure.id == *id => Some(next),
                _ => all.iter().position(|figure| figure.id == *id),
            };
            next = found.map_or(next, |at| at + 1);
            (id.as_str(), found.map(|at| &all[at]))
        })
    }

    /// A table that was found, with the form *it* has.
    pub fn table(&self, id: &str) -> Option<(&'a TableRead, &'a TableForm)> {
        let read = self.report.table(id).filter(|table| table.found)?;
        let form = read.form.as_deref().and_then(|form| self.rules.standard(form)).or(self.standard)?;
        Some((read, form.table(id)?))
    }

    /// Every found and complete table with its form, and the ids of those that were torn.
    pub fn tables(&self) -> (Vec<(&'a TableRead, &'a TableForm)>, Vec<&'a str>) {
        let found: Vec<_> = self.report.tables.iter().filter_map(|table| self.table(&table.id)).collect();
        // A table that was not found because it could not be read is torn as well.
        let torn = self.report.tables.iter().filter(|read| !read.complete).map(|read| read.id.as_str()).collect();
        (found.into_iter().filter(|(read, _)| read.complete).collect(), torn)
    }

    /// Every figure of the complete tables, and the tables that were torn.
    pub fn cells(&self) -> &Cells<'a> {
        &self.cells
    }

    fn gather_cells(&self) -> Cells<'a> {
        let (tables, torn) = self.tables();
        let cells = tables.iter().flat_map(|(_, form)| self.figures_of(form).zip(form.figures()));
        Cells { all: cells.filter_map(|((_, figure), (_, _, column))| Some((figure?, column.kind))).collect(), torn }
    }

    /// Whether a problem of ours stands among these codes.
    pub fn blinded(&self, codes: &[impl AsRef<str>]) -> Option<&'a str> {
        let blinds = |code: &str| codes.iter().any(|it| it.as_ref() == code);
        self.read.problems.iter().map(|problem| problem.code.as_str()).find(|code| blinds(code))
    }

    /// A cell's name as printed on the form: 「自然人·予以公开」.
    pub fn label(&self, id: &str) -> String {
        let located = id.split('.').next().and_then(|table| {
            let (_, form) = self.table(table)?;
            form.cells().find(|(known, ..)| *known == id).map(|(_, row, column)| (row, column))
        });
        match located {
            Some((row, column)) if row.label.is_empty() => column_label(column.group.as_deref(), &column.label, true),
            Some((row, column)) => {
                let column = column_label(column.group.as_deref(), &column.label, column.label == "其他");
                format!("{column}·{}", plain(&row.label))
            }
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

/// A column's name, with the label printed over it where the name alone says too little.
pub(super) fn column_label(group: Option<&str>, label: &str, with_group: bool) -> String {
    match group.filter(|_| with_group) {
        Some(group) => format!("{group}·{label}"),
        None => label.to_owned(),
    }
}

/// A row's label without its number and without the note in brackets behind it: 「（一）予以公开」 is 「予以公开」.
pub(super) fn plain(label: &str) -> String {
    let mut rest = label;
    if let Some((number, after)) = rest.split_once('、')
        && number.chars().all(|c| "一二三四五六七八九十".contains(c))
    {
        rest = after;
    }
    if let Some(inner) = rest.strip_prefix('（')
        && let Some((_, after)) = inner.split_once('）')
    {
        rest = after;
    }
    if let Some((number, after)) = rest.split_once('.')
        && number.chars().all(|c| c.is_ascii_digit())
    {
        rest = after;
    }
    let end = rest.find('（').filter(|at| *at > 0).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest).trim().to_owned()
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
