//! Every shipped rule has its cases and they hold; diagnoses never name a wrong cell.

use super::*;
use crate::rules::{builtin, load};

fn shipped() -> RuleSet {
    load(&builtin(), None)
        .unwrap_or_else(|complaints| panic!("{}", complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn every_case_of_every_shipped_rule_holds() {
    let failures: Vec<String> = run_cases(&shipped(), None)
        .into_iter()
        .filter_map(|result| Some(format!("{} · {}: {}", result.rule, result.case, result.failure?)))
        .collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}
