//! The fake portal: one server over a folder of pages, for the demo and for every test that fetches.
//!
//! It shares no code with the crawler, so that politeness can be judged from its log: every request is
//! noted with the instant it came in. It answers as a static CMS does (index pages, validators, 304), and
//! misbehaves where it is told to, by `faults.toml` in the folder or by [`Running::set_fault`] while it is up.
//! Faults of one path are applied in the order they were given: `replace` and `content-type` change what
//! is answered, the first of the others decides how.

mod answer;
mod fault;
mod folder;
#[cfg(test)]
mod tests;
mod wire;

pub use fault::{Fault, FaultAt, Gate, When};

use answer::Page;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use folder::Question;
use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use wire::{Line, Wire};

/// Files at the root of the folder that are about the site and not of it.
const HELD_BACK: [&str; 5] = ["faults.toml", "site.toml", "truth.json", "agencies.csv", "README.md"];
/// How long [`Running::stop`] lets answers under way finish.
const DRAIN: Duration = Duration::from_secs(2);

/// Why a site could not be read or served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A page could not be read, or the address could not be bound.
    #[error("the fake portal: {0}")]
    Io(#[from] std::io::Error),
    /// `faults.toml` is wrong.
    #[error("the fake portal's faults.toml or site.toml: {0}")]
    Faults(#[from] toml::de::Error),
    /// A `[[report]]` whose template is not in the folder.
    #[error("the fake portal's site.toml: there is no template {0}")]
    Template(String),
}

/// Pages and faults, not yet served.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pages: BTreeMap<String, Page>,
    faults: Vec<FaultAt>,
    answers: Vec<folder::Answer>,
}

impl Site {
    /// A site embedded in the binary.
    ///
    /// # Errors
    /// A `faults.toml` that cannot be read.
    pub fn from_dir(dir: &include_dir::Dir<'_>) -> Result<Site, SiteError> {
        let mut site = Site::default();
        let mut told = folder::Folder::default();
        let mut open = vec![dir];
        while let Some(dir) = open.pop() {
            open.extend(dir.dirs());
            for file in dir.files() {
                site.take(file.path(), file.contents().to_vec(), &mut told)?;
            }
        }
        site.told(told)
    }

    /// A site in a folder.
    ///
    /// # Errors
    /// A file or `faults.toml` that cannot be read.
    pub fn from_path(folder: &Path) -> Result<Site, SiteError> {
        let mut site = Site::default();
        let mut told = folder::Folder::default();
        let mut open = vec![folder.to_owned()];
        while let Some(here) = open.pop() {
            for entry in std::fs::read_dir(&here)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let body = std::fs::read(&path)?;
                    site.take(path.strip_prefix(folder).unwrap_or(&path), body, &mut told)?;
                }
            }
        }
        site.told(told)
    }

    /// The same site with one more page, or with another body for it; `path` is absolute (`/zwgk/index.html`).
    #[must_use]
    pub fn with_page(mut self, path: &str, body: impl Into<Vec<u8>>) -> Site {
        self.pages.insert(path.to_owned(), Page { body: Bytes::from(body.into()), edition: 0 });
        self
    }

    /// The same site with one more fault.
    #[must_use]
    pub fn with_fault(mut self, path: &str, when: When, fault: Fault) -> Site {
        self.faults.push(FaultAt { path: path.to_owned(), when, fault });
        self
    }

    /// Serves it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port could be bound.
    pub async fn serve(self) -> Result<Running, SiteError> {
        self.serve_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Serves it on this address, until the handle is stopped or dropped.
    ///
    /// # Errors
    /// The address could not be bound.
    pub async fn serve_at(self, address: SocketAddr) -> Result<Running, SiteError> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let addr = listener.local_addr()?;
        let state = Arc::new(Shared(Mutex::new(Inner { site: self, hits: Vec::new(), counts: HashMap::new() })));
        let service = Router::new().fallback(answer_one).with_state(Arc::clone(&state));
        let cancel = CancellationToken::new();
        let served = axum::serve(Wire(listener), service.into_make_service_with_connect_info::<Line>())
            .with_graceful_shutdown(cancel.clone().cancelled_owned());
        // Accepting only fails with the process; there is nobody to tell but the test, whose requests then fail.
        let task = tokio::spawn(async move { drop(served.await) });
        Ok(Running { addr, state, cancel, task: Some(task) })
    }

    fn take(&mut self, relative: &Path, body: Vec<u8>, told: &mut folder::Folder) -> Result<(), SiteError> {
        let name = relative.to_string_lossy().replace('\\', "/");
        if name == "faults.toml" {
            self.faults = fault::parse(&String::from_utf8_lossy(&body))?;
        }
        if name == "site.toml" {
            *told = toml::from_str(&String::from_utf8_lossy(&body))?;
        }
        if !HELD_BACK.contains(&name.as_str()) {
            self.pages.insert(format!("/{name}"), Page { body: Bytes::from(body), edition: 0 });
        }
        Ok(())
    }
}

