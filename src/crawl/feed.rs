//! Lists that come from an interface: the next request, and what an answer offers.
//!
//! Which interface, and how it is asked, a profile says (`rules::Feed`). An [`Interface`] is one that a
//! page was found to use, with the words taken from that page. How many records there are is taken
//! from the answers where they say it; what they say is believed only as a reason to ask on, never as
//! one to call a list whole that was not seen whole.

use super::address::{Base, identity};
use super::fields::{at, date_of, is_list, json, number_of, text_of};
use super::page::{Page, PageLink};
use super::request::{Post, Request};
use crate::rules::{Feed, Pattern, words_of};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use url::Url;

/// Most records that an interface is believed to have.
const MOST_RECORDS: u32 = 200_000;
/// Most entries taken from one answer.
const MOST_ITEMS: usize = 5_000;

/// An interface that a page uses.
#[derive(Debug, Clone)]
pub(super) struct Interface {
    feed: Feed,
    words: BTreeMap<String, String>,
    page: Url,
    /// Which of the ways to ask is in use.
    way: usize,
    size: u32,
    total: Option<u32>,
    pages: Option<u32>,
    /// Records seen, those seen twice included, and answers read.
    seen: u32,
    read: u32,
    /// Pages passed over, because the one asked for was the one before, or none.
    passed: u32,
    /// Whether the page said how many records it shows.
    told_size: bool,
    /// Whether an answer without records has shown the end.
    ended: bool,
    /// Addresses that were seen, and the last one of the answer before.
    known: HashSet<String>,
    last: Option<String>,
    /// Whether the list was seen to move while it was read.
    pub(super) moved: bool,
}

/// What an answer offers.
pub(super) struct Answered {
    pub(super) page: Page,
    /// Addresses of its records, those that are not kept included.
    names: Vec<String>,
    records: u32,
    total: Option<u32>,
    pages: Option<u32>,
}

impl Interface {
    /// The first of the feeds whose words are all found. `asked` may carry a fragment that tells the column.
    pub(super) fn of(feeds: &[Feed], asked: &Url, page: &Url, body: &str) -> Option<Interface> {
        let source = format!("{asked}\n{body}");
        feeds.iter().find_map(|feed| {
            let mut words = feed.otherwise.clone();
            for (word, patterns) in &feed.take {
                match first_group(patterns, &source) {
                    Some(value) => drop(words.insert(word.clone(), value)),
                    None if words.contains_key(word) || feed.optional.contains(word) || word == "size" => {}
                    None => return None,
                }
            }
            let size = words.get("size").and_then(|size| size.parse().ok()).filter(|size| (1..=1_000).contains(size));
            Some(Interface {
                size: size.unwrap_or(feed.size),
                total: first_group(&feed.answer.total_in, body).and_then(|total| total.parse().ok()),
                feed: feed.clone(),
                words,
                page: page.clone(),
                way: 0,
                pages: None,
                seen: 0,
                read: 0,
                passed: 0,
                told_size: size.is_some(),
                ended: false,
                known: HashSet::new(),
                last: None,
                moved: false,
            })
        })
    }

    /// Whether the page itself shows the first records.
    pub(super) fn is_embedded(&self) -> bool {
        self.feed.embedded
    }

    /// Notes the records that the page itself showed.
    pub(super) fn note_embedded(&mut self, names: Vec<String>) {
        self.seen = u32::try_from(names.len()).unwrap_or(u32::MAX);
        self.read = u32::from(!names.is_empty());
        if !self.told_size && self.read > 0 {
            self.size = self.seen;
        }
        self.last = names.last().cloned();
        self.known.extend(names);
    }

