//! `nianjian agencies`: the roster, listed, taken from a file with an account of every row, or proposed
//! from what a portal lists.

use super::crawl::{line, visit_all};
use super::shell::{runtime, unwatched};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::crawl::{Assignment, assign};
use crate::model::{Agency, AgencyKind, Roster};
use crate::pipeline::Pipeline;
use crate::roster;
use crate::store::StoreError;
use crate::text::{agency_key, kind_of_name};
use std::collections::BTreeMap;
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
    /// 由门户栏目里列出的年报提出名录草稿（csv），不改动现有名录 / proposes rows (csv) from what a portal lists; changes nothing
    Discover {
        portal: String,
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
        Verb::Discover { portal, config } => discover(portal, &shell.config(config)?, shell),
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

/// Proposes the agencies that a portal lists and the roster does not have. A portal that was never looked
/// at is visited first.
fn discover(portal: &str, config: &crate::config::Config, shell: &Shell) -> anyhow::Result<Ended> {
    let pipeline = shell.pipeline(config, unwatched())?;
    if pipeline.portal(portal).is_none() {
        shell.complain(&format!("{}{portal}", shell.say("配置里没有这个门户：", "no such portal in the configuration: ")));
        return Ok(Ended::Usage);
    }
    if pipeline.store.looks(portal)?.is_empty() {
        for run in runtime()?.block_on(visit_all(&pipeline, &[portal.to_owned()]))? {
            shell.complain(&line(&run, shell));
        }
    }
    let looks = pipeline.store.looks(portal)?;
    let Some(newest) = looks.last() else {
        shell.complain(shell.say("没有能查看的栏目，无从提出名录", "no list could be looked at: nothing can be proposed"));
        return Ok(Ended::Incomplete);
    };
    let proposed = proposed(&pipeline, portal)?;
    Output::write(roster::to_csv(&Roster { agencies: proposed }).as_bytes())?;
    if !newest.complete {
        shell.complain(shell.say("栏目没有看全，名录可能不全", "the lists were not seen whole: agencies may be lacking"));
        return Ok(Ended::Incomplete);
    }
    Ok(Ended::Done)
}

/// One row for each name that no agency of the roster has, in the order of names; kinds by the names, which
/// a person has to look over.
fn proposed(pipeline: &Pipeline, portal: &str) -> Result<Vec<Agency>, StoreError> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let looks = pipeline.store.looks(portal)?;
    for entry in looks.iter().flat_map(|look| &look.entries) {
        if let Assignment::Unassigned(name) = assign(entry, portal, &pipeline.roster, agency_key) {
            names.entry(agency_key(&name)).or_insert(name);
        }
    }
    for report in pipeline.store.reports()?.into_iter().filter(|report| report.portal == portal && !report.assigned) {
        names.entry(agency_key(&report.agency_name)).or_insert(report.agency_name);
    }
    let taken = |id: &str| pipeline.roster.by_id(id).is_some();
    let mut ids = (1_u32..).map(|number| format!("{portal}-{number:03}")).filter(|id| !taken(id));
    let agency = |name: String| {
        Some(Agency {
            id: ids.next()?,
            kind: kind_of_name(&name).unwrap_or(AgencyKind::Department),
            name,
            aliases: Vec::new(),
            level: None,
            parent: None,
            portal: Some(portal.to_owned()),
            column: None,
            due: None,
        })
    };
    Ok(names.into_values().filter(|name| !name.is_empty()).map_while(agency).collect())
}
