//! Where lists begin and end on one level, and which whole each belongs to.

use super::level::{Item, Level};
use super::settle::{List, Part, settle};
use super::{Settled, same_class};
use regex::Regex;
use std::sync::LazyLock;

/// Words that open a list; group `open` where they leave it open whether it is whole.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?<open>其中,?(?:主要)?(?:包括|包含|有|为|含)?|主要集中[在于为]|集中[在于]|申请(?:内容|事项)?涉及|主要(?:包括|包含|涉及|为|有|是|涵盖)|包含|涵盖|具体[为是有]|即|^\p{Han}{0,10}(?:之中|当中|中|里),)",
        r"|(?<closed>分别[为是有]|分别|具体包括|包括|由|按(?:照)?[^,;:。]{1,10}?(?:划分|分类|统计|分))"
    ))
    .expect("a constant, used by every test of this room")
});
/// The characters with which those words begin, and the colon: where none of them stands, no list opens.
pub(super) const OPENERS: [char; 14] = ['其', '主', '集', '包', '涵', '涉', '具', '即', '分', '由', '按', '中', '里', ':'];

static COMPARES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"同比|环比|较|相比|比(?:上|去|前|20|同|往)|增长|增加|减少|下降|上升|回落|提高|提升|[增升降减][至到]|去年|上年同|占|率",
    )
    .expect("a constant, used by every test of this room")
});
/// A clause with such words speaks of something new, once a list has two parts.
static NEW_MATTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"同时|此外|^另|^还|^上年|累计|全年|全市|全县|全区|依申请|^共|^全部|^均")
        .expect("a constant, used by every test of this room")
});
/// So does a clause that tells what was done, unless it is the name of a class: 回应关切类.
static NEW_DEED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"收到|受理|召开|举办|举行|开展|组织|接待|回应|参加|培训|印发|编发|编制|制定|开设|设立|办理|报送|更新|建立")
        .expect("a constant, used by every test of this room")
});
static CLASS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:信息|类|方面|领域|动态|公告|通知)$").expect("a constant, used by every test of this room"));

fn is_new_matter(piece: &str) -> bool {
    NEW_MATTER.is_match(piece) || (NEW_DEED.is_match(piece) && !CLASS.is_match(piece))
}

/// How a list is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    Open,
    Closed,
}

/// A list's start: the index of its first item, and the label of that item without the opening words.
struct Start {
    at: usize,
    opening: Opening,
    label: String,
    /// Nothing stands before the opening words: they speak of the sentence before.
    heads: bool,
    /// It divides the whole of the list before it once more: 按主题分：…；按渠道分：…
    afresh: bool,
}

/// The lists of a level, and of each whether its whole stands in the sentence before.
pub(super) fn lists(level: &Level, previous: Option<&Level>) -> Vec<(Settled, bool)> {
    let mut starts = starts(level);
    // 按季度统计，全年108件，分别…: what has no whole is no list where another follows.
    if starts.len() > 1 && starts[0].at == 0 && wholes(level, &starts[0], previous).0.is_empty() {
        starts.remove(0);
    }
    let Some(first) = starts.first() else { return summed(level).into_iter().collect() };
    let mut found: Vec<Vec<(Settled, bool)>> = Vec::new();
    // Lists are taken from the last to the first; what a list within a list leaves over goes to the outer.
    let mut tail: Vec<Part> = Vec::new();
    let mut end = level.items.len();
    for (index, start) in starts.iter().enumerate().rev() {
        let mut own = parts(level, start, end);
        own.append(&mut tail);
        let is_first = index == 0;
        if is_first {
            let (wholes, reaches_back) = wholes(level, first, previous);
            let list = list(level, start, own);
            found.push(settle(&list, &wholes).into_iter().map(|settled| (settled, reaches_back)).collect());
            break;
        }
        if start.afresh {
            let (wholes, reaches_back) = wholes(level, first, previous);
            let list = list(level, start, own);
            found.push(settle(&list, &wholes).into_iter().map(|settled| (settled, reaches_back)).collect());
            end = start.at;
            continue;
        }
        let whole_at = start.at - 1;
        let whole = &level.items[whole_at];
        let outer = &starts[index - 1];
        let independent = whole_at < outer.at || separator(&whole.gap) >= 3 || (whole_at > outer.at + 1 && is_new(whole));
        if independent {
            let list = list(level, start, own);
            found.push(settle(&list, std::slice::from_ref(whole)).into_iter().map(|settled| (settled, false)).collect());
            end = whole_at;
        } else {
            let (inner, rest) = inner(own, whole);
            let outer_sum: rust_decimal::Decimal = level.items[outer.at..=whole_at].iter().map(|item| item.value).sum();
            let outer_whole = outer.at.checked_sub(1).map(|at| level.items[at].value);
            match inner {
                Some(inner) => {
                    let list = list(level, start, inner);
                    found.push(settle(&list, std::slice::from_ref(whole)).into_iter().map(|settled| (settled, false)).collect());
                    tail = rest;
                }
                None if index == 1 && outer_whole == Some(outer_sum) => {
                    let list = list(level, start, rest);
                    found.push(settle(&list, std::slice::from_ref(whole)).into_iter().map(|settled| (settled, false)).collect());
                }
                None => break,
            }
            end = start.at;
        }
    }
    let found: Vec<(Settled, bool)> = found.into_iter().rev().flatten().collect();
    if found.is_empty() { summed(level).into_iter().collect() } else { found }
}

