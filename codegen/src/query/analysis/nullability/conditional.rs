//! CASE: each branch, with the facts that its condition proves.

use super::expression::ExprPlace;
use super::facts::{self, Fact};
use super::predicates::Conditions;
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::tree::Expr;

/// A branch of CASE, with the facts that hold where it is taken.
pub(super) struct Branch<'t> {
    pub(super) value: &'t Expr,
    pub(super) known: Vec<Fact<'t>>,
}

impl<'t> NullabilityProver<'t> {
    /// NULL only if a branch is, where that branch is taken.
    pub(super) fn case(
        &self,
        place: ExprPlace<'t, '_>,
        argument: Option<&'t Expr>,
        whens: &'t [(Expr, Expr)],
        otherwise: &'t Expr,
    ) -> NullVerdict {
        let branches = self.find_branches(place, argument, whens, otherwise);
        // There is always an ELSE: the parser adds `ELSE NULL` where none is written.
        let last = branches.len() - 1;
        for (index, Branch { value, known }) in branches.iter().enumerate() {
            let place = ExprPlace {
                branch: known,
                ..place
            };
            let verdict = self.expression(place, value);
            if verdict.nullable {
                let step = if index == last {
                    "the ELSE of CASE may be NULL"
                } else {
                    "a branch of CASE may be NULL"
                };
                return NullVerdict::maybe(verdict.evidence.explain(step));
            }
        }
        NullVerdict::never("no branch of CASE is ever NULL")
    }

    /// The branches of CASE in their order, the ELSE last.
    pub(super) fn find_branches(
        &self,
        place: ExprPlace<'t, '_>,
        argument: Option<&'t Expr>,
        whens: &'t [(Expr, Expr)],
        otherwise: &'t Expr,
    ) -> Vec<Branch<'t>> {
        let conditions = Conditions {
            query: place.scope.query,
            catalog: self.catalog,
        };
        // Facts of an enclosing CASE hold inside of it too.
        let mut known = place.branch.to_vec();
        let mut branches = Vec::new();
        for (when, then) in whens {
            let mut branch = known.clone();
            match argument {
                None => {
                    facts::add(&mut branch, conditions.when_true(when));
                    // WHEN is passed over when it is false or NULL, so a later branch knows "not
                    // true", never "false".
                    facts::add(&mut known, conditions.when_not_true(when));
                }
                // `CASE x WHEN a` compares by `=`, and its failure excludes nothing: it fails for
                // NULL as well, so later branches learn nothing.
                Some(argument) => {
                    facts::add(&mut branch, conditions.when_matched(argument, when));
                }
            }
            branches.push(Branch {
                value: then,
                known: branch,
            });
        }
        branches.push(Branch {
            value: otherwise,
            known,
        });
        branches
    }
}
