//! What a rule file may say in its one `[check.<kind>]` table: the kinds and their parameters.
//!
//! A kind is a verb of the check room; its parameters are the nouns of one rule. The name of the
//! table is the name of the kind, so that every parameter keeps its place in the file.

use super::*;
use crate::model::Severity;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The kind of a rule with its parameters.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A statutory section is not there.
    SectionMissing(Presence),
    /// Sections out of order, or numbered twice or wrongly.
    SectionOrder(Nothing),
    /// A section has a heading and nothing under it.
    SectionEmpty(Nothing),
    /// The preamble says or lists another number of parts.
    PartCount(PartCount),
    /// A statutory table is not there.
    TableMissing(Presence),
    /// Rows or columns that are missing, or that the form does not have.
    Grid(Grid),
    /// The form of another span of years.
    OutdatedForm(Nothing),
    /// The text cites what no longer holds.
    Citation(Citation),
    /// Cells that hold no number: one finding listing them.
    CellState(CellState),
    /// Numbers that a count or an amount cannot be.
    CellRange(Nothing),
    /// Two sums that must be equal, in every column, row or group.
    Identity(Identity),
    /// A column whose numbers stand one row off.
    ShiftedColumn(OfTable),
    /// A table of zeros beside a text that speaks of cases, or the reverse.
    AllZero(AllZero),
    /// Quantities of the text against lawful readings of a table.
    Claim(Claims),
    /// Parts that do not sum to the whole their sentence states.
    Breakdown(Breakdowns),
    /// Sums over figures, of this year and of the last, that must stand to each other as a formula says.
    Relation(Relations),
    /// A figure many times last year's, or beyond what its kind of agency can have.
    Jump(Jump),
    /// Every figure as last year.
    SameFigures(SameFigures),
    /// A section alike last year's.
    SameText(SameText),
    /// A growth the text claims against last year's report.
    Growth(Growth),
    /// An amount of money without its unit.
    UnitMissing(UnitMissing),
    /// Percentages that the numbers beside them do not give.
    Percentage(Nothing),
    /// The same quantity stated twice, differently.
    Contradiction(Contradictions),
    /// Things a text must speak of, and does not.
    Mentions(Mentions),
    /// A section that is short, or lacks what it is for.
    Thin(Thin),
    /// A figure above zero beside a text that says there is none.
    Denied(Denied),
    /// The statistical period, absent or of another year.
    Period(Period),
    /// Words that have no place in the text.
    Wording(Wording),
    /// A section without a single figure.
    WithoutFigures(WithoutFigures),
    /// A section longer than the office allows.
    TooLong(Length),
    /// Another year left in the text.
    WrongYear(WrongYear),
    /// An agency that calls itself what it is not.
    WrongSelf(WrongSelf),
    /// Signed before its year was over, or long after it was published.
    Signed(Signed),
    /// The text of another agency of the region.
    Copied(SameText),
    /// The office's report posted as the government's.
    OfficePosted(OfficePosted),
    /// Personal data.
    Private(PrivateOf),
    /// A government's figures against the sum of its members'.
    RollupSum(RollupSum),
    /// A government's figures that are its own office's.
    OfficeOnly(SameFigures),
    /// Nothing was seen when it was due.
    Missing(Nothing),
    /// Published after it was due.
    Late(Late),
    /// It was there and is gone, on the lists or off them.
    Gone(Gone),
    /// What it says changed after publication.
    Edited(Edited),
    /// Its date is older than a look that did not have it.
    BackDated(BackDated),
    /// Two addresses of it, or its page and its document, say different things.
    CopiesDiffer(Nothing),
    /// It stands in another column than that of annual reports.
    WrongColumn(Nothing),
    /// Nothing to read on the page.
    Unreadable(Unreadably),
}

/// A kind without parameters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Presence of sections or tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// Codes of problems beside which an absence proves nothing: we may not have seen all.
    #[serde(default)]
    pub blinded_by: Vec<String>,
}

/// How a preamble announces its parts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartCount {
    /// Regular expressions over folded text with a group `n`: the number of parts.
    pub stated: Vec<Pattern>,
    /// A sentence that lists the parts matches one of these.
    pub listing: Vec<Pattern>,
    /// By section, the words any of which mentions it in such a list.
    pub words: BTreeMap<Spanned<String>, Vec<String>>,
}

