//! The engines under the index: an ordered map of bytes with atomic batches, and nothing more.
//!
//! `memory` serves tests and steps in where the disk fails the other one; `sled` is the embedded default. To add
//! one, write its file and a row in [`Engine`]; the contract tests run on every row.

use super::StoreError;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

/// Which engine holds the index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// On disk, in `data/index`.
    #[default]
    Sled,
    /// In memory, rebuilt from the journal on every opening.
    Memory,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Engine; 2] = [Engine::Sled, Engine::Memory];

    /// Opens the engine; `dir` is the folder of an engine on disk.
    pub(super) fn open(self, dir: &Path) -> Result<Box<dyn KeyValues>, StoreError> {
        match self {
            Engine::Sled => Ok(Box::new(super::sled_engine::Sled::open(dir)?)),
            Engine::Memory => Ok(Box::new(Memory::default())),
        }
    }
}

/// Keys with their new values; `None` removes the key.
pub(super) type Puts = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Called with each key and value of a range; `false` ends the walk. Must not call the engine again.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<bool, StoreError>;

/// An ordered map of bytes.
pub(super) trait KeyValues: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// Walks the keys from `from` (in) to `to` (out), upwards, or downwards where `newest_first`.
    fn scan(&self, from: &[u8], to: &[u8], newest_first: bool, visit: Visit<'_>) -> Result<(), StoreError>;
    /// Takes all puts or none.
    fn apply(&self, puts: &Puts) -> Result<(), StoreError>;
}

/// An engine that is a map in memory.
#[derive(Debug, Default)]
pub(super) struct Memory {
    map: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl KeyValues for Memory {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.map.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn scan(&self, from: &[u8], to: &[u8], newest_first: bool, visit: Visit<'_>) -> Result<(), StoreError> {
        if from >= to {
            return Ok(());
        }
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        let mut range = map.range::<[u8], _>((Bound::Included(from), Bound::Excluded(to)));
        while let Some((key, value)) = if newest_first { range.next_back() } else { range.next() } {
            if !visit(key, value)? {
                break;
            }
        }
        Ok(())
    }

    fn apply(&self, puts: &Puts) -> Result<(), StoreError> {
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in puts {
            match value {
                Some(value) => map.insert(key.clone(), value.clone()),
                None => map.remove(key),
            };
        }
        Ok(())
    }
}
