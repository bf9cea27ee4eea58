//! Which links of a page are entries, which lead to sub-columns, and which are neither.
//!
//! A link is in the list where the profile's selector says so, or where its row stands beside rows
//! that carry dates or titles of reports. Menus carry neither, so 「信息公开年报」 in a menu is no
//! entry. Sub-columns (a year, 部门, 乡镇, an agency's name) are followed only without a date beside
//! them, and only near the column or from inside its list.

use super::address::{
    address_speaks_of_reports, differs_in_a_year, identity, is_article, is_below, is_file, lies_in, looks_like_column, same_page,
};
use super::page::{Page, PageLink};
use super::paging::folder_of;
use super::title::{Kind, Title, sort, speaks_of_other_reports};
use super::title_parts::{Parts, looks_like_agency, plain};
use crate::model::{Portal, ReportRef};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use url::Url;

/// Where a page stands in the walk.
pub(super) struct Here<'a> {
    pub(super) portal: &'a Portal,
    /// The page itself, after redirects.
    pub(super) url: &'a Url,
    /// Text of the link that led to the column.
    pub(super) label: Option<&'a str>,
    /// Whether the page lies within the column of annual reports.
    pub(super) within: bool,
}

/// A link to a further list.
#[derive(Debug, Clone)]
pub(super) struct ColumnLink {
    pub(super) url: Url,
    pub(super) label: String,
    /// What it is where it turns out to be no list: its title read like a report's.
    pub(super) otherwise: Option<ReportRef>,
}

/// An entry that is no report, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    pub entry: ReportRef,
    /// `LookAlike::word`.
    pub reason: &'static str,
}

/// What a page offers.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) entries: Vec<ReportRef>,
    pub(super) set_aside: Vec<SetAside>,
    /// Reports on hosts that the portal does not cover.
    pub(super) foreign: Vec<ReportRef>,
    pub(super) columns: Vec<ColumnLink>,
    /// Whether the page holds a list at all.
    pub(super) is_list: bool,
    /// Links of its list, without what else stands on the page.
    pub(super) rows: usize,
    /// Whether it shows reports that only a script can open, or entries that say nothing of what they are.
    pub(super) untold: bool,
}

/// Sorts the links of a page.
pub(super) fn find(page: &Page, here: &Here<'_>) -> Found {
    let itself = here.within || names_itself_reports(page, here);
    let titles: Vec<Title> = page.links.iter().map(|link| sort(&link.title, here.label)).collect();
    let listed = listed(page, &titles, here);
    let mut found = Found { untold: page.script_links.iter().any(|link| names_a_report(&link.text)), ..Found::default() };
    let about_reports = itself || speaks_of_reports(page, here);
    let any_nameless = itself && page.links.iter().any(|link| link.nameless);
    let named: HashSet<String> =
        page.links.iter().filter(|link| any_nameless && !link.nameless).map(|link| identity(&link.url)).collect();
    let mut groups: HashMap<usize, (usize, bool)> = HashMap::new();
    for (at, (link, title)) in page.links.iter().zip(titles).enumerate() {
        if same_page(&link.url, here.url) {
            continue;
        }
        let in_list = listed.contains(&at);
        if let Some(column) = sub_column(link, &title, in_list, (about_reports, itself), here) {
            found.columns.push(column);
        } else if in_list {
            found.is_list = true;
            found.untold |= itself && link.nameless && !named.contains(&identity(&link.url));
            let group = groups.entry(link.group).or_default();
            *group = (group.0 + 1, group.1 | !matches!(title.kind, Kind::LookAlike(_)));
            found.add(link, title, here);
        }
    }
    let any = groups.values().any(|(_, has_reports)| *has_reports);
    found.rows = groups.values().filter(|(_, has_reports)| *has_reports || !any).map(|(rows, _)| rows).sum();
    found
}

impl Found {
    /// Everything listed, whatever it is.
    pub(super) fn all(&self) -> impl Iterator<Item = &ReportRef> {
        self.entries.iter().chain(self.set_aside.iter().map(|aside| &aside.entry)).chain(&self.foreign)
    }

