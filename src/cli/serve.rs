//! `nianjian serve`: the daemon; and `nianjian config check`.

use super::shell::{load_config, runtime, unwatched};
use super::{ConfigArguments, Ended, Shell};
use crate::config::Config;
use crate::daemon::{Load, Office};
use crate::http;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How to run the daemon.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigArguments,
}

/// What to do with a configuration.
#[derive(Debug, clap::Args)]
pub(super) struct ConfigCommand {
    #[command(subcommand)]
    command: ConfigVerb,
}

#[derive(Debug, clap::Subcommand)]
enum ConfigVerb {
    /// 检查配置、规则和机关名录 / checks configuration, rules and roster
    Check {
        #[command(flatten)]
        config: ConfigArguments,
    },
}

/// Checks a configuration, the rules and the roster it names.
pub(super) fn check_config(arguments: &ConfigCommand, shell: &Shell) -> anyhow::Result<Ended> {
    let ConfigVerb::Check { config } = &arguments.command;
    let config = shell.config(config)?;
    crate::pipeline::check_parts(&config).map_err(super::shell::Complained)?;
    let line =
        format!("{}{}", shell.say("配置没有问题；门户数：", "the configuration is sound; portals: "), config.portals.len());
    super::Output::write(format!("{line}\n").as_bytes())?;
    Ok(Ended::Done)
}

/// Runs the daemon until SIGTERM or SIGINT.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    runtime()?.block_on(async {
        // Addresses first: a port in use is told before anything is opened.
        let listener = listen(config.http.listen, shell).await?;
        let metrics = match config.metrics_listen {
            Some(address) => Some(listen(address, shell).await?),
            None => None,
        };
        let (path, sets) = (arguments.config.config.clone(), arguments.config.set.clone());
        let load: Load = Box::new(move || load_config(&path, &sets));
        serve(config, listener, metrics, load, shell).await
    })
}

async fn listen(address: std::net::SocketAddr, shell: &Shell) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let hint = shell.say(
            "端口可能被占用；换一个 http.listen，或停掉占用它的程序",
            "the port may be in use: change http.listen, or stop what holds it",
        );
        anyhow::anyhow!("{address}: {error} ({hint})")
    })
}

async fn serve(
    config: Config,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    load: Load,
    shell: &Shell,
) -> anyhow::Result<Ended> {
    let signals = Signals::listen()?;
    let pipeline = shell.pipeline(&config, unwatched())?;
    let (address, portals) = (listener.local_addr()?, config.portals.len());
    let office = Office::new(pipeline, config);
    let stop = CancellationToken::new();
    shell.complain(&format!("{}http://{address}/", shell.say("年检已启动：", "nianjian is up: ")));
    if portals == 0 {
        shell.complain(shell.say(
            "还没有配置门户。下一步：在配置文件里写一段 [[portal]]（文件里有注释掉的例子），在 agencies.csv 里登记机关，然后重新载入：kill -HUP",
            "No portal is configured yet. Next: write a [[portal]] into the configuration (it has an example), list the agencies in agencies.csv, then reload with kill -HUP.",
        ));
    }
    let api = tokio::spawn(http::serve(office.clone(), listener, stop.clone()));
    let scrape = metrics.map(|listener| tokio::spawn(http::metrics_only(office.clone(), listener, stop.clone())));
    let signals = tokio::spawn(signals.obey(office.clone(), load, stop.clone()));
    let ran = office.run(stop.clone()).await;
    stop.cancel();
    signals.abort();
    // The servers end with the stop; what they answer with then is of no use to anybody.
    drop((
        api.await,
        match scrape {
            Some(scrape) => scrape.await.ok(),
            None => None,
        },
    ));
    ran?;
    shell.complain(shell.say("年检已停止", "nianjian has stopped"));
    Ok(Ended::Done)
}

/// The signals that a daemon obeys.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    /// From here on a signal is obeyed, and no longer ends the process where it stands.
    fn listen() -> std::io::Result<Signals> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Turns signals into a stop or a reload, until the stop.
    async fn obey(mut self, office: std::sync::Arc<Office>, load: Load, stop: CancellationToken) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => stop.cancel(),
                _ = self.interrupt.recv() => stop.cancel(),
                _ = self.hangup.recv() => office.reload(&load),
                () = stop.cancelled() => return,
            }
        }
    }
}
