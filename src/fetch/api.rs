//! The client of our own daemon's API, for commands that ask it something. Not for portals.

use super::FetchError;
use serde_json::Value;
use std::time::Duration;

/// Talks to the daemon at one address.
#[derive(Debug, Clone)]
pub struct ApiClient {
    base: String,
    token: Option<String>,
    client: reqwest::Client,
}

impl ApiClient {
    /// A client for the daemon at `base` (`http://127.0.0.1:8620`), with a bearer token where it wants one.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn new(base: &str, token: Option<String>) -> Result<ApiClient, FetchError> {
        super::install_crypto();
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| FetchError::Client(error.to_string()))?;
        Ok(ApiClient { base: base.trim_end_matches('/').to_owned(), token, client })
    }

    /// The address it asks.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Reads an object: status and JSON.
    ///
    /// # Errors
    /// Where the daemon does not answer.
    pub async fn get(&self, path: &str) -> Result<(u16, Value), FetchError> {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Posts an object: status and JSON of the answer.
    ///
    /// # Errors
    /// Where the daemon does not answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value), FetchError> {
        self.send(self.client.post(format!("{}{path}", self.base)).json(body)).await
    }

    async fn send(&self, mut request: reqwest::RequestBuilder) -> Result<(u16, Value), FetchError> {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let silent = |_| FetchError::Client(format!("守护进程没有应答（{}）；请确认 nianjian serve 正在运行", self.base));
        let answer = request.send().await.map_err(silent)?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await.map_err(silent)?;
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }
}
