//! The template on a shared server, and each process's copy of it.

use crate::connect::connect;
use crate::server::cluster::cluster_options;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// The database that copies are made of. No session is ever connected to it.
const TEMPLATE: &str = "xact_template";

/// The beginning of the name of a copy; the second of its creation follows.
const PREFIX: &str = "xact_copy_";

/// A database that `initdb` creates and no migration uses: `CREATE DATABASE` needs a session in some database.
const MAINTENANCE: &str = "template1";

/// Whether a copy of the connected database has all its properties.
const COPIED_WHOLE: &str = include_str!("copied_whole.sql");

/// Copies without a session, older than a number of seconds.
const LEFTOVERS: &str = include_str!("leftovers.sql");

/// A process connects to its copy at once, and connects again before it closes a session.
const CONNECTED_AFTER: Duration = Duration::from_mins(1);

/// `CREATE DATABASE` copies the tables of a database, not its own properties.
pub(in crate::server) async fn is_copied_whole(
    connection: &mut PgConnection,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(COPIED_WHOLE).fetch_one(connection).await
}

/// From the one session of the original database: others would make Postgres refuse.
pub(super) async fn create_template(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let sql = format!("CREATE DATABASE {TEMPLATE} TEMPLATE postgres ALLOW_CONNECTIONS false");
    connection.execute(AssertSqlSafe(sql)).await.map(drop)
}

/// Creates a copy, drops those of processes that were killed, and gives its name.
pub(super) async fn create_copy(folder: &Path) -> Result<String, sqlx::Error> {
    let mut connection = connect_for_maintenance(folder).await?;
    let name = name_copy();
    let sql = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}");
    connection.execute(AssertSqlSafe(sql)).await?;
    drop_leftovers(&mut connection).await;
    connection.close().await?;
    Ok(name)
}

pub(super) async fn drop_copy(folder: &Path, name: &str) -> Result<(), sqlx::Error> {
    let mut connection = connect_for_maintenance(folder).await?;
    // FORCE, because the server notices only later that a session was closed.
    let sql = format!("DROP DATABASE {name} WITH (FORCE)");
    connection.execute(AssertSqlSafe(sql)).await?;
    connection.close().await
}

/// Errors are ignored: another process may be dropping the same.
async fn drop_leftovers(connection: &mut PgConnection) {
    let seconds = i64::try_from(CONNECTED_AFTER.as_secs()).unwrap_or(i64::MAX);
    let leftovers = sqlx::query_scalar(LEFTOVERS).bind(PREFIX).bind(seconds);
    let leftovers: Vec<String> = leftovers
        .fetch_all(&mut *connection)
        .await
        .unwrap_or_default();
    for name in leftovers {
        // Without FORCE: Postgres refuses if a session has connected since.
        let sql = format!("DROP DATABASE IF EXISTS {name}");
        let _ = connection.execute(AssertSqlSafe(sql)).await;
    }
}

async fn connect_for_maintenance(folder: &Path) -> Result<PgConnection, sqlx::Error> {
    connect(&cluster_options(folder).database(MAINTENANCE)).await
}

/// Unique among the processes of the machine, and among the copies of one process.
fn name_copy() -> String {
    static COPIES: AtomicU32 = AtomicU32::new(0);
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let (seconds, nanoseconds) = (since.as_secs(), since.subsec_nanos());
    let (process, copy) = (std::process::id(), COPIES.fetch_add(1, Ordering::Relaxed));
    format!("{PREFIX}{seconds}_{nanoseconds}_{process}_{copy}")
}
