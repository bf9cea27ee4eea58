//! Cases for `classify`: gates, errors in disguise, and the real pages that look a little like them.

use super::Want;
use super::classify::{Seen, classify, is_wanted};
use crate::model::{BlockedKind, FailedKind, FetchResult};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

fn result(status: u16, headers: &[(&'static str, &'static str)], body: &[u8]) -> FetchResult {
    at("http://www.yunxi.example/xxgk/1.html", false, status, headers, body)
}

fn at(url: &str, redirected: bool, status: u16, headers: &[(&'static str, &'static str)], body: &[u8]) -> FetchResult {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
    classify(&Seen { status, headers: &headers, url: &Url::parse(url).unwrap(), redirected, body })
}

const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");

fn html(status: u16, body: &str) -> FetchResult {
    result(status, &[HTML], body.as_bytes())
}

/// A report of the statutory form, short, with a login box in its chrome.
const REPORT: &str = "<html><head><title>云溪市水务局2024年政府信息公开工作年度报告</title></head><body>\
    <div class=top><form><input name=u><input type=\"password\" name=p><a href=/login>登录</a></form></div>\
    <h1>2024年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>本局全年主动公开信息12条。</p>\
    <p>二、主动公开政府信息情况</p><table><tr><td>0</td></tr></table><p>五、存在的主要问题及改进情况</p>\
    <p>个别链接打开后提示页面不存在，已整改；系统维护期间暂停访问。</p></body></html>";

const LIST: &str = "<html><head><title>政府信息公开年报</title></head><body><input type='password'>\
    <ul><li><a href=1.html>柳河县2024年政府信息公开工作年度报告</a></li>\
    <li><a href=2.html>柳河县2023年政府信息公开工作年度报告</a></li></ul></body></html>";

#[test]
fn statuses_are_told() {
    use BlockedKind::{Captcha, Forbidden, Login, Other, Rate};
    for (status, body, expected) in [
        (200, REPORT, FetchResult::Ok),
        (404, "<h1>404</h1>", FetchResult::Gone),
        (404, "请输入验证码 安全验证", FetchResult::Gone),
        (410, "", FetchResult::Gone),
        (401, "", FetchResult::Blocked(Login)),
        (403, "<h1>403 Forbidden</h1><hr>nginx", FetchResult::Blocked(Forbidden)),
        (403, "<p>请完成安全验证后继续访问</p>", FetchResult::Blocked(Captcha)),
        (403, "<img src=/captcha.png>", FetchResult::Blocked(Captcha)),
        (429, "", FetchResult::Blocked(Rate)),
        (405, "<p>您的请求被拦截</p>", FetchResult::Blocked(Other)),
        (412, "", FetchResult::Blocked(Other)),
        (400, "", FetchResult::Failed(FailedKind::Other)),
        (500, "", FetchResult::Failed(FailedKind::Server)),
        (502, "<h1>Bad Gateway</h1>", FetchResult::Failed(FailedKind::Server)),
        (503, "<p>系统维护中</p>", FetchResult::Failed(FailedKind::Server)),
        (204, "", FetchResult::Empty),
        (206, "<p>前半", FetchResult::Failed(FailedKind::Cut)),
        (304, "", FetchResult::Failed(FailedKind::Other)),
    ] {
        assert_eq!(html(status, body), expected, "{status} {body}");
    }
}

