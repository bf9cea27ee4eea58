//! The body of an OpenDocument text.

use super::super::budget::Budget;
use super::super::layout::{self, Line, RawCell, is_large, pixels};
use super::super::xml::{Child, Element};
use super::Styles;
use crate::model::Block;
use crate::text::is_filler;

/// The most blanks that one element stands for, and the most copies of a cell or a row.
const MAX_REPEATED: usize = 64;
/// The most bytes of hidden text that are kept.
const MAX_HIDDEN: usize = 100_000;

pub(super) struct Body {
    styles: Styles,
    /// False where the document breaks off or repeats more than is followed: its tables are not complete.
    pub(super) whole: bool,
    pub(super) images: u32,
    pub(super) hidden: Vec<String>,
    in_cell: bool,
    /// What may still be read: cells may stand for many, and these for many more.
    budget: Budget,
}

impl Body {
    pub(super) fn new(styles: Styles, whole: bool) -> Body {
        Body { styles, whole, images: 0, hidden: Vec::new(), in_cell: false, budget: Budget::default() }
    }

    /// The blocks of the text, of a cell, or of a box.
    pub(super) fn blocks(&mut self, parent: Element<'_, '_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.container(parent, &mut blocks);
        blocks
    }

    fn container(&mut self, parent: Element<'_, '_>, blocks: &mut Vec<Block>) {
        for child in parent.children() {
            match child.name() {
                "p" | "h" => self.paragraph(child, None, blocks),
                "list" => self.list(child, None, 0, blocks),
                "table" => blocks.extend(self.table(child)),
                "section" if child.attribute("display").is_some_and(|display| display == "none") => self.hide(&child.text()),
                "section" => self.container(child, blocks),
                // Anchored to the page.
                "frame" | "custom-shape" | "g" | "rect" => {
                    let mut line = Line::default();
                    self.shape(child, &mut line);
                    line.end(false, blocks);
                }
                _ => {}
            }
        }
    }

    fn hide(&mut self, text: &str) {
        let kept: usize = self.hidden.iter().map(String::len).sum();
        if kept + text.len() <= MAX_HIDDEN && !text.chars().all(is_filler) {
            self.hidden.push(text.to_owned());
        }
    }

    fn list(&mut self, list: Element<'_, '_>, style: Option<&str>, level: usize, blocks: &mut Vec<Block>) {
        let own = list.attribute("style-name");
        let style = own.as_deref().or(style);
        let goes_on =
            list.attribute("continue-numbering").is_some_and(|it| it == "true") || list.attribute("continue-list").is_some();
        if let Some(style) = style
            && level == 0
            && !goes_on
        {
            self.styles.lists.restart(style);
        }
        for item in list.children() {
            let mut numbered = item.name() == "list-item";
            let start = item.number("start-value");
            for child in item.children() {
                match child.name() {
                    "list" => self.list(child, style, level + 1, blocks),
                    // Only the first paragraph of an item has its number.
                    "p" | "h" => {
                        let number = if std::mem::take(&mut numbered) {
                            style.map(|style| self.styles.lists.next(style, level, start)).unwrap_or_default()
                        } else {
                            String::new()
                        };
                        self.paragraph(child, Some(number), blocks);
                    }
                    _ => {}
                }
            }
        }
    }

    /// `number`: what the list it stands in numbers it with.
    fn paragraph(&mut self, paragraph: Element<'_, '_>, number: Option<String>, blocks: &mut Vec<Block>) {
        let style = paragraph.attribute("style-name");
        let style = style.as_deref();
        let heading = paragraph.name() == "h";
        let mut line = Line::default();
        let bold = self.styles.has(&self.styles.bold, style);
        if self.styles.has(&self.styles.hidden, style) {
            self.hide(&paragraph.text());
            return;
        }
        self.inline(paragraph, &mut line, bold);
        let number = number.unwrap_or_else(|| {
            if !heading || paragraph.attribute("is-list-header").is_some_and(|it| it == "true") {
                return String::new();
            }
            let level = paragraph.number::<usize>("outline-level").unwrap_or(1).saturating_sub(1);
            self.styles.lists.heading(style, level)
        });
        if !line.is_empty() {
            line.number(&number);
        }
        if self.budget.piece(line.size()) {
            line.end(heading, blocks);
        } else {
            self.whole = false;
        }
    }

