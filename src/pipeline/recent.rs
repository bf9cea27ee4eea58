//! Reports that were read lately, so that one is not read anew for each report that stands beside it.
//!
//! What a body reads as follows from the body, from the type and the address that it came with, and from the kind of
//! agency that it is expected of. The judge holds what it read, so that another rule set begins with nothing.

use crate::model::{AgencyKind, ReadReport, Sha256Hex};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// So many reports are remembered: those of the few agencies that visits are at, and not a whole store.
const MOST: usize = 64;

/// What a reading follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) sha256: Sha256Hex,
    /// The type as sent.
    pub(super) media: Option<String>,
    /// The address that the body came from.
    pub(super) url: String,
    pub(super) kind: Option<AgencyKind>,
}

/// The newest readings, that used last at the end.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<VecDeque<(Source, Arc<ReadReport>)>>);

impl Recent {
    pub(super) fn get(&self, source: &Source) -> Option<Arc<ReadReport>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = known.iter().rposition(|(known, _)| known == source)?;
        let found = known.remove(at)?;
        let read = Arc::clone(&found.1);
        known.push_back(found);
        Some(read)
    }

    pub(super) fn put(&self, source: Source, read: Arc<ReadReport>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.pop_front();
        }
        known.push_back((source, read));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ReadOutcome;

    fn source(name: usize) -> Source {
        Source { sha256: name.to_string(), media: None, url: String::new(), kind: None }
    }

    fn read() -> Arc<ReadReport> {
        Arc::new(ReadReport {
            outcome: ReadOutcome::NotAReport,
            media: String::new(),
            report: None,
            image_only: false,
            problems: Vec::new(),
            private: Vec::new(),
            attachments: Vec::new(),
        })
    }

    #[test]
    fn what_was_used_last_is_remembered_and_the_number_is_bounded() {
        let recent = Recent::default();
        (0..MOST).for_each(|name| recent.put(source(name), read()));
        assert!(recent.get(&source(0)).is_some());
        recent.put(source(MOST), read());
        assert!(recent.get(&source(0)).is_some(), "used a moment ago");
        assert!(recent.get(&source(1)).is_none(), "the one that was not used for longest goes");
        let elsewhere = Source { kind: Some(AgencyKind::Government), ..source(0) };
        assert!(recent.get(&elsewhere).is_none(), "expected of another kind of agency, it may read otherwise");
    }
}
