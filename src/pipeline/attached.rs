//! What is judged of a page: the page itself, or the document that it only links to.
//!
//! That a page shows nothing but a link is a finding of its own; what the document says is read and
//! checked all the same, so that no report passes for clean because it was not opened.

use super::fetching::Got;
use super::judge::Source;
use super::rendering::may_be_scripted;
use super::{Pipeline, Visit};
use crate::fetch::Want;
use crate::model::{AgencyKind, Outcome, ReadOutcome, ReadReport, Sha256Hex, Verdict};
use crate::store::StoreError;
use std::sync::Arc;

/// How many linked documents are opened in search of the report.
const MOST_ATTACHED: usize = 3;

/// A report to be judged.
pub(super) struct Subject {
    pub(super) read: Arc<ReadReport>,
    /// The body it was read from.
    pub(super) sha256: Sha256Hex,
    /// The page that only links to it, and that page's body.
    pub(super) page: Option<(Arc<ReadReport>, Sha256Hex)>,
    /// Address of that document, read or not.
    pub(super) document: Option<String>,
}

impl Subject {
    /// Parts the outcomes by the body they are about: what the page breaks is the page's, the rest the
    /// document's.
    pub(super) fn parted(document: Vec<Outcome>, page: Vec<Outcome>) -> (Vec<Outcome>, Vec<Outcome>) {
        let of_page: Vec<Outcome> = page.into_iter().filter(|outcome| matches!(outcome.verdict, Verdict::Findings(_))).collect();
        let of_document =
            document.into_iter().filter(|outcome| !of_page.iter().any(|other| other.rule == outcome.rule)).collect();
        (of_document, of_page)
    }
}

impl Pipeline {
    /// Reads a fetched page, and the document it only links to where there is one.
    pub(super) async fn subject(
        &self,
        visit: &mut Visit,
        got: Got,
        kind: Option<AgencyKind>,
    ) -> Result<Option<Subject>, StoreError> {
        let (url, page) = (got.url.clone(), got.again());
        let Some((mut read, mut sha256)) = self.read_body(got, kind).await else { return Ok(None) };
        if visit.portal.browser && may_be_scripted(&read) {
            let Some(shown) = self.read_rendered(visit, &page, kind).await? else { return Ok(None) };
            (read, sha256) = shown;
        }
        let mut first = None;
        if read.report.as_ref().is_some_and(|report| report.attachment_only) {
            for link in read.attachments.iter().take(MOST_ATTACHED) {
                let Some(document) = url.join(link).ok().filter(|document| visit.portal.covers(document)) else { continue };
                let address = document.to_string();
                first = first.or_else(|| Some(address.clone()));
                let got = self.get(visit, &document, Want::Document).await?;
                match self.read_body(got, kind).await {
                    Some((document, body)) if document.outcome == ReadOutcome::Read => {
                        return Ok(Some(Subject {
                            read: document,
                            sha256: body,
                            page: Some((read, sha256)),
                            document: Some(address),
                        }));
                    }
                    _ => {}
                }
            }
        }
        Ok(Some(Subject { read, sha256, page: None, document: first }))
    }

    pub(super) async fn read_body(&self, got: Got, kind: Option<AgencyKind>) -> Option<(Arc<ReadReport>, Sha256Hex)> {
        let (body, sha256) = (got.body?, got.sha256?);
        let source = Source { sha256: sha256.clone(), media: got.media, url: got.url.to_string(), kind };
        Some((self.judge.read_body(source, body).await, sha256))
    }
}
