//! Replay: every report that is kept, read and judged again, by the program and the rules of today.
//!
//! Nothing is fetched. A report is read from the body it was last judged by, and from the page that only linked to
//! that body; what follows from dates alone is weighed from the looks that are written down. The outcomes take the same
//! path to the ledger as those of a visit. Held in memory are one agency's last report, the ids of reports, and the
//! fingerprints of findings: neither bodies nor findings, however many there are.
//!
//! A replay that is cut short may be begun again: what was judged twice changes nothing the second time, and
//! [`Mark`] says where to go on.

use super::Pipeline;
use super::attached::Subject;
use super::weighing::Whose;
use crate::ledger::Judged;
use crate::model::{AgencyKind, Event, Finding, LedgerChange, Problem, ReadOutcome, ReadReport, ReportEntry, Sha256Hex, Year};
use crate::obligations::Standing;
use crate::store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a replay tells as it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A report was judged: its place among all of them, from 1, and how many there are.
    Judged { report: String, at: usize, of: usize },
    /// A report could not be read: our problem, and its findings stand as they did.
    Unread { report: String, problem: Problem },
    /// Something differs: the finding as it was, where there was one, and the change.
    Differs { before: Option<Box<Finding>>, change: Box<LedgerChange> },
}

/// How far a replay came, to be kept by whoever runs it; it holds for the same program and the same rules only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub program: String,
    /// Fingerprint of the rule set.
    pub rules: String,
    /// Id of the last report that was judged.
    pub after: String,
}

impl Mark {
    /// The mark of a replay by this pipeline that has just judged a report.
    pub fn of(pipeline: &Pipeline, after: &str) -> Mark {
        let rules = pipeline.judge.rules.fingerprint.clone();
        Mark { program: env!("CARGO_PKG_VERSION").to_owned(), rules, after: after.to_owned() }
    }

    /// Whether a replay by this pipeline may go on from here.
    pub fn fits(&self, pipeline: &Pipeline) -> bool {
        *self == Mark::of(pipeline, &self.after)
    }
}

/// One agency's year: what stands against it, as fingerprints, and what it owes.
#[derive(Default)]
struct Place {
    against: Vec<String>,
    standing: Option<Standing>,
}

impl Pipeline {
    /// Reads and judges every kept report again, those after a report's id where one is given. Written down only if
    /// `keep`. `tell` is called for each step, in the order of the reports.
    ///
    /// # Errors
    /// Where the store cannot be read or written; a body that cannot be read back is a step, and no error.
    pub async fn replay(&self, keep: bool, after: Option<&str>, tell: &mut dyn FnMut(Step)) -> Result<(), StoreError> {
        if keep {
            self.note_judge().await?;
        }
        let mut places = self.places().await?;
        let ids = self.store(Store::report_ids).await?;
        let mut previous: Option<Kept> = None;
        for (at, id) in ids.iter().enumerate() {
            let key = id.clone();
            let Some(entry) = self.store(move |store| store.report(&key)).await? else { continue };
            let place = places.remove(&(entry.agency.clone(), entry.year)).unwrap_or_default();
            if after.is_none_or(|after| id.as_str() > after) {
                self.replay_report(entry, place, &mut previous, keep, tell).await?;
                tell(Step::Judged { report: id.clone(), at: at + 1, of: ids.len() });
            }
        }
        // What is left are years of which no report is kept: missing ones, and findings of agencies that went.
        for place in places.into_values() {
            self.settle(Vec::new(), place, keep, tell).await?;
        }
        Ok(())
    }

    /// Every agency's year that something stands against, or that a report is owed for.
    async fn places(&self) -> Result<BTreeMap<(String, Year), Place>, StoreError> {
        let mut places: BTreeMap<(String, Year), Place> = self
            .store(|store| {
                let mut places: BTreeMap<_, Place> = BTreeMap::new();
                let find = |finding: Finding| {
                    places.entry((finding.agency, finding.year)).or_default().against.push(finding.fingerprint);
                };
                store.visit_findings(find).map(|()| places)
            })
            .await?;
        for standing in self.standings().await?.into_iter().filter(|standing| standing.owed || standing.report.is_some()) {
            let place = places.entry((standing.agency.clone(), standing.year)).or_default();
            place.standing = Some(standing);
        }
        Ok(places)
    }

    async fn replay_report(
        &self,
        entry: ReportEntry,
        place: Place,
        previous: &mut Option<Kept>,
        keep: bool,
        tell: &mut dyn FnMut(Step),
    ) -> Result<(), StoreError> {
        let earlier = previous.take().filter(|kept| kept.agency == entry.agency && kept.year == entry.year - 1);
        let subject = match self.kept_subject(&entry).await? {
            Ok(subject) => subject,
            Err(problem) => {
                tell(Step::Unread { report: entry.id.clone(), problem });
                return self.settle(Vec::new(), place, keep, tell).await;
            }
        };
        if subject.read.outcome == ReadOutcome::Unreadable {
            let unknown = Problem::new("reader-failed", "这份文件没有读出来");
            let problem = subject.read.problems.first().cloned().unwrap_or(unknown);
            tell(Step::Unread { report: entry.id.clone(), problem });
        }
        let known = reread(entry.clone(), &subject.read, self.remember_texts(&entry.id, &subject.read));
        let neighbours = self.neighbours(&known, earlier.map(|kept| kept.read)).await?;
        let whose = Whose { agency: &entry.agency, name: &entry.agency_name, year: entry.year };
        let weighed = self.weigh(&whose, &subject, neighbours).await;
        self.settle(weighed.judged(&whose, &entry.id, &subject), place, keep, tell).await?;
        if keep {
            let report = ReportEntry {
                inconclusive: weighed.inconclusive(),
                extent: weighed.extent(&subject),
                rules: self.judge.rules.fingerprint.clone(),
                ..known
            };
            self.record(Event::Reported { report: Box::new(report) }).await?;
        }
        *previous = subject.read.report.is_some().then_some(Kept { agency: entry.agency, year: entry.year, read: subject.read });
        Ok(())
    }

