//! The index: answers to what is asked for, built from the journal by the projection.
//!
//! It knows the journal position it stands at and that entry's link, both written in one step with what follows
//! from the entry. On opening it catches up; deleted, of another schema, or ahead of the journal, it is built
//! anew. Where an engine on disk fails in the middle of the work, an index in memory takes its place until the
//! next start, so that a full disk costs no answer.

use super::StoreError;
use super::engine::{Engine, KeyValues, Memory};
use super::entries::Link;
use super::failpoint::FailPoints;
use super::journal::{Entry, Journal};
use super::keys::{Table, decode};
use super::projection::{Batch, Told, project};
use super::versions::INDEX_SCHEMA;
use super::warc::hex;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Events that a batch takes while catching up.
const BATCH: u64 = 500;
/// Key of [`Stand`] in the table of totals.
const STAND: &str = "stand";

/// Where an index stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stand {
    schema: u32,
    position: u64,
    /// Hex link of the entry at the position.
    head: String,
}

/// How the index was found on opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexFound {
    /// It stood where the journal stands.
    Current,
    /// It lagged behind by so many entries.
    CaughtUp(u64),
    /// It was built anew: there was none, or one of another schema, or one that could not be read.
    Rebuilt,
    /// It knew so many entries more than the journal holds: the journal lost its end. Built anew.
    Ahead(u64),
}

/// The index, shared by readers and the one writer.
pub(super) struct Index {
    kind: Engine,
    dir: PathBuf,
    fail: FailPoints,
    engine: RwLock<Box<dyn KeyValues>>,
}

impl Index {
    /// Opens the engine of `dir`; one that cannot be read, or of another schema, is thrown away. The position it
    /// stands at comes with it.
    pub(super) fn open(dir: &Path, kind: Engine, fail: FailPoints) -> Result<(Index, u64), StoreError> {
        let engine = match kind.open(dir) {
            Ok(engine) => engine,
            Err(error) => {
                tracing::warn!(%error, "the index cannot be opened and is built anew");
                remove(dir)?;
                open_or_memory(kind, dir)
            }
        };
        let index = Index { kind, dir: dir.to_owned(), fail, engine: RwLock::new(engine) };
        let position = match index.stand() {
            Some(stand) if stand.schema == INDEX_SCHEMA => stand.position,
            _ => {
                index.begin_anew()?;
                0
            }
        };
        Ok((index, position))
    }

    /// Brings the index to where the journal stands. `watched` is the journal's link at the index's position.
    pub(super) fn meet(&self, journal: &Journal, watched: Option<Link>) -> Result<IndexFound, StoreError> {
        let Some(stand) = self.stand() else {
            self.catch_up(journal, 0)?;
            return Ok(IndexFound::Rebuilt);
        };
        match watched {
            None => {
                let lost = stand.position.saturating_sub(journal.position());
                tracing::warn!(lost, "the journal ends before entries that were known; the index is built anew");
                self.begin_anew()?;
                self.catch_up(journal, 0)?;
                Ok(IndexFound::Ahead(lost))
            }
            Some(link) if hex(&link) != stand.head => Err(StoreError::HistoryRewritten { position: stand.position }),
            Some(_) if stand.position == journal.position() => Ok(IndexFound::Current),
            Some(_) => {
                self.catch_up(journal, stand.position)?;
                Ok(IndexFound::CaughtUp(journal.position() - stand.position))
            }
        }
    }

    fn reading(&self) -> RwLockReadGuard<'_, Box<dyn KeyValues>> {
        self.engine.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it stands; `None` where that cannot be told.
    fn stand(&self) -> Option<Stand> {
        self.get(&Table::Meta.text(STAND)).ok().flatten()
    }

    /// Throws everything away.
    fn begin_anew(&self) -> Result<(), StoreError> {
        let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
        // The old engine must have let go of its files before they are removed.
        *engine = Box::new(Memory::default());
        if self.kind == Engine::Memory {
            return Ok(());
        }
        remove(&self.dir)?;
        *engine = open_or_memory(self.kind, &self.dir);
        Ok(())
    }

    /// Follows the journal from a position on; an index that cannot be read or written on the way is built anew.
    fn catch_up(&self, journal: &Journal, from: u64) -> Result<(), StoreError> {
        let built = build(&**self.reading(), journal, from, &self.fail);
        if let Err(error @ StoreError::Index { .. }) = built {
            tracing::warn!(%error, "the index cannot catch up and is built anew");
            self.begin_anew()?;
            return build(&**self.reading(), journal, 0, &self.fail);
        }
        built
    }

