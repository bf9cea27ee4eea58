//! The walk over one column: what was asked for, what was seen, what remains.
//!
//! `start` gives the first request, `step` takes one page and gives the next requests, `failed`
//! takes one that could not be had, `finish` gives the listing. The walk itself fetches nothing. It
//! ends because everything is asked for once and no more of it than its budget. What the first page
//! of a column is told here; how lists go on stands in `onward`, how the column is found in `way`.

use super::address::{Base, identity};
use super::entries::{self, Found, Here};
use super::harvest::{Column, Harvest, Listing, prefix_of};
use super::page::{Page, records};
use super::request::Request;
use super::way::{First, Search};
use super::{Awaited, LIST_GONE, Limits, ListPage, Step, scripts, syndication};
use crate::model::{Portal, Problem, ReportRef};
use crate::rules::{ListForm, Profile};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use url::Url;

/// Why something was asked for.
#[derive(Debug, Clone)]
pub(super) enum How {
    /// The first page of a column; what it is where it is no list.
    First { otherwise: Option<ReportRef> },
    /// A further page that a page links.
    Page,
    /// A further page at an address that was made up, after a template or a script's call.
    MadeUp,
    /// Page two after a template that may be wrong; the templates left.
    Guess { template: String, left: Vec<String> },
    /// An answer of the column's interface.
    Feed,
    /// The head of the list once more, because entries moved while it was read.
    Again,
    /// The site's own map, where no page led to the column.
    Map,
}

#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) column: usize,
    pub(super) how: How,
}

/// The state of one walk.
#[derive(Debug, Clone)]
pub struct Walk {
    pub(super) portal: Portal,
    /// Those of all walks: thousands go on at one time.
    profiles: Arc<Vec<Profile>>,
    /// Which of them the portal names, or was recognised last.
    profile: Option<usize>,
    pub(super) limits: Limits,
    pub(super) columns: Vec<Column>,
    pending: BTreeMap<String, Asked>,
    /// Everything asked for or read.
    pub(super) seen: HashSet<String>,
    pub(super) harvest: Harvest,
    pub(super) asked: usize,
    read: usize,
    over_budget: bool,
    /// The search for the column, and where its page is one of many agencies, one for the column of each.
    pub(super) searches: Vec<Search>,
    /// Whether the column of reports itself was read.
    pub(super) arrived_itself: bool,
    /// The site's maps, where its robots.txt names them, and whether they were asked for.
    pub(super) maps: Vec<Url>,
    pub(super) mapped: bool,
    /// Frames that show no list: what another one shows may be all there is.
    pub(super) bare_frames: Vec<Problem>,
    /// Asked for since the last step ended.
    fresh_asks: Vec<Request>,
    /// Whether the page of this step is made by scripts that did not run.
    pub(super) needs_browser: bool,
    /// The rows that the list of this step's page has by the data that its scripts fetched, where a browser ran them.
    pub(super) rendered: Option<usize>,
}

impl Walk {
    /// Begins at a column; `pending` gives its address.
    pub fn start(portal: &Portal, column: Url, profiles: &Arc<Vec<Profile>>, limits: Limits) -> Walk {
        let mut walk = Walk {
            portal: portal.clone(),
            profiles: Arc::clone(profiles),
            profile: None,
            limits,
            columns: Vec::new(),
            pending: BTreeMap::new(),
            seen: HashSet::new(),
            harvest: Harvest::of_at_most(limits.entries),
            asked: 0,
            read: 0,
            over_budget: false,
            searches: vec![Search::default()],
            arrived_itself: false,
            maps: Vec::new(),
            mapped: false,
            bare_frames: Vec::new(),
            fresh_asks: Vec::new(),
            needs_browser: false,
            rendered: None,
        };
        if portal.profile != "auto" {
            walk.profile = profiles.iter().position(|profile| profile.name == portal.profile);
            if walk.profile.is_none() {
                walk.harvest
                    .problems
                    .push(Problem::new("unknown-profile", format!("没有名为 {} 的栏目样式，已自动识别", portal.profile)));
            }
        }
        walk.open_column(Column::new(column, None, 0, 0), None);
        walk.fresh_asks.clear();
        walk
    }

