//! The embedded engine: sled, as an index only.
//!
//! One tree holds all keys, since a batch is atomic within one tree alone. sled's `flush` is no fsync and need not
//! be: the position that the index stands at is part of every batch, so after a power cut the index is at some
//! earlier position, and catches up from the journal. The cache is small because nothing here is read often.

use super::StoreError;
use super::engine::{KeyValues, Puts, Visit};
use std::path::Path;
use std::time::Duration;

/// Bytes of sled's page cache.
const CACHE: u64 = 8 << 20;

/// How often, and how long apart, a database that is held is tried.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

#[expect(clippy::disallowed_methods, reason = "the store is opened before there is a runtime, and only where sled lags")]
fn pause() {
    std::thread::sleep(PAUSE);
}

/// Whether the files are locked; sled has no error of its own for that.
fn is_held(error: &::sled::Error) -> bool {
    matches!(error, ::sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock"))
}

/// A sled database.
#[derive(Debug)]
pub(super) struct Sled {
    db: ::sled::Db,
}

/// An error of sled as ours.
fn failed(error: ::sled::Error) -> StoreError {
    match error {
        ::sled::Error::Io(error) => StoreError::Index { what: format!("sled could not read or write: {error}") },
        other => StoreError::Index { what: format!("sled says: {other}") },
    }
}

impl Sled {
    /// Opens or makes the database in `dir`.
    pub(super) fn open(dir: &Path) -> Result<Sled, StoreError> {
        let open = || ::sled::Config::new().path(dir).cache_capacity(CACHE).flush_every_ms(Some(1000)).open();
        // The folder is ours alone, so a database that is held is one of this process that was just dropped: sled's
        // own threads let go of it a moment later.
        for _ in 0..TRIES {
            // sled panics on some damaged files where it should return an error; either way the index is rebuilt.
            match std::panic::catch_unwind(open) {
                Ok(Err(error)) if is_held(&error) => pause(),
                Ok(opened) => return Ok(Sled { db: opened.map_err(failed)? }),
                Err(_) => return Err(StoreError::Index { what: "sled cannot read its files".to_owned() }),
            }
        }
        Err(StoreError::Index { what: "sled's files are held by another process".to_owned() })
    }
}

impl KeyValues for Sled {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.get(key).map_err(failed)?.map(|value| value.to_vec()))
    }

    fn scan(&self, from: &[u8], to: &[u8], newest_first: bool, visit: Visit<'_>) -> Result<(), StoreError> {
        if from >= to {
            return Ok(());
        }
        let mut range = self.db.range(from..to);
        while let Some(entry) = if newest_first { range.next_back() } else { range.next() } {
            let (key, value) = entry.map_err(failed)?;
            if !visit(&key, &value)? {
                break;
            }
        }
        Ok(())
    }

    fn apply(&self, puts: &Puts) -> Result<(), StoreError> {
        let mut batch = ::sled::Batch::default();
        for (key, value) in puts {
            match value {
                Some(value) => batch.insert(&key[..], &value[..]),
                None => batch.remove(&key[..]),
            }
        }
        self.db.apply_batch(batch).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Sled;
    use std::sync::Barrier;

    #[test]
    fn a_database_that_is_let_go_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let first = Sled::open(dir.path()).unwrap();
        let held = ::sled::Config::new().path(dir.path()).open().unwrap_err();
        assert!(super::is_held(&held), "{held}");
        let begun = Barrier::new(2);
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                begun.wait();
                Sled::open(dir.path()).is_ok()
            });
            begun.wait();
            drop(first);
            assert!(second.join().unwrap());
        });
    }
}
