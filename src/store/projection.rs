//! The projection: an event and what is known before it → what is known after it.
//!
//! Pure: no clock, no disk of its own. The same events give the same index on every engine, which is why the
//! index may be thrown away at any time. Anything that a query needs is put here, once, when it happens; what is
//! long stays in the journal, and its row says in which entry.

use super::StoreError;
use super::engine::{KeyValues, Puts};
use super::entries::EntryPlace;
use super::keys::{Table, decode, encode};
use super::snapshots::End;
use crate::model::{
    Date, Decision, Digest, Doubt, Event, Finding, FindingState, Look, Receipt, ReportEntry, Run, Severity, Sighting,
    SnapshotPlace, Time,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A person's step on a finding, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// `confirm`, `dismiss`, `notify`, `reply` or `reopen`.
    pub step: String,
    /// Who took it.
    pub by: String,
    pub note: String,
    /// Date by which the agency is to answer, with `notify`.
    pub due: Option<Date>,
    pub at: Time,
}

/// The program and the rules that began to judge last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedAs {
    pub version: String,
    /// Fingerprint of the rule set.
    pub rules: String,
    pub at: Time,
}

/// A run and the position of its first event.
#[derive(Serialize, Deserialize)]
pub(super) struct RunRow {
    pub(super) first: u64,
    pub(super) run: Run,
}

/// A report: the position at which it was first recorded, and the entry that says how it stands.
#[derive(Serialize, Deserialize)]
pub(super) struct ReportRow {
    pub(super) first: u64,
    pub(super) entry: EntryPlace,
}

/// A look at a portal.
#[derive(Serialize, Deserialize)]
pub(super) struct LookRow {
    pub(super) complete: bool,
    pub(super) entry: EntryPlace,
}

/// A digest, its channels and what was delivered.
#[derive(Serialize, Deserialize)]
pub(super) struct DigestRow {
    pub(super) first: u64,
    pub(super) entry: EntryPlace,
    pub(super) channels: Vec<String>,
    pub(super) receipts: Vec<Receipt>,
}

impl DigestRow {
    /// Channels that have no receipt, in their order.
    pub(super) fn pending(&self) -> Vec<String> {
        let delivered = |channel: &String| self.receipts.iter().any(|receipt| receipt.channel == *channel);
        self.channels.iter().filter(|channel| !delivered(channel)).cloned().collect()
    }
}

/// A finding: the entry with its last change, how people moved it since, and what is counted over all findings.
#[derive(Serialize, Deserialize)]
pub(super) struct FindingRow {
    pub(super) entry: EntryPlace,
    pub(super) severity: Severity,
    /// As it stands, after the moves.
    pub(super) state: FindingState,
    moves: Vec<Move>,
}

/// What a person's step made of a finding.
#[derive(Serialize, Deserialize)]
struct Move {
    to: FindingState,
    due: Option<Date>,
    at: Time,
}

impl FindingRow {
    /// The finding of the last change as it stands after the moves.
    pub(super) fn moved(&self, mut finding: Finding) -> Finding {
        for Move { to, due, at } in &self.moves {
            (finding.state, finding.changed) = (*to, *at);
            match to {
                FindingState::Notified => finding.due = *due,
                FindingState::Reopened => (finding.due, finding.resolved) = (None, None),
                _ => {}
            }
        }
        finding
    }
}

/// Totals over the kept bodies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bodies {
    pub(super) count: u64,
    segment: u32,
    offset: u64,
}

impl Bodies {
    /// How far the journal knows the snapshots.
    pub(super) fn end(self) -> End {
        End { segment: self.segment, offset: self.offset }
    }
}

/// Key of [`Bodies`] in the table of totals.
pub(super) const BODIES: &str = "bodies";
/// Key of [`StartedAs`] there.
pub(super) const STARTED: &str = "started";

/// What an engine holds, with puts laid over it that are not applied yet.
pub(super) struct Batch<'a> {
    engine: &'a dyn KeyValues,
    puts: Puts,
}

