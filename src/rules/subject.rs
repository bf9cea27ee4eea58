//! What sentences may state quantities of: subjects, and the topics they belong to.
//!
//! Both are data of a standard. Their expressions are matched against a *masked* sentence: NFKC, no
//! spaces, every quantity replaced by `#` with its unit behind it (`收到#件申请`), titles emptied
//! (`《》`), and a 、 after a quantity turned into a comma. `{name}` in an expression stands for the
//! topic's word of that name, so that a long alternative is written once.

use super::{Complaint, Standard};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a passage speaks about, so that 「答复3件」 among consultations isn't taken for applications.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// e.g. `applications`: also the section that is about it from its first word.
    pub id: String,
    /// Expressions after which the passage speaks of it.
    pub on: Vec<String>,
    /// Expressions after which it no longer does, until one of `on` comes again.
    #[serde(default)]
    pub off: Vec<String>,
    /// Parts of expressions by name.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    #[serde(skip)]
    compiled: OnceLock<Switches>,
    #[serde(skip)]
    stated: OnceLock<Option<Regex>>,
}

/// A topic's expressions, ready to use.
#[derive(Debug, Clone)]
pub struct Switches {
    pub on: Vec<Regex>,
    pub off: Vec<Regex>,
    /// All of them in one: most clauses hold none, and one search tells.
    any: Option<Regex>,
    /// Whether they look at nothing but what they match, so that what no sentence holds no clause of it does.
    plain: bool,
}

impl Switches {
    fn new(topic: &Topic) -> Switches {
        let (on, off) = (compile(&topic.on, &topic.words), compile(&topic.off, &topic.words));
        let all: Vec<String> = on.iter().chain(&off).map(|expression| format!("(?:{expression})")).collect();
        let any = Regex::new(&all.join("|")).ok().filter(|_| !all.is_empty());
        let plain = !all.iter().any(|expression| expression.contains(['^', '$', '\\']));
        Switches { any, plain, on, off }
    }

    /// False where none of the expressions is found in any piece of the text.
    pub fn may_match_within(&self, text: &str) -> bool {
        !self.plain || self.may_match(text)
    }

    /// False where none of the expressions is found in the text.
    pub fn may_match(&self, text: &str) -> bool {
        self.any.as_ref().is_none_or(|any| any.is_match(text))
    }
}

/// A thing that sentences may state quantities of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// e.g. `applications.received`.
    pub id: String,
    pub label: String,
    pub label_en: String,
    /// The topic a passage must have for the subject to be read.
    pub topic: String,
    /// Expressions with one group named `n` around the `#` of the quantity.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// The same, for those that state the subject's whole even after 其中.
    #[serde(default)]
    pub part_patterns: Vec<String>,
    /// Expressions for phrases that state zero (未收到…申请).
    #[serde(default)]
    pub zero: Vec<String>,
    /// Expressions that, found in the clause, mean it speaks of something else.
    #[serde(default)]
    pub not: Vec<String>,
    /// Expressions that, found anywhere in the sentence, mean it speaks of parts only.
    #[serde(default)]
    pub not_in_sentence: Vec<String>,
    #[serde(skip)]
    compiled: OnceLock<Expressions>,
}

/// A subject's expressions, ready to use.
#[derive(Debug, Clone, Default)]
pub struct Expressions {
    pub patterns: Vec<Regex>,
    pub part_patterns: Vec<Regex>,
    pub zero: Vec<Regex>,
    pub not: Vec<Regex>,
    pub not_in_sentence: Vec<Regex>,
}

impl Topic {
    /// The expressions `on` and `off`, compiled once.
    pub fn switches(&self) -> &Switches {
        self.compiled.get_or_init(|| Switches::new(self))
    }

    /// False where no expression of its subjects meets the text: one search instead of one for each of them.
    pub fn may_state(&self, subjects: &[&Subject], text: &str) -> bool {
        let all = || {
            let expressions = subjects.iter().map(|subject| subject.expressions(self));
            let each = expressions.flat_map(|it| it.patterns.iter().chain(&it.part_patterns).chain(&it.zero));
            let nameless = |each: &Regex| format!("(?:{})", each.as_str().replace("(?P<n>", "(?:").replace("(?<n>", "(?:"));
            Regex::new(&each.map(nameless).collect::<Vec<_>>().join("|")).ok().filter(|_| !subjects.is_empty())
        };
        self.stated.get_or_init(all).as_ref().is_none_or(|stated| stated.is_match(text))
    }
}

impl Subject {
    /// Its expressions with the topic's words put in, compiled once.
    pub fn expressions(&self, topic: &Topic) -> &Expressions {
        self.compiled.get_or_init(|| Expressions {
            patterns: compile(&self.patterns, &topic.words),
            part_patterns: compile(&self.part_patterns, &topic.words),
            zero: compile(&self.zero, &topic.words),
            not: compile(&self.not, &topic.words),
            not_in_sentence: compile(&self.not_in_sentence, &topic.words),
        })
    }
}

impl Standard {
    /// The topic with this id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// The subject with this id.
    pub fn subject(&self, id: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// Finds the first topic or subject that could not be used.
    pub(super) fn check_subjects(&self, path: &str, text: &str) -> Result<(), Complaint> {
        let complain = |written: &str, what: String| {
            let start = text.find(written);
            Complaint::at(path, text, start.map(|start| start..start + written.len()), what)
        };
        for topic in &self.topics {
            for written in topic.on.iter().chain(&topic.off) {
                build(written, &topic.words).map_err(|what| complain(written, what))?;
            }
        }
        for (index, subject) in self.subjects.iter().enumerate() {
            if self.subjects[..index].iter().any(|other| other.id == subject.id) {
                return Err(complain(&subject.id, format!("the subject `{}` stands twice", subject.id)));
            }
            let Some(topic) = self.topic(&subject.topic) else {
                return Err(complain(&subject.topic, format!("there is no topic `{}`", subject.topic))
                    .help("name one of the [[topic]] tables of this file"));
            };
            for written in subject.patterns.iter().chain(&subject.part_patterns) {
                let expression = build(written, &topic.words).map_err(|what| complain(written, what))?;
                if expression.capture_names().flatten().filter(|name| *name == "n").count() != 1 {
                    return Err(complain(written, "the expression has no group named `n`".to_owned())
                        .help("write `(?<n>#)` around the quantity that is meant"));
                }
            }
            for written in subject.zero.iter().chain(&subject.not).chain(&subject.not_in_sentence) {
                build(written, &topic.words).map_err(|what| complain(written, what))?;
            }
        }
        Ok(())
    }
}

/// Loading refuses what doesn't compile, so nothing is left out here.
fn compile(written: &[String], words: &BTreeMap<String, String>) -> Vec<Regex> {
    written.iter().filter_map(|written| build(written, words).ok()).collect()
}

fn build(written: &str, words: &BTreeMap<String, String>) -> Result<Regex, String> {
    let mut expanded = written.to_owned();
    for _ in 0..MAX_DEPTH {
        let before = expanded.clone();
        for (name, word) in words {
            expanded = expanded.replace(&format!("{{{name}}}"), word);
        }
        if expanded == before {
            return Regex::new(&expanded).map_err(|error| format!("the expression cannot be read: {error}"));
        }
        if expanded.len() > MAX_LENGTH {
            break;
        }
    }
    Err("the words it uses contain each other without end".to_owned())
}

/// Words may use words, so deep and no deeper.
const MAX_DEPTH: usize = 8;
/// No expression is meant to be longer than this many bytes.
const MAX_LENGTH: usize = 40_000;
