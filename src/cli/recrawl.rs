//! `nianjian recrawl`: asks the running daemon, through its API, to look again now.

use super::check::FailOn;
use super::shell::runtime;
use super::{ConfigArguments, Ended, Output, Shell};
use crate::fetch::ApiClient;
use crate::model::Severity;
use serde_json::{Value, json};
use std::time::Duration;

/// What to look at again.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 门户编号、机关（编号或名称）、或网址 / a portal's id, an agency, or an address
    target: String,
    /// 等到巡查结束 / waits for the run to end
    #[arg(long)]
    wait: bool,
    /// 达到此严重程度即以 1 退出 / exit with 1 at or above this severity
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    #[command(flatten)]
    config: ConfigArguments,
}

/// How often the run is asked after.
const POLL: Duration = Duration::from_millis(300);

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    runtime()?.block_on(async {
        let api = shell.api(&config)?;
        let body = json!({ kind(&arguments.target): arguments.target });
        let (status, run) = api.post("/api/v1/crawls", &body).await?;
        match status {
            200 | 202 => follow(&api, run, arguments, shell).await,
            404 => {
                shell.complain(&format!(
                    "{}{}",
                    shell.say("没有这个门户、机关或网址：", "no such portal, agency or address: "),
                    arguments.target
                ));
                Ok(Ended::Usage)
            }
            other => {
                let detail = run["detail"].as_str().or(run["title"].as_str()).unwrap_or_default();
                shell.complain(&format!("{}{other} {detail}", shell.say("守护进程没有接受：", "the daemon refused: ")));
                Ok(Ended::Incomplete)
            }
        }
    })
}

/// Which key of the API's body a word goes under; the daemon takes the word for what it is.
fn kind(word: &str) -> &'static str {
    if word.starts_with("http://") || word.starts_with("https://") {
        "url"
    } else if word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        "portal"
    } else {
        "agency"
    }
}

async fn follow(api: &ApiClient, mut run: Value, arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let id = run["id"].as_str().unwrap_or_default().to_owned();
    if arguments.wait {
        while matches!(run["state"].as_str(), Some("queued" | "running")) {
            tokio::time::sleep(POLL).await;
            (_, run) = api.get(&format!("/api/v1/runs/{id}")).await?;
        }
    }
    let state = run["state"].as_str().unwrap_or_default();
    let mut output = Output::new();
    output.line(&format!("{id} {}", crate::words::run_state(state, shell.lang)));
    for problem in run["problems"].as_array().into_iter().flatten() {
        output.line(&format!(
            "  [{}] {}",
            problem["code"].as_str().unwrap_or_default(),
            problem["message"].as_str().unwrap_or_default()
        ));
    }
    output.finish()?;
    match state {
        "complete" if found(api, arguments.fail_on, &run).await? => Ok(Ended::Findings),
        "complete" | "queued" | "running" => Ok(Ended::Done),
        _ => Ok(Ended::Incomplete),
    }
}

/// Whether findings at or above the given severity stand on the run's portal.
async fn found(api: &ApiClient, fail_on: FailOn, run: &Value) -> anyhow::Result<bool> {
    let portal = run["portal"].as_str().or(run["target"].as_str()).unwrap_or_default().to_owned();
    for severity in Severity::ALL.into_iter().filter(|severity| fail_on.reached(*severity)) {
        let (_, page) =
            api.get(&format!("/api/v1/findings?severity={}&state=standing&portal={portal}&limit=1", severity.word())).await?;
        if page["items"].as_array().is_some_and(|items| !items.is_empty()) {
            return Ok(true);
        }
    }
    Ok(false)
}
