//! Sentences of a section's paragraphs.
//!
//! A sentence ends at 。！？ outside brackets and quotations. Lines of one paragraph belong together
//! unless a new line opens a new item; a paragraph that ends in the middle (：，；、) goes on in the
//! next, which is how lists are set. The text is kept as printed, for it is quoted in findings.

use std::borrow::Cow;

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
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let bound = bound(&chars);
    let mut found = Vec::new();
    let mut start = 0;
    let mut close = |from: usize, to: usize| {
        if let Some(piece) = text.get(from..to).map(str::trim).filter(|piece| !piece.is_empty()) {
            found.push(piece);
        }
    };
    for (at, &(byte, c)) in chars.iter().enumerate() {
        if bound[at] {
            continue;
        }
        if matches!(c, '。' | '！' | '？' | '!' | '?' | '｡') {
            let end = byte + c.len_utf8();
            close(start, end);
            start = end;
        } else if c == '\n' && opens_item(&chars[at + 1..]) {
            close(start, byte);
            start = byte + 1;
        }
    }
    close(start, text.len());
    found
}

/// Whether a line that begins here opens a new heading: `一、`, `（二）`, `三是`. Numbered items of a list
/// (`1.`) go on the sentence that introduces them.
fn opens_item(rest: &[(usize, char)]) -> bool {
    let head: String = rest.iter().map(|&(_, c)| c).skip_while(|c| c.is_whitespace()).take(5).collect();
    let bare = head.trim_start_matches(['（', '(']);
    let bracketed = bare.len() < head.len();
    let after = bare.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    after.len() < bare.len() && after.starts_with(if bracketed { ['）', ')'] } else { ['、', '是'] })
}

/// Which characters stand inside a closed pair of brackets or quotation marks.
fn bound(chars: &[(usize, char)]) -> Vec<bool> {
    let mut bound = vec![false; chars.len()];
    let mut open: Vec<(char, usize)> = Vec::new();
    for (at, &(_, c)) in chars.iter().enumerate() {
        if let Some(closing) = partner(c) {
            if open.len() < 16 {
                open.push((closing, at));
            }
        } else if let Some(depth) = open.iter().rposition(|&(closing, _)| same_bracket(closing, c)) {
            let start = open[depth].1;
            open.truncate(depth);
            if at - start <= LONGEST_BRACKET {
                bound[start..at].fill(true);
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
    use super::{sentences, split};
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

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = sentences(&[text.clone(), text]);
        }
    }
}
