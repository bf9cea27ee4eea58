//! Bytes → text: byte order mark, what the bytes themselves prove, then what was declared.
//!
//! GB2312 and GBK are read as GB18030, their superset. A declaration is believed only as far as the
//! bytes agree; a disagreement is told, never held against an agency.

use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// Decoded text and how it was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// Borrowed where the bytes are text as they stand.
    pub text: Cow<'a, str>,
    /// Name of the encoding used, e.g. `UTF-8`, `gb18030`.
    pub charset: &'static str,
    /// What was declared, where the bytes are something else.
    pub declared_otherwise: Option<String>,
    /// Whether some bytes could not be decoded.
    pub damaged: bool,
}

/// Decodes a body; `content_type` is the header as sent.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let declared = [content_type.and_then(charset_of), meta_charset(bytes)];
    let bom = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    // Many bytes are looked at in one step, which the standard library does not do.
    let (text, used, damaged) = match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if bom.is_none() && wide(bytes).is_none() => (text, UTF_8, false),
        Some(_) if bom.is_some() => UTF_8.decode(bytes),
        _ => match bom.or_else(|| wide(bytes)) {
            Some(encoding) => encoding.decode(bytes),
            None => best(bytes, &declared),
        },
    };
    let other = declared.iter().flatten().find(|label| superset(label).is_some_and(|told| told != used));
    Decoded { text, charset: used.name(), declared_otherwise: other.cloned(), damaged }
}

/// Text as bytes of an encoding, by the name that [`Decoded`] gives it; what it does not have as character references.
pub fn encode<'a>(text: &'a str, charset: &str) -> Cow<'a, [u8]> {
    Encoding::for_label(charset.as_bytes()).unwrap_or(UTF_8).encode(text).0
}

/// Text in a code page of Windows, by its number; those we do not know as Western.
pub fn code_page(bytes: &[u8], page: u16) -> String {
    let encoding = match page {
        936 | 54936 => GB18030,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65001 => UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether bytes without a mark are UTF-16: every other byte is of the few that begin Chinese characters
/// and ASCII there. Tells which of the two it is by where the zeros of ASCII stand.
pub fn is_wide(bytes: &[u8]) -> bool {
    wide(bytes).is_some()
}

fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    if !sample.contains(&0) {
        return None;
    }
    let (even, odd) = (sample.iter().step_by(2), sample.iter().skip(1).step_by(2));
    let zeros = |bytes: &mut dyn Iterator<Item = &u8>| bytes.filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(&mut even.into_iter()), zeros(&mut odd.into_iter()));
    // Marks of punctuation and digits alone are a tenth of a page.
    let enough = (sample.len() / 20).max(3);
    match (even, odd) {
        // A few characters end in a zero byte themselves: 开 is U+5F00.
        (even, odd) if odd > enough && odd > even * 4 => Some(encoding_rs::UTF_16LE),
        (even, odd) if even > enough && even > odd * 4 => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// A short name whose encoding nobody tells: UTF-8 where the bytes prove it, else GB18030.
pub fn legacy(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| GB18030.decode_without_bom_handling(bytes).0.into_owned(), str::to_owned)
}

/// The text in the encoding that fits the bytes best: UTF-8 with a character cut at its very end, else the
/// first declaration without errors, else whichever candidate damages least. A guess takes longer than all
/// the rest of reading, so nothing is guessed while a declaration holds.
fn best<'a>(bytes: &'a [u8], declared: &[Option<String>]) -> (Cow<'a, str>, &'static Encoding, bool) {
    if std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none()) {
        return UTF_8.decode(bytes);
    }
    // Any bytes at all are Western text: servers name that without looking, and it proves nothing.
    let telling = |encoding: &&'static Encoding| !encoding.is_single_byte();
    for encoding in declared.iter().flatten().filter_map(|label| superset(label)).filter(telling) {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return (text, encoding, false);
        }
    }
    choose(bytes, declared).decode(bytes)
}

