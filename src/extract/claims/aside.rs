//! Clauses without a number of their own: none of something, all of something, and things named for later numbers.

use super::label::Label;
use super::names::is_organ;
use super::tell::{RECEIVED, is_outcome};
use super::token::{Kind, Token};
use super::walk::{Walk, Whole};
use crate::rules::{Role, Senses};
use rust_decimal::Decimal;

/// All applicants are either, so that all of one are none of the other.
const APPLICANTS: [(&str, &str); 2] =
    [("applications.natural_person", "applications.legal_person"), ("applications.legal_person", "applications.natural_person")];

/// 全部公开 is an outcome behind which a number may stand; without one it is of all.
fn says_all(tokens: &[Token], text: &str) -> bool {
    tokens.first().zip(tokens.last()).is_some_and(|(first, last)| text[first.start..last.end].contains("全部"))
}

impl Walk<'_> {
    /// A clause that states no number: none of something, all of something, or words for the next clause.
    pub(super) fn without_quantity(&mut self, tokens: &[Token], mark: Option<char>) {
        let label = Label::of(tokens, self.text());
        self.note_area(tokens);
        if label.words > 0 {
            self.note(&label);
        }
        // 自然人申请中，予以公开14件: what follows is of those.
        let words = tokens.first().zip(tokens.last()).map_or("", |(first, last)| &self.text()[first.start..last.end]);
        self.turn_to(words, &label);
        self.named = label.unknown.is_some();
        let divides = self.ground.subjects.told_by(label.senses, self.passage.topic, false);
        if words.ends_with(['中', '里']) && (label.is_part() || divides.is_some_and(|subject| subject.of_received)) {
            self.narrow();
        }
        // 收到新的申请3件，均在次年办理: those of the last days, not all of the year's.
        if label.has(Role::All) && label.has(Role::NextYear) {
            self.claims.pop_if(|claim| claim.subject == RECEIVED);
        }
        let loose = self.loose.take().and_then(|at| Some((at, &self.masked.quantities.get(at)?.1)));
        if let Some((at, numeral)) = loose.filter(|_| label.is_clean() && !label.has(Role::All)) {
            if let Some((subject, senses)) = self.told(numeral, &label) {
                self.state(subject, senses, numeral, &label, at);
            }
        } else if label.has(Role::None) {
            self.none(&label);
        } else if label.has(Role::All) || says_all(tokens, self.text()) {
            if label.is_clean() && self.all_concluded(tokens) {
                self.none_pending(&label);
            } else {
                self.all(&label);
            }
        } else if label.is_clean() && label.senses & self.ground.known.groups != 0 {
            self.move_group(label.senses);
        } else if self.wholes.last().is_some_and(|whole| whole.value == Decimal::ONE && whole.exact) {
            // 收到申请1件，予以公开: what is told of the only one is told of all; of two outcomes it has the first, or either.
            let told = self.ground.subjects.told_by(label.senses, self.passage.topic, false);
            if !self.outcome_told {
                self.all(&label);
            }
            self.outcome_told |= told.is_some_and(is_outcome);
        }
        if label.senses == 0
            && let Some((start, end)) = label.unknown
            && is_organ(&self.text()[start..end])
            && label.words <= 2
            && mark == Some(':')
        {
            self.passage.foreign = true;
        }
        self.held = Some(label).filter(|label| matches!(mark, Some('(' | ':')) && label.senses != 0);
        if label.senses & self.ground.known.groups != 0 && !label.has(Role::None) {
            self.held = self.held.filter(|_| mark == Some('('));
        }
    }

    /// 予以公开、不予公开分别为三件、两件: the labels wait for their quantities, if there are as many.
    pub(super) fn line_up(&mut self, clause: &[Token], rest: &[Token]) {
        let respectively = |token: &Token| matches!(token.kind, Kind::Word(word) if word.role == Some(Role::Respectively));
        let Some(at) = clause.iter().position(respectively) else { return };
        let named = self.items(&clause[..at]);
        if named.len() < 2 && self.queue.is_empty() {
            return;
        }
        if named.len() >= 2 {
            // 网上、信函两种方式分别为三件、两件: each is of one way.
            let ways = named.iter().any(|label| label.has(Role::Channels));
            self.queue = if ways { named.into_iter().map(Label::of_one_way).collect() } else { named };
        }
        let mut count = 0;
        for token in &rest[at + 1..] {
            match token.kind {
                Kind::Quantity(_) => count += 1,
                Kind::Mark(',') | Kind::Comma => {}
                Kind::Word(word) if word.senses == 0 && word.role == Some(Role::Neutral) => {}
                _ => break,
            }
        }
        if count != self.queue.len() {
            self.queue.clear();
        }
    }

    /// The things named before 分别, divided by 、 和 and the like.
    pub(super) fn items(&self, tokens: &[Token]) -> Vec<Label> {
        let mut found = vec![Label::default()];
        for token in tokens {
            let words = &self.text()[token.start..token.end];
            let divides = matches!(token.kind, Kind::Comma) || ["和", "及", "与", "以及"].contains(&words);
            if divides {
                found.push(Label::default());
            } else if let Some(last) = found.last_mut() {
                last.add(token, self.text());
            }
        }
        found.retain(|label| label.words > 0);
        found
    }

    /// 未收到政府信息公开申请: a claim of zero.
    pub(super) fn none(&mut self, label: &Label) {
        let known = &self.ground.known;
        let foul = [Role::Off, Role::Share, Role::Base, Role::More, Role::Less, Role::PartOfYear];
        if label.unknown.is_some() || label.is_part() || foul.into_iter().any(|role| label.has(role)) {
            return;
        }
        let topic = label.topic.unwrap_or(self.passage.topic);
        if topic == known.review_topic && !self.passage.about_disclosure {
            return;
        }
        let senses = self.settle_carried(label);
        let grouped = senses & known.groups;
        // 没有行政复议、行政诉讼: neither the one nor the other.
        if topic == known.review_topic && grouped.count_ones() > 1 && grouped & known.refined == 0 {
            let shown = !self.passage.foreign && !self.part;
            for bit in (0..Senses::BITS).map(|bit| 1 << bit).filter(|bit| shown && grouped & bit != 0) {
                if let Some(subject) = self.ground.subjects.told_by((senses & !grouped) | bit, topic, true) {
                    self.push_value(subject, Decimal::ZERO, None, false, true);
                }
            }
            return;
        }
        let Some(subject) = self.ground.subjects.told_by(senses, topic, true) else { return };
        let other = subject.of_received && self.passage.after_other_whole;
        let hidden = self.passage.foreign || self.part || other || self.may_be_of_stray(subject, Decimal::ZERO);
        if !hidden {
            self.push_value(subject, Decimal::ZERO, None, false, true);
        }
    }

    /// 均获维持: a claim of the whole stated before.
    pub(super) fn all(&mut self, label: &Label) {
        let mut label = *label;
        label.topic = None;
        let other = self.unread && self.passage.topic == self.ground.known.applications_topic;
        if other || self.of_these || self.passage.foreign || self.part || !label.is_clean() || label.senses == 0 {
            return;
        }
        let known = self.ground.known;
        let grouped: Vec<Whole> = self.wholes.iter().copied().filter(|whole| whole.senses & known.groups != 0).collect();
        if self.passage.topic == known.review_topic {
            let group = self.group;
            for whole in grouped.iter().filter(|whole| group & whole.senses & known.groups != 0) {
                let senses = (whole.senses & known.groups) | (label.senses & !known.groups);
                if let Some(subject) = self.ground.subjects.told_by(senses, whole.topic, false).filter(|subject| subject.all) {
                    self.push_value(subject, whole.value, None, true, whole.exact);
                }
            }
        } else if let Some(whole) = self.wholes.iter().copied().rfind(|whole| whole.topic == known.applications_topic) {
            let told = self.ground.subjects.told_by(label.senses, whole.topic, false);
            if let Some(subject) = told.filter(|subject| subject.all && !self.is_excluded(subject)) {
                self.push_value(subject, whole.value, None, true, whole.exact);
            }
        } else {
            self.nobody_else(&label);
        }
    }

    /// Whether a clause of a sentence without numbers ends in 全部审结.
    fn all_concluded(&self, tokens: &[Token]) -> bool {
        let word = |token: &Token| match token.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        };
        let mut words = tokens.iter().rev().filter_map(word).filter(|word| word.senses != 0 || word.role == Some(Role::All));
        let ends = words.next().is_some_and(|word| word.senses == self.ground.known.concluded);
        ends && words.next().is_some_and(|word| word.role == Some(Role::All)) && self.masked.quantities.is_empty()
    }

    /// 行政诉讼案件已全部审结: none of them is pending.
    fn none_pending(&mut self, label: &Label) {
        let known = self.ground.known;
        let grouped = if label.senses & known.groups != 0 { label.senses & known.groups } else { self.group };
        // Those that were carried over are not all, and what is done by now need not have been at the year's end.
        let of_some = label.senses & !(known.groups | known.concluded) != 0;
        let by_now = ["目前", "现已", "现均", "截至", "截止"].iter().any(|word| self.text().contains(word));
        if of_some || by_now || grouped == 0 || self.passage.foreign || self.part || !self.passage.about_disclosure {
            return;
        }
        if let Some(subject) = self.ground.subjects.told_by(grouped | known.pending, known.review_topic, false) {
            self.push_value(subject, Decimal::ZERO, None, false, true);
        }
    }

    /// 申请人均为自然人, where no number says of how many: then nobody else applied. Behind numbers of something else
    /// it may be of those alone, unless the clause itself speaks of the applications.
    fn nobody_else(&mut self, label: &Label) {
        let (known, topic) = (self.ground.known, self.passage.topic);
        let of_all = label.senses & known.application != 0 || self.passage.counted.is_none_or(|received| received);
        if topic != known.applications_topic || !self.masked.quantities.is_empty() || !of_all {
            return;
        }
        let Some(told) = self.ground.subjects.told_by(label.senses, topic, false) else { return };
        let other = APPLICANTS.iter().find(|(one, _)| *one == told.id).and_then(|(_, other)| self.ground.subjects.get(other));
        if let Some(other) = other {
            self.push_value(other, Decimal::ZERO, None, false, true);
        }
    }
}
