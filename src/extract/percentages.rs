//! Shares and growths that the numbers beside them give: 「答复25件，其中予以公开10件，占40%」.
//!
//! A percentage is kept only where its sentence holds what it is computed from: a part directly before 占, and a
//! whole before the part; a growth with last year's number, or with how much more it was. What a share may be
//! of is wide, so every number before the part is a candidate, and so are the wholes of the sentences before,
//! where another share of the same sentence is of that whole. A share of a whole that is not stated is kept for the
//! table, which may have it.

use super::breakdowns::same_class;
use super::prose::{Prose, Said};
use crate::model::{Percentage, PercentageKind};
use crate::text::nfkc;
use crate::text::numerals::Role;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

fn expression(written: &str) -> Regex {
    Regex::new(written).expect("a constant, used by every test of this file")
}

/// Words between a part and its share; any other word may say of what it is a share.
static SHARE: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^[,(、:;]?占(?:比|比例|总数|总量|全部|申请|件数|数量|公开|信息|办理|办结|受理|收到|答复|总|数|量|的|为|达|约)*$")
});
/// Words between a number and the growth it came to, or by how much it grew.
static GROWTH: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"^(?:[,(、;]|相比,?)?(?:同比)?(?:(?<more>增长|上升|增加|提高|增幅|升幅|涨幅)|(?<less>下降|减少|降低|回落|降幅|减幅))(?:率|幅度)?(?:了|为|达|约)*$",
    )
});
static AMOUNT: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?:(?<more>增加|增长|上升|多)|(?<less>减少|下降|降低|少))(?:了)?$"));
static BASE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?:(?:比|较|相较于|相比|与|同|和)(?:[上去]年度?|上一年度?|(?:19|20)\d\d年度?)(?:同期)?(?:的|收到的|受理的)*|[,(;、](?:而)?(?:[上去]年度?|上一年度?)(?:同期)?(?:仅)?[为是有]?)$",
    )
});
/// 由上年的52件增至60件: the number before is the base of the last.
static FROM: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?:^|[,(;、]|\p{Han})[由从]\p{Han}{0,8}(?:(?<year>20\d\d)年度?)?\p{Han}{0,4}$"));
static TO: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"^(?:,)?(?:(?<more>增|增加|增长|上升|提高|升)|(?<less>减|减少|下降|降低|回落|降|压减|压缩|精简|缩减))[至到]$")
});
static COMPARES: LazyLock<Regex> = LazyLock::new(|| expression(r"同比|较|比(?:上|去|20)|增长|增加|减少|下降|上升|降低|占"));
/// Words by which a share has its whole beside it: 占办结总数300件的54.3%.
static OF_WHOLE: LazyLock<Regex> = LazyLock::new(|| expression(r"^[,(、:;]?占\p{Han}{0,12}$"));
/// A share that names its part again.
static NAMED: LazyLock<Regex> = LazyLock::new(|| expression(r"^[,(、;](?<of>\p{Han}{2,10})占比(?:为|达|约)*$"));
/// A rate: 办结2703件，办结率99.4%. What it is a rate of stands in the words of the part before it.
static RATE: LazyLock<Regex> = LazyLock::new(|| expression(r"^[,(、;]?(?<of>\p{Han}{2,4})率(?:为|达|达到)?$"));
/// A year that is compared with the one before it: 2023年收到10件，2024年收到18件.
static YEAR: LazyLock<Regex> =
    LazyLock::new(|| expression(r"^[,(、;]?(?:(?<year>20\d\d)年度?|(?<last>去年|上年)|(?<this>今年|本年度?))"));
/// One share of several of one whole, told one by one: 网络申请占64.7%，信函申请占27.4%.
static ONE_SHARE: LazyLock<Regex> = LazyLock::new(|| expression(r"(?:^|[,、;:])(?<label>\p{Han}{2,10})占(?:比|比为)?$"));
/// A set of shares told in one breath.
static SET: LazyLock<Regex> = LazyLock::new(|| expression(r"(?:占比|分别占|占比例|比例)[^,;。]*?(?:分别)?(?:为|占|是)*$"));

/// A quantity, with the words between it and the one before.
struct Item {
    gap: String,
    value: Decimal,
    unit: Option<String>,
    exact: bool,
    countable: bool,
}

impl Item {
    fn percent(&self) -> Option<Decimal> {
        (self.unit.as_deref() == Some("%") && self.exact).then_some(self.value)
    }

