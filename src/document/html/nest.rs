//! Tokens → well-nested events, as browsers nest them.
//!
//! Pages leave out end tags, close what is not open and put paragraphs into headings; browsers follow the
//! rules of the HTML standard (13.2.6). The rules that can be followed with nothing but the stack of open
//! elements are followed here. Where more is needed (text between the cells of a table is moved out of it,
//! bold text left open in one paragraph goes on in the next) the page is `broken`: it is read again from a
//! whole tree. A test holds both readings against each other.

mod ends;
mod quirks;

use super::build::Builder;
use super::mark::Mark;
use super::name::{self, Kind, Name};
use super::references::decode_text;
use super::token::{Tag, Token};
use crate::text::is_filler;

/// Deeper than browsers nest, too.
const MAX_DEPTH: usize = 512;

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: Name,
    kind: Kind,
    /// What its start meant to the builder.
    mark: Mark,
    /// A form whose end tag came while others were open: it ends with the last of them.
    ghost: bool,
}

impl Open {
    /// Whether it would make a difference to what is read if it went on where it was left open.
    fn is_told(&self) -> bool {
        self.kind == Kind::Marking || self.mark.is_told()
    }
}

/// The open elements of a page, and the builder that is told of them.
#[derive(Debug, Default)]
pub(super) struct Nest {
    open: Vec<Open>,
    pub(super) builder: Builder,
    raw: Option<Name>,
    /// Anything of the body has come.
    in_body: bool,
    form: bool,
    paragraphs: u32,
    /// Whether tables stand inside the paragraph they begin in, as old pages have it; `None` where that is not known.
    quirks: Option<bool>,
    /// Formatting that says nothing was left open inside an element that ended: browsers open it again.
    reopened: bool,
    /// More is needed than a stack.
    pub(super) broken: bool,
    /// So deep that the rest was not followed.
    pub(super) too_deep: bool,
}

/// Which elements bound a search for an open one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Body,
    List,
    Button,
    Table,
}

impl Scope {
    fn ends_at(self, open: &Open) -> bool {
        match open.kind {
            Kind::Table | Kind::Root => true,
            Kind::Cell | Kind::Caption | Kind::Drawing => self != Scope::Table,
            Kind::Walled => self == Scope::Button || self != Scope::Table && open.name != name::BUTTON,
            Kind::Block => self == Scope::List && (open.name == Name::of(b"ul") || open.name == Name::of(b"ol")),
            _ => false,
        }
    }
}

/// Elements that their parents' end closes without further ado.
fn is_implied(kind: Kind) -> bool {
    matches!(kind, Kind::P | Kind::Li | Kind::Term | Kind::Option)
}

/// Elements that are none of the "special" ones of the standard.
fn is_ordinary(kind: Kind) -> bool {
    matches!(kind, Kind::Plain | Kind::Format | Kind::Marking | Kind::Option)
}

impl Nest {
    pub(super) fn new(page: &str) -> Nest {
        Nest { quirks: quirks::of(page), ..Nest::default() }
    }

    pub(super) fn take(&mut self, token: &Token<'_>) {
        match token {
            Token::Start(tag) => self.start(tag),
            Token::End(name) => self.end(*name),
            Token::Text(text) => self.text(text),
            Token::Raw(text) => {
                if let Some(name) = self.raw.take() {
                    self.builder.raw_text(name, text);
                }
            }
            Token::Cdata => self.broken |= self.top() == Some(Kind::Drawing),
        }
    }

    fn top(&self) -> Option<Kind> {
        self.open.last().map(|open| open.kind)
    }

    /// Whether the place is inside a table, but in none of its cells.
    fn between_cells(&self) -> bool {
        matches!(self.top(), Some(Kind::Table | Kind::Section | Kind::Row))
    }

