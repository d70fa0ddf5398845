//! Calls that stand for parameters. A function has at most 100 arguments, so a query with more
//! parameters is stored as the body of a function without any: in the place of `$7`, an `integer`,
//! it has `pg_temp.xact_parameter_23(7)`, a function that gives an `integer` and is never called.
//! When the tree is read, such a call is the parameter again.

use super::try_statement;
use crate::query::{DescribedQuery, TypeCatalog};
use crate::sql::lexer;
use lexer::TokenKind;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

/// The text of a query with calls in the place of its parameters, whose types are these.
pub(super) fn replace_parameters(sql: &str, types: &[u32]) -> String {
    // A call is some twenty bytes longer than its parameter.
    let mut text = String::with_capacity(sql.len() * 4);
    for token in lexer::tokens(sql) {
        let written = &sql[token.range];
        let number = match token.kind {
            TokenKind::Positional => written.get(1..).and_then(|digits| digits.parse().ok()),
            _ => None,
        };
        let number = number.filter(|number: &usize| *number > 0);
        match number.and_then(|number| Some((number, types.get(number - 1)?))) {
            // In parentheses, because an index or a field may follow.
            Some((number, oid)) => {
                let _infallible = write!(text, "(pg_temp.xact_parameter_{oid}({number}))");
            }
            None => text += written,
        }
    }
    text
}

/// Creates a function for each type of the parameters; gives their OIDs. A type that Postgres
/// refuses to return has none, and then the queries that need it are refused.
pub(super) async fn create_stand_ins(
    connection: &mut PgConnection,
    queries: impl Iterator<Item = &DescribedQuery>,
    types: &TypeCatalog,
) -> Result<HashSet<u32>, sqlx::Error> {
    // Sorted, so that the same project sends the same statements in the same order.
    let oids: BTreeSet<u32> = queries
        .flat_map(|described| described.parameters.iter().copied())
        .collect();
    if oids.is_empty() {
        return Ok(HashSet::new());
    }
    for oid in oids {
        if let Some(found) = types.get(oid) {
            let result = &found.sql_name;
            let sql = format!(
                // No IMMUTABLE and no body: the planner never sees a call, because the query is
                // only stored.
                "CREATE FUNCTION pg_temp.xact_parameter_{oid}(integer) RETURNS {result} LANGUAGE sql AS ''"
            );
            try_statement(connection, sql).await?;
        }
    }
    let rows = sqlx::query(include_str!("stand_ins.sql"))
        .fetch_all(connection)
        .await?;
    let oids = rows.iter().map(|row| Ok(row.try_get::<Oid, _>("oid")?.0));
    oids.collect()
}
