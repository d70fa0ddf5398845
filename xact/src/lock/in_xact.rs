//! Locks that end with their transaction, whichever way it ends.

use std::time::Duration;

use super::check_name;
use crate::begin::to_milliseconds;
use crate::error::{During, Error};
use crate::query::Query;
use crate::runner::Runner;
use crate::{Scope, Xact};

static LOCK: Query = Query {
    name: "lock",
    file: "xact",
    sql: "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))",
    parameters: &[25],
    columns: &[],
    names: "",
};

static TRY_LOCK: Query = Query {
    name: "try_lock",
    file: "xact",
    sql: "SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))",
    parameters: &[25],
    columns: &[16],
    names: "",
};

/// The old value is read before the new one is set: a select list is evaluated from left to right.
static LIMIT: Query = Query {
    name: "lock_timeout",
    file: "xact",
    sql: "SELECT pg_catalog.current_setting('lock_timeout'), pg_catalog.set_config('lock_timeout', $1, true)",
    parameters: &[25],
    columns: &[25, 25],
    names: "",
};

/// Named locks that end with the transaction. For one that outlasts it, see [`Pool::lock`](crate::Pool::lock).
///
/// A transaction may take the same lock again.
impl<S: Scope> Xact<S> {
    /// Waits for the lock and takes it, until the transaction ends; one round trip.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// q.lock("invoice-numbers").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The transaction's `lock_timeout` passed ([`Error::is_lock_timeout`]), or waiting would have been a deadlock
    /// ([`Error::is_retryable`]). Either aborts the transaction.
    ///
    /// # Cancellation
    /// Dropping the future loses the transaction, as with a query.
    pub async fn lock(&mut self, name: &str) -> Result<(), Error> {
        check_name(name)?;
        let locked = self.runner().execute(LOCK.arguments().push(name)).await;
        locked.map_err(|error| error.with_during(During::Lock(name.into())))?;
        Ok(())
    }

    /// Takes the lock unless another session holds it, and returns whether it did; one round trip.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// if q.try_lock("invoice-numbers").await? {
    ///     // no other session holds it
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The connection broke, or the transaction was aborted before.
    ///
    /// # Cancellation
    /// Dropping the future loses the transaction, as with a query.
    pub async fn try_lock(&mut self, name: &str) -> Result<bool, Error> {
        check_name(name)?;
        let arguments = TRY_LOCK.arguments().push(name);
        let locked = self.runner().one(arguments, |row| row.get(0)).await;
        locked.map_err(|error| error.with_during(During::Lock(name.into())))
    }

    /// Waits for the lock, but not longer than `limit`, and says whether it was taken; five round trips.
    ///
    /// The transaction goes on either way, and its own `lock_timeout` is restored.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// use std::time::Duration;
    ///
    /// if q.lock_timeout("invoice-numbers", Duration::from_secs(1)).await? {
    ///     // no other session holds it
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The connection broke, the transaction was aborted before, or waiting would have been a deadlock
    /// ([`Error::is_retryable`]).
    ///
    /// # Cancellation
    /// Dropping the future loses the transaction, as with a query.
    pub async fn lock_timeout(&mut self, name: &str, limit: Duration) -> Result<bool, Error> {
        check_name(name)?;
        let limit = to_milliseconds(limit).max(1).to_string();
        // A timeout of 0 would mean none, so it is a millisecond at least.
        // A lock that cannot be taken in time is an error to Postgres. At a savepoint it aborts nothing else, and undoing the
        // savepoint restores the transaction's own limit, whichever error it was.
        let locked = self.savepoint(async |q| {
            let before = q.limit_locks(limit).await?;
            q.lock(name).await?;
            // Set back by hand after a success: releasing a savepoint keeps the settings that were
            // made inside.
            q.limit_locks(before).await
        });
        match locked.await {
            Ok(_limit) => Ok(true),
            Err(error) if error.is_lock_timeout() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn limit_locks(&mut self, limit: String) -> Result<String, Error> {
        let arguments = LIMIT.arguments().push(limit);
        self.runner().one(arguments, |row| row.get(0)).await
    }

    fn runner(&mut self) -> Runner<'_> {
        Runner::new(&mut self.connection)
    }
}
