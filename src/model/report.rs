//! A report as read: sections, figures with what their cells said, and claims of the text.

use super::{AgencyKind, Date, DateSource, Place, Problem, Year};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What a cell said. A blank is never 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "value")]
pub enum Reading {
    /// An exact number, integer or decimal as printed.
    Number(Decimal),
    Blank,
    /// `/`, `-`, `—`.
    Dash,
    /// 不适用, 无.
    NotApplicable,
    Text,
    /// Something is there and cannot be made out.
    Illegible,
    /// The cell is not there.
    Absent,
}

impl Reading {
    /// The number, where there is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Reading::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The word of the contract.
    pub fn word(&self) -> &'static str {
        match self {
            Reading::Number(_) => "number",
            Reading::Blank => "blank",
            Reading::Dash => "dash",
            Reading::NotApplicable => "not_applicable",
            Reading::Text => "text",
            Reading::Illegible => "illegible",
            Reading::Absent => "absent",
        }
    }
}

/// A named place of the form and what it said, with evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Id of the contract, e.g. `applications.received.natural_person`.
    pub id: String,
    pub reading: Reading,
    /// The cell's text as printed; empty where absent.
    pub raw: String,
    pub unit: Option<String>,
    pub at: Option<Place>,
}

/// How far a statutory table was found and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRead {
    /// `proactive`, `applications` or `review_litigation`.
    pub id: String,
    pub found: bool,
    /// Standard whose form this table has.
    pub form: Option<String>,
    /// False where the grid was incomplete or torn: rules over it are inconclusive.
    pub complete: bool,
    /// Ids of rows and columns of the form that are not there.
    pub missing_rows: Vec<String>,
    pub missing_columns: Vec<String>,
    /// Labels of rows and columns that the form does not have.
    pub unknown_rows: Vec<(String, Place)>,
    pub unknown_columns: Vec<(String, Place)>,
    /// The labels of the form's rows as printed, by the row's id; only of rows that stand in a grid.
    #[serde(default)]
    pub labels: Vec<(String, String)>,
    pub at: Option<Place>,
}

/// One of the six statutory sections, found or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// `overview`, `proactive`, `applications`, `review_litigation`, `problems`, `other`.
    pub id: String,
    pub found: bool,
    pub heading: Option<String>,
    /// The printed number (1 for 一、), where there is one.
    pub number: Option<u32>,
    /// Position among the headings as printed, from 0; tells whether the order is kept.
    pub position: Option<u32>,
    /// The section's paragraphs, without its tables.
    pub paragraphs: Vec<String>,
    /// Whether a table stands in it.
    pub has_table: bool,
    /// Whether a picture does, which may be its table.
    #[serde(default)]
    pub has_picture: bool,
}

/// One of the parts that the form names inside a section, found or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Section and part: `overview.on_request`.
    pub id: String,
    /// Whether a heading names it, or its words stand in the text.
    pub found: bool,
    /// The heading as printed; of a paragraph that opens with one, what it opens with.
    pub heading: Option<String>,
}

/// How exactly the text states a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Exact,
    /// 余, 多, 近, 约, 超: never tested for equality.
    Approximate,
}

/// A quantity the narrative states, of a subject of the standard's closed list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Subject id, e.g. `applications.received`.
    pub subject: String,
    pub value: Decimal,
    pub precision: Precision,
    /// 件, 条, …
    pub unit: Option<String>,
    pub section: String,
    /// Ordinal of the sentence among those of the section that state this subject, from 1.
    pub ordinal: u32,
    pub sentence: String,
    /// The year it speaks of, where it is not the report's.
    pub year: Option<Year>,
    /// Index of the paragraph of its section; sentences of one paragraph speak of one body.
    #[serde(default)]
    pub paragraph: u32,
    /// Whether it certainly speaks of the agency's own whole, the one the tables count.
    #[serde(default)]
    pub scope: Scope,
    /// Set where `value` is not a quantity but how much it changed (`收到36件，同比增长12%`: a claim of 36, and one of 12).
    #[serde(default)]
    pub change: Option<Change>,
    /// Set where the text says 均, 全部 or the like: `value` is that of the whole stated before it.
    #[serde(default)]
    pub of_all: bool,
}

/// Whose quantity a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The agency's own whole, for the whole year.
    #[default]
    Agency,
    /// It may be wider (全市, 各单位) or narrower (本级, 代表政府) than what the tables count: never compared strictly.
    Unclear,
}

/// Which way a quantity changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    More,
    Less,
}

/// How a claim's value compares a quantity with another year's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub direction: Direction,
    /// Whether the claim's value is in percent, at the decimals printed; otherwise it counts things.
    pub percent: bool,
    /// The year compared with; `None` is the year before the report's.
    pub against: Option<Year>,
    /// This year's quantity, where the same sentence states it exactly.
    pub now: Option<Decimal>,
}

