//! Sentences with what the rules must say of them (`tests/labelled/narrative`), and how often they do.

use nianjian::check::{self, Context};
use nianjian::extract::{Prose, breakdowns::breakdowns, claims, percentages::percentages, restated::restated};
use nianjian::model::{Figure, Place, ReadOutcome, ReadReport, Reading, Report, Section, TableRead, Verdict};
use nianjian::rules::{RuleSet, load};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "report")]
    reports: Vec<Labelled>,
}

/// A report's tables, and sentences that its section one may hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labelled {
    pub(crate) name: String,
    pub(crate) agency: String,
    pub(crate) year: i32,
    #[serde(default)]
    pub(crate) standard: Option<String>,
    pub(crate) heading: String,
    /// Rows of seven words, as in the cases of rules.
    pub(crate) applications: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) review_litigation: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) figures: BTreeMap<String, String>,
    #[serde(default)]
    lawful: Vec<String>,
    #[serde(default)]
    wrong: BTreeMap<String, Vec<String>>,
    /// Faulty, and known to be passed over: missed when it is counted how often a rule is right.
    #[serde(default)]
    beyond: BTreeMap<String, Vec<String>>,
}

const COLUMNS: [&str; 7] = ["natural_person", "enterprise", "research", "public_welfare", "legal_service", "other_org", "total"];
const OUTCOMES: [&str; 5] = ["upheld", "corrected", "other", "pending", "total"];

/// The shipped rules as they stand on disk.
pub(crate) fn rules() -> RuleSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    load(&files, None).unwrap_or_else(|complaints| panic!("{complaints:#?}"))
}

impl Labelled {
    fn readings(&self) -> BTreeMap<String, String> {
        let rows = self.applications.iter().flat_map(|(row, words)| {
            words
                .split_whitespace()
                .zip(COLUMNS)
                .map(move |(word, column)| (format!("applications.{row}.{column}"), word.to_owned()))
        });
        let groups = self.review_litigation.iter().flat_map(|(group, words)| {
            words
                .split_whitespace()
                .zip(OUTCOMES)
                .map(move |(word, outcome)| (format!("review_litigation.{group}.{outcome}"), word.to_owned()))
        });
        rows.chain(groups).chain(self.figures.clone()).collect()
    }

