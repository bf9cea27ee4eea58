//! Quantities of the text against the table: flagged only where no lawful reading fits.
//!
//! 「收到申请 N 件」 may count new applications alone or those carried in with them, and a text may speak of
//! a part of the whole. Of several numbers one sentence states of a subject, the others may be parts of the
//! one that fits. A claim of an unclear scope (全市, 代表政府) is held against the table only where a whole
//! of the same paragraph is the table's: then the paragraph speaks of what the table counts.
//!
//! How every claim stands is found out once for all rules, for one wrong number is told once: other rules
//! ask `told`.

use super::identity::not_judged;
use super::view::{Table, View, say, verdict, violation};
use crate::model::{Claim, Evidence, Figure, Message, Place, Precision, Reading, Scope, Verdict, Violation};
use crate::rules::{Check, ClaimSubject, Claims, Kind, Operand};
use crate::text::compact;
use rust_decimal::Decimal;

/// Whether a claim states, exactly and of the report's own year, a quantity that can be tested.
pub(super) fn testable(claim: &Claim, year: Option<i32>) -> bool {
    claim.change.is_none() && claim.precision == Precision::Exact && (claim.year.is_none() || claim.year == year)
}

/// The sentence a claim stands in, as evidence.
pub(super) fn sentence(claim: &Claim) -> Evidence {
    Evidence { quote: claim.sentence.clone(), at: Place { quote: Some(claim.sentence.clone()), ..Place::default() } }
}

/// How a claim stands to the table.
#[derive(Debug, Clone)]
pub(super) enum Fit {
    Fits,
    Open(Message),
    /// What the plain reading of the table gives.
    Wrong(Decimal),
}

/// How every claim of a report stands, in the order of the claims; `None` where no rule speaks of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing(Vec<Option<Fit>>);

impl Standing {
    /// How a claim stands, where a rule speaks of it.
    pub fn fit(&self, at: usize) -> Option<&Fit> {
        self.0.get(at)?.as_ref()
    }

    /// What the table has instead of a number that is told to be wrong.
    pub fn told(&self, at: usize) -> Option<Decimal> {
        match self.fit(at)? {
            Fit::Wrong(plain) => Some(*plain),
            _ => None,
        }
    }
}

/// Finds out how every claim stands.
pub(super) fn standing(view: &View<'_>) -> Standing {
    let claims = &view.report.claims;
    let on = view.rules.checks.iter().filter(|check| check.severity_of(view.agency_kind()).is_some());
    let rules = on.filter_map(|check| match &check.kind {
        Kind::Claim(params) if not_judged(view, params.table.get_ref()).is_none() => Some(params),
        _ => None,
    });
    let params: Vec<(&Claims, &ClaimSubject)> =
        rules.flat_map(|params| params.subject.iter().map(move |subject| (params, subject))).collect();
    if params.is_empty() || claims.is_empty() {
        return Standing(vec![None; claims.len()]);
    }
    let by_itself = |claim: &Claim| {
        let (params, subject) = params.iter().find(|(_, subject)| *subject.id.get_ref() == claim.subject)?;
        let table = view.found(params.table.get_ref())?;
        testable(claim, view.report.year).then(|| fit(subject, claim, table, view))
    };
    let mut fits: Vec<Option<Fit>> = claims.iter().map(by_itself).collect();
    let fitting = |at: usize| matches!(fits[at], Some(Fit::Fits));
    let same_place = |a: &Claim, b: &Claim| a.section == b.section && a.paragraph == b.paragraph;
    let settled: Vec<Option<Fit>> = (0..claims.len())
        .map(|at| {
            let claim = &claims[at];
            let Some(Fit::Wrong(plain)) = &fits[at] else { return fits[at].clone() };
            let in_sentence = |other: usize| same_place(&claims[other], claim) && claims[other].sentence == claim.sentence;
            // Of several numbers of one subject the others may be parts of the one that fits.
            let part =
                (0..claims.len()).any(|other| in_sentence(other) && claims[other].subject == claim.subject && fitting(other));
            // 均 speaks of a whole: where that is wrong, it is told.
            let of_wrong = claim.of_all
                && (0..claims.len()).any(|other| {
                    in_sentence(other) && !claims[other].of_all && claims[other].value == claim.value && !fitting(other)
                });
            if part || of_wrong || super::zeros::tells(view, claim) {
                return Some(Fit::Fits);
            }
            let of_table = |other: usize| {
                let other_claim = &claims[other];
                let whole = WHOLES.contains(&other_claim.subject.as_str()) && !other_claim.value.is_zero();
                whole && is_about_same(other_claim, claim) && same_place(other_claim, claim) && fitting(other)
            };
            if claim.scope == Scope::Unclear && !(0..claims.len()).any(of_table) {
                let why = say("文中所述可能不是本机关全年的总数", "the sentence may not speak of the agency's own total");
                return Some(Fit::Open(why));
            }
            Some(Fit::Wrong(*plain))
        })
        .collect();
    fits = settled;
    Standing(fits)
}

