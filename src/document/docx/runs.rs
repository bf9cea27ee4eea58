//! What stands in a paragraph: runs of text, fields, symbols, pictures, boxes of text.

use super::super::layout::{Line, is_large, pixels};
use super::super::xml::{Child, Element};
use super::body::Body;
use super::styles::switch;
use crate::model::Block;
use crate::text::is_note_mark;

/// How text looks where it stands, unless its own run says otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'s> {
    pub(super) bold: bool,
    pub(super) hidden: bool,
    pub(super) linked: bool,
    /// Whether it is smaller and raised.
    pub(super) raised: bool,
    pub(super) style: Option<&'s str>,
}

/// A field: its code is not shown, its result is; a table of contents repeats the headings and is not read.
#[derive(Debug)]
pub(super) enum Field {
    Code(String),
    Shown,
    Dropped,
}

fn is_contents(code: &str) -> bool {
    code.trim_start().to_ascii_uppercase().starts_with("TOC")
}

impl Body {
    /// Everything in a paragraph, or in an element within one.
    pub(super) fn inline(&mut self, parent: Element<'_, '_>, line: &mut Line, look: Look<'_>) {
        for child in parent.children() {
            match child.name() {
                "r" => self.run(child, line, look),
                "hyperlink" => {
                    let linked = look.linked || child.attribute("anchor").is_some_and(|anchor| anchor.starts_with("_Toc"));
                    self.inline(child, line, Look { linked, ..look });
                }
                "fldSimple" if child.attribute("instr").is_some_and(|code| is_contents(&code)) => {}
                "ins" | "moveTo" | "smartTag" | "customXml" | "fldSimple" | "dir" | "bdo" | "rubyBase" | "sdtContent" => {
                    self.inline(child, line, look);
                }
                "sdt" => {
                    if let Some(content) = self.content_of(child) {
                        self.inline(content, line, look);
                    }
                }
                "oMath" | "oMathPara" => self.equation(child, line, &look),
                "AlternateContent" => self.alternatives(child, line, |body, content, line| body.inline(content, line, look)),
                _ => {}
            }
        }
    }

    /// The branch of alternatives that shows something: programs write the same thing two ways.
    fn alternatives(
        &mut self,
        parent: Element<'_, '_>,
        line: &mut Line,
        mut read: impl FnMut(&mut Body, Element<'_, '_>, &mut Line),
    ) {
        for branch in parent.children() {
            let before = line.size();
            read(self, branch, line);
            if line.size() > before {
                return;
            }
        }
    }

    fn run(&mut self, run: Element<'_, '_>, line: &mut Line, look: Look<'_>) {
        let properties = run.child("rPr");
        let style = properties.and_then(|it| it.child("rStyle")).and_then(|style| style.value());
        let own = |name| switch(properties, name);
        let styles = &self.parts.styles;
        let hidden = own("vanish").unwrap_or_else(|| look.hidden || styles.vanish(style.as_deref()) || styles.vanish(look.style));
        let bold = own("b").unwrap_or_else(|| look.bold || styles.bold(style.as_deref()) || styles.bold(look.style));
        let raised =
            properties.and_then(|it| it.child("vertAlign")).and_then(|it| it.value()).is_some_and(|it| it == "superscript");
        self.in_run(run, line, Look { bold, hidden, raised, ..look });
    }

    fn in_run(&mut self, run: Element<'_, '_>, line: &mut Line, look: Look<'_>) {
        for child in run.children() {
            match child.name() {
                "t" => self.text(&child.text(), line, &look),
                "tab" | "ptab" => self.text("\t", line, &look),
                "br" | "cr" => self.text("\n", line, &look),
                "noBreakHyphen" => self.text("-", line, &look),
                "sym" => self.text(&symbol(child), line, &look),
                "fldChar" => self.field(child),
                "instrText" => {
                    if let Some(Field::Code(code)) = self.fields.last_mut() {
                        code.push_str(&child.text());
                    }
                }
                "drawing" | "pict" | "object" if self.shown() && !look.hidden => self.graphic(child, line),
                "AlternateContent" => self.alternatives(child, line, |body, content, line| body.in_run(content, line, look)),
                "ruby" => {
                    if let Some(base) = child.child("rubyBase") {
                        self.inline(base, line, look);
                    }
                }
                _ => {}
            }
        }
    }

