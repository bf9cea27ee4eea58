//! The page: what an official opens first. Rendered here, without a script, from one style sheet of ours.
//!
//! `front` is the overview, `finding` shows one finding with everything it rests on, `agency` one agency
//! with its years; what they share (the frame, badges, times, links) is in `parts`.

mod agency;
mod finding;
mod front;
mod parts;
mod rows;
mod words;

pub(super) use agency::agency;
pub(super) use finding::finding;
pub(super) use front::{findings, front};

use super::App;
use super::error::ApiError;
use super::reply;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use parts::Head;
use words as w;

/// The style sheet of every page.
const STYLE: &str = include_str!("../../../templates/page/style.css");

pub(super) async fn style(headers: HeaderMap) -> Response {
    let mut response = reply::tagged(&headers, "text/css; charset=utf-8", STYLE.into());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// A rendered page with its ETag.
fn rendered(headers: &HeaderMap, page: &impl Template) -> Result<Response, ApiError> {
    let html = page.render().map_err(|_| ApiError::Render)?;
    Ok(reply::tagged(headers, "text/html; charset=utf-8", html.into()))
}

#[derive(Template)]
#[template(path = "page/error.html")]
struct ErrorPage {
    head: Head,
    title: String,
    detail: String,
}

/// An error as a page for a browser; `None` where it cannot be rendered.
pub(super) fn error(app: &App, uri: &Uri, error: &ApiError) -> Option<Response> {
    let head = Head::of(app, uri, "");
    let english = head.is_english();
    let page = ErrorPage { head, title: error.title().text(english).to_owned(), detail: error.detail().text(english).to_owned() };
    let html = page.render().ok()?;
    Some(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}