    fn is_whole_for(&self, part: &Item) -> bool {
        let fits = self.countable && self.exact && self.value >= part.value && !self.value.is_zero();
        fits && same_class(self.unit.as_deref(), part.unit.as_deref()) && !COMPARES.is_match(last_clause(&self.gap))
    }
}

fn last_clause(gap: &str) -> &str {
    gap.rsplit([',', ';', ':', '(', '。']).next().unwrap_or(gap)
}

/// The percentages that a report's prose lets anyone compute, in order.
pub fn percentages(prose: &Prose) -> Vec<Percentage> {
    let mut found = Vec::new();
    for (id, said) in &prose.parts {
        let mut ordinal = 0;
        for (at, it) in said.iter().enumerate() {
            if !it.sentence.text.contains(['%', '％']) || it.sentence.text.len() > LONGEST {
                continue;
            }
            let near = |before: &&Said| it.sentence.paragraph == before.sentence.paragraph;
            let before: Vec<Item> = said[at.saturating_sub(2)..at].iter().filter(near).flat_map(items).collect();
            for (kind, stated, ratios) in of_sentence(&items(it), &before) {
                ordinal += 1;
                let (section, sentence) = (id.clone(), it.sentence.text.clone());
                found.push(Percentage { section, ordinal, sentence, kind, stated, ratios });
            }
        }
    }
    found
}

/// A longer sentence is a torn table.
const LONGEST: usize = 6000;

fn items(said: &Said) -> Vec<Item> {
    let (mut found, mut from): (Vec<Item>, usize) = (Vec::new(), 0);
    let text = said.sentence.text.as_str();
    for numeral in said.numerals.iter().filter(|numeral| matches!(numeral.role, Role::Quantity | Role::Unclear)) {
        let words = text.get(from..numeral.range.start).unwrap_or_default();
        from = numeral.end;
        found.push(Item {
            gap: nfkc(words).filter(|c| !c.is_whitespace()).collect(),
            value: numeral.value,
            unit: numeral.unit.clone(),
            exact: !numeral.approximate && numeral.role == Role::Quantity,
            countable: numeral.is_count(),
        });
    }
    found
}

type Found = (PercentageKind, Decimal, Vec<(Decimal, Decimal)>);

fn of_sentence(items: &[Item], before: &[Item]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for at in 1..items.len() {
        let Some(percent) = items[at].percent() else { continue };
        let ratios = match GROWTH.captures(&items[at].gap) {
            Some(growth) => (PercentageKind::Growth, growths(&items[..at], growth.name("less").is_some(), &items[at].gap)),
            None if SHARE.is_match(&items[at].gap) => (PercentageKind::Share, shares(items, at - 1, at, before)),
            None if let Some(part) = named(items, at) => (PercentageKind::Share, shares(items, part, at, before)),
            None => (PercentageKind::Share, beside(items, at)),
        };
        if !ratios.1.is_empty() {
            found.push((ratios.0, percent, ratios.1));
        }
    }
    found.extend(set(items).or_else(|| above_100(items)));
    found
}

/// What a share may be computed from whose whole stands beside it, or a rate whose part does: 占办结总数300件的54.3%; of
/// several parts told together the share may be their sum.
fn beside(items: &[Item], at: usize) -> Vec<(Decimal, Decimal)> {
    let (last, earlier) = (&items[at - 1], &items[..at - 1]);
    if items[at].gap == "的" && OF_WHOLE.is_match(&last.gap) {
        let part = earlier.last().filter(|part| part.countable && part.exact && last.countable && last.exact);
        let Some(part) = part.filter(|part| same_class(part.unit.as_deref(), last.unit.as_deref()) && !last.value.is_zero())
        else {
            return Vec::new();
        };
        let together = earlier.iter().rev().take(4).scan(Decimal::ZERO, |sum, item| {
            *sum += item.value;
            Some((*sum, last.value))
        });
        let mut ratios: Vec<(Decimal, Decimal)> = together.filter(|(part, whole)| part <= whole).collect();
        ratios.reverse();
        return if part.value <= last.value { ratios } else { Vec::new() };
    }
    // 100 % of what was due may be less than all; and of two that end so (公开, 部分公开) it may be either's or both's.
    let of_last = |of: &str| {
        let so = |item: &&Item| last_clause(&item.gap).ends_with(of);
        last_clause(&last.gap) == of || so(&last) && items[..at].iter().filter(so).count() == 1
    };
    let rate = RATE.captures(&items[at].gap).filter(|rate| of_last(&rate["of"]));
    if rate.is_none() || items[at].value == Decimal::ONE_HUNDRED || !last.countable || !last.exact {
        return Vec::new();
    }
    earlier.iter().filter(|whole| whole.is_whole_for(last)).map(|whole| (last.value, whole.value)).collect()
}

