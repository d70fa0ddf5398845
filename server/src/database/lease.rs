//! Takes a copy of the template: a renamed one of the stock if there is any, which takes a millisecond, or else a new one.

use super::process_session::{ProcessSession, run_in_background};
use super::template::{GOOD_FOR, Template, execute_sql};
use super::{TestDatabaseError, names};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

/// The largest stock. While one copy is made, about so many tests of one machine take theirs; a larger stock is only disk space.
const STOCK: usize = 16;

/// Several processes may try to take the same database of the stock, and all but one of them try the next.
const ATTEMPTS: usize = 20;

/// The errors of a name that is taken: SQLSTATE 42P04, or 23505 if it was taken at this very moment.
const DUPLICATE_DATABASE: [&str; 2] = ["42P04", "23505"];

/// SQLSTATE 3D000.
pub(super) const NO_SUCH_DATABASE: &str = "3D000";

/// A copy for one test; gives its name.
pub(super) async fn lease_isolated(
    session: &'static ProcessSession,
    template: Template,
) -> Result<String, TestDatabaseError> {
    let name = names::test_name(template.hash, &session.owner);
    take_copy(session, &template, &name).await?;
    Ok(name)
}

/// Takes a copy and renames it to `name`; a database that has this name already is as good.
pub(super) async fn take_copy(
    session: &'static ProcessSession,
    template: &Template,
    name: &str,
) -> Result<(), TestDatabaseError> {
    let refused = || TestDatabaseError::refusal_of(format!("take test database `{name}`"));
    for _ in 0..ATTEMPTS {
        let taken = from_stock(session, template.hash, name).await;
        if taken.map_err(refused())? {
            return Ok(());
        }
        template.ensure_built(session).await?;
        match create_copy(session, template.hash, name).await {
            Ok(()) => return Ok(()),
            // Another process dropped the template as unused, or the shared database: the next attempt builds it.
            Err(error) if has_code(&error, NO_SUCH_DATABASE) => {}
            Err(error) => return Err(refused()(error)),
        }
    }
    Err(refused()(sqlx::Error::RowNotFound))
}

/// Renames a database of the stock; gives whether there was one.
async fn from_stock(
    session: &'static ProcessSession,
    hash: u64,
    name: &str,
) -> Result<bool, sqlx::Error> {
    let mut connection = session.connection.lock().await;
    for _ in 0..ATTEMPTS {
        let stock = list_stock(&mut connection, hash).await?;
        // Processes that start together should not all take the same one, so the choice depends on the new name.
        let Some(any) = names::pick_one(&stock, name) else {
            return Ok(false);
        };
        let rename = format!("ALTER DATABASE \"{any}\" RENAME TO \"{name}\"");
        match execute_sql(&mut connection, rename).await {
            Ok(()) => {
                if stock.len() <= STOCK {
                    add_to_stock(session, hash);
                }
                return Ok(true);
            }
            // The name is of this lease alone, so whoever created the database meant this one.
            Err(error) if has_code_among(&error, &DUPLICATE_DATABASE) => return Ok(true),
            // Another process took it first.
            Err(error) => tracing::debug!(%error, any, "cannot take this one"),
        }
    }
    Ok(false)
}

/// The stock of these migrations. A simple query, because a prepared one costs a second round trip, and every test waits for it.
async fn list_stock(connection: &mut PgConnection, hash: u64) -> Result<Vec<String>, sqlx::Error> {
    let prefix = names::stock_prefix(hash);
    let sql = format!("SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')");
    let rows = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Waits for a new copy, and adds one more to the stock, because the stock was too small.
async fn create_copy(
    session: &'static ProcessSession,
    hash: u64,
    name: &str,
) -> Result<(), sqlx::Error> {
    let mut connection = session.slow_connection().await?;
    let made = execute_sql(&mut connection, copy_statement(session, hash, name)).await;
    // An empty stock means that tests are taking copies: the next one should find one ready.
    add_to_stock(session, hash);
    match made {
        Err(error) if has_code_among(&error, &DUPLICATE_DATABASE) => Ok(()),
        made => made,
    }
}

/// Makes a copy for a later test, in the background.
fn add_to_stock(session: &'static ProcessSession, hash: u64) {
    let stock = names::stock_name(hash, &session.owner);
    run_in_background(async move {
        let mut connection = session.slow_connection().await?;
        execute_sql(&mut connection, copy_statement(session, hash, &stock)).await?;
        // Marks the template as used, so that no other process drops it as old.
        execute_sql(
            &mut connection,
            names::mark_good_for(&names::template_name(hash), GOOD_FOR),
        )
        .await
    });
}

fn copy_statement(session: &ProcessSession, hash: u64, name: &str) -> String {
    let template = names::template_name(hash);
    // FILE_COPY is faster without fsync, but needs two checkpoints, which a server with fsync writes to disk (CREATE DATABASE in
    // Postgres's manual).
    let strategy = if session.is_private() {
        "FILE_COPY"
    } else {
        "WAL_LOG"
    };
    format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" STRATEGY {strategy}")
}

/// Whether Postgres gave this SQLSTATE.
pub(super) fn has_code(error: &sqlx::Error, code: &str) -> bool {
    has_code_among(error, &[code])
}

fn has_code_among(error: &sqlx::Error, codes: &[&str]) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| codes.contains(&code.as_ref()))
}
