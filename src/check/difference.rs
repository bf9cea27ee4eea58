//! How two readings of one report differ: sentences, and figures.
//!
//! What portals put around a report (counters, buttons, links) changes every day and is no edit. A
//! figure counts only where both readings have its table whole, so that what we could not read twice
//! alike is never told as a change.

use crate::model::{Figure, Reading, Report};
use crate::text::compact;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// Most figures told.
const MOST: usize = 20;
/// Words of what stands around a report.
const AROUND: &[&str] = &[
    "浏览",
    "访问量",
    "点击",
    "阅读次数",
    "打印",
    "关闭",
    "字体",
    "扫一扫",
    "分享",
    "下载",
    "上一篇",
    "下一篇",
    "今天是",
    "您是第",
    "当前位置",
    "您的位置",
    "版权所有",
    "主办单位",
    "技术支持",
    "标识码",
    "ICP备",
    "公网安备",
    "相关阅读",
    "责任编辑",
];

/// What differs between two readings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differing {
    pub text: bool,
    /// Figure id, and what was printed before and after.
    pub figures: Vec<(String, String, String)>,
}

impl Differing {
    /// Whether nothing differs.
    pub fn is_nothing(&self) -> bool {
        !self.text && self.figures.is_empty()
    }
}

/// How the second reading differs from the first.
pub fn differing(before: &Report, after: &Report) -> Differing {
    let text = sentences(before) != sentences(after);
    Differing { text, figures: figures(before, after, changed) }
}

/// How two copies differ that are laid out in their own ways: only in numbers that both print.
pub fn differing_numbers(one: &Report, other: &Report) -> Differing {
    let numbers = |a: &Reading, b: &Reading| matches!((a.number(), b.number()), (Some(a), Some(b)) if a != b);
    Differing { text: false, figures: figures(one, other, numbers) }
}

/// A number that became another; a blank for a zero is the same said otherwise.
fn changed(before: &Reading, after: &Reading) -> bool {
    let unknown = |reading: &Reading| matches!(reading, Reading::Absent | Reading::Illegible | Reading::Text);
    let value = |reading: &Reading| reading.number().unwrap_or(Decimal::ZERO);
    !unknown(before) && !unknown(after) && value(before) != value(after)
}

fn figures(before: &Report, after: &Report, differ: impl Fn(&Reading, &Reading) -> bool) -> Vec<(String, String, String)> {
    let whole = |report: &Report, id: &str| {
        report.tables.iter().any(|table| table.found && table.complete && id.split('.').next() == Some(table.id.as_str()))
    };
    let known: HashMap<&str, &Figure> = after.figures.iter().map(|figure| (figure.id.as_str(), figure)).collect();
    let pairs = before.figures.iter().filter_map(|figure| Some((figure, *known.get(figure.id.as_str())?)));
    let differing = pairs.filter(|(one, other)| differ(&one.reading, &other.reading));
    let differing = differing.filter(|(one, _)| whole(before, &one.id) && whole(after, &one.id));
    differing.map(|(one, other)| (one.id.clone(), one.raw.clone(), other.raw.clone())).take(MOST).collect()
}

/// What a report says, without white space and without what stands around it.
fn sentences(report: &Report) -> BTreeSet<String> {
    let paragraphs = report.sections.iter().flat_map(|section| &section.paragraphs).chain(&report.preamble);
    let said = paragraphs.map(|paragraph| compact(paragraph));
    said.filter(|text| text.chars().count() >= 8 && !AROUND.iter().any(|word| text.contains(word))).collect()
}
