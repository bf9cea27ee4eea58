//! `nianjian verify`, `rebuild-index`, `backup` and `restore`: the store, re-read, mended and copied.

use super::{ConfigArguments, Ended, Output, Shell};
use crate::store::{Copied, Options, Store};
use std::path::{Path, PathBuf};

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

/// Where to copy the store to.
#[derive(Debug, clap::Args)]
pub(super) struct BackupArguments {
    /// 目标文件夹，不能已有数据 / a folder that holds no store yet
    #[arg(value_name = "DEST")]
    dest: PathBuf,
    #[command(flatten)]
    config: ConfigArguments,
}

/// Which backup to bring back.
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArguments {
    /// nianjian backup 写入的文件夹 / a folder that `nianjian backup` wrote
    #[arg(value_name = "SRC")]
    source: PathBuf,
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

/// Copies the store into another folder.
pub(super) fn backup(arguments: &BackupArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let data = shell.config(&arguments.config)?.service.data;
    if !data.is_dir() {
        // Opening would make an empty store, and its backup would look like one.
        let why = shell.say("没有这个数据目录，无可备份：", "there is no such data folder, nothing to back up: ");
        shell.complain(&format!("{why}{}", data.display()));
        return Ok(Ended::Incomplete);
    }
    let copied = Store::open(&data, &Options::default())?.backup(&arguments.dest)?;
    told(shell.say("已备份到 ", "backed up to "), &arguments.dest, &copied, shell)
}

/// Brings a backup back into the data folder, which must hold no store.
pub(super) fn restore(arguments: &RestoreArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let data = shell.config(&arguments.config)?.service.data;
    let copied = Store::restore(&arguments.source, &data)?;
    told(shell.say("已恢复到 ", "restored to "), &data, &copied, shell)
}

/// What was copied where. The chain's head is what a person can note down elsewhere.
fn told(what: &str, dest: &Path, copied: &Copied, shell: &Shell) -> anyhow::Result<Ended> {
    let (entries, head) = (shell.say("日志条目", "journal entries"), shell.say("校验根", "root"));
    let line = format!("{what}{} ({entries} {}, {head} {})\n", dest.display(), copied.entries, copied.head);
    Output::write(line.as_bytes())?;
    Ok(Ended::Done)
}
