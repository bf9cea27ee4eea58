//! Replay: what is kept, judged again; nothing is lost, nothing is invented, and a dry run writes nothing.

use crate::support::{Office, Ran, mini_site, run_with};
use nianjian::model::{Finding, FindingState};
use serde_json::Value;
use std::path::Path;

const NOW: &str = "2026-02-10T12:00:00+08:00";

fn replay(office: &Office, arguments: &[&str]) -> Ran {
    run_with(office.path(), &[&["replay"], arguments].concat(), &[("NIANJIAN_NOW", NOW)])
}

fn json(office: &Office, arguments: &[&str]) -> (i32, Value) {
    let ran = replay(office, &[arguments, &["--format", "json"]].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err)))
}

/// The shipped rules in the office's folder, to be changed.
fn own_rules(office: &Office) {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let from = entry.unwrap().path();
            let to = to.join(from.file_name().unwrap());
            if from.is_dir() { copy(&from, &to) } else { assert!(std::fs::copy(&from, &to).is_ok()) }
        }
    }
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &office.path().join("rules"));
}

/// Findings as (rule, state, severity).
fn told(findings: &[Finding]) -> Vec<(String, FindingState, &'static str)> {
    findings.iter().map(|it| (it.rule.clone(), it.state, it.violation.severity.word())).collect()
}

/// The rule of a finding about the report of 云溪市自然资源局.
fn broken(office: &Office) -> String {
    let findings = office.standing().0;
    findings.iter().find(|finding| finding.agency == "zrzy").expect("a finding of the faulty report").rule.clone()
}

#[test]
fn the_same_rules_find_the_same_and_a_dry_run_writes_nothing() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let (before, position) = (office.standing(), office.store().position());
    let asked = office.site.hits().len();
    let (code, object) = json(&office, &["--dry-run"]);
    assert_eq!(code, 0, "{object:#}");
    assert_eq!((&object["reports"], object["findings"].as_array().map(Vec::len)), (&2.into(), Some(0)), "{object:#}");
    assert_eq!(object["rule_set"], before.0[0].rules.as_str());
    assert_eq!(office.store().position(), position);
    assert_eq!(office.store().started().unwrap().unwrap().rules, before.0[0].rules, "which rules judged is written down");
    assert_eq!(replay(&office, &[]).code, 0);
    assert_eq!(office.standing().0, before.0);
    assert_eq!(office.site.hits().len(), asked, "nothing is fetched");
}

