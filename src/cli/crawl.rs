//! `nianjian crawl`: one pass now, without a daemon.

use super::check::FailOn;
use super::shell::runtime;
use super::{ConfigArguments, Ended, Output, Shell};
use crate::daemon::{queue, target};
use crate::model::{Cause, Run, RunState};
use crate::pipeline::{Pipeline, Progress};
use crate::store::Store;
use crate::words;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};

/// Which portals to visit now.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 门户编号；不写则全部 / ids of portals; all of them where none is named
    portals: Vec<String>,
    /// 巡查后组成并发送摘要 / composes and sends the digests afterwards
    #[arg(long)]
    digest: bool,
    /// 达到此严重程度即以 1 退出 / exit with 1 at or above this severity
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    let pipeline = shell.pipeline(&config, bars())?;
    let portals: Vec<String> = match arguments.portals.as_slice() {
        [] => pipeline.settings.portals.iter().map(|portal| portal.id.clone()).collect(),
        named => named.to_vec(),
    };
    if let Some(unknown) = portals.iter().find(|id| pipeline.portal(id).is_none()) {
        shell.complain(&format!("{}{unknown}", shell.say("配置里没有这个门户：", "no such portal in the configuration: ")));
        return Ok(Ended::Usage);
    }
    if portals.is_empty() {
        shell.complain(shell.say("还没有配置门户，没有可巡查的", "no portal is configured: there is nothing to visit"));
        return Ok(Ended::Done);
    }
    let runs = runtime()?.block_on(async {
        let runs = visit_all(&pipeline, &portals).await?;
        if arguments.digest {
            let receivers = pipeline.settings.receivers.clone();
            pipeline.tell(&receivers, false).await?;
        }
        anyhow::Ok(runs)
    })?;
    let mut output = Output::new();
    for run in &runs {
        output.line(&line(run, shell));
    }
    output.finish()?;
    Ok(ended(&pipeline, &runs, arguments.fail_on)?)
}

/// Visits portals side by side; a panic in one is its own.
pub(super) async fn visit_all(pipeline: &Pipeline, portals: &[String]) -> anyhow::Result<Vec<Run>> {
    let open = pipeline.store(Store::open_runs).await?;
    let mut tasks = Vec::new();
    for portal in portals {
        let Some((target, id)) = target(pipeline, portal) else { continue };
        // A pass that was cut short is taken up again under its own id.
        let run = match open.iter().find(|run| run.target == target) {
            Some(run) => Run { problems: Vec::new(), hosts: Vec::new(), tally: crate::model::Tally::default(), ..run.clone() },
            None => queue(pipeline, Cause::Demand, target, id).await?,
        };
        let pipeline = pipeline.clone();
        tasks.push(tokio::spawn(async move { pipeline.visit(run).await }));
    }
    let mut runs = Vec::new();
    for task in tasks {
        runs.push(task.await??);
    }
    Ok(runs)
}

/// How the command ends: what could not be looked at first, then what stands against agencies.
fn ended(pipeline: &Pipeline, runs: &[Run], fail_on: FailOn) -> Result<Ended, crate::store::StoreError> {
    let whole = runs.iter().all(|run| run.state == RunState::Complete);
    let standing = pipeline.store.standing()?;
    let found = if standing.iter().any(|(severity, count)| *count > 0 && fail_on.reached(*severity)) {
        Ended::Findings
    } else {
        Ended::Done
    };
    Ok(if whole { found } else { Ended::Incomplete })
}

/// A run as one line, with its problems below.
pub(super) fn line(run: &Run, shell: &Shell) -> String {
    let tally = &run.tally;
    let state = words::run_state(run.state.word(), shell.lang);
    let mut text = if shell.lang.is_english() {
        format!(
            "{} {}: {state}; {} listed, {} requests, {} unchanged, {} kept, {} read",
            run.id, run.portal, tally.listed, tally.fetched, tally.unchanged, tally.kept, tally.read
        )
    } else {
        format!(
            "{} {}：{state}；列表 {} 条，请求 {} 次，未变 {}，新保存 {}，读取年报 {}",
            run.id, run.portal, tally.listed, tally.fetched, tally.unchanged, tally.kept, tally.read
        )
    };
    for problem in &run.problems {
        text.push_str(&format!(
            "\n  {}[{}] {}",
            shell.say("故障", "problem"),
            problem.code,
            crate::words::problem(&problem.code, &problem.message, shell.lang)
        ));
    }
    text
}

/// A bar for each run, on a terminal.
pub(super) fn bars() -> Progress {
    if !std::io::stderr().is_terminal() {
        return Arc::new(|_| {});
    }
    let (all, bars) = (MultiProgress::new(), Mutex::new(HashMap::<String, ProgressBar>::new()));
    Arc::new(move |run| {
        let mut bars = bars.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bars.entry(run.id.clone()).or_insert_with(|| {
            let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            all.add(ProgressBar::new(0).with_style(style).with_prefix(run.portal.clone()))
        });
        bar.set_length(run.tally.listed.max(run.tally.fetched));
        bar.set_position(run.tally.fetched);
        bar.set_message(format!("{} 读取", run.tally.read));
        if run.state.ended() {
            bar.finish_and_clear();
        }
    })
}
