//! stub
use super::{App, error::ApiError};
use crate::words::Lang;
use axum::http::Uri; use axum::response::Response;
pub(super) fn error(_: &App, _: &Uri, _: &ApiError, _: Lang) -> Option<Response> { None }
pub(super) async fn front() {}
pub(super) async fn findings() {}
pub(super) async fn finding() {}
pub(super) async fn agency() {}
pub(super) async fn style() {}
