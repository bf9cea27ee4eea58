//! The agency's own name as its text may shorten it, and how far the words of its area reach.

use crate::model::AgencyKind;
use crate::text::compact;

/// The characters at which the name of a place ends.
const LEVELS: [char; 7] = ['省', '市', '县', '区', '州', '旗', '盟'];
/// What names of bodies and places end in, so that words before a quantity may be one.
const ORGANS: [&str; 30] = [
    "局",
    "委",
    "厅",
    "会",
    "院",
    "中心",
    "政府",
    "街道",
    "办事处",
    "镇",
    "乡",
    "队",
    "站",
    "所",
    "市",
    "县",
    "区",
    "州",
    "处",
    "室",
    "司",
    "办",
    "公司",
    "学校",
    "大学",
    "旗",
    "盟",
    "省",
    "集团",
    "部",
];
/// A shorter name than this many characters is a word.
const SHORTEST: usize = 3;

/// Whether words end as names of bodies do.
pub(super) fn is_organ(words: &str) -> bool {
    ORGANS.iter().any(|end| words.ends_with(end))
}

/// The agency as its own text may call it.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Every way to write its name, the longest first.
    pub names: Vec<String>,
    /// The level of the area whose government it is: its 全市 is its own.
    pub level: Option<char>,
}

impl Own {
    pub(super) fn new(agency: &str, kind: Option<AgencyKind>) -> Own {
        let full: String = compact(agency);
        let mut names = vec![full.clone(), full.replace("人民政府", "政府")];
        for name in names.clone() {
            let cut = name.char_indices().filter(|(_, c)| LEVELS.contains(c)).map(|(at, c)| (at, at + c.len_utf8()));
            names.extend(cut.flat_map(|(at, end)| [name[at..].to_owned(), name[end..].to_owned()]));
        }
        for name in names.clone() {
            names.extend(
                ["委员会", "办事处"]
                    .iter()
                    .filter_map(|end| name.strip_suffix(end))
                    .map(|short| if name.ends_with("委员会") { format!("{short}委") } else { short.to_owned() }),
            );
        }
        names.retain(|name| name.chars().count() >= SHORTEST && !is_common(name));
        // Of itself a sub-district office says 街道 alone.
        if kind == Some(AgencyKind::SubDistrict) {
            names.extend(["街道", "我街道", "本街道", "全街道"].map(str::to_owned));
        }
        if full.ends_with("管理委员会") {
            names.push("管委会".to_owned());
        }
        names.extend(organ_of_level(&full));
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        let government = kind == Some(AgencyKind::Government);
        let place = full.strip_suffix("人民政府").or(full.strip_suffix("政府")).unwrap_or(&full);
        let level = place.chars().next_back().filter(|c| government && LEVELS.contains(c));
        Own { names, level }
    }
}

/// What the body of a place calls itself: 县局 in the report of 沐川县税务局.
fn organ_of_level(full: &str) -> Option<String> {
    let organ = full.chars().next_back().filter(|c| ['局', '委'].contains(c))?;
    let level = |(at, c): &(usize, char)| {
        let (before, behind) = (&full[..*at], &full[at + c.len_utf8()..]);
        let place = !before.is_empty() && !before.ends_with(['社', '园', '景', '城', '小', '新']);
        LEVELS.contains(c) && place && !behind.starts_with(['场', '政', '容', '民', '域'])
    };
    let level = full.char_indices().rev().find(level)?.1;
    Some(format!("{level}{organ}"))
}

/// Names that any text may have, whoever wrote it.
fn is_common(name: &str) -> bool {
    ["人民政府", "办公室", "办公厅", "人民政府办公室", "人民政府办公厅", "政府办公室", "政府办公厅", "委员会", "办事处"]
        .contains(&name)
}