/// Words that state what the list before them comes to.
pub(super) const SUMS: [&str; 4] = ["合计", "共计", "总计", "共"];
/// What the parts of a list are called together: 征收（4件）、查处（3件）两类，共7件.
const KINDS: [&str; 4] = ["类", "种", "大类", "个方面"];
/// What is done to a stock is no part of it: 新增12项、取消3项，共计86项.
const DONE_TO_A_STOCK: [&str; 11] = ["新增", "增补", "调整", "取消", "删除", "修订", "修改", "废止", "更新", "撤销", "下放"];
/// Most parts of a list that a sum behind it adds up.
const MOST_SUMMED: usize = 10;

/// 建议14件、提案9件，共计23件: a list that no word opens, and its sum behind it. What the sum leaves out cannot be
/// told from the words, so it is right if it is the sum of any of the quantities before it, one of them less perhaps.
fn summed(level: &Level) -> Option<(Settled, bool)> {
    let at = level.items.iter().position(is_sum)?;
    let (whole, before) = (&level.items[at], &level.items[..at]);
    let segment = before.iter().rposition(|item| item.gap.contains([';', '。'])).unwrap_or(0);
    let is_kinds = |item: &&Item| item.unit.as_deref().is_some_and(|unit| KINDS.contains(&unit));
    let before: Vec<&Item> = before[segment..].iter().filter(|item| !is_kinds(item)).collect();
    // 两类合计: what they are called together may stand between the list and its sum.
    let called = level.items[..at].iter().rev().take_while(is_kinds).count();
    let apart = level.items[at - called..=at].iter().any(|item| separator(&item.gap) >= 2);
    let is_exact = |item: &Item| item.countable && !item.approximate && item.slack.is_zero();
    let of_stock = |item: &Item| DONE_TO_A_STOCK.iter().any(|deed| last_piece(&item.gap).contains(deed));
    let plain = |item: &Item| is_exact(item) && item.unit == whole.unit && !COMPARES.is_match(&item.gap) && !of_stock(item);
    if !(2..=MOST_SUMMED).contains(&before.len()) || !apart || !before.iter().all(|item| plain(item)) || !plain(whole) {
        return None;
    }
    let sum = |chosen: u32| -> rust_decimal::Decimal {
        before.iter().enumerate().filter(|(nth, _)| chosen >> nth & 1 == 1).map(|(_, item)| item.value).sum()
    };
    let lawful = |chosen: u32| {
        let sum = sum(chosen);
        sum == whole.value || before.iter().any(|item| sum - item.value - item.value == whole.value)
    };
    let listed = before.iter().skip(1).all(|item| separator(&item.gap) == 1);
    let all = (1u32 << before.len()) - 1;
    let settled = Settled {
        whole: whole.value,
        unit: whole.unit.clone(),
        parts: before.iter().map(|item| (label(last_piece(&item.gap), ""), item.value)).collect(),
        closed: true,
        loose: false,
    };
    (listed && !(1..=all).any(lawful)).then_some((settled, false))
}

/// Whether it is what the quantities before it come to, and so no part beside them.
fn is_sum(item: &Item) -> bool {
    SUMS.contains(&last_piece(&item.gap).trim_end_matches(['为', '是', '有']))
}

fn is_new(item: &Item) -> bool {
    separator(&item.gap) >= 2 && is_new_matter(last_piece(&item.gap))
}

