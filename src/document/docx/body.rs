//! The body of a Word document: paragraphs and tables in reading order.

use super::super::layout::{self, Line, RawCell};
use super::super::xml::Element;
use super::Parts;
use super::runs::{Field, Look, words};
use super::styles::{number_of, switch};
use crate::model::{Block, Problem};
use crate::text::is_filler;

/// The most columns one cell of a table may span.
const MAX_SPAN: u32 = 1_000;
/// The most bytes of hidden text that are kept.
const MAX_HIDDEN: usize = 100_000;

/// What is gathered while the body is read.
pub(super) struct Body {
    pub(super) parts: Parts,
    /// False where the document breaks off or holds more than is followed: its tables are not complete.
    pub(super) whole: bool,
    pub(super) images: u32,
    pub(super) in_cell: bool,
    pub(super) fields: Vec<Field>,
    /// Text that readers are not shown.
    pub(super) hidden: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// A table being gathered.
#[derive(Default)]
struct Rows {
    rows: Vec<Vec<RawCell>>,
    /// Cells that go on downwards: first column, row and place in the row where they begin.
    open: Vec<(u32, usize, usize)>,
}

impl Body {
    pub(super) fn new(parts: Parts, whole: bool) -> Body {
        Body { parts, whole, images: 0, in_cell: false, fields: Vec::new(), hidden: Vec::new(), problems: Vec::new() }
    }

    /// The blocks of the body, of a cell, or of a box of text.
    pub(super) fn blocks(&mut self, parent: Element<'_, '_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut line = Line::default();
        self.container(parent, &mut blocks, &mut line);
        line.end(false, &mut blocks);
        blocks
    }

    /// `line` holds what a deleted end of a paragraph has joined to the next one.
    fn container(&mut self, parent: Element<'_, '_>, blocks: &mut Vec<Block>, line: &mut Line) {
        for child in parent.children() {
            match child.name() {
                "p" => self.paragraph(child, blocks, line),
                "tbl" => {
                    line.end(false, blocks);
                    blocks.extend(self.table(child));
                }
                "sdt" => {
                    if let Some(content) = self.content_of(child) {
                        self.container(content, blocks, line);
                    }
                }
                // `sect` and `sub-section` are Word 2003's.
                "customXml" | "ins" | "moveTo" | "smartTag" | "sect" | "sub-section" => self.container(child, blocks, line),
                "AlternateContent" => {
                    for branch in child.children() {
                        let before = blocks.len();
                        self.container(branch, blocks, line);
                        if blocks.len() > before {
                            break;
                        }
                    }
                }
                "altChunk" => {
                    line.end(false, blocks);
                    let chunk = child.attribute("id").and_then(|id| self.parts.chunks.remove(id.as_ref()));
                    if let Some(chunk) = chunk {
                        self.images += chunk.images;
                        self.problems.extend(chunk.problems);
                        blocks.extend(chunk.blocks);
                    }
                }
                _ => {}
            }
        }
    }

    /// What a content control holds; `None` for a table of contents and for a prompt to type something.
    pub(super) fn content_of<'t, 'a>(&self, control: Element<'t, 'a>) -> Option<Element<'t, 'a>> {
        let properties = control.child("sdtPr");
        let gallery = properties.and_then(|it| it.at(&["docPartObj", "docPartGallery"])).and_then(|it| it.value());
        let contents = gallery.is_some_and(|name| name == "Table of Contents");
        let prompt = switch(properties, "showingPlcHdr") == Some(true);
        control.child("sdtContent").filter(|_| !contents && !prompt)
    }

    /// Keeps text that readers are not shown.
    pub(super) fn hide(&mut self, text: &str) {
        let kept: usize = self.hidden.iter().map(String::len).sum();
        if kept + text.len() <= MAX_HIDDEN && !text.chars().all(is_filler) {
            self.hidden.push(text.to_owned());
        }
    }

    fn paragraph(&mut self, paragraph: Element<'_, '_>, blocks: &mut Vec<Block>, line: &mut Line) {
        let properties = paragraph.child("pPr");
        let style = properties.and_then(|it| it.child("pStyle")).and_then(|style| style.value());
        let style = style.as_deref();
        let look = Look { bold: false, hidden: false, linked: false, raised: false, style };
        if self.parts.styles.contents(style) {
            // Its fields are followed, its text repeats the headings.
            self.inline(paragraph, &mut Line::default(), look);
            return;
        }
        self.inline(paragraph, line, look);
        // The code of a field that is still open at the end of its paragraph has lost its end.
        self.fields.iter_mut().filter(|field| matches!(field, Field::Code(_))).for_each(|field| *field = Field::Shown);
        let mark = properties.and_then(|it| it.child("rPr"));
        if mark.is_some_and(|mark| mark.child("del").is_some() || mark.child("moveFrom").is_some()) {
            return;
        }
        let number = self.number(properties, style);
        if !line.is_empty() {
            line.number(&number);
        }
        let level = properties.and_then(|it| it.child("outlineLvl")).and_then(|level| level.number::<u8>("val"));
        line.end(level.is_some_and(|level| level < 9) || self.parts.styles.heading(style), blocks);
    }

