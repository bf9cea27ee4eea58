//! The journal: what happened, once, in order, in append-only segments `NNNNNNNN.journal`.
//!
//! Everything else in the store can be rebuilt from it and the bodies. A group of events is one write and one
//! fsync. On opening every entry is read and its checksum and chain are verified; only a torn tail of the newest
//! segment is cut off (`entries` tells it from damage). The entries of one group never lie in two segments.

use super::StoreError;
use super::entries::{self, EntryPlace, Flaw, Link, Reader, Step};
use super::failpoint::FailPoints;
use super::folder::{Growing, numbered, sync_dir};
use crate::model::Event;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A segment of this many bytes is followed by a new one; few in tests, so that they have several.
const SEGMENT_BYTES: u64 = if cfg!(test) { 8 << 10 } else { 64 << 20 };

/// One segment as the scan found it.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    number: u32,
    pub(super) path: PathBuf,
    /// Position before its first entry.
    before: u64,
    /// Bytes of sound entries.
    pub(super) len: u64,
}

/// A torn tail that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub file: PathBuf,
    /// Where the file ends now.
    pub offset: u64,
    /// How many bytes went.
    pub bytes: u64,
}

/// What reading all segments came to.
pub(super) struct Scan {
    pub(super) segments: Vec<Segment>,
    pub(super) position: u64,
    pub(super) head: Link,
    /// The torn tail, where there is one.
    pub(super) torn: Option<Cut>,
    /// The link at the position that was asked for, where the journal reaches it.
    pub(super) watched: Option<Link>,
}

/// Reads and verifies all segments of `dir`. `watch` is a position whose link the caller wants to compare.
pub(super) fn scan(dir: &Path, watch: u64) -> Result<Scan, StoreError> {
    let files = numbered(dir, 8, ".journal")?;
    let mut scan = Scan { segments: Vec::new(), position: 0, head: [0; 32], torn: None, watched: None };
    scan.note_watched(watch);
    let newest = files.last().map(|(number, _)| *number);
    for (expected, (number, path)) in (1..).zip(&files) {
        if *number != expected {
            return Err(StoreError::corrupt(path, 0, format!("segment {expected:08} before it is missing")));
        }
        scan.segment(*number, path, Some(*number) == newest, watch)?;
    }
    Ok(scan)
}

impl Scan {
    fn note_watched(&mut self, watch: u64) {
        if self.position == watch {
            self.watched = Some(self.head);
        }
    }

    /// Reads one segment to its end, or to its torn tail where it is the newest.
    fn segment(&mut self, number: u32, path: &Path, newest: bool, watch: u64) -> Result<(), StoreError> {
        let (mut reader, size) = open_segment(path)?;
        let before = self.position;
        loop {
            let step = reader.step().map_err(|e| StoreError::io("read", path, e))?;
            match step {
                Step::Entry => {
                    let link = entries::link(&self.head, &reader.payload);
                    if link != reader.link {
                        let what = "the entry does not follow from the one before it: the chain is broken";
                        return Err(StoreError::corrupt(path, reader.offset, what));
                    }
                    self.head = link;
                    self.position += 1;
                    self.note_watched(watch);
                }
                Step::Flawed(flaw) => {
                    if !newest || !self.torn_from(path, reader.offset, flaw)? {
                        return Err(StoreError::corrupt(path, reader.offset, flaw.text()));
                    }
                    self.torn = Some(Cut { file: path.to_owned(), offset: reader.offset, bytes: size - reader.offset });
                    break;
                }
                Step::End => break,
            }
        }
        self.segments.push(Segment { number, path: path.to_owned(), before, len: reader.offset });
        Ok(())
    }

    /// Whether the rest of the newest segment is an interrupted write.
    fn torn_from(&self, path: &Path, offset: u64, flaw: Flaw) -> Result<bool, StoreError> {
        let mut tail = Vec::new();
        File::open(path)
            .and_then(|mut file| {
                file.seek(SeekFrom::Start(offset))?;
                file.read_to_end(&mut tail)
            })
            .map_err(|e| StoreError::io("read", path, e))?;
        Ok(entries::is_torn(&tail, flaw, &self.head))
    }
}

/// A reader over a segment and the segment's size.
fn open_segment(path: &Path) -> Result<(Reader<BufReader<File>>, u64), StoreError> {
    let file = File::open(path).map_err(|e| StoreError::io("open", path, e))?;
    let size = file.metadata().map_err(|e| StoreError::io("look at", path, e))?.len();
    Ok((Reader::new(BufReader::with_capacity(256 << 10, file), size), size))
}

/// An entry as it is read back.
pub(super) struct Entry {
    pub(super) position: u64,
    pub(super) link: Link,
    pub(super) place: EntryPlace,
    pub(super) event: Event,
}

#[derive(Deserialize)]
struct Payload {
    seq: u64,
    event: Event,
}

