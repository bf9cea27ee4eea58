//! THE main path: a visit to a portal, from its lists to the ledger. Readable in one sitting.
//!
//! A visit walks the portal's lists (`lists`), fetches what they offer (`fetching`), keeps every page
//! before anything is judged, reads and checks what is new (`reports`), weighs what each agency owes
//! (`standing`), and brings the ledger up to date. Digests follow in `telling`. Scheduled and ad-hoc
//! visits take the same path.
//!
//! The order of writing makes a crash harmless: bodies first, then findings, then the report entry
//! that says "judged under this rule set". A visit that was cut short is made again, and finds what
//! was not yet judged.

mod afterwards;
mod alike;
mod attached;
mod candidates;
pub mod check_json;
mod desk;
mod doubts;
mod fetching;
mod judge;
mod lists;
mod naming;
mod neighbours;
pub mod probe;
pub mod probe_json;
mod recent;
mod rendering;
pub mod replay;
mod reports;
mod setup;
mod standing;
mod steps;
mod telling;
mod weighing;

pub use alike::Alike;
pub(crate) use desk::{at_desk, blocking};
pub use doubts::{Deciding, DoubtState};
pub use judge::Judge;
pub use setup::{SetupError, check_parts, manners, profiles, roster, rule_files, rule_set, timetables};
pub use standing::Weighing;
pub use steps::{StepError, Taking};
pub use telling::Receiver;

use crate::fetch::{Clock, Fetcher};
use crate::metrics::Metrics;
use crate::model::{
    BlockedKind, Event, Look, Placing, Portal, Problem, ReportRef, Roster, Run, RunState, Severity, Sha256Hex, Target, Time, Year,
};
use crate::rules::Profile;
use crate::store::{Store, StoreError};
use fetching::Got;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What a visit needs to know besides the portal: the office's settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of the office or area, for digests.
    pub title: String,
    pub timezone: chrono_tz::Tz,
    /// First report year whose absence is a finding.
    pub since: Option<Year>,
    /// No sooner is a second look a confirmation.
    pub confirm_after: std::time::Duration,
    pub portals: Vec<Portal>,
    pub receivers: Vec<Receiver>,
}

/// Told after every step of a visit, for progress bars and events.
pub type Progress = Arc<dyn Fn(&Run) + Send + Sync>;

/// Everything a visit works with. Cheap to clone; a reload makes a new one over the same store.
#[derive(Clone)]
pub struct Pipeline {
    pub store: Store,
    pub fetcher: Fetcher,
    pub judge: Arc<Judge>,
    pub profiles: Arc<Vec<Profile>>,
    pub roster: Arc<Roster>,
    pub settings: Arc<Settings>,
    pub metrics: Metrics,
    pub clock: Clock,
    pub progress: Progress,
    /// The reports' texts by their signatures, for all visits together.
    pub alike: Arc<Alike>,
    /// What visits that end together share.
    pub weighing: Arc<Weighing>,
}

/// A visit while it is under way.
struct Visit {
    run: Run,
    portal: Portal,
    /// Something could not be looked at: then the visit is no evidence of absence.
    partial: bool,
    blocked: Option<BlockedKind>,
    /// Whether any list page was read.
    looked: bool,
    entries: Vec<ReportRef>,
    pages: Vec<Sha256Hex>,
    /// List pages as they came, by address: one that is itself a report is not asked for once more.
    taken: HashMap<String, Got>,
    /// What people decided of addresses of the portal.
    decided: HashMap<String, Placing>,
    /// Addresses of reports that stand in another column than that of annual reports, with its name.
    misplaced: BTreeMap<String, String>,
    /// By address of a report, the counties, towns and agencies whose columns it stands in: `Listing::areas`.
    areas: HashMap<String, String>,
    /// Reports that depend on what was read, to be looked at again.
    again: BTreeSet<String>,
}

impl Visit {
    fn problem(&mut self, problem: Problem) {
        tracing::warn!(run.id = %self.run.id, portal.id = %self.portal.id, problem.code = %problem.code, "a problem in the visit");
        if !self.run.problems.contains(&problem) && self.run.problems.len() < 100 {
            self.run.problems.push(problem);
        }
    }
}

impl Pipeline {
    /// The instant that this step of the visit happens at.
    pub fn now(&self) -> Time {
        (self.clock)()
    }

    /// The portal with this id.
    pub fn portal(&self, id: &str) -> Option<&Portal> {
        self.settings.portals.iter().find(|portal| portal.id == id)
    }

