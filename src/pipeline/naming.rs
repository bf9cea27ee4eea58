//! What an entry of a list is taken for: by its title, and by whose name it bears.

use super::{Pipeline, Visit};
use crate::crawl::{Assignment, Kind, assign, sort};
use crate::model::{ReportEntry, ReportRef, Roster};
use crate::store::StoreError;
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

impl Pipeline {
    /// The key of an agency that the roster does not have, told apart from one of the same name on another portal: two
    /// counties have an education bureau each, and neither's report is the other's, silently edited.
    pub(super) async fn key_here(&self, visit: &Visit, key: String) -> Result<String, StoreError> {
        let asked = key.clone();
        let known = self.store(move |store| store.reports_of(&asked)).await?;
        let is_another = |report: &ReportEntry| {
            !report.assigned
                && report.portal != visit.portal.id
                && self.portal(&report.portal).is_some()
                && !visit.lists(&report.url)
        };
        Ok(if known.iter().any(is_another) { format!("{key}@{}", visit.portal.id) } else { key })
    }
}
