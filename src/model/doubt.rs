//! Doubts (存疑): listed pages of which we cannot tell whether, whose or of which year a report they are. People
//! decide; until then such a page is neither a report nor none.

use super::{Sha256Hex, Time, Year};
use serde::{Deserialize, Serialize};

/// What cannot be told of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unclear {
    /// Whose report it is.
    Agency,
    /// Of which year it is.
    Year,
    /// Whether it is a report at all: neither its title tells, nor can it be read.
    Report,
}

impl Unclear {
    /// The word used in JSON and as the key of its name for people.
    pub fn word(self) -> &'static str {
        match self {
            Unclear::Agency => "agency",
            Unclear::Year => "year",
            Unclear::Report => "report",
        }
    }
}

/// A page that waits for a person, or was decided by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Made of the address, so that a page keeps it for good.
    pub id: String,
    pub url: String,
    pub title: String,
    pub portal: String,
    pub unclear: Unclear,
    /// Name as printed, and year, as far as they are told.
    pub agency: Option<String>,
    pub year: Option<Year>,
    pub snapshot: Option<Sha256Hex>,
    pub since: Time,
    /// What was decided last.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// What a person decided of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub placing: Placing,
    pub by: String,
    pub note: String,
    pub at: Time,
}

/// What the page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placing {
    /// The report of an agency, by the roster's id, of a year.
    Report { agency: String, year: Year },
    /// No report of anybody.
    None,
}
