//! Answers: the page as it should be, or what a fault makes of it.

use super::fault::{Fault, Gate};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use std::hash::{Hash, Hasher};
use std::time::Duration;

/// Bytes that an endless body holds: more than any limit on bodies.
const ENDLESS: u64 = 2 << 30;
/// Bytes of one piece of it.
const PIECE: usize = 64 << 10;
/// The day on which the untouched pages of a site say they were changed last.
const FIRST_EDITION: &str = "2026-01-10T01:00:00Z";

/// One page of the site.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) body: Bytes,
    /// How often it was changed while the site was up; each time makes it a day younger.
    pub(super) edition: u32,
}

impl Page {
    fn etag(&self) -> String {
        let mut hasher = std::hash::DefaultHasher::new();
        self.body.hash(&mut hasher);
        format!("\"{:x}-{:x}\"", self.body.len(), hasher.finish())
    }

    fn last_modified(&self) -> String {
        let first = chrono::DateTime::parse_from_rfc3339(FIRST_EDITION).map(|time| time.to_utc()).unwrap_or_default();
        let changed = first + chrono::Days::new(u64::from(self.edition));
        changed.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Whether the validators of a request still describe this page; an ETag outweighs a date (RFC 9110, 13.2.2).
    fn unchanged(&self, request: &HeaderMap) -> bool {
        match (text(request, &header::IF_NONE_MATCH), text(request, &header::IF_MODIFIED_SINCE)) {
            (Some(tags), _) => tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == self.etag()),
            (None, Some(date)) => date == self.last_modified(),
            (None, None) => false,
        }
    }
}

/// The text of a header, where it is there and is text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Whether a request carries a validator.
pub(super) fn is_conditional(request: &HeaderMap) -> bool {
    request.contains_key(header::IF_NONE_MATCH) || request.contains_key(header::IF_MODIFIED_SINCE)
}

/// The page itself, or 304, delivered the way a fault wants it.
pub(super) fn page(page: &Page, media: &str, delivery: Option<&Fault>, request: &HeaderMap) -> Response {
    let unchanged = page.unchanged(request);
    let mut response = match delivery {
        _ if unchanged => bare(StatusCode::NOT_MODIFIED),
        Some(Fault::Slow { bytes, delay_ms }) => {
            streamed(slowly(page.body.clone(), (*bytes).max(1), Duration::from_millis(*delay_ms)))
        }
        Some(Fault::Cut { missing }) => cut(&page.body, *missing),
        Some(Fault::GzipCut) => gzip_cut(&page.body),
        _ => Response::new(Body::from(page.body.clone())),
    };
    if !unchanged {
        set(&mut response, header::CONTENT_TYPE, media);
    }
    set(&mut response, header::ETAG, &page.etag());
    set(&mut response, header::LAST_MODIFIED, &page.last_modified());
    response
}

/// A short page that says nothing but a status.
pub(super) fn status(code: StatusCode) -> Response {
    let reason = code.canonical_reason().unwrap_or("");
    let mut response =
        html(&format!("<html><head><title>{0} {reason}</title></head><body><h1>{0} {reason}</h1></body></html>", code.as_u16()));
    *response.status_mut() = code;
    response
}

/// A response without a body.
pub(super) fn bare(code: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response
}

/// A redirect with this status.
pub(super) fn redirect(code: StatusCode, to: &str) -> Response {
    let mut response = bare(code);
    set(&mut response, header::LOCATION, to);
    response
}

