//! Names of agencies made comparable, and what kind of body a name shows.

use super::compact;
use crate::model::{AgencyKind, Level};

/// A name made comparable: folded, with 人民政府 left out where it only completes a place's name.
///
/// 青石镇 and 青石镇人民政府 are one agency; 云溪市人民政府办公室 and 云溪市人民政府 are two.
pub fn agency_key(name: &str) -> String {
    let folded: String = compact(name).chars().filter(|c| c.is_alphanumeric()).collect();
    let folded = folded.strip_prefix("中华人民共和国").unwrap_or(&folded);
    let short = match folded.strip_suffix("人民政府") {
        Some(place) if !place.is_empty() => place,
        _ => folded,
    };
    short.replace("人民政府办公", "政府办公").replace("街道办事处", "街道").replace("委员会", "委")
}

/// The kind of body that a printed name shows; `None` where it shows none.
pub fn kind_of_name(name: &str) -> Option<AgencyKind> {
    let name = compact(name);
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    if name.is_empty() {
        None
    } else if ends(&["街道办事处", "街道", "街道办"]) {
        Some(AgencyKind::SubDistrict)
    } else if ends(&["政府办公室", "政府办公厅", "政府办", "市府办"]) {
        Some(AgencyKind::Office)
    } else if ends(&["税务局", "海关", "气象局", "邮政管理局", "烟草专卖局", "消防救援支队", "消防救援大队"])
    {
        Some(AgencyKind::Vertical)
    } else if ends(&["镇人民政府", "乡人民政府", "镇政府", "乡政府", "镇", "乡", "民族乡"]) {
        Some(AgencyKind::Township)
    } else if ends(&["人民政府", "市", "区", "县", "旗", "州", "省", "自治区", "盟"])
        && !ends(&["开发区", "园区", "示范区", "新区", "保税区", "景区"])
    {
        Some(AgencyKind::Government)
    } else if ends(&["局", "委", "委员会", "厅", "办公室", "中心", "处", "支队", "大队", "研究室", "管理部"])
    {
        Some(AgencyKind::Department)
    } else {
        None
    }
}

/// The level that a printed name shows: townships and counties alone, for a 市 may stand at either of two levels.
pub fn level_of_name(name: &str) -> Option<Level> {
    let folded = compact(name);
    if kind_of_name(&folded).is_some_and(AgencyKind::is_grassroots) {
        return Some(Level::Township);
    }
    let behind = |at: usize, c: char| folded.get(at + c.len_utf8()..).unwrap_or_default();
    let county = folded.char_indices().skip(1).any(|(at, c)| match c {
        '县' => !behind(at, c).starts_with(['级', '域', '乡', '区', '际']),
        '旗' => folded.chars().count() > 2 && !behind(at, c).starts_with(['舰', '帜', '下']),
        // A district of a city: 云溪市柳河区, and no zone or park.
        '区' => {
            let before = folded.get(..at).unwrap_or_default();
            let zone = [
                "新", "开发", "园", "示范", "保税", "景", "自治", "特", "社", "保护", "功能", "合作", "高", "地", "片", "库",
                "矿",
            ];
            let city = before.rfind('市').is_some_and(|city| (2..=5).contains(&before[city + '市'.len_utf8()..].chars().count()));
            city && !zone.iter().any(|word| before.ends_with(word))
        }
        _ => false,
    });
    county.then_some(Level::County)
}

/// Whether two printed names may be those of one agency: the same, one short for the other, or one of them unknown.
///
/// 市教育局 and 云溪市教育局, 教体局 and 教育体育局 may; 教育局 and 卫生健康局, 青石镇 and 白鹿镇 may not.
pub fn may_be_one_agency(a: &str, b: &str) -> bool {
    let (a, b) = (agency_key(a), agency_key(b));
    a.is_empty() || b.is_empty() || is_within(&a, &b) || is_within(&b, &a)
}

/// Whether the characters of one text stand in the other in their order.
fn is_within(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().all(|c| rest.any(|other| other == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_and_its_government_are_one_agency_and_its_office_is_another() {
        assert_eq!(agency_key("云溪市青石镇人民政府"), agency_key("云溪市青石镇"));
        assert_ne!(agency_key("云溪市人民政府办公室"), agency_key("云溪市人民政府"));
        assert_eq!(agency_key("柳河街道办事处"), agency_key("柳河街道"));
    }

    #[test]
    fn names_show_their_level_where_they_do() {
        for (name, level) in [
            ("柳河县卫生健康局", Some(Level::County)),
            ("柳河县人民政府", Some(Level::County)),
            ("云溪市柳河区教育局", Some(Level::County)),
            ("云溪市青石镇人民政府", Some(Level::Township)),
            ("柳河街道办事处", Some(Level::Township)),
            ("云溪市教育局", None),
            ("云溪市高新区管理委员会", None),
            ("云溪市滨江新区管委会", None),
            ("云溪市县域经济促进局", None),
            ("云溪自治区教育厅", None),
            ("", None),
        ] {
            assert_eq!(level_of_name(name), level, "{name}");
        }
    }

    #[test]
    fn names_of_one_agency_may_be_short() {
        for (a, b, one) in [
            ("市教育局", "云溪市教育局", true),
            ("柳河县教体局", "柳河县教育体育局", true),
            ("青石镇人民政府", "云溪市青石镇", true),
            ("云溪市教育局", "云溪市卫生健康局", false),
            ("青石镇", "白鹿镇", false),
            ("", "青石镇", true),
        ] {
            assert_eq!(may_be_one_agency(a, b), one, "{a} {b}");
        }
    }

    #[test]
    fn names_show_their_kind() {
        for (name, kind) in [
            ("云溪市人民政府", Some(AgencyKind::Government)),
            ("云溪市人民政府办公室", Some(AgencyKind::Office)),
            ("云溪市教育局", Some(AgencyKind::Department)),
            ("云溪市卫生健康委员会", Some(AgencyKind::Department)),
            ("云溪市青石镇", Some(AgencyKind::Township)),
            ("柳河街道办事处", Some(AgencyKind::SubDistrict)),
            ("国家税务总局云溪市税务局", Some(AgencyKind::Vertical)),
            ("云溪经济开发区", None),
            ("", None),
        ] {
            assert_eq!(kind_of_name(name), kind, "{name}");
        }
    }
}
