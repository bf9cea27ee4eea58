//! Findings → a score sheet, by the office's scheme.
//!
//! Points are lost by what was found and stands, never by what was not read or not decided: that is listed as not
//! scored, and a report that was not read at all has no score. In this order: what a rule's findings cost, the
//! cap of the rule, groups of which only the heaviest counts, the cap of the family, the floor.

use crate::model::{Extent, Message, Severity, Undecided};
use crate::rules::{Scheme, family};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A finding that counts.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    pub rule: &'a str,
    pub severity: Severity,
}

/// What the findings of one rule cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    pub rule: String,
    pub findings: u64,
    /// What they would cost alone.
    pub points: Decimal,
    /// What they cost.
    pub lost: Decimal,
    /// Why that is less.
    pub because: Option<Message>,
}

/// The sheet of one agency's year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub base: Decimal,
    pub lost: Decimal,
    /// `None` where nothing was read.
    pub score: Option<Decimal>,
    /// Rules with findings, by id.
    pub losses: Vec<Loss>,
    /// What was not decided or not read, with why; it costs nothing.
    pub not_scored: Vec<Undecided>,
}

impl Sheet {
    /// The sheet of a year: what stands against it, and how far its report was checked. `read` is whether anything was.
    pub fn of(scheme: &Scheme, charges: &[Charge<'_>], extent: &Extent, read: bool) -> Sheet {
        let mut by_rule: BTreeMap<&str, (u64, Decimal)> = BTreeMap::new();
        for charge in charges {
            let (count, points) = by_rule.entry(charge.rule).or_default();
            *count += 1;
            *points = points.saturating_add(scheme.points(charge.rule, charge.severity));
        }
        let loss = |(rule, (findings, points)): (&str, (u64, Decimal))| {
            let mut loss = Loss { rule: rule.to_owned(), findings, points, lost: points, because: None };
            scheme.cap(rule).into_iter().for_each(|cap| loss.hold(cap));
            loss
        };
        let mut losses: Vec<Loss> = by_rule.into_iter().map(loss).collect();
        exclude(scheme, &mut losses);
        hold_families(scheme, &mut losses);
        let lost: Decimal = losses.iter().map(|loss| loss.lost).fold(Decimal::ZERO, Decimal::saturating_add);
        let score = read.then(|| (scheme.base - lost).max(scheme.floor).normalize());
        Sheet { base: scheme.base, lost: lost.normalize(), score, losses, not_scored: extent.open.clone() }
    }

    /// Whether all was scored.
    pub fn is_whole(&self) -> bool {
        self.score.is_some() && self.not_scored.is_empty()
    }

    /// As JSON: `{base, score, lost, whole, losses: [{rule, findings, points, lost, because}], not_scored: [{why, rules}]}`.
    pub fn value(&self, english: bool) -> Value {
        let loss = |loss: &Loss| {
            json!({
                "rule": loss.rule, "findings": loss.findings, "points": number(loss.points), "lost": number(loss.lost),
                "because": loss.because.as_ref().map(|because| because.text(english)),
            })
        };
        let open = |open: &Undecided| json!({"why": open.why.text(english), "rules": open.rules});
        json!({
            "base": number(self.base),
            "score": self.score.map(number),
            "lost": number(self.lost),
            "whole": self.is_whole(),
            "losses": self.losses.iter().map(loss).collect::<Vec<_>>(),
            "not_scored": self.not_scored.iter().map(open).collect::<Vec<_>>(),
        })
    }
}

/// An exact number in JSON.
fn number(number: Decimal) -> Value {
    serde_json::from_str(&number.normalize().to_string()).unwrap_or_default()
}

impl Loss {
    /// As a line: what it costs, of which rule, for how many findings, and why no more.
    pub fn line(&self, english: bool) -> String {
        let because = self.because.as_ref().map(|because| format!(" ({})", because.text(english)));
        format!("−{} {} × {}{}", self.lost.normalize(), self.rule, self.findings, because.unwrap_or_default())
    }

