//! Drops the databases that nobody is going to use again, whoever made them.

use super::keeper::Keeper;
use super::template::execute;
use sqlx::PgConnection;

/// Finds them by their names, their comments, and the connections of their owners.
const LEFTOVERS: &str = include_str!("sweep.sql");

/// Other processes may be sweeping the same: what is gone already is no failure.
pub(super) async fn leftovers(keeper: &'static Keeper) -> Result<(), sqlx::Error> {
    let mut hand = keeper.hand().await?;
    let leftovers: Vec<(String, bool)> = sqlx::query_as(LEFTOVERS).fetch_all(&mut *hand).await?;
    for (name, is_shared) in leftovers {
        let removed = if is_shared {
            // Postgres refuses while somebody is connected, who came after the question.
            execute(&mut hand, format!("DROP DATABASE IF EXISTS \"{name}\"")).await
        } else {
            remove(&mut hand, &name).await
        };
        if let Err(error) = removed {
            tracing::debug!(%error, name, "cannot drop a leftover");
        }
    }
    Ok(())
}

/// Drops a database with whoever is connected to it.
pub(super) async fn remove(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    execute(connection, sql).await
}
