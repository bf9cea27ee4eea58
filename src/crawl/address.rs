//! What an address tells without being looked at: whether it names a list, an article or a file, and which
//! addresses are one page.

use super::paging::folder_of;
use super::title_parts::years_of;
use regex::Regex;
use std::sync::LazyLock;
use url::Url;

/// What the addresses of a page are relative to, and the encoding that it is in: Chinese letters in the query of an address
/// are sent in the page's own, as every browser does.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) url: Url,
    pub(super) charset: &'static str,
}

impl From<&Url> for Base {
    fn from(url: &Url) -> Base {
        Base { url: url.clone(), charset: "UTF-8" }
    }
}

impl Base {
    /// The address that a text of the page means.
    pub(super) fn join(&self, address: &str) -> Option<Url> {
        let options = Url::options().base_url(Some(&self.url));
        options.encoding_override(Some(&|text| crate::text::encode(text, self.charset))).parse(address).ok()
    }
}

/// Slugs that columns of annual reports have.
pub(super) fn address_speaks_of_reports(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ["gknb", "gkndbg", "ndbg", "nianbao", "annual"].iter().any(|slug| path.contains(slug))
}

/// Whether an address, of which nothing else is known, may be the column's.
pub(super) fn leads_to_reports(url: &Url) -> bool {
    address_speaks_of_reports(url) && !is_article(url) && !is_file(url)
}

/// Whether two addresses are the same page.
pub(super) fn same_page(a: &Url, b: &Url) -> bool {
    identity(a) == identity(b)
}

/// What an address is known by: no scheme, no fragment, no session, `index.html` as its folder.
pub(super) fn identity(url: &Url) -> String {
    let path = url.path();
    let path = path.find(";jsessionid").map_or(path, |at| &path[..at]);
    let path = ["index.html", "index.htm", "index.shtml"]
        .iter()
        .find_map(|file| path.strip_suffix(file).filter(|folder| folder.ends_with('/')))
        .unwrap_or(path);
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let query = url.query().filter(|query| !query.is_empty()).map_or(String::new(), |query| format!("?{query}"));
    format!("{}{port}{path}{query}", url.host_str().unwrap_or(""))
}

/// Whether an address lies in a folder below the page's, or is the same page with another query.
pub(super) fn is_below(url: &Url, page: &Url) -> bool {
    let folder = folder_of(page);
    url.host_str() == page.host_str()
        && ((url.path().starts_with(folder) && folder.len() > 1 && identity(url) != identity(page))
            || (url.path() == page.path() && url.query() != page.query()))
}

/// Whether an address lies in the folder whose own page another one is.
pub(super) fn lies_in(url: &Url, column: &Url) -> bool {
    let (folder, file) = (folder_of(column), column.path().rsplit('/').next().unwrap_or(""));
    let of_folder = folder.len() > 1 && (file.is_empty() || file.starts_with("index."));
    of_folder && url.host_str() == column.host_str() && url.path().starts_with(folder) && !same_page(url, column)
}

/// Whether an address is the page's own but for one part that holds a year: …/2024n/index.html, …/2021n/index.html.
pub(super) fn differs_in_a_year(url: &Url, page: &Url) -> bool {
    let (own, other): (Vec<&str>, Vec<&str>) = (page.path().split('/').collect(), url.path().split('/').collect());
    let differing: Vec<&str> = own.iter().zip(&other).filter(|(a, b)| a != b).map(|(_, other)| *other).collect();
    url.host_str() == page.host_str()
        && own.len() == other.len()
        && matches!(differing.as_slice(), [part] if !years_of(part).is_empty())
}

/// Whether an address names a list rather than an article.
pub(super) fn looks_like_column(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let file = path.rsplit('/').next().unwrap_or("");
    file.is_empty()
        || file.starts_with("index.")
        || file.starts_with("list")
        || path.contains("/col/")
        || path.contains("showlist")
}

/// Whether an address names an article, by the habits of the families.
pub(super) fn is_article(url: &Url) -> bool {
    static ARTICLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"/t\d{8}_\d+\.|/art_\d+_|/art_[0-9a-f]{32}|/info/\d+/\d+\.htm|/[0-9a-f]{32}\.s?html|/post_\d+\.|/content_\d+")
            .expect("the pattern is a literal")
    });
    ARTICLE.is_match(url.path())
}

/// Whether an address names a document to be read rather than a page.
pub(super) fn is_file(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ["pdf", "doc", "docx", "wps", "xls", "xlsx", "ofd", "odt", "zip", "rar", "jpg", "jpeg", "png", "gif", "ceb"]
        .iter()
        .any(|ending| path.rsplit_once('.').is_some_and(|(_, last)| last == *ending))
}
