//! The reports of a visit: which of the listed ones to fetch, reading, checking, and the ledger.

use super::afterwards::is_open;
use super::attached::Subject;
use super::candidates::Candidate;
use super::fetching::Got;
use super::weighing::Whose;
use super::{Pipeline, Visit};
use crate::crawl::{Assignment, assign};
use crate::model::{
    DateSource, Event, Extent, FetchResult, Problem, ReadOutcome, ReadReport, ReportEntry, ReportRef, Unclear, Year,
};
use crate::store::StoreError;
use crate::text::agency_key;
use chrono::Datelike;
use std::sync::Arc;

/// The report read before, for the next one's history rules.
struct Previous {
    agency: String,
    year: Year,
    read: Arc<ReadReport>,
}

impl Pipeline {
    /// Fetches, reads and judges the reports of a visit, oldest first, agency by agency.
    pub(super) async fn read_reports(&self, visit: &mut Visit) -> Result<(), StoreError> {
        let mut previous: Option<Previous> = None;
        let candidates = self.candidates(visit).await?;
        let listed = candidates.len();
        for (at, candidate) in candidates.into_iter().enumerate() {
            if visit.blocked.is_some() {
                visit.partial = true;
                let message = format!("门户已拦截，列表上其余 {} 份年报这次没有查看，保持原来的状态", listed - at);
                visit.problem(Problem::new("reports-not-looked-at", message));
                break;
            }
            if !self.is_due(visit, &candidate).await? {
                continue;
            }
            let got = self.get_report(visit, &candidate.url).await?;
            if let FetchResult::Blocked(kind) = got.result {
                visit.partial = true;
                if kind != crate::model::BlockedKind::Robots {
                    visit.blocked = Some(kind);
                }
            }
            match (&got.body, got.result) {
                (Some(_), _) if candidate.off_list => {}
                (Some(_), _) => self.read_report(visit, candidate, got, &mut previous).await?,
                // These are the agency's, not ours: the page was looked at, and it is not there.
                (None, FetchResult::Gone | FetchResult::SoftGone | FetchResult::Empty) => {
                    visit.problem(Problem::new("report-gone", format!("有一份报告打不开（{}），待复查", got.result.word())));
                }
                (None, _) => {
                    visit.partial = true;
                    let fallback =
                        Problem::new("report-not-fetched", format!("有报告没有取到（{}），下次再试", got.result.word()));
                    visit.problem(got.problem.unwrap_or(fallback));
                }
            }
        }
        self.look_again(visit).await
    }

    /// Reads and judges one body, unless it was judged before as it stands.
    async fn read_report(
        &self,
        visit: &mut Visit,
        mut candidate: Candidate,
        got: Got,
        previous: &mut Option<Previous>,
    ) -> Result<(), StoreError> {
        let kind = self.roster.by_id(&candidate.agency).map(|agency| agency.kind);
        let Some(subject) = self.subject(visit, got, kind).await? else { return Ok(()) };
        if subject.read.outcome == ReadOutcome::Read {
            visit.run.tally.read += 1;
        } else if !candidate.sure {
            // Its title did not say that it is a report. What was read is none; what was not, nobody knows.
            let open = subject.read.outcome == ReadOutcome::Unreadable && candidate.speaks_of_reports();
            return if open { self.doubt(visit, &candidate, &subject, Unclear::Report).await } else { Ok(()) };
        }
        if let Some(unclear) = self.complete(visit, &mut candidate, &subject.read) {
            return self.doubt(visit, &candidate, &subject, unclear).await;
        }
        if !candidate.assigned {
            // Once more, for a name that only the page told, and for a visit elsewhere that met the same name meanwhile.
            candidate.agency = self.key_here(visit, candidate.agency).await?;
        }
        let year = candidate.year.unwrap_or_default();
        let id = format!("{}/{year}", candidate.agency);
        let known = self
            .store({
                let id = id.clone();
                move |store| store.report(&id)
            })
            .await?;
        if known.as_ref().is_some_and(|known| known.url != candidate.entry.url && visit.lists(&known.url)) {
            // Two addresses for one report: the one first known stands, the other is its copy.
            let Some(known) = known else { return Ok(()) };
            let differs = known.snapshot.as_ref() != Some(&subject.sha256);
            if differs && visit.may_be_namesakes(&candidate.name, &known.url, &candidate.entry.url) {
                return self.doubt(visit, &candidate, &subject, Unclear::Agency).await;
            }
            return self.note_copy(known, candidate.entry.url, &subject).await;
        }
        if self.stands_in(known.as_ref(), &subject).await? {
            let message = "有一份读过的年报，网址上现在是别的页面，暂不采信，待复查";
            visit.problem(Problem::new("report-replaced", message));
            return Ok(());
        }
        let edit = self.edit(known.as_ref(), &subject).await?;
        let judged_before = known
            .as_ref()
            .is_some_and(|known| known.snapshot.as_ref() == Some(&subject.sha256) && known.rules == self.judge.rules.fingerprint);
        let compares = !judged_before || known.as_ref().is_some_and(|known| known.copy.as_ref().is_some_and(is_open));
        match known {
            Some(known) if judged_before => {
                let column = visit.misplaced(&candidate.entry.url, year, known.column.as_ref());
                // The same report may stand elsewhere by now.
                let url = candidate.entry.url.clone();
                if known.edit != edit || known.column != column || known.url != url {
                    self.record(Event::Reported { report: Box::new(ReportEntry { edit, column, url, ..known }) }).await?;
                }
            }
            known => {
                let known = known.map(|known| ReportEntry { edit, ..known });
                self.judge_report(visit, &candidate, &subject, known, previous.as_ref()).await?;
            }
        }
        if compares {
            self.compare_document(visit, &id, &candidate.url, &subject).await?;
        }
        *previous = subject.read.report.is_some().then_some(Previous { agency: candidate.agency, year, read: subject.read });
        Ok(())
    }

