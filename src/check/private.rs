//! Personal data in the report: found and masked while it was read, told here.

use super::mentions::unless_unread;
use super::view::{View, verdict, violation};
use crate::model::{Evidence, Verdict};
use crate::rules::{Check, PrivateOf};

/// How many places one finding quotes; all of them masked.
const QUOTED: usize = 5;

/// One finding a kind of datum.
pub(super) fn judge(check: &Check, params: &PrivateOf, view: &View<'_>) -> Verdict {
    let found: Vec<_> = view.read.private.iter().filter(|datum| datum.kind == params.what).collect();
    if found.is_empty() {
        return unless_unread(view, &[]);
    }
    let count = found.len().to_string();
    let masked = found.iter().take(QUOTED).map(|datum| datum.masked.as_str()).collect::<Vec<_>>().join("、");
    let mut it =
        violation(view, check, "text", check.message("finding", &[("count", &count, &count), ("masked", &masked, &masked)]));
    it.actual = Some(count);
    it.evidence = found.iter().take(QUOTED).map(|datum| Evidence { quote: datum.quote.clone(), at: datum.at.clone() }).collect();
    verdict(vec![it], None)
}
