//! A digest as plain text: for the terminal (coloured where asked) and as the text part of a mail.
//!
//! Nothing rests on colour: every severity and state is also a word. Columns line up in a font where a Chinese
//! character is as wide as two Latin ones.

use super::align::{columns, fit, pad, wrap};
use super::view::{Body, Cell, Group, Line, Section, Tone, View};
use crate::model::Digest;
use crate::words::{self, Lang};

/// Columns a mail may take: what every mail program shows without breaking lines of its own.
const MAIL_COLUMNS: usize = 76;
/// Narrower terminals get lines of this length all the same: below it nothing lines up any more.
const LEAST_COLUMNS: usize = 48;
/// Cells are cut to this many columns, but the last of a row, which is wrapped.
const CELL_COLUMNS: usize = 30;

/// How the text may look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether to use terminal colours.
    pub style: bool,
    /// Columns of a line.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Look {
        Look { style: false, width: MAIL_COLUMNS }
    }
}

/// The digest as plain text for a mail or a file: no colours, lines of 76 columns.
pub fn plain(digest: &Digest, lang: Lang) -> String {
    text(digest, lang, Look::default())
}

/// The digest as text with a look. Ends with a line feed.
pub fn text(digest: &Digest, lang: Lang, look: Look) -> String {
    let view = View::of(digest, lang);
    let mut page = Page { look: Look { width: look.width.max(LEAST_COLUMNS), ..look }, text: String::new() };
    head(&mut page, &view);
    if let Some(quiet) = &view.quiet {
        page.blank();
        page.paragraph(quiet, "");
    }
    for section in &view.sections {
        section_text(&mut page, section, &view);
    }
    page.blank();
    let rule = "─".repeat(page.look.width);
    page.styled(&rule, DIM);
    for line in &view.footer {
        page.paragraph(line, "");
    }
    page.text
}

const BOLD: &str = "1";
const DIM: &str = "2";

/// The terminal's code for a tone.
fn code(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "0",
        Tone::Good => "32",
        Tone::Bad => "1;31",
        Tone::Warn => "33",
        Tone::Info => "36",
    }
}

/// Text that grows by lines.
struct Page {
    look: Look,
    text: String,
}

