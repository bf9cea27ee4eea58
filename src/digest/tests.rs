//! The policy as a table: what is said, and when there is nothing to say.

use super::sample::*;
use super::*;
use crate::model::Problem;

fn last() -> Digest {
    let composed = compose(quiet(None)).unwrap();
    Digest { composed: at(4, 1, 0), ..composed }
}

fn attention(code: &str, message: &str) -> Vec<Attention> {
    vec![Attention { subject: "liuhe".to_owned(), problem: Problem::new(code, message) }]
}

/// Changes one thing of a quiet day.
type Mutation = fn(&mut DigestInput<'_>);

#[test]
fn there_is_a_reason_or_no_digest() {
    let mut last = last();
    last.missing = vec!["甲".to_owned()];
    last.attention = attention("captcha", "一次");
    let cases: Vec<(&str, Mutation, Option<Occasion>)> = vec![
        ("quiet", |_| (), None),
        ("first", |input| input.last = None, Some(Occasion::First)),
        ("demanded", |input| input.demanded = true, Some(Occasion::Demand)),
        ("a week of silence", |input| input.now = at(4, 8, 0), Some(Occasion::Alive)),
        ("not quite a week", |input| input.now = at(4, 7, 23), None),
        ("the clock was set back", |input| input.now = at(3, 1, 0), None),
        ("one more is missing", |input| input.missing = vec!["甲".to_owned(), "乙".to_owned()], Some(Occasion::Changes)),
        ("the same is missing", |input| input.missing = vec!["甲".to_owned()], None),
        ("one is late", |input| input.late = vec!["丙".to_owned()], Some(Occasion::Changes)),
        ("a report", |input| input.new_reports = vec![new_report("丁", "年报", "https://x.example/")], Some(Occasion::Changes)),
        ("a gate", |input| input.attention = attention("login", "要求登录"), Some(Occasion::Changes)),
        ("the same gate in other words", |input| input.attention = attention("captcha", "两次"), None),
        ("a finding", |input| input.changes = vec![change(ChangeKind::Opened, imbalance("甲", 3))], Some(Occasion::Changes)),
        (
            "a finding that came and went",
            |input| {
                input.changes =
                    vec![change(ChangeKind::Opened, imbalance("甲", 3)), change(ChangeKind::Resolved, imbalance("甲", 3))]
            },
            None,
        ),
    ];
    for (what, mutate, expected) in cases {
        let mut input = quiet(Some(&last));
        mutate(&mut input);
        assert_eq!(compose(input).map(|digest| digest.occasion), expected, "{what}");
    }
}

#[test]
fn a_finding_is_told_once_as_it_stands_or_not_at_all() {
    use ChangeKind::*;
    let cases: &[(&[ChangeKind], Option<ChangeKind>)] = &[
        (&[Opened], Some(Opened)),
        (&[Opened, Changed, Changed], Some(Opened)),
        (&[Opened, Resolved], None),
        (&[Opened, Resolved, Reopened], Some(Opened)),
        (&[Reopened, Resolved], None),
        (&[Changed, Resolved], Some(Resolved)),
        (&[Changed, Waived], Some(Waived)),
        (&[Resolved, Reopened], None),
        (&[Resolved, Reopened, Resolved], Some(Resolved)),
        (&[Reopened, Changed], Some(Reopened)),
    ];
    for (kinds, expected) in cases {
        let changes: Vec<_> = kinds.iter().map(|kind| change(*kind, imbalance("甲", 3))).collect();
        let net: Vec<_> = net_changes(&changes).into_iter().map(|change| change.kind).collect();
        assert_eq!(net, Vec::from_iter(*expected), "{kinds:?}");
    }
}

#[test]
fn a_finding_that_comes_back_with_another_number_has_changed() {
    let gone = change(ChangeKind::Resolved, imbalance("甲", 3));
    let mut back = change(ChangeKind::Reopened, imbalance("甲", 3));
    back.finding.violation.actual = Some("9".to_owned());
    let net = net_changes(&[gone, back.clone()]);
    assert_eq!((net[0].kind, &net[0].finding), (ChangeKind::Changed, &back.finding));
}

#[test]
fn the_worst_comes_first() {
    let info = change(ChangeKind::Opened, finding("甲", "content/no-figures", "a", Severity::Info, "提示", "notice"));
    let error = change(ChangeKind::Opened, imbalance("乙", 3));
    let order: Vec<_> = net_changes(&[info, error]).into_iter().map(|change| change.finding.violation.severity).collect();
    assert_eq!(order, [Severity::Error, Severity::Info]);
}

#[test]
fn a_date_that_passes_is_news_once() {
    let mut notified = imbalance("甲", 3);
    notified.state = FindingState::Notified;
    notified.due = Some(date(4, 1));
    let findings = [notified];
    let before = last();
    let told = compose(DigestInput { findings: &findings, ..quiet(Some(&before)) }).unwrap();
    assert_eq!((told.occasion, told.rectification[0].days), (Occasion::Changes, -1));
    let again = compose(DigestInput { findings: &findings, now: at(4, 3, 0), ..quiet(Some(&told)) });
    assert_eq!(again, None);
}

#[test]
fn days_are_counted_where_the_office_is() {
    // 16:30 in Greenwich is half past midnight of the next day in Beijing.
    let digest = compose(DigestInput { now: at(3, 30, 16), next_due: Some((date(3, 31), 5)), ..quiet(None) }).unwrap();
    assert_eq!(digest.countdown.map(|countdown| (countdown.days, countdown.agencies)), Some((0, 5)));
    let past = compose(DigestInput { now: at(4, 1, 0), next_due: Some((date(3, 31), 5)), ..quiet(None) }).unwrap();
    assert_eq!(past.countdown, None);
}

#[test]
fn the_id_is_made_of_receiver_journal_and_time() {
    let id = |input: DigestInput<'_>| compose(input).unwrap().id;
    let base = id(quiet(None));
    assert_eq!(base, id(quiet(None)));
    assert_eq!(base.len(), ID_DIGITS);
    assert_ne!(base, id(DigestInput { receiver: "other", ..quiet(None) }));
    assert_ne!(base, id(DigestInput { journal: 8, ..quiet(None) }));
    assert_ne!(base, id(DigestInput { now: at(4, 2, 1), ..quiet(None) }));
}

#[test]
fn only_what_stands_is_counted() {
    let mut findings = standing();
    findings[2].state = FindingState::Resolved;
    let digest = compose(DigestInput { findings: &findings, ..quiet(None) }).unwrap();
    assert_eq!(digest.standing, [(Severity::Error, 4), (Severity::Warn, 2), (Severity::Info, 1)]);
    assert_eq!(digest.states, [(FindingState::Open, 5), (FindingState::Notified, 2)]);
}

#[test]
fn numbers_are_compared_with_the_last_digest_of_the_same_year() {
    let mut before = last();
    let mut input = quiet(Some(&before));
    input.demanded = true;
    assert_eq!(compose(input).unwrap().previous, Some(before.coverage.clone()));
    before.coverage.year = 2024;
    let digest = compose(DigestInput { demanded: true, ..quiet(Some(&before)) }).unwrap();
    assert_eq!(digest.previous, None);
}

#[test]
fn a_digest_of_an_older_version_can_still_be_read() {
    let mut stored = serde_json::to_value(last()).unwrap();
    for key in ["previous", "countdown", "rectification", "timezone", "journal_root"] {
        stored.as_object_mut().unwrap().remove(key);
    }
    let read: Digest = serde_json::from_value(stored).unwrap();
    assert_eq!((read.timezone.as_str(), read.rectification.len()), ("", 0));
}
