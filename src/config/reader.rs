//! Reading the tree: typed values, defaults, and a complaint for everything that does not fit.

use super::tree::{Entry, Node, Source, Spot, Value};
use crate::model::Secret;
use crate::rules::Complaint;
use crate::text::nearest::nearest;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The keys of one table, ticked off as they are asked for.
pub struct Fields<'v> {
    /// What complaints call it: `[http]`, `[[portal]] yunxi`.
    pub name: String,
    pub spot: Spot,
    entries: &'v [Entry],
    asked: Vec<&'static str>,
}

impl<'v> Fields<'v> {
    /// The value of a key, if it is there.
    pub fn take(&mut self, key: &'static str) -> Option<&'v Value> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

/// Collects complaints while values are read.
pub struct Reader<'a> {
    pub sources: &'a [Source],
    pub base: &'a Path,
    pub env: &'a [(String, String)],
    pub complaints: Vec<Complaint>,
    /// Variables that secrets were read from.
    pub used_variables: Vec<String>,
}

impl Reader<'_> {
    /// Complains about a place.
    pub fn complain(&mut self, spot: &Spot, what: impl Into<String>, help: Option<&str>) {
        let Some(source) = self.sources.get(spot.source) else { return };
        let complaint = Complaint::at(&source.path, &source.text, Some(spot.span.clone()), what);
        self.complaints.push(match help {
            Some(help) => complaint.help(help),
            None => complaint,
        });
    }

