//! Personal data: found and masked before anything else reads the document, so that nothing that leaves this room,
//! no quotation, figure, log or digest, can hold it.
//!
//! Numbers count only where their own check digit or shape proves them; a name only where an applicant is plainly
//! named. What is masked already (申请人张某某) is lawful.

mod names;

use crate::model::{Block, Document, Place, Private, PrivateKind};
use std::ops::Range;

/// The document with its personal data masked, and what was masked; `None` where there was none.
pub(super) fn mask(document: &Document) -> Option<(Document, Vec<Private>)> {
    let mut found = Vec::new();
    let texts = document.blocks.iter().flat_map(|block| match block {
        Block::Text(text) => vec![text.text.as_str()],
        Block::Table(grid) => grid.rows.iter().flatten().map(|cell| cell.text.as_str()).collect(),
        Block::Picture => Vec::new(),
    });
    let properties = document.meta.iter().map(|(_, value)| value.as_str()).chain(document.title.as_deref());
    let properties = properties.chain(document.hidden.iter().map(String::as_str));
    if !texts.chain(properties).any(|text| !hits(text).is_empty()) {
        return None;
    }
    let mut document = document.clone();
    for block in &mut document.blocks {
        match block {
            Block::Text(text) => {
                let at = Place { page: text.page, ..Place::default() };
                mask_text(&mut text.text, &at, &mut found);
            }
            Block::Table(grid) => {
                for cell in grid.rows.iter_mut().flatten() {
                    let at = Place {
                        table: Some(grid.ordinal),
                        row: Some(cell.row + 1),
                        column: Some(cell.column + 1),
                        ..Place::default()
                    };
                    mask_text(&mut cell.text, &at, &mut found);
                }
            }
            Block::Picture => {}
        }
    }
    let properties = document.meta.iter_mut().map(|(_, value)| value).chain(&mut document.title).chain(&mut document.hidden);
    properties.for_each(|text| mask_text(text, &Place::default(), &mut found));
    Some((document, found))
}

/// Masks one text and notes what was masked, with a few words around it.
fn mask_text(text: &mut String, at: &Place, found: &mut Vec<Private>) {
    let hits = hits(text);
    if hits.is_empty() {
        return;
    }
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    let mut spans: Vec<(PrivateKind, Range<usize>)> = Vec::new();
    for (kind, range) in hits {
        masked.push_str(&text[end..range.start]);
        let start = masked.len();
        masked.push_str(&hidden(kind, &text[range.clone()]));
        spans.push((kind, start..masked.len()));
        end = range.end;
    }
    masked.push_str(&text[end..]);
    for (kind, span) in spans {
        let quote = around(&masked, &span);
        let at = Place { quote: Some(quote.clone()), ..at.clone() };
        found.push(Private { kind, masked: masked[span].to_owned(), quote, at });
    }
    *text = masked;
}

/// A datum as it may be shown: its first three and last two characters, of a name the first.
fn hidden(kind: PrivateKind, datum: &str) -> String {
    let chars: Vec<char> = datum.chars().collect();
    let shown = |at: usize| match kind {
        PrivateKind::ApplicantName => at == 0,
        _ => at < 3 || at + 2 >= chars.len(),
    };
    let cover = if kind == PrivateKind::ApplicantName { '某' } else { '*' };
    chars.iter().enumerate().map(|(at, c)| if shown(at) { *c } else { cover }).collect()
}

/// Characters shown before and after a datum.
const AROUND: usize = 20;

fn around(text: &str, span: &Range<usize>) -> String {
    let before: Vec<char> = text[..span.start].chars().rev().take(AROUND).take_while(|c| !"。\n".contains(*c)).collect();
    let after: String = text[span.end..].chars().take(AROUND).take_while(|c| !"。\n".contains(*c)).collect();
    format!("{}{}{after}", before.into_iter().rev().collect::<String>(), &text[span.clone()])
}

/// The personal data in a text: kinds and byte ranges, in order, none inside another.
fn hits(text: &str) -> Vec<(PrivateKind, Range<usize>)> {
    let mut hits = Vec::new();
    // The cells of a table are mostly shorter than the shortest of them.
    if text.len() < 11 {
        return hits;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 11 || text.contains('１') && text.chars().filter(|c| value(*c).is_some()).count() >= 11 {
        numbers(text, &mut hits);
    }
    if names::CUES.is_match(text) {
        names::names(text, &mut hits);
    }
    hits.sort_by_key(|(_, range)| range.start);
    hits.dedup_by(|next, before| next.1.start < before.1.end);
    hits
}

/// The value of a digit, full-width ones too.
fn value(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// An unbroken run of digits, with the X that an identity number may end in.
struct Run {
    range: Range<usize>,
    digits: Vec<u32>,
}

/// Signs that join digits to an address, a code or a decimal instead of standing beside a number.
fn joins(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '=' | '%' | '@' | '?' | '&' | '.' | '#')
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let Some(first) = value(c) else { continue };
        let (mut digits, mut end) = (vec![first], start + c.len_utf8());
        while let Some(&(at, c)) = chars.peek() {
            let Some(digit) = value(c).or(matches!(c, 'x' | 'X' | 'Ｘ').then_some(10).filter(|_| digits.len() == 17)) else {
                break;
            };
            digits.push(digit);
            end = at + c.len_utf8();
            chars.next();
        }
        runs.push(Run { range: start..end, digits });
    }
    runs
}

