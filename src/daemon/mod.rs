//! The daemon: start, loop, reload, stop.
//!
//! The loop asks the schedule what is due, starts visits (one a portal at a time), composes digests
//! when receivers' timetables say so, and sends the outbox again. It is woken by requests from people,
//! by visits that end, and by time. A visit that panics is a failed run and touches no other portal.

mod asking;

pub use asking::{fixed_clock, plan, queue, target};

use crate::config::Config;
use crate::model::{Cause, Event, Portal, Problem, Run, RunState, Tally, Time};
use crate::pipeline::{Pipeline, SetupError, timetables};
use crate::rules::Complaint;
use crate::schedule::{self, Timetable};
use crate::store::{Store, StoreError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long scheduled visits are spread after their time.
const SPREAD: Duration = Duration::from_secs(300);
/// The longest the loop sleeps: clocks are set, and channels come back.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// How long visits under way may go on after a stop was asked for.
const GRACE: Duration = Duration::from_secs(5);
/// How many runs may wait for one portal.
const MOST_WAITING: usize = 100;

/// Reads the configuration anew, for a start and for each reload.
pub type Load = Box<dyn Fn() -> Result<Config, Vec<Complaint>> + Send + Sync>;

/// What the parts of the running daemon share: the API and the page talk to it.
pub struct Office {
    current: RwLock<Current>,
    /// What was wrong with the last reload, for the page.
    complaints: Mutex<Vec<Complaint>>,
    /// Asked for by people, one at a time, so that ids and duplicates are told for certain.
    asking: tokio::sync::Mutex<()>,
    wake: Notify,
    pub started: Time,
}

#[derive(Clone)]
struct Current {
    pipeline: Pipeline,
    config: Arc<Config>,
    timetables: Arc<Vec<(Portal, Timetable)>>,
}

/// A run that was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub run: Run,
    /// False where the same target was queued or running already.
    pub new: bool,
}

