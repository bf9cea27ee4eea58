//! Any bytes → a document, by every reader we have.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nianjian::document::{Origin, read};

fuzz_target!(|bytes: &[u8]| {
    read(bytes, Origin::default());
});
