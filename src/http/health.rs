//! Whether we are alive and ready, and the metrics.

use super::App;
use super::error::{ApiError, say};
use crate::store::Store;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Alive: the process answers. Whether it can work is the other question.
pub(super) async fn alive() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"status":"alive"}"#).into_response()
}

/// Ready: the store answers, rules are loaded, and the schedule knows its next visits.
pub(super) async fn ready(State(app): State<App>) -> Result<Response, ApiError> {
    let not = |zh: &str, en: &str| ApiError::NotReady(say(zh, en));
    let pipeline = app.office.pipeline();
    if app.stop.is_cancelled() {
        return Err(not("正在停止", "stopping"));
    }
    let entries =
        pipeline.store(|store: &Store| Ok(store.position())).await.map_err(|_| not("存储打不开", "the store does not answer"))?;
    if pipeline.judge.rules.checks.is_empty() {
        return Err(not("没有载入规则", "no rules are loaded"));
    }
    let plan = app.office.plan().await.map_err(|_| not("巡查计划算不出", "the schedule cannot be told"))?;
    let body = json!({
        "status": "ready",
        "store": {"entries": entries},
        "rules": {"checks": pipeline.judge.rules.checks.len(), "fingerprint": pipeline.judge.rules.fingerprint},
        "schedule": {"portals": pipeline.settings.portals.len(), "visits": plan.len()},
        "reload": if app.office.complaints().is_empty() { "taken" } else { "refused" },
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}

/// The metrics as Prometheus reads them.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let pipeline = app.office.pipeline();
    if let Err(error) = pipeline.refresh_metrics().await {
        // What is counted in memory is told all the same.
        tracing::error!("the store could not be read: {error}");
    }
    let text = pipeline.metrics.text();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
