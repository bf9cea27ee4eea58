//! Text of foreign origin made comparable: folded labels, dates, names of agencies, numerals.

pub mod nearest;
pub mod numerals;
