//! What a person is shown of one address or one file: every decision on the way to its findings.
//!
//! "What if my filter grabbed the wrong output?" The steps are those of a visit, called in the same order: the
//! answer is judged by `fetch`, a page is offered to a `crawl::Walk`, the body is read and checked at the judge.
//! What a visit throws away on its way is kept here and shown. Nothing is stored.

use super::Judge;
use super::naming::{Named, named};
use crate::crawl::{self, Awaited, Limits, ListPage, Request, Walk};
use crate::document::{self, Origin};
use crate::extract::{self, Hints, LabelPath};
use crate::fetch::Fetched;
use crate::model::{
    BlockedKind, Document, FetchResult, Media, Outcome, Portal, Problem, ReadOutcome, ReadReport, Report, ReportRef, Roster, Time,
};
use crate::rules::{Evidence, Profile};
use crate::text::{decode, hex};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use url::Url;

/// What a probe is made with: the office's own settings where there are any.
#[derive(Debug)]
pub struct Means<'a> {
    pub judge: &'a Judge,
    pub profiles: &'a Arc<Vec<Profile>>,
    pub roster: &'a Roster,
    /// The portal that the address belongs to, or one made up for it.
    pub portal: Portal,
    pub now: Time,
}

/// What is probed.
#[derive(Debug)]
pub struct Given {
    /// As it was named: a path, an address, `-`.
    pub input: String,
    /// The answer, where it was fetched; its body is `bytes`.
    pub fetched: Option<Fetched>,
    /// Where the bytes stand on the web, as far as that is known.
    pub url: Option<Url>,
    pub bytes: Vec<u8>,
}

/// Everything there is to show.
#[derive(Debug)]
pub struct Probed {
    pub input: String,
    pub fetched: Option<Fetched>,
    pub bytes: usize,
    pub sha256: String,
    /// The page as a list; only where it has an address and is a page at all.
    pub list: Option<ListSeen>,
    /// The body as a document; only where the answer was good.
    pub seen: Option<DocumentSeen>,
}

/// What a page is, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A report in itself.
    Report,
    /// A list, or a page that leads to one.
    List,
    /// Both: a column that shows its newest report.
    Both,
    /// Neither: nothing a visit would make use of.
    Other,
    /// Not known: it was not fetched or could not be read.
    Unknown,
}

impl Kind {
    /// The word used in JSON and as the key of its name for people.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Report => "report",
            Kind::List => "list",
            Kind::Both => "list-and-report",
            Kind::Other => "other",
            Kind::Unknown => "unknown",
        }
    }
}

/// A page as the walk over its portal's lists takes it.
#[derive(Debug)]
pub struct ListSeen {
    /// Name of the profile that read it, and why that one: `portal`, `evidence` or `fallback`.
    pub profile: String,
    pub chosen: &'static str,
    pub families: Vec<Family>,
    pub entries: Vec<Entry>,
    /// Pages that a visit would ask for next.
    pub awaited: Vec<Awaited>,
    pub problems: Vec<Problem>,
}

/// A profile and the signs of it that the page bears.
#[derive(Debug)]
pub struct Family {
    pub name: String,
    pub label: String,
    pub threshold: u32,
    pub weight: u32,
    pub signs: Vec<Evidence>,
    pub unsupported: Option<String>,
}

/// A link of the list and what becomes of it.
#[derive(Debug)]
pub struct Entry {
    pub named: Named,
    pub fate: Fate,
}

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It would be fetched and read.
    Taken,
    /// The title does not tell: the page itself decides.
    Unsure,
    /// It is no report; a word of `words::set_aside`.
    Refused(&'static str),
    /// It lies on a host that the portal does not cover.
    Foreign,
}

impl Fate {
    /// The word used in JSON and as the key of its name for people.
    pub fn word(&self) -> &'static str {
        match self {
            Fate::Taken => "taken",
            Fate::Unsure => "unsure",
            Fate::Refused(_) => "refused",
            Fate::Foreign => "foreign",
        }
    }
}