    /// The last entry of the list itself; what else stands on its pages is often the same on each.
    pub(super) fn last(&self) -> Option<&ReportRef> {
        self.entries.last().or_else(|| self.all().last())
    }

    /// Whether anything of it has to do with reports: news beside an empty frame have not.
    pub(super) fn tells(&self) -> bool {
        let related = |aside: &SetAside| aside.reason != super::LookAlike::Unrelated.word() && aside.reason != "foreign";
        !(self.entries.is_empty() && self.foreign.is_empty() && self.columns.is_empty()) || self.set_aside.iter().any(related)
    }

    /// Whether most of what is listed is no report.
    pub(super) fn is_mixed(&self) -> bool {
        self.entries.len() < self.set_aside.len()
    }

    fn add(&mut self, link: &PageLink, title: Title, here: &Here<'_>) {
        let kind = title.kind;
        let entry = entry_of(link, title);
        match kind {
            Kind::LookAlike(reason) => self.set_aside.push(SetAside { entry, reason: reason.word() }),
            _ if here.portal.covers(&link.url) => self.entries.push(entry),
            // A bare name on another host is a friend's link, not a report.
            Kind::Report => self.foreign.push(entry),
            Kind::Unsure => self.set_aside.push(SetAside { entry, reason: "foreign" }),
        }
    }
}

fn entry_of(link: &PageLink, title: Title) -> ReportRef {
    ReportRef { url: link.url.to_string(), title: link.title.clone(), date: link.date, year: title.year, agency: title.agency }
}

/// Whether a text is the title of an agency's report.
fn names_a_report(text: &str) -> bool {
    let title = sort(text, None);
    title.kind == Kind::Report && title.agency.as_deref().is_some_and(looks_like_agency)
}

/// The links that stand in a list.
fn listed(page: &Page, titles: &[Title], here: &Here<'_>) -> HashSet<usize> {
    if page.is_feed {
        return (0..page.links.len()).collect();
    }
    let selected: HashSet<usize> = (0..page.links.len()).filter(|at| page.links[*at].selected).collect();
    // In the column itself 「2024年某某局」 is enough.
    let itself = here.within || names_itself_reports(page, here);
    let tells = |at: &usize| {
        let (link, title) = (&page.links[*at], &titles[*at]);
        let of_agency = title.agency.as_deref().is_some_and(looks_like_agency);
        let unsure = of_agency && (title.year.is_some() || is_file(&link.url)) || YEAR_ONLY.is_match(&plain(&link.title));
        let may_be_one = (title.kind == Kind::Unsure && unsure) || link.nameless;
        link.date.is_some() || title.kind == Kind::Report || (itself && may_be_one && !link.chrome)
    };
    if selected.iter().any(tells) {
        return selected;
    }
    let groups: HashSet<usize> = (0..page.links.len())
        .filter(|at| tells(at) && !(page.links[*at].chrome && is_column_name(&page.links[*at].title)))
        .map(|at| page.links[at].group)
        .collect();
    let in_group = |at: &usize| groups.contains(&page.links[*at].group) && page.links[*at].title.chars().count() >= 4;
    let mut listed: HashSet<usize> = (0..page.links.len()).filter(in_group).collect();
    listed.extend((0..page.links.len()).filter(tells));
    // A page of files without dates is a list too, where the files read like reports.
    listed.retain(|at| !same_page(&page.links[*at].url, here.url));
    listed
}

static YEAR_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:19|20)\d{2}(?:年度?)?(?:政府信息公开|信息公开)?(?:工作)?(?:年报|年度报告|年年报)?$")
        .expect("the pattern is a literal")
});

/// Words of sub-columns that group agencies.
const GROUPS: &[&str] = &[
    "县区",
    "区县",
    "县市区",
    "市区",
    "各县",
    "部门",
    "乡镇",
    "街道",
    "镇街",
    "镇办",
    "市直",
    "县直",
    "区直",
    "垂直",
    "直属",
    "驻市",
    "市政府",
    "县政府",
    "区政府",
    "政府办",
    "本级",
    "管委会",
];

