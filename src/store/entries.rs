//! The form of a journal entry, and telling a torn tail from damage.
//!
//! An entry is `length (u32 LE) | CRC32C of the payload (u32 LE) | SHA-256 | payload`. The SHA-256 is that of the
//! previous entry's SHA-256 followed by the payload, so that no entry can be altered, dropped or put in between
//! without breaking every one after it.
//!
//! An interrupted write leaves the beginning of what was to be written: the file ends inside an entry, or, after
//! a power cut, blocks of zeros stand where text should (JSON never holds a zero byte). That alone is a torn tail.
//! Whatever else does not add up is damage of something that had been accepted, and is never cut off silently.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{self, BufRead, Read};

/// Length, CRC and SHA-256 before the payload.
pub(super) const HEADER: usize = 40;
/// Largest payload in bytes, so that a damaged length cannot ask for gigabytes.
pub(super) const MAX_PAYLOAD: usize = 64 << 20;
/// How every payload begins; it finds entries behind a damaged one.
const PAYLOAD_START: &[u8] = b"{\"seq\":";

/// A link of the chain.
pub(super) type Link = [u8; 32];

/// Where an entry lies: number of the segment, byte of the entry's first in it, bytes of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EntryPlace(pub(super) u32, pub(super) u64, pub(super) u32);

/// The link that follows `previous` with this payload.
pub(super) fn link(previous: &Link, payload: &[u8]) -> Link {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(payload);
    hash.finalize().into()
}

/// Appends the entry to `out` and gives its link and the bytes of its payload. `event` is the event as JSON.
pub(super) fn encode(out: &mut Vec<u8>, previous: &Link, seq: u64, event: &[u8]) -> (Link, u32) {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER]);
    out.extend_from_slice(PAYLOAD_START);
    out.extend_from_slice(seq.to_string().as_bytes());
    out.extend_from_slice(b",\"event\":");
    out.extend_from_slice(event);
    out.push(b'}');
    let (header, payload) = out[start..].split_at_mut(HEADER);
    let next = link(previous, payload);
    let length = u32::try_from(payload.len()).expect("the caller has held the event to MAX_PAYLOAD, far under 4 GB");
    header[..4].copy_from_slice(&length.to_le_bytes());
    header[4..8].copy_from_slice(&crc32c::crc32c(payload).to_le_bytes());
    header[8..].copy_from_slice(&next);
    (next, length)
}

/// What is wrong with the bytes at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The file ends inside the entry.
    Short,
    /// The length is nought or beyond all bounds.
    Length,
    /// The payload is not what its CRC says.
    Checksum,
}

impl Flaw {
    /// What to tell a person.
    pub(super) fn text(self) -> &'static str {
        match self {
            Flaw::Short => "the entry reaches beyond the end of the file",
            Flaw::Length => "the entry's length is impossible",
            Flaw::Checksum => "the entry's checksum does not match",
        }
    }
}

/// One step of reading a segment.
pub(super) enum Step {
    /// A whole entry: its link is in `Reader::link`, its payload in `Reader::payload`.
    Entry,
    End,
    Flawed(Flaw),
}

/// Reads entries one after another; the buffer is used again for each.
pub(super) struct Reader<R> {
    inner: R,
    /// Bytes of the file that are left.
    left: u64,
    /// Where the entry read last begins, or the flaw stands.
    pub(super) offset: u64,
    /// Where the next one begins.
    next: u64,
    pub(super) link: Link,
    pub(super) payload: Vec<u8>,
}

impl<R: BufRead> Reader<R> {
    /// Reads `len` bytes of a segment.
    pub(super) fn new(inner: R, len: u64) -> Reader<R> {
        Reader { inner, left: len, offset: 0, next: 0, link: [0; 32], payload: Vec::new() }
    }

