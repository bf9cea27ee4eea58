//! WIP
mod assign;
mod title;
mod title_parts;
#[cfg(test)]
mod title_tests;
pub use assign::{Assignment, assign};
pub use title::{Kind, LookAlike, Title, sort};
