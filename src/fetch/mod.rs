//! Fetching: the only room that talks to portals, and the only one that knows the HTTP client.
//!
//! [`Fetcher::get`] never fails: whatever happens is a [`FetchResult`], with a problem that says it to
//! people. A gate is reported, never evaded: no cookie is computed, no script is run, no address changed.
//! The path of one request: the guard judges the address (`guard`), robots.txt is obeyed (`robots`), the
//! request takes its turn in the queue of its host (`pace`) and goes out within limits (`wire`);
//! redirects come back here and begin again; what stands at the end is told by `classify`.

mod account;
mod api;
mod ask;
mod classify;
#[cfg(test)]
mod classify_tests;
mod glance;
mod guard;
mod manners;
mod pace;
mod post;
mod robots;
#[cfg(test)]
mod tests;
mod wire;

pub use api::ApiClient;
pub use ask::{Ask, Fetched, Want};
pub use classify::what_is_shown;
pub use manners::{Cidr, Manners};
pub use post::Posted;

use crate::metrics::Metrics;
use crate::model::{BlockedKind, FailedKind, FetchResult, Problem, Time};
use pace::Queues;
use reqwest::header::HeaderMap;
use robots::{Denied, RobotsCache};
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use wire::{Answer, Failure, Limit, Request, Wire};

/// Tells the time; handed in, so that only the program's edge makes a clock.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// A redirect chain longer than this is a loop in all but name.
const MOST_HOPS: usize = 5;
/// How often a request is tried again after 429 or 503 within one `get`.
const RETRIES: u32 = 2;
/// The longest that a host's wish to be left alone is remembered.
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

/// What keeps a fetcher, or a post of a channel, from its work.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The client could not be built.
    #[error("HTTP 客户端无法建立（the HTTP client cannot be built）: {0}")]
    Client(String),
    /// The guard refused the address; it stays refused until the configuration changes.
    #[error("{}", .0.message)]
    Refused(Problem),
    /// The host could not be reached, or did not answer in time.
    #[error("{}", .0.message)]
    Unreached(Problem),
}

impl FetchError {
    /// Whether the same may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, FetchError::Unreached(_))
    }
}

/// The fetcher. Cheap to clone: all clones share the queues.
#[derive(Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
}

struct Inner {
    wire: Wire,
    robots: Arc<RobotsCache>,
    metrics: Metrics,
}

impl Fetcher {
    /// A fetcher with these manners. Its first request to any host waits one floor, because a process
    /// that ended a moment ago may have sent one.
    pub fn new(manners: Manners, metrics: Metrics, clock: Clock) -> Result<Fetcher, FetchError> {
        let wire = Wire::new(manners, Arc::new(Queues::new()), clock)?;
        Ok(Fetcher { inner: Arc::new(Inner { wire, robots: Arc::default(), metrics }) })
    }

    /// A fetcher with other manners that remembers what this one knows: who was visited when, and robots.txt.
    pub fn with_manners(&self, manners: Manners) -> Result<Fetcher, FetchError> {
        let wire = Wire::new(manners, Arc::clone(&self.inner.wire.queues), Arc::clone(&self.inner.wire.clock))?;
        let inner = Inner { wire, robots: Arc::clone(&self.inner.robots), metrics: self.inner.metrics.clone() };
        Ok(Fetcher { inner: Arc::new(inner) })
    }

    /// Fetches one address: politely, within limits, following redirects of the same site. Whatever
    /// happens is in the result.
    pub async fn get(&self, ask: &Ask) -> Fetched {
        let fetched = self.follow(ask).await;
        self.inner.metrics.fetches.with_label_values(&[fetched.result.word()]).inc();
        if fetched.status != 0 {
            self.inner.metrics.fetch_duration.observe(fetched.took.as_secs_f64());
        }
        let host = fetched.final_url.host_str().unwrap_or("");
        let took_ms = u64::try_from(fetched.took.as_millis()).unwrap_or(u64::MAX);
        match &fetched.problem {
            None => tracing::debug!(host, result = fetched.result.word(), status = fetched.status, took_ms, "fetched"),
            Some(problem) => {
                let code = problem.code.as_str();
                tracing::info!(host, result = fetched.result.word(), code, status = fetched.status, took_ms, "fetched");
            }
        }
        fetched
    }

