//! Whether the words before a quantity make it one of several years, or of a part of one.

use regex::Regex;
use std::sync::LazyLock;

fn expression(written: &str) -> Regex {
    Regex::new(written).expect("the expressions of this file are constants, and a test uses each")
}

static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"以来|历年|近[两三四五几\d#]年|“?十[三四五六]五”?(?:期间|时期)|(?:19|20)\d\d年度?[、和与及](?:19|20)\d\d年|截[至止]到?(?:(?:19|20)\d\d年|今年|本年)?(?:[1-9]|1[01])月|(?:自|从)(?:19|20)\d\d年[^至到,;]{0,8}起|施行后|实施后|(?:19|20)\d\d年?(?:至|到|-|—|~|–)(?:19|20)\d\d年?[^\d月]|(?:^|[^至到\-—~–])(?:19|20)\d\d年(?:[1-9]|1[0-2])月份?[上中下]?[旬初底]?(?:收到|受理|接到|接收|新收|办结|答复)|上半年|下半年|季度|(?:^|[^\d年])(?:[2-9]|1[01])月|(?:^|[^\d至到止\-—~–])(?:1|12)月份?[上中下]?[旬初底]?[内共新]?(?:收到|受理|接到|接收|新收|办结|答复)|(?:^|[^至到止])年[底末初](?:共|新)?(?:收到|受理|接到|接收|新收)|(?:^|[^\d年至到止\-—~–])(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日(?:共|新)?(?:收到|受理|接到|接收|新收)",
    )
});
/// 10个工作日内答复29件: those answered so soon.
static PACE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"(?:工作日|[#\d]日|[#\d]天|[一二两三四五六七八九十当]日|[一二两三五七]天|小时)(?:之|以)?内,?[^,;:。#]*$")
});
static UNTIL: LazyLock<Regex> = LazyLock::new(|| expression(r"截至|截止|截止到"));
static WHOLE_YEAR: LazyLock<Regex> = LazyLock::new(|| expression(r"全年|本年|当年|今年|年度"));

/// Whether the words up to a quantity make it one of several years, or of a part of one, or of those done within so many
/// days; 截至年底 does not do so with
/// what is counted at a year's end.
pub(super) fn spans_years(before: &str, stock: bool) -> bool {
    SPAN.is_match(before)
        || PACE.is_match(before)
        || (!stock && UNTIL.is_match(before) && (before.contains("累计") || !WHOLE_YEAR.is_match(before)))
}