    /// Completes whose report a page is and of which year by the page's own words; what stays unclear.
    fn complete(&self, visit: &Visit, candidate: &mut Candidate, read: &ReadReport) -> Option<Unclear> {
        let report = read.report.as_ref();
        candidate.year = candidate.year.or(report.and_then(|report| report.year));
        if candidate.agency.is_empty() {
            let printed = report.map(|report| report.agency.clone()).filter(|name| !name.is_empty());
            let Some(name) = printed else { return Some(Unclear::Agency) };
            let named = ReportRef { agency: Some(name.clone()), ..candidate.entry.clone() };
            match assign(&named, &visit.portal.id, &self.roster, agency_key) {
                Assignment::Agency(id) => {
                    candidate.name = self.roster.by_id(&id).map_or(name, |agency| agency.name.clone());
                    (candidate.agency, candidate.assigned) = (id, true);
                }
                _ => (candidate.agency, candidate.name) = (agency_key(&name), name),
            }
        }
        candidate.year.is_none().then_some(Unclear::Year)
    }

    /// Checks a report and brings the ledger up to date; that it was judged is written down with the changes.
    async fn judge_report(
        &self,
        visit: &mut Visit,
        candidate: &Candidate,
        subject: &Subject,
        known: Option<ReportEntry>,
        previous: Option<&Previous>,
    ) -> Result<(), StoreError> {
        let year = candidate.year.unwrap_or_default();
        let entry = self.entry(visit, candidate, subject, known).await?;
        let of_last_year = |previous: &&Previous| previous.agency == candidate.agency && previous.year == year - 1;
        let earlier = previous.filter(of_last_year).map(|previous| Arc::clone(&previous.read));
        let agency = Whose { agency: &candidate.agency, name: &candidate.name, year };
        let weighed = self.weigh(&agency, subject, self.neighbours(&entry, earlier).await?).await;
        let entry = ReportEntry { inconclusive: weighed.inconclusive(), extent: weighed.extent(subject), ..entry };
        self.count_inconclusive(&entry.inconclusive);
        let judged = weighed.judged(&agency, &entry.id, subject);
        self.reconcile(&judged, Some(Event::Reported { report: Box::new(entry.clone()) })).await?;
        if subject.read.outcome == ReadOutcome::Read {
            self.metrics.reports.with_label_values(&[&entry.standard]).inc();
        }
        self.became_known(visit, &entry).await
    }

    /// The store's entry of a report, as this look leaves it.
    async fn entry(
        &self,
        visit: &Visit,
        candidate: &Candidate,
        subject: &Subject,
        known: Option<ReportEntry>,
    ) -> Result<ReportEntry, StoreError> {
        let (read, sha256) = (&subject.read, &subject.sha256);
        let address = candidate.url.to_string();
        let page = self.store(move |store| store.page(&address)).await?.unwrap_or_default();
        let report = read.report.as_ref();
        let year = candidate.year.unwrap_or_default();
        let shown = report.and_then(|report| Some((report.published?, report.published_source.unwrap_or(DateSource::Page))));
        let (published, source) = match shown.or(candidate.entry.date.map(|date| (date, DateSource::List))) {
            // A page's date from long before the year ended is a leftover of its template.
            Some((date, source)) if date.year() > year => (Some(date), Some(source.word().to_owned())),
            _ => (None, None),
        };
        let title = report.map(|report| report.title.clone()).filter(|title| !title.is_empty());
        let id = format!("{}/{year}", candidate.agency);
        Ok(ReportEntry {
            signatures: self.remember_texts(&id, read),
            id,
            agency: candidate.agency.clone(),
            agency_name: candidate.name.clone(),
            assigned: candidate.assigned,
            year,
            title: title.unwrap_or_else(|| candidate.entry.title.clone()),
            url: candidate.entry.url.clone(),
            portal: visit.portal.id.clone(),
            standard: report.map_or_else(|| "unknown".to_owned(), |report| report.standard.clone()),
            published,
            published_source: source,
            first_seen: known.as_ref().map_or_else(|| page.first_seen.unwrap_or(self.now()), |known| known.first_seen),
            last_seen: self.now(),
            snapshot: Some(sha256.clone()),
            figures: report.map_or(0, |report| report.figures.len() as u64),
            outcome: read.outcome,
            rules: self.judge.rules.fingerprint.clone(),
            inconclusive: Vec::new(),
            extent: Extent::default(),
            problems: read.problems.clone(),
            attachment: subject.document.clone(),
            edit: known.as_ref().and_then(|known| known.edit.clone()),
            copy: known.as_ref().and_then(|known| known.copy.clone()),
            column: visit.misplaced(&candidate.entry.url, year, known.as_ref().and_then(|known| known.column.as_ref())),
        })
    }
}
