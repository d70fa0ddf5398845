//! Walks over trees: the nodes directly below a node, and everything below a query.

use super::expression::Expr;
use super::from::FromItem;
use super::query::{QueryTree, TargetEntry};
use super::relation::RelationKind;
use std::iter;

/// The expressions directly below one; those of a subquery are not.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Call(call) => call.arguments.iter().collect(),
        Expr::Distinct { arguments, .. }
        | Expr::NullIf(arguments)
        | Expr::AnyArray { arguments, .. }
        | Expr::Boolean(_, arguments)
        | Expr::Coalesce(arguments)
        | Expr::MinMax(arguments)
        | Expr::Array(arguments)
        | Expr::Arrays(arguments)
        | Expr::Row {
            fields: arguments, ..
        } => arguments.iter().collect(),
        Expr::RowCompare { left, right, .. } => left.iter().chain(right).collect(),
        Expr::Slice { array, bounds } => iter::once(&**array).chain(bounds).collect(),
        Expr::NullTest { argument, .. }
        | Expr::TruthTest { argument, .. }
        | Expr::InputOutput { argument, .. }
        | Expr::Convert(argument)
        | Expr::Relabel(argument) => vec![argument],
        Expr::Case {
            argument,
            whens,
            otherwise,
        } => {
            let branches = whens.iter().flat_map(|(when, then)| [when, then]);
            argument
                .as_deref()
                .into_iter()
                .chain(branches)
                .chain([&**otherwise])
                .collect()
        }
        Expr::Aggregate(aggregate) => {
            let filter = aggregate.filter.as_deref();
            aggregate
                .direct
                .iter()
                .chain(&aggregate.arguments)
                .chain(&aggregate.order)
                .chain(filter)
                .collect()
        }
        Expr::Window(call) => call
            .arguments
            .iter()
            .chain(call.filter.as_deref())
            .collect(),
        // Its query has a scope of its own, where the numbers of relations mean others.
        Expr::Sublink(sublink) => sublink.test.iter().collect(),
        Expr::Unknown(unknown) => unknown.parts.iter().collect(),
        Expr::Var(_)
        | Expr::Parameter(_)
        | Expr::SublinkColumn(_)
        | Expr::Const(_)
        | Expr::SqlValue(_)
        | Expr::NeverNull(_) => Vec::new(),
    }
}

/// Calls `visit` with every expression of one query at every depth; those of its subqueries are not.
pub(crate) fn every_expression<'t>(query: &'t QueryTree, visit: &mut dyn FnMut(&'t Expr)) {
    for root in roots(query) {
        below(root, visit);
    }
}

fn below<'t>(expr: &'t Expr, visit: &mut dyn FnMut(&'t Expr)) {
    visit(expr);
    for child in children(expr) {
        // Recursion is safe here: the depth was bounded when the tree was read.
        below(child, visit);
    }
}

/// Calls `visit` with a query and every query inside it.
pub(crate) fn every_query<'t>(query: &'t QueryTree, visit: &mut dyn FnMut(&'t QueryTree)) {
    visit(query);
    for cte in &query.ctes {
        every_query(&cte.query, visit);
    }
    for relation in &query.relations {
        if let RelationKind::Subquery(subquery) = &relation.kind {
            every_query(subquery, visit);
        }
    }
    // Values and functions in FROM are among the roots, so a subquery inside of them is found too.
    every_expression(query, &mut |expr| {
        if let Expr::Sublink(sublink) = expr {
            every_query(&sublink.query, visit);
        }
    });
}

/// The expressions a query is made of, assignments before conditions.
fn roots(query: &QueryTree) -> Vec<&Expr> {
    let targets = [&query.targets, &query.assignments, &query.returning];
    let targets = targets
        .into_iter()
        .flatten()
        .map(|target: &TargetEntry| &target.expr);
    let mut roots: Vec<&Expr> = targets.collect();
    for item in query.from.iter().flatten() {
        joins(item, &mut roots);
    }
    for relation in &query.relations {
        roots.extend(&relation.hidden);
        match &relation.kind {
            RelationKind::Values(rows) => roots.extend(rows.iter().flatten()),
            RelationKind::Functions { functions, .. } => {
                roots.extend(functions.iter().map(|(function, _)| function));
            }
            // Repeats of expressions that are elsewhere too, except the merged columns of a FULL
            // JOIN USING, which are only here.
            RelationKind::Join(columns) | RelationKind::Group(columns) => roots.extend(columns),
            _ => {}
        }
    }
    roots.extend(&query.conditions);
    roots.extend(query.windows.iter().flat_map(|window| &window.offsets));
    let clauses = [&query.filter, &query.having, &query.limit, &query.offset];
    roots.extend(clauses.into_iter().flatten());
    roots
}

fn joins<'t>(item: &'t FromItem, roots: &mut Vec<&'t Expr>) {
    if let FromItem::Join {
        left, right, on, ..
    } = item
    {
        joins(left, roots);
        joins(right, roots);
        roots.extend(on);
    }
}
