//! What a digest says, in the words of one language and in the order an office wants to read it: how many
//! have published, who has not, what is new, what contradicts itself, what must be mended by when, and which
//! sites need a person. No look: that is for the faces.

use crate::model::{ChangeKind, Coverage, Digest, Occasion, Severity, Time};
use crate::words::{self, Lang, Word};

mod sections;

pub use sections::place;

/// How a number or a line is meant; a face may colour it, but the words stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Bad,
    Warn,
    Info,
}

impl Tone {
    /// The tone of a severity.
    pub fn of(severity: Severity) -> Tone {
        match severity {
            Severity::Error => Tone::Bad,
            Severity::Warn => Tone::Warn,
            Severity::Info => Tone::Info,
        }
    }
}

/// One of the numbers at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub label: String,
    pub value: String,
    pub note: String,
    pub tone: Tone,
}

/// One part of the coverage: agencies in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub label: String,
    pub count: u64,
    /// Of all agencies, in per cent, at least 1 where there is any: the width of its bar.
    pub percent: u64,
    pub tone: Tone,
}

/// A cell: text, perhaps with an address behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// An http or https address; anything else is never a link.
    pub href: Option<String>,
    pub tone: Tone,
}

impl Cell {
    fn plain(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), href: None, tone: Tone::Plain }
    }

    fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell { text: text.into(), href: None, tone }
    }
}

/// A name in a list, marked where it was not there last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub new: bool,
}

/// One finding in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The severity in words, and its tone.
    pub severity: String,
    pub tone: Tone,
    pub change: String,
    pub message: String,
    /// Expected and actual value, place and basis.
    pub detail: String,
}

/// The findings of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub heading: String,
    pub lines: Vec<Line>,
    /// How many more there are, in words; empty where there are none.
    pub more: String,
}

/// What a section holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Names(Vec<Name>),
    Table { head: Vec<String>, rows: Vec<Vec<Cell>> },
    Groups(Vec<Group>),
}

/// One section with its heading, how many it is about, and what was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    pub count: String,
    pub tone: Tone,
    pub note: String,
    pub body: Body,
    pub more: String,
}

/// A digest in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub lang: Lang,
    pub product: String,
    pub title: String,
    pub subject: String,
    pub lead: String,
    pub countdown: Option<String>,
    pub why: String,
    pub composed: String,
    pub tiles: Vec<Tile>,
    pub coverage_heading: String,
    pub shares: Vec<Share>,
    pub sections: Vec<Section>,
    /// That nothing changed, where that is so; what stands is shown all the same.
    pub quiet: Option<String>,
    pub new_mark: String,
    pub footer: Vec<String>,
}

/// A time in the digest's zone, to the minute.
pub fn local(time: Time, timezone: &str) -> String {
    zoned(time, timezone).format("%Y-%m-%d %H:%M").to_string()
}

/// A time in a zone named by its IANA name; an unknown or empty name means Asia/Shanghai.
pub fn zoned(time: Time, timezone: &str) -> chrono::DateTime<chrono_tz::Tz> {
    time.with_timezone(&timezone.parse().unwrap_or(chrono_tz::Asia::Shanghai))
}

/// An address that may stand behind a link.
pub fn web_address(url: &str) -> Option<String> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then(|| url.to_owned())
}

/// What a finding may show of the document: nothing where the rule is about personal data.
pub fn shown<'a>(rule: &str, text: &'a str, lang: Lang) -> &'a str {
    if rule.starts_with("privacy/") { words::MASKED.text(lang) } else { words::standard(text, lang) }
}

impl View {
    /// The digest in the words of a language.
    pub fn of(digest: &Digest, lang: Lang) -> View {
        let lead = lead(digest, lang);
        let sections = sections::of(digest, lang);
        let quiet = sections.is_empty() || digest.occasion == Occasion::Alive;
        let date = zoned(digest.composed, &digest.timezone).format("%Y-%m-%d").to_string();
        View {
            lang,
            product: words::PRODUCT.text(lang).to_owned(),
            title: match lang {
                Lang::Zh => format!("{}{}", digest.title, words::DIGEST.zh),
                Lang::En => format!("{} {}", digest.title, words::DIGEST.en),
            },
            subject: words::SUBJECT.with(lang, &[&digest.title, &headline(digest, lang), &date]),
            lead,
            countdown: countdown(digest, lang),
            why: words::occasion(digest.occasion.word(), lang).to_owned(),
            composed: local(digest.composed, &digest.timezone),
            tiles: tiles(digest, lang),
            coverage_heading: words::COVERAGE.text(lang).to_owned(),
            shares: shares(&digest.coverage, lang),
            sections,
            quiet: quiet.then(|| words::NOTHING_CHANGED.text(lang).to_owned()),
            new_mark: words::NEW_MARK.text(lang).to_owned(),
            footer: footer(digest, lang),
        }
    }
}

/// The separator between the parts of a sentence.
fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    }
}

/// The numbers worth a sentence, those that are not 0.
fn news(digest: &Digest, lang: Lang) -> Vec<String> {
    let opened =
        digest.changes.iter().filter(|change| sections::is_listed(digest, change) && change.kind != ChangeKind::Changed).count();
    let resolved = digest.changes.iter().filter(|change| !change.finding.state.stands()).count();
    let overdue = digest.rectification.iter().filter(|item| item.days < 0).count();
    [
        (words::LEAD_MISSING, digest.missing.len()),
        (words::LEAD_NEW_REPORTS, digest.new_reports.len()),
        (words::LEAD_OPENED, opened),
        (words::LEAD_RESOLVED, resolved),
        (words::LEAD_OVERDUE, overdue),
        (words::LEAD_ATTENTION, digest.attention.len()),
    ]
    .into_iter()
    .filter(|(_, n)| *n > 0)
    .map(|(word, n): (Word, usize)| word.with(lang, &[&n.to_string()]))
    .collect()
}

