//! The store: the only room that knows how things are kept.
//!
//! ```text
//! data/LOCK        held by the one process that has the folder open
//! data/journal/    what happened, once, in order, chained by SHA-256         journal.rs, entries.rs, past.rs
//! data/snapshots/  the bodies, as WARC records in zstd frames                snapshots.rs, warc.rs
//! data/index/      answers, built from the journal; may be deleted any time  index.rs, projection.rs, engines
//! ```
//!
//! Written in this order: body, journal, index; each is on disk before the next begins. So whatever the index
//! answers stands in the journal, and whatever the journal says was kept lies in the snapshots. What a dying
//! process leaves half done is cut off (body, journal) or caught up with (index) at the next opening.
//!
//! All methods are synchronous and may wait for the disk: call them from a blocking thread.

mod commit;
mod copy;
mod engine;
mod entries;
mod error;
mod failpoint;
mod folder;
mod index;
mod journal;
mod keys;
mod past;
mod projection;
mod queries;
mod sled_engine;
mod snapshots;
#[cfg(test)]
mod tests;
mod verify;
pub mod versions;
mod warc;

pub use copy::Copied;
pub use engine::Engine;
pub use error::StoreError;
pub use index::IndexFound;
pub use journal::Cut;
pub use projection::{StartedAs, StepTaken};
pub use queries::Stats;
pub use verify::{Damage, VerifyReport};

use crate::model::{Event, Sha256Hex, Sighting};
use commit::{Done, Keep, Queue, Work};
use failpoint::FailPoints;
use folder::FolderLock;
use index::Index;
use journal::Journal;
use past::Past;
use projection::{BODIES, Bodies};
use snapshots::Snapshots;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// How to open a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Bytes that stay free on the disk: below it no new body is kept, so that the journal can go on.
    pub disk_reserve: u64,
    /// Where the index is held.
    pub engine: Engine,
    /// For tests: the durable write at which the process aborts, counted from 1 (see `failpoint.rs`). The wiring
    /// fills it from `NIANJIAN_FAIL_POINT`.
    pub fail_at: Option<u64>,
}

/// What opening found and mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Entries of the journal.
    pub entries: u64,
    /// The torn tail that was cut off the journal.
    pub journal_cut: Option<Cut>,
    /// Bytes of snapshots that the journal did not know, cut off.
    pub snapshots_cut: u64,
    pub index: IndexFound,
}

/// What keeping a body came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The body's name from now on.
    pub sha256: Sha256Hex,
    /// False where the body was kept before and only this sighting was added.
    pub new: bool,
}

/// An open data folder. Clones share it; the last one to go lets go of the lock.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    disk_reserve: u64,
    index: Index,
    past: Past,
    queue: Queue,
    writer: Mutex<Writer>,
    /// The journal's position, for those who ask without waiting for the writer.
    position: AtomicU64,
    opened: OpenReport,
    /// Dropped last, when the index has let go of its files.
    _lock: FolderLock,
}

/// Makes an event of a body's name.
type Then<'a> = Box<dyn FnOnce(&str) -> Event + 'a>;

/// What only one thread at a time may have.
struct Writer {
    journal: Journal,
    snapshots: Snapshots,
}

impl Store {
    /// Opens the data folder, made where it is missing, and mends what a dying process left half done.
    ///
    /// # Errors
    /// `InUse` where another process has it open, `ReadOnly` where it cannot be written, `Corrupt`,
    /// `NewerEvent` or `HistoryRewritten` where the journal is not what it was.
    pub fn open(dir: &Path, options: &Options) -> Result<Store, StoreError> {
        let lock = FolderLock::take(dir)?;
        Store::open_locked(dir, options, lock, FailPoints::new(options.fail_at))
    }

