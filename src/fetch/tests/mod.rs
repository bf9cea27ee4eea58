//! The fetcher against servers on loopback. Politeness is judged from the servers' own logs.

mod limits;
mod manners;
mod pages;
mod season;

use super::*;
use crate::model::PageState;
use axum::Router;
use axum::extract::{Request as Incoming, State};
use axum::response::{IntoResponse, Response};
use reqwest::header::HeaderValue;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Instant;

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub at: Instant,
    pub path: String,
    pub headers: HeaderMap,
    pub method: String,
}

type Answering = Arc<dyn Fn(&Hit, usize) -> Response + Send + Sync>;

/// A server that logs what it is asked; `answer` gets each hit and how often its path was asked before.
#[derive(Clone)]
pub(super) struct Site {
    pub address: SocketAddr,
    hits: Arc<Mutex<Vec<Hit>>>,
    answer: Answering,
}

impl Site {
    pub async fn open(answer: impl Fn(&Hit, usize) -> Response + Send + Sync + 'static) -> Site {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let site = Site { address, hits: Arc::default(), answer: Arc::new(answer) };
        let app = Router::new().fallback(note).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        site
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    pub fn hits(&self) -> Vec<Hit> {
        self.hits.lock().unwrap().clone()
    }

    /// Paths asked for, robots.txt left out.
    pub fn pages(&self) -> Vec<String> {
        self.hits().into_iter().map(|hit| hit.path).filter(|path| path != "/robots.txt").collect()
    }
}

async fn note(State(site): State<Site>, request: Incoming) -> Response {
    let hit = Hit {
        at: Instant::now(),
        path: request.uri().path_and_query().map(|path| path.to_string()).unwrap_or_default(),
        headers: request.headers().clone(),
        method: request.method().to_string(),
    };
    let before = {
        let mut hits = site.hits.lock().unwrap();
        let before = hits.iter().filter(|earlier| earlier.path == hit.path).count();
        hits.push(hit.clone());
        before
    };
    (site.answer)(&hit, before)
}

pub(super) fn answer(status: u16, headers: &[(&'static str, &str)], body: impl Into<axum::body::Body>) -> Response {
    let mut response = body.into().into_response();
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    response
}

/// A page, and no robots.txt.
pub(super) fn plain(hit: &Hit) -> Response {
    match hit.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        path => answer(200, &[("content-type", "text/html")], format!("<p>页面 {path}</p>")),
    }
}

pub(super) fn clock() -> Clock {
    Arc::new(|| "2026-02-01T00:00:00Z".parse().unwrap())
}

pub(super) fn manners() -> Manners {
    Manners {
        contact: "mailto:office@yunxi.example".into(),
        min_delay: Duration::from_millis(20),
        timeout: Duration::from_millis(600),
        max_body: 1_000_000,
        allow_addresses: vec!["127.0.0.0/8".parse().unwrap()],
        allow_ports: vec![1..=65535],
        ..Manners::default()
    }
}

pub(super) fn fetcher(manners: Manners) -> Fetcher {
    Fetcher::new(manners, Metrics::new(), clock()).unwrap()
}

pub(super) fn ask(url: Url) -> Ask {
    Ask::new(url, Want::Page)
}

pub(super) async fn get(site: &Site, path: &str) -> Fetched {
    fetcher(manners()).get(&ask(site.url(path))).await
}

pub(super) fn code(fetched: &Fetched) -> &str {
    fetched.problem.as_ref().map_or("", |problem| problem.code.as_str())
}
