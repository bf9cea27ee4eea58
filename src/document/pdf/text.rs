//! Text of a page: where each letter lands.

use super::font::Letter;
use super::state::State;
use super::token::Operand;
use crate::document::lattice::{Canvas, Matrix, Type};

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
        let wide = letter.width / 1000.0 * size * state.stretch;
        let corners = if vertical {
            [-size / 2.0, -size, size / 2.0, 0.0]
        } else {
            [0.0, state.rise - 0.14 * size, wide, state.rise + 0.86 * size]
        };
        let type_of = Type { across: matrix.turn((state.stretch.max(0.01), 0.0)), up: matrix.turn((0.0, size)), vertical, bold };
        if let Some(at) = matrix.rect(corners) {
            type_of.set(&letter.text, &at, state.letter_ink(), &state.clip, canvas);
        }
    }
}
