//! Tables of what a pass does to what stands, and the properties that hold for any passes.

use super::*;
use crate::model::Severity;
use proptest::prelude::*;

fn at(hour: u32) -> Time {
    chrono::DateTime::from_timestamp(1_770_000_000 + i64::from(hour) * 3600, 0).unwrap()
}

fn today() -> Date {
    "2026-03-10".parse().unwrap()
}

fn violation(place: &str, actual: &str) -> Violation {
    Violation {
        place: place.to_owned(),
        severity: Severity::Error,
        message: Message::default(),
        figures: vec!["b".to_owned(), "a".to_owned()],
        expected: Some("10".to_owned()).filter(|_| !actual.is_empty()),
        actual: Some(actual.to_owned()).filter(|actual| !actual.is_empty()),
        evidence: Vec::new(),
    }
}

fn found(rule: &str, places: &[(&str, &str)]) -> Outcome {
    let violations: Vec<Violation> = places.iter().map(|(place, actual)| violation(place, actual)).collect();
    Outcome { rule: rule.to_owned(), verdict: Verdict::Findings(violations.into()) }
}

fn outcome(rule: &str, verdict: Verdict) -> Outcome {
    Outcome { rule: rule.to_owned(), verdict }
}

/// One pass over 柳河县's 2025; the changes are applied to what stands.
fn pass_with(standing: &mut Vec<Finding>, outcomes: &[Outcome], waivers: &[Waiver]) -> Vec<LedgerChange> {
    let fingerprint = |agency: &str, year: Year, rule: &str, place: &str| format!("{agency}|{year}|{rule}|{place}");
    let note = |rule: &str| (Message { zh: rule.to_owned(), en: rule.to_owned() }, Message::default());
    let notes = RuleNotes { fingerprint: &fingerprint, notes: &note, applies: &|rule| rule != "a/retired", rules: "r1" };
    let judged = [Judged {
        agency: "liuhe",
        agency_name: "柳河县人民政府",
        year: 2025,
        report: Some("liuhe/2025"),
        snapshot: None,
        outcomes,
    }];
    let changes = reconcile(&judged, standing, waivers, &notes, at(1), today());
    *standing = apply(standing, &changes);
    changes
}

fn pass(standing: &mut Vec<Finding>, outcomes: &[Outcome]) -> Vec<ChangeKind> {
    pass_with(standing, outcomes, &[]).into_iter().map(|change| change.kind).collect()
}

/// A ledger of one finding of rule `a/b` at `x` with actual 9, in a state.
fn one(state: FindingState) -> Vec<Finding> {
    let mut standing = Vec::new();
    pass(&mut standing, &[found("a/b", &[("x", "9")])]);
    standing[0].state = state;
    standing
}

fn waiver(until: Option<&str>) -> Waiver {
    Waiver {
        fingerprint: "liuhe|2025|a/b|x".to_owned(),
        reason: "口径不同".to_owned(),
        by: "某人".to_owned(),
        until: until.map(|date| date.parse().unwrap()),
    }
}

#[test]
fn a_new_fault_is_opened_with_all_that_is_known() {
    let mut standing = Vec::new();
    let changes = pass_with(&mut standing, &[found("a/b", &[("x", "9"), ("x", "8"), ("y", "1")])], &[]);
    assert_eq!(changes.len(), 2);
    let finding = &changes[0].finding;
    assert_eq!((changes[0].kind, finding.state, finding.opened), (ChangeKind::Opened, FindingState::Open, at(1)));
    assert_eq!((finding.basis.zh.as_str(), finding.rules.as_str(), finding.report.as_deref()), ("a/b", "r1", Some("liuhe/2025")));
    assert_eq!(finding.violation.actual.as_deref(), Some("9"));
}

