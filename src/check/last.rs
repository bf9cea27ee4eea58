//! Last year's report of the same agency: whether it may be compared with, and what it says.

use super::Context;
use super::view::say;
use crate::model::{Evidence, Figure, Message, Place, Report};
use crate::text::may_be_one_agency;

/// Last year's report, or why there is none to compare with.
pub(super) fn last<'a>(report: &Report, context: &Context<'a>) -> Result<&'a Report, Message> {
    let previous = context.previous.ok_or_else(|| say("没有上一年度的报告可比", "last year's report is not known"))?;
    match (report.year, previous.year) {
        (Some(year), Some(before)) if before + 1 == year => {}
        (Some(_), Some(_)) => return Err(say("给出的不是上一年度的报告", "the report given is not last year's")),
        _ => return Err(say("报告年度不明，无从跨年核对", "the year of one of the reports is not known")),
    }
    // After a merger or a change of name nobody can say which figures go on which.
    if !may_be_one_agency(&report.agency, &previous.agency) {
        return Err(say("上一年度报告的机关名称不同，可能有机构调整", "last year's report bears another agency's name"));
    }
    Ok(previous)
}

/// A quotation from last year's report: it stands in another document, so only its words are given.
pub(super) fn evidence(figure: &Figure) -> Evidence {
    let raw = figure.at.as_ref().and_then(|at| at.quote.clone()).unwrap_or_else(|| figure.raw.clone());
    quoted(&raw)
}

/// Words of last year's report.
pub(super) fn quoted(words: &str) -> Evidence {
    Evidence { quote: format!("上一年度报告：{words}"), at: Place { quote: Some(words.to_owned()), ..Place::default() } }
}

/// Passages of two reports side by side: our own, then the other's as `other` quotes it.
pub(super) fn passages(shared: &[(String, String)], other: impl Fn(&str) -> Evidence) -> Vec<Evidence> {
    let own = |text: &str| Evidence { quote: text.to_owned(), at: Place { quote: Some(text.to_owned()), ..Place::default() } };
    shared.iter().flat_map(|(ours, theirs)| [own(ours), other(theirs)]).collect()
}
