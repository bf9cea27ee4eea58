//! Text of a binary Word document that was deleted under tracking or is hidden, where the library cannot tell it.
//!
//! The looks of its characters stand in pages of 512 bytes, of up to 101 runs of text each. The library passes over pages of more
//! than 63 and takes whatever they say is not shown for text ([MS-DOC] 2.9.33, ChpxFkp).

use super::super::compound;

/// The most runs of a page that the library follows.
const FOLLOWED: usize = 63;
const PAGE: usize = 512;
/// Where the head of the main stream has the flag that picks the stream of tables, and the place and length in it of the list of pages.
const FLAGS: usize = 0x0a;
const SECOND_TABLE: u16 = 0x0200;
const LIST: usize = 0xfa;
/// Properties of a run: deleted under tracking, hidden.
const DELETED: u16 = 0x0800;
const HIDDEN: u16 = 0x083c;

/// Whether a document has text that is not shown and that the library would show.
pub(super) fn is_taken_for_text(bytes: &[u8], main: &[u8]) -> bool {
    has_unshown(bytes, main).unwrap_or(false)
}

fn has_unshown(bytes: &[u8], main: &[u8]) -> Option<bool> {
    let name = if u16_at(main, FLAGS)? & SECOND_TABLE != 0 { "1Table" } else { "0Table" };
    let (start, length) = (u32_at(main, LIST)? as usize, u32_at(main, LIST + 4)? as usize);
    let (tables, _) = compound::stream(bytes, &[name])?;
    // Of so many pages the numbers stand behind one place in the text more than there are pages.
    let list = tables.bytes.get(start..start.checked_add(length)?)?;
    let numbers = list.get((length.checked_sub(4)? / 8 + 1) * 4..)?;
    let numbers = numbers.chunks_exact(4).filter_map(|number| u32_at(number, 0)).map(|number| number as usize & 0x3f_ffff);
    Some(numbers.filter_map(|number| main.get(number * PAGE..(number + 1) * PAGE)).any(hides))
}

/// Whether a page that the library passes over has a run that is not shown.
fn hides(page: &[u8]) -> bool {
    let runs = page.last().map_or(0, |runs| usize::from(*runs));
    let places = page.get((runs + 1) * 4..(runs + 1) * 4 + runs).unwrap_or_default();
    let properties = |place: &u8| {
        let at = usize::from(*place) * 2;
        let length = usize::from(*page.get(at)?);
        page.get(at + 1..at + 1 + length).filter(|_| at > 0)
    };
    runs > FOLLOWED && places.iter().filter_map(properties).any(is_unshown)
}

/// Whether among the properties of a run is one that keeps it from being shown.
fn is_unshown(properties: &[u8]) -> bool {
    let mut rest = properties;
    while let Some(code) = u16_at(rest, 0) {
        if matches!(code, DELETED | HIDDEN) && rest.get(2).is_some_and(|value| *value != 0) {
            return true;
        }
        // The three highest bits tell how long the value is.
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => 1 + rest.get(2).map_or(0, |length| usize::from(*length)),
        };
        rest = rest.get(2 + length..).unwrap_or_default();
    }
    false
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16_at(bytes, at)?) | u32::from(u16_at(bytes, at + 2)?) << 16)
}

#[cfg(test)]
mod tests {
    use super::hides;

    /// A page of so many runs that share these properties.
    fn page(runs: u8, properties: &[u8]) -> Vec<u8> {
        let mut page = vec![0u8; 512];
        page[511] = runs;
        let places = (usize::from(runs) + 1) * 4;
        page[places..places + usize::from(runs)].fill(240);
        page[480] = properties.len() as u8;
        page[481..481 + properties.len()].copy_from_slice(properties);
        page
    }

    #[test]
    fn what_is_not_shown_is_seen_where_the_library_does_not_look() {
        let deleted = [0x43, 0x4a, 0x15, 0x00, 0x00, 0x08, 0x01];
        let hidden = [0x3c, 0x08, 0x01];
        assert!(hides(&page(64, &deleted)) && hides(&page(90, &hidden)));
        assert!(!hides(&page(63, &deleted)), "the library looks there");
        assert!(!hides(&page(64, &[0x00, 0x08, 0x00])) && !hides(&page(64, &[0x43, 0x4a, 0x00, 0x08])));
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_looked_through(page in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) { hides(&page); }
    }
}
