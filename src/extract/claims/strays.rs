//! Things that are nothing of the form's, and what follows them.
//!
//! A Chinese clause without a subject of its own goes on with the one before it: of 合同信息公开22件，部分公开3件 the
//! three are of contracts, of 收到申请5件由信函提出，公开3件 they are of those five. So what is told behind a quantity
//! that is nothing of the form's may be of that quantity, and is tested only where it cannot be: where it is more, where
//! the quantities since the last whole come to all of it (网络40件、信函12件 of 52), or where a whole is told anew.

use super::label::Label;
use super::tell::is_outcome;
use super::walk::Walk;
use crate::rules::{Role, Subject};
use rust_decimal::Decimal;

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
