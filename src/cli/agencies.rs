//! `nianjian agencies`: the roster, listed, or taken from a file with an account of every row.

use super::{ConfigArguments, Ended, Output, Shell};
use crate::roster;
use std::path::PathBuf;

/// What to do with the roster.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// 列出名录里的机关 / lists the roster
    List {
        #[command(flatten)]
        config: ConfigArguments,
    },
    /// 由 csv 或 xlsx 导入，逐行说明未收下的原因 / takes a csv or xlsx, with an account of every row refused
    Import {
        file: PathBuf,
        #[command(flatten)]
        config: ConfigArguments,
    },
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    match &arguments.command {
        Verb::List { config } => {
            let config = shell.config(config)?;
            let bytes = std::fs::read(&config.agencies)?;
            let (roster, _) = roster::read(&bytes, None);
            Output::write(roster::to_csv(&roster).as_bytes())?;
            Ok(Ended::Done)
        }
        Verb::Import { file, config } => import(file, &shell.config(config)?, shell),
    }
}

fn import(file: &std::path::Path, config: &crate::config::Config, shell: &Shell) -> anyhow::Result<Ended> {
    let portals: Vec<String> = config.portals.iter().map(|portal| portal.id.clone()).collect();
    let (roster, accounts) = roster::read(&std::fs::read(file)?, Some(&portals));
    let english = shell.lang.is_english();
    for account in &accounts {
        let row = if english { format!("row {}", account.row) } else { format!("第 {} 行", account.row) };
        shell.complain(&format!("{row}:{} {}", account.why.text(english), account.advice.text(english)));
    }
    let refused = accounts.iter().filter(|account| account.refused).count();
    if refused > 0 {
        let why = shell.say("有未收下的行，名录没有改动", "some rows were refused; the roster was not changed");
        shell.complain(&format!("{why} ({refused})"));
        return Ok(Ended::Incomplete);
    }
    let fresh = config.agencies.with_extension("csv.new");
    std::fs::write(&fresh, roster::to_csv(&roster))?;
    std::fs::rename(&fresh, &config.agencies)?;
    let line = format!(
        "{}{} → {}\n",
        shell.say("已导入机关：", "agencies imported: "),
        roster.agencies.len(),
        config.agencies.display()
    );
    Output::write(line.as_bytes())?;
    Ok(Ended::Done)
}
