//! The cases of a rule file: a few readings or sentences in, one outcome out.
//!
//! A case begins as a complete, clean report of its standard (every section found, every figure 0)
//! and says only what differs. How a case becomes a report is told in `check::cases`.

use super::Standard;
use crate::model::Severity;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// One `[[case]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    #[serde(default = "nameless")]
    pub name: Spanned<String>,
    /// Id of the standard; `pre2019` and `unknown` are reports without figures.
    #[serde(default = "newest")]
    pub standard: String,
    /// The report's year; the standard's first year where nothing is said, 0 for none.
    pub year: Option<i32>,
    pub agency_kind: Option<String>,
    /// `province`, `city`, `county` or `township`, as a roster says it.
    pub level: Option<String>,
    /// The agency's name as printed, and the title.
    pub agency: Option<String>,
    pub title: Option<String>,
    /// `YYYY-MM-DD`, under the signature.
    pub signed: Option<String>,
    /// `YYYY-MM-DD`; the day after the last deadline where nothing is said.
    pub now: Option<String>,
    /// `read`, `not_a_report` or `unreadable`.
    #[serde(default)]
    pub outcome: Option<String>,
    #[serde(default)]
    pub image_only: bool,
    #[serde(default)]
    pub attachment_only: bool,
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Codes of problems.
    #[serde(default)]
    pub problems: Vec<String>,
    #[serde(default)]
    pub preamble: Vec<String>,
    /// `YYYY-MM-DD`, as the page shows it.
    pub published: Option<String>,
    /// Rows of `applications`: seven words from left to right. `_` is blank, `/` a dash, `?`
    /// illegible, `x` absent.
    #[serde(default)]
    pub applications: BTreeMap<String, String>,
    /// Groups of `review_litigation`: five words.
    #[serde(default)]
    pub review_litigation: BTreeMap<String, String>,
    /// Single figures, by id.
    #[serde(default)]
    pub figures: BTreeMap<String, String>,
    /// What every figure reads that is not given; `0` where nothing is said.
    pub rest: Option<String>,
    #[serde(default)]
    pub sections: Vec<CaseSection>,
    #[serde(default)]
    pub tables: Vec<CaseTable>,
    #[serde(default)]
    pub claims: Vec<CaseClaim>,
    #[serde(default)]
    pub breakdowns: Vec<CaseBreakdown>,
    #[serde(default)]
    pub percentages: Vec<CasePercentage>,
    /// What the text states twice in the same words.
    #[serde(default)]
    pub restated: Vec<CaseRestated>,
    pub publication: Option<CasePublication>,
    /// Personal data that were masked while the report was read.
    #[serde(default)]
    pub private: Vec<CasePrivate>,
    /// Reports of other agencies, said in the same way as the case itself.
    #[serde(default)]
    pub siblings: Option<Vec<Case>>,
    #[serde(default)]
    pub members: Option<Vec<Case>>,
    /// Whether the members are all that there are.
    #[serde(default)]
    pub members_complete: bool,
    /// What an office's overlay says of the rule, for rules that are off until it does.
    pub severity: Option<Severity>,
    #[serde(default)]
    pub limits: BTreeMap<String, u32>,
    /// Last year's report, said in the same way; it needs no name and expects nothing.
    pub previous: Option<Box<Case>>,
    #[serde(default)]
    pub expect: Expected,
}

fn nameless() -> Spanned<String> {
    Spanned::new(0..0, String::new())
}

fn newest() -> String {
    "v2021".to_owned()
}

fn yes() -> bool {
    true
}

/// A section that differs from the clean report's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSection {
    pub id: String,
    #[serde(default = "yes")]
    pub found: bool,
    pub number: Option<u32>,
    pub position: Option<u32>,
    pub text: Option<String>,
}

/// A table that differs from the clean report's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseTable {
    pub id: String,
    #[serde(default = "yes")]
    pub found: bool,
    #[serde(default = "yes")]
    pub complete: bool,
    pub form: Option<String>,
    #[serde(default)]
    pub missing_rows: Vec<String>,
    #[serde(default)]
    pub missing_columns: Vec<String>,
    #[serde(default)]
    pub unknown_rows: Vec<String>,
    #[serde(default)]
    pub unknown_columns: Vec<String>,
}