/// The answer of a fault that needs no page; `None` where the fault only changes how the page comes.
pub(super) fn instead(fault: &Fault, path: &str, query: Option<&str>) -> Option<Response> {
    match fault {
        Fault::Status { status: code, retry_after } => {
            let mut response = status(StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            if let Some(retry_after) = retry_after {
                set(&mut response, header::RETRY_AFTER, retry_after);
            }
            Some(response)
        }
        Fault::Empty => Some(html("")),
        Fault::SoftGone => Some(html(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>页面不存在</title></head><body>\
             <p>抱歉，您访问的页面不存在或已被删除！</p><a href=\"/\">返回首页</a></body></html>",
        )),
        Fault::Gate { gate } => Some(gated(*gate)),
        Fault::RedirectLoop => {
            let hop = query.and_then(|query| query.strip_prefix("hop=")?.parse::<u64>().ok()).unwrap_or(0);
            Some(redirect(StatusCode::FOUND, &format!("{path}?hop={}", hop.wrapping_add(1))))
        }
        Fault::Redirect { to } => Some(redirect(StatusCode::FOUND, to)),
        Fault::Endless => {
            let mut response = streamed(endless());
            set(&mut response, header::CONTENT_TYPE, "text/html; charset=utf-8");
            Some(response)
        }
        _ => None,
    }
}

fn gated(gate: Gate) -> Response {
    let (code, cookie, page) = gate.page();
    let mut response = html(page);
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    if let Some(cookie) = cookie {
        set(&mut response, header::SET_COOKIE, cookie);
    }
    response
}

fn html(body: &str) -> Response {
    let mut response = Response::new(Body::from(body.to_owned()));
    set(&mut response, header::CONTENT_TYPE, "text/html; charset=utf-8");
    response
}

/// Sets a header, or leaves it out where the text cannot stand in one.
fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

type Piece = Result<Bytes, std::io::Error>;

fn streamed(pieces: impl stream::Stream<Item = Piece> + Send + 'static) -> Response {
    Response::new(Body::from_stream(pieces))
}

fn endless() -> impl stream::Stream<Item = Piece> {
    let piece = Bytes::from("<p>年报</p>\n".repeat(PIECE / 14).into_bytes());
    stream::unfold(0_u64, move |sent| {
        let piece = piece.clone();
        async move { (sent < ENDLESS).then(|| (Ok(piece.clone()), sent + piece.len() as u64)) }
    })
}

fn slowly(body: Bytes, bytes: usize, delay: Duration) -> impl stream::Stream<Item = Piece> {
    stream::unfold((body, true), move |(mut rest, first)| async move {
        if rest.is_empty() {
            return None;
        }
        if !first {
            tokio::time::sleep(delay).await;
        }
        let piece = rest.split_to(bytes.min(rest.len()));
        Some((Ok(piece), (rest, false)))
    })
}

/// The whole body under a length that promises more; the error at its end closes the connection. The pause
/// before it lets the server write out what it has: an error at once would leave not even the head.
fn cut(body: &Bytes, missing: u64) -> Response {
    let pieces = stream::unfold(Some(body.clone()), |rest| async move {
        match rest {
            Some(body) if !body.is_empty() => Some((Ok(body), Some(Bytes::new()))),
            Some(_) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(std::io::ErrorKind::UnexpectedEof.into()), None))
            }
            None => None,
        }
    });
    let mut response = streamed(pieces);
    set(&mut response, header::CONTENT_LENGTH, &(body.len() as u64 + missing).to_string());
    response
}

/// A gzip member with one stored block, of which only the first half is there (RFC 1951, 3.2.4; RFC 1952, 2.3).
fn gzip_cut(body: &Bytes) -> Response {
    let block = &body[..body.len().min(usize::from(u16::MAX))];
    let length = block.len() as u16;
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(&block[..block.len() / 2]);
    let mut response = Response::new(Body::from(packed));
    set(&mut response, header::CONTENT_ENCODING, "gzip");
    response
}

/// The media type a static server gives a file. HTML goes without a charset, as it does on most
/// portals: the page says its own.
pub(super) fn media_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" | "htm" | "shtml" => "text/html",
        "txt" => "text/plain; charset=utf-8",
        "css" => "text/css",
        "js" => "application/javascript",
        "json" => "application/json",
        "xml" => "text/xml",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "doc" | "wps" => "application/msword",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xls" => "application/vnd.ms-excel",
        "pdf" => "application/pdf",
        "ofd" => "application/ofd",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
