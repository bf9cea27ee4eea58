//! Tests of the whole room: the contract on every engine, dying and reopening, damage, full disks.

mod contract;
mod damage;
mod dying;
mod random;
mod samples;

use super::failpoint::FailPoints;
use super::folder::FolderLock;
use super::{Engine, Options, Store, StoreError};
use std::path::Path;

/// Opens a store with an engine and no reserve.
fn open(dir: &Path, engine: Engine) -> Store {
    Store::open(dir, &Options { engine, ..Options::default() }).unwrap()
}

/// Opens a store on a disk that fails.
fn open_failing(dir: &Path, fail: FailPoints) -> Result<Store, StoreError> {
    Store::open_locked(dir, &Options::default(), FolderLock::take(dir).unwrap(), fail)
}

/// Everything that can be asked, as one text, so that two stores can be compared.
fn answers(store: &Store) -> String {
    let s = samples::names();
    let each = |f: &dyn Fn(&str) -> String| s.iter().map(|name| f(name)).collect::<Vec<_>>().join("\n");
    let mut all = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n",
        store.position(),
        store.stats().unwrap().snapshots,
        store.places().unwrap(),
        store.runs(usize::MAX).unwrap(),
        store.open_runs().unwrap(),
        store.reports().unwrap(),
        store.findings().unwrap(),
        store.digests().unwrap(),
        store.outbox().unwrap(),
        store.changes_since(3).unwrap(),
        store.reports_first_seen_since(3).unwrap(),
        store.started().unwrap(),
    );
    all += &each(&|n| {
        format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}",
            store.page(n).unwrap(),
            store.looks(n).unwrap(),
            store.last_complete_look(n).unwrap(),
            store.last_run_of(n).unwrap(),
            store.last_complete_run_of(n).unwrap(),
            store.reports_of(n).unwrap(),
        )
    });
    all += &each(&|n| {
        format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}",
            store.run(n).unwrap(),
            store.report(&format!("{n}/2024")).unwrap(),
            store.steps(n).unwrap(),
            store.sightings(n).unwrap(),
            store.last_digest(n).unwrap(),
            store.receipts(n).unwrap(),
        )
    });
    all
}
