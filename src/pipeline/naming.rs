//! What an entry of a list is taken for: by its title, and by whose name it bears.

use crate::crawl::{Assignment, Kind, assign, sort};
use crate::model::{ReportRef, Roster};
use crate::text::agency_key;

/// An entry with what its title adds to what the list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub kind: Kind,
    /// The entry, with year and agency where list or title tell.
    pub entry: ReportRef,
    pub whose: Assignment,
}

/// Names an entry of a portal's list.
pub fn named(entry: &ReportRef, portal: &str, roster: &Roster) -> Named {
    let title = sort(&entry.title, None);
    let entry = ReportRef { year: entry.year.or(title.year), agency: entry.agency.clone().or(title.agency), ..entry.clone() };
    let whose = assign(&entry, portal, roster, agency_key);
    Named { kind: title.kind, entry, whose }
}
