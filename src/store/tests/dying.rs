//! Dying at every durable write, and disks that fill up.

use super::samples::*;
use super::{answers, open, open_failing};
use crate::model::{Event, RunState};
use crate::store::failpoint::FailPoints;
use crate::store::{Engine, Options, Store, StoreError};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Folder in which a child process works until it dies.
const CHILD_DIR: &str = "NIANJIAN_TEST_DYING_DIR";
/// The durable write at which it dies.
const CHILD_AT: &str = "NIANJIAN_TEST_DYING_AT";

/// Keeps bodies and records events, and calls `accepted` with every position that was acknowledged.
fn work(store: &Store, mut accepted: impl FnMut(u64)) -> Result<(), StoreError> {
    for n in 0..3u32 {
        store.keep(&[n as u8; 3000], sighting(n))?;
        accepted(store.position());
        let events = vec![report("yunxi", 2023 + n as i32, n), run(&format!("r{n}"), "yunxi", RunState::Queued)];
        accepted(store.record_all(events)?);
    }
    Ok(())
}

/// Not a test of its own: the child of the test below.
#[test]
fn child_that_dies() {
    let (Ok(dir), Ok(at)) = (std::env::var(CHILD_DIR), std::env::var(CHILD_AT)) else { return };
    let options = Options { fail_at: at.parse().ok(), ..Options::default() };
    let store = Store::open(Path::new(&dir), &options).unwrap();
    let mut log = std::fs::File::create(Path::new(&dir).join("accepted")).unwrap();
    work(&store, |position| writeln!(log, "{position}").unwrap()).unwrap();
}

#[test]
fn nothing_accepted_is_lost_wherever_the_process_dies() {
    let mut died = 0;
    for at in 1.. {
        let dir = tempfile::tempdir().unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::dying::child_that_dies"])
            .env(CHILD_DIR, dir.path())
            .env(CHILD_AT, at.to_string())
            .output()
            .unwrap();
        let accepted = std::fs::read_to_string(dir.path().join("accepted")).unwrap_or_default();
        let accepted: u64 = accepted.lines().last().map_or(0, |line| line.parse().unwrap());
        let store = open(dir.path(), Engine::Sled);
        assert!(store.position() >= accepted, "write {at}: {accepted} accepted, {} found", store.position());
        assert!(store.verify(None).unwrap().sound(), "write {at}: {:?}", store.verify(None).unwrap());
        work(&store, |_| {}).unwrap();
        assert_eq!(store.stats().unwrap().snapshots, 3);
        assert_eq!(store.reports().unwrap().len(), 3);
        assert!(store.verify(None).unwrap().sound());
        if child.status.success() {
            break;
        }
        died += 1;
    }
    // The empty index, then for each of three rounds body, journal, index and journal, index.
    assert_eq!(died, 16);
}

#[test]
fn a_full_disk_refuses_cleanly_and_the_next_try_succeeds() {
    for at in 1..=17 {
        let dir = tempfile::tempdir().unwrap();
        let store = open_failing(dir.path(), FailPoints::full(at, 1)).unwrap();
        let mut refused = 0;
        while let Err(error) = work(&store, |_| {}) {
            assert!(matches!(error, StoreError::DiskFull { .. }) && error.is_transient(), "write {at}: {error}");
            refused += 1;
        }
        assert!(refused <= 1);
        let report = store.verify(None).unwrap();
        assert!(report.sound(), "write {at}: {report:?}");
        let before = answers(&store);
        drop(store);
        let again = open(dir.path(), Engine::Sled);
        assert_eq!(again.opened().journal_cut, None, "write {at}");
        assert_eq!(answers(&again), before, "write {at}");
        assert!(again.verify(None).unwrap().sound());
    }
}

#[test]
fn an_unwritable_folder_is_told_from_other_failures() {
    let io = |code| StoreError::io("open", Path::new("data"), std::io::Error::from_raw_os_error(code));
    assert!(matches!(io(30), StoreError::ReadOnly { .. }), "EROFS");
    assert!(matches!(io(13), StoreError::ReadOnly { .. }), "EACCES");
    assert!(matches!(io(28), StoreError::DiskFull { .. }), "ENOSPC");
    assert!(matches!(io(122), StoreError::DiskFull { .. }), "EDQUOT");
    assert!(matches!(io(5), StoreError::Io { .. }), "EIO");
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(Store::open(&file.path().join("data"), &Options::default()).is_err());
}

#[test]
fn a_lone_event_costs_one_entry() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Memory);
    assert_eq!(store.record_all(Vec::new()).unwrap(), 0);
    let started = Event::Started { version: "0.1.0".to_owned(), rules: "x".to_owned(), at: time(0) };
    assert_eq!(store.record(started).unwrap(), 1);
    let mut seen = Vec::new();
    store.events_since(0, |at, event| seen.push((at, event))).unwrap();
    assert_eq!(seen.len(), 1);
}
