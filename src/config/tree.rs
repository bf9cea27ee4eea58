//! The configuration as a tree of values that know where they were written.
//!
//! serde's derived readers stop at the first mistake, and a person who mends a file wants all of
//! them at once; so the file is kept as a tree with spans, environment variables and `--set` are laid
//! over it, and only then is it read, key by key.

use crate::rules::Complaint;
use crate::text::nearest::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text that values were written in: the file, one environment variable, one `--set`.
#[derive(Debug)]
pub struct Source {
    /// What a complaint calls it: the file's path, the variable's name, `--set`.
    pub path: String,
    pub text: String,
    /// True for overrides, where quotes and brackets may be left out.
    pub bare: bool,
}

/// Where in which source something stands.
#[derive(Debug, Clone)]
pub struct Spot {
    pub source: usize,
    pub span: Range<usize>,
}

#[derive(Debug, Clone)]
pub enum Node {
    Table(Vec<Entry>),
    Array(Vec<Value>),
    Text(String),
    /// `None` where it does not fit.
    Integer(Option<i64>),
    Truth(bool),
    /// A float or a date: the configuration has no key that wants one.
    Other,
}

#[derive(Debug, Clone)]
pub struct Value {
    pub node: Node,
    pub spot: Spot,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub key: String,
    pub spot: Spot,
    pub value: Value,
}

/// Variables that are ours but no keys: the log's filter, the file, the language, the API's token.
const OTHER_VARIABLES: [&str; 7] =
    ["NIANJIAN_CONFIG", "NIANJIAN_LOG", "NIANJIAN_LANG", "NIANJIAN_TOKEN", "NIANJIAN_API", "NIANJIAN_NOW", "NIANJIAN_FAIL_POINT"];
/// Beginnings of the variables that Kubernetes sets in every pod beside a Service of our name.
const FOREIGN_BEGINNINGS: [&str; 3] = ["NIANJIAN_PORT", "NIANJIAN_SERVICE_HOST", "NIANJIAN_SERVICE_PORT"];

/// Every source, and the tree they make together.
#[derive(Debug)]
pub struct Tree {
    pub sources: Vec<Source>,
    pub root: Value,
    /// Variables named like ours that no key answers to; a secret may still be read from them.
    pub strangers: Vec<String>,
}

impl Tree {
    /// The file's tree, or every mistake of its syntax.
    pub fn of_file(path: &str, text: &str) -> Result<Tree, Vec<Complaint>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| Complaint::of_toml(path, text, error)).collect());
        }
        let root = Value { node: node_of_table(table.get_ref(), 0, 0), spot: Spot { source: 0, span: 0..0 } };
        let sources = vec![Source { path: path.to_owned(), text: text.to_owned(), bare: false }];
        Ok(Tree { sources, root, strangers: Vec::new() })
    }

    /// Lays the `NIANJIAN_…` variables over the tree; `keys` are the dotted keys they may name.
    pub fn lay_environment(&mut self, env: &[(String, String)], keys: &[&str]) {
        for (name, value) in env {
            let Some(rest) = name.strip_prefix("NIANJIAN_") else { continue };
            if OTHER_VARIABLES.contains(&name.as_str()) {
                continue;
            }
            if let Some(key) = keys.iter().find(|key| variable_of(key) == rest) {
                self.lay(key, name, value.clone(), 0);
            } else if !FOREIGN_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) {
                self.strangers.push(name.clone());
            }
        }
    }

    /// Lays one `--set key=value` over the tree.
    pub fn lay_setting(&mut self, setting: &str) -> Result<(), Complaint> {
        let Some((key, _)) = setting.split_once('=') else {
            return Err(Complaint::at("--set", setting, Some(0..setting.len()), format!("`{setting}` has no `=`"))
                .help("write --set key=value, as in --set http.listen=127.0.0.1:9000"));
        };
        self.lay(key, "--set", setting.to_owned(), key.len() + 1);
        Ok(())
    }

    /// Lays the value that begins at `from` of an override's text over a dotted key.
    fn lay(&mut self, key: &str, path: &str, text: String, from: usize) {
        let source = self.sources.len();
        let written = text.get(from..).unwrap_or("");
        let value = bare_value(written, source, from);
        let key_spot = Spot { source, span: 0..key.len().min(text.len()) };
        self.sources.push(Source { path: path.to_owned(), text, bare: true });
        let parts: Vec<&str> = key.split('.').map(str::trim).collect();
        put(&mut self.root, &parts, &key_spot, value);
    }
}

