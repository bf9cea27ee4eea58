//! How and when a report was published: the facts that deadlines are judged by.

use super::{Date, Sha256Hex, Time};
use serde::{Deserialize, Serialize};

/// Where a publication date was taken from; every message that rests on one says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSource {
    /// Given by a person (`--published`).
    Given,
    /// Shown on the page (发布日期、发布时间).
    Page,
    /// The `PubDate` meta tag.
    Meta,
    /// Shown beside the entry of the list.
    List,
    /// Our own first sighting.
    FirstSeen,
}

impl DateSource {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            DateSource::Given => "given",
            DateSource::Page => "page",
            DateSource::Meta => "meta",
            DateSource::List => "list",
            DateSource::FirstSeen => "first-seen",
        }
    }
}

/// What is known of one agency's publication for one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Last day on which it is in time.
    pub due: Date,
    /// Whether the roster set the date; else it is the statutory one (Regulation art. 49) or, for
    /// townships and sub-districts, the customary one.
    pub due_from_roster: bool,
    /// Whether a report was seen.
    pub seen: bool,
    /// The report's own date.
    pub dated: Option<(Date, DateSource)>,
    pub first_seen: Option<Time>,
    /// A complete look on or before the due date did not have it: then the first sighting counts.
    pub absent_before_due: bool,
    /// A complete look past the due date took place.
    pub looked_after_due: bool,
    /// A complete look that did not have it, the newest before the first sighting.
    pub last_absence: Option<Time>,
    /// The snapshot of the list page that shows the absence.
    pub absence_evidence: Option<Sha256Hex>,
    /// What became of it after it was published.
    pub after: Afterwards,
}

/// What became of a report after its publication. Nothing counts before a second look confirmed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Afterwards {
    /// Its page, or the document that the page consists of, is not there any more.
    pub gone: Option<Gone>,
    /// Its page says something else than before.
    pub edit: Option<Difference>,
    /// Another address of it, or its document, says something else.
    pub copy: Option<Difference>,
    /// Name of the column it stands in, where that is not the one of annual reports.
    pub column: Option<String>,
}

/// A report that cannot be opened any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Whether the lists still offer it.
    pub listed: bool,
    /// First of the looks in a row that did not get it.
    pub since: Time,
    /// Whether a later look, and for what is off the lists a complete one, found the same.
    pub confirmed: bool,
    /// The word of the fetch result: `gone`, `soft-404` or `empty`.
    pub result: String,
}

/// Two kept bodies of one report that say different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The body known before, and the one that differs from it.
    pub before: Sha256Hex,
    pub after: Sha256Hex,
    /// The address of the other copy; nothing where it is the same address at two times.
    pub url: Option<String>,
    /// When it was seen first, and when a later look found the same.
    pub since: Time,
    pub confirmed: Option<Time>,
    /// Whether sentences differ.
    pub text: bool,
    /// Figures that differ: id, and what was printed before and after. At most twenty.
    pub figures: Vec<(String, String, String)>,
}