/// Words of sub-columns with the reports of years past.
const PAST: &[&str] = &["往年", "历年", "以往", "历史年报", "以前年度"];

/// Whether a link leads to a sub-column.
///
/// `about_reports` and `itself`: whether the page speaks of annual reports at all, and whether it is their column.
fn sub_column(
    link: &PageLink,
    title: &Title,
    in_list: bool,
    (about_reports, itself): (bool, bool),
    here: &Here<'_>,
) -> Option<ColumnLink> {
    if link.date.is_some() || !here.portal.covers(&link.url) || is_file(&link.url) || is_article(&link.url) {
        return None;
    }
    let text = plain(&link.title);
    let count = text.chars().count();
    let below = is_below(&link.url, here.url);
    let inside = in_list || (!link.chrome && looks_like_column(&link.url));
    // The years of a column often stand in its menu, each at an address that differs in the year alone.
    let sibling = itself && differs_in_a_year(&link.url, here.url);
    let year = YEAR_ONLY.is_match(&text) && about_reports && (below || inside || sibling);
    let more = itself && is_more(&link.title) && !link.chrome && folder_of(&link.url) != folder_of(here.url);
    // More of the reports, or of some of them, wherever it lies: not of the rules and notices in the next box.
    let more = link.more_of.as_deref().map_or(more && below, |heading| more && is_of_reports(heading));
    let past = PAST.iter().any(|word| text.contains(word));
    let unrelated = |reason| matches!(reason, super::LookAlike::Unrelated | super::LookAlike::Index);
    let group = count <= 16
        && (past || !matches!(title.kind, Kind::LookAlike(reason) if !unrelated(reason)))
        && (past || GROUPS.iter().any(|word| text.contains(word)))
        && !speaks_of_other_reports(&text)
        && about_reports
        && (below || (inside && !link.chrome && (in_list || text.contains("年报"))));
    let nameless = title.year.is_none() && title.kind == Kind::Unsure;
    let named = nameless && looks_like_agency(&text) && about_reports && !link.chrome && (below || in_list);
    let column = is_column_name(&link.title) && about_reports && below && in_list;
    let follow = match title.kind {
        // A report's title leads to a column only where the address is one (…/2024n/).
        Kind::Report => looks_like_column(&link.url),
        _ => year || group || named || column || more,
    };
    if !follow {
        return None;
    }
    let otherwise = (title.kind == Kind::Report).then(|| entry_of(link, title.clone()));
    Some(ColumnLink { url: link.url.clone(), label: link.title.clone(), otherwise })
}

/// Whether the heading of a box may be one of reports: of all, of a year's, of a group's.
fn is_of_reports(heading: &str) -> bool {
    let heading = plain(heading);
    heading.contains("年报")
        || heading.contains("年度报告")
        || YEAR_ONLY.is_match(&heading)
        || looks_like_agency(&heading)
        || GROUPS.iter().any(|group| heading.contains(group))
}

/// Whether a text is the name of the column of annual reports: 政府信息公开年报, 年度报告, …
pub(super) fn is_column_name(text: &str) -> bool {
    let text = plain(text);
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    (text.contains("信息公开") && (text.ends_with("年报") || text.ends_with("年度报告") || text.ends_with("工作报告"))
        || matches!(text, "年报" | "年度报告" | "公开年报" | "工作年报" | "政务公开年报"))
        && text.chars().count() <= 24
        && super::title_parts::years_of(text).is_empty()
}

/// Whether a page, by its name, its label or its address, is about annual reports.
pub(super) fn speaks_of_reports(page: &Page, here: &Here<'_>) -> bool {
    let speaks = |text: &str| text.contains("年报") || text.contains("年度报告");
    here.within
        || page.names().any(|title| speaks(title))
        || here.label.is_some_and(speaks)
        || address_speaks_of_reports(here.url)
        || page.links.iter().any(|link| sort(&link.title, None).kind == Kind::Report)
}

