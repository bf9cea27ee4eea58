//! Pages of letters and lines → blocks: what every format that only knows places has in common.
//!
//! PDF and OFD say where each letter stands and which lines are drawn, nothing more. Here lines that
//! touch become frames, frames become cells, letters fall into cells, tables that a page break cut are
//! joined again, and what stands outside becomes paragraphs. Whatever could not be placed for certain
//! leaves its table incomplete; a number that might be two is made illegible.
//!
//! Coordinates are points (1/72 inch) from the upper left corner of the page as shown, y downwards.

mod canvas;
mod cells;
mod frames;
mod furniture;
mod ink;
mod layout;
mod legible;
mod letters;
mod lines;
mod matrix;
mod path;
mod prose;
mod stitch;
mod table;
mod turned;

pub(super) use canvas::{Canvas, Paint};
pub(super) use ink::{Space, ink};
pub(super) use legible::is_unknown;
pub(super) use letters::{Type, is_bold_name};
pub(super) use matrix::Matrix;
pub(super) use path::Path;

use crate::model::Document;

/// A rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rect {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Rect {
    /// The smallest rectangle around some points; `None` where one of them is no number.
    pub(super) fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Rect> {
        let mut found: Option<(f64, f64, f64, f64)> = None;
        for (x, y) in points {
            // Beyond this nothing is on any page, and arithmetic loses its hold.
            if !(x.abs() < 1e6 && y.abs() < 1e6) {
                return None;
            }
            let (left, top, right, bottom) = found.unwrap_or((x, y, x, y));
            found = Some((left.min(x), top.min(y), right.max(x), bottom.max(y)));
        }
        let (left, top, right, bottom) = found?;
        Some(Rect { left: left as f32, top: top as f32, right: right as f32, bottom: bottom as f32 })
    }

    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    pub(super) fn area(&self) -> f32 {
        self.width().max(0.0) * self.height().max(0.0)
    }

    /// Which part of another rectangle this one is, 0 where it is empty.
    pub(super) fn share_of(&self, whole: &Rect) -> f32 {
        if whole.area() > 0.0 { self.area() / whole.area() } else { 0.0 }
    }

    pub(super) fn middle(&self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(super) fn holds(&self, (x, y): (f32, f32)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    /// What two rectangles share; empty (not above zero in width or height) where they do not meet.
    pub(super) fn meet(&self, other: &Rect) -> Rect {
        Rect {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest rectangle around both.
    pub(super) fn join(&self, other: &Rect) -> Rect {
        Rect {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A letter as it stands on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) letter: char,
    /// As wide as its advance, as high as its type size.
    pub(super) at: Rect,
    /// Type size in points.
    pub(super) size: f32,
    /// Quarter turns clockwise from upright that its line of writing has on the page as shown.
    pub(super) turn: u8,
    /// Whether its line runs downwards although it stands upright itself.
    pub(super) vertical: bool,
    pub(super) bold: bool,
    /// Letters drawn by one operation share a number.
    pub(super) run: u32,
}

/// A line as drawn, level or upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ruling {
    pub(super) level: bool,
    /// Its y where level, its x where upright.
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// One page, with only what a reader of it can see.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rulings: Vec<Ruling>,
    /// Which part of the page pictures cover, 0 to 1.
    pub(super) pictured: f32,
    /// Shapes drawn that are neither lines nor rectangles: letters drawn as outlines are many.
    pub(super) shapes: u32,
    /// Pictures large enough to hold text, by where their top stands.
    pub(super) pictures: Vec<Rect>,
    /// False where a part of the page was not looked at.
    pub(super) complete: bool,
}

/// Fills a document from its pages.
pub(super) fn fill(document: &mut Document, pages: Vec<Page>) {
    if legible::judge(document, &pages) {
        document.blocks = layout::blocks(pages);
    }
    super::number_tables(document);
}
