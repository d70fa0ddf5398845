//! Arrays of more than one dimension, where the tree shows them. Their type does not: `int[]` may have any number of dimensions.

use super::tree::{Expr, QueryTree};

/// `array_agg(anyarray)` in Postgres's `pg_proc.dat`: it adds a dimension.
const ARRAY_AGG_OF_ARRAYS: u32 = 4053;

/// Whether each column is an array of more than one dimension.
pub(super) fn of_columns(tree: &QueryTree) -> Vec<bool> {
    tree.columns()
        .map(|column| has_dimensions(&column.expr))
        .collect()
}

/// Whether an expression is an array of more than one dimension.
pub(super) fn has_dimensions(expr: &Expr) -> bool {
    match expr {
        Expr::Arrays(_) => true,
        Expr::Relabel(inner) | Expr::Convert(inner) => has_dimensions(inner),
        Expr::Aggregate(aggregate) => aggregate.function == ARRAY_AGG_OF_ARRAYS,
        // A column or a parameter may have any number of dimensions at run time, which the tree
        // does not show.
        _ => false,
    }
}
