//! Any page as a list page: the walk ends, whatever it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nianjian::crawl::{Limits, ListPage, Walk};
use nianjian::model::Portal;
use nianjian::rules::Profile;
use std::sync::LazyLock;

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let files = nianjian::rules::builtin();
    files.iter().filter(|(path, _)| path.starts_with("profiles/")).map(|(path, text)| Profile::parse(path, text).expect("shipped")).collect()
});

fuzz_target!(|text: &str| {
    let start = url::Url::parse("https://portal.invalid/nb/").expect("a literal");
    let portal = Portal { id: "p".into(), name: String::new(), start: vec![start.clone()], profile: "auto".into(), schedule: String::new(), min_delay: None, hosts: vec![] };
    let mut walk = Walk::start(&portal, start, &PROFILES, Limits { pages: 8, levels: 2, entries: 500 });
    let mut todo = walk.pending();
    while let Some(asked) = todo.pop() {
        todo.extend(walk.step(&ListPage { asked: &asked, url: &asked.url, body: text }).next);
    }
    walk.finish();
});