    fn open_locked(dir: &Path, options: &Options, lock: FolderLock, fail: FailPoints) -> Result<Store, StoreError> {
        let (index, stands_at) = Index::open(&dir.join("index"), options.engine, fail.clone())?;
        let (journal, scan) = Journal::open(&dir.join("journal"), stands_at, fail.clone())?;
        let found = index.meet(&journal, scan.watched)?;
        let bodies: Bodies = index.get(&keys::Table::Meta.text(BODIES))?.unwrap_or_default();
        let (snapshots, snapshots_cut) =
            Snapshots::open(&dir.join("snapshots"), bodies.end(), matches!(found, IndexFound::Ahead(_)), fail)?;
        let entries = journal.position();
        let opened = OpenReport { entries, journal_cut: scan.torn, snapshots_cut, index: found };
        Ok(Store {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                disk_reserve: options.disk_reserve,
                index,
                past: Past::of(dir.join("journal")),
                queue: Queue::default(),
                writer: Mutex::new(Writer { journal, snapshots }),
                position: AtomicU64::new(entries),
                opened,
                _lock: lock,
            }),
        })
    }

    /// Throws the index away and builds it anew from the journal, which is taken as it stands. The number of
    /// entries comes back. Needs the folder for itself.
    ///
    /// # Errors
    /// As `open`, but never `HistoryRewritten`.
    pub fn rebuild_index(dir: &Path) -> Result<u64, StoreError> {
        let lock = FolderLock::take(dir)?;
        index::remove(&dir.join("index"))?;
        let store = Store::open_locked(dir, &Options::default(), lock, FailPoints::default())?;
        Ok(store.position())
    }

    /// What opening found and mended.
    pub fn opened(&self) -> &OpenReport {
        &self.inner.opened
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// Keeps a body, or only the sighting where the body is kept already. On return both are on disk.
    ///
    /// # Errors
    /// `DiskReserve` for a new body where the disk is too full; `DiskFull` and others where a write failed: then
    /// nothing of it was kept.
    pub fn keep(&self, body: &[u8], sighting: Sighting) -> Result<Kept, StoreError> {
        self.keep_and(body, sighting, None)
    }

    /// The same, with an event made of the body's name that is on disk as soon as the body is.
    ///
    /// # Errors
    /// As `keep`.
    pub fn keep_with(&self, body: &[u8], sighting: Sighting, then: impl FnOnce(&str) -> Event) -> Result<Kept, StoreError> {
        self.keep_and(body, sighting, Some(Box::new(then)))
    }

    fn keep_and(&self, body: &[u8], sighting: Sighting, then: Option<Then<'_>>) -> Result<Kept, StoreError> {
        let sha256 = warc::sha256_hex(body);
        let frame = match self.inner.place(&sha256)? {
            Some(_) => None,
            None => {
                self.refuse_below_reserve()?;
                let frame = warc::body_frame(body, &sha256, &sighting);
                Some(frame.map_err(|e| StoreError::io("compress a body for", &self.inner.dir, e))?)
            }
        };
        let then = then.map(|then| then(&sha256)).map(|event| commit::json(&event).map(|json| (event, json))).transpose()?;
        let work = Work::Keep(Box::new(Keep { sha256: sha256.clone(), size: body.len() as u64, frame, sighting, then }));
        let done = self.done(self.inner.commit(work)?);
        Ok(Kept { sha256, new: done.new })
    }

    /// Records an event and gives its position. On return it is on disk, and queries know it.
    ///
    /// # Errors
    /// `DiskFull` and others where a write failed: then it was not recorded.
    pub fn record(&self, event: Event) -> Result<u64, StoreError> {
        self.record_all(vec![event])
    }

    /// Records events in their order, all or none, with one fsync, and gives the position of the last.
    ///
    /// # Errors
    /// As `record`.
    pub fn record_all(&self, events: Vec<Event>) -> Result<u64, StoreError> {
        let with_json = events.into_iter().map(|event| commit::json(&event).map(|json| (event, json)));
        let work = Work::Events(with_json.collect::<Result<_, _>>()?);
        Ok(self.done(self.inner.commit(work)?).position)
    }

    /// Records the event that `make` makes of the position it will have, for ids that are made of positions.
    ///
    /// # Errors
    /// As `record`.
    pub fn record_with(&self, make: impl FnOnce(u64) -> Event) -> Result<u64, StoreError> {
        let mut writer = self.inner.writer()?;
        let event = make(writer.journal.position() + 1);
        let json = commit::json(&event)?;
        let done = self.inner.write_group(&mut writer, vec![Work::Events(vec![(event, json)])])?;
        Ok(done.first().map_or(0, |done| self.done(*done).position))
    }

    /// Notes how far the journal has come.
    fn done(&self, done: Done) -> Done {
        self.inner.position.fetch_max(done.position, Ordering::SeqCst);
        done
    }

    /// Whether less is free than the reserve: then new bodies are refused.
    pub fn disk_low(&self) -> bool {
        self.refuse_below_reserve().is_err()
    }

    fn refuse_below_reserve(&self) -> Result<(), StoreError> {
        let reserve = self.inner.disk_reserve;
        match folder::free_space(&self.inner.dir) {
            Some(free) if free < reserve => Err(StoreError::DiskReserve { free, reserve }),
            _ => Ok(()),
        }
    }
}
