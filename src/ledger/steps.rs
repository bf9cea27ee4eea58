//! The rectification steps (整改): what a person may do to a finding, and from which state.

use crate::model::{Date, Finding, FindingState, Message, Time};

/// A step of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is a fault indeed.
    Confirm,
    /// It is none, or not to be pursued.
    Dismiss,
    /// The agency was told to mend it.
    Notify,
    /// The agency answered.
    Reply,
    /// It is to be looked at again.
    Reopen,
}

impl Step {
    /// Every step, in the order in which they are usually taken.
    pub const ALL: [Step; 5] = [Step::Confirm, Step::Dismiss, Step::Notify, Step::Reply, Step::Reopen];

    /// The word of the command line and of the API.
    pub fn word(self) -> &'static str {
        match self {
            Step::Confirm => "confirm",
            Step::Dismiss => "dismiss",
            Step::Notify => "notify",
            Step::Reply => "reply",
            Step::Reopen => "reopen",
        }
    }

    /// The step that `word` names, if it is one.
    pub fn parse(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.word() == word)
    }

    /// The state it leads to, and whether a finding in `from` may take it.
    fn leads(self, from: FindingState) -> (FindingState, bool) {
        use FindingState::{Confirmed, Dismissed, Notified, Open, Overdue, Reopened, Replied, Resolved};
        match self {
            Step::Confirm => (Confirmed, matches!(from, Open | Reopened)),
            Step::Dismiss => (Dismissed, from.stands()),
            Step::Notify => (Notified, from.stands()),
            Step::Reply => (Replied, matches!(from, Notified | Overdue)),
            Step::Reopen => (Reopened, matches!(from, Confirmed | Dismissed | Notified | Overdue | Replied | Resolved)),
        }
    }
}

/// The finding after a step. `due` is the day by which the agency is to mend it; only `notify` takes one.
///
/// # Errors
/// A sentence for the person, where the finding's state does not allow the step.
pub fn take_step(finding: &Finding, step: Step, due: Option<Date>, now: Time) -> Result<Finding, Message> {
    let (to, allowed) = step.leads(finding.state);
    if !allowed {
        let (step, state) = (step.word(), finding.state.word());
        return Err(Message {
            zh: format!("状态为 {state} 的问题不能执行 {step}"),
            en: format!("a finding that is {state} cannot take the step {step}"),
        });
    }
    if due.is_some() && step != Step::Notify {
        return Err(Message { zh: "只有 notify 可以带期限".to_owned(), en: "only notify takes a due date".to_owned() });
    }
    let mut after = finding.clone();
    after.state = to;
    after.changed = now;
    match step {
        Step::Notify => after.due = due,
        Step::Reopen => (after.due, after.resolved) = (None, None),
        _ => {}
    }
    Ok(after)
}
