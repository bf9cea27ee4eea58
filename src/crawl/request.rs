//! One request of a walk: an address, and for some interfaces the words that are posted to it.

use super::address::identity;
use url::Url;

/// What a walk asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub url: Url,
    /// The body of a POST. Interfaces that list entries take their question this way; nothing is changed by it.
    pub post: Option<Post>,
    /// The page that the request follows from, where its interface wants to know.
    pub referer: Option<Url>,
}

/// The body of a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub media: String,
    pub body: String,
}

impl Request {
    /// A plain look at an address.
    pub fn get(url: Url) -> Request {
        Request { url, post: None, referer: None }
    }

    /// What the answer is kept under: the address, with what was posted as its fragment.
    pub fn address(&self) -> Url {
        let mut address = self.url.clone();
        address.set_fragment(self.post.as_ref().map(|post| post.body.as_str()));
        address
    }

    /// What two requests for the same thing share.
    pub(super) fn name(&self) -> String {
        match &self.post {
            Some(post) => format!("{}#{}", identity(&self.url), post.body),
            None => identity(&self.url),
        }
    }
}