fn list(level: &Level, start: &Start, parts: Vec<Part>) -> List {
    let ends_level = parts.last().is_some_and(|part| part.at + 1 == level.items.len());
    let after = if ends_level {
        level.rest.as_str()
    } else {
        parts.last().and_then(|part| level.items.get(part.at + 1)).map_or("", |item| item.gap.as_str())
    };
    let by_semicolon = parts.iter().any(|part| part.separator == 3);
    let goes_on = by_semicolon && ends_level && level.rest.trim_end_matches('。').trim_matches(';').contains(';');
    List { parts, closed: start.opening == Opening::Closed, unfinished: after.starts_with('等') || goes_on }
}

/// Parts of an inner list that reach its whole, and those left to the outer list. `None` and everything where
/// it cannot be told.
fn inner(own: Vec<Part>, whole: &Item) -> (Option<Vec<Part>>, Vec<Part>) {
    let first_semicolon = own.iter().skip(1).position(|part| part.separator == 3).map(|at| at + 1);
    if let Some(cut) = first_semicolon.filter(|cut| *cut >= 2) {
        let mut own = own;
        let rest = own.split_off(cut);
        return (Some(own), rest);
    }
    let mut sum = rust_decimal::Decimal::ZERO;
    for (index, part) in own.iter().enumerate() {
        sum += part.value;
        if index >= 1 && sum == whole.value {
            let mut own = own;
            let rest = own.split_off(index + 1);
            return (Some(own), rest);
        }
    }
    (None, own)
}

/// Every item that opening words stand directly before; a bracket behind a quantity opens a list by itself.
fn starts(level: &Level) -> Vec<Start> {
    let mut found = Vec::new();
    for (at, item) in level.items.iter().enumerate() {
        let cue = CUE.captures_iter(&item.gap).filter_map(|captures| {
            let whole = captures.get(0)?;
            let after = item.gap[whole.end()..].trim_start_matches([',', ':', '、', '是', '有']);
            let opening = if captures.name("closed").is_some() { Opening::Closed } else { Opening::Open };
            let direct = !after.trim_end_matches(':').contains([',', ';', ':', '。']) && !after.contains('等');
            let composed = whole.as_str() != "由"
                || level.items[at..].iter().any(|item| item.gap.contains("组成"))
                || level.rest.contains("组成")
                || level.rest.contains("构成");
            (direct && composed).then(|| (whole.start(), opening, after.to_owned()))
        });
        if let Some((cue_at, opening, label)) = cue.last() {
            let before = item.gap[..cue_at].trim_matches([',', ':', ';', '。']);
            let heads = at == 0 && before.chars().count() <= SHORT_LEAD;
            let afresh =
                at > 0 && item.gap[cue_at..].starts_with('按') && before.is_empty() && separator(&item.gap[..cue_at]) >= 2;
            found.push(Start { at, opening, label, heads, afresh });
        } else if at > 0 && opens_after_colon(item) {
            let label = last_piece(&item.gap).to_owned();
            found.push(Start { at, opening: Opening::Open, label, heads: false, afresh: false });
        } else if at == 0 && level.owner.is_some() && !item.gap.contains([',', ';', ':', '。']) {
            let label = item.gap.trim_start_matches("含").to_owned();
            found.push(Start { at, opening: Opening::Open, label, heads: false, afresh: false });
        }
    }
    // 「A、B分别为24条、8条」 and 「其中A（24条）包括…」 are told apart by the brackets; a colon inside a list is a label's.
    if found.len() > 1 && level.items.iter().any(|item| item.gap.ends_with(':')) {
        let first_at = found[0].at;
        found.retain(|start| {
            start.at == first_at
                || !level.items[start.at].gap.starts_with([':', ',', '、', ';'])
                || CUE.is_match(&level.items[start.at].gap)
        });
    }
    found
}

/// Words that may stand before opening words at the head of a sentence.
const SHORT_LEAD: usize = 6;

/// Marks that end what a colon opens.
const MARKS: [char; 3] = [',', ';', '。'];

/// `82条：甲类24条`, `82条申请来源为：网络24条`: a colon close behind the quantity before.
fn opens_after_colon(item: &Item) -> bool {
    let divided = item.gap.split_once(':').filter(|(before, _)| before.chars().count() <= SHORT_LEAD);
    divided.is_some_and(|(before, rest)| {
        !rest.is_empty() && !before.contains(MARKS) && !rest.contains(MARKS) && !rest.contains('等')
    })
}

