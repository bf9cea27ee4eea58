//! `nianjian export evidence`: all that proves one finding, in one file that any browser opens and any archive takes.
//!
//! The page holds the finding, its quotations and places, every time and address at which the kept page was seen,
//! what people did about it, and the kept bytes themselves, which can be saved from it and hashed again. It loads
//! nothing and runs nothing; the stranger's page is only carried, never shown.

use super::rows::{Misused, Office};
use super::{ConfigArguments, Ended, Output, Shell};
use crate::model::{Finding, Message, ReportEntry, Sighting};
use crate::notify::render::view::place;
use crate::store::{StepTaken, Store, StoreError};
use crate::words::{self, Lang, Word};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono_tz::Tz;
use std::path::PathBuf;

/// Which finding to prove.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// 问题编号 / id of the finding
    id: String,
    /// 写入文件 / file to write, else standard output
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArguments,
}

/// What the store knows of a finding.
struct Pack {
    finding: Finding,
    steps: Vec<StepTaken>,
    report: Option<ReportEntry>,
    sightings: Vec<Sighting>,
    body: Option<Vec<u8>>,
    /// Position and root of the journal it was taken at.
    head: (u64, String),
}

impl Pack {
    fn of(store: &Store, id: &str) -> Result<Option<Pack>, StoreError> {
        let Some(finding) = store.finding(id)? else { return Ok(None) };
        let report = finding.report.as_deref().map(|report| store.report(report)).transpose()?.flatten();
        let (sightings, body) = match &finding.snapshot {
            Some(sha256) => (store.sightings(sha256)?, store.body(sha256)?),
            None => (Vec::new(), None),
        };
        Ok(Some(Pack { steps: store.steps(id)?, report, sightings, body, head: store.head()?, finding }))
    }
}

/// Writes the file.
pub(super) fn run(arguments: &Arguments, shell: &Shell) -> anyhow::Result<Ended> {
    let config = shell.config(&arguments.config)?;
    let zone = config.service.timezone;
    let office = Office::open(config, shell)?;
    let (pipeline, _) = office.pipeline()?;
    let Some(pack) = Pack::of(&pipeline.store, &arguments.id)? else {
        let (zh, en) = (format!("没有编号为 {} 的问题", arguments.id), format!("there is no finding {}", arguments.id));
        return Err(Misused(Message { zh, en }).into());
    };
    let page = Page { lang: shell.lang, zone }.of(&pack);
    match &arguments.out {
        Some(path) => std::fs::write(path, page).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?,
        None => Output::write(page.as_bytes())?,
    }
    Ok(Ended::Done)
}

struct Page {
    lang: Lang,
    zone: Tz,
}

const STYLE: &str = "body{font:16px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}\
    table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}\
    th{width:9em;background:#f3f6fa}td{overflow-wrap:anywhere}blockquote{border-left:4px solid #c33;margin:1em 0;padding:.2em 1em}";

