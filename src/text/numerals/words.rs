//! The words around a numeral: units, approximations, and what makes it a date or a name.

/// Measure words that begin with a character, longest first; none where it begins no unit.
pub(super) fn units(head: char) -> &'static [&'static str] {
    match head {
        '个' => &["个百分点", "个工作日", "个小时", "个月", "个"],
        '平' => &["平方公里", "平方米"],
        '工' => &["工作日"],
        '百' => &["百分点"],
        '小' => &["小时"],
        '分' => &["分钟", "分"],
        '季' => &["季度"],
        '万' => &["万元"],
        '亿' => &["亿元"],
        '千' => &["千元"],
        '公' => &["公里"],
        '件' => &["件次", "件"],
        '人' => &["人次", "人"],
        '场' => &["场次", "场"],
        '条' => &["条次", "条"],
        '篇' => &["篇次", "篇"],
        '户' => &["户次", "户"],
        '批' => &["批次", "批"],
        '期' => &["期次", "期"],
        '车' => &["车次"],
        '家' => &["家次", "家"],
        '项' => &["项次", "项"],
        '周' => &["周年", "周"],
        '天' => &["天"],
        '年' => &["年"],
        '月' => &["月"],
        '日' => &["日"],
        '时' => &["时"],
        '元' => &["元"],
        '份' => &["份"],
        '次' => &["次"],
        '名' => &["名"],
        '位' => &["位"],
        '宗' => &["宗"],
        '起' => &["起"],
        '册' => &["册"],
        '本' => &["本"],
        '部' => &["部"],
        '处' => &["处"],
        '台' => &["台"],
        '张' => &["张"],
        '类' => &["类"],
        '则' => &["则"],
        '例' => &["例"],
        '封' => &["封"],
        '通' => &["通"],
        '种' => &["种"],
        '幅' => &["幅"],
        '段' => &["段"],
        '款' => &["款"],
        '页' => &["页"],
        '字' => &["字"],
        '倍' => &["倍"],
        '所' => &["所"],
        '号' => &["号"],
        '套' => &["套"],
        '枚' => &["枚"],
        '%' => &["%"],
        '成' => &["成"],
        _ => &[],
    }
}

/// Whether a character begins a unit.
pub(super) fn heads_unit(c: char) -> bool {
    !units(c).is_empty()
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
    use super::{BETWEEN, BETWEEN_HEADS, units};

    #[test]
    fn heads_are_those_of_the_words() {
        assert!(('\0'..=char::MAX).all(|c| units(c).iter().all(|unit| unit.starts_with(c))));
        let longest_first = |c: char| units(c).is_sorted_by(|one, other| !other.starts_with(one));
        assert!(('\0'..=char::MAX).all(longest_first));
        assert!(BETWEEN.iter().flat_map(|word| word.chars()).eq(BETWEEN_HEADS));
    }
}
