//! Configuration → pipeline: the wiring in one place, used by the daemon, `crawl` and the demo.

use super::{Judge, Pipeline, Progress, Receiver, Settings};
use crate::config::{self, Config, Tls};
use crate::convert::Converter;
use crate::crawl;
use crate::fetch::{Clock, FetchError, Fetcher, Manners};
use crate::metrics::Metrics;
use crate::model::{Portal, Roster};
use crate::notify::{Channel, Email, Encryption, Secret};
use crate::roster;
use crate::rules::{self, Complaint, Profile, RuleSet};
use crate::schedule::Timetable;
use crate::store::{Options, Store, StoreError};
use std::path::Path;
use std::sync::Arc;

/// Why the parts could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// What is wrong with the configuration, the rules or the roster, all at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Complaints(Vec<Complaint>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl Pipeline {
    /// Opens the store and puts every part together.
    ///
    /// # Errors
    /// Everything wrong with rules and roster at once; a store that is in use or damaged.
    pub fn open(config: &Config, clock: Clock, metrics: Metrics, progress: Progress) -> Result<Pipeline, SetupError> {
        let parts = parts(config)?;
        let options = Options {
            disk_reserve: config.store.disk_reserve,
            fail_at: std::env::var("NIANJIAN_FAIL_POINT").ok().and_then(|point| point.parse().ok()),
            ..Options::default()
        };
        let store = Store::open(&config.service.data, &options)?;
        let fetcher = Fetcher::new(manners(config), metrics.clone(), clock.clone())?;
        metrics.start_time.set(clock().timestamp() as f64);
        Ok(Pipeline {
            store,
            fetcher,
            judge: parts.judge,
            profiles: parts.profiles,
            roster: parts.roster,
            settings: parts.settings,
            metrics,
            clock,
            progress,
            alike: Arc::default(),
            weighing: Arc::default(),
        })
    }

    /// The same store and queues under a new configuration: all of it, or the old one stays.
    ///
    /// # Errors
    /// Everything wrong with the new rules and roster.
    pub fn renewed(&self, config: &Config) -> Result<Pipeline, SetupError> {
        let parts = parts(config)?;
        let fetcher = self.fetcher.with_manners(manners(config))?;
        Ok(Pipeline {
            fetcher,
            judge: parts.judge,
            profiles: parts.profiles,
            roster: parts.roster,
            settings: parts.settings,
            ..self.clone()
        })
    }
}

struct Parts {
    judge: Arc<Judge>,
    profiles: Arc<Vec<Profile>>,
    roster: Arc<Roster>,
    settings: Arc<Settings>,
}

/// Checks everything a configuration names without opening the store.
///
/// # Errors
/// Every complaint about rules, profiles and roster.
pub fn check_parts(config: &Config) -> Result<(), Vec<Complaint>> {
    match parts(config) {
        Err(SetupError::Complaints(complaints)) => Err(complaints),
        _ => Ok(()),
    }
}

fn parts(config: &Config) -> Result<Parts, SetupError> {
    let mut complaints = Vec::new();
    let mut set =
        rule_set(config.rules.dir.as_deref(), config.rules.overlay.as_deref()).map_err(|found| complaints.extend(found)).ok();
    if let (Some(set), Some(path)) = (&mut set, &config.rules.waivers) {
        let read = text_of(path).and_then(|text| rules::read_waivers(&path.display().to_string(), &text));
        set.waivers = read.map_err(|found| complaints.extend(found)).unwrap_or_default();
    }
    let roster = roster(config).map_err(|found| complaints.extend(found)).unwrap_or_default();
    let profiles = set.as_ref().map(profiles).transpose().map_err(|found| complaints.extend(found)).ok().flatten();
    let Some(set) = set.filter(|_| complaints.is_empty()) else { return Err(SetupError::Complaints(complaints)) };
    Ok(Parts {
        judge: Arc::new(Judge::new(set, Converter::of_this_program(&config.convert))),
        profiles: Arc::new(profiles.unwrap_or_default()),
        roster: Arc::new(roster),
        settings: Arc::new(settings(config)),
    })
}

/// The profiles of a rule set.
///
/// # Errors
/// What is wrong with each of their files.
pub fn profiles(set: &RuleSet) -> Result<Vec<Profile>, Vec<Complaint>> {
    let parse = |path: &str, text: &str| {
        let profile = Profile::parse(path, text)?;
        crawl::check_selectors(path, text, &profile).map(|()| profile)
    };
    let mut complaints = Vec::new();
    let read = |(path, text): &(String, String)| parse(path, text).map_err(|complaint| complaints.push(complaint)).ok();
    let profiles: Vec<Profile> = set.files.iter().filter_map(read).collect();
    if complaints.is_empty() { Ok(profiles) } else { Err(complaints) }
}

