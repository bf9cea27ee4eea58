//! What is known around a report: last year's, those of other agencies that may be alike, those it rolls up.
//!
//! A report that arrives late changes what is said of others: of next year's, of the government that rolls it up,
//! of the one it was copied from. Those are judged again, by the rules that look at neighbours alone.

use super::alike::agency_and_year;
use super::weighing::Whose;
use super::{Pipeline, Visit};
use crate::check::{Context, Member, Members};
use crate::model::{AgencyKind, Level, ReadReport, Report, ReportEntry, Time, Year};
use crate::store::StoreError;
use std::sync::Arc;

/// The reports around one.
#[derive(Debug, Clone, Default)]
pub(super) struct Neighbours {
    pub(super) previous: Option<Arc<ReadReport>>,
    siblings: Option<Vec<Arc<ReadReport>>>,
    members: Option<Below>,
}

/// The agencies below a government, by name and kind, with their reports.
#[derive(Debug, Clone)]
struct Below {
    /// Whether every one of them is there.
    complete: bool,
    reports: Vec<(String, AgencyKind, Arc<ReadReport>)>,
}

impl Neighbours {
    /// Hands what is known to a judgement.
    pub(super) fn with<T>(
        &self,
        kind: Option<AgencyKind>,
        level: Option<Level>,
        now: Time,
        judge: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        let siblings: Option<Vec<&Report>> = self.siblings.as_ref().map(|reads| reads.iter().filter_map(report_of).collect());
        let members = self.members.as_ref().map(|below| Members {
            complete: below.complete,
            reports: below
                .reports
                .iter()
                .filter_map(|(name, kind, read)| Some(Member { name: name.clone(), kind: *kind, report: report_of(read)? }))
                .collect(),
        });
        judge(&Context {
            agency_kind: kind,
            level,
            previous: self.previous.as_ref().and_then(report_of),
            has_portal: true,
            siblings: siblings.as_deref(),
            members: members.as_ref(),
            ..Context::lone(now)
        })
    }
}

impl Pipeline {
    /// What is known around a report.
    pub(super) async fn neighbours(
        &self,
        entry: &ReportEntry,
        previous: Option<Arc<ReadReport>>,
    ) -> Result<Neighbours, StoreError> {
        let previous = match previous.filter(is_sure) {
            Some(read) => Some(read),
            None => self.stored_neighbour(&entry.agency, entry.year - 1).await?,
        };
        let mut siblings = Vec::new();
        for id in self.alike_to(entry).await? {
            if let Some((agency, year)) = agency_and_year(&id) {
                siblings.extend(self.stored_neighbour(agency, year).await?);
            }
        }
        Ok(Neighbours { previous, siblings: Some(siblings), members: self.members(entry).await? })
    }

    /// The reports that a government's report rolls up, by the roster.
    async fn members(&self, entry: &ReportEntry) -> Result<Option<Below>, StoreError> {
        let below: Vec<_> =
            self.roster.agencies.iter().filter(|agency| agency.parent.as_deref() == Some(&entry.agency)).collect();
        if below.is_empty() || self.roster.by_id(&entry.agency).is_none_or(|agency| agency.kind != AgencyKind::Government) {
            return Ok(None);
        }
        let mut reports = Vec::new();
        for agency in &below {
            if let Some(report) = self.stored_neighbour(&agency.id, entry.year).await? {
                reports.push((agency.name.clone(), agency.kind, report));
            }
        }
        Ok(Some(Below { complete: reports.len() == below.len(), reports }))
    }

    /// A report was judged: its text is known from now on, and what depended on it is looked at again.
    pub(super) async fn became_known(&self, visit: &mut Visit, entry: &ReportEntry) -> Result<(), StoreError> {
        let near = self.alike_to(entry).await?;
        self.alike.add(entry);
        visit.again.extend(near);
        // Next year's, where it was read before this one, and not in this visit after it.
        visit.again.remove(&entry.id);
        visit.again.insert(format!("{}/{}", entry.agency, entry.year + 1));
        let parent = self.roster.by_id(&entry.agency).and_then(|agency| agency.parent.clone());
        visit.again.extend(parent.map(|parent| format!("{parent}/{}", entry.year)));
        Ok(())
    }

    /// Judges again what depended on reports that this visit read, by the rules that look at neighbours.
    pub(super) async fn look_again(&self, visit: &mut Visit) -> Result<(), StoreError> {
        for id in std::mem::take(&mut visit.again) {
            self.judge_again(&id).await?;
        }
        Ok(())
    }

    async fn judge_again(&self, id: &str) -> Result<(), StoreError> {
        let asked = id.to_owned();
        let Some(entry) = self.store(move |store| store.report(&asked)).await? else { return Ok(()) };
        // What cannot be read back is a problem for whoever verifies the store; its findings stand.
        let Ok(subject) = self.kept_subject(&entry).await? else { return Ok(()) };
        let neighbours = self.neighbours(&entry, None).await?;
        let whose = Whose { agency: &entry.agency, name: &entry.agency_name, year: entry.year };
        let weighed = self.weigh(&whose, &subject, neighbours).await.only(|rule| self.needs_neighbours(rule));
        self.reconcile(&weighed.judged(&whose, &entry.id, &subject), None).await
    }

    fn needs_neighbours(&self, rule: &str) -> bool {
        self.judge.rules.check(rule).is_some_and(|check| check.kind.needs_neighbours())
    }

    /// A report around the one that is judged; one that cannot be read back, or was recognised from pictures, leaves
    /// open what depends on it.
    async fn stored_neighbour(&self, agency: &str, year: Year) -> Result<Option<Arc<ReadReport>>, StoreError> {
        match self.stored_report(agency, year).await {
            Err(StoreError::Body { .. }) => Ok(None),
            found => Ok(found?.filter(is_sure)),
        }
    }
}

fn report_of(read: &Arc<ReadReport>) -> Option<&Report> {
    read.report.as_ref()
}

/// Whether a reading is of a report, and not one that was recognised from pictures.
fn is_sure(read: &Arc<ReadReport>) -> bool {
    read.report.as_ref().is_some_and(|report| !report.recognised)
}