/// The complaint about a variable that no key answers to.
pub fn stranger_complaint(name: &str, keys: &[&str]) -> Complaint {
    let names: Vec<String> = keys.iter().map(|key| format!("NIANJIAN_{}", variable_of(key))).collect();
    let complaint = Complaint::at(name, "", None, format!("the environment variable {name} names no key of the configuration"));
    match nearest(name, names.iter().map(String::as_str)) {
        Some(meant) => complaint.help(format!("did you mean {meant}?")),
        None => complaint.help("take it away, or name it in a secret: { env = \"…\" }"),
    }
}

/// `http.tokens.viewer` → `HTTP_TOKENS_VIEWER`.
fn variable_of(key: &str) -> String {
    key.to_ascii_uppercase().replace('.', "_")
}

/// Puts a value at a dotted key. A value that stands where a table belongs is left, to be complained about.
fn put(into: &mut Value, parts: &[&str], spot: &Spot, value: Value) {
    let (Some((first, rest)), Node::Table(entries)) = (parts.split_first(), &mut into.node) else { return };
    let index = entries.iter().position(|entry| entry.key == *first).unwrap_or_else(|| {
        let empty = Value { node: Node::Table(Vec::new()), spot: spot.clone() };
        entries.push(Entry { key: (*first).to_owned(), spot: spot.clone(), value: empty });
        entries.len() - 1
    });
    let Some(entry) = entries.get_mut(index) else { return };
    if rest.is_empty() {
        entry.value = value;
        entry.spot = spot.clone();
    } else {
        put(&mut entry.value, rest, spot, value);
    }
}

/// An override's value: TOML where it is TOML, else the text itself.
fn bare_value(written: &str, source: usize, from: usize) -> Value {
    const LEAD: &str = "v = ";
    let document = format!("{LEAD}{written}");
    if let Ok(table) = DeTable::parse(&document)
        && table.get_ref().len() == 1
        && let Some((_, value)) = table.get_ref().iter().next()
    {
        return value_of(value, source, from as i64 - LEAD.len() as i64);
    }
    Value { node: Node::Text(written.to_owned()), spot: Spot { source, span: from..from + written.len() } }
}

fn shifted(span: Range<usize>, shift: i64) -> Range<usize> {
    let moved = |at: usize| usize::try_from(at as i64 + shift).unwrap_or(0);
    moved(span.start)..moved(span.end)
}

fn node_of_table(table: &DeTable<'_>, source: usize, shift: i64) -> Node {
    let entries = table.iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        spot: Spot { source, span: shifted(key.span(), shift) },
        value: value_of(value, source, shift),
    });
    Node::Table(entries.collect())
}

fn value_of(value: &Spanned<DeValue<'_>>, source: usize, shift: i64) -> Value {
    let node = match value.get_ref() {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(number) => Node::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()),
        DeValue::Boolean(truth) => Node::Truth(*truth),
        DeValue::Float(_) | DeValue::Datetime(_) => Node::Other,
        DeValue::Array(items) => Node::Array(items.iter().map(|item| value_of(item, source, shift)).collect()),
        DeValue::Table(table) => node_of_table(table, source, shift),
    };
    Value { node, spot: Spot { source, span: shifted(value.span(), shift) } }
}
