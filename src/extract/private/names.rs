//! Applicants who are plainly named: a family name, a given name, and words by which they stand behind an application.

use crate::model::PrivateKind;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Family names that begin no common word after 申请人: 何(时), 任(何), 曾(经), 应, 向, 于 and their like are left out.
const FAMILY: &str = "王李张刘陈杨黄赵周吴徐孙朱郭林罗郑梁谢宋唐邓冯韩曹彭萧肖蔡潘袁董叶蒋杜苏魏吕丁沈姚卢傅钟姜崔谭廖范汪陆贾韦邱侯邹熊孟秦阎薛尹雷黎陶贺郝龚邵覃戴莫汤秦石康毛史顾段钱武乔赖庞樊殷施洪翟颜倪牛温季俞方章鲁葛伍聂柳邢岳齐庄辛祝左涂谷祁舒耿牟詹苗凌纪靳盛童欧甄项裴屈鲍霍翁隋柏柯阮桂闵柴冉马";

/// Family names that begin many a word, too: with two more signs that are no part of one they are names.
const FAMILY_OF_WORDS: &str = "胡田江许程何";

/// Signs that no given name has here: they are words that follow 申请人, or a mask.
const NEVER: &str = "某的是在对不无未有要向于提出人补认为和及或等所需已被将可请应与就因先女同名个些各为自然公民法组织";

/// Words that begin as family names do.
const WORDS: [&str; 30] = [
    "胡同", "胡乱", "田地", "田间", "田块", "田土", "许可", "许诺", "程序", "程度", "何时", "何种", "何地", "何处", "方便",
    "方式", "方面", "方可", "方能", "方法", "方案", "陆续", "郑重", "许多", "马上", "康复", "温馨", "项目", "章程", "石油",
];
/// What names of places and bodies end in.
const PLACES: [char; 18] =
    ['村', '镇', '乡', '县', '市', '区', '省', '局', '委', '办', '厂', '店', '家', '队', '组', '社', '边', '庄'];

/// One of these stands in whatever [`NAMED`] finds: one search for all of them tells of most texts that they name nobody.
pub(super) static CUES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("申请人|[村居市牧农渔]民|收到").expect("the pattern is a literal"));

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let given = format!("[^{NEVER}\\P{{Han}}]");
    let name = format!("(?:[{FAMILY}]{given}{{1,2}}|[{FAMILY_OF_WORDS}]{given}{{2}})");
    let pattern = format!(
        r"申请人(?:姓名)?(?:(?:[:：]\s*|为)(?<a>{name})(?:$|[\s，,。；;、（(])|(?<b>{name})(?:先生|女士|同志|[（(]|向|于20|提出|提交|邮寄|寄来|送来|通过|要求|申请|收取|不服|的(?:申请|答复|诉求|政府信息公开)|，|,)|(?<e>[{FAMILY}]{given}{{2}})(?:对(?:答复|处理|告知|信息|我|本|该|其)|不满|认为|提起|撤回|签收|领取))|[村居市牧农渔]民(?<c>{name})(?:申请|提出|要求)(?:政府信息)?公开|收到(?<d>{name})(?:先生|女士)?(?:提出|提交)?的(?:政府)?(?:信息公开|公开)?申请"
    );
    Regex::new(&pattern).expect("the pattern is a literal")
});

/// Adds the names of applicants that a text tells.
pub(super) fn names(text: &str, hits: &mut Vec<(PrivateKind, Range<usize>)>) {
    let named =
        NAMED.captures_iter(text).filter_map(|found| ["a", "b", "c", "d", "e"].iter().find_map(|group| found.name(group)));
    let named =
        named.filter(|name| !WORDS.iter().any(|word| name.as_str().starts_with(word)) && !name.as_str().ends_with(PLACES));
    hits.extend(named.map(|name| (PrivateKind::ApplicantName, name.range())));
}
