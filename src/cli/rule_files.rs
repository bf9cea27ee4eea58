//! `nianjian rules`: validates the rule files, runs their cases, lists and explains them.

use super::{Ended, Output, Shell, rules};
use crate::pipeline::rule_set;
use std::path::PathBuf;

/// What to do with the rules.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 规则文件夹(缺省用内置规则) / a folder of rules instead of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// 本机关的覆盖文件 / the office's overlay
    #[arg(long, global = true, value_name = "FILE")]
    overlay: Option<PathBuf>,
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// 校验全部规则文件 / validates every rule file
    Check,
    /// 运行规则文件里的例子 / runs the cases in the rule files
    Test,
    /// 列出规则 / lists the rules
    List,
    /// 解释一条规则 / explains one rule
    Explain { id: String },
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let set = rule_set(arguments.rules.as_deref(), arguments.overlay.as_deref()).map_err(super::shell::Complained)?;
    let (text, ended) = match &arguments.command {
        Verb::Check => (rules::check(&set, shell.lang), Ended::Done),
        Verb::Test => {
            let tested = rules::test(&set, shell.lang);
            (tested.text, if tested.failed == 0 { Ended::Done } else { Ended::Findings })
        }
        Verb::List => (rules::list(&set, shell.lang), Ended::Done),
        Verb::Explain { id } => match rules::explain(&set, id, shell.lang) {
            Ok(text) => (text, Ended::Done),
            Err(hint) => {
                shell.complain(&hint);
                return Ok(Ended::Usage);
            }
        },
    };
    Output::write(text.as_bytes())?;
    Ok(ended)
}
