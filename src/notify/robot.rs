//! Robots of group chats: 企业微信, 钉钉 and 飞书 take a short message at an address that carries a key.
//!
//! They answer 200 whatever happened and tell the outcome in the body. Messages are short (4,096 bytes at the
//! strictest), so a robot gets the head of the digest: the numbers, who is missing, and that there is more.

use super::webhook::posted;
use super::{Letter, Post, Secret, SendError};
use crate::notify::render::view::{Body, View};
use serde_json::{Value, json};

/// Bytes of text that every robot takes, with room for the JSON around it.
const TEXT_BYTES: usize = 1_900;

/// Whose robot it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RobotKind {
    Wecom,
    Dingtalk,
    Feishu,
}

impl RobotKind {
    /// The word of the configuration and of metrics.
    pub fn word(self) -> &'static str {
        match self {
            RobotKind::Wecom => "wecom",
            RobotKind::Dingtalk => "dingtalk",
            RobotKind::Feishu => "feishu",
        }
    }

    /// The message as this robot wants it.
    fn message(self, text: &str) -> Value {
        match self {
            RobotKind::Wecom | RobotKind::Dingtalk => json!({"msgtype": "text", "text": {"content": text}}),
            RobotKind::Feishu => json!({"msg_type": "text", "content": {"text": text}}),
        }
    }

    /// Codes that say "too fast": the message is sent again later.
    fn is_busy(self, code: i64) -> bool {
        match self {
            RobotKind::Wecom => code == 45009 || code == -1,
            RobotKind::Dingtalk => code == 130101 || code == 410100 || code == -1,
            RobotKind::Feishu => code == 9499 || code == 11232,
        }
    }
}

/// Posts the head of the digest.
pub(super) async fn send(kind: RobotKind, url: &Secret, letter: &Letter, post: &dyn Post) -> Result<(), SendError> {
    let body = kind.message(&short(letter)).to_string();
    let answer = posted(url, body, &letter.digest.id, post).await?;
    let told: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let code = ["errcode", "code", "StatusCode"].iter().find_map(|key| told.get(key)?.as_i64());
    match code {
        Some(0) => Ok(()),
        Some(code) => {
            let (status, hint) = (answer.status, format!(", code {code}"));
            Err(if kind.is_busy(code) { SendError::Busy { status, hint } } else { SendError::Rejected { status, hint } })
        }
        None => Err(SendError::Rejected { status: answer.status, hint: " without a code".to_owned() }),
    }
}

/// The head of the digest in few enough bytes: whole lines, the most important first.
fn short(letter: &Letter) -> String {
    let view = View::of(&letter.digest, letter.lang);
    let mut lines = vec![letter.subject.clone(), view.lead.clone()];
    lines.extend(view.countdown.clone());
    for section in &view.sections {
        lines.push(format!("■ {} {}", section.heading, section.count));
        match &section.body {
            Body::Names(names) => lines.extend(names.iter().map(|name| format!("· {}", name.text))),
            Body::Groups(groups) => {
                let told = |group: &super::render::view::Group| {
                    group
                        .lines
                        .iter()
                        .map(|line| format!("· {} [{}] {}", group.heading, line.severity, line.message))
                        .collect::<Vec<_>>()
                };
                lines.extend(groups.iter().flat_map(told));
            }
            Body::Table { .. } => {}
        }
    }
    let mut text = String::new();
    for line in lines {
        if text.len() + line.len() + 4 > TEXT_BYTES {
            text.push('…');
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}
