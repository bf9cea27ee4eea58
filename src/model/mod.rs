//! The nouns every room shares. A leaf: nothing of ours lies below it.
//!
//! A *portal* is a web site we visit; an *agency* is the body that must publish; a *report* is one
//! agency's account of one year, seen at one or more addresses, kept as *snapshots*. Rules turn a
//! report into *outcomes*; outcomes that break a rule are *findings* (the agency's), things we could
//! not do are *problems* (ours). A *run* is one visit to a portal; a *digest* tells people what
//! changed. Everything that happened is an *event* in the journal.

mod agency;
mod digest;
mod document;
mod doubt;
mod event;
mod extent;
mod finding;
mod portal;
mod publication;
mod report;
mod run;
mod secret;
mod snapshot;

pub use agency::*;
pub use digest::*;
pub use document::*;
pub use doubt::*;
pub use event::*;
pub use extent::*;
pub use finding::*;
pub use portal::*;
pub use publication::*;
pub use report::*;
pub use run::*;
pub use secret::Secret;
pub use snapshot::*;

/// Time as every room sees it: an instant in UTC, passed in, never read from a clock.
pub type Time = chrono::DateTime<chrono::Utc>;
/// A calendar date as printed, without a zone (always Beijing time in the sources).
pub type Date = chrono::NaiveDate;
/// The year a report is about (it is published in the year after).
pub type Year = i32;