/// Whether a page calls itself the column of annual reports, so that no other needs to be looked for.
pub(super) fn names_itself_reports(page: &Page, here: &Here<'_>) -> bool {
    let named = |title: &String| is_named_column(title);
    // The heading of a box is not the page's name where the column itself lies elsewhere.
    let leads_there =
        |link: &PageLink| is_column_name(&link.title) && here.portal.covers(&link.url) && !same_page(&link.url, here.url);
    let boxed = || page.headings.iter().any(named) && !page.links.iter().any(leads_there);
    // Its trail leads from the column to here.
    let below = |link: &PageLink| is_column_name(&link.title) && lies_in(here.url, &link.url);
    page.titles.iter().any(named)
        || boxed()
        || page.links.iter().any(below)
        || here.label.is_some_and(is_column_name)
        || address_speaks_of_reports(here.url)
        || page.links.iter().any(|link| is_column_name(&link.title) && same_page(&link.url, here.url))
}

/// Whether one of the parts of a title is the name of the column of annual reports, or of those of a year.
pub(super) fn is_named_column(title: &str) -> bool {
    title.split(['-', '_', '|', ' ', '—']).any(|part| is_column_name(&Parts::of(part).without_years()))
}

/// Names of columns that are for other things; only a closed list, so that no odd name of the right one is taken.
const OTHERS: &[&str] = &[
    "通知公告",
    "公告公示",
    "公示公告",
    "通知",
    "公告",
    "公示",
    "工作动态",
    "新闻动态",
    "政务动态",
    "部门动态",
    "乡镇动态",
    "政务要闻",
    "新闻",
    "要闻",
    "政策文件",
    "文件资料",
    "其他文件",
];

/// The name of a page's column, where that is one for other things.
pub(super) fn name_of_other(page: &Page, here: &Here<'_>) -> Option<String> {
    let title = here.label.or(page.titles.last().map(String::as_str))?;
    let name = title.split(['-', '_', '|', ' ', '—']).next()?.trim();
    OTHERS.contains(&name).then(|| name.to_owned())
}

/// The title of a page that is itself a report: four of the statutory headings, and a title that fits.
pub(super) fn own_report(page: &Page, here: &Here<'_>) -> Option<ReportRef> {
    const HEADINGS: &[&str] = &["总体情况", "主动公开", "收到和处理", "行政复议", "存在的主要问题", "其他需要报告"];
    if HEADINGS.iter().filter(|heading| page.text.contains(**heading)).count() < 4 {
        return None;
    }
    let named = page.names().map(String::as_str).chain(here.label).chain(first_words(&page.text));
    let (title, told) = named.map(|title| (title, sort(title, here.label))).find(|(_, told)| told.kind == Kind::Report)?;
    Some(ReportRef { url: here.url.to_string(), title: title.to_owned(), date: None, year: told.year, agency: told.agency })
}

/// Pieces of a page's text that end like a title of a report.
fn first_words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().take(400).filter(|word| word.contains("信息公开") && word.ends_with("报告"))
}

/// Whether a link is called 「更多」.
pub(super) fn is_more(text: &str) -> bool {
    let word: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(word.as_str(), "更多" | "查看更多" | "加载更多" | "点击更多" | "more")
}

/// Whether a button's words ask for more of a list. 「更多」 alone is as often one of a bar for sharing.
pub(super) fn asks_for_more(text: &str) -> bool {
    let word: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let word = word.trim_start_matches("点击");
    let asked = ["查看", "加载", "显示", "展开"].iter().find_map(|verb| word.strip_prefix(verb));
    let of = |rest: &str| matches!(rest, "年报" | "报告" | "年度报告" | "信息" | "内容" | "数据" | "记录");
    match asked {
        Some(asked) => asked.strip_prefix("更多").or(asked.strip_prefix("全部")).is_some_and(|rest| rest.is_empty() || of(rest)),
        None => word.strip_prefix("更多").is_some_and(of),
    }
}
