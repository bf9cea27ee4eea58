//! nianjian (年检) watches government portals for annual reports on information disclosure.

pub mod crawl;
pub mod extract;
pub mod metrics;
pub mod model;
pub mod rules;
pub mod text;
