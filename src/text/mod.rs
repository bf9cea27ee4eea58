//! Text of foreign origin made comparable: folded labels, dates, names of agencies, numerals.

pub mod dates;
pub mod numerals;
