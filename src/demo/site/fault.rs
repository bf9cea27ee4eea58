//! Everything that goes wrong on real portals, as data: what (`Fault`) and from which hit on (`When`).
//!
//! A folder of pages may hold a `faults.toml`, read by [`parse`]:
//!
//! ```toml
//! [[fault]]
//! path = "/zwgk/zfxxgknb/index_1.html"   # a `*` at the end stands for anything
//! kind = "status"                        # one of the faults below, in kebab-case
//! status = 503
//! retry_after = "1"
//! first = 1                              # only the first hit; `from = 3` means the third and all later ones
//! ```

use serde::Deserialize;

/// What a page does instead of answering as it should.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fault {
    /// Answers with this status and a short page; `retry_after` is sent as it stands (seconds or a date).
    Status {
        status: u16,
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// Status 200 and a body of no bytes.
    Empty,
    /// Status 200 and a page that says that there is no such page.
    SoftGone,
    /// A gate in front of the page: log in, or prove that you are a browser.
    Gate { gate: Gate },
    /// A redirect to itself, with another query each time, without end.
    RedirectLoop,
    /// A redirect (302) to this address, relative or on another host.
    Redirect { to: String },
    /// A body of 2 GB, without a length, streamed as fast as it is read.
    Endless,
    /// The right body, `bytes` at a time with `delay_ms` between the pieces.
    Slow { bytes: usize, delay_ms: u64 },
    /// Waits this long before the first byte of the answer.
    Stall { delay_ms: u64 },
    /// The right body, announced as `missing` bytes longer than it is, then the end of the connection.
    Cut { missing: u64 },
    /// `Content-Encoding: gzip` with a stream that ends in its middle.
    GzipCut,
    /// The connection is reset (RST) before a byte of the answer was sent.
    Reset,
    /// The right body with this `Content-Type`: a wrong media type or a wrong charset.
    ContentType { value: String },
    /// The body of another page of the folder: a silent edit, a list that grew.
    Replace { with: String },
    /// 304 to every conditional request, whatever validator it carries.
    LyingNotModified,
}

/// The gates that portals put in front of their pages, as they look from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// A page that asks for an account, with status 200.
    Login,
    /// A script challenge with `acw_sc__v2`, with status 200.
    Acw,
    /// A script challenge with status 521 and a `__jsluid_s` cookie.
    Jsl,
    /// A script challenge with status 412 and `$_ts`.
    River,
    /// A slider to be moved, with status 200.
    Captcha,
}

impl Gate {
    /// The status, the cookie and the page of the gate.
    pub(super) fn page(self) -> (u16, Option<&'static str>, &'static str) {
        match self {
            Gate::Login => (200, None, LOGIN),
            Gate::Acw => (200, Some("acw_tc=2760776017680000001; path=/; HttpOnly"), ACW),
            Gate::Jsl => (521, Some("__jsluid_s=8f0c2f6d5e; max-age=31536000; path=/; HttpOnly"), JSL),
            Gate::River => (412, Some("FSSBBIl1UgzbN7N80S=3kXh; path=/; HttpOnly"), RIVER),
            Gate::Captcha => (200, None, CAPTCHA),
        }
    }
}

const LOGIN: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>统一身份认证平台</title></head><body>\
<form action=\"/login\" method=\"post\"><h2>用户登录</h2><p>您尚未登录或登录已超时，请登录后访问。</p>\
用户名<input name=\"username\">密码<input type=\"password\" name=\"password\"><button>登录</button></form></body></html>";
const ACW: &str = "<html><script>var arg1='4F3B5C1D7A9E2B60C8D1F0A3E5B7C9D2';function setCookie(name,value)\
{document.cookie=name+'='+value;}function reload(x){setCookie(\"acw_sc__v2\",x);document.location.reload();}</script></html>";
const JSL: &str = "<script>document.cookie=('_')+('_')+('jsl_clearance_s=')+('1768')+';path=/';\
location.href=location.pathname+location.search</script>";
const RIVER: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};\
$_ts.nsd=41235;$_ts.cd=\"qhVcrqAl\";</script></head><body></body></html>";
const CAPTCHA: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>安全验证</title></head><body>\
<h3>访问异常，请完成安全验证</h3><div class=\"slider\">请按住滑块，拖动到最右边</div></body></html>";

/// From which hit of a path on a fault holds, and up to which; hits count from 1 since the last reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    from: u64,
    until: Option<u64>,
}

impl When {
    /// On every hit.
    pub fn always() -> When {
        When { from: 1, until: None }
    }

    /// On the n-th hit and all later ones.
    pub fn from(n: u64) -> When {
        When { from: n, until: None }
    }

    /// On the first n hits only.
    pub fn first(n: u64) -> When {
        When { from: 1, until: Some(n) }
    }

    /// Whether it holds on this hit.
    pub fn holds(self, hit: u64) -> bool {
        hit >= self.from && self.until.is_none_or(|until| hit <= until)
    }
}

/// A fault with its place and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultAt {
    /// An absolute path; a `*` at its end stands for anything.
    pub path: String,
    pub when: When,
    pub fault: Fault,
}

impl FaultAt {
    /// Whether it concerns this hit of this path.
    pub(super) fn holds(&self, path: &str, hit: u64) -> bool {
        let here = match self.path.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => self.path == path,
        };
        here && self.when.holds(hit)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fault: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    path: String,
    from: Option<u64>,
    first: Option<u64>,
    #[serde(flatten)]
    fault: Fault,
}

/// Reads a `faults.toml`.
///
/// # Errors
/// What TOML or the shape of a fault has against it, with line and column.
pub fn parse(text: &str) -> Result<Vec<FaultAt>, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    Ok(file
        .fault
        .into_iter()
        .map(|row| FaultAt { path: row.path, when: When { from: row.from.unwrap_or(1), until: row.first }, fault: row.fault })
        .collect())
}