    /// The fields of a table; none where it is not there or is no table.
    pub fn table<'v>(&mut self, name: &str, value: Option<&'v Value>) -> Fields<'v> {
        let mut entries: &[Entry] = &[];
        match value {
            None => {}
            Some(Value { node: Node::Table(found), .. }) => entries = found,
            Some(other) => self.complain(&other.spot, format!("{name} is a table"), None),
        }
        let spot = value.map_or(Spot { source: 0, span: 0..0 }, |value| value.spot.clone());
        Fields { name: name.to_owned(), spot, entries, asked: Vec::new() }
    }

    /// Complains about every key that was not asked for.
    pub fn done(&mut self, fields: Fields<'_>) {
        for entry in fields.entries.iter().filter(|entry| !fields.asked.contains(&entry.key.as_str())) {
            let help = if entry.key == "agencies" {
                "`agencies` is a root key: it stands before the first table".to_owned()
            } else if let Some(meant) = nearest(&entry.key, fields.asked.iter().copied()) {
                format!("did you mean `{meant}`?")
            } else {
                format!("{} knows: {}", fields.name, fields.asked.join(", "))
            };
            self.complain(&entry.spot, format!("unknown key `{}` in {}", entry.key, fields.name), Some(&help));
        }
    }

    /// The text of a value. An override may leave the quotes out even where the text looks like a number.
    pub fn text(&mut self, value: &Value, wanted: &str) -> Option<String> {
        let source = self.sources.get(value.spot.source)?;
        match &value.node {
            Node::Text(text) => Some(text.clone()),
            Node::Integer(_) | Node::Truth(_) | Node::Other if source.bare => {
                source.text.get(value.spot.span.clone()).map(str::to_owned)
            }
            _ => {
                self.complain(&value.spot, format!("{wanted} is expected here, in quotes"), None);
                None
            }
        }
    }

    /// A text that is parsed; the parser's error is the complaint.
    pub fn parsed<T>(&mut self, value: Option<&Value>, wanted: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = value?;
        let text = self.text(value, wanted)?;
        match parse(&text) {
            Ok(parsed) => Some(parsed),
            Err(what) => {
                self.complain(&value.spot, what, None);
                None
            }
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, value: Option<&Value>, words: &[(&str, T)]) -> Option<T> {
        let value = value?;
        let text = self.text(value, "a word")?;
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*meaning);
        }
        let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let help = nearest(&text, words.iter().map(|(word, _)| *word)).map(|meant| format!("did you mean \"{meant}\"?"));
        self.complain(&value.spot, format!("`{text}` is none of {}", list.join(", ")), help.as_deref());
        None
    }

    /// Yes or no.
    pub fn truth(&mut self, value: Option<&Value>) -> Option<bool> {
        let value = value?;
        if let Node::Truth(truth) = value.node {
            return Some(truth);
        }
        self.complain(&value.spot, "true or false is expected here".to_owned(), None);
        None
    }

    /// A whole number within bounds.
    pub fn integer(&mut self, value: Option<&Value>, bounds: RangeInclusive<i64>) -> Option<i64> {
        let value = value?;
        if let Node::Integer(Some(number)) = value.node
            && bounds.contains(&number)
        {
            return Some(number);
        }
        self.complain(&value.spot, format!("a whole number from {} to {} is expected here", bounds.start(), bounds.end()), None);
        None
    }

    /// The items of a list. One lone value is a list of one; a bare override is cut at its commas.
    pub fn list(&mut self, value: Option<&Value>) -> Vec<Value> {
        let Some(value) = value else { return Vec::new() };
        let bare = self.sources.get(value.spot.source).is_some_and(|source| source.bare);
        match &value.node {
            Node::Array(items) => items.clone(),
            Node::Text(text) if bare => text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value { node: Node::Text(part.to_owned()), spot: value.spot.clone() })
                .collect(),
            _ => vec![value.clone()],
        }
    }

    /// A list whose items are parsed one by one.
    pub fn parsed_list<T>(&mut self, value: Option<&Value>, wanted: &str, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        self.list(value).iter().filter_map(|item| self.parsed(Some(item), wanted, &parse)).collect()
    }

    /// The tables of an array of tables (`[[portal]]`).
    pub fn tables(&mut self, name: &str, value: Option<&Value>) -> Vec<Value> {
        match value {
            None => Vec::new(),
            Some(Value { node: Node::Array(items), .. }) => items.clone(),
            Some(other) => {
                self.complain(&other.spot, format!("`{name}` is a list of tables"), Some(&format!("write [[{name}]]")));
                Vec::new()
            }
        }
    }

    /// A path; relative ones are relative to the configuration file.
    pub fn path(&mut self, value: Option<&Value>) -> Option<PathBuf> {
        let base = self.base;
        self.parsed(value, "a path", |text| {
            if text.trim().is_empty() || text.contains('\0') {
                Err("a path must not be empty".to_owned())
            } else {
                Ok(base.join(text))
            }
        })
    }

    /// A secret: the text itself, `{ file = "…" }`, or `{ env = "…" }`; the end of the line is not part of it.
    pub fn secret(&mut self, value: Option<&Value>) -> Option<Secret> {
        let value = value?;
        let found = match &value.node {
            Node::Table(_) => self.secret_elsewhere(value)?,
            _ => self.text(value, "a secret")?,
        };
        let secret = found.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            self.complain(&value.spot, "this secret is empty", Some("give it a value, or take the key away"));
            return None;
        }
        Some(Secret::new(secret))
    }

    fn secret_elsewhere(&mut self, value: &Value) -> Option<String> {
        let mut fields = self.table("a secret", Some(value));
        let (file, variable) = (fields.take("file"), fields.take("env"));
        let well_formed = file.is_some() != variable.is_some();
        self.done(fields);
        if !well_formed {
            self.complain(&value.spot, "a secret is a text, { file = \"…\" } or { env = \"…\" }", None);
            return None;
        }
        if let Some(file) = file {
            let path = self.path(Some(file))?;
            return match std::fs::read_to_string(&path) {
                Ok(text) => Some(text),
                Err(problem) => {
                    let what = format!("the secret in {} cannot be read: {problem}", path.display());
                    self.complain(&file.spot, what, Some("give the file to the account the program runs as"));
                    None
                }
            };
        }
        let name = self.text(variable?, "the name of a variable")?;
        self.used_variables.push(name.clone());
        let found = self.env.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        if found.is_none() {
            self.complain(&variable?.spot, format!("the environment variable {name} is not set"), None);
        }
        found
    }
}
