//! A page or a text, as it comes from a portal → a report, judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nianjian::check::Context;
use nianjian::convert::{Converter, Converters};
use nianjian::document::Origin;
use nianjian::extract::Hints;
use nianjian::model::Time;
use nianjian::pipeline::{Judge, rule_set};
use std::sync::LazyLock;

static JUDGE: LazyLock<Judge> = LazyLock::new(|| Judge::new(rule_set(None, None).expect("the shipped rules are sound"), Converter::of_this_program(&Converters::default())));

fuzz_target!(|bytes: &[u8]| {
    // Markup and text only: foreign documents have a target, and a child process, of their own.
    if std::str::from_utf8(&bytes[..bytes.len().min(8)]).is_err() {
        return;
    }
    let read = JUDGE.read(bytes, Origin { content_type: Some("text/html"), name: Some("a.html") }, &Hints::default());
    JUDGE.check(&read, &Context::lone(Time::default()));
});
