//! The JSON of `check`, field by field as docs/contract.md has it: for the command and for the API.

use crate::check::fingerprint;
use crate::model::{Bounds, Extent, Figure, Message, Outcome, Place, ReadOutcome, ReadReport, Report, Verdict, Violation};
use crate::rules::{Check, RuleSet};
use crate::score::{Charge, Sheet};
use crate::text::{agency_key, link_to};
use crate::words::{self, Lang};
use rust_decimal::prelude::ToPrimitive;

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

    /// How far it was checked.
    pub fn extent(&self) -> Extent {
        Extent::of_read(self.read, self.outcomes)
    }

    /// What was found, with the rule it breaks, in the order of the rules.
    pub fn violations(&self) -> impl Iterator<Item = (&str, &Violation)> {
        let found = self.outcomes.iter().filter_map(|outcome| match &outcome.verdict {
            Verdict::Findings(violations) => Some((outcome, violations)),
            _ => None,
        });
        found.flat_map(|(outcome, violations)| violations.iter().map(move |it| (outcome.rule.as_str(), it)))
    }

    /// Whether the text of a report was read, and not only a link or pictures.
    pub fn was_read(&self) -> bool {
        let links = self.read.report.as_ref().is_some_and(|report| report.attachment_only);
        self.read.outcome == ReadOutcome::Read && !self.read.image_only && !links
    }

    /// Its score sheet, where the office scores; a document that is no report has none.
    pub fn score(&self, rules: &RuleSet) -> Option<Sheet> {
        let scheme = rules.score.as_ref().filter(|_| self.read.outcome != ReadOutcome::NotAReport)?;
        let charges: Vec<Charge<'_>> =
            self.violations().map(|(rule, violation)| Charge { rule, severity: violation.severity }).collect();
        Some(Sheet::of(scheme, &charges, &self.extent(), self.was_read()))
    }

    fn outcome_word(&self) -> &'static str {
        match self.read.outcome {
            ReadOutcome::Read => "read",
            ReadOutcome::NotAReport => "not_a_report",
            ReadOutcome::Unreadable => "unreadable",
        }
    }
}

/// One input as the contract's object, in one line. It is written piece by piece: two hundred figures an input,
/// each with its place, are most of what there is to write, and a tree of values costs many times more.
pub fn text(checked: &Subject<'_>, rules: &RuleSet, english: bool) -> String {
    let mut out = String::with_capacity(checked.read.report.as_ref().map_or(1024, |report| 4096 + report.figures.len() * 240));
    out.push_str("{\"schema\":\"nianjian.check/1\",\"input\":");
    quoted(&mut out, checked.input);
    field(&mut out, "sha256", Some(checked.sha256));
    field(&mut out, "media", Some(&checked.read.media));
    field(&mut out, "outcome", Some(checked.outcome_word()));
    let lang = if english { Lang::En } else { Lang::Zh };
    out.push_str(",\"problems\":");
    list(&mut out, &checked.read.problems, |out, problem| {
        out.push_str("{\"code\":");
        quoted(out, &problem.code);
        field(out, "message", Some(words::problem(&problem.code, &problem.message, lang)));
        out.push('}');
    });
    out.push_str(",\"report\":");
    match &checked.read.report {
        Some(report) => write_report(&mut out, report),
        None => out.push_str("null"),
    }
    write_outcomes(&mut out, checked, rules, english);
    write_extent(&mut out, &checked.extent(), english);
    field(&mut out, "rule_set", Some(&rules.fingerprint));
    field(&mut out, "program", Some(env!("CARGO_PKG_VERSION")));
    if let Some(sheet) = checked.score(rules) {
        out.push_str(",\"score\":");
        out.push_str(&sheet.value(english).to_string());
    }
    out.push('}');
    out
}

/// How many of the rules that apply were decided, and why the rest was not.
fn write_extent(out: &mut String, extent: &Extent, english: bool) {
    out.push_str(",\"checked\":{\"applicable\":");
    whole(out, extent.applicable);
    out.push_str(",\"decided\":");
    whole(out, extent.decided);
    out.push_str(",\"open\":");
    list(out, &extent.open, |out, open| {
        out.push_str("{\"why\":");
        quoted(out, open.why.text(english));
        out.push_str(",\"rules\":");
        list(out, &open.rules, |out, rule| quoted(out, rule));
        out.push('}');
    });
    out.push('}');
}

/// One input as the contract's object, as a value.
pub fn value(checked: &Subject<'_>, rules: &RuleSet, english: bool) -> serde_json::Value {
    serde_json::from_str(&text(checked, rules, english)).unwrap_or_default()
}

