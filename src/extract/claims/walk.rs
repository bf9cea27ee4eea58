//! One sentence read clause by clause: each quantity gets the subject that the words beside it tell.

use super::label::Label;
use super::mask::Masked;
use super::names::{Own, is_organ};
use super::time;
use super::token::{Kind, Token};
use crate::model::{Claim, Precision, Scope, Year};
use crate::rules::{Role, Senses, Subject, Subjects};
use crate::text::numerals::{Numeral, unit_class};
use rust_decimal::Decimal;

/// What a reader knows of words and of the agency.
pub(super) struct Ground<'a> {
    pub subjects: &'a Subjects,
    pub own: Own,
    pub year: Option<Year>,
    pub known: Known,
}

/// Senses that the walk itself must know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub application: Senses,
    pub new: Senses,
    pub sum: Senses,
    pub carried: Senses,
    pub carried_in: Senses,
    pub carried_forward: Senses,
    /// Wholes that somebody else's name before them makes somebody else's.
    pub deeds: Senses,
    pub received: Senses,
    /// What outcomes are told of: reviews, lawsuits, rules, documents.
    pub groups: Senses,
    pub refined: Senses,
    pub review_topic: Option<usize>,
    pub applications_topic: Option<usize>,
}

impl Known {
    pub(super) fn new(subjects: &Subjects) -> Known {
        let all = |names: &[&str]| names.iter().map(|name| subjects.sense(name)).sum();
        let topic = |id: &str| subjects.topics.iter().position(|topic| topic.id == id);
        Known {
            application: subjects.sense("application"),
            new: subjects.sense("new"),
            sum: subjects.sense("sum"),
            carried: subjects.sense("carried"),
            carried_in: subjects.sense("carried_in"),
            carried_forward: subjects.sense("carried_forward"),
            deeds: all(&["received", "handled", "dealt"]),
            received: subjects.sense("received"),
            groups: all(&["review", "litigation", "direct", "after_review", "rules", "docs"]),
            refined: all(&["direct", "after_review"]),
            review_topic: topic("review"),
            applications_topic: topic("applications"),
        }
    }
}

/// What a passage has said so far, from sentence to sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Passage {
    pub topic: Option<usize>,
    pub scope: Scope,
    /// It speaks of another body.
    pub foreign: bool,
    pub year: Option<Year>,
    /// It speaks of the disclosure of information, so that its reviews and lawsuits are about that.
    pub about_disclosure: bool,
    /// The last whole: whether it was the applications received.
    pub after_other_whole: bool,
}

/// A whole that a sentence states: later words may be of all of it.
#[derive(Debug, Clone, Copy)]
struct Whole {
    senses: Senses,
    topic: Option<usize>,
    value: Decimal,
    exact: bool,
}

/// What held before a bracket opened, and holds again after it.
struct Bracket {
    of_these: bool,
    part: bool,
    group: (Senses, bool),
    held: Option<Label>,
    passage: Passage,
}

