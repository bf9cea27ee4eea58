//! From any page of an agency to its column of annual reports.
//!
//! The unified platform (国办公开办函〔2019〕61号) has every agency's page of 政府信息公开 carry four fixed
//! entries, one of them 政府信息公开年报; and every home page leads to that page. So the way is at most a
//! few links long: what reads like the column, else what reads like the entrance to it. Frames are
//! looked into, and the site's own map is the last resort. The search has a small budget of its own.

use super::ListPage;
use super::address;
use super::entries::{self, ColumnLink, Found, Here};
use super::harvest::Column;
use super::page::{Page, PageLink};
use super::request::Request;
use super::syndication;
use super::title_parts::{looks_like_agency, plain};
use super::walk::{How, Walk};
use crate::model::Problem;
use url::Url;

/// Links from the first page to the column, at most.
const LONGEST_WAY: u8 = 4;
/// Pages looked at in search of it.
const MOST_WAYS: usize = 8;
/// The same, in search of the column of one of many agencies.
const MOST_WAYS_OF_AGENCY: usize = 3;
/// Agencies that a page lists where it is one of agencies.
const FEW_AGENCIES: usize = 3;
/// A page with scripts and less text than this shows nothing without them.
const SHORTEST_LIST: usize = 50;
/// Maps of a site asked for at once, at most.
const MOST_MAPS: usize = 2;
/// Names of the entrance, the surest first.
const ENTRANCES: &[&str] =
    &["政府信息公开", "政府信息公开专栏", "政府信息公开平台", "信息公开", "信息公开专栏", "政务公开", "政府信息公开目录", "公开"];

/// A search for a column of annual reports.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    /// Pages asked for in search of it.
    pub(super) ways: usize,
    /// Whether a page was read that is the column, or has reports.
    pub(super) arrived: bool,
    /// Whose column it is, where a page of many agencies led to each of them.
    pub(super) agency: Option<String>,
}

/// The first page of a column, in every way it is looked at.
pub(super) struct First<'a> {
    pub(super) column: usize,
    pub(super) page: &'a ListPage<'a>,
    pub(super) read: &'a Page,
    pub(super) here: &'a Here<'a>,
    pub(super) found: &'a Found,
}

impl Walk {
    /// A first page without reports: whether it is a list all the same, or else follows where it leads
    /// and says why it is not understood.
    pub(super) fn is_list_of_nothing(&mut self, first: &First<'_>) -> bool {
        let First { column, page, read, here, found } = *first;
        let needs = self.profile_of(column).and_then(|profile| {
            let by_script =
                profile.feed.iter().any(|feed| !feed.embedded).then(|| "列表由脚本从接口载入，接口没有认出".to_owned());
            profile.unsupported.clone().or(by_script)
        });
        let scripted = ["v-for=", "ng-repeat=", "{{"].iter().any(|sign| page.body.contains(sign));
        let itself = entries::names_itself_reports(read, here);
        let shell = || page.body.contains("<script") && read.text.chars().count() < SHORTEST_LIST;
        let needs_browser = !found.tells() && (needs.is_some() || scripted || read.loads_more() || shell());
        if !itself && self.look_elsewhere(first) {
            // An address in a script of a page without links may as well be what the script loads.
            self.needs_browser = needs_browser && read.links.is_empty();
            return false;
        }
        self.needs_browser = needs_browser;
        if needs.is_none() && !scripted {
            // News beside a frame are not the list that it shows.
            let led_on = itself && !found.tells() && self.look_elsewhere(first);
            let empty = read.says_empty() && !read.loads_more();
            self.columns[column].told |= itself && empty;
            // The root of a site shows news, never the whole of a column.
            if found.is_list && (itself || page.url.path().len() > 1) {
                return true;
            }
            if led_on || (empty && !found.is_list) {
                return false;
            }
        }
        self.columns[column].needs_browser = self.needs_browser && self.rendered.is_none();
        if self.ask_map(column, page.url) {
            return false;
        }
        if needs.is_none() && self.columns[column].shown_in.is_some() && !read.loads_more() {
            self.bare_frames.push(self.unread(column, None));
        } else {
            self.not_understood(column, needs);
        }
        false
    }

    /// A column of which nothing can be said.
    pub(super) fn not_understood(&mut self, column: usize, why: Option<String>) {
        let problem = self.unread(column, why);
        self.harvest.trouble(problem);
    }

