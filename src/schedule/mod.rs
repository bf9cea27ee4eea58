//! When to visit what: the only room that knows cron. Pure; `now` comes in.
//!
//! A portal is visited by its timetable, a little off the full minute so that not all portals are visited
//! at once. A visit that fell into a stop of the daemon is made up for once. A run that failed is tried
//! again with growing patience, but never later than the timetable says. What people ask for comes first.

mod timetable;

pub use timetable::Timetable;

use crate::model::{Cause, Message, Portal, Run, RunState, Target, Time};
use chrono::TimeDelta;
use std::time::Duration;

/// How long after a failed run the next attempt is made; after the last of them only the timetable counts.
const PATIENCE: [TimeDelta; 3] = [TimeDelta::minutes(15), TimeDelta::hours(1), TimeDelta::hours(4)];

/// What is known of a portal's runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastRuns {
    /// When the newest run started, whatever became of it.
    pub last_started: Option<Time>,
    /// When the newest run ended; `None` while it is under way.
    pub last_ended: Option<Time>,
    /// How many of the newest runs in a row ended as `failed`. A gate (`blocked`) is no failure in this
    /// sense: trying again sooner would not open it.
    pub failures: u32,
}

/// The time, and what else of the present the schedule depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    pub now: Time,
    /// When the daemon began: a visit due before that is a catch-up.
    pub since: Time,
    /// Scheduled visits are spread over this long after their time.
    pub spread: Duration,
}

/// The next visit to one portal, and why it is when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub portal: String,
    pub cause: Cause,
    pub target: Target,
    /// Id of the queued run that this is, where a run was asked for already.
    pub run: Option<String>,
    /// Due where it is not after now.
    pub at: Time,
    pub why: Message,
}

/// The next visits: what people asked for first, then by time and portal. A portal whose run is under way
/// (in `queue` with state running) gets none before its run ends, so a portal has one run at a time.
pub fn next(present: Present, portals: &[(Portal, Timetable)], last: &impl Fn(&str) -> LastRuns, queue: &[Run]) -> Vec<Visit> {
    let busy = |portal: &str| queue.iter().any(|run| run.portal == portal && run.state == RunState::Running);
    let mut visits: Vec<Visit> =
        queue.iter().filter(|run| run.state == RunState::Queued && !busy(&run.portal)).map(queued).collect();
    for (portal, timetable) in portals {
        let whole = |run: &&Run| run.portal == portal.id && run.target == Target::Portal(portal.id.clone());
        // A queued visit to the whole portal is the next one; another would only repeat it.
        if queue.iter().filter(|run| run.state == RunState::Queued).any(|run| whole(&run)) {
            continue;
        }
        visits.extend(scheduled(present, portal, timetable, last(&portal.id), busy(&portal.id)));
    }
    visits.sort_by(|a, b| {
        let rank = |visit: &Visit| (visit.cause != Cause::Demand, visit.at);
        rank(a).cmp(&rank(b)).then_with(|| a.portal.cmp(&b.portal))
    });
    visits
}

/// A run that waits in the queue.
fn queued(run: &Run) -> Visit {
    let why = match run.cause {
        Cause::Demand => message("有人要求立即巡查", "asked for by a person"),
        Cause::Schedule | Cause::CatchUp => message("已在队列中", "already in the queue"),
    };
    let target = run.target.clone();
    Visit { portal: run.portal.clone(), cause: run.cause, target, run: Some(run.id.clone()), at: run.queued, why }
}

/// The next visit by timetable, or sooner where the last run failed. Nothing where the timetable has ended.
fn scheduled(present: Present, portal: &Portal, timetable: &Timetable, last: LastRuns, busy: bool) -> Option<Visit> {
    let now = present.now;
    let visit = |cause, at, why| Visit {
        portal: portal.id.clone(),
        cause,
        target: Target::Portal(portal.id.clone()),
        run: None,
        at,
        why,
    };
    let Some(started) = last.last_started else {
        return (!busy).then(|| visit(Cause::Schedule, now, message("从未巡查过", "never visited before")));
    };
    let after = if busy { now } else { started };
    let slot = timetable.next_after(after)?;
    let at = slot + spread(present.spread, portal, timetable, slot);
    let local = timetable.local(slot);
    if at < present.since && at <= now {
        let zh = format!("补上停机期间错过的巡查（原定 {local}）");
        return Some(visit(Cause::CatchUp, now, message(&zh, &format!("makes up for a visit missed at {local}"))));
    }
    let retry = last.last_ended.filter(|_| !busy).and_then(|ended| retry(ended, last.failures));
    if let Some(retry) = retry.filter(|retry| *retry < at) {
        let failures = last.failures;
        let zh = format!("前 {failures} 次巡查失败，提前重试");
        return Some(visit(Cause::Schedule, retry, message(&zh, &format!("tried again after {failures} failed runs"))));
    }
    let seconds = (at - slot).num_seconds();
    let zh = format!("按计划 {local}，错峰 {seconds} 秒");
    let en = format!("by timetable at {local}, spread by {seconds} s");
    Some(visit(Cause::Schedule, at, message(&zh, &en)))
}

/// When a failed run is tried again, while there is patience left.
fn retry(ended: Time, failures: u32) -> Option<Time> {
    let index = usize::try_from(failures).ok()?.checked_sub(1)?;
    Some(ended + *PATIENCE.get(index)?)
}

/// How long after its slot a visit takes place: the same for one portal and day wherever it is computed,
/// and never past half of the way to the next slot.
fn spread(most: Duration, portal: &Portal, timetable: &Timetable, slot: Time) -> TimeDelta {
    let gap = timetable.next_after(slot).map_or(TimeDelta::MAX, |next| next - slot);
    let most = TimeDelta::from_std(most).unwrap_or(TimeDelta::zero()).min(gap / 2).num_seconds();
    let Ok(most) = u64::try_from(most) else { return TimeDelta::zero() };
    // FNV-1a: a hash that never changes with a version of a library.
    let day = timetable.day(slot);
    let hash = portal
        .id
        .bytes()
        .chain(day.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let seconds = (hash >> 16) % (most + 1);
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or(0))
}

fn message(zh: &str, en: &str) -> Message {
    Message { zh: zh.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests;
