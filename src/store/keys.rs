//! Keys and values of the index.
//!
//! A key is one byte for the table, then a text or a number, or a text with its length before it and a number
//! behind it, so that all keys of one text lie together in the order of the numbers. Numbers are journal
//! positions, big-endian, which makes the order of the keys the order of what happened.

use super::StoreError;
use super::versions::INDEX_VALUE;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The tables, by the first byte of their keys. Part of the index schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Table {
    /// Where the index stands, and totals.
    Meta = 1,
    /// Address → what we remember of it.
    Page,
    /// Run id → the run.
    Run,
    /// Position of a run's first event → its id.
    RunAt,
    /// The same, for runs that have not ended.
    OpenRun,
    /// Portal, position of the run's first event → its id.
    PortalRun,
    /// Report id → its row: the entry that says how it stands.
    Report,
    /// Position at which a report was first recorded → its id.
    ReportAt,
    /// Portal, position → the look's row.
    Look,
    /// Agency and year, fingerprint → the finding's row: what is judged together lies together.
    Finding,
    /// Position → the entry of the change of the ledger.
    Change,
    /// Fingerprint, position → the step.
    Step,
    /// Digest id → the digest's entry and how far it was delivered.
    Digest,
    /// Position at which a digest was composed → its id.
    DigestAt,
    /// Receiver, position → the digest's id.
    ReceiverDigest,
    /// Position → id of a digest that has channels without a receipt.
    Outbox,
    /// SHA-256 → where the body lies.
    Place,
    /// Position at which a body was kept → its SHA-256.
    PlaceAt,
    /// SHA-256, position → the sighting.
    Sighting,
    /// Fingerprint → the agency and year that the finding lies under.
    FindingOf,
    /// Id → the page that a person decides on.
    Doubt,
    /// Portal, report id → the id.
    PortalReport,
}

impl Table {
    /// The key of a text.
    pub(super) fn text(self, text: &str) -> Vec<u8> {
        let mut key = vec![self as u8];
        key.extend_from_slice(text.as_bytes());
        key
    }

    /// The key of a position.
    pub(super) fn at(self, position: u64) -> Vec<u8> {
        let mut key = vec![self as u8];
        key.extend_from_slice(&position.to_be_bytes());
        key
    }

    /// What all keys of a text begin with, where positions follow.
    pub(super) fn of(self, text: &str) -> Vec<u8> {
        let mut key = vec![self as u8];
        key.extend_from_slice(&(text.len() as u64).to_be_bytes());
        key.extend_from_slice(text.as_bytes());
        key
    }

    /// The key of a text and a position.
    pub(super) fn of_at(self, text: &str, position: u64) -> Vec<u8> {
        let mut key = self.of(text);
        key.extend_from_slice(&position.to_be_bytes());
        key
    }

    /// The key of two texts, of which the second has no other behind it.
    pub(super) fn of_text(self, text: &str, second: &str) -> Vec<u8> {
        let mut key = self.of(text);
        key.extend_from_slice(second.as_bytes());
        key
    }

    /// The whole table as a range.
    pub(super) fn all(self) -> (Vec<u8>, Vec<u8>) {
        (vec![self as u8], vec![self as u8 + 1])
    }

    /// All keys that begin with `prefix`, which holds a table's byte.
    pub(super) fn below(prefix: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        let mut end = prefix.clone();
        while let Some(last) = end.pop() {
            if last < u8::MAX {
                end.push(last + 1);
                break;
            }
        }
        (prefix, end)
    }
}

/// The text of a key that holds nothing else.
pub(super) fn text_of(key: &[u8]) -> String {
    String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned()
}

/// The position at the end of a key; 0 for a key without one.
pub(super) fn position_of(key: &[u8]) -> u64 {
    key.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A value in its stored form.
pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![INDEX_VALUE];
    serde_json::to_writer(&mut bytes, value)
        .map_err(|e| StoreError::Index { what: format!("a value cannot be written: {e}") })?;
    Ok(bytes)
}

/// The value that a stored form holds.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    match bytes.split_first() {
        Some((&INDEX_VALUE, json)) => {
            serde_json::from_slice(json).map_err(|e| StoreError::Index { what: format!("a value cannot be understood: {e}") })
        }
        Some((form, _)) => Err(StoreError::Index { what: format!("a value has the unknown form {form}") }),
        None => Err(StoreError::Index { what: "a value is empty".to_owned() }),
    }
}
