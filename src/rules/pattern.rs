//! A regular expression of a rule file, compiled once: making one costs more than using it.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize, Serializer};
use toml::Spanned;

/// A regular expression; those of rules are over folded text (NFKC, without white space).
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Spanned<String>")]
pub struct Pattern {
    pub(super) text: Spanned<String>,
    compiled: Result<Regex, String>,
}

impl From<Spanned<String>> for Pattern {
    fn from(text: Spanned<String>) -> Pattern {
        let last_line = |error: regex::Error| error.to_string().lines().last().unwrap_or_default().trim().to_owned();
        // Folded text has one line, or one a passage where many are searched at once.
        let compiled = RegexBuilder::new(&with_arabic_digits(text.get_ref())).multi_line(true).build().map_err(last_line);
        Pattern { text, compiled }
    }
}

/// An expression whose `\d` are the ten digits of folded text: those of all scripts make an automaton many times larger.
fn with_arabic_digits(written: &str) -> String {
    let mut made = String::with_capacity(written.len());
    let mut escaped = false;
    for letter in written.chars() {
        if escaped && letter == 'd' {
            made.pop();
            made.push_str("[0-9]");
        } else {
            made.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    made
}

impl Pattern {
    /// The expression; `None` only in a file that `load` refuses.
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.as_ref().ok()
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.text.get_ref()
    }

    /// Why it is none.
    pub(super) fn error(&self) -> Option<&str> {
        self.compiled.as_ref().err().map(String::as_str)
    }

    /// Whether it is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::with_arabic_digits;

    #[test]
    fn only_the_class_of_digits_is_written_out() {
        for (written, made) in [
            (r"\d{2,}年", "[0-9]{2,}年"),
            (r"[\d,.]+", "[[0-9],.]+"),
            (r"\\d\.", r"\\d\."),
            (r"\p{Han}件", r"\p{Han}件"),
            ("\\", "\\"),
        ] {
            assert_eq!(with_arabic_digits(written), made, "{written}");
        }
    }
}
