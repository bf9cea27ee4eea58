//! Random histories give the same answers on every engine; random files never panic.

use super::samples::*;
use super::{answers, open};
use crate::store::{Engine, Options, Store};
use proptest::prelude::*;

/// Lets things happen to a store.
fn happen(store: &Store, happenings: &[Happening]) {
    for happening in happenings {
        match happening {
            Happening::Events(events) => drop(store.record_all(events.clone()).unwrap()),
            Happening::Body(body, n) => drop(store.keep(body, sighting(*n)).unwrap()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn memory_sled_and_rebuilt_answer_alike(happenings in prop::collection::vec(any_happening(), 0..30)) {
        let (memory_dir, sled_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let memory = open(memory_dir.path(), Engine::Memory);
        let sled = open(sled_dir.path(), Engine::Sled);
        happen(&memory, &happenings);
        happen(&sled, &happenings);
        let expected = answers(&memory);
        prop_assert_eq!(&answers(&sled), &expected);
        prop_assert_eq!(memory.head().unwrap(), sled.head().unwrap());
        prop_assert!(sled.verify(None).unwrap().sound());
        drop(sled);
        Store::rebuild_index(sled_dir.path()).unwrap();
        prop_assert_eq!(&answers(&open(sled_dir.path(), Engine::Sled)), &expected);
        drop(memory);
        prop_assert_eq!(&answers(&open(memory_dir.path(), Engine::Memory)), &expected);
    }

    #[test]
    fn any_bytes_as_a_journal_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), damage in any::<(u16, u8)>()) {
        let options = Options { engine: Engine::Memory, ..Options::default() };
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("journal/00000001.journal");
        std::fs::create_dir_all(dir.path().join("journal")).unwrap();
        std::fs::write(&file, &bytes).unwrap();
        drop(Store::open(dir.path(), &options));

        // A sound journal with one byte changed and random bytes behind it.
        std::fs::remove_file(&file).unwrap();
        let store = open(dir.path(), Engine::Memory);
        store.record_all(vec![report("yunxi", 2024, 1), look("liuhe", 1, true)]).unwrap();
        drop(store);
        let mut sound = std::fs::read(&file).unwrap();
        let at = usize::from(damage.0) % sound.len();
        sound[at] ^= damage.1;
        sound.extend(&bytes);
        std::fs::write(&file, &sound).unwrap();
        drop(Store::open(dir.path(), &options));
    }
}
