//! `nianjian rules`: validates the rule files, runs their cases, lists and explains them.

use super::shell::Complained;
use super::{Ended, Output, Shell, rules};
use crate::pipeline::{rule_files, rule_set};
use std::path::PathBuf;

/// What to do with the rules.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 规则文件夹（缺省用内置规则） / a folder of rules instead of the built-in ones
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
    Test {
        /// 只测这一条 / only this rule
        id: Option<String>,
    },
    /// 列出规则 / lists the rules
    List,
    /// 解释一条规则 / explains one rule
    Explain { id: String },
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let english = shell.lang.is_english();
    if let Verb::Check = arguments.command {
        let (files, overlay) = rule_files(arguments.rules.as_deref(), arguments.overlay.as_deref()).map_err(Complained)?;
        let overlay = overlay.as_ref().map(|(path, text)| (path.as_str(), text.as_str()));
        let (text, sound) = rules::check(&files, overlay, shell.is_colourful(), english);
        if sound {
            Output::write(text.as_bytes())?;
            return Ok(Ended::Done);
        }
        shell.complain(text.trim_end());
        return Ok(Ended::Usage);
    }
    let set = rule_set(arguments.rules.as_deref(), arguments.overlay.as_deref()).map_err(Complained)?;
    let (text, ended) = match &arguments.command {
        Verb::Check => return Ok(Ended::Done),
        Verb::Test { id } => {
            let (text, sound) = rules::test(&set, id.as_deref(), english);
            (text, if sound { Ended::Done } else { Ended::Findings })
        }
        Verb::List => (rules::list(&set, english), Ended::Done),
        Verb::Explain { id } => match rules::explain(&set, id, english) {
            Ok(text) => (text, Ended::Done),
            Err(hint) => {
                shell.complain(hint.trim_end());
                return Ok(Ended::Usage);
            }
        },
    };
    Output::write(text.as_bytes())?;
    Ok(ended)
}
