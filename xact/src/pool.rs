//! The connections to one database, lent to one transaction each.

use std::fmt;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgPool, Postgres, SqlStr};

use crate::connection::Connection;
use crate::error::{During, Error};
use crate::{Scope, Xact, begin};

/// The connections to one database. Cloning gives another handle to the same pool.
///
/// ```no_run
/// # async fn example() -> Result<(), xact::Error> {
/// let pool = xact::Pool::connect("postgres://localhost/app").await?;
/// # let _ = pool; Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool {
    connections: PgPool,
}

impl Pool {
    /// Connects to the database at `url`, with sqlx's default pool settings and without its statement log.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), xact::Error> {
    /// let pool = xact::Pool::connect("postgres://app:secret@localhost:5432/app?sslmode=require").await?;
    /// # let _ = pool; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The URL cannot be read, or no connection can be made. The error never shows the URL or its password.
    ///
    /// # Cancellation
    /// Safe: a connection being made is closed.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let connect_error = |error| Error::sqlx(During::Connect, error);
        let options: PgConnectOptions = url.parse().map_err(connect_error)?;
        let pool = Self::from_options(PgPoolOptions::new(), options.disable_statement_logging());
        // The first connection is made now, for a wrong URL should fail here and not in the first transaction.
        pool.connections.acquire().await.map_err(connect_error)?;
        Ok(pool)
    }

    /// A pool with settings of your own; it connects when the first transaction begins.
    ///
    /// `test_before_acquire` is switched off: a dead connection is found at BEGIN, and replaced there without a ping.
    ///
    /// ```no_run
    /// # async fn example() {
    /// use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
    ///
    /// let pool = xact::Pool::from_options(
    ///     PgPoolOptions::new().max_connections(5),
    ///     PgConnectOptions::new().host("localhost").database("app"),
    /// );
    /// # let _ = pool; }
    /// ```
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn from_options(pool: PgPoolOptions, connection: PgConnectOptions) -> Self {
        Self {
            connections: pool
                .test_before_acquire(false)
                .connect_lazy_with(connection),
        }
    }

    /// Runs `body` in a transaction: commits when it gives `Ok`, rolls back when it gives `Err`.
    ///
    /// The error is the caller's own type. Generated code wraps this in one method per scope.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
    /// let answer = pool
    ///     .xact(scope, async |q| {
    ///         let _orm = q.orm();
    ///         Ok::<_, xact::Error>(42)
    ///     })
    ///     .await?;
    /// # let _ = answer; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The error of `body`, or of BEGIN, or of COMMIT: see [`begin`](Self::begin) and [`Xact::commit`].
    ///
    /// # Cancellation
    /// Dropping the future rolls back, unless it had come to COMMIT; then whether the transaction was committed is not known.
    /// A panic in `body` rolls back.
    pub async fn xact<S, T, E>(
        &self,
        scope: S,
        body: impl AsyncFnOnce(&mut Xact<S>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        S: Scope,
        E: From<Error>,
    {
        let mut xact = self.begin(scope).await?;
        match body(&mut xact).await {
            Ok(value) => {
                xact.commit().await?;
                Ok(value)
            }
            Err(error) => {
                if let Err(rollback) = xact.rollback().await {
                    tracing::debug!(error = %rollback, "closing the connection");
                }
                Err(error)
            }
        }
    }

    /// Begins a transaction in `scope`: BEGIN, role and settings, in one round trip.
    ///
    /// A pooled connection that turns out to be dead is replaced, for nothing has run on it yet.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
    /// let q = pool.begin(scope).await?;
    /// q.rollback().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// No connection can be had, the scope's role does not exist or may not be taken, or a setting is refused or holds a NUL byte.
    ///
    /// # Cancellation
    /// Safe: dropping the future closes the connection if anything was sent on it.
    pub async fn begin<S: Scope>(&self, scope: S) -> Result<Xact<S>, Error> {
        let message = begin::message(&scope)?;
        let connection = self.open(During::Begin(S::NAME), message).await?;
        Ok(Xact::new(connection, scope))
    }

    async fn open(&self, during: During, message: SqlStr) -> Result<Connection, Error> {
        // Each try that fails removes one connection of those that may have died, so the last one connects anew.
        for _ in 0..self.size() {
            match self.try_open(during, message.clone()).await {
                Err(error) if error.is_connection_lost() => {
                    tracing::debug!(%error, "replacing a dead connection");
                }
                result => return result,
            }
        }
        self.try_open(during, message).await
    }

    /// A connection that no transaction has been begun on.
    pub(crate) async fn connection(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.connections.acquire().await
    }

    async fn try_open(&self, during: During, message: SqlStr) -> Result<Connection, Error> {
        let pooled = self
            .connections
            .acquire()
            .await
            .map_err(|error| Error::sqlx(during, error))?;
        // The guard exists before anything is sent, so that a dropped future cannot leave an open transaction behind.
        let mut connection = Connection::new(pooled);
        connection
            .begin(message)
            .await
            .map_err(|error| Error::sqlx(during, error))?;
        Ok(connection)
    }

    /// The number of connections, idle or in use.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let in_use = pool.size() as usize - pool.idle();
    /// # let _ = in_use; }
    /// ```
    pub fn size(&self) -> u32 {
        self.connections.size()
    }

    /// The number of connections waiting for a transaction.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let waiting: usize = pool.idle();
    /// # let _ = waiting; }
    /// ```
    pub fn idle(&self) -> usize {
        self.connections.num_idle()
    }

    /// Closes the pool: no transaction begins any more, and the connections are closed as their transactions end.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) {
    /// pool.close().await;
    /// # }
    /// ```
    ///
    /// # Cancellation
    /// Dropping the future stops waiting; the pool is closed all the same.
    pub async fn close(&self) {
        self.connections.close().await;
    }
}

/// Figures only: the options hold a password.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("size", &self.size())
            .field("idle", &self.idle())
            .finish_non_exhaustive()
    }
}
