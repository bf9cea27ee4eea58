//! The words around a numeral: units, approximations, and what makes it a date or a name.

/// Measure words, longest first where one begins another.
pub(super) const UNITS: &[&str] = &[
    "个百分点",
    "个工作日",
    "平方公里",
    "平方米",
    "工作日",
    "百分点",
    "个小时",
    "小时",
    "分钟",
    "季度",
    "个月",
    "万元",
    "亿元",
    "千元",
    "公里",
    "件次",
    "人次",
    "场次",
    "条次",
    "篇次",
    "户次",
    "批次",
    "期次",
    "车次",
    "家次",
    "项次",
    "周年",
    "天",
    "年",
    "月",
    "日",
    "时",
    "分",
    "周",
    "元",
    "件",
    "条",
    "份",
    "次",
    "个",
    "项",
    "篇",
    "期",
    "人",
    "名",
    "位",
    "宗",
    "起",
    "批",
    "册",
    "本",
    "部",
    "场",
    "户",
    "家",
    "处",
    "台",
    "张",
    "类",
    "则",
    "例",
    "封",
    "通",
    "种",
    "幅",
    "段",
    "款",
    "页",
    "字",
    "倍",
    "所",
    "号",
    "套",
    "枚",
    "%",
    "成",
];

/// Whether a character begins a unit.
pub(super) fn heads_unit(c: char) -> bool {
    matches!(
        c,
        '个' | '平'
            | '工'
            | '百'
            | '小'
            | '分'
            | '季'
            | '万'
            | '亿'
            | '千'
            | '公'
            | '件'
            | '人'
            | '场'
            | '条'
            | '篇'
            | '户'
            | '批'
            | '期'
            | '车'
            | '家'
            | '项'
            | '周'
            | '天'
            | '年'
            | '月'
            | '日'
            | '时'
            | '元'
            | '份'
            | '次'
            | '名'
            | '位'
            | '宗'
            | '起'
            | '册'
            | '本'
            | '部'
            | '处'
            | '台'
            | '张'
            | '类'
            | '则'
            | '例'
            | '封'
            | '通'
            | '种'
            | '幅'
            | '段'
            | '款'
            | '页'
            | '字'
            | '倍'
            | '所'
            | '号'
            | '套'
            | '枚'
            | '%'
            | '成'
    )
}

/// Units that measure and do not count, so that their numbers are no counts of things.
pub(super) const MEASURES: &[&str] = &[
    "%",
    "个百分点",
    "百分点",
    "倍",
    "元",
    "万元",
    "亿元",
    "千元",
    "年",
    "月",
    "日",
    "天",
    "时",
    "分",
    "周",
    "小时",
    "个小时",
    "分钟",
    "季度",
    "个月",
    "工作日",
    "个工作日",
    "周年",
    "公里",
    "平方米",
    "平方公里",
];

/// Units of dates and times, after which a numeral tells when.
pub(super) const TIMES: &[&str] = &["年", "月", "日", "天", "时", "周", "小时", "个小时", "分钟", "季度", "个月", "周年"];

/// Words before a numeral that make it approximate.
pub(super) const BEFORE: &[&str] = &[
    "近",
    "约",
    "大约",
    "约为",
    "超",
    "超过",
    "逾",
    "将近",
    "接近",
    "不少于",
    "不低于",
    "至少",
    "不到",
    "不足",
    "突破",
    "最多",
    "累计超",
    "上下",
    "大致",
    "几乎",
];

/// Words that end in 约 and say nothing about a number.
pub(super) const NOT_ABOUT: &[&str] = &["预约", "节约", "签约", "履约", "条约", "合约", "公约", "集约", "特约"];

/// Between a numeral and its unit.
pub(super) const BETWEEN: &[&str] = &["余", "多", "几", "来"];

/// The characters of those words.
pub(super) const BETWEEN_HEADS: [char; 4] = ['余', '多', '几', '来'];

/// After the unit.
pub(super) const AFTER: &[&str] = &["以上", "左右", "上下", "以下", "以内", "之多", "余"];

/// Units that count the same sort of thing, so that a whole in one may be broken down in another:
/// papers and cases (件 条 份 篇 则 宗 起 例), people (人 名 位). Any other unit is its own class.
pub fn unit_class(unit: &str) -> &str {
    match unit {
        "件" | "条" | "份" | "篇" | "则" | "宗" | "起" | "例" => "件",
        "人" | "名" | "位" => "人",
        other => other,
    }
}

/// A text without the words of approximation at its end.
pub fn without_vague_words(text: &str) -> &str {
    let kept = text.trim_end_matches(['达', '有', '到', '为']);
    let kept = if BEFORE.iter().any(|word| kept.ends_with(word)) { kept } else { text };
    BEFORE.iter().filter_map(|word| kept.strip_suffix(word)).min_by_key(|kept| kept.len()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN, BETWEEN_HEADS, UNITS, heads_unit};

    #[test]
    fn heads_are_those_of_the_words() {
        let heads: Vec<char> = UNITS.iter().filter_map(|unit| unit.chars().next()).collect();
        assert!(('\0'..=char::MAX).all(|c| heads_unit(c) == heads.contains(&c)));
        assert!(BETWEEN.iter().flat_map(|word| word.chars()).eq(BETWEEN_HEADS));
    }
}
