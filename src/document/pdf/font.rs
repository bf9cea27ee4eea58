//! A font of a page: which letters the codes of its texts stand for, and how wide they are.
//!
//! The file's own map to Unicode comes first, then the predefined meaning of the codes. A code that
//! neither knows is an unknown letter, never a guess: a wrong digit would be worse than none.

use super::cmap::CharMap;
use super::encoding::{Coding, simple};
use super::source::Source;
use super::widths::standard;
use crate::document::lattice::{is_bold_name, is_unknown};
use lopdf::{Dictionary, Object};
use std::collections::HashMap;

/// Whether codes are single bytes, or name letters of a large font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FontKind {
    Simple,
    Composite,
}

#[derive(Debug)]
enum Codes {
    Simple(Vec<Option<char>>),
    Predefined(Coding),
    Own(Box<CharMap>, Option<Coding>),
}

/// A font, ready to take texts apart.
#[derive(Debug)]
pub(super) struct Font {
    name: String,
    kind: FontKind,
    codes: Codes,
    letters: Option<CharMap>,
    widths: HashMap<u32, f64>,
    width_ranges: Vec<(u32, u32, f64)>,
    default_width: Option<f64>,
    /// From units of the font to thousandths of the type size.
    scale: f64,
    pub(super) vertical: bool,
    /// How far a vertical line goes on for a letter, in thousandths, downwards.
    pub(super) descent: f64,
    pub(super) bold: bool,
    /// Whether its map to Unicode contradicts its own encoding, so that none of it can be believed.
    contradicts: bool,
}

/// A letter of a text: its code, what it stands for, how wide it is in thousandths of the type size.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) text: String,
    pub(super) width: f64,
    /// Whether it is the code 32 of one byte, which word spacing widens.
    pub(super) word_space: bool,
}

/// The most widths of one font.
const MAX_WIDTHS: usize = 70_000;

impl Font {
    /// Reads a font's dictionary.
    pub(super) fn read(font: &Dictionary, source: &Source<'_>) -> Font {
        let kind = match source.name(font, b"Subtype") {
            Some(b"Type0") => FontKind::Composite,
            _ => FontKind::Simple,
        };
        let descendant = source.array(font, b"DescendantFonts").and_then(|fonts| source.dictionary_of(fonts.first()?));
        let own = descendant.unwrap_or(font);
        let descriptor = source.dictionary(own, b"FontDescriptor");
        let name = source.name(font, b"BaseFont").map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default();
        let flags = descriptor.and_then(|it| source.number(it, b"Flags")).unwrap_or(0.0) as i64;
        let letters = source.stream(font, b"ToUnicode").map(|bytes| CharMap::read(&bytes));
        let type3 = source.name(font, b"Subtype") == Some(b"Type3");
        let matrix = source.array(font, b"FontMatrix").and_then(|matrix| source.number_of(matrix.first()?));
        let mut found = Font {
            bold: is_bold(&name, flags),
            name,
            kind,
            codes: Codes::Simple(Vec::new()),
            letters,
            widths: HashMap::new(),
            width_ranges: Vec::new(),
            default_width: None,
            scale: matrix.filter(|_| type3).map_or(1.0, |unit| unit.abs() * 1000.0),
            vertical: false,
            descent: 1000.0,
            contradicts: false,
        };
        match kind {
            FontKind::Simple => found.read_simple(font, descriptor, flags, source),
            FontKind::Composite => found.read_composite(font, own, source),
        }
        found
    }

    fn read_simple(&mut self, font: &Dictionary, descriptor: Option<&Dictionary>, flags: i64, source: &Source<'_>) {
        let embedded = descriptor.is_some_and(|it| [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| it.has(key)));
        let symbolic = flags & 4 != 0 && flags & 32 == 0 && embedded || source.name(font, b"Subtype") == Some(b"Type3");
        let table = simple(font, source.document, symbolic);
        if let Some(letters) = self.letters.as_ref().filter(|_| font.has(b"Encoding") && !symbolic) {
            let differs = |(code, letter): (usize, &Option<char>)| {
                let told = letters.letters_of(code as u32);
                letter.is_some_and(|letter| letter.is_ascii_digit() && told.is_some_and(|told| told != letter.to_string()))
            };
            self.contradicts = flags & 32 != 0 && table.iter().enumerate().any(differs);
        }
        self.codes = Codes::Simple(table);
        let first = source.number(font, b"FirstChar").unwrap_or(0.0) as u32;
        for (at, width) in source.array(font, b"Widths").into_iter().flatten().take(256).enumerate() {
            if let Some(width) = source.number_of(width) {
                self.widths.insert(first.saturating_add(at as u32), width);
            }
        }
        self.default_width = descriptor.and_then(|it| source.number(it, b"MissingWidth")).filter(|width| *width > 0.0);
    }

