//! Torn tails are cut; damage and forgery are named with file and offset.

use super::open;
use super::samples::*;
use crate::store::entries::{self, HEADER};
use crate::store::{Damage, Engine, IndexFound, Options, Store, StoreError};
use std::path::{Path, PathBuf};

/// Three entries, and the file they lie in with the offset of each.
fn three(dir: &Path) -> (PathBuf, Vec<usize>) {
    let store = open(dir, Engine::Sled);
    for year in 2023..=2025 {
        store.record(report("yunxi", year, 1)).unwrap();
    }
    let file = dir.join("journal/00000001.journal");
    let bytes = std::fs::read(&file).unwrap();
    let mut offsets = vec![0];
    while let Some(length) = bytes.get(offsets[offsets.len() - 1]..).and_then(|rest| rest.first_chunk::<4>()) {
        offsets.push(offsets[offsets.len() - 1] + HEADER + u32::from_le_bytes(*length) as usize);
    }
    assert_eq!(offsets.pop(), Some(bytes.len()));
    (file, offsets)
}

fn error_of(dir: &Path) -> StoreError {
    match Store::open(dir, &Options::default()) {
        Ok(_) => panic!("it should not open"),
        Err(error) => error,
    }
}

#[test]
fn an_entry_damaged_under_an_open_store_is_no_answer() {
    let dir = tempfile::tempdir().unwrap();
    let (file, offsets) = three(dir.path());
    let store = open(dir.path(), Engine::Sled);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[offsets[1] + HEADER + 20] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert!(store.report("yunxi/2023").unwrap().is_some());
    let error = store.report("yunxi/2024").unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { offset, .. } if offset == offsets[1] as u64), "{error}");
}

#[test]
fn a_torn_tail_is_cut_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (file, offsets) = three(dir.path());
    let whole = std::fs::read(&file).unwrap();
    for end in [offsets[2] + 1, offsets[2] + HEADER, whole.len() - 1] {
        std::fs::write(&file, &whole[..end]).unwrap();
        let store = open(dir.path(), Engine::Sled);
        let cut = store.opened().journal_cut.clone().unwrap();
        assert_eq!((cut.offset, cut.bytes), (offsets[2] as u64, (end - offsets[2]) as u64));
        assert_eq!(store.position(), 2);
        assert!(store.report("yunxi/2025").unwrap().is_none());
        assert_eq!(store.record(report("yunxi", 2025, 1)).unwrap(), 3);
        drop(store);
        assert_eq!(open(dir.path(), Engine::Sled).opened().journal_cut, None);
    }
    // What was never accepted: half an entry, then zeros, as a power cut leaves them.
    let mut more = std::fs::read(&file).unwrap();
    let length = more.len();
    let again = more[offsets[2]..offsets[2] + 60].to_vec();
    more.extend(again);
    more.extend([0; 5000]);
    std::fs::write(&file, &more).unwrap();
    let store = open(dir.path(), Engine::Sled);
    assert_eq!((store.position(), store.opened().journal_cut.as_ref().unwrap().offset), (3, length as u64));
    assert_eq!(store.opened().index, IndexFound::Current);
}

#[test]
fn a_journal_that_lost_accepted_entries_opens_but_is_not_sound() {
    let dir = tempfile::tempdir().unwrap();
    let (file, offsets) = three(dir.path());
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..offsets[1]]).unwrap();
    let report = Store::verify_folder(dir.path(), &Options::default(), None).unwrap();
    assert!(matches!(report.damage[..], [Damage::JournalShort(2)]), "{report:?}");
    assert!(report.damage[0].mended_by().starts_with("nianjian restore"));
}

#[test]
fn any_flipped_byte_is_found_with_file_and_offset() {
    let dir = tempfile::tempdir().unwrap();
    let (file, offsets) = three(dir.path());
    let whole = std::fs::read(&file).unwrap();
    for entry in 0..3 {
        for within in [0, 3, 5, 9, HEADER - 1, HEADER, HEADER + 9, HEADER + 60] {
            let mut bytes = whole.clone();
            bytes[offsets[entry] + within] ^= 0x20;
            std::fs::write(&file, &bytes).unwrap();
            match error_of(dir.path()) {
                StoreError::Corrupt { file: named, offset, .. } => {
                    assert_eq!((named, offset), (file.clone(), offsets[entry] as u64), "entry {entry}, byte {within}");
                }
                other => panic!("{other}"),
            }
            assert_eq!(std::fs::read(&file).unwrap(), bytes, "nothing may be cut off");
        }
    }
    let report = Store::verify_folder(dir.path(), &Options::default(), None).unwrap();
    assert!(matches!(&report.damage[..], [Damage::Journal(StoreError::Corrupt { .. })]));
    assert!(error_of(dir.path()).message().zh.contains("nianjian restore"));
}

