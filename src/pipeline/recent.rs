//! What was used lately, so that one report is not read anew for each that stands beside it. The number is bounded.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values by their keys, that used last at the end.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    most: usize,
    known: Mutex<VecDeque<(K, V)>>,
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    /// Remembers so many.
    pub(super) fn new(most: usize) -> Recent<K, V> {
        Recent { most, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<(K, V)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get<Q: ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: PartialEq<Q>,
    {
        let mut known = self.known();
        let at = known.iter().rposition(|(known, _)| known == key)?;
        let found = known.remove(at)?;
        let value = found.1.clone();
        known.push_back(found);
        Some(value)
    }

    /// Remembers a value instead of the one it may have had.
    pub(super) fn put(&self, key: K, value: V) {
        let mut known = self.known();
        if let Some(at) = known.iter().rposition(|(known, _)| *known == key) {
            known.remove(at);
        } else if known.len() >= self.most {
            known.pop_front();
        }
        known.push_back((key, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_is_remembered_and_the_number_is_bounded() {
        let recent = Recent::new(3);
        (0..3).for_each(|key| recent.put(key, 10 * key));
        assert_eq!(recent.get(&0), Some(0));
        recent.put(3, 30);
        assert_eq!(recent.get(&0), Some(0), "used a moment ago");
        assert_eq!(recent.get(&1), None, "the one that was not used for longest goes");
        recent.put(2, 21);
        assert_eq!((recent.get(&2), recent.get(&0), recent.get(&3)), (Some(21), Some(0), Some(30)), "one key, one value");
    }
}
