//! Digests: what changed since the last one, and the reason to say so now.
//!
//! An office reads a digest in a minute or stops reading it. So there is none while nothing changed, except
//! a sign of life now and then (silence of a watcher that is dead looks the same as good news); a finding is
//! told once, as it stands now, however often it changed in between; and what opened and went away again
//! between two digests is not told at all. Pure: `now` comes in, a digest or nothing goes out.

use crate::model::{
    Attention, ChangeKind, Countdown, Coverage, Date, Digest, Finding, FindingState, LedgerChange, NewReport, Occasion,
    Rectification, Severity, Time,
};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Dates set for a rectification are shown from this many days before they pass.
const RECTIFICATION_IN_SIGHT_DAYS: i64 = 14;
/// Hex digits of a digest's id: enough to be unique for ever, short enough for a file name.
const ID_DIGITS: usize = 20;

/// All that a digest is made of.
#[derive(Debug, Clone)]
pub struct DigestInput<'a> {
    /// Id of the receiver.
    pub receiver: &'a str,
    /// Name of the office or area, for headings and the subject line.
    pub title: &'a str,
    pub now: Time,
    /// The zone in which days are counted and times shown.
    pub timezone: Tz,
    pub coverage: Coverage,
    /// The next due date not yet passed, and how many agencies still have to publish by it.
    pub next_due: Option<(Date, u64)>,
    /// Names of agencies that have not published though due, and of those that published late.
    pub missing: Vec<String>,
    pub late: Vec<String>,
    /// Reports first seen since the last digest.
    pub new_reports: Vec<NewReport>,
    /// Changes since the last digest, in the order of the journal.
    pub changes: Vec<LedgerChange>,
    /// Every finding that stands (others are passed over).
    pub findings: &'a [Finding],
    pub attention: Vec<Attention>,
    /// Journal position all this was taken at, and the root of the tree there (hex, or empty).
    pub journal: u64,
    pub journal_root: String,
    /// The digest this receiver was last sent.
    pub last: Option<&'a Digest>,
    /// After this long without a digest, a sign of life is due.
    pub alive_after: Duration,
    /// Whether a person asked for it.
    pub demanded: bool,
}

/// The digest to send now, with its reason; `None` while there is nothing to say.
pub fn compose(input: DigestInput<'_>) -> Option<Digest> {
    let changes = net_changes(&input.changes);
    let today = input.now.with_timezone(&input.timezone).date_naive();
    let rectification = rectification(input.findings, today);
    let occasion = occasion(&input, &changes, &rectification)?;
    let countdown = input.next_due.map(|(due, agencies)| Countdown { due, days: (due - today).num_days(), agencies });
    let previous = input.last.map(|last| &last.coverage).filter(|coverage| coverage.year == input.coverage.year).cloned();
    Some(Digest {
        id: id(input.receiver, input.journal, input.now),
        receiver: input.receiver.to_owned(),
        occasion,
        composed: input.now,
        title: input.title.to_owned(),
        coverage: input.coverage,
        missing: input.missing,
        late: input.late,
        new_reports: input.new_reports,
        changes,
        standing: by_severity(input.findings),
        states: by_state(input.findings),
        attention: input.attention,
        previous,
        countdown: countdown.filter(|countdown| countdown.days >= 0 && countdown.agencies > 0),
        rectification,
        timezone: input.timezone.name().to_owned(),
        journal_root: input.journal_root,
        journal: input.journal,
    })
}

/// Why a digest is due now, the strongest reason first.
fn occasion(input: &DigestInput<'_>, changes: &[LedgerChange], rectification: &[Rectification]) -> Option<Occasion> {
    if input.demanded {
        return Some(Occasion::Demand);
    }
    let Some(last) = input.last else { return Some(Occasion::First) };
    let news = !changes.is_empty()
        || !input.new_reports.is_empty()
        || has_new(&input.missing, &last.missing)
        || has_new(&input.late, &last.late)
        || newly_in_need(&input.attention, &last.attention)
        || newly_overdue(rectification, last);
    if news {
        return Some(Occasion::Changes);
    }
    // A clock set back makes the difference negative: then no sign of life is due yet.
    let silent = (input.now - last.composed).to_std().unwrap_or_default();
    (silent >= input.alive_after).then_some(Occasion::Alive)
}

/// Whether a name stands in the list that did not stand there last time.
fn has_new(names: &[String], before: &[String]) -> bool {
    let before: HashSet<&String> = before.iter().collect();
    names.iter().any(|name| !before.contains(name))
}

