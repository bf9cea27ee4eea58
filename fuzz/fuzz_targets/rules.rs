//! Any text in place of a rule file, an overlay, a profile: complaints or a rule set, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut files = nianjian::rules::builtin();
    files.push(("checks/form/fuzzed.toml".to_owned(), text.to_owned()));
    drop(nianjian::rules::load(&files, Some(("overlay.toml", text))));
    drop(nianjian::rules::Profile::parse("profiles/fuzzed.toml", text));
});
