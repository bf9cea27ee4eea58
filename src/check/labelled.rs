//! The labelled texts of `tests/labelled/words`, judged; and how many of them each rule gets right.

use super::cases::read_of;
use super::{Context, run};
use crate::extract::{Forms, Hints, report};
use crate::model::{AgencyKind, Block, Document, Level, Media, TextBlock, Time, Verdict};
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
    /// Faulty, and known to be passed over: missed when it is counted how often a rule is right.
    #[serde(default)]
    beyond: Vec<String>,
}

/// Whether the rule finds something in a clean report that says this.
fn finds(rules: &RuleSet, forms: &Forms, set: &Set, text: &str) -> bool {
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
    let mut read = read_of(rules, &case);
    // What is masked before a report is read is looked for as it is in a document.
    let mut document = Document::new(Media::Text);
    document.blocks.push(Block::Text(TextBlock {
        text: text.to_owned(),
        page: None,
        emphasis: false,
        linked: false,
        printed: None,
    }));
    read.private = report(&document, &Hints::default(), forms).private;
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
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/labelled/words");
    let mut sets: Vec<Set> = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("the file can be read");
        sets.extend(toml::from_str::<Labelled>(&text).expect("the file is in its form").set);
    }
    let forms = Forms::new(&rules.standards);
    let (mut failures, mut scores) = (Vec::new(), BTreeMap::<&str, [usize; 4]>::new());
    for set in &sets {
        let missed: Vec<&String> = set.wrong.iter().filter(|text| !finds(&rules, &forms, set, text)).collect();
        let accused: Vec<&String> = set.lawful.iter().filter(|text| finds(&rules, &forms, set, text)).collect();
        let told = set.beyond.iter().filter(|text| finds(&rules, &forms, set, text));
        failures.extend(told.map(|text| format!("{} finds what is said to be beyond it: {text}", set.rule)));
        let wrong = set.wrong.len() + set.beyond.len();
        let counts = [set.wrong.len() - missed.len(), wrong, accused.len(), set.lawful.len()];
        let score = scores.entry(&set.rule).or_default();
        score.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        failures.extend(missed.iter().map(|text| format!("{} misses: {text}", set.rule)));
        failures.extend(accused.iter().map(|text| format!("{} accuses: {text}", set.rule)));
    }
    for (rule, [found, wrong, accused, lawful]) in scores {
        println!("{rule}: found {found} of {wrong} wrong texts, accused {accused} of {lawful} lawful ones");
    }
    assert!(failures.is_empty(), "{} wrong:\n{}", failures.len(), failures.join("\n"));
}
