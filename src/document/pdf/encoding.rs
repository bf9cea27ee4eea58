//! How codes in a text stand for letters without the file saying so: the predefined character maps of
//! Chinese fonts, and the tables of simple ones.

use encoding_rs::{BIG5, EUC_KR, Encoding as Charset, GB18030, SHIFT_JIS};
use lopdf::{Dictionary, Document, Encoding, Object};

/// How the bytes of a composite font's text are cut into codes, and what the codes stand for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coding {
    /// Two bytes, the number of a letter in the font: only the file's own map tells what it is.
    Numbers,
    Utf16,
    Utf8,
    Utf32,
    /// GB 2312 in seven bits a byte.
    Gb7,
    /// A national character set of one to four bytes.
    Charset(&'static Charset),
}

impl Coding {
    /// The coding of a predefined character map, and whether it is one for vertical writing.
    pub(super) fn of_name(name: &[u8]) -> Option<(Coding, bool)> {
        let name = std::str::from_utf8(name).ok()?;
        let (stem, mode) = name.rsplit_once('-').unwrap_or((name, "H"));
        let coding = match stem {
            "Identity" => Coding::Numbers,
            "GB" => Coding::Gb7,
            "GBK-EUC" | "GBKp-EUC" | "GBK2K" | "GB-EUC" | "GBpc-EUC" | "GBTpc-EUC" => Coding::Charset(GB18030),
            "B5pc" | "ETen-B5" | "ETenms-B5" | "HKscs-B5" => Coding::Charset(BIG5),
            "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "83pv-RKSJ" => Coding::Charset(SHIFT_JIS),
            "KSC-EUC" | "KSCms-UHC" | "KSCms-UHC-HW" | "KSCpc-EUC" => Coding::Charset(EUC_KR),
            _ if stem.starts_with("Uni") => match stem.rsplit('-').next()? {
                "UCS2" | "UTF16" | "HW" => Coding::Utf16,
                "UTF8" => Coding::Utf8,
                "UTF32" => Coding::Utf32,
                _ => return None,
            },
            _ => return None,
        };
        matches!(mode, "H" | "V").then_some((coding, mode == "V"))
    }

    /// Length of the code that a text begins with.
    pub(super) fn length(self, text: &[u8]) -> usize {
        let byte = |at: usize| text.get(at).copied().unwrap_or_default();
        match self {
            Coding::Numbers | Coding::Gb7 => 2,
            Coding::Utf32 => 4,
            Coding::Utf16 => 2 + 2 * usize::from(matches!(byte(0), 0xd8..=0xdb) && text.len() > 3),
            Coding::Utf8 => match byte(0) {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => 1,
            },
            Coding::Charset(charset) => match byte(0) {
                0..=0x80 | 0xff => 1,
                0xa0..=0xdf if charset == SHIFT_JIS => 1,
                _ if charset == GB18030 && matches!(byte(1), 0x30..=0x39) => 4,
                _ => 2,
            },
        }
    }

    /// The letter of a code; `None` where only the font knows, or there is none.
    pub(super) fn letter(self, code: &[u8]) -> Option<char> {
        let only = |text: &str| {
            let mut letters = text.chars();
            letters.next().filter(|letter| *letter != '\u{fffd}' && letters.next().is_none())
        };
        let decoded = |charset: &'static Charset, bytes: &[u8]| {
            let (text, damaged) = charset.decode_without_bom_handling(bytes);
            (!damaged).then(|| only(&text)).flatten()
        };
        match self {
            Coding::Numbers => None,
            Coding::Utf16 => {
                let units = code.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                char::decode_utf16(units).next()?.ok()
            }
            Coding::Utf8 => std::str::from_utf8(code).ok()?.chars().next(),
            Coding::Utf32 => char::from_u32(u32::from_be_bytes(code.try_into().ok()?)),
            Coding::Gb7 => decoded(GB18030, &[code.first()? | 0x80, code.get(1)? | 0x80]),
            Coding::Charset(charset) => decoded(charset, code),
        }
    }
}

