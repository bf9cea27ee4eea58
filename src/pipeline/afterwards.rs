//! What becomes of a report after it was read: edits, and copies that say something else.
//!
//! A difference is written down when it is seen first and counts when a later look, no sooner than
//! `crawl.confirm_after`, finds the same. A page that goes back to what it said before was no edit but
//! a mirror behind the times. Both sides are read with the rules of today, so that a better reader is
//! never told as an edit.

use super::attached::Subject;
use super::{Pipeline, Visit};
use crate::check::{Differing, differing, differing_numbers};
use crate::extract::Hints;
use crate::fetch::Want;
use crate::model::{Difference, Event, ReadOutcome, ReadReport, Report, ReportEntry, Sha256Hex, Target, Year};
use crate::store::StoreError;
use crate::text::agency_key;
use url::Url;

/// How long a page that is no report may stand in the place of one before it is taken for what is published.
pub(super) const LONGEST_REPAIR: chrono::Duration = chrono::Duration::days(7);

/// Whether a difference still waits for its second look.
pub(super) fn is_open(difference: &Difference) -> bool {
    difference.confirmed.is_none()
}

/// A reading that can be compared: a whole report that was read without doubt.
fn comparable(read: &ReadReport) -> Option<&Report> {
    let sure = read.outcome == ReadOutcome::Read && read.problems.is_empty();
    read.report.as_ref().filter(|report| sure && !report.attachment_only && !report.sections.is_empty())
}

impl Pipeline {
    /// How a page differs from what it said before, as it stands after this look.
    pub(super) async fn edit(&self, known: Option<&ReportEntry>, subject: &Subject) -> Result<Option<Difference>, StoreError> {
        let Some(known) = known else { return Ok(None) };
        let Some(present) = &known.snapshot else { return Ok(None) };
        let edit = known.edit.clone();
        if *present == subject.sha256 {
            return Ok(edit.map(|edit| self.seen_again(edit)));
        }
        // What was not confirmed never stood: the body before it is still the one to compare with.
        let before = edit.as_ref().filter(|edit| is_open(edit)).map_or(present, |edit| &edit.before).clone();
        if edit.as_ref().is_some_and(|edit| edit.before == subject.sha256) || before == subject.sha256 {
            return Ok(None);
        }
        let kept = edit.filter(|edit| !is_open(edit));
        let found = self.compare(&before, subject, differing).await?;
        Ok(found.map(|found| self.difference(before, subject, None, found)).or(kept))
    }

    /// Whether what is no report stands in the place of one that was read, and has not stood there for so long that it must
    /// be taken for what is published: sites are under repair for days, and say so with a page that looks as good as any.
    pub(super) async fn stands_in(&self, known: Option<&ReportEntry>, subject: &Subject) -> Result<bool, StoreError> {
        let was_read = known.is_some_and(|known| known.outcome == ReadOutcome::Read);
        if !was_read || subject.read.outcome == ReadOutcome::Read {
            return Ok(false);
        }
        let (sha256, url) = (subject.sha256.clone(), known.map(|known| known.url.clone()));
        let seen = self.store(move |store| store.sightings(&sha256)).await?;
        let since = seen.iter().filter(|sighting| Some(&sighting.url) == url.as_ref()).map(|sighting| sighting.at).min();
        Ok(since.is_none_or(|since| self.now() - since < LONGEST_REPAIR))
    }

    /// Notes how another address of a report differs from the one known.
    pub(super) async fn note_copy(&self, known: ReportEntry, url: String, subject: &Subject) -> Result<(), StoreError> {
        let Some(first) = known.snapshot.clone() else { return Ok(()) };
        let found = if first == subject.sha256 { None } else { self.compare(&first, subject, differing).await? };
        self.keep_copy(known, first, url, subject, found).await
    }

    /// Compares a page with the document it offers beside its text: numbers only, since a document is
    /// laid out in its own way. Asked for once, and once more where a difference waits to be confirmed.
    pub(super) async fn compare_document(
        &self,
        visit: &mut Visit,
        id: &str,
        page: &Url,
        subject: &Subject,
    ) -> Result<(), StoreError> {
        if subject.page.is_some() || comparable(&subject.read).is_none() || visit.blocked.is_some() {
            return Ok(());
        }
        let documents = subject.read.attachments.iter().filter_map(|link| page.join(link).ok());
        let Some(document) = documents.filter(is_report_file).find(|url| visit.portal.covers(url)) else { return Ok(()) };
        let got = self.get(visit, &document, Want::Document).await?;
        let Some((read, sha256)) = self.read_body(got, None).await else { return Ok(()) };
        let id = id.to_owned();
        let Some(known) = self.store(move |store| store.report(&id)).await? else { return Ok(()) };
        let copy = Subject { read, sha256, page: None, document: None };
        let found = self.compare(&subject.sha256, &copy, differing_numbers).await?;
        self.keep_copy(known, subject.sha256.clone(), document.to_string(), &copy, found).await
    }

