//! One request on the wire: its turn, the dial, the limits, and what came of it.
//!
//! Everything this process sends goes through [`Wire::exchange`]: pages, robots.txt, redirects and the
//! posts of channels alike. So the guard, the floor and the limits stand in one place.

use super::guard::{Guard, Refusal};
use super::manners::Manners;
use super::pace::{Line, Queues};
use super::{Clock, FetchError};
use crate::model::{BlockedKind, FailedKind, FetchResult, Problem, Time};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use url::Url;

/// Connecting takes no longer than this, however long answers may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// A body that keeps coming at this many bytes a second may take longer than the time-out.
const SLOWEST: u64 = 16 * 1024;
/// No body takes longer than this many time-outs.
const LONGEST: u32 = 10;
/// A floor under this is honoured only towards opened addresses.
const LEAST_FLOOR: Duration = Duration::from_secs(1);
/// A floor over this would stop a portal for good.
const MOST_FLOOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Where a host asks to be left alone for longer, we answer in its stead without asking it.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// What is sent.
pub(super) struct Request<'a> {
    pub url: &'a Url,
    pub headers: HeaderMap,
    /// The floor asked for; what robots.txt and the guard say comes on top.
    pub floor: Duration,
    /// A body to post; without it the request is a GET.
    pub post: Option<Vec<u8>>,
    pub limit: Limit,
}

/// How much of a body is taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// A longer body is a failure.
    Refuse(u64),
    /// A longer body is cut there.
    Take(u64),
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub at: Time,
    pub took: Duration,
}

impl Answer {
    /// A header as text, where it is text.
    pub fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// No answer, or not the whole of it.
pub(super) struct Failure {
    pub result: FetchResult,
    pub problem: Problem,
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// Whether the request reached the host at all.
    pub reached: bool,
}

impl Failure {
    fn new(kind: FailedKind, problem: Problem, status: u16) -> Failure {
        let reached = !matches!(kind, FailedKind::Refused | FailedKind::Dns | FailedKind::Connect | FailedKind::Tls);
        Failure { result: FetchResult::Failed(kind), problem, status, retry_after: None, reached }
    }

    pub fn refused(refusal: &Refusal, url: &Url) -> Failure {
        let kind = if *refusal == Refusal::Dns { FailedKind::Dns } else { FailedKind::Refused };
        Failure::new(kind, refusal.problem(url), 0)
    }

    /// The host asked to be left alone, and that time is not over.
    fn held(url: &Url, rest: Duration) -> Failure {
        let host = url.host_str().unwrap_or("");
        let problem = Problem::new("rate", format!("{host} 要求 {} 秒内不再访问，本次未访问", rest.as_secs()));
        let result = FetchResult::Blocked(BlockedKind::Rate);
        Failure { result, problem, status: 0, retry_after: Some(rest), reached: false }
    }
}

/// The addresses that the guard let through, by host name; the client dials no others.
#[derive(Default)]
struct Pins(Mutex<HashMap<String, Vec<IpAddr>>>);

impl Resolve for Pins {
    fn resolve(&self, name: Name) -> Resolving {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name.as_str()).cloned();
        Box::pin(async move {
            let addresses = known.ok_or("the name was not judged by the guard")?;
            let dialled: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(dialled)
        })
    }
}

/// The client with its guard, its queues and its limits.
pub(super) struct Wire {
    pub manners: Manners,
    pub guard: Guard,
    client: reqwest::Client,
    pins: Arc<Pins>,
    pub queues: Arc<Queues>,
    permits: Arc<Semaphore>,
    pub clock: Clock,
}

impl Wire {
    pub fn new(manners: Manners, queues: Arc<Queues>, clock: Clock) -> Result<Wire, FetchError> {
        super::install_crypto();
        let pins = Arc::new(Pins::default());
        let client = client(&manners, &pins)?;
        let permits = Arc::new(Semaphore::new(manners.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        Ok(Wire { guard: Guard::new(&manners), client, pins, queues, permits, clock, manners })
    }

    /// Sends one request when its turn comes, and reads the answer within the limits.
    pub async fn exchange(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let url = request.url;
        self.guard.judge(url).map_err(|refusal| Failure::refused(&refusal, url))?;
        let name = url.host_str().unwrap_or("").to_owned();
        let host = self.line(url);
        let in_flight = host.queue().await;
        let rest = host.held_for();
        if rest > PATIENCE {
            return Err(Failure::held(url, rest));
        }
        let limit = CONNECT_LIMIT.min(self.manners.timeout);
        let addresses = self.guard.resolve(url, limit).await.map_err(|refusal| Failure::refused(&refusal, url))?;
        let floor = self.floor(request.floor, &host, &addresses);
        let turn = self.queues.begin(Arc::clone(&host), in_flight, &addresses, floor, &self.permits).await;
        self.pins.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, addresses);

        let at = (self.clock)();
        host.account(|account| account.send(at, turn.sent, floor));
        let response = timeout(self.manners.timeout, self.send(request.url, request.headers, request.post)).await;
        turn.heard();
        let latency = turn.sent.elapsed();
        let mut response = match response {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                host.weigh(false, latency);
                return Err(broken(&error, url));
            }
            Err(_) => {
                host.weigh(false, latency);
                return Err(late(url, self.manners.timeout, 0));
            }
        };
        let status = response.status().as_u16();
        let body = self.read(&mut response, url, request.limit, turn.sent).await;
        host.weigh(status < 500 && status != 429 && body.is_ok(), latency);
        host.account(|account| account.receive(body.as_ref().map_or(0, Vec::len)));
        Ok(Answer { status, headers: response.headers().clone(), body: body?, at, took: turn.sent.elapsed() })
    }

