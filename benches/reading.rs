//! How long reading and checking take: `cargo bench`.
//!
//! An office that begins to watch a province reads tens of thousands of reports at once, and again whenever
//! its rules change; that is what the steps below add up to. Numbers are per page and step, each step
//! given what the steps before it made. Nothing is asserted: a clock in a test is sometimes red.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nianjian::check::{self, Context};
use nianjian::document::{self, Origin};
use nianjian::extract::{self, Forms, Hints};
use nianjian::rules::{self, RuleSet};
use nianjian::text::decode;
use std::hint::black_box;
use std::path::Path;

/// Pages of different build: a table of spans, a page laid out by `div`, a flat text, and pages of a portal.
const PAGES: [&str; 5] = [
    "tests/pages/reports/bailu-2023-spans.html",
    "tests/pages/reports/bailu-2023-divs.html",
    "tests/pages/reports/bailu-2023-columns.txt",
    "tests/sites/demo/zwgk/zfxxgknb/202601/t20260122_100021.html",
    "tests/sites/demo/zwgk/zfxxgknb/202602/t20260206_100031.html",
];

fn rule_set() -> RuleSet {
    rules::load(&rules::builtin(), None).unwrap_or_else(|complaints| panic!("{complaints:?}"))
}

fn context() -> Context<'static> {
    let now = chrono::DateTime::parse_from_rfc3339("2026-02-10T09:00:00+08:00").expect("the date is a literal");
    Context { has_portal: true, ..Context::lone(now.into()) }
}

fn reading(criterion: &mut Criterion) {
    let rules = rule_set();
    let forms = Forms::new(&rules.standards);
    for page in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{page}: {error}"));
        let origin = Origin { content_type: None, name: Some(page) };
        let document = document::read(&bytes, origin);
        let read = extract::report(&document, &Hints::default(), &forms);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("decode", |it| it.iter(|| decode(black_box(&bytes), None)));
        group.bench_function("document", |it| it.iter(|| document::read(black_box(&bytes), origin)));
        group.bench_function("extract", |it| it.iter(|| extract::report(black_box(&document), &Hints::default(), &forms)));
        group.bench_function("check", |it| it.iter(|| check::run(black_box(&read), &context(), &rules)));
        group.bench_function("whole", |it| {
            it.iter(|| {
                let document = document::read(black_box(&bytes), origin);
                check::run(&extract::report(&document, &Hints::default(), &forms), &context(), &rules)
            });
        });
        group.finish();
    }
}

/// What a start of the program pays once: the built-in rules, made ready.
fn rules_ready(criterion: &mut Criterion) {
    criterion.bench_function("rules", |it| it.iter(|| Forms::new(&rule_set().standards)));
}

criterion_group!(benches, reading, rules_ready);
criterion_main!(benches);
