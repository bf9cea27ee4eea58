//! nianjian (年检) watches government portals for annual reports on information disclosure.

pub mod metrics;
pub mod model;
