//! What is read: lists with pages, and single objects.

use super::error::ApiError;
use super::filter::Portals;
use super::reply::{ListQuery, items, json};
use super::{App, objects};
use crate::model::{Finding, ReportEntry, Run};
use crate::store::Store;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;

type Answer = Result<Response, ApiError>;

/// Where a time stands in a list with the newest first.
fn newest_first(millis: i64, id: &str) -> String {
    format!("{:020}{id}", u64::MAX - millis.max(0).unsigned_abs())
}

/// Where a finding stands in a list: those opened last come first.
pub(super) fn finding_key(finding: &Finding) -> String {
    newest_first(finding.opened.timestamp_millis(), &finding.fingerprint)
}

fn run_key(run: &Run) -> String {
    // Two runs asked for in one millisecond are told apart by the journal position in their ids.
    let number: i64 = run.id.trim_start_matches('r').parse().unwrap_or_default();
    newest_first(run.queued.timestamp_millis(), &newest_first(number, &run.id))
}

pub(super) async fn portals(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let filter = list.filter()?;
    let pipeline = app.office.pipeline();
    let wanted = pipeline.settings.portals.iter().filter(|portal| filter.portal.as_deref().is_none_or(|id| id == portal.id));
    let (portals, next) = list.page(wanted.cloned().collect(), |portal| portal.id.clone())?;
    let ids: Vec<String> = portals.iter().map(|portal| portal.id.clone()).collect();
    let last = last_runs(&app, ids).await?;
    let plan = app.office.plan().await?;
    let visit = |id: &str| plan.iter().find(|visit| visit.portal == id);
    let object = |portal| objects::portal(portal, last.get(&portal.id), visit(&portal.id), list.english());
    Ok(items(&headers, portals.iter().map(object).collect(), next))
}

/// The last run of each portal that has any.
pub(super) async fn last_runs(app: &App, portals: Vec<String>) -> Result<HashMap<String, Run>, ApiError> {
    let question = move |store: &Store| {
        let mut last = HashMap::new();
        for portal in portals {
            if let Some(run) = store.last_run_of(&portal)? {
                last.insert(portal, run);
            }
        }
        Ok(last)
    };
    Ok(app.office.pipeline().store(question).await?)
}

pub(super) async fn agencies(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let pipeline = app.office.pipeline();
    let filter = list.filter()?.resolved(&pipeline.roster);
    let reports = pipeline.store(Store::reports).await?;
    let portals = Portals::of(&pipeline.roster, &reports);
    let mut standings = pipeline.standings().await?;
    standings.retain(|standing| filter.takes_standing(standing));
    let narrowed = filter.year.is_some() || !filter.states.is_empty();
    // The roster's order is the list's; its ordinal is the key.
    let wanted: Vec<_> = pipeline
        .roster
        .agencies
        .iter()
        .enumerate()
        .filter(|(_, agency)| filter.takes_agency(&agency.id, &portals))
        .filter(|(_, agency)| !narrowed || standings.iter().any(|standing| standing.agency == agency.id))
        .collect();
    let (agencies, next) = list.page(wanted, |(ordinal, _)| format!("{ordinal:08}"))?;
    Ok(items(&headers, agencies.into_iter().map(|(_, agency)| objects::agency(agency, &standings)).collect(), next))
}

pub(super) async fn reports(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let pipeline = app.office.pipeline();
    let filter = list.filter()?.resolved(&pipeline.roster);
    let (reports, findings) = pipeline.store(|store| Ok((store.reports()?, store.findings()?))).await?;
    let wanted: Vec<ReportEntry> = reports.into_iter().filter(|report| filter.takes_report(report)).collect();
    let (reports, next) = list.page(wanted, |report| report.id.clone())?;
    Ok(items(&headers, reports.iter().map(|report| objects::report(report, &findings)).collect(), next))
}

pub(super) async fn report(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let question = move |store: &Store| Ok((store.report(&id)?, store.findings()?));
    let (report, findings) = app.office.pipeline().store(question).await?;
    let report = report.ok_or(ApiError::NotFound("report"))?;
    Ok(json(&headers, &objects::report(&report, &findings)))
}

pub(super) async fn findings(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let (findings, next) = found(&app, &list).await?;
    Ok(items(&headers, findings.iter().map(|finding| objects::finding(finding, list.english())).collect(), next))
}

/// The findings that a query asks for, and where its next page begins.
pub(super) async fn found(app: &App, list: &ListQuery) -> Result<(Vec<Finding>, Option<String>), ApiError> {
    let pipeline = app.office.pipeline();
    let filter = list.filter()?.resolved(&pipeline.roster);
    let (reports, findings) = pipeline.store(|store| Ok((store.reports()?, store.findings()?))).await?;
    let portals = Portals::of(&pipeline.roster, &reports);
    let wanted: Vec<Finding> = findings.into_iter().filter(|finding| filter.takes_finding(finding, &portals)).collect();
    list.page(wanted, finding_key)
}

pub(super) async fn finding(State(app): State<App>, Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> Answer {
    let english = ListQuery::of(&uri)?.english();
    let (finding, steps) = app.office.pipeline().store(move |store| Ok((store.finding(&id)?, store.steps(&id)?))).await?;
    let finding = finding.ok_or(ApiError::NotFound("finding"))?;
    Ok(json(&headers, &objects::finding_with_steps(&finding, &steps, english)))
}

pub(super) async fn runs(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Answer {
    let list = ListQuery::of(&uri)?;
    let filter = list.filter()?;
    let runs = app.office.pipeline().store(|store| store.runs(usize::MAX)).await?;
    let (runs, next) = list.page(runs.into_iter().filter(|run| filter.takes_run(run)).collect(), run_key)?;
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
