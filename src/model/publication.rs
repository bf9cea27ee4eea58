//! How and when a report was published: the facts that deadlines are judged by.

use super::{Date, Time};
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
    pub absence_evidence: Option<super::Sha256Hex>,
}
