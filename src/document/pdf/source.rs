//! The objects of a file, looked up without ever failing: what is missing or of another kind is `None`.
//!
//! Also the purse: how many bytes may be unpacked, operators obeyed and letters drawn for one document.

use lopdf::{Dictionary, Document, Object};
use std::cell::Cell;

/// The most bytes one stream, and all of them together, may unpack to.
const MAX_STREAM: usize = 24 * 1024 * 1024;
const MAX_UNPACKED: usize = 160 * 1024 * 1024;
/// The most operators obeyed for one document.
const MAX_OPERATORS: u64 = 6_000_000;
/// The most bytes of text that one document shows: a page many times over counts each time.
const MAX_SHOWN: usize = 800_000;

/// A file's objects, and what may still be spent on them.
pub(super) struct Source<'a> {
    pub(super) document: &'a Document,
    bytes: Cell<usize>,
    operators: Cell<u64>,
    shown: Cell<usize>,
}

impl<'a> Source<'a> {
    pub(super) fn new(document: &'a Document) -> Source<'a> {
        Source { document, bytes: Cell::new(MAX_UNPACKED), operators: Cell::new(MAX_OPERATORS), shown: Cell::new(MAX_SHOWN) }
    }

    /// Takes one operator's cost; false where the purse is empty.
    pub(super) fn spend(&self) -> bool {
        let left = self.operators.get();
        self.operators.set(left.saturating_sub(1));
        left > 0
    }

    /// Takes the cost of so many bytes of text; false, and nothing left, where they are too many.
    pub(super) fn write(&self, bytes: usize) -> bool {
        let left = self.shown.get().checked_sub(bytes);
        self.shown.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Whether nothing is left to spend.
    pub(super) fn is_spent(&self) -> bool {
        self.operators.get() == 0 || self.bytes.get() == 0 || self.shown.get() == 0
    }

    pub(super) fn resolve(&self, object: &'a Object) -> Option<&'a Object> {
        self.document.dereference(object).ok().map(|(_, object)| object)
    }

    fn get(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        self.resolve(dictionary.get(key).ok()?)
    }

    pub(super) fn name(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
        self.get(dictionary, key)?.as_name().ok()
    }

    pub(super) fn number(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<f64> {
        self.number_of(dictionary.get(key).ok()?)
    }

    pub(super) fn number_of(&self, object: &'a Object) -> Option<f64> {
        let number = self.resolve(object)?.as_float().ok().map(f64::from)?;
        number.is_finite().then_some(number)
    }

    pub(super) fn array(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
        self.array_of(dictionary.get(key).ok()?)
    }

    pub(super) fn array_of(&self, object: &'a Object) -> Option<&'a [Object]> {
        self.resolve(object)?.as_array().ok().map(Vec::as_slice)
    }

    pub(super) fn dictionary(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        self.dictionary_of(dictionary.get(key).ok()?)
    }

    /// A dictionary, also that of a stream.
    pub(super) fn dictionary_of(&self, object: &'a Object) -> Option<&'a Dictionary> {
        match self.resolve(object)? {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// Four numbers: a box.
    pub(super) fn numbers<const N: usize>(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<[f64; N]> {
        let list = self.array(dictionary, key)?;
        let numbers: Vec<f64> = list.iter().map_while(|object| self.number_of(object)).collect();
        numbers.try_into().ok()
    }

    /// The bytes of a stream, unpacked.
    pub(super) fn stream(&self, dictionary: &'a Dictionary, key: &[u8]) -> Option<Vec<u8>> {
        self.stream_of(dictionary.get(key).ok()?)
    }

    /// The bytes of a stream, unpacked; `None` also where they are more than may be.
    pub(super) fn stream_of(&self, object: &'a Object) -> Option<Vec<u8>> {
        let Object::Stream(stream) = self.resolve(object)? else { return None };
        let limit = MAX_STREAM.min(self.bytes.get());
        let bytes = stream.get_plain_content_with_limit(limit).ok();
        // What was refused has cost its time all the same.
        self.bytes.set(self.bytes.get().saturating_sub(bytes.as_ref().map_or(limit / 4, Vec::len)));
        bytes
    }
}
