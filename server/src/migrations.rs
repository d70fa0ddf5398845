//! Applies a folder of migrations with sqlx's own migrator.

use sqlx::PgConnection;
use sqlx::migrate::Migrator;
use std::collections::BTreeSet;
use std::path::Path;

pub use sqlx::migrate::MigrateError;

/// Effects of the migrations outside of the database itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Roles that did not exist before, sorted by name. They belong to the whole cluster.
    pub created_roles: Vec<String>,
}

/// Runs the migrations; the roles that appeared meanwhile are reported on failure too.
pub(super) async fn apply_folder(
    connection: &mut PgConnection,
    folder: &Path,
) -> (Vec<String>, Result<(), MigrateError>) {
    let before = match roles(connection).await {
        Ok(before) => before,
        Err(error) => return (Vec::new(), Err(error.into())),
    };
    let applied = async { Migrator::new(folder).await?.run(&mut *connection).await }.await;
    // After a failed migration the connection is fine: sqlx rolled it back.
    let after = roles(connection).await.unwrap_or_default();
    (after.difference(&before).cloned().collect(), applied)
}

/// The roles of the cluster.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Nothing was changed.
pub async fn roles(connection: &mut PgConnection) -> Result<BTreeSet<String>, sqlx::Error> {
    let names: Vec<String> = sqlx::query_scalar("SELECT rolname::text FROM pg_roles")
        .fetch_all(connection)
        .await?;
    Ok(names.into_iter().collect())
}