    /// Follows the journal, which now stands at `head`, by its newest entries.
    pub(super) fn follow(&self, journal: &Journal, entries: &[Told<'_>]) -> Result<(), StoreError> {
        let followed = {
            let engine = self.reading();
            let mut batch = Batch::over(&**engine);
            entries
                .iter()
                .try_for_each(|told| project(*told, &mut batch))
                .and_then(|()| commit(&**engine, batch, journal.position(), journal.head(), &self.fail))
        };
        let Err(error) = followed else { return Ok(()) };
        tracing::error!(%error, "the index on disk failed; one in memory takes its place until the next start");
        let memory = Memory::default();
        build(&memory, journal, 0, &FailPoints::default())?;
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = Box::new(memory);
        Ok(())
    }

    /// The value of a key.
    pub(super) fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        self.reading().get(key)?.map(|bytes| decode(&bytes)).transpose()
    }

    /// Keys and values of a range for as long as `wanted` says so.
    pub(super) fn list<T: DeserializeOwned>(
        &self,
        (from, to): (Vec<u8>, Vec<u8>),
        newest_first: bool,
        mut wanted: impl FnMut(&T) -> bool,
    ) -> Result<Vec<(Vec<u8>, T)>, StoreError> {
        let mut found = Vec::new();
        self.reading().scan(&from, &to, newest_first, &mut |key, value| {
            let value = decode(value)?;
            let go_on = wanted(&value);
            found.push((key.to_vec(), value));
            Ok(go_on)
        })?;
        Ok(found)
    }

    /// Gives every key and value of a range to `visit`, in order, holding one at a time.
    pub(super) fn visit<T: DeserializeOwned>(
        &self,
        (from, to): (Vec<u8>, Vec<u8>),
        mut visit: impl FnMut(&[u8], T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.reading().scan(&from, &to, false, &mut |key, value| {
            visit(key, decode(value)?)?;
            Ok(true)
        })
    }

    /// How many keys differ from an index built afresh from the journal.
    pub(super) fn differences(&self, journal: &Journal) -> Result<u64, StoreError> {
        let fresh = Memory::default();
        build(&fresh, journal, 0, &FailPoints::default())?;
        let ours = self.reading();
        let (everything, end) = (Vec::new(), vec![u8::MAX]);
        let mut differing = 0;
        let mut common = 0;
        ours.scan(&everything, &end, false, &mut |key, value| {
            match fresh.get(key)? {
                Some(other) => {
                    common += 1;
                    differing += u64::from(other != value);
                }
                None => differing += 1,
            }
            Ok(true)
        })?;
        let mut expected = 0;
        fresh.scan(&everything, &end, false, &mut |_, _| {
            expected += 1;
            Ok(true)
        })?;
        Ok(differing + (expected - common))
    }
}

/// Applies what follows from every entry after `from`.
fn build(engine: &dyn KeyValues, journal: &Journal, from: u64, fail: &FailPoints) -> Result<(), StoreError> {
    let mut batch = Batch::over(engine);
    let last = journal.position();
    let mut empty = true;
    journal.replay(from, &mut |Entry { position, link, place, event }| {
        project(Told { at: position, entry: place, event: &event }, &mut batch)?;
        empty = false;
        if position % BATCH == 0 || position == last {
            let full = std::mem::replace(&mut batch, Batch::over(engine));
            commit(engine, full, position, link, fail)?;
        }
        Ok(())
    })?;
    if empty && from == 0 {
        commit(engine, batch, 0, [0; 32], fail)?;
    }
    Ok(())
}

/// Applies a batch together with the position it reaches.
fn commit(engine: &dyn KeyValues, mut batch: Batch<'_>, position: u64, head: Link, fail: &FailPoints) -> Result<(), StoreError> {
    batch.put(Table::Meta.text(STAND), &Stand { schema: INDEX_SCHEMA, position, head: hex(&head) })?;
    fail.commit().map_err(|e| StoreError::Index { what: format!("the disk refused a commit: {e}") })?;
    engine.apply(&batch.into_puts())
}

/// The engine, or one in memory where the disk does not let it begin: a full disk must not keep us from starting.
fn open_or_memory(kind: Engine, dir: &Path) -> Box<dyn KeyValues> {
    kind.open(dir).unwrap_or_else(|error| {
        tracing::error!(%error, "the index on disk cannot begin; one in memory takes its place until the next start");
        Box::new(Memory::default())
    })
}

/// Removes the folder of an engine, where there is one.
pub(super) fn remove(dir: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io("remove", dir, e)),
        _ => Ok(()),
    }
}
