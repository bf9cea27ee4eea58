//! Sums over figures, of this year's report and of last year's, that must stand to each other as a formula says.
//!
//! Three-valued: what is blank, illegible or not known leaves a formula open. A figure of a report that is not
//! known is still no less than nothing, which decides a few inequalities without it.

use super::cells::possible;
use super::identity::not_judged;
use super::last;
use super::view::{View, below_city, say, verdict, violation};
use crate::model::{Evidence, Message, Reading, Report, Severity, Verdict, Violation};
use crate::rules::{Ask, Check, Formula, Rank, Relation, Relations, Sum, Term};
use rust_decimal::Decimal;

/// What a term of a formula comes to.
enum Operand {
    Number(Decimal),
    /// Not known, but a count or an amount: no less than 0.
    NotNegative(Message),
    Open(Message),
    /// The form has no such figure.
    NoSuch,
}

/// How a formula stands.
enum State {
    Holds,
    Fails,
    Open(Message),
    NotApplicable,
}

/// A formula with the word it is applied to, and the two reports.
struct Asked<'a, 'v> {
    view: &'v View<'a>,
    last: &'v Result<&'a Report, Message>,
    word: &'v str,
    /// Whether this year's cells are read as the diagnosis mends them.
    mended: bool,
}

/// Judges every formula at every word it is repeated over.
pub(super) fn judge(check: &Check, params: &Relations, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" {
        return Verdict::NotApplicable;
    }
    let last = last::last(view.report, view.context);
    if let Err(why) = &last
        && params.ask.iter().all(|ask| ask.needs_last() && ask.parsed.relation == Relation::Equal)
    {
        return Verdict::Inconclusive(why.clone());
    }
    let terms = params.ask.iter().flat_map(|ask| ask.parsed.terms());
    let tables: Vec<&str> = terms.filter_map(|term| term.name.split('.').next()).collect();
    if let Some(verdict) =
        tables.iter().filter(|name| **name != "last" && name.parse::<u32>().is_err()).find_map(|table| not_judged(view, table))
    {
        return verdict;
    }
    let rank = match params.only {
        Some(Rank::BelowCity) => below_city(view),
        None => Some(true),
    };
    let words: Vec<&str> = if params.over.is_empty() { vec![""] } else { params.over.iter().map(String::as_str).collect() };
    let (mut findings, mut open, mut asked_any) = (Vec::new(), None, false);
    for (at, ask) in params.ask.iter().enumerate() {
        let formula = &ask.parsed;
        for word in &words {
            let asked = Asked { view, last: &last, word, mended: false };
            match asked.conditions(ask).unwrap_or_else(|| asked.state(formula)) {
                State::NotApplicable => continue,
                State::Holds => {}
                State::Open(why) => drop(open.get_or_insert(why)),
                // What breaks the formula breaks an identity of the table too, and is told there.
                State::Fails if matches!(Asked { mended: true, ..asked }.state(formula), State::Holds) => {
                    open.get_or_insert_with(|| {
                        say("同一处错误已在表内勾稽中列出，改正后再核", "the same fault is told by the table's own balance")
                    });
                }
                State::Fails => match rank {
                    Some(true) => {
                        findings.push(Asked { view, last: &last, word, mended: false }.finding(check, params, formula, at))
                    }
                    Some(false) => {}
                    None => drop(open.get_or_insert_with(|| say("机关层级不明", "the level of the agency is not known"))),
                },
            }
            asked_any = true;
        }
    }
    match (asked_any, rank) {
        (false, _) | (_, Some(false)) => Verdict::NotApplicable,
        _ if params.once => verdict(once(findings), open),
        _ => verdict(findings, open),
    }
}

