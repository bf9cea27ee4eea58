//! Receivers: who is told, of what, when, and over which channels.

use super::build::{LANGUAGES, identity, schedule};
use super::reader::Reader;
use super::tree::{Node, Value};
use super::{CheckSchedule, Lang, values};
use crate::model::Secret;
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// One `[[receiver]]`, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Receiver {
    pub id: String,
    pub scope: Scope,
    /// When a digest is composed: a six-field cron expression.
    pub schedule: String,
    /// After this long without one, a digest is sent though nothing changed.
    pub sign_of_life: Duration,
    pub lang: Lang,
    /// At least one; a channel's place in this list is part of its receipts.
    pub channels: Vec<Channel>,
}

/// What a receiver is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Ids of agencies and of portals.
    Only(Vec<String>),
}

impl Scope {
    /// Whether what belongs to this agency, on this portal, is in scope.
    pub fn holds(&self, agency: &str, portal: Option<&str>) -> bool {
        match self {
            Scope::All => true,
            Scope::Only(ids) => ids.iter().any(|id| id == agency || portal == Some(id)),
        }
    }
}

/// Where a digest is delivered.
#[derive(Debug, Clone, PartialEq)]
pub enum Channel {
    Email(Email),
    /// A folder that digests are written into.
    Folder(PathBuf),
    Webhook(Webhook),
}

impl Channel {
    /// The kind's word, as receipts and metrics name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Channel::Email(_) => "email",
            Channel::Folder(_) => "folder",
            Channel::Webhook(_) => "webhook",
        }
    }
}

/// A mail server and who writes to whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Email {
    pub to: Vec<String>,
    pub from: String,
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// User and password, both or neither.
    pub login: Option<(String, Secret)>,
}

/// Whether a mail connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    Required,
    /// Where the server offers it.
    Opportunistic,
    /// Never; only by explicit setting, for old servers of an intranet.
    None,
}

/// An address that digests are posted to. It often holds a key, so `Debug` shows the host only.
#[derive(Clone, PartialEq)]
pub struct Webhook {
    pub url: url::Url,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({})", self.url.host_str().unwrap_or(""))
    }
}

/// Reads every receiver.
pub fn read(reader: &mut Reader<'_>, items: &[Value], lang: Lang, check_schedule: CheckSchedule<'_>) -> Vec<Receiver> {
    let mut ids = BTreeSet::new();
    let mut found = Vec::new();
    for value in items {
        let mut fields = reader.table("[[receiver]]", Some(value));
        let id = identity(reader, &mut fields, &mut ids);
        fields.name = format!("[[receiver]] {id}");
        let scope = scope(reader, fields.take("scope"));
        let schedule = schedule(reader, fields.take("schedule"), "0 0 8 * * *", check_schedule);
        let sign_of_life = reader.parsed(fields.take("sign_of_life"), "a duration", values::duration);
        let lang = reader.word(fields.take("lang"), &LANGUAGES).unwrap_or(lang);
        let channels_value = fields.take("channels");
        let items = reader.list(channels_value);
        let channels: Vec<Channel> = items.iter().filter_map(|item| channel(reader, item)).collect();
        if items.is_empty() {
            let spot = channels_value.map_or(fields.spot.clone(), |value| value.spot.clone());
            let help = "channels = [ { folder = \"digests\" } ]";
            reader.complain(&spot, format!("receiver `{id}` has no `channels`"), Some(help));
        }
        reader.done(fields);
        let sign_of_life = sign_of_life.unwrap_or(Duration::from_secs(7 * 86_400));
        found.push(Receiver { id, scope, schedule, sign_of_life, lang, channels });
    }
    found
}

fn scope(reader: &mut Reader<'_>, value: Option<&Value>) -> Scope {
    let Some(value) = value else { return Scope::All };
    match &value.node {
        Node::Text(text) if text == "all" => Scope::All,
        _ => {
            let plain =
                |text: &str| if text.trim().is_empty() { Err("an id must not be empty".to_owned()) } else { Ok(text.to_owned()) };
            let ids = reader.parsed_list(Some(value), "\"all\" or a list of ids", plain);
            if matches!(&value.node, Node::Array(items) if items.is_empty()) {
                reader.complain(
                    &value.spot,
                    "an empty scope tells of nothing",
                    Some("scope = \"all\", or ids of agencies and portals"),
                );
            }
            Scope::Only(ids)
        }
    }
}

