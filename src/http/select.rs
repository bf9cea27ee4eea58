//! What a list holds, in its order: for the API, which cuts it into pages, and for the commands, which show
//! it whole. Both ask here, so that a filter means the same to either.

use super::filter::{Filter, Portals};
use crate::model::{Agency, Doubt, Finding, Portal, ReportEntry, Run};
use crate::obligations::Standing;
use crate::pipeline::{DoubtState, Pipeline};
use crate::store::{Store, StoreError};
use std::collections::{HashMap, HashSet};

/// Where a time stands in a list with the newest first.
pub(super) fn newest_first(millis: i64, id: &str) -> String {
    format!("{:020}{id}", u64::MAX - millis.max(0).unsigned_abs())
}

/// Where a finding stands in a list: those opened last come first.
pub(super) fn finding_key(finding: &Finding) -> String {
    newest_first(finding.opened.timestamp_millis(), &finding.fingerprint)
}

/// Where a run stands in a list: those asked for last come first.
pub(super) fn run_key(run: &Run) -> String {
    // Two runs asked for in one millisecond are told apart by the journal position in their ids.
    let number: i64 = run.id.trim_start_matches('r').parse().unwrap_or_default();
    newest_first(run.queued.timestamp_millis(), &newest_first(number, &run.id))
}

/// The portals that are wanted, in the order of their ids, each with its last run.
///
/// # Errors
/// Where the store cannot be read.
pub async fn portals(pipeline: &Pipeline, filter: &Filter) -> Result<Vec<(Portal, Option<Run>)>, StoreError> {
    let wanted = |portal: &&Portal| filter.portal.as_deref().is_none_or(|id| id == portal.id);
    let mut portals: Vec<Portal> = pipeline.settings.portals.iter().filter(wanted).cloned().collect();
    portals.sort_by(|a, b| a.id.cmp(&b.id));
    let mut last = last_runs(pipeline, portals.iter().map(|portal| portal.id.clone()).collect()).await?;
    Ok(portals.into_iter().map(|portal| (last.remove(&portal.id), portal)).map(|(run, portal)| (portal, run)).collect())
}

/// The last run of each portal that has any.
///
/// # Errors
/// Where the store cannot be read.
pub(super) async fn last_runs(pipeline: &Pipeline, portals: Vec<String>) -> Result<HashMap<String, Run>, StoreError> {
    let question = move |store: &Store| {
        let mut last = HashMap::new();
        for portal in portals {
            if let Some(run) = store.last_run_of(&portal)? {
                last.insert(portal, run);
            }
        }
        Ok(last)
    };
    pipeline.store(question).await
}

/// The agencies that are wanted with their place in the roster, and the standings that are wanted.
///
/// # Errors
/// Where the store cannot be read.
pub async fn agencies(pipeline: &Pipeline, filter: Filter) -> Result<(Vec<(usize, Agency)>, Vec<Standing>), StoreError> {
    let filter = filter.resolved(&pipeline.roster);
    let (reports, findings) = pipeline.store(|store| Ok((store.reports()?, store.findings()?))).await?;
    let portals = Portals::of(&pipeline.roster, &reports);
    let mut standings = pipeline.standings().await?;
    standings.retain(|standing| filter.takes_standing(standing));
    if filter.rule.is_some() || !filter.severities.is_empty() {
        let broken = Filter { states: vec!["standing".to_owned()], ..filter.clone() };
        let against = years_with(&findings, &broken, &portals);
        standings.retain(|standing| against.contains(&(standing.agency.as_str(), standing.year)));
    }
    let has_standing: HashSet<&str> = standings.iter().map(|standing| standing.agency.as_str()).collect();
    let wanted = |agency: &Agency| {
        filter.takes_agency(&agency.id, &portals) && (!filter.narrows_years() || has_standing.contains(agency.id.as_str()))
    };
    let agencies = pipeline.roster.agencies.iter().enumerate().filter(|(_, agency)| wanted(agency));
    let agencies = agencies.map(|(ordinal, agency)| (ordinal, agency.clone())).collect();
    Ok((agencies, standings))
}

/// The reports that are wanted, by id, and every finding, which their objects count.
///
/// # Errors
/// Where the store cannot be read.
pub async fn reports(pipeline: &Pipeline, filter: Filter) -> Result<(Vec<ReportEntry>, Vec<Finding>), StoreError> {
    let filter = filter.resolved(&pipeline.roster);
    let (mut reports, findings) = pipeline.store(|store| Ok((store.reports()?, store.findings()?))).await?;
    if filter.narrows_findings() {
        let portals = Portals::of(&pipeline.roster, &reports);
        let against = years_with(&findings, &filter, &portals);
        reports.retain(|report| against.contains(&(report.agency.as_str(), report.year)));
    }
    reports.retain(|report| filter.takes_report(report));
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    Ok((reports, findings))
}

/// The agencies' years that have a finding which the filter takes.
fn years_with<'a>(findings: &'a [Finding], filter: &Filter, portals: &Portals) -> HashSet<(&'a str, i32)> {
    let taken = findings.iter().filter(|finding| filter.takes_finding(finding, portals));
    taken.map(|finding| (finding.agency.as_str(), finding.year)).collect()
}

/// The findings that are wanted, those opened last first.
///
/// # Errors
/// Where the store cannot be read.
pub async fn findings(pipeline: &Pipeline, filter: Filter) -> Result<Vec<Finding>, StoreError> {
    let filter = filter.resolved(&pipeline.roster);
    let (reports, mut findings) = pipeline.store(|store| Ok((store.reports()?, store.findings()?))).await?;
    let portals = Portals::of(&pipeline.roster, &reports);
    findings.retain(|finding| filter.takes_finding(finding, &portals));
    findings.sort_by_cached_key(finding_key);
    Ok(findings)
}

/// The pages that people decide on, those that wait first.
///
/// # Errors
/// Where the store cannot be read.
pub async fn doubts(pipeline: &Pipeline, filter: &Filter) -> Result<Vec<(Doubt, DoubtState)>, StoreError> {
    let mut doubts = pipeline.doubts().await?;
    doubts.retain(|(doubt, state)| filter.takes_doubt(doubt, *state));
    Ok(doubts)
}

/// Where such a page stands in its list.
pub(super) fn doubt_key((doubt, state): &(Doubt, DoubtState)) -> String {
    let waits = if *state == DoubtState::Open { '0' } else { '1' };
    format!("{waits}{}", newest_first(doubt.since.timestamp_millis(), &doubt.id))
}

/// The runs that are wanted, those asked for last first.
///
/// # Errors
/// Where the store cannot be read.
pub async fn runs(pipeline: &Pipeline, filter: &Filter) -> Result<Vec<Run>, StoreError> {
    let mut runs = pipeline.store(|store| store.runs(usize::MAX)).await?;
    runs.retain(|run| filter.takes_run(run));
    runs.sort_by_cached_key(run_key);
    Ok(runs)
}
