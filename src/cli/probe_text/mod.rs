//! `probe` on a terminal: the way from the answer to the findings, one part after another.

mod draw;
mod reading;

use super::{Shell, check_text};
use crate::crawl::Assignment;
use crate::fetch::Fetched;
use crate::model::{Date, Problem};
use crate::notify::render::align::{fit, pad};
use crate::pipeline::check_json::Subject;
use crate::pipeline::probe::{DocumentSeen, Entry, Fate, ListSeen, Probed};
use crate::pipeline::probe_json::result_kind;
use crate::rules::RuleSet;
use crate::words;
use std::fmt::Write;

/// The parts of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Section {
    /// 取页 / the answer
    Fetch,
    /// 栏目样式 / the profile
    Profile,
    /// 列表 / the list
    List,
    /// 格式、编码、问题 / format, charset, problems
    Document,
    /// 各部分 / the sections
    Sections,
    /// 表格 / the tables as they were understood
    Grids,
    /// 数据项 / the figures
    Figures,
    /// 文字里的数字 / quantities that the text states
    Claims,
    /// 分项之和 / wholes and their parts
    Breakdowns,
    /// 没读懂的 / what was not understood
    Unread,
    /// 核对结果 / what the rules say
    Findings,
}

/// Everything, or the parts asked for.
pub(super) fn text(probed: &Probed, only: &[Section], rules: &RuleSet, shell: &Shell) -> String {
    let mut page = Page { out: String::new(), only, shell };
    let kind = words::page_kind(probed.kind().word(), shell.lang);
    let _ = writeln!(page.out, "{}  {}", shell.paint("1", &plain(&probed.input)), kind);
    if let Some(fetched) = &probed.fetched {
        page.part(Section::Fetch, |shell| fetch(fetched, probed, shell));
    }
    if let Some(list) = &probed.list {
        page.part(Section::Profile, |shell| profile(list, shell));
        page.part(Section::List, |shell| links(list, shell));
    }
    let Some(seen) = &probed.seen else { return page.out };
    page.part(Section::Document, |shell| document(seen, probed, shell));
    page.part(Section::Grids, |shell| reading::grids(seen, shell));
    if let Some(report) = &seen.read.report {
        page.part(Section::Sections, |shell| reading::sections(report, shell));
        page.part(Section::Figures, |shell| reading::figures(seen, report, only.contains(&Section::Figures), shell));
        page.part(Section::Claims, |shell| reading::claims(report, rules, shell));
        page.part(Section::Breakdowns, |shell| reading::breakdowns(report, shell));
        page.part(Section::Unread, |shell| reading::unread(seen, report, shell));
    }
    page.part(Section::Findings, |shell| {
        let subject = Subject { input: &probed.input, sha256: &probed.sha256, read: &seen.read, outcomes: &seen.outcomes };
        check_text::verdicts(&subject, rules, shell).trim_start_matches('\n').to_owned()
    });
    page.out
}

/// The text so far, and what of it is wanted.
struct Page<'a> {
    out: String,
    only: &'a [Section],
    shell: &'a Shell,
}

impl Page<'_> {
    /// Adds a part under its heading, unless it is empty or others were asked for.
    fn part(&mut self, section: Section, make: impl FnOnce(&Shell) -> String) {
        if !self.only.is_empty() && !self.only.contains(&section) {
            return;
        }
        let text = make(self.shell);
        if !text.trim().is_empty() {
            let _ = write!(self.out, "\n{}\n{}", self.shell.paint("1;34", &format!("── {}", heading(section, self.shell))), text);
        }
    }
}

fn heading(section: Section, shell: &Shell) -> &'static str {
    let (zh, en) = match section {
        Section::Fetch => ("取页", "The answer"),
        Section::Profile => ("栏目样式", "Profile"),
        Section::List => ("列表", "The list"),
        Section::Document => ("文档", "The document"),
        Section::Sections => ("各部分", "Sections"),
        Section::Grids => ("表格", "Tables"),
        Section::Figures => ("数据项", "Figures"),
        Section::Claims => ("文字里的数字", "Quantities in the text"),
        Section::Breakdowns => ("总数与分项", "Wholes and parts"),
        Section::Unread => ("没有读懂的", "Not understood"),
        Section::Findings => ("核对", "What the rules say"),
    };
    if shell.lang.is_english() { en } else { zh }
}

