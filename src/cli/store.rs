//! `nianjian verify` and `rebuild-index`: the store, re-read and mended.

use super::{ConfigArguments, Ended, Output, Shell};
use crate::store::{Options, Store};

/// How much to verify.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArguments {
    /// 只抽查第 n/t 份 / only the n-th of t parts of the bodies
    #[arg(long, value_name = "N/T", value_parser = sample)]
    sample: Option<(u64, u64)>,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Which store to mend.
#[derive(Debug, clap::Args)]
pub(super) struct RebuildArguments {
    #[command(flatten)]
    config: ConfigArguments,
}

fn sample(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(n, t)| Some((n.parse().ok()?, t.parse().ok()?)));
    parts.filter(|(n, t): &(u64, u64)| *n >= 1 && n <= t).ok_or_else(|| "n/t, 1 ≤ n ≤ t".to_owned())
}

/// Re-reads the store: hashes, chain, index against journal.
pub(super) fn verify(arguments: &VerifyArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    let report = Store::verify_folder(&config.service.data, &Options::default(), arguments.sample)?;
    let mut output = Output::new();
    for fault in &report.damage {
        output.line(fault.message().text(shell.lang.is_english()));
    }
    let checked = format!(
        "{} {} / {}",
        shell.say("已检验：日志条目与正文", "verified: journal entries and bodies"),
        report.entries,
        report.bodies_read
    );
    output.line(&checked);
    output.finish()?;
    Ok(if report.damage.is_empty() { Ended::Done } else { Ended::Incomplete })
}

/// Throws the index away and builds it from the journal.
pub(super) fn rebuild(arguments: &RebuildArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    Store::rebuild_index(&config.service.data)?;
    Output::write(format!("{}\n", shell.say("索引已由日志重建", "the index was rebuilt from the journal")).as_bytes())?;
    Ok(Ended::Done)
}
