//! Recall on a small internet: every folder of `sites/cms` is a portal of its own on its own loopback
//! address, in the shape of one family of systems. Every report of it must be found and read, nothing
//! that is no report, with no more requests than its lists need.

use crate::support::{run_with, tests};
use nianjian::demo::site::{Running, Site};
use nianjian::store::{Options, Store};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use tempfile::TempDir;

/// `site.toml` as this test reads it.
#[derive(Debug, Deserialize)]
struct Told {
    truth: Truth,
    #[serde(default)]
    report: Vec<Report>,
}

#[derive(Debug, Deserialize)]
struct Truth {
    /// Where reading starts.
    start: String,
    /// The profile that must be recognised.
    profile: String,
    /// List pages and answers that must be asked for, and no more.
    requests: usize,
}

#[derive(Debug, Deserialize)]
struct Report {
    path: String,
    year: i32,
    #[serde(default)]
    date: String,
}

/// The folders of the sites, by name.
fn folders() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(tests("sites/cms")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path)).collect();
    folders.sort();
    folders
}

/// What a log line says of a walk, without its colours.
fn profiles_in(log: &str) -> BTreeMap<String, BTreeSet<String>> {
    let plain = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap().replace_all(log, "").into_owned();
    let said = regex::Regex::new(r"portal\.id=(\S+) profile=(\S+)").unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in said.captures_iter(&plain) {
        found.entry(line[1].to_owned()).or_default().insert(line[2].to_owned());
    }
    found
}

#[test]
fn every_report_of_every_site_is_found_and_nothing_else() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut sites: Vec<(String, Told, Running)> = Vec::new();
    for (at, (name, folder)) in folders().into_iter().enumerate() {
        let told: Told = toml::from_str(&std::fs::read_to_string(folder.join("site.toml")).unwrap()).unwrap();
        let address = std::net::SocketAddr::from(([127, 0, 7, u8::try_from(at + 1).unwrap()], 0));
        let site = Site::from_path(&folder).unwrap_or_else(|error| panic!("{name}: {error}"));
        sites.push((name, told, runtime.block_on(site.serve_at(address)).unwrap()));
    }
    let dir = TempDir::new().unwrap();
    let mut config = "[fetch]\ncontact = \"mailto:test@nianjian.invalid\"\nmin_delay = \"10ms\"\ntimeout = \"5s\"\n\
        allow_addresses = [\"127.0.0.0/8\"]\nallow_ports = [\"1-65535\"]\n[store]\ndisk_reserve = \"1MB\"\n"
        .to_owned();
    for (name, told, site) in &sites {
        config += &format!("[[portal]]\nid = \"{name}\"\nname = \"{name}\"\nstart = [\"{}\"]\n", site.url(&told.truth.start));
    }
    std::fs::write(dir.path().join("config.toml"), config).unwrap();
    std::fs::write(dir.path().join("agencies.csv"), "id,name,kind\n").unwrap();
    let ran = run_with(dir.path(), &["--log", "info", "crawl"], &[("NIANJIAN_NOW", "2026-02-10T09:00:00+08:00")]);
    let profiles = profiles_in(&ran.err);
    let store = Store::open(&dir.path().join("data"), &Options::default()).unwrap();
    let mut wrong = Vec::new();
    for (name, told, site) in &sites {
        let run = store.last_run_of(name).unwrap().unwrap();
        let look = store.looks(name).unwrap().pop();
        let found: BTreeMap<String, (Option<i32>, String)> = look
            .iter()
            .flat_map(|look| &look.entries)
            .filter(|entry| entry.url.starts_with(&site.url("/")))
            .map(|entry| (entry.url.clone(), (entry.year, entry.date.map(|date| date.to_string()).unwrap_or_default())))
            .collect();
        let wanted: BTreeMap<String, (Option<i32>, String)> = told
            .report
            .iter()
            .map(|report| {
                let url = site.url(&report.path);
                let date = if report.path.ends_with('/') { String::new() } else { report.date.clone() };
                (url, (Some(report.year), date))
            })
            .collect();
        if found != wanted {
            wrong.push(format!("{name}: found {found:#?}, not {wanted:#?}: {:?}", run.problems));
        }
        let reports: BTreeSet<&str> = told.report.iter().map(|report| report.path.as_str()).collect();
        let lists: Vec<String> = site
            .hits()
            .into_iter()
            .filter(|hit| hit.path != "/robots.txt" && !reports.contains(hit.path.as_str()))
            .map(|hit| format!("{} {}?{}", hit.method, hit.path, hit.query.unwrap_or_default()))
            .collect();
        let columns = told.report.iter().filter(|report| report.path.ends_with('/')).count();
        if lists.len() + columns != told.truth.requests {
            wrong.push(format!("{name}: {} list requests, not {}: {lists:#?}", lists.len() + columns, told.truth.requests));
        }
        if run.state != nianjian::model::RunState::Complete {
            wrong.push(format!("{name}: {:?} {:?}", run.state, run.problems));
        }
        if run.tally.read != wanted.len() as u64 {
            wrong.push(format!("{name}: {} of {} reports read", run.tally.read, wanted.len()));
        }
        if profiles.get(name) != Some(&BTreeSet::from([told.truth.profile.clone()])) {
            wrong.push(format!("{name}: read by {:?}, not {}", profiles.get(name), told.truth.profile));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
