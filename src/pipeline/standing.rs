//! What each agency owes and how it stands, and the findings that follow from dates alone.
//!
//! Deadlines pass without any page changing, so they are weighed after every visit, for every agency
//! of the portal, from what is written down: reports, and complete looks that did not have them.

use super::doubts::{DoubtState, doubts};
use super::{Pipeline, Visit};
use crate::check::{self, Context};
use crate::ledger::Judged;
use crate::model::{Date, Doubt, Event, Look, Outcome, PageState, ReportEntry, RunState, Verdict};
use crate::obligations::{self, AgencyState, Facts, SeenReport, Standing};
use crate::store::{Store, StoreError};
use crate::text::agency_key;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// What visits that end together share.
#[derive(Debug, Default)]
pub struct Weighing {
    /// Portals whose visits have ended and whose agencies were not weighed since.
    waiting: Mutex<BTreeSet<String>>,
    /// The rule set and the day for which all that stands was looked over. Whoever holds it weighs for all that wait.
    pub(super) reviewed: tokio::sync::Mutex<Option<(String, Date)>>,
    /// Held, shared, from looking up what stands against some years until their changes are written down; alone, for a
    /// person's step and for what goes over all that stands: neither may be overwritten by what was looked up before it.
    pub(super) ledger: tokio::sync::RwLock<()>,
}

impl Weighing {
    fn wait(&self, portal: &str) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(portal.to_owned());
    }

    /// All that wait, where this one is among them.
    fn take_with(&self, portal: &str) -> Option<Taken<'_>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.contains(portal).then(|| Taken { weighing: self, portals: std::mem::take(&mut *waiting) })
    }
}

/// Portals that are being weighed; unless that is done to its end, whatever ends it, each of them waits again.
struct Taken<'a> {
    weighing: &'a Weighing,
    portals: BTreeSet<String>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.portals.iter().for_each(|portal| self.weighing.wait(portal));
    }
}

impl Pipeline {
    /// The office's calendar day.
    pub(super) fn today(&self) -> Date {
        self.now().with_timezone(&self.settings.timezone).date_naive()
    }

    /// How every agency of the roster stands, in the roster's order.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        let portals: Vec<String> = self.settings.portals.iter().map(|portal| portal.id.clone()).collect();
        let (reports, looks, states, doubts) = self.store(move |store| facts(store, &portals)).await?;
        let seen: Vec<SeenReport<'_>> = reports.iter().map(|(report, page)| SeenReport { report, page: page.as_ref() }).collect();
        let facts = Facts {
            roster: &self.roster,
            since: self.settings.since,
            reports: &seen,
            looks: &looks,
            doubts: &doubts,
            portals: &states,
            key_of: &agency_key,
            confirm_after: self.settings.confirm_after,
            now: self.now(),
            zone: self.settings.timezone,
        };
        Ok(obligations::standings(&facts))
    }

    /// Judges the publication of every agency of the visited portal, and before it what no page brings about. Visits
    /// that end together are weighed together: how one agency stands follows from all that was ever seen anywhere.
    pub(super) async fn weigh_standings(&self, visit: &Visit) -> Result<(), StoreError> {
        // The run counts as it is about to end, so that a gate met in this very visit is known.
        let ended = crate::model::Run { state: visit.state(), ended: Some(self.now()), ..visit.run.clone() };
        self.record(Event::Run { run: ended }).await?;
        let portal = &visit.portal.id;
        if self.roster.agencies.iter().any(|agency| agency.portal.as_ref() == Some(portal)) {
            self.weighing.wait(portal);
        }
        let mut reviewed = self.weighing.reviewed.lock().await;
        self.review(&mut reviewed).await?;
        // Where the portal does not wait any more, a visit that ended before this one weighed it.
        let Some(mut taken) = self.weighing.take_with(portal) else { return Ok(()) };
        self.weigh_portals(&taken.portals).await?;
        taken.portals.clear();
        Ok(())
    }

    async fn weigh_portals(&self, portals: &BTreeSet<String>) -> Result<(), StoreError> {
        let standings = self.standings().await?;
        let here = standings.iter().filter(|standing| standing.portal.as_ref().is_some_and(|portal| portals.contains(portal)));
        let here = here.filter(|standing| standing.owed || standing.report.is_some());
        let weighed: Vec<(&Standing, Vec<Outcome>)> =
            here.map(|standing| (standing, self.publication_outcomes(standing))).collect();
        let judged: Vec<Judged<'_>> =
            weighed.iter().map(|(standing, outcomes)| self.standing_judged(standing, outcomes)).collect();
        self.reconcile(&judged, None).await
    }

    /// Outcomes about the publication of an agency's report, as the ledger takes them.
    pub(super) fn standing_judged<'a>(&self, standing: &'a Standing, outcomes: &'a [Outcome]) -> Judged<'a> {
        Judged {
            agency: &standing.agency,
            agency_name: &standing.agency_name,
            year: standing.year,
            report: standing.report.as_deref(),
            snapshot: standing.publication.absence_evidence.as_ref(),
            outcomes,
        }
    }

    /// The rules that need nothing but the facts of publication.
    pub(super) fn publication_outcomes(&self, standing: &Standing) -> Vec<Outcome> {
        let context = Context {
            agency_kind: Some(standing.kind),
            publication: Some(standing.publication.clone()),
            has_portal: true,
            ..Context::lone(self.now())
        };
        let outcomes = check::run_publication(&context, &self.judge.rules);
        // Whether a report of a year that is not watched came in time is nobody's question any more; that it came settles
        // what was said before.
        let concerns = |outcome: &Outcome| {
            standing.owed
                || outcome.verdict == Verdict::Clean
                || self.judge.rules.check(&outcome.rule).is_some_and(|check| check.kind.is_afterwards())
        };
        outcomes.into_iter().filter(concerns).collect()
    }

    /// Gauges of agencies by state, for the newest year due.
    pub(super) async fn note_agencies(&self) -> Result<(), StoreError> {
        let newest = obligations::newest_year_due(self.now(), self.settings.timezone);
        let standings = self.standings().await?;
        for state in AgencyState::ALL {
            let count = standings.iter().filter(|standing| standing.year == newest && standing.state == state).count();
            self.metrics.agencies.with_label_values(&[state.word()]).set(count as i64);
        }
        Ok(())
    }
}

type StoredFacts = (Vec<(ReportEntry, Option<PageState>)>, Vec<Look>, BTreeMap<String, RunState>, Vec<Doubt>);

fn facts(store: &Store, portals: &[String]) -> Result<StoredFacts, StoreError> {
    let mut looks = Vec::new();
    let mut states = BTreeMap::new();
    for portal in portals {
        looks.extend(store.looks(portal)?);
        if let Some(run) = store.last_run_of(portal)?.filter(|run| run.state.ended()) {
            states.insert(portal.clone(), run.state);
        }
    }
    let known = |report: ReportEntry| -> Result<_, StoreError> {
        let page = store.page(&report.url)?;
        let document = report.attachment.as_deref().map(|document| store.page(document)).transpose()?.flatten();
        // Where the page stands, the document that it consists of may still be gone.
        let fails = |page: &PageState| page.gone_looks > 0;
        let page = document.filter(|document| fails(document) && !page.as_ref().is_some_and(fails)).or(page);
        Ok((report, page))
    };
    let reports = store.reports()?.into_iter().map(known).collect::<Result<Vec<_>, _>>()?;
    let open = doubts(store)?.into_iter().filter(|(_, state)| *state == DoubtState::Open);
    Ok((reports, looks, states, open.map(|(doubt, _)| doubt).collect()))
}
