//! What the store is asked. Every answer is typed. The index has it or says in which entry of the journal it stands;
//! bodies come from the snapshots.

use super::entries::EntryPlace;
use super::index::Index;
use super::journal::Entry;
use super::keys::{Table, position_of, text_of};
use super::projection::{BODIES, Bodies, DigestRow, FindingRow, LookRow, ReportRow, RunRow, STARTED, StartedAs, StepTaken};
use super::{Inner, Store, StoreError, folder, snapshots, warc};
use crate::model::{
    Digest, Doubt, Event, Finding, LedgerChange, Look, PageState, Receipt, ReportEntry, Run, RunState, Severity, Sighting,
    SnapshotPlace, Time, Year,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Bodies kept.
    pub snapshots: u64,
    /// Bytes of the whole data folder.
    pub bytes: u64,
    /// Entries of the journal.
    pub entries: u64,
}

impl Inner {
    /// Where a body lies.
    pub(super) fn place(&self, sha256: &str) -> Result<Option<SnapshotPlace>, StoreError> {
        self.index.get(&Table::Place.text(sha256))
    }
}

impl Store {
    fn index(&self) -> &Index {
        &self.inner.index
    }

    /// All values of a range, in order.
    fn all<T: DeserializeOwned>(&self, range: (Vec<u8>, Vec<u8>)) -> Result<Vec<T>, StoreError> {
        Ok(self.index().list(range, false, |_| true)?.into_iter().map(|(_, value)| value).collect())
    }

    /// The ids of a range, at most `limit`, upwards or downwards.
    fn ids(&self, range: (Vec<u8>, Vec<u8>), newest_first: bool, limit: usize) -> Result<Vec<String>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut left = limit;
        let found = self.index().list(range, newest_first, |_: &String| {
            left -= 1;
            left > 0
        })?;
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// What stands under each of the ids.
    fn rows<T: DeserializeOwned>(&self, table: Table, ids: &[String]) -> Result<Vec<T>, StoreError> {
        ids.iter().filter_map(|id| self.index().get(&table.text(id)).transpose()).collect()
    }

    /// A kept body, verified against its SHA-256; `None` where no such body was kept.
    ///
    /// # Errors
    /// `Body` where it was kept and cannot be read back.
    pub fn body(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(place) = self.place(sha256)? else { return Ok(None) };
        snapshots::read(&self.inner.dir.join("snapshots"), &place).map(Some)
    }

    /// The WARC 1.1 record of a kept body, unpacked, for an export to pack as its format wants.
    ///
    /// # Errors
    /// As `body`, but the SHA-256 is not verified.
    pub fn warc_record(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(place) = self.place(sha256)? else { return Ok(None) };
        snapshots::read_record(&self.inner.dir.join("snapshots"), &place).map(Some)
    }

    /// The `warcinfo` record that an exported file of this name begins with.
    pub fn warc_info(file_name: &str, at: Time) -> Vec<u8> {
        warc::info(file_name, at)
    }

    /// Where a body lies.
    pub fn place(&self, sha256: &str) -> Result<Option<SnapshotPlace>, StoreError> {
        self.inner.place(sha256)
    }

    /// Every body, in the order in which they were kept.
    pub fn places(&self) -> Result<Vec<SnapshotPlace>, StoreError> {
        let names = self.ids(Table::PlaceAt.all(), false, usize::MAX)?;
        self.rows(Table::Place, &names)
    }

    /// Every time a body was seen, the first one first.
    pub fn sightings(&self, sha256: &str) -> Result<Vec<Sighting>, StoreError> {
        self.all(Table::below(Table::Sighting.of(sha256)))
    }

    /// What is known of an address.
    pub fn page(&self, url: &str) -> Result<Option<PageState>, StoreError> {
        self.index().get(&Table::Page.text(url))
    }

