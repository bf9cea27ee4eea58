//! `nianjian replay`: what would be found, or is found, in all that is kept, by this program and these rules.

use super::check::FailOn;
use super::rows::Office;
use super::table::FormatArguments;
use super::table::{Format, deliver};
use super::{ConfigArguments, Ended, Shell};
use crate::http::objects;
use crate::model::{ChangeKind, Finding, LedgerChange, Problem, Severity};
use crate::pipeline::Pipeline;
use crate::pipeline::replay::{Mark, Step};
use crate::words;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::PathBuf;

/// By which rules to judge again, and whether to keep the outcome.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 另一套规则文件夹 / a folder of rules instead of those configured
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// 只看差异，什么也不写入 / shows the differences and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// 出现达到此严重程度的问题即以 1 退出 / exit with 1 where a finding at or above this severity appears or changes
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    #[command(flatten)]
    format: FormatArguments,
    #[command(flatten)]
    config: ConfigArguments,
}

/// What a difference is, seen from the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Appears,
    Disappears,
    Changes,
}

impl Way {
    const ALL: [Way; 3] = [Way::Appears, Way::Disappears, Way::Changes];

    fn of(kind: ChangeKind) -> Way {
        match kind {
            ChangeKind::Opened | ChangeKind::Reopened => Way::Appears,
            ChangeKind::Resolved => Way::Disappears,
            ChangeKind::Changed | ChangeKind::Waived => Way::Changes,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Way::Appears => "appears",
            Way::Disappears => "disappears",
            Way::Changes => "changes",
        }
    }

    fn sign(self) -> (char, &'static str) {
        match self {
            Way::Appears => ('+', "31"),
            Way::Disappears => ('−', "32"),
            Way::Changes => ('~', "33"),
        }
    }
}

/// One difference: what is shown of it, in one language. Findings themselves are not held.
struct Difference {
    rule: String,
    way: Way,
    severity: Severity,
    line: String,
    object: Option<Value>,
}

/// All that a replay told.
#[derive(Default)]
struct Told {
    differences: Vec<Difference>,
    unread: Vec<(String, Problem)>,
    reports: usize,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    super::lists::whole_faces(&arguments.format)?;
    let mut config = shell.config(&arguments.config)?;
    if arguments.rules.is_some() {
        config.rules.dir.clone_from(&arguments.rules);
    }
    let path = config.service.data.join("replay.json");
    let office = Office::open(config, shell)?;
    let (pipeline, runtime) = office.pipeline()?;
    let keep = !arguments.dry_run;
    let mark = if keep { mark(&path).filter(|mark| mark.fits(pipeline)) } else { None };
    let after = mark.map(|mark| mark.after);
    if let Some(after) = &after {
        shell.complain(&format!(
            "{}{after}",
            shell.say("接着上次中断的地方，从此之后继续：", "going on where it was cut short, after: ")
        ));
    }
    let bar = bar();
    let mut told = Told::default();
    runtime.block_on(pipeline.replay(keep, after.as_deref(), &mut |step| match step {
        Step::Judged { report, at, of } => {
            told.reports += 1;
            bar.set_length(of as u64);
            bar.set_position(at as u64);
            if keep {
                // A mark that cannot be written costs time the next time, nothing else.
                drop(std::fs::write(&path, serde_json::to_vec(&Mark::of(pipeline, &report)).unwrap_or_default()));
            }
        }
        Step::Unread { report, problem } => told.unread.push((report, problem)),
        Step::Differs { before, change } => {
            told.differences.push(difference(before.as_deref(), &change, &arguments.format, shell));
        }
    }))?;
    bar.finish_and_clear();
    if keep {
        drop(std::fs::remove_file(&path));
    }
    let shown = match arguments.format.format {
        Format::Json => json_of(&told, arguments.dry_run, pipeline, shell)?,
        _ => text_of(&told, arguments.dry_run, pipeline, shell).into_bytes(),
    };
    deliver(&shown, &arguments.format, shell)?;
    let bad = |it: &Difference| it.way != Way::Disappears && arguments.fail_on.reached(it.severity);
    let found = if told.differences.iter().any(bad) { Ended::Findings } else { Ended::Done };
    Ok(found.and(if told.unread.is_empty() { Ended::Done } else { Ended::Incomplete }))
}

