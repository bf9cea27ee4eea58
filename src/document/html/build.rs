//! Elements and text of a page → blocks and grids.
//!
//! Text gathers into the innermost open cell, else into the current paragraph. A table that holds
//! other tables, or that has a single column, only lays out the page: its content is taken in
//! reading order and it is not counted. Elements that are not shown (`hidden`, `display:none`) and
//! the frame of the page (`nav`, `footer`, `aside`) are passed over. Elements come well nested: each
//! end brings back what its start came to.

use super::super::budget::{Budget, MAX_TEXT};
use super::Attributes;
use super::divs::Nesting;
use super::mark::Mark;
use super::name::{self, Kind, Name};
use super::references::decode_text;
use super::style::{self, Sheet};
use super::table::{OpenTable, tidy_into};
use crate::model::{Block, Document, Link, Problem, TextBlock};
use crate::text::{is_filler, is_note_mark, squeeze};

/// The most links of a page, and the most bytes of one's text.
const MAX_LINKS: usize = 20_000;
const MAX_LINK_TEXT: usize = 2_000;
/// Tables nested deeper than this are read as text of the table around them.
const MAX_DEPTH: usize = 32;

/// Text being gathered.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    /// Whether anything in it is printed, is not bold, is no link.
    printed: bool,
    light: bool,
    unlinked: bool,
}

/// What the builder gathers while elements come in.
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
    images: u32,
    script_bytes: u64,
    hidden: bool,
    /// Whether letters have no size here.
    shrunk: bool,
    preformatted: u32,
    /// Raised elements that are open.
    raised: u32,
    sheet: Sheet,
    /// How block elements nest outside of tables.
    nesting: Nesting,
    /// Tables inside the deepest one that is laid out.
    deeper: u32,
    budget: Budget,
}

impl Builder {
    /// An element begins; the same mark is due at its end.
    pub(super) fn start(&mut self, name: Name, kind: Kind, attributes: &impl Attributes) -> Mark {
        if self.hidden {
            return Mark::Ignored;
        }
        let told = attributes.style().map(|style| style::plain(&style));
        if kind != Kind::Void && kind != Kind::Note {
            let by_class = || !self.sheet.is_empty() && attributes.text("class").is_some_and(|it| self.sheet.hides(&it));
            let hides = attributes.hidden() || told.as_deref().is_some_and(style::hides) || by_class();
            if hides || name::is_frame(kind, name) {
                self.hidden = true;
                return Mark::Hides;
            }
            if let Some(part) = told.as_deref().and_then(|style| style::part(name, style)) {
                self.open(part, name::kind(part), attributes, None);
                return Mark::Part(part);
            }
        }
        let mark = self.open(name, kind, attributes, told.as_deref());
        if mark == Mark::Itself && !matches!(kind, Kind::Void | Kind::Note) { self.resize(told, attributes) } else { mark }
    }

    /// Letters of no size are not shown, up to an element inside that sets another size.
    fn resize(&mut self, told: Option<String>, attributes: &impl Attributes) -> Mark {
        let style = if self.shrunk { attributes.text("style").map(|style| style::plain(&style)) } else { told };
        match style.as_deref().and_then(style::shrinks) {
            Some(shrunk) if shrunk != self.shrunk => {
                self.shrunk = shrunk;
                if shrunk { Mark::Shrinks } else { Mark::Grows }
            }
            _ => Mark::Itself,
        }
    }

