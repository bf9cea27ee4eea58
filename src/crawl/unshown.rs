//! What a page of a list keeps back: signs that the list is longer than what stands on the page, where only a script would
//! show the rest.
//!
//! A script of another file may wait for a click on anything. So it is the words that tell: years, or kinds of agencies, side
//! by side as tabs of which just one is shown; `1/3` alone; a number of pages or rows in an attribute. What is told here
//! makes a list partial at most, and never adds to it.

use super::link::{self, LONGEST_BUTTON, lone_year};
use super::tree::{ancestors, in_chrome, key, squeezed, text_of};
use crate::model::{ReportRef, Year};
use chrono::Datelike;
use scraper::ElementRef;
use std::collections::{BTreeSet, HashMap};

/// The most bytes that are looked through beside a button.
const MOST_BESIDE: usize = 4_000;
/// Most pages that are taken at their word.
const MOST_PAGES: u32 = 2_000;
/// Of a list of several years, so many of the rest tell that a choice of years narrows it and hides nothing: one in four.
const NARROWED: usize = 4;
/// Kinds of agencies as tabs name them, and what the names of such agencies have.
const KINDS: [(&[&str], &[&str]); 3] = [
    (&["部门", "市直", "县直", "区直"], &["局", "委", "办", "厅"]),
    (&["乡镇", "镇街", "街道", "乡（镇", "镇（街"], &["镇", "乡", "街道"]),
    (&["县区", "区县", "县市区", "县（市", "各县", "各区"], &["县人民政府", "区人民政府", "县政府", "区政府"]),
];

/// The signs of one page.
#[derive(Debug, Default)]
pub(super) struct Unshown {
    /// Words side by side that lead nowhere, by what they stand in.
    tabs: HashMap<usize, Vec<String>>,
    /// Numbers of pages, and of rows, that stand alone or in attributes.
    pub(super) pages: Option<u32>,
    pub(super) rows: Option<u32>,
}

impl Unshown {
    /// Looks at one element.
    pub(super) fn note(&mut self, element: ElementRef<'_>) {
        self.note_numbers(element);
        let mut texts = element.children().filter_map(|node| node.value().as_text()).filter(|text| !text.trim().is_empty());
        let Some(text) = texts.next().filter(|text| text.len() < LONGEST_BUTTON && texts.next().is_none()) else { return };
        let text = squeezed(text);
        if let Some(pages) = fraction(&text).filter(|_| !shows_pictures(element)) {
            self.pages = self.pages.max(Some(pages));
        }
        let is_choice = element.value().name() == "option";
        if !is_choice
            && (lone_year(&text).is_some() || kind(&text).is_some())
            && !element.descendent_elements().any(link::is_address)
            && !leads_on(element)
            && !in_chrome(element)
        {
            let mut around = ancestors(element);
            // A tab is often wrapped, in an item of a list.
            let parent =
                around.next().and_then(|wrap| if wrap.child_elements().nth(1).is_none() { around.next() } else { Some(wrap) });
            self.tabs.entry(parent.map_or(0, key)).or_default().push(text);
        }
    }

    /// `pagecount="3"`, `data-total="26"`, `<input type="hidden" id="totalPage" value="3">`.
    fn note_numbers(&mut self, element: ElementRef<'_>) {
        let of_input = element.attr("id").or(element.attr("name")).zip(element.attr("value"));
        for (name, value) in element.value().attrs().chain(of_input) {
            let Some(number) = value.trim().parse().ok().filter(|number| (1..=100_000).contains(number)) else { continue };
            let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            match name.strip_prefix("data").unwrap_or(&name) {
                "pagecount" | "totalpage" | "totalpages" | "pagetotal" | "countpage" if number <= MOST_PAGES => {
                    self.pages = self.pages.max(Some(number));
                }
                "total" | "totalcount" | "totalrecord" | "totalrecords" | "recordcount" | "rowcount" | "totalrows" => {
                    self.rows = self.rows.max(Some(number));
                }
                _ => {}
            }
        }
    }

    /// Whether tabs, or choices of a list, are of what these entries are not, while another of them is what they are.
    pub(super) fn hides(&self, choices: &[String], entries: &[ReportRef]) -> bool {
        self.tabs
            .values()
            .map(Vec::as_slice)
            .chain([choices])
            .any(|tabs| hides_years(tabs, entries) || hides_kinds(tabs, entries))
    }
}