/// Several broken instances as one: the first, with the sums of the others in its message and their cells beside its own.
fn once(findings: Vec<Violation>) -> Vec<Violation> {
    let mut findings = findings.into_iter();
    let Some(mut first) = findings.next() else { return Vec::new() };
    let others: Vec<Violation> = findings.collect();
    let join = |text: &dyn Fn(&Violation) -> String| others.iter().map(text).collect::<Vec<_>>().join("；");
    let (zh, en) = (join(&|it| it.message.zh.clone()), join(&|it| it.message.en.clone()));
    if !others.is_empty() {
        first.message.zh = format!("{}；{zh}", first.message.zh);
        first.message.en = format!("{}；{en}", first.message.en);
    }
    for other in others {
        first.figures.extend(other.figures);
        first.evidence.extend(other.evidence);
    }
    vec![first]
}

impl Asked<'_, '_> {
    /// Whether a condition keeps the formula from being asked, or leaves that open; `None` where it is asked.
    fn conditions(&self, ask: &Ask) -> Option<State> {
        let mut terms = ask.conditions.iter().chain([&ask.parsed]).flat_map(Formula::terms);
        if terms.any(|term| matches!(self.operand(term), Operand::NoSuch)) {
            return Some(State::NotApplicable);
        }
        let mut open = None;
        for condition in &ask.conditions {
            match self.state(condition) {
                State::Holds => {}
                State::Fails => return Some(State::Holds),
                State::NotApplicable => return Some(State::NotApplicable),
                State::Open(why) => open = Some(State::Open(why)),
            }
        }
        open
    }

    fn state(&self, formula: &Formula) -> State {
        // Bounds of `left − right`; `None` is unbounded.
        let (mut low, mut high) = (Some(Decimal::ZERO), Some(Decimal::ZERO));
        let mut open = None;
        let sides = [(&formula.left, false), (&formula.right, true)];
        for (term, right) in sides.into_iter().flat_map(|(side, right)| side.iter().map(move |term| (term, right))) {
            let negative = term.negative != right;
            let add = |bound: Option<Decimal>, value: Decimal| {
                bound.and_then(|bound| if negative { bound.checked_sub(value) } else { bound.checked_add(value) })
            };
            match self.operand(term) {
                Operand::Number(value) => (low, high) = (add(low, value), add(high, value)),
                Operand::NotNegative(why) => {
                    if negative {
                        low = None;
                    } else {
                        high = None;
                    }
                    open.get_or_insert(why);
                }
                Operand::Open(why) => {
                    (low, high) = (None, None);
                    open.get_or_insert(why);
                }
                Operand::NoSuch => return State::NotApplicable,
            }
        }
        let decided = |fact: fn(&Decimal) -> bool, bound: Option<Decimal>| bound.as_ref().is_some_and(fact);
        let (holds, fails) = match formula.relation {
            Relation::Equal => {
                let known = low == high;
                (known && decided(Decimal::is_zero, low), known && decided(|it| !it.is_zero(), low))
            }
            Relation::AtMost => (decided(|it| *it <= Decimal::ZERO, high), decided(|it| *it > Decimal::ZERO, low)),
            Relation::AtLeast => (decided(|it| *it >= Decimal::ZERO, low), decided(|it| *it < Decimal::ZERO, high)),
            Relation::Above => (decided(|it| *it > Decimal::ZERO, low), decided(|it| *it <= Decimal::ZERO, high)),
        };
        match (holds, fails) {
            (true, _) => State::Holds,
            (_, true) => State::Fails,
            _ => State::Open(open.unwrap_or_else(|| say("数值无法比较", "the numbers cannot be compared"))),
        }
    }

    fn id(&self, term: &Term) -> String {
        term.name.replace('*', self.word)
    }

    fn operand(&self, term: &Term) -> Operand {
        if let Ok(number) = term.name.parse::<u32>() {
            return Operand::Number(number.into());
        }
        let id = self.id(term);
        match id.strip_prefix("last.") {
            Some(id) => self.last_operand(id),
            None => self.own_operand(&id),
        }
    }

