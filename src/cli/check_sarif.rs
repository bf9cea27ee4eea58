//! `check --format sarif`: SARIF 2.1.0, for the places that collect what tools find.
//!
//! One run. Findings are results; what we could not read, and what could not be decided, are notifications of the
//! invocation, so that a document without results is not taken for clean. A place in a table is a logical
//! location, since a cell has no line of its own; where the quoted words stand once in the text of a page, they are a region.

use super::Shell;
use crate::model::{Evidence, Message, Place, ReadOutcome, Severity, Violation};
use crate::pipeline::check_json::Subject;
use crate::rules::{Check, RuleSet};
use crate::text::link_to;
use crate::words::{self, Lang};
use serde_json::{Value, json};

/// The document that is written: results and notifications gathered input by input.
pub(super) struct Sarif<'a> {
    rules: &'a RuleSet,
    lang: Lang,
    today: crate::model::Date,
    artifacts: Vec<Value>,
    results: Vec<Value>,
    notifications: Vec<Value>,
    unread: bool,
}

impl<'a> Sarif<'a> {
    /// Nothing yet.
    pub(super) fn new(rules: &'a RuleSet, shell: &Shell) -> Sarif<'a> {
        let lang = if shell.json_english() { Lang::En } else { Lang::Zh };
        let today = shell.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
        Sarif { rules, lang, today, artifacts: Vec::new(), results: Vec::new(), notifications: Vec::new(), unread: false }
    }

    /// Adds one input with its bytes.
    pub(super) fn add(&mut self, checked: &Subject<'_>, bytes: &[u8]) {
        let index = self.artifacts.len();
        let location = json!({"uri": uri(checked.input), "index": index});
        let mut artifact = json!({
            "location": {"uri": uri(checked.input)},
            "mimeType": checked.read.media,
            "hashes": {"sha-256": checked.sha256},
            "roles": ["analysisTarget"],
            "properties": {"checked": self.checked(checked)},
        });
        if let Some(sheet) = checked.score(self.rules) {
            artifact["properties"]["score"] = sheet.value(self.lang.is_english());
        }
        self.artifacts.push(artifact);
        let text = std::str::from_utf8(bytes).ok().filter(|_| checked.read.media.starts_with("text/"));
        for (rule, violation) in checked.violations() {
            let result = self.result(checked, rule, violation, &location, text);
            self.results.push(result);
        }
        self.notify(checked, &location);
    }

    fn checked(&self, checked: &Subject<'_>) -> Value {
        let extent = checked.extent();
        json!({"applicable": extent.applicable, "decided": extent.decided})
    }

    /// What we could not read, and what was not decided.
    fn notify(&mut self, checked: &Subject<'_>, location: &Value) {
        let unread = checked.read.outcome == ReadOutcome::Unreadable;
        self.unread |= unread;
        let level = if unread { "error" } else { "warning" };
        let mut notifications: Vec<(&str, &str, String, Option<&[String]>)> = Vec::new();
        for problem in &checked.read.problems {
            let message = words::problem(&problem.code, &problem.message, self.lang).to_owned();
            notifications.push((&problem.code, level, message, None));
        }
        if let Some(word) = super::check_text::unchecked(checked) {
            let level = if checked.read.outcome == ReadOutcome::NotAReport { "note" } else { "error" };
            notifications.push(("not-checked", level, word.text(self.lang).to_owned(), None));
        }
        let extent = checked.extent();
        let covered = words::covered(extent.decided, extent.applicable, self.lang);
        for open in &extent.open {
            let why = open.why.text(self.lang.is_english());
            let message = match self.lang {
                Lang::Zh => format!("{covered}；未核对 {}：{why}", open.rules.join("、")),
                Lang::En => format!("{covered}; not checked {}: {why}", open.rules.join(", ")),
            };
            notifications.push(("not-decided", "note", message, Some(&open.rules)));
        }
        for (code, level, message, rules) in notifications {
            let mut notification = json!({
                "descriptor": {"id": code},
                "level": level,
                "message": {"text": message},
                "locations": [{"physicalLocation": {"artifactLocation": location}}],
            });
            if let Some(rules) = rules {
                notification["properties"] = json!({"rules": rules});
            }
            self.notifications.push(notification);
        }
    }

    fn result(&self, checked: &Subject<'_>, rule: &str, violation: &Violation, location: &Value, text: Option<&str>) -> Value {
        let english = self.lang.is_english();
        let masked = rule.starts_with("privacy/");
        let fingerprint = checked.fingerprint(rule, &violation.place);
        let place = |evidence: &Evidence| self.location(evidence, location, text.filter(|_| !masked));
        let mut places: Vec<Value> = violation.evidence.iter().map(place).collect();
        if places.is_empty() {
            places.push(json!({"physicalLocation": {"artifactLocation": location}}));
        }
        let related = places.split_off(1);
        let link = violation.evidence.first().and_then(|first| link_to(checked.input, &first.at)).filter(|_| !masked);
        let mut result = json!({
            "ruleId": rule,
            "kind": "fail",
            "level": level(violation.severity),
            "message": {"text": violation.message.text(english)},
            "locations": places,
            "partialFingerprints": {"nianjian/v1": fingerprint},
            "properties": {
                "place": violation.place, "figures": violation.figures,
                "expected": violation.expected, "actual": violation.actual, "link": link,
            },
        });
        if let Some(index) = self.rules.checks.iter().position(|check| check.id == rule) {
            result["ruleIndex"] = index.into();
        }
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        let waiver = self.rules.waivers.iter().find(|waiver| waiver.fingerprint == fingerprint);
        if let Some(waiver) = waiver.filter(|waiver| waiver.until.is_none_or(|until| self.today <= until)) {
            result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": waiver.reason}]);
        }
        result
    }

    fn location(&self, evidence: &Evidence, artifact: &Value, text: Option<&str>) -> Value {
        let mut location = json!({"physicalLocation": {"artifactLocation": artifact}});
        if let Some(region) = text.and_then(|text| region(text, &evidence.quote)) {
            location["physicalLocation"]["region"] = region;
        }
        let said = words::place(&evidence.at, self.lang);
        if let Some(name) = path(&evidence.at) {
            location["logicalLocations"] = json!([{"name": said, "fullyQualifiedName": name, "kind": "element"}]);
        }
        let quote = evidence.quote.trim();
        if !quote.is_empty() {
            let before = if said.is_empty() { said } else { format!("{said}: ") };
            location["message"] = json!({"text": format!("{before}「{quote}」")});
        }
        location
    }

    /// The whole document.
    pub(super) fn finish(self) -> Value {
        let rules: Vec<Value> = self.rules.checks.iter().map(|check| rule(check, self.lang.is_english())).collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "nianjian",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "language": self.lang.tag(),
                    "rules": rules,
                    "properties": {"ruleSet": self.rules.fingerprint},
                }},
                "language": self.lang.tag(),
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": !self.unread, "toolExecutionNotifications": self.notifications}],
                "artifacts": self.artifacts,
                "results": self.results,
            }],
        })
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

