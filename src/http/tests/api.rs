//! What the API answers.

use super::super::routes::OPENAPI;
use super::support::{FINDING, desk, run};
use crate::model::{Event, RunState};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The keys of an object, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn lists_hold_the_objects_they_are_described_as() {
    let desk = desk();
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    for (path, name) in
        [("portals", "Portal"), ("agencies", "Agency"), ("reports", "Report"), ("findings", "Finding"), ("runs", "Run")]
    {
        let answer = desk.get(&format!("/api/v1/{path}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"), "{path}");
        let page = answer.json();
        assert_eq!(page["next"], Value::Null);
        let mut described: Vec<&str> =
            document["components"]["schemas"][name]["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        described.sort_unstable();
        assert_eq!(keys(&page["items"][0]), described, "{path}");
    }
    assert_eq!(desk.get("/api/v1/digests").await.json(), json!({"items": [], "next": null}));
}

#[tokio::test]
async fn the_objects_say_what_stands() {
    let desk = desk();
    let agencies = desk.get("/api/v1/agencies?year=2025").await.json();
    let states: Vec<&str> = (0..3).map(|n| agencies["items"][n]["years"][0]["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["missing", "published", "missing"]);
    assert_eq!(agencies["items"][1]["years"][0]["report"], "yx-fgw/2025");
    assert_eq!(agencies["items"][1]["years"][0]["published"], "2026-01-28");
    let report = desk.get("/api/v1/reports/yx-fgw/2025").await.json();
    assert_eq!(
        (&report["findings"], &report["figures"], &report["first_seen"]),
        (&json!(3), &json!(200), &json!("2026-04-10T02:00:00Z"))
    );
    assert_eq!(desk.get("/api/v1/reports/yx-fgw%2F2025").await.json(), report);
    let finding = desk.get(&format!("/api/v1/findings/{FINDING}")).await.json();
    assert_eq!((&finding["severity"], &finding["state"], &finding["steps"]), (&json!("error"), &json!("open"), &json!([])));
    assert_eq!(
        finding["evidence"][0],
        json!({"quote": "（七）总计 78", "at": {"table": 2, "row": 3, "column": 4, "page": null, "quote": "78"}})
    );
    let english = desk.get(&format!("/api/v1/findings/{FINDING}?lang=en")).await.json();
    assert_eq!(english["basis"], "notice 30 of 2021");
    let run = desk.get("/api/v1/runs/r1").await.json();
    assert_eq!((&run["target"], &run["state"], &run["tally"]["listed"]), (&json!("yunxi"), &json!("complete"), &json!(2)));
    let snapshot = desk.get(&format!("/api/v1/snapshots/{}", report["snapshot"].as_str().unwrap())).await.json();
    assert_eq!(snapshot["sightings"][0]["status"], 200);
    let body = desk.get(snapshot["body"].as_str().unwrap()).await;
    assert!(body.body.starts_with("<p>云溪市") && body.header("content-disposition") == "attachment");
    assert!(body.header("content-security-policy").starts_with("sandbox"));
    assert_eq!(desk.get("/api/v1/portals").await.json()["items"][0]["last_run"]["id"], "r1");
}

#[tokio::test]
async fn filters_narrow_and_pages_follow() {
    let desk = desk();
    let cases = [
        ("findings?severity=error", 1),
        ("findings?severity=error,warn", 2),
        ("findings?state=standing&portal=yunxi", 3),
        ("findings?state=resolved", 0),
        ("findings?rule=balance", 1),
        ("findings?rule=balance/flow", 1),
        ("findings?rule=bal", 0),
        ("findings?agency=%E4%BA%91%E6%BA%AA%E5%B8%82%E5%8F%91%E6%94%B9%E5%A7%94", 3),
        ("findings?agency=yx-mzj", 0),
        ("findings?portal=other", 0),
        ("reports?agency=yx-fgw&year=2025", 1),
        ("reports?portal=yunxi", 2),
        ("reports?year=2019", 0),
        ("agencies?state=missing", 2),
        ("agencies?agency=yx", 1),
        ("agencies?portal=yunxi", 3),
        ("runs?state=complete", 1),
        ("runs?portal=other", 0),
    ];
    for (path, count) in cases {
        let page = desk.get(&format!("/api/v1/{path}")).await.json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(count), "{path}: {page}");
    }
    let first = desk.get("/api/v1/findings?limit=2").await.json();
    let cursor = first["next"].as_str().unwrap();
    let second = desk.get(&format!("/api/v1/findings?limit=2&cursor={cursor}")).await.json();
    assert_eq!(
        (second["items"][0]["rule"].as_str(), second["items"][1].is_null(), second["next"].is_null()),
        (Some("privacy/phone"), true, true)
    );
}

#[tokio::test]
async fn what_is_known_already_is_not_sent_again() {
    let desk = desk();
    let first = desk.get("/api/v1/findings").await;
    let again = desk.get_with("/api/v1/findings", &[("if-none-match", first.header("etag"))]).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    desk.post(&format!("/api/v1/findings/{FINDING}/steps"), r#"{"step":"confirm","by":"张三"}"#).await;
    let changed = desk.get_with("/api/v1/findings", &[("if-none-match", first.header("etag"))]).await;
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_or_makes_no_sense_is_a_problem() {
    let desk = desk();
    let gets = [
        ("/api/v1/runs/r9", 404),
        ("/api/v1/findings/none", 404),
        ("/api/v1/reports/yx/1999", 404),
        ("/api/v1/snapshots/00", 404),
        ("/api/v1/snapshots/00/body", 404),
        ("/api/v1/runs/r9/events", 404),
        ("/api/v1/nothing", 404),
        ("/nothing", 404),
        ("/api/v1/findings?sevrity=error", 400),
        ("/api/v1/findings?severity=fatal", 400),
        ("/api/v1/findings?limit=0", 400),
        ("/api/v1/findings?cursor=zz", 400),
        ("/api/v1/reports?year=x", 400),
        ("/api/v1/crawls", 405),
    ];
    for (path, status) in gets {
        let answer = desk.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (status, "application/problem+json"), "{path}");
        assert_eq!(answer.json()["status"], status, "{path}");
    }
    let english = desk.get_with("/api/v1/runs/r9", &[("accept-language", "en")]).await;
    assert_eq!(english.json()["detail"], "there is no such run");
    assert_eq!(desk.get("/api/v1/runs/r9").await.json()["detail"], "没有这次巡查");
}

#[tokio::test]
async fn a_crawl_is_queued_once() {
    let desk = desk();
    let first = desk.post("/api/v1/crawls", r#"{"portal":"yunxi"}"#).await;
    let run = first.json();
    assert_eq!(
        (first.status, run["state"].as_str(), run["cause"].as_str()),
        (StatusCode::ACCEPTED, Some("queued"), Some("demand"))
    );
    assert_eq!(first.header("location"), format!("/api/v1/runs/{}", run["id"].as_str().unwrap()));
    let again = desk.post("/api/v1/crawls", r#"{"portal":"yunxi"}"#).await;
    assert_eq!((again.status, &again.json()["id"]), (StatusCode::OK, &run["id"]));
    let by_name = desk.post("/api/v1/crawls", r#"{"agency":"云溪市发改委"}"#).await;
    assert_eq!((by_name.status, by_name.json()["target"].as_str()), (StatusCode::ACCEPTED, Some("yx-fgw")));
    let address = desk.post("/api/v1/crawls", r#"{"url":"https://www.yunxi.example/a.html"}"#).await;
    assert_eq!((address.status, address.json()["target_kind"].as_str()), (StatusCode::ACCEPTED, Some("url")));
    assert_eq!(desk.get(first.header("location")).await.json(), run);
    let bad = [
        (r#"{"portal":"nowhere"}"#, 404),
        (r#"{"url":"https://elsewhere.example/"}"#, 404),
        (r#"{"url":"nonsense"}"#, 404),
        (r#"{"portal":1}"#, 422),
        (r#"{"site":"yunxi"}"#, 422),
        ("{}", 422),
        (r#"{"portal":"yunxi","agency":"yx"}"#, 422),
        ("{", 400),
        ("", 400),
    ];
    for (body, status) in bad {
        let answer = desk.post("/api/v1/crawls", body).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (status, "application/problem+json"), "{body}");
    }
    let large = desk.post("/api/v1/crawls", &format!("\"{}\"", "x".repeat(65 * 1024))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn steps_are_taken_where_the_state_allows_them() {
    let desk = desk();
    let path = format!("/api/v1/findings/{FINDING}/steps");
    let notified = desk.post(&path, r#"{"step":"notify","by":"李四","note":"请更正","due":"2026-05-01"}"#).await.json();
    assert_eq!(
        (&notified["state"], &notified["due"], &notified["steps"][0]["by"]),
        (&json!("notified"), &json!("2026-05-01"), &json!("李四"))
    );
    let cases = [
        (r#"{"step":"confirm","by":"李四"}"#, 409),
        (r#"{"step":"reply","by":"李四","due":"2026-05-01"}"#, 409),
        (r#"{"step":"eat","by":"李四"}"#, 422),
        (r#"{"step":"reply","by":" "}"#, 422),
        (r#"{"step":"reply"}"#, 422),
        (r#"{"step":"reply","by":"李四","extra":1}"#, 422),
        (r#"{"step":"notify","by":"李四","due":"soon"}"#, 422),
        (r#"{"step":"reply","by":"李四"}"#, 200),
    ];
    for (body, status) in cases {
        assert_eq!(desk.post(&path, body).await.status.as_u16(), status, "{body}");
    }
    assert_eq!(desk.post("/api/v1/findings/none/steps", r#"{"step":"confirm","by":"李四"}"#).await.status, StatusCode::NOT_FOUND);
    let after = desk.get(&format!("/api/v1/findings/{FINDING}")).await.json();
    assert_eq!((&after["state"], after["steps"].as_array().map(Vec::len)), (&json!("replied"), Some(2)));
}

#[tokio::test]
async fn a_document_is_checked_and_not_kept() {
    let desk = desk();
    let before = desk.get("/readyz").await.json()["store"].clone();
    let checked =
        desk.ask("POST", "/api/v1/check?name=a.html&year=2025", &[("content-type", "text/html")], "<p>通知公告</p>").await;
    let object = checked.json();
    assert_eq!(
        (checked.status, &object["schema"], &object["input"]),
        (StatusCode::OK, &json!("nianjian.check/1"), &json!("a.html"))
    );
    assert_eq!(object["media"], "text/html");
    assert_eq!(desk.get("/readyz").await.json()["store"], before);
    for path in ["/api/v1/check?agency_kind=king", "/api/v1/check?year=x", "/api/v1/check?colour=red"] {
        assert_eq!(desk.ask("POST", path, &[], "x").await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(desk.ask("POST", "/api/v1/check", &[], "").await.status, StatusCode::BAD_REQUEST);
    let huge = vec![b' '; 50 * 1024 * 1024 + 1];
    assert_eq!(desk.ask("POST", "/api/v1/check", &[], huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_run_is_followed_to_its_end() {
    let desk = desk();
    let ended = desk.get("/api/v1/runs/r1/events").await;
    assert_eq!(ended.header("content-type"), "text/event-stream");
    assert!(ended.body.starts_with("event: end\ndata: {\"id\":\"r1\""), "{}", ended.body);
    // The first turn tells the running run; then it ends, which is the next thing told.
    let pipeline = desk.office.pipeline();
    pipeline.record(Event::Run { run: run("r50", RunState::Running) }).await.unwrap();
    let follow = desk.get("/api/v1/runs/r50/events");
    let end = async {
        while desk.get("/api/v1/runs/r50").await.json()["state"] != "running" {}
        tokio::task::yield_now().await;
        pipeline.record(Event::Run { run: run("r50", RunState::Complete) }).await.unwrap();
    };
    let (followed, ()) = tokio::join!(follow, end);
    assert!(followed.body.trim_end().lines().rev().nth(1) == Some("event: end"), "{}", followed.body);
}

#[tokio::test]
async fn streams_end_with_the_daemon() {
    let desk = desk();
    desk.office.pipeline().record(Event::Run { run: run("r50", RunState::Running) }).await.unwrap();
    let stop = async { desk.stop.cancel() };
    let (followed, ()) = tokio::join!(desk.get("/api/v1/runs/r50/events"), stop);
    assert!(followed.body.starts_with("event: run\n") && !followed.body.contains("event: end"));
    assert_eq!(desk.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
