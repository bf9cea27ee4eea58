//! Loading: whole or not at all, every complaint with its place.

use super::*;
use crate::model::{AgencyKind, Severity};

fn with(path: &str, change: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut files = builtin();
    let file = files.iter_mut().find(|(known, _)| known == path).unwrap_or_else(|| panic!("{path} ships"));
    file.1 = change(&file.1);
    files
}

fn complaints(files: &[(String, String)], overlay: Option<(&str, &str)>) -> Vec<Complaint> {
    load(files, overlay).err().unwrap_or_default()
}

#[test]
fn every_shipped_rule_loads_and_has_a_case_flagged_and_one_clean() {
    let rules = load(&builtin(), None).expect("the shipped rules load");
    assert!(rules.standard("v2021").is_some() && rules.standard_for(2020).is_some_and(|standard| standard.id == "v2019"));
    for check in &rules.checks {
        for word in [Word::Finding, Word::Clean, Word::Inconclusive] {
            // A list sums up or not, and a column that is not known is not told at all: neither is ever open.
            let never_open = matches!(check.id.as_str(), "narrative/breakdown" | "publication/wrong-column");
            let has = check.cases.iter().any(|case| case.expect.outcome == word);
            assert!(has || (never_open && word == Word::Inconclusive), "{} has no case {word:?}", check.id);
        }
    }
}

#[test]
fn a_broken_file_gives_line_and_column() {
    for (from, to, what) in [
        ("rank = 1", "rang = 1", "unknown field `rang`"),
        ("[check.identity]", "[check.identety]", "unknown variant `identety`"),
        ("severity = \"error\"", "severity = \"bad\"", "unknown variant `bad`"),
        ("carried_forward\"", "carried_foward\"", "the form has no `carried_foward`"),
        ("= results.total", "== results.total", "the identity cannot be read here"),
        ("table = \"applications\"", "table = \"application\"", "`application` is no table"),
        ("相差 {difference}", "相差 {diference}", "nothing fills in `{diference}`"),
        ("[messages.unequal]", "[messages.uneqal]", "has no message `uneqal`"),
    ] {
        let path = "checks/balance/applications-flow.toml";
        let found = complaints(&with(path, |text| text.replacen(from, to, 1)), None);
        let hit = found.iter().find(|complaint| complaint.what.contains(what));
        let hit = hit.unwrap_or_else(|| panic!("{to}: {found:?}"));
        assert!(hit.path == path && hit.line > 0 && hit.column > 0 && hit.span.is_some(), "{hit}");
    }
}

#[test]
fn every_complaint_is_given_at_once_and_nothing_is_taken() {
    let mut files = with("checks/balance/applications-flow.toml", |text| text.replacen("carried_in =", "carried_on =", 1));
    let other = files.iter_mut().find(|(path, _)| path == "checks/balance/review-outcomes.toml").expect("it ships");
    other.1 = other.1.replace("upheld +", "uphold +");
    let found = complaints(&files, Some(("overlay.toml", "[severity]\n\"form/cell-blanc\" = \"off\"\n")));
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!((found[2].path.as_str(), found[2].line, found[2].column), ("overlay.toml", 2, 1));
    assert_eq!(found[2].help.as_deref(), Some("did you mean `form/cell-blank`?"));
}

#[test]
fn a_case_that_names_no_figure_is_a_complaint() {
    let found = complaints(
        &with("checks/form/cell-impossible.toml", |text| text.replace("received.natural_person", "received.natural")),
        None,
    );
    assert!(found.iter().any(|complaint| complaint.what.contains("applications.received.natural")), "{found:?}");
}

#[test]
fn an_overlay_changes_severities_limits_and_switches() {
    let overlay = "[severity]\n\"publication/late\" = \"info\"\n[switch]\n\"form/part-count\" = false\n[limit.\"narrative/breakdown\"]\nopen_items = 9\n";
    let rules = load(&builtin(), Some(("overlay.toml", overlay))).expect("it can be laid over");
    let late = rules.check("publication/late").expect("it ships");
    assert_eq!(late.severity_of(Some(AgencyKind::Township)), Some(Severity::Info));
    assert_eq!(rules.check("form/part-count").and_then(|check| check.severity), None);
    assert!(matches!(&rules.check("narrative/breakdown").expect("it ships").kind, Kind::Breakdown(it) if it.open_items == 9));
    let plain = load(&builtin(), None).expect("the shipped rules load");
    assert_ne!(plain.fingerprint, rules.fingerprint);
    assert_eq!(
        plain.check("publication/late").and_then(|check| check.severity_of(Some(AgencyKind::Township))),
        Some(Severity::Warn)
    );
}

#[test]
fn the_fingerprint_is_of_the_meaning() {
    let plain = load(&builtin(), None).expect("the shipped rules load").fingerprint;
    let path = "checks/form/cell-blank.toml";
    let comment = load(&with(path, |text| format!("# a comment\n{text}")), None).expect("a comment changes nothing");
    assert_eq!(plain, comment.fingerprint);
    let severity = load(&with(path, |text| text.replace("\"warn\"\n", "\"info\"\n")), None);
    if let Ok(rules) = severity {
        assert_ne!(plain, rules.fingerprint);
    }
}

#[test]
fn waivers_need_a_reason() {
    let text = "[[waiver]]\nfingerprint = \"ab\"\nreason = \"\"\nby = \"甲\"\nuntil = 2027-03-31\n";
    let found = complaints(&with("waivers.toml", |_| text.to_owned()), None);
    assert_eq!((found.len(), found[0].line), (1, 3));
    let rules = load(&with("waivers.toml", |_| text.replace("\"\"", "\"合并\"")), None).expect("it has one now");
    assert_eq!(rules.waivers[0].until, crate::model::Date::from_ymd_opt(2027, 3, 31));
}
