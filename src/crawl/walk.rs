//! The walk over one column: what was asked for, what was seen, what remains.
//!
//! `start` gives the first address, `step` takes one page and gives the next addresses, `failed`
//! takes one that could not be had, `finish` gives the listing. The walk itself fetches nothing. It
//! ends because every address is asked for once and no more of them than its budget.

use super::entries::{self, ColumnLink, Found, Here, SetAside, identity};
use super::page::Page;
use super::paging::{self, Proxy, Turns};
use crate::model::{Portal, Problem, ReportRef};
use crate::rules::{ListForm, Paging, Profile};
use std::collections::{HashMap, HashSet};
use url::Url;

/// How far a walk may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pages asked for in all.
    pub pages: usize,
    /// Levels of sub-columns below the first page.
    pub levels: u8,
    /// Entries kept.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { pages: 300, levels: 3, entries: 20_000 }
    }
}

/// One list page as it was fetched.
#[derive(Debug, Clone, Copy)]
pub struct ListPage<'a> {
    /// The address as the walk gave it.
    pub asked: &'a Url,
    /// The address after redirects.
    pub url: &'a Url,
    /// The decoded text.
    pub body: &'a str,
}

/// What to fetch next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    pub next: Vec<Url>,
}

/// What a column offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Reports, and entries whose title does not tell, in the order seen.
    pub entries: Vec<ReportRef>,
    /// Entries that are no reports, with the reason.
    pub set_aside: Vec<SetAside>,
    /// Reports listed on hosts that the portal does not cover: seen, not fetched, not missing.
    pub foreign: Vec<ReportRef>,
    /// Whether everything was looked at: only then is an absence evidence.
    pub complete: bool,
    pub problems: Vec<Problem>,
    /// Name of the profile that read it.
    pub profile: String,
    /// Pages read.
    pub pages: usize,
}

/// Why an address was asked for.
#[derive(Debug, Clone)]
enum How {
    /// The first page of a column; what it is where it is no list.
    First { otherwise: Option<ReportRef> },
    /// A further page.
    Page,
    /// Page two after a template that may be wrong; the templates left.
    Guess { template: String, left: Vec<String> },
}

#[derive(Debug, Clone)]
struct Asked {
    url: Url,
    column: usize,
    how: How,
}

/// A list with its further pages.
#[derive(Debug, Clone)]
struct Column {
    first: Url,
    label: Option<String>,
    level: u8,
    read: u32,
    /// Further pages that could not be had, each with its own problem.
    failed: u32,
    stated: Option<u32>,
    /// Whether its paging could not be followed.
    stuck: bool,
    proxy: Option<Proxy>,
    records: u32,
    /// Path that its entries share, up to the first part that is a number.
    prefix: Option<String>,
}

/// The state of one walk.
#[derive(Debug, Clone)]
pub struct Walk {
    portal: Portal,
    profiles: Vec<Profile>,
    profile: Option<Profile>,
    limits: Limits,
    columns: Vec<Column>,
    pending: HashMap<String, Asked>,
    /// Every address asked for or read.
    seen: HashSet<String>,
    known: HashSet<String>,
    entries: Vec<ReportRef>,
    set_aside: Vec<SetAside>,
    foreign: Vec<ReportRef>,
    problems: Vec<Problem>,
    incomplete: bool,
    asked: usize,
    read: usize,
    over_budget: bool,
    /// Asked for since the last step ended.
    fresh_asks: Vec<Url>,
}

impl Walk {
    /// Begins at a column; `pending` gives its address.
    pub fn start(portal: &Portal, column: Url, profiles: &[Profile], limits: Limits) -> Walk {
        let mut walk = Walk {
            portal: portal.clone(),
            profiles: profiles.to_vec(),
            profile: None,
            limits,
            columns: Vec::new(),
            pending: HashMap::new(),
            seen: HashSet::new(),
            known: HashSet::new(),
            entries: Vec::new(),
            set_aside: Vec::new(),
            foreign: Vec::new(),
            problems: Vec::new(),
            incomplete: false,
            asked: 0,
            read: 0,
            over_budget: false,
            fresh_asks: Vec::new(),
        };
        if portal.profile != "auto" {
            walk.profile = profiles.iter().find(|profile| profile.name == portal.profile).cloned();
            if walk.profile.is_none() {
                walk.problems
                    .push(Problem::new("unknown-profile", format!("没有名为 {} 的栏目样式，已自动识别", portal.profile)));
            }
        }
        walk.open_column(column, None, 0, None);
        walk.fresh_asks.clear();
        walk
    }