    /// Notes where the site's maps lie, as its robots.txt says.
    pub fn know_maps(&mut self, maps: Vec<Url>) {
        self.maps = maps;
    }

    /// What was asked for and is not yet answered.
    pub fn pending(&self) -> Vec<Request> {
        self.pending.values().map(|asked| asked.request.clone()).collect()
    }

    /// Whether the walk only tries this: a refusal of it says nothing about the site.
    pub fn is_attempt(&self, request: &Request) -> bool {
        self.pending.get(&request.name()).is_some_and(|asked| matches!(asked.how, How::Guess { .. } | How::Map))
    }

    /// The same, each with what it is taken for.
    pub fn awaited(&self) -> Vec<Awaited> {
        let awaited = |asked: &Asked| Awaited {
            request: asked.request.clone(),
            what: match asked.how {
                How::First { .. } => "column",
                How::Page | How::MadeUp => "page",
                How::Guess { .. } => "guess",
                How::Feed => "feed",
                How::Map => "map",
                How::Again => "again",
            },
            label: self.columns[asked.column].label.clone().filter(|_| matches!(asked.how, How::First { .. })),
        };
        self.pending.values().map(awaited).collect()
    }

    /// Reads one page; a page that was not asked for is ignored.
    pub fn step(&mut self, page: &ListPage<'_>) -> Step {
        let Some(asked) = self.pending.remove(&page.asked.name()) else { return Step::default() };
        self.read += 1;
        self.needs_browser = false;
        self.seen.insert(identity(page.url));
        match asked.how {
            How::Feed => self.take_answer(asked.column, page),
            How::Map => self.take_map(asked.column, page),
            How::Again => self.catch_up(asked.column, page),
            How::First { otherwise } => {
                self.choose_profile(asked.column, page);
                self.first_page(asked.column, &asked.request.url, page, otherwise);
            }
            How::Page | How::MadeUp => self.further_page(asked.column, page),
            How::Guess { template, left } => self.judge_guess(asked.column, template, left, page),
        }
        Step { next: self.take_asked(), needs_browser: self.needs_browser }
    }

    /// The same as a browser shows it, with the data that its scripts fetched: these tell how many rows there are, if anything.
    pub fn step_rendered(&mut self, page: &ListPage<'_>, data: &str) -> Step {
        self.rendered = Some(scripts::total(data).unwrap_or(usize::MAX));
        let step = self.step(page);
        self.rendered = None;
        step
    }

    /// Notes that something could not be had. May give other requests to try instead.
    pub fn failed(&mut self, request: &Request, problem: Problem) -> Step {
        let Some(asked) = self.pending.remove(&request.name()) else { return Step::default() };
        match asked.how {
            How::Guess { left, .. } => self.guess(asked.column, left),
            // The link reads like a report's: whoever fetches reports will say what is wrong with it.
            How::First { otherwise: Some(entry) } => self.harvest.keep(entry),
            How::Map => self.without_map(asked.column),
            // A call that leads behind the last of the pages stated: that nothing is there agrees with what they state. What
            // a page links itself contradicts that.
            How::MadeUp if problem.code == LIST_GONE && self.columns[asked.column].just_those_stated_were_read() => {}
            _ => {
                self.columns[asked.column].failed += 1;
                self.harvest.trouble(problem);
            }
        }
        Step { next: self.take_asked(), needs_browser: false }
    }

