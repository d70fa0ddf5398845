//! The leftovers of a statement that runs in no transaction.
//!
//! An index that was being built concurrently is there and not valid; `IF NOT EXISTS` would then
//! take it for the finished one. Other statements can be run again, or a person has to look.

use super::Session;
use super::refusal::stop_with_one;
use super::script::{MigrationScript, leading_words};
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Stop};
use crate::sql::lexer::{TokenKind, tokens};
use std::ops::Range;

/// Whether and how a statement can be repeated.
enum Repeatability {
    /// Builds the index of this name.
    BuildIndex(String),
    /// Drops the index of this name.
    DropIndex(String),
    /// Does the same when it runs again.
    Repeatable,
    /// It is unknown whether it may run twice.
    Unknown,
}

const REPEATABLE: &[&str] = &[
    "VACUUM",
    "ANALYZE",
    "REINDEX",
    "CLUSTER",
    "REFRESH",
    "CHECKPOINT",
];

/// Whether the statement at which a migration was interrupted is done. Half an index is removed.
///
/// # Errors
/// A diagnostic at a statement of which that is unknown.
pub(super) async fn is_done(
    session: &mut Session,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
) -> Result<bool, Stop> {
    let text = script.text(range);
    if !needs_no_transaction(text) && !may_commit(text) {
        // It ran in a transaction together with its count, so it is not done.
        return Ok(false);
    }
    drop_half_built_index(session, script, range).await?;
    match classify_statement(text) {
        // An index that is valid is complete: `indisvalid` is set last ("Building Indexes
        // Concurrently").
        Repeatability::BuildIndex(name) => Ok(is_index_valid(session, &name).await? == Some(true)),
        Repeatability::DropIndex(name) => Ok(is_index_valid(session, &name).await?.is_none()),
        Repeatability::Repeatable => Ok(false),
        Repeatability::Unknown => {
            let message =
                "the migration was interrupted at this statement, which may be done or not";
            let help = "look into the database; then `xact migrate mark VERSION` if all is done, or \
                undo the part that is done and `xact migrate unmark VERSION`";
            Err(stop_with_one(
                Diagnostic::error("interrupted", script.span(range), message).help(help),
            ))
        }
    }
}

/// Removes the index that the statement half built, if there is one.
pub(super) async fn drop_half_built_index(
    session: &mut Session,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
) -> Result<(), Failure> {
    let Repeatability::BuildIndex(name) = classify_statement(script.text(range)) else {
        return Ok(());
    };
    if is_index_valid(session, &name).await? == Some(false) {
        // CONCURRENTLY, because the plain form would block all queries of the table.
        let sql = format!("DROP INDEX CONCURRENTLY {name}");
        session
            .execute(&sql, "removing an index that is half built")
            .await?;
    }
    Ok(())
}

/// Whether a statement is of a kind that Postgres refuses inside a transaction.
pub(super) fn needs_no_transaction(statement: &str) -> bool {
    let tokens = tokens(statement);
    let concurrently = tokens.iter().any(|token| {
        token.kind == TokenKind::Word
            && statement[token.range.clone()].eq_ignore_ascii_case("CONCURRENTLY")
    });
    let words = leading_words(statement);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // `REFRESH … CONCURRENTLY` is one of those that a transaction takes.
    let refresh = words.first() == Some(&"REFRESH");
    concurrently && !refresh
        || matches!(
            words.as_slice(),
            // CALL and DO may COMMIT inside, which a transaction around them forbids.
            ["VACUUM" | "CALL" | "DO", ..]
                | [
                    "CREATE" | "DROP",
                    "DATABASE" | "TABLESPACE" | "SUBSCRIPTION",
                    ..
                ]
                | ["ALTER", "SYSTEM", ..]
                | ["REINDEX", "DATABASE" | "SYSTEM" | "SCHEMA", ..]
        )
}

