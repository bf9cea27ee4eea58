//! Pages saved as one file (.mht) → the bytes of their page, and what was said about them.
//!
//! A message of many parts: the first that is HTML (or text) is the page, in one of the two usual transfer encodings.

use memchr::memmem;

/// How deep parts may stand in parts.
const MAX_DEPTH: u32 = 4;
/// The most parts that are looked at.
const MAX_PARTS: usize = 200;

/// The page of a message: its bytes, and its Content-Type.
pub(super) fn page(bytes: &[u8]) -> Option<(Vec<u8>, String)> {
    page_of(bytes, 0)
}

fn page_of(bytes: &[u8], depth: u32) -> Option<(Vec<u8>, String)> {
    let (head, body) = split(bytes);
    let kind = header(&head, "content-type").unwrap_or_else(|| "text/plain".to_owned());
    let lower = kind.to_ascii_lowercase();
    if lower.starts_with("multipart/") {
        let boundary = parameter(&kind, "boundary").filter(|boundary| !boundary.is_empty())?;
        let delimiter = format!("--{boundary}");
        let starts: Vec<usize> = memmem::find_iter(body, delimiter.as_bytes()).take(MAX_PARTS).collect();
        let ends = starts.iter().skip(1).copied().chain([body.len()]);
        let parts: Vec<&[u8]> = starts
            .iter()
            .zip(ends)
            .filter_map(|(start, end)| body.get(start + delimiter.len()..end))
            .filter(|part| !part.starts_with(b"--"))
            .collect();
        let of = |wanted: &str| {
            let is_wanted = |part: &&&[u8]| {
                header(&split(part).0, "content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with(wanted))
            };
            parts.iter().find(is_wanted)
        };
        let part = of("text/html").or_else(|| of("multipart/")).or_else(|| of("text/"))?;
        return if depth < MAX_DEPTH { page_of(part, depth + 1) } else { None };
    }
    let encoding = header(&head, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
    let body = match encoding.trim() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_vec(),
    };
    Some((body, kind))
}

/// The head of a part, its folded lines joined, and its body.
fn split(part: &[u8]) -> (String, &[u8]) {
    let part = part.strip_prefix(b"\r\n").or_else(|| part.strip_prefix(b"\n")).unwrap_or(part);
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].into_iter().filter_map(|end| memmem::find(part, end).map(|at| (at, at + end.len())));
    let (end, body) = ends.min().unwrap_or((part.len(), part.len()));
    let head =
        String::from_utf8_lossy(&part[..end.min(64 * 1024)]).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    (head, &part[body..])
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            // Pieces that were encoded one by one stand one after another.
            b'=' => {
                (bits, held) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
            continue;
        }
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (hex, after) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (None, [b'\r', b'\n', tail @ ..] | [b'\n', tail @ ..]) => rest = tail,
            (None, _) => bytes.push(b'='),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::samples::lines;
    use super::super::{Origin, read};

    #[test]
    fn the_page_of_a_saved_file_is_read() {
        let message = |encoding: &str, body: &str| {
            format!(
                "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"=_x\"\r\n\r\n--=_x\r\nContent-Type: text/html;\r\n\tcharset=\"gb2312\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--=_x\r\nContent-Type: image/png\r\n\r\nxx\r\n--=_x--\r\n"
            )
        };
        for (encoding, body) in [
            ("quoted-printable", "<p>=C4=EA=\r\n=B1=A8</p>"),
            ("base64", "PHA+xOqx\r\nqDwvcD4="),
            ("base64", "PHA+xOo=\r\nsag8L3A+"),
        ] {
            let document = read(message(encoding, body).as_bytes(), Origin::default());
            assert_eq!(lines(&document), ["年报"], "{encoding}");
            assert!(document.problems.is_empty());
        }
        let broken = read(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"a\"\n\nnothing", Origin::default());
        assert_eq!(broken.problems[0].code, "document-damaged");
    }

    proptest::proptest! {
        #[test]
        fn any_message_ends(text in "(--a|\n|\r\n|content-type: text/html|=|=C4|multipart/mixed; boundary=a|:|;){0,60}") {
            super::page(format!("Content-Type: multipart/mixed; boundary=a\n\n{text}").as_bytes());
        }
    }
}
