//! Which subject a quantity is of, and whether it may be claimed.

use super::label::Label;
use super::names::is_organ;
use super::time;
use super::walk::{Walk, Whole};
use crate::model::{Claim, Precision, Scope, Year};
use crate::rules::{Role, Senses, Subject};
use crate::text::numerals::{Numeral, unit_class};
use rust_decimal::Decimal;

impl<'a> Walk<'a> {
    /// The subject that the words beside a quantity tell, with their senses.
    pub(super) fn subject(&mut self, numeral: &Numeral, left: &Label, right: &Label) -> Option<(&'a Subject, Senses)> {
        let both = left.and(right);
        if let Some(found) = Some(&both).filter(|both| both.is_clean()).and_then(|both| self.told(numeral, both)) {
            return Some(found);
        }
        // 答复引发的10件复议案件 are cases.
        let of_cases = right.senses & !left.senses & self.ground.known.groups != 0;
        // 新收的还有1件未办结 are those not yet answered.
        let left_open = right.senses & !left.senses & self.ground.known.pending != 0;
        let outcome = self.ground.subjects.told_by(right.senses, self.passage.topic, false);
        // 结转的1件不予公开 are some of those; so are 收到5件由信函提出.
        let of_some = right.is_part() || (left.senses != 0 && !right.has(Role::All) && outcome.is_some_and(is_outcome));
        let taken = of_cases
            || left_open
            || of_some
            || right.has(Role::Off)
            || (right.senses & self.ground.known.application != 0 && !right.is_clean());
        if taken || !left.is_clean() || left.senses == 0 {
            return None;
        }
        let found = self.told(numeral, left)?;
        // 「收到十件群众反映的问题」: what was received stands behind, and is not known.
        let named = left.topic.is_some() || left.senses & self.ground.known.application != 0;
        // 部分公开3件会议纪要: so does what an outcome is of.
        let outcome = is_outcome(found.0) && left.senses & self.ground.known.groups == 0;
        (right.unknown.is_none() || (!outcome && (!found.0.whole || named))).then_some(found)
    }

    pub(super) fn told(&mut self, numeral: &Numeral, label: &Label) -> Option<(&'a Subject, Senses)> {
        let known = &self.ground.known;
        let topic = label.topic.unwrap_or(self.passage.topic);
        let mut senses = self.settle_carried(label);
        let grouped = senses & known.groups;
        let subject = match self.ground.subjects.told_by(senses, topic, false) {
            Some(subject) => subject,
            None if grouped == 0 && self.group != 0 && senses & known.deeds == 0 => {
                senses |= self.group;
                self.ground.subjects.told_by(senses, topic, false)?
            }
            None => return None,
        };
        let elsewhere = senses & known.deeds != 0 && self.section != REVIEWS && !self.clause_about;
        let elsewhere = elsewhere || (self.about_later && self.section != REVIEWS);
        if topic == known.review_topic && (!self.passage.about_disclosure || elsewhere) {
            return None;
        }
        let unit = numeral.unit.as_deref();
        let fits = match subject.units.as_slice() {
            // 公开30项 are items of information, which applications ask for.
            [] if unit == Some("项") && subject.all && topic == known.applications_topic => false,
            [] => numeral.is_count() && unit.is_none_or(|unit| unit_class(unit) == "件" || COUNTED.contains(&unit)),
            units => unit.is_some_and(|unit| units.iter().any(|fit| fit == unit)),
        };
        fits.then_some((subject, senses))
    }

    /// 结转 alone is told by its year, and by what stands before it.
    pub(super) fn settle_carried(&self, label: &Label) -> Senses {
        let known = &self.ground.known;
        if label.senses & known.carried == 0 {
            return self.settle_pending(label);
        }
        let senses = label.senses & !known.carried;
        let year = |own: i32| label.year.map(|year| year - own);
        match self.ground.year.and_then(year) {
            _ if label.has(Role::NextYear) => senses | known.carried_forward,
            _ if label.has(Role::LastYear) => senses | known.carried_in,
            Some(1) => senses | known.carried_forward,
            Some(-1) => senses | known.carried_in,
            _ if self.claims.iter().any(|claim| claim.subject.ends_with(".handled")) => senses | known.carried_forward,
            _ => label.senses,
        }
    }

