//! What a reader of claims stands on: the words, the agency, and what its passage said so far.

use super::names::Own;
use crate::model::{Scope, Year};
use crate::rules::{Senses, Subjects};

/// What a reader knows of words and of the agency.
pub(super) struct Ground<'a> {
    pub subjects: &'a Subjects,
    pub own: Own,
    pub year: Option<Year>,
    pub known: Known,
}

/// Senses that the walk itself must know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub application: Senses,
    pub new: Senses,
    pub sum: Senses,
    pub carried: Senses,
    pub carried_in: Senses,
    pub carried_forward: Senses,
    /// Wholes that somebody else's name before them makes somebody else's.
    pub deeds: Senses,
    pub received: Senses,
    /// What outcomes are told of: reviews, lawsuits, rules, documents.
    pub groups: Senses,
    pub refined: Senses,
    pub pending: Senses,
    pub concluded: Senses,
    pub review_topic: Option<usize>,
    pub applications_topic: Option<usize>,
}

impl Known {
    pub(super) fn new(subjects: &Subjects) -> Known {
        let all = |names: &[&str]| names.iter().map(|name| subjects.sense(name)).sum();
        let topic = |id: &str| subjects.topics.iter().position(|topic| topic.id == id);
        Known {
            application: subjects.sense("application"),
            new: subjects.sense("new"),
            sum: subjects.sense("sum"),
            carried: subjects.sense("carried"),
            carried_in: subjects.sense("carried_in"),
            carried_forward: subjects.sense("carried_forward"),
            deeds: all(&["received", "handled", "dealt"]),
            received: subjects.sense("received"),
            groups: all(&["review", "litigation", "direct", "after_review", "rules", "docs"]),
            refined: all(&["direct", "after_review"]),
            pending: subjects.sense("pending"),
            concluded: subjects.sense("concluded"),
            review_topic: topic("review"),
            applications_topic: topic("applications"),
        }
    }
}

/// What a passage has said so far, from sentence to sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Passage {
    pub topic: Option<usize>,
    pub scope: Scope,
    /// It speaks of another body.
    pub foreign: bool,
    pub year: Option<Year>,
    /// It speaks of the disclosure of information, so that its reviews and lawsuits are about that.
    pub about_disclosure: bool,
    /// The last whole: whether it was the applications received.
    pub after_other_whole: bool,
    /// What its last sentence with a number counted: the applications received, or something else.
    pub counted: Option<bool>,
}

/// Whether words say that they are about the disclosure of information.
pub(super) fn speaks_of_disclosure(words: &str) -> bool {
    let about = |(at, word): (usize, &str)| !is_left_out(&words[..at], &words[at + word.len()..]);
    ["信息公开", "依申请公开", "公开申请"].iter().any(|word| words.match_indices(word).any(about))
}

/// Whether words stand between 除 and 外, so that it is the others that are spoken of.
fn is_left_out(before: &str, after: &str) -> bool {
    let marks = [',', ';', '。'];
    let (last, next) = (before.rsplit(marks).next(), after.split(marks).next());
    last.is_some_and(|words| words.contains('除')) && next.is_some_and(|words| words.contains('外'))
}