#[test]
fn gates_are_told_whatever_their_status() {
    let river = "<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>";
    let acw = "<html><script>var arg1='3A6B';function setCookie(){document.cookie='acw_sc__v2='+x;}</script></html>";
    let jsl = "<script>document.cookie=('_')+('_')+'jsl_clearance_s=1';__jsl_clearance_s</script>";
    for (status, body, expected) in [
        (412, river, BlockedKind::River),
        (202, river, BlockedKind::River),
        (200, river, BlockedKind::River),
        (521, jsl, BlockedKind::Jsl),
        (521, "", BlockedKind::Jsl),
        (200, jsl, BlockedKind::Jsl),
        (200, acw, BlockedKind::Acw),
        (200, "<title>访问验证</title><div>请拖动滑块</div>", BlockedKind::Captcha),
        (503, "<title>Just a moment...</title>请完成安全检查", BlockedKind::Captcha),
        (200, "<p>您的访问异常，已被网站防火墙拦截</p>", BlockedKind::Other),
        (200, "<title>安全验证</title><p>为保障访问安全，请完成验证后继续</p><canvas></canvas>", BlockedKind::Captcha),
        (200, "<title>Verifying you are human</title><p>This may take a few seconds</p>", BlockedKind::Captcha),
        (405, "<title>405</title><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>", BlockedKind::Other),
        (200, "<h1>请求存在威胁，已被拦截</h1>", BlockedKind::Other),
        (200, "<h1>Access Denied</h1><p>Your request was rejected</p>", BlockedKind::Other),
    ] {
        assert_eq!(html(status, body), FetchResult::Blocked(expected), "{status} {body}");
    }
    assert_eq!(result(200, &[HTML, ("punish-type", "1")], b"<p>x</p>"), FetchResult::Blocked(BlockedKind::Captcha));
}

#[test]
fn nothing_is_empty() {
    for body in
        ["", " \r\n\t ", "\u{feff}\n", "<html><head><title>云溪市</title></head><body>&nbsp;</body></html>", "<html></html>"]
    {
        assert_eq!(html(200, body), FetchResult::Empty, "{body:?}");
    }
    // A shell that loads something is for the reader to judge.
    assert_eq!(html(200, "<html><body><div id=app></div><script src=/app.js></script></body></html>"), FetchResult::Ok);
    assert_eq!(html(200, "<html><body><img src=1.jpg></body></html>"), FetchResult::Ok);
}

#[test]
fn a_page_that_says_not_found_is_soft_gone() {
    for body in [
        "<title>404</title><p>抱歉</p>",
        "<title>云溪市人民政府</title><p>抱歉，您访问的页面不存在或已删除。</p><a href=/>返回首页</a>",
        "<title>提示</title><p>页面不存在</p>",
        "<p>该信息已被删除</p>",
        "<p>对不起，文件不存在</p>",
        "<html><script>location.href='/404.html'</script></html>",
        "<p>404 Not Found</p>",
        "<title>错误页</title><p>您查看的页面已经不在了</p>",
        "<title>云溪市人民政府</title><p>您要访问的页面可能已删除、更名或暂时不可用</p>",
        "<title>出错了</title><p>哎呀，找不到该页</p>",
        "<h2>Page Not Found</h2>",
        "<p>内容已删除</p><a href='javascript:history.back()'>返回</a>",
    ] {
        assert_eq!(html(200, body), FetchResult::SoftGone, "{body}");
    }
    let in_chrome = format!("<p>{}</p><p>您要访问的页面已删除</p>", "导航栏目".repeat(200));
    assert_eq!(html(200, &in_chrome), FetchResult::SoftGone);
    assert_eq!(result(200, &[("content-type", "text/plain")], b"404 Not Found"), FetchResult::SoftGone);
    let gbk = encoding_rs::GBK.encode("<title>提示</title><p>您访问的页面不存在</p>").0.into_owned();
    assert_eq!(result(200, &[("content-type", "text/html; charset=gbk")], &gbk), FetchResult::SoftGone);
    assert_eq!(at("http://www.yunxi.example/error.html", true, 200, &[HTML], "<p>出错</p>".as_bytes()), FetchResult::SoftGone);
    assert_eq!(at("http://www.yunxi.example/error.html", false, 200, &[HTML], "<p>公告</p>".as_bytes()), FetchResult::Ok);
}

