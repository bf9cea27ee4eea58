//! The command line: one file a command, one row in the list below.
//!
//! Data goes to standard output, everything else to standard error. A command answers with how it
//! ended (`Ended`), and only `main` turns that into an exit code.

mod agencies;
mod check;
mod check_html;
mod check_sarif;
mod check_text;
mod crawl;
mod demo;
mod digest;
mod doubts;
mod evidence;
mod export;
mod finding;
mod lists;
mod manners;
mod plan;
mod probe;
mod probe_text;
mod recrawl;
mod replay;
mod rows;
mod rule_files;
pub mod rules;
mod serve;
mod shell;
mod status;
mod store;
mod table;

pub use shell::{Output, Shell};

use crate::fetch::Clock;
use crate::words::Lang;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// How a command ended; the numbers are the contract's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Done, and nothing at or above `--fail-on`.
    Done,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Something could not be read, fetched or stored.
    Incomplete,
    /// Wrong usage or configuration.
    Usage,
}

impl Ended {
    fn weight(self) -> u8 {
        match self {
            Ended::Done => 0,
            Ended::Findings => 1,
            Ended::Incomplete => 2,
            Ended::Usage => 64,
        }
    }

    /// The worse of two: what could not be done weighs more than findings.
    #[must_use]
    pub fn and(self, other: Ended) -> Ended {
        if other.weight() > self.weight() { other } else { self }
    }
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> ExitCode {
        ExitCode::from(ended.weight())
    }
}

/// 年检：盯住各级门户的政府信息公开工作年度报告，保存、读取、核对、提醒。
///
/// Watches government portals for annual reports on information disclosure: keeps, reads, checks, tells.
#[derive(Debug, Parser)]
#[command(name = "nianjian", version, propagate_version = true)]
pub struct Arguments {
    /// 语言 / language (default: by locale)
    #[arg(long, global = true, value_enum)]
    lang: Option<LangWord>,
    /// 日志级别，如 info、debug / level of the log on standard error
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum LangWord {
    Zh,
    En,
}

/// Where the configuration is, for every command that needs it.
#[derive(Debug, Clone, clap::Args)]
pub struct ConfigArguments {
    /// 配置文件 / configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", env = "NIANJIAN_CONFIG", default_value = "config.toml")]
    pub config: PathBuf,
    /// 覆盖一个配置项，如 fetch.min_delay=5s / overrides a key
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 在内置的示例门户上完整演示一遍 / the whole main job on a bundled portal
    Demo(demo::Arguments),
    /// 常驻运行：按时巡查、核对、发送摘要 / the daemon
    Serve(serve::Arguments),
    /// 现在巡查一遍，不需要守护进程 / one pass now, without a daemon
    Crawl(crawl::Arguments),
    /// 请守护进程现在再看一次 / asks the running daemon to look again now
    Recrawl(recrawl::Arguments),
    /// 读取并核对文件、文件夹、网址或标准输入 / reads and checks documents
    Check(check::Arguments),
    /// 一个网址或文件是怎样取到、认出、读成数据项的；什么也不保存 / how one address or file is understood; stores nothing
    Probe(probe::Arguments),
    /// 各机关各年度的发布情况，各门户的巡查 / how agencies stand, and when portals are visited
    Status(lists::Arguments),
    /// 问题清单 / what is wrong
    Findings(lists::Arguments),
    /// 年报清单 / the reports that were found
    Reports(lists::Arguments),
    /// 存疑页面：看不出是不是年报、是谁的、哪一年的 / pages that nobody can place
    Doubts(doubts::ListArguments),
    /// 对存疑页面作决定：认领、排除 / decides on such a page
    Doubt(doubts::Arguments),
    /// 一个机关的历年情况 / one agency over the years
    History(status::HistoryArguments),
    /// 巡查记录 / the visits
    Runs(lists::RunArguments),
    /// 现在的摘要；加 --send 才发送 / the digest as it would go out now
    Digest(digest::Arguments),
    /// 整改步骤：确认、排除、交办、反馈、重新打开 / the steps of rectification
    Finding(finding::Arguments),
    /// 导出数据项、问题、台账变动或网页存档 / figures, findings, the ledger, kept pages
    Export(export::Arguments),
    /// 规则：校验、自测、列出、解释 / the rule files
    Rules(rule_files::Arguments),
    /// 用现在的程序和规则重新核对保存的全部年报 / judges all that is kept again
    Replay(replay::Arguments),
    /// 每个门户下一次何时巡查、为什么 / every next visit and why
    Plan(plan::Arguments),
    /// 机关名录 / the roster of agencies
    Agencies(agencies::Arguments),
    /// 检验保存的数据 / re-reads the store
    Verify(store::VerifyArguments),
    /// 备份数据目录 / copies the store to another folder
    Backup(store::BackupArguments),
    /// 由备份恢复数据目录 / brings a backup back
    Restore(store::RestoreArguments),
    /// 由日志重建索引 / rebuilds the index from the journal
    RebuildIndex(store::RebuildArguments),
    /// 检查配置文件 / checks the configuration
    Config(serve::ConfigCommand),
    /// 生成命令补全脚本 / completions for a shell
    Completions { shell: clap_complete::Shell },
    /// 生成手册页 / the manual page
    Man,
}

/// Reads the command line.
///
/// # Errors
/// With 64 where it is wrong; help and version are printed and end with 0.
pub fn arguments() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        let wrong = error.use_stderr();
        // Nothing is left to do where even the terminal cannot be written to.
        drop(error.print());
        if wrong { Ended::Usage.into() } else { ExitCode::SUCCESS }
    })
}