    /// Applications not yet answered are carried: 上年未办结, 年底尚有…未办结.
    pub(super) fn settle_pending(&self, label: &Label) -> Senses {
        let (known, topic) = (&self.ground.known, label.topic.unwrap_or(self.passage.topic));
        let of_cases = label.senses & known.groups != 0 || ["审", "诉", "复议"].iter().any(|word| self.text().contains(word));
        if label.senses & known.pending == 0 || of_cases || topic != known.applications_topic {
            return label.senses;
        }
        let senses = label.senses & !known.pending;
        let last_year = label.year.is_some() && label.year == self.ground.year.map(|year| year - 1);
        let at_the_end = ["年底", "年末", "年终", "12月31日"].iter().any(|word| self.text().contains(word));
        match (label.has(Role::LastYear) || last_year, at_the_end) {
            (true, false) => senses | known.carried_in,
            (false, true) => senses | known.carried_forward,
            _ => label.senses,
        }
    }

    /// Makes the claim, if nothing before it speaks against it.
    pub(super) fn state(&mut self, subject: &'a Subject, senses: Senses, numeral: &Numeral, left: &Label, at: usize) {
        let known = &self.ground.known;
        self.move_group(senses);
        if left.has(Role::Each) {
            let grouped = senses & known.groups;
            for bit in (0..Senses::BITS).map(|bit| 1 << bit).filter(|bit| grouped & bit != 0) {
                if let Some(subject) = self.ground.subjects.told_by((senses & !grouped) | bit, self.passage.topic, false) {
                    self.push(subject, numeral, false);
                }
            }
            return;
        }
        let is_new = senses & known.new != 0;
        // What is new of those answered is not all that is new.
        let claimed = |subjects: &[&str]| self.claims.iter().any(|claim| subjects.contains(&claim.subject.as_str()));
        let of_answered = self.of_these && claimed(&ANSWERED) && !claimed(&[RECEIVED]);
        let hidden = (self.of_these && subject.whole && !is_new)
            || (of_answered && (is_new || subject.id == CARRIED_IN))
            || (subject.starts && self.stands_behind(at, &LEFT))
            || (subject.whole && self.stands_behind(at, &REST))
            || self.stands_behind(at, &subject.not_after)
            || (subject.of_received && self.passage.after_other_whole)
            || (self.part && !subject.of_received)
            || self.may_be_of_stray(subject, numeral.value)
            || self.is_excluded(subject)
            || time::spans_years(&self.text()[..self.masked.quantities[at].0], subject.stock);
        if !subject.of_received {
            self.passage.after_other_whole = subject.id != RECEIVED;
        }
        if hidden || self.passage.foreign {
            return;
        }
        self.push(subject, numeral, false);
        if subject.starts || ANSWERED.contains(&subject.id.as_str()) {
            self.strays.clear();
        }
        if subject.starts {
            let (topic, exact) = (self.passage.topic, !numeral.approximate);
            self.wholes.push(Whole { senses, topic, value: numeral.value, exact });
        }
    }

    /// Whether one of these words stands before a quantity, no semicolon between them: they hold for all that is listed.
    fn stands_behind<W: AsRef<str>>(&self, at: usize, words: &[W]) -> bool {
        let before = &self.text()[..self.masked.quantities[at].0];
        let phrase = before.rsplit(';').next().unwrap_or_default();
        words.iter().any(|word| phrase.contains(word.as_ref()))
    }

