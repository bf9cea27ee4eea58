//! The projection: an event and what is known before it → what is known after it.
//!
//! Pure: no clock, no disk of its own. The same events give the same index on every engine, which is why the
//! index may be thrown away at any time. Anything that a query needs is put here, once, when it happens.

use super::StoreError;
use super::engine::{KeyValues, Puts};
use super::keys::{Table, decode, encode};
use super::snapshots::End;
use crate::model::{
    ChangeKind, Date, Decision, Digest, Doubt, Event, Finding, FindingState, LedgerChange, Receipt, ReportEntry, Run, Sighting,
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

/// A report and the position at which it was first recorded.
#[derive(Serialize, Deserialize)]
pub(super) struct ReportRow {
    pub(super) first: u64,
    pub(super) report: ReportEntry,
}

/// A digest, its channels and what was delivered.
#[derive(Serialize, Deserialize)]
pub(super) struct DigestRow {
    pub(super) first: u64,
    pub(super) digest: Digest,
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

/// A finding as it stands.
#[derive(Serialize, Deserialize)]
pub(super) struct FindingRow {
    /// Position and kind of the change that made it what it is; `None` once a step has moved it since.
    last: Option<(u64, ChangeKind)>,
    pub(super) finding: Finding,
}

/// A change of the ledger. What a finding became by its last change stands in its own row and is not written twice;
/// before the finding moves on, the change is written out.
#[derive(Serialize, Deserialize)]
pub(super) enum ChangeRow {
    /// Of the finding with this fingerprint, as it stands.
    Last(String),
    Whole(Box<LedgerChange>),
}

impl FindingRow {
    /// The change at a position, where that made it what it is.
    pub(super) fn changed_at(self, position: u64) -> Option<LedgerChange> {
        let (_, kind) = self.last.filter(|(at, _)| *at == position)?;
        Some(LedgerChange { kind, finding: self.finding })
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

/// Puts what follows from the event at position `at`.
pub(super) fn project(at: u64, event: &Event, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    match event {
        Event::Run { run } => project_run(at, run, batch),
        Event::Fetched { url, page, .. } => batch.put(Table::Page.text(url), page),
        Event::Kept { place, sighting } => project_kept(at, place, sighting, batch),
        Event::SeenAgain { sha256, sighting } => batch.put(Table::Sighting.of_at(sha256, at), sighting),
        Event::Looked { look } => batch.put(Table::Look.of_at(&look.portal, at), look),
        Event::Reported { report } => project_report(at, report, batch),
        Event::Finding { change } => project_change(at, change, batch),
        Event::Composed { digest, channels } => project_composed(at, digest, channels, batch),
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

fn project_report(at: u64, report: &ReportEntry, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let key = Table::Report.text(&report.id);
    let first = batch.get::<ReportRow>(&key)?.map_or(at, |row| row.first);
    if first == at {
        batch.put(Table::ReportAt.at(at), &report.id)?;
    }
    batch.put(Table::PortalReport.of_text(&report.portal, &report.id), &report.id)?;
    batch.put(key, &ReportRow { first, report: report.clone() })
}

fn project_change(at: u64, change: &LedgerChange, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let LedgerChange { kind, finding } = change;
    let whose = format!("{}/{}", finding.agency, finding.year);
    let key = Table::Finding.of_text(&whose, &finding.fingerprint);
    if let Some(row) = batch.get(&key)? {
        write_out(row, batch)?;
    } else {
        batch.put(Table::FindingOf.text(&finding.fingerprint), &whose)?;
    }
    batch.put(Table::Change.at(at), &ChangeRow::Last(finding.fingerprint.clone()))?;
    batch.put(key, &FindingRow { last: Some((at, *kind)), finding: finding.clone() })
}

/// Writes out the change whose outcome a finding still is, and gives the finding.
fn write_out(row: FindingRow, batch: &mut Batch<'_>) -> Result<Finding, StoreError> {
    if let Some((at, kind)) = row.last {
        let change = LedgerChange { kind, finding: row.finding.clone() };
        batch.put(Table::Change.at(at), &ChangeRow::Whole(Box::new(change)))?;
    }
    Ok(row.finding)
}

/// A step moves the finding. A word we do not know, or a finding we do not know, moves nothing, but is kept.
fn project_step(fingerprint: &str, taken: &StepTaken, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let state = match taken.step.as_str() {
        "confirm" => FindingState::Confirmed,
        "dismiss" => FindingState::Dismissed,
        "notify" => FindingState::Notified,
        "reply" => FindingState::Replied,
        "reopen" => FindingState::Reopened,
        _ => return Ok(()),
    };
    let Some(whose) = batch.get::<String>(&Table::FindingOf.text(fingerprint))? else { return Ok(()) };
    let key = Table::Finding.of_text(&whose, fingerprint);
    let Some(row) = batch.get(&key)? else { return Ok(()) };
    let mut finding = write_out(row, batch)?;
    finding.state = state;
    if state == FindingState::Notified {
        finding.due = taken.due;
    }
    if state == FindingState::Reopened {
        finding.resolved = None;
    }
    finding.changed = taken.at;
    batch.put(key, &FindingRow { last: None, finding })
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

fn project_composed(at: u64, digest: &Digest, channels: &[String], batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let key = Table::Digest.text(&digest.id);
    let known = batch.get::<DigestRow>(&key)?;
    let (first, receipts) = known.map_or((at, Vec::new()), |row| (row.first, row.receipts));
    if first == at {
        batch.put(Table::DigestAt.at(at), &digest.id)?;
        batch.put(Table::ReceiverDigest.of_at(&digest.receiver, at), &digest.id)?;
    }
    put_digest(DigestRow { first, digest: digest.clone(), channels: channels.to_vec(), receipts }, batch)
}

fn project_delivered(receipt: &Receipt, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let Some(mut row) = batch.get::<DigestRow>(&Table::Digest.text(&receipt.digest))? else { return Ok(()) };
    row.receipts.push(receipt.clone());
    put_digest(row, batch)
}

/// Puts a digest, and whether it is in the outbox.
fn put_digest(row: DigestRow, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let outbox = Table::Outbox.at(row.first);
    if row.pending().is_empty() {
        batch.remove(outbox);
    } else {
        batch.put(outbox, &row.digest.id)?;
    }
    batch.put(Table::Digest.text(&row.digest.id), &row)
}
