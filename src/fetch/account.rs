//! How each host was treated, counted where requests are sent: the proof of gentleness that runs write down.

use super::Fetcher;
use crate::model::{RobotsState, Time, Treatment};
use std::time::Duration;
use tokio::time::Instant;

/// What was sent to one host name since the process began.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    /// When the first and the newest request was sent.
    first: Option<Time>,
    newest: Option<(Time, Instant)>,
    requests: u64,
    bytes: u64,
    /// The shortest time from the start of one request to the start of the next, and the shortest floor that held.
    gap: Option<Duration>,
    floor: Option<Duration>,
    robots: RobotsState,
}

impl Account {
    /// Notes a request that is sent now under a floor.
    pub fn send(&mut self, at: Time, now: Instant, floor: Duration) {
        let gap = self.newest.map(|(_, before)| now.saturating_duration_since(before));
        self.gap = self.gap.into_iter().chain(gap).min();
        self.floor = self.floor.into_iter().chain([floor]).min();
        self.first = self.first.or(Some(at));
        self.newest = Some((at, now));
        self.requests += 1;
    }

    /// Notes the length of a body, unpacked.
    pub fn receive(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// Notes what became of the host's robots.txt.
    pub fn robots(&mut self, state: RobotsState) {
        self.robots = state;
    }

    fn told(&self, host: &str) -> Option<Treatment> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Some(Treatment {
            host: host.to_owned(),
            since: self.first?,
            until: self.newest?.0,
            requests: self.requests,
            bytes: self.bytes,
            smallest_gap_ms: self.gap.map(millis),
            delay_ms: self.floor.map(millis)?,
            robots: self.robots,
        })
    }
}

impl Fetcher {
    /// How these hosts were treated since the process began, whatever portal the requests were for; those that nothing
    /// was sent to are left out.
    pub fn treatments(&self, hosts: &[String]) -> Vec<Treatment> {
        let told = |host: &String| self.inner.wire.queues.host(host).account(|account| account.told(host));
        let mut treatments: Vec<Treatment> = hosts.iter().filter_map(told).collect();
        treatments.sort_by(|a, b| a.host.cmp(&b.host));
        treatments.dedup_by(|a, b| a.host == b.host);
        treatments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, TimeZone, Utc};

    #[test]
    fn the_shortest_gap_and_the_shortest_floor_are_kept() {
        let (base, day) = (Instant::now(), Utc.with_ymd_and_hms(2026, 1, 5, 0, 0, 0).unwrap());
        let mut account = Account::default();
        assert_eq!(account.told("a.example"), None);
        for (after, floor) in [(0, 3), (7, 5), (12, 3), (20, 3)] {
            let after = Duration::from_secs(after);
            account.send(day + TimeDelta::from_std(after).unwrap(), base + after, Duration::from_secs(floor));
            account.receive(1_000);
        }
        let told = account.told("a.example").unwrap();
        assert_eq!((told.requests, told.bytes, told.smallest_gap_ms, told.delay_ms), (4, 4_000, Some(5_000), 3_000));
        assert_eq!((told.until - told.since).num_seconds(), 20);
    }
}
