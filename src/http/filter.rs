//! Which agencies, reports, findings and runs a visitor wants to see; the commands filter the same way.

use super::error::say;
use crate::model::{Doubt, Finding, FindingState, Message, ReportEntry, Roster, Run, RunState, Severity, Year};
use crate::obligations::{AgencyState, Standing};
use crate::pipeline::DoubtState;
use crate::text::agency_key;
use std::collections::{HashMap, HashSet};

/// What a list is narrowed to; what is `None` or empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Portal id.
    pub portal: Option<String>,
    /// An agency's id, name or alias.
    pub agency: Option<String>,
    pub year: Option<Year>,
    /// A rule's id, or a whole family.
    pub rule: Option<String>,
    /// Severity words, any of them.
    pub severities: Vec<Severity>,
    /// State words, any of them; `standing` is every state of a finding that counts against the agency.
    pub states: Vec<String>,
}

/// Which portals an agency publishes on, by the roster and by the reports seen.
#[derive(Debug, Default)]
pub struct Portals(HashMap<String, HashSet<String>>);

impl Portals {
    /// The portals of every agency.
    pub fn of(roster: &Roster, reports: &[ReportEntry]) -> Portals {
        let mut portals: HashMap<String, HashSet<String>> = HashMap::new();
        for agency in &roster.agencies {
            portals.entry(agency.id.clone()).or_default().extend(agency.portal.clone());
        }
        for report in reports {
            portals.entry(report.agency.clone()).or_default().insert(report.portal.clone());
        }
        Portals(portals)
    }

    fn has(&self, agency: &str, portal: &str) -> bool {
        self.0.get(agency).is_some_and(|portals| portals.contains(portal))
    }
}

impl Filter {
    /// A filter from what was written for portal, agency, year, rule, severity and state (the last two may be
    /// several, by commas).
    ///
    /// # Errors
    /// A sentence about the word that is none.
    pub fn parse([portal, agency, year, rule, severity, state]: [Option<&str>; 6]) -> Result<Filter, Message> {
        let year = match year {
            Some(year) => {
                Some(year.parse().map_err(|_| say(format!("年度 {year} 不是数字"), format!("the year {year} is no number")))?)
            }
            None => None,
        };
        let severities = words(severity).map(parse_severity).collect::<Result<_, _>>()?;
        let states = words(state).map(parse_state).collect::<Result<_, _>>()?;
        let owned = |word: Option<&str>| word.map(str::to_owned);
        Ok(Filter { portal: owned(portal), agency: owned(agency), year, rule: owned(rule), severities, states })
    }

    /// Replaces the agency's name or alias by its id.
    #[must_use]
    pub fn resolved(mut self, roster: &Roster) -> Filter {
        self.agency =
            self.agency.map(|word| roster.find(agency_key, &word).map_or_else(|| agency_key(&word), |agency| agency.id.clone()));
        self
    }

    /// Whether an agency is wanted, by id.
    pub fn takes_agency(&self, agency: &str, portals: &Portals) -> bool {
        self.agency.as_deref().is_none_or(|wanted| wanted == agency)
            && self.portal.as_deref().is_none_or(|portal| portals.has(agency, portal))
    }

    /// Whether an agency's standing for a year is wanted.
    pub fn takes_standing(&self, standing: &Standing) -> bool {
        self.year.is_none_or(|year| year == standing.year) && self.takes_state(standing.state.word())
    }

    /// Whether a report is wanted.
    pub fn takes_report(&self, report: &ReportEntry) -> bool {
        self.agency.as_deref().is_none_or(|wanted| wanted == report.agency)
            && self.portal.as_deref().is_none_or(|portal| portal == report.portal)
            && self.year.is_none_or(|year| year == report.year)
    }

    /// Whether a finding is wanted.
    pub fn takes_finding(&self, finding: &Finding, portals: &Portals) -> bool {
        let of_family = |rule: &str| finding.rule.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.takes_agency(&finding.agency, portals)
            && self.year.is_none_or(|year| year == finding.year)
            && self.rule.as_deref().is_none_or(of_family)
            && (self.severities.is_empty() || self.severities.contains(&finding.violation.severity))
            && (self.takes_state(finding.state.word())
                || (finding.state.stands() && self.states.iter().any(|state| state == "standing")))
    }

    /// Whether a page that people decide on is wanted.
    pub fn takes_doubt(&self, doubt: &Doubt, state: DoubtState) -> bool {
        self.portal.as_deref().is_none_or(|portal| portal == doubt.portal)
            && self.year.is_none_or(|year| doubt.year == Some(year))
            && self.takes_state(state.word())
    }

    /// Whether a run is wanted.
    pub fn takes_run(&self, run: &Run) -> bool {
        self.portal.as_deref().is_none_or(|portal| portal == run.portal) && self.takes_state(run.state.word())
    }

    /// Whether only some years of an agency are wanted: then one without any of them is not.
    pub fn narrows_years(&self) -> bool {
        self.year.is_some() || self.narrows_findings()
    }

    /// Whether only some findings are wanted: then a list of reports has only those with such a finding.
    pub fn narrows_findings(&self) -> bool {
        self.rule.is_some() || !self.severities.is_empty() || !self.states.is_empty()
    }

    fn takes_state(&self, state: &str) -> bool {
        self.states.is_empty() || self.states.iter().any(|wanted| wanted == state)
    }
}

fn words(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn parse_severity(word: &str) -> Result<Severity, Message> {
    let known = Severity::ALL.into_iter().find(|severity| severity.word() == word);
    known.ok_or_else(|| say(format!("没有 {word} 这个严重程度"), format!("there is no severity {word}")))
}

fn parse_state(word: &str) -> Result<String, Message> {
    use FindingState::{Confirmed, Dismissed, Notified, Open, Overdue, Reopened, Replied, Resolved, Waived};
    use RunState::{Blocked, Complete, Failed, Partial, Queued, Running};
    let of_findings =
        [Open, Confirmed, Dismissed, Notified, Replied, Overdue, Resolved, Reopened, Waived].map(FindingState::word);
    let of_runs = [Queued, Running, Complete, Partial, Failed, Blocked].map(RunState::word);
    let of_agencies = AgencyState::ALL.map(AgencyState::word);
    let of_doubts = DoubtState::ALL.map(DoubtState::word);
    let mut known = of_findings.into_iter().chain(of_runs).chain(of_agencies).chain(of_doubts).chain(["standing"]);
    let found = known.any(|state| state == word);
    if found { Ok(word.to_owned()) } else { Err(say(format!("没有 {word} 这个状态"), format!("there is no state {word}"))) }
}