/// The part that a share names again: 自然人申请55件，法人申请4件，自然人申请占比93.2%.
fn named(items: &[Item], at: usize) -> Option<usize> {
    let named = NAMED.captures(&items[at].gap)?;
    items[..at].iter().rposition(|item| last_clause(&item.gap).ends_with(&named["of"]))
}

/// What a share may be computed from: its part, and each whole it may be of.
fn shares(items: &[Item], part_at: usize, at: usize, before: &[Item]) -> Vec<(Decimal, Decimal)> {
    let part = &items[part_at];
    if !part.countable || !part.exact || COMPARES.is_match(last_clause(&part.gap)) {
        return Vec::new();
    }
    // 占办结总量的11.3%: a whole that is named is no other.
    let named = DEEDS.into_iter().find(|deed| items[at].gap.contains(deed));
    let is_named = |item: &&Item| named.is_none_or(|deed| item.gap.contains(deed));
    let here = items[..part_at].iter().filter(|item| item.is_whole_for(part)).filter(is_named).map(|item| item.value);
    // A whole of a sentence before is one if another share of this sentence is a share of it.
    let siblings: Vec<(&Item, Decimal)> = (1..items.len())
        .filter(|other| *other != at && SHARE.is_match(&items[*other].gap))
        .filter_map(|other| Some((&items[other - 1], items[other].percent()?)))
        .collect();
    let borne_out = |whole: &&Item| {
        siblings.iter().any(|(part, share)| {
            !part.value.is_zero() && whole.is_whole_for(part) && Percentage::gives(part.value, whole.value, *share)
        })
    };
    let earlier = before.iter().filter(|whole| whole.is_whole_for(part)).filter(borne_out).map(|item| item.value);
    let mut wholes: Vec<Decimal> = earlier.chain(here).collect();
    wholes.dedup();
    // No whole is stated: the table may have it.
    if wholes.is_empty() {
        wholes.push(Decimal::ZERO);
    }
    // 不予公开6件，其中第三方3件、过程性3件，占11.3%: of a list the share may be that of all of it.
    let head = items[..part_at]
        .iter()
        .rposition(|item| item.gap.contains("其中") || item.gap.contains(['中', ':']))
        .filter(|at| *at > 0);
    let head = head.map(|at| &items[at - 1]).filter(|head| head.countable && head.exact);
    let of_part = wholes.iter().map(|whole| (part.value, *whole));
    let of_list = head.into_iter().flat_map(|head| wholes.iter().map(|whole| (head.value, *whole)));
    of_list.filter(|(head, whole)| whole.is_zero() || head < whole).chain(of_part).collect()
}

/// Words by which a share names its whole.
const DEEDS: [&str; 7] = ["办结", "办理", "答复", "收到", "受理", "公开", "新收"];

/// What a growth may be computed from: the difference, and last year's number. `gap` are the words that state it.
fn growths(before: &[Item], less: bool, gap: &str) -> Vec<(Decimal, Decimal)> {
    let Some(last) = before.last().filter(|item| item.countable && item.exact) else { return Vec::new() };
    let nows = before[..before.len() - 1]
        .iter()
        .filter(|item| item.countable && item.exact && same_class(item.unit.as_deref(), last.unit.as_deref()));
    let ratios: Vec<(Decimal, Decimal)> = if BASE.is_match(&last.gap) {
        nows.map(|now| (if less { last.value - now.value } else { now.value - last.value }, last.value)).collect()
    } else if AMOUNT.captures(&last.gap).is_some_and(|amount| amount.name("less").is_some() == less) {
        let base_of = |now: &Item| match (BASE.is_match(&now.gap), less) {
            (true, _) => now.value,
            (false, true) => now.value + last.value,
            (false, false) => now.value - last.value,
        };
        nows.map(|now| (last.value, base_of(now))).collect()
    } else if TO.captures(&last.gap).is_some_and(|to| to.name("less").is_some() == less) {
        let bases = before[..before.len() - 1].last().into_iter();
        // 同比 is against last year, which the year that is named need not be: 由2019年的52件增至60件，同比增长5%.
        let is_base = |from: regex::Captures<'_>| from.name("year").is_none() || !gap.contains("同比");
        let bases = bases.filter(|base| base.countable && base.exact);
        let bases = bases.filter(|base| FROM.captures(last_clause(&base.gap)).is_some_and(is_base));
        let bases = bases.filter(|base| same_class(base.unit.as_deref(), last.unit.as_deref()));
        bases.map(|base| ((last.value - base.value).abs(), base.value)).collect()
    } else {
        years(&before[..before.len() - 1], last)
    };
    ratios.into_iter().filter(|(_, base)| base.is_sign_positive() && !base.is_zero()).collect()
}