    /// Outcomes are told of the groups named since the last outcome.
    pub(super) fn move_group(&mut self, senses: Senses) {
        let known = &self.ground.known;
        let named = senses & known.groups;
        if named == senses & !(known.sum | known.received | known.application) && named != 0 {
            let one_only = self.group_used || (!self.brackets.is_empty() && named & known.refined != 0);
            self.group = if one_only { named } else { self.group | named };
            self.group_used = false;
        } else if named != 0 {
            if self.group & named != named {
                self.group = named;
            }
            self.group_used = true;
        }
    }

    pub(super) fn is_excluded(&self, subject: &Subject) -> bool {
        let has = |words: &[String]| words.iter().any(|word| self.sentence.contains(word.as_str()));
        has(&subject.not_beside) || (!subject.beside.is_empty() && !has(&subject.beside))
    }

    /// A quantity of nothing we know: it may be another body's, or one way among several.
    pub(super) fn unread(&mut self, left: &Label, right: &Label, numeral: &Numeral) {
        let deeds = (left.senses | right.senses) & self.ground.known.deeds != 0;
        if left.is_part() {
            self.part |= deeds;
            return;
        }
        let first = left.first_sense.unwrap_or(usize::MAX);
        if let Some((start, end)) = left.unknown.filter(|(start, _)| *start < first)
            && (deeds || is_organ(&self.text()[start..end]))
        {
            self.passage.foreign = true;
        }
        if numeral.unit.as_deref().is_some_and(|unit| unit_class(unit) == "件") && deeds {
            self.passage.after_other_whole = true;
        }
    }

    pub(super) fn push(&mut self, subject: &Subject, numeral: &Numeral, of_all: bool) {
        self.push_value(subject, numeral.value, numeral.unit.clone(), of_all, !numeral.approximate);
    }

    pub(super) fn push_value(&mut self, subject: &Subject, value: Decimal, unit: Option<String>, of_all: bool, exact: bool) {
        let year = self.passage.year.filter(|year| Some(*year) != self.ground.year);
        if self.claims.iter().any(|claim| claim.subject == subject.id && claim.value == value && claim.year == year) {
            return;
        }
        let precision = if exact { Precision::Exact } else { Precision::Approximate };
        let scope = self.passage.scope;
        self.claims.push(self.claim(&subject.id, value, unit, precision, year, scope, of_all));
    }

    #[expect(clippy::too_many_arguments, reason = "a claim has as many parts")]
    pub(super) fn claim(
        &self,
        subject: &str,
        value: Decimal,
        unit: Option<String>,
        precision: Precision,
        year: Option<Year>,
        scope: Scope,
        of_all: bool,
    ) -> Claim {
        Claim {
            subject: subject.to_owned(),
            value,
            precision,
            unit,
            section: self.section.to_owned(),
            ordinal: 0,
            paragraph: 0,
            sentence: self.sentence.to_owned(),
            year,
            scope,
            change: None,
            of_all,
        }
    }
}

/// Whether a subject is one way in which things end.
pub(super) fn is_outcome(subject: &Subject) -> bool {
    subject.all && !subject.of_received
}

/// The subject that applicants divide.
pub(super) const RECEIVED: &str = "applications.received";
pub(super) const CARRIED_IN: &str = "applications.carried_in";
/// Wholes of which applications of this year are a part.
pub(super) const ANSWERED: [&str; 2] = ["applications.dealt", "applications.handled"];
/// Units beside those of papers in which cases are counted.
const COUNTED: [&str; 5] = ["件次", "个", "项", "次", "条次"];
/// 尚有复议1件、诉讼1件未审结: of all that is named, that which is left.
const LEFT: [&str; 4] = ["尚有", "仍有", "还有", "尚余"];
/// 上年结转的4件已办结，其余为新收的86件: what is left of those at hand, not all that was new.
const REST: [&str; 3] = ["其余", "余下", "剩余"];
/// The section in which every review and every lawsuit is about the disclosure of information.
const REVIEWS: &str = "review_litigation";