#[test]
fn other_rules_tell_what_appears_disappears_and_changes() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let (before, rule) = (office.standing().0, "publication/missing");
    own_rules(&office);
    let path = office.path().join(format!("rules/checks/{rule}.toml"));
    let text = std::fs::read_to_string(&path).unwrap();

    // A rule that is gone holds nothing against anybody.
    std::fs::remove_file(&path).unwrap();
    let (code, object) = json(&office, &["--rules", "rules", "--dry-run"]);
    let of_rule = before.iter().filter(|finding| finding.rule == rule).count();
    assert_eq!((code, &object["disappears"], &object["appears"]), (0, &of_rule.into(), &0.into()), "{object:#}");
    assert_eq!(object["findings"][0]["before"]["state"], "open");
    assert_eq!(told(&office.standing().0), told(&before), "a dry run");
    let ran = replay(&office, &["--rules", "rules"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let shown = format!("{rule}  +0 −{of_rule} ~0\n  − 云溪市民政局 2025 年度 [");
    assert!(ran.out.starts_with(&shown), "{}", ran.out);
    assert!(ran.out.contains("已记入台账"), "{}", ran.out);
    let resolved = office.standing().0.into_iter().filter(|finding| finding.state == FindingState::Resolved);
    assert_eq!(resolved.count(), of_rule);

    // With the rule it comes back; twice is once.
    std::fs::write(&path, &text).unwrap();
    let ran = replay(&office, &["--rules", "rules"]);
    let error = before.iter().any(|finding| finding.rule == rule && finding.violation.severity.word() == "error");
    assert_eq!(ran.code, i32::from(error), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with(&format!("{rule}  +{of_rule} −0 ~0\n  + ")), "{}", ran.out);
    assert!(replay(&office, &["--rules", "rules"]).out.contains("没有差异"));

    // Another weight is a change, and says what it was.
    office.change("[store]", "[rules]\noverlay = \"overlay.toml\"\n[store]");
    std::fs::write(office.path().join("overlay.toml"), format!("[severity]\n\"{rule}\" = \"info\"\n")).unwrap();
    let ran = replay(&office, &["--dry-run", "--lang", "en"]);
    assert!(ran.out.contains(&format!("{rule}  +0 −0 ~{of_rule}")) && ran.out.contains("was: "), "{}", ran.out);
    assert_eq!(replay(&office, &["--dry-run", "--fail-on", "info"]).code, 1);
    assert_eq!(replay(&office, &["--format", "csv"]).code, 64);
    assert_eq!(replay(&office, &["--rules", "nowhere"]).code, 64);
}

#[test]
fn a_replay_that_was_cut_short_is_taken_up() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let rule = broken(&office);
    office.change("[store]", "[rules]\noverlay = \"overlay.toml\"\n[store]");
    std::fs::write(office.path().join("overlay.toml"), format!("[switch]\n\"{rule}\" = false\n")).unwrap();
    let mut ends = 0;
    for point in 1..20 {
        let point = point.to_string();
        let ran = run_with(office.path(), &["replay"], &[("NIANJIAN_NOW", NOW), ("NIANJIAN_FAIL_POINT", &point)]);
        if ran.code == 0 {
            ends += 1;
            break;
        }
    }
    assert_eq!(ends, 1, "it comes to its end");
    assert!(office.standing().1.iter().all(|report| report.extent.applicable > 0));
    let left = office.standing().0.into_iter().filter(|finding| finding.rule == rule && finding.state.stands());
    assert_eq!(left.count(), 0);
    assert!(!office.path().join("data/replay.json").exists());

    // A mark of the same program and rules is where it goes on; of others, it begins anew.
    let rules = office.store().started().unwrap().unwrap().rules;
    let mark = |rules: &str| format!(r#"{{"program":"{}","rules":"{rules}","after":"jyj/2025"}}"#, env!("CARGO_PKG_VERSION"));
    for (rules, read) in [(rules.as_str(), 1), ("others", 2)] {
        std::fs::write(office.path().join("data/replay.json"), mark(rules)).unwrap();
        let (code, object) = json(&office, &[]);
        assert_eq!((code, &object["reports"]), (0, &read.into()), "{object:#}");
    }
}

#[test]
fn a_body_that_is_lost_is_told_and_nothing_is_concluded_from_it() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let before = office.standing().0;
    let folder = office.path().join("data/snapshots");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.iter_mut().for_each(|byte| *byte ^= 0x55);
        std::fs::write(&path, bytes).unwrap();
    }
    let (code, object) = json(&office, &[]);
    assert_eq!((code, &object["unread"][0]["code"]), (2, &"snapshot-lost".into()), "{object:#}");
    assert_eq!(told(&office.standing().0), told(&before));
}

#[test]
fn the_waiver_file_of_the_configuration_is_read() {
    let office = Office::watching(mini_site(), "");
    office.crawl(&[], &[]);
    let finding = office.standing().0.into_iter().find(|finding| finding.rule == "publication/missing").unwrap();
    office.change("[store]", "[rules]\nwaivers = \"accepted.toml\"\n[store]");
    let path = office.path().join("accepted.toml");
    std::fs::write(&path, "[[waiver]]\nfingerprint = 3\n").unwrap();
    let ran = replay(&office, &[]);
    assert!(ran.code == 64 && ran.err.contains("accepted.toml"), "{}", ran.err);
    let waiver = format!("[[waiver]]\nfingerprint = \"{}\"\nreason = \"机构改革\"\nby = \"某人\"\n", finding.fingerprint);
    std::fs::write(&path, waiver).unwrap();
    let ran = replay(&office, &["--fail-on", "never"]);
    assert!(ran.out.contains("待核 → 已豁免"), "{}{}", ran.out, ran.err);
    let waived = office.standing().0.into_iter().find(|it| it.fingerprint == finding.fingerprint).unwrap();
    assert_eq!(waived.state, FindingState::Waived);
}
