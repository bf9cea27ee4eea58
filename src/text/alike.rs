//! How far two texts are alike once everything is masked that differs between honest copies of one thought: numbers,
//! years, titles of documents, the names of agencies and their places.
//!
//! Two texts are held against each other by the runs of three characters that they share. Against very many others a
//! text is looked up by a *signature* (MinHash): only texts that agree in a band of it are compared at all, so that no
//! text is ever held against all others.

use super::{agency_key, compact};
use std::collections::HashMap;

/// A text made ready for comparing: its sentences as printed, and each as masked.
#[derive(Debug, Clone, Default)]
pub struct Masked {
    /// (as printed, masked), in order.
    pub sentences: Vec<(String, String)>,
    pub runs: Runs,
    /// Characters of the masked text.
    pub length: usize,
}

/// Hashes of all runs of three characters of a masked text, sorted: all that is needed to tell how far it is like another.
#[derive(Debug, Clone, Default)]
pub struct Runs(Vec<u32>);

/// Masks a text of an agency; sentences for which `lawful` holds (over folded text) are left out.
pub fn masked(paragraphs: &[String], agency: &str, lawful: impl Fn(&str) -> bool) -> Masked {
    let names = names(agency);
    let mut masked = Masked::default();
    let mut whole: Vec<char> = Vec::new();
    for sentence in paragraphs.iter().flat_map(|paragraph| paragraph.split_inclusive(['。', '；', '！', '\n'])) {
        let folded = compact(sentence);
        if folded.is_empty() || lawful(&folded) {
            continue;
        }
        let text = mask(&folded, &names);
        whole.extend(text.chars());
        masked.sentences.push((sentence.trim().to_owned(), text));
    }
    masked.length = whole.len();
    let mut runs: Vec<u32> = whole.windows(3).map(hash_of).collect();
    runs.sort_unstable();
    masked.runs = Runs(runs);
    masked
}

/// The words by which a report names its own agency, the longest first.
fn names(agency: &str) -> Vec<String> {
    let (whole, key) = (compact(agency), agency_key(agency));
    let mut names = vec![whole, key.clone()];
    // 云溪市柳河县青石镇 is spoken of as 青石镇, its county and its city too.
    let mut start = 0;
    for (at, c) in key.char_indices() {
        let end = at + c.len_utf8();
        if matches!(c, '省' | '市' | '县' | '区' | '旗' | '州' | '盟' | '镇' | '乡') && end - start >= 6 {
            names.extend(key.get(start..end).map(str::to_owned));
            names.extend(key.get(start..at).filter(|name| name.chars().count() >= 2).map(str::to_owned));
            start = end;
        }
    }
    names.extend(key.get(start..).map(str::to_owned));
    names.retain(|name| name.chars().count() >= 2);
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

fn mask(folded: &str, names: &[String]) -> String {
    let mut text = folded.to_owned();
    for name in names {
        if text.contains(name.as_str()) {
            text = text.replace(name.as_str(), "我");
        }
    }
    let mut masked = String::with_capacity(text.len());
    let mut title = false;
    let mut after_self = false;
    for c in text.chars() {
        match c {
            '《' => title = true,
            '》' => title = false,
            _ if title => continue,
            '0'..='9' if masked.ends_with('0') => continue,
            '.' | ',' if masked.ends_with('0') => continue,
            '0'..='9' => masked.push('0'),
            // 我镇, 我局, 本县: whoever speaks.
            '镇' | '乡' | '县' | '市' | '区' | '局' | '委' | '办' | '省' | '旗' | '州' if after_self => {}
            '本' | '全' | '我' => masked.push('我'),
            c if c.is_alphanumeric() => masked.push(c),
            _ => {}
        }
        after_self = matches!(c, '本' | '全' | '我');
    }
    masked
}

fn hash_of(run: &[char]) -> u32 {
    run.iter().fold(0x811c_9dc5, |hash, c| (hash ^ u32::from(*c)).wrapping_mul(0x0100_0193).rotate_left(5))
}

impl Runs {
    /// How much of two texts is alike, in percent: twice what they share, of both together.
    pub fn percent_alike(&self, other: &Runs) -> u32 {
        let all = self.0.len() + other.0.len();
        if all == 0 {
            return 0;
        }
        let (mut i, mut j, mut shared) = (0, 0, 0);
        while let (Some(x), Some(y)) = (self.0.get(i), other.0.get(j)) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
            }
        }
        u32::try_from(200 * shared / all).unwrap_or(100)
    }
}

