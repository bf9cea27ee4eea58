//! What a list comes to: its readings are compared, and the charitable one is taken.

use super::level::Item;
use super::lists::fits;
use super::{Settled, same_class};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// One quantity of a list, with what its gap says about it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Index of its item on the level.
    pub at: usize,
    pub label: String,
    pub value: Decimal,
    pub unit: Option<String>,
    /// As its item has it.
    pub slack: Decimal,
    pub approximate: bool,
    /// It counts things and is no difference.
    pub counts: bool,
    /// It may be a part or a difference, or cannot be made out.
    pub doubtful: bool,
    /// Nothing but marks stands between it and the quantity before: 24、8和18条.
    pub unlabelled: bool,
    /// 3 ；, 2 ，, 1 、 or 和, 0 nothing (or the first).
    pub separator: u8,
    /// Words without any mark stand between it and the quantity before.
    pub bare_gap: bool,
    /// A clause without a number stands before it.
    pub skips_words: bool,
    /// Its clause begins as another matter does.
    pub new_matter: bool,
}

/// A list as it stands.
pub(super) struct List {
    pub parts: Vec<Part>,
    /// The opening words say that it is whole.
    pub closed: bool,
    /// 等 follows, or more without a number.
    pub unfinished: bool,
}

/// What a part is a part by; parts by different things add up to the same whole twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Inflow,
    Handled,
    Forward,
    Outcome,
    Applicant,
    Channel,
    /// Reviews and lawsuits.
    Case,
    Unknown,
}

static BY: LazyLock<[(By, Regex); 7]> = LazyLock::new(|| {
    [
        (By::Inflow, r"新收|新增申请|新受理|上一?个?年度?(?:的)?(?:结转|转入|遗留)|去年结转|结转(?:自)?[上去]"),
        (By::Case, r"复议|诉讼|起诉"),
        (By::Forward, r"结转(?:至|到|入)?[下次明]|结转$|转(?:入|至|到)?[下次明]一?个?年|顺延|延续"),
        (By::Outcome, r"予以公开|部分公开|不予|无法提供|其他处理|同意公开|公开答复|不存在|非本机关|不予处理|不再处理|维持|纠正|其他结果|审结"),
        (By::Handled, r"办结|办理完|已办|答复|办复|回复|处理完|在办|未办"),
        (By::Applicant, r"自然人|法人|公民|企业|个人|其他组织|科研机构|公益组织|法律服务机构"),
        (By::Channel, r"线上|线下|网络|网上|网站|信函|当面|现场|邮寄|邮件|邮箱|传真|窗口|微信|公众号|微博|视频号|抖音|公开栏"),
    ]
    .map(|(by, written)| (by, Regex::new(written).expect("a constant, used by every test of this room")))
});

fn by(label: &str) -> By {
    // Who decides a review is no review: 复议机关维持3件.
    let label = label.trim_start_matches("行政").trim_start_matches("复议机关");
    BY.iter().find(|(_, words)| words.is_match(label)).map_or(By::Unknown, |(by, _)| *by)
}

/// Labels that tell of a quantity beside the list, not in it.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^含|不含|不包括|^另|除外|^除|截至|累计|每|人均|平均").expect("a constant, used by every test of this room")
});
static REST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:其他|其它|其余|剩余|余下)").expect("a constant, used by every test of this room"));
static NOT_REST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^其他(?:处理|组织|结果|法律|法人)").expect("a constant, used by every test of this room"));
static SUM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"共计$|合计$|总计$|^共$|总共$").expect("a constant, used by every test of this room"));

/// Whether a label is of what the other parts leave over.
fn is_rest(label: &str) -> bool {
    REST.is_match(label) && !NOT_REST.is_match(label)
}

/// The breakdowns of a list, by each unit it counts in.
pub(super) fn settle(list: &List, wholes: &[Item]) -> Vec<Settled> {
    let mut classes: Vec<&Item> = Vec::new();
    for whole in wholes.iter().rev() {
        if !classes.iter().any(|other| same_class(other.unit.as_deref(), whole.unit.as_deref())) {
            classes.push(whole);
        }
    }
    let has_units = list.parts.iter().any(|part| part.unit.is_some());
    if !has_units {
        classes.truncate(1);
    }
    classes.retain(|class| {
        !has_units || list.parts.iter().any(|part| part.unit.is_some() && same_class(part.unit.as_deref(), class.unit.as_deref()))
    });
    classes.iter().flat_map(|class| in_unit(list, class, wholes)).collect()
}