impl<'a> Batch<'a> {
    /// A batch without puts.
    pub(super) fn over(engine: &'a dyn KeyValues) -> Batch<'a> {
        Batch { engine, puts: Puts::new() }
    }

    /// All puts, to be applied in one step.
    pub(super) fn into_puts(self) -> Puts {
        self.puts
    }

    fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        let bytes = match self.puts.get(key) {
            Some(put) => put.clone(),
            None => self.engine.get(key)?,
        };
        bytes.map(|bytes| decode(&bytes)).transpose()
    }

    /// Puts a value.
    pub(super) fn put(&mut self, key: Vec<u8>, value: &impl Serialize) -> Result<(), StoreError> {
        let value = encode(value)?;
        self.puts.insert(key, Some(value));
        Ok(())
    }

    fn remove(&mut self, key: Vec<u8>) {
        self.puts.insert(key, None);
    }
}

/// An event, its position and where its entry lies.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) at: u64,
    pub(super) entry: EntryPlace,
    pub(super) event: &'a Event,
}

/// Puts what follows from an event.
pub(super) fn project(told: Told<'_>, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let Told { at, entry, event } = told;
    match event {
        Event::Run { run } => project_run(at, run, batch),
        Event::Fetched { url, page, .. } => batch.put(Table::Page.text(url), page),
        Event::Kept { place, sighting } => project_kept(at, place, sighting, batch),
        Event::SeenAgain { sha256, sighting } => batch.put(Table::Sighting.of_at(sha256, at), sighting),
        Event::Looked { look: Look { portal, complete, .. } } => {
            batch.put(Table::Look.of_at(portal, at), &LookRow { complete: *complete, entry })
        }
        Event::Reported { report } => project_report(at, entry, report, batch),
        Event::Finding { change } => project_change(at, entry, &change.finding, batch),
        Event::Composed { digest, channels } => project_composed(at, entry, digest, channels, batch),
        Event::Delivered { receipt } => project_delivered(receipt, batch),
        Event::Step { fingerprint, step, by, note, due, at: time } => {
            let taken = StepTaken { step: step.clone(), by: by.clone(), note: note.clone(), due: *due, at: *time };
            batch.put(Table::Step.of_at(fingerprint, at), &taken)?;
            project_step(fingerprint, &taken, batch)
        }
        Event::Doubted { doubt } => project_doubt(doubt, batch),
        Event::Decided { doubt, decision } => project_decision(doubt, decision, batch),
        Event::Started { version, rules, at: time } => {
            let started = StartedAs { version: version.clone(), rules: rules.clone(), at: *time };
            batch.put(Table::Meta.text(STARTED), &started)
        }
    }
}

fn project_run(at: u64, run: &Run, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let key = Table::Run.text(&run.id);
    let first = batch.get::<RunRow>(&key)?.map_or(at, |row| row.first);
    batch.put(key, &RunRow { first, run: run.clone() })?;
    if first == at {
        batch.put(Table::RunAt.at(at), &run.id)?;
        batch.put(Table::PortalRun.of_at(&run.portal, at), &run.id)?;
    }
    if run.state.ended() {
        batch.remove(Table::OpenRun.at(first));
        Ok(())
    } else {
        batch.put(Table::OpenRun.at(first), &run.id)
    }
}

fn project_kept(at: u64, place: &SnapshotPlace, sighting: &Sighting, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    batch.put(Table::Sighting.of_at(&place.sha256, at), sighting)?;
    let mut bodies = batch.get::<Bodies>(&Table::Meta.text(BODIES))?.unwrap_or_default();
    let end = (place.segment, place.offset.saturating_add(place.length));
    (bodies.segment, bodies.offset) = (bodies.segment, bodies.offset).max(end);
    // The first place of a body stands, should it ever have been written twice.
    if batch.get::<SnapshotPlace>(&Table::Place.text(&place.sha256))?.is_none() {
        bodies.count += 1;
        batch.put(Table::Place.text(&place.sha256), place)?;
        batch.put(Table::PlaceAt.at(at), &place.sha256)?;
    }
    batch.put(Table::Meta.text(BODIES), &bodies)
}

