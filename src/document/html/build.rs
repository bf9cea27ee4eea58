//! Events of a page → blocks and grids.
//!
//! Text gathers into the innermost open cell, else into the current paragraph. A table that holds
//! other tables, or that has a single column, only lays out the page: its content is taken in
//! reading order and it is not counted. Elements that are not shown (`hidden`, `display:none`) and
//! the frame of the page (`nav`, `footer`, `aside`) are passed over.

use super::super::grid::GridBuilder;
use super::Event;
use crate::model::{Block, Document, Link, Problem, TextBlock};
use crate::text::{is_filler, squeeze};

/// The most blocks and the most bytes of one cell or paragraph that are kept.
const MAX_BLOCKS: usize = 200_000;
const MAX_LINKS: usize = 20_000;
/// Tables nested deeper than this are read as text of the table around them.
const MAX_DEPTH: usize = 32;

/// Elements that begin and end a paragraph.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "ul"
    )
}
/// Elements without an end.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track" | "wbr"
    )
}
/// Elements whose content is no text of the report.
fn is_frame(name: &str) -> bool {
    matches!(name, "nav" | "footer" | "aside" | "noscript" | "template" | "select" | "button" | "svg" | "object")
}

/// Text being gathered.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    bold: usize,
    linked: usize,
    /// Characters gathered in all, white space not counted.
    weight: usize,
}

/// A cell being gathered: its text, or blocks where it holds tables.
#[derive(Debug, Default)]
struct OpenCell {
    rowspan: u32,
    colspan: u32,
    blocks: Vec<Block>,
    text: String,
    nested: bool,
}

#[derive(Debug, Default)]
struct OpenTable {
    rows: Vec<Vec<OpenCell>>,
    in_row: bool,
    in_cell: bool,
    /// Whether the page ended inside it.
    cut: bool,
}

/// What the builder gathers while events come in.
#[derive(Debug, Default)]
pub(super) struct Builder {
    blocks: Vec<Block>,
    tables: Vec<OpenTable>,
    paragraph: Paragraph,
    bold: u32,
    link: Option<(String, String)>,
    links: Vec<Link>,
    meta: Vec<(String, String)>,
    title: Option<String>,
    raw: Option<String>,
    images: u32,
    script_bytes: u64,
    /// Name and depth of the element that hides what is inside.
    hidden: Option<(String, u32)>,
    /// Open elements among those that lay out a table by style, each with the part of a table it plays.
    styled: Vec<(String, Option<&'static str>)>,
    deeper: u32,
    broken: bool,
    full: bool,
}

impl Builder {
    /// Whether the nesting was broken in a way that a stream cannot follow.
    pub(super) fn broken(&self) -> bool {
        self.broken
    }

    /// Takes the next event of the page.
    pub(super) fn take(&mut self, event: Event<'_>) {
        if let Some((name, depth)) = &mut self.hidden {
            match event {
                Event::Start(start, _) if start == name => *depth += 1,
                Event::End(end) if end == name => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                self.hidden = None;
            }
            return;
        }
        match event {
            Event::Text(text) => self.text(text),
            Event::Raw(text) => self.raw_text(text),
            Event::Start(name, attributes) => self.start(name, attributes),
            Event::End(name) => self.end(name),
        }
    }

    fn start(&mut self, name: &str, attributes: &dyn super::Attributes) {
        let void = is_void(name);
        let style = attributes.text("style").map(|style| without_spaces(&style));
        let hidden = || attributes.text("hidden").is_some() || style.as_deref().is_some_and(hides);
        if !void && (is_frame(name) || hidden()) {
            self.hidden = Some((name.to_owned(), 1));
            return;
        }
        let name = if void { name } else { self.open_styled(name, style.as_deref()) };
        match name {
            "script" | "style" | "title" | "textarea" | "iframe" => self.raw = Some(name.to_owned()),
            "meta" => self.meta(attributes),
            "img" => self.image(attributes),
            "a" => self.link = attributes.text("href").map(|href| (href.into_owned(), String::new())),
            "b" | "strong" => self.bold += 1,
            "br" => self.line_break(),
            "table" => self.open_table(),
            "tr" => self.open_row(),
            "td" | "th" => self.open_cell(attributes.number("rowspan").unwrap_or(1), attributes.number("colspan").unwrap_or(1)),
            "caption" => self.flush(),
            _ if is_block(name) => {
                self.boundary();
                self.bold += u32::from(is_heading(name));
            }
            _ => {}
        }
    }

