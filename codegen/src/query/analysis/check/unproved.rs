//! Queries that could not be analysed: a warning says so, because nothing is proved of them and nothing checked.

use super::CheckedQuery;
use crate::query::analysis::fetch::NoTree;
use crate::report::diagnostic::Diagnostic;

/// A query is stored as such a function to be analysed.
const REFUSED: &str = "write it so that it can be the body of a function in SQL";
const DEEP: &str = "make several queries of it, or write it with fewer levels";

pub(super) fn check(checked: &CheckedQuery<'_>) -> Option<Diagnostic> {
    let (reason, help) = match checked.tree {
        Ok(_) if checked.gave_up => return Some(too_complicated(checked)),
        // A utility statement has no tree in Postgres and no columns to prove.
        Ok(_) | Err(NoTree::Utility) => return None,
        Err(NoTree::Refused(message)) => (message.as_str(), REFUSED),
        // Postgres gave a tree, so the reader's limit on depth refused it.
        Err(NoTree::NotUnderstood) => ("its expressions nest too deep", DEEP),
    };
    let message = format!(
        "`{}` cannot be analysed: {reason}",
        checked.typed.query.name
    );
    let unproved = "each of its columns is an `Option`, and no number of rows is proved";
    let unchecked = "nothing looks for session state, a missing WHERE or missing columns in it";
    let diagnostic = warning(checked, message).note(unproved).note(unchecked);
    Some(diagnostic.help(help))
}

fn too_complicated(checked: &CheckedQuery<'_>) -> Diagnostic {
    let query = &checked.typed.query.name;
    let message = format!("a column of `{query}` is too complicated to be proved");
    warning(checked, message)
        .note("it is an `Option`; `xact explain` says which column")
        .help("make several queries of it, or name the column `\"name!\"` if it is never NULL")
}

fn warning(checked: &CheckedQuery<'_>, message: String) -> Diagnostic {
    let span = checked.typed.query.name_span.clone();
    Diagnostic::error("not-analysed", span, message).warning()
}
