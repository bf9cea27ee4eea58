//! Who wrote a report, about which year, when it was signed and published, under which number.

use super::outline::Outline;
use crate::model::{Date, DateSource, Document, Year};
use crate::text::{compact, fold, kind_of_name, printed, squeeze};
use chrono::Datelike;
use regex::Regex;
use std::sync::LazyLock;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a literal")
}

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(20\d{2})\s*(?:年度?)"));
static TITLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"信息公开(?:工作)?(?:情况)?(?:的)?(?:年度报告|年报|工作报告|报告)"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\p{Han}]{1,12}[〔\[(【]20\d{2}[〕\])】]\s*第?\s*\d{1,4}\s*号"));
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(20\d{2}|二[〇零○Oo0]\p{Han}{2})\s*[年./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月./-]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?",
    )
});
static SHOWN_DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:发布(?:日期|时间)|发文日期|公开日期|发布于|时间|日期)\s*[::]?\s*(20\d{2}[年./-]\s*\d{1,2}[月./-]\s*\d{1,2}日?)")
});

/// Words that a report's title has and these pages do too, without being reports.
const LOOK_ALIKES: [&str; 12] = [
    "解读",
    "图解",
    "一图读懂",
    "法治政府",
    "网站工作年度",
    "工作要点",
    "关于编制",
    "关于做好",
    "关于报送",
    "的通知",
    "统计年报",
    "目录",
];

/// What a document says it is.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) title: String,
    /// Whether the title is that of an annual report on disclosure.
    pub(super) titled: bool,
    /// Whether the title names a year: a list of reports has their title, without one.
    pub(super) dated: bool,
    pub(super) agency: String,
    pub(super) year: Option<Year>,
    pub(super) signed: Option<Date>,
    /// The date of publication and where it stood.
    pub(super) published: Option<(Date, DateSource)>,
    pub(super) document_number: Option<String>,
}

/// Folded text with years in Chinese numerals made Arabic: 二〇二四年. As many characters as before.
fn told(text: &str) -> String {
    let folded = compact(text);
    if !folded.contains('二') {
        return folded;
    }
    let chars: Vec<char> = folded.chars().collect();
    let digit = |c: char| number(&c.to_string()).filter(|value| *value < 10).and_then(|value| char::from_digit(value, 10));
    let mut told = String::with_capacity(folded.len());
    let mut at = 0;
    while at < chars.len() {
        let year = chars.get(at..at + 5).filter(|five| five[0] == '二' && five[4] == '年');
        match year.map(|five| five[..4].iter().filter_map(|c| digit(*c)).collect::<String>()) {
            Some(digits) if digits.len() == 4 => {
                told.push_str(&digits);
                at += 4;
            }
            _ => {
                told.push(chars[at]);
                at += 1;
            }
        }
    }
    told
}

/// Whether a title is that of a page about reports that is no report itself.
pub(super) fn is_look_alike(title: &str) -> bool {
    let folded = compact(title);
    LOOK_ALIKES.iter().any(|word| folded.contains(word)) && !folded.ends_with("信息公开工作年度报告")
}

/// Whether links name reports of several other agencies, and none by the page's own title: the page lists them.
pub(super) fn are_others<'a>(title: &str, links: impl Iterator<Item = &'a str>) -> bool {
    let own = (agency_of_title(title), year_of_title(title));
    // The name of a file is a title with an ending.
    let stem = |text: &'a str| text.rsplit_once('.').filter(|(_, ending)| ending.is_ascii()).map_or(text, |(stem, _)| stem);
    let titles = links.map(stem).filter(|title| is_title(&compact(title)));
    let named: Vec<(String, Option<Year>)> = titles.map(|title| (agency_of_title(title), year_of_title(title))).collect();
    let agencies: std::collections::BTreeSet<&String> = named.iter().map(|(agency, _)| agency).collect();
    !named.contains(&own) && agencies.len() >= FEWEST_OTHERS
}

/// Reports of so many agencies make a list of them.
const FEWEST_OTHERS: usize = 3;

