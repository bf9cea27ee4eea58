//! Sending: one digest, one channel, one receipt. One file a channel.
//!
//! Delivery is at least once: the caller journals a receipt after the send, and composes nothing anew until
//! then. So every channel carries the digest's id where the other side can see that a letter is a repeat:
//! as the Message-ID of a mail, as the name of a folder, in the body of a post.
//!
//! This room knows no HTTP client; whoever calls [`deliver`] hands in a [`Post`].

mod email;
mod folder;
pub mod render;
mod robot;
mod webhook;

pub use email::{Email, Encryption};
pub use render::xlsx::{Issue, StandingRow, Workbook};
pub use robot::RobotKind;

use crate::model::Digest;
pub use crate::model::Secret;
use crate::words::{self, Lang};
use futures_util::future::BoxFuture;
use std::path::PathBuf;

/// Where a receiver's digests go, as the checked configuration has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    Email(Email),
    /// A folder in which each digest gets a folder of its own: works where no network does.
    Folder(PathBuf),
    /// An address that takes the digest as JSON.
    Webhook {
        url: Secret,
    },
    /// The robot of a group chat, whose address carries its key.
    Robot {
        kind: RobotKind,
        url: Secret,
    },
}

impl Channel {
    /// The kind in one word, for metrics and receipts.
    pub fn name(&self) -> &'static str {
        match self {
            Channel::Email(_) => "email",
            Channel::Folder(_) => "folder",
            Channel::Webhook { .. } => "webhook",
            Channel::Robot { kind, .. } => kind.word(),
        }
    }
}

/// A digest in the forms in which channels send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub digest: Digest,
    pub lang: Lang,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub xlsx: Vec<u8>,
}

impl Letter {
    /// Renders a digest into a letter. Takes milliseconds to a second; call it off the async threads.
    ///
    /// # Errors
    /// [`SendError::Render`] where the page or the workbook cannot be put together.
    pub fn of(digest: Digest, workbook: &Workbook, lang: Lang) -> Result<Letter, SendError> {
        let html = render::html::html(&digest, lang).map_err(|why| SendError::Render(why.to_string()))?;
        let xlsx = render::xlsx::xlsx(&digest, workbook, lang).map_err(|why| SendError::Render(why.to_string()))?;
        let text = render::text::plain(&digest, lang);
        let subject = render::view::View::of(&digest, lang).subject;
        Ok(Letter { digest, lang, subject, text, html, xlsx })
    }

    /// The day it was composed, in the digest's zone: `2026-04-02`.
    fn date(&self) -> String {
        render::view::zoned(self.digest.composed, &self.digest.timezone).format("%Y-%m-%d").to_string()
    }

    /// The file name of the attached workbook.
    fn file_name(&self) -> String {
        words::FILE_NAME.with(self.lang, &[&self.date()])
    }
}

/// A JSON body to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting<'a> {
    pub url: &'a Secret,
    /// To be sent as `application/json; charset=utf-8`.
    pub body: String,
    /// The digest's id, to be sent as `Idempotency-Key`.
    pub id: &'a str,
}

/// What the other side answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The start of the body; robots tell failures in it with status 200.
    pub body: String,
}

/// Posts for this room, which knows no HTTP client.
pub trait Post: Send + Sync {
    /// Posts a body and gives the answer, or why there was none (a sentence without the address).
    fn post<'a>(&'a self, posting: Posting<'a>) -> BoxFuture<'a, Result<Answer, String>>;
}

/// Why a letter could not be delivered. The sentence says what to do; no secret is in it.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("the digest could not be rendered: {0}; this is a fault of the program, please report it")]
    Render(String),
    #[error("`{0}` is not a mail address; mend the receiver's `to` or `from`")]
    Address(String),
    #[error("the mail could not be put together: {0}; mend the receiver's addresses")]
    Message(String),
    #[error("{host} refused the mail: {why}; check `user`, `password`, `from` and `to` of the receiver")]
    Refused { host: String, why: String },
    #[error("no encrypted connection to {host}: {why}; check `starttls` and `port` (465 wants \"implicit\")")]
    Encryption { host: String, why: String },
    #[error("{host} did not take the mail now: {why}; it is sent again later")]
    Unreachable { host: String, why: String },
    #[error("{path}: {why}; see that the folder is there, can be written to and has room")]
    Folder { path: String, why: std::io::Error },
    #[error("the address answered {status}{hint}; check the address of the channel")]
    Rejected { status: u16, hint: String },
    #[error("the address answered {status}{hint}; it is sent again later")]
    Busy { status: u16, hint: String },
    #[error("the address could not be reached: {0}; it is sent again later")]
    NoAnswer(String),
}

impl SendError {
    /// Whether the same letter may get through later without anyone mending anything.
    pub fn is_transient(&self) -> bool {
        match self {
            SendError::Unreachable { .. } | SendError::Busy { .. } | SendError::NoAnswer(_) => true,
            SendError::Folder { why, .. } => !matches!(why.kind(), std::io::ErrorKind::PermissionDenied),
            _ => false,
        }
    }
}

/// Sends a letter through a channel. Safe to repeat: a repeat carries the same id.
///
/// # Errors
/// [`SendError`], which tells whether to try again.
pub async fn deliver(channel: &Channel, letter: &Letter, post: &dyn Post) -> Result<(), SendError> {
    match channel {
        Channel::Email(email) => email::send(email, letter).await,
        Channel::Folder(folder) => folder::send(folder, letter).await,
        Channel::Webhook { url } => webhook::send(url, letter, post).await,
        Channel::Robot { kind, url } => robot::send(*kind, url, letter, post).await,
    }
}

#[cfg(test)]
mod tests;
