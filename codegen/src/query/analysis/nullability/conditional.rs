//! CASE: each branch, with the facts that its condition proves.

use super::expression::Place;
use super::facts;
use super::predicates::Conditions;
use super::{Prover, Verdict};
use crate::query::analysis::tree::Expr;

impl<'t> Prover<'t> {
    /// NULL only if a branch is, where that branch is taken.
    pub(super) fn case(
        &self,
        place: Place<'t, '_>,
        argument: Option<&'t Expr>,
        whens: &'t [(Expr, Expr)],
        otherwise: &'t Expr,
    ) -> Verdict {
        let conditions = Conditions {
            query: place.scope.query,
            catalog: self.catalog,
        };
        let mut known = place.branch.to_vec();
        for (when, then) in whens {
            let mut branch = known.clone();
            match argument {
                None => {
                    facts::add(&mut branch, conditions.when_true(when));
                    facts::add(&mut known, conditions.when_not_true(when));
                }
                Some(argument) => {
                    facts::add(&mut branch, conditions.when_matched(argument, when));
                }
            }
            let verdict = self.expression(
                Place {
                    branch: &branch,
                    ..place
                },
                then,
            );
            if verdict.nullable {
                let evidence = verdict.evidence;
                return Verdict::maybe(evidence.explain("a branch of CASE may be NULL"));
            }
        }
        let verdict = self.expression(
            Place {
                branch: &known,
                ..place
            },
            otherwise,
        );
        if verdict.nullable {
            let evidence = verdict.evidence;
            return Verdict::maybe(evidence.explain("the ELSE of CASE may be NULL"));
        }
        Verdict::never("no branch of CASE is ever NULL")
    }
}
