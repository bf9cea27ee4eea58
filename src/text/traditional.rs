//! Traditional characters of the form's vocabulary, read as simplified ones.
//!
//! Some portals publish a traditional edition made by a converter. Only the characters that occur
//! in statutory headings, labels, units and titles are needed to read such a page.

use std::sync::LazyLock;

/// Pairs of traditional and simplified characters, one string each, in the same order.
const TRADITIONAL: &str = "總況動開資訊項條內製數對廢現規範許處罰強徵費金額單萬購與額請數結轉續辦業構組織務機關體計禁維護屬類過執檔詢無法掌沒實際門導問題進報應當須員縣鎮鄉區廳辦團責認證復議訴訟糾審績據統計類別採購發佈機關國聯絡監督評爭將給與為這個產業會議協議錄綜漁農廣長東書記聽證號補繼經濟衛環質稅劃設權參歲屆階層條約義務見誤";
const SIMPLIFIED: &str = "总况动开资讯项条内制数对废现规范许处罚强征费金额单万购与额请数结转续办业构组织务机关体计禁维护属类过执档询无法掌没实际门导问题进报应当须员县镇乡区厅办团责认证复议诉讼纠审绩据统计类别采购发布机关国联络监督评争将给与为这个产业会议协议录综渔农广长东书记听证号补继经济卫环质税划设权参岁届阶层条约义务见误";

/// The pairs sorted by their traditional character, and a bit for each CJK character that has a pair:
/// every character of a page is asked for, and hardly any has one.
struct Pairs {
    sorted: Vec<(char, char)>,
    bits: Vec<u64>,
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let mut sorted: Vec<(char, char)> = TRADITIONAL.chars().zip(SIMPLIFIED.chars()).filter(|(from, to)| from != to).collect();
    // Of a character listed twice the last pair holds.
    sorted.reverse();
    sorted.sort_by_key(|(from, _)| *from);
    sorted.dedup_by_key(|(from, _)| *from);
    let mut bits = vec![0u64; CJK.len().div_ceil(64)];
    for (from, _) in &sorted {
        if let Some((word, bit)) = place(*from) {
            bits[word] |= bit;
        }
    }
    Pairs { sorted, bits }
});

/// The block in which every character of the list stands.
const CJK: std::ops::Range<usize> = 0x4e00..0xa000;

fn place(c: char) -> Option<(usize, u64)> {
    let at = (c as usize).checked_sub(CJK.start).filter(|at| *at < CJK.len())?;
    Some((at / 64, 1 << (at % 64)))
}

/// The simplified form of a character, itself where there is none.
pub(super) fn simplified(c: char) -> char {
    let Some((word, bit)) = place(c) else { return c };
    let pairs = &*PAIRS;
    if pairs.bits[word] & bit == 0 {
        return c;
    }
    pairs.sorted.binary_search_by_key(&c, |(from, _)| *from).map_or(c, |at| pairs.sorted[at].1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_lists_are_of_one_length() {
        assert_eq!(super::TRADITIONAL.chars().count(), super::SIMPLIFIED.chars().count());
    }

    #[test]
    fn every_pair_is_found() {
        let listed: std::collections::HashMap<char, char> =
            super::TRADITIONAL.chars().zip(super::SIMPLIFIED.chars()).filter(|(from, to)| from != to).collect();
        for c in '\0'..='\u{10ffff}' {
            assert_eq!(super::simplified(c), listed.get(&c).copied().unwrap_or(c), "{c}");
        }
    }
}
