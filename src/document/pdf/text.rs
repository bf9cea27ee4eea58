//! Text of a page: where each letter lands.

use super::font::Letter;
use super::state::{Matrix, State};
use super::token::Operand;
use crate::document::lattice::{Canvas, Glyph, Rect};

/// Letters that stand more than this off the level or upright (in degrees) are a watermark, no writing.
const SLANTED: f64 = 12.0;

/// Where the next letter goes.
#[derive(Debug)]
pub(super) struct Pen {
    text: Matrix,
    line: Matrix,
}

impl Default for Pen {
    fn default() -> Pen {
        Pen { text: Matrix::UNIT, line: Matrix::UNIT }
    }
}

impl Pen {
    /// `BT`
    pub(super) fn begin(&mut self) {
        *self = Pen::default();
    }

    /// `Tm`
    pub(super) fn set(&mut self, matrix: Matrix) {
        (self.text, self.line) = (matrix, matrix);
    }

    /// `Td`
    pub(super) fn move_by(&mut self, x: f64, y: f64) {
        self.set(Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(&self.line));
    }

    fn advance(&mut self, x: f64, y: f64) {
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(&self.text);
    }

    /// `Tj`
    pub(super) fn show(&mut self, text: &[u8], state: &State, canvas: &mut Canvas) {
        let Some(font) = state.font.clone() else { return };
        let vertical = font.vertical;
        font.letters(text, |letter| {
            self.draw(&letter, vertical, state, canvas);
            let space = state.letter_space + if letter.word_space { state.word_space } else { 0.0 };
            if vertical {
                self.advance(0.0, -(font.descent / 1000.0 * state.size) + space);
            } else {
                self.advance((letter.width / 1000.0 * state.size + space) * state.stretch, 0.0);
            }
        });
    }

    /// `TJ`
    pub(super) fn show_all(&mut self, pieces: &[Operand], state: &State, canvas: &mut Canvas) {
        let vertical = state.font.as_ref().is_some_and(|font| font.vertical);
        for piece in pieces {
            match piece {
                Operand::Text(text) => self.show(text, state, canvas),
                Operand::Number(back) => {
                    let by = -back / 1000.0 * state.size;
                    if vertical { self.advance(0.0, by) } else { self.advance(by * state.stretch, 0.0) }
                }
                _ => {}
            }
        }
    }

    fn draw(&self, letter: &Letter, vertical: bool, state: &State, canvas: &mut Canvas) {
        let bold = state.font.as_ref().is_some_and(|font| font.bold);
        let matrix = self.text.then(&state.ctm);
        let size = state.size;
        let (across, up) = (matrix.turn((state.stretch.max(0.01), 0.0)), matrix.turn((0.0, size)));
        let height = up.0.hypot(up.1);
        let Some((turn, skewed)) = quarter(across) else { return };
        // Nothing readable is that small, and nothing on a page is that large.
        if skewed > SLANTED || !(0.5..2_000.0).contains(&height) {
            return;
        }
        let wide = letter.width / 1000.0 * size * state.stretch;
        let corners = if vertical {
            [-size / 2.0, -size, size / 2.0, 0.0]
        } else {
            [0.0, state.rise - 0.14 * size, wide, state.rise + 0.86 * size]
        };
        let Some(at) = matrix.rect(corners) else { return };
        let count = letter.text.chars().count().max(1) as f32;
        for (number, shown) in letter.text.chars().enumerate() {
            let share = |number: usize| number as f32 / count;
            let at = part(&at, turn, share(number), share(number + 1));
            let glyph = Glyph { letter: shown, at, size: height as f32, turn, vertical, bold, run: 0 };
            canvas.glyph(glyph, state.letter_ink(), &state.clip);
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