#[test]
fn what_a_pass_does_to_a_finding_in_each_state() {
    use ChangeKind as Kind;
    use FindingState::*;
    let same = || vec![found("a/b", &[("x", "9")])];
    let other = || vec![found("a/b", &[("x", "8")])];
    let gone = || vec![found("a/b", &[("y", "1")])];
    let clean = || vec![outcome("a/b", Verdict::Clean)];
    let unsure = || vec![outcome("a/b", Verdict::Inconclusive(Message::default()))];
    let none = || vec![outcome("a/b", Verdict::NotApplicable)];
    let elsewhere = || vec![outcome("c/d", Verdict::Clean)];
    let table: Vec<(FindingState, Vec<Outcome>, Option<Kind>, FindingState)> = vec![
        (Open, same(), None, Open),
        (Open, other(), Some(Kind::Changed), Open),
        (Open, gone(), Some(Kind::Resolved), Resolved),
        (Open, clean(), Some(Kind::Resolved), Resolved),
        (Open, unsure(), None, Open),
        (Open, none(), None, Open),
        (Open, elsewhere(), None, Open),
        (Open, vec![], None, Open),
        (Confirmed, other(), Some(Kind::Changed), Confirmed),
        (Notified, same(), None, Notified),
        (Replied, clean(), Some(Kind::Resolved), Resolved),
        (Overdue, clean(), Some(Kind::Resolved), Resolved),
        (Dismissed, same(), None, Dismissed),
        (Dismissed, other(), Some(Kind::Reopened), Reopened),
        (Dismissed, clean(), None, Dismissed),
        (Resolved, same(), Some(Kind::Reopened), Reopened),
        (Resolved, other(), Some(Kind::Reopened), Reopened),
        (Resolved, clean(), None, Resolved),
        (Resolved, unsure(), None, Resolved),
        (Reopened, clean(), Some(Kind::Resolved), Resolved),
    ];
    for (state, outcomes, kind, after) in table {
        let mut standing = one(state);
        let changes = pass_with(&mut standing, &outcomes, &[]);
        let change = changes.iter().find(|change| change.finding.violation.place == "x");
        assert_eq!(change.map(|change| change.kind), kind, "{state:?} {outcomes:?}");
        assert_eq!(standing[0].state, after, "{state:?} {outcomes:?}");
        assert_eq!(standing[0].resolved.is_some(), kind == Some(Kind::Resolved), "{state:?} {outcomes:?}");
    }
}

#[test]
fn what_could_not_be_decided_in_part_resolves_nothing() {
    let mut standing = one(FindingState::Open);
    let mut partly = found("a/b", &[("y", "1")]);
    if let Verdict::Findings(found) = &mut partly.verdict {
        found.open = Some(Message::default());
    }
    assert_eq!(pass_with(&mut standing, &[partly], &[]).len(), 1);
    assert_eq!(standing[0].state, FindingState::Open);
}

#[test]
fn without_numbers_the_figures_are_the_fault_and_their_order_is_not() {
    let mut standing = Vec::new();
    pass(&mut standing, &[found("a/b", &[("x", "")])]);
    let mut turned = violation("x", "");
    turned.figures.reverse();
    assert!(pass(&mut standing, &[outcome("a/b", Verdict::Findings(vec![turned.clone()].into()))]).is_empty());
    turned.figures.pop();
    assert_eq!(pass(&mut standing, &[outcome("a/b", Verdict::Findings(vec![turned].into()))]), [ChangeKind::Changed]);
}

#[test]
fn waivers_begin_and_end() {
    let outcomes = [found("a/b", &[("x", "9")])];
    // A waived fault is never opened.
    let mut standing = Vec::new();
    let changes = pass_with(&mut standing, &outcomes, &[waiver(None)]);
    assert_eq!((changes[0].kind, changes[0].finding.state), (ChangeKind::Waived, FindingState::Waived));
    assert!(pass_with(&mut standing, &outcomes, &[waiver(Some("2026-03-10"))]).is_empty());
    // It ends with its last day, though nothing was judged.
    let changes = pass_with(&mut standing, &[], &[waiver(Some("2026-03-09"))]);
    assert_eq!((changes[0].kind, changes[0].finding.state), (ChangeKind::Reopened, FindingState::Reopened));
    let changes = pass_with(&mut standing, &[], &[waiver(None)]);
    assert_eq!(changes[0].kind, ChangeKind::Waived);
    // Gone is resolved, and back is waived again.
    assert_eq!(pass_with(&mut standing, &[outcome("a/b", Verdict::Clean)], &[waiver(None)])[0].kind, ChangeKind::Resolved);
    assert_eq!(pass_with(&mut standing, &outcomes, &[waiver(None)])[0].kind, ChangeKind::Waived);
}

#[test]
fn notified_past_its_day_is_overdue() {
    for (due, state) in [("2026-03-10", FindingState::Notified), ("2026-03-09", FindingState::Overdue)] {
        let mut standing = one(FindingState::Notified);
        standing[0].due = Some(due.parse().unwrap());
        let changes = pass(&mut standing, &[]);
        assert_eq!(standing[0].state, state);
        assert_eq!(changes.len(), usize::from(state == FindingState::Overdue));
        assert!(pass(&mut standing, &[]).is_empty());
    }
}

