//! What stands before a quantity in its clause, and whom the sentence is speaking of.

use crate::model::Year;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

fn expression(written: &str) -> Regex {
    Regex::new(written).expect("the expressions of this file are constants, and a test uses each")
}

/// Words that leave a quantity the agency's own whole.
const NEUTRAL: &str = concat!(
    r"(?:(?:19|20)\d\d年度?(?:1月1日(?:起)?)?(?:至|到|-)?|至|到|自|从|期间|截至|(?:19|20)\d\d年12月31日|12月31日|1月1日|止|底|",
    r"本年度?|今年|全年度?|当年|年度|年内|报告期内?|统计期内?|本机关|本单位|本部门|本局|本镇|本乡|本街道|本委|本办|本厅|本县|本市|本区|",
    r"我(?:省|市|县|区|州|旗|镇|乡|街道|街|局|委|办|厅|中心|单位|机关|部门|处|院|队|会|所|站|盟|园区|管委会|开发区|办事处|公司)(?:党委|政府|机关|党政办|办公室|办|局|人民政府)?|",
    r"全(?:省|市|县|区|州|旗|镇|乡|街道|局|委|厅|盟|办)|各级|各部门|各单位|各镇街?|各乡镇?|各街道|各县区?|各行政机关|行政机关|政府机关|",
    r"及其|及|和|与|、|各|共计|共|总计|总共|一共|累计|合计|总|合|新|已经|已|实际|依法|依规|规范|按时|按期|按规定|按要求|及时|认真|在法定期限内|",
    r"在规定期限内|均|全部|全|上述|所有|的|在|中|里|内|另外|另有|另|还有|还|有|也|并|其中|其|包含|包括|含|正式|办理|实现|保持|",
    r"(?:政府信息)?依申请公开(?:政府信息|信息)?(?:工作|方面|情况|工作方面|工作中)?|政府信息公开申请(?:方面|情况|办理情况)?|情况|方面|",
    r"(?:一|二|三|四|五|六|七|八|九|十)是|[(]?(?:一|二|三|四|五|六|七|八|九|十)[)、]|\d+[.、]|",
    r"通过[^,;。#]{1,40}等(?:多种|各种|各类|各)?(?:渠道|方式|途径|形式|平台)|以[^,;。#]{1,30}等(?:多种|各种)?(?:渠道|方式|途径|形式)|\*|·|●|—|-)*"
);

static NEUTRAL_LEAD: LazyLock<Regex> = LazyLock::new(|| expression(&format!("^{NEUTRAL}$")));
static NEUTRAL_START: LazyLock<Regex> = LazyLock::new(|| expression(&format!("^{NEUTRAL}")));
static NEUTRAL_END: LazyLock<Regex> = LazyLock::new(|| expression(&format!("{NEUTRAL}$")));

/// The quantity is of a part: a channel, a kind of applicant, an outcome.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"线上|线下|网上|网络|网站|在线|邮箱|邮件|电子|信函|邮寄|信件|来函|当面|现场|窗口|传真|书面|渠道|自然人|个人|法人|企业|公民|组织|机构|公开|提供|处理|答复|同意|告知|其余|剩余|不|未|部分|撤回|补正|征求",
    )
});

static ORGAN_NAME: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^[\p{Han}]{2,24}(?:局|委|厅|会|院|中心|政府|街道|办事处|镇|乡|队|站|所|市|县|区|州|处)$"));
static OFFICE: LazyLock<Regex> = LazyLock::new(|| expression(r"办公室|办公厅|政府办|府办|本级|直属|下属|所属|各"));

/// What a lead makes of its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Neutral,
    /// A part of the agency's own: this quantity is not read.
    Part,
    /// Somebody or some time else: nor is the rest of the sentence.
    Foreign,
}

/// Judges the words of a clause before a match. `names` is text in which the agency's own name stands.
pub(super) fn judge(lead: &str, names: &str) -> Lead {
    let lead = lead.trim_matches(['“', '”', '"']);
    if NEUTRAL_LEAD.is_match(lead) {
        return Lead::Neutral;
    }
    let inner = NEUTRAL_START.replace(lead, "");
    let name = NEUTRAL_END.find_iter(&inner).next().map_or(&*inner, |end| &inner[..end.start()]);
    if ORGAN_NAME.is_match(name) && !OFFICE.is_match(name) && names.contains(name) {
        return Lead::Neutral;
    }
    if PART.is_match(lead) && !ORGAN_NAME.is_match(name) { Lead::Part } else { Lead::Foreign }
}