/// Which fault of a table's rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GridFault {
    RowMissing,
    ColumnMissing,
    RowUnknown,
    ColumnUnknown,
}

/// Parameters of `grid`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    pub fault: GridFault,
}

/// Parameters of `citation`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    pub cited: Vec<Cited>,
    /// Sentences that match one of these say that it no longer holds.
    #[serde(default)]
    pub lawful: Vec<Pattern>,
}

/// Something that is no longer cited from a report year on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// The first word of the finding's place; stable for ever.
    pub place: String,
    /// A regular expression over the folded preamble.
    pub pattern: Pattern,
    /// First report year for which citing it is wrong.
    pub from: i32,
    /// Whether it is looked for in the sections too.
    #[serde(default)]
    pub anywhere: bool,
    pub instead: String,
    pub instead_en: String,
}

/// Parameters of `cell_state`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellState {
    /// Words of readings: `blank`, `dash`, `not_applicable`, `text`.
    pub states: Vec<Spanned<String>>,
}

/// What an identity is repeated over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForEach {
    Column,
    Row,
    /// Groups of columns that share the first part of their ids.
    Group,
}

/// Parameters of `identity`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub table: Spanned<String>,
    pub for_each: ForEach,
    pub formula: Spanned<String>,
    /// First part of every instance's place: `flow`. Stable for ever.
    pub place: String,
    /// A diagnosis is told by the identity of the lowest rank that it mends.
    pub rank: u32,
    /// The formula, read at load.
    #[serde(skip)]
    pub parsed: Formula,
    #[serde(skip)]
    pub applied: OnForms<Application>,
}

/// Parameters of `shifted_column`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfTable {
    pub table: Spanned<String>,
}

/// Parameters of `all_zero`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllZero {
    pub table: Spanned<String>,
    /// Subjects a sentence about which contradicts a table of zeros.
    pub subjects: Vec<Spanned<String>>,
    /// Subject whose zero in the text contradicts `figure`.
    pub none_of: Spanned<String>,
    pub figure: Spanned<String>,
}

/// Parameters of `claim`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub table: Spanned<String>,
    /// The columns whose figures the text speaks of, added up; where none is named, sums are over single figures.
    #[serde(default)]
    pub columns: Vec<Spanned<String>>,
    pub subject: Vec<ClaimSubject>,
}

/// A subject and what the text may lawfully mean by it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimSubject {
    pub id: Spanned<String>,
    /// Sums over rows of the table (over figures, where no columns are named); the first is the plain reading,
    /// shown in messages. Those over figures that the report's form does not have are passed over.
    pub lawful: Vec<Spanned<String>>,
    /// Other columns than the rule's.
    #[serde(default)]
    pub columns: Vec<Spanned<String>>,
    /// A lower severity than the rule's.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The sums, read at load.
    #[serde(skip)]
    pub parsed: Vec<Sum>,
    #[serde(skip)]
    pub sums: OnForms<Vec<Operand>>,
}

/// Parameters of `breakdown`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdowns {
    /// An open list below its whole by at most so many items is a slip.
    pub open_items: u32,
    /// Or by at most so many percent of the whole.
    pub open_percent: u32,
}

/// Parameters of `contradiction`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradictions {
    /// Subjects of which a report has one number.
    pub subjects: Vec<Spanned<String>>,
}

