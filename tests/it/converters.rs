//! Old documents and the programs that convert them. The programs are scripts of the test: nothing needs to be installed.

use crate::support::{Ran, run, tests};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A folder with a fake `soffice` that does `script` (the result belongs into `$out`), and a configuration that names it.
fn office(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("soffice");
    let text = format!(
        "#!/bin/sh\ncase \"$1\" in --version) echo 'LibreOffice 7.4.7.2 40(Build:2)'; exit 0;; esac\n\
         while [ $# -gt 0 ]; do case \"$1\" in --outdir) out=\"$2\"; shift;; --convert-to) to=\"$2\"; shift;; esac; in=\"$1\"; shift; done\n\
         here='{}'\n{script}\n",
        folder.path().display()
    );
    std::fs::write(&program, text).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let config = format!("[convert]\nprograms = [\"{}\"]\ntimeout = \"2s\"\n", program.display());
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    folder
}

/// A Word document in a whole container, marked as one of Word 6.
fn word_6(folder: &Path) {
    let mut bytes = std::fs::read(tests("pages/reports/qingshi-2020.doc")).unwrap();
    let head = bytes.windows(4).position(|window| window[..2] == [0xec, 0xa5]).unwrap();
    bytes[head..head + 4].copy_from_slice(&[0xdc, 0xa5, 0x65, 0x00]);
    std::fs::write(folder.join("a.doc"), bytes).unwrap();
}

/// A document that no reader of ours knows.
fn old(folder: &Path) {
    std::fs::write(folder.join("a.wps"), [&[0, 1, 2, 3][..], &[7; 400]].concat()).unwrap();
}

fn check(folder: &Path, name: &str) -> (Ran, Value) {
    let ran = run(folder, &["check", "-c", "config.toml", "--format", "jsonl", name]);
    let object = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    (ran, object)
}

fn codes(object: &Value) -> Vec<&str> {
    object["problems"].as_array().unwrap().iter().filter_map(|problem| problem["code"].as_str()).collect()
}

/// Whatever it is given becomes a document, as LibreOffice does with bytes that it does not know.
const GARBAGE: &str = "mkdir -p \"$out\"; echo '<html><body><p>\u{fffd}\u{fffd} x' > \"$out/in.$to\"";

/// Copies a report into the place of the result.
fn copies(report: &str) -> String {
    format!("mkdir -p \"$out\"; cp '{}' \"$out/in.$to\"", tests("pages/reports").join(report).display())
}

#[test]
fn what_a_converter_makes_is_read_and_told() {
    let folder = office(&format!("env > \"$here/env\"; {}", copies("qingshi-2020.docx")));
    word_6(folder.path());
    let (ran, object) = check(folder.path(), "a.doc");
    assert_eq!((object["outcome"].as_str(), codes(&object)), (Some("read"), vec!["converter-used"]), "{}", ran.err);
    assert!(object["problems"][0]["message"].as_str().unwrap().contains("LibreOffice 7.4.7.2"), "{object}");
    let figures = object["report"]["figures"].as_array().unwrap();
    assert!(figures.iter().any(|figure| figure["state"] == "number"), "{figures:?}");
    // It has a home of its own, knows nothing of ours, and leaves nothing behind.
    let environment = std::fs::read_to_string(folder.path().join("env")).unwrap();
    let home = environment.lines().find_map(|line| line.strip_prefix("HOME=")).unwrap();
    assert!(home.contains("nianjian-") && !Path::new(home).exists(), "{environment}");
}

#[test]
fn nothing_is_concluded_from_what_a_damaged_file_lacks() {
    let folder = office(&copies("qingshi-2020.docx"));
    let whole = std::fs::read(tests("pages/reports/qingshi-2020.doc")).unwrap();
    for part in [3, 2] {
        std::fs::write(folder.path().join("cut.doc"), &whole[..whole.len() * (part - 1) / part]).unwrap();
        let (_, object) = check(folder.path(), "cut.doc");
        assert_eq!(codes(&object), ["converter-used", "document-incomplete"]);
        let because = object["rules"]["inconclusive_because"].as_array().unwrap();
        assert!(because.iter().any(|it| it["rule"] == "balance/applications-flow"), "{because:?}");
    }
    old(folder.path());
    assert_eq!(codes(&check(folder.path(), "a.wps").1), ["converter-used", "document-incomplete"]);
}

#[test]
fn without_a_converter_it_is_said_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    let ran = run(folder.path(), &["check", "--format", "jsonl", "a.wps"]);
    let object: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, object["outcome"].as_str()), (2, Some("unreadable")));
    assert_eq!(codes(&object), ["format-unknown", "converter-missing"]);
    assert_eq!(object["findings"].as_array().map(Vec::len), Some(0), "{object}");
}

#[test]
fn a_converter_that_fails_or_hangs_is_stopped_with_all_it_started() {
    let hangs = "sleep 600 & echo $! > \"$here/pid\"; wait";
    for (script, started) in
        [("exit 1", false), ("exit 0", false), ("mkdir -p \"$out\"; : > \"$out/in.$to\"", false), (hangs, true)]
    {
        let folder = office(script);
        old(folder.path());
        let (ran, object) = check(folder.path(), "a.wps");
        assert_eq!((ran.code, codes(&object)), (2, vec!["format-unknown", "converter-failed"]), "{script}");
        if started {
            let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
            let state = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            // A process that nobody has buried yet is dead all the same.
            assert!(state.is_empty() || state.contains(") Z") || state.contains(") X"), "{state}");
        }
    }
}

#[test]
fn garbage_that_a_converter_took_for_text_stays_unread() {
    let folder = office(GARBAGE);
    old(folder.path());
    let (ran, object) = check(folder.path(), "a.wps");
    assert_eq!((ran.code, object["outcome"].as_str()), (2, Some("unreadable")), "{}", ran.out);
    assert_eq!((object["report"].is_null(), object["findings"].as_array().map(Vec::len)), (true, Some(0)));
}

#[test]
fn a_program_that_is_no_converter_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), "[convert]\nprograms = [\"sh\"]\n").unwrap();
    let ran = run(folder.path(), &["check", "-c", "config.toml", "a.html"]);
    assert_eq!(ran.code, 64, "{ran:?}");
    assert!(ran.err.contains("no converter that is known"), "{}", ran.err);
}

#[test]
fn a_converter_reaches_into_an_archive() {
    let folder = office(&copies("qingshi-2020.docx"));
    old(folder.path());
    for name in ["a.zip", "b.zip"] {
        let inner = if name == "a.zip" { "a.wps" } else { "a.zip" };
        let mut writer = zip::ZipWriter::new(std::fs::File::create(folder.path().join(name)).unwrap());
        for (part, bytes) in [("logo.png", b"x".to_vec()), (inner, std::fs::read(folder.path().join(inner)).unwrap())] {
            writer.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, &bytes).unwrap();
        }
        writer.finish().unwrap();
        let (ran, object) = check(folder.path(), name);
        assert_eq!((object["outcome"].as_str(), codes(&object)[0]), (Some("read"), "converter-used"), "{}", ran.err);
    }
}
