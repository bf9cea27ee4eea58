//! Character maps that a file brings along: from codes to Unicode (ToUnicode), and from codes to the
//! numbers of a font's letters.

use super::token::{Operand, Tokens};
use std::collections::HashMap;

/// The most entries of one map.
const MAX_ENTRIES: usize = 70_000;

/// A character map.
#[derive(Debug, Default)]
pub(super) struct CharMap {
    /// Length in bytes, first and last code.
    spaces: Vec<(usize, u32, u32)>,
    letters: HashMap<u32, String>,
    letter_ranges: Vec<(u32, u32, String)>,
    numbers: HashMap<u32, u32>,
    number_ranges: Vec<(u32, u32, u32)>,
    /// The map it is built on, by name.
    pub(super) base: Option<Vec<u8>>,
    pub(super) vertical: bool,
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

/// Text of a ToUnicode entry, which is UTF-16.
fn utf16(bytes: &[u8]) -> String {
    if let [only] = bytes {
        return char::from(*only).to_string();
    }
    let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')).collect()
}

impl CharMap {
    /// Reads a map; what is damaged in it is left out.
    pub(super) fn read(bytes: &[u8]) -> CharMap {
        let mut map = CharMap::default();
        let (mut tokens, mut operands) = (Tokens::new(bytes), Vec::new());
        while let Some(operator) = tokens.next(&mut operands) {
            match operator {
                b"endcodespacerange" => map.spaces(&operands),
                b"endbfchar" => map.letters(&operands),
                b"endbfrange" => map.letter_ranges(&operands),
                b"endcidchar" => map.numbers(&operands),
                b"endcidrange" => map.number_ranges(&operands),
                b"usecmap" => map.base = operands.last().and_then(Operand::name).map(<[u8]>::to_vec),
                b"def" => {
                    if let [.., Operand::Name(name), Operand::Number(mode)] = operands.as_slice()
                        && name == b"WMode"
                    {
                        map.vertical = *mode == 1.0;
                    }
                }
                _ => {}
            }
        }
        map
    }

    fn spaces(&mut self, operands: &[Operand]) {
        for pair in operands.chunks_exact(2).take(200) {
            if let [Operand::Text(from), Operand::Text(to)] = pair
                && (1..=4).contains(&from.len())
            {
                self.spaces.push((from.len(), code(from), code(to)));
            }
        }
    }

    fn letters(&mut self, operands: &[Operand]) {
        for pair in operands.chunks_exact(2) {
            if let [Operand::Text(from), Operand::Text(to)] = pair
                && self.letters.len() < MAX_ENTRIES
            {
                self.letters.insert(code(from), utf16(to));
            }
        }
    }

    fn letter_ranges(&mut self, operands: &[Operand]) {
        for triple in operands.chunks_exact(3) {
            let [Operand::Text(from), Operand::Text(to), target] = triple else { continue };
            let (from, to) = (code(from), code(to));
            match target {
                Operand::Text(target) if self.letter_ranges.len() < MAX_ENTRIES => {
                    self.letter_ranges.push((from, to, utf16(target)));
                }
                Operand::Array(targets) => {
                    for (offset, target) in targets.iter().enumerate() {
                        let Some(text) = target.text() else { continue };
                        if self.letters.len() < MAX_ENTRIES {
                            self.letters.insert(from.saturating_add(offset as u32), utf16(text));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn numbers(&mut self, operands: &[Operand]) {
        for pair in operands.chunks_exact(2) {
            if let [Operand::Text(from), Operand::Number(to)] = pair
                && self.numbers.len() < MAX_ENTRIES
            {
                self.numbers.insert(code(from), *to as u32);
            }
        }
    }

    fn number_ranges(&mut self, operands: &[Operand]) {
        for triple in operands.chunks_exact(3) {
            if let [Operand::Text(from), Operand::Text(to), Operand::Number(target)] = triple
                && self.number_ranges.len() < MAX_ENTRIES
            {
                self.number_ranges.push((code(from), code(to), *target as u32));
            }
        }
    }

    /// Whether it says which codes there are.
    pub(super) fn has_spaces(&self) -> bool {
        !self.spaces.is_empty()
    }

    /// Length of the code that a text begins with.
    pub(super) fn length(&self, text: &[u8]) -> usize {
        let fits = |length: usize| {
            let value = text.get(..length).map(code);
            value.is_some_and(|value| {
                self.spaces.iter().any(|(size, from, to)| {
                    // Each byte lies within the range of its own place.
                    let byte = |code: u32, at: usize| code >> (8 * (length - 1 - at)) & 0xff;
                    *size == length && (0..length).all(|at| (byte(*from, at)..=byte(*to, at)).contains(&byte(value, at)))
                })
            })
        };
        (1..=4).find(|length| fits(*length)).unwrap_or_else(|| self.spaces.first().map_or(1, |space| space.0))
    }

    /// The text that a code stands for.
    pub(super) fn letters_of(&self, code: u32) -> Option<String> {
        if let Some(text) = self.letters.get(&code) {
            return Some(text.clone());
        }
        let (from, _, text) = self.letter_ranges.iter().find(|(from, to, _)| (*from..=*to).contains(&code))?;
        let mut text = text.clone();
        let last = text.pop()?;
        text.push(char::from_u32(u32::from(last).checked_add(code - from)?)?);
        Some(text)
    }

    /// The number of the letter that a code stands for.
    pub(super) fn number_of(&self, code: u32) -> Option<u32> {
        let in_range = || {
            let (from, _, target) = self.number_ranges.iter().find(|(from, to, _)| (*from..=*to).contains(&code))?;
            target.checked_add(code - from)
        };
        self.numbers.get(&code).copied().or_else(in_range)
    }
}

#[cfg(test)]
mod tests {
    use super::CharMap;

    #[test]
    fn maps_are_read() {
        let map = CharMap::read(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /WMode 1 def
              1 begincodespacerange <00> <80> <8140> <fefe> endcodespacerange
              2 beginbfchar <01> <4E00> <02> <D840DC00> endbfchar
              2 beginbfrange <05> <07> <0030> <8141> <8142> [<0061> <00660069>] endbfrange
              1 begincidrange <8140> <8150> 100 endcidrange endcmap",
        );
        let of = |code| map.letters_of(code).unwrap_or_default();
        assert_eq!((of(1), of(2), of(6), of(0x8142), of(9)), ("一".into(), "𠀀".into(), "1".into(), "fi".into(), "".into()));
        assert_eq!((map.length(&[0x20, 0x20]), map.length(&[0x81, 0x50]), map.length(&[0x81])), (1, 2, 1));
        assert_eq!((map.number_of(0x8145), map.vertical), (Some(105), true));
    }
}
