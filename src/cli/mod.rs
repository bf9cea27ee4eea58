//! One file a command.

pub mod rules;