impl Kind {
    /// The kind's name, as in `[check.<name>]`.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::SectionMissing(_) => "section_missing",
            Kind::SectionOrder(_) => "section_order",
            Kind::SectionEmpty(_) => "section_empty",
            Kind::PartCount(_) => "part_count",
            Kind::TableMissing(_) => "table_missing",
            Kind::Grid(_) => "grid",
            Kind::OutdatedForm(_) => "outdated_form",
            Kind::Citation(_) => "citation",
            Kind::CellState(_) => "cell_state",
            Kind::CellRange(_) => "cell_range",
            Kind::Identity(_) => "identity",
            Kind::ShiftedColumn(_) => "shifted_column",
            Kind::AllZero(_) => "all_zero",
            Kind::Claim(_) => "claim",
            Kind::Breakdown(_) => "breakdown",
            Kind::Relation(_) => "relation",
            Kind::Jump(_) => "jump",
            Kind::SameFigures(_) => "same_figures",
            Kind::SameText(_) => "same_text",
            Kind::Growth(_) => "growth",
            Kind::UnitMissing(_) => "unit_missing",
            Kind::Percentage(_) => "percentage",
            Kind::Contradiction(_) => "contradiction",
            Kind::Mentions(_) => "mentions",
            Kind::Thin(_) => "thin",
            Kind::Denied(_) => "denied",
            Kind::Period(_) => "period",
            Kind::Wording(_) => "wording",
            Kind::WithoutFigures(_) => "without_figures",
            Kind::TooLong(_) => "too_long",
            Kind::WrongYear(_) => "wrong_year",
            Kind::WrongSelf(_) => "wrong_self",
            Kind::Signed(_) => "signed",
            Kind::Copied(_) => "copied",
            Kind::OfficePosted(_) => "office_posted",
            Kind::Private(_) => "private",
            Kind::RollupSum(_) => "rollup_sum",
            Kind::OfficeOnly(_) => "office_only",
            Kind::Missing(_) => "missing",
            Kind::Late(_) => "late",
            Kind::Gone(_) => "gone",
            Kind::Edited(_) => "edited",
            Kind::BackDated(_) => "back_dated",
            Kind::CopiesDiffer(_) => "copies_differ",
            Kind::WrongColumn(_) => "wrong_column",
            Kind::Unreadable(_) => "unreadable",
        }
    }

    /// The messages a rule of this kind must carry, each with the words it may fill in.
    pub fn messages(&self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Kind::SectionMissing(_) => &[("finding", &["section"])],
            Kind::SectionOrder(_) => &[("finding", &["found", "form"])],
            Kind::SectionEmpty(_) => &[("finding", &["section"])],
            Kind::PartCount(_) => &[("stated", &["stated", "form"]), ("listed", &["missing", "listed"])],
            Kind::TableMissing(_) => &[("finding", &["table", "section"])],
            Kind::Grid(_) => &[("finding", &["table", "label"])],
            Kind::OutdatedForm(_) => &[("report", &["year", "found", "due"]), ("table", &["year", "table", "found", "due"])],
            Kind::Citation(_) => &[("finding", &["quote", "instead", "year"])],
            Kind::CellState(_) => &[("finding", &["count", "cells"])],
            Kind::CellRange(_) => &[("finding", &["cell", "raw"])],
            Kind::Identity(_) => {
                &[("unequal", &["instance", "sum", "difference"]), ("diagnosis", &["cell", "from", "to", "count", "identities"])]
            }
            Kind::ShiftedColumn(_) => &[("finding", &["column", "direction", "identities"])],
            Kind::AllZero(_) => &[("zeros", &["table", "value", "sentence"]), ("none", &["value", "sentence"])],
            Kind::Claim(_) => &[("finding", &["subject", "claimed", "table", "sentence"])],
            Kind::Breakdown(_) => {
                &[("above", &["sum", "total", "whole", "difference"]), ("below", &["sum", "total", "whole", "difference"])]
            }
            Kind::Relation(_) => &[("finding", &["cell", "sum", "difference", "others"])],
            Kind::Jump(_) => &[("finding", &["cell", "from", "to"])],
            Kind::SameFigures(_) => &[("finding", &["count", "year"])],
            Kind::SameText(_) => &[("finding", &["section", "percent", "year"])],
            Kind::Growth(_) => &[("finding", &["subject", "claimed", "computed", "from", "to", "sentence"])],
            Kind::UnitMissing(_) => &[("finding", &["cell", "raw"])],
            Kind::Percentage(_) => {
                const OF: &[&str] = &["part", "whole", "computed", "stated", "sentence"];
                &[("share", OF), ("growth", OF), ("sum", &["sum", "total", "sentence"])]
            }
            Kind::Contradiction(_) => &[("finding", &["subject", "first", "second", "sentence"])],
            Kind::Mentions(_) => &[("finding", &["missing"])],
            Kind::Thin(_) => &[("short", &["count"]), ("missing", &["missing"])],
            Kind::Denied(_) => &[("finding", &["cell", "value", "sentence"])],
            Kind::Period(_) => &[("absent", &[]), ("wrong", &["words", "due"])],
            Kind::Wording(_) => &[("finding", &["words"])],
            Kind::WithoutFigures(_) => &[("finding", &["section"])],
            Kind::TooLong(_) => &[("finding", &["count", "limit"])],
            Kind::WrongYear(_) => &[("finding", &["other", "year"])],
            Kind::WrongSelf(_) => &[("finding", &["words", "agency"])],
            Kind::Signed(_) => &[("early", &["date", "other"]), ("after", &["date", "other"])],
            Kind::Copied(_) => &[("finding", &["section", "percent", "agency"])],
            Kind::OfficePosted(_) => &[("finding", &["words"])],
            Kind::Private(_) => &[("finding", &["count", "masked"])],
            Kind::RollupSum(_) => &[("finding", &["count", "cell", "own", "sum", "members"])],
            Kind::OfficeOnly(_) => &[("finding", &["office"])],
            Kind::Missing(_) => &[("finding", &["due"])],
            Kind::Late(_) => &[("finding", &["date", "source", "due", "days"])],
            Kind::Gone(_) => &[("finding", &["result", "since"])],
            Kind::Edited(_) => &[("finding", &["since", "figures"])],
            Kind::BackDated(_) => &[("finding", &["date", "source", "look", "days"])],
            Kind::CopiesDiffer(_) => &[("finding", &["url", "what"])],
            Kind::WrongColumn(_) => &[("finding", &["column"])],
            Kind::Unreadable(_) => &[("finding", &["attachment"])],
        }
    }

    /// The limits that an office's overlay may set, by name.
    pub fn limits(&mut self) -> Vec<(&'static str, &mut u32)> {
        match self {
            Kind::Breakdown(it) => vec![("open_items", &mut it.open_items), ("open_percent", &mut it.open_percent)],
            Kind::Jump(it) => {
                let mut limits = vec![("times", &mut it.times), ("by", &mut it.by)];
                limits.extend(it.ceiling.as_mut().map(|ceiling| ("ceiling", ceiling)));
                limits
            }
            Kind::SameFigures(it) | Kind::OfficeOnly(it) => vec![("least", &mut it.least)],
            Kind::Thin(it) => vec![("shortest", &mut it.shortest)],
            Kind::Wording(it) => vec![("least", &mut it.least)],
            Kind::TooLong(it) => vec![("longest", &mut it.longest)],
            Kind::WrongYear(it) => vec![("most", &mut it.most)],
            Kind::Signed(it) => vec![("days", &mut it.days)],
            Kind::OfficePosted(it) => vec![("least", &mut it.least)],
            Kind::SameText(it) | Kind::Copied(it) => vec![("alike", &mut it.alike), ("shortest", &mut it.shortest)],
            Kind::BackDated(it) => vec![("days", &mut it.days)],
            _ => Vec::new(),
        }
    }

    /// Whether what it says depends on reports beside the one it judges.
    pub fn needs_neighbours(&self) -> bool {
        match self {
            Kind::Relation(it) => it.ask.iter().any(Ask::needs_last),
            Kind::Jump(_) | Kind::SameFigures(_) | Kind::SameText(_) | Kind::Growth(_) => true,
            Kind::Copied(_) | Kind::RollupSum(_) | Kind::OfficeOnly(_) => true,
            _ => false,
        }
    }

    /// Whether the rule speaks of the publication alone and needs no document.
    pub fn is_publication(&self) -> bool {
        matches!(self, Kind::Missing(_) | Kind::Late(_)) || self.is_afterwards()
    }

    /// Whether the rule speaks of what became of a report that was published.
    pub fn is_afterwards(&self) -> bool {
        matches!(self, Kind::Gone(_) | Kind::Edited(_) | Kind::BackDated(_) | Kind::CopiesDiffer(_) | Kind::WrongColumn(_))
    }
}
