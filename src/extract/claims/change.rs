//! 同比增长12%, 较上年减少3件: how much a quantity changed.

use super::label::Label;
use super::token::{Kind, Token};
use super::walk::Walk;
use crate::model::{Change, Claim, Direction, Precision};
use crate::rules::{Role, Senses};
use crate::text::numerals::Numeral;

impl Walk<'_> {
    /// Makes a claim of a change, of what its words name or of the quantity stated before it.
    pub(super) fn change(&mut self, numeral: &Numeral, label: &Label, before: &[Token]) {
        let direction = match (label.has(Role::More), label.has(Role::Less)) {
            (true, false) => Direction::More,
            (false, true) => Direction::Less,
            _ => return,
        };
        let percent = numeral.unit.as_deref() == Some("%");
        let foul = label.unknown.is_some() || label.has(Role::Off) || label.has(Role::Share) || label.is_part();
        if foul || !(percent || numeral.is_count()) || !self.is_against_last_year() || self.leads_to(before) {
            return;
        }
        if self.is_foreign() {
            return;
        }
        let known = self.ground.known;
        let counted =
            |senses: Senses| senses & (known.application | known.sum) != 0 && senses & !(known.application | known.sum) == 0;
        let senses = if counted(label.senses) { label.senses | known.received } else { label.senses };
        let named = self.ground.subjects.told_by(senses, self.passage.topic, false).map(|subject| subject.id.clone());
        let stated = self.claims.iter().rev().find(|claim| {
            claim.change.is_none() && claim.year.is_none() && named.as_ref().is_none_or(|named| *named == claim.subject)
        });
        let now = stated.filter(|claim| claim.precision == Precision::Exact).map(|claim| claim.value);
        let Some(subject) = named.or_else(|| stated.filter(|_| label.senses == 0).map(|claim| claim.subject.clone())) else {
            return;
        };
        let against = label.year.filter(|year| Some(year + 1) != self.ground.year);
        let scope = stated.map_or(self.passage.scope, |claim| claim.scope);
        let precision = if numeral.approximate { Precision::Approximate } else { Precision::Exact };
        let claim = Claim {
            change: Some(Change { direction, percent, against, now }),
            ..self.claim(&subject, numeral.value, numeral.unit.clone(), precision, None, scope, false)
        };
        self.claims.push(claim);
    }

    /// 增长至36件 says where it came to, not by how much.
    fn leads_to(&self, before: &[Token]) -> bool {
        before
            .last()
            .is_some_and(|token| matches!(token.kind, Kind::Word(_)) && self.masked.text[..token.end].ends_with(['至', '到']))
    }
}