    /// The report with these paragraphs in its first section.
    fn report(&self, paragraphs: &[String], rules: &RuleSet) -> ReadReport {
        let standard = rules.standard(self.standard.as_deref().unwrap_or("v2021")).unwrap();
        let readings = self.readings();
        let figure = |id: String| {
            let raw = readings.get(&id).cloned().unwrap_or_else(|| "0".to_owned());
            let reading = raw.parse().map_or(Reading::Text, Reading::Number);
            let unit = id.ends_with(".amount").then(|| "万元".to_owned());
            Figure { id, reading, raw, unit, at: Some(Place::default()) }
        };
        let section = |(at, form): (usize, &nianjian::rules::SectionForm)| Section {
            id: form.id.clone(),
            found: true,
            heading: Some(form.heading.clone()),
            number: Some(form.number),
            position: u32::try_from(at).ok(),
            paragraphs: if at == 0 { paragraphs.to_vec() } else { vec!["有关工作情况。".to_owned()] },
            has_table: false,
            has_picture: false,
        };
        let table = |form: &nianjian::rules::TableForm| TableRead {
            id: form.id.clone(),
            found: true,
            form: Some(standard.id.clone()),
            complete: true,
            missing_rows: Vec::new(),
            missing_columns: Vec::new(),
            unknown_rows: Vec::new(),
            unknown_columns: Vec::new(),
            labels: Vec::new(),
            at: None,
        };
        let sections: Vec<Section> = standard.sections.iter().enumerate().map(section).collect();
        let prose = Prose::new(&sections, &[]);
        let kind = nianjian::text::kind_of_name(&self.agency);
        let whose = claims::Whose { agency: &self.agency, kind, year: Some(self.year) };
        let report = Report {
            standard: standard.id.clone(),
            title: String::new(),
            agency: self.agency.clone(),
            agency_kind: kind,
            year: Some(self.year),
            signed: None,
            published: None,
            document_number: None,
            preamble: Vec::new(),
            claims: claims::claims(&prose, whose, &standard.subjects),
            breakdowns: breakdowns(&prose),
            percentages: percentages(&prose),
            restated: restated(&prose, standard),
            sections,
            tables: standard.tables.iter().map(table).collect(),
            figures: standard.figure_ids().map(str::to_owned).map(figure).collect(),
            attachment_only: false,
            parts: Vec::new(),
            published_source: None,
            recognised: false,
        };
        ReadReport {
            outcome: ReadOutcome::Read,
            media: "text/html".to_owned(),
            report: Some(report),
            image_only: false,
            problems: Vec::new(),
            private: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// The findings about text against tables, as (rule, message), for a paragraph below the heading.
    pub(crate) fn findings(&self, paragraph: &str, rules: &RuleSet) -> Vec<(String, String)> {
        let read = self.report(&[self.heading.clone(), paragraph.to_owned()], rules);
        let context = Context::lone(nianjian::model::Time::default());
        let about = |rule: &str| rule.starts_with("narrative/") || rule.starts_with("balance/");
        let outcomes = check::run(&read, &context, rules).into_iter().filter(|outcome| about(&outcome.rule));
        let mut found = Vec::new();
        for outcome in outcomes {
            if let Verdict::Findings(findings) = outcome.verdict {
                found.extend(findings.iter().map(|finding| (outcome.rule.clone(), finding.message.zh.clone())));
            }
        }
        found
    }
}

#[derive(Debug, Default)]
struct Score {
    right: usize,
    false_alarms: usize,
    missed: usize,
}

#[test]
fn labelled_sentences_are_judged_as_people_judge_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/labelled/narrative");
    let mut reports: Vec<Labelled> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        reports.extend(toml::from_str::<File>(&text).unwrap().reports);
    }
    let rules = rules();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let (mut wrong, mut sentences) = (String::new(), 0);
    for report in &reports {
        let lawful = report.lawful.iter().map(|sentence| (None, sentence));
        let faulty = report.wrong.iter().flat_map(|(rule, all)| all.iter().map(move |sentence| (Some(rule), sentence)));
        for (expected, sentence) in lawful.chain(faulty) {
            sentences += 1;
            let found = report.findings(sentence, &rules);
            let rules_found: Vec<&String> = found.iter().map(|(rule, _)| rule).collect();
            for rule in &rules_found {
                let score = scores.entry((*rule).clone()).or_default();
                if expected == Some(*rule) { score.right += 1 } else { score.false_alarms += 1 }
            }
            if let Some(rule) = expected.filter(|rule| !rules_found.contains(rule)) {
                scores.entry(rule.clone()).or_default().missed += 1;
            }
            if rules_found != expected.into_iter().collect::<Vec<_>>() {
                let _ = writeln!(wrong, "{}: {sentence}\n  expected {expected:?}, found {found:#?}", report.name);
            }
        }
        for (rule, sentence) in report.beyond.iter().flat_map(|(rule, all)| all.iter().map(move |sentence| (rule, sentence))) {
            scores.entry(rule.clone()).or_default().missed += 1;
            if !report.findings(sentence, &rules).is_empty() {
                let _ = writeln!(wrong, "{}: {sentence}\n  is told now: it is no longer beyond", report.name);
            }
        }
    }
    for (rule, Score { right, false_alarms, missed }) in &scores {
        let percent = |part: usize, whole: usize| 100 * part / whole.max(1);
        println!(
            "{rule}: {right} right, {false_alarms} false, {missed} missed; precision {} %, recall {} %",
            percent(*right, right + false_alarms),
            percent(*right, right + missed)
        );
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(sentences >= 200, "only {sentences} sentences");
}