    /// The listing of what was seen.
    pub fn finish(mut self) -> Listing {
        if !self.pending.is_empty() {
            let message = format!("还有 {} 个列表页没有查看", self.pending.len());
            self.harvest.trouble(Problem::new("list-not-finished", message));
        }
        for problem in self.columns.iter().filter_map(|column| column.shortcoming(self.over_budget)) {
            self.harvest.trouble(problem);
        }
        if self.harvest.entries.is_empty() {
            for problem in std::mem::take(&mut self.bare_frames) {
                self.harvest.trouble(problem);
            }
        }
        for search in self.searches.iter().filter(|search| search.ways > 0 && !search.arrived) {
            let of = search.agency.as_deref().unwrap_or_default();
            let message = format!("没有找到{of}政府信息公开年报栏目；请把栏目地址写入门户的 start 或名录的 column");
            self.harvest.trouble(Problem::new("column-not-found", message));
        }
        let complete = !self.harvest.incomplete && self.read > 0;
        let misplaced = if complete && self.arrived_itself { self.harvest.misplaced() } else { Vec::new() };
        let mut harvest = self.harvest;
        harvest.problems.sort();
        harvest.problems.dedup();
        Listing {
            misplaced,
            areas: harvest.areas,
            complete,
            profile: self.profile.map_or("generic", |at| &self.profiles[at].name).to_owned(),
            entries: harvest.entries,
            set_aside: harvest.set_aside,
            foreign: harvest.foreign,
            problems: harvest.problems,
            pages: self.read,
        }
    }

    /// Takes the profile with the most evidence on the first page of a column, else the one known, else `generic`.
    fn choose_profile(&mut self, column: usize, page: &ListPage<'_>) {
        let named = self.portal.profile != "auto" && self.profile.is_some();
        let best = if named { None } else { super::evidence::best(&self.profiles, page.url, page.body) };
        self.profile = best.or(self.profile);
        let generic = || self.profiles.iter().position(|profile| profile.name == "generic");
        self.columns[column].profile = self.profile.or_else(generic);
    }

    /// The profile that a column is read by.
    pub(super) fn profile_of(&self, column: usize) -> Option<&Profile> {
        self.columns[column].profile.map(|at| &self.profiles[at])
    }

    fn form(&self, column: usize) -> ListForm {
        self.profile_of(column).map(|profile| profile.list.clone()).unwrap_or_default()
    }

    /// What a page of a column offers.
    pub(super) fn find(&self, column: usize, page: &ListPage<'_>) -> (Page, Found) {
        let mut read = match syndication::read(page.url, page.body) {
            Some(feed) => feed,
            None => {
                let base = Base { url: page.url.clone(), charset: page.charset };
                Page::read(&base, page.body, &records(page.body), &self.form(column))
            }
        };
        let state = &self.columns[column];
        let here = Here { portal: &self.portal, url: page.url, label: state.label.as_deref(), within: state.itself };
        let mut found = entries::find(&read, &here);
        if found.entries.is_empty()
            && found.foreign.is_empty()
            && let (true, cut) = read.take_rows_of_scripts()
        {
            found = entries::find(&read, &here);
            // What scripts load besides is not in these rows.
            found.untold |= cut || read.loads_more() || scripts::total(&read.scripts).is_some_and(|total| total > found.rows);
        }
        found.untold |= read.hides_choices(&found.entries) || (found.tells() && state.read == 0 && read.scrolls_on(found.rows));
        found.untold |= self.rendered.is_some_and(|rows| rows > found.rows);
        (read, found)
    }

