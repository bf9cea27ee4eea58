//! nianjian (年检) watches government portals for annual reports on information disclosure.

pub mod check;
pub mod cli;
pub mod config;
pub mod convert;
pub mod crawl;
pub mod daemon;
pub mod demo;
pub mod digest;
pub mod document;
pub mod extract;
pub mod fetch;
pub mod http;
pub mod ledger;
pub mod metrics;
pub mod model;
pub mod notify;
pub mod obligations;
pub mod pipeline;
pub mod roster;
pub mod rules;
pub mod schedule;
pub mod score;
pub mod store;
pub mod text;
pub mod words;
