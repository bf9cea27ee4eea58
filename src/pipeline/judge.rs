//! Reading and checking, as one pair of functions that everything goes through.
//!
//! The daemon, `check`, `probe`, the API and the tests all read and judge here, so that the same bytes,
//! rules and neighbours give the same findings wherever they come from.

use crate::check::{self, Context};
use crate::convert::Converter;
use crate::document::Origin;
use crate::extract::{self, Forms, Hints};
use crate::model::{AgencyKind, Date, DateSource, Outcome, Publication, ReadReport, Report};
use crate::obligations;
use crate::rules::RuleSet;

/// A rule set made ready, and what reads foreign documents.
#[derive(Debug)]
pub struct Judge {
    pub rules: RuleSet,
    forms: Forms,
    converter: Converter,
}

impl Judge {
    /// Makes a rule set ready for reading.
    pub fn new(rules: RuleSet, converter: Converter) -> Judge {
        let forms = Forms::new(&rules.standards);
        Judge { rules, forms, converter }
    }

    /// Bytes → report, or why there is none. Blocks; foreign formats are read in a child process.
    pub fn read(&self, bytes: &[u8], origin: Origin<'_>, hints: &Hints) -> ReadReport {
        extract::report(&self.converter.read(bytes, origin), hints, &self.forms)
    }

    /// A report, with what is known around it → one outcome a rule.
    pub fn check(&self, read: &ReadReport, context: &Context<'_>) -> Vec<Outcome> {
        check::run(read, context, &self.rules)
    }
}

/// What a lone report itself says of its publication; `None` where no due date can be told.
pub fn own_publication(report: &Report, given: Option<Date>, kind: Option<AgencyKind>) -> Option<Publication> {
    let (kind, year) = (kind.or(report.agency_kind)?, report.year?);
    let (due, due_from_roster) = obligations::due_date(kind, year, None);
    let dated = given.map(|date| (date, DateSource::Given)).or(report.published.map(|date| (date, DateSource::Page)));
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
    })
}