fn numbers(text: &str, hits: &mut Vec<(PrivateKind, Range<usize>)>) {
    let runs = runs(text);
    let mut at = 0;
    while at < runs.len() {
        // Groups that one blank or dash keeps apart may be one number: 138-0013-8000, 6222 0212 ….
        let mut taken = 1;
        for length in (1..=5.min(runs.len() - at)).rev() {
            let groups = &runs[at..at + length];
            let apart = groups
                .windows(2)
                .all(|pair| matches!(text.get(pair[0].range.end..pair[1].range.start), Some(" " | "-" | "\u{a0}")));
            let sizes: Vec<usize> = groups.iter().map(|run| run.digits.len()).collect();
            if !apart || !is_grouping(&sizes) {
                continue;
            }
            let (start, end) = (groups[0].range.start, groups[length - 1].range.end);
            let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
            // A full stop behind a number ends a sentence unless digits follow it.
            let stop = after == Some('.') && !text[end..].chars().nth(1).is_some_and(joins);
            if before.is_some_and(joins) || after.is_some_and(joins) && !stop {
                continue;
            }
            let digits: Vec<u32> = groups.iter().flat_map(|run| run.digits.iter().copied()).collect();
            if let Some(kind) = kind_of(&digits, &text[..start]) {
                hits.push((kind, start..end));
                taken = length;
                break;
            }
        }
        at += taken;
    }
}

/// Whether digits are grouped as such numbers are written.
fn is_grouping(sizes: &[usize]) -> bool {
    matches!(
        sizes,
        [11 | 15..=19] | [2, 11] | [2, 3, 4, 4] | [3, 4, 4] | [6, 8, 4] | [6, 4, 4, 4] | [4, 4, 4, 4] | [4, 4, 4, 4, 1..=3]
    )
}

/// What a number is, by its check digit or its shape, and the words before it where those prove too little.
fn kind_of(digits: &[u32], before: &str) -> Option<PrivateKind> {
    let near: String = before.chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
    let says = |words: &[&str]| words.iter().any(|word| near.contains(word));
    let digits = if digits.len() == 13 && digits.starts_with(&[8, 6]) { &digits[2..] } else { digits };
    let luhn = || digits.iter().all(|digit| *digit < 10) && is_luhn(digits);
    let banked = || says(&["卡号", "账号", "帐号", "账户", "帐户", "银行", "开户"]);
    match digits.len() {
        // The codes of organisations have eighteen signs too.
        18 if is_identity(digits) && !says(&["信用代码"]) => Some(PrivateKind::IdNumber),
        15 if is_old_identity(digits) && says(&["身份证", "证件"]) => Some(PrivateKind::IdNumber),
        11 if digits[0] == 1 && digits[1] >= 3 && !says(&["编号", "文号", "序号", "索引号", "备案", "代码"]) => {
            Some(PrivateKind::Mobile)
        }
        16..=19 if luhn() && (digits.starts_with(&[6, 2]) && !says(&["编号", "索引号", "代码", "备案"]) || banked()) => {
            Some(PrivateKind::BankCard)
        }
        _ => None,
    }
}

fn is_region(digits: &[u32]) -> bool {
    matches!(digits[0] * 10 + digits[1], 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    i32::try_from(year).ok().and_then(|year| chrono::NaiveDate::from_ymd_opt(year, month, day)).is_some()
}

fn number(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + digit)
}

/// GB 11643: region, day of birth, and a check digit modulo 11.
fn is_identity(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: [u32; 11] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let year = number(&digits[6..10]);
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    is_region(digits)
        && (1900..=2030).contains(&year)
        && is_day(year, number(&digits[10..12]), number(&digits[12..14]))
        && digits[17] == CHECK[(sum % 11) as usize]
}

/// The fifteen digits of before 1999, without a check digit.
fn is_old_identity(digits: &[u32]) -> bool {
    digits.iter().all(|digit| *digit < 10)
        && is_region(digits)
        && is_day(1900 + number(&digits[6..8]), number(&digits[8..10]), number(&digits[10..12]))
}

