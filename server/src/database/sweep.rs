//! Drops the databases that nobody is going to use again, whoever made them.

use super::keeper::Keeper;
use super::template::execute;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

/// Finds them by their names, their comments, and the connections of their owners.
const LEFTOVERS: &str = include_str!("sweep.sql");

/// So many are left to be dropped while a test runs.
const TOLERATED: usize = 8;

/// A process drops so many at most before its first test. It leaves one or two itself, so that the backlog shrinks.
const MOST: usize = 4;

/// Drops all of them. Other processes may be sweeping the same: a database that is gone already is no failure.
pub(super) async fn leftovers(keeper: &'static Keeper) -> Result<(), sqlx::Error> {
    let mut hand = keeper.hand().await?;
    for leftover in find(&mut hand).await? {
        drop_leftover(&mut hand, leftover).await;
    }
    Ok(())
}

/// Drops some, if there are many. Processes that end as soon as their test has ended have no time for it later; without this,
/// their databases would pile up.
pub(super) async fn backlog(connection: &mut PgConnection) {
    let found = find(connection).await.unwrap_or_else(|error| {
        tracing::debug!(%error, "cannot look for leftovers");
        Vec::new()
    });
    for leftover in found.into_iter().skip(TOLERATED).take(MOST) {
        drop_leftover(connection, leftover).await;
    }
}

/// The names of the leftovers, and whether each is a shared one. In one round trip, because a first test waits for it.
async fn find(connection: &mut PgConnection) -> Result<Vec<(String, bool)>, sqlx::Error> {
    let rows = sqlx::raw_sql(LEFTOVERS).fetch_all(connection).await?;
    let leftover = |row: &PgRow| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(leftover).collect()
}

async fn drop_leftover(connection: &mut PgConnection, (name, is_shared): (String, bool)) {
    let dropped = if is_shared {
        // Postgres refuses while a process is connected that came after the question.
        execute(connection, format!("DROP DATABASE IF EXISTS \"{name}\"")).await
    } else {
        remove(connection, &name).await
    };
    if let Err(error) = dropped {
        tracing::debug!(%error, name, "cannot drop a leftover");
    }
}

/// Drops a database with whoever is connected to it.
pub(super) async fn remove(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    execute(connection, sql).await
}
