//! The demonstration, against the truth about its portal: every figure, every finding, every state.

use crate::pages::differences;
use crate::support::{forms, read_page, run, tests};
use nianjian::model::Severity;
use nianjian::store::{Options, Store};
use serde_json::Value;
use std::collections::BTreeSet;

fn truth() -> Value {
    serde_json::from_str(&std::fs::read_to_string(tests("sites/demo/truth.json")).unwrap()).unwrap()
}

#[test]
fn every_page_of_the_portal_is_read_exactly() {
    let forms = forms();
    let mut wrong = Vec::new();
    for truth in truth()["reports"].as_array().unwrap() {
        let page = truth["page"].as_str().unwrap();
        let read = read_page(&tests("sites/demo").join(page.trim_start_matches('/')), &forms);
        let Some(report) = read.report else {
            if truth["outcome"] == "read" {
                wrong.push(format!("{page}: {:?} {:?}", read.outcome, read.problems));
            }
            continue;
        };
        wrong.extend(differences(&report, truth).into_iter().take(5).map(|line| format!("{page}: {line}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rules that this version has; the truth also names those that later versions will have.
fn known_rules() -> BTreeSet<String> {
    let set = nianjian::pipeline::rule_set(None, None).unwrap();
    set.checks.into_iter().map(|check| check.id).collect()
}

#[test]
fn the_demonstration_finds_what_is_wrong_and_nothing_else() {
    let dir = tempfile::TempDir::new().unwrap();
    let ran = run(dir.path(), &["demo", "--dir", "shown"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in ["云溪市", "digest.html", "digest.xlsx", "snapshots", "机关 19 个"] {
        assert!(ran.out.contains(words), "the demonstration says {words}:\n{}", ran.out);
    }
    let store = Store::open(&dir.path().join("shown/data"), &Options::default()).unwrap();
    let rules = known_rules();
    let truth = truth();
    let mut wanted = BTreeSet::new();
    for report in truth["reports"].as_array().unwrap() {
        for finding in report["findings"].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap();
            if rules.contains(rule) {
                wanted.insert((format!("{}/{}", report["agency"].as_str().unwrap(), report["year"]), rule.to_owned()));
            }
        }
    }
    for agency in truth["agencies"].as_array().unwrap() {
        let id = agency["id"].as_str().unwrap();
        let rule = match agency["2025"].as_str().unwrap() {
            "missing" => "publication/missing",
            "late" => "publication/late",
            _ => continue,
        };
        wanted.insert((format!("{id}/2025"), rule.to_owned()));
    }
    let found: BTreeSet<(String, String)> = store
        .findings()
        .unwrap()
        .into_iter()
        .map(|finding| (format!("{}/{}", finding.agency, finding.year), finding.rule))
        .collect();
    let missed: Vec<_> = wanted.difference(&found).collect();
    let invented: Vec<_> = found.difference(&wanted).collect();
    assert!(missed.is_empty() && invented.is_empty(), "missed {missed:#?}\ninvented {invented:#?}");
}

#[test]
fn the_demonstration_says_the_same_twice() {
    let dir = tempfile::TempDir::new().unwrap();
    let told = || {
        let ran = run(dir.path(), &["demo", "--dir", "shown"]);
        // The port and the digest's id may differ where another program holds the usual port.
        ran.out
            .lines()
            .filter(|line| !line.contains("http://") && !line.contains("校验根"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(told(), told());
}

/// A page without any fault by the truth has no finding of severity error, ever.
#[test]
fn no_clean_page_is_accused() {
    let dir = tempfile::TempDir::new().unwrap();
    let mut clean = 0;
    for report in truth()["reports"].as_array().unwrap() {
        let faults =
            report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == Severity::Error.word()).count();
        if faults > 0 || report["outcome"] != "read" {
            continue;
        }
        let page = tests("sites/demo").join(report["page"].as_str().unwrap().trim_start_matches('/'));
        let kind = "--fail-on=error";
        let ran = run(dir.path(), &["check", kind, page.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}\n{}", page.display(), ran.out);
        clean += 1;
    }
    assert!(clean >= 15, "only {clean} clean pages");
}