/// Whether just one of several years is shown.
fn hides_years(tabs: &[String], entries: &[ReportRef]) -> bool {
    let years: BTreeSet<Year> = tabs.iter().filter_map(|tab| lone_year(tab)).collect();
    let of =
        |year: Year| move |entry: &&ReportRef| entry.year == Some(year) || entry.date.is_some_and(|date| date.year() == year);
    let shown = years.iter().filter(|year| entries.iter().any(|entry| of(**year)(&entry))).count();
    let most = years.iter().map(|year| entries.iter().filter(|entry| entry.year == Some(*year)).count()).max().unwrap_or(0);
    let narrows = (entries.len() - most) * NARROWED >= entries.len();
    shown > 0 && shown < years.len() && !narrows
}

/// Whether the agencies of one of several kinds are shown, and of another none.
fn hides_kinds(tabs: &[String], entries: &[ReportRef]) -> bool {
    let kinds: BTreeSet<usize> = tabs.iter().filter_map(|tab| kind(tab)).collect();
    let is_of = |entry: &ReportRef, kind: usize| KINDS[kind].1.iter().any(|word| entry.title.contains(word));
    let shown = kinds.iter().filter(|kind| entries.iter().any(|entry| is_of(entry, **kind))).count();
    shown > 0 && shown < kinds.len()
}

/// The kind of agencies that a tab names, as its place in [`KINDS`].
fn kind(tab: &str) -> Option<usize> {
    (tab.chars().count() <= 10 && !tab.contains("公开"))
        .then(|| KINDS.iter().position(|(names, _)| names.iter().any(|name| tab.contains(name))))
        .flatten()
}

/// The number of pages in `1/3`, on the first of them.
fn fraction(text: &str) -> Option<u32> {
    let (at, pages) = text.split_once('/')?;
    let pages = pages.trim().parse().ok().filter(|pages| (2..=MOST_PAGES).contains(pages))?;
    (at.trim() == "1").then_some(pages)
}

/// Whether a number counts pictures that slide by.
fn shows_pictures(element: ElementRef<'_>) -> bool {
    let is_picture = |inner: ElementRef<'_>| inner.value().name() == "img";
    let around: Vec<_> = ancestors(element).take(3).collect();
    around.first().is_some_and(|parent| parent.descendent_elements().any(is_picture))
        || around.iter().any(|above| link::moves_pictures(above.attr("class").unwrap_or("")))
}

/// Whether an element is, or stands in, a link that leads somewhere.
fn leads_on(element: ElementRef<'_>) -> bool {
    link::is_address(element) || ancestors(element).take(3).any(link::is_address)
}

/// Whether a choice is one of pages, the second among them, that a script turns to.
pub(super) fn chooses_page(list: ElementRef<'_>) -> bool {
    let Some(call) = list.attr("onchange") else { return false };
    let has = |number: &str| list.child_elements().any(|option| text_of(option, LONGEST_BUTTON) == number);
    let of_pages = ["page", "jump", "goto"].iter().any(|word| call.to_ascii_lowercase().contains(word));
    has("1") && has("2") && (of_pages || link::is_of_pages(list))
}

/// Whether an element shows the numbers of pages, the first two among them, with nothing in it that leads anywhere.
pub(super) fn numbers_pages(element: ElementRef<'_>) -> bool {
    let named = |name: Option<&str>| name.is_some_and(|name| ["page", "pagin"].iter().any(|word| name.contains(word)));
    let has = |number: &str| element.child_elements().any(|child| text_of(child, LONGEST_BUTTON) == number);
    (named(element.attr("class")) || named(element.attr("id")))
        && has("1")
        && has("2")
        && !element.descendent_elements().any(link::is_address)
}

/// Whether the nearest links around a button are of reports, or there are none at all.
pub(super) fn stands_by_reports(button: ElementRef<'_>) -> bool {
    let holds =
        |above: &ElementRef<'_>| above.descendent_elements().any(|inner| inner.value().name() == "a" && link::is_address(inner));
    let around = button.ancestors().filter_map(ElementRef::wrap).find(holds);
    around.is_none_or(|around| ["年报", "年度报告"].iter().any(|word| text_of(around, MOST_BESIDE).contains(word)))
}
