//! What the start of an element came to: its end brings it back.

use super::name::Name;

/// What a start came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// What the element's own name says.
    Itself,
    /// A part of a table, played by style.
    Part(Name),
    /// It hides what is inside.
    Hides,
    /// It stands inside what is hidden.
    Ignored,
    /// A link.
    Links,
    /// Its letters have no size, or have one again.
    Shrinks,
    Grows,
}

impl Mark {
    /// Whether it says more than the element's name.
    pub(super) fn is_told(self) -> bool {
        !matches!(self, Mark::Itself | Mark::Ignored)
    }
}
