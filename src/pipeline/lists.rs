//! Walking a portal's lists: `crawl::Walk` plans, this fetches, and every list page is kept.

use super::afterwards::LONGEST_REPAIR;
use super::fetching::Got;
use super::{Pipeline, Visit, at_desk};
use crate::crawl::{LIST_GONE, Limits, ListPage, Request, Step, Walk, unpacked};
use crate::fetch::Want;
use crate::model::{Agency, BlockedKind, FetchResult, Placing, Problem, ReportRef, Target};
use crate::obligations;
use crate::store::StoreError;
use crate::text::decode;
use std::collections::{HashSet, VecDeque};
use url::Url;

impl Pipeline {
    /// The list pages where a visit begins: the portal's own, and those that the roster names for its
    /// agencies; none where it was asked to look at one address.
    pub(super) fn columns(&self, visit: &Visit) -> Vec<Url> {
        let year = obligations::newest_year_due(self.now(), self.settings.timezone).to_string();
        let column = |agency: &Agency| {
            let column = agency.column.as_deref()?.replace("{year}", &year);
            Url::parse(&column).ok().filter(|url| visit.portal.covers(url))
        };
        let mut columns = match &visit.run.target {
            Target::Portal(id) => {
                let named = self.roster.agencies.iter().filter(|agency| agency.portal.as_ref() == Some(id)).filter_map(column);
                visit.portal.start.iter().cloned().chain(named).collect()
            }
            Target::Agency(id) => {
                self.roster.by_id(id).and_then(column).map_or_else(|| visit.portal.start.clone(), |column| vec![column])
            }
            Target::Url(_) => Vec::new(),
        };
        let mut seen = HashSet::new();
        columns.retain(|column| seen.insert(column.clone()));
        columns
    }

    /// Walks one column to its end, or to what stops it.
    pub(super) async fn walk(&self, visit: &mut Visit, column: Url) -> Result<(), StoreError> {
        let mut walk = Walk::start(&visit.portal, column, &self.profiles, Limits::default());
        let mut todo = VecDeque::from(walk.pending());
        while let Some(request) = todo.pop_front() {
            if visit.blocked.is_some() {
                walk.failed(&request, Problem::new("not-looked-at", "门户已拦截，其余列表页未访问"));
                continue;
            }
            let mut got = self.get_by(visit, &request, Want::Page).await?;
            match got.body.take() {
                Some(body) => {
                    visit.looked = true;
                    visit.pages.extend(got.sha256.clone());
                    walk.know_maps(self.fetcher.site_maps(&got.url).await);
                    let before = visit.portal.browser.then(|| walk.clone());
                    let (read_on, step) = stepped(walk, request.clone(), &got, body, None).await;
                    walk = read_on;
                    let mut next = step.next;
                    if let (true, Some(before)) = (step.needs_browser, before) {
                        (walk, next) = self.walk_rendered(visit, before, &request, &mut got).await?;
                    }
                    if request.post.is_none() {
                        visit.taken.insert(request.url.to_string(), got.again());
                    }
                    todo.extend(next);
                }
                None => {
                    let problem = got.problem.unwrap_or_else(|| list_problem(got.result));
                    // What is only tried may be forbidden without the site being so.
                    if let FetchResult::Blocked(kind) = got.result
                        && !(walk.is_attempt(&request) && matches!(kind, BlockedKind::Forbidden | BlockedKind::Robots))
                    {
                        visit.blocked = Some(kind);
                    }
                    // The walk knows whether this page matters: a guess at the next page's name may fail.
                    todo.extend(walk.failed(&request, problem).next);
                }
            }
        }
        let listing = walk.finish();
        tracing::info!(portal.id = %visit.portal.id, profile = %listing.profile, entries = listing.entries.len(), complete = listing.complete, "a column was walked");
        visit.partial |= !listing.complete;
        visit.misplaced.extend(listing.misplaced);
        visit.areas.extend(listing.areas);
        for problem in listing.problems {
            visit.problem(problem);
        }
        // What lies on a host that we do not follow is seen there all the same: it is not missing.
        visit.take_entries(listing.entries.into_iter().chain(listing.foreign).collect());
        Ok(())
    }

    /// Whether the lists lost most of the reports that they had when they were last seen whole: what is not there then is
    /// no evidence of absence, until they have stayed so for as long as a portal may be under repair.
    pub(super) async fn is_cut(&self, visit: &Visit) -> Result<bool, StoreError> {
        let portal = visit.portal.id.clone();
        let looks = self.store(move |store| store.looks(&portal)).await?;
        let Some(whole) = looks.iter().rposition(|look| look.complete) else { return Ok(false) };
        let since = looks.get(whole + 1).map_or(self.now(), |look| look.at);
        Ok(self.now() - since < LONGEST_REPAIR && lost_most(&looks[whole].entries, &visit.entries))
    }

