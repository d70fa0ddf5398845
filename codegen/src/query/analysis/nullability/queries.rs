//! Nullability as a fold over [`lineage`](crate::query::analysis::lineage): the proofs where values begin, and those
//! that hold where values of two places meet.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::lineage::{Fold, FunctionColumn, Gap, Lineage, Source, Stored};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{Cte, Expr};

impl<'t> Fold<'t> for NullabilityProver<'t> {
    type Answer = NullVerdict;

    fn lineage(&self) -> &Lineage<'t, NullVerdict> {
        &self.values
    }

    fn of_expression(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> NullVerdict {
        self.expression(ExprPlace::new(scope, stage), expr)
    }

    fn of_stored(&self, stored: Stored<'t>) -> NullVerdict {
        Self::prove_table_column(stored)
    }

    fn of_functions(&self, scope: &QueryScope<'t, '_>, column: FunctionColumn<'t>) -> NullVerdict {
        self.function_column(scope, column)
    }

    fn of_gap(&self, gap: Gap<'t>) -> NullVerdict {
        NullVerdict::maybe(format!("no proof: {gap}"))
    }

    fn of_nothing(&self) -> NullVerdict {
        // A recursion without its own term, or VALUES without rows: a claim about no rows is true.
        NullVerdict::never("there is no row")
    }

    fn either(&self, one: NullVerdict, other: NullVerdict) -> NullVerdict {
        if one.nullable { one } else { other }
    }

    /// INTERSECT takes NULL for equal to NULL, so that one side without NULL is enough.
    fn both(&self, one: NullVerdict, other: NullVerdict) -> NullVerdict {
        if one.nullable { other } else { one }
    }

    fn of_whole_row(&self, _: Source<'t, '_>) -> NullVerdict {
        prove_whole_row()
    }

    fn of_recursion(&self, cte: &'t Cte, answer: NullVerdict) -> NullVerdict {
        let name = &cte.name;
        if answer.nullable {
            NullVerdict::maybe(format!("a step of the recursion `{name}` may give NULL"))
        } else {
            NullVerdict::never(format!("no step of the recursion `{name}` gives NULL"))
        }
    }

    /// One column may have no budget left for an answer that another has budget for.
    fn is_complete(&self) -> bool {
        !self.budget.is_spent()
    }

    fn of_values(
        &self,
        scope: &QueryScope<'t, '_>,
        rows: &'t [Vec<Expr>],
        index: usize,
    ) -> NullVerdict {
        // In place of the general fold, so that the message speaks of VALUES and the first nullable
        // row ends the search.
        for row in rows {
            let Some(value) = row.get(index) else {
                return self.of_gap(Gap::NoSuchColumn);
            };
            let verdict = self.of_expression(scope, Stage::Rows, value);
            if verdict.nullable {
                let evidence = verdict.evidence;
                return NullVerdict::maybe(evidence.explain("a row of VALUES may be NULL there"));
            }
        }
        NullVerdict::never("no row of VALUES is NULL there")
    }
}

pub(super) fn prove_whole_row() -> NullVerdict {
    NullVerdict::never("a row is never NULL itself")
}