fn in_unit(list: &List, class: &Item, wholes: &[Item]) -> Vec<Settled> {
    if list.parts.iter().any(|part| part.bare_gap && fits(part, class)) {
        return Vec::new();
    }
    let parts: Vec<&Part> = list.parts.iter().filter(|part| fits(part, class)).collect();
    let parts = of_one_unit(without_sum(parts), class);
    if parts.len() < 2 || parts.iter().any(|part| BESIDE.is_match(&part.label)) {
        return Vec::new();
    }
    let candidates: Vec<&Item> = wholes.iter().filter(|whole| same_class(whole.unit.as_deref(), class.unit.as_deref())).collect();
    let unit_differs = parts.iter().any(|part| part.unit.is_some() && part.unit != class.unit);
    let doubtful = list.parts.iter().any(|part| part.doubtful || part.skips_words);
    let vague = list.unfinished || doubtful;
    runs(&parts)
        .into_iter()
        .filter_map(|run| Candidate { run, list, candidates: &candidates, vague, unit_differs }.settle())
        .collect()
}

/// A sum stated at the end of a list is no part of it.
fn without_sum(mut parts: Vec<&Part>) -> Vec<&Part> {
    if let Some(at) = parts.iter().position(|part| SUM.is_match(&part.label)) {
        parts.truncate(at);
    }
    parts
}

/// A part without a unit belongs to a list of units only where nothing but marks stands before it (24、8和18条);
/// and a list in the unit of its whole does not go on in another after ；.
fn of_one_unit<'a>(mut parts: Vec<&'a Part>, whole: &Item) -> Vec<&'a Part> {
    if parts.iter().any(|part| part.unit.is_some()) {
        parts.retain(|part| part.unit.is_some() || part.unlabelled);
    }
    if parts.first().is_some_and(|part| part.unit.is_some() && part.unit == whole.unit) {
        let other = parts.iter().position(|part| part.separator == 3 && part.unit.is_some() && part.unit != whole.unit);
        parts.truncate(other.unwrap_or(parts.len()));
    }
    parts
}

/// The lists that stand one after another in one: by ；, and by what they are parts by.
fn runs<'a>(parts: &[&'a Part]) -> Vec<Vec<&'a Part>> {
    let mut segments: Vec<Vec<&Part>> = Vec::new();
    for part in parts {
        match segments.last_mut() {
            Some(segment) if part.separator < 3 => segment.push(part),
            _ => segments.push(vec![part]),
        }
    }
    if segments.len() > 1 {
        while segments.len() > 1 && segments.last().is_some_and(|last| last.len() == 1 && last[0].new_matter) {
            segments.pop();
        }
        let long = segments.iter().filter(|segment| segment.len() > 1).count();
        if long != segments.len() {
            segments = vec![segments.concat()];
        }
    }
    segments.into_iter().flat_map(by_kind).filter(|run| run.len() > 1).collect()
}

fn by_kind(segment: Vec<&Part>) -> Vec<Vec<&Part>> {
    let kinds: Vec<By> = segment.iter().map(|part| by(&part.label)).collect();
    let together = |one: By, other: By| {
        one == other
            || one == By::Unknown
            || other == By::Unknown
            || matches!((one, other), (By::Handled | By::Outcome, By::Forward) | (By::Forward, By::Handled | By::Outcome))
    };
    let mut found: Vec<(By, Vec<&Part>)> = Vec::new();
    for (part, kind) in segment.into_iter().zip(kinds) {
        match found.last_mut() {
            Some((last, run)) if together(*last, kind) => {
                if *last == By::Unknown || (*last == By::Forward && kind != By::Unknown) {
                    *last = kind;
                }
                run.push(part);
            }
            _ => found.push((kind, vec![part])),
        }
    }
    // The rest is what all the runs before leave over.
    if let [_, .., (_, last)] = found.as_mut_slice() {
        last.retain(|part| !is_rest(&part.label));
    }
    found.into_iter().map(|(_, run)| run).collect()
}

static RECEIVED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"收|受理|接|登记|申请(?:数量|总数|总量|量|共|共计|合计|件)*$")
        .expect("a constant, used by every test of this room")
});
static HANDLED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"办|答复|回复|处理").expect("a constant, used by every test of this room"));
static STAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"结转|转入|顺延|复议|诉讼|起诉").expect("a constant, used by every test of this room"));

/// Whether parts of this kind may divide a whole that these words introduce: applicants and channels divide what
/// was received, outcomes what was handled or received. In doubt they do not.
fn may_divide(kind: By, gap: &str) -> bool {
    let words = last_clause(gap);
    let (received, handled) = (RECEIVED.is_match(words), HANDLED.is_match(words));
    // What is itself a part (自然人申请…) is divided by parts of no kind that we know (国家秘密…), or not at all.
    let is_part = matches!(by(words), By::Applicant | By::Channel | By::Outcome | By::Forward) && !handled;
    match kind {
        By::Applicant => received && !is_part && !STAGE.is_match(words),
        By::Outcome => is_case(words) || (received || handled) && !is_part && !STAGE.is_match(words),
        By::Channel => !handled && !is_part && !STAGE.is_match(words),
        By::Case => true,
        By::Unknown | By::Inflow | By::Handled | By::Forward => !STAGE.is_match(words) || is_case(words),
    }
}

