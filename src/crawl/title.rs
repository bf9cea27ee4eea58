//! Titles in lists: which are annual reports on information disclosure, which only look like them,
//! and what year and agency they name.
//!
//! Titles come in every order of words, with document numbers in front, dates and remarks behind,
//! line breaks inside, or cut off with an ellipsis. What is not sure is called unsure: the page
//! itself decides. A name is given as printed; whether two names are one agency is not decided here.

use super::title_parts::{Parts, begun_words, looks_like_agency, years_of};
use crate::model::Year;

/// What the title of an entry tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    pub kind: Kind,
    /// The report year, where one and only one is told.
    pub year: Option<Year>,
    /// The agency's name as printed (folded, without blanks), where one is told.
    pub agency: Option<String>,
}

/// Whether a title is one of an annual report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Report,
    LookAlike(LookAlike),
    /// The title does not tell: a bare year, a bare name, a cut-off title, 「年报」 alone.
    Unsure,
}

/// Why a title is not one of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookAlike {
    /// 解读、图解: a page about a report.
    Interpretation,
    /// 政府网站工作年度报表: another statement.
    Website,
    /// 法治政府建设年度报告.
    RuleOfLaw,
    /// 工作要点、方案、制度、指南.
    Plan,
    /// A notice about compiling or filing reports, or news of a meeting about them.
    Notice,
    /// 统计表 without the report.
    Statistics,
    /// 目录、汇总: a page that lists reports.
    Index,
    /// A half-year's or a quarter's account.
    PartYear,
    /// 财务年报、评估报告、工作总结: another report.
    OtherReport,
    /// Nothing of it speaks of a report.
    Unrelated,
}

impl LookAlike {
    /// One word for people who ask why an entry was set aside.
    pub fn word(self) -> &'static str {
        match self {
            LookAlike::Interpretation => "interpretation",
            LookAlike::Website => "website-statement",
            LookAlike::RuleOfLaw => "rule-of-law",
            LookAlike::Plan => "plan",
            LookAlike::Notice => "notice",
            LookAlike::Statistics => "statistics",
            LookAlike::Index => "index",
            LookAlike::PartYear => "part-year",
            LookAlike::OtherReport => "other-report",
            LookAlike::Unrelated => "unrelated",
        }
    }
}

/// Sorts a title. `context` is the name of the column it stands in (the text of the link that led
/// there): it lends its agency, and its year where it says 年度 or 年报, to titles without one.
pub fn sort(title: &str, context: Option<&str>) -> Title {
    let parts = Parts::of(title);
    let mut year = parts.year();
    let mut agency = parts.agency();
    let kind = kind_of(&parts, agency.as_deref(), year);
    if let Some(context) = context {
        let column = Parts::of(context);
        if agency.is_none() && kind != Kind::LookAlike(LookAlike::Unrelated) {
            agency = column.agency().filter(|name| looks_like_agency(name));
        }
        if year.is_none() && !parts.spans_years() && column.names_report_year() {
            year = column.year();
        }
    }
    Title { kind, year, agency }
}

/// Words of pages about a report.
const INTERPRETATION: &[&str] = &["解读", "图解", "一图", "图说", "看懂", "读懂", "问答", "答记者问", "动漫", "短视频"];
/// Ends of titles that rule something, or plan it.
const PLAN: &[&str] =
    &["要点", "方案", "计划", "安排", "规划", "意见", "办法", "制度", "规定", "指南", "格式", "模板", "样式", "细则", "建议"];
/// Ends of titles that tell people something.
const NOTICE: &[&str] = &["通知", "公告", "通报", "函", "批复", "公示", "启事", "提示"];
/// Words of news about work on reports.
const NEWS: &[&str] = &["召开", "会议", "培训", "部署", "推进", "督查", "约谈", "学习", "调研", "编制工作", "报送工作", "发布会"];
const STATISTICS: &[&str] = &["统计表", "情况表", "附表", "报表", "统计数据", "汇总表", "一览表", "数据表", "统计情况"];
const INDEX: &[&str] = &["目录", "汇总", "专栏", "专题", "清单", "一览", "列表", "合集", "汇编"];
const PART_YEAR: &[&str] = &["上半年", "下半年", "半年", "季度", "月份", "月报"];
const OTHER_REPORT: &[&str] = &[
    "评估报告",
    "评议报告",
    "自查报告",
    "自评报告",
    "调研报告",
    "检查报告",
    "审计报告",
    "整改报告",
    "述职",
    "绩效",
    "考核",
    "测评",
    "财务",
    "决算",
    "预算",
    "统计年报",
    "企业年报",
    "年检",
    "社会责任",
    "白皮书",
];

/// Whether a text has words of other reports: 部门决算 is none of a group of agencies.
pub(super) fn speaks_of_other_reports(text: &str) -> bool {
    OTHER_REPORT.iter().any(|word| text.contains(word))
}

