//! What is asked for, and what it came to.

use crate::model::{FetchResult, PageState, Problem, Sha256Hex, Time};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, REFERER};
use sha2::{Digest, Sha256};
use std::time::Duration;
use url::Url;

/// What kind of body is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Want {
    /// A page or data for reading lists.
    #[default]
    Page,
    /// A report in any format.
    Document,
}

/// One thing to fetch.
#[derive(Debug, Clone)]
pub struct Ask {
    pub url: Url,
    /// Validators of the body we have, sent back to the host.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Name of the body we have: the same bytes again are `Unchanged`.
    pub known_sha256: Option<Sha256Hex>,
    /// Floor of the portal, where it sets its own.
    pub min_delay: Option<Duration>,
    /// Hosts (`name` or `name:port`) that a redirect may lead to, besides the address's own.
    pub hosts: Vec<String>,
    pub want: Want,
    /// Media type and body of a POST, for interfaces of lists that take their question this way.
    pub post: Option<(String, String)>,
    /// The page that the request follows from, where the interface wants to know.
    pub referer: Option<Url>,
}

impl Ask {
    /// A first look at an address.
    pub fn new(url: Url, want: Want) -> Ask {
        Ask {
            url,
            etag: None,
            last_modified: None,
            known_sha256: None,
            min_delay: None,
            hosts: Vec::new(),
            want,
            post: None,
            referer: None,
        }
    }

    /// The same, told what we remember of the address. Without a kept body there is nothing to compare with.
    #[must_use]
    pub fn knowing(mut self, page: &PageState) -> Ask {
        if page.sha256.is_some() {
            self.known_sha256.clone_from(&page.sha256);
            self.etag.clone_from(&page.etag);
            self.last_modified.clone_from(&page.last_modified);
        }
        self
    }

    /// Whether a redirect may lead there: the same site, or a host that the portal lists.
    pub(super) fn covers(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let port = url.port_or_known_default().unwrap_or(0);
        let listed = |entry: &String| entry.eq_ignore_ascii_case(host) || entry.eq_ignore_ascii_case(&format!("{host}:{port}"));
        let own = self.url.host_str().is_some_and(|own| own == host);
        let same_port = self.url.port_or_known_default() == Some(port);
        // From http to https and back the port changes with the scheme; that is still the same site.
        let both_default = self.url.port().is_none() && url.port().is_none();
        own && (same_port || both_default) || self.hosts.iter().any(listed)
    }

    /// Whether these are the bytes we have.
    pub(super) fn has(&self, body: &[u8]) -> bool {
        let Some(known) = &self.known_sha256 else { return false };
        let name: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        name.eq_ignore_ascii_case(known)
    }

    /// The headers of the request: what is wanted, and what we have.
    pub(super) fn headers(&self) -> HeaderMap {
        let accept = match self.want {
            Want::Page => "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.8,*/*;q=0.5",
            Want::Document => "*/*",
        };
        let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
        let mut validator = |name: HeaderName, value: &Option<String>| {
            if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_str(value).ok()) {
                headers.insert(name, value);
            }
        };
        validator(IF_NONE_MATCH, &self.etag);
        validator(IF_MODIFIED_SINCE, &self.last_modified);
        validator(REFERER, &self.referer.as_ref().map(Url::to_string));
        validator(CONTENT_TYPE, &self.post.as_ref().map(|(media, _)| media.clone()));
        headers
    }
}

/// What a fetch came to. The body is evidence; only with `Ok` may it become a baseline.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub url: Url,
    /// The address that answered last; with `Moved`, the one that was not followed.
    pub final_url: Url,
    /// The last status; 0 where there was no answer.
    pub status: u16,
    /// Content-Type as sent.
    pub media: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// The body after unpacking; empty with 304 and where it was cut or too large.
    pub body: Vec<u8>,
    pub result: FetchResult,
    /// How long the host asks us to stay away.
    pub retry_after: Option<Duration>,
    /// Why the result is not what was hoped for, in a sentence for people.
    pub problem: Option<Problem>,
    /// When the last request was sent, and how long it took to its last byte; waiting for the turn not counted.
    pub started: Time,
    pub took: Duration,
    /// The addresses that answered with a redirect, in order.
    pub hops: Vec<Url>,
}
