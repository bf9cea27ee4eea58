//! Telling people: composing digests, and delivering what the outbox holds.
//!
//! A digest is written down before it is sent, its receipt after. What is composed and has no receipt
//! is sent again, under the same id; so every digest arrives at least once.

use super::{Pipeline, Settings};
use crate::config::Scope;
use crate::digest::{DigestInput, compose};
use crate::model::{
    Agency, Attention, ChangeKind, Coverage, Date, Digest, Event, NewReport, Problem, ReadOutcome, Receipt, ReportEntry, Time,
};
use crate::notify::{self, Channel, Issue, Letter, Post, StandingRow, Workbook};
use crate::obligations::{self, AgencyState, Standing};
use crate::store::{Store, StoreError};
use crate::words::Lang;
use std::time::Duration;

/// One `[[receiver]]`: who is told, about whom, through what.
#[derive(Debug, Clone)]
pub struct Receiver {
    pub id: String,
    pub scope: Scope,
    /// After this long without a digest a sign of life is sent.
    pub sign_of_life: Duration,
    pub lang: Lang,
    pub channels: Vec<Channel>,
}

impl Receiver {
    fn covers(&self, agency: Option<&Agency>, portal: &str) -> bool {
        let (id, own) = agency.map_or(("", None), |agency| (agency.id.as_str(), agency.portal.as_deref()));
        self.scope.holds(id, own.or(Some(portal)))
    }

    /// The names under which deliveries to the channels are written down: `0:email`.
    fn channel_ids(&self) -> Vec<String> {
        self.channels.iter().enumerate().map(|(at, channel)| format!("{at}:{}", channel.name())).collect()
    }
}

