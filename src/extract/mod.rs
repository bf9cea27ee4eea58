//! Document + standards → Report: sections, tables, figures, claims.

pub mod breakdowns;
pub mod claims;
