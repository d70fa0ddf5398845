//! The database of a branch: copied from the template, migrated when the branch moves on, dropped.

use super::prune::mark_database;
use super::server::{database_exists, execute_statement};
use super::{LocalServer, template};
use crate::migrate::apply;
use crate::migrate::apply::{Folder, Observer, Patience, Session, Target};
use crate::report::{Failure, Stop};
use std::path::Path;

/// How the database came to be up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It was made.
    Created,
    /// So many migrations were applied; 0 if it had them all.
    Migrated(usize),
}

/// Makes sure that the branch has a database with all migrations of `folder`.
///
/// # Errors
/// A diagnostic if a migration is refused, or the database has migrations as they were before an edit;
/// a failure if the server cannot be reached.
///
/// # Cancellation
/// The next call finishes the work of this one.
pub async fn bring_up(
    server: &LocalServer,
    root: &Path,
    folder: &Folder,
    observer: Observer<'_>,
) -> Result<Brought, Stop> {
    let mut connection = server.administer().await?;
    let database = &server.place.database;
    // The lock is held until the database exists: `dev up` in two terminals would else create it twice. Migrating needs no
    // such lock, because migrations have their own.
    template::lock_templates(server, &mut connection).await?;
    if !database_exists(&mut connection, database).await? {
        let template = template::ensure_template(server, &mut connection, folder).await?;
        // A copy of the template is a copy of files: the migrations run once for each content, not
        // for each branch.
        let sql = format!("CREATE DATABASE {database} TEMPLATE {template}");
        execute_statement(&mut connection, sql, "creating the branch's database").await?;
        mark_database(server, &mut connection).await?;
        return Ok(Brought::Created);
    }
    // A database of another owner cannot be marked, and is never pruned.
    let _ = mark_database(server, &mut connection).await;
    // Ends the session, and with it the lock, before the migrations take their time.
    drop(connection);
    let mut session = Session::open(server.options(database)?).await?;
    let how = (Target::Heads, Patience::Endless);
    let applied = apply::run(&mut session, root, folder, how, observer).await?;
    Ok(Brought::Migrated(applied.len()))
}

/// Drops the branch's database; gives whether there was one.
///
/// # Errors
/// If the server cannot be reached.
///
/// # Cancellation
/// It is dropped or not.
pub async fn wipe(server: &LocalServer) -> Result<bool, Failure> {
    let mut connection = server.administer().await?;
    let database = &server.place.database;
    let existed = database_exists(&mut connection, database).await?;
    template::drop_database(&mut connection, database).await?;
    Ok(existed)
}