/// Whether a place needs a person that did not, or for another reason. The sentence is not compared: it may
/// carry counts that change with every visit.
fn newly_in_need(attention: &[Attention], before: &[Attention]) -> bool {
    let key = |attention: &Attention| (attention.subject.clone(), attention.problem.code.clone());
    let before: HashSet<_> = before.iter().map(key).collect();
    attention.iter().any(|entry| !before.contains(&key(entry)))
}

/// Whether a date passed that the last digest did not show as passed.
fn newly_overdue(rectification: &[Rectification], last: &Digest) -> bool {
    let told: HashSet<&str> =
        last.rectification.iter().filter(|item| item.days < 0).map(|item| item.fingerprint.as_str()).collect();
    rectification.iter().any(|item| item.days < 0 && !told.contains(item.fingerprint.as_str()))
}

/// What the changes of each finding come to since the last digest: the newest state, or nothing where it is
/// as it was. Worst first, then by agency, year, rule and place.
fn net_changes(changes: &[LedgerChange]) -> Vec<LedgerChange> {
    let mut spans: HashMap<&str, (&LedgerChange, &LedgerChange)> = HashMap::new();
    for change in changes {
        spans.entry(&change.finding.fingerprint).and_modify(|(_, last)| *last = change).or_insert((change, change));
    }
    let mut net: Vec<LedgerChange> = spans.into_values().filter_map(|(first, last)| net_change(first, last)).collect();
    net.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
    net
}

/// The sort key of findings in a digest.
fn order(finding: &Finding) -> (std::cmp::Reverse<Severity>, &str, i32, &str, &str, &str) {
    let reversed = std::cmp::Reverse(finding.violation.severity);
    (reversed, &finding.agency_name, finding.year, &finding.rule, &finding.violation.place, &finding.fingerprint)
}

/// What the first and the last change of one finding come to.
fn net_change(first: &LedgerChange, last: &LedgerChange) -> Option<LedgerChange> {
    let stood = !matches!(first.kind, ChangeKind::Opened | ChangeKind::Reopened);
    let stands = last.finding.state.stands();
    let kind = match (stood, stands) {
        (false, false) => return None,
        (false, true) => first.kind,
        (true, false) => last.kind,
        // It went away and came back with the same number: as far as the reader knows, nothing happened.
        (true, true) if !first.finding.state.stands() && first.finding.violation == last.finding.violation => return None,
        (true, true) => ChangeKind::Changed,
    };
    Some(LedgerChange { kind, finding: last.finding.clone() })
}

/// Findings that an agency is to mend by a date that is near or has passed, the earliest first. One that it answered
/// waits for the office, not for the agency.
fn rectification(findings: &[Finding], today: Date) -> Vec<Rectification> {
    let mut items: Vec<Rectification> = findings
        .iter()
        .filter(|finding| matches!(finding.state, FindingState::Notified | FindingState::Overdue))
        .filter_map(|finding| {
            let due = finding.due?;
            let days = (due - today).num_days();
            (days <= RECTIFICATION_IN_SIGHT_DAYS).then(|| Rectification {
                fingerprint: finding.fingerprint.clone(),
                agency_name: finding.agency_name.clone(),
                year: finding.year,
                rule: finding.rule.clone(),
                message: finding.violation.message.clone(),
                state: finding.state,
                due,
                days,
            })
        })
        .collect();
    items.sort_by(|a, b| (a.due, &a.agency_name, &a.fingerprint).cmp(&(b.due, &b.agency_name, &b.fingerprint)));
    items
}

/// How many findings stand, by severity, the worst first; severities without any are listed with 0.
fn by_severity(findings: &[Finding]) -> Vec<(Severity, u64)> {
    let count = |severity| findings.iter().filter(|f| f.state.stands() && f.violation.severity == severity).count() as u64;
    Severity::ALL.into_iter().map(|severity| (severity, count(severity))).collect()
}

/// How many findings stand, by state, in the order in which states first occur in the life of a finding.
fn by_state(findings: &[Finding]) -> Vec<(FindingState, u64)> {
    const STANDING: [FindingState; 6] = [
        FindingState::Open,
        FindingState::Confirmed,
        FindingState::Notified,
        FindingState::Replied,
        FindingState::Overdue,
        FindingState::Reopened,
    ];
    let count = |state| findings.iter().filter(|finding| finding.state == state).count() as u64;
    STANDING.into_iter().map(|state| (state, count(state))).filter(|(_, n)| *n > 0).collect()
}

/// The same receiver, journal position and time give the same id, so that a repeat is told from a new digest.
fn id(receiver: &str, journal: u64, composed: Time) -> String {
    let mut hash = Sha256::new();
    hash.update(receiver.as_bytes());
    hash.update([0]);
    hash.update(journal.to_be_bytes());
    hash.update(composed.timestamp_micros().to_be_bytes());
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    hex[..ID_DIGITS].to_owned()
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
