//! A government's figures against those of its departments and townships.

use super::Member;
use super::view::{View, say, verdict, violation};
use crate::model::{AgencyKind, Evidence, Place, Report, Verdict};
use crate::rules::{Check, Kind, RollupSum, SameFigures};
use rust_decimal::Decimal;

/// A figure that does not add up.
struct Gap {
    id: String,
    own: Decimal,
    sum: Decimal,
    /// Members and what they report, the largest first.
    members: Vec<(String, Decimal)>,
}

fn number(report: &Report, id: &str) -> Option<Decimal> {
    report.figure(id)?.reading.number()
}

/// The members whose figures are rolled up: those under vertical leadership report upward.
fn counted<'a>(members: &'a [Member<'a>]) -> Vec<&'a Member<'a>> {
    members.iter().filter(|member| member.kind != AgencyKind::Vertical).collect()
}

/// One finding: the figures that do not add up, with the members that explain the widest gap.
pub(super) fn sum(check: &Check, params: &RollupSum, view: &View<'_>) -> Verdict {
    let Some(known) = view.context.members.filter(|known| !counted(&known.reports).is_empty()) else {
        return Verdict::NotApplicable;
    };
    let members = counted(&known.reports);
    let office_only = view.rules.checks.iter().any(|other| match &other.kind {
        Kind::OfficeOnly(params) => other.severity_of(view.agency_kind()).is_some() && equals_office(params, view).is_some(),
        _ => false,
    });
    if office_only {
        return Verdict::Inconclusive(say(
            "数据与办公室报告相同，已另行列出",
            "the figures are the office's, which is told by its own rule",
        ));
    }
    let (mut gaps, mut unknown): (Vec<Gap>, usize) = (Vec::new(), 0);
    let asked = |id: &str| {
        params.tables.iter().any(|table| id.split('.').next() == Some(table.get_ref().as_str()))
            && !params.except.iter().any(|except| id.starts_with(except.as_str()))
    };
    for figure in view.report.figures.iter().filter(|figure| asked(&figure.id)) {
        let Some(own) = figure.reading.number() else {
            unknown += 1;
            continue;
        };
        let values: Vec<(String, Option<Decimal>)> =
            members.iter().map(|member| (member.name.clone(), number(member.report, &figure.id))).collect();
        let whole = known.complete && values.iter().all(|(_, value)| value.is_some());
        let mut values: Vec<(String, Decimal)> = values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let sum: Decimal = values.iter().map(|(_, value)| *value).sum();
        unknown += usize::from(!whole);
        if own < sum || whole && own != sum {
            let gap = (own - sum).abs();
            values.sort_by_key(|(name, value)| (*value != gap, std::cmp::Reverse(*value), name.clone()));
            gaps.push(Gap { id: figure.id.clone(), own, sum, members: values });
        }
    }
    let open = (unknown > 0).then(|| {
        say("成员机关的报告不全，只核对了下限", "not every member's figures are known: only the lower bound was checked")
    });
    let Some(widest) = gaps.iter().max_by_key(|gap| ((gap.own - gap.sum).abs(), std::cmp::Reverse(gap.id.clone()))) else {
        return verdict(Vec::new(), open);
    };
    let (own, sum) = (widest.own.normalize().to_string(), widest.sum.normalize().to_string());
    let named: Vec<String> = widest
        .members
        .iter()
        .filter(|(_, value)| !value.is_zero())
        .take(params.named as usize)
        .map(|(name, value)| format!("{name} {}", value.normalize()))
        .collect();
    let (label, names, count) = (view.label(&widest.id), named.join("、"), gaps.len().to_string());
    let words = [
        ("count", count.as_str(), count.as_str()),
        ("cell", label.as_str(), widest.id.as_str()),
        ("own", &own, &own),
        ("sum", &sum, &sum),
        ("members", &names, &names),
    ];
    let mut it = violation(view, check, "sum", check.message("finding", &words));
    it.figures =
        std::iter::once(&widest.id).chain(gaps.iter().map(|gap| &gap.id).filter(|id| **id != widest.id)).cloned().collect();
    it.expected = Some(sum.clone());
    it.actual = Some(own);
    let members = named.into_iter().map(|words| Evidence { quote: words, at: Place::default() });
    it.evidence = view.evidence(&widest.id).into_iter().chain(members).collect();
    verdict(vec![it], open)
}

/// The office whose figures the government's are, where others have some of their own.
fn equals_office<'a>(params: &SameFigures, view: &View<'a>) -> Option<&'a Member<'a>> {
    let known = view.context.members?;
    let flow =
        |id: &str| !id.split('.').any(|part| part == "total") && !params.stocks.iter().any(|stock| id.ends_with(stock.as_str()));
    let above = |report: &Report| {
        report.figures.iter().filter(|it| flow(&it.id) && it.reading.number().is_some_and(|value| value > Decimal::ZERO)).count()
    };
    let office = known.reports.iter().find(|member| member.kind == AgencyKind::Office)?;
    let own = view.report;
    let same = own.standard == office.report.standard
        && own.figures.iter().all(|figure| number(own, &figure.id) == number(office.report, &figure.id));
    let others = known.reports.iter().any(|member| !std::ptr::eq(member, office) && above(member.report) > 0);
    (same && others && above(own) >= params.least as usize).then_some(office)
}

/// The government's figures are its own office's.
pub(super) fn office_only(check: &Check, params: &SameFigures, view: &View<'_>) -> Verdict {
    let Some(known) = view.context.members else { return Verdict::NotApplicable };
    if !known.reports.iter().any(|member| member.kind == AgencyKind::Office) {
        return Verdict::NotApplicable;
    }
    let Some(office) = equals_office(params, view) else { return Verdict::Clean };
    if view.report.tables.iter().chain(&office.report.tables).any(|table| !table.complete) {
        return Verdict::Inconclusive(say("有的表未能完整读出", "a table could not be read completely"));
    }
    let name = office.name.as_str();
    let mut it = violation(view, check, "office", check.message("finding", &[("office", name, name)]));
    it.figures = view
        .report
        .figures
        .iter()
        .filter(|it| it.reading.number().is_some_and(|value| value > Decimal::ZERO))
        .map(|it| it.id.clone())
        .collect();
    it.evidence = it.figures.iter().take(5).filter_map(|id| view.evidence(id)).collect();
    verdict(vec![it], None)
}
