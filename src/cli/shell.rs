//! What every command shares: language, colours, the clock, the configuration, standard output.

use super::{ConfigArguments, Ended};
use crate::config::{self, Config};
use crate::convert::Converter;
use crate::fetch::{ApiClient, Ask, Clock, FetchError, Fetched, Fetcher, Want};
use crate::metrics::Metrics;
use crate::model::{FetchResult, Problem, Time};
use crate::pipeline::{Judge, Pipeline, Progress, SetupError, manners, rule_set};
use crate::rules::Complaint;
use crate::schedule::Timetable;
use crate::store::{Damage, IndexFound, StoreError};
use crate::words::Lang;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

/// What a command works in.
pub struct Shell {
    pub lang: Lang,
    /// Whether `--lang` was given: JSON follows that, never the locale.
    explicit: bool,
    colour: bool,
    pub clock: Clock,
}

/// The complaints that ended a command with 64, as an error.
#[derive(Debug, thiserror::Error)]
#[error("the configuration or the rules have mistakes")]
pub struct Complained(pub Vec<Complaint>);

impl Shell {
    /// A shell for the language asked for, else that of the locale.
    pub fn new(asked: Option<Lang>, clock: Clock) -> Shell {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Shell { lang: asked.unwrap_or_else(|| Lang::from_locale(locale.as_deref())), explicit: asked.is_some(), colour, clock }
    }

    /// The instant at which the command runs.
    pub fn now(&self) -> Time {
        (self.clock)()
    }

    /// Whether JSON is in English: only where `--lang en` was given.
    pub fn json_english(&self) -> bool {
        self.explicit && self.lang.is_english()
    }

