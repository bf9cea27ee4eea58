//! The configuration: one TOML file, laid over by `NIANJIAN_…` variables and `--set`, taken whole
//! or not at all.
//!
//! Every key has a default but the portals. Whatever is wrong is told at once, each complaint with
//! file, line, column and what to do; an unknown key is a mistake, not a comment. What comes out
//! is checked: the rooms get durations, addresses and paths, never text to be parsed again.

mod build;
mod reader;
mod receivers;
mod tree;
mod values;

#[cfg(test)]
mod tests;

pub use crate::model::Secret;
pub use crate::words::Lang;
pub use receivers::{Channel, Email, Receiver, Scope, Tls, Webhook};

use crate::convert::Converters;
use crate::model::{Portal, Year};
use crate::rules::Complaint;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Judges a schedule expression, so that the complaint can carry its line and column.
pub type CheckSchedule<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// The whole configuration, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Path of the roster, csv or xlsx.
    pub agencies: PathBuf,
    /// Whether the roster's path was written by somebody: then a missing file is a mistake, else an empty roster.
    pub agencies_named: bool,
    pub service: Service,
    pub http: Http,
    /// A listener of its own for `/metrics`.
    pub metrics_listen: Option<SocketAddr>,
    pub fetch: Fetch,
    /// No sooner is a second look a confirmation.
    pub confirm_after: Duration,
    /// First report year whose absence is a finding; `None` is the newest year due.
    pub since: Option<Year>,
    pub store: Store,
    pub rules: Rules,
    /// `[convert]`: programs that old documents are converted with.
    pub convert: Converters,
    pub portals: Vec<Portal>,
    pub receivers: Vec<Receiver>,
}

/// `[service]`: the instance itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Name of the office or area, for the subject line of digests; may be empty.
    pub title: String,
    /// Folder of everything that is kept.
    pub data: PathBuf,
    /// Zone in which days end and schedules run.
    pub timezone: chrono_tz::Tz,
    pub lang: Lang,
}

/// `[http]`: the API and the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Http {
    /// A loopback address wherever no token is set.
    pub listen: SocketAddr,
    pub tokens: Tokens,
}

/// `[http.tokens]`: the bearer token of each role. No two are the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tokens {
    pub viewer: Option<Secret>,
    pub reviewer: Option<Secret>,
    pub operator: Option<Secret>,
}

impl Tokens {
    /// Whether anybody needs a token: without any, only loopback may be listened on.
    pub fn any(&self) -> bool {
        self.viewer.is_some() || self.reviewer.is_some() || self.operator.is_some()
    }
}

/// `[fetch]`: manners towards hosts.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    /// How operators of a portal reach the office; empty only where there is no portal.
    pub contact: String,
    /// Least time from start to start of two requests to one host; under a second only towards `allow_addresses`.
    pub min_delay: Duration,
    pub timeout: Duration,
    /// Bytes.
    pub max_body: u64,
    /// Requests under way at one time, all hosts together.
    pub concurrency: usize,
    /// Networks in CIDR notation that are dialled although private.
    pub allow_addresses: Vec<String>,
    pub allow_ports: Vec<RangeInclusive<u16>>,
}

/// `[store]`: where things are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Store {
    pub index: Index,
    /// Folder of the snapshots' segments.
    pub bodies: PathBuf,
    /// Free bytes of the disk below which nothing more is fetched.
    pub disk_reserve: u64,
}

/// The engine of journal and index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    Sled,
}

/// `[rules]`: which rule files judge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// A folder of rule files; `None` is the built-in ones.
    pub dir: Option<PathBuf>,
    /// A file of severities, limits, switches and scores.
    pub overlay: Option<PathBuf>,
    /// A file of accepted findings beside the rule set's own.
    pub waivers: Option<PathBuf>,
}

impl Config {
    /// The keys whose change needs a restart: where any is named, a reload keeps the old configuration.
    pub fn needs_restart(&self, new: &Config) -> Vec<&'static str> {
        [
            ("service.data", self.service.data != new.service.data),
            ("service.timezone", self.service.timezone != new.service.timezone),
            ("http.listen", self.http.listen != new.http.listen),
            ("metrics.listen", self.metrics_listen != new.metrics_listen),
            ("store", self.store != new.store),
        ]
        .into_iter()
        .filter_map(|(key, changed)| changed.then_some(key))
        .collect()
    }
}

/// Reads and checks a configuration file; relative paths are relative to its folder.
///
/// # Errors
/// Every complaint about the file, the variables and the settings, in the order of their places.
pub fn load(
    path: &Path,
    env: &[(String, String)],
    sets: &[String],
    check_schedule: CheckSchedule<'_>,
) -> Result<Config, Vec<Complaint>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|problem| {
        vec![
            Complaint::at(&name, "", None, format!("the configuration cannot be read: {problem}"))
                .help("name the file with -c FILE; it is TOML in UTF-8"),
        ]
    })?;
    parse(&name, &text, path.parent().unwrap_or(Path::new("")), env, sets, check_schedule)
}

/// Checks a configuration given as text.
///
/// `env` is the whole environment (secrets may name any variable of it); `sets` are `key=value`.
///
/// # Errors
/// Every complaint, in the order of their places: the file's first, then variables, then settings.
pub fn parse(
    path_name: &str,
    text: &str,
    base_dir: &Path,
    env: &[(String, String)],
    sets: &[String],
    check_schedule: CheckSchedule<'_>,
) -> Result<Config, Vec<Complaint>> {
    let mut tree = tree::Tree::of_file(path_name, text)?;
    tree.lay_environment(env, &build::KEYS);
    let mut complaints: Vec<Complaint> = sets.iter().filter_map(|setting| tree.lay_setting(setting).err()).collect();
    let mut reader =
        reader::Reader { sources: &tree.sources, base: base_dir, env, complaints: Vec::new(), used_variables: Vec::new() };
    let config = build::config(&mut reader, &tree.root, check_schedule);
    let used = reader.used_variables;
    let mut found = reader.complaints;
    found.sort_by_key(|complaint| (complaint.path != path_name, complaint.line, complaint.column));
    found.append(&mut complaints);
    let strangers = tree.strangers.iter().filter(|name| !used.contains(name));
    found.extend(strangers.map(|name| tree::stranger_complaint(name, &build::KEYS)));
    if found.is_empty() { Ok(config) } else { Err(found) }
}

/// The configuration of a command that was given no file: defaults, variables and settings.
///
/// # Errors
/// Every complaint about the variables and the settings.
pub fn without_file(
    base_dir: &Path,
    env: &[(String, String)],
    sets: &[String],
    check_schedule: CheckSchedule<'_>,
) -> Result<Config, Vec<Complaint>> {
    parse("(no file)", "", base_dir, env, sets, check_schedule)
}

impl Default for Config {
    /// Every default, with paths relative to the working folder.
    fn default() -> Config {
        without_file(Path::new(""), &[], &[], &|_| Ok(())).expect("a test holds that the defaults have no complaint")
    }
}