static FOR_ANOTHER: LazyLock<Regex> =
    LazyLock::new(|| expression(r"代表|代[^,;。#]{0,8}政府(?:受理|收到|办理|答复)|转办|转来|移送"));

/// Whether a sentence tells what one body does for another: whose total it is cannot be told.
pub(super) fn speaks_for_another(sentence: &str) -> bool {
    sentence.contains(['代', '转', '移']) && FOR_ANOTHER.is_match(sentence)
}

static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"以来|历年|近[两三四五几\d#]年|(?:自|从)(?:19|20)\d\d年[^至到,;]{0,8}起|施行后|实施后|(?:19|20)\d\d年?(?:至|到|-|—|~|–)(?:19|20)\d\d年?[^\d月]|上半年|下半年|季度|(?:^|[^\d年])(?:[2-9]|1[01])月",
    )
});
static UNTIL: LazyLock<Regex> = LazyLock::new(|| expression(r"截至|截止|截止到"));
static WHOLE_YEAR: LazyLock<Regex> = LazyLock::new(|| expression(r"全年|本年|当年|今年|年度"));
static UP_TO_THEN: LazyLock<Regex> = LazyLock::new(|| expression(r"累计"));

/// Whether the words up to a quantity make it one of several years, or of a part of one.
pub(super) fn spans_years(before: &str) -> bool {
    SPAN.is_match(before) || (UNTIL.is_match(before) && (UP_TO_THEN.is_match(before) || !WHOLE_YEAR.is_match(before)))
}

static COMPARES: LazyLock<Regex> =
    LazyLock::new(|| expression(r"同比|环比|较|相比|比(?:上|去|前|20|同|往)|增长|增加|减少|下降|上升|回落|同期|往年|前年"));

/// Whether a clause compares before its quantity comes, so that it is a difference or last year's.
pub(super) fn compares(before: &str) -> bool {
    COMPARES.is_match(before)
}

static YEAR: LazyLock<Regex> = LazyLock::new(|| expression(r"((?:19|20)\d\d)年(度?(?:未办结|的)*(?:结转|转入|顺延))?"));

/// The last year that the words before a quantity name, years that things are carried over from left out.
pub(super) fn stated_year(before: &str) -> Option<Year> {
    YEAR.captures_iter(before).filter(|found| found.get(2).is_none()).filter_map(|found| found[1].parse().ok()).last()
}

static OWN: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"^(?:其中)?(?:(?:19|20)\d\d年度?)?(?:我(?:省|市|县|区|州|镇|乡|街|局|委|办|厅|单位|机关)|本(?:机关|单位|部门|局|镇|乡|街道|委|县|市|区|年)|全(?:年|省|市|县|区|州|镇|乡|街道)|今年)",
    )
});
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"去年(?:[^度结]|$)|去年度?(?:共|收|受)|上一?年度?(?:共|收|受|答|办|,|同)|同期|本级|(?:县|区|镇|乡|街道|局)方面|兄弟单位|直属单位|下属单位",
    )
});

/// Whom a sentence speaks of, clause by clause.
#[derive(Default)]
pub(super) struct Speaker {
    foreign: bool,
    qizhong: bool,
    /// Bytes of the brackets that are open, and whether 其中 was in force when they opened.
    brackets: Vec<(bool, bool)>,
}

impl Speaker {
    /// Takes note of a clause before its quantities are judged.
    pub(super) fn enter(&mut self, text: &str, clause: &Range<usize>) {
        match text[..clause.start].chars().next_back() {
            Some('(') => self.brackets.push((self.foreign, self.qizhong)),
            Some(')') => {
                if let Some((foreign, qizhong)) = self.brackets.pop() {
                    (self.foreign, self.qizhong) = (foreign, qizhong);
                }
            }
            Some(';') => self.qizhong = false,
            _ => {}
        }
        let words = &text[clause.clone()];
        if OWN.is_match(words) {
            self.foreign = false;
        }
        if ELSEWHERE.is_match(words) && !COMPARES_ONLY.is_match(words) {
            self.foreign = true;
        }
        if words.contains("其中") {
            self.qizhong = true;
        }
    }

    /// The rest of the sentence speaks of somebody else.
    pub(super) fn turn_foreign(&mut self) {
        self.foreign = true;
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.foreign
    }

    pub(super) fn after_qizhong(&self) -> bool {
        self.qizhong
    }
}

static COMPARES_ONLY: LazyLock<Regex> = LazyLock::new(|| expression(r"^(?:申请)?(?:数量|总量|量|数)?(?:同比|环比|较|与|比)"));
