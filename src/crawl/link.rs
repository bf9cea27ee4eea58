//! One link of a list page: where it leads, what it is called, and the date beside it.
//!
//! Many links lead on only by a script. Where the script's call names the address, the link is followed there;
//! nothing is run.

use super::address::Base;
use super::title_parts::plain;
use super::tree::{squeezed, text_of, text_without};
use crate::model::{Date, Year};
use crate::text::dates::dates;
use regex::Regex;
use scraper::{ElementRef, Node};
use std::sync::LazyLock;
use url::Url;

static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\(|\bopen\s*\()\s*['"]([^'"<>\s]+)['"]"#)
        .expect("the pattern is a literal")
});
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^[\w.$]+\(\s*['"]((?:https?:/|\.{0,2})/[^'"<>\s]*|[^'"<>\s]+\.(?:s?html?|jsp|aspx?|php)(?:\?[^'"<>\s]*)?)['"]"#)
        .expect("the pattern is a literal")
});

/// A link that only a script can follow.
#[derive(Debug)]
pub(super) struct ScriptLink {
    pub(super) text: String,
    /// What the script is called with, without the words that do nothing.
    pub(super) call: String,
    /// Whether it carries the number of a page that a script turns to.
    pub(super) turns: bool,
    /// Whether it asks for more of what it stands beside, and that is of reports.
    pub(super) adds: bool,
}

/// Where a link leads: its address, else the one that its script names; nothing where only the script knows.
pub(super) fn target(link: ElementRef<'_>, base: &Base) -> Option<Url> {
    let of = |name: &str| link.attr(name).unwrap_or("").trim();
    resolve(base, of("href"))
        .or_else(|| [of("href"), of("onclick")].into_iter().find_map(|script| resolve(base, named_by(script)?)))
        .or_else(|| ["data-href", "data-url", "data-link"].into_iter().find_map(|name| resolve(base, of(name))))
}

/// The address that a script goes to, where its text names one.
pub(super) fn named_by(script: &str) -> Option<&str> {
    let call = idle(script);
    let found = ASSIGNED.captures(call).or_else(|| CALLED.captures(call))?;
    found.get(1).map(|address| address.as_str())
}

/// A script without what does nothing in front.
fn idle(script: &str) -> &str {
    let mut call = script.trim();
    loop {
        let before = call;
        for word in ["javascript:", "void(0)", "void 0", "return ", ";"] {
            call = call.strip_prefix(word).unwrap_or(call).trim_start();
        }
        if call == before {
            return call;
        }
    }
}

/// The same link as one that only a script can follow.
pub(super) fn script_link(link: ElementRef<'_>, text: String) -> ScriptLink {
    let (href, onclick) = (link.attr("href").unwrap_or(""), link.attr("onclick").unwrap_or(""));
    let call = [idle(href), idle(onclick)].join(" ").trim().to_owned();
    let off = link.attr("class").is_some_and(|class| class.to_ascii_lowercase().contains("disabled"));
    let adds = super::entries::asks_for_more(&text) && super::unshown::stands_by_reports(link);
    ScriptLink { text, call, turns: link.attr("data-page").is_some() && !off, adds }
}

/// Whether a link names an address, and not a script or a place on the page.
pub(super) fn is_address(link: ElementRef<'_>) -> bool {
    link.attr("href").is_some_and(|href| !href.is_empty() && !href.starts_with(['#', 'j', 'J']))
}

/// What is no link but answers to a click, a few words alone; nothing where it is switched off, or moves pictures.
pub(super) fn button(element: ElementRef<'_>) -> Option<ScriptLink> {
    element.attr("onclick")?;
    if element.attr("disabled").is_some() || moves_pictures(element.attr("class").unwrap_or("")) {
        return None;
    }
    let text = element.attr("value").map_or_else(|| text_of(element, LONGEST_BUTTON), squeezed);
    (!text.is_empty() && text.len() < LONGEST_BUTTON).then(|| script_link(element, text))
}

/// The most bytes that a button's words have.
pub(super) const LONGEST_BUTTON: usize = 40;

/// Words in the class of what turns no page: it is switched off, or moves pictures.
const IDLE: [&str; 6] = ["disabled", "swiper", "slick", "carousel", "owl", "banner"];

/// Whether a class is that of what moves pictures, or of what is switched off.
pub(super) fn moves_pictures(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    IDLE.iter().any(|word| class.contains(word))
}

/// What a choice offers, where only a script knows what it leads to: not where a form is sent.
pub(super) fn choices_of_script(list: ElementRef<'_>) -> impl Iterator<Item = String> {
    let leads = |action: &str| !action.is_empty() && !action.starts_with(['#', 'j']);
    let is_sent = |around: ElementRef<'_>| around.value().name() == "form" && around.attr("action").is_some_and(leads);
    let by_script = match list.attr("onchange") {
        Some(call) => ["location", "open"].iter().all(|way| !call.contains(way)),
        None => !list.ancestors().filter_map(ElementRef::wrap).any(is_sent),
    };
    let is_address = |option: ElementRef<'_>| option.attr("value").is_some_and(|value| value.contains(['/', '.', '?']));
    let options = list.child_elements().filter(move |option| by_script && !is_address(*option));
    options.map(|option| text_of(option, LONGEST_BUTTON))
}

/// What only a script that waits for clicks can make a button: words that ask for more, or one of the years of a row of tabs.
pub(super) fn awaits_click(element: ElementRef<'_>, base: &Base) -> Option<ScriptLink> {
    let mut texts = element.children().filter_map(|node| node.value().as_text()).filter(|text| !text.trim().is_empty());
    let text = texts.next().filter(|text| text.len() < LONGEST_BUTTON).map(|text| squeezed(text))?;
    let tabs = |around: ElementRef<'_>| around.attr("class").is_some_and(|class| class.contains("tab"));
    let is_tab = || {
        element.value().attrs().any(|(name, _)| name.starts_with("data-") && !name.starts_with("data-v-"))
            || element.parent().and_then(ElementRef::wrap).is_some_and(tabs)
    };
    let asks = super::entries::asks_for_more(&text) || (lone_year(&text).is_some() && is_tab());
    let leads = |link: ElementRef<'_>| link.value().name() == "a" && target(link, base).is_some();
    let led = || holds_link(element) || element.ancestors().filter_map(ElementRef::wrap).any(leads);
    (asks && texts.next().is_none() && !led()).then(|| script_link(element, text))
}

/// The year of a text that is nothing else: 2024, 2024年, 2024年度.
pub(super) fn lone_year(text: &str) -> Option<Year> {
    let text = plain(text);
    let (year, end) = *super::title_parts::years_of(&text).first()?;
    (end == 4 && matches!(&text[end..], "" | "年" | "年度")).then_some(year)
}

/// Whether an element of a page's head names its feed.
pub(super) fn is_feed(link: ElementRef<'_>) -> bool {
    let of_feed = |kind: &str| ["application/rss+xml", "application/atom+xml"].contains(&kind.to_ascii_lowercase().as_str());
    link.attr("type").is_some_and(of_feed)
}

/// Whether the word stands around a choice of numbers, not in it: 「第 [2] 页」.
pub(super) fn is_of_pages(list: ElementRef<'_>) -> bool {
    list.parent().and_then(ElementRef::wrap).is_some_and(|around| text_of(around, 300).contains('页'))
}

/// Whether a link calls itself the next page without a word that people read: `rel=next`, or a class.
pub(super) fn is_next(link: ElementRef<'_>) -> bool {
    let class = link.attr("class").unwrap_or("").to_ascii_lowercase();
    let next = |name: &str| name == "next" || ["-next", "_next"].iter().any(|end| name.ends_with(end)) || name == "nextpage";
    let off = IDLE.iter().any(|word| class.contains(word));
    link.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("next")) || (!off && class.split_whitespace().any(next))
}

