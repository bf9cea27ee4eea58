//! The demonstration: the embedded portal served on loopback, and the main job run on it.
//!
//! The same code that visits the world visits this portal; only the clock stands still, so that the
//! demonstration says the same on every day, and the floor between requests is 20 ms, which is
//! allowed towards loopback because the configuration allows those addresses.

use super::site::{Running, Site};
use crate::config::{self, Config};
use crate::daemon::{Office, fixed_clock, queue};
use crate::http;
use crate::metrics::Metrics;
use crate::model::{Cause, Digest, Run, RunState, Target, Time};
use crate::notify::render::text::{Look, text};
use crate::pipeline::{Pipeline, Progress};
use crate::words::{self, Lang};
use anyhow::{Context, bail};
use include_dir::{Dir, include_dir};
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

/// The portal's pages, its roster and the truth about it.
static SITE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/tests/sites/demo");
/// The day of the demonstration: departments are overdue, governments are not yet due.
const NOW: &str = "2026-02-10T09:00:00+08:00";
/// Where the portal is served.
const PORTAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8629);
/// A file that marks a folder as ours to empty.
const MARKER: &str = ".nianjian-demo";
/// The column where the reports of the demonstration's portal are listed.
const COLUMN: &str = "/zwgk/zfxxgknb/";

/// The demonstration after its visit.
pub struct Shown {
    pub run: Run,
    pub digest: Option<Digest>,
    /// The folder of the digest's files.
    pub letters: PathBuf,
    dir: PathBuf,
    pipeline: Pipeline,
    config: Config,
    site: Running,
}

/// Serves the portal, visits it, and tells about it.
///
/// # Errors
/// A folder that is not ours to empty, or whatever the main job ends with.
pub async fn run(dir: &Path, lang: Lang, progress: Progress) -> anyhow::Result<Shown> {
    empty(dir)?;
    let dir = dir.canonicalize()?;
    let site = serve_site().await?;
    let roster = SITE.get_file("agencies.csv").context("the roster of the demonstration is part of the program")?;
    std::fs::write(dir.join("agencies.csv"), roster.contents())?;
    let text = configuration(&site, lang);
    std::fs::write(dir.join("config.toml"), &text)?;
    let config =
        config::parse("config.toml", &text, &dir, &[], &[], &|_| Ok(())).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    let now: Time = chrono::DateTime::parse_from_rfc3339(NOW)?.to_utc();
    let pipeline = Pipeline::open(&config, fixed_clock(now), Metrics::new(), progress)?;
    let run = queue(&pipeline, Cause::Demand, Target::Portal("demo".to_owned()), "demo".to_owned()).await?;
    let run = pipeline.visit(run).await?;
    if run.state != RunState::Complete {
        bail!("the demonstration's visit ended as {}: {:?}", run.state.word(), run.problems);
    }
    let receivers = pipeline.settings.receivers.clone();
    let digest = pipeline.tell(&receivers, false).await?.into_iter().next();
    let letters = newest_folder(&dir.join("digests")).unwrap_or_else(|| dir.join("digests"));
    Ok(Shown { run, digest, letters, dir, pipeline, config, site })
}

/// Serves the portal where it was served before, so that the demonstration says the same each time;
/// elsewhere only where that port is taken.
async fn serve_site() -> anyhow::Result<Running> {
    match Site::from_dir(&SITE)?.serve_at(PORTAL).await {
        Ok(site) => Ok(site),
        Err(_) => Ok(Site::from_dir(&SITE)?.serve().await?),
    }
}

/// The configuration of the demonstration, as a person would write it.
fn configuration(site: &Running, lang: Lang) -> String {
    format!(
        r#"# The configuration of the demonstration, written by `nianjian demo`.
agencies = "agencies.csv"

[service]
title = "云溪市"
data = "data"
lang = "{}"

[fetch]
contact = "mailto:demo@nianjian.invalid"
min_delay = "20ms"
allow_addresses = ["127.0.0.0/8"]
allow_ports = ["1-65535"]

[[portal]]
id = "demo"
name = "云溪市人民政府门户网站"
start = ["{}"]

[[receiver]]
id = "office"
channels = [{{ folder = "digests" }}]
"#,
        lang.word(),
        site.url(COLUMN)
    )
}

