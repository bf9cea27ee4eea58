//! The parts of a title: document number, years, the name in front, the words, remarks behind.

use crate::model::Year;
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Longest title looked at; what is longer is no title.
const LONGEST: usize = 300;

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("the pattern is a literal"));
    };
}

pattern!(LEADING_NUMBER, r"^[^\d()〔\[]{0,14}[〔\[(](?:19|20)\d{2}[〕\])]第?\d{1,4}号[:、,.]?");
pattern!(BRACKETED_NUMBER, r"\([^()]{0,14}[〔\[](?:19|20)\d{2}[〕\]]第?\d{1,4}号\)");
pattern!(LEADING_MARK, r"^(?:附件?\d{0,2}[:、.]|[·•▪■◆●>*\-]+|\d{1,2}[.、])");
pattern!(FILE_ENDING, r"(?i)\.(?:pdf|docx?|wps|xlsx?|ofd|odt|zip|rar|s?html?|jpe?g|png)$");
pattern!(TRAILING_DATE, r"[\[(]?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d{2}(?::\d{2})?)?[\])]?$");
pattern!(CHINESE_YEAR, r"二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2}年");
pattern!(YEAR_SPAN, r"(?:19|20)\d{2}年?度?[-—–~～至到](?:19|20)\d{2}|历年|近.年");
pattern!(YEAR_WORD, r"[\[(〔]?(?:19|20)\d{2}[\])〕]?(?:年度|年|度)?");
pattern!(DATE_WORD, r"(?:19|20)\d{2}[年\-/.]\d{1,2}[月\-/.](?:\d{1,2}日?)?");

/// A title taken apart.
#[derive(Debug)]
pub(super) struct Parts {
    /// The folded title without blanks, document number, file ending and dates.
    pub(super) whole: String,
    /// The same without remarks in brackets at either end.
    pub(super) bare: String,
    /// What stood in those brackets.
    remarks: Vec<String>,
    /// Whether the title was cut off with an ellipsis.
    pub(super) cut: bool,
}

impl Parts {
    pub(super) fn of(title: &str) -> Parts {
        let mut whole = plain(title);
        whole = BRACKETED_NUMBER.replace_all(&whole, "").into_owned();
        for leading in [&*LEADING_MARK, &*LEADING_NUMBER, &*LEADING_MARK] {
            whole = leading.replace(&whole, "").into_owned();
        }
        for trailing in [&*FILE_ENDING, &*TRAILING_DATE, &*FILE_ENDING] {
            whole = trailing.replace(&whole, "").into_owned();
        }
        let uncut = whole.trim_end_matches(['.', '⋯', '·']).to_owned();
        let cut = whole.ends_with("..") || whole.ends_with('⋯');
        let (bare, remarks) = without_remarks(&uncut);
        Parts { whole: uncut, bare, remarks, cut }
    }

    /// Whether the title speaks of several years.
    pub(super) fn spans_years(&self) -> bool {
        YEAR_SPAN.is_match(&self.whole)
    }

    /// The report year: the only one named, else the one called 年度, else the last before the words.
    pub(super) fn year(&self) -> Option<Year> {
        if self.spans_years() {
            return None;
        }
        let years = years_of(&self.whole);
        let (first, _) = *years.first()?;
        if years.iter().all(|(year, _)| *year == first) {
            return Some(first);
        }
        let called: Vec<Year> =
            years.iter().filter(|(_, end)| self.whole[*end..].starts_with("年度")).map(|(year, _)| *year).collect();
        if let [only] = called.as_slice() {
            return Some(*only);
        }
        let words = self.whole.rfind("信息公开")?;
        years.iter().rfind(|(_, end)| *end <= words).map(|(year, _)| *year)
    }

    /// Whether a column's name says that its year is the one of the reports, not of publication.
    pub(super) fn names_report_year(&self) -> bool {
        years_of(&self.whole).iter().any(|(_, end)| {
            let rest = &self.whole[*end..];
            ["年度", "年年", "年政府信息", "年信息公开", "年报"].iter().any(|word| rest.starts_with(word))
        })
    }

    /// Whether nothing stands behind the year.
    pub(super) fn ends_with_year(&self) -> bool {
        years_of(&self.bare).last().is_some_and(|(_, end)| matches!(&self.bare[*end..], "" | "年" | "年度"))
    }

    /// The bare title with its years taken out.
    pub(super) fn without_years(&self) -> String {
        trim_marks(&YEAR_WORD.replace_all(&self.bare, "")).to_owned()
    }

    /// The name of the agency: in front of the words, else in a remark, else behind them.
    pub(super) fn agency(&self) -> Option<String> {
        let (head, tail) = self.split_at_words();
        let front = clean_name(head);
        if !front.is_empty() {
            return Some(front);
        }
        let remark = self.remarks.iter().map(|remark| clean_name(remark)).find(|name| looks_like_agency(name));
        remark.or_else(|| Some(clean_name(tail)).filter(|name| looks_like_agency(name)))
    }