/// Whether a character could steer a terminal or turn the direction of what follows.
pub(super) fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A foreign text on one line, harmless.
pub(super) fn plain(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A named value on a line of its own.
fn row(out: &mut String, shell: &Shell, zh: &str, en: &str, value: &str) {
    let _ = writeln!(out, "  {} {value}", shell.paint("2", &pad(shell.say(zh, en), 12)));
}

fn problem(out: &mut String, problem: &Problem, shell: &Shell) {
    let label = shell.paint("33", shell.say("故障", "problem"));
    let _ = writeln!(out, "  {label} {}[{}]", plain(&problem.message), problem.code);
}

fn fetch(fetched: &Fetched, probed: &Probed, shell: &Shell) -> String {
    let mut out = String::new();
    let mut result = words::fetch_result(fetched.result.word(), shell.lang).to_owned();
    if let Some(kind) = result_kind(fetched.result) {
        let _ = write!(result, "（{}）", words::blocked(&kind, shell.lang));
    }
    row(&mut out, shell, "结果", "result", &result);
    if fetched.status != 0 {
        row(&mut out, shell, "状态码", "status", &fetched.status.to_string());
    }
    let robots = match probed.robots() {
        Some("allowed") => shell.say("允许", "allowed"),
        Some("denied") => shell.say("不允许，已遵守", "denied, and obeyed"),
        _ => shell.say("没有问到", "not asked"),
    };
    row(&mut out, shell, "robots.txt", "robots.txt", robots);
    for hop in &fetched.hops {
        row(&mut out, shell, "转向", "redirect", &plain(hop.as_str()));
    }
    if fetched.final_url != fetched.url {
        row(&mut out, shell, "最终网址", "final address", &plain(fetched.final_url.as_str()));
    }
    let media = fetched.media.as_deref().map_or_else(|| shell.say("没有说明", "not stated").to_owned(), plain);
    row(&mut out, shell, "声明的类型", "content type", &media);
    row(&mut out, shell, "大小", "size", &size(probed.bytes, shell));
    row(&mut out, shell, "用时", "took", &format!("{} ms", fetched.took.as_millis()));
    if let Some(rest) = fetched.retry_after {
        row(&mut out, shell, "请稍后再来", "retry after", &format!("{} s", rest.as_secs()));
    }
    if let Some(found) = &fetched.problem {
        problem(&mut out, found, shell);
    }
    out
}

fn size(bytes: usize, shell: &Shell) -> String {
    format!("{bytes} {}", shell.say("字节", "bytes"))
}

fn profile(list: &ListSeen, shell: &Shell) -> String {
    let mut out = String::new();
    let known = list.families.iter().find(|family| family.name == list.profile);
    let why = match list.chosen {
        "portal" => shell.say("配置指定", "set by the portal"),
        "evidence" => shell.say("按页面特征认出", "recognised by its signs"),
        _ => shell.say("没有认出，用通用样式", "none recognised, the generic one"),
    };
    let label = known.map_or("", |family| family.label.as_str());
    row(&mut out, shell, "样式", "profile", &format!("{} {label}（{why}）", list.profile));
    for family in list.families.iter().filter(|family| family.weight > 0) {
        let needed = family.threshold.max(1);
        let mark = if family.weight >= needed { "✓" } else { "·" };
        let _ = writeln!(out, "  {mark} {} {}/{needed}", pad(&family.name, 12), family.weight);
        for sign in &family.signs {
            let (kind, pattern) = match (&sign.url, &sign.link, &sign.marker) {
                (Some(url), ..) => (shell.say("网址", "address"), url.as_str()),
                (_, Some(link), _) => (shell.say("链接", "link"), link.as_str()),
                (_, _, marker) => (shell.say("源码", "source"), marker.as_deref().unwrap_or(&family.name)),
            };
            let _ = writeln!(out, "      +{} {kind} {}", sign.weight, plain(pattern));
        }
    }
    if let Some(unsupported) = known.and_then(|family| family.unsupported.as_deref()) {
        row(&mut out, shell, "尚不支持", "unsupported", unsupported);
    }
    out
}

fn links(list: &ListSeen, shell: &Shell) -> String {
    let mut out = String::new();
    let count = |wanted: &str| list.entries.iter().filter(|entry| entry.fate.word() == wanted).count();
    let counts = ["taken", "unsure", "refused", "foreign"]
        .map(|fate| (words::link_fate(fate, shell.lang), count(fate)))
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(fate, count)| format!("{fate} {count}"));
    let counts: Vec<String> = counts.collect();
    if !counts.is_empty() {
        row(&mut out, shell, "链接", "links", &counts.join(shell.say("，", ", ")));
    }
    for entry in &list.entries {
        out.push_str(&link(entry, shell));
    }
    for awaited in &list.awaited {
        let what = words::awaited(awaited.what, shell.lang);
        let label = awaited.label.as_deref().map(plain).unwrap_or_default();
        let post = awaited.request.post.as_ref().map(|post| format!("POST {}", fit(&plain(&post.body), 80))).unwrap_or_default();
        let _ = writeln!(out, "  → {what} {} {label}{post}", plain(awaited.request.url.as_str()));
    }
    for found in &list.problems {
        problem(&mut out, found, shell);
    }
    out
}