/// A followable address, without its fragment, but where that is the number of a column (`/gkmlpt/index#2004`).
pub(super) fn resolve(base: &Base, href: &str) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') || href.len() > 2_000 {
        return None;
    }
    let mut url = base.join(href).filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())?;
    let of_column = |fragment: &str| fragment.len() > 2 && fragment.bytes().all(|byte| byte.is_ascii_digit());
    if !url.fragment().is_some_and(of_column) || !url.path().ends_with("/index") {
        url.set_fragment(None);
    }
    Some(url)
}

/// A link's own text, and the date where it stands inside the link.
pub(super) fn text(link: ElementRef<'_>) -> (String, Option<Date>) {
    let mut title = String::new();
    let mut date = None;
    // A card that is one link has a heading, and a summary that is none of the title.
    let named = link.descendent_elements().find(is_heading).unwrap_or(link);
    for node in link.descendants() {
        let Node::Text(text) = node.value() else { continue };
        match lone_date(text) {
            Some(found) => date = date.or(Some(found)),
            None if title.len() < 2_000 && node.ancestors().any(|above| above == *named) => title.push_str(text),
            None => {}
        }
    }
    if title.trim().is_empty()
        && let Some(alt) = link.descendants().filter_map(ElementRef::wrap).find_map(|element| element.attr("alt"))
    {
        title = alt.to_owned();
    }
    (squeezed(&title), date)
}