impl Arguments {
    /// The level of the log: a daemon tells what it does, other commands only what went wrong.
    pub fn log_filter(&self) -> String {
        let usual = if matches!(self.command, Command::Serve(_)) { "info" } else { "error" };
        self.log.clone().or_else(|| std::env::var("NIANJIAN_LOG").ok()).unwrap_or_else(|| usual.to_owned())
    }
}

/// Runs a command to its end.
pub fn run(arguments: Arguments, clock: Clock) -> ExitCode {
    let lang = arguments.lang.map(|word| match word {
        LangWord::Zh => Lang::Zh,
        LangWord::En => Lang::En,
    });
    let shell = Shell::new(lang, clock);
    let ended = match &arguments.command {
        Command::Demo(arguments) => demo::run(arguments, &shell),
        Command::Serve(arguments) => serve::run(arguments, &shell),
        Command::Crawl(arguments) => crawl::run(arguments, &shell),
        Command::Recrawl(arguments) => recrawl::run(arguments, &shell),
        Command::Check(arguments) => check::run(arguments, &shell),
        Command::Probe(arguments) => probe::run(arguments, &shell),
        Command::Status(arguments) => status::status(arguments, &shell),
        Command::Findings(arguments) => lists::findings(arguments, &shell),
        Command::Reports(arguments) => lists::reports(arguments, &shell),
        Command::Doubts(arguments) => doubts::list(arguments, &shell),
        Command::Doubt(arguments) => doubts::decide(arguments, &shell),
        Command::History(arguments) => status::history(arguments, &shell),
        Command::Runs(arguments) => lists::runs(arguments, &shell),
        Command::Digest(arguments) => digest::run(arguments, &shell),
        Command::Finding(arguments) => finding::run(arguments, &shell),
        Command::Export(arguments) => export::run(arguments, &shell),
        Command::Rules(arguments) => rule_files::run(arguments, &shell),
        Command::Replay(arguments) => replay::run(arguments, &shell),
        Command::Plan(arguments) => plan::run(arguments, &shell),
        Command::Agencies(arguments) => agencies::run(arguments, &shell),
        Command::Verify(arguments) => store::verify(arguments, &shell),
        Command::Backup(arguments) => store::backup(arguments, &shell),
        Command::Restore(arguments) => store::restore(arguments, &shell),
        Command::RebuildIndex(arguments) => store::rebuild(arguments, &shell),
        Command::Config(arguments) => serve::check_config(arguments, &shell),
        Command::Completions { shell: kind } => completions(*kind),
        Command::Man => man(),
    };
    match ended {
        Ok(ended) => ended.into(),
        Err(error) => shell.failed(&error).into(),
    }
}

fn completions(kind: clap_complete::Shell) -> anyhow::Result<Ended> {
    let mut script = Vec::new();
    clap_complete::generate(kind, &mut Arguments::command(), "nianjian", &mut script);
    Output::write(&script)?;
    Ok(Ended::Done)
}

fn man() -> anyhow::Result<Ended> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    Output::write(&page)?;
    Ok(Ended::Done)
}
