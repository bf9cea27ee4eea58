//! One sentence read clause by clause: each quantity gets the subject that the words beside it tell.

use super::ground::{Ground, Passage, speaks_of_disclosure};
use super::label::Label;
use super::mask::Masked;
use super::strays::{Counted, Stray};
use super::tell;
use super::token::{Kind, Token};
use crate::model::{Claim, Scope};
use crate::rules::{Role, Senses};
use crate::text::numerals::{Numeral, unit_class};
use rust_decimal::Decimal;

/// A whole that a sentence states: later words may be of all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    pub senses: Senses,
    pub topic: Option<usize>,
    pub value: Decimal,
    pub exact: bool,
}

/// What held before a bracket opened, and holds again after it.
pub(super) struct Bracket {
    pub(super) of_these: bool,
    pub(super) part: bool,
    group: (Senses, bool),
    pub(super) held: Option<Label>,
    passage: Passage,
    strays: Vec<Stray>,
}

/// The walk through one sentence.
pub(super) struct Walk<'a> {
    pub ground: &'a Ground<'a>,
    pub masked: &'a Masked,
    pub passage: &'a mut Passage,
    pub claims: Vec<Claim>,
    pub(super) section: &'a str,
    pub(super) sentence: &'a str,
    pub(super) part: bool,
    pub(super) of_these: bool,
    /// Words that compare stood before: later changes are against the same year.
    compared: bool,
    pub(super) group: Senses,
    pub(super) group_used: bool,
    pub(super) wholes: Vec<Whole>,
    /// Labels of things named before 分别, for the quantities that follow.
    pub(super) queue: Vec<Label>,
    /// A quantity of which its own clause says nothing: the next may.
    pub(super) loose: Option<usize>,
    /// A label whose quantity stands alone behind a bracket or a colon.
    pub(super) held: Option<Label>,
    pub(super) brackets: Vec<Bracket>,
    /// The clause itself says that it is about the disclosure of information.
    pub(super) clause_about: bool,
    /// The last quantity was of some only: what a bracket or 其中 behind it tells is of those.
    pub(super) of_some: bool,
    /// What became of the only application is told.
    pub(super) outcome_told: bool,
    /// The last quantity of papers was not read: 均 may speak of it.
    pub(super) unread: bool,
    /// Only later words of the sentence say so: 复议案件46件，与信息公开有关的11件.
    pub(super) about_later: bool,
    /// Quantities of something else since the last whole.
    pub(super) strays: Vec<Stray>,
    /// Every quantity so far, with the claims it made.
    pub(super) counted: Vec<Counted>,
    /// The clause before names something, and states no quantity of it.
    pub(super) named: bool,
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
            of_some: false,
            outcome_told: false,
            unread: false,
            about_later: false,
            strays: Vec::new(),
            counted: Vec::new(),
            named: false,
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
        self.drop_parts_of_others();
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
                    strays: self.strays.clone(),
                });
                if self.of_some {
                    self.narrow();
                }
            }
            Some(')') => {
                if let Some(before) = self.brackets.pop() {
                    (self.of_these, self.part, self.held) = (before.of_these, before.part, before.held);
                    (self.group, self.group_used) = before.group;
                    *self.passage = before.passage;
                    self.strays = before.strays;
                }
            }
            Some(';') => {
                (self.of_these, self.part) = (false, false);
                self.of_some = false;
                self.end_phrase();
                // A group named behind ； does not join the one before it.
                self.group_used = true;
            }
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

    pub(super) fn text(&self) -> &'a str {
        &self.masked.text
    }

    fn clause(&mut self, tokens: &[Token], mark: Option<char>) {
        let places: Vec<usize> = (0..tokens.len()).filter(|at| matches!(tokens[*at].kind, Kind::Quantity(_))).collect();
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
                let made = self.claims.len();
                self.quantity(quantity, before, after);
                self.count(quantity, (before, after), made);
            }
        }
        self.held = None;
    }

    /// What follows is of some, not of all.
    pub(super) fn narrow(&mut self) {
        (self.part, self.passage.after_other_whole) = (true, true);
    }

    /// What the words before a quantity say of whom, when and what.
    pub(super) fn note(&mut self, label: &Label) {
        let part = self.of_these || !self.brackets.is_empty();
        if label.has(Role::OfThese) {
            self.of_these = true;
            // 电子申请中予以公开12件: of one way.
            if self.of_some || label.is_part() {
                self.narrow();
            }
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
        let carried = label.senses & self.ground.known.carried != 0 || self.settle_pending(label) != label.senses;
        let other = carried && label.year != self.ground.year;
        match label.year.filter(|_| !other).or(self.ground.year.filter(|_| label.has(Role::ThisYear))) {
            Some(year) => self.passage.year = Some(year),
            None if label.has(Role::LastYear) && !carried => self.passage.year = self.ground.year.map(|year| year - 1),
            None => {}
        }
        if label.has(Role::PartOfYear) || label.has(Role::Contents) {
            self.part = true;
        } else if label.has(Role::ThisYear) || label.year.is_some() {
            self.part = false;
        }
        self.compared |= label.has(Role::Base);
    }

    /// 全市 is the agency's own where it is the government of it; elsewhere it may be more than the table has. 各镇 and
    /// 各部门 are parts of a government's area unless the words say of which whole: 全县各部门.
    pub(super) fn note_area(&mut self, tokens: &[Token]) {
        for token in tokens {
            let Kind::Word(word) = token.kind else { continue };
            if word.role == Some(Role::Area) {
                let words = &self.text()[token.start..token.end];
                let own =
                    self.ground.own.level.is_some_and(|level| words.contains(level) || !words.starts_with(['全', '我', '本']));
                let whole = !words.starts_with('各') || words.starts_with("各级") || words.starts_with("各地");
                let named = tokens.iter().any(|other| other.start < token.start && self.is_own_area(other));
                self.passage.scope = if own { Scope::Agency } else { Scope::Unclear };
                self.passage.foreign = self.ground.own.level.is_some() && !whole && !named;
            }
        }
    }

    /// 全县, where the agency is the county's government.
    fn is_own_area(&self, token: &Token) -> bool {
        let area = matches!(token.kind, Kind::Word(word) if word.role == Some(Role::Area));
        let words = &self.text()[token.start..token.end];
        area && words.starts_with(['全', '我', '本']) && self.ground.own.level.is_some_and(|level| words.contains(level))
    }

    fn quantity(&mut self, at: usize, before: &[Token], after: &[Token]) {
        let Some((byte, numeral)) = self.masked.quantities.get(at) else { return };
        let (said, later) = self.text().split_at(*byte);
        self.about_later = !self.clause_about && !speaks_of_disclosure(said) && speaks_of_disclosure(later);
        let own = Label::of(before, self.text());
        let right = Label::of(after, self.text());
        let bare = own.senses == 0 && own.unknown.is_none() && right.senses == 0;
        let left = match (self.held, self.queue.is_empty()) {
            (_, false) => self.queue.remove(0),
            (Some(held), _) if bare => held.and(&own),
            _ => own,
        };
        if is_code(numeral, later) || (left.year.is_none() && is_base(said, &later[numeral_width(numeral)..])) {
            return;
        }
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
        let papers = is_papers(numeral);
        let divided = is_divided(&later[numeral_width(numeral)..]);
        self.unread = found.is_none() && papers;
        self.of_some = found.is_some_and(|(subject, _)| subject.of_received);
        if let Some((subject, senses)) = found {
            self.state(subject, senses, numeral, &left, at);
            self.loose = None;
            // 上年结转的24件已全部办结，予以公开9件: what became of some follows.
            if subject.of_received {
                self.follow_applicant(numeral.value);
            }
            if CARRIED.contains(&subject.id.as_str()) && right.words > 0 {
                self.follow_some(numeral.value);
            }
            // 办结的37件中，35件是新收的: parts of those answered. 收到的36件中，办结35件: not all that was answered.
            self.of_these |= divided && tell::ANSWERED.contains(&subject.id.as_str());
            self.part |= divided && subject.id == tell::RECEIVED && self.text().contains("未办结");
            // 以单位名义申请的8件中，公开4件: what follows is of those.
            if divided && subject.of_received {
                self.narrow();
            }
        } else {
            self.unread(&left, &right, numeral);
            if papers {
                self.go_astray(numeral.value, &left, &right);
            }
            let clean = left.is_clean() && right.is_clean() && (left.senses | right.senses) & self.ground.known.deeds == 0;
            self.loose = Some(at).filter(|_| clean);
            // 涉及征地的11件中，予以公开9件: what follows is of those, not of all. So it is behind 申请中涉及征地的11件.
            let of_some = left.unknown.is_some() || left.is_part() || self.of_these;
            self.of_some = papers && (left.unknown.is_some() || left.is_part());
            if of_some && papers && (divided || (self.of_some && left.has(Role::OfThese))) {
                self.narrow();
            }
        }
    }
}

