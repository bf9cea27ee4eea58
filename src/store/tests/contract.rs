//! What every engine must do, and what reopening must find.

use super::samples::*;
use super::{answers, open};
use crate::model::{ChangeKind, Event, FindingState, RunState};
use crate::store::{Engine, IndexFound, Options, Store, StoreError};
use std::sync::Arc;

/// Fills a store with a bit of everything.
fn fill(store: &Store) {
    assert!(store.keep(b"<html>list</html>", sighting(1)).unwrap().new);
    assert!(!store.keep(b"<html>list</html>", sighting(2)).unwrap().new);
    store.keep(&[7; 100_000], sighting(3)).unwrap();
    let events = vec![
        run("r1", "yunxi", RunState::Queued),
        run("r2", "liuhe", RunState::Queued),
        run("r1", "yunxi", RunState::Running),
        run("r1", "yunxi", RunState::Complete),
        run("r3", "yunxi", RunState::Queued),
        fetched("a/b", 2),
        look("yunxi", 1, true),
        look("yunxi", 2, false),
        report("yunxi", 2025, 1),
        report("yunxi", 2024, 2),
        report("yunxi", 2025, 3),
        change("f1", ChangeKind::Opened, FindingState::Open),
        step("f1", "notify", 4),
        composed("d1", "office", 2),
        composed("d2", "office", 1),
    ];
    store.record_all(events).unwrap();
    store.record(delivered("d1", 1)).unwrap();
    store.record(delivered("d2", 0)).unwrap();
}

/// The answers that `fill` leads to.
fn check(store: &Store) {
    let ids = |runs: Vec<crate::model::Run>| runs.into_iter().map(|run| run.id).collect::<Vec<_>>();
    assert_eq!(store.position(), 20);
    assert_eq!(store.stats().unwrap().snapshots, 2);
    assert_eq!(store.stats().unwrap().entries, 20);
    assert!(store.stats().unwrap().bytes > 1000);

    let list = store.places().unwrap().remove(0).sha256;
    assert_eq!(store.body(&list).unwrap().unwrap(), b"<html>list</html>");
    assert_eq!(store.sightings(&list).unwrap(), [sighting(1), sighting(2)]);
    assert_eq!(store.body("no such name").unwrap(), None);
    assert!(store.warc_record(&list).unwrap().unwrap().ends_with(b"\r\n\r\n<html>list</html>\r\n\r\n"));

    assert_eq!(ids(store.runs(2).unwrap()), ["r3", "r2"]);
    assert_eq!(ids(store.runs(0).unwrap()), Vec::<String>::new());
    assert_eq!(ids(store.open_runs().unwrap()), ["r2", "r3"]);
    assert_eq!(store.run("r1").unwrap().unwrap().state, RunState::Complete);
    assert_eq!(store.last_run_of("yunxi").unwrap().unwrap().id, "r3");
    assert_eq!(store.last_complete_run_of("yunxi").unwrap().unwrap().id, "r1");
    assert_eq!(store.last_complete_run_of("liuhe").unwrap(), None);

    assert_eq!(store.page("a/b").unwrap().unwrap().gone_looks, 2);
    assert_eq!(store.looks("yunxi").unwrap().len(), 2);
    assert_eq!(store.last_complete_look("yunxi").unwrap().unwrap().at, time(1));
    assert_eq!(store.last_complete_look("liuhe").unwrap(), None);

    assert_eq!(store.report("yunxi/2025").unwrap().unwrap().first_seen, time(3));
    assert_eq!(store.reports().unwrap().len(), 2);
    let years: Vec<_> = store.reports_of("yunxi").unwrap().iter().map(|report| report.year).collect();
    assert_eq!(years, [2024, 2025]);
    assert_eq!(store.reports_of("yun").unwrap(), []);
    assert_eq!(store.reports_first_seen_since(11).unwrap().len(), 2);
    assert_eq!(store.reports_first_seen_since(12).unwrap()[0].id, "yunxi/2024");
    assert_eq!(store.reports_first_seen_since(u64::MAX).unwrap(), []);

    let finding = store.finding("f1").unwrap().unwrap();
    assert_eq!((finding.state, finding.due), (FindingState::Notified, "2026-02-01".parse().ok()));
    assert_eq!(store.steps("f1").unwrap()[0].by, "审核员甲");
    let (at, change) = store.changes_since(0).unwrap().remove(0);
    assert_eq!((at, change.finding.state), (15, FindingState::Open), "as it was before the step");
    assert_eq!(store.changes_since(15).unwrap(), []);

    let outbox = store.outbox().unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!((&outbox[0].0.id[..], &outbox[0].1[..]), ("d1", &["0:folder".to_owned()][..]));
    assert_eq!(store.last_digest("office").unwrap().unwrap().id, "d2");
    assert_eq!(store.digests().unwrap()[1].id, "d1");
    assert_eq!(store.receipts("d2").unwrap().len(), 1);
    assert!(store.verify(None).unwrap().sound());
}