fn last_clause(gap: &str) -> &str {
    gap.rsplit([',', ';', ':', '。']).next().unwrap_or(gap)
}

fn is_case(words: &str) -> bool {
    by(words) == By::Case
}

/// One run of parts, and the wholes it may belong to.
struct Candidate<'a> {
    run: Vec<&'a Part>,
    list: &'a List,
    candidates: &'a [&'a Item],
    vague: bool,
    unit_differs: bool,
}

impl Candidate<'_> {
    fn settle(&self) -> Option<Settled> {
        let all = self.run.len();
        if let Some(whole) = self.whole_of(all) {
            return Some(self.settled(all, whole));
        }
        for end in self.shorter() {
            if let Some(whole) = self.whole_of(end) {
                return Some(self.settled(end, whole));
            }
        }
        // Nothing adds up: only a list whose end and whole are beyond doubt is told. What another stage of the work
        // came to (办结…，结转…) ends a list: it may be of more than the whole.
        let first = by(&self.run[0].label);
        let other_stage = |part: &&Part| {
            let kind = by(&part.label);
            part.new_matter || matches!(kind, By::Inflow | By::Forward) || (kind == By::Case && first != By::Case)
        };
        let end = self.run.iter().skip(1).position(other_stage).map_or(all, |at| at + 1);
        if end < 2 {
            return None;
        }
        let kind = self.run[..end].iter().map(|part| by(&part.label)).find(|kind| *kind != By::Unknown);
        let nearest = *self.candidates.iter().rev().find(|whole| may_divide(kind.unwrap_or(By::Unknown), &whole.gap))?;
        let sum = self.sum(end);
        let nothing_else = self.candidates.iter().all(|whole| whole.value == nearest.value);
        let above_all = self.candidates.iter().all(|whole| sum > whole.value);
        if !(nothing_else || above_all || nearest.value >= sum) {
            return None;
        }
        // A part as large as the whole beside others is the whole told again: 网站公开82条，公众号公开60条.
        let told_again = self.run[..end].iter().any(|part| part.value == nearest.value && !part.value.is_zero());
        // Behind ； may stand another whole with its parts: ；已审结14件，维持9件，纠正5件.
        let divided = self.run[0].separator == 3 && self.sum(end) == self.run[0].value + self.run[0].value;
        (!told_again && !divided).then(|| self.settled(end, nearest))
    }

    fn sum(&self, end: usize) -> Decimal {
        self.run[..end].iter().map(|part| part.value).sum()
    }

    fn whole_of(&self, end: usize) -> Option<&Item> {
        let sum = self.sum(end);
        self.candidates.iter().rev().find(|whole| whole.value == sum).copied()
    }

    /// Where else the list may end: before another matter, before what is carried forward, and at a comma before what
    /// may be parts by something else: what comes to the whole by then is the list.
    fn shorter(&self) -> impl Iterator<Item = usize> {
        let ends = |end: &usize| {
            let part = self.run[*end];
            let kind = by(&part.label);
            let other = kind == By::Unknown || kind != by(&self.run[end - 1].label);
            part.new_matter || kind == By::Forward || (part.separator >= 2 && other)
        };
        (2..self.run.len()).filter(ends)
    }

    fn settled(&self, end: usize, whole: &Item) -> Settled {
        let run = &self.run[..end];
        // Some outcomes or applicants out of all that the form has: what is left out says nothing, and the table has each.
        let of_form = run.iter().any(|part| matches!(by(&part.label), By::Outcome | By::Applicant));
        let selection = of_form && self.sum(end) < whole.value;
        // Behind ； outcomes are of what was carried in, too; the table tells whether each is right.
        let received = last_clause(&whole.gap);
        let of_more = self.sum(end) > whole.value
            && run.first().is_some_and(|part| part.separator == 3)
            && run.iter().all(|part| by(&part.label) == By::Outcome)
            && RECEIVED.is_match(received)
            && !HANDLED.is_match(received);
        let has_rest = run.last().is_some_and(|part| is_rest(&part.label));
        let cut = end < self.run.len();
        let (apart, slack) =
            ((self.sum(end) - whole.value).abs(), run.iter().map(|part| part.slack).sum::<Decimal>() + whole.slack);
        Settled {
            whole: whole.value,
            unit: whole.unit.clone().or_else(|| run.iter().find_map(|part| part.unit.clone())),
            parts: run.iter().map(|part| (part.label.clone(), part.value)).collect(),
            closed: has_rest || (self.list.closed && !cut),
            loose: whole.approximate
                || (!apart.is_zero() && apart <= slack)
                || of_more
                || run.iter().any(|part| part.approximate)
                || (self.vague && !has_rest)
                || (selection && !has_rest && !self.list.closed)
                || (self.unit_differs && self.sum(end) != whole.value),
        }
    }
}