/// Reads who, when and which year, from the lines before the first section and those of the last.
pub(super) fn identify(document: &Document, outline: &Outline) -> Identity {
    let head = &outline.head;
    let (title, titled) = title(document, head);
    let from_title = agency_of_title(&title);
    let signature = signature(outline.tail());
    let signed = signature.as_ref().and_then(|(_, date)| *date);
    let agency = complete(&from_title, signature.as_ref().map_or("", |(name, _)| name));
    let named = year_of_title(&title);
    let year = named.or_else(|| year_of_body(outline));
    Identity {
        titled,
        dated: named.is_some(),
        agency,
        year,
        signed,
        published: published(document, head),
        document_number: head.iter().take(12).find_map(|line| document_number(line)),
        title,
    }
}

/// The title: the first line, or run of up to three lines, that ends like one and names a year; else
/// the page's own.
fn title(document: &Document, head: &[String]) -> (String, bool) {
    let ends = 0..head.len().min(60);
    if let Some((_, title)) = ends.clone().find_map(|end| dated_title(head, end)) {
        return (title, true);
    }
    let undated = ends.into_iter().find(|end| is_title(&compact(&head[*end])));
    match (own_title(document), undated) {
        (Some(title), _) if TITLE.is_match(&compact(title)) => (squeeze(title), true),
        (_, Some(line)) => (squeeze(&head[line]), true),
        (Some(title), None) => (squeeze(title), false),
        (None, None) => (head.first().map(|line| squeeze(line)).unwrap_or_default(), false),
    }
}

/// What a document calls itself in its head or its properties, without the name of the site.
pub(super) fn own_title(document: &Document) -> Option<&str> {
    let own = [document.meta("ArticleTitle"), document.title.as_deref()];
    let titles = own.into_iter().flatten().map(|title| title.split(['_', '|', '-']).next().unwrap_or(title).trim());
    titles.into_iter().find(|title| !title.is_empty())
}

/// The year that a title names.
pub(super) fn year_of_title(title: &str) -> Option<Year> {
    YEAR.captures(&told(title)).and_then(|found| found[1].parse().ok())
}

/// The title that ends on a line, with as many lines before it as it takes to name a year, and the
/// agency where that stands on the line before; and the line on which it begins.
pub(super) fn dated_title(head: &[String], end: usize) -> Option<(usize, String)> {
    // Most lines lack a letter that every title ends with.
    if !head[end].contains(['报', '報']) {
        return None;
    }
    for length in 1..=3.min(end + 1) {
        let start = end + 1 - length;
        let joined = join(&head[start..=end]);
        let folded = told(&joined);
        if length == 1 && !folded.ends_with("报告") && !folded.ends_with("年报") && !is_title(&folded) {
            return None;
        }
        if !is_title(&folded) || !YEAR.is_match(&folded) || NUMBER.is_match(&fold(&head[start])) && length > 1 {
            continue;
        }
        let before =
            start.checked_sub(1).map(|at| compact(&head[at])).filter(|line| is_name(line) && kind_of_name(line).is_some());
        return Some(match before {
            Some(_) if agency_of_title(&joined).is_empty() => (start - 1, join(&head[start - 1..=end])),
            _ => (start, joined),
        });
    }
    None
}

fn join(lines: &[String]) -> String {
    lines.iter().map(|line| squeeze(line)).collect()
}

/// Whether folded text ends with the words of a report's title and is no sentence.
fn is_title(folded: &str) -> bool {
    folded.chars().count() <= 70
        && !folded.contains(['。', ',', ':', '>', '»', '›'])
        && TITLE.find_iter(folded).last().is_some_and(|found| is_end(&folded[found.end()..]))
}

fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['(', '[', '《', '》', '"'])
}

/// The name in a title, as printed: what is left without the year and the title's own words.
pub(super) fn agency_of_title(title: &str) -> String {
    // Words are found in the simplified text and cut out of the printed one: both have the same characters.
    let (folded, as_printed) = (told(title), printed(title));
    let start = NUMBER.find(&folded).map_or(0, |found| found.end());
    let year = YEAR.find_at(&folded, start).map(|found| found.range());
    let own_words = TITLE.find_at(&folded, start).map_or(folded.len(), |found| {
        let before = &folded[..found.start()];
        let lead = ["政府", "政务"].into_iter().find(|word| before.ends_with(word) && !before.ends_with("人民政府"));
        found.start() - lead.map_or(0, str::len)
    });
    let kept = |range: std::ops::Range<usize>| -> String {
        let skip = folded[..range.start].chars().count();
        as_printed.chars().skip(skip).take(folded[range].chars().count()).collect()
    };
    let name = match year {
        Some(year) if year.end <= own_words => kept(start..year.start) + &kept(year.end..own_words),
        _ => kept(start..own_words.max(start)),
    };
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    name.trim_start_matches("关于").trim_start_matches("年度").trim_end_matches(['的', '关', '于']).to_owned()
}

