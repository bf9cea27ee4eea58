//! Every route in one list: method, path, who may, handler. `openapi.json` has the same rows.

use super::guard::Need::{self, Nothing};
use super::roles::Role::{Operator, Reviewer, Viewer};
use super::{App, acts, error, events, guard, health, lists, page, reply};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use tower_http::compression::CompressionLayer;

/// The description of the API, written by hand and served as it stands.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// One route.
pub(super) struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "the test that compares routes and description reads it"))]
    pub(super) method: &'static str,
    /// As axum writes it; `{*id}` also takes slashes.
    pub(super) path: &'static str,
    need: Need,
    handler: MethodRouter<App>,
}

fn reads(path: &'static str, need: Need, handler: MethodRouter<App>) -> Route {
    Route { method: "get", path, need, handler }
}

fn acts(path: &'static str, need: Need, largest_body: usize, handler: MethodRouter<App>) -> Route {
    Route { method: "post", path, need, handler: handler.layer(DefaultBodyLimit::max(largest_body)) }
}

/// The list.
pub(super) fn routes() -> Vec<Route> {
    let viewer = Need::Role(Viewer);
    vec![
        reads("/healthz", Nothing, get(health::alive)),
        reads("/readyz", Nothing, get(health::ready)),
        reads("/metrics", viewer, get(health::metrics)),
        reads("/api/openapi.json", Nothing, get(openapi)),
        reads("/api/v1/portals", viewer, get(lists::portals)),
        reads("/api/v1/agencies", viewer, get(lists::agencies)),
        reads("/api/v1/reports", viewer, get(lists::reports)),
        reads("/api/v1/reports/{*id}", viewer, get(lists::report)),
        reads("/api/v1/findings", viewer, get(lists::findings)),
        reads("/api/v1/findings/{id}", viewer, get(lists::finding)),
        reads("/api/v1/runs", viewer, get(lists::runs)),
        reads("/api/v1/runs/{id}", viewer, get(lists::run)),
        reads("/api/v1/runs/{id}/events", viewer, get(events::of_run)),
        reads("/api/v1/doubts", viewer, get(lists::doubts)),
        acts("/api/v1/doubts/{id}/decision", Need::Role(Reviewer), acts::LARGEST_JSON, post(acts::decide)),
        reads("/api/v1/digests", viewer, get(lists::digests)),
        reads("/api/v1/snapshots/{sha256}", viewer, get(lists::snapshot)),
        reads("/api/v1/snapshots/{sha256}/body", viewer, get(lists::snapshot_body)),
        acts("/api/v1/crawls", Need::Role(Operator), acts::LARGEST_JSON, post(acts::crawl)),
        acts("/api/v1/findings/{id}/steps", Need::Role(Reviewer), acts::LARGEST_JSON, post(acts::step)),
        acts(guard::CHECK, viewer, acts::LARGEST_DOCUMENT, post(acts::check)),
        reads("/", viewer, get(page::front)),
        reads("/findings", viewer, get(page::findings)),
        reads("/findings/{id}", viewer, get(page::finding)),
        reads("/agencies/{id}", viewer, get(page::agency)),
        reads("/static/style.css", Nothing, get(page::style)),
    ]
}

/// The router of the API and the page.
pub(super) fn router(app: App) -> Router {
    framed(app.clone(), routes().into_iter().fold(Router::new(), |router, route| add(router, route, &app)))
}

/// The router of the metrics' own listener: whoever reaches it may read them.
pub(super) fn metrics_router(app: App) -> Router {
    let rows = [
        reads("/metrics", Nothing, get(health::metrics)),
        reads("/healthz", Nothing, get(health::alive)),
        reads("/readyz", Nothing, get(health::ready)),
    ];
    let router = rows.into_iter().fold(Router::new(), |router, route| add(router, route, &app));
    router.layer(from_fn_with_state(app.clone(), guard::frame)).with_state(app)
}

fn add(router: Router<App>, route: Route, app: &App) -> Router<App> {
    let admit = from_fn_with_state((app.clone(), route.need), guard::admit);
    router.route(route.path, route.handler.layer(admit))
}

fn framed(app: App, router: Router<App>) -> Router {
    router
        .fallback(async || error::ApiError::NotFound("address"))
        .method_not_allowed_fallback(async || error::ApiError::MethodNotAllowed)
        .layer(from_fn_with_state(app.clone(), guard::gate))
        .layer(from_fn_with_state(app.clone(), guard::frame))
        .layer(CompressionLayer::new())
        .with_state(app)
}

async fn openapi(headers: HeaderMap) -> Response {
    reply::tagged(&headers, "application/json", OPENAPI.into())
}
