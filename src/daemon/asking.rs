//! What is asked for: which target a word means, runs put into the queue, and the plan of next visits.

use super::SPREAD;
use crate::fetch::Clock;
use crate::model::{Cause, Event, Portal, Run, RunState, Tally, Target, Time};
use crate::pipeline::Pipeline;
use crate::schedule::{self, LastRuns, Present, Timetable};
use crate::store::StoreError;
use std::collections::HashMap;
use std::sync::Arc;

/// Every next visit, by what is written down of earlier ones.
///
/// # Errors
/// Where the store cannot be read.
pub async fn plan(
    pipeline: &Pipeline,
    timetables: &[(Portal, Timetable)],
    since: Time,
) -> Result<Vec<schedule::Visit>, StoreError> {
    let portals: Vec<String> = timetables.iter().map(|(portal, _)| portal.id.clone()).collect();
    let (runs, open) = pipeline
        .store(move |store| {
            let mut last = HashMap::new();
            for portal in portals {
                last.insert(portal.clone(), last_runs(&store.runs_of(&portal, 8)?));
            }
            Ok((last, store.open_runs()?))
        })
        .await?;
    let present = Present { now: pipeline.now(), since, spread: SPREAD };
    let last = |portal: &str| runs.get(portal).copied().unwrap_or_default();
    Ok(schedule::next(present, timetables, &last, &open))
}

/// What the schedule needs of a portal's runs, newest first.
fn last_runs(runs: &[Run]) -> LastRuns {
    let failures = runs.iter().filter(|run| run.state.ended()).take_while(|run| run.state == RunState::Failed).count() as u32;
    LastRuns {
        last_started: runs.iter().find_map(|run| run.started),
        last_ended: runs.first().and_then(|run| run.ended),
        failures,
    }
}

/// Writes down that a run was asked for. Its id is `r` and the journal position after it.
///
/// # Errors
/// Where the store cannot be written.
pub async fn queue(pipeline: &Pipeline, cause: Cause, target: Target, portal: String) -> Result<Run, StoreError> {
    let run = Run {
        id: String::new(),
        cause,
        target,
        portal,
        state: RunState::Queued,
        queued: pipeline.now(),
        started: None,
        ended: None,
        tally: Tally::default(),
        problems: Vec::new(),
        hosts: Vec::new(),
    };
    let written = run.clone();
    let position =
        pipeline.store(move |store| store.record_with(|seq| Event::Run { run: Run { id: run_id(seq), ..written } })).await?;
    Ok(Run { id: run_id(position), ..run })
}

fn run_id(position: u64) -> String {
    format!("r{position}")
}

/// What a word asks to look at: a portal's id, an agency's id, name or alias, or an address on a host
/// of a portal; with the portal that it is visited on.
pub fn target(pipeline: &Pipeline, word: &str) -> Option<(Target, String)> {
    if pipeline.portal(word).is_some() {
        return Some((Target::Portal(word.to_owned()), word.to_owned()));
    }
    if let Some(agency) = pipeline.roster.find(crate::text::agency_key, word) {
        let portal = agency.portal.clone().filter(|portal| pipeline.portal(portal).is_some())?;
        return Some((Target::Agency(agency.id.clone()), portal));
    }
    let url = url::Url::parse(word).ok()?;
    let portal = pipeline.settings.portals.iter().find(|portal| portal.covers(&url))?;
    Some((Target::Url(url.to_string()), portal.id.clone()))
}

/// The clock of the program, or of the test that sets `NIANJIAN_NOW`.
pub fn fixed_clock(at: Time) -> Clock {
    Arc::new(move || at)
}
