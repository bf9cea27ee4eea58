//! Writing that does not run from left to right: pages drawn sideways, vertical labels in narrow cells.
//!
//! Letters are looked at from the side from which they can be read; places stay those of the page as shown.

use super::{Glyph, Page, Rect, Ruling};

/// How a reader has to look at writing: quarter turns, and whether it runs downwards letter by letter.
pub(super) type Direction = (u8, bool);

/// The direction of most letters.
pub(super) fn direction<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> Direction {
    let mut counts = [0u32; 8];
    for glyph in glyphs.filter(|glyph| !glyph.letter.is_whitespace()) {
        counts[usize::from(glyph.turn % 4) * 2 + usize::from(glyph.vertical)] += 1;
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    ((at / 2) as u8, at % 2 == 1)
}

/// A rectangle as seen after the page was turned back by so many quarter turns.
fn seen(at: &Rect, turns: u8) -> Rect {
    let Rect { left, top, right, bottom } = *at;
    match turns % 4 {
        1 => Rect { left: top, top: -right, right: bottom, bottom: -left },
        2 => Rect { left: -right, top: -bottom, right: -left, bottom: -top },
        3 => Rect { left: -bottom, top: left, right: -top, bottom: right },
        _ => *at,
    }
}

/// Letters as if their writing ran from left to right, lines below one another.
pub(super) fn upright(glyphs: &[Glyph], (turn, vertical): Direction) -> Vec<Glyph> {
    // Vertical lines run downwards and follow one another from right to left, like lines turned clockwise.
    let turns = turn + u8::from(vertical);
    glyphs.iter().map(|glyph| Glyph { at: seen(&glyph.at, turns), ..*glyph }).collect()
}

/// A page turned so that most of its writing stands upright, and by how many quarter turns.
pub(super) fn righted(mut page: Page) -> (Page, u8) {
    let (turn, _) = direction(page.glyphs.iter());
    if turn == 0 {
        return (page, 0);
    }
    let paper = Rect { left: 0.0, top: 0.0, right: page.width, bottom: page.height };
    let whole = seen(&paper, turn);
    let moved = |at: &Rect| {
        let at = seen(at, turn);
        let (x, y) = (whole.left, whole.top);
        Rect { left: at.left - x, top: at.top - y, right: at.right - x, bottom: at.bottom - y }
    };
    for glyph in &mut page.glyphs {
        glyph.at = moved(&glyph.at);
        glyph.turn = (glyph.turn + 4 - turn) % 4;
    }
    for picture in &mut page.pictures {
        *picture = moved(picture);
    }
    page.rulings = page.rulings.iter().map(|ruling| ruling_in(&moved(&rect_of(ruling)))).collect();
    (page.width, page.height) = (whole.width(), whole.height());
    (page, turn)
}

fn rect_of(ruling: &Ruling) -> Rect {
    match ruling.level {
        true => Rect { left: ruling.from, top: ruling.at, right: ruling.to, bottom: ruling.at },
        false => Rect { left: ruling.at, top: ruling.from, right: ruling.at, bottom: ruling.to },
    }
}

fn ruling_in(at: &Rect) -> Ruling {
    match at.height() <= at.width() {
        true => Ruling { level: true, at: at.top, from: at.left, to: at.right },
        false => Ruling { level: false, at: at.left, from: at.top, to: at.bottom },
    }
}

/// A place of a righted page, as the page is shown; `width` and `height` are those of the righted page.
pub(super) fn as_shown(at: &Rect, turn: u8, (width, height): (f32, f32)) -> Rect {
    let back = seen(at, 4 - turn % 4);
    match turn % 4 {
        1 => Rect { left: back.left + height, right: back.right + height, ..back },
        2 => Rect { left: back.left + width, right: back.right + width, top: back.top + height, bottom: back.bottom + height },
        3 => Rect { top: back.top + width, bottom: back.bottom + width, ..back },
        _ => *at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_page_and_back() {
        let at = Rect { left: 10.0, top: 20.0, right: 30.0, bottom: 25.0 };
        for turn in 1..4 {
            let glyph = Glyph { letter: 'a', at, size: 5.0, turn, vertical: false, bold: false, run: 0 };
            let page = Page { width: 100.0, height: 200.0, glyphs: vec![glyph], ..Page::default() };
            let (page, turned) = righted(page);
            assert_eq!(turned, turn);
            assert_eq!((page.glyphs[0].turn, page.width), (0, if turn == 2 { 100.0 } else { 200.0 }));
            let seen = page.glyphs[0].at;
            assert!(seen.left >= 0.0 && seen.top >= 0.0 && seen.right <= page.width && seen.bottom <= page.height);
            assert_eq!(as_shown(&seen, turn, (page.width, page.height)), at);
        }
    }
}
