//! A list page taken apart: its links with what stands beside them, its scripts, its visible text.
//!
//! Everything here is owned, so that the tree can be dropped before the walk goes on. A link knows
//! its row (the smallest piece of the page that is about this link alone), the date in that row, and
//! whether it stands in a menu, a header or a footer.

use super::address::Base;
use super::link::{self, ScriptLink, resolve};
use super::scripts;
use super::title_parts::{Parts, looks_like_agency};
use super::tree::{MOST_LINKS, RECORDS, Tree, ancestors, in_chrome, key, squeezed, text_of};
use super::unshown::{self, Unshown};
use crate::model::{Date, ReportRef, Year};
use crate::rules::ListForm;
use scraper::{ElementRef, Html};
use url::Url;

/// Most characters of visible text and of scripts kept.
const MOST_TEXT: usize = 400_000;
/// Most links of a page that only goes elsewhere.
const FEW_LINKS: usize = 3;

/// One followable link.
#[derive(Debug, Clone)]
pub(super) struct PageLink {
    pub(super) url: Url,
    /// The text as printed, or the `title` attribute where that says more.
    pub(super) title: String,
    /// What a link named 「更多」 stands beside.
    pub(super) more_of: Option<String>,
    /// Whether it says only what is done with it (查看), and neither does its row say what it is.
    pub(super) nameless: bool,
    /// Date in the link's row, with its year.
    pub(super) date: Option<Date>,
    /// Whether it stands in a menu, a header, a footer or a trail.
    pub(super) chrome: bool,
    /// Whether the profile's selector, or an embedded record, names it as an entry.
    pub(super) selected: bool,
    /// Links with the same number stand in rows side by side.
    pub(super) group: usize,
    /// Whether its number is one in a row of pages.
    pub(super) in_pager: bool,
    /// Whether it calls itself the next page without a word, by `rel` or by its class.
    pub(super) rel_next: bool,
}

/// A page without its tree.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) links: Vec<PageLink>,
    /// Links, and buttons that turn pages, that only a script can follow.
    pub(super) script_links: Vec<ScriptLink>,
    /// Whether a script leads to whichever of several pages is chosen.
    pub(super) chooses_page: bool,
    pub(super) scripts: String,
    /// Whether it has scripts in files of their own, which may do anything; libraries do nothing by themselves.
    pub(super) foreign_scripts: bool,
    pub(super) text: String,
    /// What the page calls itself: meta ArticleTitle, `<title>`, in this order.
    pub(super) titles: Vec<String>,
    /// What stands above it, or above a part of it.
    pub(super) headings: Vec<String>,
    /// Frames, refreshes and, behind these, feeds, where the list may be instead.
    pub(super) elsewhere: Vec<Url>,
    /// What only a script shows once it is chosen.
    pub(super) script_choices: Vec<String>,
    /// Signs of what is not on the page.
    pub(super) unshown: Unshown,
    /// What its addresses are relative to, where it says so.
    pub(super) base: Option<Base>,
    /// Whether it is an answer of an interface, all of whose links are entries.
    pub(super) is_feed: bool,
}

impl PageLink {
    /// An entry that an interface or a feed gives.
    pub(super) fn entry(url: Url, title: &str, date: Option<Date>) -> PageLink {
        PageLink {
            url,
            title: squeezed(title),
            more_of: None,
            nameless: false,
            date,
            chrome: false,
            selected: true,
            group: 0,
            in_pager: false,
            rel_next: false,
        }
    }
}