/// The two weightiest pieces of news, for a subject line.
fn headline(digest: &Digest, lang: Lang) -> String {
    let news = news(digest, lang);
    let separator = if lang == Lang::Zh { "，" } else { ", " };
    if news.is_empty() || digest.occasion == Occasion::Alive {
        return words::LEAD_QUIET.text(lang).to_owned();
    }
    news.into_iter().take(3).collect::<Vec<_>>().join(separator)
}

/// One sentence that says it all.
fn lead(digest: &Digest, lang: Lang) -> String {
    let coverage = &digest.coverage;
    let counts = [coverage.year.to_string(), coverage.agencies.to_string(), published(coverage).to_string()];
    let mut parts = vec![words::LEAD_COVERAGE.with(lang, &[&counts[0], &counts[1], &counts[2]])];
    parts.extend(news(digest, lang));
    let stop = if lang == Lang::Zh { "。" } else { "." };
    format!("{}{stop}", parts.join(comma(lang)))
}

/// Agencies whose report is out, in time or not, on its list or beside it.
fn published(coverage: &Coverage) -> u64 {
    coverage.count("published") + coverage.count("late") + coverage.count("moved")
}

fn countdown(digest: &Digest, lang: Lang) -> Option<String> {
    let countdown = digest.countdown.as_ref()?;
    let (due, days, agencies) = (countdown.due.to_string(), countdown.days.to_string(), countdown.agencies.to_string());
    Some(match countdown.days {
        0 => words::COUNTDOWN_TODAY.with(lang, &[&due, &agencies]),
        _ => words::COUNTDOWN.with(lang, &[&due, &days, &agencies]),
    })
}

/// The numbers at the top, each with what it is measured against.
fn tiles(digest: &Digest, lang: Lang) -> Vec<Tile> {
    let now = &digest.coverage;
    let tile = |word: Word, value: u64, note: String, tone: Tone| Tile {
        label: word.text(lang).to_owned(),
        value: value.to_string(),
        note,
        tone: if value == 0 && tone != Tone::Good { Tone::Plain } else { tone },
    };
    let since = |count: fn(&Coverage) -> u64| {
        let before = count(digest.previous.as_ref()?);
        let difference = count(now) as i64 - before as i64;
        (difference != 0).then(|| words::SINCE_LAST.with(lang, &[&format!("{difference:+}")]))
    };
    let joined = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let missing = |coverage: &Coverage| coverage.count("missing");
    let unverified = |coverage: &Coverage| coverage.count("blocked") + coverage.count("unknown");
    let pending = |coverage: &Coverage| coverage.count("due") + coverage.count("not_due");
    let late = match now.count("late") {
        0 => String::new(),
        n => words::WITH_LATE.with(lang, &[&n.to_string()]),
    };
    let of = words::OF_AGENCIES.with(lang, &[&now.agencies.to_string()]);
    let withdrawn = match now.count("withdrawn") {
        0 => String::new(),
        n => words::AND_WITHDRAWN.with(lang, &[&n.to_string()]),
    };
    let standing = |severity| digest.standing.iter().find(|(s, _)| *s == severity).map_or(0, |(_, n)| *n);
    let counts = Severity::ALL.map(standing).map(|n| n.to_string());
    let total = digest.standing.iter().map(|(_, n)| n).sum();
    let worst = if standing(Severity::Error) > 0 { Tone::Bad } else { Tone::Warn };
    vec![
        tile(words::TILE_PUBLISHED, published(now), joined(vec![of, late, since(published).unwrap_or_default()]), Tone::Good),
        tile(words::TILE_PENDING, pending(now), since(pending).unwrap_or_default(), Tone::Info),
        tile(words::TILE_MISSING, missing(now), joined(vec![withdrawn, since(missing).unwrap_or_default()]), Tone::Bad),
        tile(words::TILE_UNVERIFIED, unverified(now), words::UNVERIFIED_NOTE.text(lang).to_owned(), Tone::Warn),
        tile(words::TILE_FINDINGS, total, words::ERRORS_WARNINGS.with(lang, &[&counts[0], &counts[1], &counts[2]]), worst),
    ]
}

/// How the agencies divide over the states, in the contract's order, states without any left out.
fn shares(coverage: &Coverage, lang: Lang) -> Vec<Share> {
    let tone = |state: &str| match state {
        "published" => Tone::Good,
        "late" | "moved" => Tone::Warn,
        "missing" | "withdrawn" => Tone::Bad,
        "due" => Tone::Info,
        _ => Tone::Plain,
    };
    let all: u64 = coverage.states.iter().map(|(_, n)| n).sum::<u64>().max(1);
    let any = coverage.states.iter().filter(|(_, n)| *n > 0);
    any.map(|(state, count)| Share {
        label: words::agency_state(state, lang).to_owned(),
        count: *count,
        percent: (count * 100 / all).max(1),
        tone: tone(state),
    })
    .collect()
}

fn footer(digest: &Digest, lang: Lang) -> Vec<String> {
    let mut lines = vec![words::FOOTER_NOTE.text(lang).to_owned(), words::FOOTER_ID.with(lang, &[&digest.id])];
    if !digest.journal_root.is_empty() {
        lines.push(words::FOOTER_JOURNAL.with(lang, &[&digest.journal.to_string(), &digest.journal_root]));
    }
    lines
}
