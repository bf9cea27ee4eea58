//! `nianjian check`: reads and judges documents, each alone. No store, no daemon.

use super::check_html::Page;
use super::check_sarif::Sarif;
use super::{Ended, Output, Shell};
use crate::config::Config;
use crate::document::Origin;
use crate::extract::Hints;
use crate::model::{AgencyKind, Date, Document, Outcome, Problem, ReadOutcome, ReadReport, Report, Severity, Verdict};
use crate::pipeline::Judge;
use crate::pipeline::check_json::{self, Subject};
use crate::text::hex;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What to check and how to tell it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 文件、文件夹、http(s) 网址，或 - 表示标准输入 / file, folder, address, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// 输出格式 / output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// 达到此严重程度即以 1 退出 / exit with 1 at or above this severity
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// 机关名称（文件里没有时） / name of the agency, where the document lacks it
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// 报告年度 / report year
    #[arg(long, value_name = "YYYY", value_parser = clap::value_parser!(i32).range(2000..2100))]
    year: Option<i32>,
    /// 发布日期 / date of publication
    #[arg(long, value_name = "YYYY-MM-DD")]
    published: Option<Date>,
    /// 机关类型 / kind of agency: government, office, department, township, sub-district, vertical
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    agency_kind: Option<AgencyKind>,
    /// 同一机关上一年度的报告 / last year's report of the same agency
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// 配置文件，取其中的 [rules] 和 [convert] / configuration file, of which [rules] and [convert] count
    #[arg(short = 'c', long = "config", value_name = "FILE")]
    config: Option<PathBuf>,
    /// 另一套规则文件夹 / a folder of rules instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// 本机关的覆盖文件：严重程度、限值、开关、评分 / the office's overlay: severities, limits, switches, scores
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Jsonl,
    Sarif,
    Html,
}

/// The severity at which a command ends with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warn,
    Info,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity makes the command end with 1.
    pub(super) fn reached(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warn => severity >= Severity::Warn,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

fn parse_kind(word: &str) -> Result<AgencyKind, String> {
    AgencyKind::parse(word).ok_or_else(|| AgencyKind::ALL.map(AgencyKind::word).join(", "))
}

/// One input, read and judged.
pub(super) struct Checked {
    pub(super) input: String,
    pub(super) sha256: String,
    pub(super) read: ReadReport,
    pub(super) outcomes: Vec<Outcome>,
    /// What it was read from: blocks and grids, for the sheet that shows them.
    document: Option<Document>,
}

impl Checked {
    /// What its object, and its fingerprints, are made of.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { input: &self.input, sha256: &self.sha256, read: &self.read, outcomes: &self.outcomes }
    }

    fn ended(&self, fail_on: FailOn) -> Ended {
        let violations = self.outcomes.iter().filter_map(|outcome| match &outcome.verdict {
            Verdict::Findings(violations) => Some(violations),
            _ => None,
        });
        let found = violations.flatten().any(|violation| fail_on.reached(violation.severity));
        let unread = self.read.outcome == ReadOutcome::Unreadable;
        Ended::Done.and(if found { Ended::Findings } else { Ended::Done }).and(if unread {
            Ended::Incomplete
        } else {
            Ended::Done
        })
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let mut config = match &arguments.config {
        Some(path) => super::shell::load_config(path, &[]).map_err(super::shell::Complained)?,
        None => Config::default(),
    };
    if arguments.overlay.is_some() {
        config.rules.overlay.clone_from(&arguments.overlay);
    }
    let judge = shell.judge(arguments.rules.as_deref(), &config)?;
    let hints = Hints {
        agency: arguments.agency.clone(),
        year: arguments.year,
        published: arguments.published,
        kind: arguments.agency_kind,
    };
    let mut ended = Ended::Done;
    let previous = match &arguments.previous {
        Some(path) => match previous(&judge, path) {
            Ok(report) => Some(report),
            Err(why) => {
                shell.complain(&why);
                return Ok(Ended::Incomplete);
            }
        },
        None => None,
    };
    let mut output = Output::new();
    let mut objects = Vec::new();
    let mut sarif = Sarif::new(&judge.rules, shell);
    let mut page = Page::new(shell);
    let mut body = Body::default();
    for input in inputs(&arguments.inputs) {
        let checked = match load(&input, &mut body, shell) {
            Ok(()) => check(&judge, &input, &body, &hints, previous.as_ref(), shell),
            Err(problem) => {
                body = Body::default();
                unread(&input, problem)
            }
        };
        ended = ended.and(checked.ended(arguments.fail_on));
        match arguments.format {
            Format::Text => output.print(&super::check_text::text(&checked.subject(), &judge.rules, shell)),
            Format::Jsonl => output.line(&check_json::text(&checked.subject(), &judge.rules, shell.json_english())),
            Format::Json => objects.push(check_json::value(&checked.subject(), &judge.rules, shell.json_english())),
            Format::Sarif => sarif.add(&checked.subject(), &body.bytes),
            Format::Html => page.add(&checked.subject(), checked.document.as_ref(), &judge.rules, shell),
        }
    }
    match arguments.format {
        Format::Json => output.line(&serde_json::to_string_pretty(&objects)?),
        Format::Sarif => output.line(&serde_json::to_string_pretty(&sarif.finish())?),
        Format::Html => output.print(&page.text()?),
        Format::Text | Format::Jsonl => {}
    }
    output.finish()?;
    Ok(ended)
}

/// A body and where it came from; its bytes are kept for the next one to be read into.
#[derive(Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    content_type: Option<String>,
}

