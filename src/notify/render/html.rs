//! A digest as one HTML page: readable in a browser, on A4 paper and in a mail program.
//!
//! Mail programs know tables and inline styles and little else, so that is what the template is made of.
//! It loads nothing from anywhere: no picture, font or script.

use super::view::{Body, Tone, View};
use crate::model::Digest;
use crate::words::{self, Lang};
use askama::Template;

/// The page's template; every value is escaped by it.
#[derive(Template)]
#[template(path = "digest.html")]
struct Page<'a> {
    view: &'a View,
    composed: &'a str,
    why: &'a str,
}

/// The text colour of a tone: dark enough to read on its background and on paper.
fn ink(tone: &Tone) -> &'static str {
    match tone {
        Tone::Plain => "#3d4a5c",
        Tone::Good => "#1a6e3c",
        Tone::Bad => "#b3261e",
        Tone::Warn => "#8f5400",
        Tone::Info => "#1f4f9c",
    }
}

/// The pale background of a tone.
fn wash(tone: &Tone) -> &'static str {
    match tone {
        Tone::Plain => "#eef1f5",
        Tone::Good => "#e4f3e9",
        Tone::Bad => "#fbe7e5",
        Tone::Warn => "#fcf0da",
        Tone::Info => "#e5edfa",
    }
}

/// The full colour of a tone, for bars.
fn bar(tone: &Tone) -> &'static str {
    match tone {
        Tone::Plain => "#b4bfcc",
        Tone::Good => "#3a9b62",
        Tone::Bad => "#cf4238",
        Tone::Warn => "#dd9a2b",
        Tone::Info => "#6d9be0",
    }
}

/// The digest as a whole HTML page.
///
/// # Errors
/// Only where the template engine fails, which no digest is known to cause.
pub fn html(digest: &Digest, lang: Lang) -> Result<String, askama::Error> {
    let view = View::of(digest, lang);
    Page { view: &view, composed: words::COMPOSED.text(lang), why: words::WHY_NOW.text(lang) }.render()
}
