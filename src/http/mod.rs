//! The office's counter: the API, the page, health and metrics. The only room that knows axum.
//!
//! Every route is one row of [`routes::routes`], with the role it needs; `openapi.json` describes the same
//! rows, and a test holds the two together. A request passes `guard::frame` (time limit, headers, language
//! of errors), then `guard::gate` (host and origin), then its route's role, then its handler. Handlers ask
//! the store through the pipeline, and answer with the objects of `objects`, which the commands share.

mod acts;
mod error;
mod events;
mod filter;
mod guard;
mod health;
mod lists;
pub mod objects;
mod page;
mod reply;
mod roles;
mod routes;
pub mod select;
#[cfg(test)]
mod tests;

pub use filter::Filter;

use crate::daemon::Office;
use axum::Router;
use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How long answers under way may take after a stop was asked for.
const GRACE: Duration = Duration::from_secs(4);
/// Documents that are read for `/api/v1/check` at one time; each may cost hundreds of megabytes.
const CHECKS_AT_ONCE: usize = 2;
/// Streams of events at one time.
const STREAMS_AT_ONCE: usize = 64;

/// What every handler may use. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    office: Arc<Office>,
    /// Where we listen, which is a name that a `Host` header may give.
    listen: SocketAddr,
    stop: CancellationToken,
    checks: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

impl App {
    fn new(office: Arc<Office>, listen: SocketAddr, stop: CancellationToken) -> App {
        let (checks, streams) = (Arc::new(Semaphore::new(CHECKS_AT_ONCE)), Arc::new(Semaphore::new(STREAMS_AT_ONCE)));
        App { office, listen, stop, checks, streams }
    }
}

/// Serves the API and the page until a stop is asked for, and then for at most a few seconds.
///
/// # Errors
/// Where the listener has no address.
pub async fn serve(office: Arc<Office>, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let app = App::new(office, listener.local_addr()?, stop.clone());
    until_stopped(routes::router(app), listener, stop).await
}

/// Serves `/metrics` and health alone, on a listener that only the office's own scraper reaches.
///
/// # Errors
/// Where the listener has no address.
pub async fn metrics_only(office: Arc<Office>, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let app = App::new(office, listener.local_addr()?, stop.clone());
    until_stopped(routes::metrics_router(app), listener, stop).await
}

async fn until_stopped(router: Router, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned()).into_future();
    let overtime = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving => ended,
        () = overtime => Ok(()),
    }
}
