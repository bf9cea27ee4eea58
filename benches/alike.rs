//! How long it takes to find what a text was copied from among 200,000: `cargo bench --bench alike`.
//!
//! The texts are made of sentences of a few hundred, as the reports of a province are; each has some of its own. It
//! says once how much memory a text takes in the index, and what part of the texts that were copied was found.

use criterion::{Criterion, criterion_group, criterion_main};
use nianjian::text::alike::{Index, Masked, Signature, masked};
use std::hint::black_box;

const TEXTS: u32 = 200_000;

/// Numbers that look random and are the same every time.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// A sentence that every number gives another of.
fn sentence(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let letters = (0..24).filter_map(|_| char::from_u32(0x4e00 + (next(&mut state) % 3000) as u32));
    letters.chain(['。']).collect()
}

/// Text `number`: sentences that others have too, and three of its own.
fn text(number: u32) -> Masked {
    let mut state = u64::from(number) + 1;
    let common = (0..9).map(|_| sentence(next(&mut state) % 400)).collect::<Vec<_>>();
    let own = (0..3).map(|at| sentence(1_000_000 + 3 * u64::from(number) + at));
    masked(&common.into_iter().chain(own).collect::<Vec<_>>(), "", |_| false)
}

/// Bytes of memory that this process holds, where the system tells.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    pages.and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default() * 4096
}

fn alike(criterion: &mut Criterion) {
    let signatures: Vec<Signature> = (0..TEXTS).filter_map(|number| Signature::of(&text(number))).collect();
    let before = resident();
    let mut index = Index::new();
    for (number, signature) in (0..).zip(&signatures) {
        index.insert(number, signature);
    }
    let least = Signature::least_agreeing(90);
    let found = (0..TEXTS).step_by(997).filter(|number| {
        let copied = Signature::of(&text(*number));
        copied.is_some_and(|copied| index.look_up(&copied, least, 4, |_| true).contains(number))
    });
    let (found, asked) = (found.count(), (0..TEXTS).step_by(997).count());
    let bytes = resident().saturating_sub(before) / u64::from(TEXTS);
    #[expect(clippy::print_stdout, reason = "a bench says what it measured")]
    {
        println!("{} texts, {bytes} bytes of index a text, {found} of {asked} copies found", index.len());
    }
    let mut group = criterion.benchmark_group("alike");
    group.bench_function("signature", |it| it.iter(|| Signature::of(black_box(&text(77)))));
    let copy = Signature::of(&text(77)).expect("the text is long enough");
    group.bench_function("look up", |it| it.iter(|| index.look_up(black_box(&copy), least, 4, |_| true)));
    let mut number = TEXTS;
    group.bench_function("insert", |it| {
        it.iter(|| {
            number += 1;
            index.insert(number, black_box(&copy));
        });
    });
    group.finish();
}

criterion_group!(benches, alike);
criterion_main!(benches);
