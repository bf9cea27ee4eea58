//! Many words found in one pass, the longest first.
//!
//! The words of sentences are thousands, of a few letters each, and nearly every letter of a text begins
//! none of them. So a trie is walked from each letter that begins one: it is built in a fraction of the
//! time that an automaton with its ways back takes, which every start of the program would pay.

/// Words in a trie, each with a number that says what it means.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    nodes: Vec<Node>,
    /// The node of each letter that begins a word, for the letters below 0x10000; 0 where there is none.
    first: Vec<u16>,
}

/// Kept small: there are tens of thousands.
#[derive(Debug, Clone)]
struct Node {
    letter: char,
    /// Its children stand side by side, sorted by letter.
    children: u32,
    count: u16,
    /// What the word that ends here means, or [`NO_WORD`].
    meaning: u16,
}

/// Where no word ends.
const NO_WORD: u16 = u16::MAX;

impl Node {
    fn new(letter: char) -> Node {
        Node { letter, children: 0, count: 0, meaning: NO_WORD }
    }

    fn word(&self) -> Option<u16> {
        (self.meaning != NO_WORD).then_some(self.meaning)
    }
}

impl Lexicon {
    /// Builds the trie of words that are sorted, all different and none empty, each with its meaning, below 65,535. A
    /// word that begins with a letter beyond the basic plane is never found.
    pub fn new(words: &[(impl AsRef<str>, u16)]) -> Lexicon {
        let text = |at: usize| words[at].0.as_ref();
        let mut nodes = vec![Node::new('\0')];
        // What is still to be built: the words that go on behind a node, and where in them.
        let mut open = vec![(0, 0..words.len(), 0)];
        while let Some((node, range, depth)) = open.pop() {
            let (mut at, children) = (range.start, nodes.len());
            while at < range.end {
                let Some(letter) = text(at)[depth..].chars().next() else {
                    nodes[node].meaning = words[at].1;
                    at += 1;
                    continue;
                };
                let end = at + (at..range.end).take_while(|at| text(*at)[depth..].starts_with(letter)).count();
                open.push((nodes.len(), at..end, depth + letter.len_utf8()));
                nodes.push(Node::new(letter));
                at = end;
            }
            nodes[node].children = children as u32;
            nodes[node].count = (nodes.len() - children) as u16;
        }
        nodes.shrink_to_fit();
        let mut first = vec![0; 0x10000];
        for at in 1..=nodes[0].count {
            if let Some(slot) = first.get_mut(nodes[at as usize].letter as usize) {
                *slot = at;
            }
        }
        Lexicon { nodes, first }
    }

    /// The words of a text from left to right, none inside another: (start, end, meaning).
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize, u16)> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            for (at, letter) in text[from..].char_indices() {
                let start = from + at;
                if let Some((end, word)) = self.longest(letter, &text[start + letter.len_utf8()..]) {
                    let end = start + letter.len_utf8() + end;
                    from = end;
                    return Some((start, end, word));
                }
            }
            from = text.len();
            None
        })
    }

    /// The longest word that begins with a letter and goes on in a text, and where in it it ends.
    fn longest(&self, letter: char, rest: &str) -> Option<(usize, u16)> {
        let first = *self.first.get(letter as usize).filter(|at| **at > 0)?;
        let mut node = &self.nodes[first as usize];
        let mut found = node.word().map(|word| (0, word));
        for (at, letter) in rest.char_indices() {
            let children = &self.nodes[node.children as usize..][..node.count as usize];
            let next = match children.len() {
                0..=8 => children.iter().find(|child| child.letter == letter),
                _ => children.binary_search_by_key(&letter, |child| child.letter).ok().map(|at| &children[at]),
            };
            let Some(next) = next else { break };
            node = next;
            found = node.word().map(|word| (at + letter.len_utf8(), word)).or(found);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Lexicon;
    use proptest::prelude::*;

    #[test]
    fn the_longest_word_at_the_leftmost_place_is_found() {
        let words = ["办", "办结", "办结率", "结转", "转"];
        let lexicon = Lexicon::new(&(0..).zip(words).map(|(at, word)| (word, at)).collect::<Vec<_>>());
        let found: Vec<&str> = lexicon.find("共办结率先结转办结转").map(|(_, _, at)| words[usize::from(at)]).collect();
        assert_eq!(found, ["办结率", "结转", "办结", "转"]);
        assert_eq!(Lexicon::default().find("办").count(), 0);
    }

    proptest! {
        #[test]
        fn words_are_found_as_by_trying_each(words in prop::collection::btree_set("[a-c一二é]{1,4}", 0..20), text in "[a-d一二é𠀀]{0,40}") {
            let sorted: Vec<(&str, u16)> = words.iter().map(String::as_str).zip(0..).collect();
            let (mut expected, mut at) = (Vec::new(), 0);
            while at < text.len() {
                let longest = sorted.iter().filter(|(word, _)| text[at..].starts_with(word)).max_by_key(|(word, _)| word.len());
                match longest {
                    Some((word, which)) => {
                        expected.push((at, at + word.len(), *which));
                        at += word.len();
                    }
                    None => at += text[at..].chars().next().map_or(1, char::len_utf8),
                }
            }
            prop_assert_eq!(Lexicon::new(&sorted).find(&text).collect::<Vec<_>>(), expected);
        }
    }
}
