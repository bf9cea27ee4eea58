//! A sentence made ready for the expressions of subjects: quantities become `#`.

use super::names::is_organ;
use crate::text::numerals::{Numeral, Role, without_vague_words};
use crate::text::{is_filler, nfkc};
use rust_decimal::Decimal;

/// A masked sentence and what its `#` stand for.
pub(super) struct Masked {
    pub text: String,
    /// Byte of each `#` in `text`, and its numeral.
    pub quantities: Vec<(usize, Numeral)>,
}

/// Smaller numbers before 年 are no years: 下一年度.
const FIRST_YEAR: Decimal = Decimal::from_parts(1900, 0, 0, false, 0);

/// The longest that stands in such brackets, in characters: （厅、局、委）.
const LONGEST_NAME: usize = 6;

impl Masked {
    /// Masks a sentence: NFKC, no spaces, titles emptied, `、` after a quantity made a comma.
    pub(super) fn new(sentence: &str, numerals: &[Numeral]) -> Masked {
        let mut masked = Masked { text: String::with_capacity(sentence.len()), quantities: Vec::new() };
        let (mut from, mut in_title) = (0, 0usize);
        for numeral in numerals {
            let gap = sentence.get(from..numeral.range.start).unwrap_or("");
            masked.push_words(gap, &mut in_title);
            if in_title > 0 {
                from = numeral.range.start;
                continue;
            }
            from = numeral.end;
            match numeral.role {
                // 三种渠道: ways are never counted, and however many they are, they are several.
                Role::Quantity if numeral.unit.as_deref() == Some("种") => masked.push_words("多种", &mut in_title),
                Role::Quantity => {
                    if numeral.approximate {
                        let kept = without_vague_words(&masked.text).len();
                        masked.text.truncate(kept);
                    }
                    let at = masked.text.len();
                    masked.text.push('#');
                    masked.text.push_str(numeral.unit.as_deref().unwrap_or(""));
                    masked.quantities.push((at, numeral.clone()));
                }
                Role::Date if numeral.unit.is_some() && numeral.value >= FIRST_YEAR => {
                    masked.text.push_str(&numeral.value.normalize().to_string());
                    masked.text.push_str(numeral.unit.as_deref().unwrap_or(""));
                }
                Role::Unclear => masked.text.push('?'),
                _ => {
                    let printed = sentence.get(numeral.range.start..numeral.end).unwrap_or("").to_owned();
                    masked.push_words(&printed, &mut in_title);
                }
            }
        }
        masked.push_words(sentence.get(from..).unwrap_or(""), &mut in_title);
        masked
    }

    fn push_words(&mut self, words: &str, in_title: &mut usize) {
        let mut listed = listed_at_the_head(words);
        for c in nfkc(words).filter(|c| !is_filler(*c) || !c.is_whitespace()) {
            match c {
                '《' => {
                    *in_title += 1;
                    if *in_title == 1 {
                        self.text.push(c);
                    }
                }
                '》' => {
                    if *in_title <= 1 {
                        self.text.push(c);
                    }
                    *in_title = in_title.saturating_sub(1);
                }
                c if *in_title == 0 && ('\u{4e00}'..='\u{9fff}').contains(&c) => self.text.push(c),
                // A numeral whose text is left in place must not look like a quantity.
                '#' if *in_title == 0 => self.text.push('＃'),
                '、' if *in_title == 0 && listed > 0 => {
                    listed -= 1;
                    self.text.push(c);
                }
                '、' if *in_title == 0 && self.has_quantity_in_clause() => self.text.push(','),
                ')' if *in_title == 0 && self.closes_a_name() => {}
                c if *in_title == 0 => self.text.push(c),
                _ => {}
            }
        }
    }

    /// 县（区）, 乡镇（街道）: brackets within the name of bodies end no clause, and are left out.
    fn closes_a_name(&mut self) -> bool {
        let Some(open) = self.text.rfind('(').filter(|open| self.quantities.last().is_none_or(|(at, _)| at < open)) else {
            return false;
        };
        let (before, within) = (&self.text[..open], &self.text[open + 1..]);
        let is_name = is_organ(before) && is_organ(within) && within.chars().count() <= LONGEST_NAME;
        if is_name {
            self.text.remove(open);
        }
        is_name
    }

    fn has_quantity_in_clause(&self) -> bool {
        let start = self.text.rfind([',', ';', ':', '(', ')', '。']).unwrap_or(0);
        self.quantities.last().is_some_and(|(at, _)| *at >= start)
    }
}

/// How many 、 belong to a list of names behind a quantity, not to one of quantities: 20件由企业、律所等单位提出.
fn listed_at_the_head(words: &str) -> usize {
    let list = words.split_once('等').map_or("", |(list, _)| list);
    let ends = list.starts_with('、') || list.contains([',', '，', ';', '；', '。', '(', '（']);
    if ends { 0 } else { list.matches('、').count() }
}

#[cfg(test)]
mod tests {
    use super::Masked;
    use crate::text::numerals::numerals;

    #[test]
    fn a_masked_sentence_shows_quantities_only() {
        for (sentence, expected) in [
            ("2024 年，共收到 １２ 件申请、答复约3件（按照《条例》第20条）", "2024年,共收到#件申请,答复#件(按照《》第20条)"),
            ("收到12件、办结12件", "收到#件,办结#件"),
            ("二〇二四年收到两百零三件", "2024年收到#件"),
            ("收到 30余 件", "收到#件"),
            ("信函、现场三种渠道收到3件", "信函、现场多种渠道收到#件"),
            ("收到20件，由企业、律所等提出", "收到#件,由企业、律所等提出"),
            ("收到20件由企业、律所等提出、网络等1件", "收到#件由企业、律所等提出,网络等#件"),
            ("各县（区）收到3件（县区）", "各县区收到#件(县区)"),
        ] {
            let masked = Masked::new(sentence, &numerals(sentence));
            assert_eq!(masked.text, expected);
        }
    }
}
