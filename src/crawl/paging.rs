//! How a list goes on: links named 下一页, numbers, TRS's script call, numbered addresses.
//!
//! A list that says it has more pages than could be followed is never taken for the whole.

use super::link::ScriptLink;
use super::page::{Page, PageLink};
use crate::rules::Paging;
use regex::Regex;
use std::sync::LazyLock;
use url::Url;

/// Most pages of one list that are taken at their word.
const MOST_PAGES: u32 = 2_000;

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("the pattern is a literal"));
    };
}

pattern!(
    STATED,
    r"共计?\s*(\d{1,5})\s*页|(?:第|页次[:：]?|当前)\s*\d{1,5}\s*页?\s*/\s*共?(\d{1,5})\s*页?|\b\d{1,5}\s*/\s*(\d{1,5})\s*页"
);
pattern!(
    COUNT,
    r#"(?i)\b(?:m_n)?(?:countPage|totalPages?|pageCount|contenpage|total_page|page_count)['"]?\s*[=:]\s*['"]?(\d{1,5})"#
);
pattern!(TOTAL, r"共\s*(?:有|计|找到)?\s*(?:年报|年度报告|报告|信息|记录)?\s*(\d{1,6})\s*(?:条|篇|份|个?记录)");
pattern!(
    PAGER,
    r#"(?s)(?i)(?:laypage|pagination|paging|createpager).{0,400}?\b(?:count|total|totalCount|totalRecords?)['"]?\s*:\s*['"]?(\d{1,6})"#
);
pattern!(PAGER_PAGES, r#"(?s)(?i)(?:laypage|pagination|paging|createpager).{0,400}?\bpages['"]?\s*:\s*['"]?(\d{1,5})"#);
// The address of a page, put together by a script: "index_" + page + ".html", "list.html?page=" + n. In ASCII alone, for
// a hundred times any letter of any script fills twenty megabytes.
pattern!(
    JOINED,
    r#"(?-u)['"]([\w./?=&-]{0,100}[\w/=-])['"]\s*\+\s*[\w.]{0,30}(?:curr|page|Page|num|idx|index|\bn|\bp|\bi)\w{0,10}\s*(?:\+\s*['"](\.(?:s?html?|jsp|aspx?|php))['"])?"#
);
pattern!(PAGE_NAME, r#"m_strPageName\s*=\s*['"]([\w-]+)['"]"#);
pattern!(PAGE_EXT, r#"m_strPageExt\s*=\s*['"](\w+)['"]"#);
pattern!(TRS_CALL, r"createPageHTML\s*\(([^()]+)\)");

/// What a page says about those behind it.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Addresses of further pages.
    pub(super) next: Vec<Url>,
    /// How many pages the list is said to have.
    pub(super) stated: Option<u32>,
    /// How many entries it is said to have.
    pub(super) total: Option<u32>,
    /// Templates worth trying where pages are stated and none could be followed.
    pub(super) templates: Vec<String>,
    /// Whether only a script, or a form, leads on, and how it is called.
    pub(super) stuck: bool,
    pub(super) call: Option<String>,
}

/// The ways on from one page with so many entries. `kinds` is the profile's list, the first page of the list is `first`.
pub(super) fn turns(page: &Page, url: &Url, first: &Url, kinds: &[Paging], entries: usize) -> Turns {
    let total = total_of(page);
    let by_total = || total.and_then(|total| Some(total.div_ceil(u32::try_from(entries).ok().filter(|entries| *entries > 0)?)));
    let by_total = by_total().filter(|pages| (2..=MOST_PAGES).contains(pages));
    let mut turns = Turns { stated: stated_pages(page), total, ..Turns::default() };
    for kind in kinds {
        match kind {
            Paging::NextLink => turns.next.extend(next_link(page, url)),
            Paging::NumberLinks => turns.next.extend(number_links(page, url, turns.stated)),
            Paging::CreatePageHtml => {
                if let Some((total, next)) = trs_pages(page, url, first) {
                    turns.stated = Some(total);
                    turns.next.extend(next);
                }
            }
            Paging::Numbered { templates } => {
                turns.templates.extend(joined(&page.scripts));
                turns.templates.extend(templates.iter().cloned());
            }
        }
    }
    if turns.next.is_empty() {
        // What a total comes to in pages is only good for guesses: it counts what the list may not show.
        turns.stated = turns.stated.or(by_total);
    }
    turns.call = page.script_links.iter().find(|link| only_script_leads_on(link)).map(|link| link.call.clone());
    // A choice of pages stands on the last page too: only where the first leads nowhere else does it tell of more.
    // That it shows a second page says more than a single one that a script states, of whatever.
    let chooses = page.chooses_page && url == first;
    let by_script = turns.stated != Some(1) && (turns.call.is_some() || page.text.contains("加载更多") || page.adds_on_click());
    turns.stuck = turns.next.is_empty() && (chooses || by_script);
    match turns.stated {
        // A form that is posted back takes no page from its address.
        _ if turns.call.as_ref().is_some_and(|call| call.contains("__doPostBack")) => turns.templates.clear(),
        _ if !turns.next.is_empty() => turns.templates.clear(),
        Some(2..) => {}
        // How many pages there are is not said: the script's own addresses may be tried, no others.
        None if turns.call.is_some() => turns.templates = joined(&page.scripts).collect(),
        _ => turns.templates.clear(),
    }
    turns
}

/// Whether a text, without its arrows and brackets, is what 「下一页」 is called.
fn is_next(text: &str) -> bool {
    let word: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(word.as_str(), "下一页" | "下页" | "后页" | "后一页" | "下一頁" | "下頁" | "next" | "nextpage")
        || matches!(text.trim(), ">" | "›")
}

fn same_site(link: &PageLink, url: &Url) -> bool {
    link.url.host_str() == url.host_str()
}

/// The link to the next page: by its name, else by an arrow that also means the last page elsewhere, else by
/// 「更多」 where it leads to a page beside this one.
fn next_link(page: &Page, url: &Url) -> Option<Url> {
    let beside = |link: &PageLink| folder_of(&link.url) == folder_of(url) && super::entries::is_more(&link.title);
    let ways: [&dyn Fn(&PageLink) -> bool; 3] =
        [&|link| link.rel_next || is_next(&link.title), &|link| matches!(link.title.trim(), ">>" | "»"), &beside];
    let here = || page.links.iter().filter(|link| same_site(link, url));
    ways.iter().find_map(|is_it| here().find(|link| is_it(link))).map(|link| link.url.clone())
}

/// Templates of the addresses that a page's scripts put together.
fn joined(scripts: &str) -> impl Iterator<Item = String> {
    JOINED
        .captures_iter(scripts)
        .take(3)
        .map(|found| format!("{}{{n}}{}", &found[1], found.get(2).map_or("", |end| end.as_str())))
}

/// How many entries the list is said to have, in its text or by the pager of its scripts.
fn total_of(page: &Page) -> Option<u32> {
    let found = TOTAL.captures(&page.text).or_else(|| PAGER.captures(&page.scripts));
    found.and_then(|found| found[1].parse().ok()).filter(|total| *total > 0).or(page.unshown.rows)
}

/// Links with the number of a page, where the page has words of paging at all (a calendar has none).
fn number_links(page: &Page, url: &Url, stated: Option<u32>) -> Vec<Url> {
    let told = stated.is_some_and(|pages| pages > 1)
        || ["下一页", "下页", "后页", "后一页", "尾页", "末页"].iter().any(|word| page.text.contains(word))
        || page.links.iter().any(|link| link.rel_next);
    // Where only an arrow says so, it stands in one row with the numbers: the days of a calendar do not.
    let arrows: Vec<usize> = page.links.iter().filter(|link| is_next(&link.title)).map(|link| link.group).collect();
    let folder = folder_of(url);
    let number = |link: &PageLink| {
        let text = link.title.trim().trim_start_matches(['第', '[', '【']).trim_end_matches(['页', ']', '】']).trim();
        let named = link.title.contains('页');
        let known = told || named || link.in_pager || arrows.contains(&link.group);
        text.parse::<u32>().is_ok_and(|n| (2..=MOST_PAGES).contains(&n) && (known || is_numbered_as(&link.url, url, n)))
    };
    let links = page.links.iter().filter(|link| same_site(link, url) && number(link));
    links.filter(|link| link.url.path().starts_with(folder)).map(|link| link.url.clone()).collect()
}

/// Whether an address is that of page `n`, or of the one before where pages count from 0: by its file's name
/// (`index_2.html`, `list-2.html`, `2.html`), or by a part of its query that is named after pages.
fn is_numbered_as(link: &Url, page: &Url, n: u32) -> bool {
    let is = |number: &str| number.parse::<u32>().is_ok_and(|number| number == n || number.checked_add(1) == Some(n));
    let file = file_of(link).0;
    let of_pages = |name: &str| name.to_ascii_lowercase().contains("page") || matches!(name, "p" | "pn" | "pg");
    file.rsplit(['_', '-']).next().is_some_and(|number| number.len() < 4 && is(number))
        || (link.path() == page.path() && link.query_pairs().any(|(name, value)| of_pages(&name) && is(&value)))
}

/// Whether a link that only a script can follow is 「下一页」 with somewhere to go.
fn only_script_leads_on(link: &ScriptLink) -> bool {
    is_next(&link.text) && (link.turns || (link.call.contains('(') && !link.call.contains("()")))
}

/// How many pages the list is said to have, in its text or in variables of its scripts.
fn stated_pages(page: &Page) -> Option<u32> {
    let in_text =
        STATED.captures_iter(&page.text).filter_map(|found| found.iter().skip(1).flatten().next()?.as_str().parse().ok());
    let in_scripts = COUNT.captures_iter(&page.scripts).chain(PAGER_PAGES.captures(&page.scripts));
    let in_scripts = in_scripts.filter_map(|found| found[1].parse().ok());
    in_text.chain(in_scripts).chain(page.unshown.pages).filter(|pages| (1..=MOST_PAGES).contains(pages)).max()
}

/// All pages of a TRS list: page k is `index_{k-1}.html` beside the first. Systems that borrowed the call count from 1,
/// which their first page shows; there page k is `index_{k}.html`, and further pages are taken from the first alone.
fn trs_pages(page: &Page, url: &Url, first: &Url) -> Option<(u32, Vec<Url>)> {
    let (total, current, stem, ext) = trs_call(&page.scripts, first).or_else(|| trs_variables(page, first))?;
    let total = total.min(MOST_PAGES);
    let numbers = match current {
        1 if url == first => 2..total + 1,
        _ if url == first => 1..total,
        _ => 0..0,
    };
    let next = numbers.filter_map(|k| first.join(&format!("{stem}_{k}.{ext}")).ok());
    Some((total, next.filter(|url| url.host_str() == first.host_str()).collect()))
}

/// `createPageHTML(total, current, "index", "html")`, with or without an element's id in front: of several the one that names
/// the first page's file, and none that is a remark.
fn trs_call(scripts: &str, first: &Url) -> Option<(u32, u32, String, String)> {
    let is_remark = |at: usize| scripts[..at].rsplit('\n').next().is_some_and(|line| line.contains("//"));
    let calls = TRS_CALL.captures_iter(scripts).filter(|found| !found.get(0).is_some_and(|call| is_remark(call.start())));
    let mut calls = calls.filter_map(|found| {
        let words: Vec<&str> = found[1].split(',').map(|word| word.trim().trim_matches(['\'', '"'])).collect();
        let at = words.iter().position(|word| word.parse::<u32>().is_ok())?;
        let [total, current, stem, ext] = words.get(at..at + 4)? else { return None };
        let current = current.parse().ok()?;
        let sound = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        (sound(stem) && sound(ext)).then(|| Some((total.parse().ok()?, current, (*stem).to_owned(), (*ext).to_owned())))?
    });
    let any = calls.next()?;
    let own = file_of(first).0;
    Some(if any.2 == own { any } else { calls.find(|call| call.2 == own).unwrap_or(any) })
}

/// `var currentPage = 0; … var countPage = 2`, or of old `m_nPageCount`, with pages named after the first page's file, or as
/// the script says.
fn trs_variables(page: &Page, first: &Url) -> Option<(u32, u32, String, String)> {
    let scripts = page.scripts.as_str();
    let any = ["countPage", "m_nPageCount"].iter().any(|name| scripts.contains(name));
    let count = any.then(|| COUNT.captures(scripts)).flatten()?;
    let said = |name: &Regex| Some(name.captures(scripts)?[1].to_owned());
    let (stem, ext) = file_of(first);
    let ext = if first.path().ends_with('/') { usual_ending(page, ext) } else { ext };
    Some((count[1].parse().ok()?, 0, said(&PAGE_NAME).unwrap_or(stem), said(&PAGE_EXT).unwrap_or(ext)))
}

/// The ending that most of a page's links have, where they are of pages: what a folder does not show of its own file.
fn usual_ending(page: &Page, otherwise: String) -> String {
    let count = |ending: &str| page.links.iter().filter(|link| link.url.path().ends_with(ending)).count();
    let endings = [("html", count(".html")), ("shtml", count(".shtml")), ("htm", count(".htm"))];
    let usual = endings.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count);
    usual.map_or(otherwise, |(ending, _)| ending.to_owned())
}

/// Stem and ending of an address's file; a folder's is `index.html`.
fn file_of(url: &Url) -> (String, String) {
    let file = url.path().rsplit('/').next().unwrap_or("");
    match file.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() => (stem.to_owned(), ext.to_owned()),
        _ => ("index".to_owned(), "html".to_owned()),
    }
}

/// The path up to its last slash.
pub(super) fn folder_of(url: &Url) -> &str {
    let path = url.path();
    path.rfind('/').map_or(path, |at| &path[..=at])
}

/// The address of page `n` (counted from 1) after a template.
pub(super) fn numbered(first: &Url, template: &str, n: u32) -> Option<Url> {
    let (stem, ext) = file_of(first);
    // A program has no files beside it, one a page.
    let of_program = matches!(ext.as_str(), "jsp" | "asp" | "aspx" | "php" | "do" | "action") || first.query().is_some();
    if of_program && template.contains("{ext}") {
        return None;
    }
    let filled = template
        .replace("{n0}", &n.saturating_sub(1).to_string())
        .replace("{n}", &n.to_string())
        .replace("{stem}", &stem)
        .replace("{ext}", &ext);
    if let Some(query) = filled.strip_prefix('?') {
        let (name, value) = query.split_once('=')?;
        let mut url = first.clone();
        let others: Vec<(String, String)> =
            first.query_pairs().filter(|(known, _)| known != name).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
        return Some(url);
    }
    first.join(&filled).ok()
}
