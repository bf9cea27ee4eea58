//! `site.toml` of a site's folder: what cannot be told by files alone.
//!
//! Answers of interfaces depend on what is asked: `[[answer]]` names a path, the parameters that must
//! be there (in the query, in a posted form, or as a field at the top of posted JSON), and the file
//! that is the answer. Pages of reports are alike but for a few words: `[[report]]` fills them into a
//! template of the folder, so that a site with many reports is a short file, which at the same time is
//! the truth about what there is to be found.
//!
//! ```toml
//! [[answer]]
//! path = "/gkmlpt/api/all/508"
//! with = { page = "2" }
//! page = "/_api/2.json"           # a file of the folder; `empty = true` for nothing at all
//!
//! [[report]]
//! path = "/content/post_1.html"
//! agency = "青石镇人民政府"
//! year = 2025
//! date = "2026-01-12"
//! ```

use super::answer::Page;
use super::{Site, SiteError};
use axum::body::Bytes;
use axum::http::Method;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The template of reports where a row names none.
const TEMPLATE: &str = "/_report.html";

/// The part of `site.toml` that is served; tests read the rest of it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Folder {
    #[serde(default, rename = "answer")]
    pub(super) answers: Vec<Answer>,
    #[serde(default, rename = "report")]
    pub(super) reports: Vec<Report>,
}

/// What an interface answers to one question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    path: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    /// Headers that must be there, by their names in small letters; an empty value stands for any.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    pub(super) page: String,
    #[serde(default)]
    pub(super) media: Option<String>,
}

/// A page made of a template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    pub(super) path: String,
    agency: String,
    year: i32,
    #[serde(default)]
    date: String,
    #[serde(default)]
    template: Option<String>,
}

/// A request as its interface sees it.
pub(super) struct Question<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) posted: &'a [u8],
    pub(super) headers: &'a axum::http::HeaderMap,
}

impl Answer {
    /// Whether it is the answer to this question.
    pub(super) fn fits(&self, question: &Question<'_>) -> bool {
        let method = self.method.as_ref().is_none_or(|method| question.method == method.as_str());
        let header = |name: &str| question.headers.get(name).and_then(|value| value.to_str().ok());
        let headed = self.headers.iter().all(|(name, wanted)| header(name).is_some_and(|value| value.contains(wanted.as_str())));
        self.path == question.path && method && headed && {
            let parameters = parameters(question);
            self.with.iter().all(|(name, value)| parameters.get(name) == Some(value))
        }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// The parameters of a question: of its query, of a posted form, of the top of posted JSON.
fn parameters(question: &Question<'_>) -> BTreeMap<String, String> {
    let query = url::form_urlencoded::parse(question.query.as_bytes());
    let mut parameters: BTreeMap<String, String> = query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(question.posted) {
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        parameters.extend(fields.iter().map(|(name, value)| (name.clone(), text(value))));
    } else {
        let form = url::form_urlencoded::parse(question.posted);
        parameters.extend(form.map(|(name, value)| (name.into_owned(), value.into_owned())));
    }
    parameters
}

impl Report {
    /// The path of its template.
    pub(super) fn template(&self) -> &str {
        self.template.as_deref().unwrap_or(TEMPLATE)
    }

    /// The template with its words filled in.
    pub(super) fn page(&self, template: &str) -> String {
        template.replace("{agency}", &self.agency).replace("{year}", &self.year.to_string()).replace("{date}", &self.date)
    }
}

impl Site {
    /// Adds what `site.toml` tells: answers of interfaces, and pages of reports.
    pub(super) fn told(mut self, told: Folder) -> Result<Site, SiteError> {
        for report in &told.reports {
            let template = self.pages.get(report.template()).ok_or_else(|| SiteError::Template(report.template().to_owned()))?;
            let page = report.page(&String::from_utf8_lossy(&template.body));
            let path = if report.path.ends_with('/') { format!("{}index.html", report.path) } else { report.path.clone() };
            self.pages.entry(path).or_insert(Page { body: Bytes::from(page), edition: 0 });
        }
        self.answers = told.answers;
        Ok(self)
    }
}
