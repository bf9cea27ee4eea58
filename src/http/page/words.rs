//! The words that only the page has; all others are in `crate::words`.

use crate::words::Word;

/// Declares phrases as constants.
macro_rules! phrases {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(pub(super) const $name: Word = Word { zh: $zh, en: $en };)*
        /// Every phrase, for the test.
        #[cfg(test)]
        pub(super) const ALL: &[Word] = &[$($name),*];
    };
}

phrases! {
    PRODUCT: "年检", "nianjian";
    SUBTITLE: "政府信息公开年报监测", "Annual disclosure reports, watched";
    SKIP: "跳到正文", "Skip to content";
    NAV_FRONT: "概览", "Overview";
    NAV_FINDINGS: "问题台账", "Findings";
    NAV_API: "接口说明", "API";
    OTHER_LANG: "English", "中文";
    AS_OF: "截至 {}", "as of {}";
    YEAR_HEADING: "{} 年度年报", "Reports for {}";

    COMPLAINTS: "最近一次重新载入被拒绝，仍按原配置运行", "The last reload was refused; the old configuration stays";
    COMPLAINTS_NOTE: "改正下列各处后再次重新载入（kill -HUP，或重启服务）。", "Mend these, then reload again (kill -HUP, or restart).";

    NO_PORTAL: "还没有配置门户", "No portal is configured yet";
    NO_PORTAL_LEAD: "程序已经在运行，接下来做三件事就会开始监测：", "The program is running. Three steps, and it begins to watch:";
    NO_PORTAL_1: "在 config.toml 里写一段 [[portal]]：门户编号、名称和年报栏目的网址，并在 [fetch] 里写上 contact。",
        "Write a [[portal]] into config.toml: an id, a name and the address of the column with the reports; and contact under [fetch].";
    NO_PORTAL_2: "在 agencies.csv 里登记应发布年报的机关，每行一个。", "List the agencies that must publish in agencies.csv, one a line.";
    NO_PORTAL_3: "检查配置并重新载入：", "Check the configuration, and reload:";

    AGENCIES: "各单位发布情况", "Agencies";
    AGENCIES_NOTE: "“未能核实”“访问受阻”是监测方的问题，不计为未发布。", "Not verified and blocked are ours, and are not counted as missing.";
    NO_AGENCY: "机关名录是空的。请在 agencies.csv 里登记机关，然后重新载入。", "The roster is empty. List agencies in agencies.csv, then reload.";
    NONE_HERE: "没有符合条件的单位。", "No agency is in this state.";
    SHOW_ALL: "显示全部", "Show all";
    ONLY: "只看“{}”", "only: {}";
    MORE_ROWS: "另有 {} 家，可按状态筛选，或用接口取全部", "{} more: narrow by state, or take all of them from the API";
    FINDINGS: "现存问题", "Findings that stand";
    FINDINGS_ALL: "问题台账", "Findings";
    NO_FINDING: "没有现存问题。", "No finding stands.";
    NO_FINDING_HERE: "没有符合条件的问题。", "No finding is like that.";
    SEE_ALL: "查看全部 {} 项", "See all {}";
    NEXT_PAGE: "下一页", "Next page";
    PORTALS: "门户与巡查", "Portals and runs";
    COL_PORTAL: "门户", "Portal";
    COL_LAST: "最近一次巡查", "Last run";
    COL_NEXT: "下次巡查", "Next run";
    COL_PROBLEMS: "需要处理", "Needs a person";
    COL_COUNT: "问题", "Findings";
    COL_REPORT: "年报", "Report";
    NEVER: "还没有巡查过", "never yet";
    TALLY: "列出 {} · 抓取 {} · 未变 {} · 读取 {}", "listed {} · fetched {} · unchanged {} · read {}";
    NO_PROBLEM: "无", "none";
    UNASSIGNED: "名录外的年报", "Reports outside the roster";
    UNASSIGNED_NOTE: "这些年报的机关不在名录里：请补登机关或它的别名。", "Their agencies are not in the roster: add them, or an alias.";
    DOUBTS: "存疑页面", "Pages in doubt";
    DOUBTS_NOTE: "看不出是不是年报、是哪个机关或哪个年度的。认领之前，既不算已发布，也不据此认定未发布。在命令行认领或排除（或用接口）：",
        "It cannot be told whether, whose or of which year a report they are. Until then they count neither as published nor as missing. To decide, on the command line (or by the API):";
    UNREAD: "未能读出的年报", "Reports that could not be read";
    UNREAD_NOTE: "没有读出就没有核对，不算合格。", "What was not read was not checked, and does not count as clean.";

    EVIDENCE: "证据", "Evidence";
    EVIDENCE_NOTE: "原文摘自保存的快照，位置从 1 数起。", "Quoted from the kept page; places are counted from 1.";
    COL_QUOTE: "原文", "As printed";
    FIGURES: "涉及数据项", "Figures";
    MORE_FIGURES: "同一核算中的另外 {} 项", "The other {} of the same sum";
    ABOUT_RULE: "规则说明", "The rule";
    WHY: "为什么要查", "Why it matters";
    HISTORY: "快照与所见时间", "The kept page, and when it was seen";
    SNAPSHOT_BODY: "下载快照原件", "Download the kept page";
    NO_SNAPSHOT: "这个问题不依赖某一页的快照。", "This finding rests on no single page.";
    SIZE: "{} 字节", "{} bytes";
    COL_SEEN: "所见时间", "Seen";
    COL_ADDRESS: "网址", "Address";
    COL_STATUS: "状态码", "Status";
    STEPS: "整改经过", "Steps taken";
    NO_STEP: "还没有人处理。", "Nobody has taken a step yet.";
    COL_WHEN: "时间", "When";
    COL_STEP: "动作", "Step";
    COL_BY: "经手人", "By";
    HOW_TO: "处理这个问题", "To take a step";
    HOW_TO_NOTE: "在命令行执行（或用接口）：", "On the command line (or by the API):";
    CHANGED: "最近变化", "Changed";
    RESOLVED: "消除时间", "Resolved";
    YEARS: "历年发布情况", "By year";
    PORTAL_OF: "发布门户", "Portal";
    LIST_PAGE: "栏目网址", "Column";
    NOT_IN_ROSTER: "不在名录里", "not in the roster";
    BACK: "返回概览", "Back to the overview";
}

/// A step of a person.
pub(super) fn step(word: &str) -> Option<Word> {
    let (zh, en) = match word {
        "confirm" => ("确认", "confirmed"),
        "dismiss" => ("排除", "dismissed"),
        "notify" => ("交办", "notified"),
        "reply" => ("反馈", "replied"),
        "reopen" => ("重新打开", "reopened"),
        _ => return None,
    };
    Some(Word { zh, en })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_phrase_has_the_same_gaps_in_both_languages() {
        for word in super::ALL {
            assert!(!word.zh.is_empty() && !word.en.is_empty());
            assert_eq!(word.zh.matches("{}").count(), word.en.matches("{}").count(), "{word:?}");
        }
    }
}