/// A quantity the text states.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseClaim {
    pub subject: String,
    /// A count; a decimal is written as text.
    #[serde(default)]
    pub value: Option<Amount>,
    /// `+12%`, `-3`: the claim is of a change.
    #[serde(default)]
    pub change: Option<String>,
    /// This year's quantity, where the sentence of a change states it.
    #[serde(default)]
    pub now: Option<i64>,
    /// Whether it may speak of more or of less than the agency's own whole.
    #[serde(default)]
    pub unclear: bool,
    /// Whether it says that all of the whole are so.
    #[serde(default)]
    pub of_all: bool,
    #[serde(default)]
    pub approximate: bool,
    #[serde(default)]
    pub year: Option<i32>,
    #[serde(default)]
    pub sentence: String,
}

/// A number of a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    Count(i64),
    Decimal(String),
}

impl Amount {
    /// Its exact value; 0 for a text that is none, which the case then shows.
    pub fn value(&self) -> Decimal {
        match self {
            Amount::Count(count) => Decimal::from(*count),
            Amount::Decimal(text) => text.parse().unwrap_or_default(),
        }
    }
}

/// A whole and its parts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseBreakdown {
    pub whole: i64,
    pub parts: Vec<i64>,
    #[serde(default)]
    pub closed: bool,
    #[serde(default)]
    pub loose: bool,
    #[serde(default)]
    pub sentence: String,
}

/// A percentage and what it may be computed from; a set of shares where there are any.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasePercentage {
    pub stated: Option<Amount>,
    #[serde(default)]
    pub ratios: Vec<(i64, i64)>,
    #[serde(default)]
    pub growth: bool,
    #[serde(default)]
    pub shares: Vec<Amount>,
    #[serde(default)]
    pub sentence: String,
}

/// A quantity stated twice in the same words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRestated {
    pub words: String,
    pub first: i64,
    pub second: i64,
    pub sentence: String,
}

/// A masked datum.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasePrivate {
    pub kind: crate::model::PrivateKind,
    pub masked: String,
}

/// What is known of the publication; dates are `YYYY-MM-DD`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasePublication {
    pub due: String,
    #[serde(default = "yes")]
    pub seen: bool,
    pub dated: Option<String>,
    pub first_seen: Option<String>,
    #[serde(default)]
    pub absent_before_due: bool,
    #[serde(default)]
    pub looked_after_due: bool,
    /// The last complete look before the first sighting.
    pub last_absence: Option<String>,
    pub gone: Option<CaseGone>,
    pub edit: Option<CaseDifference>,
    pub copy: Option<CaseDifference>,
    pub column: Option<String>,
}

/// A report that cannot be opened any more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseGone {
    pub listed: bool,
    pub confirmed: bool,
    /// `gone`, `soft-404` or `empty`.
    pub result: String,
}

/// Two bodies that say different things.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDifference {
    #[serde(default)]
    pub confirmed: bool,
    #[serde(default)]
    pub text: bool,
    /// Id, before, after.
    #[serde(default)]
    pub figures: Vec<(String, String, String)>,
}

/// The one outcome of a case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub outcome: Word,
    /// How many findings; any number where nothing is said.
    pub count: Option<usize>,
    /// Place, suspect figure, values and severity of the first finding.
    pub place: Option<String>,
    pub figure: Option<String>,
    pub expected: Option<String>,
    pub actual: Option<String>,
    pub severity: Option<String>,
    /// Words that the Chinese message of the first finding contains.
    pub says: Option<String>,
}

/// An outcome's word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// A case that says nothing is refused at load.
    #[default]
    Nothing,
    Clean,
    Finding,
    Inconclusive,
    NotApplicable,
}

impl Case {
    /// Every figure id the case names, with the reading's text.
    pub fn readings(&self, standards: &[Standard]) -> Vec<(String, String)> {
        let columns: Vec<String> = standards
            .iter()
            .find_map(|standard| standard.table("applications"))
            .and_then(|table| table.blocks.first())
            .map(|block| block.columns.iter().map(|column| column.id.clone()).collect())
            .unwrap_or_default();
        let outcomes = ["upheld", "corrected", "other", "pending", "total"];
        let rows = self.applications.iter().flat_map(|(row, words)| {
            words
                .split_whitespace()
                .zip(&columns)
                .map(move |(word, column)| (format!("applications.{row}.{column}"), word.to_owned()))
        });
        let groups = self.review_litigation.iter().flat_map(|(group, words)| {
            words
                .split_whitespace()
                .zip(outcomes)
                .map(move |(word, outcome)| (format!("review_litigation.{group}.{outcome}"), word.to_owned()))
        });
        let single = self.figures.iter().map(|(id, word)| (id.clone(), word.clone()));
        rows.chain(groups).chain(single).collect()
    }
}
