//! Whether a value is the same each time that it is computed from the same rows: the cursor of a page keeps it for the next.
//!
//! Given: an expression of a query. Gives: yes or no, followed through subqueries, WITH and views. Aggregates and windows depend
//! on other rows, but not on the moment.

use super::cardinality;
use super::catalog::Catalog;
use super::lineage::{Fold, FunctionColumn, Gap, Lineage, Stored};
use super::scope::{QueryScope, Stage};
use super::tree::{self, Call, Expr};

/// Whether values are repeatable, as a fold.
pub(super) struct RepeatableFold<'t> {
    lineage: Lineage<'t, bool>,
}

impl<'t> RepeatableFold<'t> {
    pub(super) fn new(catalog: &'t Catalog) -> Self {
        Self {
            lineage: Lineage::new(catalog),
        }
    }

    fn all(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        exprs: impl IntoIterator<Item = &'t Expr>,
    ) -> bool {
        let mut exprs = exprs.into_iter();
        exprs.all(|expr| self.of_expression(scope, stage, expr))
    }

    /// Whether a function gives the same for the same arguments, in another transaction as well.
    fn is_timeless(&self, call: &Call) -> bool {
        let function = self.lineage.catalog.functions.get(&call.function);
        function.is_some_and(|function| {
            let reads_clock = function.built_in
                && (CLOCKS.contains(&function.name.as_str())
                    || function.name == "age" && call.arguments.len() == 1);
            function.repeatable && !reads_clock
        })
    }
}

impl<'t> Fold<'t> for RepeatableFold<'t> {
    type Answer = bool;

    fn lineage(&self) -> &Lineage<'t, bool> {
        &self.lineage
    }

    fn of_expression(&self, scope: &QueryScope<'t, '_>, stage: Stage, expr: &'t Expr) -> bool {
        match expr {
            Expr::Var(var) => self.follow(scope, stage, *var),
            Expr::SqlValue(number) if *number < FIRST_ROLE => false,
            Expr::Call(call) if !self.is_timeless(call) => false,
            Expr::Aggregate(_) => {
                cardinality::is_repeatable(expr, self.lineage.catalog)
                    && self.all(scope, Stage::Rows, tree::children(expr))
            }
            _ => {
                cardinality::is_repeatable(expr, self.lineage.catalog)
                    && self.all(scope, stage, tree::children(expr))
            }
        }
    }

    fn of_stored(&self, _: Stored<'t>) -> bool {
        true
    }

    fn of_functions(&self, scope: &QueryScope<'t, '_>, column: FunctionColumn<'t>) -> bool {
        // In FROM a set has the same rows each time, so that its call is asked and not the expression.
        column.functions.iter().all(|(function, _)| match function {
            Expr::Call(call) => {
                self.is_timeless(call) && self.all(scope, Stage::Rows, &call.arguments)
            }
            other => self.of_expression(scope, Stage::Rows, other),
        })
    }

    fn of_gap(&self, _: Gap<'t>) -> bool {
        true
    }

    fn of_nothing(&self) -> bool {
        true
    }

    fn either(&self, one: bool, other: bool) -> bool {
        one && other
    }
}

/// The functions of `pg_catalog` that are STABLE, and give another value in the next transaction.
const CLOCKS: &[&str] = &["now", "statement_timestamp", "transaction_timestamp"];

/// The number of `current_role`, the first after the dates and times (`SQLValueFunctionOp`, nodes/primnodes.h).
const FIRST_ROLE: u32 = 9;
