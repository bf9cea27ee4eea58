//! One rule file: severity, words, one kind, its cases; read, then checked against the standards.

use super::names::hint;
use super::{Case, Complaint, Formula, Kind, Pattern, Standard, parse_formula, parse_sum};
use crate::model::{AgencyKind, Message, Severity};
use crate::rules::ForEach;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// A severity as a file says it; `off` switches the rule off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SeverityWord {
    Error,
    Warn,
    Info,
    Off,
}

impl SeverityWord {
    /// `None` is off.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            SeverityWord::Error => Some(Severity::Error),
            SeverityWord::Warn => Some(Severity::Warn),
            SeverityWord::Info => Some(Severity::Info),
            SeverityWord::Off => None,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: Spanned<String>,
    en: Spanned<String>,
}

impl Words {
    fn message(&self) -> Message {
        Message { zh: self.zh.get_ref().clone(), en: self.en.get_ref().clone() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    severity: SeverityWord,
    #[serde(default)]
    severity_for: BTreeMap<Spanned<String>, SeverityWord>,
    what: Words,
    basis: Words,
    why: Words,
    advice: Words,
    messages: BTreeMap<Spanned<String>, Words>,
    check: Kind,
    #[serde(default, rename = "case")]
    cases: Vec<Case>,
}

/// A rule, as its file says it.
#[derive(Debug, Clone)]
pub struct Check {
    /// `family/name`: the path of the file below `checks/`.
    pub id: String,
    /// `None` where the rule is switched off.
    pub severity: Option<Severity>,
    /// Kinds of agency that are judged otherwise.
    pub severity_for: BTreeMap<AgencyKind, Option<Severity>>,
    /// What is found, in one line.
    pub what: Message,
    /// The law or the notice it rests on.
    pub basis: Message,
    pub why: Message,
    /// What the agency should do.
    pub advice: Message,
    /// The messages of its kind, by name, with `{words}` to fill in.
    pub messages: BTreeMap<String, Message>,
    pub kind: Kind,
    pub cases: Vec<Case>,
}

impl Check {
    /// The severity for an agency of this kind; `None` is off.
    pub fn severity_of(&self, kind: Option<AgencyKind>) -> Option<Severity> {
        kind.and_then(|kind| self.severity_for.get(&kind).copied()).unwrap_or(self.severity)
    }

    /// A message with its words filled in; `words` are (name, Chinese, English).
    pub fn message(&self, name: &str, words: &[(&str, &str, &str)]) -> Message {
        let mut message = self.messages.get(name).cloned().unwrap_or_default();
        for (word, zh, en) in words {
            let slot = format!("{{{word}}}");
            message.zh = message.zh.replace(&slot, zh);
            message.en = message.en.replace(&slot, en);
        }
        message
    }
}

/// What a file is checked against, and where its complaints go.
struct Desk<'a> {
    path: &'a str,
    text: &'a str,
    standards: &'a [Standard],
    complaints: &'a mut Vec<Complaint>,
}

impl Desk<'_> {
    fn complain(&mut self, span: Range<usize>, what: String, help: String) {
        self.complaints.push(Complaint::at(self.path, self.text, Some(span), what).help(help));
    }
}

/// Reads one rule file; complaints are added, and `None` is given where it cannot be read at all.
pub(super) fn parse(path: &str, text: &str, standards: &[Standard], complaints: &mut Vec<Complaint>) -> Option<Check> {
    let mut file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            complaints.push(Complaint::of_toml(path, text, &error));
            return None;
        }
    };
    let mut desk = Desk { path, text, standards, complaints };
    for words in [&file.what, &file.basis, &file.why, &file.advice] {
        filled(words, &mut desk);
    }
    check_messages(&file, &mut desk);
    check_kind(&mut file.check, &mut desk);
    for case in &file.cases {
        check_case(case, &mut desk);
    }
    let mut severity_for = BTreeMap::new();
    for (word, severity) in &file.severity_for {
        match AgencyKind::parse(word.get_ref()) {
            Some(kind) => drop(severity_for.insert(kind, severity.severity())),
            None => desk.complain(
                word.span(),
                format!("`{}` is no kind of agency", word.get_ref()),
                hint(word.get_ref(), AgencyKind::ALL.map(AgencyKind::word)),
            ),
        }
    }
    Some(Check {
        id: path.split("checks/").last().unwrap_or(path).trim_end_matches(".toml").to_owned(),
        severity: file.severity.severity(),
        severity_for,
        what: file.what.message(),
        basis: file.basis.message(),
        why: file.why.message(),
        advice: file.advice.message(),
        messages: file.messages.into_iter().map(|(name, words)| (name.into_inner(), words.message())).collect(),
        kind: file.check,
        cases: file.cases,
    })
}

