//! What an office changes without touching the rules: severities, limits, switches, waivers.

use super::file::SeverityWord;
use super::names::hint;
use super::{Check, Complaint, Scheme, score};
use crate::model::{Date, Waiver};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// An overlay file: `[severity]` and `[switch]` by rule id, `[limit."family/name"]` by limit, and `[score]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Overlay {
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, SeverityWord>,
    /// `false` switches a rule off; `true` leaves it as it is.
    #[serde(default)]
    switch: BTreeMap<Spanned<String>, bool>,
    #[serde(default)]
    limit: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, u32>>,
    /// What findings cost.
    score: Option<Spanned<score::RawScheme>>,
}

/// Lays an office's file over the checks, and answers with how it scores, if it does.
pub(super) fn apply(path: &str, text: &str, checks: &mut [Check], complaints: &mut Vec<Complaint>) -> Option<Scheme> {
    let overlay: Overlay = match toml::from_str(text) {
        Ok(overlay) => overlay,
        Err(error) => {
            complaints.push(Complaint::of_toml(path, text, &error));
            return None;
        }
    };
    let scheme = overlay.score.map(|raw| score::scheme(raw, checks, path, text, complaints));
    let mut complain = |span, what: String, help: String| complaints.push(Complaint::at(path, text, Some(span), what).help(help));
    let ids: Vec<String> = checks.iter().map(|check| check.id.clone()).collect();
    let find = |id: &Spanned<String>, complain: &mut dyn FnMut(std::ops::Range<usize>, String, String)| {
        let at = ids.iter().position(|known| known == id.get_ref());
        if at.is_none() {
            complain(
                id.span(),
                format!("there is no rule `{}`", id.get_ref()),
                hint(id.get_ref(), ids.iter().map(String::as_str)),
            );
        }
        at
    };
    for (id, word) in &overlay.severity {
        if let Some(at) = find(id, &mut complain) {
            checks[at].severity = word.severity();
            checks[at].severity_for.clear();
        }
    }
    for (id, on) in &overlay.switch {
        if let Some(at) = find(id, &mut complain)
            && !on
        {
            checks[at].severity = None;
            checks[at].severity_for.clear();
        }
    }
    for (id, limits) in &overlay.limit {
        let Some(at) = find(id, &mut complain) else { continue };
        let mut known = checks[at].kind.limits();
        for (name, value) in limits {
            match known.iter_mut().find(|(limit, _)| limit == name.get_ref()) {
                Some((_, limit)) => **limit = *value,
                None => {
                    let help = hint(name.get_ref(), known.iter().map(|(limit, _)| *limit));
                    complain(name.span(), format!("the rule has no limit `{}`", name.get_ref()), help);
                }
            }
        }
    }
    scheme
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waivers {
    #[serde(default, rename = "waiver")]
    waivers: Vec<RawWaiver>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWaiver {
    fingerprint: String,
    reason: Spanned<String>,
    by: Spanned<String>,
    until: Option<Spanned<toml::value::Datetime>>,
}

/// Reads an office's file of accepted findings, which stands in for `waivers.toml`.
///
/// # Errors
/// Every complaint about it.
pub fn read_waivers(path: &str, text: &str) -> Result<Vec<Waiver>, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let waivers = waivers(path, text, &mut complaints);
    if complaints.is_empty() { Ok(waivers) } else { Err(complaints) }
}

/// Reads `waivers.toml`.
pub(super) fn waivers(path: &str, text: &str, complaints: &mut Vec<Complaint>) -> Vec<Waiver> {
    let raw: Waivers = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            complaints.push(Complaint::of_toml(path, text, &error));
            return Vec::new();
        }
    };
    let mut read = |raw: RawWaiver| {
        for word in [&raw.reason, &raw.by] {
            if word.get_ref().trim().is_empty() {
                complaints.push(
                    Complaint::at(path, text, Some(word.span()), "a waiver needs a reason and a name")
                        .help("say why the finding is accepted, and by whom"),
                );
            }
        }
        let until = raw.until.map(|until| {
            let date = until
                .get_ref()
                .date
                .and_then(|date| Date::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
            if date.is_none() {
                complaints.push(Complaint::at(path, text, Some(until.span()), "this is no date").help("write 2027-03-31"));
            }
            date
        });
        Waiver { fingerprint: raw.fingerprint, reason: raw.reason.into_inner(), by: raw.by.into_inner(), until: until.flatten() }
    };
    raw.waivers.into_iter().map(&mut read).collect()
}
