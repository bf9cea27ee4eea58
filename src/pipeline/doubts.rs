//! Pages that nobody can place: they are written down for people, and what people decide is followed from then on.
//!
//! A decision is about an address. It stands above title and roster: a claimed page is read as that agency's
//! report of that year at the next visit, a dismissed one is listed no more.

use super::attached::Subject;
use super::candidates::Candidate;
use super::steps::signed;
use super::{Pipeline, StepError, Visit};
use crate::model::{Decision, Doubt, Event, Message, Placing, Problem, Unclear, Year};
use crate::store::{Store, StoreError};
use crate::text::{agency_key, hex};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// How a doubt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoubtState {
    /// It waits for a person.
    Open,
    /// A person named agency and year.
    Claimed,
    /// A person said that it is no report.
    Dismissed,
    /// The page itself, or the roster, has told since.
    Settled,
}

impl DoubtState {
    /// Every state.
    pub const ALL: [DoubtState; 4] = [DoubtState::Open, DoubtState::Claimed, DoubtState::Dismissed, DoubtState::Settled];

    /// The word of the contract.
    pub fn word(self) -> &'static str {
        match self {
            DoubtState::Open => "open",
            DoubtState::Claimed => "claimed",
            DoubtState::Dismissed => "dismissed",
            DoubtState::Settled => "settled",
        }
    }
}

/// Who decides what of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// Agency (id, name or alias of the roster) and year; nothing where it is no report.
    pub report: Option<(String, Year)>,
    pub by: String,
    pub note: String,
}

impl Pipeline {
    /// Every doubt with its state, those that wait first, then the newest.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn doubts(&self) -> Result<Vec<(Doubt, DoubtState)>, StoreError> {
        self.store(doubts).await
    }

    /// Writes a person's decision down; the doubt comes back as it stands afterwards.
    ///
    /// # Errors
    /// An unknown doubt, a decision without a name, an agency that the roster does not have, a page that is read
    /// as a report already, a store that cannot be written.
    pub async fn decide(&self, id: &str, deciding: Deciding) -> Result<Doubt, StepError> {
        let (by, note) = signed(&deciding.by, &deciding.note)?;
        let placing = self.placing(deciding.report)?;
        let asked = id.to_owned();
        let (doubt, read) = self
            .store(move |store| {
                let doubt = store.doubt(&asked)?;
                let url = doubt.as_ref().map(|doubt| doubt.url.clone()).unwrap_or_default();
                Ok((doubt, store.reports()?.into_iter().find(|report| report.url == url)))
            })
            .await?;
        let doubt = doubt.ok_or(StepError::Unknown)?;
        if let Some(read) = read {
            // What was judged under a name cannot be given to another: its findings stand in the ledger.
            return Err(StepError::NotNow(Message {
                zh: format!("这一页已作为 {} 的年报读取核对，不能改判", read.id),
                en: format!("the page is already read and checked as the report {}", read.id),
            }));
        }
        let decision = Decision { placing, by, note, at: self.now() };
        self.record(Event::Decided { doubt: doubt.id.clone(), decision: decision.clone() }).await?;
        Ok(Doubt { decision: Some(decision), ..doubt })
    }

    /// What is decided, by the roster's id.
    fn placing(&self, report: Option<(String, Year)>) -> Result<Placing, StepError> {
        let Some((word, year)) = report else { return Ok(Placing::None) };
        let newest = crate::obligations::newest_year_due(self.now(), self.settings.timezone);
        let unfit = |zh: String, en: String| StepError::Unfit(Message { zh, en });
        if !(2008..=newest).contains(&year) {
            return Err(unfit(format!("年度应在 2008 到 {newest} 之间"), format!("the year is one of 2008 to {newest}")));
        }
        let agency = self.roster.find(agency_key, word.trim());
        let agency = agency.ok_or_else(|| {
            unfit(format!("名录里没有“{word}”，请先登记这个机关"), format!("the roster has no “{word}”: add the agency first"))
        })?;
        Ok(Placing::Report { agency: agency.id.clone(), year })
    }

    /// What people decided of the pages of a portal, by address.
    pub(super) async fn decisions(&self, portal: &str) -> Result<HashMap<String, Placing>, StoreError> {
        let doubts = self.store(Store::doubts).await?;
        let here = doubts.into_iter().filter(|doubt| doubt.portal == portal);
        Ok(here.filter_map(|doubt| Some((doubt.url, doubt.decision?.placing))).collect())
    }

    /// Writes down that a page waits for a person, where that is not known yet.
    pub(super) async fn doubt(
        &self,
        visit: &mut Visit,
        candidate: &Candidate,
        subject: &Subject,
        unclear: Unclear,
    ) -> Result<(), StoreError> {
        let (code, why) = match unclear {
            Unclear::Agency => ("agency-unknown", "看不出是哪个机关的报告"),
            Unclear::Year => ("year-unknown", "看不出是哪个年度的报告"),
            Unclear::Report => ("report-unclear", "读不出内容，标题也看不出是不是年报"),
        };
        visit.problem(Problem::new(code, format!("待人工认领：{} {why}，已保存", candidate.entry.url)));
        let doubt = Doubt {
            id: id_of(&candidate.entry.url),
            url: candidate.entry.url.clone(),
            title: candidate.entry.title.clone(),
            portal: visit.portal.id.clone(),
            unclear,
            agency: Some(candidate.name.clone()).filter(|name| !name.is_empty()),
            year: candidate.year,
            snapshot: Some(subject.sha256.clone()),
            since: self.now(),
            decision: None,
        };
        let id = doubt.id.clone();
        let known = self.store(move |store| store.doubt(&id)).await?;
        let same = |known: Doubt| Doubt { since: doubt.since, decision: None, ..known } == doubt;
        if known.is_some_and(same) {
            return Ok(());
        }
        self.record(Event::Doubted { doubt }).await
    }
}

/// Every doubt of a store with its state, those that wait first, then the newest.
pub(super) fn doubts(store: &Store) -> Result<Vec<(Doubt, DoubtState)>, StoreError> {
    let doubts = store.doubts()?;
    if doubts.is_empty() {
        return Ok(Vec::new());
    }
    let read: HashSet<String> = store.reports()?.into_iter().map(|report| report.url).collect();
    let state = |doubt: &Doubt| match doubt.decision.as_ref().map(|decision| &decision.placing) {
        Some(Placing::Report { .. }) => DoubtState::Claimed,
        Some(Placing::None) => DoubtState::Dismissed,
        None if read.contains(&doubt.url) => DoubtState::Settled,
        None => DoubtState::Open,
    };
    let mut found: Vec<_> = doubts.into_iter().map(|doubt| (state(&doubt), doubt)).map(|(state, doubt)| (doubt, state)).collect();
    found.sort_by_key(|(doubt, state)| (*state != DoubtState::Open, std::cmp::Reverse(doubt.since), doubt.id.clone()));
    Ok(found)
}

/// The id of the doubt about an address.
fn id_of(url: &str) -> String {
    hex(&Sha256::digest(url)[..8])
}