    fn text(&mut self, text: &str) {
        let decoded = decode_text(text);
        let printed = decoded.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if printed.is_empty() && !self.in_body {
            return;
        }
        if self.between_cells() || self.top() == Some(Kind::Option) {
            // Text between cells is moved out of the table; only the tree knows where. Fillers show nowhere but in a link.
            let told = printed.chars().any(|c| !is_filler(c)) || !printed.is_empty() && self.marked(name::A);
            self.broken |= self.between_cells() && told;
            return;
        }
        self.in_body = true;
        self.builder.text(&decoded);
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match self.top() {
            Some(Kind::Drawing) => return self.start_in_drawing(tag),
            Some(Kind::Select) => return self.start_in_select(tag),
            Some(Kind::Table | Kind::Section | Kind::Row) if !self.start_between_cells(tag) => return,
            _ => {}
        }
        let of_head = matches!(tag.kind, Kind::Root | Kind::Body | Kind::Note)
            || tag.kind == Kind::Raw && matches!(tag.name, name::SCRIPT | name::STYLE | name::TITLE);
        self.in_body |= !of_head;
        match tag.kind {
            Kind::Root => return,
            Kind::Body => {
                if !std::mem::replace(&mut self.in_body, true) {
                    self.push(tag);
                }
                return;
            }
            Kind::Note => {
                self.builder.start(tag.name, tag.kind, tag);
                return;
            }
            Kind::Void => {
                if tag.name == name::HR {
                    self.close_paragraph();
                }
                self.builder.start(tag.name, tag.kind, tag);
                return;
            }
            Kind::Raw => {
                self.raw = Some(tag.name);
                self.broken |= tag.name == Name::of(b"xmp");
                return;
            }
            Kind::Odd => self.broken = true,
            Kind::Table => match self.quirks {
                Some(true) => {}
                Some(false) => self.close_paragraph(),
                None => self.broken |= self.paragraphs > 0,
            },
            Kind::Block | Kind::P => self.close_paragraph(),
            Kind::Heading => {
                self.close_paragraph();
                // Whether formatting that is opened again stands between two headings, the stack does not tell.
                self.broken |= self.reopened && self.open.iter().any(|open| open.kind == Kind::Heading);
                if self.top() == Some(Kind::Heading) {
                    self.pop();
                }
            }
            Kind::Li | Kind::Term => self.start_item(tag.kind),
            Kind::Form => {
                if std::mem::replace(&mut self.form, true) {
                    return;
                }
                self.close_paragraph();
            }
            Kind::Section | Kind::Row | Kind::Cell | Kind::Caption | Kind::Column => {
                // Inside a cell these end it; outside of any table they are nothing.
                let Some(at) = self.open.iter().rposition(|open| matches!(open.kind, Kind::Cell | Kind::Caption | Kind::Table))
                else {
                    return;
                };
                if self.open[at].kind == Kind::Table {
                    self.broken = true;
                    return;
                }
                self.close_to(at);
                return self.start(tag);
            }
            Kind::Marking if tag.name == name::A => self.broken |= self.marked(name::A),
            Kind::Walled => {
                self.broken |= tag.name == name::BUTTON && self.find(Scope::Body, |open| open.name == name::BUTTON).is_some()
            }
            Kind::Option if self.top() == Some(Kind::Option) => self.pop(),
            Kind::Marking | Kind::Format | Kind::Plain | Kind::Option | Kind::Select | Kind::Drawing => {}
        }
        if !(tag.kind == Kind::Drawing && tag.self_closing) {
            self.push(tag);
        }
    }

    /// A start tag between the cells of a table; true where it goes on as anywhere else.
    fn start_between_cells(&mut self, tag: &Tag<'_>) -> bool {
        match tag.kind {
            Kind::Cell => {
                if self.top() != Some(Kind::Row) {
                    self.open_section();
                    self.push_implied(name::TR, Kind::Row);
                }
                self.push(tag);
            }
            Kind::Row => {
                self.open_section();
                self.push(tag);
            }
            Kind::Section => {
                self.clear_to(&[Kind::Table]);
                self.push(tag);
            }
            Kind::Caption => {
                self.clear_to(&[Kind::Table]);
                self.push(tag);
            }
            Kind::Column => self.clear_to(&[Kind::Table]),
            Kind::Table => {
                self.clear_to(&[Kind::Table]);
                self.pop();
                return true;
            }
            Kind::Form => self.form = true,
            Kind::Note => return true,
            Kind::Raw if matches!(tag.name, name::SCRIPT | name::STYLE) => return true,
            Kind::Root | Kind::Body => {}
            // Moved out of the table by browsers.
            _ => self.broken = true,
        }
        false
    }

    /// Ends a row, and begins the section that browsers put around rows without one.
    fn open_section(&mut self) {
        self.clear_to(&[Kind::Section, Kind::Table]);
        if self.top() == Some(Kind::Table) {
            self.push_implied(name::TBODY, Kind::Section);
        }
    }

    /// An element that nobody wrote.
    fn push_implied(&mut self, name: Name, kind: Kind) {
        let mark = self.builder.start(name, kind, &super::NoAttributes);
        self.push_open(Open { name, kind, mark, ghost: false });
    }

