//! INSERT without a column that must have a value: Postgres would refuse every row.

use super::{CheckedQuery, place};
use crate::query::analysis::catalog::{CatalogColumn, CatalogRelation, TableKind};
use crate::query::analysis::tree::{self, Expr, QueryTree, StatementTree};
use crate::report::diagnostic::Diagnostic;

pub(super) fn missing_columns(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    tree::every_query(tree, &mut |query| {
        if query.statement == StatementTree::Insert
            && let Some(table) = checked.catalog.target(query)
        {
            diagnostics.extend(missing(checked, query, table));
        }
    });
    diagnostics
}

fn missing(
    checked: &CheckedQuery<'_>,
    query: &QueryTree,
    table: &CatalogRelation,
) -> Option<Diagnostic> {
    // A view has columns of several tables, a foreign table defaults of its server, and a rule may
    // fill a column.
    if table.kind != TableKind::Stored || table.rewrites {
        return None;
    }
    let mut missing: Vec<(&i32, &CatalogColumn)> = table
        .columns
        .iter()
        .filter(|(number, column)| column.required && !is_given(query, **number))
        .collect();
    // The columns are kept in a hash map, and messages must not depend on its order.
    missing.sort_by_key(|(number, _)| **number);
    let names: Vec<String> = missing
        .iter()
        .map(|(_, column)| format!("`{}.{}`", table.name, column.name))
        .collect();
    let which = match names.as_slice() {
        [] => return None,
        [one] => format!("{one}, which is NOT NULL without a default"),
        [first @ .., last] => {
            let first = first.join(", ");
            format!("{first} and {last}, which are NOT NULL without a default")
        }
    };
    let span = place::statement(&checked.typed.query, "INSERT", &table.name);
    let message = format!("INSERT leaves out {which}");
    let diagnostic = Diagnostic::error("missing-column", span, message)
        .help("give it a value here, or a DEFAULT in a migration");
    // NOT NULL is checked after BEFORE triggers, so this INSERT may well succeed.
    if table.triggers.insert {
        let note = format!("a BEFORE INSERT trigger of `{}` may fill it", table.name);
        return Some(diagnostic.warning().note(note));
    }
    Some(diagnostic)
}

/// Whether INSERT names the column and gives it something else than DEFAULT.
fn is_given(query: &QueryTree, column: i32) -> bool {
    let is_default =
        |expr: &Expr| matches!(expr, Expr::Unknown(unknown) if unknown.tag == "SETTODEFAULT");
    query
        .targets
        .iter()
        // In a VALUES list of several rows, a DEFAULT is inside the range table and is not seen
        // here: no diagnostic is better than a false one.
        .any(|target| usize::try_from(column) == Ok(target.number) && !is_default(&target.expr))
}
