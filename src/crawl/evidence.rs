//! Which profile a page speaks for.

use crate::rules::{Evidence, Profile};
use url::Url;

/// What a page shows of one profile.
#[derive(Debug, Clone)]
pub struct Weighed<'a> {
    pub profile: &'a Profile,
    /// The signs that the page bears.
    pub signs: Vec<&'a Evidence>,
    /// Their weights together.
    pub weight: u32,
}

/// What a page shows of each profile, in the order given.
pub fn weigh<'a>(profiles: &'a [Profile], url: &Url, body: &str) -> Vec<Weighed<'a>> {
    let lower = body.to_lowercase();
    let links = addresses(body);
    let weigh = |profile: &'a Profile| {
        let signs: Vec<&Evidence> = profile.evidence.iter().filter(|sign| holds(sign, url, &lower, &links)).collect();
        Weighed { profile, weight: signs.iter().map(|sign| sign.weight).sum(), signs }
    };
    profiles.iter().map(weigh).collect()
}

/// Which profile has the most weight of evidence, where it reaches its threshold.
pub(super) fn best(profiles: &[Profile], url: &Url, body: &str) -> Option<usize> {
    let mut best: Option<(usize, u32)> = None;
    for (at, Weighed { profile, weight, .. }) in weigh(profiles, url, body).into_iter().enumerate() {
        let enough = weight >= profile.threshold.max(1);
        if enough && best.is_none_or(|(_, known)| weight > known) {
            best = Some((at, weight));
        }
    }
    best.map(|(at, _)| at)
}

fn holds(evidence: &Evidence, url: &Url, lower: &str, links: &[&str]) -> bool {
    let in_url = || evidence.url.as_ref().is_some_and(|pattern| pattern.is_match(url.as_str()));
    let in_link = || evidence.link.as_ref().is_some_and(|pattern| links.iter().any(|link| pattern.is_match(link)));
    in_url() || in_link() || evidence.marker.as_deref().is_some_and(|marker| lower.contains(&marker.to_lowercase()))
}

/// The values of `href`, taken from the source without a tree: evidence needs no more.
fn addresses(body: &str) -> Vec<&str> {
    let mut rest = body;
    let mut found = Vec::new();
    while let Some((_, behind)) = rest.split_once("href=") {
        let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => behind[1..].split(quote).next(),
            None => behind.split(|c: char| c.is_whitespace() || c == '>').next(),
        };
        found.extend(value.filter(|value| value.len() < 500));
        rest = behind;
        if found.len() >= 5_000 {
            break;
        }
    }
    found
}
