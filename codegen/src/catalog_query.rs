//! Queries of the tool's own over the system catalog, which mean the same in every database.
//!
//! A project may create operators, functions and types that fit such a query better than Postgres's own: for two
//! `smallint[]`, an `=` of a domain over `integer[]` is as good as that of `anyarray`. So each query is analysed with a
//! search path of `pg_catalog` alone. Names that it prints still read as the session's search path has it: `notes`, not
//! `public.notes`.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Postgres, Row as _};

/// `pg_temp` last, because otherwise its tables and types come first. A cursor is planned for the first tenth of its
/// rows (`cursor_tuple_fraction`), but all of them are read here.
const ENTER: &str = "SELECT pg_catalog.current_setting('search_path'),
    pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
    pg_catalog.set_config('cursor_tuple_fraction', '1', true)";

const LEAVE: &str = "SELECT pg_catalog.set_config('search_path', $1, true)";

/// Only a superuser may set it, or a role that was granted it.
const ENGLISH: &str = "SELECT pg_catalog.set_config('lc_messages', 'C', false)
    WHERE pg_catalog.has_parameter_privilege('lc_messages', 'SET')";

/// Asks for messages in English in this session, as far as the user may: diagnostics then read the same on every server.
///
/// Nothing is decided by the text of a message. But the context of an error names functions in a sentence alone, and a caret
/// under a name that has no position is found by the name between quotes.
pub(crate) async fn ask_for_english(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute(ENGLISH).await.map(drop)
}

/// All rows of a catalog query without parameters.
pub(crate) async fn fetch_catalog(
    connection: &mut PgConnection,
    sql: &'static str,
) -> Result<Vec<PgRow>, sqlx::Error> {
    fetch_catalog_with(connection, sql, |query| query).await
}

/// All rows of a catalog query; `bind` gives it the values of its parameters.
pub(crate) async fn fetch_catalog_with<'q>(
    connection: &mut PgConnection,
    sql: &'static str,
    bind: impl FnOnce(Query<'q, Postgres, PgArguments>) -> Query<'q, Postgres, PgArguments>,
) -> Result<Vec<PgRow>, sqlx::Error> {
    fetch_catalog_planned(connection, sql, Planning::Default, bind).await
}

/// What the planner cannot know: a new database has statistics of Postgres's own objects alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Planning {
    Default,
    /// A few rows are searched by their keys, again and again. They look like most of their catalog, which would be read whole each time.
    ByKeys,
    /// Whole catalogs are joined. They look small enough for nested loops.
    Whole,
}

impl Planning {
    fn setting(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::ByKeys => Some("SET LOCAL enable_seqscan = off"),
            Self::Whole => Some("SET LOCAL enable_nestloop = off"),
        }
    }
}

/// The same, planned as this says.
///
/// Surprise: Postgres analyses a prepared statement a second time if `search_path` changed since. A cursor keeps the
/// plan that it was opened with, so it is opened with one search path and read with the other. Nothing is written,
/// and the settings are as before.
pub(crate) async fn fetch_catalog_planned<'q>(
    connection: &mut PgConnection,
    sql: &'static str,
    planning: Planning,
    bind: impl FnOnce(Query<'q, Postgres, PgArguments>) -> Query<'q, Postgres, PgArguments>,
) -> Result<Vec<PgRow>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let path: String = sqlx::query(ENTER)
        .fetch_one(&mut *transaction)
        .await?
        .try_get(0)?;
    if let Some(setting) = planning.setting() {
        transaction.execute(setting).await?;
    }
    let cursor = format!("DECLARE xact_catalog NO SCROLL CURSOR FOR {sql}");
    bind(sqlx::query(AssertSqlSafe(cursor)).persistent(false))
        .execute(&mut *transaction)
        .await?;
    sqlx::query(LEAVE)
        .bind(path)
        .execute(&mut *transaction)
        .await?;
    let rows = sqlx::query("FETCH ALL FROM xact_catalog")
        .persistent(false)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    Ok(rows)
}