/// Two years told one after the other, of the same thing: 2023年收到申请10件，2024年收到18件.
fn years(before: &[Item], now: &Item) -> Vec<(Decimal, Decimal)> {
    let told = |item: &Item| {
        let clause = item.gap.rsplit_once([';', '。']).map_or(item.gap.as_str(), |(_, clause)| clause);
        let found = YEAR.captures(clause)?;
        let year = found.name("year").and_then(|year| year.as_str().parse::<i32>().ok());
        let words = clause[found.get(0)?.end()..].trim_start_matches(',').to_owned();
        Some((year, found.name("last").is_some(), found.name("this").is_some(), words))
    };
    let Some(base) = before.last().filter(|base| base.countable && base.exact) else { return Vec::new() };
    let (Some((then, last, _, of)), Some((year, _, this, again))) = (told(base), told(now)) else { return Vec::new() };
    let follows = then.zip(year).is_some_and(|(then, year)| then + 1 == year) || last && this;
    let same = of.contains(&again) || again.contains(&of);
    let units = same_class(base.unit.as_deref(), now.unit.as_deref());
    if follows && same && units { vec![((now.value - base.value).abs(), base.value)] } else { Vec::new() }
}

/// Shares of one whole, told one by one, that come to more than all of it. They are of one whole where their labels are
/// of one kind: ways by which applications came, or classes (…类).
fn above_100(items: &[Item]) -> Option<Found> {
    let label = |item: &Item| Some(ONE_SHARE.captures(&item.gap)?["label"].to_owned()).filter(|_| item.percent().is_some());
    let first = items.iter().position(|item| label(item).is_some())?;
    let set: Vec<(String, Decimal)> = items[first..].iter().map_while(|item| Some((label(item)?, item.value))).collect();
    let applied = items[..=first].iter().any(|item| item.gap.contains("申请"));
    let way = |label: &str| WAYS.iter().any(|way| label.contains(way));
    let one_kind = set.iter().all(|(label, _)| label.ends_with('类')) || applied && set.iter().all(|(label, _)| way(label));
    let shares: Vec<Decimal> = set.into_iter().map(|(_, share)| share).collect();
    let sum = shares.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(*share))?;
    // What comes to all of it before the end may be told in another way after that.
    let mut so_far = Decimal::ZERO;
    let comes_to_all = shares[..shares.len().saturating_sub(1)].iter().any(|share| {
        so_far += share;
        (so_far - Decimal::ONE_HUNDRED).abs() <= Decimal::ONE
    });
    let above = shares.len() > 1 && one_kind && !comes_to_all && sum > Decimal::ONE_HUNDRED + Decimal::ONE;
    above.then(|| (PercentageKind::Sum { shares }, Decimal::ONE_HUNDRED, vec![(sum, Decimal::ONE_HUNDRED)]))
}

/// Ways by which applications come.
const WAYS: [&str; 10] = ["网络", "网上", "线上", "线下", "信函", "邮寄", "当面", "现场", "传真", "邮件"];

/// 「自然人、法人占比分别为80%、20%」: shares that must come to 100, for what they are shares by leaves nothing out.
fn set(items: &[Item]) -> Option<Found> {
    let first = items.iter().position(|item| item.percent().is_some() && item.gap.contains("分别") && SET.is_match(&item.gap))?;
    let joined = |item: &&Item| item.percent().is_some() && matches!(item.gap.as_str(), "、" | "," | "和" | "及" | "以及" | "与");
    let set: Vec<Decimal> =
        std::iter::once(items[first].value).chain(items[first + 1..].iter().take_while(joined).map(|item| item.value)).collect();
    let named = items[first].gap.split(['占', '分', '比']).next().unwrap_or_default();
    let labels: Vec<&str> = last_clause(named).split(['、', '和', '及', '与']).filter(|label| !label.is_empty()).collect();
    let last = labels.last()?;
    let whole = last.starts_with("其他")
        || last.starts_with("其余")
        || (labels.len() == 2 && labels[0].contains("自然人") && last.contains("法人"));
    if set.len() < 2 || set.len() != labels.len() || !whole {
        return None;
    }
    let sum = set.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(*share))?;
    Some((PercentageKind::Sum { shares: set }, Decimal::ONE_HUNDRED, vec![(sum, Decimal::ONE_HUNDRED)]))
}