impl Page {
    /// Reads a page. `records` is markup embedded in its scripts, whose links are entries.
    pub(super) fn read(page: &Base, body: &str, records: &[&str], form: &ListForm) -> Page {
        let with_records;
        let source = if records.is_empty() {
            body
        } else {
            with_records = wrap_records(records) + body;
            with_records.as_str()
        };
        let html = Html::parse_document(source);
        let tree = Tree::of(&html, form);
        let base = base_of(&html, page);
        let mut page = Page::default();
        let mut meta_titles = Vec::new();
        let mut page_titles = Vec::new();
        let mut feeds = Vec::new();
        for element in html.root_element().descendent_elements() {
            page.unshown.note(element);
            match element.value().name() {
                "a" | "area" => page.add_link(element, &base, &tree),
                "option" => page.add_option(element, &base),
                "select" => {
                    page.chooses_page |= unshown::chooses_page(element);
                    page.script_choices.extend(link::choices_of_script(element));
                }
                "script" if page.scripts.len() < MOST_TEXT => {
                    page.foreign_scripts |= element.attr("src").is_some_and(|src| !is_library(src));
                    page.scripts.extend(element.text().chain(["\n"]));
                    page.scripts.truncate(page.scripts.floor_char_boundary(MOST_TEXT));
                }
                "link" if link::is_feed(element) => {
                    feeds.extend(element.attr("href").and_then(|href| resolve(&base, href)));
                }
                "link" if link::is_next(element) => {
                    let next = element.attr("href").and_then(|href| resolve(&base, href));
                    let entry =
                        |url| PageLink { chrome: true, selected: false, rel_next: true, ..PageLink::entry(url, "", None) };
                    page.links.extend(next.map(entry));
                }
                "iframe" | "frame" => page.elsewhere.extend(element.attr("src").and_then(|src| resolve(&base, src))),
                "meta" => {
                    let content = element.attr("content").unwrap_or("");
                    if element.attr("name").is_some_and(|name| name.eq_ignore_ascii_case("ArticleTitle")) {
                        meta_titles.push(content.to_owned());
                    }
                    if element.attr("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) {
                        page.elsewhere.extend(refresh_target(content).and_then(|target| resolve(&base, target)));
                    }
                }
                "h1" | "h2" | "h3" => page.headings.push(text_of(element, 300)),
                "title" => page_titles.push(text_of(element, 300)),
                "ul" | "ol" | "div" | "p" | "span" if unshown::numbers_pages(element) => page.chooses_page = true,
                name if name.contains('-') && page.scripts.len() < MOST_TEXT => page.add_data(element),
                _ if element.attr("onclick").is_some() => page.add_clicked(element, &base, &tree),
                _ if !page.is_full() => page.script_links.extend(link::awaits_click(element, &base)),
                _ => {}
            }
        }
        page.text = text_of(html.root_element(), MOST_TEXT);
        page.titles = [meta_titles, page_titles].concat();
        if page.links.len() <= FEW_LINKS {
            // A page of little but a script that goes elsewhere.
            page.elsewhere.extend(link::named_by(&page.scripts).and_then(|address| resolve(&base, address)));
        }
        page.elsewhere.append(&mut feeds);
        page.base = Some(base);
        page
    }

