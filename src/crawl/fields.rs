//! Answers of interfaces as data: JSON and JSONP, paths into them, and what a field says.
//!
//! The same thing is written in many ways: an array as text, a total as text, a date in thousandths of
//! seconds, a name in another case. All of it is read; what is none of it is nothing.

use crate::model::Date;
use crate::text::dates::dates;
use serde_json::Value;

/// Whether a value is an array of entries; nothing at all is written as null or "" by some.
pub(super) fn is_list(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(Value::is_object),
        Value::String(text) => text.is_empty(),
        other => other.is_null(),
    }
}

/// JSON, bare or as the argument of a call (JSONP).
pub(super) fn json(body: &str) -> Option<Value> {
    let body = body.trim_start_matches('\u{feff}').trim();
    if let Ok(value) = serde_json::from_str(body) {
        return Some(value);
    }
    let (name, rest) = body.split_once('(')?;
    let called = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | ' ' | '/' | '*' | ';' | '='));
    let argument = rest.trim_end_matches(|c: char| c == ';' || c.is_whitespace()).strip_suffix(')')?;
    serde_json::from_str(argument).ok().filter(|_| called)
}

/// The field of this name, in this case or else in any.
fn field<'a>(fields: &'a serde_json::Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).or_else(|| fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// The value at a path; JSON kept as text is opened on the way.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<std::borrow::Cow<'a, Value>> {
    use std::borrow::Cow;
    let mut here = Cow::Borrowed(value);
    for name in path.split('.').filter(|name| !name.is_empty()) {
        let step = |value: &Value| match value {
            Value::Object(fields) => field(fields, name).cloned(),
            Value::Array(items) => items.get(name.parse::<usize>().ok()?).cloned(),
            Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
                let opened: Value = serde_json::from_str(text).ok()?;
                field(opened.as_object()?, name).cloned()
            }
            _ => None,
        };
        here = match here {
            Cow::Borrowed(Value::Object(fields)) => Cow::Borrowed(field(fields, name)?),
            other => Cow::Owned(step(&other)?),
        };
    }
    if let Value::String(text) = &*here
        && text.trim_start().starts_with('[')
        && let Ok(opened) = serde_json::from_str::<Value>(text)
    {
        return Some(Cow::Owned(opened));
    }
    Some(here)
}

/// A text or a number as text, without markup.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if text.contains('<') || text.contains('&') => {
            let html = scraper::Html::parse_fragment(text);
            html.root_element().text().collect::<String>()
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub(super) fn number_of(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A date as text, or as seconds or thousandths of them since 1970, in Beijing.
pub(super) fn date_of(value: &Value) -> Option<Date> {
    let text = text_of(value)?;
    if let Some((_, date)) = dates(&text).first() {
        return Some(*date);
    }
    let seconds = match text.parse::<i64>().ok()? {
        thousandths @ 100_000_000_000.. => thousandths / 1_000,
        seconds @ 100_000_000.. => seconds,
        _ => return None,
    };
    let zone = chrono::FixedOffset::east_opt(8 * 3600)?;
    Some(chrono::DateTime::from_timestamp(seconds, 0)?.with_timezone(&zone).date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_every_spelling() {
        let answer = json("cb_1({\"data\":\"{\\\"list\\\":[{\\\"t\\\":1}]}\",\"n\":\"7\",\"at\":[{\"d\":1767229200000},{\"d\":\"2026-01-01 09:00\"}]});").unwrap();
        assert!(is_list(&at(&answer, "data.list").unwrap()));
        assert_eq!(number_of(&at(&answer, "n").unwrap()), Some(7));
        assert_eq!(date_of(&at(&answer, "at.0.d").unwrap()).unwrap().to_string(), "2026-01-01");
        assert_eq!(date_of(&at(&answer, "at.1.d").unwrap()).unwrap().to_string(), "2026-01-01");
        assert_eq!(text_of(&Value::from("<b>年报</b>&amp;")).unwrap(), "年报&");
        assert_eq!(number_of(&at(&json("{\"Total\":1,\"total\":2}").unwrap(), "total").unwrap()), Some(2));
        assert_eq!(number_of(&at(&json("{\"Data\":{\"TOTAL\":3}}").unwrap(), "data.total").unwrap()), Some(3));
        assert!(json("alert('{\"a\":1}')").is_none() && json("<html>").is_none() && at(&answer, "x.y").is_none());
    }
}
