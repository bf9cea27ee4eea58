//! What became of a report after its publication: gone, edited, back-dated, differing copies, the
//! wrong column. Facts that only visits to its portal can give, and that count once confirmed.

use super::Context;
use super::deadline::{beijing, source_name, violation};
use super::view::say;
use crate::model::{AgencyKind, Difference, Evidence, Place, Publication, Verdict, Violation};
use crate::rules::{Check, EditedPart, Kind};

/// Figures listed in a message; the rest is counted.
const MOST_LISTED: usize = 5;

/// Judges the rules about what came after publication.
pub(super) fn judge(check: &Check, kind: Option<AgencyKind>, context: &Context<'_>) -> Verdict {
    let Some(publication) = context.publication.as_ref().filter(|it| context.has_portal && it.seen) else {
        return Verdict::NotApplicable;
    };
    let after = &publication.after;
    match &check.kind {
        Kind::Gone(it) => gone(check, kind, publication, it.listed),
        Kind::Edited(it) => match &after.edit {
            Some(edit) => edited(check, kind, edit, it.part),
            None => Verdict::Clean,
        },
        Kind::BackDated(it) => back_dated(check, kind, publication, it.days),
        Kind::CopiesDiffer(_) => match &after.copy {
            Some(copy) => copies(check, kind, copy),
            None => Verdict::Clean,
        },
        Kind::WrongColumn(_) => match &after.column {
            Some(column) => {
                let mut it = violation(check, kind, check.message("finding", &[("column", column, column)]));
                it.actual = Some(column.clone());
                Verdict::Findings(vec![it].into())
            }
            None => Verdict::Clean,
        },
        _ => Verdict::NotApplicable,
    }
}

fn unconfirmed() -> Verdict {
    Verdict::Inconclusive(say("有待再次查看确认", "a second look has to confirm it"))
}

fn gone(check: &Check, kind: Option<AgencyKind>, publication: &Publication, listed: bool) -> Verdict {
    let Some(gone) = publication.after.gone.as_ref().filter(|gone| gone.listed == listed) else { return Verdict::Clean };
    if !gone.confirmed {
        return unconfirmed();
    }
    let (zh, en) = match gone.result.as_str() {
        "empty" => ("页面为空", "the page is empty"),
        "soft-404" => ("页面提示不存在", "the page says that it does not exist"),
        _ => ("页面不存在", "the page is not there"),
    };
    let since = beijing(gone.since).to_string();
    let mut it = violation(check, kind, check.message("finding", &[("result", zh, en), ("since", &since, &since)]));
    it.actual = Some(gone.result.clone());
    it.evidence = vec![Evidence { quote: format!("{zh}（{since}）"), at: Place::default() }];
    Verdict::Findings(vec![it].into())
}

fn edited(check: &Check, kind: Option<AgencyKind>, edit: &Difference, part: EditedPart) -> Verdict {
    let concerned = match part {
        EditedPart::Text => edit.text,
        EditedPart::Figures => !edit.figures.is_empty(),
    };
    if !concerned {
        return Verdict::Clean;
    }
    if edit.confirmed.is_none() {
        return unconfirmed();
    }
    let since = beijing(edit.since).to_string();
    let list = figures(edit);
    let message = check.message("finding", &[("since", &since, &since), ("figures", &list, &list)]);
    let mut it = Violation { evidence: both(edit), ..violation(check, kind, message) };
    match (part, edit.figures.first()) {
        (EditedPart::Figures, Some((_, before, after))) => {
            it.figures = edit.figures.iter().map(|(id, _, _)| id.clone()).collect();
            (it.expected, it.actual) = (Some(before.clone()), Some(after.clone()));
        }
        _ => it.actual = Some(edit.after.clone()),
    }
    Verdict::Findings(vec![it].into())
}

fn copies(check: &Check, kind: Option<AgencyKind>, copy: &Difference) -> Verdict {
    if copy.confirmed.is_none() {
        return unconfirmed();
    }
    let url = copy.url.clone().unwrap_or_default();
    let (zh, en) = match figures(copy) {
        list if list.is_empty() => ("文字".to_owned(), "sentences".to_owned()),
        list => (list.clone(), list),
    };
    let message = check.message("finding", &[("url", &url, &url), ("what", &zh, &en)]);
    let mut it = Violation { evidence: both(copy), ..violation(check, kind, message) };
    it.figures = copy.figures.iter().map(|(id, _, _)| id.clone()).collect();
    it.actual = Some(copy.figures.first().map_or_else(|| copy.after.clone(), |(_, _, after)| after.clone()));
    it.expected = copy.figures.first().map(|(_, before, _)| before.clone());
    Verdict::Findings(vec![it].into())
}

/// `applications.received.total 3 → 4`, for people who compare the two pages.
fn figures(difference: &Difference) -> String {
    let shown = |text: &str| if text.trim().is_empty() { "空".to_owned() } else { text.trim().to_owned() };
    let listed = difference.figures.iter().take(MOST_LISTED);
    let mut list: Vec<String> = listed.map(|(id, before, after)| format!("{id} {} → {}", shown(before), shown(after))).collect();
    if difference.figures.len() > MOST_LISTED {
        list.push(format!("… {}", difference.figures.len()));
    }
    list.join("；")
}

/// The two kept bodies.
fn both(difference: &Difference) -> Vec<Evidence> {
    let kept = [&difference.before, &difference.after];
    kept.map(|sha256| Evidence { quote: format!("sha256:{sha256}"), at: Place::default() }).into()
}

fn back_dated(check: &Check, kind: Option<AgencyKind>, publication: &Publication, days: u32) -> Verdict {
    let Some(absence) = publication.last_absence.map(beijing) else {
        return Verdict::Inconclusive(say("首次发现之前没有完整的巡查", "no complete look took place before it was first seen"));
    };
    let Some((date, source)) = publication.dated else {
        return Verdict::Inconclusive(say("没有可依据的发布日期", "no date of publication is known"));
    };
    let gap = (absence - date).num_days();
    if gap <= i64::from(days) {
        return Verdict::Clean;
    }
    let (source_zh, source_en) = source_name(source);
    let (date, absence) = (date.to_string(), absence.to_string());
    let words = [
        ("date", date.as_str(), date.as_str()),
        ("source", source_zh, source_en),
        ("look", &absence, &absence),
        ("days", &gap.to_string(), &gap.to_string()),
    ];
    let mut it = violation(check, kind, check.message("finding", &words));
    it.evidence = super::deadline::absence(publication);
    (it.expected, it.actual) = (Some(absence.clone()), Some(date.clone()));
    Verdict::Findings(vec![it].into())
}
