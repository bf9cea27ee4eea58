//! Events: what happened, written down once, in order. The index is rebuilt from these alone.

use super::{
    Decision, Difference, Digest, Doubt, FetchResult, LedgerChange, PageState, Problem, Receipt, Run, Sha256Hex, Sighting,
    SnapshotPlace, Time, Year,
};
use serde::{Deserialize, Serialize};

/// A report known to the store: the object of `/api/v1/reports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// `agency/year`.
    pub id: String,
    /// The roster's id, else the normalised name, with `@` and the portal's id where two portals have one of that name.
    pub agency: String,
    pub agency_name: String,
    /// False where the agency is not in the roster: shown as unassigned.
    pub assigned: bool,
    pub year: Year,
    pub title: String,
    pub url: String,
    pub portal: String,
    pub standard: String,
    /// Own date of the report, with its source in `published_source`.
    pub published: Option<super::Date>,
    pub published_source: Option<String>,
    pub first_seen: Time,
    pub last_seen: Time,
    pub snapshot: Option<Sha256Hex>,
    pub figures: u64,
    /// Whether the outcome of reading was `read`, `unreadable`, …
    pub outcome: super::ReadOutcome,
    /// Rule set that last judged it.
    pub rules: String,
    /// Rules that were inconclusive, for coverage.
    pub inconclusive: Vec<String>,
    /// How far it was checked, and why no further; zero of zero where an older program wrote it down.
    #[serde(default)]
    pub extent: super::Extent,
    pub problems: Vec<Problem>,
    /// The document that the page consists of, where the page only links to it.
    #[serde(default)]
    pub attachment: Option<String>,
    /// How the page differs from what it said before.
    #[serde(default)]
    pub edit: Option<Difference>,
    /// How another address of the report, or its document, differs from it.
    #[serde(default)]
    pub copy: Option<Difference>,
    /// Name of the column it was listed in, where that is not the one of annual reports.
    #[serde(default)]
    pub column: Option<String>,
    /// What its text is looked up by among those of other agencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<String>,
}

/// One entry that a list page offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRef {
    pub url: String,
    pub title: String,
    /// Date shown beside it.
    pub date: Option<super::Date>,
    /// Year of the report by its title, where it is told.
    pub year: Option<Year>,
    /// Name of the agency by its title, where it is told.
    pub agency: Option<String>,
}

/// One complete or partial look at a portal's lists: evidence of presence and of absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub portal: String,
    pub run: String,
    pub at: Time,
    /// Only a complete look is evidence of absence.
    pub complete: bool,
    pub entries: Vec<ReportRef>,
    /// Snapshots of the list pages, in the order read.
    pub pages: Vec<Sha256Hex>,
}

/// An entry of the journal. New variants may be added; none is ever changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A run in any state: queued, running, or ended with its tally.
    Run {
        run: Run,
    },
    /// A request was answered (or not); `page` is what we know of the address afterwards.
    Fetched {
        run: String,
        url: String,
        at: Time,
        result: FetchResult,
        page: PageState,
    },
    /// A body was kept for the first time, with where it lies.
    Kept {
        place: SnapshotPlace,
        sighting: Sighting,
    },
    /// A body we have was seen again.
    SeenAgain {
        sha256: Sha256Hex,
        sighting: Sighting,
    },
    Looked {
        look: Look,
    },
    Reported {
        report: Box<ReportEntry>,
    },
    /// A change of the ledger.
    Finding {
        change: LedgerChange,
    },
    /// A digest was composed: the outbox is what is composed and has no receipt.
    Composed {
        digest: Digest,
        channels: Vec<String>,
    },
    Delivered {
        receipt: Receipt,
    },
    /// A person's step on a finding (confirm, dismiss, …).
    Step {
        fingerprint: String,
        step: String,
        by: String,
        note: String,
        due: Option<super::Date>,
        at: Time,
    },
    /// A page waits for a person.
    Doubted {
        doubt: Doubt,
    },
    /// A person's word on such a page; a later one stands above an earlier one.
    Decided {
        doubt: String,
        decision: Decision,
    },
    /// A new version of the program or of a rule set began to judge.
    Started {
        version: String,
        rules: String,
        at: Time,
    },
}
