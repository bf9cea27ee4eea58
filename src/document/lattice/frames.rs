//! Lines → frames: lines that touch one another belong to one table.
//!
//! Lines come in many manners: whole, dashed, double, one piece a cell with small gaps between. They are
//! made one before it is asked which of them touch.

use super::{Rect, Ruling};
use std::collections::BTreeMap;

/// Lines no further apart than this are one line drawn double.
const DOUBLE: f32 = 3.2;
/// Pieces of a line no further apart than this are one piece.
const GAP: f32 = 3.6;
/// Lines that miss one another by no more than this touch.
const TOUCH: f32 = 3.2;
/// What is shorter than this is no line of a table.
const SHORTEST: f32 = 5.0;
/// Rows and columns are at least this high and wide.
const NARROWEST: f32 = 4.2;
/// The most pairs of lines looked at on one page, and the most rows or columns of a frame.
const MAX_PAIRS: usize = 4_000_000;
pub(super) const MAX_STEPS: usize = 1_200;

/// A line put together from its pieces.
#[derive(Debug, Clone, Copy)]
struct Piece {
    at: f32,
    from: f32,
    to: f32,
}

/// The lines of one table.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) at: Rect,
    /// Where columns and rows begin and end.
    pub(super) xs: Vec<f32>,
    pub(super) ys: Vec<f32>,
    uprights: Vec<Vec<(f32, f32)>>,
    levels: Vec<Vec<(f32, f32)>>,
}

impl Frame {
    /// Which part of an upright line's stretch is drawn, 0 to 1.
    pub(super) fn upright(&self, x: usize, from: f32, to: f32) -> f32 {
        drawn(&self.uprights[x], from, to)
    }

    /// Which part of a level line's stretch is drawn, 0 to 1.
    pub(super) fn level(&self, y: usize, from: f32, to: f32) -> f32 {
        drawn(&self.levels[y], from, to)
    }
}

fn drawn(pieces: &[(f32, f32)], from: f32, to: f32) -> f32 {
    let length: f32 = pieces.iter().map(|piece| (piece.1.min(to) - piece.0.max(from)).max(0.0)).sum();
    length / (to - from).max(0.1)
}

/// Every frame of a page; `None` where it has more lines than any page of writing.
pub(super) fn frames(rulings: &[Ruling]) -> Option<Vec<Frame>> {
    let levels = pieces(rulings.iter().filter(|ruling| ruling.level));
    let uprights = pieces(rulings.iter().filter(|ruling| !ruling.level));
    let mut groups = Groups::new(levels.len() + uprights.len());
    let mut pairs = 0;
    for (at, level) in levels.iter().enumerate() {
        let first = uprights.partition_point(|upright| upright.at < level.from - TOUCH);
        for (offset, upright) in uprights[first..].iter().take_while(|upright| upright.at <= level.to + TOUCH).enumerate() {
            pairs += 1;
            if upright.from - TOUCH <= level.at && level.at <= upright.to + TOUCH {
                groups.join(at, levels.len() + first + offset);
            }
        }
        if pairs > MAX_PAIRS {
            return None;
        }
    }
    let mut members: BTreeMap<usize, (Vec<Piece>, Vec<Piece>)> = BTreeMap::new();
    for (at, level) in levels.iter().enumerate() {
        members.entry(groups.of(at)).or_default().0.push(*level);
    }
    for (at, upright) in uprights.iter().enumerate() {
        members.entry(groups.of(levels.len() + at)).or_default().1.push(*upright);
    }
    let mut members: Vec<(Vec<Piece>, Vec<Piece>)> = members.into_values().collect();
    take_lone_sides(&mut members);
    let mut frames: Vec<Frame> = members.iter().filter_map(|(levels, uprights)| frame(levels, uprights)).collect();
    if frames.iter().any(|frame| frame.xs.len().max(frame.ys.len()) > MAX_STEPS) {
        return None;
    }
    frames.sort_by(|a, b| a.at.top.total_cmp(&b.at.top).then(a.at.left.total_cmp(&b.at.left)));
    Some(frames)
}

/// The furthest that a side which no line touches lies from its table, in points.
const FURTHEST: f32 = 160.0;

