//! Letters as they come from a format → glyphs on the canvas: which way they stand, and whether they are writing.

use super::{Canvas, Glyph, Paint, Rect};

/// Letters that stand more than this off the level or upright (in degrees) are a watermark, no writing.
const SLANTED: f64 = 12.0;

/// How letters are set.
#[derive(Debug, Clone, Copy)]
pub(in crate::document) struct Type {
    /// The way along the writing, as shown on the page.
    pub(in crate::document) across: (f64, f64),
    /// The way from the foot of a letter to its head; as long as the type is high.
    pub(in crate::document) up: (f64, f64),
    /// Whether the writing runs downwards although its letters stand upright.
    pub(in crate::document) vertical: bool,
    pub(in crate::document) bold: bool,
}

impl Type {
    /// Sets what one letter of a font stands for into the place that the letter takes.
    pub(in crate::document) fn set(&self, text: &str, at: &Rect, paint: Paint, clip: &Rect, canvas: &mut Canvas) {
        let height = self.up.0.hypot(self.up.1);
        let Some((turn, skewed)) = quarter(self.across) else { return };
        // Nothing readable is that small, and nothing on a page is that large.
        if skewed > SLANTED || !(0.5..2_000.0).contains(&height) {
            return;
        }
        let count = text.chars().count().max(1) as f32;
        for (number, letter) in text.chars().enumerate() {
            let share = |number: usize| number as f32 / count;
            let at = part(at, turn, share(number), share(number + 1));
            let (vertical, bold) = (self.vertical, self.bold);
            canvas.glyph(Glyph { letter, at, size: height as f32, turn, vertical, bold, run: 0 }, paint, clip);
        }
    }
}

/// The part of a letter's place that one of the characters takes for which it stands.
fn part(at: &Rect, turn: u8, from: f32, to: f32) -> Rect {
    let (width, height) = (at.width(), at.height());
    match turn {
        0 => Rect { left: at.left + width * from, right: at.left + width * to, ..*at },
        1 => Rect { top: at.top + height * from, bottom: at.top + height * to, ..*at },
        2 => Rect { left: at.right - width * to, right: at.right - width * from, ..*at },
        _ => Rect { top: at.bottom - height * to, bottom: at.bottom - height * from, ..*at },
    }
}

/// Quarter turns clockwise of a direction on the page, and how many degrees it is off them.
fn quarter((x, y): (f64, f64)) -> Option<(u8, f64)> {
    if !x.is_finite() || !y.is_finite() || x == 0.0 && y == 0.0 {
        return None;
    }
    let degrees = y.atan2(x).to_degrees().rem_euclid(360.0);
    let nearest = (degrees / 90.0).round();
    Some(((nearest as i64).rem_euclid(4) as u8, (degrees - nearest * 90.0).abs()))
}

/// Whether a font of this name is a bold one.
pub(in crate::document) fn is_bold_name(name: &str) -> bool {
    ["Bold", "bold", "Heavy", "Black", "SimHei", "黑体", "FZXBS", "小标宋"].iter().any(|word| name.contains(word))
}
