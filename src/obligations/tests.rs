//! Tables of days: what is due when, and what a look proves.

use super::*;
use crate::model::{ReadOutcome, ReportRef, Unclear};
use chrono::TimeZone;

const SHANGHAI: Tz = chrono_tz::Asia::Shanghai;

/// Noon in Shanghai on a day `MM-DD` or `YYYY-MM-DD` (2026 where no year is given).
fn noon(text: &str) -> Time {
    let full = if text.len() == 5 { format!("2026-{text}") } else { text.to_owned() };
    let day: Date = full.parse().unwrap();
    SHANGHAI.from_local_datetime(&day.and_hms_opt(12, 0, 0).unwrap()).unwrap().to_utc()
}

fn agency(id: &str, kind: AgencyKind, portal: Option<&str>) -> Agency {
    Agency {
        id: id.to_owned(),
        name: format!("云溪市{id}"),
        aliases: Vec::new(),
        kind,
        level: None,
        parent: None,
        portal: portal.map(str::to_owned),
        column: None,
        due: None,
    }
}

fn report(agency: &str, year: Year, seen: &str, dated: Option<&str>) -> ReportEntry {
    ReportEntry {
        id: format!("{agency}/{year}"),
        agency: agency.to_owned(),
        agency_name: format!("云溪市{agency}"),
        assigned: true,
        year,
        title: String::new(),
        url: format!("https://portal.example/{agency}/{year}.html"),
        portal: "p".to_owned(),
        standard: "v2021".to_owned(),
        published: dated.map(|date| date.parse().unwrap()),
        published_source: dated.map(|_| "meta".to_owned()),
        first_seen: noon(seen),
        last_seen: noon(seen),
        snapshot: None,
        figures: 0,
        outcome: ReadOutcome::Unreadable,
        rules: String::new(),
        signatures: Vec::new(),
        inconclusive: Vec::new(),
        extent: crate::model::Extent::default(),
        problems: Vec::new(),
        attachment: None,
        edit: None,
        copy: None,
        column: None,
    }
}

fn look(at: &str, complete: bool, entries: &[(&str, Option<&str>)]) -> Look {
    let entries = entries.iter().map(|(name, date)| ReportRef {
        url: format!("https://portal.example/list/{name}"),
        title: String::new(),
        date: date.map(|date| date.parse().unwrap()),
        year: Some(2025),
        agency: Some((*name).to_owned()),
    });
    Look {
        portal: "p".into(),
        run: "r1".into(),
        at: noon(at),
        complete,
        entries: entries.collect(),
        pages: vec![format!("page {at}")],
    }
}

struct World {
    roster: Roster,
    reports: Vec<(ReportEntry, PageState)>,
    looks: Vec<Look>,
    run: Option<RunState>,
    since: Option<Year>,
    doubts: Vec<Doubt>,
}

impl World {
    /// One department on portal `p`.
    fn new() -> World {
        let agencies =
            vec![agency("water", AgencyKind::Department, Some("p")), agency("other", AgencyKind::Department, Some("p"))];
        World { roster: Roster { agencies }, reports: Vec::new(), looks: Vec::new(), run: None, since: None, doubts: Vec::new() }
    }

    fn at(&self, now: &str) -> Vec<Standing> {
        let portals = self.run.map(|state| ("p".to_owned(), state)).into_iter().collect();
        let reports: Vec<SeenReport> =
            self.reports.iter().map(|(report, page)| SeenReport { report, page: Some(page) }).collect();
        let key_of = |name: &str| name.to_owned();
        standings(&Facts {
            roster: &self.roster,
            since: self.since,
            reports: &reports,
            looks: &self.looks,
            doubts: &self.doubts,
            portals: &portals,
            key_of: &key_of,
            confirm_after: Duration::from_secs(3600),
            now: noon(now),
            zone: SHANGHAI,
        })
    }

    /// The standing of `water` for 2025.
    fn water(&self, now: &str) -> Standing {
        self.at(now).into_iter().find(|standing| standing.agency == "water" && standing.year == 2025).unwrap()
    }
}

#[test]
fn due_dates() {
    use AgencyKind::*;
    for (kind, year, roster, due) in [
        (Department, 2025, None, "2026-01-31"),
        (Office, 2025, None, "2026-01-31"),
        (Vertical, 2025, None, "2026-01-31"),
        (Township, 2025, None, "2026-01-31"),
        (SubDistrict, 2025, None, "2026-01-31"),
        (Government, 2025, None, "2026-03-31"),
        (Department, 2018, None, "2019-03-31"),
        (Township, 2025, Some((3, 31)), "2026-03-31"),
        (Township, 2025, Some((2, 29)), "2026-02-28"),
        (Township, 2023, Some((2, 29)), "2024-02-29"),
    ] {
        assert_eq!(due_date(kind, year, roster), (due.parse().unwrap(), roster.is_some()), "{kind:?} {year}");
    }
    let _ = due_date(Department, i32::MAX, Some((99, 0)));
}