#[test]
fn every_engine_answers_before_and_after_reopening() {
    for engine in Engine::ALL {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), engine);
        fill(&store);
        check(&store);
        let head = store.head().unwrap();
        drop(store);
        let again = open(dir.path(), engine);
        check(&again);
        assert_eq!(again.head().unwrap(), head);
        if engine == Engine::Sled {
            assert_eq!(again.opened().index, IndexFound::Current);
        }
    }
}

#[test]
fn a_change_is_told_as_it_was_although_the_finding_moves_on() {
    use FindingState::{Confirmed, Open, Resolved};
    let dir = tempfile::tempdir().unwrap();
    for engine in Engine::ALL {
        let store = open(&dir.path().join(format!("{engine:?}")), engine);
        let events = [
            change("f1", ChangeKind::Opened, Open),
            change("f2", ChangeKind::Opened, Open),
            step("f1", "confirm", 1),
            step("f1", "unheard of", 2),
            change("f1", ChangeKind::Changed, Confirmed),
            change("f1", ChangeKind::Resolved, Resolved),
        ];
        for event in events {
            store.record(event).unwrap();
        }
        let told: Vec<_> = store.changes_since(0).unwrap();
        let told: Vec<_> = told.iter().map(|(at, it)| (*at, &*it.finding.fingerprint, it.kind, it.finding.state)).collect();
        let (opened, changed, resolved) = (ChangeKind::Opened, ChangeKind::Changed, ChangeKind::Resolved);
        let expected =
            [(1, "f1", opened, Open), (2, "f2", opened, Open), (5, "f1", changed, Confirmed), (6, "f1", resolved, Resolved)];
        assert_eq!(told, expected);
        let f1 = store.finding("f1").unwrap().unwrap();
        let mut all = store.findings_of(&f1.agency, f1.year).unwrap();
        all.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        assert_eq!(all, store.findings().unwrap());
        assert_eq!((all.len(), all[0].state), (2, Resolved));
        assert!(store.verify(None).unwrap().sound());
    }
}

#[test]
fn a_finding_that_is_looked_at_again_is_due_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Memory);
    let events = [change("f1", ChangeKind::Opened, FindingState::Open), step("f1", "notify", 1), step("f1", "reopen", 2)];
    let due = |event| {
        store.record(event).unwrap();
        store.finding("f1").unwrap().unwrap().due
    };
    assert_eq!(events.map(due), [None, "2026-02-01".parse().ok(), None]);
}

#[test]
fn the_index_may_be_deleted_damaged_or_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Sled);
    fill(&store);
    let before = answers(&store);
    drop(store);

    std::fs::remove_dir_all(dir.path().join("index")).unwrap();
    let store = open(dir.path(), Engine::Sled);
    assert_eq!((answers(&store), &store.opened().index), (before.clone(), &IndexFound::Rebuilt));
    drop(store);

    std::fs::write(dir.path().join("index/conf"), b"nonsense").unwrap();
    assert_eq!(answers(&open(dir.path(), Engine::Sled)), before);

    // Written to while another engine held the index.
    open(dir.path(), Engine::Memory).record(report("liuhe", 2025, 1)).unwrap();
    let store = open(dir.path(), Engine::Sled);
    assert_eq!(store.opened().index, IndexFound::CaughtUp(1));
    assert!(store.report("liuhe/2025").unwrap().is_some());
    drop(store);

    assert_eq!(Store::rebuild_index(dir.path()).unwrap(), 21);
    assert!(open(dir.path(), Engine::Sled).verify(None).unwrap().sound());
}

