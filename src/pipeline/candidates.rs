//! Which reports a visit looks at: those that its lists offer, those that they do not offer any more,
//! or the one that a person asked for.

use super::naming::{Named, named};
use super::{Pipeline, Visit};
use crate::crawl::{Assignment, Kind};
use crate::model::{Placing, ReportEntry, ReportRef, Target, Year};
use crate::obligations;
use crate::store::{Store, StoreError};
use crate::text::agency_key;
use url::Url;

/// A listed report that the visit looks at.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) entry: ReportRef,
    pub(super) url: Url,
    /// The roster's id, else the normalised name, with the portal where another portal has one of that name; empty until
    /// the page itself names its agency.
    pub(super) agency: String,
    pub(super) name: String,
    pub(super) assigned: bool,
    pub(super) year: Option<Year>,
    /// Whether the title says that it is a report; else the page itself decides.
    pub(super) sure: bool,
    /// Known, and not on the lists any more: looked at to see whether it is still there, and not read.
    pub(super) off_list: bool,
}

impl Pipeline {
    /// What the lists offer that is, or may be, a report of an agency.
    pub(super) async fn candidates(&self, visit: &mut Visit) -> Result<Vec<Candidate>, StoreError> {
        if let Target::Url(address) = &visit.run.target {
            let address = address.clone();
            return self.single(visit, &address).await;
        }
        let wanted = match &visit.run.target {
            Target::Agency(id) => Some(id.clone()),
            _ => None,
        };
        let mut candidates: Vec<Candidate> = visit.entries.iter().filter_map(|entry| self.candidate(visit, entry)).collect();
        for candidate in candidates.iter_mut().filter(|candidate| !candidate.assigned && !candidate.agency.is_empty()) {
            candidate.agency = self.key_here(visit, std::mem::take(&mut candidate.agency)).await?;
        }
        candidates.retain(|candidate| wanted.as_ref().is_none_or(|id| candidate.agency == *id));
        if visit.looked && !visit.partial && visit.blocked.is_none() {
            let known = self.off_list(visit).await?;
            // A report that has moved is looked at where it is now.
            let offered = |known: &Candidate| candidates.iter().any(|new| (&new.agency, new.year) == (&known.agency, known.year));
            let wanted = |known: &Candidate| wanted.as_ref().is_none_or(|id| known.agency == *id);
            let gone: Vec<Candidate> = known.into_iter().filter(|known| wanted(known) && !offered(known)).collect();
            candidates.extend(gone);
        }
        candidates.sort_by(|a, b| (&a.agency, a.year, &a.entry.url).cmp(&(&b.agency, b.year, &b.entry.url)));
        Ok(candidates)
    }

    /// A visit to one address: a report known there, or a page that may be one.
    async fn single(&self, visit: &Visit, address: &str) -> Result<Vec<Candidate>, StoreError> {
        let Some(url) = Url::parse(address).ok().filter(|url| visit.portal.covers(url)) else { return Ok(Vec::new()) };
        let reports = self.store(Store::reports).await?;
        let known = reports.into_iter().find(|report| report.url == address);
        let entry = ReportRef { url: address.to_owned(), title: String::new(), date: None, year: None, agency: None };
        Ok(vec![match known {
            Some(report) => Candidate::of_known(report, url),
            None => self.claimed(visit, &entry, &url).unwrap_or(Candidate {
                entry,
                url,
                agency: String::new(),
                name: String::new(),
                assigned: false,
                year: None,
                sure: false,
                off_list: false,
            }),
        }])
    }

    fn candidate(&self, visit: &Visit, entry: &ReportRef) -> Option<Candidate> {
        let url = Url::parse(&entry.url).ok().filter(|url| visit.portal.covers(url))?;
        if let Some(claimed) = self.claimed(visit, entry, &url) {
            return Some(claimed);
        }
        let Named { kind, entry: named, whose } = named(entry, &visit.portal.id, &self.roster);
        if matches!(kind, Kind::LookAlike(_)) {
            return None;
        }
        let (agency, name, assigned) = match whose {
            Assignment::Agency(id) => (id.clone(), self.roster.by_id(&id).map_or(id, |agency| agency.name.clone()), true),
            Assignment::Unassigned(name) => (agency_key(&name), name, false),
            Assignment::Unsure => (String::new(), String::new(), false),
        };
        let (year, sure) = (named.year, kind == Kind::Report);
        Some(Candidate { year, entry: named, url, agency, name, assigned, sure, off_list: false })
    }

