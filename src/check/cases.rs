//! The cases of rule files, run: each becomes a small report, is judged by the whole rule set, and
//! the outcome of its own rule is held against what it expects.

use super::{Context, Member, Members, run, run_publication};
use crate::model::{
    Afterwards, AgencyKind, Breakdown, Change, Claim, Date, DateSource, Difference, Direction, Figure, Gone, Level, Percentage,
    PercentageKind, Place, Precision, Private, Problem, Publication, ReadOutcome, ReadReport, Reading, Report, Restated, Scope,
    Section, TableRead, Time, Verdict, Violation,
};
use crate::rules::{Amount, Case, CasePublication, Check, Expected, RuleSet, Standard, Word};
use crate::text::kind_of_name;
use chrono::TimeZone;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What one case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    pub rule: String,
    pub case: String,
    /// Why it does not hold; `None` where it does.
    pub failure: Option<String>,
}

/// Runs every case of every rule, or of one.
pub fn run_cases(rules: &RuleSet, only: Option<&str>) -> Vec<CaseResult> {
    let checks = rules.checks.iter().filter(|check| only.is_none_or(|id| check.id == id));
    checks.flat_map(|check| check.cases.iter().map(|case| run_case(rules, check, case))).collect()
}

/// The rules as an office's overlay would leave them; `None` where the case speaks of none.
fn overlaid(rules: &RuleSet, check: &Check, case: &Case) -> Option<RuleSet> {
    let mut rules = (case.severity.is_some() || !case.limits.is_empty()).then(|| rules.clone())?;
    let own = rules.checks.iter_mut().find(|own| own.id == check.id)?;
    own.severity = case.severity.or(own.severity);
    for (name, limit) in own.kind.limits() {
        *limit = case.limits.get(name).copied().unwrap_or(*limit);
    }
    Some(rules)
}

fn run_case(rules: &RuleSet, check: &Check, case: &Case) -> CaseResult {
    let overlaid = overlaid(rules, check, case);
    let rules = overlaid.as_ref().unwrap_or(rules);
    let read = read_of(rules, case);
    let siblings: Option<Vec<Report>> =
        case.siblings.as_ref().map(|cases| cases.iter().map(|other| report_of(rules, other)).collect());
    let siblings: Option<Vec<&Report>> = siblings.as_ref().map(|reports| reports.iter().collect());
    let members: Option<Vec<Report>> =
        case.members.as_ref().map(|cases| cases.iter().map(|other| report_of(rules, other)).collect());
    let members = members.as_ref().map(|reports| Members {
        complete: case.members_complete,
        reports: reports
            .iter()
            .map(|report| Member {
                name: report.agency.clone(),
                kind: report.agency_kind.unwrap_or(AgencyKind::Department),
                report,
            })
            .collect(),
    });
    let previous = case.previous.as_deref().map(|previous| report_of(rules, previous));
    let context = Context {
        agency_kind: case.agency_kind.as_deref().and_then(AgencyKind::parse),
        level: case.level.as_deref().and_then(Level::parse),
        publication: case.publication.as_ref().and_then(CasePublication::publication),
        previous: previous.as_ref(),
        siblings: siblings.as_deref(),
        members: members.as_ref(),
        has_portal: case.publication.is_some(),
        ..Context::lone(case.now.as_deref().and_then(noon).unwrap_or_default())
    };
    // Where no report was seen there is none to judge.
    let unseen = case.publication.as_ref().is_some_and(|publication| !publication.seen);
    let outcomes = if unseen { run_publication(&context, rules) } else { run(&read, &context, rules) };
    let failure = match outcomes.into_iter().find(|outcome| outcome.rule == check.id) {
        Some(outcome) => differs(&case.expect, &outcome.verdict),
        None => Some("the rule was not run".to_owned()),
    };
    CaseResult { rule: check.id.clone(), case: case.name.get_ref().clone(), failure }
}