/// One figure as the contract's object, for exports.
pub fn figure(figure: &Figure) -> serde_json::Value {
    let mut out = String::new();
    write_figure(&mut out, figure);
    serde_json::from_str(&out).unwrap_or_default()
}

/// How many rules came to what, and the findings.
fn write_outcomes(out: &mut String, checked: &Subject<'_>, rules: &RuleSet, english: bool) {
    let count = |wanted: fn(&Verdict) -> bool| checked.outcomes.iter().filter(|outcome| wanted(&outcome.verdict)).count();
    out.push_str(",\"rules\":{\"clean\":");
    whole(out, count(|verdict| matches!(verdict, Verdict::Clean)) as u64);
    out.push_str(",\"findings\":");
    whole(out, count(|verdict| matches!(verdict, Verdict::Findings(_))) as u64);
    out.push_str(",\"inconclusive\":");
    whole(out, count(|verdict| matches!(verdict, Verdict::Inconclusive(_))) as u64);
    out.push_str(",\"not_applicable\":");
    whole(out, count(|verdict| matches!(verdict, Verdict::NotApplicable)) as u64);
    out.push_str(",\"inconclusive_because\":");
    let open = checked.outcomes.iter().filter_map(|outcome| match &outcome.verdict {
        Verdict::Inconclusive(why) => Some((outcome, why)),
        _ => None,
    });
    let because = |out: &mut String, (outcome, why): (&Outcome, &Message)| {
        out.push_str("{\"rule\":");
        quoted(out, &outcome.rule);
        field(out, "why", Some(why.text(english)));
        out.push('}');
    };
    list(out, open, because);
    // Rules counted under findings that could not be decided at another place.
    out.push_str(",\"open_beside_findings\":");
    let beside = checked.outcomes.iter().filter_map(|outcome| match &outcome.verdict {
        Verdict::Findings(found) => Some((outcome, found.open.as_ref()?)),
        _ => None,
    });
    list(out, beside, because);
    out.push_str("},\"findings\":");
    list(out, checked.violations(), |out, (rule, it)| write_finding(out, checked, rule, rules.check(rule), it, english));
}

fn write_finding(
    out: &mut String,
    checked: &Subject<'_>,
    rule: &str,
    check: Option<&Check>,
    violation: &Violation,
    english: bool,
) {
    out.push_str("{\"fingerprint\":");
    quoted(out, &checked.fingerprint(rule, &violation.place));
    field(out, "rule", Some(rule));
    field(out, "severity", Some(violation.severity.word()));
    field(out, "message", Some(violation.message.text(english)));
    field(out, "place", Some(&violation.place));
    out.push_str(",\"figures\":");
    list(out, &violation.figures, |out, id| quoted(out, id));
    field(out, "expected", violation.expected.as_deref());
    field(out, "actual", violation.actual.as_deref());
    out.push_str(",\"evidence\":");
    list(out, &violation.evidence, |out, evidence| {
        out.push_str("{\"quote\":");
        quoted(out, &evidence.quote);
        out.push_str(",\"at\":");
        write_place(out, &evidence.at);
        // What is told of personal data is not repeated in an address.
        if let Some(link) = link_to(checked.input, &evidence.at).filter(|_| !rule.starts_with("privacy/")) {
            field(out, "link", Some(&link));
        }
        out.push('}');
    });
    field(out, "basis", Some(check.map_or("", |check| check.basis.text(english))));
    field(out, "advice", Some(check.map_or("", |check| check.advice.text(english))));
    out.push('}');
}

fn write_report(out: &mut String, report: &Report) {
    let date = |date: Option<crate::model::Date>| date.map(|date| date.to_string());
    out.push_str("{\"standard\":");
    quoted(out, &report.standard);
    field(out, "title", Some(&report.title));
    field(out, "agency", Some(&report.agency));
    field(out, "agency_kind", report.agency_kind.map(crate::model::AgencyKind::word));
    out.push_str(",\"year\":");
    match report.year {
        Some(year) => out.push_str(&year.to_string()),
        None => out.push_str("null"),
    }
    field(out, "signed", date(report.signed).as_deref());
    field(out, "published", date(report.published).as_deref());
    field(out, "published_source", report.published_source.map(crate::model::DateSource::word));
    field(out, "document_number", report.document_number.as_deref());
    out.push_str(",\"sections\":");
    list(out, &report.sections, |out, section| write_found(out, &section.id, section.found, section.heading.as_deref()));
    out.push_str(",\"parts\":");
    list(out, &report.parts, |out, part| write_found(out, &part.id, part.found, part.heading.as_deref()));
    out.push_str(",\"figures\":");
    list(out, &report.figures, |out, figure| {
        write_figure(out, figure);
        if report.recognised {
            out.pop();
            out.push_str(",\"recognised\":true}");
        }
    });
    out.push('}');
}

