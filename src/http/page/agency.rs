//! One agency: how it stands for each year, its reports, and what was found in them.

use super::super::App;
use super::super::error::ApiError;
use super::parts::{Badge, Head, web};
use super::rows::FindingRow;
use super::{rendered, words as w};
use crate::model::{Finding, ReportEntry};
use crate::obligations::Standing;
use crate::words;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

#[derive(Template)]
#[template(path = "page/agency.html")]
struct AgencyPage {
    head: Head,
    name: String,
    id: String,
    kind: String,
    portal: String,
    column: Option<String>,
    in_roster: bool,
    years: Vec<YearRow>,
    findings: Vec<FindingRow>,
}

struct YearRow {
    year: i32,
    state: Option<Badge>,
    due: String,
    published: String,
    first_seen: String,
    title: String,
    href: Option<String>,
    standard: String,
    findings: usize,
}

pub(in super::super) async fn agency(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let head = Head::of(&app, &uri, "");
    let pipeline = app.office.pipeline();
    let listed = pipeline.roster.by_id(&id);
    let own = id.clone();
    let (reports, mut findings) = pipeline.store(move |store| Ok((store.reports_of(&own)?, store.findings()?))).await?;
    findings.retain(|finding| finding.agency == id);
    let name = listed.map(|agency| agency.name.clone()).or_else(|| reports.last().map(|report| report.agency_name.clone()));
    let name = name.ok_or(ApiError::NotFound("agency"))?;
    let standings = pipeline.standings().await?;
    let own: Vec<&Standing> = standings.iter().filter(|standing| standing.agency == id).collect();
    findings.sort_by(|a, b| (b.year, b.violation.severity, &a.rule).cmp(&(a.year, a.violation.severity, &b.rule)));
    let portal = |id: &str| pipeline.portal(id).map_or_else(|| id.to_owned(), |portal| portal.name.clone());
    let page = AgencyPage {
        name,
        kind: listed.map(|agency| words::agency_kind(agency.kind.word(), head.lang).to_owned()).unwrap_or_default(),
        portal: listed.and_then(|agency| agency.portal.as_deref()).map(portal).unwrap_or_default(),
        column: listed.and_then(|agency| agency.column.as_deref()).and_then(web),
        in_roster: listed.is_some(),
        years: years(&own, &reports, &findings, &head),
        findings: findings.iter().map(|finding| FindingRow::of(finding, &head)).collect(),
        id,
        head,
    };
    rendered(&headers, &page)
}

/// Each year that is owed or of which something was seen, the newest first.
fn years(standings: &[&Standing], reports: &[ReportEntry], findings: &[Finding], head: &Head) -> Vec<YearRow> {
    let mut years: Vec<i32> =
        standings.iter().map(|standing| standing.year).chain(reports.iter().map(|report| report.year)).collect();
    years.sort_unstable_by_key(|year| std::cmp::Reverse(*year));
    years.dedup();
    let row = |year: i32| {
        let standing = standings.iter().find(|standing| standing.year == year);
        let report = reports.iter().find(|report| report.year == year);
        let dated = standing.and_then(|standing| standing.publication.dated).map(|(date, _)| date);
        YearRow {
            year,
            state: standing.map(|standing| Badge::agency(standing.state, head.lang)),
            due: standing.map(|standing| standing.due.to_string()).unwrap_or_default(),
            published: dated.or(report.and_then(|report| report.published)).map(|date| date.to_string()).unwrap_or_default(),
            first_seen: report.map(|report| head.time(report.first_seen)).unwrap_or_default(),
            title: report.map(|report| report.title.clone()).unwrap_or_default(),
            href: report.and_then(|report| web(&report.url)),
            standard: report.map(|report| words::standard(&report.standard, head.lang).to_owned()).unwrap_or_default(),
            findings: findings.iter().filter(|finding| finding.year == year && finding.state.stands()).count(),
        }
    };
    years.into_iter().map(row).collect()
}
