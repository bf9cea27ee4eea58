//! Who may do what: a token is a role, and a role includes those below it.
//!
//! Tokens are compared by their SHA-256, all of them, in constant time, so that an answer's delay tells
//! nothing. Without tokens everybody is an operator, which is why only loopback is listened on then.

use crate::config::Tokens;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// What a token allows. The order is by power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Reads everything.
    Viewer,
    /// Also takes steps on findings.
    Reviewer,
    /// Also asks for crawls.
    Operator,
}

impl Role {
    /// The word of the configuration.
    pub(super) fn word(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Reviewer => "reviewer",
            Role::Operator => "operator",
        }
    }
}

/// The role of a request; `None` where its token is none of ours.
pub(super) fn role(tokens: &Tokens, headers: &HeaderMap) -> Option<Role> {
    if !tokens.any() {
        return Some(Role::Operator);
    }
    let shown = Sha256::digest(token(headers)?.as_bytes());
    let known = [(&tokens.viewer, Role::Viewer), (&tokens.reviewer, Role::Reviewer), (&tokens.operator, Role::Operator)];
    let mut found = None;
    for (secret, role) in known {
        let equal = match secret {
            Some(secret) => Sha256::digest(secret.expose().as_bytes()).as_slice().ct_eq(shown.as_slice()),
            None => Choice::from(0),
        };
        if bool::from(equal) {
            found = Some(role);
        }
    }
    found
}

/// Whether a request carries a bearer token, which no other site can make a browser send.
pub(super) fn has_bearer(headers: &HeaderMap) -> bool {
    authorization(headers, "bearer").is_some()
}

/// The token of a request: a bearer token, or the password a browser was given.
fn token(headers: &HeaderMap) -> Option<String> {
    if let Some(token) = authorization(headers, "bearer") {
        return Some(token.to_owned());
    }
    let login = String::from_utf8(from_base64(authorization(headers, "basic")?)?).ok()?;
    login.split_once(':').map(|(_, password)| password.to_owned())
}

fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (named, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    (named.eq_ignore_ascii_case(scheme) && !rest.is_empty()).then_some(rest)
}

/// Decodes standard base64 with or without padding; `None` for anything else.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0u32);
    for c in text.bytes() {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use axum::http::HeaderValue;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_token_is_a_role_and_nothing_else_is() {
        let tokens = Tokens { viewer: Some(Secret::new("看-v")), reviewer: None, operator: Some(Secret::new("op-token")) };
        let cases = [
            ("Bearer op-token", Some(Role::Operator)),
            ("bearer   op-token ", Some(Role::Operator)),
            ("Bearer op-token2", None),
            ("Bearer ", None),
            ("op-token", None),
            // anyone:op-token
            ("Basic YW55b25lOm9wLXRva2Vu", Some(Role::Operator)),
            // :看-v
            ("Basic OueciyUtdg==", None),
            ("Basic Oueciy12", Some(Role::Viewer)),
            ("Basic !!!", None),
            ("Basic YW55b25l", None),
        ];
        for (value, expected) in cases {
            assert_eq!(role(&tokens, &headers(value)), expected, "{value}");
        }
        assert_eq!(role(&tokens, &HeaderMap::new()), None);
        assert_eq!(role(&Tokens::default(), &HeaderMap::new()), Some(Role::Operator));
    }

    #[test]
    fn base64_is_read_exactly_or_not_at_all() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob"), ("Zm9vYmE=", "fooba")]
        {
            assert_eq!(from_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(from_base64("Zm 9v"), None);
    }
}