/// Rule files as (path, text), and an overlay of the same shape.
pub type RuleFiles = (Vec<(String, String)>, Option<(String, String)>);

/// The rule files of a folder, or the built-in ones, and an office's overlay.
///
/// # Errors
/// A folder or a file that cannot be read.
pub fn rule_files(dir: Option<&Path>, overlay: Option<&Path>) -> Result<RuleFiles, Vec<Complaint>> {
    let files = match dir {
        Some(dir) => files_below(dir)?,
        None => rules::builtin(),
    };
    let overlay = match overlay {
        Some(path) => Some((path.display().to_string(), text_of(path)?)),
        None => None,
    };
    Ok((files, overlay))
}

/// The rule set of a folder, or the built-in one, under an office's overlay.
///
/// # Errors
/// Every complaint about the files; one that cannot be read is a complaint.
pub fn rule_set(dir: Option<&Path>, overlay: Option<&Path>) -> Result<RuleSet, Vec<Complaint>> {
    let (files, overlay) = rule_files(dir, overlay)?;
    rules::load(&files, overlay.as_ref().map(|(path, text)| (path.as_str(), text.as_str())))
}

fn text_of(path: &Path) -> Result<String, Vec<Complaint>> {
    std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Vec<Complaint> {
    let complaint = Complaint::at(&path.display().to_string(), "", None, format!("cannot be read: {error}"));
    vec![complaint.help("check the path and who may read it; it is UTF-8")]
}

/// Every TOML file below a folder, as (path below it, text), sorted.
fn files_below(dir: &Path) -> Result<Vec<(String, String)>, Vec<Complaint>> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))? {
            let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let below = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push((below, text_of(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The roster that a configuration names; a row that cannot be taken is a complaint, so that no agency is forgotten in silence.
///
/// # Errors
/// A file that cannot be read, and every row refused.
pub fn roster(config: &Config) -> Result<Roster, Vec<Complaint>> {
    let path = &config.agencies;
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !config.agencies_named => return Ok(Roster::default()),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let portals: Vec<String> = config.portals.iter().map(|portal| portal.id.clone()).collect();
    let (roster, accounts) = roster::read(&bytes, Some(&portals));
    let refused: Vec<Complaint> = accounts
        .into_iter()
        .filter(|account| account.refused)
        .map(|account| {
            let complaint = Complaint::at(&path.display().to_string(), "", None, account.why.zh);
            Complaint { line: account.row, ..complaint }.help(account.advice.zh)
        })
        .collect();
    if refused.is_empty() { Ok(roster) } else { Err(refused) }
}

/// The manners of the fetch room, as configured.
pub fn manners(config: &Config) -> Manners {
    Manners {
        contact: config.fetch.contact.clone(),
        min_delay: config.fetch.min_delay,
        timeout: config.fetch.timeout,
        max_body: config.fetch.max_body,
        concurrency: config.fetch.concurrency,
        allow_addresses: config.fetch.allow_addresses.iter().filter_map(|cidr| cidr.parse().ok()).collect(),
        allow_ports: config.fetch.allow_ports.clone(),
    }
}

fn settings(config: &Config) -> Settings {
    Settings {
        title: config.service.title.clone(),
        timezone: config.service.timezone,
        since: config.since,
        confirm_after: config.confirm_after,
        portals: config.portals.clone(),
        receivers: config.receivers.iter().map(receiver).collect(),
    }
}

fn receiver(receiver: &config::Receiver) -> Receiver {
    Receiver {
        id: receiver.id.clone(),
        scope: receiver.scope.clone(),
        sign_of_life: receiver.sign_of_life,
        lang: receiver.lang,
        channels: receiver.channels.iter().map(channel).collect(),
    }
}

fn channel(channel: &config::Channel) -> Channel {
    match channel {
        config::Channel::Folder(path) => Channel::Folder(path.clone()),
        config::Channel::Webhook(webhook) => Channel::Webhook { url: Secret::new(webhook.url.as_str()) },
        config::Channel::Email(email) => Channel::Email(Email {
            to: email.to.clone(),
            from: email.from.clone(),
            host: email.host.clone(),
            port: email.port,
            encryption: match email.tls {
                Tls::Required => Encryption::Required,
                Tls::Opportunistic => Encryption::Opportunistic,
                Tls::None => Encryption::None,
            },
            user: email.login.as_ref().map(|(user, _)| user.clone()),
            password: email.login.as_ref().map(|(_, password)| Secret::new(password.expose())),
        }),
    }
}

/// The timetables of the portals, which the configuration has checked already.
pub fn timetables(config: &Config) -> Vec<(Portal, Timetable)> {
    let parse = |portal: &Portal| {
        Timetable::parse(&portal.schedule, config.service.timezone).ok().map(|timetable| (portal.clone(), timetable))
    };
    config.portals.iter().filter_map(parse).collect()
}