/// The signature: a name and a date at the end of the last section, each on a line of its own. What a page
/// lists below its report (other reports with their dates) signs nothing.
fn signature(tail: &[String]) -> Option<(String, Option<Date>)> {
    let signs = |at: &usize| {
        let line = &tail[*at];
        // A sentence of several hundred bytes is no short line, even without its fillers.
        line.len() <= LONGEST_SIGNATURE && {
            let line = compact(line);
            line.chars().count() <= 40 && date(&line).is_some() && !TITLE.is_match(&line)
        }
    };
    let dated: Vec<(usize, String)> = (0..tail.len()).filter(signs).map(|at| (at, signed_by(tail, at))).collect();
    let named = dated.iter().rfind(|(_, name)| kind_of_name(name).is_some());
    let alone = || dated.iter().find(|(at, _)| DATE.find(&compact(&tail[*at])).is_some_and(|found| found.start() == 0));
    let (at, name) = named.or_else(alone).or(dated.last())?;
    Some((name.clone(), date(&tail[*at])))
}

/// No signature fills more bytes, with all the space between its letters.
const LONGEST_SIGNATURE: usize = 1000;

/// The name before a date, on its line or on the line above.
fn signed_by(tail: &[String], at: usize) -> String {
    let line = printed(&tail[at]);
    let on_line = DATE.find(&line).map_or("", |found| &line[..found.start()]);
    match on_line {
        "" => at.checked_sub(1).map(|before| printed(&tail[before])).filter(|name| is_name(name)).unwrap_or_default(),
        name if is_name(name) => name.to_owned(),
        _ => String::new(),
    }
}

fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    (3..=30).contains(&length)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '(' | ')' | '、'))
        && !text.ends_with("事项")
        && !text.contains("需要报告")
        && !TITLE.is_match(&compact(text))
}

/// A title's short name completed by the signature's: 南山市青石镇 + 青石镇人民政府.
fn complete(title: &str, signature: &str) -> String {
    if title.is_empty() {
        return signature.to_owned();
    }
    if signature.is_empty() || title.ends_with(signature) {
        return title.to_owned();
    }
    let cuts = signature.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    for cut in cuts {
        if cut >= "镇镇".len() && title.ends_with(&signature[..cut]) {
            return format!("{title}{}", &signature[cut..]);
        }
    }
    title.to_owned()
}

/// The document number on a line of its own.
fn document_number(line: &str) -> Option<String> {
    if !line.contains(['号', '號']) {
        return None;
    }
    let folded = fold(line);
    let found = NUMBER.find(folded.trim())?;
    (found.end() + 4 >= folded.trim().len()).then(|| {
        let printed = squeeze(line);
        printed.split_once('号').map_or(printed.clone(), |(number, _)| format!("{number}号"))
    })
}

/// The date a page shows as that of publication, else its `PubDate`.
fn published(document: &Document, head: &[String]) -> Option<(Date, DateSource)> {
    let tells = |line: &&String| line.contains(['期', '间', '間', '于', '於']);
    let shown = head.iter().take(40).filter(tells).find_map(|line| {
        let folded = fold(line);
        SHOWN_DATE.captures(&folded).and_then(|found| date(&found[1]))
    });
    let meta = || Some((document.meta("PubDate").and_then(date)?, DateSource::Meta));
    shown.map(|date| (date, DateSource::Page)).or_else(meta)
}