    /// The addresses asked for and not yet answered, in the order of their names.
    pub fn pending(&self) -> Vec<Url> {
        let mut pending: Vec<Url> = self.pending.values().map(|asked| asked.url.clone()).collect();
        pending.sort();
        pending
    }

    /// Reads one page; a page that was not asked for is ignored.
    pub fn step(&mut self, page: &ListPage<'_>) -> Step {
        let Some(asked) = self.pending.remove(&identity(page.asked)) else { return Step::default() };
        self.read += 1;
        self.seen.insert(identity(page.url));
        self.choose_profile(page);
        let records = if self.pages_by(&Paging::Jpage) { paging::records(page.body) } else { Vec::new() };
        let read = Page::read(page.url, page.body, &records, &self.form());
        let label = self.columns[asked.column].label.clone();
        let portal = self.portal.clone();
        let here = Here { portal: &portal, url: page.url, label: label.as_deref() };
        let found = entries::find(&read, &here);
        let fresh = self.fresh(&found);
        match asked.how {
            How::Guess { template, left } => return self.judge_guess(asked.column, template, left, found, fresh),
            How::First { otherwise } => {
                self.columns[asked.column].read = 1;
                self.columns[asked.column].first = page.url.clone();
                let offered = found.entries.len() + found.foreign.len() + found.columns.len();
                if offered == 0 && !self.explain_first(asked.column, page, &read, &here, &found, otherwise) {
                    return Step { next: self.take_asked() };
                }
                if let Some(own) = entries::own_report(&read, &here) {
                    // A column that shows its newest report, with the others linked beside it.
                    self.keep(own);
                    let columns = found.columns.clone();
                    self.take(asked.column, found);
                    self.follow_columns(asked.column, columns);
                    return Step { next: self.take_asked() };
                }
                if offered > 0
                    && self.columns[asked.column].level == 0
                    && found.is_mixed()
                    && !entries::names_itself_reports(&read, &here)
                {
                    // An agency's front page that happens to show a report; the column is elsewhere.
                    self.follow_columns(asked.column, entries::column_of(&read, &here));
                }
            }
            How::Page => {
                self.columns[asked.column].read += 1;
                if fresh == 0 && records.is_empty() {
                    return Step { next: self.take_asked() };
                }
            }
        }
        let columns = found.columns.clone();
        self.take(asked.column, found);
        self.turn(asked.column, page, &read, records.len());
        self.follow_columns(asked.column, columns);
        Step { next: self.take_asked() }
    }

    /// Notes that an address could not be had. May give other addresses to try instead.
    pub fn failed(&mut self, url: &Url, problem: Problem) -> Step {
        let Some(asked) = self.pending.remove(&identity(url)) else { return Step::default() };
        match asked.how {
            How::Guess { template, left } => return self.judge_guess(asked.column, template, left, Found::default(), 0),
            // The link reads like a report's: whoever fetches reports will say what is wrong with it.
            How::First { otherwise: Some(entry) } => self.keep(entry),
            _ => {
                self.columns[asked.column].failed += 1;
                self.trouble(problem);
            }
        }
        Step { next: self.take_asked() }
    }

    /// The listing of what was seen.
    pub fn finish(mut self) -> Listing {
        if !self.pending.is_empty() {
            let message = format!("还有 {} 个列表页没有查看", self.pending.len());
            self.trouble(Problem::new("list-not-finished", message));
        }
        for column in std::mem::take(&mut self.columns) {
            let records_lack = column.proxy.as_ref().is_some_and(|proxy| proxy.total > column.records);
            let looked_at = column.read + column.failed;
            let pages_lack = column.proxy.is_none() && column.stated.is_some_and(|stated| column.read > 0 && stated > looked_at);
            if (records_lack || pages_lack || column.stuck) && !self.over_budget {
                let message = format!("栏目 {} 的后续页无法全部翻到", column.first);
                self.trouble(Problem::new("paging-not-understood", message));
            }
        }
        self.problems.sort();
        self.problems.dedup();
        Listing {
            complete: !self.incomplete && self.read > 0,
            profile: self.profile.map_or_else(|| "generic".to_owned(), |profile| profile.name),
            entries: self.entries,
            set_aside: self.set_aside,
            foreign: self.foreign,
            problems: self.problems,
            pages: self.read,
        }
    }

    /// Takes the profile with the most evidence on the first page read, else `generic`.
    fn choose_profile(&mut self, page: &ListPage<'_>) {
        if self.profile.is_none() {
            let best = super::evidence::best(&self.profiles, page.url, page.body);
            self.profile = best.or_else(|| self.profiles.iter().find(|profile| profile.name == "generic")).cloned();
        }
    }

