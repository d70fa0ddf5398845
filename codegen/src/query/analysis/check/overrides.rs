//! Marks on aliases that repeat a proof, or contradict it.

use super::{CheckedQuery, place};
use crate::query::analysis::nullability::NullVerdict;
use crate::query::analysis::overrides::Alias;
use crate::query::analysis::tree::{Expr, QueryTree};
use crate::report::diagnostic::{Diagnostic, Fix};

pub(super) fn check(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let columns = checked.proved.iter().zip(tree.columns()).enumerate();
    columns
        .filter_map(|(index, ((alias, proved), target))| {
            let warning = warning(checked, index, alias, proved, &target.expr);
            let mark = if alias.nullable? { "?" } else { "!" };
            let warning = warning?.help(format!("remove the `{mark}`"));
            Some(match place::find_mark(&warning, mark) {
                Some(mark) => warning.fix(Fix::remove(mark)),
                None => warning,
            })
        })
        .collect()
}

fn warning(
    checked: &CheckedQuery<'_>,
    index: usize,
    alias: &Alias,
    proved: &NullVerdict,
    expr: &Expr,
) -> Option<Diagnostic> {
    let span = || place::column_name(checked.typed, index);
    let (name, evidence) = (&alias.name, &proved.evidence);
    let diagnostic = match (alias.nullable?, proved.nullable) {
        // In a row of a table the mark is why its type is not that of the table.
        (false, false) if is_row_of_table(checked) => return None,
        (false, false) => {
            let message = format!("`{name}!` is not needed: {evidence}");
            Diagnostic::error("redundant-override", span(), message)
        }
        (true, true) => {
            let message = format!("`{name}?` is not needed: {evidence}");
            Diagnostic::error("redundant-override", span(), message)
        }
        (true, false) => {
            let message = format!("`{name}?` is never NULL: {evidence}");
            Diagnostic::error("contradicted-override", span(), message)
        }
        (false, true) if is_null(expr) => {
            let message = format!("`{name}!` is NULL in every row");
            Diagnostic::error("contradicted-override", span(), message)
        }
        // The purpose of the mark: the author knows more than the proof.
        (false, true) => return None,
    };
    Some(diagnostic.warning())
}

/// Whether the columns are all of one table, in any order.
fn is_row_of_table(checked: &CheckedQuery<'_>) -> bool {
    let columns = &checked.typed.columns;
    let Some((oid, _)) = columns.first().and_then(|column| column.origin) else {
        return false;
    };
    let table = checked.catalog.tables.get(&oid);
    let mut origins = columns.iter().filter_map(|column| column.origin);
    // Such a row is given the type of the table, whose fields are those of the table and not of
    // this query.
    table.is_some_and(|table| table.columns.len() == columns.len())
        && origins.all(|(found, _)| found == oid)
}

/// Whether it is written as NULL.
pub(super) fn is_null(expr: &Expr) -> bool {
    match expr {
        Expr::Const(constant) => constant.value.is_none(),
        Expr::Relabel(argument) | Expr::Convert(argument) | Expr::InputOutput { argument, .. } => {
            is_null(argument)
        }
        _ => false,
    }
}
