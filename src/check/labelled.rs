//! The labelled texts of `tests/labelled/words.toml`, judged; and how many of them each rule gets right.

use super::cases::read_of;
use super::{Context, run};
use crate::model::{AgencyKind, Level, Time, Verdict};
use crate::rules::{RuleSet, builtin, load};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    set: Vec<Set>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    rule: String,
    /// `preamble`, or a section's id.
    section: String,
    #[serde(default)]
    year: Option<i32>,
    #[serde(default)]
    agency: Option<String>,
    #[serde(default)]
    agency_kind: Option<String>,
    #[serde(default)]
    level: Option<String>,
    #[serde(default)]
    applications: BTreeMap<String, String>,
    wrong: Vec<String>,
    lawful: Vec<String>,
}

/// Whether the rule finds something in a clean report that says this.
fn finds(rules: &RuleSet, set: &Set, text: &str) -> bool {
    let mut case: crate::rules::Case = toml::from_str("name = \"labelled\"\nexpect = { outcome = \"clean\" }").expect("a case");
    (case.year, case.agency, case.agency_kind, case.level) =
        (set.year, set.agency.clone(), set.agency_kind.clone(), set.level.clone());
    case.applications = set.applications.clone();
    if set.section == "preamble" {
        case.preamble = vec![text.to_owned()];
    } else {
        let mut section: crate::rules::CaseSection = toml::from_str(&format!("id = \"{}\"", set.section)).expect("a section");
        section.text = Some(text.to_owned());
        case.sections.push(section);
    }
    let read = read_of(rules, &case);
    let context = Context {
        agency_kind: set.agency_kind.as_deref().and_then(AgencyKind::parse),
        level: set.level.as_deref().and_then(Level::parse),
        ..Context::lone(Time::default())
    };
    let outcomes = run(&read, &context, rules);
    outcomes.iter().any(|outcome| outcome.rule == set.rule && matches!(outcome.verdict, Verdict::Findings(_)))
}

#[test]
fn labelled_words_are_judged_as_they_are_labelled() {
    let rules = load(&builtin(), None).expect("the shipped rules load");
    let labelled: Labelled = toml::from_str(include_str!("../../tests/labelled/words.toml")).expect("the file can be read");
    let mut failures = Vec::new();
    for set in &labelled.set {
        let missed: Vec<&String> = set.wrong.iter().filter(|text| !finds(&rules, set, text)).collect();
        let accused: Vec<&String> = set.lawful.iter().filter(|text| finds(&rules, set, text)).collect();
        let (found, all) = (set.wrong.len() - missed.len(), set.wrong.len());
        println!("{}: recall {found}/{all}, false {}/{}", set.rule, accused.len(), set.lawful.len());
        failures.extend(missed.iter().map(|text| format!("{} misses: {text}", set.rule)));
        failures.extend(accused.iter().map(|text| format!("{} accuses: {text}", set.rule)));
    }
    assert!(failures.is_empty(), "{} wrong:\n{}", failures.len(), failures.join("\n"));
}
