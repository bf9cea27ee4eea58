//! The rule set: standards, checks, waivers and profiles, taken whole or not at all.

use super::{Check, Complaint, Scheme, Standard, Subjects, file, overlay};
use crate::model::{Waiver, Year};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::sync::Arc;

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The rule files in the binary, as (path below `rules/`, text), sorted by path.
pub fn builtin() -> Vec<(String, String)> {
    fn walk(dir: &Dir<'_>, files: &mut Vec<(String, String)>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            files.extend(file.contents_utf8().map(|text| (path, text.to_owned())));
        }
        dir.dirs().for_each(|dir| walk(dir, files));
    }
    let mut files = Vec::new();
    walk(&BUILTIN, &mut files);
    files.sort();
    files
}

/// Everything that judges.
#[derive(Debug, Clone)]
pub struct RuleSet {
    /// By id.
    pub standards: Vec<Standard>,
    /// By id.
    pub checks: Vec<Check>,
    pub waivers: Vec<Waiver>,
    /// How the office's overlay turns findings into points; `None` where it does not.
    pub score: Option<Scheme>,
    /// The profile files as (path, text); the crawl room reads them.
    pub files: Vec<(String, String)>,
    /// Hex SHA-256 of what the set means: comments, layout, cases, waivers and scores do not count.
    pub fingerprint: String,
}

impl RuleSet {
    /// The standard with this id.
    pub fn standard(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// The standard for reports about this year.
    pub fn standard_for(&self, year: Year) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.holds_for(year))
    }

    /// The set without the cases of its rules, which only tests of the rules and explanations need.
    #[must_use]
    pub fn without_cases(mut self) -> RuleSet {
        self.checks.iter_mut().for_each(|check| check.cases = Vec::new());
        self
    }

    /// The rule with this id.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }
}

/// Reads rule files (paths relative to the rules folder) and the office's overlay.
///
/// # Errors
/// Every complaint about every file; then nothing is taken.
pub fn load(files: &[(String, String)], overlay: Option<(&str, &str)>) -> Result<RuleSet, Vec<Complaint>> {
    let mut sorted: Vec<&(String, String)> = files.iter().filter(|(path, _)| path.ends_with(".toml")).collect();
    sorted.sort();
    let mut complaints = Vec::new();
    let mut standards = Vec::new();
    let is_subjects = |path: &str| path.rsplit('/').next() == Some(SUBJECTS);
    for (path, text) in sorted.iter().filter(|(path, _)| in_folder(path, "standards") && !is_subjects(path)) {
        match Standard::parse(path, text) {
            Ok(standard) => standards.push(standard),
            Err(complaint) => complaints.push(complaint),
        }
    }
    match sorted.iter().find(|(path, _)| is_subjects(path)).map(|(path, text)| Subjects::parse(path, text)) {
        Some(Ok(subjects)) => {
            let subjects = Arc::new(subjects);
            standards.iter_mut().for_each(|standard| standard.subjects = Arc::clone(&subjects));
        }
        Some(Err(complaint)) => complaints.push(complaint),
        None => {}
    }
    if standards.is_empty() {
        complaints.push(Complaint::at("standards", "", None, "there is no standard").help("add one file to standards/"));
    }
    // Checks are only held against standards that could all be read, lest one slip there raise a hundred here.
    let whole = complaints.is_empty();
    let figures = standards.iter().flat_map(Standard::figure_ids).collect();
    let known = file::Known { standards: &standards, figures: &figures };
    let mut checks = Vec::new();
    let mut waivers = Vec::new();
    for (path, text) in &sorted {
        if in_folder(path, "checks") {
            let mut about = Vec::new();
            checks.extend(file::parse(path, text, known, &mut about));
            complaints.extend(about.into_iter().filter(|complaint| whole || complaint.help.is_none()));
        } else if path.rsplit('/').next() == Some("waivers.toml") {
            waivers = overlay::waivers(path, text, &mut complaints);
        }
    }
    checks.sort_by(|a, b| a.id.cmp(&b.id));
    let score = overlay.and_then(|(path, text)| overlay::apply(path, text, &mut checks, &mut complaints));
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let fingerprint = fingerprint(&sorted, overlay.map(|(_, text)| text));
    let files = sorted.into_iter().filter(|(path, _)| in_folder(path, "profiles")).cloned().collect();
    Ok(RuleSet { standards, checks, waivers, score, files, fingerprint })
}

/// The file of subjects, beside the forms that share it.
const SUBJECTS: &str = "subjects.toml";

fn in_folder(path: &str, folder: &str) -> bool {
    path.split('/').rev().skip(1).any(|part| part == folder)
}

/// Hashes what the files say, not how they are written: parsed, without cases, in order of path.
fn fingerprint(files: &[&(String, String)], overlay: Option<&str>) -> String {
    let mut hash = Sha256::new();
    let judging = files.iter().filter(|(path, _)| in_folder(path, "standards") || in_folder(path, "checks"));
    let texts = judging.map(|(path, text)| (path.as_str(), text.as_str())).chain(overlay.map(|text| ("overlay", text)));
    for (path, text) in texts {
        let mut table: toml::Table = toml::from_str(text).unwrap_or_default();
        table.remove("case");
        // Points judge nobody: a change of them is no reason to judge again.
        if path == "overlay" {
            table.remove("score");
        }
        let meaning = serde_json::to_string(&table).unwrap_or_default();
        for part in [path, meaning.as_str()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
