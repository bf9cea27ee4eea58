//! `nianjian demo`: the whole main job on a bundled portal, served on loopback.

use super::shell::runtime;
use super::{Ended, Output, Shell, crawl};
use crate::demo;
use std::path::PathBuf;

/// How to show it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 演示结束后保持网页可看 / keeps the daemon and its page up afterwards
    #[arg(long)]
    serve: bool,
    /// 存放演示数据的文件夹（每次清空） / folder of the demonstration, emptied each time
    #[arg(long, value_name = "DIR", default_value = "nianjian-demo")]
    dir: PathBuf,
    /// 网页地址 / where the page listens with --serve
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8620")]
    listen: std::net::SocketAddr,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    runtime()?.block_on(async {
        let shown = demo::run(&arguments.dir, shell.lang, crawl::bars()).await?;
        let mut output = Output::new();
        output.print(&shown.text(shell.lang, shell.is_colourful()));
        output.finish()?;
        if arguments.serve {
            shell.complain(&format!("{}http://{}/", shell.say("网页：", "the page: "), arguments.listen));
            shown.serve(arguments.listen).await?;
        }
        Ok(Ended::Done)
    })
}
