//! A page with nothing to read on it: only a link to a document, or only pictures of text.

use super::Context;
use crate::model::{Evidence, Place, ReadOutcome, ReadReport, Severity, Verdict, Violation};
use crate::rules::{Check, Unreadability, Unreadably};

/// One finding; everything else about such a page is not applicable.
pub(super) fn judge(check: &Check, params: &Unreadably, read: &ReadReport, context: &Context<'_>) -> Verdict {
    let attachment_only = read.report.as_ref().is_some_and(|report| report.attachment_only);
    let found = match params.because {
        Unreadability::AttachmentOnly => attachment_only && !read.image_only,
        Unreadability::ImageOnly => read.image_only,
    };
    if !found {
        return match read.outcome {
            ReadOutcome::Read if !(attachment_only || read.image_only) => Verdict::Clean,
            _ if attachment_only || read.image_only => Verdict::NotApplicable,
            _ => Verdict::Inconclusive(super::unread(read)),
        };
    }
    let attachment = read.attachments.first().map(String::as_str).unwrap_or("—");
    let kind = context.agency_kind.or(read.report.as_ref().and_then(|report| report.agency_kind));
    let evidence = match params.because {
        Unreadability::AttachmentOnly => {
            read.attachments.iter().take(3).map(|href| Evidence { quote: href.clone(), at: Place::default() }).collect()
        }
        Unreadability::ImageOnly => Vec::new(),
    };
    Verdict::Findings(
        vec![Violation {
            place: "publication".to_owned(),
            severity: check.severity_of(kind).unwrap_or(Severity::Info),
            message: check.message("finding", &[("attachment", attachment, attachment)]),
            figures: Vec::new(),
            expected: None,
            actual: None,
            evidence,
        }]
        .into(),
    )
}
