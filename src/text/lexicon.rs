//! Many words found in one pass, the longest first.
//!
//! The words of sentences are thousands, of a few letters each, and nearly every letter of a text begins
//! none of them. So a trie is walked from each letter that begins one: it is built in a fraction of the
//! time that an automaton with its ways back takes, which every start of the program would pay.

/// Words in a trie, each known by its place in the list it was built of.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    nodes: Vec<Node>,
    /// The node of each letter that begins a word, for the letters below 0x10000; 0 where there is none.
    first: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Node {
    letter: char,
    /// Its children stand side by side, sorted by letter.
    children: u32,
    count: u32,
    /// The word that ends here.
    word: Option<u32>,
}

impl Node {
    fn new(letter: char) -> Node {
        Node { letter, children: 0, count: 0, word: None }
    }
}

impl Lexicon {
    /// Builds the trie of words that are sorted, all different and none empty. A word that begins with a letter
    /// beyond the basic plane is never found.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Lexicon {
        let words: Vec<&str> = words.into_iter().collect();
        let mut nodes = vec![Node::new('\0')];
        // What is still to be built: the words that go on behind a node, and where in them.
        let mut open = vec![(0, 0..words.len(), 0)];
        while let Some((node, range, depth)) = open.pop() {
            let (mut at, children) = (range.start, nodes.len());
            while at < range.end {
                let Some(letter) = words[at][depth..].chars().next() else {
                    nodes[node].word = Some(at as u32);
                    at += 1;
                    continue;
                };
                let begins = |word: &&str| word[depth..].starts_with(letter);
                let end = at + words[at..range.end].iter().take_while(|word| begins(word)).count();
                open.push((nodes.len(), at..end, depth + letter.len_utf8()));
                nodes.push(Node::new(letter));
                at = end;
            }
            nodes[node].children = children as u32;
            nodes[node].count = (nodes.len() - children) as u32;
        }
        let mut first = vec![0; 0x10000];
        for at in 1..=nodes[0].count {
            if let Some(slot) = first.get_mut(nodes[at as usize].letter as usize) {
                *slot = at;
            }
        }
        Lexicon { nodes, first }
    }

    /// The words of a text from left to right, none inside another: (start, end, which).
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            for (at, letter) in text[from..].char_indices() {
                let start = from + at;
                if let Some((end, word)) = self.longest(letter, &text[start + letter.len_utf8()..]) {
                    let end = start + letter.len_utf8() + end;
                    from = end;
                    return Some((start, end, word as usize));
                }
            }
            from = text.len();
            None
        })
    }

    /// The longest word that begins with a letter and goes on in a text, and where in it it ends.
    fn longest(&self, letter: char, rest: &str) -> Option<(usize, u32)> {
        let first = *self.first.get(letter as usize).filter(|at| **at > 0)?;
        let mut node = &self.nodes[first as usize];
        let mut found = node.word.map(|word| (0, word));
        for (at, letter) in rest.char_indices() {
            let children = &self.nodes[node.children as usize..][..node.count as usize];
            let next = match children.len() {
                0..=8 => children.iter().find(|child| child.letter == letter),
                _ => children.binary_search_by_key(&letter, |child| child.letter).ok().map(|at| &children[at]),
            };
            let Some(next) = next else { break };
            node = next;
            found = node.word.map(|word| (at + letter.len_utf8(), word)).or(found);
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
        let lexicon = Lexicon::new(words);
        let found: Vec<&str> = lexicon.find("共办结率先结转办结转").map(|(_, _, at)| words[at]).collect();
        assert_eq!(found, ["办结率", "结转", "办结", "转"]);
        assert_eq!(Lexicon::default().find("办").count(), 0);
    }

    proptest! {
        #[test]
        fn words_are_found_as_by_trying_each(words in prop::collection::btree_set("[a-c一二é]{1,4}", 0..20), text in "[a-d一二é𠀀]{0,40}") {
            let sorted: Vec<&str> = words.iter().map(String::as_str).collect();
            let (mut expected, mut at) = (Vec::new(), 0);
            while at < text.len() {
                let longest = (0..sorted.len()).filter(|word| text[at..].starts_with(sorted[*word])).max_by_key(|word| sorted[*word].len());
                match longest {
                    Some(word) => {
                        expected.push((at, at + sorted[word].len(), word));
                        at += sorted[word].len();
                    }
                    None => at += text[at..].chars().next().map_or(1, char::len_utf8),
                }
            }
            prop_assert_eq!(Lexicon::new(sorted).find(&text).collect::<Vec<_>>(), expected);
        }
    }
}
