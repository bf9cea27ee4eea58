//! The command line as docs/contract.md has it: exit codes, JSON, what goes where.

use crate::support::{run, tests};
use serde_json::Value;
use std::path::Path;

fn page(name: &str) -> String {
    tests("pages").join(name).to_string_lossy().into_owned()
}

fn check_json(arguments: &[&str]) -> (i32, Vec<Value>) {
    let arguments: Vec<&str> = ["check", "--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
    let ran = run(Path::new("/"), &arguments);
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err)))
}

#[test]
fn one_report_in_three_formats_has_the_same_findings() {
    let findings = |ending: &str| {
        let (code, objects) = check_json(&[&page(&format!("reports/qingshi-2020.{ending}"))]);
        assert_eq!(code, 1, "{ending}");
        let findings = objects[0]["findings"].as_array().unwrap().clone();
        let told = |finding: &Value| {
            (finding["rule"].clone(), finding["fingerprint"].clone(), finding["expected"].clone(), finding["actual"].clone())
        };
        findings.iter().map(told).collect::<Vec<_>>()
    };
    assert!(findings("txt").iter().any(|(rule, ..)| rule == "narrative/breakdown"));
    assert_eq!(findings("txt"), findings("html"));
    assert_eq!(findings("txt"), findings("docx"));
}

#[test]
fn the_same_bytes_give_the_same_json() {
    let folder = page("reports");
    let told = || run(Path::new("/"), &["check", "--format", "json", &folder]).out;
    assert_eq!(told(), told());
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let (_, objects) = check_json(&[&page("reports/qingshi-2020.html")]);
    let object = &objects[0];
    assert_eq!(object["schema"], "nianjian.check/1");
    assert_eq!((object["outcome"].as_str(), object["media"].as_str()), (Some("read"), Some("text/html")));
    let report = &object["report"];
    assert_eq!(
        (report["standard"].as_str(), report["year"].as_i64(), report["agency_kind"].as_str()),
        (Some("v2019"), Some(2020), Some("township"))
    );
    assert_eq!(report["figures"].as_array().unwrap().len(), 22 + 161 + 15);
    let sections: Vec<&str> =
        report["sections"].as_array().unwrap().iter().map(|section| section["id"].as_str().unwrap()).collect();
    assert_eq!(sections, ["overview", "proactive", "applications", "review_litigation", "problems", "other"]);
    for figure in report["figures"].as_array().unwrap() {
        assert_eq!(figure["value"].is_number(), figure["state"] == "number", "{figure}");
        assert!(figure["at"]["quote"].is_string() || figure["state"] == "absent", "{figure}");
    }
    let rules = &object["rules"];
    let sum: u64 = ["clean", "findings", "inconclusive", "not_applicable"].iter().map(|word| rules[word].as_u64().unwrap()).sum();
    assert_eq!(sum as usize, nianjian::pipeline::rule_set(None, None).unwrap().checks.len());
    for finding in object["findings"].as_array().unwrap() {
        for field in
            ["fingerprint", "rule", "severity", "message", "figures", "expected", "actual", "evidence", "basis", "advice"]
        {
            assert!(finding.get(field).is_some(), "{field}: {finding}");
        }
    }
}

#[test]
fn exit_codes_are_the_contracts() {
    let dir = tempfile::TempDir::new().unwrap();
    let code = |arguments: &[&str]| run(dir.path(), arguments).code;
    let (clean, faulty) = (page("reports/bailu-2023-spans.html"), page("reports/qingshi-2020.txt"));
    assert_eq!(code(&["check", &clean]), 0);
    assert_eq!(code(&["check", &faulty]), 1);
    assert_eq!(code(&["check", "--fail-on", "never", &faulty]), 0);
    assert_eq!(code(&["check", &page("nasty/news.html")]), 0, "not a report is 0");
    assert_eq!(code(&["check", &page("nasty/script-shell.html")]), 2, "unreadable is 2");
    assert_eq!(code(&["check", &faulty, "nowhere.html"]), 2, "2 wins over 1");
    assert_eq!(code(&["check"]), 64);
    assert_eq!(code(&["check", "--colour", &clean]), 64);
    assert_eq!(code(&["check", "--rules", "nowhere", &clean]), 64);
    assert_eq!(code(&["rules", "check"]), 0);
    assert_eq!(code(&["rules", "explain", "form/row-mising"]), 64);
    assert_eq!(code(&["serve", "-c", "nowhere.toml"]), 64);
    assert_eq!(code(&["--version"]), 0);
    assert_eq!(code(&["completions", "bash"]), 0);
    assert_eq!(code(&["man"]), 0);
}

#[test]
fn a_broken_rule_file_is_refused_with_its_place() {
    let dir = tempfile::TempDir::new().unwrap();
    for (path, text) in nianjian::rules::builtin() {
        let path = dir.path().join("rules").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    assert_eq!(run(dir.path(), &["rules", "--rules", "rules", "check"]).code, 0);
    let file = dir.path().join("rules/checks/balance/applications-flow.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("carried_in", "carried_inn", 1)).unwrap();
    for command in [&["rules", "--rules", "rules", "check"][..], &["check", "--rules", "rules", "x.html"]] {
        let ran = run(dir.path(), command);
        assert_eq!(ran.code, 64, "{}", ran.err);
        assert!(ran.err.contains("applications-flow.toml:") && ran.err.contains("carried_in"), "{}", ran.err);
    }
}

#[test]
fn data_goes_to_standard_output_and_languages_are_kept_apart() {
    let clean = page("reports/bailu-2023-spans.html");
    let told = |language: &[&str]| run(Path::new("/"), &[language, &["check", &clean]].concat()).out;
    assert!(told(&[]).contains("规则") && !told(&[]).contains('\u{1b}'));
    assert!(told(&["--lang", "en"]).contains("rules clean"));
    let ran = run(Path::new("/"), &["check", "--format", "jsonl", "nowhere.html"]);
    assert!(ran.err.is_empty() && ran.out.contains("cannot-open"), "{}{}", ran.out, ran.err);
}