fn is_luhn(digits: &[u32]) -> bool {
    let doubled = |(at, digit): (usize, &u32)| match (at % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0 && digits.iter().any(|digit| *digit != digits[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds(text: &str) -> Vec<PrivateKind> {
        hits(text).into_iter().map(|(kind, _)| kind).collect()
    }

    /// An identity number with its check digit, made from seventeen digits.
    fn identity(seventeen: &str) -> String {
        let digits: Vec<u32> = seventeen.chars().filter_map(value).collect();
        let check = (0..=10).find(|check| is_identity(&[digits.as_slice(), &[*check]].concat())).expect("one of eleven fits");
        format!("{seventeen}{}", if check == 10 { "X".to_owned() } else { check.to_string() })
    }

    #[test]
    fn personal_data_are_found() {
        use PrivateKind::{ApplicantName, BankCard, IdNumber, Mobile};
        let id = identity("11010119900307421");
        for (text, wanted) in [
            (format!("身份证号：{id}"), IdNumber),
            (format!("（{id}）"), IdNumber),
            (format!("{} {} {}", &id[..6], &id[6..14], &id[14..]), IdNumber),
            ("身份证110101900307421".to_owned(), IdNumber),
            ("联系电话13800138000，".to_owned(), Mobile),
            ("手机：138-0013-8000".to_owned(), Mobile),
            ("+86 13800138000".to_owned(), Mobile),
            ("电话１３８００１３８０００。".to_owned(), Mobile),
            ("卡号6222021234567890128".to_owned(), BankCard),
            ("开户行 4111 1111 1111 1111".to_owned(), BankCard),
            ("申请人：张建国，要求公开".to_owned(), ApplicantName),
            ("申请人李明女士来信".to_owned(), ApplicantName),
            ("申请人王小红向我局提出申请".to_owned(), ApplicantName),
            ("对申请人秦玉梅的答复超过期限".to_owned(), ApplicantName),
            ("收到孙德福的政府信息公开申请".to_owned(), ApplicantName),
            ("村民邓水根申请公开工程预算".to_owned(), ApplicantName),
            ("因申请人王秀莲对答复内容不满".to_owned(), ApplicantName),
        ] {
            assert_eq!(kinds(&text), [wanted], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for text in [
            "电话：0517-83605210，邮编：223001",
            "索引号：014300000/2024-00012",
            "统一社会信用代码 11320800014300000X",
            "京公网安备11010202000001号",
            "http://www.example.cn/art/2024/1/15/art_13800138000.html",
            "浏览次数 12345678901",
            "共收到申请4条，其中3条予以公开",
            "收费1234.5678万元、59237.2449万元",
            "身份证号11010119900307421X（已隐去）",
            "申请人张某某来信",
            "申请人：自然人",
            "申请人无正当理由逾期不补正",
            "申请人应当提供身份证明",
            "申请人曾提出申请",
            "申请人王先生",
            "申请人需求日益增长",
            "申请人陆续提出申请",
            "申请人方可提出申请",
            "申请人范围对照条例确定",
            "居民郑重要求公开小区账目",
            "收到石桥村的政府信息公开申请3件",
            "收到钱塘区的申请",
            "加强与申请人沟通",
            "20240115123000",
        ] {
            // A check digit of its own may be right by chance in the one text that has an identity number's shape.
            if text.contains("已隐去") && identity("11010119900307421").ends_with('X') {
                continue;
            }
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn nothing_of_it_is_left_in_what_goes_on() {
        let id = identity("11010119900307421");
        let mut document = Document::new(crate::model::Media::Text);
        document.meta.push(("Author".to_owned(), "13912345678".to_owned()));
        document.hidden.push("隐藏的工作表：13700137000".to_owned());
        document.blocks.push(Block::Text(crate::model::TextBlock {
            text: format!("申请人张建国（{id}）来电13800138000。"),
            page: None,
            emphasis: false,
            linked: false,
            printed: None,
        }));
        let (masked, found) = mask(&document).expect("there is some");
        let all = format!("{masked:?}{found:?}");
        assert!(
            !all.contains(&id) && ["13800138000", "13912345678", "13700137000", "建国"].iter().all(|datum| !all.contains(datum)),
            "{all}"
        );
        assert_eq!(found.len(), 5);
        assert_eq!(found[2].masked, "138******00");
        assert!(mask(&masked).is_none(), "what is masked is lawful");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9 xX\\-申请人张明、，。１２\\PC]{0,60}") {
            let mut text = text;
            let mut found = Vec::new();
            mask_text(&mut text, &Place::default(), &mut found);
            prop_assert!(hits(&text).is_empty() || found.is_empty() || hits(&text).len() <= found.len());
        }
    }
}