impl Pipeline {
    /// Composes the digest of a receiver, if there is a reason to tell it something now.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn compose_digest(&self, receiver: &Receiver, demanded: bool) -> Result<Option<Digest>, StoreError> {
        if !demanded && !self.all_visited().await? {
            return Ok(None);
        }
        self.digest_since(receiver, demanded, None).await
    }

    /// Composes the digest of a receiver with what happened from a time on, instead of since its last digest.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn digest_since(
        &self,
        receiver: &Receiver,
        demanded: bool,
        from: Option<Time>,
    ) -> Result<Option<Digest>, StoreError> {
        let id = receiver.id.clone();
        let (last, (position, root)) = self.store(move |store| Ok((store.last_digest(&id)?, store.head()?))).await?;
        let since = last.as_ref().filter(|_| from.is_none()).map_or(0, |digest| digest.journal);
        let in_time = |at: Time| from.is_none_or(|from| at >= from);
        let (changes, new) =
            self.store(move |store| Ok((store.changes_since(since)?, store.reports_first_seen_since(since)?))).await?;
        let findings = self.store(Store::findings).await?;
        let standings = self.standings().await?;
        let newest = obligations::newest_year_due(self.now(), self.settings.timezone);
        let in_scope = |agency: &str, portal: &str| receiver.covers(self.roster.by_id(agency), portal);
        let here: Vec<&Standing> = standings
            .iter()
            .filter(|standing| {
                standing.year == newest && in_scope(&standing.agency, standing.portal.as_deref().unwrap_or_default())
            })
            .collect();
        let standing: Vec<_> =
            findings.into_iter().filter(|finding| finding.state.stands() && in_scope(&finding.agency, "")).collect();
        // What was published in earlier years is no news to a receiver that is told for the first time.
        let is_news = |report: &ReportEntry| {
            (last.is_some() || from.is_some() || report.year >= newest)
                && in_time(report.first_seen)
                && in_scope(&report.agency, &report.portal)
        };
        let names =
            |state: AgencyState| here.iter().filter(|s| s.state == state).map(|s| s.agency_name.clone()).collect::<Vec<_>>();
        Ok(compose(DigestInput {
            receiver: &receiver.id,
            title: &self.settings.title,
            now: self.now(),
            timezone: self.settings.timezone,
            coverage: coverage(&here, newest),
            next_due: next_due(&here, self.today()),
            missing: names(AgencyState::Missing),
            late: names(AgencyState::Late),
            new_reports: new.into_iter().filter(is_news).map(new_report).collect(),
            changes: changes
                .into_iter()
                .map(|(_, change)| change)
                // What a rule found that does not apply any longer was not mended by anybody.
                .filter(|change| change.kind != ChangeKind::Resolved || self.applies(&change.finding.rule))
                .filter(|change| in_time(change.finding.changed) && in_scope(&change.finding.agency, ""))
                .collect(),
            findings: &standing,
            attention: self.attention(receiver).await?,
            journal: position,
            journal_root: root,
            last: last.as_ref(),
            alive_after: receiver.sign_of_life,
            demanded,
        }))
    }

    /// Whether every portal was visited once: before that a digest would tell of what nobody looked at.
    async fn all_visited(&self) -> Result<bool, StoreError> {
        let portals: Vec<String> = self.settings.portals.iter().map(|portal| portal.id.clone()).collect();
        self.store(move |store| {
            for portal in portals {
                if !store.runs_of(&portal, 8)?.iter().any(|run| run.state.ended()) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }

    /// Composes for every receiver, writes the digests down, and delivers what is in the outbox.
    ///
    /// # Errors
    /// Where the store cannot be read or written; a channel that fails is logged and tried again later.
    pub async fn tell(&self, receivers: &[Receiver], demanded: bool) -> Result<Vec<Digest>, StoreError> {
        let mut told = Vec::new();
        for receiver in receivers {
            if let Some(digest) = self.compose_digest(receiver, demanded).await? {
                self.put_in_outbox(receiver, &digest).await?;
                told.push(digest);
            }
        }
        self.deliver_outbox().await?;
        Ok(told)
    }

    /// Writes a digest down for every channel of its receiver: from then on it is in the outbox.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub async fn put_in_outbox(&self, receiver: &Receiver, digest: &Digest) -> Result<(), StoreError> {
        self.record(Event::Composed { digest: digest.clone(), channels: receiver.channel_ids() }).await
    }

    /// Sends what was composed and has no receipt.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    pub async fn deliver_outbox(&self) -> Result<(), StoreError> {
        for (digest, channels) in self.store(Store::outbox).await? {
            let Some(receiver) = self.settings.receiver(&digest.receiver) else {
                tracing::warn!(digest.id = %digest.id, "its receiver is no longer configured; it stays in the outbox");
                continue;
            };
            let letter = self.letter(digest, receiver).await?;
            let Some(letter) = letter else { continue };
            for (id, channel) in
                receiver.channel_ids().into_iter().zip(&receiver.channels).filter(|(id, _)| channels.contains(id))
            {
                self.deliver(&letter, id, channel).await?;
            }
        }
        Ok(())
    }

    async fn deliver(&self, letter: &Letter, id: String, channel: &Channel) -> Result<(), StoreError> {
        let sent = notify::deliver(channel, letter, self as &dyn Post).await;
        let outcome = match &sent {
            Ok(()) => "delivered",
            Err(error) if error.is_transient() => "retry",
            Err(_) => "failed",
        };
        self.metrics.digests.with_label_values(&[channel.name(), outcome]).inc();
        match sent {
            Ok(()) => {
                let receipt = Receipt {
                    digest: letter.digest.id.clone(),
                    receiver: letter.digest.receiver.clone(),
                    channel: id,
                    at: self.now(),
                };
                self.record(Event::Delivered { receipt }).await
            }
            Err(error) => {
                tracing::error!(digest.id = %letter.digest.id, channel = channel.name(), "the digest was not delivered: {error}");
                Ok(())
            }
        }
    }

    async fn letter(&self, digest: Digest, receiver: &Receiver) -> Result<Option<Letter>, StoreError> {
        let workbook = self.workbook(receiver).await?;
        let lang = receiver.lang;
        match super::blocking(move || Letter::of(digest, &workbook, lang)).await {
            Ok(letter) => Ok(Some(letter)),
            Err(error) => {
                tracing::error!("the digest could not be rendered: {error}");
                Ok(None)
            }
        }
    }

    /// The tables that go with a digest: how agencies stand, and every finding that stands.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn workbook(&self, receiver: &Receiver) -> Result<Workbook, StoreError> {
        let reports = self.store(Store::reports).await?;
        let findings = self.store(Store::findings).await?;
        let standings = self.standings().await?;
        let in_scope = |agency: &str| receiver.covers(self.roster.by_id(agency), "");
        let report = |id: Option<&String>| id.and_then(|id| reports.iter().find(|report| report.id == *id));
        let rows = standings.iter().filter(|standing| standing.owed && in_scope(&standing.agency)).map(|standing| {
            let seen = report(standing.report.as_ref());
            StandingRow {
                agency: standing.agency.clone(),
                name: standing.agency_name.clone(),
                kind: Some(standing.kind),
                year: standing.year,
                state: standing.state.word().to_owned(),
                due: Some(standing.due),
                published: standing.publication.dated.map(|(date, _)| date),
                first_seen: standing.publication.first_seen,
                url: seen.map(|report| report.url.clone()),
            }
        });
        let issues = findings.into_iter().filter(|finding| finding.state.stands() && in_scope(&finding.agency)).map(|finding| {
            let seen = report(finding.report.as_ref());
            let agency = self.roster.by_id(&finding.agency);
            Issue::of(finding, seen, agency, &self.settings.title)
        });
        Ok(Workbook { standings: rows.collect(), issues: issues.collect() })
    }

    /// What needs a person: portals that could not be looked at, reports that could not be read.
    async fn attention(&self, receiver: &Receiver) -> Result<Vec<Attention>, StoreError> {
        let mut attention = Vec::new();
        for portal in self.settings.portals.iter().filter(|portal| receiver.covers(None, &portal.id)) {
            let id = portal.id.clone();
            let Some(run) = self.store(move |store| store.last_run_of(&id)).await? else { continue };
            let name = if portal.name.is_empty() { portal.id.clone() } else { portal.name.clone() };
            attention.extend(run.problems.into_iter().map(|problem| Attention { subject: name.clone(), problem }));
        }
        let newest = obligations::newest_year_due(self.now(), self.settings.timezone);
        let unread = |report: &ReportEntry| report.outcome != ReadOutcome::Read && report.year >= newest;
        for report in self.store(Store::reports).await?.into_iter().filter(unread) {
            let problem = report.problems.into_iter().next();
            let problem = problem.unwrap_or_else(|| Problem::new("not-a-report", "列表里的年报打开后不是年报，请人工查看"));
            attention.push(Attention { subject: report.agency_name, problem });
        }
        Ok(attention)
    }
}

