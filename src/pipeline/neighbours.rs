//! What is known around a report: last year's, those of other agencies that may be alike, those it rolls up.
//!
//! A report that arrives late changes what is said of others: of next year's, of the government that rolls it up,
//! of the one it was copied from. Those are judged again, by the rules that look at neighbours alone.

use super::weighing::Whose;
use super::{Pipeline, Visit};
use crate::check::{Context, Member, Members, signatures};
use crate::model::{AgencyKind, Level, ReadReport, Report, ReportEntry, Time, Year};
use crate::store::{Store, StoreError};
use crate::text::alike::{Index, Signature};
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// The reports around one.
#[derive(Debug, Clone, Default)]
pub(super) struct Neighbours {
    pub(super) previous: Option<Arc<ReadReport>>,
    siblings: Option<Vec<Arc<ReadReport>>>,
    members: Option<Below>,
}

/// The agencies below a government, by name and kind, with their reports.
#[derive(Debug, Clone)]
struct Below {
    /// Whether every one of them is there.
    complete: bool,
    reports: Vec<(String, AgencyKind, Arc<ReadReport>)>,
}

impl Neighbours {
    /// Hands what is known to a judgement.
    pub(super) fn with<T>(
        &self,
        kind: Option<AgencyKind>,
        level: Option<Level>,
        now: Time,
        judge: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        let siblings: Option<Vec<&Report>> = self.siblings.as_ref().map(|reads| reads.iter().filter_map(report_of).collect());
        let members = self.members.as_ref().map(|below| Members {
            complete: below.complete,
            reports: below
                .reports
                .iter()
                .filter_map(|(name, kind, read)| Some(Member { name: name.clone(), kind: *kind, report: report_of(read)? }))
                .collect(),
        });
        judge(&Context {
            agency_kind: kind,
            level,
            previous: self.previous.as_ref().and_then(report_of),
            has_portal: true,
            siblings: siblings.as_deref(),
            members: members.as_ref(),
            ..Context::lone(now)
        })
    }
}

/// Every report's text by its signatures: built from the store when first asked, then kept up.
#[derive(Debug, Default)]
pub struct Alike {
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    index: Index,
    /// What the numbers of the index stand for.
    texts: Vec<Text>,
    /// The number of each report's newest text, by the report's id.
    numbers: HashMap<String, u32>,
}

#[derive(Debug)]
struct Text {
    report: String,
    portal: String,
    /// Fingerprint of the signatures.
    signatures: u64,
    /// The report says something else by now.
    is_old: bool,
}

impl Known {
    /// A report's text instead of the one it had before; one that says the same stays as it is.
    fn add(&mut self, report: &str, portal: &str, texts: &[String]) {
        let (signatures, number) = (fingerprint(texts), self.texts.len() as u32);
        if let Some(before) = self.numbers.get(report).and_then(|at| self.texts.get_mut(*at as usize)) {
            if before.signatures == signatures {
                return;
            }
            before.is_old = true;
        }
        for signature in texts.iter().filter_map(|text| Signature::from_text(text)) {
            self.index.insert(number, &signature);
        }
        self.texts.push(Text { report: report.to_owned(), portal: portal.to_owned(), signatures, is_old: false });
        self.numbers.insert(report.to_owned(), number);
    }

    /// Reports of other agencies of the portal, of the same year or the one before, whose text may be this one's.
    fn near(&self, report: &str, portal: &str, texts: &[String]) -> BTreeSet<String> {
        let Some((agency, year)) = agency_and_year(report) else { return BTreeSet::new() };
        let fits = |at: u32| {
            self.texts.get(at as usize).filter(|text| !text.is_old && text.portal == portal).is_some_and(|text| {
                let whose = agency_and_year(&text.report);
                whose.is_some_and(|(other, then)| other != agency && (year - 1..=year).contains(&then))
            })
        };
        let signatures = texts.iter().filter_map(|text| Signature::from_text(text));
        let near = signatures.flat_map(|signature| self.index.look_up(&signature, MOST_ALIKE, fits));
        near.filter_map(|at| self.texts.get(at as usize)).map(|text| text.report.clone()).collect()
    }
}

/// What a report's id is made of.
fn agency_and_year(id: &str) -> Option<(&str, Year)> {
    id.rsplit_once('/').and_then(|(agency, year)| Some((agency, year.parse().ok()?)))
}

fn fingerprint(signatures: &[String]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    signatures.hash(&mut hasher);
    hasher.finish()
}

/// So many reports are held against one, at most.
const MOST_ALIKE: usize = 4;

impl Pipeline {
    /// What is known around a report.
    pub(super) async fn neighbours(
        &self,
        entry: &ReportEntry,
        previous: Option<Arc<ReadReport>>,
    ) -> Result<Neighbours, StoreError> {
        let previous = match previous.filter(is_sure) {
            Some(read) => Some(read),
            None => self.stored_neighbour(&entry.agency, entry.year - 1).await?,
        };
        let mut siblings = Vec::new();
        for id in self.alike_to(entry).await? {
            if let Some((agency, year)) = agency_and_year(&id) {
                siblings.extend(self.stored_neighbour(agency, year).await?);
            }
        }
        Ok(Neighbours { previous, siblings: Some(siblings), members: self.members(entry).await? })
    }

