//! The nearest word of a list: what a person most likely meant by a misspelt one.
//!
//! Distance is counted in single edits (a letter added, left out, exchanged, or two neighbours
//! swapped); beyond a third of the word's length a guess would mislead more than help.

/// The candidate nearest to `word`, if it is near enough to be meant. Ties go to the first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let reach = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().take(64).collect();
            let edits = distance(&word, &letters);
            (edits <= reach && edits < letters.len()).then_some((edits, candidate))
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words, a swap of neighbours counted once (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let exchanged = above[j] + usize::from(left != right);
            let mut least = exchanged.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_meant_is_found_and_a_stranger_is_not() {
        let words = ["listen", "tokens", "department", "sub-district"];
        for (typed, meant) in [
            ("listn", Some("listen")),
            ("Listen", Some("listen")),
            ("tokesn", Some("tokens")),
            ("departement", Some("department")),
            ("subdistrict", Some("sub-district")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
    }
}
