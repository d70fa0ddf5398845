//! Whether the query itself gave a column its name, by an alias at any depth, or a table, view or function did: a table's own
//! column `"total!"` declares nothing.

use super::scope::{self, Scope};
use super::tree::{Expr, QueryTree, Relation, RelationKind, Var};

/// For each column of a statement.
pub(super) fn of_columns(query: &QueryTree) -> Vec<bool> {
    let scope = Scope::outermost(query);
    let columns = query.columns();
    columns
        .map(|target| is_of_column(&scope, target.number, &target.name))
        .collect()
}

/// Whether a query gives this name to a column that may have it from elsewhere.
fn is_of_column(scope: &Scope<'_, '_>, column: usize, name: &str) -> bool {
    let mut targets = scope.query.columns();
    let target = targets.find(|target| target.number == column);
    match target.map(|target| (&target.expr, target.name == name)) {
        Some((Expr::Var(var), true)) => is_of_var(scope, *var, name),
        _ => true,
    }
}

fn is_of_var(scope: &Scope<'_, '_>, var: Var, name: &str) -> bool {
    let Some(scope) = scope.up(var.levels_up) else {
        return true;
    };
    let own = Var {
        levels_up: 0,
        ..var
    };
    let Some(own) = scope::ungrouped(scope.query, own) else {
        return true;
    };
    let own = scope::underlying(scope.query, own);
    let index = usize::try_from(own.column)
        .ok()
        .and_then(|c| c.checked_sub(1));
    let (Some(relation), Some(index)) = (scope.query.relation(own.relation), index) else {
        return true;
    };
    if index < relation.renamed || relation.columns.get(index).is_none_or(|own| own != name) {
        return true;
    }
    is_inside(scope, relation, index, name)
}

/// Whether the name that a relation has for its column is an alias of the query.
fn is_inside(scope: &Scope<'_, '_>, relation: &Relation, index: usize, name: &str) -> bool {
    match &relation.kind {
        RelationKind::Table { .. } => false,
        // `FROM unnest($1) AS "total!"` names the column too.
        RelationKind::Functions { .. } => relation.aliased && relation.name == name,
        RelationKind::Subquery(query) => is_of_column(&scope.inside(query), index + 1, name),
        RelationKind::Cte {
            name: cte,
            levels_up,
        } => match scope.cte(cte, *levels_up) {
            Some((owner, cte)) => is_of_column(&owner.inside(&cte.query), index + 1, name),
            None => true,
        },
        _ => true,
    }
}
