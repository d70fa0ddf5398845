//! How many rows the name line expects, and how many the statement can give.

use super::CheckedQuery;
use crate::query::Command;
use crate::query::analysis::Typed;
use crate::query::analysis::cardinality::{Cardinality, missing_key};
use crate::query::analysis::tree::{QueryTree, StatementTree};
use crate::report::diagnostic::{Diagnostic, Fix};

pub(super) fn no_rows(typed: &Typed) -> Option<Diagnostic> {
    let command = typed.query.command;
    if !command.needs_rows() || !typed.columns.is_empty() {
        return None;
    }
    let message = format!(
        "`:{}` expects rows, but the statement gives none",
        command.word()
    );
    let span = typed.query.name_span.clone();
    let fix = Fix::replace(typed.query.command_span(), ":exec");
    let diagnostic = Diagnostic::error("no-rows", span, message).fix(fix);
    Some(diagnostic.help("add RETURNING, or use `:exec`"))
}

/// A second row is an error at run time, so that there is none should be known before.
pub(super) fn unproved_cardinality(
    checked: &CheckedQuery<'_>,
    tree: &QueryTree,
) -> Option<Diagnostic> {
    let typed = checked.typed;
    let command = typed.query.command;
    let one = matches!(command, Command::One | Command::Optional);
    // Without columns `no_rows` has reported it, and one message for a mistake is enough.
    if !one || typed.columns.is_empty() || typed.cardinality != Cardinality::Unknown {
        return None;
    }
    let message = format!(
        "`:{}` expects at most one row, but nothing proves that there is no second",
        command.word()
    );
    let span = typed.query.name_span.clone();
    let diagnostic = Diagnostic::error("unproved-cardinality", span, message).warning();
    let fix = Fix::replace(typed.query.command_span(), ":many");
    Some(diagnostic.help(what_proves(checked, tree)).fix(fix))
}

fn what_proves(checked: &CheckedQuery<'_>, tree: &QueryTree) -> String {
    // The key first: LIMIT 1 hides a second row, while the key makes it impossible.
    let key = missing_key(tree, checked.catalog).map(|key| format!("bind {key} with `=`"));
    // UPDATE and DELETE have no LIMIT in Postgres.
    let limit = (tree.statement == StatementTree::Select).then(|| "add `LIMIT 1`".to_owned());
    let mut ways: Vec<String> = key.into_iter().chain(limit).collect();
    ways.push("use `:many`".to_owned());
    match ways.as_slice() {
        [only] => only.clone(),
        [first, last] => format!("{first}, or {last}"),
        [first, middle, .., last] => format!("{first}, {middle}, or {last}"),
        [] => String::new(),
    }
}