    /// The part of a table that an element plays by its style, else the element itself.
    fn open_styled<'a>(&mut self, name: &'a str, style: Option<&str>) -> &'a str {
        let part = style.and_then(|style| styled_part(name, style));
        if part.is_some() || self.styled.iter().any(|(open, _)| open == name) {
            self.styled.push((name.to_owned(), part));
        }
        part.unwrap_or(name)
    }

    fn close_styled<'a>(&mut self, name: &'a str) -> &'a str {
        match self.styled.last() {
            Some((open, _)) if open == name => self.styled.pop().and_then(|(_, part)| part).unwrap_or(name),
            _ => name,
        }
    }

    fn end(&mut self, name: &str) {
        match self.close_styled(name) {
            "a" => self.close_link(),
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "table" => self.close_table(),
            "tr" => self.close_row(),
            "td" | "th" => self.close_cell(),
            "caption" => self.flush(),
            "br" => self.line_break(),
            other if is_block(other) => {
                self.boundary();
                self.bold = self.bold.saturating_sub(u32::from(is_heading(other)));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, linked)) = &mut self.link {
            linked.push_str(text);
        }
        let weight = text.chars().filter(|c| !is_filler(*c)).count();
        // Text between the cells of a table is moved out of it by browsers: only the tree knows where.
        if weight > 0 && self.tables.last().is_some_and(|table| !table.in_cell) {
            self.broken = true;
        }
        self.paragraph.weight += weight;
        self.paragraph.bold += if self.bold > 0 { weight } else { 0 };
        self.paragraph.linked += if self.link.is_some() { weight } else { 0 };
        self.paragraph.text.push_str(text);
    }

    fn raw_text(&mut self, text: &str) {
        match self.raw.take().as_deref() {
            Some("script") => self.script_bytes += text.len() as u64,
            Some("title") if self.title.is_none() => self.title = Some(squeeze(&super::decode_references(text))),
            _ => {}
        }
    }

    fn meta(&mut self, attributes: &dyn super::Attributes) {
        if let (Some(name), Some(content)) = (attributes.text("name"), attributes.text("content"))
            && self.meta.len() < 200
        {
            self.meta.push((name.into_owned(), content.into_owned()));
        }
    }

    /// Counts pictures that may hold text; icons and spacers say their size.
    fn image(&mut self, attributes: &dyn super::Attributes) {
        let small = |name| attributes.number(name).is_some_and(|size| size < 200);
        if !small("width") && !small("height") {
            self.images += 1;
            let blocks = if self.in_cell() {
                self.open_cell_mut().map(|cell| &mut cell.blocks)
            } else {
                Some(&mut self.blocks).filter(|blocks| blocks.len() < MAX_BLOCKS)
            };
            match blocks {
                Some(blocks) => blocks.push(Block::Picture),
                None => self.full = true,
            }
        }
    }

    fn close_link(&mut self) {
        if let Some((href, text)) = self.link.take()
            && self.links.len() < MAX_LINKS
        {
            self.links.push(Link { href, text: squeeze(&text) });
        }
    }

    fn line_break(&mut self) {
        if self.in_cell() { self.paragraph.text.push('\n') } else { self.flush() }
    }

    /// The edge of a block element: a line break inside a cell, else the end of the paragraph.
    fn boundary(&mut self) {
        self.flush();
    }

    fn in_cell(&self) -> bool {
        self.tables.last().is_some_and(|table| table.in_cell)
    }

    /// Ends the current paragraph and puts it where it belongs.
    fn flush(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.weight == 0 {
            return;
        }
        let block = TextBlock {
            text: tidy(&paragraph.text),
            page: None,
            emphasis: paragraph.bold == paragraph.weight,
            linked: paragraph.linked == paragraph.weight,
        };
        if let Some(cell) = self.open_cell_mut() {
            if !cell.text.is_empty() {
                cell.text.push('\n');
            }
            cell.text.push_str(&block.text);
            cell.blocks.push(Block::Text(block));
        } else if self.blocks.len() < MAX_BLOCKS {
            self.blocks.push(Block::Text(block));
        } else {
            self.full = true;
        }
    }

    fn open_cell_mut(&mut self) -> Option<&mut OpenCell> {
        let table = self.tables.last_mut().filter(|table| table.in_cell)?;
        table.rows.last_mut()?.last_mut()
    }

    fn open_table(&mut self) {
        self.flush();
        if self.tables.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        if self.tables.last().is_some_and(|table| !table.in_cell) {
            self.broken = true;
        }
        self.tables.push(OpenTable::default());
    }

    fn open_row(&mut self) {
        self.close_row();
        match self.tables.last_mut() {
            Some(table) => {
                table.rows.push(Vec::new());
                table.in_row = true;
            }
            None => self.broken = true,
        }
    }

    fn open_cell(&mut self, rowspan: u32, colspan: u32) {
        self.close_cell();
        let Some(table) = self.tables.last_mut() else {
            self.broken = true;
            return;
        };
        if !table.in_row {
            table.rows.push(Vec::new());
            table.in_row = true;
        }
        table.in_cell = true;
        if let Some(row) = table.rows.last_mut() {
            row.push(OpenCell { rowspan, colspan, ..OpenCell::default() });
        }
    }

    fn close_cell(&mut self) {
        if self.in_cell() {
            self.flush();
        } else {
            self.paragraph.text.push(' ');
        }
        if let Some(table) = self.tables.last_mut() {
            table.in_cell = false;
        }
    }

    fn close_row(&mut self) {
        if self.in_cell() {
            self.close_cell();
        }
        if let Some(table) = self.tables.last_mut() {
            table.in_row = false;
        }
    }

    fn close_table(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        self.close_row();
        let Some(table) = self.tables.pop() else {
            self.broken = true;
            return;
        };
        let blocks = laid_out(table, &mut self.full);
        match self.open_cell_mut() {
            Some(cell) => {
                let letters: usize =
                    blocks.iter().map(|block| if let Block::Text(text) = block { text.text.len() } else { 0 }).sum();
                cell.nested |= letters > LONGEST_CELL || blocks.iter().any(|block| matches!(block, Block::Table(_)));
                for block in &blocks {
                    if let Block::Text(text) = block {
                        cell.text.push_str(if cell.text.is_empty() { "" } else { "\n" });
                        cell.text.push_str(&text.text);
                    }
                }
                cell.blocks.extend(blocks);
            }
            None => self.blocks.extend(blocks),
        }
    }

    /// A page that ends inside a table was cut: the cell it ends in may be half of itself, so it is not
    /// read, and the table is not complete.
    fn drop_cut_cell(&mut self) {
        self.deeper = 0;
        if self.in_cell() {
            self.paragraph = Paragraph::default();
        }
        if let Some(table) = self.tables.last_mut() {
            table.cut = true;
            if table.in_cell
                && let Some(row) = table.rows.last_mut()
            {
                row.pop();
                table.in_cell = false;
            }
        }
    }

    /// The document, tables numbered in reading order.
    pub(super) fn finish(mut self, mut document: Document) -> Document {
        let cut = !self.tables.is_empty();
        while !self.tables.is_empty() {
            self.drop_cut_cell();
            self.close_table();
        }
        self.flush();
        document.blocks = self.blocks;
        document.title = self.title;
        document.meta = self.meta;
        document.links = self.links;
        document.images = self.images;
        document.script_bytes = self.script_bytes;
        if cut {
            document.problems.push(Problem::new("truncated", "页面在表格中间中断，之后的内容没有取到"));
        }
        if self.full {
            document.problems.push(Problem::new("too-many-cells", "页面的表格或段落过多，超出部分未读取"));
        }
        super::super::number_tables(&mut document);
        document
    }
}