    /// A page that a person claimed, as long as the roster has that agency.
    fn claimed(&self, visit: &Visit, entry: &ReportRef, url: &Url) -> Option<Candidate> {
        let Some(Placing::Report { agency, year }) = visit.decided.get(&entry.url) else { return None };
        let agency = self.roster.by_id(agency)?;
        Some(Candidate {
            entry: entry.clone(),
            url: url.clone(),
            agency: agency.id.clone(),
            name: agency.name.clone(),
            assigned: true,
            year: Some(*year),
            sure: true,
            off_list: false,
        })
    }

    /// Whether a listed report is looked at in this visit: new ones, those of the years still watched
    /// for edits, and whatever a person asked for.
    pub(super) async fn is_due(&self, visit: &Visit, candidate: &Candidate) -> Result<bool, StoreError> {
        if !matches!(visit.run.target, Target::Portal(_)) || candidate.off_list {
            return Ok(true);
        }
        let newest = obligations::newest_year_due(self.now(), self.settings.timezone);
        if candidate.year.is_none_or(|year| year >= newest) {
            return Ok(true);
        }
        let address = candidate.url.to_string();
        let fingerprint = self.judge.rules.fingerprint.clone();
        let id = format!("{}/{}", candidate.agency, candidate.year.unwrap_or_default());
        self.store(move |store| {
            let page = store.page(&address)?;
            // What was not there the last time is asked for again: a second look confirms it.
            let fetched = page.is_some_and(|page| page.last_ok.is_some() && page.gone_looks == 0);
            let judged = store.report(&id)?.is_some_and(|report| report.rules == fingerprint);
            Ok(!fetched || !judged)
        })
        .await
    }

    /// Reports of the portal that its lists, seen whole, do not offer any more. Those of years that are not
    /// watched are looked at once a week, so that a portal that tidies up its lists is not asked for all of
    /// them every day.
    async fn off_list(&self, visit: &Visit) -> Result<Vec<Candidate>, StoreError> {
        let newest = obligations::newest_year_due(self.now(), self.settings.timezone);
        let (portal, now) = (visit.portal.id.clone(), self.now());
        let found = self
            .store(move |store| {
                let mut found = Vec::new();
                for report in store.reports_at(&portal)? {
                    let page = store.page(&report.url)?.unwrap_or_default();
                    let rested = page.last_tried.is_none_or(|tried| now - tried >= chrono::Duration::days(7));
                    if report.year + 1 >= newest || page.gone_looks > 0 || rested {
                        found.push(report);
                    }
                }
                Ok(found)
            })
            .await?;
        let unlisted = found.into_iter().filter(|report| !visit.lists(&report.url));
        let known = unlisted.filter_map(|report| {
            let url = Url::parse(&report.url).ok().filter(|url| visit.portal.covers(url))?;
            Some(Candidate { off_list: true, ..Candidate::of_known(report, url) })
        });
        Ok(known.collect())
    }
}

impl Candidate {
    /// Whether its title, though it does not say so, may be a report's.
    pub(super) fn speaks_of_reports(&self) -> bool {
        self.year.is_some() || ["年报", "报告"].iter().any(|word| self.entry.title.contains(word))
    }

    /// A report that the store knows.
    fn of_known(report: ReportEntry, url: Url) -> Candidate {
        Candidate {
            entry: ReportRef { url: report.url, title: report.title, date: report.published, year: None, agency: None },
            url,
            agency: report.agency,
            name: report.agency_name,
            assigned: report.assigned,
            year: Some(report.year),
            sure: true,
            off_list: false,
        }
    }
}

impl Visit {
    /// Whether the lists of this visit offered an address.
    pub(super) fn lists(&self, url: &str) -> bool {
        self.entries.iter().any(|entry| entry.url == url)
    }
}