#[test]
fn a_rewritten_entry_breaks_the_chain_even_with_its_checksums_right() {
    let dir = tempfile::tempdir().unwrap();
    let (file, offsets) = three(dir.path());
    let whole = std::fs::read(&file).unwrap();
    let event = serde_json::to_vec(&report("liuhe", 2024, 1)).unwrap();
    let link = |at: usize| -> entries::Link { whole[offsets[at] + 8..offsets[at] + HEADER].try_into().unwrap() };

    // Entry 2 alone is forged.
    let mut forged = whole[..offsets[1]].to_vec();
    let (new, _) = entries::encode(&mut forged, &link(0), 2, &event);
    let third = forged.len();
    forged.extend_from_slice(&whole[offsets[2]..]);
    std::fs::write(&file, &forged).unwrap();
    let error = error_of(dir.path());
    assert!(matches!(error, StoreError::Corrupt { offset, .. } if offset == third as u64), "{error}");

    // All entries after it are forged too: the chain is whole, but not the one that the index knows.
    forged.truncate(third);
    entries::encode(&mut forged, &new, 3, &serde_json::to_vec(&report("yunxi", 2025, 1)).unwrap());
    std::fs::write(&file, &forged).unwrap();
    let error = error_of(dir.path());
    assert!(matches!(error, StoreError::HistoryRewritten { position: 3 }), "{error}");
    assert_eq!(Store::rebuild_index(dir.path()).unwrap(), 3);
    assert!(open(dir.path(), Engine::Sled).report("liuhe/2024").unwrap().is_some());
}

#[test]
fn an_entry_of_a_newer_version_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (file, offsets) = three(dir.path());
    let mut bytes = std::fs::read(&file).unwrap();
    let previous: entries::Link = bytes[offsets[2] + 8..offsets[2] + HEADER].try_into().unwrap();
    entries::encode(&mut bytes, &previous, 4, br#"{"seen-from-orbit":{"by":"x"}}"#);
    std::fs::write(&file, bytes).unwrap();
    let error = error_of(dir.path());
    assert!(matches!(&error, StoreError::NewerEvent { what, .. } if what == "seen-from-orbit"), "{error}");
}

#[test]
fn a_missing_segment_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let (file, _) = three(dir.path());
    std::fs::rename(&file, dir.path().join("journal/00000002.journal")).unwrap();
    assert!(matches!(error_of(dir.path()), StoreError::Corrupt { .. }));
}

#[test]
fn a_damaged_body_is_named_and_the_others_still_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Memory);
    let names: Vec<_> = (1..4u8).map(|n| store.keep(&[n; 500], sighting(n.into())).unwrap().sha256).collect();
    let place = store.place(&names[1]).unwrap().unwrap();
    let file = dir.path().join("snapshots/000001.warc.zst");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[place.offset as usize + 20] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(matches!(store.body(&names[1]), Err(StoreError::Body { .. })));
    assert_eq!(store.body(&names[2]).unwrap().unwrap(), [3; 500]);
    let report = store.verify(None).unwrap();
    assert_eq!((report.bodies_read, report.damage.len()), (3, 1));
    assert!(matches!(&report.damage[0], Damage::Body(StoreError::Body { sha256, .. }) if *sha256 == names[1]));

    // Cut short, it opens, names the lost ones and goes on in a new segment.
    drop(store);
    std::fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(place.offset + 5).unwrap();
    let store = open(dir.path(), Engine::Memory);
    assert_eq!(store.verify(None).unwrap().damage.len(), 2);
    let kept = store.keep(b"after", sighting(9)).unwrap();
    assert_eq!(store.place(&kept.sha256).unwrap().unwrap().segment, 2);
    assert_eq!(store.body(&kept.sha256).unwrap().unwrap(), b"after");
    assert_eq!(store.body(&names[0]).unwrap().unwrap(), [1; 500]);
}

#[test]
fn bodies_outlive_the_loss_of_their_journal() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, file) = (dir.path().join("journal/00000001.journal"), dir.path().join("snapshots/000001.warc.zst"));
    let store = open(dir.path(), Engine::Sled);
    store.keep(b"one", sighting(1)).unwrap();
    let short = std::fs::read(&journal).unwrap();
    store.keep(b"two", sighting(2)).unwrap();
    drop(store);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&journal, short).unwrap();
    let store = open(dir.path(), Engine::Sled);
    assert_eq!(store.opened().index, IndexFound::Ahead(1));
    assert_eq!(std::fs::read(file.with_extension("zst.cut-1")).unwrap(), whole);
}

#[test]
fn snapshots_that_the_journal_does_not_know_are_cut_or_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), Engine::Sled);
    let name = store.keep(b"known", sighting(1)).unwrap().sha256;
    drop(store);
    let file = dir.path().join("snapshots/000001.warc.zst");
    let sound = std::fs::read(&file).unwrap();
    std::fs::write(&file, [&sound[..], b"torn"].concat()).unwrap();
    std::fs::write(dir.path().join("snapshots/000002.warc.zst"), b"begun").unwrap();
    let store = open(dir.path(), Engine::Sled);
    assert_eq!(store.opened().snapshots_cut, 9);
    assert_eq!(std::fs::read(&file).unwrap(), sound);
    assert_eq!(store.body(&name).unwrap().unwrap(), b"known");
    assert!(dir.path().join("snapshots/000002.warc.zst.cut-1").exists());
}
