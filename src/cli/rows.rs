//! Where lists come from: the store, or, while a daemon has it open, that daemon's API. Either way the rows are
//! the JSON objects of `http::objects`, so that nobody can tell the difference.

use super::shell::{runtime, unwatched};
use super::{Ended, Shell};
use crate::config::Config;
use crate::daemon::plan;
use crate::fetch::ApiClient;
use crate::http::objects::{self, Against};
use crate::http::{Filter, select};
use crate::model::Message;
use crate::pipeline::{Pipeline, timetables};
use crate::store::StoreError;
use serde_json::Value;
use tokio::runtime::Runtime;

/// The lists there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Agencies,
    Reports,
    Findings,
    Runs,
    Doubts,
    Portals,
}

impl List {
    fn path(self) -> &'static str {
        match self {
            List::Agencies => "/api/v1/agencies",
            List::Reports => "/api/v1/reports",
            List::Findings => "/api/v1/findings",
            List::Runs => "/api/v1/runs",
            List::Doubts => "/api/v1/doubts",
            List::Portals => "/api/v1/portals",
        }
    }
}

/// What a list is narrowed to, as it was written.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Narrowing {
    /// 门户编号 / id of a portal
    #[arg(long, value_name = "ID")]
    pub(super) portal: Option<String>,
    /// 报告年度 / report year
    #[arg(long, value_name = "YYYY")]
    pub(super) year: Option<String>,
    /// 规则，或一类规则，如 balance / a rule, or a family of rules
    #[arg(long, value_name = "RULE")]
    pub(super) rule: Option<String>,
    /// 严重程度，可用逗号写多个:error、warn、info / severities, several by commas
    #[arg(long, value_name = "SEVERITY")]
    pub(super) severity: Option<String>,
    /// 状态，可用逗号写多个;standing 是所有未了结的 / states, several by commas; standing: all that are not settled
    #[arg(long, value_name = "STATE")]
    pub(super) state: Option<String>,
    /// An agency's id, name or alias; which commands take it, and how, is their own affair.
    #[arg(skip)]
    pub(super) agency: Option<String>,
}

impl Narrowing {
    fn words(&self) -> [Option<&str>; 6] {
        [&self.portal, &self.agency, &self.year, &self.rule, &self.severity, &self.state].map(Option::as_deref)
    }

    /// What the lists understand of it.
    ///
    /// # Errors
    /// [`Misused`] about a word that is none.
    pub(super) fn filter(&self) -> Result<Filter, Misused> {
        Filter::parse(self.words()).map_err(Misused)
    }

    /// The same as the query of an address.
    fn query(&self, english: bool) -> String {
        let names = ["portal", "agency", "year", "rule", "severity", "state"];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, word) in names.into_iter().zip(self.words()) {
            query.extend_pairs(word.map(|word| (name, word)));
        }
        query.append_pair("limit", "1000").append_pair("lang", if english { "en" } else { "zh" }).finish()
    }
}

/// A word on the command line that means nothing here: the command ends with 64.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.en)]
pub(super) struct Misused(pub(super) Message);

/// Something that was asked for could not be done; where a daemon has the store and did not answer, the message
/// names it. The command ends with 2.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.en)]
pub(super) struct Undone(pub(super) Message);

/// The store, or the daemon that has it.
pub(super) struct Office {
    runtime: Runtime,
    source: Source,
    config: Config,
}

enum Source {
    Store(Box<Pipeline>),
    Daemon { api: ApiClient, in_use: StoreError },
}

impl Office {
    /// Opens the store; where it is in use, turns to the daemon.
    ///
    /// # Errors
    /// Mistakes in the configuration, or a store that cannot be opened.
    pub(super) fn open(config: Config, shell: &Shell) -> anyhow::Result<Office> {
        let source = match shell.pipeline(&config, unwatched()) {
            Ok(pipeline) => Source::Store(Box::new(pipeline)),
            Err(error) => match error.downcast_ref::<StoreError>() {
                Some(in_use @ StoreError::InUse { .. }) => Source::Daemon { api: shell.api(&config)?, in_use: in_use.clone() },
                _ => return Err(error),
            },
        };
        Ok(Office { runtime: runtime()?, source, config })
    }

    /// The pipeline over the store, for what no daemon answers, and the runtime to use it in.
    ///
    /// # Errors
    /// `InUse` where a daemon has the store.
    pub(super) fn pipeline(&self) -> anyhow::Result<(&Pipeline, &Runtime)> {
        match &self.source {
            Source::Store(pipeline) => Ok((pipeline, &self.runtime)),
            Source::Daemon { in_use, .. } => Err(in_use.clone().into()),
        }
    }