    /// What stands before and behind the words that make it a report.
    fn split_at_words(&self) -> (&str, &str) {
        let bare = self.bare.as_str();
        let Some(words) = bare.rfind("信息公开").or_else(|| bare.rfind("政务公开")) else {
            let yearly = ["年度工作报告", "年度报告", "年报"].iter().find_map(|word| bare.strip_suffix(word));
            let begun = || begun_words(bare).filter(|rest| self.cut && !rest.ends_with("人民"));
            return (yearly.or_else(begun).unwrap_or(bare), "");
        };
        let head = &bare[..words];
        // 人民政府信息公开 is 人民政府 + 信息公开; 市政府信息公开 is 市 + 政府信息公开.
        let head = match head.strip_suffix("政府").or_else(|| head.strip_suffix("政务")) {
            Some(shorter) if shorter.ends_with("人民") => head,
            Some(shorter) if shorter.chars().count() == 1 => head,
            Some(shorter) => shorter,
            None => head,
        };
        let behind = &bare[words..];
        let end = ["报告", "年报"].iter().filter_map(|word| behind.rfind(word).map(|at| at + word.len())).max();
        (head, end.map_or("", |end| &behind[end..]))
    }
}

/// What stands before words that were cut off in their middle (「…政府信」).
pub(super) fn begun_words(text: &str) -> Option<&str> {
    const WORDS: &str = "政府信息公开工作年度报告";
    WORDS.char_indices().rev().filter(|(at, _)| *at > 0).find_map(|(at, _)| text.strip_suffix(&WORDS[..at]))
}

/// Every year named, with the byte behind its digits; years inside full dates are left out.
pub(super) fn years_of(text: &str) -> Vec<(Year, usize)> {
    let inside_date: Vec<_> = DATE_WORD.find_iter(text).map(|found| found.range()).collect();
    let bytes = text.as_bytes();
    let mut years = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if end - at == 4
            && !inside_date.iter().any(|range| range.contains(&at))
            && let Some(year) = text.get(at..end).and_then(|digits| digits.parse().ok())
            && (1990..=2100).contains(&year)
        {
            years.push((year, end));
        }
        at = end.max(at + 1);
    }
    years
}

/// NFKC without blanks and quotation marks, Chinese years in digits, at most `LONGEST` characters.
pub(super) fn plain(title: &str) -> String {
    let folded: String = title
        .nfkc()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}'))
        .filter(|c| !matches!(c, '《' | '》' | '〈' | '〉' | '"' | '“' | '”' | '「' | '」' | '\''))
        .map(|c| match c {
            '【' => '[',
            '】' => ']',
            other => other,
        })
        .take(LONGEST)
        .collect();
    CHINESE_YEAR
        .replace_all(&folded, |found: &regex::Captures<'_>| {
            found[0]
                .chars()
                .map(|c| match "〇一二三四五六七八九".chars().position(|known| known == c) {
                    Some(value) => char::from(b'0' + value as u8),
                    None if c == '年' => '年',
                    None => '0',
                })
                .collect::<String>()
        })
        .into_owned()
}

/// Takes remarks in brackets off both ends.
fn without_remarks(text: &str) -> (String, Vec<String>) {
    let mut bare = text;
    let mut remarks = Vec::new();
    if bare.starts_with('[')
        && let Some(end) = bare.find(']')
        && years_of(&bare[..end]).is_empty()
    {
        remarks.push(bare[1..end].to_owned());
        bare = &bare[end + 1..];
    }
    while let Some(open) = bare.ends_with([')', ']']).then(|| bare.rfind(['(', '['])).flatten() {
        remarks.push(bare[open + 1..bare.len() - 1].to_owned());
        bare = &bare[..open];
    }
    (bare.to_owned(), remarks)
}

fn trim_marks(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '[' | ']')).trim_matches(['[', ']'])
}

/// A name without years, verbs in front of it and words that only lead on to the title.
fn clean_name(text: &str) -> String {
    let text = DATE_WORD.replace_all(text, "");
    let text = YEAR_WORD.replace_all(&text, "");
    let mut name = trim_marks(&text);
    loop {
        let before = name;
        for word in ["关于", "公布", "发布", "公开", "印发", "转发", "附件"] {
            name = name.strip_prefix(word).unwrap_or(name);
        }
        for word in ["的", "年度", "本级", "主动公开", "年", "度"] {
            name = name.strip_suffix(word).filter(|rest| !rest.is_empty() || word != "年").unwrap_or(name);
        }
        if let Some(at) = name.find("关于") {
            name = &name[..at];
        }
        name = trim_marks(name);
        if name == before {
            return name.to_owned();
        }
    }
}

/// Ends that names of agencies have.
const ENDS: &[&str] = &[
    "政府",
    "局",
    "委",
    "会",
    "厅",
    "办公室",
    "办",
    "中心",
    "处",
    "队",
    "院",
    "所",
    "站",
    "镇",
    "乡",
    "街道",
    "区",
    "县",
    "市",
    "省",
    "州",
    "旗",
    "盟",
    "社",
    "馆",
    "公司",
    "大学",
    "学校",
    "中学",
    "小学",
    "海关",
    "部",
    "台",
    "署",
    "场",
    "苏木",
];

/// Names in menus that end like an agency's.
const PARTS_OF_SITES: &[&str] = &[
    "新闻中心",
    "资讯中心",
    "互动中心",
    "下载中心",
    "帮助中心",
    "个人中心",
    "用户中心",
    "会员中心",
    "数据中心",
    "视频中心",
    "服务中心",
];

/// Whether a text, all of it, can be the name of an agency.
pub(super) fn looks_like_agency(name: &str) -> bool {
    let count = name.chars().count();
    (2..=40).contains(&count)
        && !PARTS_OF_SITES.contains(&name)
        && ENDS.iter().any(|end| name.ends_with(end))
        && !["召开", "开展", "会议", "大会", "关于", "举办", "组织", "推进", "落实", "年会", "走进", "全市", "全县", "全区"]
            .iter()
            .any(|word| name.contains(word))
        && !name.contains([',', '、', '!', '?', ';', '。', ':'])
}
