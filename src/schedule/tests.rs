//! Timetables and visits at fixed times.

use super::*;
use crate::model::Tally;
use chrono_tz::Tz;

const SHANGHAI: Tz = Tz::Asia__Shanghai;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn next_times(expression: &str, zone: Tz, after: &str, count: usize) -> Vec<String> {
    let timetable = Timetable::parse(expression, zone).unwrap();
    let mut at = time(after);
    (0..count)
        .map(|_| {
            at = timetable.next_after(at).unwrap();
            at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
        })
        .collect()
}

#[test]
fn expressions_mean_what_people_mean() {
    // 2026-02-01 is a Sunday; Shanghai is eight hours ahead.
    for (expression, expected) in [
        ("0 30 6 * * *", &["2026-02-01T22:30:00Z", "2026-02-02T22:30:00Z"][..]),
        ("30 6 * * *", &["2026-02-01T22:30:00Z", "2026-02-02T22:30:00Z"]),
        ("  30   6 * * * ", &["2026-02-01T22:30:00Z"]),
        ("@daily", &["2026-02-01T16:00:00Z", "2026-02-02T16:00:00Z"]),
        ("@Hourly", &["2026-02-01T01:00:00Z"]),
        ("@weekly", &["2026-02-07T16:00:00Z"]),
        ("0 8 * * 1", &["2026-02-02T00:00:00Z", "2026-02-09T00:00:00Z"]),
        ("0 8 * * 0", &["2026-02-08T00:00:00Z"]),
        ("0 8 * * 7", &["2026-02-08T00:00:00Z"]),
        ("0 8 * * 5-7", &["2026-02-06T00:00:00Z", "2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z", "2026-02-13T00:00:00Z"]),
        ("0 8 * * 1-5", &["2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z"]),
        ("0 8 * * 6-1", &["2026-02-02T00:00:00Z", "2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z"]),
        ("0 0 8 * * Mon-Fri", &["2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z"]),
        ("0 0 8 * * FRI-sunday", &["2026-02-06T00:00:00Z", "2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z"]),
        ("0 0 8 ? * Wed,Sat", &["2026-02-04T00:00:00Z", "2026-02-07T00:00:00Z"]),
        // Date or weekday, as crontab has it; date and weekday in six fields.
        ("0 8 10 * 1", &["2026-02-02T00:00:00Z", "2026-02-09T00:00:00Z", "2026-02-10T00:00:00Z"]),
        ("0 0 8 9 * Mon", &["2026-02-09T00:00:00Z", "2026-03-09T00:00:00Z"]),
        // A star with a step does not restrict in crontab: the 1st, 10th, 19th or 28th that is a Monday.
        ("0 8 */9 * 1", &["2026-06-01T00:00:00Z"]),
        ("0 8 29 2 *", &["2028-02-29T00:00:00Z"]),
        ("*/20 8 1 Mar *", &["2026-03-01T00:00:00Z", "2026-03-01T00:20:00Z"]),
    ] {
        assert_eq!(next_times(expression, SHANGHAI, "2026-02-01T00:30:00Z", expected.len()), expected, "{expression}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_a_hint() {
    for (expression, hint) in [
        ("", "6 段"),
        ("* * * *", "这里有 4 段"),
        ("0 0 6 * * * 2027", "这里有 7 段"),
        ("0 30 6 * * 1", "请写 Sun"),
        ("0 30 6 * * 1-5", "请写 Sun"),
        ("0 30 6 L * *", "L、W、#"),
        ("0 30 6 15W * *", "L、W、#"),
        ("0 30 6 * * Fri#2", "L、W、#"),
        ("0 30 6 * * 5L", "L、W、#"),
        ("30 6 * * 8", "请写 Mon"),
        ("30 6 * * Foo", "请写 Mon"),
        ("30 6 * * */0", "请写 Mon"),
        ("30 6 * * Mon-", "请写 Mon"),
        ("@reboot", "@daily"),
        ("0 61 6 * * *", "0 30 6"),
        ("0 */0 6 * * *", "0 30 6"),
        ("0 a 6 * * *", "0 30 6"),
        ("0 0 6 30 2 *", "永远不会"),
        ("0 6 31 4,6,9,11 *", "永远不会"),
        ("六 点 半 每 天", "Mon"),
    ] {
        let error = Timetable::parse(expression, SHANGHAI).expect_err(expression);
        assert!(error.contains(hint), "{expression}: {error}");
    }
}

#[test]
fn summer_time_neither_skips_nor_repeats_a_day() {
    let zone = Tz::America__New_York;
    // 02:30 does not exist on 2027-03-14; the clock goes from 02:00 to 03:00 (07:00Z).
    assert_eq!(next_times("0 30 2 * * *", zone, "2027-03-13T12:00:00Z", 2), ["2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z"]);
    assert_eq!(next_times("0 30 2 * * *", zone, "2027-03-14T06:59:59Z", 1), ["2027-03-14T07:00:00Z"]);
    // 01:30 is shown twice on 2027-11-07.
    assert_eq!(next_times("0 30 1 * * *", zone, "2027-11-06T12:00:00Z", 2), ["2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z"]);
    assert_eq!(next_times("0 30 1 * * *", zone, "2027-11-07T05:45:00Z", 1), ["2027-11-08T06:30:00Z"]);
}

#[test]
fn a_time_between_seconds_moves_on() {
    assert_eq!(
        next_times("* * * * * *", SHANGHAI, "2026-02-01T00:00:00.500Z", 2),
        ["2026-02-01T00:00:01Z", "2026-02-01T00:00:02Z"]
    );
    assert_eq!(next_times("0 30 6 * * *", SHANGHAI, "2026-02-01T22:30:00Z", 1), ["2026-02-02T22:30:00Z"]);
}

fn portal(id: &str) -> (Portal, Timetable) {
    let portal = Portal {
        id: id.to_owned(),
        name: "云溪市人民政府".to_owned(),
        start: Vec::new(),
        profile: "auto".to_owned(),
        schedule: "0 30 6 * * *".to_owned(),
        min_delay: None,
        hosts: Vec::new(),
        browser: false,
    };
    (portal, Timetable::parse("0 30 6 * * *", SHANGHAI).unwrap())
}

/// The daemon began long ago, and nothing is spread.
fn present(now: &str) -> Present {
    Present { now: time(now), since: time("2026-01-01T00:00:00Z"), spread: Duration::ZERO }
}

fn ran(started: &str, failures: u32) -> LastRuns {
    let started = time(started);
    LastRuns { last_started: Some(started), last_ended: Some(started + TimeDelta::minutes(10)), failures }
}

fn run(id: &str, target: Target, state: RunState) -> Run {
    Run {
        id: id.to_owned(),
        cause: Cause::Demand,
        target,
        portal: "yunxi".to_owned(),
        state,
        queued: time("2026-02-01T03:00:00Z"),
        started: None,
        ended: None,
        tally: Tally::default(),
        problems: Vec::new(),
        hosts: Vec::new(),
    }
}

/// The only visit to the one portal.
fn only(present: Present, last: LastRuns) -> (Cause, Time) {
    let visits = next(present, &[portal("yunxi")], &|_: &str| last, &[]);
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].target, Target::Portal("yunxi".to_owned()));
    (visits[0].cause, visits[0].at)
}

