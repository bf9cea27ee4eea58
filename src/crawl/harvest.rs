//! What a walk has gathered: entries by their address, what was set aside, what went wrong.

use super::address::identity;
use super::entries::{Found, SetAside};
use super::feed::Interface;
use crate::model::{Problem, ReportRef};
use std::collections::{HashMap, HashSet};
use url::Url;

/// What a column offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Reports, and entries whose title does not tell, in the order seen.
    pub entries: Vec<ReportRef>,
    /// Entries that are no reports, with the reason.
    pub set_aside: Vec<SetAside>,
    /// Reports listed on hosts that the portal does not cover: seen, not fetched, not missing.
    pub foreign: Vec<ReportRef>,
    /// Addresses of reports that only another column than that of annual reports lists, with its name.
    pub misplaced: Vec<(String, String)>,
    /// By address of a report, the counties, towns and agencies whose columns it stands in, the outer first: `东平县/城关镇`.
    pub areas: HashMap<String, String>,
    /// Whether everything was looked at: only then is an absence evidence.
    pub complete: bool,
    pub problems: Vec<Problem>,
    /// Name of the profile that read it.
    pub profile: String,
    /// Pages read.
    pub pages: usize,
}

/// A list with its further pages.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) first: Url,
    pub(super) label: Option<String>,
    pub(super) level: u8,
    pub(super) read: u32,
    /// Further pages that could not be had, each with its own problem.
    pub(super) failed: u32,
    pub(super) stated: Option<u32>,
    /// Whether its first page shows nothing before its scripts ran.
    pub(super) needs_browser: bool,
    /// Entries it is said to have, and rows that its pages offered so far.
    pub(super) total: Option<u32>,
    pub(super) offered: usize,
    /// Whether its paging could not be followed.
    pub(super) stuck: bool,
    /// The addresses of its pages, where page two proved them, and how the script of the page before was called.
    pub(super) template: Option<String>,
    pub(super) call: Option<String>,
    /// Whether it is the column of annual reports, or lies in it.
    pub(super) itself: bool,
    /// Its name, where it is that of another column.
    pub(super) other: Option<String>,
    /// The counties, towns and agencies that it and the columns around it are named after, as in `Listing::areas`.
    pub(super) area: Option<String>,
    /// Links it lies behind the page where the search for the column began.
    pub(super) way: u8,
    /// Which of the searches led to it.
    pub(super) search: usize,
    /// The column whose page shows it in a frame.
    pub(super) shown_in: Option<usize>,
    /// Whether anything of it has to do with reports.
    pub(super) told: bool,
    /// Which of the profiles reads it, by its own evidence.
    pub(super) profile: Option<usize>,
    /// The interface that its entries come from.
    pub(super) feed: Option<Interface>,
    /// The last entry of the page read before.
    pub(super) last: Option<String>,
    /// Whether entries slid from page to page while it was read, and whether its head was read again.
    pub(super) moved: bool,
    pub(super) caught_up: bool,
    /// Path that its entries share, up to the first part that is a number.
    pub(super) prefix: Option<String>,
}

impl Column {
    pub(super) fn new(first: Url, label: Option<String>, level: u8, way: u8) -> Column {
        Column {
            first,
            label,
            level,
            read: 0,
            failed: 0,
            stated: None,
            total: None,
            offered: 0,
            stuck: false,
            needs_browser: false,
            template: None,
            call: None,
            itself: false,
            other: None,
            area: None,
            way,
            search: 0,
            shown_in: None,
            told: false,
            profile: None,
            feed: None,
            last: None,
            moved: false,
            caught_up: false,
            prefix: None,
        }
    }

    /// Why the column was not seen whole, once all that it led to was read. Where the walk's budget ended it, that says enough.
    pub(super) fn shortcoming(&self, over_budget: bool) -> Option<Problem> {
        if self.offered > 0 && !self.told {
            let message = format!("栏目 {} 列出的都与年报无关，不能断定那就是年报栏目的列表", self.first);
            return Some(Problem::new("list-not-understood", message));
        }
        let records_lack = self.feed.as_ref().is_some_and(Interface::lacks);
        let looked_at = self.read + self.failed;
        let pages_lack = self.feed.is_none() && self.stated.is_some_and(|stated| self.read > 0 && stated > looked_at);
        // A total is believed only where no page of the list is known to be the last: what it counts is not always the list.
        let endless = self.feed.is_none() && (looked_at == 1 || self.template.is_some());
        let entries_lack = endless && self.offered > 0 && self.total.is_some_and(|total| total as usize > self.offered);
        if over_budget || !(records_lack || pages_lack || entries_lack || self.stuck) {
            return None;
        }
        Some(Problem::new("paging-not-understood", format!("栏目 {} 的后续页无法全部翻到", self.first)))
    }

    /// Whether just as many pages were read as the list is said to have; one that has more than that is not said well.
    pub(super) fn just_those_stated_were_read(&self) -> bool {
        self.stated == Some(self.read)
    }
}

/// Everything gathered so far. An address counts once, whatever page offers it.
#[derive(Debug, Clone, Default)]
pub(super) struct Harvest {
    /// Most entries kept.
    most: usize,
    known: HashSet<String>,
    /// By address, the name of another column that lists it; nothing where the right one does too.
    pub(super) places: HashMap<String, Option<String>>,
    pub(super) areas: HashMap<String, String>,
    pub(super) entries: Vec<ReportRef>,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) foreign: Vec<ReportRef>,
    pub(super) problems: Vec<Problem>,
    pub(super) incomplete: bool,
}

impl Harvest {
    pub(super) fn of_at_most(most: usize) -> Harvest {
        Harvest { most, ..Harvest::default() }
    }

    /// Reports that only another column lists.
    pub(super) fn misplaced(&self) -> Vec<(String, String)> {
        let placed = |entry: &ReportRef| Some((entry.url.clone(), self.places.get(&entry.url)?.clone()?));
        self.entries.iter().filter_map(placed).collect()
    }

    /// How many links of a page were not seen before.
    pub(super) fn fresh(&self, found: &Found) -> usize {
        found.all().filter(|entry| !self.known.contains(&key_of(entry))).count()
    }

    /// Keeps what a page offers.
    pub(super) fn take(&mut self, found: Found) {
        for entry in found.entries {
            self.keep(entry);
        }
        for set_aside in found.set_aside {
            if self.known.insert(key_of(&set_aside.entry)) && self.set_aside.len() < self.most {
                self.set_aside.push(set_aside);
            }
        }
        for entry in found.foreign {
            let host = Url::parse(&entry.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            let problem = Problem::new("foreign-entry", format!("列表指向其他网站 {host}，只作登记，没有访问"));
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            if self.known.insert(key_of(&entry)) && self.foreign.len() < self.most {
                self.foreign.push(entry);
            }
        }
    }

    pub(super) fn keep(&mut self, entry: ReportRef) {
        if self.entries.len() >= self.most {
            let message = format!("列表条目超过 {} 条", self.most);
            self.trouble(Problem::new("list-too-long", message));
        } else if self.known.insert(key_of(&entry)) {
            self.entries.push(entry);
        }
    }

    /// A problem that makes the walk incomplete.
    pub(super) fn trouble(&mut self, problem: Problem) {
        self.incomplete = true;
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

pub(super) fn key_of(entry: &ReportRef) -> String {
    Url::parse(&entry.url).map_or_else(|_| entry.url.clone(), |url| identity(&url))
}

/// Host and path that the entries of a page share, up to the first part that is a number.
pub(super) fn prefix_of(found: &Found) -> Option<String> {
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
