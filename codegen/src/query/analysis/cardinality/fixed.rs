//! Whether an expression has one value for all rows of its query: parameters,
//! constants, columns of queries further out, and values computed from them without `random()`.

use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::tree::{self, Expr, QueryTree, RelationKind, Var};

/// Whether the expression is the same in all rows of its query.
pub(super) fn expression(expr: &Expr, catalog: &Catalog) -> bool {
    at_depth(expr, 0, catalog)
}

/// Whether an expression of a query gives the same for the same row, leaving aside the expressions below it.
pub(in crate::query::analysis) fn is_repeatable(expr: &Expr, catalog: &Catalog) -> bool {
    // At depth 1, columns of the query itself are allowed: the row is the same, so they are.
    node(expr, 1, catalog) && !matches!(expr, Expr::Call(call) if call.set)
}

/// `depth` is how many queries deeper than the one in question the expression is.
fn at_depth(expr: &Expr, depth: usize, catalog: &Catalog) -> bool {
    node(expr, depth, catalog)
        && tree::children(expr)
            .into_iter()
            .all(|child| at_depth(child, depth, catalog))
}

fn node(expr: &Expr, depth: usize, catalog: &Catalog) -> bool {
    let known = |function: u32| {
        let function = catalog.functions.get(&function);
        // A volatile function may give another value for each row, even with constant arguments.
        function.is_some_and(|function| function.repeatable)
    };
    match expr {
        // A column of the query in question differs by row; those of queries further in or out do
        // not.
        Expr::Var(var) => var.levels_up != depth,
        // In a subquery a set is one more way to make rows.
        Expr::Call(call) => known(call.function) && (!call.set || depth > 0),
        Expr::AnyArray { function, .. } => known(*function),
        // At depth 0 it is one of the query itself, and is computed after WHERE.
        Expr::Aggregate(aggregate) => known(aggregate.function) && depth > 0,
        Expr::Window(call) => known(call.function) && depth > 0,
        Expr::Sublink(sublink) => query(&sublink.query, depth + 1, catalog),
        Expr::SublinkColumn(_) | Expr::Unknown(_) => false,
        _ => true,
    }
}

/// Whether a subquery, which is `depth` queries deeper than the one in question, gives the same for all rows of that.
pub(super) fn query(query: &QueryTree, depth: usize, catalog: &Catalog) -> bool {
    let mut fixed = query.from.is_some();
    tree::every_expression(query, &mut |expr| fixed &= node(expr, depth, catalog));
    let ctes = query.ctes.iter().map(|cte| Some(&cte.query));
    let below = query
        .relations
        .iter()
        .filter_map(|relation| match &relation.kind {
            RelationKind::Subquery(query) => Some(Some(&**query)),
            // What is not understood may refer to any column.
            RelationKind::Unknown => Some(None),
            _ => None,
        });
    fixed
        && ctes
            .chain(below)
            .all(|inner| inner.is_some_and(|inner| self::query(inner, depth + 1, catalog)))
}

/// The columns of a query that a subquery or function in its FROM refers to (LATERAL); none if
/// they cannot be told.
pub(super) fn lateral(kind: &RelationKind) -> Option<Vec<Var>> {
    let mut found = Some(Vec::new());
    match kind {
        RelationKind::Subquery(query) => references(query, 1, &mut found),
        RelationKind::Values(rows) => {
            for value in rows.iter().flatten() {
                // VALUES and functions in FROM are at the level of the query; a subquery is one
                // deeper.
                below(value, 0, &mut found);
            }
        }
        RelationKind::Functions { functions, .. } => {
            for (function, _) in functions {
                below(function, 0, &mut found);
            }
        }
        _ => {}
    }
    found
}

fn below(expr: &Expr, depth: usize, found: &mut Option<Vec<Var>>) {
    visit(expr, depth, found);
    for child in tree::children(expr) {
        below(child, depth, found);
    }
}

fn visit(expr: &Expr, depth: usize, found: &mut Option<Vec<Var>>) {
    match expr {
        Expr::Var(var) if var.levels_up == depth => {
            if let Some(found) = found {
                found.push(*var);
            }
        }
        Expr::Sublink(sublink) => references(&sublink.query, depth + 1, found),
        Expr::Unknown(_) => *found = None,
        _ => {}
    }
}

fn references(query: &QueryTree, depth: usize, found: &mut Option<Vec<Var>>) {
    tree::every_expression(query, &mut |expr| visit(expr, depth, found));
    for cte in &query.ctes {
        references(&cte.query, depth + 1, found);
    }
    for relation in &query.relations {
        match &relation.kind {
            RelationKind::Subquery(query) => references(query, depth + 1, found),
            RelationKind::Unknown => *found = None,
            _ => {}
        }
    }
}