/// The letter of each code of a simple font, as its encoding names it.
pub(super) fn simple(font: &Dictionary, document: &Document, symbolic: bool) -> Vec<Option<char>> {
    let resolved = |object: &Object| document.dereference(object).ok().map(|(_, object)| object.clone());
    let encoding = font.get(b"Encoding").ok().and_then(resolved);
    // The library knows the tables and the names of letters; it is handed a font of one encoding at a time.
    let table = |object: Object| {
        let mut font = Dictionary::new();
        font.set("Type", Object::Name(b"Font".to_vec()));
        font.set("Encoding", object);
        letters(&font, document, 256)
    };
    let plain = |name: &[u8]| table(Object::Name(name.to_vec()));
    match encoding {
        Some(Object::Name(name)) if is_known(&name) => plain(&name),
        Some(Object::Dictionary(encoding)) => {
            let base = encoding.get(b"BaseEncoding").ok().and_then(|base| base.as_name().ok()).filter(|name| is_known(name));
            let mut found = match base {
                Some(name) => plain(name),
                None if symbolic => vec![None; 256],
                None => plain(b"StandardEncoding"),
            };
            let differences = encoding.get(b"Differences").ok().and_then(resolved);
            for (code, name) in differences.iter().flat_map(|list| named(list, document)) {
                found[usize::from(code)] = of_name(&name).or_else(|| known_name(&name, document));
            }
            found
        }
        _ if symbolic => vec![None; 256],
        _ => plain(b"StandardEncoding"),
    }
}

fn is_known(name: &[u8]) -> bool {
    matches!(name, b"WinAnsiEncoding" | b"MacRomanEncoding" | b"StandardEncoding" | b"PDFDocEncoding" | b"MacExpertEncoding")
}

/// The letters of the first codes of a font that has nothing but its encoding.
fn letters(font: &Dictionary, document: &Document, count: usize) -> Vec<Option<char>> {
    let Ok(encoding) = font.get_font_encoding(document) else { return vec![None; count] };
    let letter = |code: usize| match &encoding {
        Encoding::UnicodeMapEncoding(_) => None,
        encoding => encoding.bytes_to_string(&[code as u8]).ok().and_then(|text| text.chars().next()),
    };
    (0..count).map(letter).collect()
}

/// The codes and names of a list of differences.
fn named(list: &Object, document: &Document) -> Vec<(u8, Vec<u8>)> {
    let mut code = 0u8;
    let mut found = Vec::new();
    for object in list.as_array().into_iter().flatten().take(1_000) {
        let Ok((_, object)) = document.dereference(object) else { continue };
        if let Ok(first) = object.as_i64() {
            code = first.clamp(0, 255) as u8;
        } else if let Ok(name) = object.as_name() {
            found.push((code, name.to_vec()));
            code = code.saturating_add(1);
        }
    }
    found
}

/// `uni4E00`, `u4E00`, `one.tab`: names that say the letter themselves.
fn of_name(name: &[u8]) -> Option<char> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split('.').next()?;
    let hex = name
        .strip_prefix("uni")
        .filter(|hex| hex.len() == 4)
        .or_else(|| name.strip_prefix('u').filter(|hex| (4..=6).contains(&hex.len())))?;
    char::from_u32(u32::from_str_radix(hex, 16).ok()?)
}

/// A letter by the name that fonts have for it.
fn known_name(name: &[u8], document: &Document) -> Option<char> {
    let stem = name.split(|byte| *byte == b'.').next().filter(|stem| !stem.is_empty())?;
    let mut differences = Dictionary::new();
    differences.set("Differences", Object::Array(vec![Object::Integer(0), Object::Name(stem.to_vec())]));
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Dictionary(differences));
    letters(&font, document, 1).into_iter().next().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_maps_are_known() {
        let letter = |name: &[u8], code: &[u8]| Coding::of_name(name).and_then(|(coding, _)| coding.letter(code));
        assert_eq!(letter(b"GBK-EUC-H", &[0xb9, 0xab]), Some('公'));
        assert_eq!(letter(b"GBKp-EUC-V", b"7"), Some('7'));
        assert_eq!(letter(b"UniGB-UCS2-H", &[0x51, 0x6c]), Some('公'));
        assert_eq!(letter(b"UniGB-UTF16-H", &[0xd8, 0x40, 0xdc, 0x00]), Some('𠀀'));
        assert_eq!(letter(b"GB-H", &[0x39, 0x2b]), Some('公'));
        assert_eq!(letter(b"Identity-H", &[0, 7]), None);
        assert!(Coding::of_name(b"UniGB-UCS2-V").is_some_and(|(_, vertical)| vertical));
        assert!(Coding::of_name(b"Own-Map").is_none());
        let Some((gbk2k, _)) = Coding::of_name(b"GBK2K-H") else { panic!("GBK2K-H is known") };
        assert_eq!(gbk2k.length(&[0x81, 0x30, 0x81, 0x30]), 4);
    }

    #[test]
    fn names_tell_letters() {
        let document = Document::new();
        let of = |name: &[u8]| of_name(name).or_else(|| known_name(name, &document));
        assert_eq!((of(b"one"), of(b"uni516C"), of(b"u4E00"), of(b"g17")), (Some('1'), Some('公'), Some('一'), None));
        assert_eq!((of(b"zero.tab"), of(b".notdef")), (Some('0'), None));
    }
}
