//! Mail: text and HTML side by side, the workbook attached.
//!
//! The Message-ID is made of the digest's id, so that a mail sent twice is shown once by every program that
//! compares ids. Dates come from the digest, never from a clock.

use super::{Letter, Secret, SendError};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A server that has said nothing for this long is not there.
const SILENCE: Duration = Duration::from_secs(30);
/// The whole conversation, with an attachment over a slow line.
const CONVERSATION: Duration = Duration::from_secs(180);
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// How the connection to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encryption {
    /// STARTTLS, or no mail.
    #[default]
    Required,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// TLS from the first byte, as on port 465.
    Implicit,
    /// None: for a server inside the house that knows no TLS.
    None,
}

impl Encryption {
    /// The mode that a word of the configuration names.
    pub fn parse(word: &str) -> Option<Encryption> {
        match word {
            "required" => Some(Encryption::Required),
            "opportunistic" => Some(Encryption::Opportunistic),
            "implicit" => Some(Encryption::Implicit),
            "none" => Some(Encryption::None),
            _ => None,
        }
    }
}

/// The mail channel: who gets it, from whom, through which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Addresses, each `name@host` or `Name <name@host>`.
    pub to: Vec<String>,
    pub from: String,
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub user: Option<String>,
    pub password: Option<Secret>,
}

/// Sends the letter to everyone at once.
pub(super) async fn send(email: &Email, letter: &Letter) -> Result<(), SendError> {
    let message = message(email, letter)?;
    let transport = transport(email)?;
    let unreachable = |why: String| SendError::Unreachable { host: email.host.clone(), why };
    match tokio::time::timeout(CONVERSATION, transport.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(why)) => Err(failure(&email.host, &why)),
        Err(_) => Err(unreachable(format!("no end after {} s", CONVERSATION.as_secs()))),
    }
}

fn mailbox(address: &str) -> Result<Mailbox, SendError> {
    address.parse().map_err(|_| SendError::Address(address.to_owned()))
}

/// The mail: mixed(alternative(text, html), workbook).
fn message(email: &Email, letter: &Letter) -> Result<Message, SendError> {
    let from = mailbox(&email.from)?;
    let id = format!("<nianjian-{}@{}>", letter.digest.id, from.email.domain());
    let mut builder = Message::builder()
        .from(from)
        .subject(letter.subject.clone())
        .date(letter.digest.composed.into())
        .message_id(Some(id))
        // Tells out-of-office robots to keep quiet (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    for address in &email.to {
        builder = builder.to(mailbox(address)?);
    }
    let xlsx = ContentType::parse(XLSX).map_err(|why| SendError::Message(why.to_string()))?;
    let attachment: SinglePart = Attachment::new(letter.file_name()).body(letter.xlsx.clone(), xlsx);
    let body = MultiPart::mixed()
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .singlepart(attachment);
    builder.multipart(body).map_err(|why| SendError::Message(why.to_string()))
}

fn transport(email: &Email) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let parameters = || {
        TlsParameters::new(email.host.clone())
            .map_err(|why| SendError::Encryption { host: email.host.clone(), why: why.to_string() })
    };
    let tls = match email.encryption {
        Encryption::Required => Tls::Required(parameters()?),
        Encryption::Opportunistic => Tls::Opportunistic(parameters()?),
        Encryption::Implicit => Tls::Wrapper(parameters()?),
        Encryption::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(email.host.as_str())
        .port(email.port)
        .tls(tls)
        .timeout(Some(SILENCE));
    if let (Some(user), Some(password)) = (&email.user, &email.password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
    }
    Ok(builder.build())
}

/// Sorts what went wrong: the server said no for good, TLS failed, or it may work later.
fn failure(host: &str, why: &lettre::transport::smtp::Error) -> SendError {
    let host = host.to_owned();
    let text = match std::error::Error::source(why) {
        Some(source) => format!("{why}: {source}"),
        None => why.to_string(),
    };
    // A server without STARTTLS is told as a fault of the client, and only by its text.
    if why.is_tls() || (why.is_client() && text.contains("STARTTLS")) {
        SendError::Encryption { host, why: text }
    } else if why.is_permanent() || why.is_client() {
        SendError::Refused { host, why: text }
    } else {
        SendError::Unreachable { host, why: text }
    }
}
