//! The words of PDF's little language: content of pages and character maps are written in it.
//!
//! Read one by one from the bytes, so that neither a long page nor a damaged one costs more than its length.

/// A value before an operator.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Operand>),
    /// Dictionaries, booleans, null.
    Other,
}

impl Operand {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Operand::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Operand::Name(name) => Some(name),
            _ => None,
        }
    }

    /// How many bytes of text it shows.
    pub(super) fn shown(&self) -> usize {
        match self {
            Operand::Text(text) => text.len(),
            Operand::Array(pieces) => pieces.iter().map(Operand::shown).sum(),
            _ => 0,
        }
    }

    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Operand::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The most operands kept for one operator; those of a character map's section stand in a row.
const MAX_OPERANDS: usize = 60_000;
/// The deepest array or dictionary in another.
const MAX_DEPTH: usize = 16;

/// Reads operands and operators.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens { bytes, at: 0 }
    }

    /// The next operator, with the operands before it; `None` at the end.
    pub(super) fn next(&mut self, operands: &mut Vec<Operand>) -> Option<&'a [u8]> {
        operands.clear();
        loop {
            let byte = self.peek()?;
            if !is_mark(byte) && !starts_number(byte) {
                let word = self.word();
                match word {
                    b"true" | b"false" | b"null" => operands.push(Operand::Other),
                    _ => return Some(word),
                }
            } else if let Some(operand) = self.operand(MAX_DEPTH)
                && operands.len() < MAX_OPERANDS
            {
                operands.push(operand);
            }
        }
    }

    /// Skips the bytes of a picture that stands in the content, behind `ID`.
    pub(super) fn skip_picture(&mut self) {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let end = rest.windows(4).position(|it| is_space(it[0]) && &it[1..3] == b"EI" && is_space(it[3]));
        self.at = match end {
            Some(end) => self.at + end + 3,
            None => self.bytes.len(),
        };
    }

    /// The next byte that is neither space nor comment.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return Some(byte);
            }
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| is_space(*byte) || is_mark(*byte)).unwrap_or(rest.len()).max(1);
        self.at += end;
        &rest[..end]
    }

    /// One operand; `None` for a mark that begins none, which is passed over.
    fn operand(&mut self, depth: usize) -> Option<Operand> {
        let byte = self.peek()?;
        match byte {
            b'(' => Some(Operand::Text(self.literal())),
            b'/' => {
                self.at += 1;
                let end = self.bytes.get(self.at).is_none_or(|byte| is_space(*byte) || is_mark(*byte));
                Some(Operand::Name(if end { Vec::new() } else { unescaped(self.word()) }))
            }
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                self.until(b'>', depth)?;
                self.at += usize::from(self.bytes.get(self.at) == Some(&b'>'));
                Some(Operand::Other)
            }
            b'<' => Some(Operand::Text(self.hex())),
            b'[' => {
                self.at += 1;
                self.until(b']', depth).map(Operand::Array)
            }
            b')' | b'>' | b']' | b'{' | b'}' => {
                self.at += 1;
                None
            }
            _ => {
                let word = self.word();
                Some(number(word).map_or(Operand::Other, Operand::Number))
            }
        }
    }

    /// Operands up to a closing mark.
    fn until(&mut self, close: u8, depth: usize) -> Option<Vec<Operand>> {
        let mut inside = Vec::new();
        let depth = depth.checked_sub(1)?;
        while let Some(byte) = self.peek() {
            if byte == close {
                self.at += 1;
                return Some(inside);
            }
            let before = self.at;
            inside.extend(self.operand(depth));
            if self.at == before {
                self.at += 1;
            }
        }
        Some(inside)
    }

    fn literal(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut open = 0u32;
        self.at += 1;
        while let Some(byte) = self.take() {
            match byte {
                b'(' => open += 1,
                b')' if open == 0 => break,
                b')' => open -= 1,
                b'\\' => {
                    text.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Option<u8> {
        let byte = self.take()?;
        match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.bytes.get(self.at).copied() else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                Some(value as u8)
            }
            b'\r' => {
                self.at += usize::from(self.bytes.get(self.at) == Some(&b'\n'));
                None
            }
            b'\n' => None,
            other => Some(other),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut half: Option<u8> = None;
        self.at += 1;
        while let Some(byte) = self.take() {
            let digit = match byte {
                b'>' => break,
                _ => (byte as char).to_digit(16),
            };
            let Some(digit) = digit.map(|digit| digit as u8) else { continue };
            match half.take() {
                Some(high) => text.push(high << 4 | digit),
                None => half = Some(digit),
            }
        }
        text.extend(half.map(|high| high << 4));
        text
    }
}

fn starts_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')
}

/// A number as content has it: no exponents, but sometimes a sign in the middle, which ends it.
fn number(word: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(word).ok()?;
    let text = text.trim_start_matches('+');
    let text = if text.starts_with("--") { &text[1..] } else { text };
    let end = text.char_indices().skip(1).find(|(_, c)| !c.is_ascii_digit() && *c != '.').map_or(text.len(), |(at, _)| at);
    let number: f64 = text[..end].parse().ok()?;
    number.is_finite().then_some(number)
}

/// A name with its `#xx` resolved.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code.filter(|_| *first == b'#') {
            Some(code) => {
                plain.push(code);
                rest = &behind[2..];
            }
            None => {
                plain.push(*first);
                rest = behind;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(content: &[u8]) -> Vec<(String, Vec<Operand>)> {
        let (mut tokens, mut operands, mut found) = (Tokens::new(content), Vec::new(), Vec::new());
        while let Some(operator) = tokens.next(&mut operands) {
            found.push((String::from_utf8_lossy(operator).into_owned(), operands.clone()));
        }
        found
    }

    #[test]
    fn content_is_taken_apart() {
        let found = all(b"q 1 0 0 -1.5 .5 +2 cm % note\n/F#31 12 Tf [(a\\)\\101(b)) -20 <4f6>]TJ (x)' <</A 1>>BDC");
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["q", "cm", "Tf", "TJ", "'", "BDC"]);
        let numbers: Vec<f64> = found[1].1.iter().filter_map(Operand::number).collect();
        assert_eq!(numbers, [1.0, 0.0, 0.0, -1.5, 0.5, 2.0]);
        assert_eq!(found[2].1[0], Operand::Name(b"F1".to_vec()));
        let text = vec![Operand::Text(b"a)A(b)".to_vec()), Operand::Number(-20.0), Operand::Text(b"O`".to_vec())];
        assert_eq!(found[3].1, [Operand::Array(text)]);
    }

    #[test]
    fn pictures_in_the_content_are_passed_over() {
        let mut tokens = Tokens::new(b"BI /W 2 ID \x00\xff(( EI Q");
        let mut operands = Vec::new();
        assert_eq!(tokens.next(&mut operands), Some(&b"BI"[..]));
        assert_eq!(tokens.next(&mut operands), Some(&b"ID"[..]));
        tokens.skip_picture();
        assert_eq!(tokens.next(&mut operands), Some(&b"Q"[..]));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) { all(&bytes); }
    }
}