    /// One of two sentences, by language.
    pub fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.lang.is_english() { en } else { zh }
    }

    /// Text in an ANSI colour, plain where there is no terminal.
    pub fn paint(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Whether text may carry colours.
    pub fn is_colourful(&self) -> bool {
        self.colour
    }

    /// A line on standard error.
    pub fn complain(&self, line: &str) {
        // Nothing is left to do where standard error is gone.
        drop(writeln!(std::io::stderr(), "{line}"));
    }

    /// Tells an error and how the command ended by it.
    pub fn failed(&self, error: &anyhow::Error) -> Ended {
        if let Some(Complained(complaints)) = error.downcast_ref() {
            let texts = texts_of(complaints);
            let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            self.complain(
                super::rules::complaints(complaints, &texts, std::io::stderr().is_terminal() && self.colour).trim_end(),
            );
            return Ended::Usage;
        }
        if let Some(ended) = super::rows::ended(error, self) {
            return ended;
        }
        if let Some(error) = error.downcast_ref::<StoreError>() {
            self.complain(error.message().text(self.lang.is_english()));
            return Ended::Incomplete;
        }
        self.complain(&format!("{}{error:#}", self.say("错误：", "error: ")));
        Ended::Incomplete
    }

    /// The configuration of a command.
    ///
    /// # Errors
    /// [`Complained`] with every mistake in it.
    pub fn config(&self, arguments: &ConfigArguments) -> anyhow::Result<Config> {
        Ok(load_config(&arguments.config, &arguments.set).map_err(Complained)?)
    }

    /// The rules, a folder's or those of the configuration, made ready for reading and checking.
    ///
    /// # Errors
    /// [`Complained`] with every mistake in the rule files.
    pub fn judge(&self, rules: Option<&Path>, config: &Config) -> anyhow::Result<Judge> {
        let rules = rule_set(rules.or(config.rules.dir.as_deref()), config.rules.overlay.as_deref()).map_err(Complained)?;
        Ok(Judge::new(rules, Converter::of_this_program(&config.convert)))
    }

    /// A pipeline over the configured store.
    ///
    /// # Errors
    /// [`Complained`], or why the store could not be opened.
    pub fn pipeline(&self, config: &Config, progress: Progress) -> anyhow::Result<Pipeline> {
        match Pipeline::open(config, self.clock.clone(), Metrics::new(), progress) {
            Ok(pipeline) => {
                // Told by whichever command opens the store first: afterwards nothing shows it any more.
                if let IndexFound::Ahead(lost) = pipeline.store.opened().index {
                    let told = Damage::JournalShort(lost).message();
                    self.complain(self.say(&told.zh, &told.en));
                }
                Ok(pipeline)
            }
            Err(SetupError::Complaints(complaints)) => Err(Complained(complaints).into()),
            Err(SetupError::Store(error)) => Err(error.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// A client of the running daemon: at `NIANJIAN_API`, else where the configuration says that it listens, with
    /// `NIANJIAN_TOKEN`, else the most powerful token of the configuration.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn api(&self, config: &Config) -> Result<ApiClient, FetchError> {
        let tokens = &config.http.tokens;
        let configured = [&tokens.operator, &tokens.reviewer, &tokens.viewer].into_iter().flatten().next();
        let token = std::env::var("NIANJIAN_TOKEN").ok().or_else(|| configured.map(|token| token.expose().to_owned()));
        let base = std::env::var("NIANJIAN_API").unwrap_or_else(|_| format!("http://{}", config.http.listen));
        ApiClient::new(&base, token)
    }

    /// One address, politely: the body and its content type.
    pub fn fetch(&self, address: &str) -> Result<(Vec<u8>, Option<String>), Problem> {
        let failed = |why: String| Problem::new("not-fetched", why);
        let url = url::Url::parse(address).map_err(|_| failed("网址写法不对".to_owned()))?;
        let config = self
            .without_file(&[])
            .map_err(|found| failed(found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        let fetched = self.ask(&Ask::new(url, Want::Document), &config).map_err(|error| failed(error.to_string()))?;
        match fetched.result {
            FetchResult::Ok => Ok((fetched.body, fetched.media)),
            other => Err(fetched.problem.unwrap_or_else(|| failed(format!("没有取到这个网址：{}", other.word())))),
        }
    }

    /// One request under a configuration's manners, and what it came to.
    ///
    /// # Errors
    /// Where the system gives no threads or no client.
    pub fn ask(&self, ask: &Ask, config: &Config) -> anyhow::Result<Fetched> {
        let fetcher = Fetcher::new(manners(config), Metrics::new(), self.clock.clone())?;
        Ok(runtime()?.block_on(fetcher.get(ask)))
    }

    /// The defaults under the environment, for commands that take no file.
    ///
    /// # Errors
    /// Every complaint about the environment.
    pub fn without_file(&self, sets: &[String]) -> Result<Config, Vec<Complaint>> {
        let environment: Vec<(String, String)> = std::env::vars().collect();
        let mut all = sets.to_vec();
        let named = environment.iter().any(|(name, _)| name == "NIANJIAN_FETCH_CONTACT")
            || sets.iter().any(|set| set.starts_with("fetch.contact="));
        if !named {
            all.push("fetch.contact=https://nianjian.invalid/check".to_owned());
        }
        config::without_file(Path::new(""), &environment, &all, &check_schedule)
    }
}

/// The files that complaints are about, as far as they can be read, so that the lines can be shown.
fn texts_of(complaints: &[Complaint]) -> Vec<(String, String)> {
    let mut paths: Vec<&String> = complaints.iter().map(|complaint| &complaint.path).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().filter_map(|path| std::fs::read_to_string(path).ok().map(|text| (path.clone(), text))).collect()
}

/// Reads a configuration under the environment and `--set`.
///
/// # Errors
/// Every complaint about it.
pub fn load_config(path: &Path, sets: &[String]) -> Result<Config, Vec<Complaint>> {
    let environment: Vec<(String, String)> = std::env::vars().collect();
    config::load(path, &environment, sets, &check_schedule)
}

/// Whether an expression is a schedule, for complaints with line and column.
pub fn check_schedule(expression: &str) -> Result<(), String> {
    Timetable::parse(expression, chrono_tz::Asia::Shanghai).map(drop)
}

/// Threads for converting documents, for the store and for other work that blocks. Each keeps its own caches of
/// expressions and memory, so a few that are used again cost a daemon less than many that come and go.
const BLOCKING_THREADS: usize = 4;

/// A runtime for commands that wait for something.
///
/// # Errors
/// Where the system gives no threads.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(BLOCKING_THREADS).enable_all().build()
}

/// A progress that nobody watches.
pub fn unwatched() -> Progress {
    Arc::new(|_| {})
}

/// Standard output, gathered and written at once; a reader that closed it is no error.
#[derive(Debug, Default)]
pub struct Output {
    text: String,
}

impl Output {
    /// Nothing yet.
    pub fn new() -> Output {
        Output::default()
    }

    /// Writes text now and goes on, so that long work shows as it comes.
    pub fn print(&mut self, text: &str) {
        self.text.push_str(text);
        if self.text.len() > 64 * 1024 {
            // An error shows again at the end.
            drop(self.flush());
        }
    }

    /// A line.
    pub fn line(&mut self, text: &str) {
        self.print(text);
        self.print("\n");
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let written = Output::write(self.text.as_bytes());
        self.text.clear();
        written
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Where standard output cannot be written, a closed pipe excepted.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.flush()
    }

    /// Writes bytes to standard output.
    ///
    /// # Errors
    /// Where it cannot be written, a closed pipe excepted.
    pub fn write(bytes: &[u8]) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }
}