fn project_report(at: u64, entry: EntryPlace, report: &ReportEntry, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let key = Table::Report.text(&report.id);
    let first = batch.get::<ReportRow>(&key)?.map_or(at, |row| row.first);
    if first == at {
        batch.put(Table::ReportAt.at(at), &report.id)?;
    }
    batch.put(Table::PortalReport.of_text(&report.portal, &report.id), &report.id)?;
    batch.put(key, &ReportRow { first, entry })
}

fn project_change(at: u64, entry: EntryPlace, finding: &Finding, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let whose = format!("{}/{}", finding.agency, finding.year);
    batch.put(Table::FindingOf.text(&finding.fingerprint), &whose)?;
    batch.put(Table::Change.at(at), &entry)?;
    let row = FindingRow { entry, severity: finding.violation.severity, state: finding.state, moves: Vec::new() };
    batch.put(Table::Finding.of_text(&whose, &finding.fingerprint), &row)
}

/// A step moves the finding. A word we do not know, or a finding we do not know, moves nothing, but is kept.
fn project_step(fingerprint: &str, taken: &StepTaken, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let to = match taken.step.as_str() {
        "confirm" => FindingState::Confirmed,
        "dismiss" => FindingState::Dismissed,
        "notify" => FindingState::Notified,
        "reply" => FindingState::Replied,
        "reopen" => FindingState::Reopened,
        _ => return Ok(()),
    };
    let Some(whose) = batch.get::<String>(&Table::FindingOf.text(fingerprint))? else { return Ok(()) };
    let key = Table::Finding.of_text(&whose, fingerprint);
    let Some(mut row) = batch.get::<FindingRow>(&key)? else { return Ok(()) };
    row.state = to;
    row.moves.push(Move { to, due: taken.due, at: taken.at });
    batch.put(key, &row)
}

/// A page that is doubted again, for another reason or with another body: since when, and what was decided, stands.
fn project_doubt(doubt: &Doubt, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let key = Table::Doubt.text(&doubt.id);
    let row = match batch.get::<Doubt>(&key)? {
        Some(known) => Doubt { since: known.since, decision: known.decision, ..doubt.clone() },
        None => doubt.clone(),
    };
    batch.put(key, &row)
}

fn project_decision(id: &str, decision: &Decision, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let key = Table::Doubt.text(id);
    let Some(mut doubt) = batch.get::<Doubt>(&key)? else { return Ok(()) };
    doubt.decision = Some(decision.clone());
    batch.put(key, &doubt)
}

fn project_composed(
    at: u64,
    entry: EntryPlace,
    digest: &Digest,
    channels: &[String],
    batch: &mut Batch<'_>,
) -> Result<(), StoreError> {
    let key = Table::Digest.text(&digest.id);
    let known = batch.get::<DigestRow>(&key)?;
    let (first, receipts) = known.map_or((at, Vec::new()), |row| (row.first, row.receipts));
    if first == at {
        batch.put(Table::DigestAt.at(at), &digest.id)?;
        batch.put(Table::ReceiverDigest.of_at(&digest.receiver, at), &digest.id)?;
    }
    put_digest(&digest.id, &DigestRow { first, entry, channels: channels.to_vec(), receipts }, batch)
}

fn project_delivered(receipt: &Receipt, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let Some(mut row) = batch.get::<DigestRow>(&Table::Digest.text(&receipt.digest))? else { return Ok(()) };
    row.receipts.push(receipt.clone());
    put_digest(&receipt.digest, &row, batch)
}

/// Puts a digest, and whether it is in the outbox.
fn put_digest(id: &str, row: &DigestRow, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let outbox = Table::Outbox.at(row.first);
    if row.pending().is_empty() {
        batch.remove(outbox);
    } else {
        batch.put(outbox, &id)?;
    }
    batch.put(Table::Digest.text(id), row)
}
