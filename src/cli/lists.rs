//! `nianjian findings`, `reports`, `runs`: lists with filters, each a table of columns.

use super::rows::{List, Misused, Narrowing, Office};
use super::table::{Column, Format, FormatArguments, Listed, Shows};
use super::{ConfigArguments, Ended, Shell};
use crate::model::Message;
use crate::words::{self, Word};
use Shows::{In, Text, Time};

/// Which rows to list, and how.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 机关编号、名称或别名 / an agency's id, name or alias
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    #[command(flatten)]
    narrowing: Narrowing,
    #[command(flatten)]
    format: FormatArguments,
    #[command(flatten)]
    config: ConfigArguments,
}

impl Arguments {
    /// The filters, the agency among them.
    pub(super) fn narrowing(&self) -> Narrowing {
        Narrowing { agency: self.agency.clone(), ..self.narrowing.clone() }
    }

    /// Where the list goes.
    pub(super) fn format(&self) -> &FormatArguments {
        &self.format
    }

    /// Where the configuration is.
    pub(super) fn config(&self) -> &ConfigArguments {
        &self.config
    }
}

/// Which runs to list, and how.
#[derive(Debug, clap::Args)]
pub(super) struct RunArguments {
    /// 门户编号 / id of a portal
    #[arg(long, value_name = "ID")]
    portal: Option<String>,
    /// 状态，可用逗号写多个 / states, several by commas
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    #[command(flatten)]
    format: FormatArguments,
    #[command(flatten)]
    config: ConfigArguments,
}

/// What is wrong. A terminal shows what tells one from another; files have everything.
pub(super) const FINDINGS: &[Column] = &[
    Column::new(words::COL_FINDING_ID, "/fingerprint", Text),
    Column::new(words::COL_SEVERITY, "/severity", In(words::severity)),
    Column::new(words::COL_STATE, "/state", In(words::finding_state)),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_AGENCY, "/agency_name", Text).cut(30),
    Column::new(words::COL_RULE, "/rule", Text),
    Column::new(words::COL_MESSAGE, "/message", Text),
    Column::new(words::COL_AGENCY_ID, "/agency", Text).filed(),
    Column::new(words::COL_REPORT, "/report", Text).filed(),
    Column::new(words::COL_FIGURE, "/figures", Text).filed(),
    Column::new(words::COL_EXPECTED, "/expected", Text).filed(),
    Column::new(words::COL_ACTUAL, "/actual", Text).filed(),
    Column::new(words::COL_QUOTE, "/evidence", Text).filed(),
    Column::new(words::COL_BASIS, "/basis", Text).filed(),
    Column::new(words::COL_ADVICE, "/advice", Text).filed(),
    Column::new(words::COL_OPENED, "/opened", Time).filed(),
    Column::new(words::COL_CHANGED, "/changed", Time).filed(),
    Column::new(words::COL_RESOLVED, "/resolved", Time).filed(),
    Column::new(words::COL_FIX_DUE, "/due", Text).filed(),
    Column::new(words::COL_SNAPSHOT, "/snapshot", Text).filed(),
];

const REPORTS: &[Column] = &[
    Column::new(words::COL_AGENCY, "/agency_name", Text).cut(30),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_FORM, "/standard", In(words::standard)),
    Column::new(words::COL_PUBLISHED, "/published", Text),
    Column::new(words::COL_FIRST_SEEN, "/first_seen", Time),
    Column::new(words::COL_FIGURES, "/figures", Text),
    Column::new(words::COL_FINDINGS, "/findings", Text),
    Column::new(words::COL_TITLE, "/title", Text).cut(60),
    Column::new(words::COL_LINK, "/url", Text),
    Column::new(words::COL_LAST_SEEN, "/last_seen", Time).filed(),
    Column::new(words::COL_REPORT, "/id", Text).filed(),
    Column::new(words::COL_AGENCY_ID, "/agency", Text).filed(),
    Column::new(words::COL_PORTAL, "/portal", Text).filed(),
    Column::new(words::COL_SNAPSHOT, "/snapshot", Text).filed(),
    Column::new(words::COL_PROBLEM, "/problems", Text).filed(),
];

const RUNS: &[Column] = &[
    Column::new(words::COL_RUN, "/id", Text),
    Column::new(words::COL_PORTAL, "/portal", Text),
    Column::new(words::COL_CAUSE, "/cause", In(words::cause)),
    Column::new(words::COL_STATE, "/state", In(words::run_state)),
    Column::new(words::COL_STARTED, "/started", Time),
    Column::new(words::COL_ENDED, "/ended", Time),
    Column::new(words::COL_LISTED, "/tally/listed", Text),
    Column::new(words::COL_FETCHED, "/tally/fetched", Text),
    Column::new(words::COL_KEPT, "/tally/kept", Text),
    Column::new(words::COL_READ, "/tally/read", Text),
    Column::new(words::COL_SUBJECT, "/target", Text).cut(40),
    Column::new(words::COL_PROBLEM, "/problems", Text),
];

/// Lists findings.
pub(super) fn findings(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    list(List::Findings, words::SHEET_FINDINGS, FINDINGS, &arguments.narrowing(), &arguments.format, &arguments.config, shell)
}

/// Lists reports.
pub(super) fn reports(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    list(List::Reports, words::SHEET_REPORTS, REPORTS, &arguments.narrowing(), &arguments.format, &arguments.config, shell)
}

/// Lists runs.
pub(super) fn runs(arguments: &RunArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let narrowing = Narrowing { portal: arguments.portal.clone(), state: arguments.state.clone(), ..Narrowing::default() };
    list(List::Runs, words::SHEET_RUNS, RUNS, &narrowing, &arguments.format, &arguments.config, shell)
}

fn list(
    list: List,
    name: Word,
    columns: &[Column],
    narrowing: &Narrowing,
    format: &FormatArguments,
    config: &ConfigArguments,
    shell: &Shell,
) -> anyhow::Result<Ended> {
    narrowing.filter()?;
    let config = shell.config(config)?;
    let zone = config.service.timezone;
    let rows = Office::open(config, shell)?.rows(list, narrowing, english(format, shell))?;
    Listed { name, columns, rows: &rows, zone }.show(format, shell)
}

/// Whether texts are to be English: for people by their language, in JSON only where that was asked for.
pub(super) fn english(format: &FormatArguments, shell: &Shell) -> bool {
    if format.format == Format::Json { shell.json_english() } else { shell.lang.is_english() }
}

/// Whether a face shows what is no list: a table or JSON.
///
/// # Errors
/// [`Misused`] about the others.
pub(super) fn whole_faces(format: &FormatArguments) -> Result<(), Misused> {
    let message = Message {
        zh: "这个命令只有 --format table 和 json".to_owned(),
        en: "this command has --format table and json only".to_owned(),
    };
    if matches!(format.format, Format::Table | Format::Json) { Ok(()) } else { Err(Misused(message)) }
}