    /// Notes an answer.
    pub(super) fn note(&mut self, answered: &Answered) {
        let first = self.read == 0;
        self.read += 1;
        let fresh = answered.names.iter().filter(|name| !self.known.contains(*name)).count();
        // A record that slid from one page to the next was pushed there by one that came in above.
        self.moved |= fresh > 0 && self.last.as_ref().is_some_and(|last| answered.names.contains(last));
        self.known.extend(answered.names.iter().cloned());
        let may_pass = self.passed == 0 && self.feed.ask.get(self.way).is_some_and(|ask| !ask.contains("{start}"));
        if answered.records == 0 {
            // Some count their pages from 0 and some from 1: an empty first page may be the one before it.
            let before_first = first && may_pass && answered.total.is_some_and(|total| total > 0);
            self.passed += u32::from(before_first);
            self.read -= u32::from(before_first);
            self.ended = !before_first;
            return;
        }
        self.moved |= !first && self.total.is_some() && answered.total.is_some() && self.total != answered.total;
        self.total = answered.total.or(self.total).filter(|total| *total <= MOST_RECORDS);
        self.pages = answered.pages.or(self.pages);
        if fresh == 0 {
            if may_pass && self.lacks() {
                self.passed = 1;
                return;
            }
            // The same again: this way of asking does not move it. The next one begins where we are.
            self.way += 1;
            self.passed = 0;
            self.ended = self.way >= self.feed.ask.len();
            return;
        }
        self.last = answered.names.last().cloned();
        self.seen = self.seen.saturating_add(answered.records);
        if first && answered.records < self.size {
            // The server gives fewer at a time than was asked for, or this is all.
            self.size = answered.records;
        }
        if self.total.is_some_and(|total| total < answered.records) {
            self.total = None;
        }
    }

    /// Whether there are records that the interface did not give.
    pub(super) fn lacks(&self) -> bool {
        self.total.is_some_and(|total| total > self.seen)
    }

    /// The next request; nothing where all was seen, or no way of asking brings more.
    pub(super) fn next(&self) -> Option<Request> {
        let by_pages = self.pages.is_some_and(|pages| self.read >= pages) && !self.lacks();
        let by_total = self.read > 0 && self.total.is_some_and(|total| self.seen >= total);
        if self.ended || by_pages || by_total {
            return None;
        }
        self.request(self.seen)
    }

    /// The request for the records behind the first so many.
    pub(super) fn request(&self, behind: u32) -> Option<Request> {
        let template = self.feed.ask.get(self.way)?;
        let end = behind.saturating_add(self.size.saturating_mul(self.feed.batch));
        // Where pages alone are asked for they are counted as read: not each has as many links as records.
        let by_pages = self.way == 0 && behind > 0 && !template.contains("{start}");
        let page = if by_pages { self.read } else { behind.div_ceil(self.size) };
        let page = page.saturating_add(self.feed.first).saturating_add(self.passed);
        let mut words = self.words.clone();
        for (word, value) in [
            ("page", page),
            ("page0", page.saturating_sub(1)),
            ("size", self.size),
            ("start", behind.saturating_add(1)),
            ("end", self.total.map_or(end, |total| end.min(total.max(behind + 1)))),
        ] {
            words.insert(word.to_owned(), value.to_string());
        }
        let url = self.page.join(&fill(&self.without_lacking(template), &words, Spelling::Address)).ok()?;
        let post = self.feed.post.as_ref().map(|body| {
            let spelling = if self.feed.media.contains("json") { Spelling::Json } else { Spelling::Form };
            Post { media: self.feed.media.clone(), body: fill(&self.without_lacking(body), &words, spelling) }
        });
        Some(Request { url, post, referer: Some(self.page.clone()) })
    }

    /// A template without the pairs whose optional word was not found.
    fn without_lacking(&self, template: &str) -> String {
        let lacking = |piece: &str| {
            words_of(piece).any(|word| self.feed.optional.iter().any(|known| known == word) && !self.words.contains_key(word))
        };
        let (head, pairs) = match template.split_once('?') {
            Some((path, query)) => (format!("{path}?"), query),
            None if template.contains('=') && !template.starts_with(['/', '{']) => (String::new(), template),
            None => return template.to_owned(),
        };
        head + &pairs.split('&').filter(|pair| !lacking(pair)).collect::<Vec<_>>().join("&")
    }