/// A cell that a page break opens above and below leaves the table's side touching nothing: an upright line
/// alone, as tall as the lines beside it, is the side of their table.
fn take_lone_sides(members: &mut Vec<(Vec<Piece>, Vec<Piece>)>) {
    let (lone, mut tables): (Vec<_>, Vec<_>) = std::mem::take(members).into_iter().partition(|(levels, _)| levels.is_empty());
    for side in lone.into_iter().flat_map(|(_, uprights)| uprights).take(64) {
        let beside = tables.iter_mut().filter(|(_, uprights)| uprights.len() > 1).find(|(levels, uprights)| {
            let top = uprights.iter().map(|it| it.from).fold(f32::MAX, f32::min);
            let bottom = uprights.iter().map(|it| it.to).fold(f32::MIN, f32::max);
            let left = levels.iter().map(|it| it.from).fold(f32::MAX, f32::min);
            let right = levels.iter().map(|it| it.to).fold(f32::MIN, f32::max);
            let away = (left - side.at).max(side.at - right);
            let common = side.to.min(bottom) - side.from.max(top);
            (0.0..FURTHEST).contains(&away) && common > 0.9 * (bottom - top).max(side.to - side.from)
        });
        if let Some((_, uprights)) = beside {
            uprights.push(side);
        }
    }
    *members = tables;
}

/// Lines of one kind, put together, ordered by where they stand.
fn pieces<'a>(rulings: impl Iterator<Item = &'a Ruling>) -> Vec<Piece> {
    let mut sorted: Vec<&Ruling> = rulings.collect();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut pieces = Vec::new();
    let mut rest = sorted.as_slice();
    while let Some(first) = rest.first() {
        let end = rest.partition_point(|ruling| ruling.at - first.at <= DOUBLE);
        let mut same = rest[..end].to_vec();
        rest = &rest[end..];
        same.sort_by(|a, b| a.from.total_cmp(&b.from));
        // A line stands where the longest of its own pieces does; another table's line below it has no say.
        let mut joined: Option<(Piece, f32)> = None;
        for ruling in same {
            let length = ruling.to - ruling.from;
            match &mut joined {
                Some((piece, longest)) if ruling.from <= piece.to + GAP => {
                    piece.to = piece.to.max(ruling.to);
                    if length > *longest {
                        (piece.at, *longest) = (ruling.at, length);
                    }
                }
                _ => {
                    let piece = Piece { at: ruling.at, from: ruling.from, to: ruling.to };
                    pieces.extend(joined.replace((piece, length)).map(|(piece, _)| piece));
                }
            }
        }
        pieces.extend(joined.map(|(piece, _)| piece));
    }
    pieces.retain(|piece| piece.to - piece.from >= SHORTEST);
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at));
    pieces
}

/// The frame that lines make which touch one another; `None` where they enclose nothing.
fn frame(levels: &[Piece], uprights: &[Piece]) -> Option<Frame> {
    let xs = steps(uprights, levels);
    let ys = steps(levels, uprights);
    let at = Rect { left: *xs.first()?, right: *xs.last()?, top: *ys.first()?, bottom: *ys.last()? };
    if xs.len() < 2 || ys.len() < 2 {
        return None;
    }
    if xs.len().max(ys.len()) > MAX_STEPS {
        return Some(Frame { at, xs, ys, uprights: Vec::new(), levels: Vec::new() });
    }
    let sorted = |steps: &[f32], pieces: &[Piece]| {
        let mut sorted = vec![Vec::new(); steps.len()];
        for piece in pieces {
            let nearest = (0..steps.len()).min_by(|a, b| (steps[*a] - piece.at).abs().total_cmp(&(steps[*b] - piece.at).abs()));
            if let Some(at) = nearest {
                sorted[at].push((piece.from, piece.to));
            }
        }
        sorted
    };
    let (uprights, levels) = (sorted(&xs, uprights), sorted(&ys, levels));
    Some(Frame { at, xs, ys, uprights, levels })
}

/// Where lines stand, and where the lines across them end: a table may be open at its sides.
fn steps(lines: &[Piece], across: &[Piece]) -> Vec<f32> {
    let mut steps: Vec<f32> = lines.iter().map(|piece| piece.at).collect();
    let from = across.iter().map(|piece| piece.from).min_by(f32::total_cmp);
    let to = across.iter().map(|piece| piece.to).max_by(f32::total_cmp);
    for end in [from, to].into_iter().flatten() {
        if steps.iter().all(|step| (step - end).abs() > NARROWEST) {
            steps.push(end);
        }
    }
    steps.sort_by(f32::total_cmp);
    let mut kept: Vec<f32> = Vec::with_capacity(steps.len());
    for step in steps {
        if kept.last().is_none_or(|last| step - last > NARROWEST) {
            kept.push(step);
        }
    }
    kept
}

/// Which things belong together.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Groups {
        Groups { parent: (0..count).collect() }
    }

    fn of(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.parent[a.max(b)] = a.min(b);
    }
}