    /// A kept report with the page that only links to it, read again.
    pub(super) async fn kept_subject(&self, entry: &ReportEntry) -> Result<Result<Subject, Problem>, StoreError> {
        let Some(sha256) = entry.snapshot.clone() else { return Ok(Err(lost("没有保存过正文"))) };
        let kind = self.roster.by_id(&entry.agency).map(|agency| agency.kind);
        let read = match self.read_body_of(&sha256, kind).await? {
            Ok(read) => read,
            Err(problem) => return Ok(Err(problem)),
        };
        let address = entry.url.clone();
        let page = self.store(move |store| store.page(&address)).await?.and_then(|page| page.sha256);
        let mut subject = Subject { read, sha256, page: None, document: None };
        if let Some(page) = page.filter(|page| *page != subject.sha256)
            && let Ok(read) = self.read_body_of(&page, kind).await?
        {
            // Else the address shows another report by now, which was not judged yet.
            if read.report.as_ref().is_some_and(|report| report.attachment_only) {
                subject.page = Some((read, page));
            }
        }
        Ok(Ok(subject))
    }

    async fn read_body_of(
        &self,
        sha256: &Sha256Hex,
        kind: Option<AgencyKind>,
    ) -> Result<Result<Arc<ReadReport>, Problem>, StoreError> {
        match self.read_kept(sha256, kind).await {
            Ok(Some(read)) => Ok(Ok(read)),
            Ok(None) => Ok(Err(lost("保存的正文不在了"))),
            Err(StoreError::Body { .. }) => Ok(Err(lost("保存的正文已损坏"))),
            Err(error) => Err(error),
        }
    }

    /// Compares outcomes with what stands against one agency's year, those that follow from dates alone among them;
    /// tells what differs, and writes it down.
    async fn settle(
        &self,
        mut judged: Vec<Judged<'_>>,
        place: Place,
        keep: bool,
        tell: &mut dyn FnMut(Step),
    ) -> Result<(), StoreError> {
        let Place { against, standing } = place;
        let find = move |store: &Store| against.iter().filter_map(|id| store.finding(id).transpose()).collect();
        let before: Vec<Finding> = self.store(find).await?;
        let outcomes = standing.as_ref().map(|standing| self.publication_outcomes(standing)).unwrap_or_default();
        judged.extend(standing.as_ref().map(|standing| self.standing_judged(standing, &outcomes)));
        let changes = self.changes(&judged, &before);
        for change in &changes {
            let before = before.iter().find(|finding| finding.fingerprint == change.finding.fingerprint);
            tell(Step::Differs { before: before.cloned().map(Box::new), change: Box::new(change.clone()) });
        }
        if keep { self.write_down(changes, None).await } else { Ok(()) }
    }

    /// Writes down which program judges by which rules, where that is not known from before: with the rule set's
    /// fingerprint in each finding it says how the finding can be computed again.
    pub(super) async fn note_judge(&self) -> Result<(), StoreError> {
        let (version, rules, at) = (env!("CARGO_PKG_VERSION").to_owned(), self.judge.rules.fingerprint.clone(), self.now());
        self.store(move |store| {
            let same = store.started()?.is_some_and(|known| known.version == version && known.rules == rules);
            if same { Ok(()) } else { store.record(Event::Started { version, rules, at }).map(drop) }
        })
        .await
    }
}

/// The last report of an agency that was read, for the next year's history rules.
struct Kept {
    agency: String,
    year: Year,
    read: Arc<ReadReport>,
}

/// What was known of a report, with what it says as it is read now. Whose it is, and when and where it was seen, stays.
fn reread(entry: ReportEntry, read: &ReadReport, signatures: Vec<String>) -> ReportEntry {
    let report = read.report.as_ref();
    let title = report.map(|report| report.title.clone()).filter(|title| !title.is_empty());
    ReportEntry {
        title: title.unwrap_or(entry.title),
        standard: report.map_or_else(|| "unknown".to_owned(), |report| report.standard.clone()),
        figures: report.map_or(0, |report| report.figures.len() as u64),
        outcome: read.outcome,
        problems: read.problems.clone(),
        signatures,
        ..entry
    }
}

/// A body that was kept, and is not to be had.
fn lost(why: &str) -> Problem {
    Problem::new("snapshot-lost", format!("{why}；请运行 nianjian verify，再由备份恢复"))
}
