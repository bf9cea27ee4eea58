//! Rich Text Format → Document, in one pass over its groups and control words.
//!
//! Text comes as bytes in a code page (the font's, else the document's), as Unicode with a substitute to
//! be skipped, or both. Tables are rows of cells with right edges in twips; see `tables`.

mod tables;
mod words;

use super::budget::MAX_TEXT;
use super::layout::{self, Line, is_large};
use super::package::Fault;
use crate::model::{Block, Document, Media, Problem};
use crate::text::{code_page, is_filler, squeeze};
use std::collections::HashMap;
use tables::Tables;

/// Groups nested deeper than this are passed over.
const MAX_DEPTH: usize = 400;

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Body,
    /// Passed over.
    Nothing,
    Fonts,
    /// The document's properties: text of those without a name here is passed over.
    Info,
    /// A property of the document, by the name it gets.
    Property(&'static str),
    /// The automatic number of a paragraph.
    Number,
    Picture,
}

/// What a group inherits and gives back.
#[derive(Debug, Clone, Copy)]
struct State {
    target: Target,
    /// How many characters stand for one in Unicode.
    substitutes: u32,
    page: u16,
    bold: bool,
    hidden: bool,
    in_table: bool,
    level: usize,
    /// Whether a row is being described that stands inside a cell.
    nested: bool,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    states: Vec<State>,
    /// Groups deeper than are followed.
    deeper: usize,
    /// Text not yet decoded: bytes of the code page, or units of UTF-16.
    raw: Vec<u8>,
    units: Vec<u16>,
    /// Characters still to be skipped after one in Unicode.
    skip: u32,
    /// Whether the group has just begun, and whether it may be passed over.
    fresh: bool,
    optional: bool,
    page: u16,
    fonts: HashMap<i32, u16>,
    font: i32,
    text: String,
    /// How many bytes of text are still taken.
    left: usize,
    picture: (Option<i32>, Option<i32>),
    line: Line,
    tables: Tables,
    document: Document,
}

/// Reads a document.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let first = State {
        target: Target::Body,
        substitutes: 1,
        page: 0,
        bold: false,
        hidden: false,
        in_table: false,
        level: 1,
        nested: false,
    };
    let mut reader = Reader {
        bytes,
        at: 0,
        states: vec![first],
        deeper: 0,
        raw: Vec::new(),
        units: Vec::new(),
        skip: 0,
        fresh: false,
        optional: false,
        page: 936,
        fonts: HashMap::new(),
        font: 0,
        text: String::new(),
        left: MAX_TEXT,
        picture: (None, None),
        line: Line::default(),
        tables: Tables::default(),
        document: Document::new(media),
    };
    let whole = reader.run();
    reader.finish(whole)
}

impl Reader<'_> {
    /// Reads to the end of the outermost group; tells whether that is there.
    fn run(&mut self) -> bool {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            if self.left == 0 || self.raw.len() > MAX_TEXT {
                self.left = 0;
                return false;
            }
            match byte {
                b'{' => self.open(),
                b'}' => {
                    self.close();
                    if self.states.len() == 1 && self.deeper == 0 {
                        return true;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        false
    }

    fn state(&mut self) -> &mut State {
        let last = self.states.len() - 1;
        &mut self.states[last]
    }

    fn open(&mut self) {
        self.flush();
        self.skip = 0;
        if self.states.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let state = *self.state();
        self.states.push(state);
        (self.fresh, self.optional) = (true, false);
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        self.fresh = false;
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(state) = self.states.pop() else { return };
        if self.states.is_empty() {
            self.states.push(state);
            return;
        }
        if self.state().target != state.target {
            self.target_ended(state.target);
        }
    }

    fn target_ended(&mut self, target: Target) {
        let text = std::mem::take(&mut self.text);
        match target {
            Target::Property("title") => self.document.title = Some(squeeze(&text)).filter(|title| !title.is_empty()),
            Target::Property(name) if !squeeze(&text).is_empty() => self.document.meta.push((name.to_owned(), squeeze(&text))),
            Target::Number if text.chars().any(|c| c.is_alphanumeric() && !('\u{e000}'..='\u{f8ff}').contains(&c)) => {
                let number = text.trim_matches(is_filler);
                let gap = if number.ends_with(|c: char| c.is_ascii() || c.is_alphanumeric()) { " " } else { "" };
                let bold = self.state().bold;
                self.line.push(&format!("{number}{gap}"), bold, false);
            }
            Target::Picture => {
                let twips = |length: Option<i32>| length.map(|length| f64::from(length) / 15.0);
                let (width, height) = std::mem::take(&mut self.picture);
                let large = is_large(twips(width).zip(twips(height)));
                self.document.images += u32::from(large);
                if large || self.state().in_table {
                    self.line.after.push(Block::Picture);
                }
            }
            _ => {}
        }
    }

    /// A byte of text.
    fn byte(&mut self, byte: u8) {
        if self.deeper > 0 {
            return;
        }
        self.fresh = false;
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        if !self.units.is_empty() {
            self.flush();
        }
        if !matches!(self.state().target, Target::Nothing | Target::Picture) {
            self.raw.push(byte);
        }
    }

    fn unicode(&mut self, code: i32) {
        if !self.raw.is_empty() {
            self.flush();
        }
        self.units.push(code as u16);
        self.skip = self.state().substitutes;
    }

    /// Decodes the text gathered, and puts it where it belongs.
    fn flush(&mut self) {
        if self.raw.is_empty() && self.units.is_empty() {
            return;
        }
        let state = *self.state();
        let text = if self.units.is_empty() {
            code_page(&self.raw, if state.page == 0 { self.page } else { state.page })
        } else {
            String::from_utf16_lossy(&self.units)
        };
        self.raw.clear();
        self.units.clear();
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        let state = *self.state();
        self.left = self.left.saturating_sub(text.len());
        match state.target {
            Target::Body if state.hidden => self.document.hidden.push(text.to_owned()),
            Target::Body => self.line.push(text, state.bold, false),
            Target::Number | Target::Property(_) => self.text.push_str(text),
            Target::Nothing | Target::Fonts | Target::Info | Target::Picture => {}
        }
    }

    /// Ends a paragraph where it stands.
    fn end_paragraph(&mut self) {
        let state = *self.state();
        let level = if state.in_table { state.level.max(1) } else { 0 };
        let blocks = self.tables.at(level, &mut self.document.blocks);
        self.line.end(false, blocks);
    }

    fn finish(mut self, whole: bool) -> Document {
        self.flush();
        if self.states.len() == 1 && !self.bytes.starts_with(b"{") && self.document.blocks.is_empty() && self.line.is_empty() {
            return Fault::Damaged.document(self.document.media);
        }
        self.state().in_table = false;
        self.tables.whole &= whole;
        self.end_paragraph();
        if whole {
            layout::tell_bounds(&mut self.document, self.tables.whole);
        } else if self.left == 0 {
            self.document.problems.push(Problem::new("too-many-cells", "文件的文字过多，超出部分未读取；请人工查看原件"));
        } else {
            let message = "文件没有结尾，可能没有取完整，相关核对不作结论；请重新下载，或向发布单位索取原件";
            self.document.problems.push(Problem::new("document-incomplete", message));
        }
        super::number_tables(&mut self.document);
        self.document
    }
}

#[cfg(test)]
mod tests;
