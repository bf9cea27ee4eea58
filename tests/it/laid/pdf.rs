//! Pages as PDF, in the manners of many programs.

use super::pages::{Sheet, Side, Text, WIDTH, advance};
use encoding_rs::GB18030;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How letters are named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Letters {
    /// A font that is not embedded, and a predefined map.
    Predefined(&'static str),
    /// Numbers of letters, and a map to Unicode.
    Numbers,
    /// Fonts of 200 letters each, with maps to Unicode.
    Simple,
    /// Numbers of letters, and nothing that tells them.
    Untold,
}

/// How lines are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Lines {
    Strokes,
    Boxes,
    Bars,
    Gaps,
    Dashes,
    Double,
    Pictures,
    /// Only between rows.
    Levels,
    None,
}

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Writing {
    Runs,
    LetterByLetter,
    Kerned,
    Twice,
    Scaled,
}

#[derive(Debug, Clone)]
pub(crate) struct Style {
    pub(crate) letters: Letters,
    /// Digits in a font of their own: Helvetica by its standard encoding, or by names.
    pub(crate) digits: Option<bool>,
    pub(crate) lines: Lines,
    pub(crate) writing: Writing,
    pub(crate) rotate: u16,
    pub(crate) unit: f64,
    /// Drawn with the y axis downwards, inside a form.
    pub(crate) form: bool,
    pub(crate) packed: bool,
}

/// A file of sheets.
pub(crate) fn pdf(sheets: &[Sheet], height: f64, style: &Style) -> Vec<u8> {
    let mut file = File { objects: Vec::new(), style: style.clone(), codes: BTreeMap::new() };
    for letter in sheets.iter().flat_map(|sheet| &sheet.texts).flat_map(|text| text.text.chars()) {
        let next = file.codes.len();
        file.codes.entry(letter).or_insert(next);
    }
    file.write(sheets, height)
}

/// Letters of one font: its name, where they begin, their codes.
type Run = (String, f64, Vec<(String, char)>);

struct File {
    objects: Vec<Vec<u8>>,
    style: Style,
    codes: BTreeMap<char, usize>,
}

/// The place of the fonts' dictionary among the objects.
const FONTS: usize = 3;