    fn open(&mut self, name: Name, kind: Kind, attributes: &impl Attributes, style: Option<&str>) -> Mark {
        match kind {
            Kind::Note if name == name::META => self.meta(attributes),
            Kind::Void if name == name::IMG => self.image(attributes),
            Kind::Void if name == name::BR => self.line_break(),
            Kind::Marking if name == name::A => {
                self.link = attributes.text("href").map(|href| (href.into_owned(), String::new()));
                return Mark::Links;
            }
            Kind::Marking => self.bold += 1,
            Kind::Plain => self.raised += u32::from(name == name::SUP),
            Kind::Table => self.open_table(),
            Kind::Row => self.open_row(),
            Kind::Cell => {
                let (rowspan, colspan) = attributes.spans();
                self.open_cell(rowspan, colspan);
            }
            Kind::Caption => self.flush(),
            _ if name::is_block(kind, name) => {
                self.boundary();
                self.nest(name, kind, attributes, style);
                self.preformatted += u32::from(name == name::PRE);
                self.bold += u32::from(kind == Kind::Heading);
            }
            _ => {}
        }
        Mark::Itself
    }

    /// An element ends.
    pub(super) fn end(&mut self, name: Name, kind: Kind, mark: Mark) {
        match mark {
            Mark::Ignored => {}
            Mark::Hides => self.hidden = false,
            Mark::Part(part) => self.close(part, name::kind(part)),
            Mark::Itself | Mark::Links => self.close(name, kind),
            Mark::Shrinks | Mark::Grows => {
                self.close(name, kind);
                self.shrunk = mark == Mark::Grows;
            }
        }
    }

    /// Remembers how block elements nest, for tables drawn with them. Paragraphs in the cells of a table draw none.
    fn nest(&mut self, name: Name, kind: Kind, attributes: &impl Attributes, style: Option<&str>) {
        if matches!(kind, Kind::Body | Kind::Void) {
            return;
        }
        // How much of a drawn grid an element covers stands in a style that says nothing else of interest.
        let draws = self.tables.last().map_or_else(|| self.nesting.draws(), OpenTable::draws);
        let own = if draws { attributes.text("style").map(|style| style::plain(&style)) } else { None };
        let style = own.as_deref().or(style);
        match self.tables.last_mut() {
            None => self.nesting.begin(style, self.blocks.len()),
            Some(table) if table.in_cell && name != name::P => table.begin(style),
            Some(_) => {}
        }
    }

    fn unnest(&mut self, name: Name, kind: Kind) {
        match self.tables.last_mut() {
            _ if matches!(kind, Kind::Body | Kind::Void) => {}
            None => self.nesting.end(self.blocks.len()),
            Some(table) if table.in_cell && name != name::P => table.end(),
            Some(_) => {}
        }
    }

    fn close(&mut self, name: Name, kind: Kind) {
        match kind {
            Kind::Marking if name == name::A => self.close_link(),
            Kind::Marking => self.bold = self.bold.saturating_sub(1),
            Kind::Plain => self.raised = self.raised.saturating_sub(u32::from(name == name::SUP)),
            Kind::Table => self.close_table(),
            Kind::Row => self.close_row(),
            Kind::Cell => self.close_cell(),
            Kind::Caption => self.flush(),
            Kind::Void => {}
            _ if name::is_block(kind, name) => {
                self.boundary();
                self.unnest(name, kind);
                self.preformatted = self.preformatted.saturating_sub(u32::from(name == name::PRE));
                self.bold = self.bold.saturating_sub(u32::from(kind == Kind::Heading));
            }
            _ => {}
        }
    }

    /// Text between tags, references decoded.
    pub(super) fn text(&mut self, text: &str) {
        if self.hidden || self.shrunk || self.raised > 0 && self.paragraph.printed && is_note_mark(text) {
            return;
        }
        if let Some((_, linked)) = &mut self.link
            && linked.len() + text.len() <= MAX_LINK_TEXT
        {
            linked.push_str(text);
        }
        if self.paragraph.text.len() + text.len() > MAX_TEXT {
            self.budget.spent = true;
            return;
        }
        if text.chars().any(|c| !is_filler(c)) {
            self.paragraph.printed = true;
            self.paragraph.light |= self.bold == 0;
            self.paragraph.unlinked |= self.link.is_none();
        }
        // A line of the source is no line of the page, except where it is preformatted.
        if self.preformatted == 0 && memchr::memchr3(b'\n', b'\r', b'\t', text.as_bytes()).is_some() {
            self.paragraph.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
        } else {
            self.paragraph.text.push_str(text);
        }
    }

