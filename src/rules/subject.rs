//! What sentences may state quantities of: subjects, and the words by which they are told.
//!
//! Both are data (`standards/subjects.toml`), shared by every form. A word either has a *role* (it leaves
//! the quantity what it is, it speaks of another body, it compares …) or *senses* (`received`, `granted`,
//! `natural_person`); a quantity is of the subject whose senses its words say, no more and no less. So no
//! expression is tried sentence by sentence: all words are found in one pass, the longest first.

use super::Complaint;
use crate::text::Lexicon;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A set of senses, a bit each.
pub type Senses = u64;

/// What a word does to the quantity it stands beside, where it says nothing of the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It leaves the quantity what it is.
    Neutral,
    /// It speaks of the agency itself: 我局.
    Own,
    /// It speaks of all bodies of an area: 全市, 各部门.
    Area,
    /// It leaves it open whose quantity it is: 代表, 本级.
    Unclear,
    LastYear,
    NextYear,
    ThisYear,
    PartOfYear,
    /// 申请内容涉及: what follows divides applications by what they ask for.
    Contents,
    /// 各: each thing named has the quantity.
    Each,
    /// 分别: the things named have the quantities that follow, one by one.
    Respectively,
    /// 其中
    OfThese,
    /// 均, 全部
    All,
    /// 未, 无, 没有
    None,
    /// One way by which things come: the quantity is of a part.
    Channel,
    /// All ways together: it is not.
    Channels,
    /// 等原因: what is listed before it says only why.
    Reasons,
    /// 同比: what is compared with.
    Base,
    More,
    Less,
    /// 占, 率: a share.
    Share,
    /// Another matter, until a word of a topic comes.
    Off,
}

/// What passages speak about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    pub id: String,
    /// Sections of the form that speak of it from their first word.
    #[serde(default)]
    pub sections: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    role: Option<Role>,
    #[serde(default)]
    senses: Vec<String>,
    /// The topic after such a word.
    #[serde(default)]
    topic: Option<String>,
    list: Vec<String>,
}

/// A thing that sentences may state quantities of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// e.g. `applications.received`.
    pub id: String,
    pub label: String,
    pub label_en: String,
    /// The topic a passage must have; `any` where the words say enough.
    pub topic: String,
    /// Sets of senses, any of which its words say.
    says: Vec<Vec<String>>,
    /// The same where they state that there is none: 无申请.
    #[serde(default)]
    none: Vec<Vec<String>>,
    /// Senses that may stand beside them.
    #[serde(default)]
    may: Vec<String>,
    /// Units it is counted in; where none are said, those of papers and cases.
    #[serde(default)]
    pub units: Vec<String>,
    /// Words of which the sentence must have one.
    #[serde(default)]
    pub beside: Vec<String>,
    /// Words beside which the quantity is of a part.
    #[serde(default)]
    pub not_beside: Vec<String>,
    /// Verbs behind which, up to a semicolon, the quantity is of something else: 公示行政许可12条、行政处罚3条.
    #[serde(default)]
    pub not_after: Vec<String>,
    /// It is the whole, so that what 其中 introduces is not it, unless it says that it is new.
    #[serde(default)]
    pub whole: bool,
    /// Other quantities may be told as parts of it, and 均 as all of it.
    #[serde(default)]
    pub starts: bool,
    /// It divides the applications received: read only where those stand before it, or nothing.
    #[serde(default)]
    pub of_received: bool,
    /// It is what there is at the end of the year, so that 截至年底 leaves it what it is.
    #[serde(default)]
    pub stock: bool,
    /// 均 may state it of all.
    #[serde(default)]
    pub all: bool,
    #[serde(skip)]
    said: Vec<Senses>,
    #[serde(skip)]
    none_said: Vec<Senses>,
    #[serde(skip)]
    allowed: Senses,
    #[serde(skip)]
    topic_at: usize,
}