/// A rule in the words of its file.
fn rule(check: &Check, english: bool) -> Value {
    let text = |message: &Message| json!({"text": message.text(english)});
    let help = [&check.why, &check.basis, &check.advice].map(|message| message.text(english)).join("\n\n");
    json!({
        "id": check.id,
        "shortDescription": text(&check.what),
        "fullDescription": text(&check.why),
        "help": {"text": help},
        "defaultConfiguration": {
            "enabled": check.applies(),
            "level": check.severity.map_or("none", level),
        },
        "properties": {"tags": [crate::rules::family(&check.id)], "basis": check.basis.text(english)},
    })
}

/// Where something stands in the document as it was read: `page[1]/table[2]/row[3]/column[4]`.
fn path(at: &Place) -> Option<String> {
    let parts = [("page", at.page), ("table", at.table), ("row", at.row), ("column", at.column)];
    let named: Vec<String> = parts.iter().filter_map(|(name, at)| at.map(|at| format!("{name}[{at}]"))).collect();
    (!named.is_empty()).then(|| named.join("/"))
}

/// Words that are as long as these and stand in the source once are certainly those that were quoted.
const TELLING: usize = 6;

/// The region of a quote in the source, where it stands there once, as it is.
fn region(text: &str, quote: &str) -> Option<Value> {
    if quote.chars().count() < TELLING {
        return None;
    }
    let (start, end) = text.find(quote).map(|start| (start, start + quote.len()))?;
    if text[end..].contains(quote) {
        return None;
    }
    let ((line, column), (end_line, end_column)) = (characters_before(text, start), characters_before(text, end));
    Some(json!({
        "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        "snippet": {"text": quote},
    }))
}

/// Line and column of a byte, from 1, in characters.
fn characters_before(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1)
}

/// An input as a URI: web addresses as they are, paths with everything escaped that has a meaning in a URI.
fn uri(input: &str) -> String {
    if input.starts_with("http://") || input.starts_with("https://") {
        return url::Url::parse(input).map_or_else(|_| escaped(input), |url| url.to_string());
    }
    match input {
        "-" => "stdin".to_owned(),
        path if path.starts_with('/') => format!("file://{}", escaped(path)),
        // A colon in the first part would be read as a scheme.
        path => escaped(path).replace(':', "%3A"),
    }
}

fn escaped(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_stand_once_have_a_region() {
        let text = "<p>一</p>\n<p>共收到申请四件。</p>\n";
        let found = region(text, "共收到申请四件。").unwrap();
        assert_eq!((&found["startLine"], &found["startColumn"], &found["endColumn"]), (&2.into(), &4.into(), &12.into()));
        assert_eq!(region(text, "四件"), None, "too short to be told from others");
        assert_eq!(region("共收到申请四件。共收到申请四件。", "共收到申请四件。"), None);
    }

    #[test]
    fn inputs_are_uris() {
        for (input, wanted) in [
            ("a b/年报.html", "a%20b/%E5%B9%B4%E6%8A%A5.html"),
            ("/x/a#b", "file:///x/a%23b"),
            ("c:d", "c%3Ad"),
            ("-", "stdin"),
            ("https://gov.example/a b?c=d", "https://gov.example/a%20b?c=d"),
        ] {
            assert_eq!(uri(input), wanted);
        }
        assert_eq!(path(&Place { table: Some(2), row: Some(3), ..Place::default() }).as_deref(), Some("table[2]/row[3]"));
    }
}
