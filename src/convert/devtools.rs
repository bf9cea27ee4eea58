//! What is said to a Chromium and what it says: the DevTools protocol, JSON with a NUL behind each message, over two pipes.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::pipe;

/// How long the browser may think before it says anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest message that is taken, in bytes: a page as text, with room for the escapes of JSON.
const LONGEST: u64 = 64 * 1024 * 1024;

/// The browser ended, said nothing for long, or something that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Silent;

/// The two ends that are ours, and what was said and is not yet looked at.
#[derive(Debug)]
pub(super) struct Devtools {
    sender: pipe::Sender,
    receiver: BufReader<pipe::Receiver>,
    sent: u64,
    events: VecDeque<Value>,
    /// The page that everything is about, once there is one.
    pub(super) session: Option<String>,
}

impl Devtools {
    /// Talks over these ends. Needs a runtime that drives input and output.
    pub(super) fn over(sender: OwnedFd, receiver: OwnedFd) -> std::io::Result<Devtools> {
        Ok(Devtools {
            sender: pipe::Sender::from_owned_fd(sender)?,
            receiver: BufReader::new(pipe::Receiver::from_owned_fd(receiver)?),
            sent: 0,
            events: VecDeque::new(),
            session: None,
        })
    }

    /// Says something; the answer is passed over when it comes. The number of the message.
    pub(super) async fn say(&mut self, method: &str, parameters: Value) -> Result<u64, Silent> {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = Value::from(session.as_str());
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        match tokio::time::timeout(PATIENCE, self.sender.write_all(&bytes)).await {
            Ok(Ok(())) => Ok(self.sent),
            _ => Err(Silent),
        }
    }

    /// Asks something and waits for the answer; events that come before it are kept.
    pub(super) async fn ask(&mut self, method: &str, parameters: Value) -> Result<Value, Silent> {
        let asked = self.say(method, parameters).await?;
        loop {
            let mut message = self.hear().await?;
            if message["id"] == asked {
                return message.get_mut("result").map(Value::take).ok_or(Silent);
            }
            self.events.push_back(message);
        }
    }

    /// The next event: its name, and what it is about.
    pub(super) async fn event(&mut self) -> Result<(String, Value), Silent> {
        loop {
            let mut message = match self.events.pop_front() {
                Some(message) => message,
                None => self.hear().await?,
            };
            if let Some(method) = message["method"].as_str().map(str::to_owned) {
                return Ok((method, message["params"].take()));
            }
        }
    }

    async fn hear(&mut self) -> Result<Value, Silent> {
        let mut message = Vec::new();
        let mut bounded = (&mut self.receiver).take(LONGEST);
        let heard = tokio::time::timeout(PATIENCE, bounded.read_until(0, &mut message)).await;
        match (heard, message.pop()) {
            (Ok(Ok(_)), Some(0)) => serde_json::from_slice(&message).map_err(|_| Silent),
            _ => Err(Silent),
        }
    }
}
