//! Whether the query itself gave a column its name, by an alias at any depth, or a table, view or function did: a table's own
//! column `"total!"` declares nothing.

use super::catalog::Catalog;
use super::lineage::{Gap, Source, find_source};
use super::scope::{self, QueryScope};
use super::tree::{Expr, QueryTree, Relation, Var};

/// For each column of a statement.
pub(super) fn find_aliases(query: &QueryTree, catalog: &Catalog) -> Vec<bool> {
    let scope = QueryScope::outermost(query);
    let columns = query.columns();
    columns
        .map(|target| is_of_column(&scope, target.number, &target.name, catalog))
        .collect()
}

/// Whether a query gives this name to a column that may have it from elsewhere.
fn is_of_column<'t>(
    scope: &QueryScope<'t, '_>,
    column: usize,
    name: &str,
    catalog: &'t Catalog,
) -> bool {
    let mut targets = scope.query.columns();
    let target = targets.find(|target| target.number == column);
    match target.map(|target| (&target.expr, target.name == name)) {
        Some((Expr::Var(var), true)) => is_of_var(scope, *var, name, catalog),
        // A computed value has its name from the query: an alias, or the one that Postgres derives
        // from the expression.
        _ => true,
    }
}

fn is_of_var<'t>(scope: &QueryScope<'t, '_>, var: Var, name: &str, catalog: &'t Catalog) -> bool {
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
    // `FROM t AS a ("total!")` is an alias of the query for a column of the table.
    if index < relation.renamed || relation.columns.get(index).is_none_or(|own| own != name) {
        return true;
    }
    is_inside(scope, relation, index, catalog)
}

/// Whether the name that a relation has for its column is an alias of the query.
fn is_inside<'t>(
    scope: &QueryScope<'t, '_>,
    relation: &'t Relation,
    index: usize,
    catalog: &'t Catalog,
) -> bool {
    let name = &relation.columns[index];
    match find_source(scope, relation, catalog) {
        // A view names its columns as a table does.
        Source::Stored(_) | Source::View(..) | Source::Unknown(Gap::NotInCatalog) => false,
        // `FROM unnest($1) AS "total!"` names the column too.
        Source::Functions { .. } => relation.aliased && relation.name == *name,
        Source::Query(inner) | Source::Recursive(inner, _) => {
            is_of_column(&inner, index + 1, name, catalog)
        }
        // Columns of VALUES are called `column1`, so any other name was written in the query.
        Source::Values(_) | Source::Expressions(_) | Source::Unknown(_) => true,
    }
}
