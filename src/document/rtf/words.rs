//! The control words that are followed.

use super::tables::Merge;
use super::{Reader, State, Target};

/// Groups whose text is no text of the document.
const PASSED_OVER: [&str; 40] = [
    "annotation",
    "atnauthor",
    "atndate",
    "atnid",
    "bkmkend",
    "bkmkstart",
    "colortbl",
    "colorschememapping",
    "datastore",
    "do",
    "fldinst",
    "filetbl",
    "footer",
    "footerf",
    "footerl",
    "footerr",
    "footnote",
    "generator",
    "header",
    "headerf",
    "headerl",
    "headerr",
    "latentstyles",
    "listtable",
    "listoverridetable",
    "nonesttables",
    "nonshppict",
    "objclass",
    "objdata",
    "pntxta",
    "pntxtb",
    "revtbl",
    "rsidtbl",
    "shprslt",
    "sp",
    "stylesheet",
    "tc",
    "themedata",
    "xe",
    "userprops",
];
/// Optional groups that are followed.
const FOLLOWED: [&str; 5] = ["nesttableprops", "shppict", "shpinst", "shptxt", "pn"];
/// Properties of the document, and the names they get.
const PROPERTIES: [(&str, &str); 5] =
    [("title", "title"), ("author", "author"), ("operator", "last-modified-by"), ("company", "company"), ("manager", "manager")];

/// Characters that have words of their own.
fn character(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" => "\t",
        "line" | "lbr" => "\n",
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => return None,
    })
}

impl Reader<'_> {
    /// A control word or symbol; its backslash is behind us.
    pub(super) fn control(&mut self) {
        let Some(first) = self.bytes.get(self.at).copied() else { return };
        if first.is_ascii_alphabetic() {
            let rest = &self.bytes[self.at..];
            let length = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
            let word = String::from_utf8_lossy(&rest[..length]).into_owned();
            let digits = rest[length..]
                .iter()
                .take(11)
                .enumerate()
                .take_while(|(at, byte)| byte.is_ascii_digit() || *at == 0 && **byte == b'-')
                .count();
            let number = std::str::from_utf8(&rest[length..length + digits]).ok().and_then(|digits| digits.parse::<i32>().ok());
            self.at += length + digits;
            if self.bytes.get(self.at) == Some(&b' ') {
                self.at += 1;
            }
            self.word(&word, number);
            return;
        }
        self.at += 1;
        match first {
            b'\'' => {
                let hex = self.bytes.get(self.at..self.at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            b'*' => self.optional = self.fresh,
            b'~' => self.byte(b' '),
            b'_' => self.byte(b'-'),
            b'\r' | b'\n' => self.word("par", None),
            b'\\' | b'{' | b'}' => self.byte(first),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if word == "bin" {
            self.at = self.at.saturating_add(number.unwrap_or(0).max(0) as usize);
            return;
        }
        if self.deeper > 0 {
            return;
        }
        if word == "u" {
            self.fresh = false;
            return self.unicode(number.unwrap_or(0));
        }
        self.flush();
        self.skip = 0;
        let (fresh, optional) = (std::mem::take(&mut self.fresh), std::mem::take(&mut self.optional));
        if self.state().target == Target::Nothing {
            return;
        }
        if (fresh || optional) && self.target(word, optional) {
            return;
        }
        if let Some(text) = character(word) {
            return self.put(text);
        }
        let on = number != Some(0);
        let (page, font) = (self.page, self.font);
        let State { target, nested, .. } = *self.state();
        match word {
            "par" | "sect" | "page" if target == Target::Body => self.end_paragraph(),
            "cell" | "nestcell" if target == Target::Body => self.cell(word == "nestcell"),
            "row" | "nestrow" if target == Target::Body => self.row(word == "nestrow"),
            "trowd" => self.tables.describe(nested),
            "trleft" => self.tables.row_of(nested).left = number.unwrap_or(0),
            "cellx" => self.tables.row_of(nested).edge(number.unwrap_or(0)),
            "clmrg" => self.tables.row_of(nested).next.along = true,
            "clvmgf" => self.tables.row_of(nested).next.down = Some(Merge::Begins),
            "clvmrg" => self.tables.row_of(nested).next.down = Some(Merge::GoesOn),
            "pard" => {
                let state = self.state();
                (state.in_table, state.level) = (false, 1);
            }
            "intbl" => self.state().in_table = true,
            "itap" => {
                let level = number.unwrap_or(1).clamp(0, 16) as usize;
                let state = self.state();
                state.level = level;
                state.in_table |= level > 1;
            }
            "plain" => {
                let state = self.state();
                (state.bold, state.hidden, state.page) = (false, false, 0);
            }
            "b" => self.state().bold = on,
            "v" | "deleted" => self.state().hidden = on,
            "uc" => self.state().substitutes = number.unwrap_or(1).clamp(0, 16) as u32,
            "ansicpg" => self.page = number.filter(|page| *page > 0).map_or(page, |page| page as u16),
            "f" | "af" if target == Target::Fonts => self.font = number.unwrap_or(0),
            "fcharset" if target == Target::Fonts => drop(self.fonts.insert(font, page_of_charset(number.unwrap_or(0)))),
            "f" => {
                let page = self.fonts.get(&number.unwrap_or(0)).copied().unwrap_or(0);
                self.state().page = page;
            }
            "picwgoal" => self.picture.0 = number,
            "pichgoal" => self.picture.1 = number,
            _ => {}
        }
    }

    /// Where a group's text goes, by its first word; tells whether the word was only that.
    fn target(&mut self, word: &str, optional: bool) -> bool {
        let target = match word {
            "fonttbl" => Target::Fonts,
            "listtext" | "pntext" => Target::Number,
            "pict" => Target::Picture,
            "info" => Target::Info,
            "nesttableprops" => {
                self.state().nested = true;
                return true;
            }
            "shptxt" => {
                // A box stands beside the paragraph it is anchored in.
                self.end_paragraph();
                return true;
            }
            _ if PASSED_OVER.contains(&word) || optional && !FOLLOWED.contains(&word) => Target::Nothing,
            _ => match PROPERTIES.iter().find(|(known, _)| *known == word) {
                Some((_, name)) => Target::Property(name),
                None => return false,
            },
        };
        self.state().target = target;
        true
    }

    fn cell(&mut self, nested: bool) {
        let level = if nested { self.state().level.max(2) } else { 1 };
        let blocks = self.tables.at(level, &mut self.document.blocks);
        self.line.end(false, blocks);
        self.tables.end_cell(level);
    }

    fn row(&mut self, nested: bool) {
        let level = if nested { self.state().level.max(2) } else { 1 };
        let blocks = self.tables.at(level, &mut self.document.blocks);
        self.line.end(false, blocks);
        self.tables.end_row(level);
    }
}

/// The code page of a font's character set; 0 where the document's own holds.
fn page_of_charset(charset: i32) -> u16 {
    match charset {
        134 => 936,
        136 => 950,
        128 => 932,
        129 => 949,
        _ => 0,
    }
}