/// The payload's event; `position` is the number it must carry, where that is known.
pub(super) fn decode(payload: &[u8], position: Option<u64>, path: &Path, offset: u64) -> Result<Event, StoreError> {
    match serde_json::from_slice::<Payload>(payload) {
        Ok(Payload { seq, event }) if position.is_none_or(|position| position == seq) => Ok(event),
        Ok(Payload { seq, .. }) => {
            let position = position.unwrap_or_default();
            Err(StoreError::corrupt(path, offset, format!("entry {position} calls itself {seq}")))
        }
        // An event, or a word in one, that this program does not know was written by a newer one.
        Err(error) if error.to_string().starts_with("unknown variant") => {
            Err(StoreError::NewerEvent { file: path.to_owned(), offset, what: variant_of(&error.to_string()) })
        }
        Err(error) => Err(StoreError::corrupt(path, offset, format!("the entry cannot be understood: {error}"))),
    }
}

/// The name in "unknown variant `name`, expected …".
fn variant_of(error: &str) -> String {
    error.split('`').nth(1).unwrap_or("without a name").chars().take(80).collect()
}

/// The journal, open for appending.
#[derive(Debug)]
pub(super) struct Journal {
    dir: PathBuf,
    segments: Vec<Segment>,
    newest: Growing,
    position: u64,
    head: Link,
    fail: FailPoints,
}

impl Journal {
    /// Opens the journal of `dir`, made where it is missing, and cuts off a torn tail.
    pub(super) fn open(dir: &Path, watch: u64, fail: FailPoints) -> Result<(Journal, Scan), StoreError> {
        std::fs::create_dir_all(dir).map_err(|e| StoreError::io("create", dir, e))?;
        let mut scan = scan(dir, watch)?;
        if scan.segments.is_empty() {
            scan.segments.push(Segment { number: 1, path: segment_path(dir, 1), before: 0, len: 0 });
        }
        let last = scan.segments.last().expect("a segment was pushed where there was none");
        let newest = Growing::open(&last.path, last.len)?;
        sync_dir(dir)?;
        if let Some(cut) = &scan.torn {
            let (file, offset, bytes) = (cut.file.display(), cut.offset, cut.bytes);
            tracing::warn!(%file, offset, bytes, "cut off the torn tail of the journal");
        }
        let segments = scan.segments.clone();
        let journal = Journal { dir: dir.to_owned(), segments, newest, position: scan.position, head: scan.head, fail };
        Ok((journal, scan))
    }

    /// Number of the last entry; 0 for an empty journal.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Link of the last entry.
    pub(super) fn head(&self) -> Link {
        self.head
    }

    /// All segments with the bytes they hold now.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let mut segments = self.segments.clone();
        if let Some(last) = segments.last_mut() {
            last.len = self.newest.len();
        }
        segments
    }

    /// Appends events (as JSON) with one fsync and gives the places of their entries. All or none are in.
    pub(super) fn append<'a>(&mut self, events: impl Iterator<Item = &'a [u8]>) -> Result<Vec<EntryPlace>, StoreError> {
        if self.newest.len() >= SEGMENT_BYTES {
            self.rotate()?;
        }
        let segment = self.segments.last().map_or(1, |segment| segment.number);
        let (mut bytes, mut head, mut position, mut places) = (Vec::new(), self.head, self.position, Vec::new());
        for event in events {
            position += 1;
            let offset = self.newest.len() + bytes.len() as u64;
            let (link, length) = entries::encode(&mut bytes, &head, position, event);
            places.push(EntryPlace(segment, offset, length));
            head = link;
        }
        if position > self.position {
            self.newest.append(&bytes, &self.fail)?;
        }
        (self.head, self.position) = (head, position);
        Ok(places)
    }

    /// Begins a new segment.
    fn rotate(&mut self) -> Result<(), StoreError> {
        let number = self.segments.last().map_or(1, |segment| segment.number + 1);
        let path = segment_path(&self.dir, number);
        let next = Growing::open(&path, 0)?;
        sync_dir(&self.dir)?;
        self.segments = self.segments();
        self.segments.push(Segment { number, path, before: self.position, len: 0 });
        self.newest = next;
        Ok(())
    }

    /// Gives every entry after position `after`, in order, to `visit`.
    pub(super) fn replay(&self, after: u64, visit: &mut dyn FnMut(Entry) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let first = self.segments.iter().rposition(|segment| segment.before <= after).unwrap_or(0);
        for segment in &self.segments()[first..] {
            let (mut reader, _) = open_segment(&segment.path)?;
            let mut position = segment.before;
            while position < self.position {
                match reader.step().map_err(|e| StoreError::io("read", &segment.path, e))? {
                    Step::Entry => position += 1,
                    Step::End => break,
                    Step::Flawed(flaw) => return Err(StoreError::corrupt(&segment.path, reader.offset, flaw.text())),
                }
                if position > after {
                    let place = EntryPlace(segment.number, reader.offset, reader.payload.len() as u32);
                    let event = decode(&reader.payload, Some(position), &segment.path, reader.offset)?;
                    visit(Entry { position, link: reader.link, place, event })?;
                }
            }
        }
        Ok(())
    }
}

/// File of a segment.
pub(super) fn segment_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}.journal"))
}
