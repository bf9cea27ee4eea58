//! A webhook: the digest as JSON to an address, for whatever the office runs behind it.

use super::{Answer, Letter, Post, Posting, Secret, SendError};
use serde::Serialize;

/// The form of the body; a change of its meaning gets a new number.
const SCHEMA: &str = "nianjian.digest/1";

/// What is posted.
#[derive(Serialize)]
struct Body<'a> {
    schema: &'static str,
    /// The digest's id: a body with an id that was seen before is a repeat.
    id: &'a str,
    receiver: &'a str,
    subject: &'a str,
    lang: &'static str,
    /// The digest as plain text.
    text: &'a str,
    digest: &'a crate::model::Digest,
}

/// Posts the digest; any answer from 200 to 299 is a receipt.
pub(super) async fn send(url: &Secret, letter: &Letter, post: &dyn Post) -> Result<(), SendError> {
    let digest = &letter.digest;
    let body = Body {
        schema: SCHEMA,
        id: &digest.id,
        receiver: &digest.receiver,
        subject: &letter.subject,
        lang: letter.lang.word(),
        text: &letter.text,
        digest,
    };
    let body = serde_json::to_string(&body).map_err(|why| SendError::Render(why.to_string()))?;
    posted(url, body, &digest.id, post).await.map(drop)
}

/// Posts a body and sorts the answer. What went wrong is told without the address, which may carry a key.
pub(super) async fn posted(url: &Secret, body: String, id: &str, post: &dyn Post) -> Result<Answer, SendError> {
    let answer = post.post(Posting { url, body, id }).await;
    let answer = answer.map_err(|why| SendError::NoAnswer(why.replace(url.expose(), "***")))?;
    let (status, hint) = (answer.status, String::new());
    match status {
        200..=299 => Ok(answer),
        408 | 425 | 429 | 500..=599 => Err(SendError::Busy { status, hint }),
        _ => Err(SendError::Rejected { status, hint }),
    }
}
