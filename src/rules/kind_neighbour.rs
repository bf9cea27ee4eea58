//! Parameters of the kinds that hold figures against each other and against last year's report.

use super::Formula;
use serde::Deserialize;
use toml::Spanned;

/// Parameters of `relation`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relations {
    /// First part of every instance's place. Stable for ever.
    pub place: String,
    /// Figures by their whole ids; `*` stands for each word of `over`, `last.` before an id for last year's report.
    #[serde(default)]
    pub over: Vec<String>,
    pub ask: Vec<Ask>,
    /// Words of `over` at which a broken formula is no more than a warning.
    #[serde(default)]
    pub warn_at: Vec<String>,
    /// Whether several broken instances are one fault: told once, at the first.
    #[serde(default)]
    pub once: bool,
    /// Agencies it is asked of: `below-city` are those whose level is below a city with districts.
    #[serde(default)]
    pub only: Option<Rank>,
}

/// A formula, and the relations that must all hold for it to be asked at all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    pub when: Vec<Spanned<String>>,
    pub formula: Spanned<String>,
    #[serde(skip)]
    pub parsed: Formula,
    #[serde(skip)]
    pub conditions: Vec<Formula>,
}

impl Ask {
    /// Whether it says nothing without last year's report.
    pub fn needs_last(&self) -> bool {
        self.parsed.terms().any(|term| term.name.starts_with("last."))
    }
}

/// A rank of agencies, told by roster or name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    BelowCity,
}

/// Parameters of `jump`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    pub place: String,
    /// Figures by id.
    pub figures: Vec<Spanned<String>>,
    /// At least so many times last year's figure, or at most that part of it.
    pub times: u32,
    /// And by at least so much.
    pub by: u32,
    /// At or above this, last year or not, at agencies below a city; in the unit of the form.
    #[serde(default)]
    pub ceiling: Option<u32>,
}

/// Parameters of `same_figures`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameFigures {
    /// Last parts of ids of figures that lawfully stay as they are: stocks, not flows.
    pub stocks: Vec<String>,
    /// Fewer figures above zero than this, totals and stocks not counted, are alike by chance.
    pub least: u32,
}

/// Parameters of `same_text`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameText {
    pub sections: Vec<Spanned<String>>,
    /// Percent of the text that is alike.
    pub alike: u32,
    /// Shorter texts, in characters without boilerplate, are not compared.
    pub shortest: u32,
    /// Regular expressions over a folded sentence that lawfully stands in every report.
    pub boilerplate: Vec<super::Pattern>,
}

/// Parameters of `growth`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    pub subject: Vec<GrowthSubject>,
    /// A regular expression over what follows the quantity in the folded sentence, with the group
    /// `said`, in it `more` or `less`, and `percent` or `number`.
    pub claimed: super::Pattern,
}

/// A subject and the sums over figures of last year's report that it may be compared with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthSubject {
    pub id: Spanned<String>,
    pub lawful: Vec<Spanned<String>>,
    #[serde(skip)]
    pub parsed: Vec<super::Sum>,
}

/// Parameters of `unit_missing`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitMissing {
    pub figure: Spanned<String>,
}
