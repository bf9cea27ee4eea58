//! Parameters of the kinds that look at what a report says in words.

use super::Pattern;
use serde::Deserialize;
use toml::Spanned;

/// One thing a text must speak of, and how it is told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topical {
    /// Stable for ever.
    pub id: String,
    pub label: String,
    pub label_en: String,
    /// Regular expressions over a folded heading, or over the words that open a paragraph.
    #[serde(default)]
    pub heads: Vec<Pattern>,
    /// Regular expressions over the folded text that say it plainly.
    pub plain: Vec<Pattern>,
    /// Regular expressions over the folded text that may mean it: then nobody can say that it is missing.
    #[serde(default)]
    pub perhaps: Vec<Pattern>,
}

/// Parameters of `mentions`: things a text must speak of, told as one finding.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mentions {
    /// Kinds of agency it is asked of; all where nothing is said.
    #[serde(default)]
    pub agencies: Vec<Spanned<String>>,
    /// A section beside whose absence nothing is asked: that is told by its own rule.
    pub beside: Spanned<String>,
    /// First report year for which it is asked.
    #[serde(default)]
    pub from: Option<i32>,
    pub wanted: Vec<Topical>,
    /// Whether the absence of all of them is an error.
    #[serde(default)]
    pub all_is_error: bool,
    /// So many headings that tell one of the things make the text one that is divided by them.
    #[serde(default)]
    pub divided_by: Option<u32>,
}

/// Parameters of `thin`: a section that is short, or lacks one of the things it is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thin {
    pub section: Spanned<String>,
    /// Fewer characters than this are too few.
    pub shortest: u32,
    pub wanted: Vec<Topical>,
}

/// Parameters of `denied`: a figure above zero beside a text that says there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denied {
    pub figure: Spanned<String>,
    /// Regular expressions over a folded sentence that say so.
    pub denied: Vec<Pattern>,
    /// The same that say the contrary: beside one of them a denial is of something else.
    #[serde(default)]
    pub affirmed: Vec<Pattern>,
    /// Sentences that match one of these are lawful.
    #[serde(default)]
    pub lawful: Vec<Pattern>,
}

/// Parameters of `period`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Regular expressions over a folded sentence with the groups `from`, `to` and, where they print them again, `years`.
    pub stated: Vec<Pattern>,
    /// Words that announce a period in whatever form.
    pub announced: Vec<Pattern>,
    /// Regular expressions for any span of days: one that is announced and is not the whole year is a wrong period.
    #[serde(default)]
    pub spans: Vec<Pattern>,
}

/// Parameters of `wording`: words that have no place in the text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// First word of the finding's place.
    pub place: String,
    /// Regular expressions over a folded sentence.
    pub words: Vec<Pattern>,
    /// Words that count beside one of those, except at a government, which may mean its own departments.
    #[serde(default)]
    pub beside: Vec<Pattern>,
    /// Sentences that match one of these are lawful.
    #[serde(default)]
    pub lawful: Vec<Pattern>,
    /// Fewer of them than this prove nothing.
    pub least: u32,
    #[serde(default)]
    pub agencies: Vec<Spanned<String>>,
    /// Whether agencies whose level is that of a city or above speak so lawfully.
    #[serde(default)]
    pub below_city: bool,
}

/// Parameters of `without_figures`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithoutFigures {
    pub section: Spanned<String>,
    /// Regular expressions over folded text that are a figure.
    pub figure: Vec<Pattern>,
}

/// Parameters of `length`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    pub section: Spanned<String>,
    /// Characters.
    pub longest: u32,
}

/// Parameters of `wrong_year`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongYear {
    pub sections: Vec<Spanned<String>>,
    /// Regular expressions over a folded sentence, group `year`: the year is the report's own.
    pub own: Vec<Pattern>,
    /// A sentence that matches one of these speaks of other years lawfully.
    pub lawful: Vec<Pattern>,
    /// A regular expression for a mention of a year, group `year`, in text without titles and numbers of documents.
    pub mention: Pattern,
    /// More stray mentions than this, of one year, are left over.
    pub most: u32,
}

/// Parameters of `wrong_self`: what an agency calls itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongSelf {
    pub called: Vec<Called>,
    /// Sentences that quote others.
    #[serde(default)]
    pub lawful: Vec<Pattern>,
    /// A regular expression over folded text, group `name`: the report names itself as another agency's.
    pub entitled: Vec<Pattern>,
    /// The same for sentences anywhere: another agency of the same kind tells what it did that year.
    #[serde(default)]
    pub told: Vec<Pattern>,
}

/// An ending of a name, and the words that do not fit it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// Endings of the agency's name, 人民政府 left out.
    pub ends: Vec<String>,
    /// Only where the agency is a city's or higher, and its name names no place below one.
    #[serde(default)]
    pub above_county: bool,
    /// Regular expressions over folded text.
    pub wrong: Vec<Pattern>,
}

/// Parameters of `signed`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Days after publication.
    pub days: u32,
}

/// Parameters of `office_posted`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficePosted {
    /// Words of a title that name an office.
    pub title: Pattern,
    /// What an office calls itself, and what a government does: regular expressions over folded text.
    pub office: Pattern,
    pub government: Pattern,
    /// Fewer of the former prove nothing.
    pub least: u32,
}

/// Parameters of `private`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateOf {
    /// `id-number`, `mobile`, `bank-card` or `applicant-name`.
    pub what: crate::model::PrivateKind,
}

/// Parameters of `rollup_sum`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollupSum {
    /// Tables whose counts are rolled up, without the ids that are not.
    pub tables: Vec<Spanned<String>>,
    /// Beginnings of ids that are counted once, at the government, or whose sum says nothing.
    pub except: Vec<String>,
    /// Members named in the message.
    pub named: u32,
}
