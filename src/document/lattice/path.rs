//! Paths: which of them are lines of a table, which are areas, and which are only shapes.

use super::{Canvas, Paint, Rect};

/// The most points of one path.
const MAX_POINTS: usize = 100_000;
/// The widest border that is drawn as the area between two rectangles, and the widest stroke that is a line.
const THICKEST: f32 = 3.5;

/// A piece of a path without a gap, in places of the page.
#[derive(Debug, Default)]
struct Piece {
    points: Vec<(f64, f64)>,
    closed: bool,
    curved: bool,
}

/// The path at hand.
#[derive(Debug, Default)]
pub(in crate::document) struct Path {
    pieces: Vec<Piece>,
    points: usize,
    /// Whether it becomes the clip once it is painted.
    pub(in crate::document) clips: bool,
}

impl Path {
    pub(in crate::document) fn begin(&mut self, point: (f64, f64)) {
        self.points += 1;
        // A beginning that nothing follows draws nothing.
        self.pieces.pop_if(|piece| piece.points.len() == 1 && !piece.closed);
        if self.points < MAX_POINTS {
            self.pieces.push(Piece { points: vec![point], ..Piece::default() });
        }
    }

    pub(in crate::document) fn line(&mut self, point: (f64, f64)) {
        self.points += 1;
        match self.pieces.last_mut() {
            Some(piece) if self.points < MAX_POINTS => piece.points.push(point),
            Some(_) => {}
            None => self.begin(point),
        }
    }

    pub(in crate::document) fn curve(&mut self, point: (f64, f64)) {
        self.line(point);
        if let Some(piece) = self.pieces.last_mut() {
            piece.curved = true;
        }
    }

    pub(in crate::document) fn close(&mut self) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.closed = true;
        }
    }

    /// The rectangle around all of it.
    fn around(&self) -> Option<Rect> {
        Rect::around(self.pieces.iter().flat_map(|piece| piece.points.iter().copied()))
    }

    /// Fills it in an ink, strokes it in a width, and begins anew. Where it clips, the clip becomes narrower.
    pub(in crate::document) fn paint(&mut self, fill: Option<Paint>, stroke: Option<f64>, clip: &mut Rect, canvas: &mut Canvas) {
        if let Some(ink) = fill {
            self.fill(ink, clip, canvas);
        }
        if let Some(width) = stroke {
            self.stroke(width as f32, clip, canvas);
        }
        if self.clips {
            let nothing = Rect { left: 0.0, top: 0.0, right: -1.0, bottom: -1.0 };
            *clip = clip.meet(&self.around().unwrap_or(nothing));
        }
        *self = Path::default();
    }

    fn stroke(&self, width: f32, clip: &Rect, canvas: &mut Canvas) {
        for piece in &self.pieces {
            if piece.curved && piece.points.len() < 8 {
                continue;
            }
            let back = piece.points.first().filter(|_| piece.closed);
            let ends = piece.points.iter().skip(1).chain(back);
            for (from, to) in piece.points.iter().zip(ends) {
                let thick = |rect: Rect| {
                    let half = width / 2.0;
                    Rect { left: rect.left - half, top: rect.top - half, right: rect.right + half, bottom: rect.bottom + half }
                };
                match Rect::around([*from, *to]) {
                    Some(rect) if width > THICKEST => canvas.fill(&thick(rect), Paint::Thin, clip),
                    _ => canvas.line(*from, *to, clip),
                }
            }
        }
    }

    fn fill(&self, ink: Paint, clip: &Rect, canvas: &mut Canvas) {
        let rects: Vec<Option<Rect>> = self.pieces.iter().map(rectangle).collect();
        if let [Some(a), Some(b)] = rects.as_slice() {
            let (outer, inner) = if a.area() >= b.area() { (a, b) } else { (b, a) };
            if let Some(sides) = border(outer, inner) {
                for side in sides {
                    canvas.fill(&side, ink, clip);
                }
                return;
            }
        }
        for rect in &rects {
            match rect {
                Some(rect) => canvas.fill(rect, ink, clip),
                None if ink != Paint::Nothing => canvas.shape(),
                None => {}
            }
        }
    }
}

/// The rectangle that a piece is, if it is one; anything straight and thin enough counts.
fn rectangle(piece: &Piece) -> Option<Rect> {
    let around = Rect::around(piece.points.iter().copied())?;
    let near = |value: f64, side: f32| (value as f32 - side).abs() < 0.6;
    let corner = |point: &(f64, f64)| {
        (near(point.0, around.left) || near(point.0, around.right)) && (near(point.1, around.top) || near(point.1, around.bottom))
    };
    let thin = around.width().min(around.height()) <= THICKEST && piece.points.len() <= 8;
    (!piece.curved && piece.points.len() > 1 && (thin || piece.points.iter().all(corner))).then_some(around)
}

/// The sides between two rectangles, where the inner lies close inside the outer.
fn border(outer: &Rect, inner: &Rect) -> Option<Vec<Rect>> {
    let margins = [inner.left - outer.left, inner.top - outer.top, outer.right - inner.right, outer.bottom - inner.bottom];
    let close = margins.iter().all(|margin| (-0.05..=THICKEST).contains(margin)) && margins.iter().any(|margin| *margin > 0.05);
    let roomy = inner.width() > 2.0 * THICKEST && inner.height() > 2.0 * THICKEST;
    let sides = [
        Rect { right: inner.left, ..*outer },
        Rect { bottom: inner.top, ..*outer },
        Rect { left: inner.right, ..*outer },
        Rect { top: inner.bottom, ..*outer },
    ];
    let drawn = || sides.into_iter().zip(margins).filter(|(_, margin)| *margin > 0.05).map(|(side, _)| side).collect();
    (close && roomy).then(drawn)
}
