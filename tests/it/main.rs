//! One test binary: the program from outside, and the rooms on whole documents.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it stands; clippy knows only `#[test]` functions"
)]

mod afterwards;
mod architecture;
mod bombs;
mod browser;
mod cli;
mod converters;
mod corpus;
mod crash;
mod demo;
mod doubts;
mod faults;
mod fuzz;
mod generated;
mod hard;
mod labelled;
mod laid;
mod layouts;
mod lists;
mod outcomes;
mod outputs;
mod pages;
mod portals;
mod probe;
mod recogniser;
mod replay;
mod serve;
mod several;
mod shipped;
mod support;
mod trouble;
