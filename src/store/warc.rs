//! WARC 1.1 records, each in a zstd frame of its own.
//!
//! A body is a `resource` record: what we keep is the unpacked body, not the bytes of the exchange, so a
//! `response` record would claim more than we have. What a browser made of one is a `conversion`. The status and the validators stand in fields of our own,
//! which the standard (ISO 28500:2017, 5.1) lets readers pass over.

use crate::model::{Sighting, Time};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

/// Bytes that the head of a record may have; a body's record is at most this much longer than the body.
const HEAD_LIMIT: u64 = 64 << 10;
/// Speed over size: pages shrink well at any level.
const LEVEL: i32 = 3;

/// Hex SHA-256 of some bytes.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The first record of a file of this name.
pub(super) fn info(name: &str, at: Time) -> Vec<u8> {
    let block = format!(
        "software: nianjian/{}\r\nformat: WARC File Format 1.1\r\n\
         conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut head = head("warcinfo", at, name);
    field(&mut head, "WARC-Filename", name);
    field(&mut head, "Content-Type", "application/warc-fields");
    record(head, block.as_bytes())
}

/// The record of a body, compressed.
pub(super) fn body_frame(body: &[u8], sha256: &str, sighting: &Sighting) -> io::Result<Vec<u8>> {
    let kind = if sighting.rendered_from.is_some() { "conversion" } else { "resource" };
    let mut head = head(kind, sighting.at, &format!("{sha256} {}", sighting.url));
    field(&mut head, "WARC-Target-URI", sighting.final_url.as_deref().unwrap_or(&sighting.url));
    field(&mut head, "WARC-Payload-Digest", &format!("sha256:{sha256}"));
    field(&mut head, "WARC-Block-Digest", &format!("sha256:{sha256}"));
    field(&mut head, "Content-Type", sighting.media.as_deref().unwrap_or("application/octet-stream"));
    field(&mut head, "Nianjian-Status", &sighting.status.to_string());
    if sighting.final_url.is_some() {
        field(&mut head, "Nianjian-Asked-For", &sighting.url);
    }
    if let Some(origin) = &sighting.rendered_from {
        field(&mut head, "Nianjian-Rendered-From", &format!("sha256:{origin}"));
    }
    if let Some(etag) = &sighting.etag {
        field(&mut head, "Nianjian-ETag", etag);
    }
    if let Some(modified) = &sighting.last_modified {
        field(&mut head, "Nianjian-Last-Modified", modified);
    }
    pack(&record(head, body))
}

/// A compressed record unpacked; `size` is how long its body should be.
pub(super) fn unpack(record: &[u8], size: u64) -> Result<Vec<u8>, String> {
    let bound = size.saturating_add(HEAD_LIMIT);
    let mut plain = Vec::new();
    zstd::stream::read::Decoder::new(record)
        .and_then(|decoder| decoder.take(bound + 1).read_to_end(&mut plain))
        .map_err(|e| format!("the record cannot be unpacked: {e}"))?;
    if plain.len() as u64 > bound {
        return Err("the record is longer than its body can make it".to_owned());
    }
    Ok(plain)
}

/// The body of an unpacked record.
pub(super) fn body_of(mut plain: Vec<u8>, size: u64) -> Result<Vec<u8>, String> {
    let start = memchr::memmem::find(&plain, b"\r\n\r\n").ok_or("the record has no head")? + 4;
    if !plain.starts_with(b"WARC/1.1\r\n") {
        return Err("the record is not WARC 1.1".to_owned());
    }
    let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size)).ok_or("the body is too long")?;
    if plain.get(end..) != Some(b"\r\n\r\n") {
        return Err("the record's body has another length".to_owned());
    }
    plain.truncate(end);
    plain.drain(..start);
    Ok(plain)
}

/// The fields that every record has; `seed` makes its id, so that the same record has the same id anywhere.
fn head(kind: &str, at: Time, seed: &str) -> String {
    let mut head = "WARC/1.1\r\n".to_owned();
    let date = at.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string();
    let id = hex(&Sha256::digest(format!("{kind} {date} {seed}"))[..16]);
    // A version 8 UUID: 122 bits of our own making around the version and variant bits of RFC 9562.
    let id = format!("{}-{}-8{}-a{}-{}", &id[..8], &id[8..12], &id[13..16], &id[17..20], &id[20..]);
    field(&mut head, "WARC-Type", kind);
    field(&mut head, "WARC-Date", &date);
    field(&mut head, "WARC-Record-ID", &format!("<urn:uuid:{id}>"));
    head
}

/// Adds a field. Line breaks and other control characters of foreign values become blanks, and a value
/// that would outgrow the head is cut.
fn field(head: &mut String, name: &str, value: &str) {
    let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(4096).collect();
    let _ = write!(head, "{name}: {}\r\n", value.trim());
}

/// Closes the head and puts the block behind it.
fn record(mut head: String, block: &[u8]) -> Vec<u8> {
    let _ = write!(head, "Content-Length: {}\r\n\r\n", block.len());
    let mut plain = head.into_bytes();
    plain.extend_from_slice(block);
    plain.extend_from_slice(b"\r\n\r\n");
    plain
}

/// What packing works with: megabytes, which would be asked of the system anew for each record.
static PACKER: Mutex<Option<zstd::bulk::Compressor<'static>>> = Mutex::new(None);

/// A record as one zstd frame.
pub(super) fn pack(record: &[u8]) -> io::Result<Vec<u8>> {
    let mut kept = PACKER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut packer = kept.take().map_or_else(|| zstd::bulk::Compressor::new(LEVEL), Ok)?;
    let packed = packer.compress(record);
    *kept = Some(packer);
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting() -> Sighting {
        Sighting {
            url: "https://www.liuhe.example/a\r\nWARC-Type: x".to_owned(),
            final_url: None,
            at: "2026-01-05T06:00:00.25Z".parse().unwrap(),
            status: 200,
            media: Some("text/html; charset=gbk".to_owned()),
            etag: Some("\"e1\"".to_owned()),
            last_modified: None,
            rendered_from: None,
        }
    }

    #[test]
    fn a_body_comes_back_and_the_head_tells_of_it() {
        for body in [&b"<html>\r\n\r\n</html>"[..], b"", &[0xff; 70_000]] {
            let sha = sha256_hex(body);
            let record = body_frame(body, &sha, &sighting()).unwrap();
            let plain = unpack(&record, body.len() as u64).unwrap();
            assert_eq!(body_of(plain.clone(), body.len() as u64).unwrap(), body);
            assert!(body_of(plain, body.len() as u64 + 1).is_err());
            let head = String::from_utf8_lossy(&zstd::stream::decode_all(&record[..]).unwrap()).into_owned();
            assert!(head.starts_with("WARC/1.1\r\nWARC-Type: resource\r\nWARC-Date: 2026-01-05T06:00:00.250Z\r\n"), "{head}");
            assert!(head.contains(&format!("WARC-Payload-Digest: sha256:{sha}\r\n")));
            assert!(!head.contains("\r\nWARC-Type: x"), "a foreign value must not make a field");
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = zstd::bulk::compress(&vec![b'a'; 8 << 20], 19).unwrap();
        assert!(unpack(&bomb, 100).is_err());
        assert!(unpack(b"no zstd at all", 100).is_err());
    }
}