#[test]
fn a_portal_never_visited_is_due() {
    assert_eq!(only(present("2026-02-01T03:00:00Z"), LastRuns::default()), (Cause::Schedule, time("2026-02-01T03:00:00Z")));
}

#[test]
fn the_timetable_says_when() {
    let last = ran("2026-01-31T22:30:00Z", 0);
    let due = time("2026-02-01T22:30:00Z");
    for now in ["2026-01-31T23:00:00Z", "2026-02-01T22:29:59Z", "2026-02-01T22:30:00Z", "2026-02-01T22:31:00Z"] {
        assert_eq!(only(present(now), last), (Cause::Schedule, due), "{now}");
    }
}

#[test]
fn a_visit_missed_in_a_stop_is_made_up_for_once() {
    let now = "2026-02-05T03:00:00Z";
    let stopped = Present { since: time("2026-02-05T02:59:00Z"), ..present(now) };
    assert_eq!(
        only(stopped, ran("2026-01-31T22:30:00Z", 0)),
        (Cause::CatchUp, time(now)),
        "four were missed, one is made up for"
    );
    let caught_up = ran(now, 0);
    assert_eq!(only(stopped, caught_up), (Cause::Schedule, time("2026-02-05T22:30:00Z")));
    let recent = ran("2026-02-04T22:31:00Z", 0);
    assert_eq!(only(stopped, recent), (Cause::Schedule, time("2026-02-05T22:30:00Z")), "nothing was missed");
    assert_eq!(only(stopped, ran("2026-01-31T22:30:00Z", 2)).0, Cause::CatchUp);
}

