//! Parameters of the kinds that judge publication: in time, still there, unchanged.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Parameters of `late`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// Month and day (`01-31`) of the year after, by kind of agency, where no roster says else.
    pub due: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// Parameters of `gone`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// Whether the rule is about reports that the lists still offer.
    pub listed: bool,
}

/// What of a report was edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditedPart {
    Text,
    Figures,
}

/// Parameters of `edited`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edited {
    pub part: EditedPart,
}

/// Parameters of `back_dated`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackDated {
    /// Days that a date may lie before a look that did not have the report.
    pub days: u32,
}

/// Why there is nothing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadability {
    AttachmentOnly,
    ImageOnly,
}

/// Parameters of `unreadable`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreadably {
    pub because: Unreadability,
}
