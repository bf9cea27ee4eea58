//! Outcomes of rules, and findings as the ledger keeps them.

use super::{Place, Sha256Hex, Time, Year};
use serde::{Deserialize, Serialize};

/// How bad a finding is. The order is by weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warn,
    Error,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warn, Severity::Info];

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::Error => "error",
        }
    }
}

/// A message in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub zh: String,
    pub en: String,
}

impl Message {
    /// The text in the language asked for.
    pub fn text(&self, english: bool) -> &str {
        if english { &self.en } else { &self.zh }
    }
}

/// A quoted place that a person can verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub quote: String,
    pub at: Place,
}

/// What one application of a rule found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The instance: `flow/natural_person`, `overview/documents/1`; the fingerprint's place.
    pub place: String,
    pub severity: Severity,
    pub message: Message,
    /// Figure ids, the suspect first.
    pub figures: Vec<String>,
    pub expected: Option<String>,
    pub actual: Option<String>,
    pub evidence: Vec<Evidence>,
}

/// What a rule found, and why another of its instances stayed open beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub violations: Vec<Violation>,
    /// The rule is not decided everywhere: what it did not find may still be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Message>,
}

impl From<Vec<Violation>> for Found {
    fn from(violations: Vec<Violation>) -> Found {
        Found { violations, open: None }
    }
}

impl std::ops::Deref for Found {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.violations
    }
}

impl<'a> IntoIterator for &'a Found {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.violations.iter()
    }
}

/// The outcome of one rule over all its instances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Findings(Found),
    /// Why it could not be decided: the operand that was missing, the neighbour not known.
    Inconclusive(Message),
    Clean,
    NotApplicable,
}

impl Verdict {
    /// Why something stayed open: of the whole rule, or of an instance beside its findings.
    pub fn open(&self) -> Option<&Message> {
        match self {
            Verdict::Inconclusive(why) => Some(why),
            Verdict::Findings(found) => found.open.as_ref(),
            Verdict::Clean | Verdict::NotApplicable => None,
        }
    }
}

/// A rule and what it came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Rule id, `family/name`.
    pub rule: String,
    pub verdict: Verdict,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingState {
    Open,
    Confirmed,
    Dismissed,
    Notified,
    Replied,
    Overdue,
    Resolved,
    Reopened,
    Waived,
}

impl FindingState {
    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            FindingState::Open => "open",
            FindingState::Confirmed => "confirmed",
            FindingState::Dismissed => "dismissed",
            FindingState::Notified => "notified",
            FindingState::Replied => "replied",
            FindingState::Overdue => "overdue",
            FindingState::Resolved => "resolved",
            FindingState::Reopened => "reopened",
            FindingState::Waived => "waived",
        }
    }

    /// Whether it still stands against the agency.
    pub fn stands(self) -> bool {
        !matches!(self, FindingState::Dismissed | FindingState::Resolved | FindingState::Waived)
    }
}

/// A broken rule, as the ledger keeps it. The fingerprint is its id everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Hex; of agency, year, rule and place, never of wording, suspect cell or snapshot.
    pub fingerprint: String,
    pub rule: String,
    pub state: FindingState,
    /// The roster's id, else the normalised name, with `@` and the portal's id where two portals have one of that name.
    pub agency: String,
    pub agency_name: String,
    pub year: Year,
    /// Report id `agency/year`, where a report was read.
    pub report: Option<String>,
    /// The snapshot it was last seen in.
    pub snapshot: Option<Sha256Hex>,
    pub violation: Violation,
    pub basis: Message,
    pub advice: Message,
    /// Fingerprint of the rule set that judged.
    pub rules: String,
    pub opened: Time,
    pub changed: Time,
    pub resolved: Option<Time>,
    pub due: Option<super::Date>,
}

/// An accepted finding: who accepted it, why, until when (that day included; `None` is for good).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub fingerprint: String,
    pub reason: String,
    pub by: String,
    pub until: Option<super::Date>,
}

/// What a reconciliation did to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Opened,
    /// The same fault with another number.
    Changed,
    Reopened,
    Resolved,
    Waived,
}

impl ChangeKind {
    /// The word used in JSON and as the key of its name for people.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Opened => "opened",
            ChangeKind::Changed => "changed",
            ChangeKind::Reopened => "reopened",
            ChangeKind::Resolved => "resolved",
            ChangeKind::Waived => "waived",
        }
    }
}

/// One change of the ledger: journalled, then told in a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerChange {
    pub kind: ChangeKind,
    /// The finding as it stands after the change.
    pub finding: Finding,
}
