//! A page while it is painted: what is drawn later hides what lies below, and white ink on paper is no text.

use super::{Glyph, Page, Rect, Ruling};
use std::collections::HashMap;

/// The ink of an operation, as far as it matters for being seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum Paint {
    White,
    Dark,
    /// So transparent that nothing is seen.
    Nothing,
    /// Transparent in part, or a pattern: seen, and hides nothing.
    Thin,
}

/// The widest thing that is a line and no area.
const THICKEST_LINE: f32 = 3.5;
/// The least part of a page that a picture with text on it takes.
const SMALLEST_PICTURE: f32 = 0.04;
/// The most marks of one page that are kept.
const MAX_GLYPHS: usize = 120_000;
const MAX_RULINGS: usize = 60_000;
const MAX_AREAS: usize = 20_000;

#[derive(Debug)]
struct Area {
    at: Rect,
    paint: Paint,
    /// How many letters were drawn before it.
    after: usize,
    picture: bool,
}

/// A page being painted.
#[derive(Debug)]
pub(in crate::document) struct Canvas {
    page: Page,
    white: Vec<bool>,
    areas: Vec<Area>,
    run: u32,
}

impl Canvas {
    /// An empty page.
    pub(in crate::document) fn new(number: u32, width: f32, height: f32) -> Canvas {
        let page = Page { number, width, height, complete: true, ..Page::default() };
        Canvas { page, white: Vec::new(), areas: Vec::new(), run: 0 }
    }

    /// Where a letter can be seen.
    pub(in crate::document) fn paper(&self) -> Rect {
        Rect { left: 0.0, top: 0.0, right: self.page.width, bottom: self.page.height }
    }

    /// Begins an operation that draws letters.
    pub(in crate::document) fn next_run(&mut self) {
        self.run += 1;
    }

    /// Draws a letter inside what can be seen.
    pub(in crate::document) fn glyph(&mut self, mut glyph: Glyph, paint: Paint, clip: &Rect) {
        let clip = clip.meet(&self.paper());
        if paint == Paint::Nothing {
            return;
        }
        if !clip.holds(glyph.at.middle()) {
            // Of a digit whose edge is seen nobody knows which it is; a number without it would be another number.
            if !glyph.letter.is_ascii_digit() || glyph.at.meet(&clip).share_of(&glyph.at) < SEEN_IN_PART {
                return;
            }
            glyph.letter = char::REPLACEMENT_CHARACTER;
        }
        if self.page.glyphs.len() >= MAX_GLYPHS {
            self.page.complete = false;
            return;
        }
        glyph.run = self.run;
        self.page.glyphs.push(glyph);
        self.white.push(paint == Paint::White);
    }