    /// A run as it stands.
    pub fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        Ok(self.index().get::<RunRow>(&Table::Run.text(id))?.map(|row| row.run))
    }

    /// At most `limit` runs, the one asked for last first.
    pub fn runs(&self, limit: usize) -> Result<Vec<Run>, StoreError> {
        self.runs_named(&self.ids(Table::RunAt.all(), true, limit)?)
    }

    /// Runs that are queued or running, the one asked for first first.
    pub fn open_runs(&self) -> Result<Vec<Run>, StoreError> {
        self.runs_named(&self.ids(Table::OpenRun.all(), false, usize::MAX)?)
    }

    /// The run of a portal that was asked for last, in whatever state.
    pub fn last_run_of(&self, portal: &str) -> Result<Option<Run>, StoreError> {
        let ids = self.ids(Table::below(Table::PortalRun.of(portal)), true, 1)?;
        Ok(self.runs_named(&ids)?.pop())
    }

    /// The last run of a portal that ended complete.
    pub fn last_complete_run_of(&self, portal: &str) -> Result<Option<Run>, StoreError> {
        for id in self.ids(Table::below(Table::PortalRun.of(portal)), true, usize::MAX)? {
            if let Some(run) = self.run(&id)?.filter(|run| run.state == RunState::Complete) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    /// The newest runs of a portal, newest first.
    pub fn runs_of(&self, portal: &str, limit: usize) -> Result<Vec<Run>, StoreError> {
        self.runs_named(&self.ids(Table::below(Table::PortalRun.of(portal)), true, limit)?)
    }

    fn runs_named(&self, ids: &[String]) -> Result<Vec<Run>, StoreError> {
        Ok(self.rows::<RunRow>(Table::Run, ids)?.into_iter().map(|row| row.run).collect())
    }

    /// The event of an entry, as what it must be: `pick` takes it out.
    fn told<T>(&self, entry: EntryPlace, pick: impl FnOnce(Event) -> Option<T>) -> Result<T, StoreError> {
        pick(self.inner.past.event(entry)?)
            .ok_or_else(|| StoreError::Index { what: format!("a row names the entry of another event, at byte {}", entry.1) })
    }

    fn report_of(&self, row: &ReportRow) -> Result<ReportEntry, StoreError> {
        self.told(row.entry, |event| if let Event::Reported { report } = event { Some(*report) } else { None })
    }

    fn reports_in(&self, rows: &[ReportRow]) -> Result<Vec<ReportEntry>, StoreError> {
        rows.iter().map(|row| self.report_of(row)).collect()
    }

    /// A report by its id, `agency/year`.
    pub fn report(&self, id: &str) -> Result<Option<ReportEntry>, StoreError> {
        self.index().get(&Table::Report.text(id))?.map(|row| self.report_of(&row)).transpose()
    }

    /// Every report, by id.
    pub fn reports(&self) -> Result<Vec<ReportEntry>, StoreError> {
        self.reports_in(&self.all(Table::Report.all())?)
    }

    /// The reports that stand on a portal.
    pub fn reports_at(&self, portal: &str) -> Result<Vec<ReportEntry>, StoreError> {
        let ids = self.ids(Table::below(Table::PortalReport.of(portal)), false, usize::MAX)?;
        let mut reports = self.reports_in(&self.rows(Table::Report, &ids)?)?;
        // One that moved to another portal is still under its first.
        reports.retain(|report| report.portal == portal);
        Ok(reports)
    }

    /// The ids of all reports, in their order: a walk over many need not hold them all.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn report_ids(&self) -> Result<Vec<String>, StoreError> {
        let mut ids = Vec::new();
        self.index().visit(Table::Report.all(), |key, _: ReportRow| {
            ids.push(text_of(key));
            Ok(())
        })?;
        Ok(ids)
    }

    /// Every report of an agency (the id part before the year), by year.
    pub fn reports_of(&self, agency: &str) -> Result<Vec<ReportEntry>, StoreError> {
        let mut reports = self.reports_in(&self.all(Table::below(Table::Report.text(&format!("{agency}/"))))?)?;
        reports.retain(|report| report.agency == agency);
        reports.sort_by_key(|report| report.year);
        Ok(reports)
    }

    /// Reports that were first recorded after a journal position, in that order, as they stand now.
    pub fn reports_first_seen_since(&self, position: u64) -> Result<Vec<ReportEntry>, StoreError> {
        let ids = self.ids(after(Table::ReportAt, position), false, usize::MAX)?;
        self.reports_in(&self.rows(Table::Report, &ids)?)
    }

    fn look_of(&self, row: &LookRow) -> Result<Look, StoreError> {
        self.told(row.entry, |event| if let Event::Looked { look } = event { Some(look) } else { None })
    }

    /// Every look at a portal, the oldest first.
    pub fn looks(&self, portal: &str) -> Result<Vec<Look>, StoreError> {
        let rows: Vec<LookRow> = self.all(Table::below(Table::Look.of(portal)))?;
        rows.iter().map(|row| self.look_of(row)).collect()
    }

    /// The newest look at a portal that was complete.
    pub fn last_complete_look(&self, portal: &str) -> Result<Option<Look>, StoreError> {
        let range = Table::below(Table::Look.of(portal));
        let mut found = self.index().list(range, true, |row: &LookRow| !row.complete)?;
        found.pop().filter(|(_, row)| row.complete).map(|(_, row)| self.look_of(&row)).transpose()
    }

    fn change_in(&self, entry: EntryPlace) -> Result<LedgerChange, StoreError> {
        self.told(entry, |event| if let Event::Finding { change } = event { Some(change) } else { None })
    }

    fn finding_of(&self, row: &FindingRow) -> Result<Finding, StoreError> {
        Ok(row.moved(self.change_in(row.entry)?.finding))
    }

    /// Gives every finding to `visit`, one at a time, those of an agency and a year together.
    ///
    /// # Errors
    /// Where the index or the journal cannot be read.
    pub fn visit_findings(&self, mut visit: impl FnMut(Finding)) -> Result<(), StoreError> {
        self.index().visit(Table::Finding.all(), |_, row| {
            visit(self.finding_of(&row)?);
            Ok(())
        })
    }

    /// How many findings stand, by severity.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn standing(&self) -> Result<BTreeMap<Severity, u64>, StoreError> {
        let mut standing = BTreeMap::new();
        self.index().visit(Table::Finding.all(), |_, row: FindingRow| {
            *standing.entry(row.severity).or_default() += u64::from(row.state.stands());
            Ok(())
        })?;
        Ok(standing)
    }

    /// A finding by its fingerprint, with the steps taken on it.
    pub fn finding(&self, fingerprint: &str) -> Result<Option<Finding>, StoreError> {
        let Some(whose) = self.index().get::<String>(&Table::FindingOf.text(fingerprint))? else { return Ok(None) };
        self.index().get(&Table::Finding.of_text(&whose, fingerprint))?.map(|row| self.finding_of(&row)).transpose()
    }

    /// Every finding, whatever its state, by fingerprint.
    pub fn findings(&self) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        self.visit_findings(|finding| findings.push(finding))?;
        findings.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        Ok(findings)
    }

    /// Findings against an agency about one year, whatever their state.
    pub fn findings_of(&self, agency: &str, year: Year) -> Result<Vec<Finding>, StoreError> {
        let rows: Vec<FindingRow> = self.all(Table::below(Table::Finding.of(&format!("{agency}/{year}"))))?;
        rows.iter().map(|row| self.finding_of(row)).collect()
    }

    /// Changes of the ledger after a journal position, each with its own.
    pub fn changes_since(&self, position: u64) -> Result<Vec<(u64, LedgerChange)>, StoreError> {
        let entries = self.index().list(after(Table::Change, position), false, |_: &EntryPlace| true)?;
        entries.into_iter().map(|(key, entry)| Ok((position_of(&key), self.change_in(entry)?))).collect()
    }

    /// Steps taken on a finding, the oldest first.
    pub fn steps(&self, fingerprint: &str) -> Result<Vec<StepTaken>, StoreError> {
        self.all(Table::below(Table::Step.of(fingerprint)))
    }

    fn digest_of(&self, row: &DigestRow) -> Result<Digest, StoreError> {
        self.told(row.entry, |event| if let Event::Composed { digest, .. } = event { Some(digest) } else { None })
    }

    fn digests_named(&self, ids: &[String]) -> Result<Vec<Digest>, StoreError> {
        self.rows(Table::Digest, ids)?.iter().map(|row| self.digest_of(row)).collect()
    }

    /// A digest by its id.
    pub fn digest(&self, id: &str) -> Result<Option<Digest>, StoreError> {
        self.index().get(&Table::Digest.text(id))?.map(|row| self.digest_of(&row)).transpose()
    }

    /// Every digest, the newest first.
    pub fn digests(&self) -> Result<Vec<Digest>, StoreError> {
        self.digests_named(&self.ids(Table::DigestAt.all(), true, usize::MAX)?)
    }

    /// The digest that was composed last for a receiver.
    pub fn last_digest(&self, receiver: &str) -> Result<Option<Digest>, StoreError> {
        Ok(self.digests_named(&self.ids(Table::below(Table::ReceiverDigest.of(receiver)), true, 1)?)?.pop())
    }

    /// Receipts of a digest, in the order in which they came.
    pub fn receipts(&self, digest: &str) -> Result<Vec<Receipt>, StoreError> {
        let row: Option<DigestRow> = self.index().get(&Table::Digest.text(digest))?;
        Ok(row.map(|row| row.receipts).unwrap_or_default())
    }

    /// Digests that have channels without a receipt, the oldest first, with those channels.
    pub fn outbox(&self) -> Result<Vec<(Digest, Vec<String>)>, StoreError> {
        let rows: Vec<DigestRow> = self.rows(Table::Digest, &self.ids(Table::Outbox.all(), false, usize::MAX)?)?;
        rows.iter().map(|row| Ok((self.digest_of(row)?, row.pending()))).collect()
    }

    /// A page that people decide on, by its id.
    pub fn doubt(&self, id: &str) -> Result<Option<Doubt>, StoreError> {
        self.index().get(&Table::Doubt.text(id))
    }

    /// Every page that people decide on, decided or not, by id.
    pub fn doubts(&self) -> Result<Vec<Doubt>, StoreError> {
        self.all(Table::Doubt.all())
    }

    /// The program and the rules that began to judge last.
    pub fn started(&self) -> Result<Option<StartedAs>, StoreError> {
        self.index().get(&Table::Meta.text(STARTED))
    }

    /// How much is kept.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let bodies: Bodies = self.index().get(&Table::Meta.text(BODIES))?.unwrap_or_default();
        Ok(Stats { snapshots: bodies.count, bytes: folder::size_of(&self.inner.dir), entries: self.position() })
    }

    /// Number of the last entry of the journal; 0 for an empty one.
    pub fn position(&self) -> u64 {
        self.inner.position.load(Ordering::SeqCst)
    }

    /// The journal's position and the hex SHA-256 of the chain there: whoever notes it down elsewhere can tell
    /// later that nothing before it was rewritten.
    pub fn head(&self) -> Result<(u64, String), StoreError> {
        let writer = self.inner.writer()?;
        Ok((writer.journal.position(), warc::hex(&writer.journal.head())))
    }

    /// Gives every event after a journal position to `visit`, in order, with its own. Writers wait meanwhile,
    /// so `visit` must not call the store.
    pub fn events_since(&self, position: u64, mut visit: impl FnMut(u64, Event)) -> Result<(), StoreError> {
        let writer = self.inner.writer()?;
        writer.journal.replay(position, &mut |Entry { position, event, .. }| {
            visit(position, event);
            Ok(())
        })
    }
}

/// The keys of a table whose position is greater.
fn after(table: Table, position: u64) -> (Vec<u8>, Vec<u8>) {
    match position.checked_add(1) {
        Some(next) => (table.at(next), table.all().1),
        None => (table.all().1, table.all().1),
    }
}