/// A section, or a part of one.
fn write_found(out: &mut String, id: &str, found: bool, heading: Option<&str>) {
    out.push_str("{\"id\":");
    quoted(out, id);
    out.push_str(if found { ",\"found\":true" } else { ",\"found\":false" });
    field(out, "heading", heading);
    out.push('}');
}

fn write_figure(out: &mut String, figure: &Figure) {
    out.push_str("{\"id\":");
    quoted(out, &figure.id);
    out.push_str(",\"state\":\"");
    out.push_str(figure.reading.word());
    out.push_str("\",\"value\":");
    match figure.reading.number() {
        // The exact number as printed: integers and decimals keep every digit.
        Some(number) => match number.to_u64().filter(|_| number.scale() == 0) {
            Some(number) => whole(out, number),
            None => out.push_str(&number.to_string()),
        },
        None => out.push_str("null"),
    }
    field(out, "raw", Some(&figure.raw));
    field(out, "unit", figure.unit.as_deref());
    out.push_str(",\"at\":");
    match &figure.at {
        Some(place) => write_place(out, place),
        None => out.push_str("null"),
    }
    out.push('}');
}

fn write_place(out: &mut String, place: &Place) {
    let Place { table, row, column, page, quote, label: _, bounds } = place;
    for (name, number) in [("{\"table\":", table), (",\"row\":", row), (",\"column\":", column), (",\"page\":", page)] {
        out.push_str(name);
        match number {
            Some(number) => whole(out, u64::from(*number)),
            None => out.push_str("null"),
        }
    }
    field(out, "quote", quote.as_deref());
    if let Some(Bounds { left, top, right, bottom }) = bounds {
        let bounds = [(",\"bounds\":{\"left\":", left), (",\"top\":", top), (",\"right\":", right), (",\"bottom\":", bottom)];
        for (name, number) in bounds {
            out.push_str(name);
            whole(out, u64::from(*number));
        }
        out.push('}');
    }
    out.push('}');
}

/// A further field of an object; `null` where there is nothing.
fn field(out: &mut String, name: &str, text: Option<&str>) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    match text {
        Some(text) => quoted(out, text),
        None => out.push_str("null"),
    }
}

fn list<T>(out: &mut String, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    out.push('[');
    let mut first = true;
    for item in items {
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// A text in quotation marks; hardly any holds a character that JSON escapes.
fn quoted(out: &mut String, text: &str) {
    // Every byte is looked at, without a way out in between: so many are looked at in one step.
    let escapes = text.bytes().fold(false, |any, byte| any | (byte < 0x20) | (byte == b'"') | (byte == b'\\'));
    if escapes {
        out.push_str(&serde_json::Value::from(text).to_string());
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

/// The digits of a number; most have one.
fn whole(out: &mut String, number: u64) {
    match number {
        0..=9 => out.push(char::from(b'0' + number as u8)),
        _ => {
            whole(out, number / 10);
            whole(out, number % 10);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{figure, quoted, whole};
    use crate::model::{Bounds, Figure, Place, Reading};
    use rust_decimal::Decimal;

    #[test]
    fn texts_and_numbers_are_written_as_json_has_them() {
        for text in ["", "公开", "a\"b\\c", "一\n\t\u{1}二", "\u{7f}\u{2028}"] {
            let mut out = String::new();
            quoted(&mut out, text);
            assert_eq!(out, serde_json::to_string(text).unwrap());
        }
        for number in [0, 7, 10, 4096, u64::MAX] {
            let mut out = String::new();
            whole(&mut out, number);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn a_figure_is_the_object_of_the_contract() {
        let bounds = Some(Bounds { left: 1, top: 2, right: 3, bottom: 4 });
        let place = Place { table: Some(2), row: Some(30), quote: Some("-1.50".into()), bounds, ..Place::default() };
        let reading = Reading::Number(Decimal::new(-150, 2));
        let made =
            figure(&Figure { id: "a.b".into(), reading, raw: "-1.50".into(), unit: Some("万元".into()), at: Some(place) });
        let wanted = r#"{"id":"a.b","state":"number","value":-1.50,"raw":"-1.50","unit":"万元","at":{"table":2,"row":30,"column":null,"page":null,"quote":"-1.50","bounds":{"left":1,"top":2,"right":3,"bottom":4}}}"#;
        assert_eq!(made.to_string(), wanted);
        let absent = Figure { id: "a".into(), reading: Reading::Absent, raw: String::new(), unit: None, at: None };
        assert_eq!(figure(&absent).to_string(), r#"{"id":"a","state":"absent","value":null,"raw":"","unit":null,"at":null}"#);
    }
}
