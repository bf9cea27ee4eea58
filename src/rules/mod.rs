//! Rule files as (path, text) → a rule set, taken whole or not at all.

mod complaint;
mod profile;
mod standard;

pub use complaint::Complaint;
pub use profile::*;
pub use standard::*;
