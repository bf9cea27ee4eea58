//! The state of painting: where things land, in which ink, inside which clip.

use super::font::Font;
use crate::document::lattice::{Matrix, Paint, Rect, Space};
use std::rc::Rc;

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
