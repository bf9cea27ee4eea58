//! Lines that a program wrapped at its margin → the paragraphs they were.
//!
//! Programs that turn pages into text break every long paragraph at the same width, in the middle of a word or
//! of a number. A file is taken for such a text only where several lines end at its margin; a line that goes up
//! to there goes on in the next one, unless that begins a paragraph of its own.

use crate::text::{fold, is_filler, split_numbering};
use std::borrow::Cow;

/// So many lines that end at one width are a margin.
const FEWEST: usize = 3;
/// A margin stands between these widths, in columns of a terminal; a Chinese character takes two.
const MARGIN: std::ops::RangeInclusive<usize> = 48..=140;
/// How far before the margin a full line may end: a character that does not fit, and marks that may not begin a line.
const SLACK: usize = 5;

/// Lines on two pages are that many lines further apart.
pub(super) const PAGE: usize = 1_000;

/// The lines of a text, those that were wrapped put together, each with its place among the printed ones.
pub(super) fn lines(text: &str) -> Vec<(usize, Cow<'_, str>)> {
    let (mut places, mut printed) = (Vec::new(), Vec::new());
    let mut pages = 0;
    for line in text.split('\n') {
        for (nth, part) in line.split('\u{c}').enumerate() {
            pages += nth.min(1);
            places.push(printed.len() + pages * PAGE);
            printed.push(part.trim_end_matches('\r'));
        }
    }
    let widths: Vec<Option<usize>> = printed.iter().map(|line| prose_width(line)).collect();
    let margin = widths.iter().flatten().copied().max().unwrap_or(0);
    let is_full = |at: usize| widths[at].is_some_and(|width| width + SLACK >= margin);
    let full = (0..printed.len()).filter(|at| is_full(*at)).count();
    let wrapped = full >= FEWEST && MARGIN.contains(&margin);
    let mut lines: Vec<(usize, Cow<'_, str>)> = Vec::with_capacity(printed.len());
    for (at, line) in printed.iter().enumerate() {
        let goes_on = wrapped && at > 0 && is_full(at - 1) && widths[at].is_some() && !begins_a_paragraph(line, printed[at - 1]);
        match lines.last_mut().filter(|_| goes_on) {
            Some((_, last)) => join(last.to_mut(), line.trim_start()),
            None => lines.push((places[at], Cow::Borrowed(line))),
        }
    }
    lines
}

/// The width of a line that may be a part of a paragraph; `None` for blank lines and rows of tables.
fn prose_width(line: &str) -> Option<usize> {
    let text = line.trim();
    let is_prose = !text.contains(['\t', '|']) && !text.contains("  ") && !text.is_ascii();
    is_prose.then(|| line.trim_end().chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum())
}

fn begins_a_paragraph(line: &str, before: &str) -> bool {
    let indent = |line: &str| line.chars().take_while(|c| is_filler(*c)).count();
    let digits = before.ends_with(|c: char| c.is_ascii_digit()) && line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    !digits && (indent(line) > indent(before) || split_numbering(&fold(line)).is_some())
}

/// Puts the rest of a line behind its beginning; only words of Latin letters stand a space apart.
fn join(line: &mut String, rest: &str) {
    line.truncate(line.trim_end().len());
    if line.ends_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        line.push(' ');
    }
    line.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn what_was_wrapped_is_put_together() {
        let text = "一、总体情况\n\
            二〇二三年，我镇坚持以习近平新时代中国特色社会主义思想为指导，认真贯彻落实，扎\n\
            实推进。\n\
            （一）主动公开情况。全年通过门户网站主动公开政府信息二百六十五条，发布解读十篇，\n\
            （二）依申请公开情况。共收到政府信息公开申请1711件，上年结转5件，本年度办结1\n\
            713件，其中予以公开75件。\n\
            二、主动公开政府信息情况\n";
        let read = lines(text);
        assert_eq!(read.len(), 6, "{read:?}");
        assert!(read[1].1.ends_with("扎实推进。"));
        assert!(read[3].1.contains("办结1713件"));
        assert_eq!(read[5].0, 7);
    }

    #[test]
    fn a_paragraph_a_line_is_left_alone() {
        let long = "本年度共收到政府信息公开申请".repeat(9);
        let text = format!("一、总体情况\n{long}\n{long}\n{long}\n短的一段。\n");
        assert_eq!(lines(&text).len(), 6);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "[一二0-9 \\n|。（）]{0,300}") {
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let read: Vec<_> = lines(&text).into_iter().map(|(_, line)| line).collect();
            assert_eq!(bare(&read.concat()), bare(&text));
        }
    }
}
