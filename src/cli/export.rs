//! `nianjian export`: what is kept, for other programs: figures, findings, the ledger's history, how
//! hosts were treated, and the kept pages as a WARC file.

use super::lists::FINDINGS;
use super::rows::{List, Misused, Narrowing, Office};
use super::table::{Column, Format, FormatArguments, Listed, Shows, refuse_terminal};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::model::{Event, Finding, Message, ReadOutcome, ReportEntry};
use crate::pipeline::{Pipeline, check_json};
use crate::score::{Charge, Sheet};
use crate::store::{Store, StoreError};
use crate::words::{self, Lang};
use Shows::{In, Text, Time};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// What to export.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 年报里的每个数据项，一行一项 / every figure of every report
    Figures(Rows),
    /// 问题，不论状态 / findings of every state
    Findings(Rows),
    /// 台账的全部变动和整改步骤，按先后 / every change of the ledger and every step, in order
    Ledger(Rows),
    /// 每份年报的得分表，按本机关覆盖文件的 [score] / the score of every report, by the overlay's [score]
    Scores(Rows),
    /// 对每台主机的访问礼节：请求次数、最短间隔、字节、robots.txt / how gently each host was treated
    Manners(Target),
    /// 一个问题的全部依据，一个网页文件 / all that proves one finding, in one file
    Evidence(super::evidence::Arguments),
    /// 保存的网页,WARC 1.1(.warc.gz) / the kept pages
    Warc {
        /// 写入文件 / file to write, else standard output
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        config: ConfigArguments,
    },
}

/// Which rows to export, and as what.
#[derive(Debug, clap::Args)]
struct Rows {
    /// 机关编号、名称或别名 / an agency's id, name or alias
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    #[command(flatten)]
    narrowing: Narrowing,
    #[command(flatten)]
    target: Target,
}

/// As what to export, where to, and whose.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// 输出格式 / output format
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// 写入文件，不写到标准输出 / writes to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) config: ConfigArguments,
}

impl Target {
    pub(super) fn format(&self) -> FormatArguments {
        FormatArguments { format: self.format, out: self.out.clone() }
    }
}

impl Rows {
    fn narrowing(&self) -> Narrowing {
        Narrowing { agency: self.agency.clone(), ..self.narrowing.clone() }
    }
}

const FIGURES: &[Column] = &[
    Column::new(words::COL_AGENCY_ID, "/agency", Text),
    Column::new(words::COL_AGENCY, "/agency_name", Text).cut(30),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_FORM, "/standard", Text),
    Column::new(words::COL_FIGURE, "/id", Text),
    Column::new(words::COL_STATE, "/state", Text),
    Column::new(words::COL_VALUE, "/value", Text),
    Column::new(words::COL_QUOTE, "/raw", Text).cut(30),
    Column::new(words::COL_UNIT, "/unit", Text),
    Column::new(words::COL_TABLE, "/at/table", Text).filed(),
    Column::new(words::COL_ROW, "/at/row", Text).filed(),
    Column::new(words::COL_COLUMN, "/at/column", Text).filed(),
    Column::new(words::COL_SNAPSHOT, "/snapshot", Text).filed(),
];

const SCORES: &[Column] = &[
    Column::new(words::COL_AGENCY_ID, "/agency", Text),
    Column::new(words::COL_AGENCY, "/agency_name", Text).cut(30),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::SCORE, "/score/score", Text),
    Column::new(words::COL_SCORE_LOST, "/score/lost", Text),
    Column::new(words::COL_SCORE_BASE, "/score/base", Text),
    Column::new(words::COL_SCORE_WHY, "/losses", Text).cut(60),
    Column::new(words::COL_SCORE_OPEN, "/not_scored", Text).cut(60),
];

const LEDGER: &[Column] = &[
    Column::new(words::COL_JOURNAL, "/entry", Text),
    Column::new(words::COL_AT, "/at", Time),
    Column::new(words::COL_EVENT, "/event", In(event)),
    Column::new(words::COL_FINDING_ID, "/fingerprint", Text),
    Column::new(words::COL_SEVERITY, "/severity", In(words::severity)),
    Column::new(words::COL_STATE, "/state", In(words::finding_state)),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_AGENCY, "/agency_name", Text).cut(30),
    Column::new(words::COL_RULE, "/rule", Text),
    Column::new(words::COL_BY, "/by", Text),
    Column::new(words::COL_NOTE, "/note", Text).cut(40),
    Column::new(words::COL_FIX_DUE, "/due", Text),
    Column::new(words::COL_MESSAGE, "/message", Text),
    Column::new(words::COL_AGENCY_ID, "/agency", Text).filed(),
    Column::new(words::COL_EXPECTED, "/expected", Text).filed(),
    Column::new(words::COL_ACTUAL, "/actual", Text).filed(),
    Column::new(words::COL_SNAPSHOT, "/snapshot", Text).filed(),
];