    /// All of its names, those that stand on it first.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.headings.iter().chain(&self.titles)
    }

    /// Adds the rows that the page's scripts carry as entries: whether there are any, and whether there may be more.
    pub(super) fn take_rows_of_scripts(&mut self) -> (bool, bool) {
        let Some(base) = &self.base else { return (false, false) };
        let (rows, cut) = scripts::rows(base, &self.scripts);
        let any = !rows.is_empty();
        self.links.extend(rows);
        (any, cut || self.scripts.len() + char::MAX.len_utf8() > MOST_TEXT)
    }

    /// Whether its scripts load what it shows.
    pub(super) fn loads_more(&self) -> bool {
        ["ajax", "$.get", "$.post", ".load(", "XMLHttpRequest", "fetch(", "axios"].iter().any(|call| self.scripts.contains(call))
    }

    /// Whether its scripts add to a list of so many rows as a reader scrolls: they count pages on, or tell a larger total.
    pub(super) fn scrolls_on(&self, rows: usize) -> bool {
        self.loads_more()
            && (scripts::counts_pages_on(&self.scripts) || scripts::total(&self.scripts).is_some_and(|total| total > rows))
    }

    /// Whether years or agencies can be chosen whose reports are not on the page, but loaded by its scripts.
    pub(super) fn hides_choices(&self, entries: &[ReportRef]) -> bool {
        let buttons = self.script_links.iter().filter_map(|link| link::lone_year(&link.text));
        let years = self.script_choices.iter().filter_map(|choice| link::lone_year(choice));
        let shows_year = |year: Year| entries.iter().any(|entry| entry.year == Some(year));
        let is_agency = |choice: &&String| choice.chars().count() > 2 && looks_like_agency(choice);
        let agencies: Vec<&String> = self.script_choices.iter().filter(is_agency).collect();
        let shows_agency = |name: &str| entries.iter().any(|entry| entry.title.contains(name));
        (self.foreign_scripts || self.loads_more()) && self.unshown.hides(&self.script_choices, entries)
            || self.loads_more()
                && (years.chain(buttons).any(|year| !shows_year(year))
                    || (agencies.len() > 1 && agencies.iter().any(|name| !shows_agency(name))))
    }

    /// Whether a button adds to what is shown, by a request, or by what is written in none of the page's own scripts.
    pub(super) fn adds_on_click(&self) -> bool {
        let is_foreign = |call: &str| {
            let named = call.split_once('(').map(|(name, _)| name).filter(|name| !name.is_empty());
            named.is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_') && !self.scripts.contains(name))
        };
        let by_script = self.loads_more() || self.foreign_scripts;
        self.script_links.iter().any(|link| link.adds && (by_script || is_foreign(&link.call)))
    }

    /// Whether the page says that there is nothing in it.
    pub(super) fn says_empty(&self) -> bool {
        let text: String = self.text.split_whitespace().collect();
        ["暂无", "没有找到", "没有相关", "无相关", "没有数据", "无数据", "未查询到", "暂未", "共0条", "共0页"]
            .iter()
            .any(|word| text.contains(word))
    }

    /// Data that an element of the site's own making is given, as one of its scripts.
    fn add_data(&mut self, element: ElementRef<'_>) {
        for (_, value) in element.value().attrs().filter(|(_, value)| value.starts_with(['[', '{'])) {
            self.scripts.extend(["\n", value]);
        }
        self.scripts.truncate(self.scripts.floor_char_boundary(MOST_TEXT));
    }

    /// A choice that leads to a page as soon as it is made: of years, of pages.
    fn add_option(&mut self, option: ElementRef<'_>, base: &Base) {
        let list = ancestors(option).find(|element| element.value().name() == "select");
        let leads = list
            .filter(|list| list.attr("onchange").is_some_and(|call| ["location", "open"].iter().any(|way| call.contains(way))));
        let is_address = |value: &&str| value.contains(['/', '?', '.']);
        let url = option.attr("value").filter(is_address).and_then(|value| resolve(base, value));
        if let (Some(list), Some(url)) = (leads, url) {
            let mut title = text_of(option, 300);
            if title.parse::<u32>().is_ok() && link::is_of_pages(list) {
                title = format!("第{title}页");
            }
            self.links.push(PageLink { chrome: false, selected: false, group: key(list), ..PageLink::entry(url, &title, None) });
        }
    }

    /// What answers to a click without being a link: a row that opens an address, or a button.
    fn add_clicked(&mut self, element: ElementRef<'_>, base: &Base, tree: &Tree) {
        if self.is_full() || tree.ignores(element) {
            return;
        }
        let opens = element.attr("onclick").and_then(link::named_by).and_then(|address| resolve(base, address));
        match opens.filter(|_| !link::holds_link(element)).zip(link::row_title(element, None)) {
            Some((url, title)) => {
                let date = link::row_date(tree.row_of(element), element).or_else(|| link::last_date(element));
                let group = element.parent().and_then(ElementRef::wrap).map_or(0, key);
                self.links.push(PageLink {
                    chrome: in_chrome(element),
                    selected: false,
                    group,
                    ..PageLink::entry(url, &title, date)
                });
            }
            None => self.script_links.extend(link::button(element)),
        }
    }

    /// Whether as many links as are looked at were found.
    fn is_full(&self) -> bool {
        self.links.len() + self.script_links.len() >= MOST_LINKS
    }

    fn add_link(&mut self, element: ElementRef<'_>, base: &Base, tree: &Tree) {
        if self.is_full() || tree.ignores(element) {
            return;
        }
        let (text, inner_date) = link::text(element);
        let Some(url) = link::target(element, base) else {
            return self.script_links.push(link::script_link(element, text));
        };
        let row = tree.row_of(element);
        let mut title = link::fuller(&text, element.attr("title"));
        // Of a report's page and its file in one row, the page is the entry.
        let beside_page = super::address::is_file(&url) && link::has_page(row, base);
        let says_nothing = link::is_bare(&title) || link::is_mark(&title);
        let bare = says_nothing && link::is_alone(row) && !beside_page;
        let in_cell = || link::cell_title(element).filter(|title| Parts::of(title).year().is_some());
        let of_row = || link::row_title(row, Some(element)).or_else(|| link::cell_title(element));
        let about = bare.then(|| in_cell().or_else(of_row)).flatten();
        // 「下载」 says nothing: the row says what. 「更多」 goes on, and what it is more of decides whether it is followed.
        let nameless = bare && about.is_none() && !super::entries::is_more(&title);
        let more_of = about.clone().filter(|_| super::entries::is_more(&title));
        if more_of.is_none() {
            title = about.unwrap_or(title);
        }
        self.links.push(PageLink {
            title,
            more_of,
            nameless,
            date: inner_date.or_else(|| link::row_date(row, element)),
            chrome: in_chrome(element),
            selected: tree.selected.contains(&key(element)),
            group: row.parent().and_then(ElementRef::wrap).map_or(0, key),
            in_pager: text.parse::<u32>().is_ok() && link::in_pager(element),
            rel_next: link::is_next(element),
            url,
        });
    }
}

