//! Pictures of text and the program that reads them, where it is wanted. The program is a script of the test.

use crate::support::{run, tests};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn script(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A folder with a picture, a scan, and a recogniser that does `does`.
fn office(does: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    script(here, "tesseract", does);
    // Its pages are the file itself, which nobody looks at.
    script(here, "pdftoppm", "for last; do :; done; echo P5 > \"$last-1.pgm\"");
    let config = format!("[convert]\nrecogniser = \"{}\"\ntimeout = \"3s\"\n", here.join("tesseract").display());
    std::fs::write(here.join("config.toml"), config).unwrap();
    std::fs::write(here.join("off.toml"), "").unwrap();
    std::fs::write(here.join("missing.toml"), "[convert]\nrecogniser = \"/nowhere/tesseract\"\n").unwrap();
    std::fs::write(here.join("a.png"), b"\x89PNG\r\n\x1a\n....").unwrap();
    std::fs::write(here.join("a.pdf"), scan()).unwrap();
    folder
}

/// A PDF of one page that only shows a picture.
fn scan() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        "<< /Length 30 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q  \nendstream",
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\nx\nendstream",
    ];
    let numbered = objects.iter().enumerate().map(|(at, object)| format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    format!("%PDF-1.7\n{}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n", numbered.collect::<String>()).into_bytes()
}

fn check(folder: &Path, config: &str, name: &str) -> Value {
    let ran = run(folder, &["check", "-c", config, "--format", "jsonl", name]);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"))
}

fn codes(object: &Value) -> Vec<&str> {
    object["problems"].as_array().unwrap().iter().filter_map(|problem| problem["code"].as_str()).collect()
}

fn rules(object: &Value) -> Vec<&str> {
    object["findings"].as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect()
}

/// Gives a report whose sums are wrong: as a text it would have findings.
fn report(folder: &Path) -> String {
    let text = std::fs::read_to_string(tests("pages/reports/shuanglin-2024-columns.txt")).unwrap();
    let path = folder.join("text.txt");
    std::fs::write(&path, text).unwrap();
    format!("cat '{}'", path.display())
}

#[test]
fn what_was_recognised_is_marked_and_nothing_rests_on_it() {
    let source = tempfile::tempdir().unwrap();
    let folder = office(&report(source.path()));
    for name in ["a.png", "a.pdf"] {
        let object = check(folder.path(), "config.toml", name);
        assert_eq!(object["outcome"], "read");
        assert!(codes(&object).contains(&"recognised"), "{:?}", codes(&object));
        assert_eq!(rules(&object), ["publication/image-only"]);
        let figures = object["report"]["figures"].as_array().unwrap();
        assert!(figures.iter().any(|figure| figure["state"] == "number"), "{figures:?}");
        assert!(figures.iter().all(|figure| figure["recognised"] == true));
        let because = object["rules"]["inconclusive_because"].as_array().unwrap();
        assert!(because.iter().any(|it| it["rule"] == "balance/applications-flow"), "{because:?}");
        assert_eq!(object["rules"]["clean"], 0, "{object}");
    }
}

#[test]
fn it_is_off_unless_it_is_named() {
    let folder = office("touch \"$(dirname \"$0\")/asked\"");
    for name in ["a.png", "a.pdf"] {
        let object = check(folder.path(), "off.toml", name);
        assert_eq!((object["outcome"].as_str(), rules(&object)), (Some("unreadable"), vec!["publication/image-only"]));
        assert!(!codes(&object).iter().any(|code| code.starts_with("recogni")), "{object}");
    }
    assert!(!folder.path().join("asked").exists());
}

#[test]
fn one_that_is_missing_fails_or_hangs_is_told() {
    for (does, config, code) in [
        ("", "missing.toml", "recogniser-missing"),
        ("exit 1", "config.toml", "recogniser-failed"),
        ("exit 0", "config.toml", "recogniser-failed"),
        ("sleep 600", "config.toml", "recogniser-failed"),
    ] {
        let folder = office(does);
        let object = check(folder.path(), config, "a.png");
        assert_eq!((object["outcome"].as_str(), codes(&object).last()), (Some("unreadable"), Some(&code)), "{does}");
        assert_eq!(rules(&object), ["publication/image-only"]);
        let message = object["problems"].as_array().unwrap().last().unwrap()["message"].as_str().unwrap();
        assert!(message.contains("tesseract"), "{message}");
    }
}
