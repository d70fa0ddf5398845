//! The column of a table that an output column is, unchanged, through joins, subqueries, WITH and
//! views. An outer join may put NULL in its place; it is the same column all the same.

use super::catalog::Catalog;
use super::scope::{self, Scope};
use super::tree::{Expr, QueryTree, RelationKind, Var};
use crate::schema::ColumnId;

/// The origin of each column of a statement.
pub(super) fn of_columns(query: &QueryTree, catalog: &Catalog) -> Vec<Option<ColumnId>> {
    let scope = Scope::outermost(query);
    query
        .columns()
        .map(|target| of_column(&scope, target.number, catalog))
        .collect()
}

/// The origin of one column of a query.
fn of_column(scope: &Scope<'_, '_>, column: usize, catalog: &Catalog) -> Option<ColumnId> {
    if scope.query.set_operations.is_some() {
        return None;
    }
    let target = scope
        .query
        .columns()
        .find(|target| target.number == column)?;
    match &target.expr {
        Expr::Var(var) => of_var(scope, *var, catalog),
        _ => None,
    }
}

fn of_var(scope: &Scope<'_, '_>, var: Var, catalog: &Catalog) -> Option<ColumnId> {
    let scope = scope.up(var.levels_up)?;
    let own = Var {
        levels_up: 0,
        ..var
    };
    let own = scope::underlying(scope.query, scope::ungrouped(scope.query, own)?);
    if catalog.returns_others(scope.query, own.relation) {
        return None;
    }
    match &scope.query.relation(own.relation)?.kind {
        RelationKind::Table { oid, .. } => of_table(*oid, own.column, catalog),
        RelationKind::Subquery(query) => {
            of_column(&scope.inside(query), index(own.column)? + 1, catalog)
        }
        RelationKind::Cte { name, levels_up } => {
            let (owner, cte) = scope.cte(name, *levels_up)?;
            of_column(&owner.inside(&cte.query), index(own.column)? + 1, catalog)
        }
        _ => None,
    }
}

/// The column itself, or what it is in the tables below a view.
pub(super) fn of_table(oid: u32, column: i32, catalog: &Catalog) -> Option<ColumnId> {
    match &catalog.tables.get(&oid)?.view {
        Some(view) => of_column(&Scope::outermost(view), index(column)? + 1, catalog),
        None if column > 0 => Some((oid, i16::try_from(column).ok()?)),
        None => None,
    }
}

fn index(column: i32) -> Option<usize> {
    usize::try_from(column).ok()?.checked_sub(1)
}
