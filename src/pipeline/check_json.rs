//! The JSON of `check`, field by field as docs/contract.md has it: for the command and for the API.

use crate::check::fingerprint;
use crate::model::{Evidence, Figure, Message, Outcome, Place, ReadOutcome, ReadReport, Reading, Verdict};
use crate::rules::RuleSet;
use crate::text::agency_key;
use serde_json::{Map, Value, json};

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

/// One input as the contract's object.
pub fn of(checked: &Subject<'_>, rules: &RuleSet, english: bool) -> Value {
    let mut counts = [0u64; 4];
    let mut because = Vec::new();
    let mut findings = Vec::new();
    for outcome in checked.outcomes {
        match &outcome.verdict {
            Verdict::Clean => counts[0] += 1,
            Verdict::Findings(violations) => {
                counts[1] += 1;
                let notes = rules.check(&outcome.rule);
                let note =
                    |pick: fn(&crate::rules::Check) -> &Message| notes.map_or("", |rule| pick(rule).text(english)).to_owned();
                for violation in violations {
                    findings.push(json!({
                        "fingerprint": checked.fingerprint(&outcome.rule, &violation.place),
                        "rule": outcome.rule,
                        "severity": violation.severity.word(),
                        "message": violation.message.text(english),
                        "place": violation.place,
                        "figures": violation.figures,
                        "expected": violation.expected,
                        "actual": violation.actual,
                        "evidence": violation.evidence.iter().map(evidence).collect::<Vec<_>>(),
                        "basis": note(|rule| &rule.basis),
                        "advice": note(|rule| &rule.advice),
                    }));
                }
            }
            Verdict::Inconclusive(why) => {
                counts[2] += 1;
                because.push(json!({"rule": outcome.rule, "why": why.text(english)}));
            }
            Verdict::NotApplicable => counts[3] += 1,
        }
    }
    json!({
        "schema": "nianjian.check/1",
        "input": checked.input,
        "sha256": checked.sha256,
        "media": checked.read.media,
        "outcome": checked.outcome_word(),
        "problems": checked.read.problems.iter().map(|problem| json!({"code": problem.code, "message": problem.message})).collect::<Vec<_>>(),
        "report": report(checked),
        "rules": {
            "clean": counts[0], "findings": counts[1], "inconclusive": counts[2], "not_applicable": counts[3],
            "inconclusive_because": because,
        },
        "findings": findings,
    })
}

fn report(checked: &Subject<'_>) -> Value {
    let Some(report) = &checked.read.report else { return Value::Null };
    let sections: Vec<Value> = report
        .sections
        .iter()
        .map(|section| json!({"id": section.id, "found": section.found, "heading": section.heading}))
        .collect();
    json!({
        "standard": report.standard,
        "title": report.title,
        "agency": report.agency,
        "agency_kind": report.agency_kind.map(crate::model::AgencyKind::word),
        "year": report.year,
        "signed": report.signed,
        "published": report.published,
        "document_number": report.document_number,
        "sections": sections,
        "figures": report.figures.iter().map(figure).collect::<Vec<_>>(),
    })
}

/// A figure as the contract's object.
pub fn figure(figure: &Figure) -> Value {
    let mut object = Map::new();
    object.insert("id".into(), figure.id.clone().into());
    object.insert("state".into(), figure.reading.word().into());
    object.insert("value".into(), value(&figure.reading));
    object.insert("raw".into(), figure.raw.clone().into());
    object.insert("unit".into(), figure.unit.clone().into());
    object.insert("at".into(), figure.at.as_ref().map_or(Value::Null, place));
    Value::Object(object)
}

/// The exact number as printed: integers and decimals keep every digit.
fn value(reading: &Reading) -> Value {
    reading
        .number()
        .and_then(|number| serde_json::from_str::<serde_json::Number>(&number.to_string()).ok())
        .map_or(Value::Null, Value::Number)
}

fn place(place: &Place) -> Value {
    json!({"table": place.table, "row": place.row, "column": place.column, "page": place.page, "quote": place.quote})
}

fn evidence(evidence: &Evidence) -> Value {
    json!({"quote": evidence.quote, "at": place(&evidence.at)})
}