    /// Costs at most so much.
    fn hold(&mut self, most: Decimal) {
        if self.lost > most {
            self.lost = most;
            let most = most.normalize();
            self.because = Some(Message { zh: format!("封顶 {most} 分"), en: format!("at most {most} points") });
        }
    }
}

/// Of each group only the heaviest counts; of equals, the first.
fn exclude(scheme: &Scheme, losses: &mut [Loss]) {
    for group in &scheme.groups {
        let heaviest = losses.iter().filter(|loss| group.rules.contains(&loss.rule));
        let heaviest =
            heaviest.reduce(|one, other| if other.lost > one.lost { other } else { one }).map(|loss| loss.rule.clone());
        let others = losses.iter_mut().filter(|loss| group.rules.contains(&loss.rule) && Some(&loss.rule) != heaviest.as_ref());
        for loss in others.filter(|loss| loss.lost > Decimal::ZERO) {
            loss.lost = Decimal::ZERO;
            loss.because = Some(Message {
                zh: format!("“{}”中只扣最重的一项", group.name),
                en: format!("of “{}” only the heaviest counts", group.name),
            });
        }
    }
}

/// What a family may cost is used up in the order of its rules.
fn hold_families(scheme: &Scheme, losses: &mut [Loss]) {
    let mut left: BTreeMap<String, Decimal> = BTreeMap::new();
    for loss in losses {
        let family = family(&loss.rule).to_owned();
        let Some(cap) = scheme.cap(&family) else { continue };
        let left = left.entry(family).or_insert(cap);
        if loss.lost > *left {
            loss.lost = *left;
            let cap = cap.normalize();
            loss.because =
                Some(Message { zh: format!("本类封顶 {cap} 分"), en: format!("its family costs at most {cap} points") });
        }
        *left -= loss.lost;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{builtin, load};

    fn scheme(text: &str) -> Scheme {
        load(&builtin(), Some(("overlay.toml", text))).unwrap().score.unwrap()
    }

    fn sheet(text: &str, rules: &[(&str, Severity)]) -> Sheet {
        let charges: Vec<Charge<'_>> = rules.iter().map(|(rule, severity)| Charge { rule, severity: *severity }).collect();
        Sheet::of(&scheme(text), &charges, &Extent::default(), true)
    }

    #[test]
    fn findings_cost_what_the_closest_line_says() {
        use Severity::{Error, Info, Warn};
        let points = "[score.points]\n\"balance/applications-flow\" = 3\nbalance = 2\nerror = 1\nwarn = 0.5\n";
        let capped = format!("{points}[score.cap]\nbalance = 4\n\"form/cell-blank\" = 0.5\n");
        let grouped =
            format!("{points}[[score.group]]\nname = \"时限\"\nrules = [\"publication/missing\", \"publication/late\"]\n");
        let flow = ("balance/applications-flow", Error);
        for (text, rules, score) in [
            (points, vec![], "100"),
            (points, vec![flow], "97"),
            (points, vec![flow, ("balance/applications-results", Error)], "95"),
            (points, vec![("form/cell-blank", Warn), ("form/cell-blank", Warn), ("form/part-count", Info)], "99"),
            (&capped, vec![flow, flow, ("balance/applications-results", Error)], "96"),
            (&capped, vec![("form/cell-blank", Warn), ("form/cell-blank", Warn)], "99.5"),
            (&grouped, vec![("publication/missing", Error), ("publication/late", Warn)], "99"),
            ("[score]\nbase = 5\nfloor = 1\n[score.points]\nerror = 3\n", vec![flow, flow], "1"),
        ] {
            let sheet = sheet(text, &rules);
            assert_eq!(sheet.score.unwrap().to_string(), score, "{text}{rules:?}: {sheet:?}");
            assert!(sheet.losses.iter().all(|loss| (loss.lost < loss.points) == loss.because.is_some()), "{sheet:?}");
        }
    }

    #[test]
    fn what_was_not_read_costs_nothing_and_has_no_score() {
        let scheme = scheme("[score.points]\nerror = 1\n");
        let why = Message { zh: "空白".to_owned(), en: "blank".to_owned() };
        let extent =
            Extent { applicable: 2, decided: 1, open: vec![Undecided { why, rules: vec!["form/cell-blank".to_owned()] }] };
        let open = Sheet::of(&scheme, &[], &extent, true);
        assert_eq!((open.score, open.is_whole()), (Some(Decimal::ONE_HUNDRED), false));
        assert_eq!(open.value(true)["not_scored"][0]["why"], "blank");
        assert_eq!(Sheet::of(&scheme, &[], &extent, false).score, None);
    }

    #[test]
    fn mistakes_are_told_with_line_and_what_to_do() {
        for (text, line, what) in [
            ("[score]\nbase = -1\n[score.points]\nerror = 1\n", 2, "no number of points"),
            ("[score.points]\nballance = 1\n", 2, "no rule, family or severity `ballance`"),
            ("[score.points]\nerror = \"two\"\n", 2, "no number of points"),
            ("[score.points]\nerror = nan\n", 2, "no number of points"),
            ("[score]\nbase = 10\n", 1, "nothing costs points"),
            ("[score]\nfloor = 200\n[score.points]\nerror = 1\n", 2, "above the full marks"),
            ("[score.points]\nerror = 1\n[score.cap]\nwarn = 2\n", 4, "no rule or family `warn`"),
            ("[score.points]\nerror = 1\n[[score.group]]\nname = \"a\"\nrules = [\"form/cell-blank\"]\n", 5, "two rules"),
            ("[score]\nbse = 1\n", 2, "unknown field"),
        ] {
            let complaints = load(&builtin(), Some(("overlay.toml", text))).unwrap_err();
            let told = complaints.iter().find(|complaint| complaint.what.contains(what));
            let told = told.unwrap_or_else(|| panic!("{text}: {complaints:?}"));
            assert_eq!((told.path.as_str(), told.line), ("overlay.toml", line), "{text}: {told}");
            assert!(what == "unknown field" || told.help.is_some(), "{told}");
        }
    }

    #[test]
    fn points_are_no_part_of_what_judges() {
        let fingerprint = |text| load(&builtin(), Some(("overlay.toml", text))).unwrap().fingerprint;
        assert_eq!(fingerprint(""), fingerprint("[score.points]\nerror = 1\n"));
        assert_ne!(fingerprint(""), fingerprint("[switch]\n\"form/cell-blank\" = false\n"));
    }
}
