//! Lists that a page's own scripts carry, as data (`var list = [{title: …, url: …}]`) or as markup that is written out.
//!
//! Nothing is run. An object with a title and an address is a row, and so is a piece of text with a whole link in it;
//! they are looked for only where the page itself shows no list, for what a script writes out is not always shown.

use super::address::{Base, identity};
use super::fields::date_of;
use super::page::{Page, PageLink};
use super::title_parts::Parts;
use crate::rules::ListForm;
use regex::Regex;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Most rows taken from the scripts of one page.
const MOST: usize = 5_000;
/// Most bytes of the object that is one row.
const LONGEST: usize = 8_000;

/// Most pieces of a script that are tried as whole data.
const MOST_TRIES: usize = 100;

/// Names of fields with a title, and with an address, the surest first.
const TITLES: [&str; 7] = ["realtitle", "title", "infotitle", "doctitle", "name", "text", "bt"];
const ADDRESSES: [&str; 10] = ["url", "href", "link", "linkurl", "infourl", "docpuburl", "docurl", "puburl", "path", "curl"];

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("the pattern is a literal"));
    };
}

// What may begin a piece of JSON, but no block of a program.
pattern!(DATA, r#"(?:=|\(|^|\n)\s*(?:\{\s*"|\[\s*[\[{"])"#);
pattern!(PAGES_ON, r"(?i)\+\+\s*(?:\w+\.)?\w*page|page\w*\s*\+\+|page\w*\s*\+=\s*1");
pattern!(
    ONE_MORE,
    r"(?i)(\w*page\w*)\s*=\s*(?:(?:parseInt|Number)\s*\(\s*)?(?:\w+\.)*(\w*page\w*)\s*(?:,\s*10\s*)?\)?\s*\+\s*1\b"
);
pattern!(
    TOTAL,
    r#"(?i)\b(?:total|totalCount|totalRecords?|totalElements|totalNum|totalRows?|recordCount|rowCount|dataCount)['"]?\s*[:=]\s*['"]?(\d{1,6})\b"#
);
pattern!(OBJECT, r"\{[^{}]+\}");
pattern!(FIELD, r#"["']?\b([A-Za-z_]+)["']?\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[0-9]+)"#);
pattern!(TUPLE, r#"[\[(](?:\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?)+[\])]"#);

/// The rows that the scripts of a page carry, in whichever ways, each address once, and whether there may be more than was
/// looked through. Addresses are relative to `base`. A way none of whose rows names a report, or is no more than a year, is
/// left out: banners and menus are written in the same ways.
pub(super) fn rows(base: &Base, scripts: &str) -> (Vec<PageLink>, bool) {
    let (whole, rest, cut) = data(base, scripts);
    let objects = OBJECT.find_iter(&rest).map(|object| object.as_str()).filter(|object| object.len() <= LONGEST);
    let ways: [Vec<PageLink>; 4] = [
        whole,
        objects.filter_map(|object| row(base, object)).take(MOST).collect(),
        TUPLE.find_iter(&rest).filter_map(|found| tuple(base, found.as_str())).take(MOST).collect(),
        written(base, &rest),
    ];
    let cut = cut || ways.iter().any(|rows| rows.len() >= MOST);
    let (mut known, mut joined) = (HashSet::new(), Vec::new());
    for rows in ways.into_iter().filter(|rows| rows.iter().any(|row| names_reports(&row.title))) {
        joined.extend(rows.into_iter().filter(|row| known.insert(identity(&row.url))));
    }
    (joined, cut)
}

fn names_reports(title: &str) -> bool {
    let parts = Parts::of(title);
    ["报告", "年报"].iter().any(|word| title.contains(word)) || parts.year().is_some() && parts.without_years().is_empty()
}

/// Rows in what scripts hold as whole JSON, however deep: `window.__INITIAL_STATE__ = {…}`, `JSON.parse("…")`, a block of data.
/// With them what is left of the scripts without these pieces, and whether there were more pieces than are tried.
fn data(base: &Base, scripts: &str) -> (Vec<PageLink>, String, bool) {
    let (mut found, mut rest, mut behind, mut tries) = (Vec::new(), String::new(), 0, 0);
    for start in DATA.find_iter(scripts).map(|found| found.start() + found.as_str().find(['[', '{']).unwrap_or_default()) {
        if start < behind {
            continue;
        }
        tries += 1;
        if tries > MOST_TRIES {
            break;
        }
        let (before, mut values) = (found.len(), serde_json::Deserializer::from_str(&scripts[start..]).into_iter::<Value>());
        if let Some(Ok(value)) = values.next() {
            rows_in(base, &value, &mut found);
            if found.len() > before {
                rest.push_str(&scripts[behind..start]);
                behind = start + values.byte_offset();
            }
        }
    }
    rest.push_str(&scripts[behind..]);
    let texts: Vec<&str> = literals(scripts).into_iter().filter(|text| text[1..].starts_with(['{', '['])).collect();
    for text in texts.iter().take(MOST_TRIES) {
        let before = found.len();
        if let Ok(value) = serde_json::from_str::<Value>(&plain(text)) {
            rows_in(base, &value, &mut found);
        }
        if found.len() > before {
            rest = rest.replacen(text, " ", 1);
        }
    }
    (found, rest, tries > MOST_TRIES || texts.len() > MOST_TRIES)
}

fn rows_in(base: &Base, value: &Value, found: &mut Vec<PageLink>) {
    match value {
        _ if found.len() >= MOST => {}
        Value::Object(fields) => {
            let said = |value: &Value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            let told = fields.iter().filter_map(|(name, value)| Some((name.to_ascii_lowercase(), said(value)?))).collect();
            found.extend(row_of(base, told));
            fields.values().for_each(|value| rows_in(base, value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| rows_in(base, item, found)),
        _ => {}
    }
}

/// Whether scripts go from page to page of what they load.
pub(super) fn counts_pages_on(scripts: &str) -> bool {
    PAGES_ON.is_match(scripts) || ONE_MORE.captures_iter(scripts).any(|found| found[1] == found[2])
}

/// How many rows the scripts say that their list has.
pub(super) fn total(scripts: &str) -> Option<usize> {
    TOTAL.captures_iter(scripts).filter_map(|found| found[1].parse().ok()).max()
}

/// An object of a script as a row.
fn row(base: &Base, object: &str) -> Option<PageLink> {
    row_of(base, FIELD.captures_iter(object).map(|field| (field[1].to_ascii_lowercase(), plain(&field[2]))).collect())
}

/// Fields as a row, where one is a title and one an address.
fn row_of(base: &Base, fields: Vec<(String, String)>) -> Option<PageLink> {
    let of = |names: &[&str]| names.iter().find_map(|name| fields.iter().find(|(known, _)| known == name));
    let (named, address) = (of(&TITLES)?, of(&ADDRESSES)?);
    let url =
        super::link::resolve(base, &address.1).filter(|_| named.1.contains(is_chinese) && !address.1.contains(is_chinese))?;
    let others = fields.iter().filter(|field| *field != named && *field != address);
    let date = others.filter_map(|(_, value)| date_of(&Value::from(value.as_str()))).next();
    let title = super::fields::text_of(&Value::from(named.1.as_str()))?;
    Some(PageLink::entry(url, &title, date))
}

/// Texts side by side as a row, `("title", "address", "date")`: the first that speaks Chinese, the first that is an address.
fn tuple(base: &Base, texts: &str) -> Option<PageLink> {
    let texts: Vec<String> = literals(texts).into_iter().map(plain).collect();
    let is_address = |text: &&String| !text.contains(is_chinese) && !text.contains(' ') && text.contains(['/', '.']);
    let address = texts.iter().find(is_address).and_then(|address| super::link::resolve(base, address))?;
    let title = texts.iter().find(|text| text.chars().filter(|c| is_chinese(*c)).count() >= 4)?;
    let date = texts.iter().filter(|text| *text != title).find_map(|text| date_of(&Value::from(text.as_str())));
    Some(PageLink::entry(address, title, date))
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The links of markup that scripts write out: those that stand whole in one piece of text.
fn written(base: &Base, scripts: &str) -> Vec<PageLink> {
    let texts = literals(scripts).into_iter().filter(|text| text.contains("<a "));
    let texts: Vec<String> = texts.map(plain).filter(|text| text.contains("</a>")).take(MOST).collect();
    let records: Vec<&str> = texts.iter().map(String::as_str).collect();
    if records.is_empty() { Vec::new() } else { Page::read(base, "", &records, &ListForm::default()).links }
}

/// The literals of a script, with their quotes, in one pass: a quote that nothing closes is passed over, and so is every
/// later one of its kind.
fn literals(script: &str) -> Vec<&str> {
    let (mut found, mut open): (Vec<&str>, Vec<char>) = (Vec::new(), vec!['"', '\'', '`']);
    let mut rest = script;
    while let Some(start) = rest.find(|c| open.contains(&c)) {
        let text = &rest[start..];
        let quote = text.chars().next().unwrap_or_default();
        let mut escaped = false;
        let end = text.char_indices().skip(1).find(|(_, c)| {
            let closes = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        match end {
            Some((end, _)) => {
                found.push(&text[..=end]);
                rest = &text[end + 1..];
            }
            None => {
                open.retain(|c| *c != quote);
                rest = &text[1..];
            }
        }
    }
    found
}

/// What a literal of a script means: without its quotes, and with what is behind its backslashes.
fn plain(literal: &str) -> String {
    let inner = literal.strip_prefix(['"', '\'', '`']).map_or(literal, |inner| &inner[..inner.len() - 1]);
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, (c == '\\').then(|| chars.next()).flatten()) {
            (_, Some('u')) => {
                let code: String = chars.by_ref().take(4).collect();
                text.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            (_, Some('n' | 't' | 'r')) => text.push(' '),
            (_, Some(escaped)) => text.push(escaped),
            (c, None) => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[test]
    fn rows_are_read_in_every_spelling() {
        let base = Base::from(&Url::parse("http://www.yunxi.example/nb/").unwrap());
        for scripts in [
            r#"var list = [{"id":1,"title":"云溪市财政局2024年年报","url":"a.html","pubDate":"2025-01-14 10:00"}];"#,
            r#"var list = [{"id":1,"title":"\u4e91溪市财政局2024年年报","url":"\/nb\/a.html","time":1736820000000}];"#,
            "var list = [{id: 1, linkurl: '/nb/a.html', name: '云溪市财政局2024年年报', rq: '2025-01-14'}];",
            "document.write('<li><a href=\"a.html\">云溪市财政局2024年年报</a><span>2025-01-14</span></li>');",
            r#"window.__STATE__={"data":[{"page":{"list":[{"cat":{"id":1},"title":"云溪市财政局2024年年报","url":"\u002Fnb\u002Fa.html","d":"2025-01-14"}]}}]};"#,
            r#"var s = JSON.parse('{"list":[{"title":"云溪市财政局2024年年报","url":"a.html","d":"2025-01-14"}]}');"#,
            "a[0] = new Array('云溪市财政局2024年年报', 'a.html', '2025-01-14');",
            r#"s += "<li><a href='a.html'>云溪市财政局2024年年报<\/a> 2025-01-14</li>";"#,
        ] {
            let (rows, _) = rows(&base, scripts);
            let [row] = rows.as_slice() else { panic!("{scripts}: {rows:?}") };
            assert_eq!((row.title.as_str(), row.url.path()), ("云溪市财政局2024年年报", "/nb/a.html"), "{scripts}");
            assert_eq!(row.date.unwrap().to_string(), "2025-01-14", "{scripts}");
        }
        for scripts in [
            "$.ajax({url: '/list.jsp', type: 'post', title: 'x'})",
            "html += '<li><a href=\"' + row.url + '\">' + row.title + '</a></li>';",
            "var a = {title: '提示', url: '请选择'}; \"\\",
        ] {
            assert!(rows(&base, scripts).0.is_empty(), "{scripts}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_script_is_looked_through(scripts in "(\\{|\\}|title:|url:|'|\"|\\\\|u4e|`|<a |</a>|\\PC){0,60}") {
            let base = Base::from(&Url::parse("http://www.yunxi.example/nb/").unwrap());
            proptest::prop_assert!(rows(&base, &scripts).0.len() <= 60);
        }
    }
}
