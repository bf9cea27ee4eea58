//! `nianjian finding`: the rectification steps (整改), taken on the store or through the daemon that has it.

use super::rows::{Misused, Office, Undone, refused};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::ledger::Step;
use crate::model::{Date, Message};
use crate::pipeline::{StepError, Taking};
use crate::words;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

/// Which step to take on which finding.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 步骤：确认、排除、交办、反馈、重新打开 / the step
    #[arg(value_parser = steps())]
    step: Step,
    /// 问题编号 / id of the finding
    id: String,
    /// 经办人 / who takes the step
    #[arg(long, value_name = "NAME")]
    by: String,
    /// 说明 / why
    #[arg(long, value_name = "TEXT")]
    note: String,
    /// 整改期限，只用于交办 / date by which the agency is to answer, only with notify
    #[arg(long, value_name = "YYYY-MM-DD")]
    due: Option<Date>,
    #[command(flatten)]
    config: ConfigArguments,
}

fn steps() -> impl TypedValueParser<Value = Step> {
    PossibleValuesParser::new(Step::ALL.map(Step::word)).try_map(|word| Step::parse(&word).ok_or("no step"))
}

/// Takes the step.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    if arguments.due.is_some() && arguments.step != Step::Notify {
        return Err(misused("只有 notify 可以带期限".to_owned(), "only notify takes a due date".to_owned()).into());
    }
    let office = Office::open(shell.config(&arguments.config)?, shell)?;
    let (step, id) = (arguments.step, arguments.id.as_str());
    let escaped: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let body = json!({"step": step.word(), "by": arguments.by, "note": arguments.note, "due": arguments.due});
    let state = match office.post(&format!("/api/v1/findings/{escaped}/steps"), &body)? {
        Some((200, finding)) => finding["state"].as_str().unwrap_or_default().to_owned(),
        Some((404, _)) => return Err(unknown(id).into()),
        Some((status, problem)) => return Err(refused(status, &problem).into()),
        None => {
            let (pipeline, runtime) = office.pipeline()?;
            let taking = Taking { step, by: arguments.by.clone(), note: arguments.note.clone(), due: arguments.due };
            match runtime.block_on(pipeline.take_step(id, taking)) {
                Ok(finding) => finding.state.word().to_owned(),
                Err(StepError::Unknown) => return Err(unknown(id).into()),
                Err(StepError::Unfit(why)) => return Err(Misused(why).into()),
                Err(StepError::NotNow(why)) => return Err(Undone(why).into()),
                Err(StepError::Store(error)) => return Err(error.into()),
            }
        }
    };
    Output::write(format!("{id} {}\n", words::finding_state(&state, shell.lang)).as_bytes())?;
    Ok(Ended::Done)
}

fn misused(zh: String, en: String) -> Misused {
    Misused(Message { zh, en })
}

fn unknown(id: &str) -> Misused {
    misused(format!("没有编号为 {id} 的问题"), format!("there is no finding {id}"))
}
