//! What a rule file says, held against the standards: every name exists, every formula and pattern can be read.

use super::file::month_day;
use super::names::hint;
use super::{Case, Claims, Complaint, ForEach, Formula, Kind, Pattern, Standard, parse_formula, parse_sum};
use crate::model::AgencyKind;
use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;

/// What a file is checked against, and where its complaints go.
pub(super) struct Desk<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub standards: &'a [Standard],
    /// The id of every figure of any standard.
    pub figures: &'a BTreeSet<&'a str>,
    pub complaints: &'a mut Vec<Complaint>,
}

impl Desk<'_> {
    pub fn complain(&mut self, span: Range<usize>, what: String, help: String) {
        self.complaints.push(Complaint::at(self.path, self.text, Some(span), what).help(help));
    }
}

/// The names a rule uses exist in the forms, and its formulas and patterns can be read.
pub(super) fn check_kind(kind: &mut Kind, desk: &mut Desk<'_>) {
    match kind {
        Kind::PartCount(it) => {
            patterns(it.stated.iter().chain(&it.listing), desk);
            for section in it.words.keys() {
                is_section(section, desk);
            }
        }
        Kind::Citation(it) => patterns(it.cited.iter().map(|cited| &cited.pattern).chain(&it.lawful), desk),
        Kind::CellState(it) => {
            for state in &it.states {
                one_of(state, &BTreeSet::from(["blank", "dash", "not_applicable", "text"]), "state of a cell", desk);
            }
        }
        Kind::Identity(it) => {
            if !is_table(&it.table, desk) {
                return;
            }
            it.parsed = read_formula(&it.formula, desk);
            let known = operands(desk.standards, it.table.get_ref(), it.for_each);
            let names: Vec<_> = it.parsed.terms().map(|term| (term.name.clone(), term.span.clone())).collect();
            check_names(&names, &it.formula, &known, desk);
            it.apply(desk.standards);
        }
        Kind::ShiftedColumn(it) => drop(is_table(&it.table, desk)),
        Kind::AllZero(it) => {
            is_table(&it.table, desk);
            for subject in it.subjects.iter().chain([&it.none_of]) {
                is_subject(subject, desk);
            }
            is_figure(&it.figure, desk);
        }
        Kind::Claim(it) => {
            if !is_table(&it.table, desk) {
                return;
            }
            claims(it, desk);
        }
        Kind::Contradiction(it) => it.subjects.iter().for_each(|subject| is_subject(subject, desk)),
        Kind::Relation(it) => relation(it, desk),
        Kind::Jump(it) => it.figures.iter().for_each(|id| is_figure(id, desk)),
        Kind::UnitMissing(it) => is_figure(&it.figure, desk),
        Kind::Mentions(it) => {
            is_section(&it.beside, desk);
            it.agencies.iter().for_each(|kind| is_kind(kind, desk));
            topics(&it.wanted, desk);
        }
        Kind::Thin(it) => {
            is_section(&it.section, desk);
            topics(&it.wanted, desk);
        }
        Kind::Denied(it) => {
            is_figure(&it.figure, desk);
            patterns(it.denied.iter().chain(&it.lawful), desk);
        }
        Kind::Period(it) => patterns(it.stated.iter().chain(&it.announced), desk),
        Kind::Wording(it) => {
            it.agencies.iter().for_each(|kind| is_kind(kind, desk));
            patterns(it.words.iter().chain(&it.beside).chain(&it.lawful), desk);
        }
        Kind::WithoutFigures(it) => {
            is_section(&it.section, desk);
            patterns(it.figure.iter(), desk);
        }
        Kind::TooLong(it) => is_section(&it.section, desk),
        Kind::WrongYear(it) => {
            it.sections.iter().for_each(|section| is_section(section, desk));
            patterns(it.own.iter().chain(&it.lawful).chain([&it.mention]), desk);
        }
        Kind::WrongSelf(it) => {
            let called = it.called.iter().flat_map(|called| &called.wrong);
            patterns(called.chain(&it.lawful).chain(&it.entitled), desk);
        }
        Kind::OfficePosted(it) => patterns([&it.title, &it.office, &it.government].into_iter(), desk),
        Kind::RollupSum(it) => {
            it.tables.iter().for_each(|table| {
                is_table(table, desk);
            });
        }
        Kind::SameText(it) | Kind::Copied(it) => {
            it.sections.iter().for_each(|section| is_section(section, desk));
            patterns(it.boilerplate.iter(), desk);
        }
        Kind::Growth(it) => {
            patterns([&it.claimed].into_iter(), desk);
            for subject in &mut it.subject {
                is_subject(&subject.id, desk);
                for lawful in &subject.lawful {
                    let sum = read_sum(lawful, desk);
                    let names: Vec<_> = sum.iter().map(|term| (term.name.clone(), term.span.clone())).collect();
                    check_names(&names, lawful, desk.figures, desk);
                    subject.parsed.push(sum);
                }
            }
        }
        Kind::Late(it) => {
            for (kind, due) in &it.due {
                one_of(kind, &AgencyKind::ALL.map(AgencyKind::word).into_iter().collect(), "kind of agency", desk);
                if month_day(due.get_ref()).is_none() {
                    desk.complain(due.span(), format!("`{}` is no day", due.get_ref()), "write month and day: 01-31".to_owned());
                }
            }
        }
        _ => {}
    }
}

