//! `check` on a terminal, like a good compiler: what, where, the quote, the law, what to do.

use super::Shell;
use super::probe_text::plain;
use crate::model::{Place, ReadOutcome, Report, Verdict, Violation};
use crate::pipeline::check_json::Subject;
use crate::rules::RuleSet;
use crate::score::Sheet;
use crate::text::link_to;
use crate::words::{self, Lang, Word};
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

/// What the rules say: every finding, then how far it was checked and why no further, then the score.
pub(super) fn verdicts(checked: &Subject<'_>, rules: &RuleSet, shell: &Shell) -> String {
    let mut out = String::new();
    for (rule, violation) in checked.violations() {
        finding(&mut out, checked, rule, violation, rules, shell);
    }
    summary(&mut out, checked, shell);
    if let Some(sheet) = checked.score(rules) {
        score(&mut out, &sheet, shell);
    }
    out.push('\n');
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
    let named = plain(&report.agency);
    let agency = if named.is_empty() { lang_text(lang, "机关不明", "agency unknown") } else { &named };
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
    let _ = writeln!(out, "\n{} {}", shell.paint(colour, &label), plain(violation.message.text(english)));
    for evidence in violation.evidence.iter().take(PLACES) {
        let mark = shell.paint("34", "-->");
        let at = located(&evidence.at, lang);
        let _ = writeln!(out, "  {mark} {at}{}", excerpt(&evidence.quote, violation.actual.as_deref()));
        if let Some(link) = link_to(checked.input, &evidence.at).filter(|_| !rule.starts_with("privacy/")) {
            let _ = writeln!(out, "      {}", shell.paint("2", &link));
        }
    }
    if violation.evidence.len() > PLACES {
        let _ = writeln!(out, "      {}", words::SHEET_MORE.with(lang, &[&(violation.evidence.len() - PLACES).to_string()]));
    }
    if let (Some(expected), Some(actual)) = (&violation.expected, &violation.actual) {
        let told = [expected, actual].map(|value| words::standard(value, lang));
        let _ = writeln!(out, "   = {}", words::SHEET_SUM.with(lang, &told));
    }
    if let Some(notes) = rules.check(rule) {
        let _ = writeln!(out, "   = {}{}", lang_text(lang, "依据：", "basis: "), notes.basis.text(english));
        let _ = writeln!(out, "   = {}{}", lang_text(lang, "怎么办：", "what to do: "), notes.advice.text(english));
    }
    let id = checked.fingerprint(rule, &violation.place);
    let _ = writeln!(out, "   = {}{}", lang_text(lang, "编号：", "id: "), shell.paint("2", &id));
}

/// How many places of a finding are shown.
const PLACES: usize = 6;

/// Where something stands, before what stands there; empty where no place is known.
pub(super) fn placed(at: &Place, lang: Lang) -> String {
    let place = words::place(at, lang);
    if place.is_empty() { place } else { format!("{place}{}", lang_text(lang, "：", ": ")) }
}

/// The same with the label of its row, by which a person finds it faster than by counting.
fn located(at: &Place, lang: Lang) -> String {
    let label = at.label.as_deref().filter(|_| at.row.is_some()).map(|label| shortened(label, 24)).unwrap_or_default();
    match (words::place(at, lang), label.is_empty()) {
        (place, true) if place.is_empty() => place,
        (place, true) => format!("{place}{}", lang_text(lang, "：", ": ")),
        (place, false) if lang.is_english() => format!("{place} ({label}): "),
        (place, false) => format!("{place}（{label}）："),
    }
}

/// A text on one line, cut after so many characters.
fn shortened(text: &str, most: usize) -> String {
    let line = plain(text);
    if line.chars().count() <= most { line } else { line.chars().take(most).chain(['…']).collect() }
}

/// A quote cut to what a screen line can show, around the number it is quoted for.
fn excerpt(quote: &str, around: Option<&str>) -> String {
    const WIDTH: usize = 76;
    let quote = &plain(quote);
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
    let lang = shell.lang;
    if let Some(word) = unchecked(checked) {
        let _ = writeln!(out, "\n{}", shell.paint("1;33", word.text(lang)));
    }
    if checked.outcomes.is_empty() {
        return;
    }
    let mut counts = [0usize; 4];
    for outcome in checked.outcomes {
        counts[match &outcome.verdict {
            Verdict::Clean => 0,
            Verdict::Findings(_) => 1,
            Verdict::Inconclusive(_) => 2,
            Verdict::NotApplicable => 3,
        }] += 1;
    }
    let [clean, findings, inconclusive, not_applicable] = counts;
    let line = if lang.is_english() {
        format!("{clean} rules clean, {findings} with findings, {inconclusive} undecided, {not_applicable} not applicable")
    } else {
        format!("规则：{clean} 条通过，{findings} 条有问题，{inconclusive} 条无法判定，{not_applicable} 条不适用")
    };
    let _ = writeln!(out, "\n{}", shell.paint("1", &line));
    let extent = checked.extent();
    if extent.applicable == 0 {
        return;
    }
    let covered = words::covered(extent.decided, extent.applicable, lang);
    if extent.open.is_empty() {
        let _ = writeln!(out, "{covered}");
        return;
    }
    let _ = writeln!(out, "{covered}{}{}", lang_text(lang, "；", "; "), words::COVERED_REST.text(lang));
    for open in &extent.open {
        let _ = writeln!(
            out,
            "  {} {}{}{}",
            shell.paint("2", lang_text(lang, "无法判定", "undecided")),
            open.why.text(lang.is_english()),
            lang_text(lang, "：", ": "),
            rule_names(&open.rules, lang)
        );
    }
}

/// Rules by name, the first of many.
pub(super) fn rule_names(rules: &[String], lang: Lang) -> String {
    const NAMED: usize = 8;
    let named = rules.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(lang_text(lang, "、", ", "));
    match rules.len().saturating_sub(NAMED) {
        0 => named,
        more if lang.is_english() => format!("{named} and {more} more"),
        more => format!("{named} 等 {} 条", more + NAMED),
    }
}

/// Why a document was not checked at all, where it was not: it must never look clean.
pub(super) fn unchecked(checked: &Subject<'_>) -> Option<Word> {
    let only_links = checked.read.report.as_ref().is_some_and(|report| report.attachment_only);
    match checked.read.outcome {
        ReadOutcome::NotAReport => Some(words::SHEET_NO_REPORT),
        _ if checked.was_read() => None,
        ReadOutcome::Read if only_links => Some(words::SHEET_UNREAD_PAGE),
        _ => Some(words::SHEET_UNREAD),
    }
}

/// The score, what cost points, and what was not scored.
fn score(out: &mut String, sheet: &Sheet, shell: &Shell) {
    let lang = shell.lang;
    let _ =
        writeln!(out, "{}{}{}", shell.paint("1", words::SCORE.text(lang)), lang_text(lang, "：", ": "), score_line(sheet, lang));
    for loss in &sheet.losses {
        let _ = writeln!(out, "  {}", loss.line(lang.is_english()));
    }
    if !sheet.not_scored.is_empty() {
        let _ = writeln!(out, "  {}", words::SCORE_PART.text(lang));
    }
}

/// `97 / 100 分（扣 3 分）`, or that nothing was scored.
pub(super) fn score_line(sheet: &Sheet, lang: Lang) -> String {
    match sheet.score {
        Some(score) => {
            let numbers = [score, sheet.base, sheet.lost].map(|number| number.normalize().to_string());
            words::SCORE_OF.with(lang, &[&numbers[0], &numbers[1], &numbers[2]])
        }
        None => words::SCORE_NONE.text(lang).to_owned(),
    }
}
