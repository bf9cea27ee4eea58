//! What each agency owes, and how it stands: roster, sightings and looks in, standings out.
//!
//! The Regulation (2019, art. 49) has departments publish by 31 January and governments at county
//! level and above by 31 March of the year after the report year. Only a complete look at a portal's
//! lists is evidence that something was not there; what nobody could look at is unknown or blocked,
//! and unknown is not missing. Days end at midnight of the zone passed in (Asia/Shanghai).

mod sightings;
#[cfg(test)]
mod tests;

use crate::model::{
    Afterwards, Agency, AgencyKind, Date, DateSource, Doubt, FetchResult, Gone, Look, PageState, Publication, ReportEntry,
    Roster, RunState, Time, Year,
};
use chrono_tz::Tz;
use sightings::{Sighted, Sightings};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How an agency stands with one year's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgencyState {
    /// Nothing was seen, and the last day is not over.
    NotDue,
    /// The last day is over, and no complete look has been taken since.
    Due,
    Published,
    Late,
    /// A complete look past the last day did not have it.
    Missing,
    /// It was there and is gone, confirmed by a second look.
    Withdrawn,
    /// Its address leads to a host that we do not follow.
    Moved,
    /// The portal's gate would not let us look.
    Blocked,
    /// Nobody could look: no portal is known, or the portal failed.
    Unknown,
}

impl AgencyState {
    /// Every state, in the contract's order.
    pub const ALL: [AgencyState; 9] = [
        AgencyState::NotDue,
        AgencyState::Due,
        AgencyState::Published,
        AgencyState::Late,
        AgencyState::Missing,
        AgencyState::Withdrawn,
        AgencyState::Moved,
        AgencyState::Blocked,
        AgencyState::Unknown,
    ];

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            AgencyState::NotDue => "not_due",
            AgencyState::Due => "due",
            AgencyState::Published => "published",
            AgencyState::Late => "late",
            AgencyState::Missing => "missing",
            AgencyState::Withdrawn => "withdrawn",
            AgencyState::Moved => "moved",
            AgencyState::Blocked => "blocked",
            AgencyState::Unknown => "unknown",
        }
    }
}

/// A report that was read, or tried to be read, and what is known of its address, or of the document
/// that its page consists of where that is what fails.
#[derive(Debug, Clone, Copy)]
pub struct SeenReport<'a> {
    pub report: &'a ReportEntry,
    pub page: Option<&'a PageState>,
}

/// Everything that standings are judged by.
pub struct Facts<'a> {
    pub roster: &'a Roster,
    /// First report year whose absence is a finding; `None` is the newest year due.
    pub since: Option<Year>,
    pub reports: &'a [SeenReport<'a>],
    /// Looks at portals, in any order, complete or not.
    pub looks: &'a [Look],
    /// Pages that wait for a person to say whose report they are.
    pub doubts: &'a [Doubt],
    /// State of each portal's last ended run, by the portal's id.
    pub portals: &'a BTreeMap<String, RunState>,
    /// Makes names comparable, as the text room does.
    pub key_of: &'a dyn Fn(&str) -> String,
    /// No sooner is a second look a confirmation (`crawl.confirm_after`).
    pub confirm_after: Duration,
    pub now: Time,
    pub zone: Tz,
}

/// How one agency stands with one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The roster's id.
    pub agency: String,
    pub agency_name: String,
    pub kind: AgencyKind,
    pub portal: Option<String>,
    pub year: Year,
    /// Whether the year is one of those whose absence is a finding. Others are here because something was seen.
    pub owed: bool,
    pub state: AgencyState,
    /// Last day on which it is in time.
    pub due: Date,
    /// The facts that deadlines are judged by.
    pub publication: Publication,
    /// Id of the report, where one was read.
    pub report: Option<String>,
}

/// A calendar day of a year; 29 February is the 28th where there is none.
fn day(year: Year, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).or_else(|| Date::from_ymd_opt(year, month, day.saturating_sub(1))).unwrap_or(Date::MAX)
}