    /// Makes a visit: the whole main path but for the digest. Answers with the run as it ended.
    ///
    /// # Errors
    /// Where the store cannot be written; the run then stays open and is made again.
    pub async fn visit(&self, mut run: Run) -> Result<Run, StoreError> {
        let Some(portal) = self.portal(&run.portal).cloned() else {
            run.problems.push(Problem::new("no-such-portal", "配置里已没有这个门户"));
            return self.end(run, RunState::Failed).await;
        };
        run.state = RunState::Running;
        run.started = run.started.or(Some(self.now()));
        self.note_judge().await?;
        self.record(Event::Run { run: run.clone() }).await?;
        tracing::info!(run.id = %run.id, portal.id = %portal.id, cause = run.cause.word(), "a visit begins");
        let mut visit = Visit {
            run,
            decided: self.decisions(&portal.id).await?,
            portal,
            partial: false,
            blocked: None,
            looked: false,
            entries: Vec::new(),
            pages: Vec::new(),
            taken: HashMap::new(),
            misplaced: BTreeMap::new(),
            areas: HashMap::new(),
            again: BTreeSet::new(),
        };
        self.look(&mut visit).await?;
        self.read_reports(&mut visit).await?;
        self.weigh_standings(&visit).await?;
        let state = visit.state();
        visit.run.hosts = self.fetcher.treatments(&fetching::hosts(&visit));
        let run = self.end(visit.run, state).await?;
        self.note_blocked(&visit.portal.id, visit.blocked);
        Ok(run)
    }

    /// Walks the lists and writes down what was there: the evidence of presence and of absence.
    async fn look(&self, visit: &mut Visit) -> Result<(), StoreError> {
        for column in self.columns(visit) {
            self.walk(visit, column).await?;
        }
        let whole = matches!(visit.run.target, Target::Portal(_));
        if !visit.looked || !whole {
            return Ok(());
        }
        if !visit.partial && visit.blocked.is_none() && self.is_cut(visit).await? {
            visit.partial = true;
            let message = "列表上的年报比以往少了一半以上，可能没有显示完整，一周之内不据此判断未发布；请人工查看";
            visit.problem(Problem::new("list-shrunk", message));
        }
        let look = Look {
            portal: visit.portal.id.clone(),
            run: visit.run.id.clone(),
            at: self.now(),
            complete: !visit.partial && visit.blocked.is_none(),
            entries: visit.entries.clone(),
            pages: visit.pages.clone(),
        };
        self.record(Event::Looked { look }).await
    }

    async fn end(&self, mut run: Run, state: RunState) -> Result<Run, StoreError> {
        run.state = state;
        run.ended = Some(self.now());
        self.record(Event::Run { run: run.clone() }).await?;
        self.metrics.runs.with_label_values(&[run.cause.word(), state.word()]).inc();
        if state == RunState::Complete {
            self.metrics.portal_last_success.with_label_values(&[&run.portal]).set(self.now().timestamp() as f64);
        }
        (self.progress)(&run);
        tracing::info!(run.id = %run.id, portal.id = %run.portal, state = state.word(), read = run.tally.read, "a visit ended");
        Ok(run)
    }

    fn note_blocked(&self, portal: &str, blocked: Option<BlockedKind>) {
        let kinds = [
            BlockedKind::Jsl,
            BlockedKind::Acw,
            BlockedKind::River,
            BlockedKind::Captcha,
            BlockedKind::Forbidden,
            BlockedKind::Rate,
            BlockedKind::Login,
            BlockedKind::Robots,
            BlockedKind::Other,
        ];
        for kind in kinds {
            let gauge = self.metrics.portal_blocked.with_label_values(&[portal, kind.word()]);
            gauge.set(i64::from(blocked == Some(kind)));
        }
    }

    /// Gauges that show how the store stands: set when somebody reads them, because they cost a walk over all of it.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn refresh_metrics(&self) -> Result<(), StoreError> {
        let standing = self.store(Store::standing).await?;
        for severity in Severity::ALL {
            let open = standing.get(&severity).copied().unwrap_or_default();
            self.metrics.findings_open.with_label_values(&[severity.word()]).set(open as i64);
        }
        let stats = self.store(Store::stats).await?;
        self.metrics.snapshots.set(stats.snapshots as i64);
        self.metrics.store_bytes.set(stats.bytes as i64);
        self.metrics.journal_entries.set(stats.entries as i64);
        self.metrics.disk_reserve_reached.set(i64::from(self.store.disk_low()));
        self.metrics.outbox_pending.set(self.store(Store::outbox).await?.iter().map(|(_, channels)| channels.len() as i64).sum());
        self.note_agencies().await
    }

    /// Runs a question or a write on the store off the async threads.
    pub async fn store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        match tokio::task::spawn_blocking(move || work(&store)).await {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    /// Writes one event to the journal.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn record(&self, event: Event) -> Result<(), StoreError> {
        self.store(move |store| store.record(event)).await.map(drop)
    }
}

impl Visit {
    fn state(&self) -> RunState {
        match (self.blocked, self.looked || !matches!(self.run.target, Target::Portal(_)), self.partial) {
            (Some(_), _, _) => RunState::Blocked,
            (None, false, _) => RunState::Failed,
            (None, true, true) => RunState::Partial,
            (None, true, false) => RunState::Complete,
        }
    }
}
