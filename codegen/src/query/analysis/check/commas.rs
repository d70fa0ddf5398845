//! A missing comma: `SELECT id email` is the column `id` under the name `email`, and one column less than meant.

use super::{CheckedQuery, place};
use crate::query::analysis::tree::{Expr, QueryTree, Relation, TargetEntry};
use crate::report::diagnostic::{Diagnostic, Fix};

/// Warns of an alias without AS that is the name of another column in FROM.
pub(super) fn warn_of_missing(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let columns = tree.columns().enumerate();
    let found = columns.filter_map(|(index, target)| {
        let column = find_column(tree, target)?;
        // Only the name of another column of FROM is suspicious; any other name is a plain alias.
        let is_other = column != target.name && has_column(tree, &target.name);
        let span = place::bare_alias(checked.typed, index).filter(|_| is_other)?;
        let alias = &target.name;
        let message =
            format!("`{column}` is selected under the name `{alias}`, which is another column");
        let help = format!(
            "write the comma, `{column}, {alias}`, or AS if that is meant: `{column} AS {alias}`"
        );
        let comma = Fix::insert_before(&span, ", ");
        let keyword = Fix::insert_before(&span, "AS ");
        let diagnostic = Diagnostic::error("missing-comma", span, message).warning();
        Some(diagnostic.help(help).fix(comma).fix(keyword))
    });
    found.collect()
}

/// The name of the column that a column of the result is.
fn find_column<'t>(tree: &'t QueryTree, target: &TargetEntry) -> Option<&'t str> {
    let Expr::Var(var) = &target.expr else {
        return None;
    };
    let relation = tree.relation(var.relation).filter(|_| var.levels_up == 0)?;
    let index = usize::try_from(var.column).ok()?.checked_sub(1)?;
    relation.columns.get(index).map(String::as_str)
}

fn has_column(tree: &QueryTree, name: &str) -> bool {
    let mut columns = tree.relations.iter().flat_map(Relation::existing_columns);
    columns.any(|(_, column)| column == name)
}