/// Where an earlier replay was cut short.
fn mark(path: &std::path::Path) -> Option<Mark> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("[{bar:30}] {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

fn difference(before: Option<&Finding>, change: &LedgerChange, format: &FormatArguments, shell: &Shell) -> Difference {
    let finding = &change.finding;
    let (lang, way) = (shell.lang, Way::of(change.kind));
    let json = format.format == Format::Json;
    let object = json.then(|| {
        let english = shell.json_english();
        let mut object = objects::finding(finding, english);
        object["change"] = way.word().into();
        object["before"] = before.map_or(Value::Null, |before| objects::finding(before, english));
        object
    });
    let severity = words::severity(finding.violation.severity.word(), lang);
    let of = words::REPORT_OF.with(lang, &[&finding.agency_name, &finding.year.to_string()]);
    let mut line = format!("{of} [{severity}] {}", finding.violation.message.text(lang.is_english()));
    let was = before.filter(|_| way == Way::Changes && !json).map(|before| was(before, finding, shell)).unwrap_or_default();
    line.push_str(&was);
    Difference { rule: finding.rule.clone(), way, severity: finding.violation.severity, line, object }
}

/// What a changed finding said before: the words where they differ, else its severity or its state.
fn was(before: &Finding, now: &Finding, shell: &Shell) -> String {
    let (lang, english) = (shell.lang, shell.lang.is_english());
    let old = match (before.violation.message.text(english), before.violation.severity) {
        (message, _) if message != now.violation.message.text(english) => message.to_owned(),
        (_, severity) if severity != now.violation.severity => words::severity(severity.word(), lang).to_owned(),
        _ => format!("{} → {}", words::finding_state(before.state.word(), lang), words::finding_state(now.state.word(), lang)),
    };
    format!("\n      {}{old}", shell.say("原为：", "was: "))
}

fn json_of(told: &Told, dry_run: bool, pipeline: &Pipeline, shell: &Shell) -> anyhow::Result<Vec<u8>> {
    let count = |way: Way| told.differences.iter().filter(|it| it.way == way).count();
    let unread = |(report, problem): &(String, Problem)| {
        let lang = if shell.json_english() { words::Lang::En } else { words::Lang::Zh };
        json!({"report": report, "code": problem.code, "message": words::problem(&problem.code, &problem.message, lang)})
    };
    let object = json!({
        "schema": "nianjian.replay/1",
        "dry_run": dry_run,
        "program": env!("CARGO_PKG_VERSION"),
        "rule_set": pipeline.judge.rules.fingerprint,
        "reports": told.reports,
        "unread": told.unread.iter().map(unread).collect::<Vec<_>>(),
        "appears": count(Way::Appears),
        "disappears": count(Way::Disappears),
        "changes": count(Way::Changes),
        "findings": told.differences.iter().filter_map(|it| it.object.as_ref()).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&object)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The differences by rule: +new −gone ~changed, each with whose report it is and its sentence.
fn text_of(told: &Told, dry_run: bool, pipeline: &Pipeline, shell: &Shell) -> String {
    let mut by_rule: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in &told.differences {
        by_rule.entry(&difference.rule).or_default().push(difference);
    }
    let counts = |of: &[&Difference]| {
        let count = |way: Way| of.iter().filter(|it| it.way == way).count();
        Way::ALL.map(|way| format!("{}{}", way.sign().0, count(way))).join(" ")
    };
    let mut text = String::new();
    for (rule, mut differences) in by_rule {
        differences.sort_by_key(|it| it.way);
        let _ = writeln!(text, "{}  {}", shell.paint("1", rule), counts(&differences));
        for it in differences {
            let (sign, colour) = it.way.sign();
            let _ = writeln!(text, "  {} {}", shell.paint(colour, &sign.to_string()), it.line);
        }
        text.push('\n');
    }
    for (report, problem) in &told.unread {
        let message = words::problem(&problem.code, &problem.message, shell.lang);
        let _ = writeln!(text, "{} {report}: {message} [{}]", shell.paint("33", shell.say("未读出", "not read")), problem.code);
    }
    let all: Vec<&Difference> = told.differences.iter().collect();
    let rules = pipeline.judge.rules.fingerprint.get(..12).unwrap_or_default();
    let kept = match (dry_run, all.is_empty()) {
        (_, true) => shell.say("没有差异", "no difference"),
        (true, false) => shell.say("试算，未写入", "a dry run, nothing was written"),
        (false, false) => shell.say("已记入台账", "written to the ledger"),
    };
    let (read, unread) = (told.reports.saturating_sub(told.unread.len()), told.unread.len());
    let _ = match shell.lang.is_english() {
        true => writeln!(text, "rule set {rules}: {read} reports judged, {unread} not read: {} ({kept})", counts(&all)),
        false => writeln!(text, "规则集 {rules}：核对年报 {read} 份，未读出 {unread} 份；{}（{kept}）", counts(&all)),
    };
    text
}
