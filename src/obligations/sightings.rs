//! Who was seen when: reports and list entries brought to agency and year, each looked at once.

use super::{Facts, own_date};
use crate::model::{Agency, Date, DateSource, Look, PageState, ReportEntry, ReportRef, Roster, Time, Year};
use std::collections::{BTreeMap, HashMap};

/// What was seen of one agency's report of one year.
#[derive(Debug, Clone)]
pub struct Sighted<'a> {
    /// The report, where it was read; a listed one counts as seen before that.
    pub report: Option<&'a ReportEntry>,
    /// What is known of its address.
    pub page: Option<&'a PageState>,
    /// The newest look whose lists had it.
    pub last_listed: Option<Time>,
    /// The earliest time it was listed or read.
    pub first_seen: Time,
    pub dated: Option<(Date, DateSource)>,
}

/// Whose report a page may be, where a name is told, and of which year.
type MayBe = (Option<String>, Option<Year>);

/// Every sighting, and the complete looks of each portal in the order of time.
pub struct Sightings<'a> {
    by_agency: BTreeMap<&'a str, BTreeMap<Year, Sighted<'a>>>,
    looks: HashMap<&'a str, Vec<&'a Look>>,
    /// The newest look at each portal, complete or not.
    newest: HashMap<&'a str, Time>,
    /// Pages of each portal that wait for a person.
    doubted: HashMap<&'a str, Vec<MayBe>>,
    key_of: &'a dyn Fn(&str) -> String,
}

impl<'a> Sightings<'a> {
    /// Gathers what the facts hold. A sighting after `now` does not count.
    pub fn of(facts: &Facts<'a>) -> Sightings<'a> {
        let mut sightings = Sightings {
            by_agency: BTreeMap::new(),
            looks: HashMap::new(),
            newest: HashMap::new(),
            doubted: HashMap::new(),
            key_of: facts.key_of,
        };
        for doubt in facts.doubts {
            let whose = doubt.agency.as_deref().map(facts.key_of);
            sightings.doubted.entry(doubt.portal.as_str()).or_default().push((whose, doubt.year));
        }
        let names = Names::of(facts.roster, facts.key_of);
        let mut by_url: HashMap<&str, (&'a str, Year)> = HashMap::new();
        for seen in facts.reports.iter().filter(|seen| seen.report.first_seen <= facts.now) {
            let report = seen.report;
            let known = names.id(&report.agency).or_else(|| names.agency(&report.agency_name));
            let Some(agency) = known else { continue };
            by_url.insert(report.url.as_str(), (agency, report.year));
            let sighted = Sighted {
                report: Some(report),
                page: seen.page,
                last_listed: None,
                first_seen: report.first_seen,
                dated: own_date(report),
            };
            sightings.note(agency, report.year, sighted);
        }
        let mut looks: Vec<&'a Look> = facts.looks.iter().filter(|look| look.at <= facts.now).collect();
        looks.sort_by_key(|look| look.at);
        let mut keys: HashMap<&str, Option<&'a str>> = HashMap::new();
        for look in looks {
            sightings.newest.insert(look.portal.as_str(), look.at);
            for entry in &look.entries {
                let by_title = || {
                    let named = entry.agency.as_deref().map(|name| *keys.entry(name).or_insert_with(|| names.agency(name)));
                    let agency = named.unwrap_or_else(|| names.only_one_of(&look.portal));
                    agency.zip(entry.year)
                };
                if let Some((agency, year)) = by_url.get(entry.url.as_str()).copied().or_else(by_title) {
                    sightings.note(agency, year, listed(entry, look.at));
                }
            }
            if look.complete {
                sightings.looks.entry(look.portal.as_str()).or_default().push(look);
            }
        }
        sightings
    }

    /// Adds a sighting: the earliest time stands, a report outweighs a list entry, and so does its date.
    fn note(&mut self, agency: &'a str, year: Year, new: Sighted<'a>) {
        let years = self.by_agency.entry(agency).or_default();
        let Some(old) = years.get_mut(&year) else {
            years.insert(year, new);
            return;
        };
        old.first_seen = old.first_seen.min(new.first_seen);
        if old.report.is_none() && new.report.is_some() {
            old.report = new.report;
            old.page = new.page;
        }
        old.last_listed = old.last_listed.max(new.last_listed);
        old.dated = old.dated.or(new.dated);
    }

    /// The years of which something of the agency was seen.
    pub fn years(&self, agency: &str) -> impl Iterator<Item = Year> {
        self.by_agency.get(agency).into_iter().flat_map(|years| years.keys().copied())
    }

    /// What was seen of one report.
    pub fn of_report(&self, agency: &str, year: Year) -> Option<&Sighted<'a>> {
        self.by_agency.get(agency)?.get(&year)
    }

    /// Whether a page that waits for a person may be an agency's report of a year.
    pub fn is_doubted(&self, agency: &Agency, year: Year) -> bool {
        let here = agency.portal.as_deref().and_then(|portal| self.doubted.get(portal));
        let is_its = |key: &String| std::iter::once(&agency.name).chain(&agency.aliases).any(|name| (self.key_of)(name) == *key);
        here.into_iter().flatten().any(|(whose, of)| whose.as_ref().is_none_or(is_its) && of.is_none_or(|of| of == year))
    }

    /// When the newest look at a portal was, complete or not.
    pub fn newest_look(&self, portal: &str) -> Option<Time> {
        self.newest.get(portal).copied()
    }

    /// The complete looks at a portal, the oldest first.
    pub fn complete_looks(&self, portal: &str) -> &[&'a Look] {
        self.looks.get(portal).map_or(&[], Vec::as_slice)
    }
}

fn listed<'a>(entry: &ReportRef, at: Time) -> Sighted<'a> {
    Sighted {
        report: None,
        page: None,
        last_listed: Some(at),
        first_seen: at,
        dated: entry.date.map(|date| (date, DateSource::List)),
    }
}

/// The roster's agencies by id, by name and by portal.
struct Names<'a, 'f> {
    by_key: HashMap<String, &'a str>,
    ids: HashMap<&'a str, &'a str>,
    /// The one agency of a portal; `None` where there are several.
    alone: HashMap<&'a str, Option<&'a str>>,
    key_of: &'f dyn Fn(&str) -> String,
}

impl<'a, 'f> Names<'a, 'f> {
    fn of(roster: &'a Roster, key_of: &'f dyn Fn(&str) -> String) -> Names<'a, 'f> {
        let mut names = Names { by_key: HashMap::new(), ids: HashMap::new(), alone: HashMap::new(), key_of };
        for agency in &roster.agencies {
            let id = agency.id.as_str();
            names.ids.entry(id).or_insert(id);
            for name in std::iter::once(&agency.name).chain(&agency.aliases) {
                names.by_key.entry(key_of(name)).or_insert(id);
            }
            if let Some(portal) = &agency.portal {
                names.alone.entry(portal).and_modify(|only| *only = None).or_insert(Some(id));
            }
        }
        names
    }

    fn id(&self, id: &str) -> Option<&'a str> {
        self.ids.get(id).copied()
    }

    fn agency(&self, name: &str) -> Option<&'a str> {
        self.by_key.get(&(self.key_of)(name)).copied()
    }

    /// An entry that names nobody is the site owner's, where the portal has one agency.
    fn only_one_of(&self, portal: &str) -> Option<&'a str> {
        self.alone.get(portal).copied().flatten()
    }
}