    fn start_in_select(&mut self, tag: &Tag<'_>) {
        match tag.kind {
            Kind::Option => {}
            Kind::Raw if tag.name == name::SCRIPT => self.raw = Some(name::SCRIPT),
            _ => self.broken = true,
        }
    }

    fn start_in_drawing(&mut self, tag: &Tag<'_>) {
        if tag.kind != Kind::Plain && !(tag.kind == Kind::Drawing || tag.kind == Kind::Marking && tag.name == name::A) {
            self.raw = (tag.kind == Kind::Raw).then_some(tag.name);
            self.broken |= tag.kind != Kind::Raw || tag.self_closing;
        } else if !tag.self_closing {
            let mark = self.builder.start(tag.name, Kind::Drawing, tag);
            self.push_open(Open { name: tag.name, kind: Kind::Drawing, mark, ghost: false });
        }
    }

    /// `li`, `dd` and `dt` end the one before them.
    fn start_item(&mut self, kind: Kind) {
        for at in (0..self.open.len()).rev() {
            let open = self.open[at];
            if open.kind == kind {
                self.close_to(at);
                break;
            }
            let passes = open.ghost
                || open.kind == Kind::P
                || matches!(open.name, n if n == Name::of(b"div") || n == Name::of(b"address"))
                || is_ordinary(open.kind);
            if !passes {
                break;
            }
        }
        self.close_paragraph();
    }

    /// Whether an element is open that formatting goes on in.
    fn marked(&self, name: Name) -> bool {
        let walls = |open: &&Open| !matches!(open.kind, Kind::Cell | Kind::Caption | Kind::Walled);
        self.open.iter().rev().take_while(walls).any(|open| open.name == name)
    }

    fn find(&self, scope: Scope, wanted: impl Fn(&Open) -> bool) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            if wanted(open) && !open.ghost {
                return Some(at);
            }
            if scope.ends_at(open) {
                return None;
            }
        }
        None
    }

    fn close_in(&mut self, scope: Scope, name: Name) {
        if let Some(at) = self.find(scope, |open| open.name == name) {
            self.close_to(at);
        }
    }

    fn close_paragraph(&mut self) {
        if self.paragraphs > 0
            && let Some(at) = self.find(Scope::Button, |open| open.kind == Kind::P)
        {
            self.close_to(at);
        }
    }

    /// Ends an element and everything open inside it.
    fn close_to(&mut self, at: usize) {
        let forgets =
            matches!(self.open[at].kind, Kind::Cell | Kind::Caption | Kind::Walled | Kind::Table | Kind::Section | Kind::Row);
        let told = |open: &Open| open.is_told() && matches!(open.kind, Kind::Marking | Kind::Format);
        // Formatting left open goes on behind the element, except behind a cell.
        self.broken |= !forgets && self.open[at + 1..].iter().any(told);
        self.reopened |= !forgets && self.open[at + 1..].iter().any(|open| open.kind == Kind::Format);
        while self.open.len() > at {
            self.pop();
        }
    }

    fn clear_to(&mut self, kinds: &[Kind]) {
        while self.top().is_some_and(|top| !kinds.contains(&top)) {
            self.pop();
        }
    }

    fn push(&mut self, tag: &Tag<'_>) {
        let mark = self.builder.start(tag.name, tag.kind, tag);
        self.push_open(Open { name: tag.name, kind: tag.kind, mark, ghost: false });
    }

    fn push_open(&mut self, open: Open) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep = true;
            self.builder.end(open.name, open.kind, open.mark);
            return;
        }
        self.paragraphs += u32::from(open.kind == Kind::P);
        self.open.push(open);
    }

    /// Ends what the page left open: all but what stands in a table that was never closed. A hidden one is none.
    pub(super) fn finish(mut self) -> Builder {
        let shows = |open: &Open| !matches!(open.mark, Mark::Hides | Mark::Ignored);
        let is_table = |open: &Open| open.kind == Kind::Table && shows(open) || matches!(open.mark, Mark::Part(_));
        while !self.open.is_empty() && !self.open.iter().any(is_table) {
            self.pop();
        }
        self.builder
    }

    fn pop(&mut self) {
        loop {
            let Some(open) = self.open.pop() else { return };
            self.paragraphs -= u32::from(open.kind == Kind::P);
            self.builder.end(open.name, open.kind, open.mark);
            if !self.open.last().is_some_and(|open| open.ghost) {
                return;
            }
        }
    }
}
