//! Feeds for readers (RSS, Atom) and maps of sites (sitemap.xml), as lists.
//!
//! They are read by their tags alone: what is wanted of them is little, and many are not well formed.
//! A feed shows the newest entries only, so it never proves that something is not there.

use super::page::{Page, PageLink};
use crate::text::dates::dates;
use regex::Regex;
use std::io::Read;
use std::sync::LazyLock;
use url::Url;

/// Most addresses taken from one map, and most bytes that one may unpack to.
const MOST: usize = 20_000;
const MOST_BYTES: u64 = 20_000_000;

static ITEM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<(?:item|entry)[\s>](.*?)</(?:item|entry)>").expect("the pattern is a literal"));
static LOCATION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<loc>(.*?)</loc>").expect("the pattern is a literal"));

/// Whether a body is a feed, which shows the newest entries only.
pub(super) fn is_newest_only(body: &str) -> bool {
    let head = head_of(body);
    head.contains("<rss") || head.contains("<rdf:RDF") || (head.contains("<feed") && head.contains("www.w3.org/2005/Atom"))
}

fn head_of(body: &str) -> &str {
    let end = body.char_indices().nth(600).map_or(body.len(), |(at, _)| at);
    &body[..end]
}

/// A feed's entries; nothing where the body is no feed.
pub(super) fn read(url: &Url, body: &str) -> Option<Page> {
    if !is_newest_only(body) {
        return None;
    }
    let entry = |item: &str| {
        let address = inner(item, "link").filter(|link| !link.is_empty()).or_else(|| attribute(item, "link", "href"))?;
        let date = ["pubDate", "dc:date", "updated", "published"].iter().find_map(|tag| date_of(&inner(item, tag)?));
        Some(PageLink::entry(url.join(&address).ok()?, &inner(item, "title")?, date))
    };
    let links = ITEM.captures_iter(body).take(MOST).filter_map(|item| entry(&item[1])).collect();
    Some(Page { links, is_feed: true, ..Page::default() })
}

/// Further maps, and addresses, that a map of a site names.
pub(super) fn addresses(url: &Url, body: &str) -> (Vec<Url>, Vec<Url>) {
    let found = LOCATION.captures_iter(body).take(MOST).filter_map(|found| url.join(&plain(&found[1])).ok()).collect();
    if head_of(body).contains("<sitemapindex") { (found, Vec::new()) } else { (Vec::new(), found) }
}

/// A body without the gzip around it that maps are often kept in; within bounds, and as it is where it is none.
pub fn unpacked(body: Vec<u8>) -> Vec<u8> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return body;
    }
    let mut plain = Vec::new();
    match flate2::read::MultiGzDecoder::new(body.as_slice()).take(MOST_BYTES).read_to_end(&mut plain) {
        Ok(_) => plain,
        Err(_) => body,
    }
}

/// The text of the first element of this name, CDATA opened.
fn inner(item: &str, tag: &str) -> Option<String> {
    let mut rest = item;
    loop {
        let (_, behind) = rest.split_once(&format!("<{tag}"))?;
        if behind.starts_with(['>', ' ', '\n', '\t', '\r']) {
            let (opening, content) = behind.split_once('>')?;
            if opening.ends_with('/') {
                return None;
            }
            return Some(plain(content.split_once(&format!("</{tag}>"))?.0));
        }
        rest = behind;
    }
}

/// An attribute of the first element of this name.
fn attribute(item: &str, tag: &str, name: &str) -> Option<String> {
    let (opening, _) = item.split_once(&format!("<{tag} "))?.1.split_once('>')?;
    let value = opening.split_once(&format!("{name}="))?.1;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(plain(value[1..].split(quote).next()?))
}

/// Text as it reads: without CDATA, with the five entities of XML.
fn plain(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")).unwrap_or(text);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
        .trim()
        .to_owned()
}

/// A date of a feed, in Beijing: RFC 2822, RFC 3339, or as Chinese pages print it.
fn date_of(text: &str) -> Option<crate::model::Date> {
    let zone = chrono::FixedOffset::east_opt(8 * 3600)?;
    let parsed = chrono::DateTime::parse_from_rfc2822(text).or_else(|_| chrono::DateTime::parse_from_rfc3339(text)).ok();
    parsed.map(|time| time.with_timezone(&zone).date_naive()).or_else(|| Some(dates(text).first()?.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_and_maps_are_read_by_their_tags() {
        let url = Url::parse("http://www.yunxi.example/rss.xml").unwrap();
        let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>云溪市</title><item><title><![CDATA[青石镇2024年政府信息公开工作年度报告]]></title>\
            <link>/a/1.html?a=1&amp;b=2</link><pubDate>Tue, 14 Jan 2025 20:00:00 GMT</pubDate></item></channel></rss>";
        let page = read(&url, rss).unwrap();
        assert_eq!(page.links[0].url.as_str(), "http://www.yunxi.example/a/1.html?a=1&b=2");
        assert_eq!(page.links[0].date.unwrap().to_string(), "2025-01-15", "the day is Beijing's");
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>a</title><link rel=\"alternate\" href=\"/b\"/><updated>2025-01-14T01:00:00+08:00</updated></entry></feed>";
        assert_eq!(read(&url, atom).unwrap().links[0].url.path(), "/b");
        assert!(read(&url, "<html><body>rss</body></html>").is_none());
        let map = "<urlset><url><loc> http://www.yunxi.example/xxgknb/ </loc></url></urlset>";
        assert_eq!(addresses(&url, map).1[0].path(), "/xxgknb/");
        assert_eq!(
            addresses(&url, "<sitemapindex><sitemap><loc>/1.xml.gz</loc></sitemap></sitemapindex>").0[0].path(),
            "/1.xml.gz"
        );
        assert_eq!(unpacked(vec![0x1f, 0x8b, 1]), vec![0x1f, 0x8b, 1]);
    }
}
