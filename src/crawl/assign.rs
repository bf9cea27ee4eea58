//! Whose report an entry is: only where a name says so, or where nobody else could be meant.

use crate::model::{ReportRef, Roster};

/// Whose report an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// The roster's id.
    Agency(String),
    /// The name as printed; no agency of the roster has it.
    Unassigned(String),
    /// The entry names nobody, or a name that two agencies of the roster share.
    Unsure,
}

/// Finds the agency of an entry by exact comparison of keys (`text::agency_key`).
///
/// An entry without a name belongs to the portal's agency where the roster has exactly one there.
pub fn assign(entry: &ReportRef, portal: &str, roster: &Roster, key_of: impl Fn(&str) -> String) -> Assignment {
    let Some(name) = &entry.agency else {
        let mut here = roster.agencies.iter().filter(|agency| agency.portal.as_deref() == Some(portal));
        return match (here.next(), here.next()) {
            (Some(only), None) => Assignment::Agency(only.id.clone()),
            _ => Assignment::Unsure,
        };
    };
    let key = key_of(name);
    let named = |official: &str| !key.is_empty() && key_of(official) == key;
    // An official name goes before an alias; among agencies of one name, the portal's own.
    let by_name: Vec<_> = roster.agencies.iter().filter(|agency| named(&agency.name)).collect();
    let by_alias: Vec<_> = roster.agencies.iter().filter(|agency| agency.aliases.iter().any(|alias| named(alias))).collect();
    for candidates in [by_name, by_alias] {
        let own: Vec<_> = candidates.iter().filter(|agency| agency.portal.as_deref() == Some(portal)).collect();
        match (candidates.as_slice(), own.as_slice()) {
            ([], _) => {}
            ([only], _) => return Assignment::Agency(only.id.clone()),
            (_, [only]) => return Assignment::Agency(only.id.clone()),
            _ => return Assignment::Unsure,
        }
    }
    Assignment::Unassigned(name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Agency, AgencyKind};

    fn agency(id: &str, name: &str, aliases: &[&str], portal: &str) -> Agency {
        Agency {
            id: id.into(),
            name: name.into(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            kind: AgencyKind::Department,
            level: None,
            parent: None,
            portal: Some(portal.into()),
            column: None,
            due: None,
        }
    }

    fn entry(agency: Option<&str>) -> ReportRef {
        let agency = agency.map(str::to_owned);
        ReportRef { url: "https://a.example/1".into(), title: "年报".into(), date: None, year: Some(2024), agency }
    }

    #[test]
    fn names_are_compared_exactly_and_never_guessed() {
        let roster = Roster {
            agencies: vec![
                agency("gov", "云溪市人民政府", &[], "yunxi"),
                agency("office", "云溪市人民政府办公室", &["云溪市政府办"], "yunxi"),
                agency("finance", "云溪市财政局", &["财政局"], "yunxi"),
                agency("health", "柳河县卫生健康局", &["卫健局"], "liuhe"),
                agency("health2", "青石县卫生健康局", &["卫健局"], "qingshi"),
                agency("health3", "白水县卫生健康局", &["卫健局"], "qingshi"),
            ],
        };
        let key = |name: &str| name.trim_end_matches("人民政府").to_owned();
        let of = |name: Option<&str>, portal: &str| assign(&entry(name), portal, &roster, key);
        let agency = |id: &str| Assignment::Agency(id.to_owned());
        assert_eq!(of(Some("云溪市"), "yunxi"), agency("gov"));
        assert_eq!(of(Some("云溪市人民政府办公室"), "yunxi"), agency("office"));
        assert_eq!(of(Some("云溪市政府办"), "yunxi"), agency("office"));
        assert_eq!(of(Some("财政局"), "yunxi"), agency("finance"));
        assert_eq!(of(Some("云溪市财政"), "yunxi"), Assignment::Unassigned("云溪市财政".into()));
        assert_eq!(of(Some("卫健局"), "liuhe"), agency("health"));
        assert_eq!(of(Some("卫健局"), "yunxi"), Assignment::Unsure);
        assert_eq!(of(None, "liuhe"), agency("health"));
        assert_eq!(of(None, "yunxi"), Assignment::Unsure);
        assert_eq!(of(None, "nowhere"), Assignment::Unsure);
    }
}