/// The channels this version has, and those the others will know.
const KINDS: [&str; 3] = ["email", "folder", "webhook"];
const LATER: [&str; 3] = ["wecom", "dingtalk", "feishu"];

fn channel(reader: &mut Reader<'_>, value: &Value) -> Option<Channel> {
    let entry = match &value.node {
        Node::Table(entries) if entries.len() == 1 => entries.first()?,
        _ => {
            let help = "{ email = { … } }, { folder = \"…\" } or { webhook = { url = \"…\" } }";
            reader.complain(&value.spot, "a channel is a table of one key, its kind", Some(help));
            return None;
        }
    };
    match entry.key.as_str() {
        "email" => email(reader, &entry.value),
        "folder" => reader.path(Some(&entry.value)).map(Channel::Folder),
        "webhook" => webhook(reader, &entry.value),
        later if LATER.contains(&later) => {
            let what = format!("the channel `{later}` is not in this version");
            reader.complain(&entry.spot, what, Some("this version has email, folder and webhook"));
            None
        }
        other => {
            let meant = crate::text::nearest::nearest(other, KINDS);
            let help =
                meant.map_or(format!("a channel is one of {}", KINDS.join(", ")), |kind| format!("did you mean `{kind}`?"));
            reader.complain(&entry.spot, format!("`{other}` is not a channel"), Some(&help));
            None
        }
    }
}

fn email(reader: &mut Reader<'_>, value: &Value) -> Option<Channel> {
    let mut fields = reader.table("email", Some(value));
    let (to_value, from_value, server_value) = (fields.take("to"), fields.take("from"), fields.take("server"));
    let to = reader.parsed_list(to_value, "a mail address", values::mail_address);
    let from = reader.parsed(from_value, "a mail address", values::mail_address);
    let server = reader.parsed(server_value, "a server", values::server);
    let words = [("required", Tls::Required), ("opportunistic", Tls::Opportunistic), ("none", Tls::None)];
    let tls = reader.word(fields.take("tls"), &words).unwrap_or(Tls::Required);
    let (user_value, password_value) = (fields.take("user"), fields.take("password"));
    let user = user_value.and_then(|user| reader.text(user, "a user"));
    let password = reader.secret(password_value);
    for (key, there) in [("to", to_value.is_some()), ("from", from_value.is_some()), ("server", server_value.is_some())] {
        if !there {
            reader.complain(&value.spot, format!("this email channel has no `{key}`"), None);
        }
    }
    if matches!(to_value, Some(Value { node: Node::Array(items), .. }) if items.is_empty()) {
        reader.complain(&value.spot, "this email channel has nobody to write to", Some("to = [\"office@example.org\"]"));
    }
    if user_value.is_some() != password_value.is_some() {
        reader.complain(&value.spot, "`user` and `password` go together", Some("give both, or neither"));
    }
    reader.done(fields);
    let (host, port) = server?;
    Some(Channel::Email(Email { to, from: from?, host, port, tls, login: user.zip(password) }))
}

fn webhook(reader: &mut Reader<'_>, value: &Value) -> Option<Channel> {
    let mut fields = reader.table("webhook", Some(value));
    let url_value = fields.take("url");
    if url_value.is_none() {
        reader.complain(&value.spot, "this webhook has no `url`", None);
    }
    let address = reader.secret(url_value);
    reader.done(fields);
    match values::web_address(address?.expose()) {
        Ok(url) => Some(Channel::Webhook(Webhook { url })),
        Err(_) => {
            // The address may be a secret, so the complaint does not repeat it.
            reader.complain(&url_value?.spot, "the `url` of a webhook is an http(s) address", None);
            None
        }
    }
}
