//! Word's old binary documents (.doc, .wps) → Document, through office_oxide.
//!
//! Tracked changes are read as accepted and hidden text is left out, as the library does by default; a document in
//! which it cannot tell them is left to a converter. Its strict limits hold, and whatever it had to leave out makes
//! the document incomplete.

mod unshown;

use super::compound::Stream;
use super::grid::GridBuilder;
use super::package::Fault;
use crate::model::{Block, Document, Media, Problem, TextBlock};
use crate::text::{is_note_mark, squeeze};
use office_oxide::ir::{Element, InlineContent, List, Table, TextSpan, VerticalAlign};
use office_oxide::options::{OnIncomplete, ParseOptions};
use office_oxide::{Document as Office, DocumentFormat};
use std::io::Cursor;

/// Reads a Word document.
pub(super) fn read(bytes: &[u8], media: Media) -> Document {
    let mut document = Document::new(media);
    let main = super::compound::stream(bytes, &["WordDocument"]).map(|(stream, _)| stream);
    if main.as_ref().is_some_and(is_older) {
        document.problems.push(older());
        return document;
    }
    if main.as_ref().is_some_and(|main| unshown::is_taken_for_text(bytes, &main.bytes)) {
        document.problems.push(Problem::new(
            "format-unsupported",
            "Word 文件里有修订中删除的或隐藏的文字，本程序不能直接分辨；请人工查看，或请发布单位接受修订后另存为 docx",
        ));
        return document;
    }
    let mut options = ParseOptions::strict();
    options.on_incomplete = OnIncomplete::Report;
    let office = match Office::from_reader_with(Cursor::new(bytes.to_vec()), DocumentFormat::Doc, &options) {
        Ok(office) => office,
        Err(_) => {
            document.problems.push(unreadable(main.as_ref()));
            return document;
        }
    };
    let lossy = office.damage().iter().any(office_oxide::options::Damage::is_loss);
    if lossy {
        document.problems.push(Problem::new(
            "document-incomplete",
            "Word 文件的部分内容无法读取，相关核对不作结论；请人工查看原件，或请发布单位另存为 docx",
        ));
    }
    let content = office.to_ir();
    super::compound::properties(bytes, &mut document);
    let mut walk = Walk { blocks: Vec::new(), images: 0, complete: !lossy };
    for section in content.sections.iter().filter(|section| !section.hidden) {
        walk.elements(&section.elements);
    }
    document.images = walk.images;
    document.blocks = walk.blocks;
    super::number_tables(&mut document);
    document
}

/// Whether a document was written by a Word before 97: of those the library gives the words and loses the tables.
fn is_older(main: &Stream) -> bool {
    /// The version of Word 97 in the head of the main stream.
    const WORD_97: u16 = 193;
    matches!(main.bytes.as_slice(), [_, _, low, high, ..] if u16::from_le_bytes([*low, *high]) < WORD_97)
}

fn older() -> Problem {
    Problem::new("format-unsupported", "Word 文件没有损坏，但写法过旧，本程序不能直接读取；请人工查看原件")
}

/// Why the library gives up: the file is locked, it is written in a way that it does not know, or it is broken.
fn unreadable(main: Option<&Stream>) -> Problem {
    /// Where the flags of a document stand in its main stream, and the one that says that it is locked.
    const FLAGS: usize = 11;
    const LOCKED: u8 = 1;
    match main {
        Some(main) if main.bytes.get(FLAGS).is_some_and(|flags| flags & LOCKED != 0) => Fault::Encrypted.problem(),
        Some(main) if main.whole => older(),
        _ => Fault::Damaged.problem(),
    }
}

struct Walk {
    blocks: Vec<Block>,
    images: u32,
    complete: bool,
}

impl Walk {
    fn elements(&mut self, elements: &[Element]) {
        for element in elements {
            match element {
                Element::Heading(heading) => self.paragraph(&heading.content, true),
                Element::Paragraph(paragraph) => self.paragraph(&paragraph.content, is_bold(&paragraph.content)),
                Element::Table(table) => self.table(table),
                Element::List(list) => self.list(list),
                Element::TextBox(content) => self.elements(&content.content),
                Element::Image(_) => {
                    self.images += 1;
                    self.blocks.push(Block::Picture);
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, content: &[InlineContent], emphasis: bool) {
        for line in inline(content).split('\n') {
            let text = squeeze(line);
            if !text.is_empty() {
                self.blocks.push(Block::Text(TextBlock { text, page: None, emphasis, linked: false, printed: None }));
            }
        }
    }

    fn list(&mut self, list: &List) {
        for item in &list.items {
            self.elements(&item.content);
            if let Some(nested) = &item.nested {
                self.list(nested);
            }
        }
    }

    /// A table that holds tables, or has one column, only lays out the page.
    fn table(&mut self, table: &Table) {
        let cells = || table.rows.iter().flat_map(|row| &row.cells);
        let nested = cells().any(|cell| cell.content.iter().any(|element| matches!(element, Element::Table(_))));
        if nested || table.rows.iter().all(|row| row.cells.len() <= 1) {
            for cell in cells() {
                self.elements(&cell.content);
            }
            return;
        }
        let mut grid = GridBuilder::default();
        for row in &table.rows {
            grid.row();
            for cell in &row.cells {
                grid.cell(cell_text(&cell.content), cell.row_span.max(1), cell.col_span);
            }
        }
        let mut grid = grid.finish();
        grid.complete &= self.complete;
        self.blocks.push(Block::Table(grid));
    }
}

/// The text of a cell, its paragraphs on lines of their own.
fn cell_text(elements: &[Element]) -> String {
    let mut inner = Walk { blocks: Vec::new(), images: 0, complete: true };
    inner.elements(elements);
    let lines = inner.blocks.into_iter().filter_map(|block| if let Block::Text(text) = block { Some(text.text) } else { None });
    lines.collect::<Vec<_>>().join("\n")
}

fn inline(content: &[InlineContent]) -> String {
    let mut text = String::new();
    for piece in content {
        match piece {
            InlineContent::Text(span) if is_note(span) && !text.is_empty() => {}
            InlineContent::Text(span) => text.push_str(&span.text),
            InlineContent::LineBreak => text.push('\n'),
            _ => {}
        }
    }
    text
}

/// Whether a piece of text is the mark of a footnote.
fn is_note(span: &TextSpan) -> bool {
    matches!(span.vertical_align, Some(VerticalAlign::Superscript)) && is_note_mark(&span.text)
}

fn is_bold(content: &[InlineContent]) -> bool {
    content.iter().all(|piece| !matches!(piece, InlineContent::Text(span) if !span.bold))
}
