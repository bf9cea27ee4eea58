//! What fuzzing is given and has found, replayed: every page and every nasty input, cut and damaged at
//! many places, is read without a panic, and never passes for a whole report. The targets are those of `fuzz/`, and what
//! they found lies in `tests/fuzz/<target>/`.

use crate::support::{forms, tests};
use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// Every target on what it begins with, whole and changed at random. `NIANJIAN_FUZZ` says how often each seed is changed, where
/// there is more time than in a test.
#[test]
fn what_fuzzing_begins_with_and_found_is_survived() {
    let rounds = std::env::var("NIANJIAN_FUZZ").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let only = std::env::var("NIANJIAN_FUZZ_TARGET").ok();
    let mut random = random();
    for (name, target) in targets::TARGETS.iter().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)) {
        let seeds = targets::seeds(&tests(""), name);
        assert!(!seeds.is_empty(), "{name} begins with nothing");
        let others: Vec<&[u8]> = seeds.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        for (seed, bytes) in seeds.iter().filter(|(_, bytes)| bytes.len() < 400_000) {
            target(bytes);
            for round in 0..rounds {
                let changed = changed(bytes, &others, &mut random);
                let survived = std::panic::catch_unwind(|| target(&changed)).is_ok();
                if !survived {
                    let kept = std::env::temp_dir().join(format!("nianjian-fuzz-{name}-{round}-{seed}"));
                    std::fs::write(&kept, &changed).unwrap();
                    panic!("{name}: {}", kept.display());
                }
            }
        }
    }
}

/// A file changed at random: bytes, numbers and pieces, cut, repeated, or of another file.
fn changed(bytes: &[u8], others: &[&[u8]], random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    const TELLING: [&[u8]; 10] =
        [b"0", b"-1", b"65536", b"999999999999", b"\xff\xff\xff\xff", b"<", b"\0\0\0\0", b"\"", b"}", "二".as_bytes()];
    let mut changed = bytes.to_vec();
    for _ in 0..=random(6) {
        let most = 1 << random(10);
        let (at, length) = (random(changed.len() + 1), random(most));
        let end = (at + length).min(changed.len());
        match random(6) {
            0 => changed.truncate(at),
            1 => drop(changed.drain(at..end)),
            2 => {
                let piece = changed[at..end].to_vec();
                let to = random(changed.len() + 1);
                drop(changed.splice(to..to, piece));
            }
            3 => {
                let other = others[random(others.len())];
                let from = random(other.len() + 1);
                drop(changed.splice(at..end, other[from..(from + length).min(other.len())].to_vec()));
            }
            4 => drop(changed.splice(at..(at + random(4)).min(changed.len()), TELLING[random(TELLING.len())].to_vec())),
            _ => {
                if let Some(byte) = changed.get_mut(at) {
                    *byte = random(256) as u8;
                }
            }
        }
    }
    changed
}

/// Numbers below a bound, the same in every run.
fn random() -> impl FnMut(usize) -> usize {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    }
}

fn survives(bytes: &[u8], forms: &Forms) {
    report(&read(bytes, Origin { name: Some("a.html"), content_type: None }), &Hints::default(), forms);
}

fn inputs(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension().is_some_and(|ending| {
            ["html", "txt", "docx", "odt", "rtf", "mht", "zip", "xlsx", "xls", "ods", "doc", "bin"]
                .iter()
                .any(|known| ending == *known)
        })
    });
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn damaged_inputs_are_read_without_a_panic() {
    let forms = forms();
    let mut random = random();
    for bytes in [inputs(&tests("pages/nasty")), inputs(&tests("pages/reports"))].concat() {
        survives(&bytes, &forms);
        for _ in 0..6 {
            let mut damaged = bytes[..random(bytes.len() + 1)].to_vec();
            for _ in 0..random(8) {
                if !damaged.is_empty() {
                    let at = random(damaged.len());
                    damaged[at] = random(256) as u8;
                }
            }
            survives(&damaged, &forms);
        }
    }
}

/// Pages and texts that are large only to be large. What was left out of them is told.
#[test]
fn bombs_end_soon() {
    let forms = forms();
    let row = |cell: &str, cells: usize| format!("<tr>{}</tr>", cell.repeat(cells));
    let table = |rows: String| format!("<table>{rows}</table>");
    for (bomb, told) in [
        ("<div>".repeat(100_000), "document-incomplete"),
        ("<table><tr><td>".repeat(20_000), "document-incomplete"),
        (format!("<p><b>1</p>{}", "<font color=red>".repeat(50_000)), "document-damaged"),
        (format!("<p><b>1</p>{}{}", "<div>".repeat(50_000), "</p></span>".repeat(50_000)), "document-damaged"),
        (table("<tr><td rowspan=65000 colspan=1000000>1</td><td>2</td></tr>".repeat(500)), "too-many-cells"),
        (table(row("<td>0</td>", 1_000).repeat(100)), "too-many-cells"),
        (table(row("<td>0</td>", 10).repeat(100)).repeat(100), "too-many-cells"),
        ("<p>公开</p>".repeat(60_000), "too-many-cells"),
        ("公开".repeat(1_000_000), "too-many-cells"),
        ("一、总体情况\n".repeat(60_000), "too-many-cells"),
        ("\t1\n".repeat(60_000), "too-many-cells"),
        ("一、总体情况".repeat(100_000), ""),
    ] {
        let name = if bomb.contains('<') { "a.html" } else { "a.txt" };
        let document = read(bomb.as_bytes(), Origin { name: Some(name), content_type: None });
        let codes: Vec<&str> = document.problems.iter().map(|problem| problem.code.as_str()).collect();
        assert!(told.is_empty() || codes.contains(&told), "{bomb:.40}: {codes:?}");
        report(&document, &Hints::default(), &forms);
    }
}
