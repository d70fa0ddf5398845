//! UPDATE and DELETE without WHERE, which are seldom meant; a comment says that they are.

use super::{CheckedQuery, place};
use crate::query::Query;
use crate::query::analysis::tree::{self, QueryTree, StatementTree};
use crate::report::diagnostic::Diagnostic;
use crate::sql::lexer::{self, TokenKind};

/// The text of such a comment.
const MEANT: &str = "xact: all rows";

pub(super) fn check(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let query = &checked.typed.query;
    let mut diagnostics = Vec::new();
    if is_meant(query) {
        return diagnostics;
    }
    // Subqueries too: an UPDATE in WITH affects as many rows as one outside.
    tree::every_query(tree, &mut |inner| {
        let keyword = match inner.statement {
            StatementTree::Update => "UPDATE",
            StatementTree::Delete => "DELETE",
            _ => return,
        };
        // Any WHERE will do, `WHERE true` included: it shows that the author thought of the rows.
        if inner.filter.is_some() {
            return;
        }
        let table = written_to(checked, inner);
        let message = format!("{keyword} without WHERE is about every row of `{table}`");
        let span = place::statement(query, keyword, &table);
        let help = format!("add WHERE, or the comment `-- {MEANT}` if that is meant");
        let diagnostic = Diagnostic::error("missing-where", span, message);
        let comment = place::above_statement(query, &format!("-- {MEANT}"));
        diagnostics.push(diagnostic.warning().help(help).fix(comment));
    });
    diagnostics
}

/// The table that a statement writes to, by its own name.
fn written_to(checked: &CheckedQuery<'_>, query: &QueryTree) -> String {
    let table = checked.catalog.target(query);
    let alias = query.relation(query.result_relation);
    match (table, alias) {
        (Some(table), _) => table.name.clone(),
        (None, Some(relation)) => relation.name.clone(),
        (None, None) => String::new(),
    }
}

/// Whether a comment above the statement or inside it says so.
fn is_meant(query: &Query) -> bool {
    let text = query.span.text();
    let says = |text: &str| text.contains(MEANT);
    // A comment above the statement belongs to the query's remarks and is cut off its text.
    query.remarks.iter().any(|line| says(line))
        || lexer::tokens(text)
            .into_iter()
            .filter(|token| matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment))
            .any(|token| says(&text[token.range]))
}