fn check(judge: &Judge, input: &str, body: &Body, hints: &Hints, previous: Option<&Report>, shell: &Shell) -> Checked {
    let origin = Origin { content_type: body.content_type.as_deref(), name: Some(input) };
    let document = judge.convert(&body.bytes, origin);
    let read = judge.extract(&document, hints);
    let outcomes = judge.check_alone(&read, hints, previous, shell.now());
    Checked { input: input.to_owned(), sha256: hex_digest(&body.bytes), read, outcomes, document: Some(document) }
}

/// An input that could not be opened: unreadable, with the reason as a problem.
fn unread(input: &str, problem: Problem) -> Checked {
    let read = ReadReport {
        outcome: ReadOutcome::Unreadable,
        media: "application/octet-stream".to_owned(),
        report: None,
        image_only: false,
        problems: vec![problem],
        private: Vec::new(),
        attachments: Vec::new(),
    };
    Checked { input: input.to_owned(), sha256: hex_digest(b""), read, outcomes: Vec::new(), document: None }
}

fn hex_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn previous(judge: &Judge, path: &Path) -> Result<Report, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = path.to_string_lossy();
    let read = judge.read(&bytes, Origin { name: Some(&name), content_type: None }, &Hints::default());
    let report = read.report.filter(|report| !report.recognised);
    report.ok_or_else(|| format!("{name}: 上一年度的文件读不出年度报告，请换一个文件 / no report could be read from it"))
}

/// Endings of files that a folder is searched for.
const ENDINGS: [&str; 28] = [
    "html", "htm", "shtml", "mht", "mhtml", "txt", "md", "docx", "docm", "dotx", "doc", "dot", "wps", "wpt", "rtf", "xlsx",
    "xlsm", "xls", "et", "pdf", "ofd", "odt", "fodt", "ods", "zip", "rar", "7z", "jpg",
];

/// The inputs in the order given; a folder stands for the documents in it, sorted by path.
fn inputs(given: &[String]) -> Vec<String> {
    let mut inputs = Vec::new();
    for input in given {
        let path = Path::new(input);
        if input != "-" && path.is_dir() { folder(path, &mut inputs) } else { inputs.push(input.clone()) }
    }
    inputs
}

fn folder(path: &Path, inputs: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        inputs.push(path.to_string_lossy().into_owned());
        return;
    };
    let kind = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let mut entries: Vec<(PathBuf, bool)> =
        entries.filter_map(|entry| entry.ok().map(|entry| (entry.path(), kind(&entry)))).collect();
    entries.sort();
    for (entry, is_folder) in entries {
        let ending = entry.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        if is_folder {
            folder(&entry, inputs);
        } else if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            inputs.push(entry.to_string_lossy().into_owned());
        }
    }
}

pub(super) fn load(input: &str, body: &mut Body, shell: &Shell) -> Result<(), Problem> {
    if input.starts_with("http://") || input.starts_with("https://") {
        let (bytes, content_type) = shell.fetch(input)?;
        *body = Body { bytes, content_type };
        return Ok(());
    }
    body.bytes.clear();
    body.content_type = None;
    let limit = crate::document::MAX_BYTES as u64 + 1;
    let read = if input == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut body.bytes)
    } else {
        std::fs::File::open(input).and_then(|mut file| {
            // A file tells its size and is read in one call; of anything else no more than the limit is taken.
            let fits = file.metadata().is_ok_and(|known| known.is_file() && known.len() < limit);
            if fits { file.read_to_end(&mut body.bytes) } else { file.take(limit).read_to_end(&mut body.bytes) }
        })
    };
    match read {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::new("cannot-open", format!("打不开这个文件：{error}；请核对路径和权限"))),
    }
}