impl Page {
    fn of(&self, pack: &Pack) -> String {
        let finding = &pack.finding;
        let title = format!("{} {}", finding.agency_name, finding.year);
        let quotes: String = finding
            .violation
            .evidence
            .iter()
            .map(|evidence| format!("<blockquote>{}</blockquote>\n", escaped(&evidence.quote)))
            .collect();
        let parts = [
            format!("<h1>{}</h1>\n<p>{}</p>\n", escaped(&title), escaped(finding.violation.message.text(self.english()))),
            quotes,
            self.table(&self.about(pack)),
            self.heading(words::COL_SNAPSHOT),
            self.table(&self.seen(pack)),
            self.saved(pack),
            self.heading(words::EVIDENCE_STEPS),
            self.table(&self.taken(&pack.steps)),
        ];
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>{STYLE}</style>\n{}</html>\n",
            self.lang.tag(),
            escaped(&title),
            parts.concat()
        )
    }

    fn english(&self) -> bool {
        self.lang.is_english()
    }

    fn time(&self, at: crate::model::Time) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    fn heading(&self, word: Word) -> String {
        format!("<h2>{}</h2>\n", word.text(self.lang))
    }

    /// Rows of a name and a value; those without a value are left out.
    fn table(&self, rows: &[(String, String)]) -> String {
        let row = |(name, value): &(String, String)| format!("<tr><th>{}<td>{}\n", escaped(name), escaped(value));
        let rows: String = rows.iter().filter(|(_, value)| !value.is_empty()).map(row).collect();
        if rows.is_empty() { "<p>—</p>\n".to_owned() } else { format!("<table>\n{rows}</table>\n") }
    }

    fn about(&self, pack: &Pack) -> Vec<(String, String)> {
        let (finding, english) = (&pack.finding, self.english());
        let violation = &finding.violation;
        let (entry, root) = &pack.head;
        let report = pack.report.as_ref();
        let rows = [
            (words::COL_FINDING_ID, finding.fingerprint.clone()),
            (words::COL_RULE, finding.rule.clone()),
            (words::COL_SEVERITY, words::severity(violation.severity.word(), self.lang).to_owned()),
            (words::COL_STATE, words::finding_state(finding.state.word(), self.lang).to_owned()),
            (words::COL_TITLE, report.map(|report| report.title.clone()).unwrap_or_default()),
            (words::COL_LINK, report.map(|report| report.url.clone()).unwrap_or_default()),
            (words::COL_PLACE, place(violation, self.lang)),
            (words::COL_FIGURE, violation.figures.join("; ")),
            (words::COL_EXPECTED, violation.expected.clone().unwrap_or_default()),
            (words::COL_ACTUAL, violation.actual.clone().unwrap_or_default()),
            (words::COL_BASIS, finding.basis.text(english).to_owned()),
            (words::COL_ADVICE, finding.advice.text(english).to_owned()),
            (words::COL_OPENED, self.time(finding.opened)),
            (words::COL_CHANGED, self.time(finding.changed)),
            (words::COL_JOURNAL, format!("{entry} · {root}")),
        ];
        rows.into_iter().map(|(name, value)| (name.text(self.lang).to_owned(), value)).collect()
    }

    /// The hash of the kept bytes, then each time they were seen.
    fn seen(&self, pack: &Pack) -> Vec<(String, String)> {
        let hash = ("SHA-256".to_owned(), pack.finding.snapshot.clone().unwrap_or_default());
        let seen = |sighting: &Sighting| {
            let url = sighting.final_url.as_ref().unwrap_or(&sighting.url);
            let rendered = sighting.rendered_from.as_ref().map(|from| format!(" ({} {from})", words::RENDERED.text(self.lang)));
            (self.time(sighting.at), format!("HTTP {} {url}{}", sighting.status, rendered.unwrap_or_default()))
        };
        [hash].into_iter().chain(pack.sightings.iter().map(seen)).collect()
    }

    /// The kept bytes, to be saved from the page.
    fn saved(&self, pack: &Pack) -> String {
        let (Some(body), Some(sha256)) = (&pack.body, &pack.finding.snapshot) else { return String::new() };
        format!(
            "<p><a download=\"{}\" href=\"data:application/octet-stream;base64,{}\">{} ({})</a></p>\n",
            escaped(sha256),
            STANDARD.encode(body),
            words::EVIDENCE_SAVE.text(self.lang),
            body.len()
        )
    }

    fn taken(&self, steps: &[StepTaken]) -> Vec<(String, String)> {
        let row = |step: &StepTaken| {
            let due = step.due.map(|due| format!(" ({due})")).unwrap_or_default();
            (self.time(step.at), format!("{} {}{due}：{}", step.by, words::step(&step.step, self.lang), step.note))
        };
        steps.iter().map(row).collect()
    }
}

/// Text as HTML has it, in content and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_texts_are_carried_whole() {
        assert_eq!(escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
