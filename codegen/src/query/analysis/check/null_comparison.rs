//! `= NULL`, which is never true: a comparison with NULL is NULL.

use super::overrides::is_null;
use super::{CheckedQuery, place};
use crate::query::analysis::tree::{self, CallForm, Expr, QueryTree};
use crate::report::diagnostic::{Diagnostic, Fix};

/// Warns of a comparison with a NULL that is written out, once for a query.
pub(super) fn warn_of_null(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Option<Diagnostic> {
    let mut found = false;
    tree::every_query(tree, &mut |query| {
        tree::every_expression(query, &mut |expr| found |= is_comparison(checked, expr));
    });
    // Once for a query: the tree has no positions since 17, so several could not be placed.
    found.then(|| {
        let span = place::before_null(&checked.typed.query);
        let message = "a comparison with NULL is never true";
        let meant = match span.text().split_whitespace().next() {
            Some("=") => Some("IS NULL"),
            Some("<>" | "!=") => Some("IS NOT NULL"),
            _ => None,
        };
        let fix = meant.map(|meant| Fix::replace(span.clone(), meant));
        let mut diagnostic = Diagnostic::error("null-comparison", span, message).warning();
        diagnostic.fixes.extend(fix);
        diagnostic.help("write `IS NULL`, or `IS NOT DISTINCT FROM` for a value that may be NULL")
    })
}

/// Whether an expression is `a = NULL`, or another comparison with NULL.
fn is_comparison(checked: &CheckedQuery<'_>, expr: &Expr) -> bool {
    let Expr::Call(call) = expr else {
        return false;
    };
    let equality = &checked.catalog.equality;
    // Not every operator: `NULL || 'x'` or `array || NULL` are meant as they are written.
    let compares = equality.is_equality(call.function) || equality.is_comparison(call.function);
    call.form == CallForm::Operator && compares && call.arguments.iter().any(is_null)
}