#[test]
fn a_failed_run_is_tried_again_with_growing_patience() {
    for (failures, expected) in [
        (0, "2026-02-01T22:30:00Z"),
        (1, "2026-02-01T00:25:00Z"),
        (2, "2026-02-01T01:10:00Z"),
        (3, "2026-02-01T04:10:00Z"),
        (4, "2026-02-01T22:30:00Z"),
        (u32::MAX, "2026-02-01T22:30:00Z"),
    ] {
        let last = ran("2026-02-01T00:00:00Z", failures);
        assert_eq!(only(present("2026-02-01T00:15:00Z"), last), (Cause::Schedule, time(expected)), "{failures}");
    }
    let shortly_before = ran("2026-02-01T22:00:00Z", 3);
    assert_eq!(only(present("2026-02-01T22:20:00Z"), shortly_before).1, time("2026-02-01T22:30:00Z"), "never later than planned");
}

#[test]
fn visits_are_spread_the_same_way_every_time() {
    let spread = Present { spread: Duration::from_secs(300), ..present("2026-02-01T00:00:00Z") };
    let portals: Vec<_> = (0..20).map(|n| portal(&format!("p{n}"))).collect();
    let last = |_: &str| ran("2026-01-31T22:40:00Z", 0);
    let visits = next(spread, &portals, &last, &[]);
    assert_eq!(visits, next(spread, &portals, &last, &[]));
    let slot = time("2026-02-01T22:30:00Z");
    assert!(visits.iter().all(|visit| visit.at >= slot && visit.at <= slot + TimeDelta::seconds(300)));
    let mut times: Vec<Time> = visits.iter().map(|visit| visit.at).collect();
    assert!(times.is_sorted());
    times.dedup();
    assert!(times.len() > 12, "{}", times.len());
}

#[test]
fn a_dense_timetable_is_spread_less() {
    let (mut portal, _) = portal("yunxi");
    portal.schedule = "*/10 * * * * *".to_owned();
    let timetable = Timetable::parse(&portal.schedule, SHANGHAI).unwrap();
    let spread = Present { spread: Duration::from_secs(300), ..present("2026-02-01T00:00:00Z") };
    let visits = next(spread, &[(portal, timetable)], &|_: &str| ran("2026-02-01T00:00:00Z", 0), &[]);
    assert!(visits[0].at <= time("2026-02-01T00:00:15Z"), "{}", visits[0].at);
}

#[test]
fn what_people_ask_for_comes_first() {
    let now = present("2026-02-05T03:00:00Z");
    let portals = [portal("liuhe"), portal("yunxi")];
    let queue = [run("r7", Target::Url("http://www.yunxi.example/1.html".into()), RunState::Queued)];
    let visits = next(now, &portals, &|_: &str| LastRuns::default(), &queue);
    let told: Vec<_> = visits.iter().map(|visit| (visit.portal.as_str(), visit.cause, visit.run.as_deref())).collect();
    assert_eq!(told, [("yunxi", Cause::Demand, Some("r7")), ("liuhe", Cause::Schedule, None), ("yunxi", Cause::Schedule, None)]);
    assert!(visits.iter().all(|visit| !visit.why.zh.is_empty() && !visit.why.en.is_empty()));
}

#[test]
fn a_portal_has_one_run_at_a_time() {
    let now = present("2026-02-05T03:00:00Z");
    let whole = Target::Portal("yunxi".into());
    let queue = [run("r7", whole.clone(), RunState::Queued)];
    let visits = next(now, &[portal("yunxi")], &|_: &str| LastRuns::default(), &queue);
    assert_eq!(visits.len(), 1, "the queued visit is the next one");
    let queue = [run("r7", whole, RunState::Running), run("r8", Target::Agency("a1".into()), RunState::Queued)];
    assert_eq!(next(now, &[portal("yunxi")], &|_: &str| LastRuns::default(), &queue), []);
    let last = LastRuns { last_ended: None, ..ran("2026-02-04T22:30:00Z", 1) };
    let visits = next(now, &[portal("yunxi")], &|_: &str| last, &queue);
    assert_eq!(visits.iter().map(|visit| visit.at).collect::<Vec<_>>(), [time("2026-02-05T22:30:00Z")]);
}

proptest::proptest! {
    #[test]
    fn foreign_expressions_do_no_harm(text in "[0-9A-Za-z*/,?#@ -]{0,24}|([0-9*/,-]{1,5} ){4,5}[0-9*/,A-Za-z-]{1,7}") {
        if let Ok(timetable) = Timetable::parse(&text, SHANGHAI) {
            let after = time("2026-02-01T00:00:00Z");
            proptest::prop_assert!(timetable.next_after(after).is_none_or(|next| next > after));
        }
    }
}