/// How much of two masked texts is alike, in percent.
pub fn percent_alike(a: &Masked, b: &Masked) -> u32 {
    a.runs.percent_alike(&b.runs)
}

/// The longest sentences that both texts have, as each prints them; no more than `most`.
pub fn shared_passages(a: &Masked, b: &Masked, most: usize) -> Vec<(String, String)> {
    let theirs: HashMap<&str, &str> = b.sentences.iter().map(|(printed, masked)| (masked.as_str(), printed.as_str())).collect();
    let mut shared: Vec<(usize, &str, &str)> = a
        .sentences
        .iter()
        .filter_map(|(printed, masked)| theirs.get(masked.as_str()).map(|other| (masked.len(), printed.as_str(), *other)))
        .collect();
    shared.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(y.1)));
    shared.into_iter().take(most).map(|(_, own, other)| (own.to_owned(), other.to_owned())).collect()
}

/// Bands of a signature, and hashes in each.
const BANDS: usize = 10;
const ROWS: usize = 6;

/// What a text is looked up by: 120 bytes, kept with its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature([u16; BANDS * ROWS]);

impl Signature {
    /// The signature of a text; `None` of one too short to say anything.
    pub fn of(text: &Masked) -> Option<Signature> {
        if text.runs.0.len() < 100 {
            return None;
        }
        let mut least = [u32::MAX; BANDS * ROWS];
        let mut distinct = text.runs.0.clone();
        distinct.dedup();
        for run in distinct {
            // One odd multiplier a row: the low bits of a product say little, so its high half is mixed in.
            for (row, least) in least.iter_mut().enumerate() {
                let mixed = u64::from(run ^ (row as u32).wrapping_mul(0x9e37_79b9)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                *least = (*least).min((mixed >> 32) as u32);
            }
        }
        Some(Signature(least.map(|hash| (hash.wrapping_mul(0x85eb_ca6b) >> 16) as u16)))
    }

    /// As it is stored: four hexadecimal digits a hash.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|hash| format!("{hash:04x}")).collect()
    }

    /// Reads what `to_text` wrote.
    pub fn from_text(text: &str) -> Option<Signature> {
        let mut hashes = [0; BANDS * ROWS];
        if !text.is_ascii() || text.len() != 4 * hashes.len() {
            return None;
        }
        for (at, hash) in hashes.iter_mut().enumerate() {
            *hash = u16::from_str_radix(text.get(4 * at..4 * at + 4)?, 16).ok()?;
        }
        Some(Signature(hashes))
    }

    /// In how many hashes two texts agree, at least, that are alike by `percent` (as `percent_alike` counts).
    ///
    /// Two hashes agree with the probability that a run of both texts together is in each of them. Three standard
    /// deviations are allowed for chance, so that one copy in a thousand is missed.
    pub fn least_agreeing(percent: u32) -> usize {
        let shared = f64::from(percent.min(100)) / f64::from(200 - percent.min(100));
        let hashes = (BANDS * ROWS) as f64;
        let least = hashes * shared - 3.0 * (hashes * shared * (1.0 - shared)).sqrt();
        least.max(0.0) as usize
    }

    fn agreeing(&self, other: &Signature) -> usize {
        self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count()
    }

    /// A hash a band. Of 32 bits, for every band of every text is kept: two bands that share one by chance cost a
    /// look at a text that is not alike.
    fn bands(&self) -> impl Iterator<Item = u32> {
        self.0.chunks(ROWS).enumerate().map(|(band, rows)| {
            let hash = rows.iter().fold(band as u64 ^ 0xcbf2_9ce4_8422_2325, |hash, row| {
                (hash ^ u64::from(*row)).wrapping_mul(0x0000_0100_0000_01b3)
            });
            (hash ^ (hash >> 32)) as u32
        })
    }
}

/// No more texts than this are looked at in one look-up, however many say the same.
const MOST_LOOKED_AT: usize = 2_000;

/// Texts by the bands of their signatures.
#[derive(Debug, Default)]
pub struct Index {
    texts: Vec<(u32, Signature)>,
    /// The newest text of a band; and of each text, by band, the one before it.
    newest: HashMap<u32, u32>,
    before: Vec<[u32; BANDS]>,
}

const NONE: u32 = u32::MAX;