/// Empties the folder of an earlier demonstration, or makes it; never touches a folder of another kind.
fn empty(dir: &Path) -> anyhow::Result<()> {
    let foreign = dir.exists() && !dir.join(MARKER).exists() && std::fs::read_dir(dir)?.next().is_some();
    if foreign {
        bail!("{} is not empty and not of an earlier demonstration; name another folder with --dir", dir.display());
    }
    if dir.exists() {
        std::fs::remove_dir_all(dir)?;
    }
    std::fs::create_dir_all(dir)?;
    std::fs::write(dir.join(MARKER), "This folder is emptied by each `nianjian demo`.\n")?;
    Ok(())
}

fn newest_folder(dir: &Path) -> Option<PathBuf> {
    let folders = std::fs::read_dir(dir).ok()?.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    folders.filter(|path| path.is_dir()).max()
}

impl Shown {
    /// What the demonstration tells on a terminal: the digest, the numbers, where everything lies.
    pub fn text(&self, lang: Lang, style: bool) -> String {
        let mut out = String::new();
        if let Some(digest) = &self.digest {
            out.push_str(&text(digest, lang, Look { style, width: 100 }));
            self.numbers(&mut out, digest, lang);
        }
        let place = |path: &Path| path.display().to_string();
        let rows = [
            (words::WHERE_PAGE.text(lang), place(&self.letters.join("digest.html"))),
            (words::WHERE_WORKBOOK.text(lang), place(&self.letters.join("digest.xlsx"))),
            (words::WHERE_SNAPSHOTS.text(lang), place(&self.dir.join("data/snapshots"))),
            (words::WHERE_JOURNAL.text(lang), place(&self.dir.join("data/journal"))),
            (words::WHERE_CONFIG.text(lang), place(&self.dir.join("config.toml"))),
        ];
        let _ = writeln!(out, "\n{}", words::WHERE_EVERYTHING.text(lang));
        for (name, path) in rows {
            let _ = writeln!(out, "  {}  {path}", crate::notify::render::align::pad(name, 20));
        }
        out
    }

    fn numbers(&self, out: &mut String, digest: &Digest, lang: Lang) {
        let coverage = &digest.coverage;
        let states: Vec<String> = coverage
            .states
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(state, count)| format!("{} {count}", words::agency_state(state, lang)))
            .collect();
        let severities: Vec<String> = digest
            .standing
            .iter()
            .map(|(severity, count)| format!("{} {count}", words::severity(severity.word(), lang)))
            .collect();
        let tally = &self.run.tally;
        let _ = writeln!(out, "\n{}", words::DEMO_AGENCIES.with(lang, &[&coverage.agencies.to_string(), &states.join(" · ")]));
        let _ = writeln!(out, "{}", words::DEMO_FINDINGS.with(lang, &[&severities.join(" · ")]));
        let counts = [tally.listed, tally.fetched, tally.kept, tally.read].map(|count| count.to_string());
        let _ = writeln!(out, "{}", words::DEMO_TALLY.with(lang, &counts.each_ref().map(String::as_str)));
    }

    /// Keeps the daemon and its page up until Ctrl-C or SIGTERM.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub async fn serve(self, address: SocketAddr) -> anyhow::Result<()> {
        let listener = tokio::net::TcpListener::bind(address).await.with_context(|| format!("{address}"))?;
        let office = Office::new(self.pipeline, self.config);
        let stop = CancellationToken::new();
        let page = tokio::spawn(http::serve(office.clone(), listener, stop.clone()));
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::spawn({
            let stop = stop.clone();
            async move {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
                stop.cancel();
            }
        });
        office.run(stop).await?;
        page.await??;
        self.site.stop().await;
        Ok(())
    }
}
