//! Nullability as a fold over [`lineage`](crate::query::analysis::lineage): the proofs where values begin, and those
//! that hold where values of two places meet.

use super::expression::Place;
use super::{Prover, Verdict};
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Source, Stored};
use crate::query::analysis::scope::{Scope, Stage};
use crate::query::analysis::tree::{Cte, Expr};

impl<'t> Fold<'t> for Prover<'t> {
    type Answer = Verdict;

    fn lineage(&self) -> &Lineage<'t, Verdict> {
        &self.values
    }

    fn of_expression(&self, scope: &Scope<'t, '_>, stage: Stage, expr: &'t Expr) -> Verdict {
        self.expression(Place::new(scope, stage), expr)
    }

    fn of_stored(&self, stored: Stored<'t>) -> Verdict {
        Self::prove_table_column(stored)
    }

    fn of_functions(&self, scope: &Scope<'t, '_>, column: FunctionColumn<'t>) -> Verdict {
        self.function_column(scope, column)
    }

    fn of_gap(&self, gap: Gap<'t>) -> Verdict {
        Verdict::maybe(format!("no proof: {gap}"))
    }

    fn of_nothing(&self) -> Verdict {
        // A recursion without its own term, or VALUES without rows: a claim about no rows is true.
        Verdict::never("there is no row")
    }

    fn either(&self, one: Verdict, other: Verdict) -> Verdict {
        if one.nullable { one } else { other }
    }

    /// INTERSECT takes NULL for equal to NULL, so that one side without NULL is enough.
    fn both(&self, one: Verdict, other: Verdict) -> Verdict {
        if one.nullable { other } else { one }
    }

    fn of_whole_row(&self, _: Source<'t, '_>) -> Verdict {
        prove_whole_row()
    }

    fn of_recursion(&self, cte: &'t Cte, answer: Verdict) -> Verdict {
        let name = &cte.name;
        if answer.nullable {
            Verdict::maybe(format!("a step of the recursion `{name}` may give NULL"))
        } else {
            Verdict::never(format!("no step of the recursion `{name}` gives NULL"))
        }
    }

    /// One column may have no budget left for an answer that another has budget for.
    fn is_complete(&self) -> bool {
        !self.budget.is_spent()
    }

    fn of_values(&self, scope: &Scope<'t, '_>, rows: &'t [Vec<Expr>], index: usize) -> Verdict {
        // In place of the general fold, so that the message speaks of VALUES and the first nullable
        // row ends the search.
        for row in rows {
            let Some(value) = row.get(index) else {
                return self.of_gap(Gap::NoSuchColumn);
            };
            let verdict = self.of_expression(scope, Stage::Rows, value);
            if verdict.nullable {
                let evidence = verdict.evidence;
                return Verdict::maybe(evidence.explain("a row of VALUES may be NULL there"));
            }
        }
        Verdict::never("no row of VALUES is NULL there")
    }
}

pub(super) fn prove_whole_row() -> Verdict {
    Verdict::never("a row is never NULL itself")
}
