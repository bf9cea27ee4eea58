//! `nianjian probe`: shows to a person every decision on the way from an address, or a file, to its findings.

use super::check::{Body, FailOn, load};
use super::probe_text::{self, Section};
use super::shell::{Complained, load_config};
use super::{Ended, Output, Shell};
use crate::config::Config;
use crate::extract::Hints;
use crate::fetch::{Ask, Want};
use crate::model::{FetchResult, Portal, ReadOutcome, Roster, Verdict};
use crate::pipeline::probe::{Given, Means, Probed, probe};
use crate::pipeline::{probe_json, profiles, roster};
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

/// What to look at, and how to show it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// http(s) 网址、文件，或 - 表示标准输入 / an address, a file, or - for standard input
    #[arg(value_name = "URL|FILE")]
    input: String,
    /// 输出格式 / output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// 只看这些部分，可用逗号写多个 / only these parts, several by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    section: Vec<Section>,
    /// 文件原来的网址：按它辨认栏目样式和链接 / the address a file was saved from, to tell its profile and links
    #[arg(long = "as", value_name = "URL")]
    saved_from: Option<Url>,
    /// 达到此严重程度即以 1 退出 / exit with 1 at or above this severity
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// 另一套规则文件夹 / a folder of rules instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// 配置文件（缺省用当前文件夹的 config.toml，没有则用缺省设置） / configuration; else ./config.toml, else the defaults
    #[arg(short = 'c', long = "config", value_name = "FILE", env = "NIANJIAN_CONFIG")]
    config: Option<PathBuf>,
    /// 覆盖一个配置项，如 fetch.min_delay=5s / overrides a key
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = configuration(arguments, shell)?;
    let judge = shell.judge(arguments.rules.as_deref(), &config)?;
    let address = Url::parse(&arguments.input).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = address.clone().or_else(|| arguments.saved_from.clone());
    let known = url.as_ref().and_then(|url| config.portals.iter().find(|portal| portal.covers(url)));
    let portal = known.cloned().unwrap_or_else(|| stranger(url.as_ref()));
    let given = match &address {
        Some(address) => fetched(arguments, address, &portal, &config, shell)?,
        None => {
            let mut body = Body::default();
            if let Err(problem) = load(&arguments.input, &mut body, shell) {
                shell.complain(&format!("{}: {}", arguments.input, problem.message));
                return Ok(Ended::Incomplete);
            }
            Given { input: arguments.input.clone(), fetched: None, url, bytes: body.bytes }
        }
    };
    let means = Means {
        judge: &judge,
        profiles: &Arc::new(profiles(&judge.rules).map_err(Complained)?),
        roster: &if config.portals.is_empty() { Roster::default() } else { roster(&config).map_err(Complained)? },
        portal,
        now: shell.now(),
    };
    let probed = probe(given, &Hints::default(), &means);
    match arguments.format {
        Format::Text => Output::write(probe_text::text(&probed, &arguments.section, &judge.rules, shell).as_bytes())?,
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&probe_json::of(&probed, &judge.rules, shell.json_english()))?;
            text.push('\n');
            Output::write(text.as_bytes())?;
        }
    }
    Ok(ended(&probed, arguments.fail_on))
}

/// The office's own configuration where there is one, else the defaults.
fn configuration(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Config> {
    let here = PathBuf::from("config.toml");
    let path = arguments.config.clone().or_else(|| here.is_file().then_some(here));
    Ok(match path {
        Some(path) => load_config(&path, &arguments.set),
        None => shell.without_file(&arguments.set),
    }
    .map_err(Complained)?)
}

/// A portal for an address that the configuration does not name.
fn stranger(url: Option<&Url>) -> Portal {
    Portal {
        id: "probe".to_owned(),
        name: String::new(),
        start: url.cloned().into_iter().collect(),
        profile: "auto".to_owned(),
        schedule: String::new(),
        min_delay: None,
        hosts: Vec::new(),
        browser: false,
    }
}

/// The answer of an address, asked for as a visit to its portal would.
fn fetched(arguments: &Arguments, address: &Url, portal: &Portal, config: &Config, shell: &Shell) -> anyhow::Result<Given> {
    let mut ask = Ask::new(address.clone(), Want::Page);
    ask.min_delay = portal.min_delay;
    let own = portal.start.iter().filter_map(|start| start.host_str().map(str::to_owned));
    ask.hosts = own.chain(portal.hosts.iter().cloned()).collect();
    let mut fetched = shell.ask(&ask, config)?;
    let bytes = std::mem::take(&mut fetched.body);
    let url = Some(fetched.final_url.clone());
    Ok(Given { input: arguments.input.clone(), fetched: Some(fetched), url, bytes })
}

fn ended(probed: &Probed, fail_on: FailOn) -> Ended {
    let unfetched = probed.fetched.as_ref().is_some_and(|fetched| fetched.result != FetchResult::Ok);
    let unread = probed.seen.as_ref().is_some_and(|seen| seen.read.outcome == ReadOutcome::Unreadable);
    let outcomes = probed.seen.iter().flat_map(|seen| &seen.outcomes);
    let found = outcomes
        .filter_map(|outcome| if let Verdict::Findings(violations) = &outcome.verdict { Some(violations) } else { None })
        .flatten()
        .any(|violation| fail_on.reached(violation.severity));
    match (unfetched || unread, found) {
        (true, _) => Ended::Incomplete,
        (false, true) => Ended::Findings,
        (false, false) => Ended::Done,
    }
}
