//! The queues: one polite visitor, whatever the number of portals on a host.
//!
//! Every request takes a turn here. A host name has one request in flight at most, and from the start of
//! one request to the start of the next, to the same name or to the same dialled address, at least the
//! floor passes. A start is only known for sure once the host has answered (connecting may take a while),
//! so the floor counts from the answer; where the answer is late, from one floor after sending. A host
//! that errs or is slow is given more rest, growing with each failure.

use super::account::Account;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The longest rest that growing delays come to, and the longest Crawl-delay obeyed.
pub(super) const LONGEST_REST: Duration = Duration::from_secs(60);
/// Doublings of the floor for a host that errs: at most eight floors.
const MOST_STRAIN: u32 = 3;

/// When requests began, as far as it matters for the next one. Pure, so that it can be tested without a clock.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    /// When the newest request was sent, and under which floor.
    sent: Option<(Instant, Duration)>,
    /// When its answer began, or it failed.
    heard: Option<Instant>,
    /// Nothing is sent before this: the host asked for it.
    hold: Option<Instant>,
    /// Failures in a row.
    strain: u32,
    /// How long the newest answer took to begin.
    latency: Duration,
}

impl Pace {
    /// The earliest start of a request with this floor; `born` is when the process began to fetch.
    pub fn earliest(&self, born: Instant, floor: Duration) -> Instant {
        let after = match self.sent {
            None => born + floor,
            Some((sent, earlier)) => {
                let floor = floor.max(earlier);
                let began = self.heard.unwrap_or(sent + floor).min(sent + floor);
                let rest = floor.saturating_mul(1 << self.strain.min(MOST_STRAIN)).max(self.latency).min(LONGEST_REST);
                began + rest.max(floor)
            }
        };
        self.hold.map_or(after, |hold| hold.max(after))
    }

    fn send(&mut self, now: Instant, floor: Duration) {
        self.sent = Some((now, floor));
        self.heard = None;
    }

    fn hear(&mut self, now: Instant) {
        if self.heard.is_none() {
            self.heard = Some(now);
        }
    }

    /// Takes note of how the host took the request; only kept for host names.
    pub fn weigh(&mut self, well: bool, latency: Duration) {
        self.strain = if well { 0 } else { self.strain.saturating_add(1) };
        self.latency = latency;
    }
}

/// The queue before one host name or one address.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Held from a request's turn to its last byte; waiters are served in order.
    turn: Arc<tokio::sync::Mutex<()>>,
    pace: Mutex<Pace>,
    /// Told when an answer began, because that may bring the next start forward.
    answered: Notify,
    /// What the host's robots.txt asks for, if it asks.
    crawl_delay: Mutex<Option<Duration>>,
    /// How the host was treated; only kept for host names.
    account: Mutex<Account>,
}

/// The data behind a mutex, also where a panic elsewhere left it: every write is a single assignment.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    /// Waits until no other request to this host is in flight.
    pub async fn queue(self: &Arc<Line>) -> OwnedMutexGuard<()> {
        Arc::clone(&self.turn).lock_owned().await
    }

    /// Sends nothing for a while: the host asked for it. Never shortens what it asked for before.
    pub fn hold(&self, rest: Duration) {
        let until = Instant::now() + rest;
        let mut pace = held(&self.pace);
        pace.hold = Some(pace.hold.map_or(until, |hold| hold.max(until)));
    }

    /// How much longer the host asked us to stay away.
    pub fn held_for(&self) -> Duration {
        let hold = held(&self.pace).hold;
        hold.map_or(Duration::ZERO, |hold| hold.saturating_duration_since(Instant::now()))
    }

    pub fn weigh(&self, well: bool, latency: Duration) {
        held(&self.pace).weigh(well, latency);
    }

    pub fn crawl_delay(&self) -> Duration {
        held(&self.crawl_delay).unwrap_or(Duration::ZERO)
    }

    pub fn set_crawl_delay(&self, delay: Option<Duration>) {
        *held(&self.crawl_delay) = delay.map(|delay| delay.min(LONGEST_REST));
    }

    /// Reads or adds to the account of how the host was treated.
    pub fn account<T>(&self, take: impl FnOnce(&mut Account) -> T) -> T {
        take(&mut held(&self.account))
    }

    fn earliest(&self, born: Instant, floor: Duration) -> Instant {
        held(&self.pace).earliest(born, floor)
    }
}

/// All queues. Shared by every fetcher of the process, so that a reload forgets nothing.
#[derive(Debug)]
pub(super) struct Queues {
    born: Instant,
    hosts: Mutex<HashMap<String, Arc<Line>>>,
    addresses: Mutex<HashMap<IpAddr, Arc<Line>>>,
}