/// Whether a script's file is one of the libraries that most pages have.
fn is_library(src: &str) -> bool {
    let file = src.rsplit('/').next().unwrap_or(src).to_ascii_lowercase();
    ["jquery", "bootstrap", "swiper", "hm.js"].iter().any(|name| file.starts_with(name))
}

/// The records that a Hanweb page, or its proxy's answer, carries in CDATA.
pub(super) fn records(body: &str) -> Vec<&str> {
    if !body.contains("<recordset") && !body.contains("<datastore") {
        return Vec::new();
    }
    let mut records = Vec::new();
    let mut rest = body;
    while let Some((before, behind)) = rest.split_once("<![CDATA[") {
        let Some((record, after)) = behind.split_once("]]>") else { break };
        if before.trim_end().ends_with("<record>") {
            records.push(record);
        }
        rest = after;
    }
    records
}

/// Records as markup that stands in front of the page; rows of tables get a table around them.
fn wrap_records(records: &[&str]) -> String {
    let mut html = format!("<div id=\"{RECORDS}\">");
    for record in records {
        let in_table = record.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<tr"));
        let (open, close) = if in_table { ("<table>", "</table>") } else { ("<div>", "</div>") };
        html.extend([open, record, close]);
    }
    html + "</div>"
}

/// The base that relative addresses are resolved against.
fn base_of(html: &Html, page: &Base) -> Base {
    let bases = html.root_element().descendent_elements().filter(|element| element.value().name() == "base");
    let href = bases.filter_map(|base| base.attr("href")).next();
    href.and_then(|href| page.join(href.trim())).map_or_else(|| page.clone(), |url| Base { url, ..page.clone() })
}

/// The address in `0; url=…`.
fn refresh_target(content: &str) -> Option<&str> {
    let at = content.to_ascii_lowercase().find("url=")?;
    content.get(at + 4..).map(|target| target.trim().trim_matches(['\'', '"']))
}
