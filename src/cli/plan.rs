//! `nianjian plan`: every next visit, and why it is when it is.

use super::shell::{runtime, unwatched};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::daemon::plan;
use crate::pipeline::timetables;
use crate::words;

/// What to show of the plan.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 显示计划（缺省行为） / shows the plan, which is what it does anyway
    #[arg(long)]
    show: bool,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    let pipeline = shell.pipeline(&config, unwatched())?;
    let visits = runtime()?.block_on(plan(&pipeline, &timetables(&config), shell.now()))?;
    let mut output = Output::new();
    for visit in visits {
        let at = visit.at.with_timezone(&config.service.timezone).format("%Y-%m-%d %H:%M:%S");
        let cause = words::cause(visit.cause.word(), shell.lang);
        output.line(&format!("{at}  {}  {cause}  {}", visit.portal, visit.why.text(shell.lang.is_english())));
    }
    output.finish()?;
    Ok(Ended::Done)
}
