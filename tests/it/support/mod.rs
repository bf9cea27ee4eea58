//! One helper per boundary.

use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use nianjian::model::ReadReport;
use nianjian::rules::Standard;
use std::path::Path;

/// The shipped standards, ready for reading.
pub(crate) fn forms() -> Forms {
    let texts = [include_str!("../../../rules/standards/v2019.toml"), include_str!("../../../rules/standards/v2021.toml")];
    Forms::new(&texts.map(|text| Standard::parse("standard", text).unwrap()))
}

/// Reads a file of the test folders as a report.
pub(crate) fn read_page(path: &Path, forms: &Forms) -> ReadReport {
    let bytes = std::fs::read(path).unwrap();
    let name = path.to_string_lossy();
    report(&read(&bytes, Origin { name: Some(&name), content_type: None }), &Hints::default(), forms)
}
