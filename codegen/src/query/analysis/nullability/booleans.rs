//! AND and OR: NULL only where no operand decides and one is NULL.
//!
//! AND is false where an operand is false. So where it is NULL, no operand is false, and whatever follows from that may be
//! used to prove that none of them is NULL. If that works for all, it never is: `x IS NOT NULL AND x > 1`. OR is the same
//! with true and false exchanged.

use super::expression::ExprPlace;
use super::facts;
use super::predicates::Conditions;
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::tree::{Boolean, Expr};

impl<'t> NullabilityProver<'t> {
    pub(super) fn boolean(
        &self,
        place: ExprPlace<'t, '_>,
        kind: Boolean,
        parts: &'t [Expr],
    ) -> NullVerdict {
        if kind == Boolean::Not {
            return self.all(place, parts, "a condition");
        }
        let conditions = Conditions {
            query: place.scope.query,
            catalog: self.catalog,
        };
        let (undecided, value) = match kind {
            Boolean::And => (
                Conditions::when_not_false as fn(Conditions<'t>, &'t Expr) -> _,
                Conditions::when_true as fn(Conditions<'t>, &'t Expr) -> _,
            ),
            _ => (
                Conditions::when_not_true as fn(Conditions<'t>, &'t Expr) -> _,
                Conditions::when_false as fn(Conditions<'t>, &'t Expr) -> _,
            ),
        };
        let mut known = place.branch.to_vec();
        for part in parts {
            facts::add(&mut known, undecided(conditions, part));
        }
        // Operands prove each other in any order (`x > 1 AND x IS NOT NULL`), because Postgres
        // promises no order of evaluation (4.2.14) and AND is NULL only if all operands were looked
        // at. Each round removes an operand or learns a fact, so it ends.
        let mut open: Vec<&'t Expr> = parts.iter().collect();
        loop {
            let (count, mut evidence) = (known.len(), None);
            open.retain(|part| {
                let branch = known.clone();
                let place = ExprPlace {
                    branch: &branch,
                    ..place
                };
                let verdict = self.expression(place, part);
                if verdict.nullable {
                    evidence.get_or_insert(verdict.evidence);
                    return true;
                }
                // It is not NULL and does not decide, so it has the other value.
                facts::add(&mut known, value(conditions, part));
                false
            });
            match evidence {
                None => return NullVerdict::never("a condition over values that are never NULL"),
                // Another round proves more only if this one found something.
                Some(evidence) if known.len() == count => {
                    return NullVerdict::maybe(evidence.explain("a condition gives NULL for NULL"));
                }
                Some(_) => {}
            }
        }
    }
}
