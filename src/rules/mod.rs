//! Rule files as (path, text) → a rule set, taken whole or not at all.

mod complaint;
mod standard;
mod subject;

pub use complaint::Complaint;
pub use standard::*;
pub use subject::*;
