//! What a visitor can be told, as RFC 9457 problem documents in Chinese or English.
//!
//! A handler answers with an [`ApiError`]; which language and which form (JSON, or a page for a browser)
//! it takes is known only at the edge, so the error travels in the response's extensions and
//! `guard::frame` writes it anew where English or HTML was asked for.

use super::roles::Role;
use crate::daemon::AskError;
use crate::model::Message;
use crate::pipeline::StepError;
use crate::store::StoreError;
use crate::words::Lang;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Everything that a request may fail with.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum ApiError {
    /// The address or the body cannot be understood; the message says which part.
    #[error("bad request: {}", .0.en)]
    BadRequest(Message),
    /// The body is well-formed, but what it asks for makes no sense.
    #[error("unprocessable: {}", .0.en)]
    Invalid(Message),
    #[error("no bearer token that we know")]
    Unauthorized,
    #[error("the role {} is needed", .0.word())]
    Forbidden(Role),
    #[error("a request from another site")]
    CrossOrigin,
    /// A Host header that is not ours: somebody's name was pointed at our address.
    #[error("a host name that is not ours")]
    Misdirected,
    /// What was asked for: `finding`, `run`, …
    #[error("no such {0}")]
    NotFound(&'static str),
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The finding's state does not allow the step.
    #[error("conflict: {}", .0.en)]
    Conflict(Message),
    /// Largest body in bytes.
    #[error("a body over {0} bytes")]
    TooLarge(usize),
    #[error("a body that is not JSON")]
    UnsupportedMedia,
    #[error("too many requests of this kind")]
    TooMany,
    #[error("the answer took too long")]
    Timeout,
    /// Not ready to serve; the message says why.
    #[error("not ready: {}", .0.en)]
    NotReady(Message),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a page could not be rendered")]
    Render,
}

/// A message in both languages.
pub(super) fn say(zh: impl Into<String>, en: impl Into<String>) -> Message {
    Message { zh: zh.into(), en: en.into() }
}

impl From<AskError> for ApiError {
    fn from(error: AskError) -> ApiError {
        match error {
            AskError::Unknown => ApiError::NotFound("target"),
            AskError::TooMany => ApiError::TooMany,
            AskError::Store(error) => ApiError::Store(error),
        }
    }
}

impl From<StepError> for ApiError {
    fn from(error: StepError) -> ApiError {
        match error {
            StepError::Unknown => ApiError::NotFound("finding"),
            StepError::Unfit(why) => ApiError::Invalid(why),
            StepError::NotNow(why) => ApiError::Conflict(why),
            StepError::Store(error) => ApiError::Store(error),
        }
    }
}

impl ApiError {
    /// The status, and the last part of the problem's type.
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            ApiError::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad-request"),
            ApiError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            ApiError::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            ApiError::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            ApiError::CrossOrigin => (StatusCode::FORBIDDEN, "cross-origin"),
            ApiError::Misdirected => (StatusCode::MISDIRECTED_REQUEST, "misdirected"),
            ApiError::NotFound(_) => (StatusCode::NOT_FOUND, "not-found"),
            ApiError::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
            ApiError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            ApiError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            ApiError::UnsupportedMedia => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"),
            ApiError::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            ApiError::Timeout => (StatusCode::SERVICE_UNAVAILABLE, "timeout"),
            ApiError::NotReady(_) => (StatusCode::SERVICE_UNAVAILABLE, "not-ready"),
            ApiError::Store(error) if error.is_transient() => (StatusCode::SERVICE_UNAVAILABLE, "store"),
            ApiError::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "store"),
            ApiError::Render => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// One line that is the same for every problem of its type.
    pub(super) fn title(&self) -> Message {
        match self {
            ApiError::BadRequest(_) => say("请求有误", "Bad request"),
            ApiError::Invalid(_) => say("请求内容不成立", "The request makes no sense"),
            ApiError::Unauthorized => say("需要登录", "Not signed in"),
            ApiError::Forbidden(_) => say("权限不足", "Not allowed"),
            ApiError::CrossOrigin => say("拒绝来自其他网站的请求", "Requests from other sites are refused"),
            ApiError::Misdirected => say("主机名不对", "Wrong host name"),
            ApiError::NotFound(_) => say("没有找到", "Not found"),
            ApiError::MethodNotAllowed => say("不支持这种请求方法", "Method not allowed"),
            ApiError::Conflict(_) => say("当前状态不允许", "Not in this state"),
            ApiError::TooLarge(_) => say("内容过大", "Too large"),
            ApiError::UnsupportedMedia => say("内容类型不对", "Wrong content type"),
            ApiError::TooMany => say("请求过多", "Too many requests"),
            ApiError::Timeout => say("处理超时", "It took too long"),
            ApiError::NotReady(_) => say("尚未就绪", "Not ready"),
            ApiError::Store(_) => say("存储出错", "The store failed"),
            ApiError::Render => say("程序内部错误", "Internal error"),
        }
    }

    /// What is the matter, and what to do about it.
    pub(super) fn detail(&self) -> Message {
        match self {
            ApiError::BadRequest(why) | ApiError::Invalid(why) | ApiError::Conflict(why) | ApiError::NotReady(why) => why.clone(),
            ApiError::Unauthorized => say(
                "请在 Authorization: Bearer 里给出令牌；浏览器里用户名随意，密码填令牌",
                "give a token in Authorization: Bearer; in a browser any user name, with the token as the password",
            ),
            ApiError::Forbidden(role) => {
                say(format!("需要 {} 或更高的角色", role.word()), format!("the role {} or a higher one is needed", role.word()))
            }
            ApiError::CrossOrigin => say("Origin 与本站地址不一致", "the Origin is not the address of this site"),
            ApiError::Misdirected => say(
                "没有配置令牌时，只接受以回环地址或监听地址访问",
                "without tokens only loopback names and the listening address are answered",
            ),
            ApiError::NotFound(what) => not_found(what),
            ApiError::MethodNotAllowed => say("请查看 /api/openapi.json", "see /api/openapi.json"),
            ApiError::TooLarge(limit) => say(format!("内容不能超过 {limit} 字节"), format!("a body may have {limit} bytes")),
            ApiError::UnsupportedMedia => {
                say("请求内容应为 JSON：Content-Type: application/json", "the body is JSON: Content-Type: application/json")
            }
            ApiError::TooMany => say("请稍后再试", "try again later"),
            ApiError::Timeout => say("请稍后再试", "try again later"),
            ApiError::Store(_) => {
                say("请查看服务日志；数据不会因此丢失", "see the log of the daemon; nothing kept is lost by this")
            }
            ApiError::Render => say("请查看服务日志", "see the log of the daemon"),
        }
    }

    /// The problem document in a language.
    pub(super) fn problem(&self, lang: Lang) -> Response {
        let (status, code) = self.kind();
        let english = lang.is_english();
        let body = json!({
            "type": format!("urn:nianjian:problem:{code}"),
            "title": self.title().text(english),
            "status": status.as_u16(),
            "detail": self.detail().text(english),
        });
        let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, lang.tag())];
        self.dress((status, headers, body.to_string()).into_response())
    }

    /// Puts the headers that belong to the error onto a response to it.
    pub(super) fn dress(&self, mut response: Response) -> Response {
        *response.status_mut() = self.kind().0;
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            ApiError::Unauthorized => {
                headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"nianjian\""));
                // A browser cannot send a bearer token by itself; it can ask for a password.
                headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"nianjian\", charset=\"UTF-8\""));
            }
            ApiError::TooMany | ApiError::Timeout | ApiError::NotReady(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
            }
            _ => {}
        }
        response
    }
}

/// What was not found, by its name.
fn not_found(what: &str) -> Message {
    match what {
        "target" => say("没有这样的门户、机关，或属于某个门户的网址", "no portal, agency or address of a portal is called that"),
        "portal" => say("没有这个门户", "there is no such portal"),
        "agency" => say("没有这个机关", "there is no such agency"),
        "report" => say("没有这份年报", "there is no such report"),
        "finding" => say("没有这个问题", "there is no such finding"),
        "doubt" => say("没有这个存疑页面", "there is no such page in doubt"),
        "run" => say("没有这次巡查", "there is no such run"),
        "snapshot" => say("没有保存过这个快照", "no such snapshot was kept"),
        _ => say("没有这个地址；接口说明见 /api/openapi.json", "there is no such address; see /api/openapi.json"),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // A failure is logged once, here, where it is turned into an answer.
        match &self {
            ApiError::Store(error) => tracing::error!("a request failed by the store: {error}"),
            ApiError::Render => tracing::error!("a page could not be rendered"),
            _ => {}
        }
        let mut response = self.problem(Lang::Zh);
        response.extensions_mut().insert(self);
        response
    }
}