#[test]
fn a_login_is_told_from_a_login_box() {
    let login = "<title>统一身份认证</title><form>用户名<input>密码<input type=password><button>登录</button></form>";
    assert_eq!(html(200, login), FetchResult::Blocked(BlockedKind::Login));
    assert_eq!(
        html(200, "<title>用户登录</title><div id=app></div><script src=/app.js></script>"),
        FetchResult::Blocked(BlockedKind::Login)
    );
    assert_eq!(
        at(
            "http://www.yunxi.example/sso/login",
            true,
            200,
            &[HTML],
            "<div id=app>请稍候</div><script src=a.js></script>".as_bytes()
        ),
        FetchResult::Blocked(BlockedKind::Login)
    );
    let chrome: String = (0..20).map(|i| format!("<a href=/{i}>栏目</a>")).collect();
    assert_eq!(html(200, &format!("{chrome}<input type='password'><p>通知公告</p>")), FetchResult::Ok);
}

#[test]
fn reports_and_lists_are_never_taken_for_errors() {
    assert_eq!(html(200, REPORT), FetchResult::Ok);
    assert_eq!(html(200, LIST), FetchResult::Ok);
    let one = "<title>年报</title><input type=password><a href=1>青石镇2024年政府信息公开工作年度报告</a>";
    assert_eq!(html(200, one), FetchResult::Ok);
    let long = format!(
        "<title>信息公开</title><p>{}</p><p>登录后可查询，输入验证码，安全验证，访问异常，页面不存在</p>",
        "政务信息".repeat(500)
    );
    assert_eq!(html(200, &long), FetchResult::Ok);
    let brief =
        "<title>青石镇2018年政府信息公开工作年度报告</title><p>申请0件，信息不存在0件；加强网站防火墙建设，系统升级。</p>";
    assert_eq!(html(200, brief), FetchResult::Ok);
    let attached = "<script>$_ts={};</script><title>柳河县水利局年度报告</title><a href=a.pdf>附件</a>";
    assert_eq!(html(200, attached), FetchResult::Ok);
    assert_eq!(html(200, "<title>政府信息不存在告知书</title><p>经检索，您申请公开的材料本机关未制作。</p>"), FetchResult::Ok);
    let protected = format!("<script>$_ts={{}}</script>{REPORT}");
    assert_eq!(html(200, &protected), FetchResult::Ok, "a protected site lets pages through");
}

#[test]
fn documents_and_data_pass() {
    assert_eq!(result(200, &[("content-type", "text/html")], b"%PDF-1.7 404"), FetchResult::Ok);
    assert_eq!(result(200, &[], b"PK\x03\x04"), FetchResult::Ok);
    let json = r#"{"msg":"页面不存在","data":[]}"#;
    assert_eq!(result(200, &[("content-type", "application/json")], json.as_bytes()), FetchResult::Ok);
    assert_eq!(html(200, json), FetchResult::Ok, "data under the type of a page");
    let xml = "<?xml version=\"1.0\"?><list><item url=\"/1.html\"/></list>";
    assert_eq!(result(200, &[("content-type", "text/xml")], xml.as_bytes()), FetchResult::Ok);
}

#[test]
fn only_what_can_be_no_document_is_unwanted() {
    let url = Url::parse("http://www.yunxi.example/").unwrap();
    for (media, page, document) in [
        ("video/mp4", false, false),
        ("text/css", false, false),
        ("text/javascript", true, false),
        ("text/html", true, true),
        ("application/octet-stream", true, true),
        ("image/png", true, true),
    ] {
        let headers = HeaderMap::from_iter([(HeaderName::from_static("content-type"), HeaderValue::from_static(media))]);
        let seen = Seen { status: 200, headers: &headers, url: &url, redirected: false, body: b"x" };
        assert_eq!(is_wanted(Want::Page, &seen), page, "{media}");
        assert_eq!(is_wanted(Want::Document, &seen), document, "{media}");
    }
}

proptest::proptest! {
    #[test]
    fn foreign_answers_do_no_harm(status in 100u16..1000, bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        result(status, &[], &bytes);
        result(status, &[HTML], &bytes);
    }
}