/// No cell of a statutory table holds so many bytes of text.
const LONGEST_CELL: usize = 700;

/// A closed table as blocks: one grid, or the content of its cells where it only lays out the page.
fn laid_out(table: OpenTable, full: &mut bool) -> Vec<Block> {
    // A text as long as a page beside another cell is a page beside its margin.
    let beside =
        |row: &Vec<OpenCell>| row.len() > 1 && row.iter().any(|cell| cell.text.len() > LONGEST_CELL && cell.blocks.len() > 4);
    let layout = table.rows.iter().flatten().any(|cell| cell.nested)
        || table.rows.iter().all(|row| row.len() <= 1)
        || table.rows.iter().any(beside);
    if layout {
        return table.rows.into_iter().flatten().flat_map(|cell| cell.blocks).collect();
    }
    let cut = table.cut;
    let mut grid = GridBuilder::default();
    for row in table.rows {
        grid.row();
        for cell in row {
            grid.cell(cell.text, cell.rowspan, cell.colspan);
        }
    }
    let mut grid = grid.finish();
    *full |= !grid.complete;
    grid.complete &= !cut;
    vec![Block::Table(grid)]
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// A style in lower case without white space.
fn without_spaces(style: &str) -> String {
    style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

/// `display:table` and its parts, on elements that are no table.
fn styled_part(name: &str, style: &str) -> Option<&'static str> {
    if !style.contains("display:table") || !matches!(name, "div" | "span" | "ul" | "li" | "p" | "section" | "dl" | "dt" | "dd") {
        return None;
    }
    let parts = [("display:table-cell", "td"), ("display:table-row;", "tr"), ("display:table;", "table")];
    let style = format!("{style};");
    parts.into_iter().find(|(display, _)| style.contains(display)).map(|(_, part)| part)
}

fn hides(style: &str) -> bool {
    style.contains("display:none") || style.contains("visibility:hidden") || style.contains("mso-hide:all")
}

/// Runs of white space within a line as one space, line breaks kept.
fn tidy(text: &str) -> String {
    if !text.contains('\n') {
        return squeeze(text);
    }
    text.split('\n').map(squeeze).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