    fn form(&self) -> ListForm {
        self.profile.as_ref().map(|profile| profile.list.clone()).unwrap_or_default()
    }

    fn pages_by(&self, kind: &Paging) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.paging.contains(kind))
    }

    /// A first page that offers nothing: says why. False where it is done with.
    fn explain_first(
        &mut self,
        column: usize,
        page: &ListPage<'_>,
        read: &Page,
        here: &Here<'_>,
        found: &Found,
        otherwise: Option<ReportRef>,
    ) -> bool {
        if let Some(own) = entries::own_report(read, here) {
            self.keep(own);
            return false;
        }
        if let Some(entry) = otherwise {
            self.keep(entry);
            return false;
        }
        let needs = self.profile.as_ref().and_then(|profile| profile.unsupported.clone());
        let scripted = ["v-for=", "ng-repeat=", "{{"].iter().any(|sign| page.body.contains(sign));
        if needs.is_none() && !scripted {
            let itself = entries::names_itself_reports(read, here);
            if !itself && self.look_elsewhere(column, page, read, here, found) {
                return false;
            }
            if found.is_list {
                return true;
            }
            if says_empty(read) {
                return false;
            }
            if itself && self.look_elsewhere(column, page, read, here, found) {
                return false;
            }
        }
        let why = needs.unwrap_or_else(|| "页面上没有认出列表".to_owned());
        self.trouble(Problem::new("list-not-understood", format!("栏目 {}：{why}", page.url)));
        false
    }

    /// Follows the column of reports that an agency's page links to, or the frames of a page without
    /// a list. Whether there was one.
    fn look_elsewhere(&mut self, column: usize, page: &ListPage<'_>, read: &Page, here: &Here<'_>, found: &Found) -> bool {
        let level = self.columns[column].level;
        if level >= self.limits.levels {
            return false;
        }
        let before = self.asked;
        if !entries::names_itself_reports(read, here) {
            self.follow_columns(column, entries::column_of(read, here));
        }
        if !found.is_list && self.asked == before {
            let label = self.columns[column].label.clone();
            for url in read.elsewhere.iter().filter(|url| !entries::same_page(url, page.url)).take(3) {
                if self.portal.covers(url) {
                    self.open_column(url.clone(), label.clone(), level + 1, None);
                }
            }
        }
        self.asked > before
    }

    /// Takes page two after a template, or tries the next template.
    fn judge_guess(&mut self, column: usize, template: String, left: Vec<String>, found: Found, fresh: usize) -> Step {
        let prefix = self.columns[column].prefix.clone();
        let same_prefix = prefix.is_some() && prefix_of(&found) == prefix;
        if fresh > 0 && same_prefix {
            self.columns[column].read += 1;
            self.take(column, found);
            let (first, stated) = (self.columns[column].first.clone(), self.columns[column].stated.unwrap_or(2));
            for n in 3..=stated {
                if let Some(url) = paging::numbered(&first, &template, n) {
                    self.ask(url, column, How::Page);
                }
            }
        } else {
            self.guess(column, left);
        }
        Step { next: self.take_asked() }
    }

    fn guess(&mut self, column: usize, mut templates: Vec<String>) {
        while !templates.is_empty() {
            let template = templates.remove(0);
            let url = paging::numbered(&self.columns[column].first, &template, 2);
            if let Some(url) = url.filter(|url| self.portal.covers(url))
                && self.ask(url, column, How::Guess { template, left: templates.clone() })
            {
                return;
            }
        }
        self.columns[column].stuck = true;
    }

    /// Asks for the pages behind one page.
    fn turn(&mut self, column: usize, page: &ListPage<'_>, read: &Page, records: usize) {
        let kinds = self.profile.as_ref().map(|profile| profile.paging.clone()).unwrap_or_default();
        let turns: Turns = paging::turns(read, page.url, &self.columns[column].first, &kinds);
        let state = &mut self.columns[column];
        if records > 0 {
            state.records = state.records.saturating_add(records as u32);
            state.proxy = state.proxy.take().or_else(|| Proxy::of(page.body, page.url));
            if let Some(proxy) = state.proxy.clone().filter(|proxy| proxy.total > state.records) {
                self.ask(proxy.behind(self.columns[column].records), column, How::Page);
            }
            return;
        }
        let first_page = state.read == 1;
        state.stated = state.stated.max(turns.stated);
        state.stuck |= turns.stuck;
        for url in turns.next {
            if self.portal.covers(&url) {
                self.ask(url, column, How::Page);
            }
        }
        if first_page && !turns.templates.is_empty() {
            self.guess(column, turns.templates);
        }
    }

    fn follow_columns(&mut self, parent: usize, columns: Vec<ColumnLink>) {
        let level = self.columns[parent].level;
        for column in columns {
            if level < self.limits.levels {
                self.open_column(column.url, Some(column.label), level + 1, column.otherwise);
            } else if let Some(entry) = column.otherwise {
                self.keep(entry);
            }
        }
    }

    fn open_column(&mut self, first: Url, label: Option<String>, level: u8, otherwise: Option<ReportRef>) {
        if self.seen.contains(&identity(&first)) {
            return;
        }
        let at = self.columns.len();
        let column = Column {
            first: first.clone(),
            label,
            level,
            read: 0,
            failed: 0,
            stated: None,
            stuck: false,
            proxy: None,
            records: 0,
            prefix: None,
        };
        self.columns.push(column);
        self.ask(first, at, How::First { otherwise });
    }

    /// Asks for an address once, within the budget. Whether it was asked for.
    fn ask(&mut self, url: Url, column: usize, how: How) -> bool {
        let name = identity(&url);
        if self.seen.contains(&name) {
            return false;
        }
        if self.asked >= self.limits.pages {
            if !self.over_budget {
                self.over_budget = true;
                self.trouble(Problem::new("list-too-long", format!("列表页超过 {} 页，其余没有查看", self.limits.pages)));
            }
            return false;
        }
        self.asked += 1;
        self.seen.insert(name.clone());
        self.pending.insert(name, Asked { url: url.clone(), column, how });
        self.fresh_asks.push(url);
        true
    }

    fn take_asked(&mut self) -> Vec<Url> {
        std::mem::take(&mut self.fresh_asks)
    }

    /// How many links of a page were not seen before.
    fn fresh(&self, found: &Found) -> usize {
        found.all().filter(|entry| !self.known.contains(&key_of(entry))).count()
    }

    /// Keeps what a page offers.
    fn take(&mut self, column: usize, found: Found) {
        if self.columns[column].prefix.is_none() {
            self.columns[column].prefix = prefix_of(&found);
        }
        for entry in found.entries {
            self.keep(entry);
        }
        for set_aside in found.set_aside {
            if self.known.insert(key_of(&set_aside.entry)) && self.set_aside.len() < self.limits.entries {
                self.set_aside.push(set_aside);
            }
        }
        for entry in found.foreign {
            let host = Url::parse(&entry.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            let problem = Problem::new("foreign-entry", format!("列表指向其他网站 {host}，只作登记，没有访问"));
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            if self.known.insert(key_of(&entry)) && self.foreign.len() < self.limits.entries {
                self.foreign.push(entry);
            }
        }
    }

    fn keep(&mut self, entry: ReportRef) {
        if self.entries.len() >= self.limits.entries {
            let message = format!("列表条目超过 {} 条", self.limits.entries);
            self.trouble(Problem::new("list-too-long", message));
        } else if self.known.insert(key_of(&entry)) {
            self.entries.push(entry);
        }
    }

    /// A problem that makes the walk incomplete.
    fn trouble(&mut self, problem: Problem) {
        self.incomplete = true;
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

fn key_of(entry: &ReportRef) -> String {
    Url::parse(&entry.url).map_or_else(|_| entry.url.clone(), |url| identity(&url))
}

/// Host and path that the entries of a page share, up to the first part that is a number.
fn prefix_of(found: &Found) -> Option<String> {
    let mut shared: Option<Vec<String>> = None;
    for entry in found.all() {
        let Ok(url) = Url::parse(&entry.url) else { continue };
        let parts = std::iter::once(url.host_str().unwrap_or("")).chain(url.path().split('/').skip(1));
        let mut parts: Vec<String> = parts.map(str::to_owned).collect();
        parts.pop();
        let fixed = |part: &String| part.len() < 20 && !part.starts_with(|c: char| c.is_ascii_digit());
        let end = parts.iter().skip(1).position(|part| !fixed(part)).map_or(parts.len(), |at| at + 1);
        parts.truncate(end);
        shared = Some(match shared {
            None => parts,
            Some(known) => known.into_iter().zip(parts).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
    }
    shared.map(|parts| parts.join("/"))
}

/// Whether a page says that there is nothing in it.
fn says_empty(page: &Page) -> bool {
    let text: String = page.text.split_whitespace().collect();
    ["暂无", "没有找到", "没有相关", "无相关", "没有数据", "无数据", "未查询到", "暂未", "共0条", "共0页"]
        .iter()
        .any(|word| text.contains(word))
}
