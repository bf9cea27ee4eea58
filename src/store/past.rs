//! Single entries of the journal, read back where the index says that they lie.
//!
//! The index holds where, the journal holds what: nothing large is kept twice, and a finding that is shown is the
//! very text whose place in the chain proves since when it stood.

use super::StoreError;
use super::entries::{EntryPlace, HEADER, Reader, Step};
use super::journal::{decode, segment_path};
use crate::model::Event;
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The journal's segments, open for reading; one file each, of 64 MB.
pub(super) struct Past {
    dir: PathBuf,
    segments: Mutex<BTreeMap<u32, Arc<File>>>,
}

impl Past {
    /// Over the journal in `dir`.
    pub(super) fn of(dir: PathBuf) -> Past {
        Past { dir, segments: Mutex::default() }
    }

    /// The event of an entry, whose checksum is verified.
    pub(super) fn event(&self, place: EntryPlace) -> Result<Event, StoreError> {
        let EntryPlace(segment, offset, length) = place;
        let path = segment_path(&self.dir, segment);
        let read = |e| StoreError::io("read", &path, e);
        let mut entry = vec![0; HEADER + length as usize];
        self.segment(segment)?.read_exact_at(&mut entry, offset).map_err(read)?;
        let mut reader = Reader::new(&entry[..], entry.len() as u64);
        match reader.step().map_err(read)? {
            Step::Entry => decode(&reader.payload, None, &path, offset),
            Step::Flawed(flaw) => Err(StoreError::corrupt(&path, offset, flaw.text())),
            Step::End => Err(StoreError::corrupt(&path, offset, "the index names an entry without a payload")),
        }
    }

    fn segment(&self, number: u32) -> Result<Arc<File>, StoreError> {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = segments.get(&number) {
            return Ok(Arc::clone(file));
        }
        let path = segment_path(&self.dir, number);
        let file = Arc::new(File::open(&path).map_err(|e| StoreError::io("open", &path, e))?);
        segments.insert(number, Arc::clone(&file));
        Ok(file)
    }
}
