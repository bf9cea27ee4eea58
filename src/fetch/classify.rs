//! What an answer is, told by its status, its headers and a glance at its body. Pure.
//!
//! Gates answer with any status, 200 included, and portals say "not found" with 200. Taking such a page
//! for a report would be a false finding against an agency; taking a report for such a page would hide
//! it. So the words of error pages only count on short pages that show nothing of a report or a list.

use super::Want;
use super::glance::Glance;
use crate::model::{BlockedKind, FailedKind, FetchResult};
use reqwest::header::HeaderMap;
use url::Url;

/// An answer as it came in, unpacked.
pub(super) struct Seen<'a> {
    pub status: u16,
    pub headers: &'a HeaderMap,
    /// The address that answered, and whether a redirect led there.
    pub url: &'a Url,
    pub redirected: bool,
    pub body: &'a [u8],
}

/// Characters a visitor sees: a page with more is no bare notice.
const NOTICE: usize = 600;
/// A challenge shows next to nothing; a page that shows more was let through by the gate whose marks it bears.
const CHALLENGE: usize = 60;
/// A notice inside the chrome of a portal is not longer than this.
const NOTICE_IN_CHROME: usize = 1500;

/// Words that only reports and their lists have.
const OF_REPORTS: &[&str] = &["年度报告", "工作年报", "公开年报", "信息公开报告"];
/// Headings of the statutory form; two of them make a report, however short.
const HEADINGS: &[&str] =
    &["总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请", "行政复议", "存在的主要问题", "其他需要报告"];

const CAPTCHA: &[&str] = &[
    "安全验证",
    "访问验证",
    "人机验证",
    "滑动验证",
    "拖动滑块",
    "滑块验证",
    "完成验证",
    "输入验证码后继续",
    "人机识别",
    "请完成安全检查",
    // A glance takes blanks out.
    "Justamoment",
    "Verifyingyouarehuman",
];
const INTERCEPTED: &[&str] = &[
    "访问异常",
    "访问被拦截",
    "访问被拒绝",
    "访问被阻断",
    "请求被拦截",
    "请求存在威胁",
    "疑似攻击",
    "网站防火墙",
    "Web应用防火墙",
    "非法请求",
    "您的访问出错",
    "已被管理员拦截",
    "您的IP",
    "AccessDenied",
    "RequestBlocked",
];
const GONE_TITLE: &[&str] = &[
    "404",
    "页面不存在",
    "网页不存在",
    "找不到页面",
    "页面找不到",
    "未找到页面",
    "页面未找到",
    "页面已删除",
    "NotFound",
    "Notfound",
    "notfound",
    "错误页",
    "出错了",
];
/// Words of error pages, about the page itself.
const GONE: &[&str] = &[
    "页面不存在",
    "网页不存在",
    "页面未找到",
    "页面找不到",
    "找不到页面",
    "找不到该页",
    "找不到您",
    "无法找到",
    "未找到页面",
    "您访问的页面",
    "您要访问的页面",
    "您查看的页面",
    "您所访问的页面",
    "您请求的页面",
    "您要查看的页面",
    "您浏览的页面",
    "页面已删除",
    "页面已被删除",
    "文章已删除",
    "信息已删除",
    "内容已删除",
    "该信息已被删除",
    "该文章已被删除",
    "404NotFound",
    "PageNotFound",
    "Pagenotfound",
    "pagenotfound",
    "404notfound",
];
/// Words that reports use as well (信息不存在 is a statutory answer): only on pages that say nothing else.
const GONE_ALONE: &[&str] = &["文章不存在", "信息不存在", "内容不存在", "资源不存在", "文件不存在"];
const MAINTENANCE: &[&str] =
    &["系统维护", "网站维护", "正在维护", "维护中", "系统升级", "网站升级", "正在升级", "暂停服务", "服务暂停", "暂停访问"];
/// Words of programs that failed.
const FAILING: &[&str] =
    &["数据库连接", "连接数据库", "数据库错误", "服务器错误", "服务器内部错误", "服务器繁忙", "系统繁忙", "InternalServerError"];
const LOGIN_TITLE: &[&str] = &["登录", "登陆", "统一身份认证", "Login", "login"];