/// What happened: a change by the rules, or a step of a person. Neither has a word of the other.
fn event(key: &str, lang: Lang) -> &str {
    match words::change(key, lang) {
        same if same == key => words::step(key, lang),
        word => word,
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    match &arguments.what {
        What::Figures(rows) => figures(rows, shell),
        What::Findings(rows) => {
            let read = |office: &Office, english| office.rows(List::Findings, &rows.narrowing(), english);
            export(rows, (words::SHEET_FINDINGS, FINDINGS), read, shell)
        }
        What::Ledger(rows) => {
            let read = |office: &Office, english| ledger(office, &rows.narrowing(), english);
            export(rows, (words::SHEET_LEDGER, LEDGER), read, shell)
        }
        What::Scores(rows) => export(rows, (words::SHEET_SCORES, SCORES), |office, english| scores(office, rows, english), shell),
        What::Manners(target) => super::manners::run(target, shell),
        What::Evidence(arguments) => super::evidence::run(arguments, shell),
        What::Warc { out, config } => warc(out.as_ref(), config, shell),
    }
}

fn export(
    rows: &Rows,
    (name, columns): (words::Word, &[Column]),
    read: impl FnOnce(&Office, bool) -> anyhow::Result<Vec<Value>>,
    shell: &Shell,
) -> anyhow::Result<Ended> {
    rows.narrowing.filter()?;
    let config = shell.config(&rows.target.config)?;
    let zone = config.service.timezone;
    let format = rows.target.format();
    let read = read(&Office::open(config, shell)?, super::lists::english(&format, shell))?;
    Listed { name, columns, rows: &read, zone }.show(&format, shell)
}

/// Every figure of the reports that are wanted, read again from what is kept. A report whose body cannot be read
/// back is told on standard error and makes the command end with 2; the others are exported all the same.
fn figures(rows: &Rows, shell: &Shell) -> anyhow::Result<Ended> {
    let mut unread = 0;
    let read = |office: &Office, _| {
        let (pipeline, runtime) = office.pipeline()?;
        let filter = rows.narrowing().filter()?;
        let (reports, _) = runtime.block_on(crate::http::select::reports(pipeline, filter))?;
        let mut figures = Vec::new();
        for report in reports.iter().filter(|report| report.outcome == ReadOutcome::Read) {
            match runtime.block_on(figures_of(pipeline, report)) {
                Ok(found) => figures.extend(found),
                Err(error) => {
                    unread += 1;
                    shell.complain(&format!("{}: {}", report.id, error.message().text(shell.lang.is_english())));
                }
            }
        }
        Ok(figures)
    };
    let ended = export(rows, (words::SHEET_FIGURES, FIGURES), read, shell)?;
    Ok(if unread > 0 { ended.and(Ended::Incomplete) } else { ended })
}

/// The figures of one report, each with whose it is.
async fn figures_of(pipeline: &Pipeline, entry: &ReportEntry) -> Result<Vec<Value>, StoreError> {
    let read = pipeline.stored_report(&entry.agency, entry.year).await?;
    let Some(report) = read.as_ref().and_then(|read| read.report.as_ref()) else { return Ok(Vec::new()) };
    let whose = json!({
        "report": entry.id, "agency": entry.agency, "agency_name": entry.agency_name, "year": entry.year,
        "standard": report.standard, "snapshot": entry.snapshot,
    });
    let row = |figure| {
        let mut row = whose.clone();
        if let (Some(row), Value::Object(figure)) = (row.as_object_mut(), check_json::figure(figure)) {
            row.extend(figure);
        }
        row
    };
    Ok(report.figures.iter().map(row).collect())
}

/// The score of each report that is wanted: what stands against its agency and year, by the office's scheme.
fn scores(office: &Office, rows: &Rows, english: bool) -> anyhow::Result<Vec<Value>> {
    let (pipeline, runtime) = office.pipeline()?;
    let scheme = pipeline.judge.rules.score.as_ref().ok_or_else(|| {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| words::SCORE_NO_SCHEME.text(lang).to_owned());
        Misused(Message { zh, en })
    })?;
    let (reports, findings) = runtime.block_on(crate::http::select::reports(pipeline, rows.narrowing().filter()?))?;
    let row = |report: &ReportEntry| {
        let against = findings.iter().filter(|it| it.state.stands() && it.agency == report.agency && it.year == report.year);
        let charges: Vec<Charge<'_>> = against.map(|it| Charge { rule: &it.rule, severity: it.violation.severity }).collect();
        let sheet = Sheet::of(scheme, &charges, &report.extent, report.outcome == ReadOutcome::Read);
        let losses: Vec<String> = sheet.losses.iter().map(|loss| loss.line(english)).collect();
        let open: Vec<&str> = sheet.not_scored.iter().map(|open| open.why.text(english)).collect();
        json!({
            "agency": report.agency, "agency_name": report.agency_name, "year": report.year, "report": report.id,
            "score": sheet.value(english), "losses": losses, "not_scored": open,
        })
    };
    Ok(reports.iter().map(row).collect())
}

