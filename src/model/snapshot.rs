//! What a fetch came to, and the bodies that are kept.

use super::Time;
use serde::{Deserialize, Serialize};

/// Hex SHA-256 of a body: its name everywhere.
pub type Sha256Hex = String;

/// Why a host would not let us look (a gate is reported, never evaded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockedKind {
    Jsl,
    Acw,
    River,
    Captcha,
    Forbidden,
    Rate,
    Login,
    Robots,
    Other,
}

impl BlockedKind {
    /// The word of the contract, used in metrics and JSON.
    pub fn word(self) -> &'static str {
        match self {
            BlockedKind::Jsl => "jsl",
            BlockedKind::Acw => "acw",
            BlockedKind::River => "river",
            BlockedKind::Captcha => "captcha",
            BlockedKind::Forbidden => "forbidden",
            BlockedKind::Rate => "rate",
            BlockedKind::Login => "login",
            BlockedKind::Robots => "robots",
            BlockedKind::Other => "other",
        }
    }
}

/// Why a fetch failed on our side of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailedKind {
    Dns,
    Connect,
    Tls,
    Timeout,
    /// 5xx other than a gate.
    Server,
    /// A redirect loop, or more hops than allowed.
    Redirect,
    /// The body ended before its announced length, or could not be unpacked.
    Cut,
    TooLarge,
    WrongType,
    /// The guard refused the address (private, wrong port, wrong scheme, foreign host).
    Refused,
    Other,
}

/// The result of one fetch. Nothing but `Ok` may become a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "result", content = "kind")]
pub enum FetchResult {
    Ok,
    /// 304, or the same bytes as the last snapshot.
    Unchanged,
    /// A redirect to another address that was recorded and not followed (foreign host).
    Moved,
    /// 404 or 410.
    Gone,
    /// A page that says "not found" with status 200.
    SoftGone,
    /// 200 with nothing in it.
    Empty,
    Blocked(BlockedKind),
    Failed(FailedKind),
}

impl FetchResult {
    /// One word for metrics and logs, with a closed set of values.
    pub fn word(self) -> &'static str {
        match self {
            FetchResult::Ok => "ok",
            FetchResult::Unchanged => "unchanged",
            FetchResult::Moved => "moved",
            FetchResult::Gone => "gone",
            FetchResult::SoftGone => "soft-404",
            FetchResult::Empty => "empty",
            FetchResult::Blocked(_) => "blocked",
            FetchResult::Failed(_) => "failed",
        }
    }
}

/// What we remember of an address between visits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageState {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// The snapshot last read with result ok.
    pub sha256: Option<Sha256Hex>,
    pub media: Option<String>,
    pub first_seen: Option<Time>,
    pub last_ok: Option<Time>,
    /// The last result and when.
    pub last_result: Option<FetchResult>,
    pub last_tried: Option<Time>,
    /// How many looks in a row ended gone, soft-404 or empty, and when the first of them was.
    pub gone_looks: u32,
    pub gone_since: Option<Time>,
    /// When the whole page was last sent, and not only word that it has not changed.
    #[serde(default)]
    pub last_whole: Option<Time>,
}

/// One time a body was seen: journalled, and written into the WARC record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub url: String,
    /// The address after redirects, where it differs.
    pub final_url: Option<String>,
    pub at: Time,
    pub status: u16,
    /// Content-Type as sent.
    pub media: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Where this is not what the server sent, but what a browser made of that: the body of the page as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendered_from: Option<Sha256Hex>,
}

impl Sighting {
    /// The address that answered, after redirects.
    pub fn address(&self) -> &str {
        self.final_url.as_deref().unwrap_or(&self.url)
    }
}

/// Where a kept body lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPlace {
    pub sha256: Sha256Hex,
    pub segment: u32,
    pub offset: u64,
    /// Bytes of the compressed record.
    pub length: u64,
    /// Bytes of the body.
    pub size: u64,
}