    /// The reports that a government's report rolls up, by the roster.
    async fn members(&self, entry: &ReportEntry) -> Result<Option<Below>, StoreError> {
        let below: Vec<_> =
            self.roster.agencies.iter().filter(|agency| agency.parent.as_deref() == Some(&entry.agency)).collect();
        if below.is_empty() || self.roster.by_id(&entry.agency).is_none_or(|agency| agency.kind != AgencyKind::Government) {
            return Ok(None);
        }
        let mut reports = Vec::new();
        for agency in &below {
            if let Some(report) = self.stored_neighbour(&agency.id, entry.year).await? {
                reports.push((agency.name.clone(), agency.kind, report));
            }
        }
        Ok(Some(Below { complete: reports.len() == below.len(), reports }))
    }

    async fn alike_to(&self, entry: &ReportEntry) -> Result<BTreeSet<String>, StoreError> {
        if entry.signatures.is_empty() {
            return Ok(BTreeSet::new());
        }
        let built = self.alike.known.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !built {
            let reports = self.store(Store::reports).await?;
            let mut known = Known::default();
            reports.iter().for_each(|report| known.add(&report.id, &report.portal, &report.signatures));
            self.alike.known.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(known);
        }
        let known = self.alike.known.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(known.as_ref().map(|known| known.near(&entry.id, &entry.portal, &entry.signatures)).unwrap_or_default())
    }

    /// Signatures of a report's text, as they are kept with it.
    pub(super) fn signatures_of(&self, read: &ReadReport) -> Vec<String> {
        let report = read.report.as_ref();
        report.map(|report| signatures(report, &self.judge.rules)).unwrap_or_default().iter().map(Signature::to_text).collect()
    }

    /// A report was judged: its text is known from now on, and what depended on it is looked at again.
    pub(super) async fn became_known(&self, visit: &mut Visit, entry: &ReportEntry) -> Result<(), StoreError> {
        let near = self.alike_to(entry).await?;
        if let Some(known) = self.alike.known.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            known.add(&entry.id, &entry.portal, &entry.signatures);
        }
        visit.again.extend(near);
        // Next year's, where it was read before this one, and not in this visit after it.
        visit.again.remove(&entry.id);
        visit.again.insert(format!("{}/{}", entry.agency, entry.year + 1));
        let parent = self.roster.by_id(&entry.agency).and_then(|agency| agency.parent.clone());
        visit.again.extend(parent.map(|parent| format!("{parent}/{}", entry.year)));
        Ok(())
    }

    /// Judges again what depended on reports that this visit read, by the rules that look at neighbours.
    pub(super) async fn look_again(&self, visit: &mut Visit) -> Result<(), StoreError> {
        for id in std::mem::take(&mut visit.again) {
            self.judge_again(&id).await?;
        }
        Ok(())
    }

    async fn judge_again(&self, id: &str) -> Result<(), StoreError> {
        let asked = id.to_owned();
        let Some(entry) = self.store(move |store| store.report(&asked)).await? else { return Ok(()) };
        // What cannot be read back is a problem for whoever verifies the store; its findings stand.
        let Ok(subject) = self.kept_subject(&entry).await? else { return Ok(()) };
        let neighbours = self.neighbours(&entry, None).await?;
        let whose = Whose { agency: &entry.agency, name: &entry.agency_name, year: entry.year };
        let weighed = self.weigh(&whose, &subject, neighbours).await.only(|rule| self.needs_neighbours(rule));
        self.reconcile(&weighed.judged(&whose, &entry.id, &subject)).await
    }

    fn needs_neighbours(&self, rule: &str) -> bool {
        self.judge.rules.check(rule).is_some_and(|check| check.kind.needs_neighbours())
    }

    /// A report around the one that is judged; one that cannot be read back, or was recognised from pictures, leaves
    /// open what depends on it.
    async fn stored_neighbour(&self, agency: &str, year: Year) -> Result<Option<Arc<ReadReport>>, StoreError> {
        match self.stored_report(agency, year).await {
            Err(StoreError::Body { .. }) => Ok(None),
            found => Ok(found?.filter(is_sure)),
        }
    }
}

fn report_of(read: &Arc<ReadReport>) -> Option<&Report> {
    read.report.as_ref()
}

/// Whether a reading is of a report, and not one that was recognised from pictures.
fn is_sure(read: &Arc<ReadReport>) -> bool {
    read.report.as_ref().is_some_and(|report| !report.recognised)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::alike::masked;

    /// The signature of a text that no other number gives.
    fn text(number: u32) -> Vec<String> {
        let letter = |at: u32| char::from_u32(0x4e00 + number * 97 + at).expect("a Han character");
        let text: String = (0..60).flat_map(|at| [letter(at), '按', letter(at + 7), '公', '开', '。']).collect();
        Signature::of(&masked(&[text], "", |_| false)).iter().map(Signature::to_text).collect()
    }

    #[test]
    fn a_report_is_known_by_what_it_says_last() {
        let mut known = Known::default();
        let found = |known: &Known, number: u32| known.near("乙/2024", "yunxi", &text(number));
        known.add("甲/2024", "yunxi", &text(1));
        known.add("甲/2024", "yunxi", &text(1));
        assert_eq!(known.texts.len(), 1, "the same text is there once");
        assert_eq!(found(&known, 1), BTreeSet::from(["甲/2024".to_owned()]));
        known.add("甲/2024", "yunxi", &text(2));
        assert_eq!(found(&known, 1), BTreeSet::new());
        assert_eq!(found(&known, 2), BTreeSet::from(["甲/2024".to_owned()]));
    }
}