/// The ledger's changes and people's steps on the findings that are wanted, in the order of the journal.
fn ledger(office: &Office, narrowing: &Narrowing, english: bool) -> anyhow::Result<Vec<Value>> {
    let (pipeline, runtime) = office.pipeline()?;
    let findings = runtime.block_on(crate::http::select::findings(pipeline, narrowing.filter()?))?;
    let wanted: HashMap<&str, &Finding> = findings.iter().map(|finding| (finding.fingerprint.as_str(), finding)).collect();
    let mut rows = Vec::new();
    pipeline.store.events_since(0, |entry, event| match event {
        Event::Finding { change } if wanted.contains_key(change.finding.fingerprint.as_str()) => {
            let mut row = told(entry, change.kind.word(), &change.finding, english);
            row["at"] = json!(change.finding.changed);
            row["state"] = change.finding.state.word().into();
            rows.push(row);
        }
        Event::Step { fingerprint, step, by, note, due, at } => {
            let Some(finding) = wanted.get(fingerprint.as_str()) else { return };
            let mut row = told(entry, &step, finding, english);
            (row["at"], row["by"], row["note"], row["due"]) = (json!(at), by.into(), note.into(), json!(due));
            rows.push(row);
        }
        _ => {}
    })?;
    Ok(rows)
}

/// What a row says of its finding.
fn told(entry: u64, event: &str, finding: &Finding, english: bool) -> Value {
    let violation = &finding.violation;
    json!({
        "entry": entry, "at": null, "event": event,
        "fingerprint": finding.fingerprint, "rule": finding.rule, "severity": violation.severity.word(), "state": null,
        "agency": finding.agency, "agency_name": finding.agency_name, "year": finding.year,
        "message": violation.message.text(english), "expected": violation.expected, "actual": violation.actual,
        "snapshot": finding.snapshot, "by": null, "note": null, "due": null,
    })
}

/// Every kept body as a WARC record, each a gzip member of its own, as the format wants it.
fn warc(out: Option<&PathBuf>, config: &ConfigArguments, shell: &Shell) -> anyhow::Result<Ended> {
    if out.is_none() {
        refuse_terminal()?;
    }
    let office = Office::open(shell.config(config)?, shell)?;
    let (pipeline, _) = office.pipeline()?;
    let name = out.and_then(|path| path.file_name()).map_or_else(|| "nianjian.warc.gz".into(), |name| name.to_string_lossy());
    let info = Store::warc_info(&name, shell.now());
    let mut sink: Box<dyn Write> = match out {
        Some(path) => {
            let file = std::fs::File::create(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            Box::new(io::BufWriter::new(file))
        }
        None => Box::new(Stdout),
    };
    member(&mut sink, &info)?;
    let mut ended = Ended::Done;
    for place in pipeline.store.places()? {
        match pipeline.store.warc_record(&place.sha256) {
            Ok(Some(record)) => member(&mut sink, &record)?,
            Ok(None) => {}
            Err(error) => {
                shell.complain(error.message().text(shell.lang.is_english()));
                ended = ended.and(Ended::Incomplete);
            }
        }
    }
    sink.flush()?;
    Ok(ended)
}

/// One record, packed by itself, so that a reader can go to any of them.
fn member(sink: &mut dyn Write, record: &[u8]) -> io::Result<()> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(record)?;
    sink.write_all(&packer.finish()?)
}

/// Standard output, whose reader may go away.
struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Output::write(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
