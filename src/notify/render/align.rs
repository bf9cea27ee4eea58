//! Columns of a terminal: a Chinese character takes two, a Latin one takes one.

/// How many columns a character takes. Combining marks and controls take none.
fn width_of(c: char) -> usize {
    match c as u32 {
        0..=0x1f | 0x7f..=0x9f | 0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        // The quotation marks and the dots of Chinese text; terminals in a Chinese locale set them wide, others
        // narrow. Narrow is the smaller harm: a line is then short by one, never broken.
        _ => 1,
    }
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// The text followed by spaces up to `width` columns; a longer text stays as it is.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The text in at most `width` columns, its end replaced by … where it is longer.
pub fn fit(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            used += width_of(*c);
            used < width
        })
        .collect();
    kept.push('…');
    kept
}

/// Marks that may not begin a line of Chinese text.
const NOT_FIRST: &str = "，。、；：？！）】》”’%…,.;:?!)]}";

/// The text broken into lines of at most `width` columns: Latin words are kept whole where they fit, Chinese
/// breaks anywhere but before a closing mark. At least one line, at least one character a line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text) {
        let wide = columns(piece);
        let blank = piece.trim().is_empty();
        let hangs = piece.chars().next().is_some_and(|c| NOT_FIRST.contains(c));
        if used + wide > width && used > 0 && !hangs {
            lines.push(String::new());
            used = 0;
        }
        if blank && used == 0 {
            continue;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
        used += wide;
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The units a line may be broken between: a narrow word, a run of spaces, or one wide character.
fn pieces(text: &str) -> Vec<&str> {
    let kind = |c: char| if c.is_whitespace() { 0 } else { width_of(c).max(1) };
    let mut found = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let same_word = last.is_some_and(|last: char| kind(last) == kind(c) && kind(c) != 2);
        if last.is_some() && !same_word {
            found.push(&text[start..at]);
            start = at;
        }
        last = Some(c);
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_counts_double() {
        assert_eq!(columns("柳河县 2025"), 11);
        assert_eq!(pad("青石镇", 8), "青石镇  ");
        assert_eq!(pad("青石镇", 2), "青石镇");
        assert_eq!(fit("云溪市发展和改革委员会", 11), "云溪市发展…");
        assert_eq!(fit("short", 11), "short");
    }

    #[test]
    fn lines_break_where_a_reader_expects() {
        assert_eq!(wrap("本年收到申请四件，结转一件", 10), ["本年收到申", "请四件，结", "转一件"]);
        assert_eq!(wrap("本年收到申。", 10), ["本年收到申。"]);
        assert_eq!(wrap("received plus carried", 13), ["received plus", "carried"]);
        assert_eq!(wrap("", 10), [""]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_blanks_is_lost(text in "\\PC{0,60}", width in 1usize..40) {
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(bare(&wrap(&text, width).concat()), bare(&text));
            proptest::prop_assert!(columns(&fit(&text, width)) <= width.max(columns(&text).min(width)));
        }
    }
}
