//! What a text must speak of, and does not: told as one finding that lists it.
//!
//! Three answers again: said plainly, perhaps said in other words (then nobody can call it missing), not said at all.

use super::prose::{Lines, Paragraph};
use super::view::{View, say, verdict, violation};
use crate::model::{Message, Severity, Verdict};
use crate::rules::{Check, Mentions, Thin, Topical};

/// Problems beside which an absence proves nothing.
const BLIND: [&str; 6] = ["truncated", "document-incomplete", "too-many-cells", "too-large", "torn-text", "scanned-pages"];

/// Why what is absent may only be unread.
pub(super) fn unread(view: &View<'_>, sections: &[&str]) -> Option<Message> {
    if let Some(code) = view.blinded(&BLIND) {
        return Some(say(format!("部分内容未能读出（{code}）"), format!("parts could not be read ({code})")));
    }
    let pictured = view
        .report
        .sections
        .iter()
        .any(|section| section.has_picture && (sections.is_empty() || sections.contains(&section.id.as_str())));
    pictured.then(|| say("有图片，其中可能有文字", "there are pictures that may hold text"))
}

/// Nothing was found: clean where all of it was read.
pub(super) fn unless_unread(view: &View<'_>, sections: &[&str]) -> Verdict {
    unread(view, sections).map_or(Verdict::Clean, Verdict::Inconclusive)
}

/// The verdict where a rule does not ask agencies of this kind, or the kind is not known; no kinds are all of them.
pub(super) fn not_asked(kinds: &[toml::Spanned<String>], view: &View<'_>) -> Option<Verdict> {
    if kinds.is_empty() {
        return None;
    }
    match view.agency_kind() {
        Some(kind) if kinds.iter().any(|it| it.get_ref() == kind.word()) => None,
        Some(_) => Some(Verdict::NotApplicable),
        None => Some(Verdict::Inconclusive(say("机关类型不明", "the kind of agency is not known"))),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Head,
    Plainly,
    Perhaps,
    Not,
}

fn said(topic: &Topical, text: &Lines, openings: &Lines) -> Said {
    if openings.say_any(&topic.heads) {
        Said::Head
    } else if text.say_any(&topic.plain) {
        Said::Plainly
    } else if text.say_any(&topic.perhaps) {
        Said::Perhaps
    } else {
        Said::Not
    }
}

/// Whether a section is there and says something: a missing or empty one is told by its own rule.
fn speaks(view: &View<'_>, id: &str) -> bool {
    view.report.section(id).is_some_and(|section| section.found && section.paragraphs.iter().any(|text| !text.trim().is_empty()))
}

/// One finding that lists what is missing.
pub(super) fn judge(check: &Check, params: &Mentions, view: &View<'_>) -> Verdict {
    if view.report.standard == "pre2019" || !speaks(view, params.beside.get_ref()) {
        return Verdict::NotApplicable;
    }
    if let Some(from) = params.from {
        match view.report.year {
            Some(year) if year < from => return Verdict::NotApplicable,
            Some(_) => {}
            None => return Verdict::Inconclusive(say("报告年度不明", "the year of the report is not known")),
        }
    }
    if let Some(verdict) = not_asked(&params.agencies, view) {
        return verdict;
    }
    let words = view.words();
    let states: Vec<(&Topical, Said)> =
        params.wanted.iter().map(|topic| (topic, said(topic, &words.lines, &words.openings))).collect();
    let heads = states.iter().filter(|(_, said)| *said == Said::Head).count();
    let divided = params.divided_by.is_some_and(|least| heads >= least as usize);
    let missing: Vec<&Topical> = states
        .iter()
        .filter(|(_, said)| *said == Said::Not || divided && *said == Said::Perhaps)
        .map(|(topic, _)| *topic)
        .collect();
    let perhaps: Vec<&str> =
        states.iter().filter(|(_, said)| *said == Said::Perhaps && !divided).map(|(topic, _)| topic.label.as_str()).collect();
    let open = (!perhaps.is_empty())
        .then(|| say(format!("“{}”仅有近似表述", perhaps.join("、")), "some of it is perhaps said in other words".to_owned()));
    if missing.is_empty() {
        return verdict(Vec::new(), open);
    }
    if let Some(why) = unread(view, &[]) {
        return Verdict::Inconclusive(why);
    }
    let join = |label: fn(&Topical) -> &str| missing.iter().map(|topic| label(topic)).collect::<Vec<_>>();
    let (zh, en) = (join(|topic| &topic.label).join("、"), join(|topic| &topic.label_en).join(", "));
    let mut it = violation(view, check, "mentions", check.message("finding", &[("missing", &zh, &en)]));
    if !(params.all_is_error && missing.len() == params.wanted.len()) {
        it.severity = it.severity.min(Severity::Warn);
    }
    it.expected = Some(zh);
    verdict(vec![it], open)
}

/// A section that is short, or lacks one of the things it is for.
pub(super) fn thin(check: &Check, params: &Thin, view: &View<'_>) -> Verdict {
    let id = params.section.get_ref().as_str();
    if view.report.standard == "pre2019" || !speaks(view, id) {
        return Verdict::NotApplicable;
    }
    let paragraphs: Vec<&Paragraph<'_>> = view.prose().iter().filter(|it| it.section == id).collect();
    let length: usize = paragraphs.iter().map(|it| it.folded.chars().filter(|c| c.is_alphanumeric()).count()).sum();
    let text = Lines::new(paragraphs.iter().map(|it| it.folded.as_str()));
    let openings = Lines::new(paragraphs.iter().flat_map(|it| it.openings()));
    let states: Vec<(&Topical, Said)> = params.wanted.iter().map(|topic| (topic, said(topic, &text, &openings))).collect();
    let missing: Vec<&Topical> = states.iter().filter(|(_, said)| *said == Said::Not).map(|(topic, _)| *topic).collect();
    let short = length < params.shortest as usize;
    if !short && missing.is_empty() {
        let open = states.iter().any(|(_, said)| *said == Said::Perhaps);
        return verdict(Vec::new(), open.then(|| say("仅有近似表述", "it is perhaps said in other words")));
    }
    if let Some(why) = unread(view, &[id]) {
        return Verdict::Inconclusive(why);
    }
    let count = length.to_string();
    let message = if short {
        check.message("short", &[("count", &count, &count)])
    } else {
        let zh = missing.iter().map(|topic| topic.label.as_str()).collect::<Vec<_>>().join("、");
        let en = missing.iter().map(|topic| topic.label_en.as_str()).collect::<Vec<_>>().join(", ");
        check.message("missing", &[("missing", &zh, &en)])
    };
    let mut it = violation(view, check, id, message);
    it.evidence = paragraphs.iter().take(2).map(|it| super::prose::quoted(it.printed)).collect();
    verdict(vec![it], None)
}
