//! `[score]` of an office's overlay: what a finding costs, what is capped, and what counts once.
//!
//! ```toml
//! [score]
//! base = 100                        # full marks; 100 unless said
//! floor = 0                         # no agency falls below; 0 unless said
//! [score.points]                    # a rule, a family, or a severity; the closest one counts
//! "balance/applications-flow" = 3
//! narrative = 1.5
//! warn = 0.5
//! [score.cap]                       # the most that a rule or a family may cost
//! balance = 10
//! [[score.group]]                   # of these, only the heaviest counts
//! name = "发布时限"
//! rules = ["publication/missing", "publication/late"]
//! ```

use super::names::hint;
use super::{Check, Complaint};
use crate::model::Severity;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// How an office turns findings into points. All numbers are exact and not negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    pub base: Decimal,
    pub floor: Decimal,
    /// By rule, family or severity.
    points: BTreeMap<String, Decimal>,
    /// By rule or family.
    caps: BTreeMap<String, Decimal>,
    pub groups: Vec<Exclusive>,
}

/// Rules of which only the heaviest counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusive {
    pub name: String,
    pub rules: Vec<String>,
}

impl Scheme {
    /// What one finding of a rule costs: by the rule, else by its family, else by its severity, else nothing.
    pub fn points(&self, rule: &str, severity: Severity) -> Decimal {
        let keys = [rule, family(rule), severity.word()];
        keys.iter().find_map(|key| self.points.get(*key)).copied().unwrap_or_default()
    }

    /// The most that a rule, or a family, may cost.
    pub fn cap(&self, key: &str) -> Option<Decimal> {
        self.caps.get(key).copied()
    }
}

/// The part of a rule's id before the slash.
pub fn family(rule: &str) -> &str {
    rule.split('/').next().unwrap_or(rule)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScheme {
    base: Option<Spanned<toml::Value>>,
    floor: Option<Spanned<toml::Value>>,
    #[serde(default)]
    points: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    cap: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    group: Vec<RawGroup>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: Spanned<String>,
    rules: Spanned<Vec<Spanned<String>>>,
}

/// What is held against the file, and what of it is known.
struct Vet<'a> {
    path: &'a str,
    text: &'a str,
    rules: Vec<&'a str>,
    families: BTreeSet<&'a str>,
    complaints: &'a mut Vec<Complaint>,
}

/// The largest number of points: far beyond any scheme, and far from what cannot be added up.
const MOST: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Makes the scheme of what the file says; every mistake is a complaint.
pub(super) fn scheme(
    raw: Spanned<RawScheme>,
    checks: &[Check],
    path: &str,
    text: &str,
    complaints: &mut Vec<Complaint>,
) -> Scheme {
    let span = raw.span();
    let raw = raw.into_inner();
    let rules: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    let families = rules.iter().map(|rule| family(rule)).collect();
    let mut vet = Vet { path, text, rules, families, complaints };
    let base = raw.base.map_or(Decimal::ONE_HUNDRED, |base| vet.number(&base));
    let floor_span = raw.floor.as_ref().map(Spanned::span);
    let floor = raw.floor.map_or(Decimal::ZERO, |floor| vet.number(&floor));
    if floor > base {
        vet.complain(
            floor_span.unwrap_or(span.clone()),
            "the floor is above the full marks",
            "a floor lies between 0 and `base`",
        );
    }
    if raw.points.is_empty() {
        vet.complain(
            span,
            "nothing costs points",
            "write `[score.points]` with a rule, a family or a severity, such as `error = 2`",
        );
    }
    let points = vet.numbers(raw.points, true);
    let caps = vet.numbers(raw.cap, false);
    let groups = vet.groups(raw.group);
    Scheme { base, floor, points, caps, groups }
}

impl Vet<'_> {
    fn complain(&mut self, span: std::ops::Range<usize>, what: impl Into<String>, help: impl Into<String>) {
        self.complaints.push(Complaint::at(self.path, self.text, Some(span), what).help(help));
    }

    /// A number of points, whole or with decimals as written.
    fn number(&mut self, value: &Spanned<toml::Value>) -> Decimal {
        let number = match value.get_ref() {
            toml::Value::Integer(number) => Some(Decimal::from(*number)),
            // The shortest text that gives the same float is what was written, at the decimals that points have.
            toml::Value::Float(number) => number.to_string().parse().ok(),
            _ => None,
        };
        match number.filter(|number: &Decimal| !number.is_sign_negative() && *number <= MOST) {
            Some(number) => number.normalize(),
            None => {
                self.complain(
                    value.span(),
                    "this is no number of points",
                    "write a number from 0 on, such as 2 or 0.5; what is lost is not negative",
                );
                Decimal::ZERO
            }
        }
    }

    fn numbers(&mut self, raw: BTreeMap<Spanned<String>, Spanned<toml::Value>>, severities: bool) -> BTreeMap<String, Decimal> {
        let mut numbers = BTreeMap::new();
        for (key, value) in raw {
            let name = key.get_ref().as_str();
            let severity = severities && Severity::ALL.iter().any(|severity| severity.word() == name);
            if !severity && !self.families.contains(name) && !self.rules.contains(&name) {
                let known = self.rules.iter().chain(&self.families).copied();
                let help = hint(name, known);
                let kinds = if severities { "rule, family or severity" } else { "rule or family" };
                self.complain(key.span(), format!("there is no {kinds} `{name}`"), help);
            }
            let number = self.number(&value);
            numbers.insert(key.into_inner(), number);
        }
        numbers
    }

    fn groups(&mut self, raw: Vec<RawGroup>) -> Vec<Exclusive> {
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        let mut groups = Vec::new();
        for group in raw {
            let name = group.name.get_ref().clone();
            if name.trim().is_empty() {
                self.complain(group.name.span(), "a group needs a name", "people read it beside what it did not cost");
            }
            if group.rules.get_ref().len() < 2 {
                self.complain(
                    group.rules.span(),
                    "a group needs two rules or more",
                    "of a group only the heaviest counts; one rule alone is capped in `[score.cap]`",
                );
            }
            for rule in group.rules.get_ref() {
                let id = rule.get_ref();
                if !self.rules.contains(&id.as_str()) {
                    let help = hint(id, self.rules.iter().copied());
                    self.complain(rule.span(), format!("there is no rule `{id}`"), help);
                }
                if let Some(other) = taken.insert(id.clone(), name.clone()) {
                    self.complain(
                        rule.span(),
                        format!("`{id}` is in the group `{other}` already"),
                        "a rule belongs to one group",
                    );
                }
            }
            let rules = group.rules.into_inner().into_iter().map(Spanned::into_inner).collect();
            groups.push(Exclusive { name, rules });
        }
        groups
    }
}
