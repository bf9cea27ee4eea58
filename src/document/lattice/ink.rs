//! The ink of a colour: all that matters is whether it can be seen on paper.

use super::Paint;

/// What the numbers of a colour mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum Space {
    /// As many as there are: grey, red-green-blue, or four inks.
    Device,
    /// One ink or several: none of it is white.
    Ink,
    /// An entry of a table, or a pattern: told by nothing here.
    Other,
}

/// The ink of a colour's numbers.
pub(in crate::document) fn ink(space: Space, numbers: &[f64]) -> Paint {
    const NEARLY: f64 = 0.96;
    let white = match (space, numbers) {
        (Space::Other, _) | (_, []) => return Paint::Thin,
        (Space::Ink, inks) => inks.iter().all(|ink| *ink < 1.0 - NEARLY),
        (Space::Device, [cyan, magenta, yellow, black]) => [cyan, magenta, yellow, black].iter().all(|ink| **ink < 1.0 - NEARLY),
        (Space::Device, numbers) => numbers.iter().all(|part| *part > NEARLY),
    };
    if white { Paint::White } else { Paint::Dark }
}
