//! The pages, as a browser asks for them.

use super::support::{FINDING, desk, desk_with, empty_desk};
use axum::http::StatusCode;

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

#[tokio::test]
async fn the_overview_shows_agencies_findings_and_portals() {
    let desk = desk();
    let page = desk.get("/").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let there = [
        "lang=\"zh-CN\"",
        "2025 年度年报",
        "云溪市民政局",
        "逾期未发布",
        "自然人一列收支不平",
        "云溪市政府网",
        "有一个列表页没有取到",
        "某某办公室",
    ];
    for words in there {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(
        page.body.contains("&#60;b&#62;") && !page.body.contains("<b>\"") && !page.body.contains("style="),
        "escaped, and no inline style"
    );
    let english = desk.get("/?lang=en").await;
    assert!(
        english.body.contains("lang=\"en\"")
            && english.body.contains("does not balance")
            && english.body.contains("Reports for 2025")
    );
    let narrowed = desk.get("/?state=missing").await;
    assert!(narrowed.body.contains("云溪市民政局") && narrowed.body.contains("只看“逾期未发布”"));
    assert_eq!(desk.get_with("/", &[("if-none-match", page.header("etag"))]).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn without_a_portal_it_says_what_to_do() {
    let page = empty_desk().get("/").await;
    for words in ["还没有配置门户", "[[portal]]", "agencies.csv", "nianjian config check"] {
        assert!(page.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_finding_shows_what_it_rests_on() {
    let desk = desk();
    desk.post(
        &format!("/api/v1/findings/{FINDING}/steps"),
        r#"{"step":"notify","by":"王五","note":"请更正","due":"2026-05-01"}"#,
    )
    .await;
    let page = desk.get(&format!("/findings/{FINDING}")).await;
    for words in [
        "（七）总计 78",
        "第2个表第3行第4列",
        "82",
        "国办公开办函〔2021〕30号",
        "核对后更正",
        "王五",
        "2026-05-01",
        "已交办",
        "fgw.html",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    let private = desk.get(&format!("/findings/{}", "c".repeat(24))).await;
    assert!(private.body.contains("已隐去") && !private.body.contains("（七）总计 78"));
}

#[tokio::test]
async fn lists_and_agencies_have_pages() {
    let desk = desk();
    let list = desk.get("/findings?severity=error&limit=1").await;
    assert!(list.body.contains("balance/flow") && !list.body.contains("narrative/claim"));
    let first = desk.get("/findings?limit=1").await;
    assert!(first.body.contains("rel=\"next\""));
    let agency = desk.get("/agencies/yx-fgw").await;
    assert!(agency.body.contains("云溪市发展和改革委员会") && agency.body.contains("2026-01-28"));
    let stranger = desk.get("/agencies/%E6%9F%90%E6%9F%90%E5%8A%9E%E5%85%AC%E5%AE%A4").await;
    assert!(stranger.body.contains("不在名录里"));
}

#[tokio::test]
async fn a_browser_gets_errors_as_pages() {
    let missing = desk().get_with("/findings/none", &[BROWSER]).await;
    assert_eq!((missing.status, missing.header("content-type")), (StatusCode::NOT_FOUND, "text/html; charset=utf-8"));
    assert!(missing.body.contains("没有这个问题"));
    let closed = desk_with("[http.tokens]\nviewer = \"viewer-token-0000\"\n").get_with("/", &[BROWSER]).await;
    assert_eq!(closed.status, StatusCode::UNAUTHORIZED);
    assert!(closed.headers.get_all("www-authenticate").iter().any(|value| value.to_str().unwrap().starts_with("Basic")));
}