fn filled(words: &Words, desk: &mut Desk<'_>) {
    for text in [&words.zh, &words.en] {
        if text.get_ref().trim().is_empty() {
            desk.complain(text.span(), "the text is empty".to_owned(), "say it in both languages".to_owned());
        }
    }
}

/// Every message of the kind is there, and fills in nothing that the kind does not know.
fn check_messages(file: &File, desk: &mut Desk<'_>) {
    let wanted = file.check.messages();
    let slot = regex::Regex::new(r"\{(\w*)\}").expect("the pattern is a literal");
    for (name, _) in wanted {
        if !file.messages.keys().any(|key| key.get_ref() == name) {
            desk.complaints.push(
                Complaint::at(desk.path, desk.text, None, format!("the message `{name}` is not there"))
                    .help(format!("add [messages.{name}] with zh and en")),
            );
        }
    }
    for (key, words) in &file.messages {
        let Some((_, slots)) = wanted.iter().find(|(name, _)| name == key.get_ref()) else {
            let help = hint(key.get_ref(), wanted.iter().map(|(name, _)| *name));
            desk.complain(key.span(), format!("a rule of this kind has no message `{}`", key.get_ref()), help);
            continue;
        };
        filled(words, desk);
        for text in [&words.zh, &words.en] {
            for found in slot.captures_iter(text.get_ref()) {
                if !slots.contains(&&found[1]) {
                    let help = hint(&found[1], slots.iter().copied());
                    desk.complain(text.span(), format!("nothing fills in `{{{}}}`", &found[1]), help);
                }
            }
        }
    }
}

fn check_kind(kind: &mut Kind, desk: &mut Desk<'_>) {
    match kind {
        Kind::PartCount(it) => {
            patterns(it.stated.iter().chain(&it.listing), desk);
            for section in it.words.keys() {
                let known: BTreeSet<_> = desk.standards.iter().flat_map(|s| s.sections.iter().map(|x| x.id.as_str())).collect();
                one_of(section, &known, "section", desk);
            }
        }
        Kind::Citation(it) => patterns(it.cited.iter().map(|cited| &cited.pattern), desk),
        Kind::CellState(it) => {
            for state in &it.states {
                one_of(state, &BTreeSet::from(["blank", "dash", "not_applicable", "text"]), "state of a cell", desk);
            }
        }
        Kind::Identity(it) => {
            if !is_table(&it.table, desk) {
                return;
            }
            it.parsed = read_formula(&it.formula, desk);
            let known = operands(desk.standards, it.table.get_ref(), it.for_each);
            let names: Vec<_> = it.parsed.terms().map(|term| (term.name.clone(), term.span.clone())).collect();
            check_names(&names, &it.formula, &known, desk);
        }
        Kind::ShiftedColumn(it) => drop(is_table(&it.table, desk)),
        Kind::AllZero(it) => {
            is_table(&it.table, desk);
            for subject in it.subjects.iter().chain([&it.none_of]) {
                is_subject(subject, desk);
            }
            let known: Vec<String> = desk.standards.iter().flat_map(Standard::figure_ids).collect();
            one_of(&it.figure, &known.iter().map(String::as_str).collect(), "figure", desk);
            patterns(it.doubt.iter(), desk);
        }
        Kind::Claim(it) => {
            if !is_table(&it.table, desk) {
                return;
            }
            let table = it.table.get_ref().clone();
            let columns = operands(desk.standards, &table, ForEach::Row);
            one_of(&it.column, &columns.iter().map(String::as_str).collect(), "column", desk);
            let rows = operands(desk.standards, &table, ForEach::Column);
            for subject in &mut it.subject {
                is_subject(&subject.id, desk);
                for lawful in &subject.lawful {
                    let sum = read_sum(lawful, desk);
                    let names: Vec<_> = sum.iter().map(|term| (term.name.clone(), term.span.clone())).collect();
                    check_names(&names, lawful, &rows, desk);
                    subject.parsed.push(sum);
                }
            }
            patterns(it.doubt.iter(), desk);
        }
        Kind::Late(it) => {
            for (kind, due) in &it.due {
                one_of(kind, &AgencyKind::ALL.map(AgencyKind::word).into_iter().collect(), "kind of agency", desk);
                if month_day(due.get_ref()).is_none() {
                    desk.complain(due.span(), format!("`{}` is no day", due.get_ref()), "write month and day: 01-31".to_owned());
                }
            }
        }
        _ => {}
    }
}