/// The sums of claims are over rows where columns are named, else over single figures.
fn claims(it: &mut Claims, desk: &mut Desk<'_>) {
    let table = it.table.get_ref().clone();
    let columns = operands(desk.standards, &table, ForEach::Row);
    // A row is a group of figures; a sum over what a report's form does not have is passed over.
    let known = groups_of_figures(desk.standards, &table);
    let known_columns: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    for column in &it.columns {
        one_of(column, &known_columns, "column", desk);
    }
    for subject in &mut it.subject {
        is_subject(&subject.id, desk);
        for column in &subject.columns {
            one_of(column, &known_columns, "column", desk);
        }
        for lawful in &subject.lawful {
            let sum = read_sum(lawful, desk);
            let names: Vec<_> = sum.iter().map(|term| (term.name.clone(), term.span.clone())).collect();
            check_names(&names, lawful, &known, desk);
            subject.parsed.push(sum);
        }
    }
    it.apply(desk.standards);
}

/// Every figure of a table, and every group of them, in any standard, without the table's own id.
fn groups_of_figures(standards: &[Standard], table: &str) -> BTreeSet<String> {
    let ids = standards.iter().filter_map(|standard| standard.table(table)).flat_map(|form| form.ids());
    let local = ids.filter_map(|id| id.strip_prefix(table)?.strip_prefix('.'));
    let with_groups = |id: &str| -> Vec<String> {
        let ends = id.match_indices('.').map(|(at, _)| at).chain([id.len()]);
        ends.filter_map(|end| id.get(..end)).map(str::to_owned).collect()
    };
    local.flat_map(with_groups).collect()
}

fn patterns<'a>(patterns: impl Iterator<Item = &'a Pattern>, desk: &mut Desk<'_>) {
    for pattern in patterns {
        if let Some(error) = pattern.error() {
            desk.complain(pattern.text.span(), "the pattern cannot be read".to_owned(), error.to_owned());
        }
    }
}

fn one_of(word: &Spanned<String>, known: &BTreeSet<&str>, noun: &str, desk: &mut Desk<'_>) -> bool {
    let found = known.contains(word.get_ref().as_str());
    if !found {
        let help = hint(word.get_ref(), known.iter().copied());
        desk.complain(word.span(), format!("`{}` is no {noun}", word.get_ref()), help);
    }
    found
}

fn is_table(table: &Spanned<String>, desk: &mut Desk<'_>) -> bool {
    let standards = desk.standards;
    let known = standards.iter().flat_map(|standard| standard.tables.iter().map(|table| table.id.as_str())).collect();
    one_of(table, &known, "table", desk)
}

fn topics(topics: &[super::Topical], desk: &mut Desk<'_>) {
    patterns(topics.iter().flat_map(|topic| topic.heads.iter().chain(&topic.plain).chain(&topic.perhaps)), desk);
}

fn is_kind(kind: &Spanned<String>, desk: &mut Desk<'_>) {
    one_of(kind, &AgencyKind::ALL.map(AgencyKind::word).into_iter().collect(), "kind of agency", desk);
}

fn is_section(section: &Spanned<String>, desk: &mut Desk<'_>) {
    let standards = desk.standards;
    let known = standards.iter().flat_map(|standard| standard.sections.iter().map(|section| section.id.as_str())).collect();
    one_of(section, &known, "section", desk);
}

fn is_figure(figure: &Spanned<String>, desk: &mut Desk<'_>) {
    one_of(figure, desk.figures, "figure", desk);
}

