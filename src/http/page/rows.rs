//! Rows that more than one page shows: findings, and reports.

use super::parts::{Badge, Head, escaped, web};
use crate::model::{Doubt, Finding, ReportEntry};
use crate::words;

/// A finding in a table.
pub(super) struct FindingRow {
    pub(super) severity: Badge,
    pub(super) state: Badge,
    pub(super) agency: String,
    pub(super) agency_link: String,
    pub(super) year: String,
    pub(super) message: String,
    pub(super) link: String,
    pub(super) rule: String,
    /// Name of the rule's family.
    pub(super) family: String,
    pub(super) opened: String,
    pub(super) due: String,
}

impl FindingRow {
    pub(super) fn of(finding: &Finding, head: &Head) -> FindingRow {
        let family = finding.rule.split('/').next().unwrap_or_default();
        FindingRow {
            severity: Badge::severity(finding.violation.severity, head.lang),
            state: Badge::finding(finding.state, head.lang),
            agency: finding.agency_name.clone(),
            agency_link: agency_link(&finding.agency, head),
            year: finding.year.to_string(),
            message: finding.violation.message.text(head.is_english()).to_owned(),
            link: head.link(&format!("/findings/{}", escaped(&finding.fingerprint))),
            rule: finding.rule.clone(),
            family: words::rule_family(family, head.lang).to_owned(),
            opened: head.time(finding.opened),
            due: finding.due.map(|due| due.to_string()).unwrap_or_default(),
        }
    }
}

/// The page of an agency.
pub(super) fn agency_link(id: &str, head: &Head) -> String {
    head.link(&format!("/agencies/{}", escaped(id)))
}

/// A report in a list: its title leads to the page it was found on.
pub(super) struct ReportRow {
    pub(super) agency: String,
    pub(super) agency_link: String,
    pub(super) year: String,
    pub(super) title: String,
    pub(super) href: Option<String>,
    pub(super) standard: String,
    pub(super) first_seen: String,
    /// Why it could not be read, where it could not.
    pub(super) problems: Vec<String>,
}

impl ReportRow {
    pub(super) fn of(report: &ReportEntry, head: &Head) -> ReportRow {
        ReportRow {
            agency: report.agency_name.clone(),
            agency_link: agency_link(&report.agency, head),
            year: report.year.to_string(),
            title: if report.title.is_empty() { report.url.clone() } else { report.title.clone() },
            href: web(&report.url),
            standard: words::standard(&report.standard, head.lang).to_owned(),
            first_seen: head.time(report.first_seen),
            problems: report
                .problems
                .iter()
                .map(|problem| words::problem(&problem.code, &problem.message, head.lang).to_owned())
                .collect(),
        }
    }
}

/// A page that nobody can place.
pub(super) struct DoubtRow {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) href: Option<String>,
    pub(super) unclear: &'static str,
    pub(super) agency: String,
    pub(super) year: String,
    pub(super) since: String,
}

impl DoubtRow {
    pub(super) fn of(doubt: &Doubt, head: &Head) -> DoubtRow {
        DoubtRow {
            id: doubt.id.clone(),
            title: if doubt.title.is_empty() { doubt.url.clone() } else { doubt.title.clone() },
            href: web(&doubt.url),
            unclear: words::unclear(doubt.unclear.word(), head.lang),
            agency: doubt.agency.clone().unwrap_or_default(),
            year: doubt.year.map(|year| year.to_string()).unwrap_or_default(),
            since: head.time(doubt.since),
        }
    }
}