    async fn follow(&self, ask: &Ask) -> Fetched {
        let mut at = bare(&ask.url);
        let mut hops: Vec<Url> = Vec::new();
        let posted = ask.post.as_ref().map(|(_, body)| body.clone().into_bytes());
        loop {
            if let Err(refusal) = self.inner.wire.guard.judge(&at) {
                return self.failed(ask, at.clone(), hops, Failure::refused(&refusal, &at));
            }
            if !hops.is_empty() && !ask.covers(&at) {
                return self.moved(ask, at, hops);
            }
            if let Err(denied) = self.permitted(&at, ask).await {
                return self.denied(ask, at, hops, denied);
            }
            let limit = Limit::Refuse(self.inner.wire.manners.max_body);
            // What was posted goes to the address it was meant for, and nowhere else.
            let post = posted.as_ref().filter(|_| hops.is_empty());
            let answer = match self.ask_patiently(&at, ask, ask.headers(), post, limit).await {
                Ok(answer) => answer,
                Err(failure) => return self.failed(ask, at, hops, failure),
            };
            if !is_redirect(answer.status) {
                return self.judged(ask, at, hops, answer);
            }
            let next = answer.header("location").and_then(|location| at.join(&location).ok()).map(|next| bare(&next));
            hops.push(at.clone());
            match next {
                Some(next) if hops.len() <= MOST_HOPS && !hops.contains(&next) => at = next,
                _ => return self.astray(ask, at, hops, &answer),
            }
        }
    }

    /// One address, tried again where the host says that it will be ready within a minute.
    async fn ask_patiently(
        &self,
        at: &Url,
        ask: &Ask,
        headers: HeaderMap,
        post: Option<&Vec<u8>>,
        limit: Limit,
    ) -> Result<Answer, Failure> {
        let floor = ask.min_delay.unwrap_or(self.inner.wire.manners.min_delay);
        let mut tries = 0;
        loop {
            let request = Request { url: at, headers: headers.clone(), floor, post: post.cloned(), limit };
            let answer = self.inner.wire.exchange(request).await?;
            let Some(rest) = self.rest_asked_for(&answer) else { return Ok(answer) };
            let line = self.inner.wire.line(at);
            if rest > wire::PATIENCE {
                // A limit is about us and holds for the whole host; 503 is about that page.
                if answer.status == 429 {
                    line.hold(rest.min(LONGEST_HOLD));
                }
                return Ok(answer);
            }
            line.hold(rest);
            if tries == RETRIES {
                return Ok(answer);
            }
            tries += 1;
        }
    }

    /// How long a host that answers 429 or 503 asks us to wait, in seconds or as a date (RFC 9110, 10.2.3).
    fn rest_asked_for(&self, answer: &Answer) -> Option<Duration> {
        if !matches!(answer.status, 429 | 503) {
            return None;
        }
        let value = answer.header("retry-after")?;
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let date = chrono::DateTime::parse_from_rfc2822(&value).ok()?;
        Some((date.to_utc() - (self.inner.wire.clock)()).to_std().unwrap_or(Duration::ZERO))
    }

    /// The answer at the end of the chain, told by its content.
    fn judged(&self, ask: &Ask, at: Url, hops: Vec<Url>, answer: Answer) -> Fetched {
        let conditional = ask.etag.is_some() || ask.last_modified.is_some();
        let seen = classify::Seen {
            status: answer.status,
            headers: &answer.headers,
            url: &at,
            redirected: !hops.is_empty(),
            body: &answer.body,
        };
        let result = match answer.status {
            304 if conditional => FetchResult::Unchanged,
            _ => match classify::classify(&seen) {
                FetchResult::Ok if ask.has(&answer.body) => FetchResult::Unchanged,
                FetchResult::Ok if !classify::is_wanted(ask.want, &seen) => FetchResult::Failed(FailedKind::WrongType),
                other => other,
            },
        };
        let retry_after = self.rest_asked_for(&answer);
        Fetched {
            problem: problem_of(result, &at, answer.status),
            result,
            retry_after,
            media: answer.header("content-type"),
            etag: answer.header("etag"),
            last_modified: answer.header("last-modified"),
            status: answer.status,
            started: answer.at,
            took: answer.took,
            body: answer.body,
            ..self.nothing(ask, at, hops)
        }
    }

    /// A redirect to a host that no portal names: recorded, not followed.
    fn moved(&self, ask: &Ask, at: Url, hops: Vec<Url>) -> Fetched {
        let host = at.host_str().unwrap_or("");
        let message = format!("地址转到了门户以外的主机 {host}，未跟随；确需访问请列入该门户的 hosts");
        let problem = Some(Problem::new("moved-elsewhere", message));
        Fetched { result: FetchResult::Moved, problem, ..self.nothing(ask, at, hops) }
    }