/// The candidate that damages a sample least, the first of equals.
fn choose(bytes: &[u8], declared: &[Option<String>]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(64 * 1024)], true);
    let detected = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    let telling = |encoding: &&'static Encoding| !encoding.is_single_byte();
    let declared = declared.iter().flatten().filter_map(|label| superset(label)).filter(telling);
    let detected = [widened(detected)].into_iter().filter(telling);
    let candidates = declared.chain(detected).chain([GB18030, UTF_8]);
    candidates.min_by_key(|encoding| damage(encoding, bytes)).unwrap_or(UTF_8)
}

/// How many characters of a sample would be lost.
fn damage(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let sample = &bytes[..bytes.len().min(256 * 1024)];
    let (text, _, lossy) = encoding.decode(sample);
    if lossy { text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count() } else { 0 }
}

/// The encoding a label names, GB2312 and GBK widened.
fn superset(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.as_bytes()).map(widened)
}

fn widened(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == encoding_rs::GBK { GB18030 } else { encoding }
}

/// `charset=` of a Content-Type.
fn charset_of(content_type: &str) -> Option<String> {
    let at = content_type.to_ascii_lowercase().find("charset=")?;
    let value = content_type[at + "charset=".len()..].trim_start_matches(['"', '\'', ' ']);
    let end = value.find(['"', '\'', ';', ' ', '>', '/']).unwrap_or(value.len());
    (end > 0).then(|| value[..end].to_owned())
}

/// The charset that a `<meta>` tag in the first 4 KB names.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(4096)];
    let tags = memchr::memchr_iter(b'<', head).map(|at| &head[at + 1..]);
    let metas = tags.filter(|tag| tag.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta")));
    metas
        .map(|tag| &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())])
        .find_map(|tag| charset_of(&String::from_utf8_lossy(tag)))
}

#[cfg(test)]
mod tests {
    use super::decode;

    const TEXT: &str =
        "<html><head><meta charset=\"CHARSET\"></head><body>政府信息公开工作年度报告，本年新收申请四件</body></html>";

    #[test]
    fn declarations_are_believed_only_as_far_as_the_bytes_agree() {
        for (written, meta, header, charset, otherwise) in [
            ("utf-8", "utf-8", None, "UTF-8", false),
            ("gbk", "gb2312", None, "gb18030", false),
            ("gbk", "utf-8", None, "gb18030", true),
            ("gbk", "gb2312", Some("text/html; charset=utf-8"), "gb18030", true),
            ("utf-8", "gb2312", Some("text/html;charset=GBK"), "UTF-8", true),
            ("gbk", "", None, "gb18030", false),
            ("gbk", "iso-8859-1", None, "gb18030", true),
            ("gbk", "gb2312", Some("text/html; charset=ISO-8859-1"), "gb18030", true),
        ] {
            let text = TEXT.replace("CHARSET", meta);
            let (bytes, _, _) = encoding_rs::Encoding::for_label(written.as_bytes()).unwrap().encode(&text);
            let decoded = decode(&bytes, header);
            assert_eq!(decoded.text, text);
            assert_eq!(
                (decoded.charset, decoded.declared_otherwise.is_some()),
                (charset, otherwise),
                "{written} {meta} {header:?}"
            );
        }
    }

    #[test]
    fn wide_text_is_told_without_a_mark() {
        let page = "<html><body>政府信息公开工作年度报告 2024</body></html>";
        let little: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((decode(&little, None).text.as_ref(), decode(&big, None).text.as_ref()), (page, page));
    }

    #[test]
    fn a_byte_order_mark_wins_and_is_taken_off() {
        assert_eq!(decode("\u{feff}年报".as_bytes(), Some("text/html; charset=gbk")).text, "年报");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), header in ".{0,40}") {
            decode(&bytes, Some(&header));
        }
    }
}
