//! Which reports a report's text may have been copied from, without reading them: by the signatures that are kept with
//! every report, and where both texts are still remembered, by the texts themselves.

use super::Pipeline;
use super::recent::Recent;
use crate::check::{compared_texts, least_alike};
use crate::model::{ReadReport, ReportEntry, Year};
use crate::store::{Store, StoreError};
use crate::text::alike::{Index, Runs, Signature};
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The texts of so many reports are remembered, at some ten kilobytes each.
const REMEMBERED: usize = 1024;

/// So many reports are held against one, at most.
const MOST_ALIKE: usize = 4;

/// Every report's text by its signatures: built from the store when first asked, then kept up.
#[derive(Debug)]
pub struct Alike {
    known: Mutex<Option<Known>>,
    /// The texts of the reports judged last, by the report's id.
    texts: Recent<String, Arc<Vec<Runs>>>,
}

impl Default for Alike {
    fn default() -> Alike {
        Alike { known: Mutex::default(), texts: Recent::new(REMEMBERED) }
    }
}

impl Alike {
    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A report that was judged is known from now on.
    pub(super) fn add(&self, entry: &ReportEntry) {
        if let Some(known) = self.known().as_mut() {
            known.add(&entry.id, &entry.portal, &entry.signatures);
        }
    }

    /// Whether any text of one report may be one of the other's. Where a text is not remembered it may.
    fn may_be_alike(&self, one: &str, other: &str, percent: u32) -> bool {
        let (Some(one), Some(other)) = (self.texts.get(one), self.texts.get(other)) else { return true };
        one.iter().any(|one| other.iter().any(|other| one.percent_alike(other) >= percent))
    }
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

    /// Reports of other agencies of the portal, of the same year or the one before, whose text may be this one's: by
    /// their signatures, as far alike as a rule asks for.
    fn near(&self, report: &str, portal: &str, texts: &[String], percent: u32) -> BTreeSet<String> {
        let Some((agency, year)) = agency_and_year(report) else { return BTreeSet::new() };
        let fits = |at: u32| {
            self.texts.get(at as usize).filter(|text| !text.is_old && text.portal == portal).is_some_and(|text| {
                let whose = agency_and_year(&text.report);
                whose.is_some_and(|(other, then)| other != agency && (year - 1..=year).contains(&then))
            })
        };
        let least = Signature::least_agreeing(percent);
        let signatures = texts.iter().filter_map(|text| Signature::from_text(text));
        let near = signatures.flat_map(|signature| self.index.look_up(&signature, least, MOST_ALIKE, fits));
        near.filter_map(|at| self.texts.get(at as usize)).map(|text| text.report.clone()).collect()
    }
}

/// What a report's id is made of.
pub(super) fn agency_and_year(id: &str) -> Option<(&str, Year)> {
    id.rsplit_once('/').and_then(|(agency, year)| Some((agency, year.parse().ok()?)))
}

fn fingerprint(signatures: &[String]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    signatures.hash(&mut hasher);
    hasher.finish()
}

impl Pipeline {
    /// The reports whose text may be this one's.
    pub(super) async fn alike_to(&self, entry: &ReportEntry) -> Result<BTreeSet<String>, StoreError> {
        if entry.signatures.is_empty() {
            return Ok(BTreeSet::new());
        }
        let built = self.alike.known().is_some();
        if !built {
            let reports = self.store(Store::reports).await?;
            let mut known = Known::default();
            reports.iter().for_each(|report| known.add(&report.id, &report.portal, &report.signatures));
            self.alike.known().get_or_insert(known);
        }
        let percent = least_alike(&self.judge.rules);
        let near = self.alike.known().as_ref().map(|known| known.near(&entry.id, &entry.portal, &entry.signatures, percent));
        let mut near = near.unwrap_or_default();
        near.retain(|other| self.alike.may_be_alike(&entry.id, other, percent));
        Ok(near)
    }

    /// Signatures of a report's texts, as they are kept with it; the texts are remembered under its id.
    pub(super) fn remember_texts(&self, id: &str, read: &ReadReport) -> Vec<String> {
        let texts = read.report.as_ref().map(|report| compared_texts(report, &self.judge.rules)).unwrap_or_default();
        let signatures = texts.iter().filter_map(Signature::of).map(|it| it.to_text()).collect();
        self.alike.texts.put(id.to_owned(), Arc::new(texts.into_iter().map(|text| text.runs).collect()));
        signatures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::alike::{Masked, masked};

    /// A text that no other number gives.
    fn text(number: u32) -> Masked {
        let letter = |at: u32| char::from_u32(0x4e00 + number * 97 + at).expect("a Han character");
        let text: String = (0..60).flat_map(|at| [letter(at), '按', letter(at + 7), '公', '开', '。']).collect();
        masked(&[text], "", |_| false)
    }

    fn signatures(number: u32) -> Vec<String> {
        Signature::of(&text(number)).iter().map(Signature::to_text).collect()
    }

    #[test]
    fn a_report_is_known_by_what_it_says_last() {
        let mut known = Known::default();
        let found = |known: &Known, number: u32| known.near("乙/2024", "yunxi", &signatures(number), 90);
        known.add("甲/2024", "yunxi", &signatures(1));
        known.add("甲/2024", "yunxi", &signatures(1));
        assert_eq!(known.texts.len(), 1, "the same text is there once");
        assert_eq!(found(&known, 1), BTreeSet::from(["甲/2024".to_owned()]));
        known.add("甲/2024", "yunxi", &signatures(2));
        assert_eq!(found(&known, 1), BTreeSet::new());
        assert_eq!(found(&known, 2), BTreeSet::from(["甲/2024".to_owned()]));
    }

    #[test]
    fn remembered_texts_tell_whether_a_report_needs_to_be_read() {
        let alike = Alike::default();
        let put = |id: &str, number: u32| alike.texts.put(id.to_owned(), Arc::new(vec![text(number).runs]));
        put("甲/2024", 1);
        assert!(alike.may_be_alike("甲/2024", "乙/2024", 90), "nothing is known of the other");
        put("乙/2024", 2);
        assert!(!alike.may_be_alike("甲/2024", "乙/2024", 90));
        put("乙/2024", 1);
        assert!(alike.may_be_alike("甲/2024", "乙/2024", 90), "it says something else by now");
    }
}