#[test]
fn the_year_turns_at_midnight_in_shanghai() {
    let before = SHANGHAI.with_ymd_and_hms(2025, 12, 31, 23, 59, 59).unwrap().to_utc();
    assert_eq!(newest_year_due(before, SHANGHAI), 2024);
    assert_eq!(newest_year_due(before + chrono::Duration::seconds(1), SHANGHAI), 2025);
    assert_eq!(owed_years(Some(2023), before, SHANGHAI), 2023..=2024);
    assert!(owed_years(Some(2026), before, SHANGHAI).is_empty());
}

#[test]
fn what_nobody_saw() {
    use AgencyState::*;
    // looks (day and whether complete), last run, now, state
    type Row<'a> = (&'a [(&'a str, bool)], Option<RunState>, &'a str, AgencyState);
    let table: &[Row] = &[
        (&[], None, "01-31", NotDue),
        (&[("01-20", true)], Some(RunState::Blocked), "01-31", NotDue),
        (&[], None, "02-01", Due),
        (&[("01-31", true)], Some(RunState::Complete), "02-01", Due),
        (&[("02-01", true)], Some(RunState::Complete), "02-01", Missing),
        (&[("02-01", false)], Some(RunState::Partial), "02-01", Unknown),
        (&[("01-31", true)], Some(RunState::Failed), "02-05", Unknown),
        (&[("01-31", true)], Some(RunState::Blocked), "02-05", Blocked),
        (&[("02-01", true), ("02-02", false)], Some(RunState::Blocked), "02-05", Missing),
        (&[("03-01", true)], Some(RunState::Complete), "02-05", Due),
    ];
    for (looks, run, now, state) in table {
        let mut world = World::new();
        world.run = *run;
        world.looks = looks.iter().map(|(at, complete)| look(at, *complete, &[])).collect();
        assert_eq!(world.water(now).state, *state, "{looks:?} {run:?} {now}");
    }
}

#[test]
fn a_page_that_nobody_could_place_may_be_the_one_that_is_lacking() {
    let doubt = |agency: Option<&str>, year, portal: &str| Doubt {
        id: "d".into(),
        url: "https://a.example/x".into(),
        title: "年报".into(),
        portal: portal.into(),
        unclear: Unclear::Agency,
        agency: agency.map(str::to_owned),
        year,
        snapshot: None,
        since: noon("2026-02-01"),
        decision: None,
    };
    let mut world = World::new();
    world.looks = vec![look("2026-02-05", true, &[])];
    assert_eq!(world.water("2026-02-06").state, AgencyState::Missing);
    for (agency, year, portal, state) in [
        (None, None, "p", AgencyState::Unknown),
        (None, Some(2025), "p", AgencyState::Unknown),
        (None, Some(2024), "p", AgencyState::Missing),
        (None, Some(2025), "q", AgencyState::Missing),
        (Some("云溪市water"), None, "p", AgencyState::Unknown),
        (Some("云溪市other"), None, "p", AgencyState::Missing),
    ] {
        world.doubts = vec![doubt(agency, year, portal)];
        let water = world.water("2026-02-06");
        assert_eq!(water.state, state, "{agency:?} {year:?} {portal}");
        assert_eq!(water.publication.looked_after_due, state == AgencyState::Missing, "{agency:?} {year:?} {portal}");
    }
}

#[test]
fn an_agency_without_a_portal_is_unknown() {
    let mut world = World::new();
    world.roster.agencies[0].portal = None;
    world.looks = vec![look("02-10", true, &[])];
    assert_eq!(world.water("02-11").state, AgencyState::Unknown);
}

#[test]
fn what_was_seen() {
    use AgencyState::*;
    // report: first seen, own date; complete looks without it; state, last absence
    type Row<'a> = (&'a str, Option<&'a str>, &'a [&'a str], AgencyState, Option<&'a str>);
    let table: &[Row] = &[
        ("01-20", None, &[], Published, None),
        ("02-10", None, &[], Published, None),
        ("02-10", None, &["02-05"], Published, Some("02-05")),
        ("02-10", None, &["01-31", "02-05"], Late, Some("02-05")),
        ("02-10", None, &["01-31", "02-11"], Late, Some("01-31")),
        ("02-10", Some("2026-01-30"), &["01-31"], Published, Some("01-31")),
        ("01-20", Some("2026-02-01"), &[], Late, None),
    ];
    for (seen, dated, absences, state, last) in table {
        let mut world = World::new();
        world.reports = vec![(report("water", 2025, seen, *dated), PageState::default())];
        world.looks = absences.iter().map(|at| look(at, true, &[])).collect();
        let standing = world.water("03-01");
        assert_eq!(standing.state, *state, "{seen} {dated:?} {absences:?}");
        assert_eq!(standing.publication.last_absence, last.map(noon));
        assert_eq!(standing.publication.absence_evidence, last.map(|at| format!("page {at}")));
        assert_eq!(standing.report.as_deref(), Some("water/2025"));
        assert_eq!(standing.publication.dated.map(|(_, source)| source), dated.map(|_| DateSource::Meta));
    }
}

/// A page that was gone on these days.
fn gone(days: &[&str]) -> PageState {
    PageState {
        gone_looks: u32::try_from(days.len()).unwrap(),
        gone_since: days.first().map(|day| noon(day)),
        last_tried: days.last().map(|day| noon(day)),
        last_result: Some(FetchResult::Gone),
        ..PageState::default()
    }
}

#[test]
fn fates_of_what_was_seen() {
    use AgencyState::*;
    let here: &[(&str, Option<&str>)] = &[("云溪市water", None)];
    // days on which the page was gone; looks with whether complete and whether it was listed; state, confirmed
    type Row<'a> = (&'a [&'a str], &'a [(&'a str, bool, bool)], AgencyState, Option<bool>);
    let table: &[Row] = &[
        (&[], &[("02-10", true, false)], Published, None),
        (&["02-10"], &[("02-10", true, false)], Published, Some(false)),
        (&["02-10", "02-11"], &[("02-10", true, false), ("02-11", true, false)], Withdrawn, Some(true)),
        (&["02-10", "02-11"], &[("02-09", true, false), ("02-11", false, false)], Published, Some(false)),
        (&["02-10", "02-11"], &[("02-10", true, true), ("02-11", true, true)], Published, Some(true)),
        (&["02-10", "02-10"], &[("02-10", true, false)], Published, Some(false)),
    ];
    for (days, looks, state, confirmed) in table {
        let mut world = World::new();
        world.reports = vec![(report("water", 2025, "01-20", None), gone(days))];
        world.looks = looks.iter().map(|(at, complete, has)| look(at, *complete, if *has { here } else { &[] })).collect();
        let standing = world.water("03-01");
        assert_eq!(standing.state, *state, "{days:?} {looks:?}");
        assert_eq!(standing.publication.after.gone.map(|gone| gone.confirmed), *confirmed, "{days:?} {looks:?}");
    }
    let mut world = World::new();
    let moved = PageState { last_result: Some(FetchResult::Moved), ..PageState::default() };
    world.reports = vec![(report("water", 2025, "01-20", None), moved)];
    assert_eq!(world.water("03-01").state, Moved);
}

#[test]
fn a_listed_report_is_seen_though_it_was_not_read() {
    let mut world = World::new();
    world.looks = vec![look("01-10", true, &[]), look("01-20", false, &[("云溪市water", None)]), look("02-02", true, &[])];
    let standing = world.water("02-03");
    assert_eq!((standing.state, standing.report), (AgencyState::Published, None));
    assert_eq!(standing.publication.first_seen, Some(noon("01-20")));
    assert_eq!(standing.publication.last_absence, Some(noon("01-10")));
    // Its date on the list is its own date.
    world.looks = vec![look("01-10", true, &[]), look("02-20", true, &[("云溪市water", Some("2026-02-01"))])];
    let standing = world.water("02-21");
    assert_eq!(standing.publication.dated, Some(("2026-02-01".parse().unwrap(), DateSource::List)));
    assert_eq!(standing.state, AgencyState::Late);
}

#[test]
fn a_list_entry_without_a_name_is_the_only_agencys() {
    let mut world = World::new();
    let mut nameless = look("01-20", true, &[("x", None)]);
    nameless.entries[0].agency = None;
    world.looks = vec![nameless];
    assert_eq!(world.water("02-03").state, AgencyState::Due);
    world.roster.agencies.truncate(1);
    assert_eq!(world.water("02-03").state, AgencyState::Published);
}

#[test]
fn years_that_are_owed_and_years_that_were_seen() {
    let mut world = World::new();
    world.since = Some(2024);
    world.reports = vec![(report("water", 2020, "02-10", Some("2021-02-01")), PageState::default())];
    let years: Vec<(Year, bool, AgencyState)> = world
        .at("02-11")
        .into_iter()
        .filter(|standing| standing.agency == "water")
        .map(|standing| (standing.year, standing.owed, standing.state))
        .collect();
    assert_eq!(years, [(2020, false, AgencyState::Late), (2024, true, AgencyState::Due), (2025, true, AgencyState::Due)]);
}

#[test]
fn words_are_the_contracts() {
    let words: Vec<&str> = AgencyState::ALL.into_iter().map(AgencyState::word).collect();
    assert_eq!(words.join(" "), "not_due due published late missing withdrawn moved blocked unknown");
}