impl Settings {
    /// The receiver with this id.
    pub fn receiver(&self, id: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.id == id)
    }
}

fn coverage(standings: &[&Standing], year: i32) -> Coverage {
    let count = |state: AgencyState| standings.iter().filter(|standing| standing.state == state).count() as u64;
    let states = AgencyState::ALL.into_iter().map(|state| (state.word().to_owned(), count(state))).collect();
    Coverage { year, agencies: standings.len() as u64, states }
}

/// The next due date that has not passed, and how many still have to publish by it.
fn next_due(standings: &[&Standing], today: Date) -> Option<(Date, u64)> {
    let open = || standings.iter().filter(|standing| !standing.publication.seen && standing.due >= today);
    let next = open().map(|standing| standing.due).min()?;
    Some((next, open().filter(|standing| standing.due == next).count() as u64))
}

fn new_report(report: ReportEntry) -> NewReport {
    NewReport {
        agency_name: report.agency_name,
        year: report.year,
        title: report.title,
        url: report.url,
        published: report.published,
        first_seen: report.first_seen,
        standard: report.standard,
    }
}

/// Posts to webhooks go through the fetch room, the only one that knows HTTP.
impl Post for Pipeline {
    fn post<'a>(&'a self, posting: notify::Posting<'a>) -> futures_util::future::BoxFuture<'a, Result<notify::Answer, String>> {
        Box::pin(async move {
            let url = url::Url::parse(posting.url.expose()).map_err(|_| "the address of the channel is no address".to_owned())?;
            let body = serde_json::from_str(&posting.body).map_err(|error| error.to_string())?;
            let headers = [("Idempotency-Key".to_owned(), posting.id.to_owned())];
            let posted = self.fetcher.post_json(&url, &body, &headers).await.map_err(|error| error.to_string())?;
            Ok(notify::Answer { status: posted.status, body: String::from_utf8_lossy(&posted.body).into_owned() })
        })
    }
}
