//! Statistics of a database: its connections, slow queries, tables and indexes.
//!
//! Only views of Postgres are read, and nothing is changed.

use crate::catalog_query::fetch_catalog;
use crate::query::Query;
use crate::report::Failure;
use crate::sql::fingerprint::fingerprint;
use crate::sql::lexer::{TokenKind, tokens};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use std::collections::HashMap;

/// A table has bloat worth naming from so many dead rows on, if they are a fifth of all.
const DEAD_ROWS: i64 = 1_000;

/// Everything, also as tools read it.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// Who is connected to the server.
    pub connections: Connections,
    /// The statements that took most of the time; nothing without `pg_stat_statements`.
    pub slow_queries: Option<Vec<SlowQuery>>,
    /// The biggest first.
    pub tables: Vec<TableStats>,
    /// The biggest first.
    pub indexes: Vec<IndexStats>,
}

/// How many are connected, and their states.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Connections {
    /// How many there may be.
    pub allowed: i64,
    /// How many there are.
    pub total: i64,
    /// Those at work.
    pub active: i64,
    /// Those that do nothing.
    pub idle: i64,
    /// Those that do nothing and hold a transaction open.
    pub idle_in_transaction: i64,
    /// Those that wait for the lock of another session.
    pub waiting_for_locks: i64,
    /// For how long the oldest transaction has been open.
    pub oldest_transaction_seconds: f64,
}

/// A statement and its cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlowQuery {
    /// The generated function, if it is one of the project's queries.
    pub function: Option<String>,
    /// Its text.
    pub sql: String,
    /// How often it ran.
    pub calls: i64,
    /// Milliseconds in all.
    pub total_ms: f64,
    /// Milliseconds each time.
    pub mean_ms: f64,
    /// Rows in all.
    pub rows: i64,
}

/// A table and its size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableStats {
    /// Its name as SQL.
    pub name: String,
    /// How many rows Postgres believes it has.
    pub rows: i64,
    /// With indexes and everything.
    pub bytes: i64,
    /// The indexes alone.
    pub index_bytes: i64,
    /// Rows that are dead and not yet vacuumed.
    pub dead_rows: i64,
    /// Whether vacuum has work to do.
    pub bloated: bool,
}

/// An index and how often it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexStats {
    /// Its name as SQL.
    pub name: String,
    /// Its table as SQL.
    pub table: String,
    /// In bytes.
    pub bytes: i64,
    /// How often it was read since the statistics began.
    pub scans: i64,
    /// Never read, and no constraint needs it.
    pub unused: bool,
    /// Half built, and of no use: to be dropped and built again.
    pub invalid: bool,
}

/// Asks the database. Slow queries are called by the names of `queries`.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Nothing is changed.
pub async fn stats(connection: &mut PgConnection, queries: &[Query]) -> Result<Stats, Failure> {
    let asked = ask_statistics(connection, queries).await;
    asked.map_err(Failure::connection("reading the statistics"))
}

async fn ask_statistics(
    connection: &mut PgConnection,
    queries: &[Query],
) -> Result<Stats, sqlx::Error> {
    let counted = fetch_catalog(connection, include_str!("connections.sql")).await?;
    let tables = fetch_catalog(connection, include_str!("tables.sql")).await?;
    let indexes = fetch_catalog(connection, include_str!("indexes.sql")).await?;
    let counted = counted.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Stats {
        connections: read_connections(counted)?,
        slow_queries: slow_queries(connection, queries).await?,
        tables: tables.iter().map(read_table).collect::<Result<_, _>>()?,
        indexes: indexes.iter().map(read_index).collect::<Result<_, _>>()?,
    })
}

fn read_connections(row: &PgRow) -> Result<Connections, sqlx::Error> {
    Ok(Connections {
        allowed: row.try_get("allowed")?,
        total: row.try_get("total")?,
        active: row.try_get("active")?,
        idle: row.try_get("idle")?,
        idle_in_transaction: row.try_get("idle_in_transaction")?,
        waiting_for_locks: row.try_get("waiting_for_locks")?,
        oldest_transaction_seconds: row.try_get("oldest_transaction_seconds")?,
    })
}

