//! How a walk goes on behind the first page of a list, and how it catches up where the list moved.
//!
//! Lists are read while people publish. An entry that comes in above pushes the last one of a page to
//! the next, where it is seen twice; that is how a moving list shows, and then its head is read once
//! more. A list that says it has more than it gave is never taken for the whole.

use super::ListPage;
use super::address::identity;
use super::entries::{ColumnLink, Found};
use super::feed::Interface;
use super::harvest::{Column, key_of, prefix_of};
use super::page::{Page, records};
use super::paging::{self, Turns};
use super::request::Request;
use super::title_parts::looks_like_agency;
use super::walk::{How, Walk};
use crate::model::Problem;
use url::Url;

impl Walk {
    /// Begins with the interface that a page takes its list from, where it uses one. True where the
    /// page itself shows no list, so that all of it comes from there.
    pub(super) fn open_interface(&mut self, column: usize, asked: &Url, page: &ListPage<'_>, found: &Found) -> bool {
        let feeds = self.profile_of(column).map(|profile| profile.feed.clone()).unwrap_or_default();
        let Some(mut interface) = Interface::of(&feeds, asked, page.url, page.body) else { return false };
        let embedded = interface.is_embedded();
        let in_script = records(page.body).len();
        // News beside a list that only comes are none of its records.
        let shown = found.all().filter(|_| found.tells());
        let mut names: Vec<String> = shown.map(key_of).take(found.rows).collect();
        // Links into sub-columns are no records; what stands in the page's script counts as it is.
        names.resize_with(names.len().max(in_script), String::new);
        let shows = embedded && !names.is_empty();
        if shows {
            interface.note_embedded(names);
        } else if embedded && interface.request(0).is_none() {
            return false;
        }
        self.columns[column].feed = Some(interface);
        if !shows {
            self.ask_on(column);
        }
        !shows
    }

    /// The next request to a column's interface, or the head of the list where it moved meanwhile.
    fn ask_on(&mut self, column: usize) {
        let Some(interface) = &self.columns[column].feed else { return };
        match interface.next() {
            Some(next) => {
                if !self.ask(next, column, How::Feed) {
                    self.columns[column].stuck = true;
                }
            }
            None => {
                self.columns[column].moved |= interface.moved;
                self.ask_again(column);
            }
        }
    }

    /// An answer of the column's interface.
    pub(super) fn take_answer(&mut self, column: usize, page: &ListPage<'_>) {
        let answered = self.columns[column].feed.as_ref().and_then(|interface| interface.read(page.url, page.body));
        let Some(answered) = answered else {
            return self.not_understood(column, Some("列表接口的答复没有认出".to_owned()));
        };
        if let Some(interface) = &mut self.columns[column].feed {
            interface.note(&answered);
        }
        let found = self.find_in(column, page.url, &answered.page);
        self.searches[self.columns[column].search].arrived |= !found.entries.is_empty();
        let columns = found.columns.clone();
        self.gather(column, found);
        self.ask_on(column);
        self.follow_columns(column, columns);
    }

    /// A further page of a list.
    pub(super) fn further_page(&mut self, column: usize, page: &ListPage<'_>) {
        let (read, found) = self.find(column, page);
        // A page that is the one before once more was not turned to: it does not count as one of those stated.
        let fresh = self.fresh(&found);
        let again = fresh == 0 && found.last().map(key_of) == self.columns[column].last;
        self.columns[column].read += u32::from(!again || found.last().is_none());
        if !found.is_list && found.columns.is_empty() && !read.says_empty() {
            let message = format!("栏目第 {} 页没有认出列表：{}", self.columns[column].read, page.url);
            self.harvest.trouble(Problem::new("list-not-understood", message));
        }
        let slid = self.columns[column].last.as_ref().is_some_and(|last| found.all().any(|entry| key_of(entry) == *last));
        if fresh > 0 {
            self.columns[column].moved |= slid;
            let columns = found.columns.clone();
            self.gather(column, found);
            self.turn(column, page, &read);
            self.follow_columns(column, columns);
        }
        self.ask_again(column);
    }

    /// How much of a page was not met before, the columns that it leads to included.
    fn fresh(&self, found: &Found) -> usize {
        let columns = found.columns.iter().filter(|column| !self.seen.contains(&identity(&column.url)));
        self.harvest.fresh(found) + columns.count()
    }

    /// Asks for the head of a list once more, where it moved and all else was read.
    fn ask_again(&mut self, column: usize) {
        let state = &self.columns[column];
        if !state.moved || state.caught_up || self.still_open(column) {
            return;
        }
        let head = match state.feed.as_ref().filter(|interface| !interface.is_embedded()) {
            Some(interface) => interface.request(0),
            None => Some(Request::get(state.first.clone())),
        };
        self.columns[column].caught_up = true;
        if let Some(head) = head {
            self.ask(head, column, How::Again);
        }
    }