/// Why a run could not be asked for.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("no portal, agency or address of a portal is called that")]
    Unknown,
    #[error("too many runs are waiting for this portal")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Office {
    /// An office over a pipeline.
    pub fn new(pipeline: Pipeline, config: Config) -> Arc<Office> {
        let started = pipeline.now();
        let timetables = Arc::new(timetables(&config));
        Arc::new(Office {
            current: RwLock::new(Current { pipeline, config: Arc::new(config), timetables }),
            complaints: Mutex::new(Vec::new()),
            asking: tokio::sync::Mutex::new(()),
            wake: Notify::new(),
            started,
        })
    }

    fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The pipeline as now configured.
    pub fn pipeline(&self) -> Pipeline {
        self.current().pipeline
    }

    /// The configuration now in force.
    pub fn config(&self) -> Arc<Config> {
        self.current().config
    }

    /// What was wrong with the last reload; empty where it was taken.
    pub fn complaints(&self) -> Vec<Complaint> {
        self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for a visit now: written down before it is answered. The same target waiting or under way
    /// is not asked for twice.
    ///
    /// # Errors
    /// An unknown target, too many waiting, or a store that cannot be written.
    pub async fn ask(&self, word: &str) -> Result<Asked, AskError> {
        let pipeline = self.pipeline();
        let (target, portal) = target(&pipeline, word).ok_or(AskError::Unknown)?;
        let _one_at_a_time = self.asking.lock().await;
        let open = pipeline.store(Store::open_runs).await?;
        if let Some(run) = open.iter().find(|run| run.target == target) {
            return Ok(Asked { run: run.clone(), new: false });
        }
        if open.iter().filter(|run| run.portal == portal).count() >= MOST_WAITING {
            return Err(AskError::TooMany);
        }
        let run = queue(&pipeline, Cause::Demand, target, portal).await?;
        self.wake.notify_one();
        Ok(Asked { run, new: true })
    }

    /// Takes a new configuration whole, or keeps the old one and remembers why.
    pub fn reload(&self, load: &Load) {
        let current = self.current();
        let renewed = load().and_then(|config| {
            let stuck = current.config.needs_restart(&config);
            if !stuck.is_empty() {
                let what = format!("{} changed, which needs a restart", stuck.join(", "));
                return Err(vec![Complaint::at("config.toml", "", None, what).help("restart the daemon")]);
            }
            let pipeline = current.pipeline.renewed(&config).map_err(|error| match error {
                SetupError::Complaints(complaints) => complaints,
                other => vec![Complaint::at("config.toml", "", None, other.to_string())],
            })?;
            Ok(Current { pipeline, timetables: Arc::new(timetables(&config)), config: Arc::new(config) })
        });
        let gauge = &current.pipeline.metrics.rules_reload_success;
        let complaints = match renewed {
            Ok(renewed) => {
                tracing::info!("rules and configuration were reloaded");
                gauge.set(1);
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewed;
                Vec::new()
            }
            Err(complaints) => {
                gauge.set(0);
                for complaint in &complaints {
                    tracing::error!("the reload was refused, the old configuration stays: {complaint}");
                }
                complaints
            }
        };
        *self.complaints.lock().unwrap_or_else(PoisonError::into_inner) = complaints;
        self.wake.notify_one();
    }

    /// Runs until a stop is asked for; then lets visits under way end for a few seconds.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    pub async fn run(self: &Arc<Self>, stop: CancellationToken) -> Result<(), StoreError> {
        self.take_up_interrupted().await?;
        let mut visits: JoinSet<()> = JoinSet::new();
        let mut bell = Bell::default();
        while !stop.is_cancelled() {
            let sleep = match self.turn(&mut visits, &mut bell).await {
                Ok(sleep) => sleep,
                // A full disk may be cleared by somebody while we go on answering.
                Err(error) if error.is_transient() => {
                    tracing::error!("the store cannot be written now, trying again in a minute: {error}");
                    LONGEST_SLEEP
                }
                Err(error) => return Err(error),
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                _ = visits.join_next(), if !visits.is_empty() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
        tracing::info!(visits = visits.len(), "stopping");
        let drained = tokio::time::timeout(GRACE, async { while visits.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            // What was cut short is written down as running, and is taken up at the next start.
            visits.shutdown().await;
        }
        Ok(())
    }

    /// One turn of the loop; answers how long to sleep.
    async fn turn(self: &Arc<Self>, visits: &mut JoinSet<()>, bell: &mut Bell) -> Result<Duration, StoreError> {
        let current = self.current();
        let pipeline = &current.pipeline;
        let planned = self.plan().await?;
        // The clock is read after the plan was made: what the plan calls due now must not lie ahead.
        let now = pipeline.now();
        let mut sleep = LONGEST_SLEEP;
        for visit in planned {
            pipeline.metrics.next_run.with_label_values(&[&visit.portal]).set(visit.at.timestamp() as f64);
            match (visit.at - now).to_std() {
                Ok(wait) if !wait.is_zero() => sleep = sleep.min(wait),
                _ => self.start(visit, visits).await?,
            }
        }
        sleep = sleep.min(self.ring(&current, bell, now).await?);
        Ok(sleep.max(Duration::from_millis(20)))
    }

    /// Every next visit and why it is when it is.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn plan(&self) -> Result<Vec<schedule::Visit>, StoreError> {
        let current = self.current();
        plan(&current.pipeline, &current.timetables, self.started).await
    }

    /// Starts a visit as a task of its own; what panics in it ends there.
    async fn start(self: &Arc<Self>, visit: schedule::Visit, visits: &mut JoinSet<()>) -> Result<(), StoreError> {
        let pipeline = self.pipeline();
        let mut run = match &visit.run {
            Some(id) => {
                let id = id.clone();
                let Some(run) = pipeline.store(move |store| store.run(&id)).await? else { return Ok(()) };
                run
            }
            None => queue(&pipeline, visit.cause, visit.target, visit.portal).await?,
        };
        run.state = RunState::Running;
        // Written down now: a visit that fails before it does anything has begun all the same.
        run.started = Some(pipeline.now());
        pipeline.record(Event::Run { run: run.clone() }).await?;
        let office = Arc::clone(self);
        visits.spawn(async move {
            let visited = tokio::spawn({
                let (pipeline, run) = (pipeline.clone(), run.clone());
                async move { pipeline.visit(run).await }
            });
            match visited.await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => office.failed(&pipeline, run, "store-failed", &error.to_string()).await,
                Err(error) if error.is_panic() => {
                    pipeline.metrics.panics.inc();
                    office.failed(&pipeline, run, "panic", "程序内部错误，本次巡查中止；请把日志发给维护者").await;
                }
                Err(_) => {}
            }
            office.wake.notify_one();
        });
        Ok(())
    }

    async fn failed(&self, pipeline: &Pipeline, mut run: Run, code: &str, why: &str) {
        pipeline.metrics.runs.with_label_values(&[run.cause.word(), RunState::Failed.word()]).inc();
        let (id, portal) = (run.id.clone(), run.portal.clone());
        run.state = RunState::Failed;
        run.ended = Some(pipeline.now());
        run.problems.push(Problem::new(code, why));
        if let Err(error) = pipeline.record(Event::Run { run }).await {
            tracing::error!("the failure could not be written down: {error}");
        }
        tracing::error!(run.id = %id, portal.id = %portal, problem.code = code, "the visit failed: {why}");
    }

    /// Runs that a stop cut short are queued again, under their own ids.
    async fn take_up_interrupted(&self) -> Result<(), StoreError> {
        let pipeline = self.pipeline();
        for mut run in pipeline.store(Store::open_runs).await? {
            if run.state == RunState::Running {
                run.state = RunState::Queued;
                run.tally = Tally::default();
                run.problems.clear();
                pipeline.record(Event::Run { run }).await?;
            }
        }
        self.remember_successes(&pipeline).await
    }

    /// Shows when each portal was last visited whole, also after a restart.
    async fn remember_successes(&self, pipeline: &Pipeline) -> Result<(), StoreError> {
        for portal in &pipeline.settings.portals {
            let id = portal.id.clone();
            let last = pipeline.store(move |store| store.last_complete_run_of(&id)).await?;
            if let Some(ended) = last.and_then(|run| run.ended) {
                pipeline.metrics.portal_last_success.with_label_values(&[&portal.id]).set(ended.timestamp() as f64);
            }
        }
        Ok(())
    }

    /// Composes the digests whose time has come, and sends the outbox again.
    async fn ring(&self, current: &Current, bell: &mut Bell, now: Time) -> Result<Duration, StoreError> {
        let mut sleep = LONGEST_SLEEP;
        for (configured, receiver) in current.config.receivers.iter().zip(&current.pipeline.settings.receivers) {
            let Ok(timetable) = Timetable::parse(&configured.schedule, current.config.service.timezone) else { continue };
            let id = receiver.id.clone();
            let last = current.pipeline.store(move |store| store.last_digest(&id)).await?.map(|digest| digest.composed);
            let rung = bell.rung.get(&receiver.id).copied().into_iter().chain(last).max().unwrap_or(self.started);
            match timetable.next_after(rung) {
                Some(due) if due <= now => {
                    bell.rung.insert(receiver.id.clone(), now);
                    current.pipeline.tell(std::slice::from_ref(receiver), false).await?;
                    sleep = Duration::ZERO;
                }
                Some(due) => sleep = sleep.min((due - now).to_std().unwrap_or_default()),
                None => {}
            }
        }
        if bell.sent.is_none_or(|sent| (now - sent).to_std().is_ok_and(|passed| passed >= LONGEST_SLEEP)) {
            bell.sent = Some(now);
            current.pipeline.deliver_outbox().await?;
        }
        Ok(sleep)
    }
}

/// When receivers were last considered, and the outbox last sent.
#[derive(Debug, Default)]
struct Bell {
    rung: HashMap<String, Time>,
    sent: Option<Time>,
}