    /// Every object of a list that is wanted.
    ///
    /// # Errors
    /// [`Misused`], [`Undone`], or a store that cannot be read.
    pub(super) fn rows(&self, list: List, narrowing: &Narrowing, english: bool) -> anyhow::Result<Vec<Value>> {
        let filter = narrowing.filter()?;
        self.runtime.block_on(async {
            match &self.source {
                Source::Store(pipeline) => Ok(stored(pipeline, &self.config, list, filter, english).await?),
                Source::Daemon { api, in_use } => Ok(told(api, in_use, list, &narrowing.query(english)).await?),
            }
        })
    }

    /// Posts to the daemon, where it has the store; `None` where the store is ours.
    ///
    /// # Errors
    /// [`Undone`].
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Option<(u16, Value)>, Undone> {
        match &self.source {
            Source::Store(_) => Ok(None),
            Source::Daemon { api, in_use } => {
                let posted = self.runtime.block_on(api.post(path, body));
                posted.map(Some).map_err(|_| unanswered(in_use, api))
            }
        }
    }
}

async fn stored(
    pipeline: &Pipeline,
    config: &Config,
    list: List,
    filter: Filter,
    english: bool,
) -> Result<Vec<Value>, StoreError> {
    Ok(match list {
        List::Agencies => {
            let (agencies, standings) = select::agencies(pipeline, filter).await?;
            agencies.iter().map(|(_, agency)| objects::agency(agency, &standings)).collect()
        }
        List::Reports => {
            let (reports, findings) = select::reports(pipeline, filter).await?;
            let against = Against::of(&findings);
            reports.iter().map(|report| objects::report(report, &against)).collect()
        }
        List::Findings => {
            select::findings(pipeline, filter).await?.iter().map(|finding| objects::finding(finding, english)).collect()
        }
        List::Runs => select::runs(pipeline, &filter).await?.iter().map(objects::run).collect(),
        List::Doubts => {
            select::doubts(pipeline, &filter).await?.iter().map(|(doubt, state)| objects::doubt(doubt, *state)).collect()
        }
        List::Portals => {
            let plan = plan(pipeline, &timetables(config), pipeline.now()).await?;
            let next = |id: &str| plan.iter().find(|visit| visit.portal == id);
            let portals = select::portals(pipeline, &filter).await?;
            portals.iter().map(|(portal, last)| objects::portal(portal, last.as_ref(), next(&portal.id), english)).collect()
        }
    })
}

/// A list as the daemon tells it, page after page.
async fn told(api: &ApiClient, in_use: &StoreError, list: List, query: &str) -> Result<Vec<Value>, Undone> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}?{query}{cursor}", list.path());
        let (status, page) = api.get(&path).await.map_err(|_| unanswered(in_use, api))?;
        let Value::Array(items) = &page["items"] else { return Err(refused(status, &page)) };
        rows.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(rows),
        }
    }
}

/// The daemon answered, and did not do what it was asked for: why, in its own words.
pub(super) fn refused(status: u16, problem: &Value) -> Undone {
    let words = problem["detail"].as_str().or(problem["title"].as_str()).unwrap_or_default();
    let token = if matches!(status, 401 | 403) { " (NIANJIAN_TOKEN)" } else { "" };
    let why = format!("{status} {words}{token}");
    Undone(Message {
        zh: format!("守护进程（nianjian serve）没有接受：{why}"),
        en: format!("the daemon (nianjian serve) refused: {why}"),
    })
}

/// A store in use, and nobody at the address of the API.
fn unanswered(in_use: &StoreError, api: &ApiClient) -> Undone {
    let zh = format!("{} 没有应答，可用 NIANJIAN_API 指定地址", api.base());
    silent(in_use, Message { zh, en: format!("{} does not answer; NIANJIAN_API can name another address", api.base()) })
}

/// A store in use, and a daemon that did not answer for it.
fn silent(in_use: &StoreError, why: Message) -> Undone {
    let Message { zh, en } = in_use.message();
    Undone(Message { zh: format!("{zh}（{}）", why.zh), en: format!("{en} ({})", why.en) })
}

/// How a command ended by an error of this file, told on standard error; `None` for any other error.
pub(super) fn ended(error: &anyhow::Error, shell: &Shell) -> Option<Ended> {
    let (message, ended) = match (error.downcast_ref::<Misused>(), error.downcast_ref::<Undone>()) {
        (Some(Misused(message)), _) => (message, Ended::Usage),
        (_, Some(Undone(message))) => (message, Ended::Incomplete),
        _ => return None,
    };
    shell.complain(message.text(shell.lang.is_english()));
    Some(ended)
}
