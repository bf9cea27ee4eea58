//! Traditional characters of the form's vocabulary, read as simplified ones.
//!
//! Some portals publish a traditional edition made by a converter. Only the characters that occur
//! in statutory headings, labels, units and titles are needed to read such a page.

/// Pairs of traditional and simplified characters, one string each, in the same order.
const TRADITIONAL: &str = "總況動開資訊項條內製數對廢現規範許處罰強徵費金額單萬購與額請數結轉續辦業構組織務機關體計禁維護屬類過執檔詢無法掌沒實際門導問題進報應當須員縣鎮鄉區廳辦團責認證復議訴訟糾審績據統計類別採購發佈機關國聯絡監督評爭將給與為這個產業會議協議錄綜漁農廣長東書記聽證號補繼經濟衛環質稅劃設權參歲屆階層條約義務見誤";
const SIMPLIFIED: &str = "总况动开资讯项条内制数对废现规范许处罚强征费金额单万购与额请数结转续办业构组织务机关体计禁维护属类过执档询无法掌没实际门导问题进报应当须员县镇乡区厅办团责认证复议诉讼纠审绩据统计类别采购发布机关国联络监督评争将给与为这个产业会议协议录综渔农广长东书记听证号补继经济卫环质税划设权参岁届阶层条约义务见误";

/// The simplified form of a character, itself where there is none.
pub(super) fn simplified(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    static MAP: std::sync::LazyLock<std::collections::HashMap<char, char>> =
        std::sync::LazyLock::new(|| TRADITIONAL.chars().zip(SIMPLIFIED.chars()).filter(|(from, to)| from != to).collect());
    MAP.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_lists_are_of_one_length() {
        assert_eq!(super::TRADITIONAL.chars().count(), super::SIMPLIFIED.chars().count());
    }
}
