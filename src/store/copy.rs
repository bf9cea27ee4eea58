//! Backup and restore: journal and bodies are copied as they are, the index is not.
//!
//! Files only grow, so a copy of every file up to the length it has at one moment is the store of that moment;
//! writers wait only while the lengths are noted.

use super::folder::{FolderLock, numbered, sync_dir};
use super::journal::{Segment, scan};
use super::snapshots::End;
use super::{Store, StoreError};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Entries of the journal.
    pub entries: u64,
    /// Bytes of journal and bodies together.
    pub bytes: u64,
    /// Hex SHA-256 of the chain at its end.
    pub head: String,
}

impl Store {
    /// Copies the store to a folder that is missing or holds none, and reads the copied journal back. The store
    /// stays in use meanwhile.
    ///
    /// # Errors
    /// `NotEmpty` where there is a store already; else failures of the disk, or `Corrupt`.
    pub fn backup(&self, dest: &Path) -> Result<Copied, StoreError> {
        let (segments, end) = {
            let writer = self.inner.writer()?;
            (writer.journal.segments(), writer.snapshots.end())
        };
        copy(segments, &self.inner.dir.join("snapshots"), Some(end), dest)
    }

    /// Copies a backup into a data folder that is missing or holds none. Its journal is verified before and
    /// after; the index is built at the next opening.
    ///
    /// # Errors
    /// `NoBackup` where `source` has no journal, `NotEmpty`, `InUse`; else failures of the disk, or `Corrupt`.
    pub fn restore(source: &Path, dir: &Path) -> Result<Copied, StoreError> {
        let journal = source.join("journal");
        if !journal.is_dir() || numbered(&journal, 8, ".journal")?.is_empty() {
            return Err(StoreError::NoBackup { dir: source.to_owned() });
        }
        let _lock = FolderLock::take(dir)?;
        copy(scan(&journal, 0)?.segments, &source.join("snapshots"), None, dir)
    }
}

/// Copies segments of a journal, and the bodies of a folder as far as `end`, into the folder `dest`.
fn copy(segments: Vec<Segment>, snapshots: &Path, end: Option<End>, dest: &Path) -> Result<Copied, StoreError> {
    let (to_journal, to_snapshots) = (dest.join("journal"), dest.join("snapshots"));
    for dir in [&to_journal, &to_snapshots] {
        std::fs::create_dir_all(dir).map_err(|e| StoreError::io("create", dir, e))?;
    }
    if !numbered(&to_journal, 8, ".journal")?.is_empty() || !numbered(&to_snapshots, 6, ".warc.zst")?.is_empty() {
        return Err(StoreError::NotEmpty { dir: dest.to_owned() });
    }
    let mut bytes = 0;
    // Bodies first: a journal must never speak of bodies that are not there.
    if snapshots.is_dir() {
        for (number, path) in numbered(snapshots, 6, ".warc.zst")? {
            let limit = match end {
                Some(end) if number > end.segment => continue,
                // An offset of 0 is that of a newest segment which is not written to any more.
                Some(end) if number == end.segment && end.offset > 0 => end.offset,
                _ => u64::MAX,
            };
            bytes += copy_file(&path, &to_snapshots, limit)?;
        }
    }
    for segment in segments {
        bytes += copy_file(&segment.path, &to_journal, segment.len)?;
    }
    sync_dir(&to_snapshots)?;
    sync_dir(&to_journal)?;
    let copied = scan(&to_journal, 0)?;
    Ok(Copied { entries: copied.position, bytes, head: super::warc::hex(&copied.head) })
}

/// Copies at most `limit` bytes of a file into a folder and waits until they are on disk.
fn copy_file(from: &Path, folder: &Path, limit: u64) -> Result<u64, StoreError> {
    let to: PathBuf = folder.join(from.file_name().unwrap_or_default());
    let source = File::open(from).map_err(|e| StoreError::io("read", from, e))?;
    let mut target = OpenOptions::new().write(true).create_new(true).open(&to).map_err(|e| StoreError::io("create", &to, e))?;
    let copied = io::copy(&mut source.take(limit), &mut target).map_err(|e| StoreError::io("copy to", &to, e))?;
    target.sync_all().map_err(|e| StoreError::io("sync", &to, e))?;
    Ok(copied)
}
