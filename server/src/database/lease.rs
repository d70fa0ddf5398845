//! Takes a copy of the template: from the stock, which is a matter of renaming it, or else a new one.

use super::keeper::{Keeper, afterwards};
use super::template::{GOOD_FOR, Template, execute};
use super::{TestDatabaseError, names};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

/// More in stock than are taken within the time that making one takes is of no use to anybody.
const STOCK: usize = 16;

/// Several processes may reach for the same database of the stock.
const ATTEMPTS: usize = 20;

/// What Postgres says of a name that is taken: SQLSTATE 42P04, or 23505 if it was taken at this very moment.
const DUPLICATE_DATABASE: [&str; 2] = ["42P04", "23505"];

/// SQLSTATE 3D000.
pub(super) const NO_SUCH_DATABASE: &str = "3D000";

/// A copy for one test; gives its name.
pub(super) async fn isolated(
    keeper: &'static Keeper,
    template: Template,
) -> Result<String, TestDatabaseError> {
    let name = names::test(template.hash, &keeper.owner);
    take(keeper, &template, &name).await?;
    Ok(name)
}

/// Takes a copy and calls it `name`; if there is one of that name already, that is as good.
pub(super) async fn take(
    keeper: &'static Keeper,
    template: &Template,
    name: &str,
) -> Result<(), TestDatabaseError> {
    let refused = || TestDatabaseError::refused(format!("take test database `{name}`"));
    for _ in 0..ATTEMPTS {
        let taken = from_stock(keeper, template.hash, name).await;
        if taken.map_err(refused())? {
            return Ok(());
        }
        template.ensure(keeper).await?;
        match new(keeper, template.hash, name).await {
            Ok(()) => return Ok(()),
            // Another process found the template too old, or dropped the shared database.
            Err(error) if is(&error, NO_SUCH_DATABASE) => {}
            Err(error) => return Err(refused()(error)),
        }
    }
    Err(refused()(sqlx::Error::RowNotFound))
}

/// Renames a database of the stock; gives whether there was one.
async fn from_stock(keeper: &'static Keeper, hash: u64, name: &str) -> Result<bool, sqlx::Error> {
    let mut connection = keeper.connection.lock().await;
    for _ in 0..ATTEMPTS {
        let stock = all(&mut connection, hash).await?;
        // Processes that start together should not all reach for the same.
        let Some(any) = names::one_of(&stock, name) else {
            return Ok(false);
        };
        let rename = format!("ALTER DATABASE \"{any}\" RENAME TO \"{name}\"");
        match execute(&mut connection, rename).await {
            Ok(()) => {
                if stock.len() <= STOCK {
                    restock(keeper, hash);
                }
                return Ok(true);
            }
            Err(error) if is_one_of(&error, &DUPLICATE_DATABASE) => return Ok(true),
            // Another process was faster.
            Err(error) => tracing::debug!(%error, any, "cannot take this one"),
        }
    }
    Ok(false)
}

/// The stock of these migrations. In one round trip, for a first query is what a process waits for.
async fn all(connection: &mut PgConnection, hash: u64) -> Result<Vec<String>, sqlx::Error> {
    let prefix = names::any_stock(hash);
    let sql = format!("SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')");
    let rows = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Waits for a new copy, and leaves one more in stock than there was: more are taken than are made.
async fn new(keeper: &'static Keeper, hash: u64, name: &str) -> Result<(), sqlx::Error> {
    let mut hand = keeper.hand().await?;
    let made = execute(&mut hand, copy(keeper, hash, name)).await;
    restock(keeper, hash);
    match made {
        Err(error) if is_one_of(&error, &DUPLICATE_DATABASE) => Ok(()),
        made => made,
    }
}

/// Makes a copy for whoever comes next, while the test runs.
fn restock(keeper: &'static Keeper, hash: u64) {
    let stock = names::stock(hash, &keeper.owner);
    afterwards(async move {
        let mut hand = keeper.hand().await?;
        execute(&mut hand, copy(keeper, hash, &stock)).await?;
        // Says that the template is in use.
        execute(&mut hand, names::good_for(&names::template(hash), GOOD_FOR)).await
    });
}

fn copy(keeper: &Keeper, hash: u64, name: &str) -> String {
    let template = names::template(hash);
    // Copying the files is faster, but makes a server that keeps its promises write everything to disk.
    let strategy = if keeper.is_private() {
        "FILE_COPY"
    } else {
        "WAL_LOG"
    };
    format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" STRATEGY {strategy}")
}

/// Whether Postgres gave this SQLSTATE.
pub(super) fn is(error: &sqlx::Error, code: &str) -> bool {
    is_one_of(error, &[code])
}

fn is_one_of(error: &sqlx::Error, codes: &[&str]) -> bool {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| codes.contains(&code.as_ref()))
}
