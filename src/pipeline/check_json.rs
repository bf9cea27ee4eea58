//! The JSON of `check`, field by field as docs/contract.md has it: for the command and for the API.

use crate::check::fingerprint;
use crate::model::{
    Evidence, Figure, Outcome, Place, Problem, ReadOutcome, ReadReport, Reading, Report, Section, Verdict, Violation,
};
use crate::rules::{Check, RuleSet};
use crate::text::agency_key;
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

/// One input, read and judged: what its object is made of, here and in the API.
pub struct Subject<'a> {
    /// As it was named: a path, an address, `-`.
    pub input: &'a str,
    /// Hex SHA-256 of its bytes.
    pub sha256: &'a str,
    pub read: &'a ReadReport,
    pub outcomes: &'a [Outcome],
}

impl Subject<'_> {
    /// The fingerprint of a finding about this input.
    pub fn fingerprint(&self, rule: &str, place: &str) -> String {
        let report = self.read.report.as_ref();
        let agency = report.map(|report| agency_key(&report.agency)).unwrap_or_default();
        fingerprint(&agency, report.and_then(|report| report.year).unwrap_or_default(), rule, place)
    }

    fn outcome_word(&self) -> &'static str {
        match self.read.outcome {
            ReadOutcome::Read => "read",
            ReadOutcome::NotAReport => "not_a_report",
            ReadOutcome::Unreadable => "unreadable",
        }
    }
}

/// One input as the contract's object: written field by field, without a tree of values in between.
pub fn of<'a>(checked: &Subject<'a>, rules: &'a RuleSet, english: bool) -> impl Serialize + use<'a> {
    let mut tally = Tally::default();
    let mut findings = Vec::new();
    for outcome in checked.outcomes {
        match &outcome.verdict {
            Verdict::Clean => tally.clean += 1,
            Verdict::Findings(violations) => {
                tally.findings += 1;
                let check = rules.check(&outcome.rule);
                findings.extend(violations.iter().map(|it| finding(checked, &outcome.rule, check, it, english)));
            }
            Verdict::Inconclusive(why) => {
                tally.inconclusive += 1;
                tally.inconclusive_because.push(Because { rule: &outcome.rule, why: why.text(english) });
            }
            Verdict::NotApplicable => tally.not_applicable += 1,
        }
    }
    Checked {
        schema: "nianjian.check/1",
        input: checked.input,
        sha256: checked.sha256,
        media: &checked.read.media,
        outcome: checked.outcome_word(),
        problems: checked.read.problems.iter().map(ProblemOf::from).collect(),
        report: checked.read.report.as_ref().map(ReportOf::from),
        rules: tally,
        findings,
    }
}

#[derive(Serialize)]
struct Checked<'a> {
    schema: &'static str,
    input: &'a str,
    sha256: &'a str,
    media: &'a str,
    outcome: &'static str,
    problems: Vec<ProblemOf<'a>>,
    report: Option<ReportOf<'a>>,
    rules: Tally<'a>,
    findings: Vec<FindingOf<'a>>,
}

#[derive(Serialize)]
struct ProblemOf<'a> {
    code: &'a str,
    message: &'a str,
}

impl<'a> From<&'a Problem> for ProblemOf<'a> {
    fn from(problem: &'a Problem) -> ProblemOf<'a> {
        ProblemOf { code: &problem.code, message: &problem.message }
    }
}

/// How many rules came to what.
#[derive(Default, Serialize)]
struct Tally<'a> {
    clean: u64,
    findings: u64,
    inconclusive: u64,
    not_applicable: u64,
    inconclusive_because: Vec<Because<'a>>,
}

#[derive(Serialize)]
struct Because<'a> {
    rule: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct FindingOf<'a> {
    fingerprint: String,
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    place: &'a str,
    figures: &'a [String],
    expected: Option<&'a str>,
    actual: Option<&'a str>,
    evidence: Vec<EvidenceOf<'a>>,
    basis: &'a str,
    advice: &'a str,
}

