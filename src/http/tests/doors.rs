//! Who is let in: roles, hosts, origins, kinds of bodies; and the headers of every answer.

use super::support::{FINDING, desk, desk_with, empty_desk};
use axum::http::StatusCode;

const TOKENS: &str =
    "[http.tokens]\nviewer = \"viewer-token-0000\"\nreviewer = \"reviewer-token-00\"\noperator = \"operator-token-00\"\n";

#[tokio::test]
async fn a_role_may_do_what_it_may_do_and_nothing_above() {
    let desk = desk_with(TOKENS);
    let steps = format!("/api/v1/findings/{FINDING}/steps");
    let step = r#"{"step":"confirm","by":"张三"}"#;
    let cases = [
        ("GET", "/healthz", "", [200, 200, 200, 200]),
        ("GET", "/readyz", "", [200, 200, 200, 200]),
        ("GET", "/api/openapi.json", "", [200, 200, 200, 200]),
        ("GET", "/static/style.css", "", [200, 200, 200, 200]),
        ("GET", "/metrics", "", [401, 200, 200, 200]),
        ("GET", "/", "", [401, 200, 200, 200]),
        ("GET", "/api/v1/findings", "", [401, 200, 200, 200]),
        ("POST", "/api/v1/check", "x", [401, 200, 200, 200]),
        ("POST", &steps, step, [401, 403, 200, 409]),
        ("POST", "/api/v1/crawls", r#"{"portal":"yunxi"}"#, [401, 403, 403, 202]),
    ];
    let tokens = ["wrong", "viewer-token-0000", "reviewer-token-00", "operator-token-00"];
    for (method, path, body, expected) in cases {
        for (token, status) in tokens.into_iter().zip(expected) {
            let bearer = format!("Bearer {token}");
            let headers =
                [("authorization", bearer.as_str()), ("host", "nianjian.example"), ("content-type", "application/json")];
            let answer = desk.ask(method, path, &headers, body).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path} {token}: {}", answer.body);
            assert_eq!(status == 401, answer.headers.contains_key("www-authenticate"));
        }
    }
    let bare = desk.get("/api/v1/findings").await;
    assert_eq!((bare.status, bare.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
}

#[tokio::test]
async fn without_tokens_only_our_own_names_are_answered() {
    let desk = desk();
    for (host, status) in [("localhost:8620", 200), ("[::1]:8620", 200), ("rebound.example:8620", 421), ("10.1.2.3:8620", 421)] {
        assert_eq!(desk.get_with("/api/v1/findings", &[("host", host)]).await.status.as_u16(), status, "{host}");
        assert_eq!(desk.get_with("/healthz", &[("host", host)]).await.status.as_u16(), 200, "{host}");
    }
}

#[tokio::test]
async fn no_other_site_makes_a_browser_post() {
    let desk = desk();
    let json = ("content-type", "application/json");
    let cases: [(&[(&str, &str)], u16); 7] = [
        (&[json], 202),
        (&[json, ("origin", "http://127.0.0.1:8620")], 200),
        (&[json, ("origin", "https://evil.example")], 403),
        (&[json, ("origin", "null")], 403),
        (&[json, ("sec-fetch-site", "cross-site")], 403),
        (&[("content-type", "text/plain")], 415),
        (&[("content-type", "application/x-www-form-urlencoded")], 415),
    ];
    for (headers, status) in cases {
        let answer = desk.ask("POST", "/api/v1/crawls", headers, r#"{"portal":"yunxi"}"#).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}");
    }
    let foreign = desk.ask("POST", "/api/v1/check", &[("origin", "https://evil.example")], "x").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let desk = desk();
    for path in ["/", "/api/v1/findings", "/api/v1/nothing", "/healthz", "/static/style.css"] {
        let answer = desk.get(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'self'; script-src 'none'"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(
            (answer.header("x-content-type-options"), answer.header("referrer-policy")),
            ("nosniff", "no-referrer"),
            "{path}"
        );
    }
    let packed = desk.get_with("/", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn health_tells_whether_we_work() {
    for desk in [desk(), empty_desk()] {
        assert_eq!(desk.get("/healthz").await.json()["status"], "alive");
        assert_eq!(desk.get("/readyz").await.json()["status"], "ready");
        let metrics = desk.get("/metrics").await;
        assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
        assert!(metrics.body.contains("nianjian_build_info{"));
    }
}
