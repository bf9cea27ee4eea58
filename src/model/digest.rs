//! Digests: what changed, for people, and why they are told now.

use super::{Date, FindingState, LedgerChange, Message, Problem, Severity, Time, Year};
use serde::{Deserialize, Serialize};

/// Why a digest is sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The first digest of a receiver.
    First,
    /// Something opened, changed or was resolved since the last one.
    Changes,
    /// Nothing changed, but a sign of life was due.
    Alive,
    /// A person asked for it.
    Demand,
}

impl Occasion {
    /// The word used in JSON and as the key of its name for people.
    pub fn word(self) -> &'static str {
        match self {
            Occasion::First => "first",
            Occasion::Changes => "changes",
            Occasion::Alive => "alive",
            Occasion::Demand => "demand",
        }
    }
}

/// How many agencies stand how, in one report year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub year: Year,
    /// Agencies in the roster.
    pub agencies: u64,
    /// (state word of the contract, how many), in the contract's order.
    pub states: Vec<(String, u64)>,
}

impl Coverage {
    /// How many agencies are in a state.
    pub fn count(&self, state: &str) -> u64 {
        self.states.iter().find(|(word, _)| word == state).map_or(0, |(_, n)| *n)
    }
}

/// A report first seen since the last digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReport {
    pub agency_name: String,
    pub year: Year,
    pub title: String,
    pub url: String,
    pub published: Option<super::Date>,
    pub first_seen: Time,
    pub standard: String,
}

/// A place that needs a person: a gate, a portal that is down, a page that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// Portal id or agency name.
    pub subject: String,
    pub problem: Problem,
}

/// The next due date that agencies still have before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countdown {
    pub due: Date,
    /// Days from the day of composing to the due date; 0 on the day itself.
    pub days: i64,
    /// Agencies that have not published and are due that day.
    pub agencies: u64,
}

/// A finding that a person has set a date for, shown while the date is near or has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectification {
    pub fingerprint: String,
    pub agency_name: String,
    pub year: Year,
    pub rule: String,
    pub message: Message,
    pub state: FindingState,
    pub due: Date,
    /// Days from the day of composing to the date; negative where it has passed.
    pub days: i64,
}

/// One message to one receiver. Its id is the idempotency key of every channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub id: String,
    pub receiver: String,
    pub occasion: Occasion,
    pub composed: Time,
    /// Name of the office's product instance or area, for the subject line.
    pub title: String,
    pub coverage: Coverage,
    /// Agencies (names) that have not published though due.
    pub missing: Vec<String>,
    pub late: Vec<String>,
    pub new_reports: Vec<NewReport>,
    pub changes: Vec<LedgerChange>,
    /// Findings that stand, by severity, the worst first.
    pub standing: Vec<(Severity, u64)>,
    /// Findings that stand, by state.
    pub states: Vec<(FindingState, u64)>,
    pub attention: Vec<Attention>,
    /// The last digest's coverage, where it was of the same year: what the numbers are compared with.
    #[serde(default)]
    pub previous: Option<Coverage>,
    #[serde(default)]
    pub countdown: Option<Countdown>,
    /// The earliest date first.
    #[serde(default)]
    pub rectification: Vec<Rectification>,
    /// IANA name of the zone its times are shown in; empty means Asia/Shanghai.
    #[serde(default)]
    pub timezone: String,
    /// Root of the journal's tree at `journal`, in hex; empty where it is not known. A root that went
    /// out by mail cannot be rewritten at home.
    #[serde(default)]
    pub journal_root: String,
    /// Journal position it was composed at, so that the next one knows where to begin.
    pub journal: u64,
}

/// What became of one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub digest: String,
    pub receiver: String,
    /// Index of the channel in the receiver's list, with its kind: `0:email`.
    pub channel: String,
    pub at: Time,
}