/// A body as a document and as a report.
#[derive(Debug)]
pub struct DocumentSeen {
    pub media: Media,
    /// Whether the bytes alone tell the format, or header and name had to help.
    pub by_bytes: bool,
    /// How its text was decoded, for formats that are text.
    pub charset: Option<Charset>,
    pub document: Document,
    pub read: ReadReport,
    /// The printed labels of each figure, by its id.
    pub paths: HashMap<String, LabelPath>,
    pub outcomes: Vec<Outcome>,
}

/// How a text was decoded; `text::Decoded` without the text.
#[derive(Debug)]
pub struct Charset {
    pub name: &'static str,
    pub declared_otherwise: Option<String>,
    pub damaged: bool,
}

/// Goes the way of a visit with one address or file.
pub fn probe(given: Given, hints: &Hints, means: &Means<'_>) -> Probed {
    let Given { input, fetched, url, bytes } = given;
    let content_type = fetched.as_ref().and_then(|fetched| fetched.media.clone());
    let good = fetched.as_ref().is_none_or(|fetched| fetched.result == FetchResult::Ok);
    let name = url.as_ref().map_or(input.as_str(), Url::as_str);
    let origin = Origin { content_type: content_type.as_deref(), name: Some(name) };
    let seen = good.then(|| document_seen(&bytes, origin, hints, means));
    let asked = fetched.as_ref().map(|fetched| fetched.url.clone()).or(url.clone());
    let list = match (&seen, asked, url) {
        (Some(seen), Some(asked), Some(url)) if matches!(seen.media, Media::Html | Media::Text) => {
            Some(list_seen(asked, &url, &decode(&bytes, content_type.as_deref()).text, means))
        }
        _ => None,
    };
    Probed { input, fetched, bytes: bytes.len(), sha256: hex(&Sha256::digest(&bytes)), list, seen }
}

fn document_seen(bytes: &[u8], origin: Origin<'_>, hints: &Hints, means: &Means<'_>) -> DocumentSeen {
    let media = document::sniff(bytes, origin);
    let text = matches!(media, Media::Html | Media::Text);
    let document = means.judge.convert(bytes, origin);
    let read = means.judge.extract(&document, hints);
    let figures = read.report.as_ref().map(|report| report.figures.as_slice()).unwrap_or_default();
    DocumentSeen {
        media,
        by_bytes: document::sniff(bytes, Origin::default()) == media,
        charset: text.then(|| {
            let decoded = decode(bytes, origin.content_type);
            Charset { name: decoded.charset, declared_otherwise: decoded.declared_otherwise, damaged: decoded.damaged }
        }),
        paths: extract::label_paths(&document, figures),
        outcomes: means.judge.check_alone(&read, hints, None, means.now),
        document,
        read,
    }
}

/// One page as the first of a walk.
fn list_seen(asked: Url, url: &Url, body: &str, means: &Means<'_>) -> ListSeen {
    let mut walk = Walk::start(&means.portal, asked.clone(), means.profiles, Limits::default());
    walk.step(&ListPage { asked: &Request::get(asked), url, body, charset: "UTF-8" });
    let awaited = walk.awaited();
    let listing = walk.finish();
    let entry = |entry: &ReportRef, fate: Option<Fate>| {
        let named = named(entry, &means.portal.id, means.roster);
        let fate = fate.unwrap_or(match named.kind {
            crawl::Kind::Report => Fate::Taken,
            crawl::Kind::Unsure => Fate::Unsure,
            crawl::Kind::LookAlike(reason) => Fate::Refused(reason.word()),
        });
        Entry { named, fate }
    };
    let taken = listing.entries.iter().map(|it| entry(it, None));
    let refused = listing.set_aside.iter().map(|it| entry(&it.entry, Some(Fate::Refused(it.reason))));
    let foreign = listing.foreign.iter().map(|it| entry(it, Some(Fate::Foreign)));
    let families = families(means.profiles, url, body);
    ListSeen {
        chosen: chosen(&means.portal, &listing.profile, &families),
        profile: listing.profile,
        families,
        entries: taken.chain(refused).chain(foreign).collect(),
        awaited,
        problems: listing.problems.into_iter().filter(|problem| !UNFINISHED.contains(&problem.code.as_str())).collect(),
    }
}