fn link(entry: &Entry, shell: &Shell) -> String {
    let (tone, mark) = match entry.fate {
        Fate::Taken => ("32", "✓"),
        Fate::Unsure => ("33", "?"),
        Fate::Refused(_) | Fate::Foreign => ("2", "✗"),
    };
    let named = &entry.named.entry;
    let date = named.date.map_or_else(|| " ".repeat(10), |date| date.to_string());
    let verdict = match entry.fate {
        Fate::Refused(reason) => {
            let reason = words::set_aside(reason, shell.lang);
            format!("{}{}{reason}", words::link_fate("refused", shell.lang), shell.say("：", ": "))
        }
        _ => {
            let whose = match &entry.named.whose {
                Assignment::Agency(id) => format!("{} {id}", shell.say("名录", "roster")),
                Assignment::Unassigned(name) => format!("{}{}", plain(name), shell.say("（不在名录）", " (not in the roster)")),
                Assignment::Unsure => shell.say("机关待定", "agency not told").to_owned(),
            };
            let year = named.year.map_or_else(|| shell.say("年度待定", "year not told").to_owned(), |year| year.to_string());
            format!("{}{}{whose} {year}", words::link_fate(entry.fate.word(), shell.lang), shell.say("：", ": "))
        }
    };
    let title = shell.paint(tone, &pad(&fit(&plain(&named.title), 60), 60));
    format!("  {} {date} {title} {verdict}\n               {}\n", shell.paint(tone, mark), shell.paint("2", &plain(&named.url)))
}

fn document(seen: &DocumentSeen, probed: &Probed, shell: &Shell) -> String {
    let mut out = String::new();
    let told = if seen.by_bytes {
        shell.say("由内容认出", "by its bytes")
    } else {
        shell.say("由声明或文件名认出", "by header or name")
    };
    row(&mut out, shell, "格式", "format", &format!("{}（{told}）", seen.media.mime()));
    if let Some(decoded) = &seen.charset {
        let mut charset = decoded.name.to_owned();
        if let Some(other) = &decoded.declared_otherwise {
            let _ = write!(charset, "（{} {}）", shell.say("声明却是", "declared as"), plain(other));
        }
        if decoded.damaged {
            charset.push_str(shell.say("（有无法解码的字节）", " (some bytes could not be decoded)"));
        }
        row(&mut out, shell, "编码", "charset", &charset);
    }
    if probed.fetched.is_none() {
        row(&mut out, shell, "大小", "size", &size(probed.bytes, shell));
    }
    row(&mut out, shell, "SHA-256", "SHA-256", &probed.sha256);
    if let Some(title) = &seen.document.title {
        row(&mut out, shell, "标题", "title", &plain(title));
    }
    let tables = seen.document.grids().count();
    let (blocks, images) = (seen.document.blocks.len() - tables, seen.document.images);
    let parts = shell.say("段文字", "texts");
    let content = format!(
        "{blocks} {parts}{sep}{tables} {}{sep}{images} {}",
        shell.say("个表格", "tables"),
        shell.say("张大图", "large pictures"),
        sep = shell.say("，", ", ")
    );
    row(&mut out, shell, "内容", "content", &content);
    match &seen.read.report {
        Some(report) => {
            row(&mut out, shell, "读作", "read as", &check_text::report_line(report, shell.lang));
            row(&mut out, shell, "报告标题", "report title", &plain(&report.title));
            let shown = |date: Option<Date>| date.map_or_else(|| "—".to_owned(), |date| date.to_string());
            row(&mut out, shell, "落款", "signed", &shown(report.signed));
            let source = report.published_source.map(|source| words::date_source(source.word(), shell.lang));
            let source = source.map(|source| format!("{}{source}", shell.say("，", ", "))).unwrap_or_default();
            row(&mut out, shell, "发布", "published", &(shown(report.published) + &source));
        }
        None => row(&mut out, shell, "读作", "read as", check_text::unread_line(seen.read.outcome, shell.lang)),
    }
    for attachment in seen.read.attachments.iter().take(10) {
        row(&mut out, shell, "附件", "attachment", &plain(attachment));
    }
    for found in &seen.read.problems {
        problem(&mut out, found, shell);
    }
    out
}
