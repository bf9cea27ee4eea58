//! What all pages share: the frame, badges, times, links, and whether a quote may be shown.

use super::super::App;
use super::super::reply::page_lang;
use super::words as w;
use crate::model::{FindingState, RunState, Severity, Time};
use crate::obligations::AgencyState;
use crate::words::{self, Lang, Word};
use axum::http::Uri;

/// The frame of a page: language, names, where the links go.
pub(super) struct Head {
    pub(super) lang: Lang,
    /// Name of the office or area; may be empty.
    pub(super) office: String,
    /// Which entry of the navigation this is: `front`, `findings`, or none.
    pub(super) here: &'static str,
    /// This page in the other language.
    pub(super) other: String,
    /// Now, in the office's zone.
    pub(super) now: String,
    zone: chrono_tz::Tz,
}

impl Head {
    /// The frame of the page at an address.
    pub(super) fn of(app: &App, uri: &Uri, here: &'static str) -> Head {
        let (config, lang) = (app.office.config(), page_lang(app, uri));
        let zone = config.service.timezone;
        let mut head =
            Head { lang, office: config.service.title.clone(), here, other: other_lang(uri, lang), now: String::new(), zone };
        head.now = head.time(app.office.pipeline().now());
        head
    }

    /// A phrase in the page's language.
    pub(super) fn t(&self, word: Word) -> &'static str {
        word.text(self.lang)
    }

    /// A phrase with its gaps filled.
    pub(super) fn with(&self, word: Word, arguments: &[&str]) -> String {
        word.with(self.lang, arguments)
    }

    /// The product's name, then the office's.
    pub(super) fn title(&self) -> String {
        if self.office.is_empty() {
            self.t(w::SUBTITLE).to_owned()
        } else {
            format!("{} · {}", self.office, self.t(w::SUBTITLE))
        }
    }

    /// An address of ours that keeps the language of this page.
    pub(super) fn link(&self, path: &str) -> String {
        let (path, place) = path.split_at(path.find('#').unwrap_or(path.len()));
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{path}{sign}lang={}{place}", self.lang.word())
    }

    /// A time in the office's zone, to the minute.
    pub(super) fn time(&self, time: Time) -> String {
        time.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The program's version.
    pub(super) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    pub(super) fn is_english(&self) -> bool {
        self.lang.is_english()
    }
}

/// This address with the other language.
fn other_lang(uri: &Uri, lang: Lang) -> String {
    let other = if lang.is_english() { "zh" } else { "en" };
    let query = uri.query().unwrap_or_default();
    let kept: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("lang=")).collect();
    let kept = if kept.is_empty() { String::new() } else { format!("{}&", kept.join("&")) };
    format!("{}?{kept}lang={other}", uri.path())
}

/// A word in a coloured frame; the word says it all, the colour only repeats it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Badge {
    pub(super) text: String,
    /// A class of the style sheet: good, bad, warn, info, plain.
    pub(super) tone: &'static str,
}

impl Badge {
    pub(super) fn severity(severity: Severity, lang: Lang) -> Badge {
        let tone = match severity {
            Severity::Error => "bad",
            Severity::Warn => "warn",
            Severity::Info => "info",
        };
        Badge { text: words::severity(severity.word(), lang).to_owned(), tone }
    }

    pub(super) fn agency(state: AgencyState, lang: Lang) -> Badge {
        let tone = match state {
            AgencyState::Published => "good",
            AgencyState::Missing | AgencyState::Withdrawn => "bad",
            AgencyState::Late | AgencyState::Moved => "warn",
            AgencyState::Due | AgencyState::NotDue => "info",
            AgencyState::Blocked | AgencyState::Unknown => "plain",
        };
        Badge { text: words::agency_state(state.word(), lang).to_owned(), tone }
    }

    pub(super) fn finding(state: FindingState, lang: Lang) -> Badge {
        let tone = match state {
            FindingState::Overdue | FindingState::Reopened => "bad",
            FindingState::Open => "warn",
            FindingState::Confirmed | FindingState::Notified | FindingState::Replied => "info",
            FindingState::Resolved => "good",
            FindingState::Dismissed | FindingState::Waived => "plain",
        };
        Badge { text: words::finding_state(state.word(), lang).to_owned(), tone }
    }

    pub(super) fn run(state: RunState, lang: Lang) -> Badge {
        let tone = match state {
            RunState::Complete => "good",
            RunState::Failed | RunState::Blocked => "bad",
            RunState::Partial => "warn",
            RunState::Queued | RunState::Running => "info",
        };
        Badge { text: words::run_state(state.word(), lang).to_owned(), tone }
    }
}

/// A part of an address, with everything escaped that has a meaning there.
pub(super) fn escaped(part: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    part.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// An address that may stand behind a link: what was read on a foreign page may be anything.
pub(super) fn web(url: &str) -> Option<String> {
    url::Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(|url| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_escaped_and_only_web_addresses_are_links() {
        assert_eq!(escaped("云溪/2025?"), "%E4%BA%91%E6%BA%AA%2F2025%3F");
        assert_eq!(web("https://gov.example/a b").as_deref(), Some("https://gov.example/a%20b"));
        assert_eq!(web("javascript:alert(1)"), None);
        assert_eq!(web("//x"), None);
    }

    #[test]
    fn a_link_keeps_the_language_before_the_place_on_the_page() {
        let nothing = String::new();
        let head = Head {
            lang: Lang::En,
            office: nothing.clone(),
            here: "",
            other: nothing.clone(),
            now: nothing,
            zone: chrono_tz::UTC,
        };
        assert_eq!(head.link("/?state=missing#agencies"), "/?state=missing&lang=en#agencies");
        assert_eq!(head.link("/#agencies"), "/?lang=en#agencies");
    }

    #[test]
    fn the_other_language_keeps_the_query() {
        assert_eq!(other_lang(&"/x?state=missing&lang=zh".parse().unwrap(), Lang::Zh), "/x?state=missing&lang=en");
        assert_eq!(other_lang(&"/".parse().unwrap(), Lang::En), "/?lang=zh");
    }
}
