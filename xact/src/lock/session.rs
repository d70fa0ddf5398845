//! Locks that belong to a session: each is held by a connection of its own, for longer than a transaction may last.

use std::fmt;
use std::time::Duration;

use sqlx::{Connection as _, Executor as _, PgConnection, query_scalar};
use tokio::time::timeout;

use super::check_name;
use crate::Pool;
use crate::begin::to_milliseconds;
use crate::error::{Cause, During, Error};

const LOCK: &str = "SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended($1, 0))";
const TRY_LOCK: &str = "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended($1, 0))";
const UNLOCK: &str = "SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended($1, 0))";
const LIMIT: &str = "SELECT pg_catalog.set_config('lock_timeout', $1, false)";

/// A session that waits for a lock does not notice that its client has disappeared, unless it checks. If the server's system
/// cannot check, the session ends when it gets the lock.
const NOTICE: &str = "SET client_connection_check_interval = '1s'";

/// A named lock, held until it is released or dropped, by a connection of its own.
///
/// Dropping it closes the connection, which releases the lock: also after a panic, or when the process dies. The connection
/// is none of the pool's and does not count among them; `pg_stat_activity` shows it under the name of the lock.
///
/// A lock is lost when its connection is: [`check`](Self::check) asks.
///
/// ```
/// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
/// let lock = pool.lock("nightly-import").await?;
/// // … the only import that runs, on any machine …
/// lock.release().await?;
/// # Ok(()) }
/// ```
#[must_use = "a lock that is dropped is released"]
pub struct Lock {
    connection: PgConnection,
    name: String,
    /// The deadline for an answer that needs no work of the server.
    answer: Duration,
}

/// Locks that outlast transactions. For one that ends with its transaction, see [`Xact::lock`](crate::Xact::lock).
///
/// A lock of the same name that a transaction holds is the same lock.
impl Pool {
    /// Waits for the lock and takes it.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
    /// let lock = pool.lock("nightly-import").await?;
    /// # drop(lock); Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The name holds a NUL byte, no connection can be made within the pool's acquire timeout, or it broke while waiting.
    ///
    /// # Cancellation
    /// Dropping the future closes the connection, which releases the lock or leaves the queue.
    pub async fn lock(&self, name: &str) -> Result<Lock, Error> {
        let mut lock = self.lock_connection(name).await?;
        let locked = query_scalar(LOCK)
            .bind(name)
            .fetch_one(&mut lock.connection);
        let () = locked.await.map_err(|error| lock_error(name, error))?;
        Ok(lock)
    }

    /// Takes the lock unless another session holds it.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
    /// let Some(lock) = pool.try_lock("nightly-import").await? else {
    ///     return Ok(());
    /// };
    /// # drop(lock); Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The name holds a NUL byte, no connection can be made within the pool's acquire timeout, or it broke.
    ///
    /// # Cancellation
    /// Dropping the future closes the connection, and releases the lock.
    pub async fn try_lock(&self, name: &str) -> Result<Option<Lock>, Error> {
        let mut lock = self.lock_connection(name).await?;
        let locked = query_scalar(TRY_LOCK)
            .bind(name)
            .fetch_one(&mut lock.connection);
        let locked: bool = locked.await.map_err(|error| lock_error(name, error))?;
        Ok(locked.then_some(lock))
    }

    /// Waits for the lock, but not longer than `limit`, and takes it.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
    /// use std::time::Duration;
    ///
    /// let Some(lock) = pool.lock_timeout("nightly-import", Duration::from_secs(5)).await? else {
    ///     return Ok(());
    /// };
    /// # drop(lock); Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The name holds a NUL byte, no connection can be made within the pool's acquire timeout, or it broke while waiting.
    ///
    /// # Cancellation
    /// Dropping the future closes the connection, and with it the lock or the place in the queue.
    pub async fn lock_timeout(&self, name: &str, limit: Duration) -> Result<Option<Lock>, Error> {
        let mut lock = self.lock_connection(name).await?;
        let limit = to_milliseconds(limit).max(1).to_string();
        let limited = query_scalar(LIMIT)
            .bind(limit)
            .fetch_one(&mut lock.connection);
        let _set: String = limited.await.map_err(|error| lock_error(name, error))?;
        let locked = query_scalar(LOCK)
            .bind(name)
            .fetch_one(&mut lock.connection);
        match locked.await.map_err(|error| lock_error(name, error)) {
            Ok(()) => Ok(Some(lock)),
            Err(error) if error.is_lock_timeout() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn lock_connection(&self, name: &str) -> Result<Lock, Error> {
        check_name(name)?;
        let startup = self.inner.check_startup();
        startup.map_err(|cause| Error::new(During::Lock(name.into()), cause))?;
        let waited = self.inner.deadlines.acquire;
        let connected = timeout(waited, async {
            let purpose = format!("lock:{name}");
            let mut connection = self.inner.connect_apart(&purpose).await?;
            // The lock works without it.
            if let Err(error) = connection.execute(NOTICE).await {
                tracing::debug!(%error, "the server cannot notice that a client has gone");
            }
            Ok(connection)
        });
        match connected.await {
            Ok(connection) => Ok(Lock {
                connection: connection.map_err(|error| lock_error(name, error))?,
                name: name.to_owned(),
                answer: self.inner.deadlines.answer,
            }),
            Err(_elapsed) => {
                let cause = Cause::Unreachable { waited };
                Err(Error::new(During::Lock(name.into()), cause))
            }
        }
    }
}

impl Lock {
    /// The name of the lock.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks the server whether the lock is still held; one round trip.
    ///
    /// ```
    /// # async fn example(lock: &mut xact::Lock) -> Result<(), xact::Error> {
    /// lock.check().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The connection broke, was ended or does not answer, and another session may hold the lock.
    ///
    /// # Cancellation
    /// Safe: the lock is still held.
    pub async fn check(&mut self) -> Result<(), Error> {
        let checked = timeout(self.answer, self.connection.ping()).await;
        let checked = checked.map_err(|_elapsed| silence_error(&self.name, self.answer))?;
        checked.map_err(|error| lock_error(&self.name, error))
    }

    /// Releases the lock, and waits until it is free.
    ///
    /// ```
    /// # async fn example(lock: xact::Lock) -> Result<(), xact::Error> {
    /// lock.release().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The connection broke, was ended before or does not answer, and another session may have held the lock since.
    ///
    /// # Cancellation
    /// Safe: dropping the future releases the lock too.
    pub async fn release(mut self) -> Result<(), Error> {
        let limit = self.answer;
        let released = query_scalar(UNLOCK)
            .bind(&self.name)
            .fetch_one(&mut self.connection);
        let released = timeout(limit, released).await;
        let released = released.map_err(|_elapsed| silence_error(&self.name, limit))?;
        let _was_held: bool = released.map_err(|error| lock_error(&self.name, error))?;
        // The lock is free already, so an error while closing is no error of the release.
        let _closed = timeout(limit, self.connection.close()).await;
        Ok(())
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

fn lock_error(name: &str, error: sqlx::Error) -> Error {
    Error::sqlx(During::Lock(name.into()), error)
}

fn silence_error(name: &str, waited: Duration) -> Error {
    Error::new(During::Lock(name.into()), Cause::Silent { waited })
}
