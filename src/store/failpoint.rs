//! Fail points: a counted list of every durable write, so that a test can kill the process at each of them.
//!
//! A durable write is one fsynced append to the snapshots, one fsynced append to the journal, or one commit of
//! the index; they are counted from 1 in the order in which they take place, the index's catching up on open
//! included. With `Options::fail_at = Some(n)` (the wiring fills it from `NIANJIAN_FAIL_POINT`) the process
//! aborts at the n-th: an append has then written the first half of its bytes, which leaves a torn tail on
//! purpose, and a commit of the index has not begun. Without it nothing but a counter is touched.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counter of durable writes, shared by journal, snapshots and index.
#[derive(Debug, Clone, Default)]
pub(super) struct FailPoints {
    writes: Arc<AtomicU64>,
    abort_at: Option<u64>,
    /// For tests: the write at which the disk is full, and for how many writes.
    full_at: Option<(u64, u64)>,
}

impl FailPoints {
    /// Aborts at the given durable write, counted from 1; never where it is `None`.
    pub(super) fn new(abort_at: Option<u64>) -> FailPoints {
        FailPoints { abort_at, ..FailPoints::default() }
    }

    /// A disk that is full for `times` durable writes from the n-th on.
    #[cfg(test)]
    pub(super) fn full(at: u64, times: u64) -> FailPoints {
        FailPoints { full_at: Some((at, times)), ..FailPoints::default() }
    }

    /// Writes all bytes to a file, unless this is where we are to fall over.
    pub(super) fn write(&self, file: &mut std::fs::File, bytes: &[u8]) -> io::Result<()> {
        let half = bytes.len() / 2;
        match self.next() {
            Fate::Live => file.write_all(bytes),
            Fate::Die => {
                file.write_all(&bytes[..half])?;
                std::process::abort()
            }
            Fate::Full => {
                file.write_all(&bytes[..half])?;
                Err(io::ErrorKind::StorageFull.into())
            }
        }
    }

    /// Counts a commit of the index.
    pub(super) fn commit(&self) -> io::Result<()> {
        match self.next() {
            Fate::Live => Ok(()),
            Fate::Die => std::process::abort(),
            Fate::Full => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// Counts one durable write and says what becomes of it.
    fn next(&self) -> Fate {
        let n = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        if self.abort_at == Some(n) {
            return Fate::Die;
        }
        match self.full_at {
            Some((at, times)) if n >= at && n - at < times => Fate::Full,
            _ => Fate::Live,
        }
    }
}

/// What becomes of a durable write.
enum Fate {
    Live,
    Die,
    Full,
}
