//! What outlives the transaction would reach whoever uses the connection next.

use super::super::tree::{self, Call, Expr, QueryTree};
use super::{Checked, place};
use crate::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// Functions of `pg_catalog` that change the session, and what to do instead.
const SESSION: &[(&str, &str)] = &[
    ("pg_advisory_lock", "use `pg_advisory_xact_lock`"),
    (
        "pg_advisory_lock_shared",
        "use `pg_advisory_xact_lock_shared`",
    ),
    ("pg_try_advisory_lock", "use `pg_try_advisory_xact_lock`"),
    (
        "pg_try_advisory_lock_shared",
        "use `pg_try_advisory_xact_lock_shared`",
    ),
    ("pg_advisory_unlock", UNLOCK),
    ("pg_advisory_unlock_shared", UNLOCK),
    ("pg_advisory_unlock_all", UNLOCK),
    (SET_CONFIG, "pass `true` as its third argument"),
];

const UNLOCK: &str =
    "use `pg_advisory_xact_lock`, whose lock ends with the transaction, and leave this out";

/// It changes the session unless its last argument is true.
const SET_CONFIG: &str = "set_config";

pub(super) fn check(checked: &Checked<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let mut found = BTreeMap::new();
    tree::every_query(tree, &mut |query| {
        tree::every_expression(query, &mut |expr| {
            if let Expr::Call(call) = expr {
                found.extend(outliving(checked, call));
            }
        });
    });
    let query = &checked.typed.query;
    found
        .into_iter()
        .map(|(function, help)| {
            let span = place::call(query, function);
            let message = format!("what `{function}` does outlives the transaction");
            Diagnostic::error("session-state", span, message)
                .note("another transaction will use the connection")
                .help(help)
        })
        .collect()
}

fn outliving(checked: &Checked<'_>, call: &Call) -> Option<(&'static str, &'static str)> {
    let function = checked.catalog.functions.get(&call.function)?;
    let (name, help) = SESSION.iter().find(|(name, _)| *name == function.name)?;
    let local = *name == SET_CONFIG && call.arguments.last().is_some_and(is_true);
    (function.built_in && !local).then_some((*name, *help))
}

fn is_true(expr: &Expr) -> bool {
    matches!(expr, Expr::Const(constant) if !constant.is_null_or_false())
}
