//! Writing, a group at a time: bodies, then journal, then index, each with one fsync for the whole group.
//!
//! Callers put their work into a queue and then wait for the writer's lock. Whoever gets it does all the work
//! that is queued by then and leaves each caller its result; the others find theirs done when the lock reaches
//! them. Under load the groups grow by themselves, and a lone caller waits for nobody.

use super::projection::Told;
use super::snapshots::Record;
use super::{Inner, StoreError, Writer};
use crate::model::{Event, Sighting};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Something to be written.
pub(super) enum Work {
    Keep(Box<Keep>),
    /// Events with their JSON.
    Events(Vec<(Event, Vec<u8>)>),
}

/// A sighting of a body.
pub(super) struct Keep {
    pub(super) sha256: String,
    pub(super) size: u64,
    /// The compressed record, unless the body was known when the call began.
    pub(super) frame: Option<Vec<u8>>,
    pub(super) sighting: Sighting,
    /// What follows from it and is written down with it.
    pub(super) then: Option<(Event, Vec<u8>)>,
}

/// What became of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done {
    /// Position of its last event.
    pub(super) position: u64,
    /// Whether a body was kept for the first time.
    pub(super) new: bool,
}

/// A caller's result, filled by whoever did the work.
type Slot = Arc<Mutex<Option<Result<Done, StoreError>>>>;

/// The work that waits for the writer.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Vec<(Work, Slot)>>,
}

/// An event as JSON, held to the size an entry may have.
pub(super) fn json(event: &Event) -> Result<Vec<u8>, StoreError> {
    let limit = super::entries::MAX_PAYLOAD - 64;
    let bytes = serde_json::to_vec(event).map_err(|e| StoreError::Io {
        what: "write an event to",
        path: "journal".into(),
        source: Arc::new(e.into()),
    })?;
    if bytes.len() > limit {
        return Err(StoreError::TooLarge { size: bytes.len() as u64, limit: limit as u64 });
    }
    Ok(bytes)
}

impl Inner {
    /// The writer, unless a caller died while it wrote.
    pub(super) fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        self.writer.lock().map_err(|_| StoreError::Halted { why: "a write ended in a panic".to_owned() })
    }

    /// Has the work done, by this caller or by one that came before it.
    pub(super) fn commit(&self, work: Work) -> Result<Done, StoreError> {
        let slot: Slot = Slot::default();
        lock(&self.queue.waiting).push((work, Arc::clone(&slot)));
        let mut writer = self.writer()?;
        if let Some(done) = lock(&slot).take() {
            return done;
        }
        let (works, slots): (Vec<Work>, Vec<Slot>) = std::mem::take(&mut *lock(&self.queue.waiting)).into_iter().unzip();
        match self.write_group(&mut writer, works) {
            Ok(all) => slots.iter().zip(all).for_each(|(slot, done)| *lock(slot) = Some(Ok(done))),
            Err(error) => slots.iter().for_each(|slot| *lock(slot) = Some(Err(error.clone()))),
        }
        lock(&slot).take().unwrap_or_else(|| Err(StoreError::Halted { why: "a write was lost from its group".to_owned() }))
    }

    /// Writes a group; all of it or none.
    pub(super) fn write_group(&self, writer: &mut Writer, works: Vec<Work>) -> Result<Vec<Done>, StoreError> {
        let before = writer.snapshots.end();
        let (events, ends) = self.keep_bodies(writer, works)?;
        let start = writer.journal.position();
        let places =
            writer.journal.append(events.iter().map(|(_, json)| &json[..])).inspect_err(|_| writer.snapshots.cut_back(before))?;
        let told = (start + 1..).zip(places).zip(&events).map(|((at, entry), (event, _))| Told { at, entry, event });
        self.index.follow(&writer.journal, &told.collect::<Vec<_>>())?;
        Ok(ends.into_iter().map(|(count, new)| Done { position: start + count, new }).collect())
    }

    /// Appends the bodies that are new and turns all work into events. Beside them, for each piece of work, how
    /// many events there are up to its end and whether it kept a new body.
    fn keep_bodies(&self, writer: &mut Writer, works: Vec<Work>) -> Result<(Events, Vec<(u64, bool)>), StoreError> {
        let mut records: Vec<Record> = Vec::new();
        let mut planned = Vec::with_capacity(works.len());
        for work in works {
            planned.push(match work {
                Work::Events(events) => Planned::Events(events),
                Work::Keep(keep) => {
                    let Keep { sha256, size, frame, sighting, then } = *keep;
                    match frame {
                        Some(frame) if self.place(&sha256)?.is_none() && records.iter().all(|r| r.sha256 != sha256) => {
                            records.push(Record { sha256, size, frame, sighting });
                            Planned::Kept(records.len() - 1, then)
                        }
                        _ => Planned::Seen(sha256, sighting, then),
                    }
                }
            });
        }
        let places = writer.snapshots.append(&records)?;
        let (mut events, mut ends) = (Events::new(), Vec::with_capacity(planned.len()));
        for plan in planned {
            let new = matches!(plan, Planned::Kept(..));
            let (event, then) = match plan {
                Planned::Events(more) => {
                    events.extend(more);
                    (None, None)
                }
                Planned::Seen(sha256, sighting, then) => (Some(Event::SeenAgain { sha256, sighting }), then),
                Planned::Kept(n, then) => {
                    (Some(Event::Kept { place: places[n].clone(), sighting: records[n].sighting.clone() }), then)
                }
            };
            if let Some(event) = event {
                let json = json(&event)?;
                events.push((event, json));
            }
            events.extend(then);
            ends.push((events.len() as u64, new));
        }
        Ok((events, ends))
    }
}

/// Events with their JSON.
type Events = Vec<(Event, Vec<u8>)>;

/// A piece of work once it is known which bodies are new.
enum Planned {
    Events(Events),
    Seen(String, Sighting, Option<(Event, Vec<u8>)>),
    /// The n-th record of the group.
    Kept(usize, Option<(Event, Vec<u8>)>),
}

/// A lock that guards a value which is whole at any moment, so that a panic elsewhere does no harm to it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
