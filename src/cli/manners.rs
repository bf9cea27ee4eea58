//! `nianjian export manners`: how gently each host was treated, from what the runs wrote down.

use super::export::Target;
use super::rows::Office;
use super::table::Shows::{In, Text, Time};
use super::table::{Column, Listed};
use super::{Ended, Shell};
use crate::model::{Event, Treatment};
use crate::words;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const COLUMNS: &[Column] = &[
    Column::new(words::COL_HOST, "/host", Text),
    Column::new(words::COL_FETCHED, "/requests", Text),
    Column::new(words::COL_GAP, "/smallest_gap_ms", Text),
    Column::new(words::COL_DELAY, "/delay_ms", Text),
    Column::new(words::COL_BYTES, "/bytes", Text),
    Column::new(words::COL_ROBOTS, "/robots", In(words::robots)),
    Column::new(words::COL_SINCE, "/since", Time),
    Column::new(words::COL_UNTIL, "/until", Time),
];

/// Runs the command.
pub(super) fn run(target: &Target, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&target.config)?;
    let zone = config.service.timezone;
    let office = Office::open(config, shell)?;
    let (pipeline, _) = office.pipeline()?;
    let mut told = Vec::new();
    pipeline.store.events_since(0, |_, event| {
        if let Event::Run { run } = event {
            told.extend(run.hosts);
        }
    })?;
    let rows: Vec<Value> = by_host(told).iter().map(|treatment| json!(treatment)).collect();
    Listed { name: words::SHEET_MANNERS, columns: COLUMNS, rows: &rows, zone }.show(&target.format(), shell)
}

/// One row a host. Each process counts from its own first request, so the last of what it told is all of it, and
/// what several told is added up. Between two processes lies a restart, which begins with a wait.
fn by_host(told: Vec<Treatment>) -> Vec<Treatment> {
    let mut of_process: BTreeMap<(String, crate::model::Time), Treatment> = BTreeMap::new();
    for treatment in told {
        of_process.insert((treatment.host.clone(), treatment.since), treatment);
    }
    let mut hosts: Vec<Treatment> = Vec::new();
    for next in of_process.into_values() {
        match hosts.last_mut().filter(|known| known.host == next.host) {
            None => hosts.push(next),
            Some(known) => {
                *known = Treatment {
                    since: known.since,
                    requests: known.requests + next.requests,
                    bytes: known.bytes + next.bytes,
                    smallest_gap_ms: known.smallest_gap_ms.into_iter().chain(next.smallest_gap_ms).min(),
                    delay_ms: known.delay_ms.min(next.delay_ms),
                    ..next
                };
            }
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RobotsState;
    use chrono::{TimeDelta, TimeZone, Utc};

    #[test]
    fn what_processes_told_is_added_up_once() {
        let day = Utc.with_ymd_and_hms(2026, 1, 5, 0, 0, 0).unwrap();
        let told = |host: &str, since: i64, requests: u64, gap: Option<u64>| Treatment {
            host: host.into(),
            since: day + TimeDelta::hours(since),
            until: day + TimeDelta::hours(since) + TimeDelta::minutes(requests as i64),
            requests,
            bytes: requests * 10,
            smallest_gap_ms: gap,
            delay_ms: 3_000,
            robots: RobotsState::Obeyed,
        };
        let a = |since, requests, gap| told("a.example", since, requests, gap);
        let hosts =
            by_host(vec![a(0, 1, None), told("b.example", 0, 2, Some(9_000)), a(0, 5, Some(3_400)), a(24, 3, Some(3_100))]);
        let seen: Vec<_> = hosts.iter().map(|host| (host.host.as_str(), host.requests, host.smallest_gap_ms)).collect();
        assert_eq!(seen, [("a.example", 8, Some(3_100)), ("b.example", 2, Some(9_000))]);
        assert_eq!((hosts[0].since, hosts[0].bytes), (day, 80));
    }
}