    /// The inside of an element that holds no markup.
    pub(super) fn raw_text(&mut self, name: Name, text: &str) {
        match name {
            _ if self.hidden => {}
            name::STYLE => self.sheet.read(text),
            name::SCRIPT => self.script_bytes += text.len() as u64,
            name::TITLE if self.title.is_none() => self.title = Some(squeeze(&decode_text(text))),
            _ => {}
        }
    }

    fn meta(&mut self, attributes: &impl Attributes) {
        if let (Some(name), Some(content)) = (attributes.text("name"), attributes.text("content"))
            && self.meta.len() < 200
        {
            self.meta.push((name.into_owned(), content.into_owned()));
        }
    }

    /// Counts pictures that may hold text; icons and spacers say their size.
    fn image(&mut self, attributes: &impl Attributes) {
        let small = |name| attributes.number(name).is_some_and(|size| size < 200);
        if small("width") || small("height") {
            return;
        }
        self.images += 1;
        if !self.budget.piece(0) {
            return;
        }
        match self.tables.last_mut().filter(|table| table.in_cell) {
            Some(table) => table.picture(),
            None => self.blocks.push(Block::Picture),
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
    pub(super) fn boundary(&mut self) {
        if !self.hidden {
            self.flush();
        }
    }

    fn in_cell(&self) -> bool {
        self.tables.last().is_some_and(|table| table.in_cell)
    }

    /// Ends the current paragraph and puts it where it belongs.
    fn flush(&mut self) {
        let Paragraph { printed, light, unlinked, .. } = self.paragraph;
        let text = &self.paragraph.text;
        if printed && self.budget.piece(text.len()) {
            if let Some(table) = self.tables.last_mut().filter(|table| table.in_cell) {
                table.paragraph(!light, !unlinked, |written| tidy_into(text, written));
            } else {
                let mut tidied = String::with_capacity(text.len());
                tidy_into(text, &mut tidied);
                self.nesting.text();
                self.blocks.push(Block::Text(TextBlock {
                    text: tidied,
                    page: None,
                    emphasis: !light,
                    linked: !unlinked,
                    printed: None,
                }));
            }
        }
        self.paragraph.text.clear();
        (self.paragraph.printed, self.paragraph.light, self.paragraph.unlinked) = (false, false, false);
    }

    fn open_table(&mut self) {
        self.flush();
        if self.tables.len() >= MAX_DEPTH {
            self.deeper += 1;
        } else {
            self.tables.push(OpenTable::default());
        }
    }

    fn open_row(&mut self) {
        self.close_row();
        if let Some(table) = self.tables.last_mut() {
            table.open_row();
        }
    }

    fn open_cell(&mut self, rowspan: u32, colspan: u32) {
        self.close_cell();
        let Some(table) = self.tables.last_mut() else { return };
        if self.budget.cell() {
            table.open_cell(rowspan, colspan);
        } else {
            // What does not fit stands in no cell, and the table is not believed.
            table.cut = true;
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
            table.close_row();
        }
    }

    fn close_table(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        self.close_row();
        let Some(table) = self.tables.pop() else { return };
        let blocks = table.finish(&mut self.budget.spent);
        match self.tables.last_mut().filter(|table| table.in_cell) {
            Some(table) => table.nest(blocks),
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
            if table.in_cell {
                table.drop_cell();
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
        document.blocks = self.nesting.with_grids(self.blocks);
        document.title = self.title;
        document.meta = self.meta;
        document.links = self.links;
        document.images = self.images;
        document.script_bytes = self.script_bytes;
        if cut {
            document
                .problems
                .push(Problem::new("truncated", "页面在表格中间中断，之后的内容没有取到；请在浏览器中打开原页核对，再重新抓取"));
        }
        document.problems.extend(self.budget.problem());
        super::super::number_tables(&mut document);
        document
    }
}
