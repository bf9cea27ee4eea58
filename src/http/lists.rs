//! What is read: lists with pages, and single objects.

use super::error::ApiError;
use super::objects::{self, Against};
use super::reply::{ListQuery, items, json};
use super::select::{doubt_key, finding_key, newest_first, run_key};
use super::{App, select};
use crate::model::{Finding, Portal, Run};
use crate::store::Store;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;

type Answer = Result<Response, ApiError>;

pub(super) async fn portals(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let found = select::portals(&app.office.pipeline(), &list.filter()?).await?;
    let (portals, next) = list.page(found, |(portal, _)| portal.id.clone())?;
    let plan = app.office.plan().await?;
    let visit = |id: &str| plan.iter().find(|visit| visit.portal == id);
    let object =
        |(portal, last): &(Portal, Option<Run>)| objects::portal(portal, last.as_ref(), visit(&portal.id), list.english());
    Ok(items(&headers, portals.iter().map(object).collect(), next))
}

/// The last run of each portal that has any.
pub(super) async fn last_runs(app: &App, portals: Vec<String>) -> Result<HashMap<String, Run>, ApiError> {
    Ok(select::last_runs(&app.office.pipeline(), portals).await?)
}

pub(super) async fn agencies(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let (agencies, standings) = select::agencies(&app.office.pipeline(), list.filter()?).await?;
    // The roster's order is the list's; its ordinal is the key.
    let (agencies, next) = list.page(agencies, |(ordinal, _)| format!("{ordinal:08}"))?;
    Ok(items(&headers, agencies.iter().map(|(_, agency)| objects::agency(agency, &standings)).collect(), next))
}

pub(super) async fn reports(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let (reports, findings) = select::reports(&app.office.pipeline(), list.filter()?).await?;
    let (reports, next) = list.page(reports, |report| report.id.clone())?;
    let against = Against::of(&findings);
    Ok(items(&headers, reports.iter().map(|report| objects::report(report, &against)).collect(), next))
}

pub(super) async fn report(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let question = move |store: &Store| {
        let Some(report) = store.report(&id)? else { return Ok(None) };
        let findings = store.findings_of(&report.agency, report.year)?;
        Ok(Some((report, findings)))
    };
    let (report, findings) = app.office.pipeline().store(question).await?.ok_or(ApiError::NotFound("report"))?;
    Ok(json(&headers, &objects::report(&report, &Against::of(&findings))))
}

pub(super) async fn findings(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let (findings, next) = found(&app, &list).await?;
    Ok(items(&headers, findings.iter().map(|finding| objects::finding(finding, list.english())).collect(), next))
}

/// The findings that a query asks for, and where its next page begins.
pub(super) async fn found(app: &App, list: &ListQuery) -> Result<(Vec<Finding>, Option<String>), ApiError> {
    list.page(select::findings(&app.office.pipeline(), list.filter()?).await?, finding_key)
}

pub(super) async fn finding(State(app): State<App>, Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> Answer {
    let english = ListQuery::of(&uri)?.english();
    let (finding, steps) = app.office.pipeline().store(move |store| Ok((store.finding(&id)?, store.steps(&id)?))).await?;
    let finding = finding.ok_or(ApiError::NotFound("finding"))?;
    Ok(json(&headers, &objects::finding_with_steps(&finding, &steps, english)))
}

pub(super) async fn doubts(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let (doubts, next) = list.page(select::doubts(&app.office.pipeline(), &list.filter()?).await?, doubt_key)?;
    Ok(items(&headers, doubts.iter().map(|(doubt, state)| objects::doubt(doubt, *state)).collect(), next))
}

pub(super) async fn runs(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let (runs, next) = list.page(select::runs(&app.office.pipeline(), &list.filter()?).await?, run_key)?;
    Ok(items(&headers, runs.iter().map(objects::run).collect(), next))
}

pub(super) async fn run(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let run = app.office.pipeline().store(move |store| store.run(&id)).await?.ok_or(ApiError::NotFound("run"))?;
    Ok(json(&headers, &objects::run(&run)))
}

pub(super) async fn digests(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let digests = app.office.pipeline().store(Store::digests).await?;
    let (digests, next) = list.page(digests, |digest| newest_first(digest.composed.timestamp_millis(), &digest.id))?;
    Ok(items(&headers, digests.iter().map(objects::digest).collect(), next))
}

pub(super) async fn snapshot(State(app): State<App>, Path(sha256): Path<String>, headers: HeaderMap) -> Answer {
    let question = move |store: &Store| Ok((store.place(&sha256)?, store.sightings(&sha256)?));
    let (place, sightings) = app.office.pipeline().store(question).await?;
    let place = place.ok_or(ApiError::NotFound("snapshot"))?;
    Ok(json(&headers, &objects::snapshot(&place, &sightings)))
}

/// A kept body, byte for byte. It is a stranger's page: to be saved, never to be run on our address.
pub(super) async fn snapshot_body(State(app): State<App>, Path(sha256): Path<String>) -> Answer {
    let name = sha256.clone();
    let body = app.office.pipeline().store(move |store| store.body(&name)).await?.ok_or(ApiError::NotFound("snapshot"))?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}