fn kind_of(parts: &Parts, agency: Option<&str>, year: Option<Year>) -> Kind {
    let whole = parts.whole.as_str();
    let bare = parts.bare.as_str();
    let has = |words: &[&str]| words.iter().any(|word| whole.contains(word));
    let ends = |words: &[&str]| words.iter().any(|word| bare.ends_with(word));
    let discloses = whole.contains("信息公开");
    let opens = discloses || whole.contains("政务公开");
    let reports = ends(&["报告", "年报", "报告书"]) || has(&["年度报告", "年报", "年度工作报告"]);
    let otherwise = |reason: LookAlike| {
        Kind::LookAlike(if opens || reports || has(&["网站", "法治"]) { reason } else { LookAlike::Unrelated })
    };

    if parts.cut {
        return cut_off(parts, discloses, agency, year, has(INTERPRETATION));
    }
    if has(INTERPRETATION) {
        return otherwise(LookAlike::Interpretation);
    }
    if !discloses && has(&["网站", "新媒体"]) {
        return otherwise(LookAlike::Website);
    }
    if !discloses && has(&["法治", "依法行政"]) {
        return otherwise(LookAlike::RuleOfLaw);
    }
    if ends(STATISTICS) {
        return otherwise(LookAlike::Statistics);
    }
    if ends(INDEX) {
        return otherwise(LookAlike::Index);
    }
    if ends(NOTICE) {
        // A cover that issues the report carries it; one that asks for reports does not.
        let issues = has(&["印发", "公布", "发布", "公开20"]) && !has(&["格式", "编制", "报送", "编写"]);
        return if issues && discloses && reports { Kind::Unsure } else { otherwise(LookAlike::Notice) };
    }
    if ends(&["说明"]) {
        // An account of the work may be called so, too; one of corrections or of how a report is made is none.
        let about = has(&["更正", "修改", "勘误", "编制", "填报", "补充", "有关"]);
        return if discloses && !about && year.is_some() { Kind::Unsure } else { otherwise(LookAlike::Notice) };
    }
    if ends(PLAN) {
        return otherwise(LookAlike::Plan);
    }
    if has(PART_YEAR) {
        return otherwise(LookAlike::PartYear);
    }
    if speaks_of_other_reports(whole) && !(discloses && has(&["年度报告", "年报"])) {
        return otherwise(LookAlike::OtherReport);
    }
    if has(NEWS) && !ends(&["报告", "年报"]) {
        return otherwise(LookAlike::Notice);
    }
    if discloses && reports {
        return if parts.spans_years() {
            Kind::LookAlike(LookAlike::Index)
        } else if year.is_some() || agency.is_some() {
            Kind::Report
        } else {
            Kind::Unsure
        };
    }
    without_the_words(parts, opens, discloses, agency)
}

/// A title without 信息公开 or without 报告: only short forms can still be a report.
fn without_the_words(parts: &Parts, opens: bool, discloses: bool, agency: Option<&str>) -> Kind {
    let bare = parts.bare.as_str();
    let yearly = bare.ends_with("年报") || bare.ends_with("年度报告") || bare.ends_with("年度工作报告");
    if opens && !discloses {
        let reports = bare.ends_with("报告") || yearly;
        return if reports { Kind::Unsure } else { Kind::LookAlike(LookAlike::OtherReport) };
    }
    if discloses {
        // 「2024年政府信息公开」, 「…信息公开工作总结」, 「…信息公开情况」: the page has to tell.
        let short = ["信息公开", "信息公开情况", "信息公开工作情况", "信息公开工作总结", "信息公开总结"];
        let yearly = !years_of(bare).is_empty() && short.iter().any(|end| bare.ends_with(end));
        return if yearly { Kind::Unsure } else { Kind::LookAlike(LookAlike::Unrelated) };
    }
    let rest = parts.without_years();
    let rest = rest.trim_end_matches("年报").trim_end_matches("年度报告").trim_end_matches("年度工作报告");
    // 「2025年度报告」: its 年度 went with the year.
    let rest = if yearly && matches!(rest, "报告" | "工作报告") { "" } else { rest };
    let named = agency.is_some_and(looks_like_agency);
    match (rest.is_empty() || looks_like_agency(rest), yearly) {
        (true, _) if yearly || named || !years_of(bare).is_empty() => Kind::Unsure,
        (false, true) => Kind::LookAlike(LookAlike::OtherReport),
        _ => Kind::LookAlike(LookAlike::Unrelated),
    }
}

/// A title cut off with an ellipsis: unsure where what is left could go on to be a report's.
fn cut_off(parts: &Parts, discloses: bool, agency: Option<&str>, year: Option<Year>, about: bool) -> Kind {
    let goes_on = begun_words(&parts.bare).is_some();
    let opens = year.is_some() && agency.is_none_or(looks_like_agency) && (goes_on || parts.ends_with_year());
    if about || !(discloses || goes_on || opens) {
        Kind::LookAlike(if about { LookAlike::Interpretation } else { LookAlike::Unrelated })
    } else {
        Kind::Unsure
    }
}
