//! Every identity of a report, evaluated once and together.
//!
//! Three-valued: an identity holds, fails, or stays open. The strict reading comes first (a blank is
//! unknown). A blank applicant cell is read as 0 only where the sum then holds, or where the whole
//! table evidently leaves its zeros blank and no blank of the sum may hide what it lacks; a blank total never is.

use super::cells::possible;
use super::diagnose::{self, Told};
use super::shifted::{self, Shift};
use super::view::{Table, View, say};
use crate::model::{Figure, Message, Reading};
use crate::rules::{Application, Check, FigureKind, ForEach, Kind, Operand};
use rust_decimal::prelude::ToPrimitive;

/// What a cell brings to a sum.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Number(i128),
    /// Blank, and not a total: 0 in the lenient reading.
    Blank,
    /// A blank total, which is 0 only where another identity says so.
    BlankTotal,
    /// Nothing can be summed with it, and why: words that follow the cell's name.
    Closed(&'static str, &'static str),
}

/// A cell of a table that has identities.
#[derive(Debug, Clone)]
pub(super) struct Cell<'a> {
    pub id: &'a str,
    pub table: &'a str,
    /// Id of the column in the form.
    pub column: &'a str,
    pub value: Value,
}

impl Cell<'_> {
    /// The number printed, if one is.
    pub fn number(&self) -> Option<i128> {
        match self.value {
            Value::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The number in the lenient reading.
    pub fn lenient(&self) -> Option<i128> {
        match self.value {
            Value::Number(value) => Some(value),
            Value::Blank => Some(0),
            Value::BlankTotal | Value::Closed(..) => None,
        }
    }
}

/// How an identity stands.
#[derive(Debug, Clone)]
pub(super) enum State {
    Holds,
    Fails,
    Open(Message),
}

/// One application of an identity to the report's table.
#[derive(Debug, Clone)]
pub(super) struct Instance<'a> {
    pub check: &'a Check,
    pub table: &'a str,
    pub rank: u32,
    pub for_each: ForEach,
    pub it: &'a Application,
    /// Where the table's cells begin in `Balance::cells`.
    pub base: usize,
    pub state: State,
}

impl Instance<'_> {
    /// Whether it was decided that it does not hold.
    pub fn fails(&self) -> bool {
        matches!(self.state, State::Fails)
    }

    /// Both sums, where every operand is a number under `value_of`.
    pub fn sums(&self, value_of: impl Fn(usize) -> Option<i128>) -> Option<(i128, i128)> {
        let side = |side: &[Operand]| side.iter().map(|operand| self.total(operand, &value_of)).sum::<Option<i128>>();
        Some((side(&self.it.left)?, side(&self.it.right)?))
    }

    /// The signed total of an operand's cells; an operand without cells is unknown.
    pub fn total(&self, operand: &Operand, value_of: impl Fn(usize) -> Option<i128>) -> Option<i128> {
        if operand.places.is_empty() {
            return None;
        }
        let total: i128 = operand.places.iter().map(|place| value_of(self.base + place)).sum::<Option<i128>>()?;
        Some(if operand.negative { -total } else { total })
    }

    /// Every cell with its sign in `left − right`.
    pub fn signed(&self) -> impl Iterator<Item = (usize, i128)> {
        let sides = [(&self.it.left, 1), (&self.it.right, -1)];
        sides.into_iter().flat_map(|(side, sign)| side.iter().map(move |operand| (operand, sign))).flat_map(
            move |(operand, sign)| {
                let sign = if operand.negative { -sign } else { sign };
                operand.places.iter().map(move |place| (self.base + place, sign))
            },
        )
    }
}

/// All cells, all identities, and what explains those that fail.
#[derive(Debug, Default)]
pub(super) struct Balance<'a> {
    pub cells: Vec<Cell<'a>>,
    /// Each table that has identities, and where its cells begin.
    bases: Vec<(&'a str, usize)>,
    pub instances: Vec<Instance<'a>>,
    pub shifts: Vec<Shift>,
    pub told: Vec<Told>,
    /// By instance: whether a shift or a diagnosis explains it.
    pub explained: Vec<bool>,
}

impl Balance<'_> {
    /// The cell at a place of a table; `None` where no identity speaks of the table.
    pub fn cell_at(&self, table: &str, place: usize) -> Option<usize> {
        self.bases.iter().find(|(known, _)| *known == table).map(|(_, base)| base + place)
    }

    /// The number of a cell after the diagnosed edits: what the agency must have meant.
    pub fn mended(&self, at: usize) -> Option<i128> {
        let shifts = self.shifts.iter().filter(|shift| shift.table == self.cells[at].table);
        match (
            self.told.iter().find(|told| told.cell == at),
            shifts.into_iter().find(|shift| shift.column.1 == self.cells[at].column),
        ) {
            (Some(told), _) => Some(told.to),
            (None, Some(shift)) => self.moved(at, shift.up),
            (None, None) => self.cells[at].number(),
        }
    }
}