    /// What an answer offers; nothing where it is none of this interface.
    pub(super) fn read(&self, url: &Url, body: &str) -> Option<Answered> {
        let answer = &self.feed.answer;
        let mut answered = match (answer.items.is_empty(), &answer.html) {
            (true, None) => of_markup(url, body),
            _ => self.of_json(url, &json(body)?)?,
        };
        answered.total = answered.total.or_else(|| first_group(&answer.total_in, body)?.parse().ok());
        answered.pages = answered.pages.or_else(|| first_group(&answer.pages_in, body)?.parse().ok());
        answered.names = answered.page.links.iter().map(|link| identity(&link.url)).collect();
        if let Some(keep) = &answer.keep {
            let keep = fill(keep, &self.words, Spelling::Plain);
            answered.page.links.retain(|link| link.url.as_str().contains(&keep));
        }
        Some(answered)
    }

    fn of_json(&self, url: &Url, value: &Value) -> Option<Answered> {
        let answer = &self.feed.answer;
        let number = |paths: &[String]| paths.iter().find_map(|path| number_of(&*at(value, path)?));
        let (total, pages) = (number(&answer.total), number(&answer.pages));
        if let Some(html) = &answer.html
            && let Some(Value::String(markup)) = at(value, html).as_deref()
        {
            return Some(Answered { total, pages, ..of_markup(url, markup) });
        }
        let found = answer.items.iter().filter_map(|path| at(value, path)).find(|found| is_list(found))?;
        let items = found.as_array().map_or(&[][..], Vec::as_slice);
        let links = items.iter().take(MOST_ITEMS).filter_map(|item| self.link_of(url, item)).collect();
        let page = Page { links, is_feed: true, ..Page::default() };
        Some(Answered { page, names: Vec::new(), records: u32::try_from(items.len()).unwrap_or(u32::MAX), total, pages })
    }

    /// An entry as a link.
    fn link_of(&self, url: &Url, item: &Value) -> Option<PageLink> {
        let answer = &self.feed.answer;
        let text = |path: &String| text_of(&*at(item, path)?);
        let link = answer.link.iter().find_map(|link| match link.contains('{') {
            false => text(link),
            true => {
                let words: Option<BTreeMap<String, String>> =
                    fields_of(link).map(|field| Some((field.to_owned(), text(&field.to_owned())?))).collect();
                Some(words?.iter().fold(link.clone(), |link, (field, value)| link.replace(&format!("{{{field}}}"), value)))
            }
        })?;
        let title = answer.title.iter().find_map(text)?;
        let date = answer.date.iter().find_map(|path| date_of(&*at(item, path)?));
        let url = url.join(link.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        Some(PageLink::entry(url, &title, date))
    }
}

/// The fields that a template of an address names.
fn fields_of(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(field, _)| field)
}

/// Markup whose links are the entries: records in CDATA, or rows as they stand.
fn of_markup(url: &Url, markup: &str) -> Answered {
    let records = super::page::records(markup);
    let page = if records.is_empty() {
        Page::read(&Base::from(url), "", &[markup], &crate::rules::ListForm::default())
    } else {
        Page::read(&Base::from(url), "", &records, &crate::rules::ListForm::default())
    };
    let records = if records.is_empty() { page.links.len() } else { records.len() };
    let page = Page { is_feed: true, ..page };
    Answered { page, names: Vec::new(), records: u32::try_from(records).unwrap_or(u32::MAX), total: None, pages: None }
}

/// The first group of the first expression that matches.
fn first_group(patterns: &[Pattern], source: &str) -> Option<String> {
    patterns.iter().find_map(|pattern| {
        let found = pattern.regex()?.captures(source)?;
        let value = found.iter().skip(1).flatten().next()?.as_str();
        Some(value.to_owned()).filter(|value| value.len() <= 2_000)
    })
}

/// How values are written into a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Encoded in the query, as they are in the path.
    Address,
    Form,
    Json,
    Plain,
}

/// A template with its words filled in.
fn fill(template: &str, words: &BTreeMap<String, String>, spelling: Spelling) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        match behind.split_once('}').and_then(|(word, after)| Some((words.get(word)?, after))) {
            Some((value, after)) => {
                let encode = spelling == Spelling::Form || (spelling == Spelling::Address && filled.contains('?'));
                if encode {
                    filled.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
                } else if spelling == Spelling::Json {
                    let quoted = Value::from(value.as_str()).to_string();
                    filled.push_str(quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value));
                } else {
                    filled.push_str(value);
                }
                rest = after;
            }
            None => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled + rest
}
