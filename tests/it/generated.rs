//! What is generated is checked in and true; `UPDATE=1 cargo test generated` writes it anew.

use nianjian::pipeline::rule_set;
use std::fmt::Write;
use std::path::Path;

/// docs/rules.md: every rule in the words of its own file.
fn rules_page() -> String {
    let set = rule_set(None, None).unwrap();
    let mut page = String::from(
        "# The rules\n\nWritten by a test from the files in `rules/checks` (`UPDATE=1 cargo test generated`); change those, not this page.\n\
         An office changes severities and limits in its overlay, without editing the files.\n",
    );
    for check in &set.checks {
        let severity = check.severity.map_or("off", nianjian::model::Severity::word);
        let _ = write!(
            page,
            "\n## `{}`\n\n**{}** — {} ({severity})\n\n{}\n\n- 依据：{}\n- 建议：{}\n- {}\n- Basis: {}\n- Advice: {}\n",
            check.id,
            check.what.zh,
            check.what.en,
            check.why.zh,
            check.basis.zh,
            check.advice.zh,
            check.why.en,
            check.basis.en,
            check.advice.en
        );
    }
    page
}

#[test]
fn the_page_of_rules_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let page = rules_page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/rules.md is not what the rules say: run UPDATE=1 cargo test generated, and read the change");
}
