//! Sentences of a section's paragraphs.
//!
//! A sentence ends at 。！？ outside brackets and quotations. Lines of one paragraph belong together
//! unless a new line opens a new item; a paragraph that ends in the middle (：，；、) goes on in the
//! next, which is how lists are set. The text is kept as printed, for it is quoted in findings.

use std::borrow::Cow;
use std::ops::Range;

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The text as printed, without the white space around it.
    pub text: String,
    /// Index of the paragraph in which it begins.
    pub paragraph: usize,
    /// Whether it stands first in its paragraph.
    pub opens: bool,
}

/// The sentences of these paragraphs, in order.
pub fn sentences(paragraphs: &[String]) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut pending: Option<(usize, String)> = None;
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let (first, text) = match pending.take() {
            Some((first, mut text)) => {
                text.push('\n');
                text.push_str(paragraph);
                (first, Cow::Owned(text))
            }
            None => (index, Cow::Borrowed(paragraph.as_str())),
        };
        let goes_on = paragraph.trim_end().ends_with(['：', '，', '；', '、', ',', ';']) && text.len() < LONGEST;
        if goes_on && index + 1 < paragraphs.len() {
            pending = Some((first, text.into_owned()));
        } else {
            let pieces = split(&text);
            found.extend(pieces.iter().enumerate().map(|(at, piece)| Sentence {
                text: (*piece).to_owned(),
                paragraph: first,
                opens: at == 0,
            }));
        }
    }
    found
}

/// A list longer than this many bytes is no longer one sentence.
const LONGEST: usize = 6000;
/// A bracket that is not closed within this many characters is a slip, and binds nothing.
const LONGEST_BRACKET: usize = 400;

/// The sentences of one text, as printed.
pub fn split(text: &str) -> Vec<&str> {
    let mut bound = bound(text).into_iter().peekable();
    let mut found = Vec::new();
    let mut start = 0;
    let mut close = |from: usize, to: usize| {
        if let Some(piece) = text.get(from..to).map(str::trim).filter(|piece| !piece.is_empty()) {
            found.push(piece);
        }
    };
    for (byte, c) in text.char_indices() {
        let is_end = matches!(c, '。' | '！' | '？' | '!' | '?' | '｡');
        if !is_end && c != '\n' {
            continue;
        }
        while bound.next_if(|range| range.end <= byte).is_some() {}
        if bound.peek().is_some_and(|range| range.start <= byte) {
            continue;
        }
        if is_end {
            let end = byte + c.len_utf8();
            close(start, end);
            start = end;
        } else if opens_item(&text[byte + 1..]) {
            close(start, byte);
            start = byte + 1;
        }
    }
    close(start, text.len());
    found
}

/// Whether a line that begins here opens a new heading: `一、`, `（二）`, `三是`. Numbered items of a list
/// (`1.`) go on the sentence that introduces them.
fn opens_item(rest: &str) -> bool {
    let head: String = rest.trim_start().chars().take(5).collect();
    let bare = head.trim_start_matches(['（', '(']);
    let bracketed = bare.len() < head.len();
    let after = bare.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    after.len() < bare.len() && after.starts_with(if bracketed { ['）', ')'] } else { ['、', '是'] })
}

/// What stands inside closed pairs of brackets or quotation marks: byte ranges in order, none inside another.
fn bound(text: &str) -> Vec<Range<usize>> {
    let mut bound: Vec<Range<usize>> = Vec::new();
    // Of each mark that is open: what closes it, its byte, and how many characters stand before it.
    let mut open: Vec<(char, usize, usize)> = Vec::new();
    for (at, (byte, c)) in text.char_indices().enumerate() {
        // Nearly all characters are no mark.
        if ('\u{4e00}'..='\u{9fff}').contains(&c) {
            continue;
        }
        if let Some(closing) = partner(c) {
            if open.len() < 16 {
                open.push((closing, byte, at));
            }
        } else if let Some(depth) = open.iter().rposition(|&(closing, ..)| same_bracket(closing, c)) {
            let (_, start, before) = open[depth];
            open.truncate(depth);
            if at - before <= LONGEST_BRACKET {
                let inside = bound.iter().rev().take_while(|range| range.start >= start).count();
                bound.truncate(bound.len() - inside);
                bound.push(start..byte);
            }
        }
    }
    bound
}

fn partner(c: char) -> Option<char> {
    Some(match c {
        '（' | '(' => '）',
        '“' => '”',
        '「' => '」',
        '《' => '》',
        '〔' => '〕',
        '【' => '】',
        _ => return None,
    })
}

fn same_bracket(closing: char, c: char) -> bool {
    closing == c || (closing == '）' && c == ')')
}

#[cfg(test)]
mod tests {
    use super::{bound, sentences, split};
    use proptest::prelude::*;

    #[test]
    fn sentences_end_where_they_end() {
        for (text, expected) in [
            ("收到3件。办结3件。", vec!["收到3件。", "办结3件。"]),
            ("办结3件（见附件。另有1件）。完！", vec!["办结3件（见附件。另有1件）。", "完！"]),
            ("未闭合（见附件。办结", vec!["未闭合（见附件。", "办结"]),
            ("共收\n到3件；办结3件", vec!["共收\n到3件；办结3件"]),
            ("（一）主动公开\n（二）依申请公开", vec!["（一）主动公开", "（二）依申请公开"]),
            ("公开8条，其中：\n1.甲类3条；\n2.乙类5条。", vec!["公开8条，其中：\n1.甲类3条；\n2.乙类5条。"]),
            ("", vec![]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn a_paragraph_that_ends_in_the_middle_goes_on() {
        let paragraphs = ["公开8条，其中：", "1.甲类3条；", "2.乙类5条。", "办结3件。"].map(str::to_owned);
        let found = sentences(&paragraphs);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "公开8条，其中：\n1.甲类3条；\n2.乙类5条。");
        assert_eq!((found[1].paragraph, found[1].opens), (3, true));
    }

    #[test]
    fn what_brackets_hold_is_known_in_order() {
        let held = |text: &str| bound(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(held("甲（乙（丙）丁）戊“己”"), ["（乙（丙）丁", "“己"]);
        assert_eq!(held("（甲”乙“丙）丁”"), ["（甲”乙“丙"]);
        let long = "丁".repeat(super::LONGEST_BRACKET);
        assert_eq!(held(&format!("（甲（乙）{long}）")), ["（乙"]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = sentences(&[text.clone(), text]);
        }
    }
}
