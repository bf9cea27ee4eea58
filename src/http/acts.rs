//! What is asked for: crawls, steps on findings, a document to be checked.

use super::error::{ApiError, say};
use super::reply::{body, body_as, query, to_hex};
use super::{App, objects};
use crate::document::Origin;
use crate::extract::Hints;
use crate::ledger::Step;
use crate::model::{AgencyKind, Date, Document, Year};
use crate::pipeline::check_json::{self, Subject};
use crate::pipeline::{Deciding, DoubtState, Pipeline, StepError, Taking, at_desk, blocking};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The largest body of a request in JSON, in bytes.
pub(super) const LARGEST_JSON: usize = 64 * 1024;
/// The largest document, in bytes.
pub(super) const LARGEST_DOCUMENT: usize = 50 * 1024 * 1024;

type Answer = Result<Response, ApiError>;
type Read = Result<Bytes, BytesRejection>;

/// One of the three, whichever the visitor knows; the word is taken for what it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wanted {
    Portal(String),
    Agency(String),
    Url(String),
}

/// Asks for a visit: 202 with the run, or 200 with the run that is queued or under way already.
pub(super) async fn crawl(State(app): State<App>, read: Read) -> Answer {
    let (Wanted::Portal(word) | Wanted::Agency(word) | Wanted::Url(word)) = body_as(&body(read, LARGEST_JSON)?)?;
    let asked = app.office.ask(word.trim()).await?;
    let status = if asked.new { StatusCode::ACCEPTED } else { StatusCode::OK };
    let place = format!("/api/v1/runs/{}", asked.run.id);
    let headers = [(header::LOCATION, place), (header::CONTENT_TYPE, "application/json".to_owned())];
    Ok((status, headers, objects::run(&asked.run).to_string()).into_response())
}

/// A rectification step as it is posted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    step: String,
    by: String,
    #[serde(default)]
    note: String,
    due: Option<Date>,
}

/// Takes a step on a finding, written down before it is answered; answers with the finding.
pub(super) async fn step(State(app): State<App>, Path(id): Path<String>, read: Read) -> Answer {
    let posted: Posted = body_as(&body(read, LARGEST_JSON)?)?;
    let step = Step::parse(&posted.step).ok_or_else(|| {
        let known = Step::ALL.map(Step::word).join(", ");
        ApiError::Invalid(say(format!("step 应为：{known}"), format!("step is one of {known}")))
    })?;
    let pipeline = app.office.pipeline();
    let after = pipeline.take_step(&id, Taking { step, by: posted.by, note: posted.note, due: posted.due }).await?;
    let steps = pipeline.store(move |store| store.steps(&id)).await?;
    let headers = [(header::CONTENT_TYPE, "application/json")];
    Ok((headers, objects::finding_with_steps(&after, &steps, false).to_string()).into_response())
}

/// A decision on a page that waits, as it is posted: `claim` is `report`, with agency and year, or `none`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    claim: String,
    agency: Option<String>,
    year: Option<Year>,
    by: String,
    #[serde(default)]
    note: String,
}

/// Decides on a page, written down before it is answered, and asks for a visit to it; answers with the page.
pub(super) async fn decide(State(app): State<App>, Path(id): Path<String>, read: Read) -> Answer {
    let posted: Decided = body_as(&body(read, LARGEST_JSON)?)?;
    let report = match (posted.claim.as_str(), posted.agency, posted.year) {
        ("report", Some(agency), Some(year)) => Some((agency, year)),
        ("none", None, None) => None,
        _ => {
            let zh = "claim 应为 report（并写明 agency 和 year）或 none";
            return Err(ApiError::Invalid(say(zh, "claim is report, with agency and year, or none")));
        }
    };
    let pipeline = app.office.pipeline();
    let claimed = report.is_some();
    let doubt = match pipeline.decide(&id, Deciding { report, by: posted.by, note: posted.note }).await {
        Err(StepError::Unknown) => return Err(ApiError::NotFound("doubt")),
        decided => decided?,
    };
    if claimed && let Err(error) = app.office.ask(&doubt.url).await {
        // It is read at the portal's next visit then.
        tracing::info!(doubt.id = %doubt.id, %error, "a claimed page is not looked at right now");
    }
    let state = if claimed { DoubtState::Claimed } else { DoubtState::Dismissed };
    Ok(([(header::CONTENT_TYPE, "application/json")], objects::doubt(&doubt, state).to_string()).into_response())
}

/// What a lone document may lack, as `nianjian check` takes it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckQuery {
    /// Name of the file, whose ending tells formats that look alike.
    name: Option<String>,
    agency: Option<String>,
    year: Option<Year>,
    published: Option<Date>,
    agency_kind: Option<String>,
    lang: Option<String>,
}

/// Reads and judges a document; keeps nothing of it.
pub(super) async fn check(State(app): State<App>, uri: Uri, headers: HeaderMap, read: Read) -> Answer {
    let asked: CheckQuery = query(&uri)?;
    let kind = asked.agency_kind.as_deref().map(|word| AgencyKind::parse(word).ok_or_else(|| unknown_kind(word))).transpose()?;
    let document = body(read, LARGEST_DOCUMENT)?;
    if document.is_empty() {
        return Err(ApiError::BadRequest(say("请求内容应为一份文件", "the body is to be a document")));
    }
    let permit = app.checks.clone().acquire_owned().await.map_err(|_| ApiError::TooMany)?;
    let hints = Hints { agency: asked.agency, year: asked.year, published: asked.published, kind };
    let (english, media) = (asked.lang.as_deref() == Some("en"), media(&headers));
    let given = Arc::new(Given { bytes: document, name: asked.name, media, hints });
    let pipeline = app.office.pipeline();
    let (converter, unread) = (pipeline.judge.clone(), given.clone());
    let converted = blocking(move || converter.convert(&unread.bytes, unread.origin())).await;
    let object = at_desk(move || {
        let _busy = permit;
        check_alone(&pipeline, &given, &converted, english)
    })
    .await;
    Ok(([(header::CONTENT_TYPE, "application/json")], object.to_string()).into_response())
}

fn unknown_kind(word: &str) -> ApiError {
    let known = AgencyKind::ALL.map(AgencyKind::word).join(", ");
    ApiError::BadRequest(say(
        format!("没有 {word} 这个机关类型；可用：{known}"),
        format!("there is no agency kind {word}; known: {known}"),
    ))
}

/// What the visitor says the document is; what tools send unasked says nothing.
fn media(headers: &HeaderMap) -> Option<String> {
    let media = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let unsaid = ["application/x-www-form-urlencoded", "application/octet-stream", "application/json"];
    (!unsaid.iter().any(|name| media.starts_with(name))).then(|| media.to_owned())
}

/// A document as the visitor gave it.
struct Given {
    bytes: Bytes,
    name: Option<String>,
    media: Option<String>,
    hints: Hints,
}

impl Given {
    fn origin(&self) -> Origin<'_> {
        Origin { content_type: self.media.as_deref(), name: self.name.as_deref() }
    }
}

/// A document judged alone, as `nianjian check` does.
fn check_alone(pipeline: &Pipeline, given: &Given, converted: &Document, english: bool) -> Value {
    let (judge, hints) = (&pipeline.judge, &given.hints);
    let read = judge.extract(converted, hints);
    let outcomes = judge.check_alone(&read, hints, None, pipeline.now());
    let sha256 = to_hex(&Sha256::digest(&given.bytes));
    let subject = Subject { input: given.name.as_deref().unwrap_or("-"), sha256: &sha256, read: &read, outcomes: &outcomes };
    check_json::value(&subject, &judge.rules, english)
}
