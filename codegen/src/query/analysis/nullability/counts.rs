//! Conditions on `count(…)`: `CASE WHEN count(*) > 0 THEN max(x) END` takes the maximum of at least one row.

use super::facts::{self, Fact};
use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::tree::{Aggregate, Expr};

/// The operators that compare a count with a constant, and the constant for which they are true of groups with
/// rows only.
const HAS_ROWS: &[(&str, i64)] = &[(">", 0), (">=", 1), ("<>", 0)];

/// The same for those that are true of groups without rows only.
const HAS_NONE: &[(&str, i64)] = &[("=", 0), ("<", 1), ("<=", 0)];

/// The facts where such a condition is true.
pub(super) fn when_true<'t>(condition: &'t Expr, catalog: &Catalog) -> Vec<Fact<'t>> {
    counted(condition, HAS_ROWS, catalog).into_iter().collect()
}

/// The facts where it is not true: a count is never NULL, so that it is false then.
pub(super) fn when_not_true<'t>(condition: &'t Expr, catalog: &Catalog) -> Vec<Fact<'t>> {
    counted(condition, HAS_NONE, catalog).into_iter().collect()
}

fn counted<'t>(
    condition: &'t Expr,
    comparisons: &[(&str, i64)],
    catalog: &Catalog,
) -> Option<Fact<'t>> {
    let Expr::Call(call) = condition else {
        return None;
    };
    let [Expr::Aggregate(count), Expr::Const(limit)] = call.arguments.as_slice() else {
        return None;
    };
    let compares = comparisons.iter().any(|(name, constant)| {
        is_built_in(call.function, name, catalog) && limit.integer() == Some(*constant)
    });
    if !compares || !is_built_in(count.function, "count", catalog) {
        return None;
    }
    rows_of(count, catalog)
}

/// That an aggregate had rows, if another one with the same FILTER then has them too.
pub(super) fn rows_of<'t>(aggregate: &'t Aggregate, catalog: &Catalog) -> Option<Fact<'t>> {
    let filter = aggregate.filter.as_deref();
    // A volatile condition lets other rows through each time, and a group of an outer query is not the one
    // around the condition.
    let comparable = filter.is_none_or(|filter| facts::repeatable(filter, catalog));
    (comparable && aggregate.levels_up == 0).then_some(Fact::Counted(filter))
}

fn is_built_in(function: u32, name: &str, catalog: &Catalog) -> bool {
    let function = catalog.functions.get(&function);
    function.is_some_and(|function| function.built_in && function.name == name)
}
