//! `check` on a terminal, like a good compiler: what, where, the quote, the law, what to do.

use super::Shell;
use crate::model::{Place, ReadOutcome, Report, Verdict, Violation};
use crate::pipeline::check_json::Subject;
use crate::rules::RuleSet;
use crate::words::{self, Lang};
use std::fmt::Write;

/// One input as text.
pub(super) fn text(checked: &Subject<'_>, rules: &RuleSet, shell: &Shell) -> String {
    let mut out = String::new();
    let lang = shell.lang;
    headline(&mut out, checked, shell);
    for problem in &checked.read.problems {
        let _ = writeln!(
            out,
            "{} {}[{}]",
            shell.paint("33", lang_text(lang, "故障", "problem")),
            words::problem(&problem.code, &problem.message, lang),
            problem.code
        );
    }
    out.push_str(&verdicts(checked, rules, shell));
    out
}

/// What the rules say: every finding, then the count, and what could not be decided.
pub(super) fn verdicts(checked: &Subject<'_>, rules: &RuleSet, shell: &Shell) -> String {
    let mut out = String::new();
    for outcome in checked.outcomes {
        if let Verdict::Findings(violations) = &outcome.verdict {
            for violation in violations {
                finding(&mut out, checked, &outcome.rule, violation, rules, shell);
            }
        }
    }
    summary(&mut out, checked, shell);
    out
}

fn lang_text<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang.is_english() { en } else { zh }
}

fn headline(out: &mut String, checked: &Subject<'_>, shell: &Shell) {
    let title = match &checked.read.report {
        Some(report) => report_line(report, shell.lang),
        None => unread_line(checked.read.outcome, shell.lang).to_owned(),
    };
    let _ = writeln!(out, "{} {}", shell.paint("1", checked.input), title);
}

/// Why there is no report, in a few words.
pub(super) fn unread_line(outcome: ReadOutcome, lang: Lang) -> &'static str {
    match outcome {
        ReadOutcome::NotAReport => lang_text(lang, "不是年度报告", "not an annual report"),
        _ => lang_text(lang, "未能读取", "could not be read"),
    }
}

pub(super) fn report_line(report: &Report, lang: Lang) -> String {
    let numbers = report.figures.iter().filter(|figure| figure.reading.number().is_some()).count();
    let sections = report.sections.iter().filter(|section| section.found).count();
    let agency = if report.agency.is_empty() { lang_text(lang, "机关不明", "agency unknown") } else { &report.agency };
    let year = report.year.map_or_else(|| "?".to_owned(), |year| year.to_string());
    if lang.is_english() {
        format!(
            "{agency}, {year}, form {}: {sections} of 6 sections, {numbers} of {} figures are numbers",
            report.standard,
            report.figures.len()
        )
    } else {
        format!(
            "{agency} {year} 年，格式 {}：读到 {sections}/6 个部分、{} 个数据项（其中数字 {numbers} 个）",
            report.standard,
            report.figures.len()
        )
    }
}

fn finding(out: &mut String, checked: &Subject<'_>, rule: &str, violation: &Violation, rules: &RuleSet, shell: &Shell) {
    let lang = shell.lang;
    let english = lang.is_english();
    let colour = match violation.severity {
        crate::model::Severity::Error => "1;31",
        crate::model::Severity::Warn => "1;33",
        crate::model::Severity::Info => "1;36",
    };
    let label = format!("{}[{rule}]", words::severity(violation.severity.word(), lang));
    let _ = writeln!(out, "\n{} {}", shell.paint(colour, &label), violation.message.text(english));
    for evidence in violation.evidence.iter().take(6) {
        let _ = writeln!(
            out,
            "  {} {}{}",
            shell.paint("34", "-->"),
            placed(&evidence.at, lang),
            excerpt(&evidence.quote, violation.actual.as_deref())
        );
    }
    if violation.evidence.len() > 6 {
        let more = violation.evidence.len() - 6;
        let _ = writeln!(out, "      {}", lang_text(lang, "另有", "and more:").to_owned() + &format!(" {more}"));
    }
    if let Some(notes) = rules.check(rule) {
        let _ = writeln!(out, "   = {}{}", lang_text(lang, "依据：", "basis: "), notes.basis.text(english));
        let _ = writeln!(out, "   = {}{}", lang_text(lang, "建议：", "advice: "), notes.advice.text(english));
    }
    let id = checked.fingerprint(rule, &violation.place);
    let _ = writeln!(out, "   = {}{}", lang_text(lang, "编号：", "id: "), shell.paint("2", &id));
}

/// Where something stands, before what stands there; empty where no place is known.
pub(super) fn placed(at: &Place, lang: Lang) -> String {
    let place = place(at, lang);
    if place.is_empty() { place } else { format!("{place}{}", lang_text(lang, "：", ": ")) }
}

/// Where something stands: page, table, row and column as far as they are known.
pub(super) fn place(place: &Place, lang: Lang) -> String {
    let mut parts = Vec::new();
    let mut part = |number: Option<u32>, zh: (&str, &str), en: &str| {
        if let Some(number) = number {
            parts.push(if lang.is_english() { format!("{en} {number}") } else { format!("{}{number}{}", zh.0, zh.1) });
        }
    };
    part(place.page, ("第 ", " 页"), "page");
    part(place.table, ("表 ", ""), "table");
    part(place.row, ("第 ", " 行"), "row");
    part(place.column, ("第 ", " 列"), "column");
    parts.join(lang_text(lang, "，", ", "))
}

/// A quote cut to what a screen line can show, around the number it is quoted for.
fn excerpt(quote: &str, around: Option<&str>) -> String {
    const WIDTH: usize = 76;
    let chars: Vec<char> = quote.chars().collect();
    if chars.len() <= WIDTH {
        return format!("「{quote}」");
    }
    let at = around.and_then(|word| quote.find(word)).map_or(0, |byte| quote[..byte].chars().count());
    let start = at.saturating_sub(WIDTH / 3).min(chars.len() - WIDTH);
    let middle: String = chars[start..start + WIDTH].iter().collect();
    format!("「{}{middle}{}」", if start > 0 { "…" } else { "" }, if start + WIDTH < chars.len() { "…" } else { "" })
}

fn summary(out: &mut String, checked: &Subject<'_>, shell: &Shell) {
    if checked.outcomes.is_empty() {
        out.push('\n');
        return;
    }
    let mut counts = [0usize; 4];
    let mut undecided = Vec::new();
    for outcome in checked.outcomes {
        match &outcome.verdict {
            Verdict::Clean => counts[0] += 1,
            Verdict::Findings(_) => counts[1] += 1,
            Verdict::Inconclusive(_) => counts[2] += 1,
            Verdict::NotApplicable => counts[3] += 1,
        }
        undecided.extend(outcome.verdict.open().map(|why| (outcome.rule.as_str(), why.text(shell.lang.is_english()))));
    }
    let [clean, findings, inconclusive, not_applicable] = counts;
    let line = if shell.lang.is_english() {
        format!("{clean} rules clean, {findings} with findings, {inconclusive} undecided, {not_applicable} not applicable")
    } else {
        format!("规则：{clean} 条通过，{findings} 条有问题，{inconclusive} 条无法判定，{not_applicable} 条不适用")
    };
    let _ = writeln!(out, "\n{}", shell.paint("1", &line));
    for (rule, why) in undecided {
        let _ = writeln!(
            out,
            "  {} {rule}{}{why}",
            shell.paint("2", lang_text(shell.lang, "无法判定", "undecided")),
            lang_text(shell.lang, "：", ": ")
        );
    }
    out.push('\n');
}
