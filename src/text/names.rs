//! Names of agencies made comparable, and what kind of body a name shows.

use super::compact;
use crate::model::AgencyKind;

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
