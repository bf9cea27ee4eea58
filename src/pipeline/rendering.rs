//! Pages that only their scripts can show, where the portal's configuration wants a browser to show them.
//!
//! The browser (`convert`) fetches nothing: whatever a page asks for is fetched here like everything else, in the
//! portal's queue, by its robots.txt, and kept. What the browser made of a page is kept too, marked as made from the
//! page's own bytes, and judged like a page. A gate never comes here, since it is no page; one that scripts bring up is
//! told and ends the visit.

use super::fetching::Got;
use super::{Pipeline, Visit};
use crate::convert::{Part, Rendered, Rendering};
use crate::crawl::{Post, Request};
use crate::fetch::{Want, what_is_shown};
use crate::model::{AgencyKind, BlockedKind, FetchResult, Media, Problem, ReadOutcome, ReadReport, Sha256Hex, Sighting};
use crate::store::{Store, StoreError};
use std::sync::Arc;

/// What a browser writes is UTF-8, whatever the page was in.
const MEDIA: &str = "text/html; charset=utf-8";
/// The mark that says so to everybody who opens the kept bytes.
const UTF_8: &str = "\u{feff}";

/// A page as a browser shows it.
pub(super) struct Shown {
    pub(super) got: Got,
    /// The data that its scripts asked for.
    pub(super) data: String,
    /// Whether a script of it was not fetched.
    lacks: bool,
}

/// Whether a page may show a report once its scripts ran: it shows none before.
pub(super) fn may_be_scripted(read: &ReadReport) -> bool {
    read.outcome != ReadOutcome::Read && read.media == Media::Html.mime()
}

/// Whether a page shows nothing at all.
fn is_bare(read: &ReadReport) -> bool {
    read.problems.iter().any(|problem| problem.code == "needs-browser")
}

impl Pipeline {
    /// Has a kept page shown by the browser, and keeps what it shows; or why that did not succeed, which is our problem.
    pub(super) async fn render(&self, visit: &mut Visit, page: &Got) -> Result<Result<Shown, Problem>, StoreError> {
        let body = self.kept_body(page.sha256.as_ref()).await?.unwrap_or_default();
        let mut rendering = match self.judge.browser().open(&page.url, &body, page.media.as_deref()).await {
            Ok(rendering) => rendering,
            Err(problem) => return Ok(Err(problem)),
        };
        loop {
            let brought = match rendering.wanted().await {
                Ok(Some(part)) => self.bring(visit, page, &mut rendering, &part).await?,
                Ok(None) => break,
                Err(problem) => Err(problem),
            };
            if let Err(problem) = brought {
                return Ok(Err(problem));
            }
        }
        match rendering.page().await {
            Ok(rendered) => self.keep_rendered(visit, page, rendered).await,
            Err(problem) => Ok(Err(problem)),
        }
    }

    /// Fetches a part of a page for the browser, where the portal covers it.
    async fn bring(
        &self,
        visit: &mut Visit,
        page: &Got,
        rendering: &mut Rendering,
        part: &Part,
    ) -> Result<Result<(), Problem>, StoreError> {
        if visit.blocked.is_some() || !visit.portal.covers(&part.url) {
            return Ok(rendering.refuse(part).await);
        }
        let post = part.post.clone().map(|(media, body)| Post { media, body });
        let request = Request { url: part.url.clone(), post, referer: Some(page.url.clone()) };
        let got = self.get_by(visit, &request, Want::Page).await?;
        // A part may be forbidden without the site being so.
        if let FetchResult::Blocked(kind) = got.result
            && !matches!(kind, BlockedKind::Forbidden | BlockedKind::Robots)
        {
            visit.blocked = Some(kind);
        }
        Ok(match got.body {
            Some(body) => rendering.bring(part, &body, got.media.as_deref()).await,
            None => rendering.refuse(part).await,
        })
    }

    async fn keep_rendered(
        &self,
        visit: &mut Visit,
        page: &Got,
        rendered: Rendered,
    ) -> Result<Result<Shown, Problem>, StoreError> {
        let body = (UTF_8.to_owned() + &rendered.html).into_bytes();
        let result = what_is_shown(&page.url, &body);
        if let FetchResult::Blocked(kind) = result {
            visit.blocked = Some(kind);
        }
        if result != FetchResult::Ok {
            let message = format!("页面由脚本生成，显示出来的不是内容（{}）；请人工查看", result.word());
            return Ok(Err(Problem::new("browser-failed", message)));
        }
        let sighting = Sighting {
            url: page.url.to_string(),
            final_url: None,
            at: self.now(),
            status: 200,
            media: Some(MEDIA.to_owned()),
            etag: None,
            last_modified: None,
            rendered_from: page.sha256.clone(),
        };
        let keep = move |store: &Store| store.keep(&body, sighting).map(|kept| (kept, body));
        let (kept, body) = self.store(keep).await?;
        visit.run.tally.kept += u64::from(kept.new);
        let (sha256, media) = (Some(kept.sha256), Some(MEDIA.to_owned()));
        let got = Got { body: Some(body), sha256, media, ..page.again() };
        Ok(Ok(Shown { got, data: rendered.data, lacks: rendered.lacks.is_some() }))
    }

    /// Reads a report that its page's scripts write; `None` where it could not be shown whole, which is our problem.
    pub(super) async fn read_rendered(
        &self,
        visit: &mut Visit,
        page: &Got,
        kind: Option<AgencyKind>,
    ) -> Result<Option<(Arc<ReadReport>, Sha256Hex)>, StoreError> {
        let problem = match self.render(visit, page).await? {
            Ok(shown) => match self.read_body(shown.got, kind).await {
                Some((read, sha256)) if !is_bare(&read) && (!shown.lacks || is_whole(&read)) => {
                    return Ok(Some((read, sha256)));
                }
                _ => Problem::new("browser-failed", "页面由脚本生成，浏览器没能显示出完整的年报；请人工查看"),
            },
            Err(problem) => problem,
        };
        visit.partial = true;
        visit.problem(problem);
        Ok(None)
    }
}

/// Whether a report has all that the form wants: then a script that was not fetched did not matter.
fn is_whole(read: &ReadReport) -> bool {
    let whole = |report: &crate::model::Report| {
        report.sections.iter().all(|section| section.found) && report.tables.iter().all(|table| table.found)
    };
    read.report.as_ref().is_some_and(whole)
}
