//! What stands before every handler: time limits, headers, hosts, origins, roles.
//!
//! Two attacks from a browser are met here. *DNS rebinding*: a stranger's name is pointed at our loopback
//! address, so without tokens only our own names are answered. *Cross-site requests*: a stranger's page
//! posts to us with the browser's login, so a foreign `Origin` is refused and bodies must say that they are
//! JSON, which a page cannot send elsewhere unasked.

use super::error::ApiError;
use super::reply::problem_lang;
use super::roles::{Role, has_bearer, role};
use super::{App, page};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The longest that an answer may take to begin.
const SLOWEST: Duration = Duration::from_secs(30);
/// The same for documents that are uploaded and read.
const SLOWEST_CHECK: Duration = Duration::from_secs(180);
/// The route to which documents are posted.
pub(super) const CHECK: &str = "/api/v1/check";

/// What a route asks of its visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Health and what a sign-in page needs: nothing that is kept.
    Nothing,
    Role(Role),
}

/// The outermost layer: a time limit, headers that hold for every answer, and errors in the visitor's words.
pub(super) async fn frame(State(app): State<App>, request: Request, next: Next) -> Response {
    let (uri, accept) = (request.uri().clone(), request.headers().clone());
    let limit = if uri.path() == CHECK { SLOWEST_CHECK } else { SLOWEST };
    let mut response = match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::Timeout.into_response(),
    };
    if let Some(error) = response.extensions().get::<ApiError>().cloned() {
        let page = wants_page(&uri, &accept).then(|| page::error(&app, &uri, &error)).flatten();
        response = match page {
            Some(page) => error.dress(page),
            None => error.problem(problem_lang(&app, &uri, &accept)),
        };
    }
    secured(response)
}

fn wants_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let accepts =
        headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    accepts && !uri.path().starts_with("/api/")
}

/// Headers that let a browser do as little as possible with what we send.
fn secured(mut response: Response) -> Response {
    const POLICY: &str =
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let headers = response.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

/// Refuses foreign hosts and foreign origins.
pub(super) async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    match let_in(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn let_in(app: &App, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    let host =
        headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(request.uri().authority().map(|host| host.as_str()));
    let is_health = matches!(request.uri().path(), "/healthz" | "/readyz");
    if !is_health && !app.office.config().http.tokens.any() && !host.is_some_and(|host| is_ours(host, app.listen)) {
        return Err(ApiError::Misdirected);
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if !same_origin(headers, host) {
        return Err(ApiError::CrossOrigin);
    }
    // A document may come as anything: reading it changes nothing here, and no other site can read the answer.
    if request.uri().path() != CHECK && !has_bearer(headers) && !is_json(headers) {
        return Err(ApiError::UnsupportedMedia);
    }
    Ok(())
}

/// Whether a `Host` header names this machine's loopback, or the address we listen on.
fn is_ours(host: &str, listen: SocketAddr) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip == listen.ip())
}

/// Whether a request comes from our own page, or from no page at all.
fn same_origin(headers: &HeaderMap, host: Option<&str>) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if site.is_some_and(|site| matches!(site, "cross-site" | "same-site")) {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|origin| url::Url::parse(origin).ok());
    let (Some(origin), Some(host)) = (origin, host) else { return false };
    let ours = url::Url::parse(&format!("{}://{host}", origin.scheme())).ok();
    ours.is_some_and(|ours| ours.host() == origin.host() && ours.port_or_known_default() == origin.port_or_known_default())
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json")
}

/// The innermost layer, one a route: lets in who has the role.
pub(super) async fn admit(State((app, need)): State<(App, Need)>, request: Request, next: Next) -> Response {
    let Need::Role(needed) = need else { return next.run(request).await };
    match role(&app.office.config().http.tokens, request.headers()) {
        Some(role) if role >= needed => next.run(request).await,
        Some(_) => ApiError::Forbidden(needed).into_response(),
        None => ApiError::Unauthorized.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    #[test]
    fn only_our_own_names_are_ours() {
        let listen: SocketAddr = "127.0.0.1:8620".parse().unwrap();
        let cases = [
            ("localhost:8620", true),
            ("LOCALHOST", true),
            ("127.0.0.1:8620", true),
            ("127.9.9.9", true),
            ("[::1]:8620", true),
            ("evil.example:8620", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("10.0.0.8:8620", false),
            ("", false),
        ];
        for (host, ours) in cases {
            assert_eq!(is_ours(host, listen), ours, "{host}");
        }
        assert!(is_ours("10.0.0.8:8620", "10.0.0.8:8620".parse().unwrap()));
    }

    #[test]
    fn a_foreign_page_is_no_visitor() {
        let cases = [
            (None, None, true),
            (Some("http://127.0.0.1:8620"), None, true),
            (Some("http://127.0.0.1:8621"), None, false),
            (Some("https://evil.example"), None, false),
            (Some("null"), None, false),
            (None, Some("cross-site"), false),
            (Some("http://127.0.0.1:8620"), Some("same-origin"), true),
        ];
        for (origin, site, same) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::ORIGIN, origin), (HeaderName::from_static("sec-fetch-site"), site)] {
                headers.extend(value.map(|value| (name, HeaderValue::from_static(value))));
            }
            assert_eq!(same_origin(&headers, Some("127.0.0.1:8620")), same, "{origin:?} {site:?}");
        }
    }
}
