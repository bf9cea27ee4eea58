//! One fetch of a visit: ask with what is known of the page, keep what comes, write down the result.

use super::{Pipeline, Visit};
use crate::crawl::Request;
use crate::fetch::{Ask, Fetched, Want};
use crate::model::{Event, FetchResult, PageState, Problem, Sha256Hex, Sighting};
use crate::store::{Store, StoreError};
use url::Url;

/// How long a server is believed that a page has not changed.
const LONGEST_TRUST: chrono::Duration = chrono::Duration::days(7);
const NOT_MODIFIED: u16 = 304;

/// What a fetch came to: the body, fresh or as kept, where there is one that may be judged.
pub(super) struct Got {
    pub(super) result: FetchResult,
    pub(super) body: Option<Vec<u8>>,
    pub(super) media: Option<String>,
    pub(super) sha256: Option<Sha256Hex>,
    /// Where the body came from after redirects.
    pub(super) url: Url,
    pub(super) problem: Option<Problem>,
}

impl Got {
    /// The same without its body, which is kept.
    pub(super) fn again(&self) -> Got {
        let (media, sha256) = (self.media.clone(), self.sha256.clone());
        Got { result: self.result, body: None, media, sha256, url: self.url.clone(), problem: None }
    }
}

impl Pipeline {
    /// Fetches a report for a visit, unless its list was that page.
    pub(super) async fn get_report(&self, visit: &mut Visit, url: &Url) -> Result<Got, StoreError> {
        match visit.taken.remove(url.as_str()) {
            Some(got) => Ok(Got { body: self.kept_body(got.sha256.as_ref()).await?, ..got }),
            None => self.get(visit, url, Want::Document).await,
        }
    }

    /// Fetches an address for a visit. Everything is written down before it is answered.
    pub(super) async fn get(&self, visit: &mut Visit, url: &Url, want: Want) -> Result<Got, StoreError> {
        self.get_by(visit, &Request::get(url.clone()), want).await
    }

    /// The same for a request of a walk, which may post a question to an interface.
    pub(super) async fn get_by(&self, visit: &mut Visit, request: &Request, want: Want) -> Result<Got, StoreError> {
        let url = if request.post.is_some() { request.address() } else { request.url.clone() };
        let address = url.to_string();
        let known = self.store(move |store| store.page(&address)).await?.unwrap_or_default();
        let mut ask = Ask::new(url.clone(), want).knowing(&known);
        if known.last_whole.is_none_or(|whole| self.now() - whole >= LONGEST_TRUST) {
            // Some servers say that nothing changed whatever has: now and then the page itself is asked for.
            (ask.etag, ask.last_modified) = (None, None);
        }
        ask.post = request.post.as_ref().map(|post| (post.media.clone(), post.body.clone()));
        ask.referer.clone_from(&request.referer);
        ask.min_delay = visit.portal.min_delay;
        ask.hosts = hosts(visit);
        let mut fetched = self.fetcher.get(&ask).await;
        visit.run.tally.fetched += 1;
        match fetched.result {
            FetchResult::Unchanged => visit.run.tally.unchanged += 1,
            FetchResult::Blocked(_) => visit.run.tally.blocked += 1,
            FetchResult::Failed(_) => visit.run.tally.failed += 1,
            _ => {}
        }
        let mut body = std::mem::take(&mut fetched.body);
        let mut page = next_state(&known, &fetched, self.now());
        let (run, address, at, result) = (visit.run.id.clone(), url.to_string(), self.now(), fetched.result);
        let event = move |page: PageState| Event::Fetched { run, url: address, at, result, page };
        if fetched.result == FetchResult::Ok {
            let (sighting, state) = (sighting(&fetched, at), page.clone());
            let keep = move |store: &Store| {
                let then = |sha256: &str| event(PageState { sha256: Some(sha256.to_owned()), ..state });
                store.keep_with(&body, sighting, then).map(|kept| (kept, body))
            };
            let (kept, returned) = self.store(keep).await?;
            body = returned;
            visit.run.tally.kept += u64::from(kept.new);
            page.sha256 = Some(kept.sha256);
        } else {
            self.record(event(page.clone())).await?;
        }
        let body = match fetched.result {
            FetchResult::Ok => Some(body),
            FetchResult::Unchanged => self.kept_body(page.sha256.as_ref()).await?,
            _ => None,
        };
        (self.progress)(&visit.run);
        Ok(Got {
            result: fetched.result,
            body,
            media: page.media.clone(),
            sha256: page.sha256.filter(|_| matches!(fetched.result, FetchResult::Ok | FetchResult::Unchanged)),
            url: fetched.final_url,
            problem: fetched.problem,
        })
    }

    /// The kept body with this name.
    pub(super) async fn kept_body(&self, sha256: Option<&Sha256Hex>) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(sha256) = sha256.cloned() else { return Ok(None) };
        self.store(move |store| store.body(&sha256)).await
    }
}

/// The hosts a visit may be redirected to.
pub(super) fn hosts(visit: &Visit) -> Vec<String> {
    let own = visit.portal.start.iter().filter_map(|start| start.host_str().map(str::to_owned));
    own.chain(visit.portal.hosts.iter().cloned()).collect()
}

fn sighting(fetched: &Fetched, at: crate::model::Time) -> Sighting {
    Sighting {
        url: fetched.url.to_string(),
        final_url: (fetched.final_url != fetched.url).then(|| fetched.final_url.to_string()),
        at,
        status: fetched.status,
        media: fetched.media.clone(),
        etag: fetched.etag.clone(),
        last_modified: fetched.last_modified.clone(),
        rendered_from: None,
    }
}

/// What is known of the page after this fetch. Only ok and unchanged touch the baseline.
fn next_state(known: &PageState, fetched: &Fetched, now: crate::model::Time) -> PageState {
    let mut page = known.clone();
    page.last_tried = Some(now);
    page.last_result = Some(fetched.result);
    match fetched.result {
        FetchResult::Ok | FetchResult::Unchanged => {
            page.first_seen = page.first_seen.or(Some(now));
            page.last_ok = Some(now);
            page.gone_looks = 0;
            page.gone_since = None;
            if fetched.status != NOT_MODIFIED {
                page.last_whole = Some(now);
            }
            page.etag = fetched.etag.clone().or(page.etag);
            page.last_modified = fetched.last_modified.clone().or(page.last_modified);
            if fetched.result == FetchResult::Ok {
                page.media = fetched.media.clone();
                page.etag.clone_from(&fetched.etag);
                page.last_modified.clone_from(&fetched.last_modified);
            }
        }
        FetchResult::Gone | FetchResult::SoftGone | FetchResult::Empty => {
            page.gone_looks += 1;
            page.gone_since = page.gone_since.or(Some(now));
        }
        FetchResult::Moved | FetchResult::Blocked(_) | FetchResult::Failed(_) => {}
    }
    page
}