impl File {
    fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.objects.push(object.into());
        self.objects.len()
    }

    fn stream(&mut self, entries: &str, content: &[u8]) -> usize {
        let (filter, content) = if self.style.packed {
            let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut packer, content).unwrap();
            ("/Filter /FlateDecode ", packer.finish().unwrap())
        } else {
            ("", content.to_vec())
        };
        let mut object = format!("<< {entries} {filter}/Length {} >>\nstream\n", content.len()).into_bytes();
        object.extend(content);
        object.extend(b"\nendstream");
        self.add(object)
    }

    fn write(mut self, sheets: &[Sheet], height: f64) -> Vec<u8> {
        self.objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), Vec::new(), Vec::new(), Vec::new()];
        self.objects[3] = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\n\0\nendstream".to_vec();
        self.objects[FONTS - 1] = self.fonts().into_bytes();
        let mut kids = String::new();
        let unit = self.style.unit;
        let (wide, high) = (WIDTH / unit, height / unit);
        for sheet in sheets {
            let content = self.content(sheet, height);
            let resources = format!("/Resources << /Font {FONTS} 0 R /XObject << /I 4 0 R >> >>");
            let (content, resources) = if self.style.form {
                let form = self.stream(
                    &format!("/Type /XObject /Subtype /Form /BBox [0 0 {WIDTH} {height}] {resources}"),
                    content.as_bytes(),
                );
                (self.stream("", b"q /Fm Do Q"), format!("/Resources << /XObject << /Fm {form} 0 R >> >>"))
            } else {
                (self.stream("", content.as_bytes()), resources)
            };
            let size = if self.style.rotate % 180 == 90 { format!("{high} {wide}") } else { format!("{wide} {high}") };
            let page = self.add(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Rotate {} /UserUnit {unit} /Contents {content} 0 R {resources} >>",
                self.style.rotate
            ));
            write!(kids, "{page} 0 R ").unwrap();
        }
        self.objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", sheets.len()).into_bytes();
        let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (at, object) in self.objects.iter().enumerate() {
            places.push(bytes.len());
            bytes.extend(format!("{} 0 obj\n", at + 1).into_bytes());
            bytes.extend(object);
            bytes.extend(b"\nendobj\n");
        }
        let xref = bytes.len();
        bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
        for place in &places {
            bytes.extend(format!("{place:010} 00000 n \n").into_bytes());
        }
        bytes.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", places.len() + 1).into_bytes());
        bytes
    }

    /// The fonts: `F0` and on for letters, `D` for digits.
    fn fonts(&mut self) -> String {
        let mut fonts = String::from("<< ");
        match self.style.letters {
            Letters::Predefined(map) => {
                let system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>";
                let own = self.add(format!(
                    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light {system} /DW 1000 /W [1 95 500 814 939 500] >>"
                ));
                let font = self.add(format!(
                    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{map} /DescendantFonts [{own} 0 R] >>"
                ));
                write!(fonts, "/F0 {font} 0 R ").unwrap();
            }
            Letters::Numbers | Letters::Untold => {
                let widths: String =
                    self.codes.iter().map(|(letter, code)| format!("{} [{}] ", code + 100, advance(*letter) * 1000.0)).collect();
                let map = self.unicode(0, usize::MAX, 4, 100);
                let own =
                    self.add(format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+SimSun /DW 1000 /W [{widths}] >>"));
                let told = if self.style.letters == Letters::Numbers { format!("/ToUnicode {map} 0 R") } else { String::new() };
                let font = self.add(format!("<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+SimSun /Encoding /Identity-H {told} /DescendantFonts [{own} 0 R] >>"));
                write!(fonts, "/F0 {font} 0 R ").unwrap();
            }
            Letters::Simple => {
                for part in 0..self.codes.len().div_ceil(200) {
                    let by_code: BTreeMap<usize, char> = self.codes.iter().map(|(letter, code)| (*code, *letter)).collect();
                    let widths: String = (part * 200..part * 200 + 200)
                        .map(|code| format!("{} ", by_code.get(&code).map_or(0.0, |letter| advance(*letter) * 1000.0)))
                        .collect();
                    let map = self.unicode(part * 200, part * 200 + 200, 2, 20);
                    let descriptor = self.add("<< /Type /FontDescriptor /Flags 4 /FontFile2 4 0 R >>");
                    let font = self.add(format!("<< /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+SimSun /FirstChar 20 /LastChar 219 /Widths [{widths}] /FontDescriptor {descriptor} 0 R /ToUnicode {map} 0 R >>"));
                    write!(fonts, "/F{part} {font} 0 R ").unwrap();
                }
            }
        }
        let named = "<< /BaseEncoding /WinAnsiEncoding /Differences [65 /zero /one /two /three /four /five /six /seven /eight /nine /period] >>";
        let encoding = if self.style.digits == Some(true) { named } else { "/WinAnsiEncoding" };
        let digits = self.add(format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {encoding} >>"));
        write!(fonts, "/D {digits} 0 R >>").unwrap();
        fonts
    }

    fn unicode(&mut self, from: usize, to: usize, digits: usize, shift: usize) -> usize {
        let mut map = String::from("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <");
        map += &format!("{}> <{}> endcodespacerange\n", "0".repeat(digits), "F".repeat(digits));
        let entries: Vec<(char, usize)> =
            self.codes.iter().map(|(a, b)| (*a, *b)).filter(|(_, code)| (from..to).contains(code)).collect();
        for part in entries.chunks(100) {
            writeln!(map, "{} beginbfchar", part.len()).unwrap();
            for (letter, code) in part {
                let units: String = letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect();
                writeln!(map, "<{:0digits$X}> <{units}>", code - from + shift).unwrap();
            }
            map += "endbfchar\n";
        }
        map += "endcmap end end";
        self.stream("", map.as_bytes())
    }

    fn content(&self, sheet: &Sheet, height: f64) -> String {
        let mut content = String::new();
        let unit = self.style.unit;
        // From the upper left corner, y downwards, to the page's own coordinates.
        let (wide, high) = (WIDTH, height);
        let turned = match self.style.rotate {
            90 => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            180 => [-1.0, 0.0, 0.0, 1.0, wide, 0.0],
            270 => [0.0, -1.0, -1.0, 0.0, high, wide],
            _ => [1.0, 0.0, 0.0, -1.0, 0.0, high],
        };
        let scaled: Vec<String> = turned.iter().map(|value| format!("{}", value / unit)).collect();
        writeln!(content, "q {} cm 0.7 w", scaled.join(" ")).unwrap();
        for side in &sheet.sides {
            self.side(side, &mut content);
        }
        for text in &sheet.texts {
            self.text(text, &mut content);
        }
        content + "Q"
    }

    fn side(&self, side: &Side, content: &mut String) {
        let ((x0, y0), (x1, y1)) = (side.from, side.to);
        let (wide, high) = (x1 - x0, y1 - y0);
        let level = high == 0.0;
        let mut bar = |x: f64, y: f64, long: f64| {
            let (w, h) = if level { (long, 0.5) } else { (0.5, long) };
            writeln!(content, "{x} {y} {w} {h} re f").unwrap();
        };
        match self.style.lines {
            Lines::None => {}
            Lines::Levels if !level => {}
            Lines::Levels | Lines::Strokes => writeln!(content, "{x0} {y0} m {x1} {y1} l S").unwrap(),
            Lines::Boxes => writeln!(content, "{x0} {y0} {wide} {high} re S").unwrap(),
            Lines::Bars => bar(x0 - 0.25, y0 - 0.25, wide.max(high) + 0.5),
            Lines::Gaps => bar(x0 + if level { 1.0 } else { 0.0 }, y0 + if level { 0.0 } else { 1.0 }, wide.max(high) - 2.0),
            Lines::Dashes => {
                let mut at = 0.0;
                while at < wide.max(high) {
                    let (x, y) = if level { (x0 + at, y0) } else { (x0, y0 + at) };
                    bar(x, y, 3.0);
                    at += 5.0;
                }
            }
            Lines::Double => {
                bar(x0 - 0.75, y0 - 0.75, wide.max(high) + 1.0);
                bar(x0 + 0.75, y0 + 0.75, wide.max(high) + 1.0);
            }
            Lines::Pictures => {
                let (w, h) = if level { (wide, 0.5) } else { (0.5, high) };
                writeln!(content, "q {w} 0 0 {h} {x0} {y0} cm /I Do Q").unwrap();
            }
        }
    }

    /// Letters of one font: its name and their codes in hexadecimal.
    fn code(&self, letter: char) -> (String, String) {
        if let Some(named) = self.style.digits
            && (letter.is_ascii_digit() || letter == '.')
        {
            let name = match letter {
                '.' => b'A' + 10,
                digit => b'A' + (digit as u8 - b'0'),
            };
            return ("D".into(), format!("{:02X}", if named { name } else { letter as u8 }));
        }
        let code = self.codes[&letter];
        match self.style.letters {
            Letters::Numbers | Letters::Untold => ("F0".into(), format!("{:04X}", code + 100)),
            Letters::Simple => (format!("F{}", code / 200), format!("{:02X}", code % 200 + 20)),
            Letters::Predefined(map) if map.starts_with("UniGB") => {
                ("F0".into(), letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect())
            }
            Letters::Predefined(_) => {
                let text = letter.to_string();
                let (bytes, _, _) = GB18030.encode(&text);
                ("F0".into(), bytes.iter().map(|byte| format!("{byte:02X}")).collect())
            }
        }
    }

    fn text(&self, text: &Text, content: &mut String) {
        // Runs of letters of one font, each with where it begins.
        let mut runs: Vec<Run> = Vec::new();
        let mut x = text.x;
        for letter in text.text.chars() {
            let (font, code) = self.code(letter);
            match runs.last_mut() {
                Some((known, _, codes)) if *known == font => codes.push((code, letter)),
                _ => runs.push((font, x, vec![(code, letter)])),
            }
            x += advance(letter) * text.size;
        }
        let (y, size) = (text.y, text.size);
        for (font, x, codes) in runs {
            let all: String = codes.iter().map(|(code, _)| code.as_str()).collect();
            match self.style.writing {
                Writing::Runs => writeln!(content, "BT /{font} {size} Tf 1 0 0 -1 {x} {y} Tm <{all}> Tj ET").unwrap(),
                Writing::Twice => {
                    for shift in [0.0, 0.3] {
                        writeln!(content, "BT /{font} {size} Tf 1 0 0 -1 {} {y} Tm <{all}> Tj ET", x + shift).unwrap();
                    }
                }
                Writing::Scaled => writeln!(content, "BT /{font} 1 Tf {size} 0 0 -{size} {x} {y} Tm <{all}> Tj ET").unwrap(),
                Writing::Kerned => {
                    let pieces: Vec<String> = codes.iter().map(|(code, _)| format!("<{code}>")).collect();
                    writeln!(content, "BT /{font} {size} Tf 1 0 0 -1 {x} {y} Tm [{}] TJ ET", pieces.join(" -8 ")).unwrap();
                }
                Writing::LetterByLetter => {
                    write!(content, "BT /{font} {size} Tf 1 0 0 -1 {x} {y} Tm ").unwrap();
                    for (code, letter) in &codes {
                        write!(content, "<{code}> Tj {} 0 Td ", advance(*letter) * size).unwrap();
                    }
                    content.push_str("ET\n");
                }
            }
        }
    }
}