    /// Draws a straight line; slanted ones separate nothing.
    pub(in crate::document) fn line(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), clip: &Rect) {
        let Some(at) = Rect::around([(x0, y0), (x1, y1)]) else { return };
        self.thin(&at, clip);
    }

    /// A rectangle so thin that it is a line.
    fn thin(&mut self, at: &Rect, clip: &Rect) -> bool {
        let (width, height) = (at.width(), at.height());
        if width.min(height) > THICKEST_LINE || width.max(height) < width.min(height) * 1.5 {
            return false;
        }
        let level = width >= height;
        let seen = at.meet(&clip.meet(&self.paper()));
        if seen.width() < 0.0 || seen.height() < 0.0 {
            return true;
        }
        if self.page.rulings.len() >= MAX_RULINGS {
            self.page.complete = false;
            return true;
        }
        let (x, y) = at.middle();
        let ruling = if level {
            Ruling { level, at: y, from: seen.left, to: seen.right }
        } else {
            Ruling { level, at: x, from: seen.top, to: seen.bottom }
        };
        self.page.rulings.push(ruling);
        true
    }

    /// Fills a rectangle.
    pub(in crate::document) fn fill(&mut self, at: &Rect, paint: Paint, clip: &Rect) {
        if paint == Paint::Nothing || self.thin(at, clip) {
            return;
        }
        self.area(at, paint, clip, false);
    }

    /// Draws a picture; `opaque` where nothing below it can be seen.
    pub(in crate::document) fn picture(&mut self, at: &Rect, opaque: bool, clip: &Rect) {
        if self.thin(at, clip) {
            return;
        }
        let seen = at.meet(&clip.meet(&self.paper()));
        if seen.width() <= 0.0 || seen.height() <= 0.0 {
            return;
        }
        let share = seen.area() / self.paper().area().max(1.0);
        self.page.pictured = (self.page.pictured + share).min(1.0);
        if share > SMALLEST_PICTURE && self.page.pictures.len() < 1_000 {
            self.page.pictures.push(seen);
        }
        self.area(at, if opaque { Paint::Dark } else { Paint::Thin }, clip, true);
    }

    /// Fills a shape that is no rectangle.
    pub(in crate::document) fn shape(&mut self) {
        self.page.shapes = self.page.shapes.saturating_add(1);
    }

    fn area(&mut self, at: &Rect, paint: Paint, clip: &Rect, picture: bool) {
        let seen = at.meet(&clip.meet(&self.paper()));
        if seen.width() > 0.0 && seen.height() > 0.0 && self.areas.len() < MAX_AREAS {
            self.areas.push(Area { at: seen, paint, after: self.page.glyphs.len(), picture });
        }
    }

    /// Notes that a part of the page was not looked at.
    pub(in crate::document) fn cut(&mut self) {
        self.page.complete = false;
    }

    /// The page, without what is hidden or drawn twice.
    pub(in crate::document) fn finish(self) -> Page {
        let Canvas { mut page, white, areas, .. } = self;
        let seen = |at: usize, glyph: &Glyph| {
            let over = |area: &&Area| area.at.holds(glyph.at.middle());
            let hidden = areas.iter().filter(|area| area.after > at && area.paint != Paint::Thin).any(|area| over(&area));
            // White letters are seen on something dark only; a picture may be dark.
            let below = || areas.iter().rev().filter(|area| area.after <= at).find(over);
            !hidden && (!white[at] || below().is_some_and(|area| area.paint != Paint::White || area.picture))
        };
        let checked = !areas.is_empty() || white.contains(&true);
        if checked && areas.len().saturating_mul(page.glyphs.len()) < MAX_LOOKS {
            page.glyphs =
                page.glyphs.iter().enumerate().filter(|(at, glyph)| seen(*at, glyph)).map(|(_, glyph)| *glyph).collect();
        } else if checked {
            page.complete = false;
        }
        once(&mut page.glyphs);
        page
    }
}

/// So much of a digit's place must be seen to notice that one stands there.
const SEEN_IN_PART: f32 = 0.15;

/// The most comparisons of letters with areas on one page.
const MAX_LOOKS: usize = 20_000_000;

/// So many equal letters in one place are no writing.
const CROWD: usize = 64;

/// Letters drawn twice at nearly the same spot, to look bold or to cast a shadow, count once.
fn once(glyphs: &mut Vec<Glyph>) {
    let mut seen: HashMap<(char, i32, i32), Vec<(f32, f32)>> = HashMap::with_capacity(glyphs.len());
    glyphs.retain(|glyph| {
        let reach = glyph.size * 0.16;
        let (x, y) = glyph.at.middle();
        let key = |value: f32| (value / 4.0).floor() as i32;
        let near = |a: &(f32, f32)| (a.0 - x).abs() <= reach && (a.1 - y).abs() <= reach;
        let around = |value: f32| key(value - reach)..=key(value + reach);
        let twice = reach < 12.0
            && around(x).any(|column| {
                around(y).any(|row| {
                    seen.get(&(glyph.letter, column, row)).is_some_and(|spots| spots.len() > CROWD || spots.iter().any(near))
                })
            });
        if !twice {
            seen.entry((glyph.letter, key(x), key(y))).or_default().push((x, y));
        }
        !twice
    });
}
