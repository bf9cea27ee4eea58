//! Posts for channels: the same guard, queue and limits as for pages; no redirects, no second try.
//!
//! The address of a webhook is often its secret, so it appears in no log and no error.

use super::wire::{Limit, Request};
use super::{FetchError, Fetcher};
use crate::model::{FailedKind, FetchResult, Problem};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// Answers of webhooks are short; more is not read.
const MOST: u64 = 64 * 1024;

/// The answer to a post. Some services say 200 and put the error into the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub status: u16,
    /// At most 64 KiB of the body.
    pub body: Vec<u8>,
}

impl Posted {
    /// Whether the status says that it was taken.
    pub fn accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Fetcher {
    /// Posts JSON to an address of the configuration. `headers` are names and values; what is no header is left out.
    pub async fn post_json(
        &self,
        url: &Url,
        body: &serde_json::Value,
        headers: &[(String, String)],
    ) -> Result<Posted, FetchError> {
        let mut all = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))]);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                all.insert(name, value);
            }
        }
        let post = Some(body.to_string().into_bytes());
        let floor = self.inner.wire.manners.min_delay;
        let request = Request { url, headers: all, floor, post, limit: Limit::Take(MOST) };
        match self.inner.wire.exchange(request).await {
            Ok(answer) => Ok(Posted { status: answer.status, body: answer.body }),
            Err(failure) if failure.result == FetchResult::Failed(FailedKind::Refused) => {
                Err(FetchError::Refused(failure.problem))
            }
            Err(failure) => Err(FetchError::Unreached(Problem::new(&failure.problem.code, failure.problem.message))),
        }
    }
}