impl Queues {
    pub fn new() -> Queues {
        Queues { born: Instant::now(), hosts: Mutex::default(), addresses: Mutex::default() }
    }

    /// The queue before a host name.
    pub fn host(&self, name: &str) -> Arc<Line> {
        Arc::clone(held(&self.hosts).entry(name.to_owned()).or_default())
    }

    /// The queues before addresses, always in the same order so that two requests never wait for each other.
    fn lines(&self, addresses: &[IpAddr]) -> Vec<Arc<Line>> {
        let mut sorted: Vec<IpAddr> = addresses.iter().map(IpAddr::to_canonical).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut known = held(&self.addresses);
        sorted.into_iter().map(|address| Arc::clone(known.entry(address).or_default())).collect()
    }

    /// Waits for the floor of the host and of every address it may be dialled at, then begins the request.
    ///
    /// `in_flight` is the host's queue, already waited for; a name may be dialled at any of its addresses,
    /// so all of them count.
    pub async fn begin(
        &self,
        host: Arc<Line>,
        in_flight: OwnedMutexGuard<()>,
        addresses: &[IpAddr],
        floor: Duration,
        permits: &Arc<Semaphore>,
    ) -> Turn {
        let mut lines = self.lines(addresses);
        let mut gates = Vec::new();
        for line in &lines {
            gates.push(Arc::clone(&line.turn).lock_owned().await);
        }
        lines.push(host);
        for line in &lines {
            self.wait(line, floor).await;
        }
        // The permit comes last, so that a request that only waits takes no place from one that could go.
        let permit = Arc::clone(permits).acquire_owned().await.ok();
        let now = Instant::now();
        for line in &lines {
            held(&line.pace).send(now, floor);
        }
        drop(gates);
        Turn { lines, sent: now, _in_flight: in_flight, _permit: permit }
    }

    async fn wait(&self, line: &Line, floor: Duration) {
        loop {
            let earliest = line.earliest(self.born, floor);
            if earliest <= Instant::now() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(earliest) => {}
                () = line.answered.notified() => {}
            }
        }
    }
}

/// A request under way. The host's queue moves on when it is dropped.
pub(super) struct Turn {
    lines: Vec<Arc<Line>>,
    pub sent: Instant,
    _in_flight: OwnedMutexGuard<()>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// The answer began, or will never come: the floor counts from now.
    pub fn heard(&self) {
        let now = Instant::now();
        for line in &self.lines {
            held(&line.pace).hear(now);
            line.answered.notify_one();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.heard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOOR: Duration = Duration::from_secs(3);

    fn after(base: Instant, pace: &Pace, floor: Duration) -> Duration {
        pace.earliest(base, floor) - base
    }

    #[test]
    fn a_restart_begins_with_a_wait() {
        let base = Instant::now();
        assert_eq!(after(base, &Pace::default(), FLOOR), FLOOR);
    }

    #[test]
    fn the_floor_counts_from_the_answer() {
        let base = Instant::now();
        let mut pace = Pace::default();
        pace.send(base, FLOOR);
        assert_eq!(after(base, &pace, FLOOR), FLOOR * 2, "not yet answered: it may only now be on its way");
        pace.hear(base + Duration::from_secs(1));
        assert_eq!(after(base, &pace, FLOOR), Duration::from_secs(4));
        pace.hear(base + Duration::from_secs(2));
        assert_eq!(after(base, &pace, FLOOR), Duration::from_secs(4), "the first answer counts");
    }

    #[test]
    fn the_larger_of_two_floors_holds() {
        let base = Instant::now();
        let mut pace = Pace::default();
        pace.send(base, FLOOR);
        pace.hear(base);
        assert_eq!(after(base, &pace, Duration::from_secs(1)), FLOOR);
        assert_eq!(after(base, &pace, Duration::from_secs(10)), Duration::from_secs(10));
    }

    #[test]
    fn a_host_that_errs_or_is_slow_is_given_more_rest() {
        let base = Instant::now();
        let mut pace = Pace::default();
        pace.send(base, FLOOR);
        pace.hear(base);
        for (failures, expected) in [(1, 6), (2, 12), (3, 24), (9, 24)] {
            pace.strain = failures;
            assert_eq!(after(base, &pace, FLOOR), Duration::from_secs(expected));
        }
        pace.weigh(true, Duration::from_secs(20));
        assert_eq!(after(base, &pace, FLOOR), Duration::from_secs(20), "as long a rest as it took to answer");
        pace.weigh(true, Duration::from_secs(300));
        assert_eq!(after(base, &pace, FLOOR), LONGEST_REST);
        pace.weigh(true, Duration::ZERO);
        assert_eq!(after(base, &pace, FLOOR), FLOOR);
        assert_eq!(after(base, &pace, Duration::from_secs(90)), Duration::from_secs(90), "a long floor stays whole");
    }
}
