//! The holders of a lock: given its name, gives the sessions that hold it or wait for it.

use super::check_name;
use crate::Pool;
use crate::begin::BeginMessage;
use crate::error::{During, Error};
use crate::query::Query;
use crate::row::Row;
use crate::runner::Runner;

static HOLDERS: Query = Query {
    name: "lock_holders",
    file: "xact",
    sql: include_str!("holders.sql"),
    parameters: &[25],
    columns: &[23, 25, 25, 25, 16],
    names: "",
};

/// A session that holds a named lock or waits for it.
///
/// Fields of another role's session are `None` unless the role that asks may see them: `GRANT pg_read_all_stats` shows all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockHolder {
    /// The process of the server, for `pg_terminate_backend`.
    pub pid: i32,
    /// The name that the session gave itself; for a [`Lock`](crate::Lock), with `lock:` and the name of the lock at the end.
    pub application_name: Option<String>,
    /// The role that logged in.
    pub user: Option<String>,
    /// The address of the client; `None` also for a Unix socket.
    pub address: Option<String>,
    /// Whether it waits for the lock and does not hold it yet.
    pub waiting: bool,
}

impl LockHolder {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            pid: row.get(0)?,
            application_name: row.get(1)?,
            user: row.get(2)?,
            address: row.get(3)?,
            waiting: row.get(4)?,
        })
    }
}

impl Pool {
    /// The sessions that hold the lock of this name or wait for it, the holder first: those of a [`lock`](Self::lock), of an
    /// [`Xact::lock`](crate::Xact::lock), and of any other program that takes it by the same number.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
    /// for holder in pool.lock_holders("nightly-import").await? {
    ///     println!("{}: {:?}", holder.pid, holder.application_name);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// No connection can be had, or it broke.
    ///
    /// # Cancellation
    /// Safe: dropping the future closes the connection.
    pub async fn lock_holders(&self, name: &str) -> Result<Vec<LockHolder>, Error> {
        check_name(name)?;
        let during = During::Lock(name.into());
        let mut connection = self.open(&during, &BeginMessage::read_only()).await?;
        let arguments = HOLDERS.arguments().push(name);
        let mut run = Runner::new(&mut connection);
        let holders = run.many(arguments, LockHolder::from_row).await?;
        connection.commit().await?;
        Ok(holders)
    }
}