/// What the answer is. Redirects and 304 are told by the caller, who knows what was asked.
pub(super) fn classify(seen: &Seen) -> FetchResult {
    let glance = if looks_like_text(seen) { Glance::at(seen.body) } else { Glance::default() };
    if let Some(gate) = gate(seen, &glance) {
        return FetchResult::Blocked(gate);
    }
    match seen.status {
        204 | 205 => FetchResult::Empty,
        // A part, although none was asked for.
        206 => FetchResult::Failed(FailedKind::Cut),
        200..=299 => content(seen, &glance),
        404 | 410 => FetchResult::Gone,
        401 => FetchResult::Blocked(BlockedKind::Login),
        403 | 451 => FetchResult::Blocked(BlockedKind::Forbidden),
        429 => FetchResult::Blocked(BlockedKind::Rate),
        408 => FetchResult::Failed(FailedKind::Timeout),
        400 | 414 | 431 => FetchResult::Failed(FailedKind::Other),
        402..=499 => FetchResult::Blocked(BlockedKind::Other),
        500..=566 => FetchResult::Failed(FailedKind::Server),
        567.. => FetchResult::Blocked(BlockedKind::Other),
        _ => FetchResult::Failed(FailedKind::Other),
    }
}

/// What a page is that a browser shows, after its scripts ran.
pub fn what_is_shown(url: &Url, body: &[u8]) -> FetchResult {
    classify(&Seen { status: 200, headers: &HeaderMap::new(), url, redirected: false, body })
}

/// Whether the body is of a kind that can be read as what was wanted. Types lie, so only what can be
/// neither a page nor a document is refused.
pub(super) fn is_wanted(want: Want, seen: &Seen) -> bool {
    let media = media(seen.headers);
    let never = ["audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript"];
    // Lists come as script at times (JSONP), reports do not.
    let script = media.contains("javascript");
    !never.iter().any(|kind| media.starts_with(kind)) || (script && want == Want::Page)
}

/// A gate before the site, by its marks.
fn gate(seen: &Seen, glance: &Glance) -> Option<BlockedKind> {
    let bare = glance.length() < CHALLENGE && !shows_reports(glance);
    if seen.status == 521 || (bare && glance.has(&["__jsl_clearance"])) {
        return Some(BlockedKind::Jsl);
    }
    if bare && glance.has(&["acw_sc__v2", "var arg1='", "var arg1=\""]) {
        return Some(BlockedKind::Acw);
    }
    if glance.has(&["$_ts"]) && (bare || matches!(seen.status, 202 | 412)) {
        return Some(BlockedKind::River);
    }
    if seen.headers.contains_key("punish-type") || seen.headers.contains_key("eo-bot-js-token") {
        return Some(BlockedKind::Captcha);
    }
    if bare && glance.has(&["EO-Bot-Js-Token", "EO_Bot_Ssid"]) {
        return Some(BlockedKind::Captcha);
    }
    // A missing page may well show a captcha for searching; it is missing all the same.
    if matches!(seen.status, 404 | 410) || glance.length() >= NOTICE || shows_reports(glance) {
        return None;
    }
    if glance.sees(CAPTCHA) || glance.titled(CAPTCHA) || (seen.status == 403 && glance.has(&["captcha", "验证码"])) {
        return Some(BlockedKind::Captcha);
    }
    let refused = seen.status < 300 || matches!(seen.status, 405 | 406 | 418 | 493);
    (refused && (glance.sees(INTERCEPTED) || glance.titled(INTERCEPTED))).then_some(BlockedKind::Other)
}

/// A body with a good status: what it claims to be, or an error in disguise.
fn content(seen: &Seen, glance: &Glance) -> FetchResult {
    if is_blank(seen.body) {
        return FetchResult::Empty;
    }
    if !looks_like_text(seen) || glance.longer || is_substantial(glance) {
        return FetchResult::Ok;
    }
    if is_html(seen, glance) && glance.visible.is_empty() && !glance.loads && glance.anchors == 0 {
        // A frame of a page with nothing in it, unless its title says what it is.
        return if glance.titled(GONE_TITLE) { FetchResult::SoftGone } else { FetchResult::Empty };
    }
    let notice = glance.length() < NOTICE / 2 && glance.anchors < 10 && !shows_reports(glance);
    if notice && (glance.titled(FAILING) || glance.sees(FAILING)) {
        return FetchResult::Failed(FailedKind::Server);
    }
    if is_soft_gone(seen, glance) {
        return FetchResult::SoftGone;
    }
    if is_login(seen, glance) {
        return FetchResult::Blocked(BlockedKind::Login);
    }
    if notice && (glance.titled(MAINTENANCE) || glance.sees(MAINTENANCE)) {
        return FetchResult::Failed(FailedKind::Server);
    }
    FetchResult::Ok
}

