//! The command line: one file a command, one row in the list below.
//!
//! Data goes to standard output, everything else to standard error. A command answers with how it
//! ended (`Ended`), and only `main` turns that into an exit code.

mod check;
mod check_json;
mod check_text;

use crate::model::{Severity, Time};
use crate::words::Lang;
use clap::{Parser, Subcommand};
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
    /// The worse of two: what could not be done weighs more than findings.
    #[must_use]
    pub fn and(self, other: Ended) -> Ended {
        let weight = |ended: Ended| match ended {
            Ended::Done => 0,
            Ended::Findings => 1,
            Ended::Incomplete => 2,
            Ended::Usage => 3,
        };
        if weight(other) > weight(self) { other } else { self }
    }
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> ExitCode {
        ExitCode::from(match ended {
            Ended::Done => 0,
            Ended::Findings => 1,
            Ended::Incomplete => 2,
            Ended::Usage => 64,
        })
    }
}

/// 年检:盯住各级门户的政府信息公开工作年度报告,保存、读取、核对、提醒。
///
/// Watches government portals for annual reports on information disclosure: keeps, reads, checks, tells.
#[derive(Debug, Parser)]
#[command(name = "nianjian", version, propagate_version = true)]
pub struct Arguments {
    /// 语言 / language: zh, en (default: by locale)
    #[arg(long, global = true, value_enum)]
    lang: Option<LangWord>,
    /// 日志级别,如 info、debug / log level, else RUST_LOG
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

#[derive(Debug, Subcommand)]
enum Command {
    /// 读取并核对文件、文件夹、网址或标准输入 / read and check documents
    Check(check::Arguments),
}