impl Index {
    /// An index that has nothing yet.
    pub fn new() -> Index {
        Index::default()
    }

    /// How many texts it holds.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Adds a text under a number of the caller's.
    pub fn insert(&mut self, id: u32, signature: &Signature) {
        let at = u32::try_from(self.texts.len()).unwrap_or(NONE);
        if at == NONE {
            return;
        }
        let mut before = [NONE; BANDS];
        for (band, before) in signature.bands().zip(&mut before) {
            *before = self.newest.insert(band, at).unwrap_or(NONE);
        }
        self.texts.push((id, signature.clone()));
        self.before.push(before);
    }

    /// The numbers of the texts that agree in `least` hashes or more, the likest first; no more than `most`, and none
    /// that `fits` refuses.
    pub fn look_up(&self, signature: &Signature, least: usize, most: usize, fits: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut found: HashMap<u32, usize> = HashMap::new();
        let mut looked_at = 0;
        for (band, hash) in signature.bands().enumerate() {
            let mut next = self.newest.get(&hash).copied().unwrap_or(NONE);
            while let Some((id, other)) = self.texts.get(next as usize) {
                looked_at += 1;
                if looked_at > MOST_LOOKED_AT {
                    break;
                }
                let agreeing = signature.agreeing(other);
                if agreeing >= least && found.get(id).is_none_or(|known| *known < agreeing) && fits(*id) {
                    found.insert(*id, agreeing);
                }
                next = self.before[next as usize][band];
            }
        }
        let mut found: Vec<(usize, u32)> = found.into_iter().map(|(id, agreeing)| (agreeing, id)).collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(most).map(|(_, id)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(agency: &str, parts: &[&str]) -> Masked {
        masked(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>(), agency, |_| false)
    }

    const ONE: &str = "我镇坚持以公开为常态，及时更新目录，全年通过门户网站发布信息86条，开展培训3次，参训40人次。\
                       围绕乡村振兴和民生保障，细化公开事项，方便群众查询；对照《柳河县政务公开要点》逐项落实责任。";

    #[test]
    fn numbers_years_and_names_do_not_count() {
        let a = text("柳河县青石镇人民政府", &["2024年，青石镇公开信息86条。", ONE]);
        let b = text(
            "柳河县白鹿镇人民政府",
            &["2023年，白鹿镇公开信息1,205条。", &ONE.replace("86", "91").replace("柳河县", "云溪市")],
        );
        assert_eq!(percent_alike(&a, &b), 100);
        assert!(!shared_passages(&a, &b, 2).is_empty());
    }

    #[test]
    fn other_words_count() {
        let a = text("青石镇", &[ONE]);
        let b = text(
            "青石镇",
            &["今年以来，办公室牵头梳理基层政务公开标准目录，设立查阅点5处，回应热线诉求212件，\
                                 组织开放日活动两场，邀请代表委员走进便民服务中心，听取意见并逐条反馈。"],
        );
        assert!(percent_alike(&a, &b) < 20, "{}", percent_alike(&a, &b));
        assert_eq!(percent_alike(&Masked::default(), &Masked::default()), 0);
    }

    #[test]
    fn a_copy_is_found_among_many_and_a_signature_survives_storing() {
        let long = |seed: usize| -> Masked {
            let mut state = seed as u64 * 7919 + 1;
            let text: String = (0..300)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    char::from_u32(0x4e00 + (state >> 33) as u32 % 2000).expect("a Han character")
                })
                .collect();
            text_of(&text)
        };
        fn text_of(text: &str) -> Masked {
            masked(&[text.to_owned()], "", |_| false)
        }
        let mut index = Index::new();
        for id in 0..500 {
            index.insert(id, &Signature::of(&long(id as usize)).expect("long enough"));
        }
        let copy = Signature::of(&long(77)).expect("long enough");
        assert_eq!(Signature::from_text(&copy.to_text()), Some(copy.clone()));
        let least = Signature::least_agreeing(90);
        assert_eq!(index.look_up(&copy, least, 3, |_| true).first(), Some(&77));
        assert_eq!(index.look_up(&copy, least, 3, |id| id != 77).first(), None);
        assert!(Signature::of(&text_of("短")).is_none() && Signature::from_text("zz").is_none());
        assert_eq!(index.len(), 500);
        assert!((30..45).contains(&least) && Signature::least_agreeing(100) == 60 && Signature::least_agreeing(0) == 0);
    }
}
