//! How answers are given: JSON with an ETag, pages of a list, the query of a list, the language.

use super::App;
use super::error::{ApiError, say};
use super::filter::Filter;
use crate::words::Lang;
use axum::body::Bytes;
use axum::extract::Query;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Objects on one page of a list, unless another number is asked for.
const PAGE: usize = 100;
/// The most objects on one page.
const LARGEST_PAGE: usize = 1000;

/// What may be asked of a list. An unknown word is refused: a misspelt filter must not show everything.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    pub(super) limit: Option<String>,
    pub(super) cursor: Option<String>,
    portal: Option<String>,
    agency: Option<String>,
    year: Option<String>,
    rule: Option<String>,
    severity: Option<String>,
    state: Option<String>,
    pub(super) lang: Option<String>,
}

impl ListQuery {
    /// The query of an address.
    pub(super) fn of(uri: &Uri) -> Result<ListQuery, ApiError> {
        query(uri)
    }

    /// The filter it asks for.
    pub(super) fn filter(&self) -> Result<Filter, ApiError> {
        let words = [&self.portal, &self.agency, &self.year, &self.rule, &self.severity, &self.state];
        Filter::parse(words.map(|word| word.as_deref().filter(|word| !word.is_empty()))).map_err(ApiError::BadRequest)
    }

    /// Whether texts in JSON are to be English: only where `lang=en` says so.
    pub(super) fn english(&self) -> bool {
        self.lang.as_deref() == Some("en")
    }

    /// Cuts a list, which is in the order of its keys, to the page that was asked for.
    pub(super) fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Result<(Vec<T>, Option<String>), ApiError> {
        let bad = |what: &str| ApiError::BadRequest(say(format!("{what} 不对"), format!("the {what} is wrong")));
        let limit = match &self.limit {
            Some(limit) => limit.parse().ok().filter(|limit| *limit > 0).ok_or_else(|| bad("limit"))?,
            None => PAGE,
        };
        let limit = limit.min(LARGEST_PAGE);
        items.sort_by_cached_key(&key);
        if let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            let after = from_hex(cursor).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| bad("cursor"))?;
            items.retain(|item| key(item) > after);
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| to_hex(key(last).as_bytes()));
        Ok((items, next))
    }
}

/// The query of an address as a struct.
pub(super) fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, ApiError> {
    let parsed = Query::try_from_uri(uri);
    parsed.map(|Query(query)| query).map_err(|error| {
        let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        ApiError::BadRequest(say(format!("查询参数有误：{why}"), format!("the query is wrong: {why}")))
    })
}

/// A body that was read whole.
pub(super) fn body(read: Result<Bytes, BytesRejection>, limit: usize) -> Result<Bytes, ApiError> {
    read.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(limit),
        _ => ApiError::BadRequest(say("请求内容没有收全", "the body did not arrive whole")),
    })
}

/// A body as the JSON of a struct: 400 where it is no JSON, 422 where it is not this struct's.
pub(super) fn body_as<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let why = |error: &serde_json::Error| say(format!("请求内容有误：{error}"), format!("the body is wrong: {error}"));
    let value: Value = serde_json::from_slice(body).map_err(|error| ApiError::BadRequest(why(&error)))?;
    T::deserialize(value).map_err(|error| ApiError::Invalid(why(&error)))
}

/// A page of a list.
pub(super) fn items(headers: &HeaderMap, items: Vec<Value>, next: Option<String>) -> Response {
    json(headers, &json!({"items": items, "next": next}))
}

/// JSON with an ETag; 304 where the visitor has it already.
pub(super) fn json(headers: &HeaderMap, value: &Value) -> Response {
    tagged(headers, "application/json", value.to_string().into())
}

/// A body with an ETag; 304 where the visitor has it already.
pub(super) fn tagged(headers: &HeaderMap, media: &'static str, body: Bytes) -> Response {
    // Weak: what is sent may be packed on the way.
    let tag = format!("W/\"{}\"", to_hex(&Sha256::digest(&body)[..12]));
    if knows(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::ETAG, tag), (header::CONTENT_TYPE, media.to_owned())], body).into_response()
}

/// Whether `If-None-Match` names a tag, compared weakly.
fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

/// The language of problem documents: `?lang=`, else `Accept-Language`, else the configured one.
pub(super) fn problem_lang(app: &App, uri: &Uri, headers: &HeaderMap) -> Lang {
    asked_lang(uri).or_else(|| accepted_lang(headers)).unwrap_or_else(|| app.office.config().service.lang)
}

/// The language of pages: `?lang=`, else the office's own, whatever a browser was installed with.
pub(super) fn page_lang(app: &App, uri: &Uri) -> Lang {
    asked_lang(uri).unwrap_or_else(|| app.office.config().service.lang)
}

fn asked_lang(uri: &Uri) -> Option<Lang> {
    #[derive(Deserialize)]
    struct Asked {
        lang: Option<String>,
    }
    Query::<Asked>::try_from_uri(uri).ok().and_then(|Query(asked)| Lang::parse(&asked.lang?))
}

/// The first language of `Accept-Language` that we speak; browsers and people list the best one first.
fn accepted_lang(headers: &HeaderMap) -> Option<Lang> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    accepted.split(',').find_map(|item| {
        let tag = item.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Lang::parse(tag.split('-').next().unwrap_or_default())
    })
}

/// Lower-case hex of bytes.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2).and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn list(query: &str) -> ListQuery {
        ListQuery::of(&format!("/x?{query}").parse().unwrap()).unwrap()
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repeat() {
        let all: Vec<String> = (0..25).map(|n| format!("单位{n:02}")).collect();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        for pages in 1.. {
            let (items, next) = list(&format!("limit=10&cursor={cursor}")).page(all.clone(), Clone::clone).unwrap();
            seen.extend(items);
            match next {
                Some(next) => cursor = next,
                None => {
                    assert_eq!(pages, 3);
                    break;
                }
            }
        }
        assert_eq!(seen, all);
        for query in ["limit=0", "limit=x", "cursor=zz", "cursor=abc", "cursor=é"] {
            assert!(list(query).page(all.clone(), Clone::clone).is_err(), "{query}");
        }
    }

    #[test]
    fn a_misspelt_filter_is_refused() {
        for query in ["sevrity=error", "state=standing&state=open"] {
            assert!(ListQuery::of(&format!("/x?{query}").parse().unwrap()).is_err(), "{query}");
        }
        for query in ["year=x", "severity=fatal", "state=gone"] {
            assert!(list(query).filter().is_err(), "{query}");
        }
    }

    #[test]
    fn tags_are_compared_weakly() {
        for (value, knows_it) in [("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"ab\"", false), ("", false)] {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
            assert_eq!(knows(&headers, "W/\"a\""), knows_it, "{value}");
        }
    }

    #[test]
    fn the_first_language_we_speak_is_taken() {
        for (value, lang) in
            [("en-GB,en;q=0.9", Some(Lang::En)), ("zh-CN", Some(Lang::Zh)), ("fr, en;q=0.5", Some(Lang::En)), ("fr", None)]
        {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value))]);
            assert_eq!(accepted_lang(&headers), lang, "{value}");
        }
    }
}