/// The last day on which a report is in time, and whether the roster set it.
///
/// Governments at county level and above have until 31 March, all others until 31 January of the year
/// after; for townships and sub-districts that is custom, the law does not name them. Up to report
/// year 2018 the former Regulation (order 492, art. 31) gave everybody until 31 March.
pub fn due_date(kind: AgencyKind, year: Year, roster_due: Option<(u32, u32)>) -> (Date, bool) {
    let following = year.saturating_add(1);
    match roster_due {
        Some((month, of_month)) => (day(following, month, of_month), true),
        None if year <= 2018 || kind == AgencyKind::Government => (day(following, 3, 31), false),
        None => (day(following, 1, 31), false),
    }
}

/// The newest report year that is being collected: from 1 January on, the year just ended.
pub fn newest_year_due(now: Time, zone: Tz) -> Year {
    chrono::Datelike::year(&local(now, zone)).saturating_sub(1)
}

/// The years whose absence is a finding: from `since` to the newest year due, both included.
pub fn owed_years(since: Option<Year>, now: Time, zone: Tz) -> std::ops::RangeInclusive<Year> {
    let newest = newest_year_due(now, zone);
    since.unwrap_or(newest)..=newest
}

fn local(at: Time, zone: Tz) -> Date {
    at.with_timezone(&zone).date_naive()
}

/// How every agency of the roster stands, in the roster's order, the years ascending: each year that
/// is owed, and each other year of which something was seen.
pub fn standings(facts: &Facts<'_>) -> Vec<Standing> {
    let sightings = Sightings::of(facts);
    let owed = owed_years(facts.since, facts.now, facts.zone);
    let mut found = Vec::new();
    for agency in &facts.roster.agencies {
        let mut years: BTreeSet<Year> = owed.clone().collect();
        years.extend(sightings.years(&agency.id));
        found.extend(years.into_iter().map(|year| standing(facts, &sightings, agency, year, owed.contains(&year))));
    }
    found
}

fn standing(facts: &Facts<'_>, sightings: &Sightings<'_>, agency: &Agency, year: Year, owed: bool) -> Standing {
    let sighted = sightings.of_report(&agency.id, year);
    // A page that nobody could place may be this very report: then its absence proves nothing.
    let doubted = sighted.is_none() && sightings.is_doubted(agency, year);
    let mut publication = publication(facts, sightings, agency, year, sighted);
    publication.looked_after_due &= !doubted;
    let state = match sighted {
        Some(sighted) => state_of_seen(sighted, &publication, facts.zone),
        None => state_of_unseen(facts, agency, &publication, doubted),
    };
    Standing {
        agency: agency.id.clone(),
        agency_name: agency.name.clone(),
        kind: agency.kind,
        portal: agency.portal.clone(),
        year,
        owed,
        state,
        due: publication.due,
        publication,
        report: sighted.and_then(|sighted| sighted.report).map(|report| report.id.clone()),
    }
}

/// Whether a publication was late: by the report's own date, and by our first sighting only where a
/// complete look on or before the last day did not have it.
pub fn is_late(publication: &Publication, zone: Tz) -> bool {
    match (publication.dated, publication.first_seen) {
        (Some((date, _)), _) => date > publication.due,
        (None, Some(first)) => publication.absent_before_due && local(first, zone) > publication.due,
        (None, None) => false,
    }
}

fn state_of_seen(sighted: &Sighted<'_>, publication: &Publication, zone: Tz) -> AgencyState {
    let withdrawn = publication.after.gone.as_ref().is_some_and(|gone| gone.confirmed && !gone.listed);
    let moved = sighted.page.is_some_and(|page| page.last_result == Some(FetchResult::Moved));
    match (withdrawn, moved) {
        (true, _) => AgencyState::Withdrawn,
        (false, true) => AgencyState::Moved,
        _ if is_late(publication, zone) => AgencyState::Late,
        _ => AgencyState::Published,
    }
}

