//! How much of a document is kept: many times what any report holds, and little enough that whatever is
//! sent to us is read in a second or two and in little memory.

use crate::model::Problem;

/// The most paragraphs, lines and pictures.
const MAX_PIECES: usize = 50_000;
/// The most cells of all tables together.
const MAX_CELLS: usize = 50_000;
/// The most bytes of text.
pub(super) const MAX_TEXT: usize = 4 * 1024 * 1024;

/// What a document may still hold.
#[derive(Debug)]
pub(super) struct Budget {
    pieces: usize,
    cells: usize,
    text: usize,
    /// Whether anything was left out.
    pub(super) spent: bool,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { pieces: MAX_PIECES, cells: MAX_CELLS, text: MAX_TEXT, spent: false }
    }
}

impl Budget {
    /// Whether one more paragraph of so many bytes is kept.
    pub(super) fn piece(&mut self, bytes: usize) -> bool {
        let kept = self.pieces > 0 && self.text >= bytes;
        if kept {
            (self.pieces, self.text) = (self.pieces - 1, self.text - bytes);
        }
        self.spent |= !kept;
        kept
    }

    /// Whether one more cell is kept.
    pub(super) fn cell(&mut self) -> bool {
        let kept = self.cells > 0;
        self.cells = self.cells.saturating_sub(1);
        self.spent |= !kept;
        kept
    }

    /// What is to be said where something was left out.
    pub(super) fn problem(&self) -> Option<Problem> {
        self.spent.then(|| Problem::new("too-many-cells", "文件的表格、段落或文字过多，超出部分未读取；请人工查看原件"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, MAX_CELLS, MAX_TEXT};

    #[test]
    fn what_goes_beyond_is_left_out_and_told() {
        let mut budget = Budget::default();
        assert!(budget.piece(MAX_TEXT) && budget.problem().is_none());
        assert!(!budget.piece(1) && budget.problem().is_some());
        let mut budget = Budget::default();
        assert_eq!((0..=MAX_CELLS).filter(|_| budget.cell()).count(), MAX_CELLS);
        assert!(budget.spent);
    }
}
