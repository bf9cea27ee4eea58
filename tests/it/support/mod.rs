//! One helper per boundary: the binary, the portal, the pages.

mod daemon;
mod office;
mod program;

pub(crate) use daemon::{Daemon, MailServer, python};
pub(crate) use office::{NOW, Office, mini_pages, mini_site};
pub(crate) use program::{Ran, program, run, run_with};

use nianjian::document::{Origin, read};
use nianjian::extract::{Forms, Hints, report};
use nianjian::model::ReadReport;
use nianjian::rules::{builtin, load};
use std::path::{Path, PathBuf};

/// The shipped standards, ready for reading.
pub(crate) fn forms() -> Forms {
    Forms::new(&load(&builtin(), None).unwrap().standards)
}

/// Reads a file of the test folders as a report.
pub(crate) fn read_page(path: &Path, forms: &Forms) -> ReadReport {
    let bytes = std::fs::read(path).unwrap();
    let name = path.to_string_lossy();
    report(&read(&bytes, Origin { name: Some(&name), content_type: None }), &Hints::default(), forms)
}

/// A file or folder below `tests/`.
pub(crate) fn tests(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(below)
}