    fn read_composite(&mut self, font: &Dictionary, descendant: &Dictionary, source: &Source<'_>) {
        let named = source.name(font, b"Encoding").and_then(Coding::of_name);
        (self.codes, self.vertical) = match (named, source.stream(font, b"Encoding")) {
            (Some((coding, vertical)), _) => (Codes::Predefined(coding), vertical),
            (None, Some(bytes)) => {
                let map = CharMap::read(&bytes);
                let base = map.base.as_deref().and_then(Coding::of_name);
                let vertical = map.vertical || base.is_some_and(|(_, vertical)| vertical);
                (Codes::Own(Box::new(map), base.map(|(coding, _)| coding)), vertical)
            }
            (None, None) => (Codes::Predefined(Coding::Numbers), false),
        };
        self.default_width = Some(source.number(descendant, b"DW").unwrap_or(1000.0));
        if let Some([_, down]) = source.array(descendant, b"DW2") {
            self.descent = source.number_of(down).map_or(1000.0, f64::abs);
        }
        self.read_widths(source.array(descendant, b"W").unwrap_or_default(), source);
    }

    /// `first [w w …]` and `first last w`, in any mixture.
    fn read_widths(&mut self, mut rest: &[Object], source: &Source<'_>) {
        while let [first, second, behind @ ..] = rest {
            let Some(from) = source.number_of(first) else { return };
            if self.widths.len() + self.width_ranges.len() > MAX_WIDTHS {
                return;
            }
            if let Some(list) = source.array_of(second) {
                for (at, width) in list.iter().take(MAX_WIDTHS).enumerate() {
                    if let Some(width) = source.number_of(width) {
                        self.widths.insert((from as u32).saturating_add(at as u32), width);
                    }
                }
                rest = behind;
            } else if let [width, behind @ ..] = behind {
                let (Some(to), Some(width)) = (source.number_of(second), source.number_of(width)) else { return };
                self.width_ranges.push((from as u32, to as u32, width));
                rest = behind;
            } else {
                return;
            }
        }
    }

    /// Takes a text apart.
    pub(super) fn letters(&self, mut text: &[u8], mut each: impl FnMut(Letter)) {
        while !text.is_empty() {
            let length = match &self.codes {
                Codes::Simple(_) => 1,
                Codes::Predefined(coding) => coding.length(text),
                Codes::Own(map, _) if map.has_spaces() => map.length(text),
                Codes::Own(_, base) => base.map_or(2, |coding| coding.length(text)),
            };
            let (bytes, rest) = text.split_at(length.clamp(1, text.len()));
            text = rest;
            each(self.letter(bytes));
        }
    }

    fn letter(&self, bytes: &[u8]) -> Letter {
        let code = bytes.iter().fold(0u32, |code, byte| code << 8 | u32::from(*byte));
        let told = self.letters.as_ref().and_then(|map| map.letters_of(code));
        let told = told.filter(|text| !text.is_empty() && !text.chars().any(is_unknown));
        let letter = match &self.codes {
            Codes::Simple(table) => table.get(code as usize).copied().flatten(),
            Codes::Predefined(coding) => coding.letter(bytes),
            Codes::Own(_, base) => base.and_then(|coding| coding.letter(bytes)),
        };
        let width = self.width(code, letter);
        // The third letter of most fonts is the space; maps to Unicode often leave it out.
        let blank = (self.kind == FontKind::Composite && letter.is_none() && code == 3).then(|| " ".to_owned());
        let text = match told.or(letter.map(String::from)).or(blank) {
            Some(text) if !self.contradicts => text,
            _ => '\u{fffd}'.to_string(),
        };
        Letter { text, width, word_space: bytes == b" " }
    }

    fn width(&self, code: u32, letter: Option<char>) -> f64 {
        let number = match &self.codes {
            Codes::Simple(_) | Codes::Predefined(Coding::Numbers) => Some(code),
            Codes::Own(map, _) => map.number_of(code).or(Some(code)),
            // In the Chinese collections the Latin letters are 1 to 95, and 814 on in half width.
            Codes::Predefined(_) => letter.filter(|letter| (' '..='~').contains(letter)).map(|letter| letter as u32 - 31),
        };
        let of = |number: u32| {
            let in_range = || self.width_ranges.iter().find(|(from, to, _)| (*from..=*to).contains(&number)).map(|it| it.2);
            self.widths.get(&number).copied().or_else(in_range)
        };
        if let (Codes::Predefined(Coding::Charset(_) | Coding::Utf16), Some(latin)) = (&self.codes, number) {
            return of(latin).or_else(|| of(latin + 812)).unwrap_or(500.0);
        }
        let width = number.and_then(of).or(self.default_width);
        width.map_or_else(|| standard(&self.name, letter, self.kind), |width| width * self.scale)
    }
}

fn is_bold(name: &str, flags: i64) -> bool {
    flags & 0x4_0000 != 0 || is_bold_name(name)
}
