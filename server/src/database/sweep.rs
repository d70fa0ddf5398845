//! Drops the databases that no process is going to use again, regardless of the process that made them.

use super::process_session::ProcessSession;
use super::template::execute_sql;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

/// The databases that a process may leave when it ends. It takes a fifth of the time of `LEFTOVERS`.
const LEFT_BY_PROCESSES: &str =
    "SELECT count(*) FROM pg_database WHERE datname ~ '^xact_(building|test|shared)_'";

/// Finds them by their names, their comments, and the connections of their owners.
const LEFTOVERS: &str = include_str!("sweep.sql");

/// So many leftovers are no backlog: they are dropped in the background while a test runs.
const TOLERATED: usize = 8;

/// A process drops so many at most before its first test, which waits for it. A process leaves one or two itself, so that the
/// backlog shrinks.
const MOST: usize = 4;

/// Drops all of them. Other processes may be sweeping the same: a database that was dropped already is no failure.
pub(super) async fn drop_leftovers(session: &'static ProcessSession) -> Result<(), sqlx::Error> {
    let mut connection = session.slow_connection().await?;
    for leftover in find_leftovers(&mut connection).await? {
        drop_leftover(&mut connection, leftover).await;
    }
    Ok(())
}

/// Drops some, if there are many. Processes that end as soon as their test has ended have no time for it later; without this,
/// their databases would pile up.
pub(super) async fn drop_backlog(connection: &mut PgConnection) {
    let found = find_backlog(connection).await.unwrap_or_else(|error| {
        tracing::debug!(%error, "cannot look for leftovers");
        Vec::new()
    });
    for leftover in found.into_iter().take(MOST) {
        drop_leftover(connection, leftover).await;
    }
}

/// The leftovers beyond those that are tolerated. A first test waits for this, and most find so few databases that none of them
/// needs to be looked at.
async fn find_backlog(connection: &mut PgConnection) -> Result<Vec<(String, bool)>, sqlx::Error> {
    let counted = sqlx::raw_sql(LEFT_BY_PROCESSES).fetch_one(&mut *connection);
    let count: i64 = counted.await?.try_get(0)?;
    if usize::try_from(count).is_ok_and(|count| count <= TOLERATED) {
        return Ok(Vec::new());
    }
    let found = find_leftovers(connection).await?;
    Ok(found.into_iter().skip(TOLERATED).collect())
}

/// The names of the leftovers, and whether each is a shared one.
async fn find_leftovers(connection: &mut PgConnection) -> Result<Vec<(String, bool)>, sqlx::Error> {
    let rows = sqlx::raw_sql(LEFTOVERS).fetch_all(connection).await?;
    let leftover = |row: &PgRow| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(leftover).collect()
}

async fn drop_leftover(connection: &mut PgConnection, (name, is_shared): (String, bool)) {
    let dropped = if is_shared {
        // Without FORCE: a process may have connected since the leftovers were listed, and then Postgres refuses.
        execute_sql(connection, format!("DROP DATABASE IF EXISTS \"{name}\"")).await
    } else {
        drop_database(connection, &name).await
    };
    if let Err(error) = dropped {
        tracing::debug!(%error, name, "cannot drop a leftover");
    }
}

/// Drops a database, and ends the sessions that are connected to it.
pub(super) async fn drop_database(
    connection: &mut PgConnection,
    name: &str,
) -> Result<(), sqlx::Error> {
    let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    execute_sql(connection, sql).await
}
