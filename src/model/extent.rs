//! How far a report was checked: so many of the rules that apply to it, and why not the rest.

use super::{Message, Outcome, ReadOutcome, ReadReport, Verdict};
use serde::{Deserialize, Serialize};

/// Rules that were decided, of those that apply. What was not decided is never clean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Rules that apply: decided, or left open.
    pub applicable: u64,
    /// Rules that were decided wherever they apply.
    pub decided: u64,
    /// The rest, with why: in the order of the rules, those with one reason together.
    pub open: Vec<Undecided>,
}

/// Rules that stayed open for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    /// The operand that was missing, the neighbour that is not known.
    pub why: Message,
    pub rules: Vec<String>,
}

impl Extent {
    /// How far these outcomes go.
    pub fn of(outcomes: &[Outcome]) -> Extent {
        let mut extent = Extent::default();
        for outcome in outcomes.iter().filter(|outcome| outcome.verdict != Verdict::NotApplicable) {
            extent.applicable += 1;
            match outcome.verdict.open() {
                None => extent.decided += 1,
                Some(why) => match extent.open.iter_mut().find(|open| open.why == *why) {
                    Some(open) => open.rules.push(outcome.rule.clone()),
                    None => extent.open.push(Undecided { why: why.clone(), rules: vec![outcome.rule.clone()] }),
                },
            }
        }
        extent
    }

    /// How far a document was checked. Of one that was not read, or that only links to the report, the rules
    /// that could not be asked stay open: it must not look as if all had been checked.
    pub fn of_read(read: &ReadReport, outcomes: &[Outcome]) -> Extent {
        let only_links = read.report.as_ref().is_some_and(|report| report.attachment_only);
        let unread = read.outcome == ReadOutcome::Unreadable || read.image_only;
        let mut extent = Extent::of(outcomes);
        if read.outcome == ReadOutcome::NotAReport {
            return Extent::default();
        }
        if unread || only_links {
            // Rules about publication ask a portal and not the text; they are not applicable in earnest.
            let of_text = |outcome: &&Outcome| !outcome.rule.starts_with("publication/");
            let silent = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::NotApplicable).filter(of_text);
            let rules: Vec<String> = silent.map(|outcome| outcome.rule.clone()).collect();
            let why = if unread {
                Message { zh: "没有读出来".to_owned(), en: "the document was not read".to_owned() }
            } else {
                Message {
                    zh: "报告在附件里，本页没有正文".to_owned(), en: "the report is in a linked document".to_owned()
                }
            };
            extent.applicable += rules.len() as u64;
            if !rules.is_empty() {
                extent.open.push(Undecided { why, rules });
            }
        }
        extent
    }

    /// Whether every rule that applies was decided, and there was one.
    pub fn is_whole(&self) -> bool {
        self.applicable > 0 && self.decided == self.applicable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Found;

    #[test]
    fn what_is_open_is_counted_beside_what_was_found() {
        let why = |text: &str| Message { zh: text.to_owned(), en: text.to_owned() };
        let outcome = |rule: &str, verdict| Outcome { rule: rule.to_owned(), verdict };
        let extent = Extent::of(&[
            outcome("a/a", Verdict::Clean),
            outcome("a/b", Verdict::Inconclusive(why("空"))),
            outcome("a/c", Verdict::NotApplicable),
            outcome("a/d", Verdict::Findings(Found { violations: Vec::new(), open: Some(why("空")) })),
            outcome("a/e", Verdict::Findings(Found { violations: Vec::new(), open: None })),
        ]);
        assert_eq!((extent.decided, extent.applicable, extent.is_whole()), (2, 4, false));
        assert_eq!(extent.open, [Undecided { why: why("空"), rules: vec!["a/b".to_owned(), "a/d".to_owned()] }]);
        assert!(!Extent::of(&[]).is_whole());
    }
}