impl Page {
    /// A piece of text in a style, where styles are wanted.
    fn paint(&self, text: &str, code: &str) -> String {
        if self.look.style && code != "0" { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn styled(&mut self, line: &str, code: &str) {
        let painted = self.paint(line, code);
        self.line(&painted);
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A text wrapped to the width, every line after an indent.
    fn paragraph(&mut self, text: &str, indent: &str) {
        for line in wrap(text, self.look.width - columns(indent)) {
            self.line(&format!("{indent}{line}"));
        }
    }
}

fn head(page: &mut Page, view: &View) {
    page.styled(&view.title, BOLD);
    let (composed, why) = (words::COMPOSED.text(view.lang), words::WHY_NOW.text(view.lang));
    page.styled(&format!("{composed} {}    {why} {}", view.composed, view.why), DIM);
    page.blank();
    page.paragraph(&view.lead, "");
    if let Some(countdown) = &view.countdown {
        let painted = page.paint(countdown, code(Tone::Warn));
        page.line(&painted);
    }
    page.blank();
    let label = view.tiles.iter().map(|tile| columns(&tile.label)).max().unwrap_or(0);
    let value = view.tiles.iter().map(|tile| columns(&tile.value)).max().unwrap_or(0);
    for tile in &view.tiles {
        let number = format!("{}{}", " ".repeat(value - columns(&tile.value)), tile.value);
        let number = page.paint(&number, code(tile.tone));
        page.line(&format!("  {}  {number}  {}", pad(&tile.label, label), tile.note));
    }
    if !view.shares.is_empty() {
        let shares: Vec<String> = view.shares.iter().map(|share| format!("{} {}", share.label, share.count)).collect();
        page.blank();
        page.paragraph(&shares.join("  |  "), "  ");
    }
}

fn section_text(page: &mut Page, section: &Section, view: &View) {
    page.blank();
    let heading = format!("■ {}  {}", section.heading, section.count);
    page.styled(&heading, if section.tone == Tone::Bad { code(Tone::Bad) } else { BOLD });
    if !section.note.is_empty() {
        page.styled(&format!("  {}", section.note), DIM);
    }
    match &section.body {
        Body::Names(names) => {
            let marked = names.iter().map(|name| match name.new {
                true => format!("{}[{}]", name.text, view.new_mark),
                false => name.text.clone(),
            });
            let separator = if view.lang == Lang::Zh { "、" } else { ", " };
            page.paragraph(&marked.collect::<Vec<_>>().join(separator), "  ");
        }
        Body::Table { head, rows } => table(page, head, rows),
        Body::Groups(groups) => groups.iter().for_each(|each| group(page, each)),
    }
    if !section.more.is_empty() {
        page.styled(&format!("  {}", section.more), DIM);
    }
}

/// Rows with aligned columns; the last column takes what is left of the line and is wrapped under itself.
fn table(page: &mut Page, head: &[String], rows: &[Vec<Cell>]) {
    let last = head.len().saturating_sub(1);
    let widest = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(&cell.text));
        cells.chain([columns(&head[at])]).max().unwrap_or(0).min(CELL_COLUMNS)
    };
    let widths = squeezed((0..last).map(widest).collect(), page.look.width);
    let before: usize = 2 + widths.iter().map(|width| width + 2).sum::<usize>();
    // Where too little is left for the last column, it goes on a line of its own.
    let own_line = before + 20 > page.look.width;
    let indent = " ".repeat(if own_line { 4 } else { before });
    let names: Vec<String> = head.iter().take(last).zip(&widths).map(|(name, width)| pad(name, *width)).collect();
    let last_name = if own_line { String::new() } else { head[last].clone() };
    page.styled(&format!("  {}  {last_name}", names.join("  ")), DIM);
    for row in rows {
        let cells = row.iter().take(last).zip(&widths);
        let start: Vec<String> =
            cells.map(|(cell, width)| page.paint(&pad(&fit(&cell.text, *width), *width), code(cell.tone))).collect();
        let Some(end) = row.get(last) else { continue };
        let mut wrapped = wrap(&end.text, page.look.width - indent.len()).into_iter();
        match own_line {
            true => page.line(&format!("  {}", start.join("  "))),
            false => {
                let first = page.paint(&wrapped.next().unwrap_or_default(), code(end.tone));
                page.line(&format!("  {}  {first}", start.join("  ")));
            }
        }
        for line in wrapped {
            page.styled(&format!("{indent}{line}"), code(end.tone));
        }
        // An address is never wrapped: a terminal or a mail program makes a link of the whole.
        if let Some(href) = &end.href {
            page.styled(&format!("{indent}{href}"), DIM);
        }
    }
}

/// The widths made less, the widest first, until a row with its margins fits.
fn squeezed(mut widths: Vec<usize>, room: usize) -> Vec<usize> {
    while 2 + widths.iter().map(|width| width + 2).sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|width| **width > 2) else { break };
        *widest -= 1;
    }
    widths
}

fn group(page: &mut Page, group: &Group) {
    page.styled(&format!("  {}", group.heading), BOLD);
    for line in &group.lines {
        finding(page, line);
    }
    if !group.more.is_empty() {
        page.styled(&format!("    {}", group.more), DIM);
    }
}

/// `[severity] change  message`, the message wrapped under itself, the detail under the message.
fn finding(page: &mut Page, line: &Line) {
    let chip = format!("[{}]", line.severity);
    let before = 4 + columns(&chip) + 1 + columns(&line.change) + 2;
    let indent = " ".repeat(before);
    let mut wrapped = wrap(&line.message, page.look.width.saturating_sub(before)).into_iter();
    let chip = page.paint(&chip, code(line.tone));
    page.line(&format!("    {chip} {}  {}", line.change, wrapped.next().unwrap_or_default()));
    for more in wrapped {
        page.line(&format!("{indent}{more}"));
    }
    if !line.detail.is_empty() {
        for detail in wrap(&line.detail, page.look.width.saturating_sub(before)) {
            page.styled(&format!("{indent}{detail}"), DIM);
        }
    }
}
