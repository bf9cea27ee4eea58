//! Maps from the keys of labels and figures.
//!
//! A report asks for a thousand such keys, all of which come from rule files, so a hash that resists
//! chosen keys would only cost time.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map from keys that we chose ourselves.
pub type KeyMap<V> = HashMap<String, V, BuildHasherDefault<KeyHasher>>;

/// Multiplies and rotates, eight bytes at a time.
#[derive(Debug, Default, Clone, Copy)]
pub struct KeyHasher(u64);

impl KeyHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::KeyMap;

    #[test]
    fn keys_are_told_apart() {
        let keys = (0..2000).map(|at| (format!("applications.results.{at}"), at));
        let map: KeyMap<usize> = keys.clone().collect();
        assert!(keys.into_iter().all(|(key, at)| map.get(&key) == Some(&at)));
    }
}