impl Balance<'_> {
    /// Whether the table of this cell evidently leaves its zeros blank: it prints no 0, half of it is blank, and
    /// the identities that can be decided hold.
    pub fn leaves_zeros_blank(&self, id: &str) -> bool {
        let Some(table) = self.cells.iter().find(|cell| cell.id == id).map(|cell| cell.table) else { return false };
        let cells = || self.cells.iter().filter(|cell| cell.table == table);
        let of_table = || self.instances.iter().filter(|it| it.table == table);
        let blanks = cells().filter(|cell| matches!(cell.value, Value::Blank | Value::BlankTotal)).count();
        let prints_zero = cells().any(|cell| cell.number() == Some(0));
        let holds = of_table().any(|it| matches!(it.state, State::Holds)) && !of_table().any(Instance::fails);
        holds && !prints_zero && blanks * 2 >= cells().count()
    }

    /// The number that stands in a cell once its column is moved by one row.
    fn moved(&self, at: usize, up: bool) -> Option<i128> {
        let cell = &self.cells[at];
        let column: Vec<usize> = (0..self.cells.len())
            .filter(|other| self.cells[*other].table == cell.table && self.cells[*other].column == cell.column)
            .collect();
        let place = column.iter().position(|other| *other == at)?;
        let from = if up { place + 1 } else { place + column.len() - 1 } % column.len();
        self.cells[column[from]].number()
    }
}

/// Builds and evaluates the identities of every rule that is not off, then explains what fails.
pub(super) fn balance<'a>(view: &View<'a>) -> Balance<'a> {
    let mut balance = Balance::default();
    for check in &view.rules.checks {
        let Kind::Identity(identity) = &check.kind else { continue };
        if check.severity_of(view.agency_kind()).is_none() {
            continue;
        }
        let Some(table) = view.found(identity.table.get_ref()).filter(|table| table.read.complete) else { continue };
        let base = balance.cell_at(&table.form.id, 0).unwrap_or_else(|| collect_cells(table, &mut balance));
        balance.instances.extend(identity.applied.on(table.form).iter().map(|it| Instance {
            check,
            table: &table.form.id,
            rank: identity.rank,
            for_each: identity.for_each,
            it,
            base,
            state: State::Holds,
        }));
    }
    evaluate(view, &mut balance);
    balance.explained = vec![false; balance.instances.len()];
    diagnose::single(&mut balance);
    shifted::find(view, &mut balance);
    diagnose::rest(&mut balance);
    balance
}

/// Puts the cells of a table behind those that are there, in the form's order; the place of the first.
fn collect_cells<'a>(table: &Table<'a>, balance: &mut Balance<'a>) -> usize {
    let (base, form) = (balance.cells.len(), table.form);
    let figures = table.figures.iter().zip(form.cells());
    balance.cells.extend(figures.map(|(figure, (id, _, column))| Cell {
        id,
        table: &form.id,
        column: &column.id,
        value: value_of(id, *figure, column.kind),
    }));
    balance.bases.push((&form.id, base));
    base
}

/// A total is told by the last part of its row's or column's id.
fn is_total(id: &str) -> bool {
    id.split('.').any(|part| part == "total")
}

fn value_of(id: &str, figure: Option<&Figure>, kind: FigureKind) -> Value {
    match figure.map_or(&Reading::Absent, |figure| &figure.reading) {
        Reading::Number(value) if possible(kind, *value) => match value.to_i128() {
            Some(value) => Value::Number(value),
            None => Value::Closed("数值过大", "is too large"),
        },
        Reading::Number(_) => Value::Closed("不是合法的件数", "is not a possible count"),
        Reading::Blank if is_total(id) => Value::BlankTotal,
        Reading::Blank => Value::Blank,
        Reading::Dash | Reading::NotApplicable | Reading::Text => Value::Closed("不是数字", "is not a number"),
        Reading::Illegible => Value::Closed("无法辨认", "is illegible"),
        Reading::Absent => Value::Closed("缺失", "is not there"),
    }
}

