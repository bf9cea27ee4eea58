//! Promise b and c: kill the program at every durable write of a pass and of a digest, run it again,
//! and find the same end state as after an undisturbed pass, with no digest lost.

use crate::support::{Office, mini_site};
use nianjian::model::FindingState;
use std::collections::BTreeSet;

const FOLDER: &str = "[[receiver]]\nid = \"office\"\nchannels = [{ folder = \"digests\" }]\n";

/// Fingerprint, rule, state, expected and actual of a finding.
type Stands = (String, String, FindingState, Option<String>, Option<String>);

/// What an office has to show for its pass, without times and positions.
#[derive(Debug, PartialEq, Eq)]
struct EndState {
    findings: BTreeSet<Stands>,
    reports: BTreeSet<(String, Option<String>, String)>,
    /// Fingerprints of findings that a digest which arrived has told of.
    told: BTreeSet<String>,
    bodies: u64,
    undelivered: usize,
}

fn end_state(office: &Office) -> EndState {
    let store = office.store();
    let delivered = store.digests().unwrap().into_iter().filter(|digest| {
        // What the journal calls delivered must lie in the folder.
        let receipts = store.receipts(&digest.id).unwrap();
        let arrived = std::fs::read_dir(office.path().join("digests"))
            .is_ok_and(|mut folders| folders.any(|folder| folder.unwrap().file_name().to_string_lossy().contains(&digest.id)));
        assert!(arrived || receipts.is_empty(), "a digest with a receipt is not in its folder");
        arrived
    });
    EndState {
        told: delivered.flat_map(|digest| digest.changes).map(|change| change.finding.fingerprint).collect(),
        findings: store
            .findings()
            .unwrap()
            .into_iter()
            .map(|finding| {
                (finding.fingerprint, finding.rule, finding.state, finding.violation.expected, finding.violation.actual)
            })
            .collect(),
        reports: store.reports().unwrap().into_iter().map(|report| (report.id, report.snapshot, report.standard)).collect(),
        bodies: store.stats().unwrap().snapshots,
        undelivered: store.outbox().unwrap().len(),
    }
}

#[test]
fn a_pass_killed_at_any_write_ends_like_an_undisturbed_one() {
    let office = Office::watching(mini_site(), FOLDER);
    let ran = office.crawl(&["--digest"], &[]);
    assert_eq!(ran.code, 1, "the mini portal has one faulty report and one missing: {}{}", ran.out, ran.err);
    let undisturbed = end_state(&office);
    assert_eq!(undisturbed.findings.len(), undisturbed.told.len(), "every finding was told");
    assert!(undisturbed.findings.len() >= 2 && undisturbed.reports.len() == 2 && undisturbed.undelivered == 0);

    let mut points = 0;
    for point in 1.. {
        let office = Office::watching(mini_site(), FOLDER);
        let killed = office.crawl(&["--digest"], &[("NIANJIAN_FAIL_POINT", &point.to_string())]);
        if killed.code != -1 {
            assert_eq!(killed.code, 1, "past the last write the pass is undisturbed: {}", killed.err);
            break;
        }
        points = point;
        let again = office.crawl(&["--digest"], &[]);
        assert_eq!(again.code, 1, "after a kill at write {point}: {}{}", again.out, again.err);
        assert_eq!(end_state(&office), undisturbed, "after a kill at write {point}");
        assert!(office.store().verify(None).unwrap().sound(), "the store is sound after a kill at write {point}");
    }
    assert!(points > 20, "only {points} writes: the fail points are not reached");
}
