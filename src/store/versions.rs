//! Every form in which something is stored, with its number, its date and why it changed.
//!
//! A form is never changed in place: it gets a new number here, and the code that reads the old one stays for as
//! long as data in it may exist. Only the index may drop a form at once, since it is rebuilt from the journal.
//! New fields of an event are added with `#[serde(default)]`, so that old entries still read; that needs no number.

/// One stored form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// What is stored so.
    pub what: &'static str,
    pub number: u32,
    /// Day on which it was brought in, `YYYY-MM-DD`.
    pub since: &'static str,
    pub why: &'static str,
}

/// Number of the whole index; a database of another number is thrown away and rebuilt.
pub const INDEX_SCHEMA: u32 = 5;

/// First byte of every value of the index.
pub const INDEX_VALUE: u8 = 1;

/// All forms, the oldest first.
pub const FORMS: [Form; 8] = [
    Form {
        what: "journal entry",
        number: 1,
        since: "2026-11-24",
        why: "length u32 LE, CRC32C u32 LE of the payload, SHA-256 of the previous entry's SHA-256 and the payload, \
              payload {seq, event} as JSON; the chain begins with 32 zero bytes",
    },
    Form {
        what: "snapshot segment",
        number: 1,
        since: "2026-11-24",
        why: "WARC 1.1, one zstd frame a record, a warcinfo record first; bodies are resource records, since we keep \
              the unpacked body and not the bytes of the exchange",
    },
    Form {
        what: "index schema",
        number: 1,
        since: "2026-11-24",
        why: "one ordered key space, so that a batch and the journal position it reaches are written in one step",
    },
    Form {
        what: "index schema",
        number: 2,
        since: "2026-11-29",
        why: "the findings of an agency's year are listed, so that judging one report does not load those of all",
    },
    Form {
        what: "index schema",
        number: 3,
        since: "2026-11-29",
        why: "the reports of a portal are listed, so that a visit does not load those of all",
    },
    Form {
        what: "index schema",
        number: 4,
        since: "2026-11-29",
        why: "findings lie with those of their agency and year, and are not written a second time with their change",
    },
    Form {
        what: "index schema",
        number: INDEX_SCHEMA,
        since: "2026-11-29",
        why: "findings, reports, looks and digests are not written a second time: their rows say where their entries lie",
    },
    Form { what: "index value", number: INDEX_VALUE as u32, since: "2026-11-24", why: "one byte of version, then JSON" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_in_use_are_the_newest_listed() {
        let newest = |what: &str| FORMS.iter().filter(|form| form.what == what).map(|form| form.number).max();
        assert_eq!(newest("index schema"), Some(INDEX_SCHEMA));
        assert_eq!(newest("index value"), Some(u32::from(INDEX_VALUE)));
        assert!(FORMS.iter().all(|form| form.since.len() == 10 && !form.why.is_empty()));
    }
}