/// The year of the statistical period, else the year the first sentences name most.
fn year_of_body(outline: &Outline) -> Option<Year> {
    let body: String = outline.sections.iter().flat_map(|section| &section.paragraphs).take(40).map(String::as_str).collect();
    let folded: String = fold(&(outline.head.concat() + &body)).chars().take(4000).collect();
    let mut counts: std::collections::BTreeMap<Year, usize> = std::collections::BTreeMap::new();
    for found in YEAR.captures_iter(&folded) {
        if let Ok(year) = found[1].parse() {
            *counts.entry(year).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, -*year)).map(|(year, _)| year)
}

/// The first date in a text: Arabic or Chinese numerals, with 年月日, dashes, dots or strokes.
pub(super) fn date(text: &str) -> Option<Date> {
    let folded = fold(text);
    let found = DATE.captures(&folded)?;
    let date = Date::from_ymd_opt(number(&found[1])? as i32, number(&found[2])?, number(&found[3])?)?;
    (2000..2100).contains(&date.year()).then_some(date)
}

/// 2021, 二〇二一, 十二, 二十一.
fn number(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| match c {
        '〇' | '零' | '○' | 'O' | 'o' | '0' => Some(0),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|at| at as u32 + 1),
    };
    if let Some((tens, ones)) = text.split_once('十') {
        let tens = if tens.is_empty() { 1 } else { digit(tens.chars().next()?)? };
        return Some(tens * 10 + ones.chars().next().map_or(Some(0), digit)?);
    }
    text.chars().try_fold(0u32, |sum, c| Some(sum * 10 + digit(c)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_titles() {
        for (title, name) in [
            ("云溪市青石镇2020年政府信息公开工作年度报告", "云溪市青石镇"),
            ("2024年云溪市教育局政府信息公开工作年度报告", "云溪市教育局"),
            ("云溪市人民政府2023年政府信息公开工作年度报告", "云溪市人民政府"),
            ("柳河县卫生健康局 2024 年度政府信息公开年报", "柳河县卫生健康局"),
            ("2023年政府信息公开工作年度报告", ""),
        ] {
            assert_eq!(agency_of_title(title), name, "{title}");
        }
    }

    #[test]
    fn a_short_name_is_completed_by_the_signature() {
        assert_eq!(complete("云溪市青石镇", "青石镇人民政府"), "云溪市青石镇人民政府");
        assert_eq!(complete("云溪市教育局", "云溪市教育局"), "云溪市教育局");
        assert_eq!(complete("", "青石镇人民政府"), "青石镇人民政府");
    }

    #[test]
    fn dates_are_read_as_printed() {
        for text in ["2021年1月8日", "２０２１年１月８日", "2021-01-08", "2021.1.8", "二〇二一年一月八日", "2021年01月08日 10:30"]
        {
            assert_eq!(date(text), Date::from_ymd_opt(2021, 1, 8), "{text}");
        }
        assert_eq!(date("2021年13月8日"), None);
    }

    fn signed(tail: &[&str]) -> Option<(String, String)> {
        let tail: Vec<String> = tail.iter().map(|line| (*line).to_owned()).collect();
        signature(&tail).map(|(name, date)| (name, date.map(|date| date.to_string()).unwrap_or_default()))
    }

    #[test]
    fn what_a_page_lists_below_its_report_signs_nothing() {
        let wanted = Some(("青石镇人民政府".to_owned(), "2021-01-08".to_owned()));
        for tail in [
            &["无。", "青石镇人民政府", "2021年1月8日"][..],
            &["无。", "青石镇人民政府", "2021年1月8日", "（此件主动公开）"],
            &["青石镇人民政府2021年1月8日", "青石镇2019年政府信息公开工作年度报告2020-01-18"],
            &["青石镇人民政府", "2021年1月8日", "青石镇2019年政府信息公开工作年度报告", "2020-01-18"],
        ] {
            assert_eq!(signed(tail), wanted, "{tail:?}");
        }
        assert_eq!(signed(&["2021年1月8日", "相关阅读", "2020-01-18"]).map(|(_, date)| date), Some("2021-01-08".to_owned()));
        assert_eq!(signed(&["无其他需要报告的事项。"]), None);
    }

    #[test]
    fn a_way_through_the_site_is_no_title() {
        for (text, title) in
            [("政府信息公开年报", true), ("首页>信息公开>政府信息公开年报", false), ("首页»政府信息公开年报", false)]
        {
            assert_eq!(is_title(&compact(text)), title, "{text}");
        }
    }
}