    /// The queue before the host of an address; a dot at the end names the same host.
    pub fn line(&self, url: &Url) -> Arc<Line> {
        self.queues.host(url.host_str().unwrap_or("").trim_end_matches('.'))
    }

    /// The floor that holds: what is asked for, what robots.txt asks for, and never under a second
    /// towards an address that the configuration did not open.
    pub fn floor(&self, asked: Duration, host: &Line, addresses: &[IpAddr]) -> Duration {
        let floor = asked.max(host.crawl_delay());
        let opened = addresses.iter().all(|address| self.guard.is_opened(*address));
        if opened { floor.min(MOST_FLOOR) } else { floor.clamp(LEAST_FLOOR, MOST_FLOOR) }
    }

    async fn send(&self, url: &Url, headers: HeaderMap, post: Option<Vec<u8>>) -> reqwest::Result<reqwest::Response> {
        let request = match post {
            None => self.client.get(url.clone()),
            Some(body) => self.client.post(url.clone()).body(body),
        };
        request.headers(headers).send().await
    }

    /// Reads a body piece by piece, so that neither its announced nor its unpacked size is trusted.
    async fn read(&self, response: &mut reqwest::Response, url: &Url, limit: Limit, sent: Instant) -> Result<Vec<u8>, Failure> {
        let status = response.status().as_u16();
        let (Limit::Refuse(most) | Limit::Take(most)) = limit;
        let refuses = matches!(limit, Limit::Refuse(_));
        if refuses && response.content_length().is_some_and(|length| length > most) {
            return Err(too_large(url, most, status));
        }
        let mut body = Vec::new();
        loop {
            // A large file over a slow line may take its time; a trickle may not.
            let earned = Duration::from_secs(body.len() as u64 / SLOWEST);
            let allowed = self.manners.timeout.saturating_add(earned).min(self.manners.timeout.saturating_mul(LONGEST));
            let left = allowed.saturating_sub(sent.elapsed()).min(self.manners.timeout);
            let piece = match timeout(left, response.chunk()).await {
                Err(_) => return Err(late(url, sent.elapsed(), status)),
                Ok(Err(error)) if error.is_timeout() => return Err(late(url, sent.elapsed(), status)),
                Ok(Err(_)) => return Err(cut(url, status)),
                Ok(Ok(None)) => return Ok(body),
                Ok(Ok(Some(piece))) => piece,
            };
            let room = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(body.len());
            if piece.len() > room {
                if refuses {
                    return Err(too_large(url, most, status));
                }
                body.extend_from_slice(&piece[..room]);
                return Ok(body);
            }
            body.extend_from_slice(&piece);
        }
    }
}

/// The one client: it follows nothing, remembers nothing, asks no proxy, and resolves only what was judged.
fn client(manners: &Manners, pins: &Arc<Pins>) -> Result<reqwest::Client, FetchError> {
    let agent = HeaderValue::from_str(&manners.user_agent()).unwrap_or(HeaderValue::from_static("nianjian"));
    let chinese = HeaderValue::from_static("zh-CN,zh;q=0.9,en;q=0.5");
    let language = (HeaderName::from_static("accept-language"), chinese);
    let builder = || {
        reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(USER_AGENT, agent.clone()), language.clone()]))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(Arc::clone(pins))
            .connect_timeout(CONNECT_LIMIT.min(manners.timeout))
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(20))
    };
    builder().build().or_else(|error| {
        // The roots are the system's; a bare container has none. http still works, and says so.
        tracing::warn!(%error, "no root certificates on this system: https addresses cannot be fetched");
        builder().tls_certs_only([]).build().map_err(|error| FetchError::Client(error.to_string()))
    })
}

/// A request that failed before its answer began.
fn broken(error: &reqwest::Error, url: &Url) -> Failure {
    let host = url.host_str().unwrap_or("");
    if error.is_timeout() {
        return late(url, CONNECT_LIMIT, 0);
    }
    if is_tls(error) {
        let message = format!("与 {host} 的加密连接未能建立（证书或协议不被接受）");
        return Failure::new(FailedKind::Tls, Problem::new("tls", message), 0);
    }
    if error.is_connect() || error.is_request() {
        let message = format!("连接不上 {host}，或连接被中断");
        return Failure::new(FailedKind::Connect, Problem::new("connect", message), 0);
    }
    Failure::new(FailedKind::Other, Problem::new("fetch-failed", format!("访问 {host} 失败")), 0)
}

fn late(url: &Url, after: Duration, status: u16) -> Failure {
    let host = url.host_str().unwrap_or("");
    let message = format!("{host} 在 {} 秒内没有答复完毕", after.as_secs().max(1));
    Failure::new(FailedKind::Timeout, Problem::new("timeout", message), status)
}

fn cut(url: &Url, status: u16) -> Failure {
    let host = url.host_str().unwrap_or("");
    let message = format!("{host} 的答复中途断开或无法解压，内容不完整");
    Failure::new(FailedKind::Cut, Problem::new("body-cut", message), status)
}

fn too_large(url: &Url, most: u64, status: u16) -> Failure {
    let host = url.host_str().unwrap_or("");
    let message = format!("{host} 的答复超过 fetch.max_body 规定的 {most} 字节，未保存");
    Failure::new(FailedKind::TooLarge, Problem::new("too-large", message), status)
}

/// Whether TLS is what failed: its error hides inside I/O errors, which show what they hold to
/// `get_ref` but not to `source`, and may hold each other.
fn is_tls(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return true;
        }
        let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    false
}
