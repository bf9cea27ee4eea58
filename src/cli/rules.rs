//! `nianjian rules check|test|list|explain`: the words of the rule files, and what is wrong with them.
//!
//! Functions from rules to text; the caller prints it and chooses the exit code.

use crate::check::{CaseResult, run_cases};
use crate::model::{AgencyKind, Severity};
use crate::rules::{Check, Complaint, RuleSet, load};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use std::fmt::Write;

/// A complaint with the file it is about, as the renderer wants it.
#[derive(Debug)]
struct Shown<'a> {
    complaint: &'a Complaint,
    source: NamedSource<String>,
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Complaint { path, line, column, what, .. } = self.complaint;
        write!(f, "{path}:{line}:{column}: {what}")
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.complaint.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.complaint.span.as_ref().map(|_| &self.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.complaint.span.clone()?;
        let label = LabeledSpan::new_with_span(Some("here".to_owned()), span);
        Some(Box::new(std::iter::once(label)))
    }
}

/// Complaints as people read them, the line underlined; `texts` are the files as (path, text).
pub fn complaints(complaints: &[Complaint], texts: &[(&str, &str)], color: bool) -> String {
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let mut out = String::new();
    for complaint in complaints {
        let text = texts.iter().find(|(path, _)| *path == complaint.path).map_or("", |(_, text)| *text);
        let shown = Shown { complaint, source: NamedSource::new(&complaint.path, text.to_owned()) };
        if handler.render_report(&mut out, &shown).is_err() {
            let _ = writeln!(out, "{complaint}");
        }
    }
    out
}

/// `rules check`: one line where the files can be taken, else every complaint. True where they can.
pub fn check(files: &[(String, String)], overlay: Option<(&str, &str)>, color: bool, english: bool) -> (String, bool) {
    match load(files, overlay) {
        Ok(rules) => {
            let (checks, standards) = (rules.checks.len(), rules.standards.len());
            let print = rules.fingerprint.get(..12).unwrap_or_default();
            let line = if english {
                format!("{checks} rules, {standards} standards, no complaint; rule set {print}\n")
            } else {
                format!("规则 {checks} 条，格式 {standards} 种，未发现问题；规则集 {print}\n")
            };
            (line, true)
        }
        Err(found) => {
            let mut texts: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            texts.extend(overlay);
            let mut out = complaints(&found, &texts, color);
            let count = found.len();
            out.push_str(&if english { format!("{count} complaints\n") } else { format!("共 {count} 处问题\n") });
            (out, false)
        }
    }
}

/// `rules test`: every case that does not hold, and the count. True where all hold.
pub fn test(rules: &RuleSet, only: Option<&str>, english: bool) -> (String, bool) {
    let results = run_cases(rules, only);
    let failed: Vec<&CaseResult> = results.iter().filter(|result| result.failure.is_some()).collect();
    let mut out = String::new();
    for result in &failed {
        let why = result.failure.as_deref().unwrap_or_default();
        let _ = writeln!(out, "✗ {} · {}\n    {why}", result.rule, result.case);
    }
    let (all, bad) = (results.len(), failed.len());
    let line = if english { format!("{all} cases, {bad} failed") } else { format!("用例 {all} 个，未通过 {bad} 个") };
    let _ = writeln!(out, "{line}");
    (out, failed.is_empty())
}

fn severity_word(severity: Option<Severity>) -> &'static str {
    severity.map_or("off", Severity::word)
}

/// `rules list`: id, severity and what is found, one rule a line.
pub fn list(rules: &RuleSet, english: bool) -> String {
    let width = rules.checks.iter().map(|check| check.id.len()).max().unwrap_or_default();
    let line =
        |check: &Check| format!("{:width$}  {:5}  {}\n", check.id, severity_word(check.severity), check.what.text(english));
    rules.checks.iter().map(line).collect()
}

/// `rules explain ID`: what, why, basis, advice, kind, messages and cases, in the words of the file.
///
/// # Errors
/// A sentence that names the nearest rule, where there is no rule of this id.
pub fn explain(rules: &RuleSet, id: &str, english: bool) -> Result<String, String> {
    let Some(check) = rules.check(id) else {
        let help = crate::rules::hint(id, rules.checks.iter().map(|check| check.id.as_str()));
        return Err(if english { format!("there is no rule `{id}`; {help}") } else { format!("没有规则 {id}（{help}）") });
    };
    let heads = if english {
        ["Severity", "Why", "Basis", "Advice", "Kind", "Says", "Cases"]
    } else {
        ["级别", "为什么", "依据", "建议", "种类", "提示", "用例"]
    };
    let mut severity = severity_word(check.severity).to_owned();
    for kind in AgencyKind::ALL {
        if let Some(other) = check.severity_for.get(&kind) {
            let _ = write!(severity, " · {}: {}", kind.word(), severity_word(*other));
        }
    }
    let colon = if english { ": " } else { "：" };
    let mut out = format!("{}  {}\n\n", check.id, check.what.text(english));
    let lines = [
        severity,
        check.why.text(english).to_owned(),
        check.basis.text(english).to_owned(),
        check.advice.text(english).to_owned(),
        check.kind.name().to_owned(),
    ];
    for (head, line) in heads.iter().zip(lines) {
        let _ = writeln!(out, "{head}{colon}{line}");
    }
    let _ = writeln!(out, "{}{colon}", heads[5]);
    for message in check.messages.values() {
        let _ = writeln!(out, "  {}", message.text(english));
    }
    let _ = writeln!(out, "{}{colon}", heads[6]);
    for case in &check.cases {
        let outcome = match case.expect.outcome {
            crate::rules::Word::Clean => ("无问题", "clean"),
            crate::rules::Word::Finding => ("问题", "finding"),
            crate::rules::Word::Inconclusive => ("无法判定", "inconclusive"),
            crate::rules::Word::Nothing => ("", ""),
            crate::rules::Word::NotApplicable => ("不适用", "not applicable"),
        };
        let _ = writeln!(out, "  {} → {}", case.name.get_ref(), if english { outcome.1 } else { outcome.0 });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::builtin;

    #[test]
    fn the_shipped_rules_are_taken_and_hold() {
        let (text, good) = check(&builtin(), None, false, false);
        assert!(good, "{text}");
        let rules = load(&builtin(), None).expect("they were just taken");
        let (text, good) = test(&rules, None, true);
        assert!(good, "{text}");
    }

    #[test]
    fn a_complaint_shows_its_line_underlined() {
        let mut files = builtin();
        let flow = files.iter_mut().find(|(path, _)| path.ends_with("applications-flow.toml")).expect("it ships");
        flow.1 = flow.1.replace("received + carried_in =", "recieved + carried_in =");
        let (text, good) = check(&files, None, false, true);
        assert!(!good);
        assert!(text.contains("applications-flow.toml:") && text.contains("the form has no `recieved`"), "{text}");
        assert!(text.contains("did you mean `received`?"), "{text}");
        assert!(text.contains("formula = \"recieved + carried_in"), "{text}");
        assert!(text.contains("────┬───"), "{text}");
    }

    #[test]
    fn explain_speaks_the_words_of_the_file_and_hints() {
        let rules = load(&builtin(), None).expect("the shipped rules load");
        let zh = explain(&rules, "balance/applications-flow", false).expect("it ships");
        assert!(zh.contains("为什么：") && zh.contains("identity"), "{zh}");
        assert!(explain(&rules, "balance/applications-flaw", true).expect_err("no such rule").contains("applications-flow"));
        assert_eq!(list(&rules, true).lines().count(), rules.checks.len());
    }
}
