//! Agencies: the bodies that must publish, and the roster that names them.

use serde::{Deserialize, Serialize};

/// What kind of body an agency is; deadlines and some rules depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum AgencyKind {
    /// A people's government at county level or above (本级政府).
    Government,
    /// The general office of a government (办公厅、办公室), which files a report of its own.
    Office,
    /// A department at county level or above.
    Department,
    /// A township people's government (乡镇人民政府).
    Township,
    /// A sub-district office (街道办事处).
    SubDistrict,
    /// A department under vertical leadership (tax, customs, …).
    Vertical,
}

impl AgencyKind {
    /// Every kind, in the order messages list them.
    pub const ALL: [AgencyKind; 6] = [
        AgencyKind::Government,
        AgencyKind::Office,
        AgencyKind::Department,
        AgencyKind::Township,
        AgencyKind::SubDistrict,
        AgencyKind::Vertical,
    ];

    /// The word used on the command line, in `agencies.csv` and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            AgencyKind::Government => "government",
            AgencyKind::Office => "office",
            AgencyKind::Department => "department",
            AgencyKind::Township => "township",
            AgencyKind::SubDistrict => "sub-district",
            AgencyKind::Vertical => "vertical",
        }
    }

    /// The kind that `word` names, if it is one.
    pub fn parse(word: &str) -> Option<AgencyKind> {
        AgencyKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether this is a township or a sub-district, whose deadlines the law does not name.
    pub fn is_grassroots(self) -> bool {
        matches!(self, AgencyKind::Township | AgencyKind::SubDistrict)
    }
}

/// The level of an agency in the hierarchy, where the roster says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Province,
    City,
    County,
    Township,
}

impl Level {
    /// Every level, the highest first.
    pub const ALL: [Level; 4] = [Level::Province, Level::City, Level::County, Level::Township];

    /// The word used in `agencies.csv` and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Township => "township",
        }
    }

    /// The level that `word` names, if it is one.
    pub fn parse(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.word() == word)
    }
}

/// One line of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// The roster's id, stable for ever; part of every fingerprint.
    pub id: String,
    /// The official name.
    pub name: String,
    /// Other names under which reports appear.
    pub aliases: Vec<String>,
    pub kind: AgencyKind,
    pub level: Option<Level>,
    /// Id of the agency above it, for roll-ups.
    pub parent: Option<String>,
    /// Id of the portal it publishes on.
    pub portal: Option<String>,
    /// A list page, the report's own page, or an address with `{year}`.
    pub column: Option<String>,
    /// Due date (month, day) in the year after the report year; `None` for the statutory one.
    pub due: Option<(u32, u32)>,
}

/// Every agency the office oversees, in the order of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    pub agencies: Vec<Agency>,
}

impl Roster {
    /// The agency with this id.
    pub fn by_id(&self, id: &str) -> Option<&Agency> {
        self.agencies.iter().find(|agency| agency.id == id)
    }

    /// The agency with this id, name or alias, compared as `text::agency_key` gives it.
    pub fn find(&self, key_of: impl Fn(&str) -> String, word: &str) -> Option<&Agency> {
        let key = key_of(word);
        self.agencies.iter().find(|agency| {
            agency.id == word || key_of(&agency.name) == key || agency.aliases.iter().any(|alias| key_of(alias) == key)
        })
    }
}