#[test]
fn a_rule_named_twice_counts_once() {
    let mut standing = Vec::new();
    let twice = [found("a/b", &[("x", "9")]), outcome("a/b", Verdict::Clean)];
    assert_eq!(pass(&mut standing, &twice), [ChangeKind::Opened]);
    assert!(pass(&mut standing, &twice).is_empty());
}

#[test]
fn steps() {
    use FindingState::*;
    let table: &[(Step, FindingState, Option<FindingState>)] = &[
        (Step::Confirm, Open, Some(Confirmed)),
        (Step::Confirm, Resolved, None),
        (Step::Dismiss, Notified, Some(Dismissed)),
        (Step::Dismiss, Waived, None),
        (Step::Notify, Confirmed, Some(Notified)),
        (Step::Notify, Dismissed, None),
        (Step::Reply, Overdue, Some(Replied)),
        (Step::Reply, Open, None),
        (Step::Reopen, Dismissed, Some(Reopened)),
        (Step::Reopen, Open, None),
    ];
    for (step, from, to) in table {
        let finding = one(*from).remove(0);
        let after = take_step(&finding, *step, None, at(2));
        assert_eq!(after.map(|finding| finding.state).ok(), *to, "{step:?} {from:?}");
        assert_eq!(Step::parse(step.word()), Some(*step));
    }
    let finding = one(Open).remove(0);
    assert_eq!(take_step(&finding, Step::Notify, Some(today()), at(2)).unwrap().due, Some(today()));
    assert!(take_step(&finding, Step::Confirm, Some(today()), at(2)).is_err());
}

/// Any outcome of one of three rules at one of three places.
fn any_outcome() -> impl Strategy<Value = Outcome> {
    let violations = prop::collection::vec((0..3_usize, 0..3_u8), 0..4).prop_map(|places| {
        let violation_of = |(place, actual): (usize, u8)| violation(["x", "y", "z"][place], ["", "1", "2"][usize::from(actual)]);
        Verdict::Findings(places.into_iter().map(violation_of).collect::<Vec<_>>().into())
    });
    let verdict = prop_oneof![
        violations,
        Just(Verdict::Clean),
        Just(Verdict::NotApplicable),
        Just(Verdict::Inconclusive(Message::default())),
    ];
    ("[abc]", verdict).prop_map(|(rule, verdict)| Outcome { rule: format!("f/{rule}"), verdict })
}

proptest! {
    #[test]
    fn the_same_outcomes_twice_change_nothing(
        passes in prop::collection::vec((prop::collection::vec(any_outcome(), 0..5), any::<bool>()), 1..6),
        states in prop::collection::vec(0..9_usize, 0..9),
    ) {
        let all = [
            FindingState::Open, FindingState::Confirmed, FindingState::Dismissed, FindingState::Notified,
            FindingState::Replied, FindingState::Overdue, FindingState::Resolved, FindingState::Reopened, FindingState::Waived,
        ];
        let mut standing = Vec::new();
        for (outcomes, waived) in &passes {
            let waivers = if *waived { vec![Waiver { fingerprint: "liuhe|2025|f/a|x".into(), ..waiver(None) }] } else { vec![] };
            pass_with(&mut standing, outcomes, &waivers);
            prop_assert!(pass_with(&mut standing, outcomes, &waivers).is_empty());
            for (finding, state) in standing.iter_mut().zip(&states) {
                finding.state = all[*state];
                finding.due = (*state % 2 == 0).then(|| "2026-03-01".parse().unwrap());
            }
        }
    }

    #[test]
    fn nothing_undecided_resolves(outcomes in prop::collection::vec(any_outcome(), 0..5)) {
        let mut standing = Vec::new();
        pass(&mut standing, &[found("f/a", &[("x", "1")]), found("f/b", &[("y", "1")])]);
        for change in pass_with(&mut standing, &outcomes, &[]) {
            if change.kind == ChangeKind::Resolved {
                let decided = outcomes.iter().find(|outcome| outcome.rule == change.finding.rule).map(|outcome| &outcome.verdict);
                prop_assert!(matches!(decided, Some(Verdict::Clean | Verdict::Findings(_))));
            }
        }
    }
}