    /// Takes a page that its scripts make as the browser shows it; `walk` has not seen it yet, and `got` becomes what was read.
    async fn walk_rendered(
        &self,
        visit: &mut Visit,
        mut walk: Walk,
        request: &Request,
        got: &mut Got,
    ) -> Result<(Walk, Vec<Request>), StoreError> {
        match self.render(visit, got).await? {
            Ok(shown) => {
                *got = shown.got;
                visit.pages.extend(got.sha256.clone());
                let body = got.body.take().unwrap_or_default();
                let (walk, step) = stepped(walk, request.clone(), got, body, Some(shown.data)).await;
                Ok((walk, step.next))
            }
            Err(problem) => {
                let next = walk.failed(request, problem).next;
                Ok((walk, next))
            }
        }
    }
}

/// One step of a walk over a page, at the desk; `data` is what its scripts fetched, where a browser shows it.
async fn stepped(mut walk: Walk, request: Request, got: &Got, body: Vec<u8>, data: Option<String>) -> (Walk, Step) {
    let (media, url) = (got.media.clone(), got.url.clone());
    let read = move || {
        let body = unpacked(body);
        let decoded = decode(&body, media.as_deref());
        let shown = ListPage { asked: &request, url: &url, body: &decoded.text, charset: decoded.charset };
        let step = match data {
            Some(data) => walk.step_rendered(&shown, &data),
            None => walk.step(&shown),
        };
        (walk, step)
    };
    at_desk(read).await
}

impl Visit {
    /// Adds what a list offers, each address once; what a person said is no report is passed over.
    fn take_entries(&mut self, entries: Vec<ReportRef>) {
        let mut known: HashSet<String> = self.entries.iter().map(|entry| entry.url.clone()).collect();
        for entry in entries {
            let dismissed = self.decided.get(&entry.url) == Some(&Placing::None);
            if !dismissed && known.insert(entry.url.clone()) {
                self.entries.push(entry);
            }
        }
        self.run.tally.listed = self.entries.len() as u64;
    }
}

/// Lists of fewer reports may well lose most of them.
const TELLING: usize = 6;

/// Whether most of the reports that were listed are not listed any more, at whatever address.
fn lost_most(before: &[ReportRef], now: &[ReportRef]) -> bool {
    let addresses: HashSet<&str> = now.iter().map(|entry| entry.url.as_str()).collect();
    let titles: HashSet<&str> = now.iter().map(|entry| entry.title.as_str()).collect();
    let stays = |entry: &&ReportRef| addresses.contains(entry.url.as_str()) || titles.contains(entry.title.as_str());
    before.len() >= TELLING && 2 * before.iter().filter(stays).count() < before.len()
}

/// What a list page that gave nothing means.
fn list_problem(result: FetchResult) -> Problem {
    match result {
        FetchResult::Blocked(BlockedKind::Robots) => Problem::new("robots", "robots.txt 不允许访问这个列表页；请与门户运维沟通"),
        FetchResult::Blocked(kind) => {
            Problem::new("blocked", format!("门户拦截了访问（{}）；请门户运维放行或人工查看", kind.word()))
        }
        FetchResult::Gone | FetchResult::SoftGone => Problem::new(LIST_GONE, "列表页已不存在；请核对门户配置里的 start"),
        FetchResult::Empty => Problem::new("list-empty", "列表页是空的"),
        FetchResult::Moved => Problem::new("list-moved", "列表页转到了别的主机；请核对后写入门户的 hosts"),
        _ => Problem::new("list-failed", "列表页没有取到，下次再试"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(titles: &[&str]) -> Vec<ReportRef> {
        let entry = |title: &&str| ReportRef {
            url: format!("https://yunxi.example/{title}"),
            title: (*title).to_owned(),
            date: None,
            year: None,
            agency: None,
        };
        titles.iter().map(entry).collect()
    }

    #[test]
    fn a_list_that_lost_most_of_its_reports_is_cut() {
        let before = listed(&["一", "二", "三", "四", "五", "六", "七"]);
        assert!(lost_most(&before, &listed(&["一", "二", "三"])));
        assert!(!lost_most(&before, &listed(&["一", "二", "三", "四"])));
        assert!(!lost_most(&listed(&["一", "二", "三", "四", "五"]), &[]), "too few to tell");
        let moved: Vec<ReportRef> =
            before.iter().map(|entry| ReportRef { url: entry.url.clone() + "/new", ..entry.clone() }).collect();
        assert!(!lost_most(&before, &moved), "the same reports at other addresses");
    }
}
