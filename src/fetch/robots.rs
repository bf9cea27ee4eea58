//! robots.txt: asked for once a day and origin, before anything else, and obeyed (RFC 9309).
//!
//! A file that is not there (4xx) allows everything; a server that cannot give it (5xx) or a host that
//! does not answer disallows everything, for an hour. A connection that was never made asked nothing of
//! the host, so that failure is not kept.

use super::classify;
use super::pace::Line;
use super::wire::{Answer, Failure, Limit};
use super::{Ask, Fetcher};
use crate::model::{BlockedKind, FetchResult, Problem, RobotsState};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const FAILURE_KEPT: Duration = Duration::from_secs(60 * 60);
const MOST_HOPS: usize = 5;

/// What is known of one origin's robots.txt.
#[derive(Clone)]
pub(super) struct Known {
    rules: Arc<robotxt::Robots>,
    /// Why nothing could be learned, where the rules disallow everything for that.
    failure: Option<(FetchResult, Problem, u16)>,
    until: Instant,
}

/// One origin's place in the cache: locked while the file is fetched, so that it is fetched once.
type Place = Arc<tokio::sync::Mutex<Option<Known>>>;

/// What is known of robots.txt, by origin.
#[derive(Default)]
pub(super) struct RobotsCache {
    origins: Mutex<HashMap<String, Place>>,
}

impl RobotsCache {
    fn place(&self, origin: String) -> Place {
        Arc::clone(self.origins.lock().unwrap_or_else(PoisonError::into_inner).entry(origin).or_default())
    }
}

/// Why a page may not be asked for.
pub(super) struct Denied {
    pub result: FetchResult,
    pub problem: Problem,
    pub status: u16,
}

impl Fetcher {
    /// The maps of a site that its robots.txt names, as far as the file was asked for.
    pub async fn site_maps(&self, url: &Url) -> Vec<Url> {
        let place = self.inner.robots.place(url.origin().ascii_serialization());
        let known = place.lock().await;
        known.as_ref().map(|known| known.rules.sitemaps().to_vec()).unwrap_or_default()
    }

    /// Whether robots.txt lets us ask for the address; fetches the file where it is not known.
    pub(super) async fn permitted(&self, url: &Url, ask: &Ask) -> Result<(), Denied> {
        let place = self.inner.robots.place(url.origin().ascii_serialization());
        let mut known = place.lock().await;
        let rules = match known.as_ref().filter(|known| known.until > Instant::now()) {
            Some(rules) => rules.clone(),
            None => {
                let (fresh, keep) = self.learn(url, ask).await;
                *known = keep.then(|| fresh.clone());
                fresh
            }
        };
        drop(known);
        match rules.failure {
            Some((result, problem, status)) => Err(Denied { result, problem, status }),
            None if rules.rules.is_url_allowed(url) => Ok(()),
            None => Err(Denied {
                result: FetchResult::Blocked(BlockedKind::Robots),
                problem: Problem::new("robots", format!("{} 的 robots.txt 不允许访问此地址，已遵守", host(url))),
                status: 0,
            }),
        }
    }

    /// Fetches and reads the file; also says whether the answer is to be kept.
    async fn learn(&self, url: &Url, ask: &Ask) -> (Known, bool) {
        let line = self.inner.wire.line(url);
        let fetched = self.fetch_robots(url, ask).await;
        let state = match &fetched {
            Ok(Some(answer)) if (200..300).contains(&answer.status) => RobotsState::Obeyed,
            Ok(Some(answer)) if answer.status < 500 => RobotsState::Absent,
            Ok(None) => RobotsState::Absent,
            _ => RobotsState::Unreachable,
        };
        line.account(|account| account.robots(state));
        match fetched {
            Ok(Some(answer)) => (self.read_robots(&line, url, &answer), true),
            Ok(None) => (known(robotxt::Robots::allow_all(), None, KEPT), true),
            Err(failure) => {
                let why = (failure.result, failure.problem, failure.status);
                (known(robotxt::Robots::disallow_all(), Some(why), FAILURE_KEPT), failure.reached)
            }
        }
    }

    /// The answer after at most five redirects; nothing where there were more, or they lead nowhere.
    async fn fetch_robots(&self, url: &Url, ask: &Ask) -> Result<Option<Answer>, Failure> {
        let Ok(mut at) = url.join("/robots.txt") else { return Ok(None) };
        for hop in 0..=MOST_HOPS {
            if hop > 0 && self.inner.wire.guard.judge(&at).is_err() {
                return Ok(None);
            }
            let limit = Limit::Take(robotxt::BYTE_LIMIT as u64 + 1);
            let answer = self.ask_patiently(&at, ask, reqwest::header::HeaderMap::new(), None, limit).await?;
            if !super::is_redirect(answer.status) {
                return Ok(Some(answer));
            }
            match answer.header("location").and_then(|location| at.join(&location).ok()) {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// What an answer lets us ask for; the queue is told how far apart.
    pub(super) fn read_robots(&self, line: &Line, url: &Url, answer: &Answer) -> Known {
        match answer.status {
            200..=299 => {
                let rules = robotxt::Robots::parse(&answer.body, "nianjian");
                line.set_crawl_delay(rules.crawl_delay());
                known(rules, None, KEPT)
            }
            500.. => {
                // A gate before the whole site answers here too; then the gate is what people must know.
                let seen = classify::Seen {
                    status: answer.status,
                    headers: &answer.headers,
                    url,
                    redirected: false,
                    body: &answer.body,
                };
                let (result, problem) = match classify::classify(&seen) {
                    gate @ FetchResult::Blocked(_) => (gate, super::problem_of(gate, url, answer.status)),
                    _ => (FetchResult::Blocked(BlockedKind::Robots), None),
                };
                let problem = problem.unwrap_or_else(|| {
                    let message = format!("{} 的 robots.txt 答复 {}，按规矩视为不允许访问", host(url), answer.status);
                    Problem::new("robots-unreachable", message)
                });
                known(robotxt::Robots::disallow_all(), Some((result, problem, answer.status)), FAILURE_KEPT)
            }
            _ => known(robotxt::Robots::allow_all(), None, KEPT),
        }
    }
}

fn known(rules: robotxt::Robots, failure: Option<(FetchResult, Problem, u16)>, kept: Duration) -> Known {
    Known { rules: Arc::new(rules), failure, until: Instant::now() + kept }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("")
}