fn read_table(row: &PgRow) -> Result<TableStats, sqlx::Error> {
    let (live, dead): (i64, i64) = (row.try_get("live")?, row.try_get("dead")?);
    Ok(TableStats {
        name: row.try_get("name")?,
        rows: row.try_get("rows")?,
        bytes: row.try_get("bytes")?,
        index_bytes: row.try_get("index_bytes")?,
        dead_rows: dead,
        // A fifth of all rows, the default of `autovacuum_vacuum_scale_factor`: beyond it vacuum is
        // late.
        bloated: dead >= DEAD_ROWS && dead * 4 >= live,
    })
}

fn read_index(row: &PgRow) -> Result<IndexStats, sqlx::Error> {
    Ok(IndexStats {
        name: row.try_get("name")?,
        table: row.try_get("table_name")?,
        bytes: row.try_get("bytes")?,
        scans: row.try_get("scans")?,
        unused: row.try_get("unused")?,
        invalid: !row.try_get::<bool, _>("valid")?,
    })
}

/// The query whose name is in the comment after the first word, as generated code sends it: `SELECT /* name */ …`. Columns in
/// place of `*`, and batches, make the text another one than that of the query file.
fn find_query_name<'q>(sql: &str, queries: &'q [Query]) -> Option<&'q str> {
    // `SELECT /* name */ …`: the comment is behind the first word, where pg_stat_statements keeps
    // it.
    let tokens = tokens(sql);
    let first = tokens.iter().position(|token| !token.kind.is_trivia())?;
    let mut next = tokens[first + 1..]
        .iter()
        .take_while(|token| token.kind.is_trivia());
    let comment = next.find(|token| token.kind == TokenKind::BlockComment)?;
    let written = sql[comment.range.clone()].trim_matches(['/', '*', ' ']);
    let mut names = queries.iter().map(|query| query.name.as_str());
    names.find(|name| *name == written)
}

/// Nothing where the extension is not installed, or not loaded by the server.
async fn slow_queries(
    connection: &mut PgConnection,
    queries: &[Query],
) -> Result<Option<Vec<SlowQuery>>, sqlx::Error> {
    let there: bool = sqlx::query_scalar(
        // The view exists without the library, and then each query of it is an error.
        "SELECT to_regclass('pg_stat_statements') IS NOT NULL \
         AND current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(None);
    }
    let names: HashMap<String, &str> = queries
        .iter()
        .map(|query| (fingerprint(&query.sql.text), query.name.as_str()))
        .collect();
    let rows = sqlx::query(include_str!("slow.sql"))
        .fetch_all(connection)
        .await?;
    let slow = rows.iter().map(|row| {
        let sql: String = row.try_get("query")?;
        Ok(SlowQuery {
            function: find_query_name(&sql, queries)
                // Statements of other versions of the program have no such comment.
                .or_else(|| names.get(&fingerprint(&sql)).copied())
                .map(str::to_owned),
            sql,
            calls: row.try_get("calls")?,
            total_ms: row.try_get("total_ms")?,
            mean_ms: row.try_get("mean_ms")?,
            rows: row.try_get("rows")?,
        })
    });
    slow.collect::<Result<_, sqlx::Error>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::find_query_name;
    use crate::report::source::SourceFile;
    use std::sync::Arc;

    #[test]
    fn a_query_is_known_by_the_name_in_its_comment() {
        let (path, text) = (
            "queries/notes.sql",
            "-- name: notes_list :many\nSELECT * FROM notes",
        );
        let (queries, _) = crate::query::parse(&Arc::new(SourceFile::new(path, text)));
        let of = |sql| find_query_name(sql, &queries);
        assert_eq!(
            of("SELECT /* notes_list */ notes.id FROM notes"),
            Some("notes_list")
        );
        assert_eq!(of("SELECT /* other */ 1"), None);
        assert_eq!(of("SELECT 1 /* notes_list */"), None);
        assert_eq!(of(""), None);
    }
}