/// Formulas over whole figure ids: each name is one for every word that they are repeated over.
fn relation(it: &mut super::Relations, desk: &mut Desk<'_>) {
    for ask in &mut it.ask {
        ask.parsed = read_formula(&ask.formula, desk);
        ask.conditions = ask.when.iter().map(|formula| read_formula(formula, desk)).collect();
    }
    let texts =
        it.ask.iter().flat_map(|ask| std::iter::once((&ask.formula, &ask.parsed)).chain(ask.when.iter().zip(&ask.conditions)));
    for (text, formula) in texts {
        let ids = formula.terms().filter(|term| term.name.parse::<u32>().is_err()).flat_map(|term| {
            let id = term.name.strip_prefix("last.").unwrap_or(&term.name);
            let words = it.over.iter().map(String::as_str);
            let words: Vec<&str> = if id.contains('*') { words.collect() } else { vec![""] };
            words.into_iter().map(|word| (id.replace('*', word), term.span.clone()))
        });
        let names: Vec<_> = ids.collect();
        check_names(&names, text, desk.figures, desk);
    }
}

/// Subjects are checked once the standards list any.
fn is_subject(subject: &Spanned<String>, desk: &mut Desk<'_>) {
    let standards = desk.standards;
    let known: BTreeSet<_> =
        standards.iter().flat_map(|standard| standard.subjects.all.iter().map(|it| it.id.as_str())).collect();
    if !known.is_empty() {
        one_of(subject, &known, "subject", desk);
    }
}

fn read_formula(text: &Spanned<String>, desk: &mut Desk<'_>) -> Formula {
    parse_formula(text.get_ref()).unwrap_or_else(|at| {
        let start = text.span().start + 1 + at.0;
        desk.complain(start..start + 1, "the identity cannot be read here".to_owned(), "write `a + b = c + d`".to_owned());
        Formula::default()
    })
}

fn read_sum(text: &Spanned<String>, desk: &mut Desk<'_>) -> super::Sum {
    parse_sum(text.get_ref()).unwrap_or_else(|at| {
        let start = text.span().start + 1 + at.0;
        desk.complain(start..start + 1, "the sum cannot be read here".to_owned(), "write `a + b - c`".to_owned());
        Vec::new()
    })
}

fn check_names<K: Borrow<str> + Ord>(
    names: &[(String, Range<usize>)],
    text: &Spanned<String>,
    known: &BTreeSet<K>,
    desk: &mut Desk<'_>,
) {
    let start = text.span().start + 1;
    for (name, span) in names {
        if !known.contains(name.as_str()) {
            let help = hint(name, known.iter().map(K::borrow));
            desk.complain(start + span.start..start + span.end, format!("the form has no `{name}`"), help);
        }
    }
}

/// The names an identity over a table may use: those of *every* standard that has the table, so
/// that one formula holds for each of them; groups included.
fn operands(standards: &[Standard], table: &str, for_each: ForEach) -> BTreeSet<String> {
    let of_one = |standard: &Standard| -> Option<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for (_, row, column) in standard.table(table)?.figures() {
            let name = match for_each {
                ForEach::Column => row.id.as_str(),
                ForEach::Row => column.id.as_str(),
                ForEach::Group => column.id.split_once('.').map_or(column.id.as_str(), |(_, leaf)| leaf),
            };
            let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
            names.extend(ends.filter_map(|end| name.get(..end)).map(str::to_owned));
        }
        Some(names)
    };
    standards.iter().filter_map(of_one).reduce(|a, b| a.intersection(&b).cloned().collect()).unwrap_or_default()
}

/// A case names figures and standards that exist.
pub(super) fn check_case(case: &Case, desk: &mut Desk<'_>) {
    let standards = desk.standards;
    if case.name.get_ref().is_empty() || case.expect.outcome == super::Word::Nothing {
        desk.complain(
            case.name.span(),
            "the case has no name or expects nothing".to_owned(),
            "give it `name` and `expect`".to_owned(),
        );
    }
    check_readings(case, desk);
    let beside = case.previous.iter().map(|it| &**it).chain(case.siblings.iter().flatten()).chain(case.members.iter().flatten());
    beside.for_each(|other| check_readings(other, desk));
    let ids: Vec<&str> = standards.iter().map(|standard| standard.id.as_str()).chain(["pre2019", "unknown"]).collect();
    if !ids.contains(&case.standard.as_str()) {
        desk.complain(case.name.span(), format!("`{}` is no standard", case.standard), hint(&case.standard, ids));
    }
}

fn check_readings(case: &Case, desk: &mut Desk<'_>) {
    let standards = desk.standards;
    // One dangling row is seven dangling figures: the first says it.
    let dangling = case.readings(standards).into_iter().map(|(id, _)| id).find(|id| !desk.figures.contains(id.as_str()));
    if let Some(id) = dangling {
        let help = hint(&id, desk.figures.iter().copied());
        desk.complain(case.name.span(), format!("the case names the figure `{id}`, which no form has"), help);
    }
}
