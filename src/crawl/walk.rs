//! The walk over one column: what was asked for, what was seen, what remains.
//!
//! `start` gives the first address, `step` takes one page and gives the next addresses, `failed`
//! takes one that could not be had, `finish` gives the listing. The walk itself fetches nothing. It
//! ends because every address is asked for once and no more of them than its budget.

use super::entries::{self, ColumnLink, Found, Here, identity};
use super::harvest::{Column, Harvest, Listing, prefix_of};
use super::page::Page;
use super::paging::{self, Proxy, Turns};
use super::{Limits, ListPage, Step};
use crate::model::{Portal, Problem, ReportRef};
use crate::rules::{ListForm, Paging, Profile};
use std::collections::{HashMap, HashSet};
use url::Url;

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
    harvest: Harvest,
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
            harvest: Harvest::of_at_most(limits.entries),
            asked: 0,
            read: 0,
            over_budget: false,
            fresh_asks: Vec::new(),
        };
        if portal.profile != "auto" {
            walk.profile = profiles.iter().find(|profile| profile.name == portal.profile).cloned();
            if walk.profile.is_none() {
                walk.harvest
                    .problems
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
        let fresh = self.harvest.fresh(&found);
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
                    self.harvest.keep(own);
                    let columns = found.columns.clone();
                    self.gather(asked.column, found);
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
                if !found.is_list && !read.says_empty() {
                    let message = format!("栏目第 {} 页没有认出列表：{}", self.columns[asked.column].read, page.url);
                    self.harvest.trouble(Problem::new("list-not-understood", message));
                }
                if fresh == 0 && records.is_empty() {
                    return Step { next: self.take_asked() };
                }
            }
        }
        let columns = found.columns.clone();
        self.gather(asked.column, found);
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
            How::First { otherwise: Some(entry) } => self.harvest.keep(entry),
            _ => {
                self.columns[asked.column].failed += 1;
                self.harvest.trouble(problem);
            }
        }
        Step { next: self.take_asked() }
    }

    /// The listing of what was seen.
    pub fn finish(mut self) -> Listing {
        if !self.pending.is_empty() {
            let message = format!("还有 {} 个列表页没有查看", self.pending.len());
            self.harvest.trouble(Problem::new("list-not-finished", message));
        }
        for column in std::mem::take(&mut self.columns) {
            let records_lack = column.proxy.as_ref().is_some_and(|proxy| proxy.total > column.records);
            let looked_at = column.read + column.failed;
            let pages_lack = column.proxy.is_none() && column.stated.is_some_and(|stated| column.read > 0 && stated > looked_at);
            if (records_lack || pages_lack || column.stuck) && !self.over_budget {
                let message = format!("栏目 {} 的后续页无法全部翻到", column.first);
                self.harvest.trouble(Problem::new("paging-not-understood", message));
            }
        }
        let mut harvest = self.harvest;
        harvest.problems.sort();
        harvest.problems.dedup();
        Listing {
            complete: !harvest.incomplete && self.read > 0,
            profile: self.profile.map_or_else(|| "generic".to_owned(), |profile| profile.name),
            entries: harvest.entries,
            set_aside: harvest.set_aside,
            foreign: harvest.foreign,
            problems: harvest.problems,
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
            self.harvest.keep(own);
            return false;
        }
        if let Some(entry) = otherwise {
            self.harvest.keep(entry);
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
            if read.says_empty() {
                return false;
            }
            if itself && self.look_elsewhere(column, page, read, here, found) {
                return false;
            }
        }
        let why = needs.unwrap_or_else(|| "页面上没有认出列表".to_owned());
        self.harvest.trouble(Problem::new("list-not-understood", format!("栏目 {}：{why}", page.url)));
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
            self.gather(column, found);
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
                self.harvest.keep(entry);
            }
        }
    }

    fn open_column(&mut self, first: Url, label: Option<String>, level: u8, otherwise: Option<ReportRef>) {
        if self.seen.contains(&identity(&first)) {
            return;
        }
        let at = self.columns.len();
        self.columns.push(Column::new(first.clone(), label, level));
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
                self.harvest.trouble(Problem::new("list-too-long", format!("列表页超过 {} 页，其余没有查看", self.limits.pages)));
            }
            return false;
        }
        self.asked += 1;
        self.seen.insert(name.clone());
        self.pending.insert(name, Asked { url: url.clone(), column, how });
        self.fresh_asks.push(url);
        true
    }

    /// Keeps what a page of a column offers.
    fn gather(&mut self, column: usize, found: Found) {
        let state = &mut self.columns[column];
        state.prefix = state.prefix.take().or_else(|| prefix_of(&found));
        self.harvest.take(found);
    }

    fn take_asked(&mut self) -> Vec<Url> {
        std::mem::take(&mut self.fresh_asks)
    }
}