    /// The head of a list that moved: what came in is added. Where nothing of it was known, more came
    /// in than one page holds, and the list was not seen whole.
    pub(super) fn catch_up(&mut self, column: usize, page: &ListPage<'_>) {
        let answered = self.columns[column]
            .feed
            .as_ref()
            .filter(|interface| !interface.is_embedded())
            .and_then(|interface| interface.read(page.url, page.body));
        let found = match answered {
            Some(answered) => self.find_in(column, page.url, &answered.page),
            None => self.find(column, page).1,
        };
        let fresh = self.harvest.fresh(&found);
        if fresh == found.all().count() {
            let message = format!("栏目 {} 在读取时变动太多，下次再看", self.columns[column].first);
            self.harvest.trouble(Problem::new("list-moving", message));
        }
        self.gather(column, found);
    }

    /// What an answer of an interface offers.
    fn find_in(&self, column: usize, url: &Url, answer: &Page) -> Found {
        let state = &self.columns[column];
        super::entries::find(
            answer,
            &super::entries::Here { portal: &self.portal, url, label: state.label.as_deref(), within: state.itself },
        )
    }

    /// Takes page two after a template, or tries the next template.
    pub(super) fn judge_guess(&mut self, column: usize, template: String, left: Vec<String>, page: &ListPage<'_>) {
        let (read, found) = self.find(column, page);
        let fresh = self.harvest.fresh(&found);
        let prefix = self.columns[column].prefix.clone();
        let same_prefix = prefix.is_some() && prefix_of(&found) == prefix;
        if fresh == 0 || !same_prefix {
            return self.guess(column, left);
        }
        self.columns[column].read += 1;
        self.columns[column].stuck = false;
        self.gather(column, found);
        let (first, stated) = (self.columns[column].first.clone(), self.columns[column].stated.unwrap_or(2));
        for n in 3..=stated {
            if let Some(url) = paging::numbered(&first, &template, n) {
                self.ask(Request::get(url), column, How::MadeUp);
            }
        }
        self.columns[column].template = Some(template);
        self.turn(column, page, &read);
    }

    pub(super) fn guess(&mut self, column: usize, mut templates: Vec<String>) {
        while !templates.is_empty() {
            let template = templates.remove(0);
            let url = paging::numbered(&self.columns[column].first, &template, 2);
            if let Some(url) = url
                && self.ask(Request::get(url), column, How::Guess { template, left: templates.clone() })
            {
                return;
            }
        }
        self.columns[column].stuck = true;
    }

    /// Opens the columns that a page of another leads to.
    pub(super) fn follow_columns(&mut self, parent: usize, columns: Vec<ColumnLink>) {
        let (level, way, search) = (self.columns[parent].level, self.columns[parent].way, self.columns[parent].search);
        for column in columns {
            if level < self.limits.levels {
                let itself = self.columns[parent].itself;
                let own = Some(column.label.clone()).filter(|label| looks_like_agency(label));
                let areas: Vec<String> = self.columns[parent].area.clone().into_iter().chain(own).collect();
                let area = (!areas.is_empty()).then(|| areas.join("/"));
                let below = Column { itself, search, area, ..Column::new(column.url, Some(column.label), level + 1, way) };
                self.open_column(below, column.otherwise);
            } else if let Some(entry) = column.otherwise {
                self.harvest.keep(entry);
            } else if !self.seen.contains(&identity(&column.url)) {
                let message = format!("子栏目超过 {} 层，其余没有查看", self.limits.levels);
                self.harvest.trouble(Problem::new("list-too-deep", message));
            }
        }
    }

    /// Asks for the pages behind one page.
    pub(super) fn turn(&mut self, column: usize, page: &ListPage<'_>, read: &Page) {
        if self.columns[column].feed.is_some() {
            return self.ask_on(column);
        }
        let kinds = self.profile_of(column).map(|profile| profile.paging.clone()).unwrap_or_default();
        let offered = self.columns[column].offered;
        let turns: Turns = paging::turns(read, page.url, &self.columns[column].first, &kinds, offered);
        let state = &mut self.columns[column];
        let first_page = state.read == 1;
        state.stated = state.stated.max(turns.stated);
        state.total = state.total.max(turns.total);
        // A last page often leads on to itself: it calls the script as the page before did, with its own number. A call
        // that is the same on every page says nothing.
        let names_itself = |call: &String| call.split(|c: char| !c.is_ascii_digit()).any(|n| n.parse() == Ok(state.read));
        let to_itself = turns.call == state.call && turns.call.as_ref().is_some_and(names_itself);
        state.call = turns.call;
        match state.template.as_ref().and_then(|template| paging::numbered(&state.first, template, state.read + 1)) {
            Some(following) if turns.stuck && !to_itself => drop(self.ask(Request::get(following), column, How::MadeUp)),
            Some(_) => {}
            None => state.stuck |= turns.stuck,
        }
        for url in turns.next {
            self.ask(Request::get(url), column, How::Page);
        }
        if first_page && !turns.templates.is_empty() {
            self.guess(column, turns.templates);
        }
    }
}