/// Strict first, then lenient.
fn evaluate(view: &View<'_>, balance: &mut Balance<'_>) {
    let cells = &balance.cells;
    let strict: Vec<_> = balance.instances.iter().map(|it| it.sums(|at| cells[at].number())).collect();
    let lenient = balance.instances.iter().zip(&strict);
    let lenient: Vec<_> = lenient.map(|(it, strict)| strict.or_else(|| it.sums(|at| cells[at].lenient()))).collect();
    let states: Vec<State> = (0..balance.instances.len())
        .map(|at| match (strict[at], lenient[at]) {
            (Some((left, right)), _) if left == right => State::Holds,
            (Some(_), _) => State::Fails,
            (None, Some((left, right))) if left == right => State::Holds,
            (None, Some(sums)) if zeros_left_blank(balance, &lenient, at) && !may_hide(balance, &lenient, at, sums) => {
                State::Fails
            }
            (None, _) => State::Open(why_open(view, balance, &balance.instances[at])),
        })
        .collect();
    for (instance, state) in balance.instances.iter_mut().zip(states) {
        instance.state = state;
    }
}

/// Whether the table of this instance evidently leaves its zeros blank: it prints no 0 at all, half
/// of its cells are blank, and nearly all other identities hold once blanks are read as 0.
fn zeros_left_blank(balance: &Balance<'_>, lenient: &[Option<(i128, i128)>], at: usize) -> bool {
    let table = balance.instances[at].table;
    let cells: Vec<&Cell<'_>> = balance.cells.iter().filter(|cell| cell.table == table).collect();
    let zeros = cells.iter().filter(|cell| cell.number() == Some(0)).count();
    let blanks = cells.iter().filter(|cell| matches!(cell.value, Value::Blank)).count();
    if zeros > 0 || blanks * 2 < cells.len() {
        return false;
    }
    let others = || (0..lenient.len()).filter(|other| *other != at && balance.instances[*other].table == table);
    let decided: Vec<bool> = others().filter_map(|other| lenient[other].map(|(left, right)| left == right)).collect();
    let holding = decided.iter().filter(|holds| **holds).count();
    holding >= 3 && (decided.len() - holding) * 5 <= holding
}

/// Whether a blank of this instance may hide just the number that it lacks: no other identity says that it stands for 0.
fn may_hide(balance: &Balance<'_>, lenient: &[Option<(i128, i128)>], at: usize, (left, right): (i128, i128)) -> bool {
    let mends = |sign: i128| (right - left) * sign > 0;
    let mut blanks = balance.instances[at].signed().filter(|(cell, _)| matches!(balance.cells[*cell].value, Value::Blank));
    blanks.any(|(cell, sign)| mends(sign) && !stands_for_zero(balance, lenient, cell, at))
}

/// Whether an identity beside this one tells that a blank cell stands for 0: it holds, or it would with its blank total
/// read as 0, which the other totals then account for.
fn stands_for_zero(balance: &Balance<'_>, lenient: &[Option<(i128, i128)>], cell: usize, beside: usize) -> bool {
    let of = |cell: usize| (0..balance.instances.len()).filter(move |at| balance.instances[*at].signed().any(|it| it.0 == cell));
    let is_blank_total = |cell: &usize| matches!(balance.cells[*cell].value, Value::BlankTotal);
    let zeroed = |at: usize| {
        let value = |cell: usize| balance.cells[cell].lenient().or_else(|| is_blank_total(&cell).then_some(0));
        balance.instances[at].sums(value).filter(|(left, right)| left == right)
    };
    let accounted = |total: usize, at: usize| of(total).any(|it| it != at && zeroed(it).is_some_and(|(left, _)| left != 0));
    of(cell).filter(|at| *at != beside).any(|at| match lenient[at] {
        Some((left, right)) => left == right,
        None => {
            let mut totals = balance.instances[at].signed().map(|(cell, _)| cell).filter(is_blank_total);
            zeroed(at).is_some() && totals.all(|total| accounted(total, at))
        }
    })
}

fn blank_cell(view: &View<'_>, cell: &Cell<'_>) -> Message {
    say(format!("{}为空", view.label(cell.id)), format!("{} is blank", cell.id))
}

/// The first operand that keeps an identity open.
fn why_open(view: &View<'_>, balance: &Balance<'_>, instance: &Instance<'_>) -> Message {
    let cells: Vec<&Cell<'_>> = instance.signed().map(|(at, _)| &balance.cells[at]).collect();
    let closed = cells.iter().find_map(|cell| match &cell.value {
        Value::BlankTotal => Some(blank_cell(view, cell)),
        Value::Closed(zh, en) => Some(say(format!("{}{zh}", view.label(cell.id)), format!("{} {en}", cell.id))),
        _ => None,
    });
    let blank = || cells.iter().find(|cell| matches!(cell.value, Value::Blank));
    closed
        .or_else(|| blank().map(|cell| blank_cell(view, cell)))
        .unwrap_or_else(|| say("表中没有这一项", "the table has no such row or column"))
}
