//! Reading and checking, as one pair of functions that everything goes through.
//!
//! The daemon, `check`, `probe`, the API and the tests all read and judge here, so that the same bytes,
//! rules and neighbours give the same findings wherever they come from.

use super::desk::{at_desk, blocking};
use super::recent::Recent;
use crate::check::{self, Context};
use crate::convert::{Browser, Converter};
use crate::document::Origin;
use crate::extract::{self, Forms, Hints};
use crate::model::{
    Afterwards, AgencyKind, Date, DateSource, Document, Outcome, Publication, ReadReport, Report, Sha256Hex, Time,
};
use crate::obligations;
use crate::rules::RuleSet;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// So many readings are remembered: those of the few agencies that visits are at, and not a whole store.
const REMEMBERED: usize = 64;

/// What a reading follows from: the body, the type and the address that it came with, and the kind of agency that it is
/// expected of. The judge holds what it read, so that another rule set begins with nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) sha256: Sha256Hex,
    /// The type as sent.
    pub(super) media: Option<String>,
    /// The address that the body came from.
    pub(super) url: String,
    pub(super) kind: Option<AgencyKind>,
}

/// Documents that are held at one time between their bytes and their report. A document takes many times the memory of
/// its bytes, and one that waits for a converter holds a thread: there are more threads for blocking work, so that the
/// store never waits for a converter.
const SEATS: usize = 2;

/// A rule set made ready, and what reads foreign documents.
#[derive(Debug)]
pub struct Judge {
    pub rules: RuleSet,
    forms: Forms,
    converter: Converter,
    recent: Recent<Source, Arc<ReadReport>>,
    seats: Semaphore,
}

impl Judge {
    /// Makes a rule set ready for reading.
    pub fn new(rules: RuleSet, converter: Converter) -> Judge {
        let rules = rules.without_cases();
        let forms = Forms::new(&rules.standards);
        Judge { rules, forms, converter, recent: Recent::new(REMEMBERED), seats: Semaphore::new(SEATS) }
    }

    /// Bytes → report, or why there is none. Blocks; foreign formats are read in a child process.
    pub fn read(&self, bytes: &[u8], origin: Origin<'_>, hints: &Hints) -> ReadReport {
        self.extract(&self.convert(bytes, origin), hints)
    }

    /// Bytes → blocks and grids: the first half of [`Judge::read`], which may wait for a child process.
    pub fn convert(&self, bytes: &[u8], origin: Origin<'_>) -> Document {
        self.converter.read(bytes, origin)
    }

    /// The browser of this machine.
    pub(super) fn browser(&self) -> &Browser {
        self.converter.browser()
    }

    /// Blocks and grids → report: the second half of [`Judge::read`].
    pub fn extract(&self, document: &Document, hints: &Hints) -> ReadReport {
        extract::report(document, hints, &self.forms)
    }

    /// Reads one body where a daemon reads: converted off the async threads, read at the desk.
    pub(super) async fn read_at_desk(
        self: &Arc<Judge>,
        body: Vec<u8>,
        media: Option<String>,
        name: String,
        hints: Hints,
    ) -> ReadReport {
        // The semaphore is never closed.
        let _seat = self.seats.acquire().await.ok();
        let judge = self.clone();
        let converted =
            blocking(move || judge.convert(&body, Origin { content_type: media.as_deref(), name: Some(&name) })).await;
        let judge = self.clone();
        at_desk(move || judge.extract(&converted, &hints)).await
    }

    /// A report that was read lately.
    pub(super) fn remembered(&self, source: &Source) -> Option<Arc<ReadReport>> {
        self.recent.get(source)
    }

    /// Reads one body where a daemon reads, unless it was read lately, and remembers it.
    pub(super) async fn read_body(self: &Arc<Judge>, source: Source, body: Vec<u8>) -> Arc<ReadReport> {
        if let Some(read) = self.remembered(&source) {
            return read;
        }
        let hints = Hints { kind: source.kind, ..Hints::default() };
        let read = Arc::new(self.read_at_desk(body, source.media.clone(), source.url.clone(), hints).await);
        self.recent.put(source, Arc::clone(&read));
        read
    }

    /// A report, with what is known around it → one outcome a rule.
    pub fn check(&self, read: &ReadReport, context: &Context<'_>) -> Vec<Outcome> {
        check::run(read, context, &self.rules)
    }

    /// A report judged alone: no portal, no siblings, of its history only what is given.
    pub fn check_alone(&self, read: &ReadReport, hints: &Hints, previous: Option<&Report>, now: Time) -> Vec<Outcome> {
        let agency_kind = hints.kind.or(read.report.as_ref().and_then(|report| report.agency_kind));
        let report = read.report.as_ref().filter(|report| !report.recognised);
        let publication = report.and_then(|report| own_publication(report, hints.published, agency_kind));
        self.check(read, &Context { agency_kind, publication, previous, ..Context::lone(now) })
    }
}

/// What a lone report itself says of its publication; `None` where no due date can be told.
fn own_publication(report: &Report, given: Option<Date>, kind: Option<AgencyKind>) -> Option<Publication> {
    let (kind, year) = (kind.or(report.agency_kind)?, report.year?);
    let (due, due_from_roster) = obligations::due_date(kind, year, None);
    let own = report.published.map(|date| (date, report.published_source.unwrap_or(DateSource::Page)));
    let dated = given.map(|date| (date, DateSource::Given)).or(own);
    Some(Publication {
        due,
        due_from_roster,
        seen: true,
        dated,
        first_seen: None,
        absent_before_due: false,
        looked_after_due: false,
        last_absence: None,
        absence_evidence: None,
        after: Afterwards::default(),
    })
}
