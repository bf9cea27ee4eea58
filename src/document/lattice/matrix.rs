//! Where things land: transformations from the coordinates of an object to those of its page.

use super::Rect;

/// A transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::document) struct Matrix(pub(in crate::document) [f64; 6]);

impl Matrix {
    pub(in crate::document) const UNIT: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This transformation, and then another.
    pub(in crate::document) fn then(&self, next: &Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [na, nb, nc, nd, ne, nf]) = (self.0, next.0);
        Matrix([a * na + b * nc, a * nb + b * nd, c * na + d * nc, c * nb + d * nd, e * na + f * nc + ne, e * nb + f * nd + nf])
    }

    pub(in crate::document) fn of(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// A direction, without the shift.
    pub(in crate::document) fn turn(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, ..] = self.0;
        (a * x + c * y, b * x + d * y)
    }

    /// How much lengths grow, on average.
    pub(in crate::document) fn scale(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }

    /// The rectangle around a transformed one.
    pub(in crate::document) fn rect(&self, [x0, y0, x1, y1]: [f64; 4]) -> Option<Rect> {
        Rect::around([(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|point| self.of(point)))
    }
}
