//! Quantities of the text against the table: flagged only where no lawful reading fits.
//!
//! 「收到申请 N 件」 may count new applications alone or those carried in with them, and a text may
//! speak of a part of the whole. Of several numbers one sentence states of a subject, the others may
//! be parts of the one that fits; a sentence that may speak of somebody else's cases proves nothing.

use super::identity::not_judged;
use super::view::{View, fold, say, verdict, violation};
use crate::model::{Claim, Evidence, Message, Place, Precision, Verdict, Violation};
use crate::rules::{Check, ClaimSubject, Claims, Pattern, Sum};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Whether a claim states, exactly and of the report's own year, a quantity that can be tested.
pub(super) fn testable(claim: &Claim, year: Option<i32>) -> bool {
    let counts = claim.change.is_none() && claim.value.fract().is_zero();
    counts && claim.precision == Precision::Exact && (claim.year.is_none() || claim.year == year)
}

/// Whether words before the number leave it open whose cases the sentence speaks of; what follows
/// the number (其中网络申请三件) divides it and casts no doubt on it.
pub(super) fn is_doubtful(doubt: &[Pattern], claim: &Claim) -> bool {
    let text = fold(&claim.sentence);
    let digits = claim.value.normalize().to_string();
    let alone = |at: &usize| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + digits.len()..).and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(|c| c.is_ascii_digit() || ".,".contains(c))
    };
    let end = text.match_indices(&digits).map(|(at, _)| at).find(alone);
    let before = text.get(..end.unwrap_or(text.len())).unwrap_or(&text);
    doubt.iter().any(|pattern| pattern.is_match(before))
}

/// The sentence a claim stands in, as evidence.
pub(super) fn sentence(claim: &Claim) -> Evidence {
    Evidence { quote: claim.sentence.clone(), at: Place { quote: Some(claim.sentence.clone()), ..Place::default() } }
}

/// Judges each sentence that states one of the subjects.
pub(super) fn judge(check: &Check, params: &Claims, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" {
        return Verdict::NotApplicable;
    }
    let stated = |claim: &&Claim| params.subject.iter().any(|subject| *subject.id.get_ref() == claim.subject);
    let claims: Vec<&Claim> =
        view.report.claims.iter().filter(stated).filter(|claim| testable(claim, view.report.year)).collect();
    if claims.is_empty() {
        return Verdict::NotApplicable;
    }
    let table = params.table.get_ref();
    if let Some(verdict) = not_judged(view, table) {
        return verdict;
    }
    let (mut findings, mut open) = (Vec::new(), None);
    for subject in &params.subject {
        let of_subject: Vec<&&Claim> = claims.iter().filter(|claim| claim.subject == *subject.id.get_ref()).collect();
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for claim in &of_subject {
            let key = (claim.section.as_str(), claim.sentence.as_str());
            if seen.contains(&key) || super::zeros::tells(view, claim) {
                continue;
            }
            seen.push(key);
            let together: Vec<&Claim> =
                of_subject.iter().map(|it| **it).filter(|it| (it.section.as_str(), it.sentence.as_str()) == key).collect();
            match of_sentence(params, subject, &together, view) {
                Fit::Fits => {}
                Fit::Open(why) => drop(open.get_or_insert(why)),
                Fit::Wrong(plain) => findings.push(finding(check, params, subject, claim, plain, view)),
            }
        }
    }
    verdict(findings, open)
}

enum Fit {
    Fits,
    Open(Message),
    /// What the plain reading of the table gives.
    Wrong(i128),
}

/// How the numbers one sentence states of one subject stand to the table.
fn of_sentence(params: &Claims, subject: &ClaimSubject, claims: &[&Claim], view: &View<'_>) -> Fit {
    let printed: Vec<Option<i128>> = subject.parsed.iter().map(|sum| total(params, sum, view, false)).collect();
    let mended = subject.parsed.iter().filter_map(|sum| total(params, sum, view, true));
    let lawful: Vec<Decimal> = printed.iter().flatten().copied().chain(mended).map(decimal).collect();
    if claims.iter().any(|claim| lawful.contains(&claim.value)) {
        return Fit::Fits;
    }
    if claims.iter().any(|claim| is_doubtful(&params.doubt, claim)) {
        return Fit::Open(say("文中所述可能不是本机关全年的总数", "the sentence may not speak of the agency's own total"));
    }
    let plain = printed.first().copied().flatten();
    match plain {
        Some(plain) if printed.iter().all(Option::is_some) => Fit::Wrong(plain),
        _ => Fit::Open(say("表中相应的总计无法读作数字", "the totals of the table are not all numbers")),
    }
}

fn decimal(value: i128) -> Decimal {
    Decimal::try_from_i128_with_scale(value, 0).unwrap_or(Decimal::MAX)
}

/// A sum over rows of the table in the column the text speaks of, as printed or as diagnosed.
fn total(params: &Claims, sum: &Sum, view: &View<'_>, mended: bool) -> Option<i128> {
    let (_, form) = view.table(params.table.get_ref())?;
    let mut total = 0;
    for term in sum {
        let of_term = |row: &str| row.strip_prefix(&term.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let mut cells = 0;
        for (id, _) in form.column_cells(params.column.get_ref()).filter(|(_, row)| of_term(&row.id)) {
            let printed = || view.figure(id)?.reading.number().filter(|value| value.fract().is_zero())?.to_i128();
            let value = if mended { view.balance.mended(id) } else { printed() }?;
            total += if term.negative { -value } else { value };
            cells += 1;
        }
        if cells == 0 {
            return None;
        }
    }
    Some(total)
}

fn finding(check: &Check, params: &Claims, subject: &ClaimSubject, claim: &Claim, plain: i128, view: &View<'_>) -> Violation {
    let id = subject.id.get_ref();
    let named = view.standard.and_then(|standard| standard.subjects.iter().find(|it| it.id == *id));
    let (zh, en) = named.map_or((id.as_str(), id.as_str()), |it| (it.label.as_str(), it.label_en.as_str()));
    let claimed = claim.value.normalize().to_string();
    let table = plain.to_string();
    let words = [
        ("subject", zh, en),
        ("claimed", &claimed, &claimed),
        ("table", &table, &table),
        ("sentence", &claim.sentence, &claim.sentence),
    ];
    let place = format!("{}/{}/{}", claim.section, claim.subject, claim.ordinal);
    let mut it = violation(view, check, place, check.message("finding", &words));
    let table_id = params.table.get_ref();
    let column = params.column.get_ref();
    for term in subject.parsed.iter().flatten() {
        let figure = format!("{table_id}.{}.{column}", term.name);
        if view.figure(&figure).is_some() && !it.figures.contains(&figure) {
            it.figures.push(figure);
        }
    }
    it.expected = Some(table);
    it.actual = Some(claimed);
    it.evidence = std::iter::once(sentence(claim)).chain(it.figures.iter().filter_map(|id| view.evidence(id))).collect();
    it
}
