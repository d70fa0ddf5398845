//! ORDER BY a parameter: the same for all rows, so it sorts nothing. The name of a column cannot
//! be passed.

use super::{CheckedQuery, place};
use crate::query::analysis::tree::{self, CallForm, Expr, QueryTree};
use crate::report::diagnostic::Diagnostic;
use std::collections::BTreeSet;

pub(super) fn by_parameters(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    // A set, because a parameter that sorts twice is one mistake; ordered, so that messages keep
    // their order.
    let mut numbers = BTreeSet::new();
    tree::every_query(tree, &mut |query| {
        let sorting = query.targets.iter().filter(|target| {
            target.sort_group != 0
                && query
                    .sort_by
                    .iter()
                    .any(|key| key.group == target.sort_group)
        });
        numbers.extend(sorting.filter_map(|target| parameter(&target.expr)));
    });
    let query = &checked.typed.query;
    numbers
        .into_iter()
        .map(|number| {
            let span = place::sorting_parameter(query, number);
            let written = span.text().trim_end_matches('?').to_owned();
            let message = format!("`{written}` is one value for all rows, so it sorts nothing");
            let help = format!("write the column, or `CASE {written} WHEN 'name' THEN name END`");
            Diagnostic::error("constant-order", span, message)
                .warning()
                .help(help)
        })
        .collect()
}

/// The parameter that an expression is, whatever its type is changed to.
fn parameter(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Parameter(number) => Some(*number),
        Expr::Relabel(argument) | Expr::Convert(argument) | Expr::InputOutput { argument, .. } => {
            parameter(argument)
        }
        // A cast of a constant is as constant: `ORDER BY :column::text`.
        Expr::Call(call) if call.form == CallForm::Cast => parameter(call.arguments.first()?),
        _ => None,
    }
}