    fn inline(&mut self, parent: Element<'_, '_>, line: &mut Line, bold: bool) {
        for child in parent.content() {
            let child = match child {
                Child::Text(text) => {
                    let text: String = text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }).collect();
                    line.push(&text, bold, false);
                    continue;
                }
                Child::Element(child) => child,
            };
            match child.name() {
                "s" => line.push(&" ".repeat(child.number("c").unwrap_or(1usize).min(MAX_REPEATED)), bold, false),
                "tab" => line.push("\t", bold, false),
                "line-break" => line.push("\n", bold, false),
                "span" => {
                    let style = child.attribute("style-name");
                    if self.styles.has(&self.styles.hidden, style.as_deref()) {
                        self.hide(&child.text());
                    } else {
                        let bold = bold || self.styles.has(&self.styles.bold, style.as_deref());
                        self.inline(child, line, bold);
                    }
                }
                "note" | "annotation" | "hidden-text" | "hidden-paragraph" | "ruby-text" | "script" | "tracked-changes" => {}
                "frame" | "custom-shape" | "g" | "rect" | "line" => self.shape(child, line),
                _ => self.inline(child, line, bold),
            }
        }
    }

    /// A frame or a drawn shape: the text in it, or a picture.
    fn shape(&mut self, shape: Element<'_, '_>, line: &mut Line) {
        let size = || Some((pixels(&shape.attribute("width")?)?, pixels(&shape.attribute("height")?)?));
        for child in shape.children() {
            match child.name() {
                "text-box" => line.after.extend(self.blocks(child)),
                "p" | "list" => {
                    line.after.extend(self.blocks(shape));
                    return;
                }
                "table" => line.after.extend(self.table(child)),
                "frame" | "custom-shape" | "g" | "rect" => self.shape(child, line),
                // A frame holds one thing in several forms: the first is read.
                "image" | "object" | "object-ole" => {
                    let large = is_large(size());
                    self.images += u32::from(large);
                    if large || self.in_cell {
                        line.after.push(Block::Picture);
                    }
                    return;
                }
                _ => {}
            }
        }
    }

    fn table(&mut self, table: Element<'_, '_>) -> Vec<Block> {
        let outside = std::mem::replace(&mut self.in_cell, true);
        let mut rows = Vec::new();
        self.rows(table, &mut rows);
        self.in_cell = outside;
        layout::table(rows, self.whole)
    }

    fn rows(&mut self, parent: Element<'_, '_>, rows: &mut Vec<Vec<RawCell>>) {
        for child in parent.children() {
            match child.name() {
                "table-row" if child.attribute("visibility").is_some_and(|it| it != "visible") => self.hide(&child.text()),
                "table-row" => {
                    let repeated = child.number("number-rows-repeated").unwrap_or(1usize);
                    self.whole &= repeated <= MAX_REPEATED;
                    for _ in 0..repeated.clamp(1, MAX_REPEATED) {
                        rows.push(Vec::new());
                        self.cells(child, rows);
                    }
                }
                "table-header-rows" | "table-rows" | "table-row-group" => self.rows(child, rows),
                _ => {}
            }
        }
    }

    fn cells(&mut self, row: Element<'_, '_>, rows: &mut [Vec<RawCell>]) {
        let mut column = 0u32;
        for cell in row.children() {
            let repeated = cell.number("number-columns-repeated").unwrap_or(1u32);
            self.whole &= repeated <= MAX_REPEATED as u32;
            let repeated = repeated.clamp(1, MAX_REPEATED as u32);
            if cell.name() == "table-cell"
                && let Some(current) = rows.last_mut()
            {
                let span = |name: &str| cell.number(name).unwrap_or(1u32).clamp(1, 1_000);
                for copy in 0..repeated {
                    if self.budget.spent || !self.budget.cell() {
                        self.whole = false;
                        return;
                    }
                    let blocks = self.blocks(cell);
                    let (rowspan, colspan) = (span("number-rows-spanned"), span("number-columns-spanned"));
                    current.push(RawCell { blocks, column: Some(column + copy), rowspan, colspan });
                }
            }
            if matches!(cell.name(), "table-cell" | "covered-table-cell") {
                column += repeated;
            }
        }
    }
}