/// How a verdict differs from what was expected.
fn differs(expected: &Expected, verdict: &Verdict) -> Option<String> {
    let (word, findings): (Word, &[Violation]) = match verdict {
        Verdict::Findings(findings) => (Word::Finding, findings),
        Verdict::Inconclusive(_) => (Word::Inconclusive, &[]),
        Verdict::Clean => (Word::Clean, &[]),
        Verdict::NotApplicable => (Word::NotApplicable, &[]),
    };
    if word != expected.outcome {
        return Some(format!("expected {:?}, got {verdict:?}", expected.outcome));
    }
    let first = findings.first()?;
    if let Some(count) = expected.count.filter(|count| *count != findings.len()) {
        return Some(format!("expected {count} findings, got {}: {findings:?}", findings.len()));
    }
    let pairs = [
        ("place", &expected.place, Some(first.place.clone())),
        ("figure", &expected.figure, first.figures.first().cloned()),
        ("expected", &expected.expected, first.expected.clone()),
        ("actual", &expected.actual, first.actual.clone()),
        ("severity", &expected.severity, Some(first.severity.word().to_owned())),
    ];
    let differing = pairs.into_iter().find(|(_, wanted, got)| wanted.is_some() && *wanted != got);
    if let Some((what, wanted, got)) = differing {
        return Some(format!("{what}: expected {wanted:?}, got {got:?}"));
    }
    let says = expected.says.as_ref().filter(|words| !first.message.zh.contains(words.as_str()));
    says.map(|words| format!("the message does not say {words:?}: {:?}", first.message.zh))
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Noon in Beijing on that day.
fn noon(text: &str) -> Option<Time> {
    Some(chrono::Utc.from_utc_datetime(&date(text)?.and_hms_opt(4, 0, 0)?))
}

impl CasePublication {
    /// What it says of when the report was seen; `None` where its deadline is no day.
    pub fn publication(&self) -> Option<Publication> {
        Some(Publication {
            due: date(&self.due)?,
            due_from_roster: false,
            seen: self.seen,
            dated: self.dated.as_deref().and_then(date).map(|date| (date, DateSource::Page)),
            first_seen: self.first_seen.as_deref().and_then(noon),
            absent_before_due: self.absent_before_due,
            looked_after_due: self.looked_after_due,
            last_absence: self.last_absence.as_deref().and_then(noon),
            absence_evidence: None,
            after: afterwards_of(self),
        })
    }
}

fn afterwards_of(it: &CasePublication) -> Afterwards {
    let since = it.first_seen.as_deref().and_then(noon).unwrap_or_default();
    let difference = |it: &crate::rules::CaseDifference| Difference {
        before: "before".to_owned(),
        after: "after".to_owned(),
        url: None,
        since,
        confirmed: it.confirmed.then_some(since),
        text: it.text,
        figures: it.figures.clone(),
    };
    Afterwards {
        gone: it.gone.as_ref().map(|gone| Gone {
            listed: gone.listed,
            since,
            confirmed: gone.confirmed,
            result: gone.result.clone(),
        }),
        edit: it.edit.as_ref().map(difference),
        copy: it.copy.as_ref().map(difference),
        column: it.column.clone(),
    }
}

pub(super) fn read_of(rules: &RuleSet, case: &Case) -> ReadReport {
    let outcome = match case.outcome.as_deref() {
        Some("not_a_report") => ReadOutcome::NotAReport,
        Some("unreadable") => ReadOutcome::Unreadable,
        _ => ReadOutcome::Read,
    };
    let report = (outcome == ReadOutcome::Read).then(|| report_of(rules, case));
    ReadReport {
        outcome,
        media: "text/html".to_owned(),
        report,
        image_only: case.image_only,
        problems: case.problems.iter().map(|code| Problem::new(code, code.as_str())).collect(),
        private: case
            .private
            .iter()
            .map(|it| Private { kind: it.kind, masked: it.masked.clone(), quote: it.masked.clone(), at: Place::default() })
            .collect(),
        attachments: case.attachments.clone(),
    }
}

fn report_of(rules: &RuleSet, case: &Case) -> Report {
    let standard = rules.standard(&case.standard);
    let year = case.year.or(standard.and_then(|standard| standard.from)).filter(|year| *year != 0);
    // Without a form of its own a report still has the headings of the newest.
    let form = standard.or(rules.standards.last());
    let tables = form.map(|form| tables_of(form, case, standard.is_some())).unwrap_or_default();
    Report {
        standard: case.standard.clone(),
        title: case.title.clone().unwrap_or_default(),
        agency: case.agency.clone().unwrap_or_default(),
        agency_kind: case.agency.as_deref().and_then(kind_of_name),
        year,
        signed: case.signed.as_deref().and_then(date),
        published: case.published.as_deref().and_then(date),
        published_source: case.published.as_deref().and_then(date).map(|_| DateSource::Page),
        document_number: None,
        preamble: case.preamble.clone(),
        sections: form.map(|form| sections_of(form, case, standard.is_some())).unwrap_or_default(),
        parts: Vec::new(),
        figures: figures_of(rules, case, &tables),
        tables,
        claims: claims_of(case),
        breakdowns: breakdowns_of(case),
        percentages: percentages_of(case),
        restated: restated_of(case),
        attachment_only: case.attachment_only,
        recognised: false,
    }
}

fn sections_of(form: &Standard, case: &Case, with_tables: bool) -> Vec<Section> {
    let section = |(at, form_section): (usize, &crate::rules::SectionForm)| {
        let said = case.sections.iter().find(|said| said.id == form_section.id);
        let found = said.is_none_or(|said| said.found) && case.standard != "pre2019";
        let at = u32::try_from(at).unwrap_or_default();
        Section {
            id: form_section.id.clone(),
            found,
            heading: found.then(|| form_section.heading.clone()),
            number: said.and_then(|said| said.number).or(Some(form_section.number)).filter(|_| found),
            position: said.and_then(|said| said.position).or(Some(at)).filter(|_| found),
            paragraphs: said
                .and_then(|said| said.text.as_deref())
                .unwrap_or("有关工作情况。")
                .split('\n')
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect(),
            has_table: with_tables && form.tables.iter().any(|table| table.section == form_section.id),
            has_picture: false,
        }
    };
    form.sections.iter().enumerate().map(section).collect()
}

fn tables_of(form: &Standard, case: &Case, found: bool) -> Vec<TableRead> {
    let table = |table: &crate::rules::TableForm| {
        let said = case.tables.iter().find(|said| said.id == table.id);
        let labels = |labels: &[String]| labels.iter().map(|label| (label.clone(), Place::default())).collect();
        TableRead {
            id: table.id.clone(),
            found: found && said.is_none_or(|said| said.found),
            form: found.then(|| said.and_then(|said| said.form.clone()).unwrap_or_else(|| form.id.clone())),
            complete: said.is_none_or(|said| said.complete),
            missing_rows: said.map(|said| said.missing_rows.clone()).unwrap_or_default(),
            missing_columns: said.map(|said| said.missing_columns.clone()).unwrap_or_default(),
            unknown_rows: said.map(|said| labels(&said.unknown_rows)).unwrap_or_default(),
            unknown_columns: said.map(|said| labels(&said.unknown_columns)).unwrap_or_default(),
            labels: Vec::new(),
            at: None,
        }
    };
    form.tables.iter().map(table).collect()
}

fn figures_of(rules: &RuleSet, case: &Case, tables: &[TableRead]) -> Vec<Figure> {
    let said: HashMap<String, String> = case.readings(&rules.standards).into_iter().collect();
    let rest = case.rest.as_deref().unwrap_or("0");
    let found = tables.iter().filter(|table| table.found);
    let forms = found.filter_map(|table| rules.standard(table.form.as_deref()?)?.table(&table.id));
    let ids = forms.flat_map(|form| form.ids().iter().cloned());
    ids.map(|id| {
        let word = said.get(&id).map_or(rest, String::as_str);
        let (word, unit) =
            match word.strip_suffix("万元").map(|word| (word, "万元")).or(word.strip_suffix('元').map(|word| (word, "元")))
            {
                Some((word, unit)) => (word, Some(unit.to_owned())),
                None => (word, None),
            };
        let reading = reading(word);
        let raw = if reading == Reading::Blank { String::new() } else { word.to_owned() };
        let at = Place { table: Some(1), row: Some(1), column: Some(1), quote: Some(raw.clone()), ..Place::default() };
        Figure { id, reading, raw, unit, at: Some(at) }
    })
    .collect()
}

/// A word of a case as the reading of a cell.
fn reading(word: &str) -> Reading {
    match word {
        "_" | "" => Reading::Blank,
        "/" | "-" | "—" => Reading::Dash,
        "无" | "不适用" => Reading::NotApplicable,
        "?" => Reading::Illegible,
        "x" => Reading::Absent,
        _ => word.parse().map_or(Reading::Text, Reading::Number),
    }
}

fn claims_of(case: &Case) -> Vec<Claim> {
    let claim = |(at, it): (usize, &crate::rules::CaseClaim)| Claim {
        subject: it.subject.clone(),
        value: it.change.as_deref().map_or_else(
            || it.value.as_ref().map(Amount::value).unwrap_or_default(),
            |change| change.trim_start_matches(['+', '-']).trim_end_matches('%').parse().unwrap_or_default(),
        ),
        precision: if it.approximate { Precision::Approximate } else { Precision::Exact },
        unit: Some("件".to_owned()),
        section: "overview".to_owned(),
        ordinal: u32::try_from(at).unwrap_or_default() + 1,
        sentence: if it.sentence.is_empty() { format!("第{at}句") } else { it.sentence.clone() },
        year: it.year,
        paragraph: 0,
        scope: if it.unclear { Scope::Unclear } else { Scope::Agency },
        change: it.change.as_deref().map(|change| Change {
            direction: if change.starts_with('-') { Direction::Less } else { Direction::More },
            percent: change.ends_with('%'),
            against: None,
            now: it.now.map(Decimal::from),
        }),
        of_all: it.of_all,
    };
    case.claims.iter().enumerate().map(claim).collect()
}

fn breakdowns_of(case: &Case) -> Vec<Breakdown> {
    let breakdown = |(at, it): (usize, &crate::rules::CaseBreakdown)| Breakdown {
        section: "overview".to_owned(),
        ordinal: u32::try_from(at).unwrap_or_default() + 1,
        sentence: it.sentence.clone(),
        whole: Decimal::from(it.whole),
        parts: it.parts.iter().map(|part| (String::new(), Decimal::from(*part))).collect(),
        unit: Some("条".to_owned()),
        closed: it.closed,
        loose: it.loose,
    };
    case.breakdowns.iter().enumerate().map(breakdown).collect()
}

fn restated_of(case: &Case) -> Vec<Restated> {
    let restated = |(at, it): (usize, &crate::rules::CaseRestated)| Restated {
        section: "overview".to_owned(),
        ordinal: u32::try_from(at).unwrap_or_default() + 1,
        words: it.words.clone(),
        unit: None,
        first: Decimal::from(it.first),
        second: Decimal::from(it.second),
        sentences: [it.sentence.clone(), it.sentence.clone()],
    };
    case.restated.iter().enumerate().map(restated).collect()
}

fn percentages_of(case: &Case) -> Vec<Percentage> {
    let percentage = |(at, it): (usize, &crate::rules::CasePercentage)| {
        let shares: Vec<Decimal> = it.shares.iter().map(Amount::value).collect();
        let kind = match it.growth {
            true => PercentageKind::Growth,
            false if !shares.is_empty() => PercentageKind::Sum { shares: shares.clone() },
            false => PercentageKind::Share,
        };
        let sum = (shares.iter().sum(), Decimal::ONE_HUNDRED);
        let of = |(part, whole): &(i64, i64)| (Decimal::from(*part), Decimal::from(*whole));
        Percentage {
            section: "overview".to_owned(),
            ordinal: u32::try_from(at).unwrap_or_default() + 1,
            sentence: it.sentence.clone(),
            stated: it.stated.as_ref().map_or(Decimal::ONE_HUNDRED, Amount::value),
            ratios: if shares.is_empty() { it.ratios.iter().map(of).collect() } else { vec![sum] },
            kind,
        }
    };
    case.percentages.iter().enumerate().map(percentage).collect()
}