/// That the walk ends after one page is the probe's doing, not the portal's.
const UNFINISHED: [&str; 2] = ["list-not-finished", "paging-not-understood"];

fn families(profiles: &[Profile], url: &Url, body: &str) -> Vec<Family> {
    let family = |weighed: crawl::Weighed<'_>| Family {
        name: weighed.profile.name.clone(),
        label: weighed.profile.label.clone(),
        threshold: weighed.profile.threshold,
        weight: weighed.weight,
        signs: weighed.signs.into_iter().cloned().collect(),
        unsupported: weighed.profile.unsupported.clone(),
    };
    crawl::weigh(profiles, url, body).into_iter().map(family).collect()
}

fn chosen(portal: &Portal, profile: &str, families: &[Family]) -> &'static str {
    let recognised = families.iter().any(|family| family.name == profile && family.weight >= family.threshold.max(1));
    match portal.profile.as_str() {
        "auto" if recognised => "evidence",
        named if named == profile => "portal",
        _ => "fallback",
    }
}

impl DocumentSeen {
    /// Whether the body is certainly a report: by its sections and tables, or by what the page calls itself.
    fn holds_report(&self) -> bool {
        let holds = |report: &Report| {
            let sections = report.sections.iter().filter(|section| section.found).count();
            sections >= 2 || report.tables.iter().any(|table| table.found)
        };
        // A column calls itself 政府信息公开年报 too, but of no year.
        let told = self.document.title.as_deref().map(|title| crawl::sort(title, None));
        let titled = told.is_some_and(|title| title.kind == crawl::Kind::Report && title.year.is_some());
        self.read.report.as_ref().is_some_and(holds) || titled
    }
}

impl Probed {
    /// What the page is, all in all. A report's page has links beside it, and titles of reports stand in lists: what the
    /// page holds and what it calls itself decide.
    pub fn kind(&self) -> Kind {
        let Some(seen) = &self.seen else { return Kind::Unknown };
        let listed = self.list.as_ref().is_some_and(|list| self.is_offered(list));
        let leads_on = self.list.as_ref().is_some_and(|list| !list.awaited.is_empty());
        match seen.read.outcome {
            ReadOutcome::Read if seen.holds_report() && leads_on => Kind::Both,
            ReadOutcome::Read if seen.holds_report() || !listed => Kind::Report,
            ReadOutcome::Unreadable if !listed => Kind::Unknown,
            ReadOutcome::NotAReport if !listed => Kind::Other,
            _ => Kind::List,
        }
    }

    /// Whether a list offers anything but the page itself.
    fn is_offered(&self, list: &ListSeen) -> bool {
        let own = |entry: &Entry| self.fetched.as_ref().is_some_and(|it| it.final_url.as_str() == entry.named.entry.url);
        let counts = |entry: &Entry| !matches!(entry.fate, Fate::Refused(_)) && !own(entry);
        list.awaited.iter().any(|awaited| awaited.what == "column") || list.entries.iter().any(counts)
    }

    /// What robots.txt said: `allowed`, `denied`, or `not-asked` where it did not come to that.
    pub fn robots(&self) -> Option<&'static str> {
        let fetched = self.fetched.as_ref()?;
        Some(match fetched.result {
            FetchResult::Blocked(BlockedKind::Robots) => "denied",
            _ if fetched.status != 0 || !fetched.hops.is_empty() => "allowed",
            _ => "not-asked",
        })
    }
}
