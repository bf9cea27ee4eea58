//! Things that are nothing of the form's, and what follows them.
//!
//! A Chinese clause without a subject of its own goes on with the one before it: of 合同信息公开22件，部分公开3件 the
//! three are of contracts, of 收到申请5件由信函提出，公开3件 they are of those five. So what is told behind a quantity
//! that is nothing of the form's may be of that quantity, and is tested only where it cannot be: where it is more, where
//! the quantities since the last whole come to all of it (网络40件、信函12件 of 52), or where a whole is told anew.

use super::label::Label;
use super::tell::is_outcome;
use super::token::Token;
use super::walk::{Walk, is_papers};
use crate::rules::{Role, Subject};
use rust_decimal::Decimal;
use std::ops::Range;

/// A quantity of the sentence.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    value: Decimal,
    /// The claims it made.
    claims: Range<usize>,
    /// It says of itself that it is the sum of others: 合计38件.
    is_sum: bool,
    /// It is of something else than the form has, or counts no papers.
    is_other: bool,
}

/// Something that what follows may be of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stray {
    /// How many of it there are, where that is told.
    value: Option<Decimal>,
    /// The topic that its own words name: 土地行政复议案件39件.
    topic: Option<usize>,
    /// They are the applications of one sort of applicant.
    of_applicant: bool,
}

impl Stray {
    fn of(value: Option<Decimal>) -> Stray {
        Stray { value, topic: None, of_applicant: false }
    }
}

impl Walk<'_> {
    /// Takes note of some of the applications, of which it is told what became of them.
    pub(super) fn follow_some(&mut self, value: Decimal) {
        self.strays.push(Stray::of(Some(value)));
    }

    /// The same of those of one sort of applicant: where several are told, they are all of them.
    pub(super) fn follow_applicant(&mut self, value: Decimal) {
        self.strays.push(Stray { of_applicant: true, ..Stray::of(Some(value)) });
    }

    /// Takes note of a quantity that was not read.
    pub(super) fn go_astray(&mut self, value: Decimal, left: &Label, right: &Label) {
        let named = |label: &Label| label.unknown.is_some() || label.is_part() || label.has(Role::Off);
        if !named(left) && !named(right) {
            return;
        }
        // What stands before the word of its topic tells which of them they are.
        let modified = left.unknown.is_some_and(|(at, _)| left.first_sense.is_some_and(|sense| at < sense));
        let topic = left.topic.flatten().filter(|_| modified || left.has(Role::Off));
        self.strays.push(Stray { topic, ..Stray::of(Some(value)) });
        let sum = self.strays.iter().try_fold(Decimal::ZERO, |sum, stray| sum.checked_add(stray.value?));
        if self.wholes.iter().any(|whole| Some(whole.value) == sum) {
            self.strays.clear();
        }
    }

    /// Takes note of a clause that says what the next ones are about: 对主动公开目录作出调整，新增12件.
    pub(super) fn turn_to(&mut self, words: &str, label: &Label) {
        let says = TURNS.iter().any(|word| words.starts_with(word)) || words.ends_with("方面");
        let looks = LOOKS.iter().any(|word| words.ends_with(word));
        let plain = label.senses & self.ground.known.application != 0;
        let other = label.unknown.is_some_and(|(at, _)| !plain || label.first_sense.is_none_or(|sense| at < sense));
        if says && !looks && other {
            self.strays.push(Stray::of(None));
        }
    }

    /// Remembers a quantity, with the words on both sides of it and how many claims there were without it.
    pub(super) fn count(&mut self, at: usize, (before, after): (&[Token], &[Token]), made: usize) {
        let Some((_, numeral)) = self.masked.quantities.get(at) else { return };
        let (left, right) = (Label::of(before, self.text()), Label::of(after, self.text()));
        let is_other = !left.is_clean() || !right.is_clean() || !is_papers(numeral) || self.named;
        self.named = false;
        let claims = made.min(self.claims.len())..self.claims.len();
        // A clause behind a quantity may have told what that one was of.
        if let Some(last) = self.counted.last_mut() {
            last.claims.end = claims.start;
        }
        self.counted.push(Counted { value: numeral.value, claims, is_sum: left.senses == self.ground.known.sum, is_other });
    }

    /// Two readings of the sums in a sentence leave nothing to accuse: what follows a quantity of something else and
    /// comes to it is of that (宅基地类14件，予以公开8件、部分公开2件、无法提供4件), and so is what stands with something
    /// else before the sum of both (局机关收到35件，农技站收到3件，合计38件).
    pub(super) fn drop_parts_of_others(&mut self) {
        let mut dropped: Vec<usize> = Vec::new();
        for (at, whole) in self.counted.iter().enumerate().filter(|(_, whole)| whole.claims.is_empty()) {
            let (before, after) = (&self.counted[..at], &self.counted[at + 1..]);
            if whole.is_sum {
                let parts =
                    parts_of(before.iter().rev(), whole.value).filter(|parts| parts.iter().any(|it| it.claims.is_empty()));
                dropped.extend(parts.into_iter().flatten().flat_map(|part| part.claims.clone()));
            } else if whole.is_other {
                dropped.extend(parts_of(after.iter(), whole.value).into_iter().flatten().flat_map(|part| part.claims.clone()));
            }
        }
        let mut at = 0..;
        let is_dropped = |at: Option<usize>| at.is_some_and(|at| dropped.contains(&at));
        self.claims.retain(|claim| !is_dropped(at.next()) || !claim.subject.starts_with("applications."));
    }

    /// ； ends what is told of something, but for the cases of other work that are told one kind after the other.
    pub(super) fn end_phrase(&mut self) {
        self.strays.retain(|stray| stray.topic.is_some());
    }

    /// Whether a quantity of this subject may be of something that went before.
    pub(super) fn may_be_of_stray(&self, subject: &Subject, value: Decimal) -> bool {
        let topic = Some(subject.topic());
        let of_applications = topic == self.ground.known.applications_topic;
        let several = self.strays.iter().filter(|stray| stray.of_applicant).count() > 1;
        self.strays.iter().filter(|stray| !(stray.of_applicant && several)).any(|stray| match stray.value {
            None => of_applications,
            Some(all) if of_applications => is_outcome(subject) && all >= value,
            Some(_) => stray.topic.is_some() && stray.topic == topic && !self.clause_about,
        })
    }
}

/// Words with which a clause says what it is about.
const TURNS: [&str; 5] = ["对", "关于", "针对", "围绕", "就"];
/// Words with which it only says how to look at the same: 就申请人而言.
const LOOKS: [&str; 4] = ["而言", "来看", "来说", "看"];
/// Most parts of a sum.
const MOST_PARTS: usize = 10;

/// The first quantities, two or more, that come to a whole.
fn parts_of<'c>(quantities: impl Iterator<Item = &'c Counted>, whole: Decimal) -> Option<Vec<&'c Counted>> {
    let mut sum = Decimal::ZERO;
    let mut parts = Vec::new();
    for quantity in quantities.take(MOST_PARTS) {
        sum = sum.checked_add(quantity.value)?;
        parts.push(quantity);
        if sum == whole && parts.len() > 1 {
            return Some(parts);
        }
    }
    None
}
