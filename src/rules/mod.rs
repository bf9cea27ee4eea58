//! Rule files as (path, text) → a rule set, taken whole or not at all.
//!
//! `builtin` gives the files in the binary; the shell reads a folder of its own into the same
//! shape; `load` turns either into a `RuleSet`, or into every complaint at once.

mod applied;
mod case;
mod complaint;
mod feed;
mod file;
mod formula;
mod kind;
mod kind_neighbour;
mod kind_text;
mod names;
mod overlay;
mod pattern;
mod profile;
mod publication;
mod score;
mod set;
mod standard;
mod subject;
mod vet;

pub use applied::*;
pub use case::*;
pub use complaint::Complaint;
pub use feed::*;
pub use file::*;
pub use formula::*;
pub use kind::*;
pub use kind_neighbour::*;
pub use kind_text::*;
pub use names::hint;
pub use overlay::read_waivers;
pub use pattern::Pattern;
pub use profile::*;
pub use publication::*;
pub use score::{Exclusive, Scheme, family};
pub use set::*;
pub use standard::*;
pub use subject::*;

#[cfg(test)]
mod tests;
