#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nianjian_fuzz::document(bytes));