impl Subject {
    /// The topic of a passage that speaks of it.
    pub fn topic(&self) -> usize {
        self.topic_at
    }
}

/// A word found in a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    pub role: Option<Role>,
    pub senses: Senses,
    pub topic: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "topic")]
    topics: Vec<Topic>,
    words: Vec<Words>,
    #[serde(rename = "subject")]
    subjects: Vec<Subject>,
}

/// Topics, words and subjects, ready to use.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    pub topics: Vec<Topic>,
    pub all: Vec<Subject>,
    senses: BTreeMap<String, Senses>,
    /// What the words of each entry mean.
    words: Vec<Meaning>,
    /// Every word, with the number of its entry.
    lexicon: Lexicon,
}

impl Subjects {
    /// Reads `standards/subjects.toml`.
    ///
    /// # Errors
    /// The first thing wrong with it, with line and column.
    pub fn parse(path: &str, text: &str) -> Result<Subjects, Complaint> {
        let file: File = toml::from_str(text).map_err(|error| Complaint::of_toml(path, text, &error))?;
        let complain = |written: &str, what: String| {
            let start = text.find(&format!("\"{written}\"")).map(|at| at + 1);
            Complaint::at(path, text, start.map(|start| start..start + written.len()), what)
        };
        let mut found = Subjects { topics: file.topics, ..Subjects::default() };
        let topic_at = |topics: &[Topic], id: &str| {
            let at = topics.iter().position(|topic| topic.id == id);
            at.ok_or_else(|| {
                complain(id, format!("there is no topic `{id}`")).help("name one of the [[topic]] tables of this file")
            })
        };
        let mut all_words: Vec<(String, u16)> = Vec::new();
        for words in &file.words {
            let mut word = Meaning { role: words.role, senses: 0, topic: None };
            for sense in &words.senses {
                word.senses |=
                    found.sense_or_new(sense).ok_or_else(|| complain(sense, "there are too many senses".to_owned()))?;
            }
            if let Some(topic) = &words.topic {
                word.topic = Some(topic_at(&found.topics, topic)?);
            }
            let entry = u16::try_from(found.words.len()).ok().filter(|entry| *entry < u16::MAX);
            let entry = entry.ok_or_else(|| Complaint::at(path, text, None, "there are too many entries of words"))?;
            found.words.push(word);
            for written in &words.list {
                let all = expand(written).ok_or_else(|| complain(written, "the word cannot be read".to_owned()))?;
                all_words.extend(all.into_iter().filter(|word| !word.is_empty()).map(|word| (word, entry)));
            }
        }
        for mut subject in file.subjects {
            if found.all.iter().any(|other| other.id == subject.id) {
                return Err(complain(&subject.id, format!("the subject `{}` stands twice", subject.id)));
            }
            subject.topic_at = topic_at(&found.topics, &subject.topic)?;
            let set = |names: &[String]| {
                names.iter().try_fold(0, |set, name| {
                    let sense = found.senses.get(name).copied();
                    sense.map(|sense| set | sense).ok_or_else(|| complain(name, format!("no word has the sense `{name}`")))
                })
            };
            subject.said = subject.says.iter().map(|names| set(names)).collect::<Result<_, _>>()?;
            subject.none_said = subject.none.iter().map(|names| set(names)).collect::<Result<_, _>>()?;
            subject.allowed = set(&subject.may)?;
            found.all.push(subject);
        }
        // A word of several entries means what the last of them says.
        all_words.sort_unstable_by(|(a, of_a), (b, of_b)| a.cmp(b).then(of_b.cmp(of_a)));
        all_words.dedup_by(|(later, _), (first, _)| later == first);
        found.lexicon = Lexicon::new(&all_words);
        Ok(found)
    }

    fn sense_or_new(&mut self, name: &str) -> Option<Senses> {
        let next = u32::try_from(self.senses.len()).ok().filter(|next| *next < Senses::BITS)?;
        Some(*self.senses.entry(name.to_owned()).or_insert(1 << next))
    }

