//! `nianjian doubts` and `nianjian doubt`: the pages that nobody can place, listed, and decided by a person, on the
//! store or through the daemon that has it.

use super::lists::english;
use super::rows::{List, Misused, Narrowing, Office, Undone, refused};
use super::table::{Column, FormatArguments, Listed, Shows};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::model::{Message, Year};
use crate::pipeline::{Deciding, StepError};
use crate::words;
use Shows::{In, Text, Time};
use serde_json::json;

/// Which pages to list, and how.
#[derive(Debug, clap::Args)]
pub(super) struct ListArguments {
    /// 门户编号 / id of a portal
    #[arg(long, value_name = "ID")]
    portal: Option<String>,
    /// 报告年度 / report year
    #[arg(long, value_name = "YYYY")]
    year: Option<String>,
    /// 状态，可用逗号写多个：open、claimed、dismissed、settled / states, several by commas
    #[arg(long, value_name = "STATE", default_value = "open")]
    state: String,
    #[command(flatten)]
    format: FormatArguments,
    #[command(flatten)]
    config: ConfigArguments,
}

/// What to decide of which page.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    word: Word,
}

#[derive(Debug, clap::Subcommand)]
enum Word {
    /// 认领：是名录里某个机关某年度的年报 / it is an agency's report of a year
    Claim {
        /// 存疑页面编号 / id of the page
        id: String,
        /// 机关编号、名称或别名 / an agency's id, name or alias
        #[arg(long, value_name = "AGENCY")]
        agency: String,
        /// 报告年度 / report year
        #[arg(long, value_name = "YYYY")]
        year: Year,
        #[command(flatten)]
        signed: Signed,
    },
    /// 排除：不是年报 / it is no report
    Dismiss {
        /// 存疑页面编号 / id of the page
        id: String,
        #[command(flatten)]
        signed: Signed,
    },
}

/// Who decides, and why.
#[derive(Debug, clap::Args)]
struct Signed {
    /// 经办人 / who decides
    #[arg(long, value_name = "NAME")]
    by: String,
    /// 说明 / why
    #[arg(long, value_name = "TEXT")]
    note: String,
    #[command(flatten)]
    config: ConfigArguments,
}

const DOUBTS: &[Column] = &[
    Column::new(words::COL_ID, "/id", Text),
    Column::new(words::COL_STATE, "/state", In(words::doubt_state)),
    Column::new(words::COL_UNCLEAR, "/unclear", In(words::unclear)),
    Column::new(words::COL_AGENCY, "/agency_name", Text).cut(30),
    Column::new(words::COL_YEAR, "/year", Text),
    Column::new(words::COL_TITLE, "/title", Text).cut(60),
    Column::new(words::COL_LINK, "/url", Text),
    Column::new(words::COL_FIRST_SEEN, "/since", Time),
    Column::new(words::COL_PORTAL, "/portal", Text).filed(),
    Column::new(words::COL_AGENCY_ID, "/decision/agency", Text).filed(),
    Column::new(words::COL_BY, "/decision/by", Text).filed(),
    Column::new(words::COL_NOTE, "/decision/note", Text).filed(),
    Column::new(words::COL_SNAPSHOT, "/snapshot", Text).filed(),
];

/// Lists the pages.
pub(super) fn list(arguments: &ListArguments, shell: &Shell) -> anyhow::Result<Ended> {
    let narrowing = Narrowing {
        portal: arguments.portal.clone(),
        year: arguments.year.clone(),
        state: Some(arguments.state.clone()),
        ..Narrowing::default()
    };
    narrowing.filter()?;
    let config = shell.config(&arguments.config)?;
    let zone = config.service.timezone;
    let rows = Office::open(config, shell)?.rows(List::Doubts, &narrowing, english(&arguments.format, shell))?;
    Listed { name: words::DOUBTS, columns: DOUBTS, rows: &rows, zone }.show(&arguments.format, shell)
}

/// Decides on one.
pub(super) fn decide(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let (id, report, signed) = match &arguments.word {
        Word::Claim { id, agency, year, signed } => (id, Some((agency.clone(), *year)), signed),
        Word::Dismiss { id, signed } => (id, None, signed),
    };
    let office = Office::open(shell.config(&signed.config)?, shell)?;
    let escaped: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let body = match &report {
        Some((agency, year)) => {
            json!({"claim": "report", "agency": agency, "year": year, "by": signed.by, "note": signed.note})
        }
        None => json!({"claim": "none", "by": signed.by, "note": signed.note}),
    };
    let unknown = || {
        let (zh, en) = (format!("没有编号为 {id} 的存疑页面"), format!("there is no doubt {id}"));
        Misused(Message { zh, en })
    };
    let state = if report.is_some() { "claimed" } else { "dismissed" };
    match office.post(&format!("/api/v1/doubts/{escaped}/decision"), &body)? {
        Some((200, _)) => {}
        Some((404, _)) => return Err(unknown().into()),
        Some((status, problem)) => return Err(refused(status, &problem).into()),
        None => {
            let (pipeline, runtime) = office.pipeline()?;
            let deciding = Deciding { report, by: signed.by.clone(), note: signed.note.clone() };
            match runtime.block_on(pipeline.decide(id, deciding)) {
                Ok(_) => {}
                Err(StepError::Unknown) => return Err(unknown().into()),
                Err(StepError::Unfit(why)) => return Err(Misused(why).into()),
                Err(StepError::NotNow(why)) => return Err(Undone(why).into()),
                Err(StepError::Store(error)) => return Err(error.into()),
            }
        }
    }
    let said = words::doubt_state(state, shell.lang);
    let next = shell.say("，下次巡查起照此处理", ", from the next visit on");
    Output::write(format!("{id} {said}{next}\n").as_bytes())?;
    Ok(Ended::Done)
}