fn is_heading(element: &ElementRef<'_>) -> bool {
    matches!(element.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// The date of a text that is little else.
fn lone_date(text: &str) -> Option<Date> {
    let found = dates(text);
    let [(range, date)] = found.as_slice() else { return None };
    let rest = text[..range.start].chars().chain(text[range.end..].chars()).filter(|c| c.is_alphabetic()).count();
    (rest <= 5).then_some(*date)
}

/// The text, or the `title` attribute where the text is only its beginning.
pub(super) fn fuller(text: &str, attribute: Option<&str>) -> String {
    let Some(attribute) = attribute.map(squeezed).filter(|attribute| !attribute.is_empty()) else { return text.to_owned() };
    let (short, long) = (plain(text), plain(&attribute));
    let begun = short.trim_end_matches(['.', '⋯']);
    let cut = begun.len() < short.len();
    if begun.is_empty() || (long.len() > begun.len() && long.starts_with(begun)) || (cut && long.contains("信息公开")) {
        attribute
    } else {
        text.to_owned()
    }
}

/// What links say that only name what is done with them; 「更多」 is one too.
const BARE: &[&str] = &[
    "下载",
    "查看",
    "详情",
    "详细",
    "详细内容",
    "全文",
    "阅读",
    "浏览",
    "打开",
    "预览",
    "附件",
    "链接",
    "正文",
    "年报",
    "更多",
    "view",
    "download",
    "more",
    "pdf",
    "word",
    "doc",
    "docx",
    "wps",
    "ofd",
    "文档",
    "文件",
    "版",
];

/// Whether a link's text only says what is done with it, in words such as 下载, 点击查看, 阅读全文, 下载PDF.
pub(super) fn is_bare(text: &str) -> bool {
    let text: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let mut rest = text.trim_start_matches("点击").trim_start_matches("在线");
    while let Some(behind) = BARE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = behind;
    }
    rest.is_empty() && !text.is_empty() && text != "年报"
}

/// Whether a link is but a tick or a dot: the table around it says of what. Arrows and dots in a row turn pages.
pub(super) fn is_mark(text: &str) -> bool {
    let mut marks = text.trim().chars();
    marks.next().is_some_and(|mark| "√✓✔●○★☆■□▲◆⊙".contains(mark)) && marks.next().is_none()
}

/// Whether a link's number stands in a row of the numbers of pages: 1, 2 and on, of which just the page's own leads nowhere.
pub(super) fn in_pager(link: ElementRef<'_>) -> bool {
    let mut above = link.ancestors().filter_map(ElementRef::wrap);
    // A number is often wrapped, in an item of a list.
    let around = above.next().and_then(|wrap| if wrap.child_elements().nth(1).is_none() { above.next() } else { Some(wrap) });
    let Some(around) = around.filter(|around| !is_calendar(*around)) else { return false };
    let numbered = |child: ElementRef<'_>| {
        let number: u32 = text_of(child, LONGEST_BUTTON).parse().ok()?;
        Some((number, is_address(child) || child.descendent_elements().any(is_address)))
    };
    let numbers: Vec<(u32, bool)> = around.child_elements().filter_map(numbered).take(MOST_NUMBERS + 1).collect();
    let ascending = numbers.windows(2).all(|pair| pair[0].0 < pair[1].0);
    numbers.len() <= MOST_NUMBERS
        && numbers.first().is_some_and(|(number, _)| *number == 1)
        && ascending
        && numbers.iter().filter(|(_, leads)| !leads).count() == 1
}

/// Most numbers in one row of pages; a month has more days.
const MOST_NUMBERS: usize = 20;

fn is_calendar(element: ElementRef<'_>) -> bool {
    let class = element.attr("class").unwrap_or("").to_ascii_lowercase();
    element.value().name() == "tr" || ["cal", "date", "rili"].iter().any(|word| class.contains(word))
}

/// Whether all links of a row say no more than that.
pub(super) fn is_alone(row: ElementRef<'_>) -> bool {
    row.descendent_elements().filter(|element| element.value().name() == "a").all(|link| {
        let text = text_of(link, 300);
        is_bare(&text) || is_mark(&text)
    })
}