    /// The first page of a column: a list, a shell, a report, a page on the way, or nothing we know.
    fn first_page(&mut self, column: usize, asked: &Url, page: &ListPage<'_>, otherwise: Option<ReportRef>) {
        let (read, found) = self.find(column, page);
        let (portal, label) = (self.portal.clone(), self.columns[column].label.clone());
        let here = Here { portal: &portal, url: page.url, label: label.as_deref(), within: self.columns[column].itself };
        self.columns[column].read = 1;
        self.columns[column].first = page.url.clone();
        let itself = entries::names_itself_reports(&read, &here);
        let own = entries::own_report(&read, &here);
        let reports = !found.entries.is_empty() || !found.foreign.is_empty();
        self.searches[self.columns[column].search].arrived |= itself || own.is_some() || otherwise.is_some() || reports;
        self.columns[column].itself |= itself;
        self.arrived_itself |= self.columns[column].itself;
        self.columns[column].other = entries::name_of_other(&read, &here);
        if self.open_interface(column, asked, page, &found) {
            self.gather(column, found);
            return;
        }
        let offered = found.entries.len() + found.foreign.len() + found.columns.len();
        if let Some(own) = own {
            // A column that shows its newest report, with the others linked beside it.
            self.harvest.keep(own);
            let columns = found.columns.clone();
            self.gather(column, found);
            return self.follow_columns(column, columns);
        }
        if let Some(entry) = otherwise.filter(|_| offered == 0) {
            return self.harvest.keep(entry);
        }
        let first = First { column, page, read: &read, here: &here, found: &found };
        if offered == 0 && !self.is_list_of_nothing(&first) {
            return;
        }
        if offered > 0 && !itself && self.columns[column].level == 0 && super::way::shows_some(&read, &here, &found) {
            // A front page that shows some reports, or news: the column is elsewhere.
            let led_on = self.follow_way(column, &read, &here);
            if led_on && found.entries.is_empty() {
                return;
            }
        }
        let columns = found.columns.clone();
        if syndication::is_newest_only(page.body) {
            self.harvest.trouble(Problem::new("feed-not-whole", format!("{} 只列出最近的条目，不能据以判断缺失", page.url)));
        }
        self.gather(column, found);
        self.turn(column, page, &read);
        self.follow_columns(column, columns);
    }

    pub(super) fn open_column(&mut self, column: Column, otherwise: Option<ReportRef>) -> bool {
        if self.seen.contains(&identity(&column.first)) {
            return false;
        }
        let (at, first) = (self.columns.len(), column.first.clone());
        self.columns.push(column);
        self.ask(Request::get(first), at, How::First { otherwise })
    }

    /// Asks for something once, within the budget. Whether it was asked for.
    pub(super) fn ask(&mut self, request: Request, column: usize, how: How) -> bool {
        let name = request.name();
        let again = matches!(how, How::Again);
        if !self.portal.covers(&request.url) || (self.seen.contains(&name) && !again) {
            return false;
        }
        if self.asked >= self.limits.pages {
            if !self.over_budget {
                self.over_budget = true;
                self.harvest.trouble(Problem::new("list-too-long", format!("列表页超过 {} 页，其余没有查看", self.limits.pages)));
            }
            return false;
        }
        self.asked += 1;
        self.seen.insert(name.clone());
        self.pending.insert(name, Asked { request: request.clone(), column, how });
        self.fresh_asks.push(request);
        true
    }

    /// Whether anything of a column is still to come.
    pub(super) fn still_open(&self, column: usize) -> bool {
        self.pending.values().any(|asked| asked.column == column)
    }

    /// Keeps what a page of a column offers.
    pub(super) fn gather(&mut self, column: usize, found: Found) {
        let fresh = self.harvest.fresh(&found);
        let state = &mut self.columns[column];
        state.prefix = state.prefix.take().or_else(|| prefix_of(&found));
        state.offered += found.rows.min(fresh) + found.columns.len();
        state.told |= found.tells();
        let mut at = Some(column).filter(|_| state.told);
        while let Some(around) = at {
            self.columns[around].told = true;
            at = self.columns[around].shown_in;
        }
        let state = &mut self.columns[column];
        state.last = found.last().map(super::harvest::key_of).or(state.last.take());
        if found.untold {
            let message = format!("栏目 {} 有的条目没有名称，或只能由脚本打开", state.first);
            self.harvest.trouble(Problem::new("list-not-understood", message));
        }
        let place = if state.itself { None } else { state.other.clone() };
        for entry in &found.entries {
            if let Some(area) = &state.area {
                self.harvest.areas.entry(entry.url.clone()).or_insert_with(|| area.clone());
            }
            let known = self.harvest.places.entry(entry.url.clone()).or_insert_with(|| place.clone());
            if place.is_none() {
                *known = None;
            }
        }
        self.harvest.take(found);
    }

    /// Whether a map of the site is still to come.
    pub(super) fn map_is_asked(&self) -> bool {
        self.pending.values().any(|asked| matches!(asked.how, How::Map))
    }

    fn take_asked(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.fresh_asks)
    }
}