    fn shown(&self) -> bool {
        self.fields.iter().all(|field| matches!(field, Field::Shown))
    }

    fn text(&mut self, text: &str, line: &mut Line, look: &Look<'_>) {
        if !self.shown() || look.raised && !line.is_empty() && is_note_mark(text) {
            return;
        }
        if look.hidden { self.hide(text) } else { line.push(text, look.bold, look.linked) }
    }

    fn field(&mut self, mark: Element<'_, '_>) {
        match mark.attribute("fldCharType").as_deref() {
            Some("begin") if self.fields.len() < 64 => self.fields.push(Field::Code(String::new())),
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    let contents = matches!(field, Field::Code(code) if is_contents(code));
                    *field = if contents { Field::Dropped } else { Field::Shown };
                }
            }
            Some("end") => drop(self.fields.pop()),
            _ => {}
        }
    }

    fn equation(&mut self, equation: Element<'_, '_>, line: &mut Line, look: &Look<'_>) {
        let text: String = equation.all("t").map(|piece| piece.text()).collect();
        self.text(&text, line, look);
    }

    /// A drawing: the boxes of text in it, and whether it is a picture that may hold text.
    fn graphic(&mut self, graphic: Element<'_, '_>, line: &mut Line) {
        if graphic.all("docPr").any(|it| it.attribute("hidden").is_some_and(|hidden| hidden == "1" || hidden == "true")) {
            return;
        }
        let mut picture = false;
        self.shapes(graphic, line, &mut picture);
        if picture {
            let large = is_large(size(graphic));
            self.images += u32::from(large);
            if large || self.in_cell {
                line.after.push(Block::Picture);
            }
        }
    }

    fn shapes(&mut self, parent: Element<'_, '_>, line: &mut Line, picture: &mut bool) {
        for child in parent.children() {
            match child.name() {
                "txbxContent" => {
                    let blocks = self.blocks(child);
                    line.after.extend(blocks);
                }
                "blip" | "imagedata" | "chart" | "relIds" => *picture = true,
                "AlternateContent" => self.alternatives(child, line, |body, content, line| body.shapes(content, line, picture)),
                _ => self.shapes(child, line, picture),
            }
        }
    }
}

/// Units of DrawingML in a pixel.
const EMU: f64 = 9525.0;

/// Width and height of a drawing in pixels, where it says them.
fn size(graphic: Element<'_, '_>) -> Option<(f64, f64)> {
    let drawn = graphic.all("extent").find_map(|it| Some((it.number::<f64>("cx")? / EMU, it.number::<f64>("cy")? / EMU)));
    let styled = || {
        graphic.all("shape").find_map(|shape| {
            let style = shape.attribute("style")?;
            let length =
                |name: &str| pixels(style.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(':'))?);
            Some((length("width")?, length("height")?))
        })
    };
    drawn.or_else(styled)
}

/// The character that a symbol stands for; one that only its font knows is a box, which no figure can be read from.
fn symbol(symbol: Element<'_, '_>) -> String {
    let code = symbol.attribute("char").and_then(|code| u32::from_str_radix(&code, 16).ok()).unwrap_or(0);
    let code = if (0xf000..=0xf0ff).contains(&code) { code - 0xf000 } else { code };
    let font = symbol.attribute("font").unwrap_or_default().to_ascii_lowercase();
    let pictorial = font.starts_with("wingdings") || font.starts_with("webdings");
    let character = match code {
        _ if !pictorial => char::from_u32(code),
        0x52 | 0xfe => Some('☑'),
        0x6c | 0x9f => Some('●'),
        0x81..=0x8a => char::from_u32(0x2460 + code - 0x81),
        0xfc => Some('✓'),
        _ => None,
    };
    character.filter(|c| !c.is_control()).unwrap_or('□').to_string()
}

/// The words of an element whose text is not shown to readers.
pub(super) fn words(element: Element<'_, '_>) -> String {
    let mut text = String::new();
    for piece in element.all("t") {
        for child in piece.content() {
            if let Child::Text(piece) = child {
                text.push_str(piece);
            }
        }
    }
    text
}