/// Some of the applications, of which a text may tell by themselves what became of them.
const CARRIED: [&str; 2] = [tell::CARRIED_IN, "applications.carried_forward"];

/// Whether a quantity is what another is compared with: 从32件升至36件.
fn is_base(before: &str, later: &str) -> bool {
    let words = before.trim_end_matches('的').trim_end_matches("上年").trim_end_matches("去年").trim_end_matches("上年度");
    let next = later.split([',', ';', ':', '(', ')', '。', '#']).next().unwrap_or_default();
    words.ends_with(['从', '由', '自']) && later[next.len()..].starts_with('#') && next.ends_with(['至', '到', '为'])
}

/// Whether a numeral counts what applications are counted in.
pub(super) fn is_papers(numeral: &Numeral) -> bool {
    numeral.is_count() && numeral.unit.as_deref().is_none_or(|unit| unit_class(unit) == "件")
}

/// Whether digits are a name: 12345工单. What is counted has a unit, or nothing behind it.
fn is_code(numeral: &Numeral, later: &str) -> bool {
    numeral.unit.is_none() && later.chars().nth(1).is_some_and(char::is_alphanumeric)
}

/// How many bytes a masked quantity takes.
fn numeral_width(numeral: &Numeral) -> usize {
    '#'.len_utf8() + numeral.unit.as_ref().map_or(0, String::len)
}

/// Whether words behind a quantity make it a whole that what follows is of: 件中, 件申请里.
fn is_divided(later: &str) -> bool {
    let clause = later.split([',', ';', ':', '(', ')', '。', '#']).next().unwrap_or_default();
    clause.ends_with(['中', '里']) && clause.chars().count() <= LONGEST_WHOLE && later.len() > clause.len()
}

/// The longest that a whole may be called behind its number, in characters: 件政府信息公开申请当中.
const LONGEST_WHOLE: usize = 12;

fn is_money(numeral: &Numeral) -> bool {
    matches!(numeral.unit.as_deref(), Some("元" | "万元" | "亿元"))
}
