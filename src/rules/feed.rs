//! Feeds: lists that a page takes from an interface of its system, described as data.
//!
//! A `[[feed]]` of a profile says how the interface is asked (an address or a form with words in
//! braces, some of them taken from the page by regular expressions) and where in its answer the
//! entries stand. The answer may be JSON, JSONP, JSON that carries markup, or markup with records in
//! CDATA. Nothing here fetches or reads an answer; the crawl room does.

use super::{Complaint, Pattern};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Words of templates that the walk itself fills in: number of the page from 1 (or as `first` says)
/// and from 0, records a page, first and last record of the request, counted from 1.
const COUNTED: [&str; 5] = ["page", "page0", "size", "start", "end"];

/// How the interface of a list is asked, and how it answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Addresses, relative to the page. Each further one is tried where the one before brings nothing new.
    pub ask: Vec<String>,
    /// The body of a POST; without it the request is a GET.
    #[serde(default)]
    pub post: Option<String>,
    /// Media type of that body.
    #[serde(default = "form")]
    pub media: String,
    /// Number of the first page.
    #[serde(default = "one")]
    pub first: u32,
    /// Records a page, where `take` finds no `size` on the page.
    #[serde(default = "twenty")]
    pub size: u32,
    /// Pages asked for with one request that names its first and last record.
    #[serde(default = "one")]
    pub batch: u32,
    /// Whether the page itself shows the first records; else it is only a shell.
    #[serde(default)]
    pub embedded: bool,
    /// Words by the regular expressions that find them, over the address (first line) and the source
    /// of the page: the first group of the first that matches.
    #[serde(default)]
    pub take: BTreeMap<String, Vec<Pattern>>,
    /// What words are that were not found. A word without a value here must be found.
    #[serde(default)]
    pub otherwise: BTreeMap<String, String>,
    /// Words whose `name={word}` is left out where they were not found.
    #[serde(default)]
    pub optional: Vec<String>,
    pub answer: Answer,
}

/// Where things stand in an answer. Paths are names of fields joined by dots; a field that holds JSON
/// as text is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Paths to the array of entries, the surest first; the empty path is the answer itself. Without them
    /// and without `html` the whole answer is markup.
    #[serde(default)]
    pub items: Vec<String>,
    /// Path to markup inside JSON, whose links are the entries.
    #[serde(default)]
    pub html: Option<String>,
    /// Fields of an entry with its address, the surest first, or templates of it (`/show/{id}.html`).
    #[serde(default)]
    pub link: Vec<String>,
    #[serde(default)]
    pub title: Vec<String>,
    #[serde(default)]
    pub date: Vec<String>,
    /// Paths to the number of all records.
    #[serde(default)]
    pub total: Vec<String>,
    /// Regular expressions for it, over the source of the page and of answers.
    #[serde(default)]
    pub total_in: Vec<Pattern>,
    /// Paths to the number of pages.
    #[serde(default)]
    pub pages: Vec<String>,
    /// Regular expressions for it, over the source of answers.
    #[serde(default)]
    pub pages_in: Vec<Pattern>,
    /// Only entries whose address contains this, where the interface answers for the whole site.
    #[serde(default)]
    pub keep: Option<String>,
}

fn form() -> String {
    "application/x-www-form-urlencoded".to_owned()
}

fn one() -> u32 {
    1
}

fn twenty() -> u32 {
    20
}

/// The words in braces of a template: `{page}`, `{sid}`. Braces around anything else are text.
pub fn words_of(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word).filter(|word| is_word(word))
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl Feed {
    /// What is wrong with it: the offending text and the complaint.
    pub(super) fn fault(&self) -> Option<(&str, String)> {
        if self.ask.is_empty() {
            return Some(("[[feed]]", "a feed must say what to `ask`".to_owned()));
        }
        for pattern in self.take.values().flatten().chain(&self.answer.total_in).chain(&self.answer.pages_in) {
            match (pattern.regex(), pattern.error()) {
                (None, error) => {
                    return Some((pattern.as_str(), format!("not a regular expression: {}", error.unwrap_or_default())));
                }
                (Some(regex), _) if regex.captures_len() < 2 => {
                    return Some((pattern.as_str(), "the expression has no group that takes something".to_owned()));
                }
                _ => {}
            }
        }
        let known = |word: &&str| COUNTED.contains(word) || self.take.contains_key(*word) || self.otherwise.contains_key(*word);
        for template in self.ask.iter().chain(&self.post).chain(&self.answer.keep) {
            if let Some(word) = words_of(template).find(|word| !known(word)) {
                return Some((
                    template,
                    format!("nothing says what `{{{word}}}` is; take it from the page, or give it `otherwise`"),
                ));
            }
        }
        if !self.answer.items.is_empty() && (self.answer.link.is_empty() || self.answer.title.is_empty()) {
            return Some(("[feed.answer]", "entries need a `link` and a `title`".to_owned()));
        }
        (self.size == 0 || self.batch == 0).then(|| ("size", "`size` and `batch` count from 1".to_owned()))
    }

    /// The complaint about it, where it stands.
    pub(super) fn complaint(&self, path: &str, text: &str) -> Option<Complaint> {
        let (at, what) = self.fault()?;
        let span = text.find(at).map(|start| start..start + at.len());
        Some(Complaint::at(path, text, span, what))
    }
}
