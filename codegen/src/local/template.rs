//! A migrated database that branches are copied from: made once for each state of the migrations.
//!
//! Its name holds a hash of the migrations, so it is never out of date, only out of use.

use super::LocalServer;
use super::server::{database_exists, execute_statement};
use crate::migrate::apply::{Folder, Migration, Session, build_migrations};
use crate::report::{Failure, Stop};
use sqlx::PgConnection;
use xact::generated::content_hash;

/// How many templates to keep: branches that one goes back and forth between.
const KEPT: i64 = 4;

/// The name of the template for these migrations; makes it, if there is none. Under [`lock`].
pub(super) async fn ensure_template(
    server: &LocalServer,
    connection: &mut PgConnection,
    folder: &Folder,
) -> Result<String, Stop> {
    let name = template_name(server, &folder.migrations);
    if database_exists(connection, &name).await? {
        return Ok(name);
    }
    // One name for the unfinished template: a killed run leaves at most one, which is dropped here.
    let unfinished = format!("{}new", server.template_prefix());
    drop_database(connection, &unfinished).await?;
    let done = begin_template(server, connection, folder, &unfinished).await?;
    let mut session = Session::open(server.options(&unfinished)?).await?;
    let rest: Vec<&Migration> = folder.migrations.iter().skip(done).collect();
    let built = build_migrations(&mut session, &rest).await;
    // A database with a connection cannot be renamed or copied.
    session.close().await;
    built?;
    // Renamed last: a database of the final name is always complete.
    let sql = format!("ALTER DATABASE {unfinished} RENAME TO {name}");
    execute_statement(connection, sql, "naming the template").await?;
    drop_old_templates(server, connection).await?;
    Ok(name)
}

/// Begins a template where an older one ends, if one does; gives how many migrations it has. Apart
/// from the time, that keeps migrations that create roles from running twice on one cluster.
async fn begin_template(
    server: &LocalServer,
    connection: &mut PgConnection,
    folder: &Folder,
    unfinished: &str,
) -> Result<usize, Failure> {
    // The longest prefix first: it leaves the fewest migrations to run.
    for done in (1..folder.migrations.len()).rev() {
        let older = template_name(server, &folder.migrations[..done]);
        if database_exists(connection, &older).await? {
            let sql = format!("CREATE DATABASE {unfinished} TEMPLATE {older}");
            execute_statement(connection, sql, "copying an older template").await?;
            return Ok(done);
        }
    }
    // `template0`: objects that someone created in `template1` are no part of the project.
    let sql = format!("CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8'");
    execute_statement(connection, sql, "creating a template").await?;
    Ok(0)
}

fn template_name(server: &LocalServer, migrations: &[Migration]) -> String {
    let mut key = Vec::new();
    for migration in migrations {
        // The version too: equal files under other versions give other rows of `_sqlx_migrations`.
        key.extend(migration.version.to_be_bytes());
        key.extend(migration.checksum());
    }
    format!("{}{:016x}", server.template_prefix(), content_hash(&key))
}

/// Drops all but the newest templates.
async fn drop_old_templates(
    server: &LocalServer,
    connection: &mut PgConnection,
) -> Result<(), Failure> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT datname::text FROM pg_database WHERE starts_with(datname, $1) \
         ORDER BY oid DESC OFFSET $2", // OIDs grow with time, and a database has no date of its own
    )
    .bind(server.template_prefix())
    .bind(KEPT)
    .fetch_all(&mut *connection)
    .await
    .map_err(Failure::connection("listing the templates"))?;
    for name in names {
        drop_database(connection, &name).await?;
    }
    Ok(())
}

pub(super) async fn drop_database(
    connection: &mut PgConnection,
    name: &str,
) -> Result<(), Failure> {
    // FORCE ends the sessions that a forgotten `psql` would keep the database busy with.
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    execute_statement(connection, sql, "dropping a database").await
}

/// Two commands at once would both create the template. The lock ends with the connection.
pub(super) async fn lock_templates(
    server: &LocalServer,
    connection: &mut PgConnection,
) -> Result<(), Failure> {
    sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))")
        .bind(server.template_prefix())
        .execute(connection)
        .await
        .map(drop)
        .map_err(Failure::connection("locking the templates"))
}