/// The walk through one sentence.
pub(super) struct Walk<'a> {
    pub ground: &'a Ground<'a>,
    pub masked: &'a Masked,
    pub passage: &'a mut Passage,
    pub claims: Vec<Claim>,
    section: &'a str,
    sentence: &'a str,
    part: bool,
    of_these: bool,
    /// Words that compare stood before: later changes are against the same year.
    compared: bool,
    group: Senses,
    group_used: bool,
    wholes: Vec<Whole>,
    /// Labels of things named before 分别, for the quantities that follow.
    queue: Vec<Label>,
    /// A quantity of which its own clause says nothing: the next may.
    loose: Option<usize>,
    /// A label whose quantity stands alone behind a bracket or a colon.
    held: Option<Label>,
    brackets: Vec<Bracket>,
    /// The clause itself says that it is about the disclosure of information.
    clause_about: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        ground: &'a Ground<'a>,
        masked: &'a Masked,
        passage: &'a mut Passage,
        section: &'a str,
        sentence: &'a str,
    ) -> Walk<'a> {
        Walk {
            ground,
            masked,
            passage,
            claims: Vec::new(),
            section,
            sentence,
            part: false,
            of_these: false,
            compared: false,
            group: 0,
            group_used: true,
            wholes: Vec::new(),
            queue: Vec::new(),
            held: None,
            loose: None,
            brackets: Vec::new(),
            clause_about: false,
        }
    }

    /// Reads the sentence.
    pub(super) fn run(mut self, tokens: &[Token]) -> Vec<Claim> {
        let is_mark = |token: &Token| matches!(token.kind, Kind::Mark(_));
        let mut before = None;
        for clause in tokens.split_inclusive(is_mark) {
            let mark = match clause.last().map(|token| token.kind) {
                Some(Kind::Mark(mark)) => Some(mark),
                _ => None,
            };
            self.enter(before);
            let words = if mark.is_some() { &clause[..clause.len() - 1] } else { clause };
            if let (Some(first), Some(last)) = (words.first(), words.last()) {
                self.clause_about = speaks_of_disclosure(&self.text()[first.start..last.end]);
                let rest = &tokens[tokens.partition_point(|token| token.start < first.start)..];
                self.line_up(words, rest);
            }
            self.clause(words, mark);
            before = mark;
        }
        self.claims
    }

    /// Takes note of the mark before a clause.
    fn enter(&mut self, mark: Option<char>) {
        match mark {
            Some('(') if self.brackets.len() < 16 => {
                self.brackets.push(Bracket {
                    of_these: self.of_these,
                    part: self.part,
                    group: (self.group, self.group_used),
                    held: self.held,
                    passage: self.passage.clone(),
                });
            }
            Some(')') => {
                if let Some(before) = self.brackets.pop() {
                    (self.of_these, self.part, self.held) = (before.of_these, before.part, before.held);
                    (self.group, self.group_used) = before.group;
                    *self.passage = before.passage;
                }
            }
            Some(';') => (self.of_these, self.part) = (false, false),
            _ => {}
        }
    }

    /// Whether words before said what is compared with, and it was last year.
    pub(super) fn is_against_last_year(&self) -> bool {
        self.compared && !self.sentence.contains("环比")
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.passage.foreign || self.part
    }

    fn text(&self) -> &'a str {
        &self.masked.text
    }

    fn clause(&mut self, tokens: &[Token], mark: Option<char>) {
        let places: Vec<usize> =
            (0..tokens.len()).filter(|at| matches!(tokens[*at].kind, Kind::Quantity(_))).collect();
        if places.is_empty() {
            self.without_quantity(tokens, mark);
            return;
        }
        // Labels stand before their quantities, or all of them behind: 三件予以公开.
        let first = Label::of(&tokens[..places[0]], self.text());
        let last = Label::of(&tokens[places[places.len() - 1] + 1..], self.text());
        let behind = places.len() > 1 && first.senses == 0 && last.senses != 0;
        for (nth, place) in places.iter().enumerate() {
            let from = if nth == 0 { 0 } else { places[nth - 1] + 1 };
            let to = places.get(nth + 1).copied().unwrap_or(tokens.len());
            let before = if behind && nth > 0 { &tokens[*place..*place] } else { &tokens[from..*place] };
            let after = if behind || nth + 1 == places.len() { &tokens[place + 1..to] } else { &tokens[*place..*place] };
            if let Kind::Quantity(quantity) = tokens[*place].kind {
                self.quantity(quantity, before, after);
            }
        }
        self.held = None;
    }

    /// What the words before a quantity say of whom, when and what.
    fn note(&mut self, label: &Label) {
        let part = self.of_these || !self.brackets.is_empty();
        if label.has(Role::OfThese) {
            self.of_these = true;
        }
        if label.has(Role::Own) {
            self.passage.foreign = part && self.ground.own.level.is_some();
            self.passage.scope = Scope::Agency;
        }
        if label.has(Role::Unclear) {
            self.passage.scope = Scope::Unclear;
        }
        if let Some(topic) = label.topic {
            self.passage.topic = topic;
        }
        // The years that things are carried from and to are not those of the quantity.
        let carried = label.senses & self.ground.known.carried != 0;
        let other = carried && label.year != self.ground.year;
        match label.year.filter(|_| !other).or(self.ground.year.filter(|_| label.has(Role::ThisYear))) {
            Some(year) => self.passage.year = Some(year),
            None if label.has(Role::LastYear) && !carried => self.passage.year = self.ground.year.map(|year| year - 1),
            None => {}
        }
        if label.has(Role::PartOfYear) {
            self.part = true;
        } else if label.has(Role::ThisYear) || label.year.is_some() {
            self.part = false;
        }
        self.compared |= label.has(Role::Base);
    }

    /// 全市 is the agency's own where it is the government of it; elsewhere it may be more than the table has.
    fn note_area(&mut self, tokens: &[Token]) {
        for token in tokens {
            let Kind::Word(word) = token.kind else { continue };
            if word.role == Some(Role::Area) {
                let words = &self.text()[token.start..token.end];
                let own = self.ground.own.level.is_some_and(|level| {
                    words.contains(level) || !words.starts_with(['全', '我', '本'])
                });
                self.passage.scope = if own { Scope::Agency } else { Scope::Unclear };
                self.passage.foreign = false;
            }
        }
    }

    fn quantity(&mut self, at: usize, before: &[Token], after: &[Token]) {
        let Some((_, numeral)) = self.masked.quantities.get(at) else { return };
        let own = Label::of(before, self.text());
        let right = Label::of(after, self.text());
        let bare = own.senses == 0 && own.unknown.is_none() && right.senses == 0;
        let left = match (self.held, self.queue.is_empty()) {
            (_, false) => self.queue.remove(0),
            (Some(held), _) if bare => held.and(&own),
            _ => own,
        };
        self.note_area(before);
        self.note(&left);
        if left.has(Role::More) || left.has(Role::Less) || left.has(Role::Base) {
            self.change(numeral, &left, before);
            return;
        }
        if left.has(Role::Share) || !(numeral.is_count() || is_money(numeral)) {
            return;
        }
        let found = self.subject(numeral, &left, &right);
        if let Some(topic) = right.topic {
            self.passage.topic = topic;
        }
        if let Some((subject, senses)) = found {
            self.state(subject, senses, numeral, &left, at);
            self.loose = None;
        } else {
            self.unread(&left, &right, numeral);
            let clean = left.is_clean() && right.is_clean() && (left.senses | right.senses) & self.ground.known.deeds == 0;
            self.loose = Some(at).filter(|_| clean);
        }
    }

    /// The subject that the words beside a quantity tell, with their senses.
    fn subject(&mut self, numeral: &Numeral, left: &Label, right: &Label) -> Option<(&'a Subject, Senses)> {
        let both = left.and(right);
        if let Some(found) = Some(&both).filter(|both| both.is_clean()).and_then(|both| self.told(numeral, both)) {
            return Some(found);
        }
        let taken = right.has(Role::Off) || (right.senses & self.ground.known.application != 0 && !right.is_clean());
        if taken || !left.is_clean() || left.senses == 0 {
            return None;
        }
        let found = self.told(numeral, left)?;
        // 「收到十件群众反映的问题」: what was received stands behind, and is not known.
        let named = left.topic.is_some() || left.senses & self.ground.known.application != 0;
        (!found.0.whole || named || right.unknown.is_none()).then_some(found)
    }

    fn told(&mut self, numeral: &Numeral, label: &Label) -> Option<(&'a Subject, Senses)> {
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
        if topic == known.review_topic && (!self.passage.about_disclosure || elsewhere) {
            return None;
        }
        let unit = numeral.unit.as_deref();
        let fits = match subject.units.as_slice() {
            [] => numeral.is_count() && unit.is_none_or(|unit| unit_class(unit) == "件" || COUNTED.contains(&unit)),
            units => unit.is_some_and(|unit| units.iter().any(|fit| fit == unit)),
        };
        fits.then_some((subject, senses))
    }

    /// 结转 alone is told by its year, and by what stands before it.
    fn settle_carried(&self, label: &Label) -> Senses {
        let known = &self.ground.known;
        if label.senses & known.carried == 0 {
            return label.senses;
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

    /// Makes the claim, if nothing before it speaks against it.
    fn state(&mut self, subject: &'a Subject, senses: Senses, numeral: &Numeral, left: &Label, at: usize) {
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
        let hidden = (self.of_these && subject.whole && !is_new)
            || (subject.of_received && self.passage.after_other_whole)
            || (self.part && !subject.of_received)
            || self.is_excluded(subject)
            || time::spans_years(&self.text()[..self.masked.quantities[at].0]);
        if !subject.of_received {
            self.passage.after_other_whole = subject.id != RECEIVED;
        }
        if hidden || self.passage.foreign {
            return;
        }
        self.push(subject, numeral, false);
        if subject.starts {
            let (topic, exact) = (self.passage.topic, !numeral.approximate);
            self.wholes.push(Whole { senses, topic, value: numeral.value, exact });
        }
    }

    /// Outcomes are told of the groups named since the last outcome.
    fn move_group(&mut self, senses: Senses) {
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

    fn is_excluded(&self, subject: &Subject) -> bool {
        let has = |words: &[String]| words.iter().any(|word| self.sentence.contains(word.as_str()));
        has(&subject.not_beside) || (!subject.beside.is_empty() && !has(&subject.beside))
    }

    /// A quantity of nothing we know: it may be another body's, or one way among several.
    fn unread(&mut self, left: &Label, right: &Label, numeral: &Numeral) {
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

    /// A clause that states no number: none of something, all of something, or words for the next clause.
    fn without_quantity(&mut self, tokens: &[Token], mark: Option<char>) {
        let label = Label::of(tokens, self.text());
        self.note_area(tokens);
        if label.words > 0 {
            self.note(&label);
        }
        let loose = self.loose.take().and_then(|at| Some((at, &self.masked.quantities.get(at)?.1)));
        if let Some((at, numeral)) = loose.filter(|_| label.is_clean() && !label.has(Role::All)) {
            if let Some((subject, senses)) = self.told(numeral, &label) {
                self.state(subject, senses, numeral, &label, at);
            }
        } else if label.has(Role::None) {
            self.none(&label);
        } else if label.has(Role::All) {
            self.all(&label);
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
    fn line_up(&mut self, clause: &[Token], rest: &[Token]) {
        let respectively =
            |token: &Token| matches!(token.kind, Kind::Word(word) if word.role == Some(Role::Respectively));
        let Some(at) = clause.iter().position(respectively) else { return };
        let named = self.items(&clause[..at]);
        if named.len() < 2 && self.queue.is_empty() {
            return;
        }
        if named.len() >= 2 {
            self.queue = named;
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
    fn items(&self, tokens: &[Token]) -> Vec<Label> {
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
    fn none(&mut self, label: &Label) {
        let known = &self.ground.known;
        let foul = [Role::Off, Role::Share, Role::Base, Role::More, Role::Less, Role::PartOfYear];
        if label.unknown.is_some() || label.is_part() || foul.into_iter().any(|role| label.has(role)) {
            return;
        }
        let topic = label.topic.unwrap_or(self.passage.topic);
        if topic == known.review_topic && !self.passage.about_disclosure {
            return;
        }
        let Some(subject) = self.ground.subjects.told_by(self.settle_carried(label), topic, true) else { return };
        if !self.passage.foreign && !self.part && !(subject.of_received && self.passage.after_other_whole) {
            self.push_value(subject, Decimal::ZERO, None, false, true);
        }
    }

    /// 均获维持: a claim of the whole stated before.
    fn all(&mut self, label: &Label) {
        let mut label = *label;
        label.topic = None;
        if self.of_these || self.passage.foreign || self.part || !label.is_clean() || label.senses == 0 {
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
            if let Some(subject) = told.filter(|subject| subject.all) {
                self.push_value(subject, whole.value, None, true, whole.exact);
            }
        }
    }

    fn push(&mut self, subject: &Subject, numeral: &Numeral, of_all: bool) {
        self.push_value(subject, numeral.value, numeral.unit.clone(), of_all, !numeral.approximate);
    }

    fn push_value(&mut self, subject: &Subject, value: Decimal, unit: Option<String>, of_all: bool, exact: bool) {
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

/// The subject that applicants divide.
const RECEIVED: &str = "applications.received";
/// Units beside those of papers in which cases are counted.
const COUNTED: [&str; 5] = ["件次", "个", "项", "次", "条次"];

/// The section in which every review and every lawsuit is about the disclosure of information.
const REVIEWS: &str = "review_litigation";

/// Whether words say that they are about the disclosure of information.
pub(super) fn speaks_of_disclosure(words: &str) -> bool {
    ["信息公开", "依申请公开", "公开申请"].iter().any(|word| words.contains(word))
}

fn is_money(numeral: &Numeral) -> bool {
    matches!(numeral.unit.as_deref(), Some("元" | "万元" | "亿元"))
}