/// What nobody saw is missing only after a complete look past the last day. A later failure of the
/// portal does not take that evidence back.
fn state_of_unseen(facts: &Facts<'_>, agency: &Agency, publication: &Publication, doubted: bool) -> AgencyState {
    let Some(portal) = &agency.portal else { return AgencyState::Unknown };
    if local(facts.now, facts.zone) <= publication.due {
        return AgencyState::NotDue;
    }
    if publication.looked_after_due {
        return AgencyState::Missing;
    }
    if doubted {
        return AgencyState::Unknown;
    }
    match facts.portals.get(portal) {
        Some(RunState::Blocked) => AgencyState::Blocked,
        Some(RunState::Failed | RunState::Partial) => AgencyState::Unknown,
        _ => AgencyState::Due,
    }
}

/// The facts of one publication. Looks count as absence up to the first sighting only: what vanishes
/// after it is a withdrawal, which needs proof of another kind.
fn publication(
    facts: &Facts<'_>,
    sightings: &Sightings<'_>,
    agency: &Agency,
    year: Year,
    sighted: Option<&Sighted<'_>>,
) -> Publication {
    let (due, due_from_roster) = due_date(agency.kind, year, agency.due);
    let looks = agency.portal.as_deref().map_or(&[][..], |portal| sightings.complete_looks(portal));
    let first_seen = sighted.map(|sighted| sighted.first_seen);
    let absences = looks.partition_point(|look| first_seen.is_none_or(|first| look.at < first));
    let absences = looks.get(..absences).unwrap_or(&[]);
    let last_absence = absences.last();
    Publication {
        due,
        due_from_roster,
        seen: sighted.is_some(),
        dated: sighted.and_then(|sighted| sighted.dated),
        first_seen,
        absent_before_due: absences.first().is_some_and(|look| local(look.at, facts.zone) <= due),
        looked_after_due: looks.last().is_some_and(|look| local(look.at, facts.zone) > due),
        last_absence: last_absence.map(|look| look.at),
        absence_evidence: last_absence.and_then(|look| look.pages.first().cloned()),
        after: sighted.map(|sighted| afterwards(facts, sightings, agency, sighted)).unwrap_or_default(),
    }
}

/// What became of a report that was seen. That it is gone for good needs a second look at its page, and
/// where the lists do not offer it any more, a complete look at them since.
fn afterwards(facts: &Facts<'_>, sightings: &Sightings<'_>, agency: &Agency, sighted: &Sighted<'_>) -> Afterwards {
    let Some(report) = sighted.report else { return Afterwards::default() };
    let portal = agency.portal.as_deref().unwrap_or(&report.portal);
    let gone = sighted.page.and_then(|page| {
        let (since, last) = (page.gone_since?, page.last_tried?);
        let listed = sightings.newest_look(portal).is_some_and(|look| sighted.last_listed.is_some_and(|at| at >= look));
        let twice = page.gone_looks >= 2 && (last - since).to_std().is_ok_and(|passed| passed >= facts.confirm_after);
        let unlisted = sightings.complete_looks(portal).last().is_some_and(|look| look.at >= since);
        let result = page.last_result.map_or("gone", FetchResult::word).to_owned();
        Some(Gone { listed, since, confirmed: twice && (listed || unlisted), result })
    });
    Afterwards { gone, edit: report.edit.clone(), copy: report.copy.clone(), column: report.column.clone() }
}

/// The source of a report's own date by its word; our own first sighting is none.
fn own_date(report: &ReportEntry) -> Option<(Date, DateSource)> {
    let source = match report.published_source.as_deref() {
        Some("first-seen") => return None,
        Some("given") => DateSource::Given,
        Some("meta") => DateSource::Meta,
        Some("list") => DateSource::List,
        _ => DateSource::Page,
    };
    report.published.map(|date| (date, source))
}
