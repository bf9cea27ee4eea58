//! The state of painting: where things land, in which ink, inside which clip.

use super::font::Font;
use crate::document::lattice::{Paint, Rect};
use std::rc::Rc;

/// A transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const UNIT: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This transformation, and then another.
    pub(super) fn then(&self, next: &Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [na, nb, nc, nd, ne, nf]) = (self.0, next.0);
        Matrix([a * na + b * nc, a * nb + b * nd, c * na + d * nc, c * nb + d * nd, e * na + f * nc + ne, e * nb + f * nd + nf])
    }

    pub(super) fn of(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// A direction, without the shift.
    pub(super) fn turn(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, ..] = self.0;
        (a * x + c * y, b * x + d * y)
    }

    /// How much lengths grow, on average.
    pub(super) fn scale(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }

    /// The rectangle around a transformed one.
    pub(super) fn rect(&self, [x0, y0, x1, y1]: [f64; 4]) -> Option<Rect> {
        Rect::around([(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|point| self.of(point)))
    }
}

/// What the numbers of a colour mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// As many as there are: grey, red-green-blue, or four inks.
    Device,
    /// One ink or several: none of it is white.
    Ink,
    /// An entry of a table, or a pattern: told by nothing here.
    Other,
}

/// The ink of a colour's numbers.
pub(super) fn ink(space: Space, numbers: &[f64]) -> Paint {
    const NEARLY: f64 = 0.96;
    let white = match (space, numbers) {
        (Space::Other, _) | (_, []) => return Paint::Thin,
        (Space::Ink, inks) => inks.iter().all(|ink| *ink < 1.0 - NEARLY),
        (Space::Device, [cyan, magenta, yellow, black]) => [cyan, magenta, yellow, black].iter().all(|ink| **ink < 1.0 - NEARLY),
        (Space::Device, numbers) => numbers.iter().all(|part| *part > NEARLY),
    };
    if white { Paint::White } else { Paint::Dark }
}

/// What `q` keeps and `Q` brings back.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) ctm: Matrix,
    pub(super) clip: Rect,
    pub(super) space: Space,
    pub(super) fill: Paint,
    pub(super) alpha: f64,
    pub(super) stroke_alpha: f64,
    /// Whether what is painted only tints what lies below.
    pub(super) blended: bool,
    pub(super) line_width: f64,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) letter_space: f64,
    pub(super) word_space: f64,
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    /// How letters are shown; 3 and 7 show nothing.
    pub(super) mode: i64,
}

impl State {
    pub(super) fn new(ctm: Matrix, clip: Rect) -> State {
        State {
            ctm,
            clip,
            space: Space::Device,
            fill: Paint::Dark,
            alpha: 1.0,
            stroke_alpha: 1.0,
            blended: false,
            line_width: 1.0,
            font: None,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }

    /// The ink that areas are filled with now.
    pub(super) fn area_ink(&self) -> Paint {
        if self.alpha < 0.02 {
            Paint::Nothing
        } else if self.alpha < 0.98 || self.blended {
            Paint::Thin
        } else {
            self.fill
        }
    }

    /// The ink that letters are drawn with now.
    pub(super) fn letter_ink(&self) -> Paint {
        match self.mode {
            3 | 7 => Paint::Nothing,
            1 | 5 => Paint::Dark,
            _ if self.alpha < 0.05 => Paint::Nothing,
            _ => self.fill,
        }
    }
}
