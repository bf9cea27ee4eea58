//! How wide letters are, for fonts that do not say: the standard ones.

use super::font::FontKind;

/// Widths of the letters from space to tilde, in thousandths of the type size.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
    722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
    500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500,
    500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722,
    667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278,
    500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// The width of a letter in a font of this name.
pub(super) fn standard(name: &str, letter: Option<char>, kind: FontKind) -> f64 {
    let Some(letter) = letter.filter(|letter| letter.is_ascii() && !letter.is_control()) else {
        return if kind == FontKind::Composite { 1000.0 } else { 500.0 };
    };
    let at = (letter as usize).saturating_sub(32).min(94);
    let width = if name.contains("Courier") {
        600
    } else if name.contains("Times") || name.contains("Serif") {
        TIMES[at]
    } else if kind == FontKind::Composite {
        500
    } else {
        HELVETICA[at]
    };
    f64::from(width)
}
