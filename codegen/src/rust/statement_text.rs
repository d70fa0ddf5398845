//! The text of a statement in generated code: the name of its query, and the literal that holds it.

use super::names::{rust_literal, turns_text};
use crate::sql::lexer::tokens;

/// The text with the name in it, for readers of `pg_stat_activity`, `pg_stat_statements` or the server's log.
///
/// It is after the first word, because Postgres 18 leaves a comment before it out of its statistics, and `pg_stat_activity`
/// cuts off the end.
pub(super) fn with_name(sql: &str, name: &str) -> String {
    let first = tokens(sql)
        .into_iter()
        .find(|token| !token.kind.is_trivia());
    let (head, tail) = sql.split_at(first.map_or(0, |token| token.range.end));
    format!("{head} /* {name} */{tail}")
}

/// A Rust literal of a whole statement, which begins on a line of its own, as in the query file.
pub(super) fn whole_statement_literal(sql: &str) -> String {
    let literal = statement_literal(sql);
    // A backslash at the end of a line takes the white space after it out of the literal, but not in a raw string
    // (Rust reference, "String continuation escapes").
    match literal.strip_prefix('"') {
        Some(rest) if !rest.starts_with(char::is_whitespace) => format!("\"\\\n{rest}"),
        _ => literal,
    }
}

/// A Rust literal of the statement that reads like the statement.
pub(super) fn statement_literal(sql: &str) -> String {
    // A raw string cannot hold a carriage return, and the compiler refuses text that turns.
    if sql.contains(|c: char| c == '\r' || turns_text(c)) {
        return rust_literal(sql);
    }
    let mut fence = String::new();
    // A raw string ends at a quote with as many `#` as it began with.
    while sql.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    if fence.is_empty() && !sql.contains('\\') {
        return format!("\"{sql}\"");
    }
    format!("r{fence}\"{sql}\"{fence}")
}
