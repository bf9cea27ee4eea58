//! The words people read, Chinese and English, in one place.
//!
//! A leaf: it knows no room. A phrase is a constant, so that a misspelt one does not compile; the words of
//! closed lists (severities, states, causes, …) are looked up by the key that JSON and the journal use, and
//! a key that is not known is shown as it stands rather than dropped. To add a phrase, add a row.

mod problems;

pub use problems::{PROBLEMS, problem};

/// The language of everything a person reads. JSON and identifiers do not change with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// The language a locale such as `en_GB.UTF-8` asks for. `C`, `POSIX`, nothing and languages that we
    /// do not speak mean Chinese: the program is made for Chinese offices.
    pub fn from_locale(locale: Option<&str>) -> Lang {
        let language = locale.unwrap_or_default().split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("en") { Lang::En } else { Lang::Zh }
    }

    /// The language named by `--lang` or the configuration: `zh` or `en`.
    pub fn parse(word: &str) -> Option<Lang> {
        match word {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The word `parse` takes.
    pub fn word(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The tag for HTML's `lang`, which also picks the right glyphs of a Chinese font.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// Whether it is English, as `model::Message::text` asks.
    pub fn is_english(self) -> bool {
        self == Lang::En
    }
}

/// A phrase in both languages. `{}` marks where [`Word::with`] puts its arguments, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Word {
    /// The phrase in a language.
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The phrase with its gaps filled in order. Gaps without an argument vanish, arguments without a gap too.
    pub fn with(self, lang: Lang, arguments: &[&str]) -> String {
        let mut pieces = self.text(lang).split("{}");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for (at, piece) in pieces.enumerate() {
            filled.push_str(arguments.get(at).unwrap_or(&""));
            filled.push_str(piece);
        }
        filled
    }
}

/// Declares phrases as constants, and the list of all of them for the test.
macro_rules! phrases {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(#[doc = concat!($zh, " — ", $en)] pub const $name: Word = Word { zh: $zh, en: $en };)*
        /// Every phrase with the name of its constant.
        pub const PHRASES: &[(&str, Word)] = &[$((stringify!($name), $name)),*];
    };
}

/// Declares one lookup by key for each closed list, and the list of all lists for the test.
macro_rules! lists {
    ($($(#[$doc:meta])* $function:ident { $($key:literal: $zh:literal, $en:literal;)* })*) => {
        $($(#[$doc])* pub fn $function(key: &str, lang: Lang) -> &str {
            match key {
                $($key => Word { zh: $zh, en: $en }.text(lang),)*
                other => other,
            }
        })*
        /// Every word of every closed list: (list, key, word).
        pub const LISTED: &[(&str, &str, Word)] =
            &[$($((stringify!($function), $key, Word { zh: $zh, en: $en })),*),*];
    };
}

mod manners;
mod probe;
mod sheet;

pub use manners::{PHRASES as PHRASES_OF_MANNERS, *};
pub use probe::LISTED as LISTED_OF_PROBE;
pub use probe::*;
pub use sheet::PHRASES as PHRASES_OF_SHEET;
pub use sheet::*;

lists! {
    /// A severity.
    severity {
        "error": "错误", "error";
        "warn": "疑点", "warning";
        "info": "提示", "notice";
    }
    /// How an agency stands for a year.
    agency_state {
        "not_due": "未到期", "not due yet";
        "due": "待发布", "due";
        "published": "已发布", "published";
        "late": "逾期发布", "published late";
        "missing": "逾期未发布", "missing";
        "withdrawn": "已撤下", "withdrawn";
        "moved": "移出栏目", "moved off the list";
        "blocked": "访问受阻", "blocked";
        "unknown": "未能核实", "not verified";
    }
    /// How a run stands.
    run_state {
        "queued": "排队中", "queued";
        "running": "进行中", "running";
        "complete": "完成", "complete";
        "partial": "部分完成", "partial";
        "failed": "失败", "failed";
        "blocked": "受阻", "blocked";
    }
    /// Why a run takes place.
    cause {
        "schedule": "定时", "scheduled";
        "catch-up": "补巡", "caught up";
        "demand": "人工", "on demand";
    }
    /// Where a finding stands.
    finding_state {
        "open": "待核", "open";
        "confirmed": "已确认", "confirmed";
        "dismissed": "已排除", "dismissed";
        "notified": "已交办", "notified";
        "replied": "已反馈", "replied";
        "overdue": "逾期未改", "overdue";
        "resolved": "已消除", "resolved";
        "reopened": "再次出现", "reopened";
        "waived": "已豁免", "waived";
    }
    /// What a person did to a finding.
    step {
        "confirm": "确认", "confirmed";
        "dismiss": "排除", "dismissed";
        "notify": "交办", "told to mend";
        "reply": "反馈", "answered";
        "reopen": "重新打开", "reopened";
    }
    /// What happened to a finding.
    change {
        "opened": "新增", "new";
        "changed": "有变化", "changed";
        "reopened": "再次出现", "back again";
        "resolved": "已消除", "resolved";
        "waived": "已豁免", "waived";
    }
    /// Why a digest is sent now.
    occasion {
        "first": "首次报送", "first digest";
        "changes": "情况有变化", "something changed";
        "alive": "定期报平安，无变化", "sign of life, nothing changed";
        "demand": "应人工要求", "asked for by a person";
    }
    /// A kind of agency.
    agency_kind {
        "government": "本级政府", "government";
        "office": "政府办公厅（室）", "general office";
        "department": "政府部门", "department";
        "township": "乡镇政府", "township";
        "sub-district": "街道办事处", "sub-district";
        "vertical": "垂直管理部门", "vertical department";
    }
    /// The family of a rule: the part of its id before the slash.
    rule_family {
        "form": "版式", "form";
        "balance": "勾稽关系", "balance";
        "disclosure": "主动公开", "disclosure";
        "history": "跨年衔接", "history";
        "narrative": "文表一致", "text against tables";
        "content": "内容", "content";
        "identity": "张冠李戴", "identity";
        "publication": "发布", "publication";
        "privacy": "个人信息", "privacy";
        "rollup": "汇总", "roll-up";
    }
    /// A section of the statutory form.
    section {
        "overview": "一、总体情况", "1 Overview";
        "proactive": "二、主动公开政府信息情况", "2 Proactive disclosure";
        "applications": "三、收到和处理政府信息公开申请情况", "3 Applications";
        "review_litigation": "四、政府信息公开行政复议、行政诉讼情况", "4 Review and litigation";
        "problems": "五、存在的主要问题及改进情况", "5 Problems and improvements";
        "other": "六、其他需要报告的事项", "6 Other matters";
    }
    /// A statutory form.
    standard {
        "v2021": "2021年格式", "form of 2021";
        "v2019": "2019年格式", "form of 2019";
        "pre2019": "2019年前格式", "form before 2019";
        "unknown": "格式不明", "unknown form";
    }
    /// What keeps us from a site.
    blocked {
        "jsl": "加速乐防护", "a gate (jsl)";
        "acw": "云防护验证", "a gate (acw)";
        "river": "瑞数防护", "a gate (river)";
        "captcha": "验证码", "a captcha";
        "forbidden": "拒绝访问", "access refused";
        "rate": "访问频次限制", "a rate limit";
        "login": "需要登录", "a login";
        "robots": "robots.txt 不允许", "robots.txt";
        "other": "其他阻断", "another gate";
    }
}

phrases! {
    PRODUCT: "年检 · 政府信息公开年报监测", "nianjian · annual disclosure reports";
    DIGEST: "监测摘要", "digest";
    SUBJECT: "【年检】{}：{}（{}）", "[nianjian] {}: {} ({})";
    LEAD_COVERAGE: "{} 年度年报：{} 家单位中 {} 家已发布", "Reports for {}: agencies {}, published {}";
    LEAD_MISSING: "{} 家逾期未发布", "missing: {}";
    LEAD_NEW_REPORTS: "新见年报 {} 份", "new reports: {}";
    LEAD_OPENED: "新增问题 {} 项", "new findings: {}";
    LEAD_RESOLVED: "消除问题 {} 项", "findings resolved: {}";
    LEAD_OVERDUE: "整改逾期 {} 项", "rectifications overdue: {}";
    LEAD_ATTENTION: "{} 处需人工处理", "places that need a person: {}";
    LEAD_QUIET: "无变化", "nothing changed";
    COUNTDOWN: "距 {} 截止还有 {} 天，尚有 {} 家未发布", "Due date {}: days left {}, agencies still to publish {}";
    COUNTDOWN_TODAY: "今天（{}）截止，尚有 {} 家未发布", "Due today ({}): agencies still to publish {}";
    NOTHING_CHANGED: "自上次摘要以来没有变化。监测照常进行。", "Nothing has changed since the last digest. Watching goes on.";
    WHY_NOW: "发送原因", "Sent because";
    COMPOSED: "生成时间", "Composed";

    TILE_PUBLISHED: "已发布", "Published";
    TILE_PENDING: "期限内待发布", "Still in time";
    TILE_MISSING: "逾期未发布", "Missing";
    TILE_UNVERIFIED: "未能核实", "Not verified";
    TILE_FINDINGS: "现存问题", "Findings standing";
    OF_AGENCIES: "共 {} 家", "of {}";
    SINCE_LAST: "较上次 {}", "{} since last";
    AND_WITHDRAWN: "另有已撤下 {} 家", "and withdrawn: {}";
    WITH_LATE: "其中逾期发布 {} 家", "late: {}";
    ERRORS_WARNINGS: "错误 {} · 疑点 {} · 提示 {}", "errors {} · warnings {} · notices {}";
    UNVERIFIED_NOTE: "不计为未发布", "not counted as missing";
    COVERAGE: "发布情况", "Publication";

    MISSING: "逾期未发布", "Missing";
    MISSING_NOTE: "截止日期后完整查看过公开栏目，未见年报。", "A complete look after the due date did not show a report.";
    LATE: "逾期发布", "Published late";
    NEW_REPORTS: "新见年报", "New reports";
    FINDINGS: "新增和变化的问题", "New and changed findings";
    FINDINGS_NOTE: "每份年报最多列 3 项，全部问题见附件“问题台账”。", "At most 3 lines a report; the workbook lists all of them.";
    REPORT_CHANGES: "已发布年报的变动", "Changes to known reports";
    RECTIFICATION: "整改期限", "Rectification due";
    RESOLVED: "已消除的问题", "Resolved";
    ATTENTION: "需要人工处理", "Needs a person";
    ATTENTION_NOTE: "这些是监测方的问题，不计入单位。", "These are ours and are not held against any agency.";
    NEW_MARK: "新", "new";
    MORE_NAMES: "另有 {} 家", "and {} more";
    MORE_LINES: "另有 {} 项", "and {} more";
    MORE_REPORTS: "另有 {} 份年报、{} 项问题，见附件“问题台账”", "more reports: {}, with findings: {}; see the workbook";
    MORE_ROWS: "另有 {} 条，见附件", "{} more: see the workbook";
    EXPECTED: "应为 {}", "expected {}";
    ACTUAL: "实为 {}", "is {}";
    BASIS: "依据：{}", "basis: {}";
    PLACE_TABLE: "第{}个表", "table {}";
    PLACE_ROW: "第{}行", "row {}";
    PLACE_COLUMN: "第{}列", "column {}";
    PLACE_PAGE: "第{}页", "page {}";
    MASKED: "（已隐去，请看快照）", "(masked; see the snapshot)";
    DAYS_LEFT: "还有 {} 天", "days left: {}";
    DAYS_OVER: "逾期 {} 天", "days over: {}";
    DUE_TODAY: "今天到期", "due today";
    REPORT_OF: "{} {} 年度", "{} {}";
    COUNT_REPORTS: "{} 份", "{}";
    COUNT_AGENCIES: "{} 家", "{}";
    COUNT_FINDINGS: "{} 项", "{}";
    FOOTER_ID: "摘要编号 {}", "Digest {}";
    FOOTER_JOURNAL: "台账日志 {} 条，校验根 {}", "Journal of {} entries, root {}";
    FOOTER_NOTE: "本摘要由程序自动生成，问题均附原文依据，供人工核实；“未能核实”不等于未发布。",
        "Composed by a program; every finding can be traced to the kept page, for a person to verify. Not verified does not mean missing.";
    WHERE_EVERYTHING: "都在这里：", "Everything lies here:";
    WHERE_PAGE: "摘要网页", "digest page";
    WHERE_WORKBOOK: "摘要工作簿", "workbook";
    WHERE_SNAPSHOTS: "网页快照", "kept pages";
    WHERE_JOURNAL: "日志", "journal";
    WHERE_CONFIG: "配置文件", "configuration";
    DEMO_AGENCIES: "机关 {} 个：{}", "{} agencies: {}";
    DEMO_FINDINGS: "未了结的问题：{}", "findings that stand: {}";
    DEMO_TALLY: "本次巡查：列表 {} 条，请求 {} 次，新保存 {} 份，读取年报 {} 份", "this visit: {} listed, {} requests, {} bodies kept, {} reports read";
    FILE_NAME: "年报监测摘要-{}.xlsx", "nianjian-digest-{}.xlsx";

    COL_AGENCY: "单位", "Agency";
    COL_AGENCY_ID: "单位编号", "Agency id";
    COL_AREA: "地区", "Area";
    COL_KIND: "单位类型", "Kind";
    COL_YEAR: "报告年度", "Year";
    COL_STATE: "状态", "State";
    COL_DUE: "应发布日期", "Due";
    COL_PUBLISHED: "发布时间", "Published";
    COL_FIRST_SEEN: "首次发现时间", "First seen";
    COL_LINK: "链接", "Link";
    COL_TITLE: "报告标题", "Title";
    COL_FORM: "格式", "Form";
    COL_NUMBER: "序号", "No.";
    COL_FAMILY: "问题类别", "Category";
    COL_RULE: "规则", "Rule";
    COL_MESSAGE: "问题描述", "Finding";
    COL_PLACE: "位置", "Place";
    COL_ACTUAL: "原文或数值", "As printed";
    COL_EXPECTED: "应为/计算值", "Expected";
    COL_BASIS: "依据", "Basis";
    COL_SEVERITY: "严重程度", "Severity";
    COL_OPENED: "发现时间", "Opened";
    COL_SNAPSHOT: "快照编号", "Snapshot";
    COL_ADVICE: "整改要求", "Advice";
    COL_FIX_DUE: "整改期限", "Fix by";
    COL_REPLY: "整改情况", "Reply";
    COL_RECHECK: "复核结果", "Recheck";
    COL_REVIEWER: "复核人", "Reviewer";
    COL_NOTE: "备注", "Note";
    COL_CHANGE: "变动", "Change";
    COL_SUBJECT: "对象", "Subject";
    COL_PROBLEM: "情况", "Problem";
    COL_ITEM: "项目", "Item";
    COL_VALUE: "内容", "Value";
    COL_LEFT: "剩余", "Left";
    COL_FINDING_ID: "问题编号", "Finding id";
    COL_PORTAL: "门户", "Portal";
    COL_LAST_SEEN: "最近看到", "Last seen";
    COL_FIGURES: "数据项数", "Figures";
    COL_FINDINGS: "问题数", "Findings";
    COL_REPORT: "年报编号", "Report";
    COL_CHANGED: "变化时间", "Changed";
    COL_RESOLVED: "消除时间", "Resolved";
    COL_QUOTE: "原文", "Quoted";
    COL_RUN: "巡查编号", "Run";
    COL_CAUSE: "起因", "Cause";
    COL_STARTED: "开始", "Started";
    COL_ENDED: "结束", "Ended";
    COL_LISTED: "列表条数", "Listed";
    COL_FETCHED: "请求次数", "Requests";
    COL_KEPT: "新保存", "Kept";
    COL_READ: "读取", "Read";
    COL_LAST_RUN: "上次巡查", "Last run";
    COL_NEXT_RUN: "下次巡查", "Next run";
    COL_WHY: "为什么", "Why then";
    COL_FIGURE: "数据项", "Figure";
    COL_UNIT: "计量单位", "Unit";
    COL_TABLE: "表", "Table";
    COL_ROW: "行", "Row";
    COL_COLUMN: "列", "Column";
    COL_JOURNAL: "日志序号", "Entry";
    COL_AT: "时间", "At";
    COL_EVENT: "事项", "Event";
    COL_BY: "经办人", "By";
    SHEET_REPORTS: "年报", "Reports";
    SHEET_RUNS: "巡查记录", "Runs";
    DOUBTS: "存疑页面", "Pages in doubt";
    COL_ID: "编号", "Id";
    COL_UNCLEAR: "存疑之处", "Unclear";
    SHEET_HISTORY: "历年情况", "History";
    SHEET_FIGURES: "年报数据", "Figures";
    SHEET_LEDGER: "台账变动", "Ledger";
    STATUS_YEAR: "{} 年度：{} 家单位，{}", "{}: agencies {}, {}";
    EVIDENCE_STEPS: "处理经过", "Steps taken";
    EVIDENCE_SAVE: "保存快照原件", "save the kept page";
    STATUS_UNASSIGNED: "另有 {} 份年报的机关不在名录里，见 nianjian reports", "reports of agencies that are not in the roster: {}; see nianjian reports";
    SHEET_PUBLICATION: "发布情况", "Publication";
    SHEET_FINDINGS: "问题台账", "Findings";
    SHEET_SUMMARY: "摘要", "Summary";
}

#[cfg(test)]
mod tests;
