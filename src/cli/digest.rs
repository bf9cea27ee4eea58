//! `nianjian digest`: the digest as it would go out now; sent only where that is asked for.

use super::rows::Misused;
use super::shell::{runtime, unwatched};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::config::Scope;
use crate::http::objects;
use crate::model::{Date, Digest, Message, Time};
use crate::notify::render::text::{Look, text};
use crate::pipeline::{Pipeline, Receiver};
use crate::store::{Store, StoreError};
use chrono::TimeZone;
use chrono_tz::Tz;
use std::time::Duration;

/// Whose digest to compose, of what time, and whether to send it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 从何时算起：日期或 RFC 3339 时刻；缺省为上一份摘要之后 / from when on; else since the last digest
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// 发送，不只是显示 / sends it, and does not only show it
    #[arg(long)]
    send: bool,
    /// 接收方编号；不写则全部 / id of a receiver; all of them where none is named
    #[arg(long, value_name = "ID")]
    receiver: Option<String>,
    /// 输出格式 / output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Columns of the text, as the demonstration shows it.
const WIDTH: usize = 100;

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    let since = arguments.since.as_deref().map(|word| since(word, config.service.timezone)).transpose()?;
    let pipeline = shell.pipeline(&config, unwatched())?;
    let receivers = receivers(&pipeline, arguments, shell)?;
    let (digests, waiting) = runtime()?.block_on(async {
        let mut digests = Vec::new();
        for receiver in &receivers {
            let digest = pipeline.digest_since(receiver, true, since).await?;
            digests.extend(digest.map(|digest| (receiver, digest)));
        }
        let waiting = if arguments.send { send(&pipeline, &digests).await? } else { 0 };
        Ok::<_, StoreError>((digests, waiting))
    })?;
    show(digests.iter().map(|(_, digest)| digest), arguments.format, shell)?;
    if waiting > 0 {
        let why = shell.say(
            "有渠道没有送达，摘要留在发件箱，守护进程会再发；未送达：",
            "not every channel took it; it stays in the outbox and the daemon sends it again; not delivered: ",
        );
        shell.complain(&format!("{why}{waiting}"));
        return Ok(Ended::Incomplete);
    }
    Ok(Ended::Done)
}

/// An instant, or a day that begins in the office's zone.
fn since(word: &str, zone: Tz) -> Result<Time, Misused> {
    let day = |day: Date| zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?).earliest().map(|at| at.to_utc());
    let parsed = word.parse::<Time>().ok().or_else(|| word.parse::<Date>().ok().and_then(day));
    parsed.ok_or_else(|| {
        Misused(Message {
            zh: format!("--since {word} 不是日期（2026-01-31）或时刻（2026-01-31T08:00:00+08:00）"),
            en: format!("--since {word} is neither a date (2026-01-31) nor an instant (2026-01-31T08:00:00+08:00)"),
        })
    })
}

/// The receivers that are meant. Where none is configured there is still a digest to be shown, of everything.
fn receivers(pipeline: &Pipeline, arguments: &Arguments, shell: &Shell) -> Result<Vec<Receiver>, Misused> {
    let configured = &pipeline.settings.receivers;
    let missing = |zh: String, en: String| Err(Misused(Message { zh, en }));
    match &arguments.receiver {
        Some(id) => match pipeline.settings.receiver(id) {
            Some(receiver) => Ok(vec![receiver.clone()]),
            None => missing(format!("配置里没有接收方 {id}"), format!("no receiver {id} in the configuration")),
        },
        None if !configured.is_empty() => Ok(configured.clone()),
        None if arguments.send => missing(
            "配置里没有 [[receiver]]，无处可发".to_owned(),
            "no [[receiver]] is configured: there is nobody to send to".to_owned(),
        ),
        None => Ok(vec![Receiver {
            id: String::new(),
            scope: Scope::All,
            sign_of_life: Duration::MAX,
            lang: shell.lang,
            channels: Vec::new(),
        }]),
    }
}

/// Sends the digests; how many deliveries of them are still to be made afterwards.
async fn send(pipeline: &Pipeline, digests: &[(&Receiver, Digest)]) -> Result<usize, StoreError> {
    for (receiver, digest) in digests {
        pipeline.put_in_outbox(receiver, digest).await?;
    }
    pipeline.deliver_outbox().await?;
    let outbox = pipeline.store(Store::outbox).await?;
    let ours = outbox.iter().filter(|(waiting, _)| digests.iter().any(|(_, sent)| sent.id == waiting.id));
    Ok(ours.map(|(_, channels)| channels.len()).sum())
}

fn show<'a>(digests: impl Iterator<Item = &'a Digest>, format: Format, shell: &Shell) -> anyhow::Result<()> {
    let look = Look { style: shell.is_colourful(), width: WIDTH };
    let shown = match format {
        Format::Json => super::table::json(&digests.map(objects::digest).collect::<Vec<_>>())?,
        Format::Text => digests.map(|digest| text(digest, shell.lang, look)).collect::<Vec<_>>().join("\n").into_bytes(),
    };
    Ok(Output::write(&shown)?)
}