fn finding<'a>(
    checked: &Subject<'a>,
    rule: &'a str,
    check: Option<&'a Check>,
    violation: &'a Violation,
    english: bool,
) -> FindingOf<'a> {
    FindingOf {
        fingerprint: checked.fingerprint(rule, &violation.place),
        rule,
        severity: violation.severity.word(),
        message: violation.message.text(english),
        place: &violation.place,
        figures: &violation.figures,
        expected: violation.expected.as_deref(),
        actual: violation.actual.as_deref(),
        evidence: violation.evidence.iter().map(EvidenceOf::from).collect(),
        basis: check.map_or("", |check| check.basis.text(english)),
        advice: check.map_or("", |check| check.advice.text(english)),
    }
}

#[derive(Serialize)]
struct EvidenceOf<'a> {
    quote: &'a str,
    at: PlaceOf<'a>,
}

impl<'a> From<&'a Evidence> for EvidenceOf<'a> {
    fn from(evidence: &'a Evidence) -> EvidenceOf<'a> {
        EvidenceOf { quote: &evidence.quote, at: PlaceOf::from(&evidence.at) }
    }
}

#[derive(Serialize)]
struct PlaceOf<'a> {
    table: Option<u32>,
    row: Option<u32>,
    column: Option<u32>,
    page: Option<u32>,
    quote: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<crate::model::Bounds>,
}

impl<'a> From<&'a Place> for PlaceOf<'a> {
    fn from(place: &'a Place) -> PlaceOf<'a> {
        let Place { table, row, column, page, quote, bounds } = place;
        PlaceOf { table: *table, row: *row, column: *column, page: *page, quote: quote.as_deref(), bounds: *bounds }
    }
}

#[derive(Serialize)]
struct ReportOf<'a> {
    standard: &'a str,
    title: &'a str,
    agency: &'a str,
    agency_kind: Option<&'static str>,
    year: Option<i32>,
    signed: Option<crate::model::Date>,
    published: Option<crate::model::Date>,
    document_number: Option<&'a str>,
    sections: Vec<SectionOf<'a>>,
    figures: Vec<FigureOf<'a>>,
}

impl<'a> From<&'a Report> for ReportOf<'a> {
    fn from(report: &'a Report) -> ReportOf<'a> {
        ReportOf {
            standard: &report.standard,
            title: &report.title,
            agency: &report.agency,
            agency_kind: report.agency_kind.map(crate::model::AgencyKind::word),
            year: report.year,
            signed: report.signed,
            published: report.published,
            document_number: report.document_number.as_deref(),
            sections: report.sections.iter().map(SectionOf::from).collect(),
            figures: report.figures.iter().map(FigureOf::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct SectionOf<'a> {
    id: &'a str,
    found: bool,
    heading: Option<&'a str>,
}

impl<'a> From<&'a Section> for SectionOf<'a> {
    fn from(section: &'a Section) -> SectionOf<'a> {
        SectionOf { id: &section.id, found: section.found, heading: section.heading.as_deref() }
    }
}

#[derive(Serialize)]
struct FigureOf<'a> {
    id: &'a str,
    state: &'static str,
    #[serde(serialize_with = "exact")]
    value: &'a Reading,
    raw: &'a str,
    unit: Option<&'a str>,
    at: Option<PlaceOf<'a>>,
}

impl<'a> From<&'a Figure> for FigureOf<'a> {
    fn from(figure: &'a Figure) -> FigureOf<'a> {
        FigureOf {
            id: &figure.id,
            state: figure.reading.word(),
            value: &figure.reading,
            raw: &figure.raw,
            unit: figure.unit.as_deref(),
            at: figure.at.as_ref().map(PlaceOf::from),
        }
    }
}

/// The exact number as printed: integers and decimals keep every digit.
fn exact<S: Serializer>(reading: &&Reading, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(number) = reading.number() else { return serializer.serialize_none() };
    match number.to_i64().filter(|_| number.scale() == 0) {
        Some(whole) => serializer.serialize_i64(whole),
        None => rust_decimal::serde::arbitrary_precision::serialize(&number, serializer),
    }
}

/// One figure as the contract's object, for exports.
pub fn figure(figure: &Figure) -> serde_json::Value {
    serde_json::to_value(FigureOf::from(figure)).unwrap_or_default()
}