#[test]
fn one_process_has_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Memory);
    let Err(error) = Store::open(dir.path(), &Options::default()) else { panic!("opened twice") };
    assert!(matches!(error, StoreError::InUse { pid: Some(pid), .. } if pid == std::process::id()), "{error}");
    assert!(error.is_transient() && error.to_string().contains("daemon"));
    assert!(Store::rebuild_index(dir.path()).is_err());
    drop(store);
    open(dir.path(), Engine::Memory);
}

#[test]
fn many_writers_share_their_groups_and_none_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Sled);
    let bodies: Arc<Vec<Vec<u8>>> = Arc::new((0..40u8).map(|n| vec![n; 2000]).collect());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (store, bodies) = (store.clone(), Arc::clone(&bodies));
            scope.spawn(move || {
                for (n, body) in (0..).zip(bodies.iter()) {
                    store.keep(body, sighting(n)).unwrap();
                    store.record_with(|at| run(&format!("r{at}"), "yunxi", RunState::Queued)).unwrap();
                }
            });
        }
    });
    assert_eq!(store.position(), 640);
    assert_eq!(store.stats().unwrap().snapshots, 40);
    let runs = store.open_runs().unwrap();
    assert_eq!(runs.len(), 320, "every run has its own position as id");
    for place in store.places().unwrap() {
        assert_eq!(store.sightings(&place.sha256).unwrap().len(), 8);
    }
    assert!(store.verify(None).unwrap().sound());
    let shares: u64 = (1..=3).map(|share| store.verify(Some((share, 3))).unwrap().bodies_read).sum();
    assert_eq!(shares, 40);
}

#[test]
fn below_the_reserve_only_new_bodies_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Memory);
    store.keep(b"known", sighting(1)).unwrap();
    assert!(!store.disk_low());
    drop(store);
    let options = Options { disk_reserve: u64::MAX, engine: Engine::Memory, fail_at: None };
    let store = Store::open(dir.path(), &options).unwrap();
    assert!(store.disk_low());
    let error = store.keep(b"unknown", sighting(2)).unwrap_err();
    assert!(matches!(error, StoreError::DiskReserve { .. }) && error.is_transient());
    assert!(!store.keep(b"known", sighting(2)).unwrap().new);
    store.record(Event::Started { version: "0.1.0".to_owned(), rules: "x".to_owned(), at: time(0) }).unwrap();
    assert_eq!(store.position(), 3);
}

#[test]
fn an_event_beyond_all_bounds_is_refused_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Memory);
    let note = "字".repeat(crate::store::entries::MAX_PAYLOAD / 3);
    let huge = Event::Step { fingerprint: String::new(), step: String::new(), by: String::new(), note, due: None, at: time(0) };
    assert!(matches!(store.record(huge), Err(StoreError::TooLarge { .. })));
    assert_eq!(store.record(report("yunxi", 2025, 1)).unwrap(), 1);
}

#[test]
fn a_backup_restores_to_the_same_answers() {
    let (dir, backup, restored) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(dir.path(), Engine::Sled);
    fill(&store);
    let before = answers(&store);
    let copied = store.backup(backup.path()).unwrap();
    assert_eq!((copied.entries, copied.head), store.head().unwrap());
    store.record(report("liuhe", 2025, 1)).unwrap();
    assert!(matches!(store.backup(backup.path()), Err(StoreError::NotEmpty { .. })));
    assert!(matches!(Store::restore(restored.path(), dir.path()), Err(StoreError::NoBackup { .. })));
    assert!(matches!(Store::restore(backup.path(), dir.path()), Err(StoreError::InUse { .. })));
    assert_eq!(Store::restore(backup.path(), restored.path()).unwrap().entries, 20);
    let again = open(restored.path(), Engine::Sled);
    assert_eq!(answers(&again), before);
    assert!(again.verify(None).unwrap().sound());
}

#[test]
fn segments_follow_one_another() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Sled);
    for n in 0..60u32 {
        store.keep(format!("body {n}").as_bytes(), sighting(n)).unwrap();
    }
    let before = answers(&store);
    assert!(store.place(&store.places().unwrap()[59].sha256).unwrap().unwrap().segment > 2);
    assert!(dir.path().join("journal/00000002.journal").exists());
    let mut seen = Vec::new();
    store.events_since(30, |at, _| seen.push(at)).unwrap();
    assert_eq!(seen, (31..=60).collect::<Vec<u64>>());
    drop(store);
    let store = open(dir.path(), Engine::Memory);
    assert_eq!(answers(&store), before);
    assert!(store.verify(None).unwrap().sound());
}
