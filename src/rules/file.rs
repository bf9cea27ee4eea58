//! One rule file: severity, words, one kind, its cases; read, then checked against the standards.

use super::names::hint;
use super::vet::{Desk, check_case, check_kind};
use super::{Case, Complaint, Kind, Standard};
use crate::model::{AgencyKind, Message, Severity};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
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

    /// Whether it is on for agencies of any kind.
    pub fn applies(&self) -> bool {
        self.severity.is_some() || self.severity_for.values().any(Option::is_some)
    }

    /// A message with its words filled in; `words` are (name, Chinese, English).
    pub fn message(&self, name: &str, words: &[(&str, &str, &str)]) -> Message {
        let Some(message) = self.messages.get(name) else { return Message::default() };
        let word = |slot: &str| words.iter().find(|(word, ..)| *word == slot);
        Message {
            zh: fill_in(&message.zh, |slot| word(slot).map(|(_, zh, _)| *zh)),
            en: fill_in(&message.en, |slot| word(slot).map(|(_, _, en)| *en)),
        }
    }
}

/// A text with the words for its `{slots}`, in one pass: braces within a word that is filled in, which may be quoted
/// from a report, are no slots.
fn fill_in<'a>(text: &str, word: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(slot, behind)| Some((word(slot)?, behind))) {
            Some((word, behind)) => {
                filled.push_str(word);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// What the names in a rule file may be, for all files alike.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub standards: &'a [Standard],
    /// The id of every figure of any standard.
    pub figures: &'a BTreeSet<&'a str>,
}

/// Reads one rule file; complaints are added, and `None` is given where it cannot be read at all.
pub(super) fn parse(path: &str, text: &str, known: Known<'_>, complaints: &mut Vec<Complaint>) -> Option<Check> {
    let mut file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            complaints.push(Complaint::of_toml(path, text, &error));
            return None;
        }
    };
    let mut desk = Desk { path, text, standards: known.standards, figures: known.figures, complaints };
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

/// A word in braces, which a kind fills in.
static SLOT: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(r"\{(\w*)\}").expect("the pattern is a literal"));

/// Every message of the kind is there, and fills in nothing that the kind does not know.
fn check_messages(file: &File, desk: &mut Desk<'_>) {
    let wanted = file.check.messages();
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
            for found in SLOT.captures_iter(text.get_ref()) {
                if !slots.contains(&&found[1]) {
                    let help = hint(&found[1], slots.iter().copied());
                    desk.complain(text.span(), format!("nothing fills in `{{{}}}`", &found[1]), help);
                }
            }
        }
    }
}

/// `MM-DD` as numbers.
pub fn month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    chrono::NaiveDate::from_ymd_opt(2024, month, day).map(|_| (month, day))
}

#[cfg(test)]
mod tests {
    use super::fill_in;

    #[test]
    fn slots_are_filled_once_and_other_braces_stand() {
        let words = |slot: &str| match slot {
            "agency" => Some("青石镇{year}"),
            "year" => Some("2024"),
            _ => None,
        };
        assert_eq!(fill_in("{agency}的{year}年报{其他}{", words), "青石镇{year}的2024年报{其他}{");
    }
}