    /// The sense of this name; 0 where no word has it.
    pub fn sense(&self, name: &str) -> Senses {
        self.senses.get(name).copied().unwrap_or_default()
    }

    /// The words of a text, as byte ranges, from left to right.
    pub fn words_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize, Meaning)> + 'a {
        self.lexicon.find(text).filter_map(|(start, end, entry)| Some((start, end, *self.words.get(usize::from(entry))?)))
    }

    /// The topic that a section of the form is about.
    pub fn topic_of_section(&self, id: &str) -> Option<usize> {
        self.topics.iter().position(|topic| topic.sections.iter().any(|section| section == id))
    }

    /// The subject with this id.
    pub fn get(&self, id: &str) -> Option<&Subject> {
        self.all.iter().find(|subject| subject.id == id)
    }

    /// The subject that these senses tell in a passage of this topic; `none` where they state that there is none of it.
    pub fn told_by(&self, senses: Senses, topic: Option<usize>, none: bool) -> Option<&Subject> {
        if senses == 0 {
            return None;
        }
        self.all.iter().find(|subject| {
            let about = topic == Some(subject.topic_at) || self.topics[subject.topic_at].id == ANY;
            let tells = |said: &Senses| senses & said == *said && senses & !(said | subject.allowed) == 0;
            about && (subject.said.iter().any(tells) || (none && subject.none_said.iter().any(tells)))
        })
    }
}

/// The topic of subjects that need none.
const ANY: &str = "any";
/// No entry stands for more words than this.
const MOST_WORDS: usize = 6000;

/// All words that an entry stands for; `None` where its brackets do not close or it stands for too many.
fn expand(written: &str) -> Option<Vec<String>> {
    let chars: Vec<char> = written.chars().collect();
    let mut at = 0;
    let found = alternatives(&chars, &mut at, 0)?;
    (at == chars.len()).then_some(found)
}

/// `a|b|…` up to a closing bracket or the end.
fn alternatives(chars: &[char], at: &mut usize, depth: usize) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut current = vec![String::new()];
    while let Some(&c) = chars.get(*at) {
        let next = match c {
            ')' if depth > 0 => break,
            '|' => {
                all.append(&mut current);
                if all.len() > MOST_WORDS {
                    return None;
                }
                current = vec![String::new()];
                *at += 1;
                continue;
            }
            '(' if depth < 4 => {
                *at += 1;
                let inner = alternatives(chars, at, depth + 1)?;
                if chars.get(*at) != Some(&')') {
                    return None;
                }
                inner
            }
            '(' | ')' | '?' => return None,
            // Most letters are not optional: they are written behind what there is.
            c if chars.get(*at + 1) != Some(&'?') => {
                *at += 1;
                current.iter_mut().for_each(|begun| begun.push(c));
                continue;
            }
            c => vec![c.to_string()],
        };
        *at += 1;
        let optional = chars.get(*at) == Some(&'?');
        *at += usize::from(optional);
        let mut longer: Vec<String> =
            current.iter().flat_map(|begun| next.iter().map(move |piece| format!("{begun}{piece}"))).collect();
        if optional {
            longer.append(&mut current);
        }
        current = longer;
        if all.len() + current.len() > MOST_WORDS {
            return None;
        }
    }
    all.append(&mut current);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn an_entry_stands_for_its_alternatives() {
        for (written, expected) in [
            ("收到", vec!["收到"]),
            ("(收|接)到了?", vec!["收到了", "收到", "接到了", "接到"]),
            ("(提起(行政|)|)诉讼", vec!["提起行政诉讼", "提起诉讼", "诉讼"]),
        ] {
            let mut found = expand(written).unwrap();
            found.sort();
            let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            expected.sort();
            assert_eq!(found, expected, "{written}");
        }
        for broken in ["(收", "收)", "?", "((((((深))))))"] {
            assert_eq!(expand(broken), None, "{broken}");
        }
    }
}
