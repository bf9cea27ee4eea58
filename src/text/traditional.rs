//! Traditional characters of the form's vocabulary, read as simplified ones.
//!
//! Some portals publish a traditional edition made by a converter. Only the characters that occur
//! in statutory headings, labels, units and titles, and in what reports commonly say, are needed to read such a page.

use std::sync::LazyLock;

/// Pairs of traditional and simplified characters, one string each, in the same order.
const TRADITIONAL: &str = "總況動開資訊項條內製數對廢現規範許處罰強徵費金額單萬購與額請數結轉續辦業構組織務機關體計禁維護屬類過執檔詢無法掌沒實際門導問題進報應當須員縣鎮鄉區廳辦團責認證復議訴訟糾審績據統計類別採購發佈機關國聯絡監督評爭將給與為這個產業會議協議錄綜漁農廣長東書記聽證號補繼經濟衛環質稅劃設權參歲屆階層條約義務見誤後於來時從該兩點說變種樣還間滿達運遠選邊網線終絕緊練縮職聞聲臨舊藝藥術裝裡複覺觀訓討詳話誠語課調談論講識譯讀讓豐負財貢貨貫賓賠賣車軍軟輕載輸轄辯適遞郵鄰醫釋鐘鐵陽隊隨險雙雜離難電靜頁順預領頭頻顧顯風餘館馬驗黨齊龍繳閱備註併準檢擬擔擴舉場夠幾彙匯徑愛態慣懲戶換損擇敗敘斷曆歷殘氣決測漢潔灣災熱營爲獎獨獲産畢畫異盡盤碼確礎禮稱積穩節築簡簽籌糧紀級細編緩係羅習臺興華葉眾衆視覽訂詞試誌買貸貿賬趨跡踐違遺邏針錯鍵閣陸隱靈響頒養鮮齡裏徹勞勢啟嚴圖園圍夾奪寧寫寬專尋嶺幣幹廠慮憑憲戰擊擾攜敵曉暫極樓標樞歐殺溝滯滬潤澤濕濱爾狀獻療癥盜祕禍穀紅純紙納紛紹絲綱緒緣繪肅腳臟艦蘇蘭衝親訪診詐誘諮諾謝貧販貼賃賞賦贈贏趙躍軌輔輛輝輪連週遊遲遷郷醜鋼鏈鑒鑑閉閒闡陝陣雲霧韓頓頗願飛飲駐騙驚魯麗麥黃";
const SIMPLIFIED: &str = "总况动开资讯项条内制数对废现规范许处罚强征费金额单万购与额请数结转续办业构组织务机关体计禁维护属类过执档询无法掌没实际门导问题进报应当须员县镇乡区厅办团责认证复议诉讼纠审绩据统计类别采购发布机关国联络监督评争将给与为这个产业会议协议录综渔农广长东书记听证号补继经济卫环质税划设权参岁届阶层条约义务见误后于来时从该两点说变种样还间满达运远选边网线终绝紧练缩职闻声临旧艺药术装里复觉观训讨详话诚语课调谈论讲识译读让丰负财贡货贯宾赔卖车军软轻载输辖辩适递邮邻医释钟铁阳队随险双杂离难电静页顺预领头频顾显风余馆马验党齐龙缴阅备注并准检拟担扩举场够几汇汇径爱态惯惩户换损择败叙断历历残气决测汉洁湾灾热营为奖独获产毕画异尽盘码确础礼称积稳节筑简签筹粮纪级细编缓系罗习台兴华叶众众视览订词试志买贷贸账趋迹践违遗逻针错键阁陆隐灵响颁养鲜龄里彻劳势启严图园围夹夺宁写宽专寻岭币干厂虑凭宪战击扰携敌晓暂极楼标枢欧杀沟滞沪润泽湿滨尔状献疗症盗秘祸谷红纯纸纳纷绍丝纲绪缘绘肃脚脏舰苏兰冲亲访诊诈诱谘诺谢贫贩贴赁赏赋赠赢赵跃轨辅辆辉轮连周游迟迁乡丑钢链鉴鉴闭闲阐陕阵云雾韩顿颇愿飞饮驻骗惊鲁丽麦黄";

/// The pairs sorted by their traditional character, and a bit for each CJK character that has a pair:
/// every character of a page is asked for, and hardly any has one.
pub(super) struct Pairs {
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

impl Pairs {
    /// Whether a character has a simplified form.
    pub(super) fn has(&self, c: char) -> bool {
        place(c).is_some_and(|(word, bit)| self.bits[word] & bit != 0)
    }

    /// The simplified form of a character, itself where there is none.
    pub(super) fn simplified(&self, c: char) -> char {
        if !self.has(c) {
            return c;
        }
        self.sorted.binary_search_by_key(&c, |(from, _)| *from).map_or(c, |at| self.sorted[at].1)
    }
}

/// The pairs made ready: for whoever asks for many characters.
pub(super) fn pairs() -> &'static Pairs {
    &PAIRS
}

/// The simplified form of a character, itself where there is none.
pub(super) fn simplified(c: char) -> char {
    PAIRS.simplified(c)
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
