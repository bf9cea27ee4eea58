//! Runs: one visit to a portal, and what it came to.

use super::{Problem, Time};
use serde::{Deserialize, Serialize};

/// Why a run takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    Schedule,
    /// A visit that fell into a stop of the daemon.
    CatchUp,
    /// Asked for by a person, through the API or the command line.
    Demand,
}

impl Cause {
    /// The word used in metrics and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Cause::Schedule => "schedule",
            Cause::CatchUp => "catch-up",
            Cause::Demand => "demand",
        }
    }
}

/// What a run looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "id")]
pub enum Target {
    Portal(String),
    /// Roster id of an agency.
    Agency(String),
    Url(String),
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    Queued,
    Running,
    Complete,
    /// Something could not be looked at; `problems` says what. Never evidence of absence.
    Partial,
    Failed,
    Blocked,
}

impl RunState {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            RunState::Queued => "queued",
            RunState::Running => "running",
            RunState::Complete => "complete",
            RunState::Partial => "partial",
            RunState::Failed => "failed",
            RunState::Blocked => "blocked",
        }
    }

    /// Whether it has ended, one way or another.
    pub fn ended(self) -> bool {
        !matches!(self, RunState::Queued | RunState::Running)
    }
}

/// How many of what a run saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Reports that the lists offered.
    pub listed: u64,
    pub fetched: u64,
    pub unchanged: u64,
    /// Bodies kept for the first time.
    pub kept: u64,
    /// Reports read.
    pub read: u64,
    pub blocked: u64,
    pub failed: u64,
}

/// One visit to a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// `r` and the journal position at which it was asked for.
    pub id: String,
    pub cause: Cause,
    pub target: Target,
    /// The portal it visits.
    pub portal: String,
    pub state: RunState,
    pub queued: Time,
    pub started: Option<Time>,
    pub ended: Option<Time>,
    pub tally: Tally,
    pub problems: Vec<Problem>,
    /// How its hosts were treated, as its end found it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<Treatment>,
}

/// How a process treated one host name: every request to it counts, for whatever portal, robots.txt and redirects included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    pub host: String,
    /// When the process sent its first request, and its newest.
    pub since: Time,
    pub until: Time,
    pub requests: u64,
    /// Bytes of all bodies, unpacked.
    pub bytes: u64,
    /// The shortest time from the start of one request to the start of the next; none where there was but one.
    pub smallest_gap_ms: Option<u64>,
    /// The shortest delay that was in force: the configured one, or what robots.txt asks for.
    pub delay_ms: u64,
    pub robots: RobotsState,
}

/// What became of a host's robots.txt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RobotsState {
    /// Not asked for, since nothing was fetched that it is about.
    #[default]
    Unasked,
    Obeyed,
    /// Not there: everything is allowed (RFC 9309).
    Absent,
    /// Not to be had: nothing was fetched.
    Unreachable,
}