    /// The automatic number of a paragraph.
    fn number(&mut self, properties: Option<Element<'_, '_>>, style: Option<&str>) -> String {
        // Word 2003 writes the number beside the definition.
        if let Some(listed) = properties.and_then(|it| it.child("listPr")) {
            let text = listed.child("t").and_then(|text| text.value()).unwrap_or_default().into_owned();
            return if text.chars().all(|c| c.is_ascii() && !c.is_ascii_digit() || ('\u{e000}'..='\u{f8ff}').contains(&c)) {
                String::new()
            } else {
                text
            };
        }
        let (own, own_level) = number_of(properties).unwrap_or_default();
        let styled = self.parts.styles.number(style).map(|(style, number, level)| (style.to_owned(), number.to_owned(), level));
        let (number, level) = match (own, styled) {
            (Some(number), styled) => {
                let level = own_level.or_else(|| {
                    styled.and_then(|(style, _, level)| level.or_else(|| self.parts.numbering.level_of_style(&number, &style)))
                });
                (number, level)
            }
            (None, Some((style, number, level))) => {
                let level = own_level.or(level).or_else(|| self.parts.numbering.level_of_style(&number, &style));
                (number, level)
            }
            (None, None) => return String::new(),
        };
        if number == "0" {
            return String::new();
        }
        self.parts.numbering.next(&number, level.unwrap_or(0).min(8))
    }

    fn table(&mut self, table: Element<'_, '_>) -> Vec<Block> {
        let outside = std::mem::replace(&mut self.in_cell, true);
        let mut rows = Rows::default();
        self.rows(table, &mut rows);
        self.in_cell = outside;
        layout::table(rows.rows, self.whole)
    }

    fn rows(&mut self, parent: Element<'_, '_>, rows: &mut Rows) {
        for child in parent.children() {
            match child.name() {
                "tr" => self.row(child, rows),
                "sdt" => {
                    if let Some(content) = self.content_of(child) {
                        self.rows(content, rows);
                    }
                }
                "customXml" | "ins" | "moveTo" => self.rows(child, rows),
                _ => {}
            }
        }
    }

    fn row(&mut self, row: Element<'_, '_>, rows: &mut Rows) {
        let properties = row.child("trPr");
        if properties.is_some_and(|it| it.child("del").is_some() || it.child("moveFrom").is_some()) {
            return;
        }
        if switch(properties, "hidden") == Some(true) {
            self.hide(&words(row));
            return;
        }
        let before = properties.and_then(|it| it.child("gridBefore")).and_then(|it| it.number("val")).unwrap_or(0u32);
        let mut column = before.min(MAX_SPAN);
        let mut open = Vec::new();
        rows.rows.push(Vec::new());
        self.cells(row, rows, &mut column, &mut open);
        rows.open = open;
    }

    fn cells(&mut self, parent: Element<'_, '_>, rows: &mut Rows, column: &mut u32, open: &mut Vec<(u32, usize, usize)>) {
        for child in parent.children() {
            match child.name() {
                "tc" => self.cell(child, rows, column, open),
                "sdt" => {
                    if let Some(content) = self.content_of(child) {
                        self.cells(content, rows, column, open);
                    }
                }
                "customXml" | "ins" | "moveTo" => self.cells(child, rows, column, open),
                _ => {}
            }
        }
    }

    fn cell(&mut self, cell: Element<'_, '_>, rows: &mut Rows, column: &mut u32, open: &mut Vec<(u32, usize, usize)>) {
        let properties = cell.child("tcPr");
        if properties.is_some_and(|it| it.child("cellDel").is_some()) {
            return;
        }
        let span = properties.and_then(|it| it.child("gridSpan")).and_then(|it| it.number("val")).unwrap_or(1u32);
        self.whole &= span <= MAX_SPAN;
        let span = span.clamp(1, MAX_SPAN);
        // A merge without a value goes on; Word 2003 writes `vmerge`.
        let merge = |names: [&str; 2]| {
            let mark = properties?.children().find(|it| names.contains(&it.name()))?;
            Some(mark.value().is_some_and(|value| value == "restart"))
        };
        let (down, along) = (merge(["vMerge", "vmerge"]), merge(["hMerge", "hmerge"]));
        let at = *column;
        *column = at.saturating_add(span).min(MAX_SPAN * 10);
        if down == Some(false)
            && let Some((_, row, place)) = rows.open.iter().find(|(first, _, _)| *first == at).copied()
        {
            rows.rows[row][place].rowspan += 1;
            open.push((at, row, place));
            return;
        }
        let index = rows.rows.len() - 1;
        if along == Some(false)
            && let Some(left) = rows.rows[index].last_mut()
        {
            left.colspan += span;
            return;
        }
        let blocks = self.blocks(cell);
        let current = &mut rows.rows[index];
        current.push(RawCell { blocks, column: Some(at), rowspan: 1, colspan: span });
        if down.is_some() {
            open.push((at, index, current.len() - 1));
        }
    }
}
