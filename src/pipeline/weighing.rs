//! Outcomes of a report, and what they do to the ledger: one way, whether a report was just fetched or is read
//! again from what is kept.

use super::Pipeline;
use super::attached::Subject;
use super::desk::at_desk;
use super::judge::Source;
use super::neighbours::Neighbours;
use crate::check::fingerprint;
use crate::ledger::{self, Judged, RuleNotes};
use crate::model::{
    AgencyKind, ChangeKind, Date, Event, Extent, Finding, LedgerChange, Outcome, ReadReport, Sha256Hex, Sighting, Year,
};
use crate::rules::Check;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many findings are looked over at a time.
const AT_A_TIME: usize = 256;

/// Whose report of which year is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    /// The roster's id, else the normalised name.
    pub(super) agency: &'a str,
    pub(super) name: &'a str,
    pub(super) year: Year,
}

/// What the rules say of a report, and of the page that only links to it.
pub(super) struct Weighed {
    report: Vec<Outcome>,
    page: Vec<Outcome>,
}

impl Weighed {
    /// How far the report was checked.
    pub(super) fn extent(&self, subject: &Subject) -> Extent {
        Extent::of_read(&subject.read, &self.report)
    }

    /// Rules that were not decided, for coverage.
    pub(super) fn inconclusive(&self) -> Vec<String> {
        let open = self.report.iter().filter(|outcome| outcome.verdict.open().is_some());
        open.map(|outcome| outcome.rule.clone()).collect()
    }

    /// Only what some of the rules say.
    pub(super) fn only(mut self, asked: impl Fn(&str) -> bool) -> Weighed {
        self.report.retain(|outcome| asked(&outcome.rule));
        self.page.retain(|outcome| asked(&outcome.rule));
        self
    }

    /// As the ledger takes it: each body with what is about it.
    pub(super) fn judged<'a>(&'a self, whose: &Whose<'a>, report: &'a str, subject: &'a Subject) -> Vec<Judged<'a>> {
        let judged = |snapshot, outcomes| Judged {
            agency: whose.agency,
            agency_name: whose.name,
            year: whose.year,
            report: Some(report),
            snapshot: Some(snapshot),
            outcomes,
        };
        let mut all = vec![judged(&subject.sha256, self.report.as_slice())];
        all.extend(subject.page.as_ref().map(|(_, sha256)| judged(sha256, self.page.as_slice())));
        all
    }
}

impl Pipeline {
    /// Judges a report, and the page that only links to it where there is one.
    pub(super) async fn weigh(&self, whose: &Whose<'_>, subject: &Subject, neighbours: Neighbours) -> Weighed {
        let report = self.outcomes(whose, &subject.read, neighbours.clone()).await;
        let page = match &subject.page {
            Some((page, _)) => self.outcomes(whose, page, neighbours).await,
            None => Vec::new(),
        };
        let (report, page) = Subject::parted(report, page);
        Weighed { report, page }
    }

    /// What the rules say of a reading, those about dates of publication left out.
    async fn outcomes(&self, whose: &Whose<'_>, read: &Arc<ReadReport>, neighbours: Neighbours) -> Vec<Outcome> {
        let (judge, now, read) = (self.judge.clone(), self.now(), Arc::clone(read));
        let agency = self.roster.by_id(whose.agency);
        let (kind, level) = (agency.map(|agency| agency.kind), agency.and_then(|agency| agency.level));
        let outcomes = at_desk(move || {
            let kind = kind.or(read.report.as_ref().and_then(|report| report.agency_kind));
            neighbours.with(kind, level, now, |context| judge.check(&read, context))
        })
        .await;
        outcomes.into_iter().filter(|outcome| !self.is_timed(&outcome.rule)).collect()
    }