/// Whether one of a row's links leads to a page, not to a file.
pub(super) fn has_page(row: ElementRef<'_>, base: &Base) -> bool {
    let links = row.descendent_elements().filter(|element| element.value().name() == "a");
    links.filter_map(|link| target(link, base)).any(|url| !super::address::is_file(&url))
}

/// What a row is about: its heading, else the longest of its pieces that is no date, with the year that stands alone in another,
/// without what stands in one of its links.
pub(super) fn row_title(row: ElementRef<'_>, without: Option<ElementRef<'_>>) -> Option<String> {
    if let Some(heading) = row.descendent_elements().find(is_heading) {
        return Some(text_of(heading, 300));
    }
    let texts = row.children().filter_map(|node| node.value().as_text()).map(|text| squeezed(text));
    let elements = row.child_elements().filter(|element| Some(*element) != without);
    let pieces: Vec<String> = texts.chain(elements.map(|element| text_without(element, 300, without))).collect();
    let names = |piece: &&String| piece.contains(char::is_alphabetic) && lone_date(piece).is_none() && !is_bare(piece);
    let name = pieces.iter().filter(names).filter(|piece| lone_year(piece).is_none()).max_by_key(|piece| piece.len())?;
    // The year often has a cell of its own.
    let year = pieces.iter().find_map(|piece| lone_year(piece)).filter(|_| super::title_parts::years_of(&plain(name)).is_empty());
    Some(year.map_or_else(|| name.clone(), |year| format!("{year}年{name}")))
}

/// What a cell of a table of agencies and years is about: the year above it, and the name in front of its row.
pub(super) fn cell_title(link: ElementRef<'_>) -> Option<String> {
    let around = |name: &str| link.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == name);
    let (cell, row, table) = (around("td")?, around("tr")?, around("table")?);
    let at = row.child_elements().position(|other| other == cell)?;
    let head = table.descendent_elements().find(|element| element.value().name() == "tr")?.child_elements().nth(at);
    let year = head.and_then(|head| super::title_parts::years_of(&plain(&text_of(head, 300))).first().map(|(year, _)| *year));
    let name = row_title(row, Some(cell)).filter(|_| is_alone(row))?;
    Some(year.map_or_else(|| name.clone(), |year| format!("{year}年{name}")))
}

/// The last date that stands in an element.
pub(super) fn last_date(element: ElementRef<'_>) -> Option<Date> {
    dates(&text_of(element, 2_000)).last().map(|(_, date)| *date)
}

/// The date in the row of a link: beside the link, else just before or behind the row, where only one is.
pub(super) fn row_date(row: ElementRef<'_>, link: ElementRef<'_>) -> Option<Date> {
    if row != link {
        let beside = text_without(row, 2_000, Some(link));
        if let Some((_, date)) = dates(&beside).last() {
            return Some(*date);
        }
    }
    let (mut before, mut behind) = (None, None);
    for sibling in row.prev_siblings().take(3) {
        match (sibling.value(), ElementRef::wrap(sibling)) {
            (Node::Text(text), _) => before = before.or_else(|| lone_date(text)),
            (_, Some(element)) if holds_link(element) => break,
            (_, Some(element)) => before = before.or_else(|| lone_date(&text_of(element, 200))),
            _ => {}
        }
    }
    for sibling in row.next_siblings().take(3) {
        match (sibling.value(), ElementRef::wrap(sibling)) {
            (Node::Text(text), _) => behind = behind.or_else(|| lone_date(text)),
            (_, Some(element)) if holds_link(element) => break,
            (_, Some(element)) => behind = behind.or_else(|| lone_date(&text_of(element, 200))),
            _ => {}
        }
    }
    match (before, behind) {
        (Some(date), None) | (None, Some(date)) => Some(date),
        _ => None,
    }
}

pub(super) fn holds_link(element: ElementRef<'_>) -> bool {
    element.descendent_elements().any(|inner| inner.value().name() == "a")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_name_an_address_are_followed_there() {
        for (script, address) in [
            ("javascript:location='list_2.html'", Some("list_2.html")),
            ("javascript:void(0); window.open('/a/1.html')", Some("/a/1.html")),
            ("location.href = \"?page=2\"", Some("?page=2")),
            ("return openInfo('/a/1.html', 3);", Some("/a/1.html")),
            ("show('a1.jsp?id=3')", Some("a1.jsp?id=3")),
            ("javascript:__doPostBack('pager','2')", None),
            ("javascript:goto(2)", None),
            ("javascript:void(0)", None),
        ] {
            assert_eq!(named_by(script), address, "{script}");
        }
    }
}