    fn unread(&self, column: usize, why: Option<String>) -> Problem {
        let why = why.unwrap_or_else(|| "页面上没有认出列表".to_owned());
        let state = &self.columns[column];
        if state.needs_browser {
            let advice = "可在门户配置中写 browser = true，由本机的 Chromium 显示，或人工查看";
            return Problem::new("needs-browser", format!("栏目 {} 由脚本生成，未能读取：{why}；{advice}", state.first));
        }
        Problem::new("list-not-understood", format!("栏目 {}：{why}", state.first))
    }

    /// Follows the column of reports that an agency's page links to, or the frames of a page without
    /// a list. Whether there was one.
    pub(super) fn look_elsewhere(&mut self, first: &First<'_>) -> bool {
        let First { column, page, read, here, found } = *first;
        let before = self.asked;
        if !entries::names_itself_reports(read, here) {
            self.follow_way(column, read, here);
        }
        let (level, way) = (self.columns[column].level, self.columns[column].way);
        if !found.tells() && self.asked == before && level < self.limits.levels {
            let (label, itself) = (self.columns[column].label.clone(), self.columns[column].itself);
            for url in read.elsewhere.iter().filter(|url| !address::same_page(url, page.url)).take(3) {
                let frame = Column::new(url.clone(), label.clone(), level + 1, way);
                let search = self.columns[column].search;
                let shown = Column { shown_in: Some(column), itself, search, ..frame };
                self.open_column(shown, None);
            }
        }
        self.asked > before
    }

    /// Follows what leads from a page to the column. Whether anything was asked for.
    pub(super) fn follow_way(&mut self, column: usize, read: &Page, here: &Here<'_>) -> bool {
        let (level, way, search) = (self.columns[column].level, self.columns[column].way, self.columns[column].search);
        if way >= LONGEST_WAY {
            return false;
        }
        let columns = column_of(read, here);
        let agencies = if columns.is_empty() && search == 0 { agencies(read, here) } else { Vec::new() };
        let mut led = false;
        for agency in agencies {
            let of = Search { ways: 1, arrived: false, agency: Some(plain(&agency.label)) };
            let behind = Column { search: self.searches.len(), ..Column::new(agency.url, Some(agency.label), level, way + 1) };
            self.searches.push(of);
            led |= self.open_column(behind, None);
        }
        if led {
            self.searches[search].arrived = true;
            return true;
        }
        let most = if search == 0 { MOST_WAYS } else { MOST_WAYS_OF_AGENCY };
        let leads = if columns.is_empty() { entrances(read, here) } else { columns };
        for lead in leads {
            let behind = Column { search, ..Column::new(lead.url, Some(lead.label), level, way + 1) };
            if self.searches[search].ways < most && self.open_column(behind, None) {
                self.searches[search].ways += 1;
                led = true;
            }
        }
        led
    }

    /// Asks for the site's maps, once, where no page led anywhere: those that its robots.txt names, else the one at the usual
    /// place. Whether any was asked for.
    pub(super) fn ask_map(&mut self, column: usize, from: &Url) -> bool {
        if self.columns[column].level > 0 || self.searches.iter().any(|search| search.arrived) || self.mapped {
            return false;
        }
        self.mapped = true;
        let mut maps = std::mem::take(&mut self.maps);
        if maps.is_empty() {
            maps.extend(from.join("/sitemap.xml").ok());
        }
        let before = self.asked;
        for map in maps.into_iter().take(MOST_MAPS) {
            self.ask(Request::get(map), column, How::Map);
        }
        self.asked > before
    }

    /// A map that leads nowhere: the last one says so.
    pub(super) fn without_map(&mut self, column: usize) {
        if self.searches[0].ways == 0 && !self.map_is_asked() {
            self.not_understood(column, None);
        }
    }

    /// The site's map: its addresses that read like the column, the shortest first; or further maps.
    pub(super) fn take_map(&mut self, column: usize, page: &ListPage<'_>) {
        let (maps, mut addresses) = syndication::addresses(page.url, page.body);
        addresses.retain(|url| address::leads_to_reports(url) && self.portal.covers(url));
        addresses.sort_by_key(|url| (url.path().len(), url.as_str().to_owned()));
        addresses.dedup();
        let mut led = false;
        for url in addresses.into_iter().take(2) {
            led |= self.open_column(Column::new(url, None, 0, 1), None);
        }
        for map in maps.into_iter().take(if led { 0 } else { MOST_MAPS }) {
            led |= self.ask(Request::get(map), column, How::Map);
        }
        if led {
            self.searches[0].ways += 1;
        } else {
            self.without_map(column);
        }
    }
}

