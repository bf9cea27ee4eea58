//! The steps of people on findings (整改), written down: for the API and for the command.

use super::Pipeline;
use crate::ledger::{Step, take_step};
use crate::model::{Date, Event, Finding, Message};
use crate::store::StoreError;

/// The longest name of a person and the longest note, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_NOTE: usize = 4000;

/// Who takes which step, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    pub step: Step,
    /// Required.
    pub by: String,
    pub note: String,
    /// Date by which the agency is to answer; only with `notify`.
    pub due: Option<Date>,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error("no such finding, or page that waits")]
    Unknown,
    /// Nobody is named, or somebody wrote a book.
    #[error("{}", .0.en)]
    Unfit(Message),
    /// The finding's state does not allow it.
    #[error("{}", .0.en)]
    NotNow(Message),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who acts and why, trimmed: whatever a person decides is signed.
pub(super) fn signed(by: &str, note: &str) -> Result<(String, String), StepError> {
    let (by, note) = (by.trim().to_owned(), note.trim().to_owned());
    if by.is_empty() || by.chars().count() > LONGEST_NAME || note.chars().count() > LONGEST_NOTE {
        return Err(StepError::Unfit(Message {
            zh: format!("by 必填且不超过 {LONGEST_NAME} 字，note 不超过 {LONGEST_NOTE} 字"),
            en: format!("by is required, at most {LONGEST_NAME} characters; note at most {LONGEST_NOTE}"),
        }));
    }
    Ok((by, note))
}

impl Pipeline {
    /// Takes a step on a finding; the finding comes back as it stands afterwards. The step is on disk then. One step, or
    /// visit, follows the other: the state that allows it is still the state when it is written down.
    ///
    /// # Errors
    /// An unknown finding, a step without a name or out of turn, a store that cannot be written.
    pub async fn take_step(&self, fingerprint: &str, taking: Taking) -> Result<Finding, StepError> {
        let (by, note) = signed(&taking.by, &taking.note)?;
        let now = self.now();
        let _alone = self.weighing.ledger.write().await;
        take_step(&self.finding(fingerprint).await?, taking.step, taking.due, now).map_err(StepError::NotNow)?;
        let (fingerprint, step) = (fingerprint.to_owned(), taking.step.word().to_owned());
        let event = Event::Step { fingerprint: fingerprint.clone(), step, by, note, due: taking.due, at: now };
        self.record(event).await?;
        self.finding(&fingerprint).await
    }

    async fn finding(&self, fingerprint: &str) -> Result<Finding, StepError> {
        let id = fingerprint.to_owned();
        self.store(move |store| store.finding(&id)).await?.ok_or(StepError::Unknown)
    }
}