/// A short page that shows nothing of a report and says that something is not there.
fn is_soft_gone(seen: &Seen, glance: &Glance) -> bool {
    let path = seen.url.path().to_ascii_lowercase();
    let error_page = seen.redirected && ["/404", "/error", "notfound", "/err."].iter().any(|mark| path.contains(mark));
    let sends_to_error = glance.length() < 100 && glance.has(&["404.htm", "/404'", "/404\"", "notfound.htm"]);
    let short = glance.length() < NOTICE_IN_CHROME;
    let titled = short && glance.titled(GONE_TITLE);
    // Inside much chrome the words must stand without a list of reports beside them.
    let says = glance.sees(GONE) && (glance.length() < NOTICE || (short && !glance.sees(OF_REPORTS)));
    let says_only = glance.sees(GONE_ALONE) && glance.length() < CHALLENGE;
    !glance.titled(OF_REPORTS) && ((error_page && short) || sends_to_error || titled || says || says_only)
}

/// A page that is a login and nothing else. Portals have login boxes in their chrome, so links and words count.
fn is_login(seen: &Seen, glance: &Glance) -> bool {
    if glance.length() >= NOTICE || glance.anchors >= 15 || shows_reports(glance) {
        return false;
    }
    let source = glance.source.to_ascii_lowercase();
    let password = ["type=\"password\"", "type='password'", "type=password"].iter().any(|mark| source.contains(mark));
    let path = seen.url.path().to_ascii_lowercase();
    let sent_there = seen.redirected && ["/login", "/sso/", "/cas/", "/oauth"].iter().any(|mark| path.contains(mark));
    password || sent_there || (glance.length() < NOTICE / 2 && glance.titled(LOGIN_TITLE))
}

/// Whether the page shows a report or a list of reports, however short it is.
fn is_substantial(glance: &Glance) -> bool {
    let headings = || HEADINGS.iter().filter(|heading| glance.visible.contains(**heading)).count();
    let listed = || OF_REPORTS.iter().map(|word| glance.visible.matches(word).count()).sum::<usize>();
    glance.length() >= NOTICE_IN_CHROME || headings() >= 2 || (glance.anchors >= 2 && listed() >= 2)
}

/// Whether reports are named at all; error pages and gates do not name any, or only in their chrome.
fn shows_reports(glance: &Glance) -> bool {
    is_substantial(glance) || glance.titled(OF_REPORTS) || glance.sees(OF_REPORTS)
}

/// Nothing but white space, in any spelling of it.
fn is_blank(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

fn media(headers: &HeaderMap) -> String {
    headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("").trim().to_ascii_lowercase()
}

/// By its first bytes first: types lie. Formats of documents begin with magic bytes that no text begins with.
fn looks_like_text(seen: &Seen) -> bool {
    let magic: [&[u8]; 8] =
        [b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\xff\xd8\xff", b"\x89PNG", b"Rar!", b"GIF8"];
    // Data is often sent as text/html; its words are not those of a page.
    let data = matches!(seen.body.trim_ascii_start().first(), Some(b'{' | b'['));
    if data || magic.iter().any(|magic| seen.body.starts_with(magic)) {
        return false;
    }
    let media = media(seen.headers);
    media.starts_with("text/")
        || media.contains("html")
        || media.contains("xml")
        || media.is_empty()
        || begins_with_tag(seen.body)
}

/// Markup other than HTML may hold its data where a visitor sees nothing.
fn is_html(seen: &Seen, glance: &Glance) -> bool {
    media(seen.headers).contains("html") || glance.has(&["<html", "<HTML", "<body", "<BODY"])
}

fn begins_with_tag(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}