/// A whole and its parts as one sentence lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    pub section: String,
    /// Ordinal of the breakdown in the section, from 1.
    pub ordinal: u32,
    pub sentence: String,
    pub whole: Decimal,
    pub parts: Vec<(String, Decimal)>,
    pub unit: Option<String>,
    /// Whether the list claims to be exhaustive (分别为, 包括, an 其他 at its end).
    pub closed: bool,
    /// Whether any number in it is approximate, or the list ends with 等.
    pub loose: bool,
}

/// A percentage that its sentence lets anyone compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Percentage {
    pub section: String,
    /// Ordinal of the percentage in the section, from 1.
    pub ordinal: u32,
    pub sentence: String,
    pub kind: PercentageKind,
    /// As printed: its decimals tell how exactly it is meant.
    pub stated: Decimal,
    /// What it may be computed from, as (part, whole), a whole of 0 where the text does not state
    /// one; the likeliest last. Never empty.
    pub ratios: Vec<(Decimal, Decimal)>,
}

impl Percentage {
    /// A ratio in percent, at so many decimals; `None` where it cannot be computed.
    pub fn of(part: Decimal, whole: Decimal, decimals: u32) -> Option<Decimal> {
        let exact = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
        Some(exact.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero))
    }

    /// Whether a ratio is what was stated, to one unit of the last printed decimal; what cannot be computed is.
    pub fn gives(part: Decimal, whole: Decimal, stated: Decimal) -> bool {
        let unit = Decimal::new(1, stated.scale());
        Percentage::of(part, whole, stated.scale()).is_none_or(|percent| (percent - stated).abs() <= unit)
    }
}

/// What the text states twice in the same words with two numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restated {
    /// The section of the second, and its ordinal in it, from 1.
    pub section: String,
    pub ordinal: u32,
    /// The words before both numbers.
    pub words: String,
    pub unit: Option<String>,
    pub first: Decimal,
    pub second: Decimal,
    /// Where each is stated.
    pub sentences: [String; 2],
}

/// What a percentage is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PercentageKind {
    /// 占40%
    Share,
    /// 增长40%
    Growth,
    /// Shares of one whole that leave nothing out; the ratio is their sum.
    Sum { shares: Vec<Decimal> },
}

/// An agency's account of one year, as read from one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// `v2019`, `v2021`, `pre2019`, `unknown`.
    pub standard: String,
    pub title: String,
    /// Name as printed, the title's completed by the signature's; empty where none was found.
    pub agency: String,
    pub agency_kind: Option<AgencyKind>,
    pub year: Option<Year>,
    pub signed: Option<Date>,
    pub published: Option<Date>,
    /// Where `published` was taken from.
    #[serde(default)]
    pub published_source: Option<DateSource>,
    pub document_number: Option<String>,
    pub preamble: Vec<String>,
    pub sections: Vec<Section>,
    /// The parts of section one, in the order of the form; none for `pre2019` and `unknown`.
    #[serde(default)]
    pub parts: Vec<Part>,
    pub tables: Vec<TableRead>,
    /// Every id of the standard in the order of the form, then those of another form's table.
    pub figures: Vec<Figure>,
    pub claims: Vec<Claim>,
    pub breakdowns: Vec<Breakdown>,
    #[serde(default)]
    pub percentages: Vec<Percentage>,
    #[serde(default)]
    pub restated: Vec<Restated>,
    /// True for a page that only links to the report's document.
    pub attachment_only: bool,
    /// True where its text was recognised from pictures: every figure is a guess, and no finding rests on one.
    #[serde(default)]
    pub recognised: bool,
}

impl Report {
    /// The figure with this id.
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.id == id)
    }

    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The table with this id.
    pub fn table(&self, id: &str) -> Option<&TableRead> {
        self.tables.iter().find(|table| table.id == id)
    }
}

/// What reading a document came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadOutcome {
    Read,
    NotAReport,
    /// Pictures of text, scanned pages, a script shell, a format we cannot open.
    Unreadable,
}

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrivateKind {
    IdNumber,
    Mobile,
    BankCard,
    ApplicantName,
}

/// A personal datum that was found, and masked where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    pub kind: PrivateKind,
    /// As it may be shown: `138******00`.
    pub masked: String,
    /// The words around it, it masked.
    pub quote: String,
    pub at: Place,
}

/// The result of `read`: what stands there, and what we could not make out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadReport {
    pub outcome: ReadOutcome,
    pub media: String,
    pub report: Option<Report>,
    /// True for pictures of text or scanned pages (`publication/image-only`).
    pub image_only: bool,
    pub problems: Vec<Problem>,
    /// Personal data that stood in the document, masked: nothing else of the report holds them either.
    #[serde(default)]
    pub private: Vec<Private>,
    /// Links to documents (docx, pdf, …) on the page, as written.
    pub attachments: Vec<String>,
}