/// What may be the whole of the first list of a level, the nearest last.
fn wholes(level: &Level, start: &Start, previous: Option<&Level>) -> (Vec<Item>, bool) {
    if let Some(owner) = &level.owner {
        return (vec![owner.clone()], false);
    }
    let usable = |item: &&Item| item.countable && !COMPARES.is_match(last_piece(&item.gap));
    if start.at > 0 {
        let before = &level.items[..start.at];
        let segment = before.iter().rposition(|item| item.gap.contains(';')).unwrap_or(0);
        let here: Vec<Item> = before[segment..].iter().filter(usable).cloned().collect();
        return (here, false);
    }
    match previous {
        Some(previous) if start.heads => {
            let end = starts(previous).first().map_or(previous.items.len(), |start| start.at);
            (previous.items[..end].iter().filter(usable).cloned().collect(), true)
        }
        _ => (Vec::new(), false),
    }
}

/// The items of a list as parts, from its start to `end`.
fn parts(level: &Level, start: &Start, end: usize) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    for at in start.at..end {
        let item = &level.items[at];
        let is_first = at == start.at;
        if !is_first && start.opening == Opening::Open && is_sum(item) {
            // 建议14件、提案9件，其中主办18件、协办5件，共23件: they divide the sum, not the last of what it adds up.
            let sum: rust_decimal::Decimal = found.iter().map(|part| part.value).sum();
            if start.at > 1 && sum == item.value {
                found.clear();
            }
            break;
        }
        let piece = last_piece(&item.gap);
        let head_label = level.items.get(at + 1).map_or(level.rest.as_str(), |next| next.gap.as_str());
        let printed = if is_first { start.label.as_str() } else { piece };
        let compares = COMPARES.is_match(printed);
        found.push(Part {
            at,
            label: label(printed, head_label),
            value: item.value,
            unit: item.unit.clone(),
            slack: item.slack,
            approximate: item.approximate,
            counts: item.countable && !compares,
            doubtful: (compares && item.countable && !plainly_compares(printed)) || (item.approximate && !item.countable),
            unlabelled: printed.trim_matches(['、', '和', '及', '以', '与', ',']).is_empty(),
            separator: if is_first { 0 } else { separator(&item.gap) },
            bare_gap: !is_first
                && separator(&item.gap) == 0
                && !item.bracketed
                && !level.items[at - 1].bracketed
                && !item.gap.is_empty(),
            skips_words: !is_first && skips_words(&item.gap),
            new_matter: found.len() >= 2 && !is_first && separator(&item.gap) >= 2 && is_new_matter(piece),
        });
    }
    found
}

fn plainly_compares(piece: &str) -> bool {
    ["同比", "环比", "较", "比上", "比去", "占", "率"].iter().any(|word| piece.contains(word))
}

/// How strongly a gap divides: 3 ；, 2 ，, 1 、 or 和, 0 not at all.
fn separator(gap: &str) -> u8 {
    if gap.contains([';', '。']) {
        3
    } else if gap.contains([',', '\n']) {
        2
    } else if gap.contains('、') || ["和", "及", "以及", "与"].iter().any(|word| gap.starts_with(word)) {
        1
    } else {
        0
    }
}

/// What stands after the last mark of a gap that divides clauses.
fn last_piece(gap: &str) -> &str {
    let gap = gap.strip_suffix(':').unwrap_or(gap);
    gap.rsplit([',', ';', ':', '。']).next().unwrap_or(gap)
}

/// Whether a whole clause without a number stands in a gap: something of the list that isn't counted.
fn skips_words(gap: &str) -> bool {
    let pieces: Vec<&str> = gap.split([',', ';', '。']).collect();
    pieces.len() > 2 && pieces[1..pieces.len() - 1].iter().any(|piece| !piece.is_empty() && !COMPARES.is_match(piece))
}

/// The label of a part: the words before its quantity, else those after it.
fn label(before: &str, after: &str) -> String {
    let mut label = before.trim_matches(['、', ':', '-', ' ', '“', '”']);
    for word in ["以及", "和", "及", "与", "另有"] {
        label = label.strip_prefix(word).unwrap_or(label);
    }
    for word in ["共计", "共", "为", "是", "有"] {
        label = label.strip_suffix(word).unwrap_or(label);
    }
    if label.is_empty() {
        let head = after.split([',', ';', '。', '、']).next().unwrap_or("");
        label = head.trim_start_matches(['为', '是', '的']);
    }
    label.trim_matches(['、', ':']).to_owned()
}

/// Whether a part can belong to a whole at all.
pub(super) fn fits(part: &Part, whole: &Item) -> bool {
    part.counts && same_class(part.unit.as_deref(), whole.unit.as_deref())
}