    /// Reads the next entry.
    pub(super) fn step(&mut self) -> io::Result<Step> {
        self.offset = self.next;
        if self.left == 0 {
            return Ok(Step::End);
        }
        if self.left < HEADER as u64 {
            return Ok(Step::Flawed(Flaw::Short));
        }
        let mut header = [0; HEADER];
        self.inner.read_exact(&mut header)?;
        let (length, crc) = numbers(&header);
        self.link.copy_from_slice(&header[8..]);
        if length == 0 || length > MAX_PAYLOAD {
            return Ok(Step::Flawed(Flaw::Length));
        }
        let whole = (HEADER + length) as u64;
        if whole > self.left {
            return Ok(Step::Flawed(Flaw::Short));
        }
        self.payload.clear();
        self.inner.by_ref().take(length as u64).read_to_end(&mut self.payload)?;
        if self.payload.len() != length {
            return Ok(Step::Flawed(Flaw::Short));
        }
        if crc32c::crc32c(&self.payload) != crc {
            return Ok(Step::Flawed(Flaw::Checksum));
        }
        self.left -= whole;
        self.next += whole;
        Ok(Step::Entry)
    }
}

/// Length and CRC of a header.
fn numbers(header: &[u8]) -> (usize, u32) {
    let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    (number(0) as usize, number(4))
}

/// Whether `tail`, the bytes of the newest segment from a flaw to its end, is an interrupted write.
///
/// `previous` is the link before the flaw.
pub(super) fn is_torn(tail: &[u8], flaw: Flaw, previous: &Link) -> bool {
    if tail.len() < HEADER {
        return true;
    }
    if holds_entry_after_start(tail) {
        return false;
    }
    let rest = &tail[HEADER..];
    match flaw {
        // A whole last entry whose length alone was damaged still fits its link.
        Flaw::Short | Flaw::Length => link(previous, rest)[..] != tail[8..HEADER],
        Flaw::Checksum => {
            let (length, _) = numbers(tail);
            memchr::memchr(0, &rest[..length.min(rest.len())]).is_some()
        }
    }
}

/// Whether a sound entry begins anywhere behind the first byte.
fn holds_entry_after_start(tail: &[u8]) -> bool {
    memchr::memmem::find_iter(tail, PAYLOAD_START).filter(|at| *at > HEADER).any(|at| {
        let (length, crc) = numbers(&tail[at - HEADER..at]);
        tail.get(at..at.saturating_add(length)).is_some_and(|payload| crc32c::crc32c(payload) == crc)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> (Vec<u8>, Link, usize) {
        let mut out = Vec::new();
        let (first, _) = encode(&mut out, &[0; 32], 1, b"{\"a\":1}");
        let middle = out.len();
        encode(&mut out, &first, 2, b"{\"b\":\"two\"}");
        (out, first, middle)
    }

    #[test]
    fn a_cut_or_zeroed_tail_is_torn() {
        let (bytes, first, middle) = two();
        let last = &bytes[middle..];
        for end in 1..last.len() {
            assert!(is_torn(&last[..end], Flaw::Short, &first), "cut after {end}");
        }
        let mut zeroed = last.to_vec();
        zeroed[HEADER + 6..].fill(0);
        assert!(is_torn(&zeroed, Flaw::Checksum, &first));
        assert!(is_torn(&[0; 4096], Flaw::Length, &first));
    }

    #[test]
    fn a_flipped_byte_is_damage_wherever_it_is() {
        let (bytes, first, middle) = two();
        for (previous, tail) in [([0; 32], &bytes[..]), (first, &bytes[middle..])] {
            for at in (0..8).chain(HEADER..HEADER + 10) {
                let mut flipped = tail.to_vec();
                flipped[at] ^= 0x40;
                let mut reader = Reader::new(&flipped[..], flipped.len() as u64);
                let Ok(Step::Flawed(flaw)) = reader.step() else { panic!("byte {at} went unnoticed") };
                assert!(!is_torn(&flipped, flaw, &previous), "byte {at}, {flaw:?}");
            }
        }
    }
}
