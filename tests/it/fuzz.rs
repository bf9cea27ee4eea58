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
