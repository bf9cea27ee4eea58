//! Planning a crawl: which list pages to look at next, and what they offer.
//!
//! A [`Walk`] begins at one column of a portal. Whoever fetches gives it one page after another and
//! asks for what it names next, until it names nothing; [`Walk::finish`] gives the [`Listing`]. A
//! listing is complete only if every page that was named could be read and understood, because a
//! complete listing is evidence that a report is not there. Profiles (`rules/profiles`) say how the
//! families of content management systems lay out lists; what they leave open is found by dates and
//! titles. [`sort`] tells reports from what looks like them, [`assign`] tells whose they are.
//!
//! Nothing here fetches, keeps, waits or fails.

mod address;
mod assign;
mod entries;
mod evidence;
mod feed;
mod fields;
mod harvest;
mod link;
mod onward;
mod page;
mod paging;
mod request;
mod scripts;
mod syndication;
mod title;
mod title_parts;
#[cfg(test)]
mod title_tests;
mod tree;
mod unshown;
mod walk;
#[cfg(test)]
mod walk_shapes;
#[cfg(test)]
mod walk_tests;
#[cfg(test)]
mod walk_whole;
mod way;

pub use assign::{Assignment, assign};
pub use entries::SetAside;
pub use evidence::{Weighed, weigh};
pub use harvest::Listing;
pub use request::{Post, Request};
pub use syndication::unpacked;
pub use title::{Kind, LookAlike, Title, sort};
pub use walk::Walk;

use crate::rules::{Complaint, Profile};
use url::Url;

/// Code of the problem of a list page that is not there.
pub const LIST_GONE: &str = "list-gone";

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
    /// The request as the walk gave it.
    pub asked: &'a Request,
    /// The address after redirects.
    pub url: &'a Url,
    /// The decoded text.
    pub body: &'a str,
    /// Name of the encoding it was in, as `text::decode` gives it.
    pub charset: &'static str,
}

/// What to fetch next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    pub next: Vec<Request>,
    /// Whether the page showed no list and has scripts that may show one: then nothing is known of it until they ran.
    pub needs_browser: bool,
}

/// A page that a walk waits for, and what it takes it for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    pub request: Request,
    /// `column`, `page`, `guess` for page two after a pattern that may be wrong, `feed` for an interface, `map` for a
    /// site map, `again` for a second look at the head of a list.
    pub what: &'static str,
    /// Text of the link that led to a column.
    pub label: Option<String>,
}

/// Complains about selectors of a profile that the selector library does not take.
///
/// # Errors
/// The first such selector, with line and column.
pub fn check_selectors(path: &str, text: &str, profile: &Profile) -> Result<(), Complaint> {
    let list = &profile.list;
    for selector in list.entries.iter().chain(&list.ignore) {
        if let Err(error) = scraper::Selector::parse(selector) {
            let span = text.find(selector.as_str()).map(|start| start..start + selector.len());
            return Err(Complaint::at(path, text, span, format!("not a CSS selector: {error}")));
        }
    }
    Ok(())
}