/// One request, as the portal saw it.
#[derive(Debug, Clone)]
pub struct Hit {
    /// When its head had come in.
    pub at: Instant,
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub user_agent: Option<String>,
    pub if_none_match: Option<String>,
    pub if_modified_since: Option<String>,
    /// Every header of the request, in the order received.
    pub headers: Vec<(String, String)>,
    /// The status answered; 0 where the connection was reset.
    pub status: u16,
}

/// A site that is up. Dropping it closes the listener; answers under way end when their reader does.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    state: Arc<Shared>,
    cancel: CancellationToken,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// The address of a page, `path` being absolute.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Every request since the start or the last reset, in the order they came in.
    pub fn hits(&self) -> Vec<Hit> {
        let mut hits = self.state.lock().hits.clone();
        hits.sort_by_key(|hit| hit.at);
        hits
    }

    /// Forgets the hits, so that the faults count from the first hit again.
    pub fn reset(&self) {
        let mut inner = self.state.lock();
        inner.hits.clear();
        inner.counts.clear();
    }

    /// Gives a path this fault and no other, on every hit.
    pub fn set_fault(&self, path: &str, fault: Fault) {
        self.state.lock().site.faults.retain(|at| at.path != path);
        self.add_fault(path, When::always(), fault);
    }

    /// Gives a path one more fault, on some of its hits.
    pub fn add_fault(&self, path: &str, when: When, fault: Fault) {
        self.state.lock().site.faults.push(FaultAt { path: path.to_owned(), when, fault });
    }

    /// Takes every fault away, those of `faults.toml` too.
    pub fn clear_faults(&self) {
        self.state.lock().site.faults.clear();
    }

    /// Adds a page or changes its body; its `Last-Modified` becomes a day younger.
    pub fn set_page(&self, path: &str, body: impl Into<Vec<u8>>) {
        let mut inner = self.state.lock();
        let edition = inner.site.pages.get(path).map_or(0, |page| page.edition + 1);
        inner.site.pages.insert(path.to_owned(), Page { body: Bytes::from(body.into()), edition });
    }

    /// Takes a page away: it is 404 from now on.
    pub fn remove_page(&self, path: &str) {
        self.state.lock().site.pages.remove(path);
    }

    /// The body of a page as it stands now.
    pub fn page(&self, path: &str) -> Option<Vec<u8>> {
        self.state.lock().site.pages.get(path).map(|page| page.body.to_vec())
    }

    /// Takes no more requests, lets those under way finish for a moment, and ends.
    pub async fn stop(mut self) {
        self.cancel.cancel();
        if let Some(mut task) = self.task.take()
            && tokio::time::timeout(DRAIN, &mut task).await.is_err()
        {
            task.abort();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

#[derive(Debug)]
struct Shared(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    site: Site,
    hits: Vec<Hit>,
    counts: HashMap<String, u64>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic under the lock leaves plain data behind, none of it half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers one request and notes it. Nothing is awaited between the clock and the log but a stall.
async fn answer_one(
    State(state): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    posted: Bytes,
) -> Response {
    let at = Instant::now();
    let (response, stall) = {
        let mut inner = state.lock();
        let count = inner.counts.entry(uri.path().to_owned()).or_default();
        *count += 1;
        let nth = *count;
        let question =
            Question { method: &method, path: uri.path(), query: uri.query().unwrap_or(""), posted: &posted, headers: &headers };
        let (faults, page) = inner.site.turn(uri.path(), nth);
        let response = respond(&inner.site, &faults, page, &question, &line);
        let reset = faults.contains(&Fault::Reset);
        inner.hits.push(Hit {
            at,
            method: method.to_string(),
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            user_agent: answer::text(&headers, &header::USER_AGENT),
            if_none_match: answer::text(&headers, &header::IF_NONE_MATCH),
            if_modified_since: answer::text(&headers, &header::IF_MODIFIED_SINCE),
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            status: if reset { 0 } else { response.status().as_u16() },
        });
        let stall = faults.iter().find_map(|fault| match fault {
            Fault::Stall { delay_ms } => Some(Duration::from_millis(*delay_ms)),
            _ => None,
        });
        (response, stall)
    };
    if let Some(stall) = stall {
        tokio::time::sleep(stall).await;
    }
    response
}

impl Site {
    /// The faults of the n-th hit of a path, and the path whose page it gets.
    fn turn(&self, path: &str, nth: u64) -> (Vec<Fault>, String) {
        let faults: Vec<Fault> = self.faults.iter().filter(|at| at.holds(path, nth)).map(|at| at.fault.clone()).collect();
        let asked = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        let page = faults.iter().fold(asked, |page, fault| match fault {
            Fault::Replace { with } => with.clone(),
            _ => page,
        });
        (faults, page)
    }
}

/// What one request gets, faults considered.
fn respond(site: &Site, faults: &[Fault], page: String, question: &Question<'_>, line: &Line) -> Response {
    let headers = question.headers;
    let asked = site.answers.iter().find(|answer| answer.fits(question));
    let is_interface = site.answers.iter().any(|answer| answer.path() == question.path);
    if question.method != Method::GET && question.method != Method::HEAD && !is_interface {
        return answer::status(StatusCode::METHOD_NOT_ALLOWED);
    }
    for fault in faults {
        match fault {
            Fault::Reset => {
                line.reset();
                return answer::bare(StatusCode::OK);
            }
            Fault::LyingNotModified if answer::is_conditional(headers) => return answer::bare(StatusCode::NOT_MODIFIED),
            other => {
                if let Some(response) = answer::instead(other, question.path, Some(question.query)) {
                    return response;
                }
            }
        }
    }
    let replaced = faults.iter().any(|fault| matches!(fault, Fault::Replace { .. }));
    let page = asked.filter(|_| !replaced).map_or(page, |asked| asked.page.clone());
    let Some(found) = site.pages.get(&page).filter(|_| !is_interface || asked.is_some() || replaced) else {
        let folder = format!("{}/", question.path);
        let is_folder = site.pages.contains_key(&format!("{folder}index.html"));
        return if is_folder {
            answer::redirect(StatusCode::MOVED_PERMANENTLY, &folder)
        } else {
            answer::status(StatusCode::NOT_FOUND)
        };
    };
    let media = faults.iter().find_map(|fault| match fault {
        Fault::ContentType { value } => Some(value.as_str()),
        _ => None,
    });
    let delivery = faults.iter().find(|fault| matches!(fault, Fault::Slow { .. } | Fault::Cut { .. } | Fault::GzipCut));
    let media = media.or(asked.and_then(|asked| asked.media.as_deref())).unwrap_or_else(|| answer::media_of(&page));
    answer::page(found, media, delivery, headers)
}