/// Whether a page shows some reports among other things, or in a box under the name of a column that it leads to.
pub(super) fn shows_some(page: &Page, here: &Here<'_>, found: &Found) -> bool {
    let boxed = || !found.set_aside.is_empty() || page.headings.iter().any(|heading| entries::is_named_column(heading));
    found.is_mixed() || (boxed() && !column_of(page, here).is_empty())
}

/// The column of annual reports that an agency's page leads to: the links nearest to the page.
pub(super) fn column_of(page: &Page, here: &Here<'_>) -> Vec<ColumnLink> {
    let is_column = |link: &&PageLink| entries::is_column_name(&link.title);
    // A bare 年报 may be another report's column, where the full name stands on the page too.
    let sureness = |link: &PageLink| u8::from(link.title.contains("信息公开"));
    nearest(page, here, 3, is_column, sureness)
}

/// The agencies that a page of 信息公开 lists, each with pages of its own below it: 部门信息公开, 乡镇信息公开.
fn agencies(page: &Page, here: &Here<'_>) -> Vec<ColumnLink> {
    let discloses = |name: &str| name.contains("信息公开");
    if !(here.label.is_some_and(discloses) || page.names().any(|name| discloses(name))) {
        return Vec::new();
    }
    let is_agency = |link: &PageLink| {
        !link.chrome && link.date.is_none() && looks_like_agency(&plain(&link.title)) && !address::is_article(&link.url)
    };
    let leads = |link: &PageLink| here.portal.covers(&link.url) && address::is_below(&link.url, here.url);
    let mut agencies: Vec<ColumnLink> = Vec::new();
    for link in page.links.iter().filter(|link| is_agency(link) && leads(link)) {
        if !agencies.iter().any(|known| address::same_page(&known.url, &link.url)) {
            agencies.push(ColumnLink { url: link.url.clone(), label: link.title.clone(), otherwise: None });
        }
    }
    if agencies.len() < FEW_AGENCIES { Vec::new() } else { agencies }
}

/// The entrance to 政府信息公开 that a home page leads to.
fn entrances(page: &Page, here: &Here<'_>) -> Vec<ColumnLink> {
    let rank = |link: &PageLink| {
        let text = plain(&link.title);
        let text = text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let at = ENTRANCES.iter().position(|name| text == *name);
        // 「云溪市财政局政府信息公开」
        at.or_else(|| (text.ends_with("政府信息公开") && text.chars().count() <= 20).then_some(ENTRANCES.len()))
    };
    nearest(
        page,
        here,
        2,
        |link| rank(link).is_some(),
        |link| u8::MAX - u8::try_from(rank(link).unwrap_or(255)).unwrap_or(u8::MAX),
    )
}

/// The surest and nearest of the links that are wanted: on the same host, sharing the most of the path.
fn nearest(
    page: &Page,
    here: &Here<'_>,
    most: usize,
    wanted: impl Fn(&&PageLink) -> bool,
    sureness: impl Fn(&PageLink) -> u8,
) -> Vec<ColumnLink> {
    let usable = |link: &&PageLink| {
        here.portal.covers(&link.url) && !address::is_file(&link.url) && !address::same_page(&link.url, here.url)
    };
    let candidates: Vec<&PageLink> = page.links.iter().filter(wanted).filter(usable).collect();
    let worth = |link: &PageLink| {
        let (a, b) = (here.url.path().split('/'), link.url.path().split('/'));
        let same_host = link.url.host_str() == here.url.host_str();
        (sureness(link), same_host, a.zip(b).take_while(|(a, b)| a == b).count())
    };
    let best = candidates.iter().map(|link| worth(link)).max();
    let mut columns: Vec<ColumnLink> = Vec::new();
    for link in candidates.into_iter().filter(|link| Some(worth(link)) == best) {
        if columns.len() < most && !columns.iter().any(|known| address::same_page(&known.url, &link.url)) {
            columns.push(ColumnLink { url: link.url.clone(), label: link.title.clone(), otherwise: None });
        }
    }
    columns
}
