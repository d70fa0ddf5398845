//! Statements attempted one after the other, on a Postgres that cannot catch errors inside a function.
//!
//! One compiled to WebAssembly unwinds to its outermost handler, past `EXCEPTION WHEN`. It answers
//! without a wire in between, so a savepoint for each statement costs little there.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// The name of the statement at work, as in `attempt.sql`.
const NAME: &str = "xact_attempt";

/// Whether this is such a Postgres.
pub(super) async fn is_needed(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_catalog.version() LIKE '% on wasm%'")
        .fetch_one(connection)
        .await
}

/// What Postgres has against which statement, as `attempt.sql` would say it: its place, an error code and words.
pub(super) async fn attempt(
    connection: &mut PgConnection,
    statements: &[&str],
    arguments: &[Option<String>],
) -> Result<Vec<(usize, String, String)>, sqlx::Error> {
    let mut refused = Vec::new();
    for (index, (statement, arguments)) in statements.iter().zip(arguments).enumerate() {
        let error = match arguments {
            None => undone(connection, (*statement).to_owned()).await?,
            Some(arguments) => explained(connection, statement, arguments).await?,
        };
        match error {
            None => {}
            Some(sqlx::Error::Database(error)) => {
                let state = error.code().unwrap_or_default().into_owned();
                refused.push((index, state, error.message().to_owned()));
            }
            Some(broken) => return Err(broken),
        }
    }
    Ok(refused)
}

/// Plans a statement, which checks its privileges.
async fn explained(
    connection: &mut PgConnection,
    statement: &str,
    arguments: &str,
) -> Result<Option<sqlx::Error>, sqlx::Error> {
    let error = undone(connection, format!("PREPARE {NAME} AS {statement}")).await?;
    if error.is_some() {
        return Ok(error);
    }
    let error = undone(connection, format!("EXPLAIN EXECUTE {NAME}{arguments}")).await?;
    // Prepared statements outlive the rollback.
    connection
        .execute(AssertSqlSafe(format!("DEALLOCATE {NAME}")))
        .await?;
    Ok(error)
}

/// Runs a statement, and takes back what it did.
async fn undone(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Option<sqlx::Error>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    let ran = (&mut *savepoint).execute(AssertSqlSafe(sql)).await;
    savepoint.rollback().await?;
    Ok(ran.err())
}