    /// The reading of a report as it is kept; `None` where no report is.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn stored_report(&self, agency: &str, year: Year) -> Result<Option<Arc<ReadReport>>, StoreError> {
        let id = format!("{agency}/{year}");
        let Some(sha256) = self.store(move |store| store.report(&id)).await?.and_then(|entry| entry.snapshot) else {
            return Ok(None);
        };
        let kind = self.roster.by_id(agency).map(|agency| agency.kind);
        Ok(self.read_kept(&sha256, kind).await?.filter(|read| read.report.is_some()))
    }

    /// Reads a kept body as it was read when it came; `None` where it was not kept.
    pub(super) async fn read_kept(
        &self,
        sha256: &Sha256Hex,
        kind: Option<AgencyKind>,
    ) -> Result<Option<Arc<ReadReport>>, StoreError> {
        let name = sha256.clone();
        let last: Option<Sighting> = self.store(move |store| store.sightings(&name)).await?.pop();
        let url = last.as_ref().map(|seen| seen.address().to_owned()).unwrap_or_default();
        let source = Source { sha256: sha256.clone(), media: last.and_then(|seen| seen.media), url, kind };
        if let Some(read) = self.judge.remembered(&source) {
            return Ok(Some(read));
        }
        let Some(body) = self.kept_body(Some(sha256)).await? else { return Ok(None) };
        Ok(Some(self.judge.read_body(source, body).await))
    }

    /// Compares what was judged with what stands against those years, and writes the changes down; with them, all or
    /// none, what follows from them.
    pub(super) async fn reconcile(&self, judged: &[Judged<'_>], then: Option<Event>) -> Result<(), StoreError> {
        let years: BTreeSet<(String, Year)> = judged.iter().map(|case| (case.agency.to_owned(), case.year)).collect();
        let find = move |store: &Store| {
            let found = years.iter().map(|(agency, year)| store.findings_of(agency, *year));
            found.collect::<Result<Vec<_>, _>>().map(|found| found.concat())
        };
        let _shared = self.weighing.ledger.read().await;
        let standing = self.store(find).await?;
        self.write_down(self.changes(judged, &standing), then).await
    }

    /// What no page brings about: rules that are retired, waivers, due dates that pass. Looked at once a day and for each rule
    /// set, over all that stands.
    pub(super) async fn review(&self, reviewed: &mut Option<(String, Date)>) -> Result<(), StoreError> {
        let occasion = (self.judge.rules.fingerprint.clone(), self.today());
        if reviewed.as_ref() == Some(&occasion) {
            return Ok(());
        }
        let judge = self.clone();
        let review = move |store: &Store| {
            let (mut changes, mut some) = (Vec::new(), Vec::new());
            store.visit_findings(|finding| {
                some.push(finding);
                // Each stands for itself here, so a few are held at a time, however many there are.
                if some.len() == AT_A_TIME {
                    changes.append(&mut judge.changes(&[], &some));
                    some.clear();
                }
            })?;
            changes.append(&mut judge.changes(&[], &some));
            Ok(changes)
        };
        let _alone = self.weighing.ledger.write().await;
        let changes = self.store(review).await?;
        self.write_down(changes, None).await?;
        *reviewed = Some(occasion);
        Ok(())
    }

    /// Writes changes of the ledger down, and what follows from them, all or none.
    pub(super) async fn write_down(&self, changes: Vec<LedgerChange>, then: Option<Event>) -> Result<(), StoreError> {
        for change in changes.iter().filter(|change| change.kind == ChangeKind::Opened) {
            self.metrics.findings_opened.with_label_values(&[&change.finding.rule]).inc();
        }
        let events: Vec<Event> = changes.into_iter().map(|change| Event::Finding { change }).chain(then).collect();
        if events.is_empty() {
            return Ok(());
        }
        self.store(move |store| store.record_all(events)).await.map(drop)
    }

    /// What these outcomes do to what stands.
    pub(super) fn changes(&self, judged: &[Judged<'_>], standing: &[Finding]) -> Vec<LedgerChange> {
        let rules = &self.judge.rules;
        let note = |rule: &str| rules.check(rule).map(|check| (check.basis.clone(), check.advice.clone())).unwrap_or_default();
        let applies = |rule: &str| self.applies(rule);
        let notes = RuleNotes { fingerprint: &fingerprint, notes: &note, applies: &applies, rules: &rules.fingerprint };
        ledger::reconcile(judged, standing, &rules.waivers, &notes, self.now(), self.today())
    }

    /// Whether the rules have this one and do not switch it off.
    pub(super) fn applies(&self, rule: &str) -> bool {
        self.judge.rules.check(rule).is_some_and(Check::applies)
    }

    /// Whether a rule is about dates of publication, which are weighed for all agencies together.
    pub(super) fn is_timed(&self, rule: &str) -> bool {
        self.judge.rules.check(rule).is_some_and(|check| check.kind.is_publication())
    }

    /// Counts rules that could not be decided.
    pub(super) fn count_inconclusive(&self, rules: &[String]) {
        for rule in rules {
            self.metrics.rules_inconclusive.with_label_values(&[rule]).inc();
        }
    }
}