/// Whether a statement may end transactions on its way.
fn may_commit(statement: &str) -> bool {
    let leading = leading_words(statement);
    match leading.first().map(String::as_str) {
        Some("CALL") => true,
        Some("DO") => statement.to_ascii_uppercase().contains("COMMIT"),
        _ => false,
    }
}

fn classify_statement(statement: &str) -> Repeatability {
    let leading = leading_words(statement);
    let leading: Vec<&str> = leading.iter().map(String::as_str).collect();
    match leading.as_slice() {
        ["CREATE", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] => {
            index_name(statement).map_or(Repeatability::Unknown, Repeatability::BuildIndex)
        }
        ["DROP", "INDEX", ..] => {
            index_name(statement).map_or(Repeatability::Unknown, Repeatability::DropIndex)
        }
        [first, ..] if REPEATABLE.contains(first) => Repeatability::Repeatable,
        _ => Repeatability::Unknown,
    }
}

/// The name between `CONCURRENTLY [IF [NOT] EXISTS]` and the `ON` or the end, as written; nothing
/// for an index without a name of its own, and for several.
fn index_name(statement: &str) -> Option<String> {
    let tokens = tokens(statement).into_iter();
    let tokens = tokens.filter(|token| !token.kind.is_trivia());
    let texts: Vec<&str> = tokens.map(|token| &statement[token.range]).collect();
    let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
    let start = texts.iter().position(|text| is(text, "CONCURRENTLY"))? + 1;
    let rest = texts.get(start..)?.iter();
    let rest = rest.skip_while(|text| is(text, "IF") || is(text, "NOT") || is(text, "EXISTS"));
    let name: Vec<&str> = rest
        .copied()
        .take_while(|text| !is(text, "ON") && !is(text, "CASCADE") && !is(text, "RESTRICT"))
        .collect();
    // Postgres chooses the name itself then, or several are dropped one by one.
    if name.is_empty() || name.contains(&",") {
        return None;
    }
    // An index is in the schema of its table.
    let table = texts.iter().position(|text| is(text, "ON"));
    let table = table.map(|on| &texts[on + 1..]).unwrap_or_default();
    let table = table.strip_prefix(&["ONLY"]).unwrap_or(table);
    match (name.as_slice(), table) {
        ([name], [schema, ".", ..]) => Some(format!("{schema}.{name}")),
        (name, _) => Some(name.concat()),
    }
}

/// Whether the index is valid; nothing if there is no such index.
async fn is_index_valid(session: &mut Session, name: &str) -> Result<Option<bool>, Failure> {
    sqlx::query_scalar(
        // `to_regclass` gives NULL for no such index, where a cast would be an error.
        "SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = to_regclass($1)",
    )
    .bind(name)
    .fetch_optional(&mut session.connection)
    .await
    .map_err(Failure::connection("looking for an index"))
}

#[cfg(test)]
mod tests {
    use super::{index_name, needs_no_transaction};

    #[test]
    fn the_name_of_an_index_is_read_from_its_statement() {
        let name = |sql: &str| index_name(sql);
        let quoted = r#"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "My i" ON a.t (b)"#;
        assert_eq!(name(quoted).as_deref(), Some("a.\"My i\""));
        assert_eq!(name("drop index concurrently a.i").as_deref(), Some("a.i"));
        assert_eq!(name("CREATE INDEX CONCURRENTLY ON t (b)"), None);
        assert_eq!(name("DROP INDEX CONCURRENTLY a, b"), None);
    }

    #[test]
    fn statements_that_no_transaction_takes_are_known() {
        assert!(needs_no_transaction("create index concurrently i on t (a)"));
        assert!(needs_no_transaction("VACUUM t"));
        assert!(!needs_no_transaction(
            "REFRESH MATERIALIZED VIEW CONCURRENTLY m"
        ));
        assert!(!needs_no_transaction(
            "CREATE TABLE t (a text DEFAULT 'CONCURRENTLY')"
        ));
    }
}
