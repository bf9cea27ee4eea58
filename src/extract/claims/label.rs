//! The words beside a quantity, added up.

use super::token::{Kind, Token};
use crate::model::Year;
use crate::rules::{Role, Senses};

/// What the words beside a quantity say together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Label {
    pub senses: Senses,
    /// The topic after the last word that sets or ends one.
    pub topic: Option<Option<usize>>,
    /// A bit for each role met.
    roles: u32,
    /// The last year named, and whether it is part of a span or a day.
    pub year: Option<Year>,
    /// Where the first word that is not known stands.
    pub unknown: Option<(usize, usize)>,
    /// Where the first word with a sense stands.
    pub first_sense: Option<usize>,
    /// How many words there are, neutral ones included.
    pub words: usize,
}

impl Label {
    pub(super) fn of(tokens: &[Token], text: &str) -> Label {
        let mut label = Label::default();
        for token in tokens {
            // 通过网站、信函等渠道, 网站、信函多种渠道: the ways listed before are all of them, whatever they are called.
            if sweeps(token, text) {
                label = Label { topic: label.topic, year: label.year, words: label.words, ..label.without_words() };
            }
            label.add(token, text);
        }
        label
    }

    /// Only what it says of whose and of when.
    fn without_words(&self) -> Label {
        let kept = [Role::Own, Role::Area, Role::Unclear, Role::ThisYear, Role::LastYear, Role::OfThese];
        let roles = kept.into_iter().map(bit).fold(0, |all, role| all | role) & self.roles;
        Label { roles, ..Label::default() }
    }

    pub(super) fn add(&mut self, token: &Token, text: &str) {
        match token.kind {
            Kind::Word(word) => {
                self.words += 1;
                self.senses |= word.senses;
                if word.senses != 0 {
                    self.first_sense = self.first_sense.or(Some(token.start));
                }
                if let Some(topic) = word.topic {
                    self.topic = Some(Some(topic));
                }
                if let Some(role) = word.role {
                    self.roles |= bit(role);
                    if role == Role::Off {
                        self.topic = Some(None);
                    }
                }
            }
            Kind::OwnName => {
                self.words += 1;
                self.roles |= bit(Role::Own);
            }
            Kind::Date => {
                self.words += 1;
                self.year = year(&text[token.start..token.end]).or(self.year);
            }
            Kind::Unknown => {
                self.words += 1;
                self.unknown = self.unknown.or(Some((token.start, token.end)));
            }
            Kind::Quantity(_) | Kind::Mark(_) | Kind::Comma => {}
        }
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.roles & bit(role) != 0
    }

    /// Whether nothing in it makes the quantity another than its senses say.
    pub(super) fn is_clean(&self) -> bool {
        let foul = [Role::Off, Role::Share, Role::Base, Role::More, Role::Less, Role::PartOfYear, Role::Contents, Role::None];
        let foul = foul.into_iter().any(|role| self.has(role));
        self.unknown.is_none() && !foul && !self.is_part()
    }

    /// Whether it names one way among several.
    pub(super) fn is_part(&self) -> bool {
        self.has(Role::Channel) && !self.has(Role::Channels)
    }

    /// The same of one way among several.
    pub(super) fn of_one_way(mut self) -> Label {
        self.roles = (self.roles | bit(Role::Channel)) & !bit(Role::Channels);
        self
    }

    /// Both labels together.
    pub(super) fn and(mut self, other: &Label) -> Label {
        self.senses |= other.senses;
        self.topic = other.topic.or(self.topic);
        self.roles |= other.roles;
        self.year = other.year.or(self.year);
        self.unknown = self.unknown.or(other.unknown);
        self.first_sense = self.first_sense.or(other.first_sense);
        self.words += other.words;
        self
    }
}

/// Whether a word ends a list of ways or of reasons, so that what is listed is no label.
fn sweeps(token: &Token, text: &str) -> bool {
    let Kind::Word(word) = token.kind else { return false };
    matches!(word.role, Some(Role::Channels | Role::Reasons)) && text[token.start..].starts_with(['等', '多'])
}

fn bit(role: Role) -> u32 {
    1 << role as u32
}

/// The last year that a date names: 2023年1月1日.
fn year(date: &str) -> Option<Year> {
    let at = date.rfind('年')?;
    let digits = date.get(at.checked_sub(4)?..at)?;
    digits.parse().ok().filter(|year| (1990..2100).contains(year))
}
