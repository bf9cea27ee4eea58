//! The kept bodies: WARC records appended to `NNNNNN.warc.zst`, a group at a time.
//!
//! A record counts from the moment its place stands in the journal. What lies behind the last journalled record
//! was written by a process that died before it could say so, and is cut off on opening.

use super::StoreError;
use super::failpoint::FailPoints;
use super::folder::{Growing, numbered, sync_dir};
use super::warc;
use crate::model::{Sighting, SnapshotPlace};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A segment of this many bytes is followed by a new one; few in tests, so that they have several.
const SEGMENT_BYTES: u64 = if cfg!(test) { 4 << 10 } else { 256 << 20 };

/// A record that is ready to be written.
pub(super) struct Record {
    pub(super) sha256: String,
    /// Bytes of the body.
    pub(super) size: u64,
    /// The compressed record.
    pub(super) frame: Vec<u8>,
    pub(super) sighting: Sighting,
}

/// How far the journal knows the bodies: newest segment (0 for none) and the byte behind its last record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct End {
    pub(super) segment: u32,
    pub(super) offset: u64,
}

/// The bodies, open for appending.
#[derive(Debug)]
pub(super) struct Snapshots {
    dir: PathBuf,
    fail: FailPoints,
    /// Number of the segment written last.
    segment: u32,
    /// Open once something was written since opening.
    newest: Option<Growing>,
}

impl Snapshots {
    /// Opens the folder, made where it is missing, and cuts off what the journal does not know; where the journal is
    /// what was lost, that is copied aside first. The number of bytes that went comes with it.
    pub(super) fn open(dir: &Path, end: End, lost: bool, fail: FailPoints) -> Result<(Snapshots, u64), StoreError> {
        std::fs::create_dir_all(dir).map_err(|e| StoreError::io("create", dir, e))?;
        let mut cut = 0;
        let mut newest = None;
        for (number, path) in numbered(dir, 6, ".warc.zst")? {
            let size = path.metadata().map_err(|e| StoreError::io("look at", &path, e))?.len();
            if number > end.segment {
                set_aside(&path)?;
                cut += size;
            } else if number == end.segment && size >= end.offset {
                cut += size - end.offset;
                if lost && size > end.offset {
                    let to = free_name(&path);
                    std::fs::copy(&path, &to).map_err(|e| StoreError::io("copy to", &to, e))?;
                }
                newest = Some(Growing::open(&path, end.offset)?);
            }
        }
        if cut > 0 {
            tracing::warn!(bytes = cut, segment = end.segment, "cut off snapshots that the journal does not know");
        }
        // Where the newest segment is missing or too short, records are lost: `verify` names them. Nothing is
        // appended to it, since offsets would not fit; a new segment follows.
        if newest.is_none() && end.segment > 0 {
            tracing::warn!(segment = end.segment, "the newest snapshot segment is shorter than the journal says");
        }
        sync_dir(dir)?;
        Ok((Snapshots { dir: dir.to_owned(), fail, segment: end.segment, newest }, cut))
    }

    /// Appends the records with one fsync and gives their places, in order. All or none are in.
    pub(super) fn append(&mut self, records: &[Record]) -> Result<Vec<SnapshotPlace>, StoreError> {
        let Some(first) = records.first() else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        let full = self.newest.as_ref().is_none_or(|newest| newest.len() >= SEGMENT_BYTES);
        if full {
            let number = self.segment + 1;
            let path = segment_path(&self.dir, number);
            let info = warc::info(&format!("{number:06}.warc.zst"), first.sighting.at);
            bytes = warc::pack(&info).map_err(|e| StoreError::io("compress", &path, e))?;
            self.newest = Some(Growing::open(&path, 0)?);
            self.segment = number;
            sync_dir(&self.dir)?;
        }
        let newest = self.newest.as_mut().expect("a segment was opened where there was none");
        let mut places = Vec::with_capacity(records.len());
        for record in records {
            let offset = newest.len() + bytes.len() as u64;
            bytes.extend_from_slice(&record.frame);
            places.push(SnapshotPlace {
                sha256: record.sha256.clone(),
                segment: self.segment,
                offset,
                length: record.frame.len() as u64,
                size: record.size,
            });
        }
        let appended = newest.append(&bytes, &self.fail);
        if appended.is_err() && newest.len() == 0 {
            // The segment got no warcinfo; the next attempt begins it again.
            self.newest = None;
            self.segment -= 1;
        }
        appended.map(|()| places)
    }

    /// Where the next record would begin.
    pub(super) fn end(&self) -> End {
        End { segment: self.segment, offset: self.newest.as_ref().map_or(0, Growing::len) }
    }

    /// Takes back what was appended since `end`, because the journal could not say so.
    pub(super) fn cut_back(&mut self, end: End) {
        let Some(newest) = &mut self.newest else { return };
        if self.segment == end.segment {
            newest.cut(end.offset);
        } else {
            // A segment that holds nothing the journal knows begins anew, its warcinfo with it.
            newest.cut(0);
            self.newest = None;
            self.segment = end.segment;
        }
    }
}

/// Renames a segment of which the journal knows nothing. It is not deleted: should the journal be the part that
/// was lost, the bodies are still there.
fn set_aside(path: &Path) -> Result<(), StoreError> {
    std::fs::rename(path, free_name(path)).map_err(|e| StoreError::io("rename", path, e))
}

/// A name beside a segment's under which it can be set aside.
fn free_name(path: &Path) -> PathBuf {
    let free = (1..).map(|n| path.with_extension(format!("zst.cut-{n}"))).find(|to| !to.exists());
    free.expect("the numbers do not run out")
}

/// What to say of a body that cannot be read.
fn broken(place: &SnapshotPlace, what: String) -> StoreError {
    StoreError::Body { sha256: place.sha256.clone(), segment: place.segment, offset: place.offset, what }
}

/// Reads a body back and verifies that it is what its name says.
pub(super) fn read(dir: &Path, place: &SnapshotPlace) -> Result<Vec<u8>, StoreError> {
    let body = warc::body_of(read_record(dir, place)?, place.size).map_err(|what| broken(place, what))?;
    if warc::sha256_hex(&body) != place.sha256 {
        return Err(broken(place, "its SHA-256 does not match".to_owned()));
    }
    Ok(body)
}

/// Reads the WARC record of a body, unpacked.
pub(super) fn read_record(dir: &Path, place: &SnapshotPlace) -> Result<Vec<u8>, StoreError> {
    let path = segment_path(dir, place.segment);
    let mut record = Vec::new();
    let read = File::open(&path).and_then(|mut file| {
        file.seek(SeekFrom::Start(place.offset))?;
        file.take(place.length).read_to_end(&mut record)
    });
    match read {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Err(broken(place, "the segment is missing".to_owned())),
        Err(e) => Err(StoreError::io("read", &path, e)),
        Ok(_) if record.len() as u64 != place.length => Err(broken(place, "the segment ends before it".to_owned())),
        Ok(_) => warc::unpack(&record, place.size).map_err(|what| broken(place, what)),
    }
}

/// File of a segment.
fn segment_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:06}.warc.zst"))
}