/// `MM-DD` as numbers.
pub fn month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    chrono::NaiveDate::from_ymd_opt(2024, month, day).map(|_| (month, day))
}

fn patterns<'a>(patterns: impl Iterator<Item = &'a Pattern>, desk: &mut Desk<'_>) {
    for pattern in patterns {
        if let Some(error) = pattern.error() {
            desk.complain(pattern.text.span(), "the pattern cannot be read".to_owned(), error.to_owned());
        }
    }
}

fn one_of(word: &Spanned<String>, known: &BTreeSet<&str>, noun: &str, desk: &mut Desk<'_>) -> bool {
    let found = known.contains(word.get_ref().as_str());
    if !found {
        let help = hint(word.get_ref(), known.iter().copied());
        desk.complain(word.span(), format!("`{}` is no {noun}", word.get_ref()), help);
    }
    found
}

fn is_table(table: &Spanned<String>, desk: &mut Desk<'_>) -> bool {
    let standards = desk.standards;
    let known = standards.iter().flat_map(|standard| standard.tables.iter().map(|table| table.id.as_str())).collect();
    one_of(table, &known, "table", desk)
}

/// Subjects are checked once the standards list any.
fn is_subject(subject: &Spanned<String>, desk: &mut Desk<'_>) {
    let standards = desk.standards;
    let known: BTreeSet<_> = standards.iter().flat_map(|standard| standard.subjects.iter().map(|it| it.id.as_str())).collect();
    if !known.is_empty() {
        one_of(subject, &known, "subject", desk);
    }
}

fn read_formula(text: &Spanned<String>, desk: &mut Desk<'_>) -> Formula {
    parse_formula(text.get_ref()).unwrap_or_else(|at| {
        let start = text.span().start + 1 + at.0;
        desk.complain(start..start + 1, "the identity cannot be read here".to_owned(), "write `a + b = c + d`".to_owned());
        Formula::default()
    })
}

fn read_sum(text: &Spanned<String>, desk: &mut Desk<'_>) -> super::Sum {
    parse_sum(text.get_ref()).unwrap_or_else(|at| {
        let start = text.span().start + 1 + at.0;
        desk.complain(start..start + 1, "the sum cannot be read here".to_owned(), "write `a + b - c`".to_owned());
        Vec::new()
    })
}

fn check_names(names: &[(String, Range<usize>)], text: &Spanned<String>, known: &BTreeSet<String>, desk: &mut Desk<'_>) {
    let start = text.span().start + 1;
    for (name, span) in names {
        if !known.contains(name) {
            let help = hint(name, known.iter().map(String::as_str));
            desk.complain(start + span.start..start + span.end, format!("the form has no `{name}`"), help);
        }
    }
}

/// The names an identity over a table may use: those of *every* standard that has the table, so
/// that one formula holds for each of them; groups included.
fn operands(standards: &[Standard], table: &str, for_each: ForEach) -> BTreeSet<String> {
    let of_one = |standard: &Standard| -> Option<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for (_, row, column) in standard.table(table)?.figures() {
            let name = match for_each {
                ForEach::Column => row.id.as_str(),
                ForEach::Row => column.id.as_str(),
                ForEach::Group => column.id.split_once('.').map_or(column.id.as_str(), |(_, leaf)| leaf),
            };
            let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
            names.extend(ends.filter_map(|end| name.get(..end)).map(str::to_owned));
        }
        Some(names)
    };
    standards.iter().filter_map(of_one).reduce(|a, b| a.intersection(&b).cloned().collect()).unwrap_or_default()
}

fn check_case(case: &Case, desk: &mut Desk<'_>) {
    let standards = desk.standards;
    let known: BTreeSet<String> = standards.iter().flat_map(Standard::figure_ids).collect();
    // One dangling row is seven dangling figures: the first says it.
    let dangling = case.readings(standards).into_iter().map(|(id, _)| id).find(|id| !known.contains(id));
    if let Some(id) = dangling {
        let help = hint(&id, known.iter().map(String::as_str));
        desk.complain(case.name.span(), format!("the case names the figure `{id}`, which no form has"), help);
    }
    let ids: Vec<&str> = standards.iter().map(|standard| standard.id.as_str()).chain(["pre2019", "unknown"]).collect();
    if !ids.contains(&case.standard.as_str()) {
        desk.complain(case.name.span(), format!("`{}` is no standard", case.standard), hint(&case.standard, ids));
    }
}