    /// A redirect that loops, goes on too long, or says nowhere to go.
    fn astray(&self, ask: &Ask, at: Url, hops: Vec<Url>, answer: &Answer) -> Fetched {
        let host = at.host_str().unwrap_or("");
        let problem = Some(Problem::new("redirect-loop", format!("{host} 的转向循环、过多或没有去处")));
        let result = FetchResult::Failed(FailedKind::Redirect);
        let (status, started, took) = (answer.status, answer.at, answer.took);
        Fetched { result, problem, status, started, took, ..self.nothing(ask, at, hops) }
    }

    fn denied(&self, ask: &Ask, at: Url, hops: Vec<Url>, denied: Denied) -> Fetched {
        let Denied { result, problem, status } = denied;
        Fetched { result, problem: Some(problem), status, ..self.nothing(ask, at, hops) }
    }

    fn failed(&self, ask: &Ask, at: Url, hops: Vec<Url>, failure: Failure) -> Fetched {
        let Failure { result, problem, status, retry_after, .. } = failure;
        Fetched { result, problem: Some(problem), status, retry_after, ..self.nothing(ask, at, hops) }
    }

    /// No answer yet: the frame that every result fills in.
    fn nothing(&self, ask: &Ask, at: Url, hops: Vec<Url>) -> Fetched {
        Fetched {
            url: ask.url.clone(),
            final_url: at,
            status: 0,
            media: None,
            etag: None,
            last_modified: None,
            body: Vec::new(),
            result: FetchResult::Failed(FailedKind::Other),
            retry_after: None,
            problem: None,
            started: (self.inner.wire.clock)(),
            took: Duration::ZERO,
            hops,
        }
    }
}

/// The address without what never belongs on the wire: user, password, fragment.
fn bare(url: &Url) -> Url {
    let mut bare = url.clone();
    bare.set_fragment(None);
    // Both fail only for addresses without a host, which the guard refuses.
    bare.set_username("").ok();
    bare.set_password(None).ok();
    bare
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// What people are told of a result; nothing where all is well or where it is the agency's affair.
fn problem_of(result: FetchResult, url: &Url, status: u16) -> Option<Problem> {
    let host = url.host_str().unwrap_or("");
    let advice = "请门户运维方放行本程序，或人工下载后导入";
    let (code, message) = match result {
        FetchResult::Ok | FetchResult::Unchanged | FetchResult::Moved => return None,
        FetchResult::Gone | FetchResult::SoftGone | FetchResult::Empty => return None,
        FetchResult::Blocked(BlockedKind::Jsl) => ("blocked-jsl", format!("{host} 有加速乐防护（{status}），{advice}")),
        FetchResult::Blocked(BlockedKind::Acw) => ("blocked-acw", format!("{host} 有阿里云防护（acw），{advice}")),
        FetchResult::Blocked(BlockedKind::River) => ("blocked-river", format!("{host} 有瑞数防护（{status}），{advice}")),
        FetchResult::Blocked(BlockedKind::Captcha) => ("blocked-captcha", format!("{host} 要求人机验证，{advice}")),
        FetchResult::Blocked(BlockedKind::Forbidden) => ("blocked-forbidden", format!("{host} 拒绝访问（{status}），{advice}")),
        FetchResult::Blocked(BlockedKind::Rate) => ("blocked-rate", format!("{host} 限制访问频率（{status}），下次再访")),
        FetchResult::Blocked(BlockedKind::Login) => ("blocked-login", format!("{host} 要求登录才能查看（{status}）")),
        FetchResult::Blocked(BlockedKind::Robots) => ("robots", format!("{host} 的 robots.txt 不允许访问")),
        FetchResult::Blocked(BlockedKind::Other) => ("blocked-other", format!("{host} 拦截了访问（{status}），{advice}")),
        FetchResult::Failed(FailedKind::Server) => ("server-error", format!("{host} 服务器出错或维护中（{status}）")),
        FetchResult::Failed(FailedKind::WrongType) => ("wrong-type", format!("{host} 答复的不是网页或文档")),
        FetchResult::Failed(_) => ("fetch-failed", format!("{host} 的答复不可用（{status}）")),
    };
    Some(Problem::new(code, message))
}

/// Names the library that encrypts, once for the process. Fails where one is named already, which is as good.
fn install_crypto() {
    rustls::crypto::ring::default_provider().install_default().ok();
}