    fn own_operand(&self, id: &str) -> Operand {
        let view = self.view;
        let Some((table, place)) = view.cell(id) else { return Operand::NoSuch };
        let Some((_, column)) = table.form.at(place) else { return Operand::NoSuch };
        if self.mended
            && let Some(value) = view.balance.cell_at(&table.form.id, place).and_then(|at| view.balance.mended(at))
        {
            return Decimal::try_from_i128_with_scale(value, 0).map_or(Operand::NoSuch, Operand::Number);
        }
        let reading = table.figures[place].map_or(&Reading::Absent, |figure| &figure.reading);
        match reading.number() {
            Some(value) if possible(column.kind, value) => Operand::Number(value),
            Some(_) => Operand::Open(say(format!("{}不是合法的数值", view.label(id)), format!("{id} is not a possible number"))),
            None => Operand::Open(say(format!("{}没有可读的数字", view.label(id)), format!("{id} is {}", reading.word()))),
        }
    }

    fn last_operand(&self, id: &str) -> Operand {
        let previous = match self.last {
            Ok(previous) => previous,
            Err(why) => return Operand::NotNegative(why.clone()),
        };
        let table = id.split('.').next().unwrap_or_default();
        let read = previous.table(table).filter(|table| table.found);
        if read.is_some_and(|table| !table.complete) || read.is_none() {
            return Operand::NotNegative(say("上一年度报告的表未能完整读出", "last year's table could not be read completely"));
        }
        match previous.figure(id).map(|figure| &figure.reading) {
            None => Operand::NoSuch,
            Some(Reading::Number(value)) if !value.is_sign_negative() && value.fract().is_zero() => Operand::Number(*value),
            Some(_) => {
                let label = self.view.label(id);
                Operand::NotNegative(say(format!("上一年度的{label}没有可读的数字"), format!("last year's {id} is not a number")))
            }
        }
    }

    fn value(&self, term: &Term) -> Option<Decimal> {
        match self.operand(term) {
            Operand::Number(value) => Some(value),
            _ => None,
        }
    }

    /// 「5 + 3 - 0」, and its value.
    fn side(&self, sum: &Sum) -> (String, Decimal) {
        let (mut text, mut total) = (String::new(), Decimal::ZERO);
        for term in sum {
            let value = self.value(term).unwrap_or_default().normalize();
            if !text.is_empty() {
                text.push_str(if term.negative { " - " } else { " + " });
            }
            text.push_str(&value.to_string());
            total = if term.negative { total - value } else { total + value };
        }
        (text, total.normalize())
    }

    fn finding(&self, check: &Check, params: &Relations, formula: &Formula, at: usize) -> Violation {
        let first = formula.terms().next().map(|term| self.id(term)).unwrap_or_default();
        let label = self.view.label(&first);
        let (left, is) = self.side(&formula.left);
        let (right, due) = self.side(&formula.right);
        let sum = format!("{left} {} {right}", formula.relation.broken());
        let difference = (is - due).abs().to_string();
        let words = [
            ("cell", label.as_str(), first.as_str()),
            ("sum", sum.as_str(), sum.as_str()),
            ("difference", difference.as_str(), difference.as_str()),
        ];
        let place = [params.place.as_str(), self.word].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let place = if at == 0 { place } else { format!("{place}/{}", at + 1) };
        let mut it = violation(self.view, check, place, check.message("finding", &words));
        if params.warn_at.iter().any(|word| word == self.word) {
            it.severity = it.severity.min(Severity::Warn);
        }
        it.expected = Some(due.to_string());
        it.actual = Some(is.to_string());
        for term in formula.terms().filter(|term| term.name.parse::<u32>().is_err()) {
            let id = self.id(term);
            let evidence: Option<Evidence> = match (id.strip_prefix("last."), self.last) {
                (Some(id), Ok(previous)) => previous.figure(id).map(last::evidence),
                (Some(_), Err(_)) => None,
                (None, _) => {
                    it.figures.push(id.clone());
                    self.view.evidence(&id)
                }
            };
            it.evidence.extend(evidence);
        }
        it
    }
}