/// Subjects of which one that is the table's shows that its paragraph speaks of what the table counts.
const WHOLES: [&str; 5] =
    ["applications.received", "applications.dealt", "applications.handled", "review.total", "litigation.total"];

/// Whether both are of applications, or both of reviews and lawsuits, or both of neither.
fn is_about_same(one: &Claim, other: &Claim) -> bool {
    let is_application = |claim: &Claim| claim.subject.starts_with("applications.");
    is_application(one) == is_application(other)
}

/// Judges each sentence that states one of the subjects.
pub(super) fn judge(check: &Check, params: &Claims, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" {
        return Verdict::NotApplicable;
    }
    let subject_of = |claim: &Claim| params.subject.iter().find(|subject| *subject.id.get_ref() == claim.subject);
    let claims = || view.report.claims.iter().enumerate().filter(|(_, claim)| testable(claim, view.report.year));
    if !claims().any(|(_, claim)| subject_of(claim).is_some()) {
        return Verdict::NotApplicable;
    }
    if let Some(verdict) = not_judged(view, params.table.get_ref()) {
        return verdict;
    }
    let mut open = None;
    let mut told: Vec<(&Claim, Violation)> = Vec::new();
    for (at, claim) in claims() {
        let Some(subject) = subject_of(claim) else { continue };
        match view.claims().fit(at) {
            Some(Fit::Wrong(plain)) => match told.iter_mut().find(|(other, _)| is_again(other, claim)) {
                Some((other, _)) if other.sentence == claim.sentence => {}
                Some((_, violation)) => violation.evidence.push(sentence(claim)),
                None => told.push((claim, finding(check, params, subject, claim, *plain, view))),
            },
            Some(Fit::Open(why)) => drop(open.get_or_insert_with(|| why.clone())),
            _ => {}
        }
    }
    verdict(told.into_iter().map(|(_, violation)| violation).collect(), open)
}

/// The same wrong number told again is one fault; so are several of one subject in one sentence.
fn is_again(one: &Claim, other: &Claim) -> bool {
    let same_sentence = one.section == other.section && one.ordinal == other.ordinal;
    one.subject == other.subject && (one.value == other.value || same_sentence)
}

/// How one claim stands by itself.
fn fit(subject: &ClaimSubject, claim: &Claim, table: &Table<'_>, view: &View<'_>) -> Fit {
    let sums = subject.sums.on(table.form).iter().filter(|sum| sum.iter().all(|operand| !operand.places.is_empty()));
    let (mut printed, mut any) = (Vec::new(), false);
    for sum in sums {
        any = true;
        let mended = total(sum, |place| mended(view, table, place));
        let total = total(sum, |place| self::printed(view, table, place));
        if [total, mended].into_iter().flatten().any(|lawful| states(claim, lawful)) {
            return Fit::Fits;
        }
        if total.is_some_and(|total| mends(sum, claim.value - total, table, view)) {
            return Fit::Fits;
        }
        printed.push(total);
    }
    match printed.first().copied().flatten() {
        Some(plain) if printed.iter().all(Option::is_some) => Fit::Wrong(plain),
        _ if any => Fit::Open(say("表中相应的总计无法读作数字", "the totals of the table are not all numbers")),
        // This form has no such figure.
        _ => Fit::Fits,
    }
}

/// Whether a sum that were larger by so much would mend an identity that fails: then the table's slip is told there.
fn mends(sum: &[Operand], by: Decimal, table: &Table<'_>, view: &View<'_>) -> bool {
    let balance = &view.balance;
    let places = sum.iter().flat_map(|operand| &operand.places);
    let cells: Vec<usize> = places.filter_map(|place| balance.cell_at(&table.form.id, *place)).collect();
    balance.instances.iter().filter(|instance| instance.fails()).any(|instance| {
        let touched = instance.signed().any(|(at, _)| cells.contains(&at));
        let sums = instance.sums(|at| balance.cells[at].lenient());
        touched && sums.is_some_and(|(left, right)| by.abs() == Decimal::from((left - right).abs()))
    })
}

/// How far a count may lie from what it is rounded from: one printed in 万 (4.82万) is rounded at its last digit.
fn rounding(claim: &Claim) -> Decimal {
    let ten_thousand = Decimal::from(10_000);
    if !claim.sentence.contains('万') {
        return Decimal::ZERO;
    }
    let folded = compact(&claim.sentence);
    let number = |(at, _)| {
        let before: &str = &folded[..at];
        let from = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        before[from..].parse::<Decimal>().ok()
    };
    let printed = folded.match_indices('万').filter_map(number).find(|printed| printed * ten_thousand == claim.value);
    printed.map_or(Decimal::ZERO, |printed| Decimal::new(5, printed.scale() + 1) * ten_thousand)
}

