//! What styles say about elements: which are not shown, and which play the part of a table.
//!
//! Inline styles are taken at their word. Of the page's own style sheets only rules for a single class
//! are, and a class that any other rule shows again (a panel that a click opens) is not hidden.

use super::name::{self, Name};
use std::collections::HashSet;

/// The most bytes of style sheets that are looked at.
const MAX_SHEET: usize = 256 * 1024;

/// Classes that the page's style sheets hide.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    hidden: HashSet<String>,
    shown: HashSet<String>,
    seen: usize,
}

impl Sheet {
    /// Reads one style element.
    pub(super) fn read(&mut self, css: &str) {
        self.seen = self.seen.saturating_add(css.len());
        if self.seen > MAX_SHEET || !shows_or_hides(css.as_bytes()) {
            return;
        }
        let mut rest = css;
        while let Some(open) = rest.find('{') {
            let selectors = rest[..open].rsplit(['}', ';']).next().unwrap_or("").rsplit("*/").next().unwrap_or("").trim();
            let body = &rest[open + 1..];
            // Rules for paper and for small screens stand in blocks of their own.
            let end = if selectors.starts_with('@') { end_of_block(body) } else { body.find('}').unwrap_or(body.len()) };
            let style = body.get(..end).unwrap_or("");
            if !selectors.starts_with('@') && shows_or_hides(style.as_bytes()) {
                self.rule(selectors, &plain(style));
            }
            rest = body.get(end + 1..).unwrap_or("");
        }
    }

    fn rule(&mut self, selectors: &str, style: &str) {
        let hides = hides(style);
        if !hides && !style.contains("display:") && !style.contains("visibility:") {
            return;
        }
        for selector in selectors.split(',').map(str::trim) {
            let single = selector.strip_prefix("div").unwrap_or(selector).strip_prefix('.');
            match single.filter(|class| class.chars().all(is_name)) {
                Some(class) if hides => drop(self.hidden.insert(class.to_owned())),
                _ if hides => {}
                _ => self.shown.extend(selector.split(['.', ' ', '>', ':', '#']).map(str::to_owned)),
            }
        }
    }

    /// Whether one of an element's classes hides it.
    pub(super) fn hides(&self, classes: &str) -> bool {
        !self.hidden.is_empty()
            && classes.split_whitespace().any(|class| self.hidden.contains(class) && !self.shown.contains(class))
    }

    /// Whether there is anything to ask for.
    pub(super) fn is_empty(&self) -> bool {
        self.hidden.is_empty()
    }
}

/// Whether a rule, or any rule of a sheet, may show or hide an element: hardly any does, and this costs less than
/// making it comparable.
fn shows_or_hides(style: &[u8]) -> bool {
    let ends = |at: usize, word: &[u8]| at >= word.len() && style[at - word.len()..at].eq_ignore_ascii_case(word);
    memchr::memchr2_iter(b'y', b'Y', style).any(|at| ends(at, b"displa") || ends(at, b"visibilit"))
        || memchr::memchr_iter(b'-', style).any(|at| ends(at, b"mso"))
}

/// Where a block of rules ends whose brace was opened.
fn end_of_block(body: &str) -> usize {
    let mut depth = 1;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    body.len()
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// A style in lower case without white space.
pub(super) fn plain(style: &str) -> String {
    style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

/// `display:table` and its parts, on elements that are no table.
pub(super) fn part(name: Name, style: &str) -> Option<Name> {
    const STYLED: [&[u8]; 9] = [b"div", b"span", b"ul", b"li", b"p", b"section", b"dl", b"dt", b"dd"];
    if !style.contains("display:table") || !STYLED.iter().any(|styled| Name::of(styled) == name) {
        return None;
    }
    let parts = [("display:table-cell", name::TD), ("display:table-row;", name::TR), ("display:table;", name::TABLE)];
    let style = format!("{style};");
    parts.into_iter().find(|(display, _)| style.contains(display)).map(|(_, part)| part)
}

/// Whether a style hides its element and all inside it.
pub(super) fn hides(style: &str) -> bool {
    style.contains("display:none") || style.contains("visibility:hidden") || style.contains("mso-hide:all")
}

/// The size of letters a style sets: `Some(true)` for none at all, which hides text until something inside sets another.
pub(super) fn shrinks(style: &str) -> Option<bool> {
    let size = style.split("font-size:").nth(1)?.split(';').next()?;
    Some(size.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.').parse::<f32>() == Ok(0.0))
}

#[cfg(test)]
mod tests {
    use super::{Sheet, shrinks};

    #[test]
    fn a_class_is_hidden_only_where_no_rule_shows_it() {
        let mut sheet = Sheet::default();
        sheet.read("/* a */ .gone, div.off {display: none} @media print {.paper{display:none}} .tab{display:none}\n.tab.on{display:block} #x .deep{display:none}");
        for (class, hidden) in [("gone", true), ("a off", true), ("paper", false), ("tab", false), ("deep", false)] {
            assert_eq!(sheet.hides(class), hidden, "{class}");
        }
    }

    #[test]
    fn letters_of_no_size_are_told() {
        for (style, told) in [
            ("font-size:0", Some(true)),
            ("font-size:0px;color:red", Some(true)),
            ("font-size:10pt", Some(false)),
            ("color:red", None),
        ] {
            assert_eq!(shrinks(style), told, "{style}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_sheet_is_read(css in "[.a-c{}@;:, display:none*/一]{0,120}") { Sheet::default().read(&css); }
    }
}