    async fn keep_copy(
        &self,
        known: ReportEntry,
        first: Sha256Hex,
        url: String,
        subject: &Subject,
        found: Option<Differing>,
    ) -> Result<(), StoreError> {
        let of_this = |copy: &&Difference| copy.url.as_ref() == Some(&url);
        let copy = match (found, known.copy.as_ref().filter(of_this)) {
            (Some(_), Some(copy)) if copy.before == first && copy.after == subject.sha256 => Some(self.seen_again(copy.clone())),
            (Some(found), _) => Some(self.difference(first, subject, Some(url), found)),
            (None, Some(_)) => None,
            (None, None) => known.copy.clone(),
        };
        if copy == known.copy {
            return Ok(());
        }
        self.record(Event::Reported { report: Box::new(ReportEntry { copy, ..known }) }).await
    }

    /// A difference that this look found again.
    fn seen_again(&self, difference: Difference) -> Difference {
        let passed = (self.now() - difference.since).to_std().unwrap_or_default();
        let confirmed = difference.confirmed.or((passed >= self.settings.confirm_after).then(|| self.now()));
        Difference { confirmed, ..difference }
    }

    fn difference(&self, before: Sha256Hex, subject: &Subject, url: Option<String>, found: Differing) -> Difference {
        let (since, after) = (self.now(), subject.sha256.clone());
        Difference { before, after, url, since, confirmed: None, text: found.text, figures: found.figures }
    }

    /// How a body differs from a kept one, where both are the same agency's report of the same year.
    async fn compare(
        &self,
        before: &Sha256Hex,
        subject: &Subject,
        by: fn(&Report, &Report) -> Differing,
    ) -> Result<Option<Differing>, StoreError> {
        let Some(body) = self.kept_body(Some(before)).await? else { return Ok(None) };
        let earlier = self.judge.read_at_desk(body, None, String::new(), Hints::default()).await;
        let (Some(one), Some(other)) = (comparable(&earlier), comparable(&subject.read)) else { return Ok(None) };
        let same = one.year == other.year && agency_key(&one.agency) == agency_key(&other.agency);
        Ok(Some(by(one, other)).filter(|found| same && !found.is_nothing()))
    }
}

/// Whether an address names a document that a report may be kept in.
fn is_report_file(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ["pdf", "doc", "docx", "wps", "ofd"].iter().any(|ending| path.ends_with(&format!(".{ending}")))
}

impl Visit {
    /// Whether two addresses of reports by an agency of this name may be of two, such as the towns 城关镇 of two counties: they
    /// stand in columns of other counties or agencies, which the name does not tell, and nobody said whose the other one is.
    pub(super) fn may_be_namesakes(&self, name: &str, known: &str, other: &str) -> bool {
        let (Some(one), Some(another)) = (self.areas.get(known), self.areas.get(other)) else { return false };
        let lacks = |area: &str, part: &str| area.split('/').all(|of| of != part);
        let only_one = one.split('/').filter(|part| lacks(another, part));
        let mut apart = only_one.chain(another.split('/').filter(|part| lacks(one, part)));
        one != another && apart.all(|part| !name.contains(part)) && !self.decided.contains_key(other)
    }

    /// The column that a report stands in, where that is not the one of annual reports, and no list
    /// offers the same report elsewhere.
    pub(super) fn misplaced(&self, url: &str, year: Year, known: Option<&String>) -> Option<String> {
        if !matches!(self.run.target, Target::Portal(_)) || self.partial || self.blocked.is_some() {
            // Only lists that were seen whole tell where a report stands.
            return known.cloned();
        }
        let column = self.misplaced.get(url)?;
        let own = self.entries.iter().find(|entry| entry.url == url)?;
        let elsewhere = self
            .entries
            .iter()
            .any(|entry| entry.url != url && entry.year == Some(year) && (entry.agency == own.agency || entry.agency.is_none()));
        (!elsewhere).then(|| column.clone())
    }
}