/// Whether a claim states this value: money at the decimals the text prints.
fn states(claim: &Claim, value: Decimal) -> bool {
    let factor = match claim.unit.as_deref() {
        Some("元") => Decimal::ONE,
        Some("万元") => Decimal::from(10_000),
        Some("亿元") => Decimal::from(100_000_000),
        _ => return (claim.value - value).abs() <= rounding(claim),
    };
    let half = Decimal::new(5, claim.value.scale() + 1) * factor;
    (claim.value * factor - value).abs() <= half
}

/// A sum over the table.
fn total(sum: &[Operand], value_of: impl Fn(usize) -> Option<Decimal>) -> Option<Decimal> {
    let mut total = Decimal::ZERO;
    for operand in sum {
        for place in &operand.places {
            let value = value_of(*place)?;
            total = if operand.negative { total.checked_sub(value)? } else { total.checked_add(value)? };
        }
    }
    Some(total)
}

/// What a cell says as diagnosed.
fn mended(view: &View<'_>, table: &Table<'_>, place: usize) -> Option<Decimal> {
    view.balance.mended(view.balance.cell_at(&table.form.id, place)?).map(Decimal::from)
}

/// What a cell says: money in 元; a blank is 0, and a blank total its row's sum, where the table leaves its zeros blank.
fn printed(view: &View<'_>, table: &Table<'_>, place: usize) -> Option<Decimal> {
    let (id, figure) = (table.form.ids().get(place)?.as_str(), table.figures[place]?);
    if let Reading::Number(value) = figure.reading {
        let factor = match figure.unit.as_deref() {
            Some("万元") => Decimal::from(10_000),
            Some("亿元") => Decimal::from(100_000_000),
            _ => Decimal::ONE,
        };
        return value.checked_mul(factor);
    }
    if figure.reading != Reading::Blank || !view.balance.leaves_zeros_blank(id) {
        return None;
    }
    let Some(row) = id.strip_suffix(".total").filter(|row| row.starts_with("applications.")) else {
        let group = id.strip_suffix(".total");
        let blank = |cell: &&Figure| cell.reading == Reading::Blank;
        let of_group = |cell: &&Figure| group.is_some_and(|group| cell.id.starts_with(group));
        let all_blank = view.report.figures.iter().filter(of_group).all(|cell| blank(&cell));
        return (group.is_none() || all_blank).then_some(Decimal::ZERO);
    };
    let of_row = |cell: &str| cell != id && cell.strip_prefix(row).is_some_and(|rest| rest.starts_with('.'));
    let mut sum = Decimal::ZERO;
    for (_, figure) in table.form.ids().iter().zip(&table.figures).filter(|(cell, _)| of_row(cell)) {
        match (*figure)?.reading {
            Reading::Number(value) => sum += value,
            Reading::Blank => {}
            _ => return None,
        }
    }
    Some(sum)
}

fn finding(check: &Check, params: &Claims, subject: &ClaimSubject, claim: &Claim, plain: Decimal, view: &View<'_>) -> Violation {
    let id = subject.id.get_ref();
    let named = view.standard.and_then(|standard| standard.subjects.get(id));
    let (zh, en) = named.map_or((id.as_str(), id.as_str()), |it| (it.label.as_str(), it.label_en.as_str()));
    let (claimed, table) = match claim.unit.as_deref() {
        Some(unit @ ("元" | "万元" | "亿元")) => {
            (format!("{}{unit}", claim.value.normalize()), format!("{}万元", (plain / Decimal::from(10_000)).normalize()))
        }
        _ => (claim.value.normalize().to_string(), plain.normalize().to_string()),
    };
    let words = [
        ("subject", zh, en),
        ("claimed", &claimed, &claimed),
        ("table", &table, &table),
        ("sentence", &claim.sentence, &claim.sentence),
    ];
    let place = format!("{}/{}/{}", claim.section, claim.subject, claim.ordinal);
    let mut it = violation(view, check, place, check.message("finding", &words));
    if let Some(severity) = subject.severity {
        it.severity = it.severity.min(severity);
    }
    let sums = view.table(params.table.get_ref()).map(|(_, form)| (form.ids(), subject.sums.on(form)));
    for (ids, operand) in sums.into_iter().flat_map(|(ids, sums)| sums.iter().flatten().map(move |operand| (ids, operand))) {
        for place in &operand.places {
            if !it.figures.contains(&ids[*place]) {
                it.figures.push(ids[*place].clone());
            }
        }
    }
    it.expected = Some(table);
    it.actual = Some(claimed);
    let shown = it.figures.iter().take(MOST_CELLS).filter_map(|id| view.evidence(id));
    it.evidence = std::iter::once(sentence(claim)).chain(shown).collect();
    it
}

/// A finding quotes no more cells than an official would look at.
const MOST_CELLS: usize = 8;
