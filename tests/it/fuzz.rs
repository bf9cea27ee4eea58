//! What fuzzing is given and has found, replayed: every page and every nasty input, cut and damaged at
//! many places, is read without a panic, and never passes for a whole report.

use crate::support::{forms, tests};
use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use std::path::Path;

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
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
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

#[test]
fn bombs_end_soon() {
    let forms = forms();
    survives("<div>".repeat(100_000).as_bytes(), &forms);
    survives("<table><tr><td>".repeat(20_000).as_bytes(), &forms);
    survives(format!("<table>{}</table>", "<tr><td rowspan=65000 colspan=1000000>1</td></tr>".repeat(500)).as_bytes(), &forms);
    survives(format!("<table>{}</table>", format!("<tr>{}</tr>", "<td>0</td>".repeat(1_000)).repeat(200)).as_bytes(), &forms);
    survives("一、总体情况".repeat(200_000).as_bytes(), &forms);
    survives("\t1\n".repeat(300_000).as_bytes(), &forms);
}
