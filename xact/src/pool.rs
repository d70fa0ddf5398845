//! The connections to one database, lent to one transaction each.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::begin::BeginMessage;
use crate::connection::Connection;
use crate::error::{Cause, During, Error};
use crate::loans::{Loan, Loans};
use crate::xact::Failure;
use crate::{Scope, Xact, XactOptions, session};

/// So many sessions are tried before BEGIN gives up, in a row of sessions that an earlier transaction has changed. Each is closed, so
/// that even a large pooler runs out of them.
const USED_SESSIONS: usize = 1000;

/// The connections to one database. Cloning gives another handle to the same pool.
///
/// ```no_run
/// # async fn example() -> Result<(), xact::Error> {
/// let pool = xact::Pool::connect("postgres://localhost/app").await?;
/// # let _ = pool; Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool {
    pub(crate) loans: Arc<Loans>,
    options: XactOptions,
    /// Settings that every transaction has.
    settings: Arc<[(String, String)]>,
}

impl Pool {
    /// A pool with settings in sqlx's own words; it connects when the first transaction begins.
    ///
    /// There is no ping: `test_before_acquire` is switched off, for a dead connection is found at BEGIN and replaced there, and a
    /// connection whose transaction ended goes to the next one without passing through sqlx's pool, so that `before_acquire` and
    /// `after_release` run only now and then. `after_connect` runs once for each connection; for settings see
    /// [`with_setting`](Self::with_setting).
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
            loans: Loans::new(pool, connection),
            options: XactOptions::new(),
            settings: Arc::default(),
        }
    }

    /// The same pool, whose transactions run with these options.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
    /// use xact::{Isolation, XactOptions};
    ///
    /// let serializable = pool.with(XactOptions::new().isolation(Isolation::Serializable));
    /// serializable.begin(scope).await?.commit().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with(&self, options: XactOptions) -> Self {
        Self {
            loans: Arc::clone(&self.loans),
            options,
            settings: Arc::clone(&self.settings),
        }
    }

    /// The same pool, whose transactions all have this setting, beside those of their scope.
    ///
    /// What `after_connect` sets with SET does not outlive its connection's first transaction, because each transaction begins by
    /// resetting its session. Give it here instead, or as a startup option (`options[…]` in a URL), or to the role or the database
    /// (`ALTER ROLE … SET`). This one also works through a pooler.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
    /// let pool = pool.with_setting("search_path", "app, public").with_setting("work_mem", "64MB");
    /// pool.begin(scope).await?.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// None here: a setting that Postgres refuses, or one that holds a NUL byte, is the error of [`begin`](Self::begin).
    #[must_use]
    pub fn with_setting(&self, name: &str, value: &str) -> Self {
        let mut settings = self.settings.to_vec();
        settings.retain(|(known, _)| known != name);
        settings.push((name.to_owned(), value.to_owned()));
        Self {
            loans: Arc::clone(&self.loans),
            options: self.options,
            settings: settings.into(),
        }
    }

    /// The same pool, whose connections keep so many queries prepared, and some more for SQL that is made at run time.
    ///
    /// A generated `Database` says how many queries it has. The number is that of connections made from now on, and never
    /// becomes smaller.
    ///
    /// ```
    /// # fn example(pool: xact::Pool) {
    /// let pool = pool.prepare_up_to(400);
    /// # let _ = pool; }
    /// ```
    #[must_use]
    pub fn prepare_up_to(self, queries: usize) -> Self {
        self.loans.prepare_up_to(queries);
        self
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
        let ended = self.once(scope, body).await;
        ended.map_err(|failure| failure.error)
    }

    pub(crate) async fn once<S, T, E>(
        &self,
        scope: S,
        body: impl AsyncFnOnce(&mut Xact<S>) -> Result<T, E>,
    ) -> Result<T, Failure<E>>
    where
        S: Scope,
        E: From<Error>,
    {
        let mut xact = self.begin(scope).await.map_err(|error| Failure {
            conflict: false,
            error: error.into(),
        })?;
        let outcome = body(&mut xact).await;
        xact.end(outcome).await
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
        let message = BeginMessage::in_scope(&self.options, &self.settings, &scope)?;
        let connection = self.open(&During::Begin(S::NAME), &message).await?;
        Ok(Xact::new(connection, scope))
    }

    /// A connection of the pool on which this message has begun a transaction.
    pub(crate) async fn open(
        &self,
        during: &During,
        message: &BeginMessage,
    ) -> Result<Connection, Error> {
        // Each try that fails removes one connection of those that may have died, so the last one connects anew.
        for _ in 0..self.size() {
            match self.try_open(during, message).await {
                Err(error) if error.is_connection_lost() => {
                    tracing::debug!(%error, "replacing a dead connection");
                }
                result => return result,
            }
        }
        self.try_open(during, message).await
    }

    /// A connection that no transaction has been begun on. Dropping it has it tested before anybody gets it.
    pub(crate) async fn lend(&self) -> Result<Loan, Cause> {
        self.loans.lend().await
    }

    /// Leaves out sessions in which an earlier transaction left what cannot be reset: each of them is closed.
    async fn try_open(&self, during: &During, message: &BeginMessage) -> Result<Connection, Error> {
        let mut tries = 0;
        loop {
            match self.open_one(during, message).await {
                Err(error) if session::is_used_session(&error) && tries < USED_SESSIONS => {
                    tracing::debug!("replacing a session that an earlier transaction has changed");
                    tries += 1;
                }
                result => return result,
            }
        }
    }

    async fn open_one(&self, during: &During, message: &BeginMessage) -> Result<Connection, Error> {
        let lent = self.lend().await;
        let loan = lent.map_err(|cause| Error::new(during.clone(), cause))?;
        // The guard exists before anything is sent, so that a dropped future cannot leave an open transaction behind.
        let mut connection = Connection::new(loan);
        connection
            .begin(message)
            .await
            .map_err(|error| Error::sqlx(during.clone(), error))?;
        Ok(connection)
    }

    /// How to connect outside of the pool; fails if the startup message cannot be made.
    pub(crate) fn connect_options(&self) -> Result<PgConnectOptions, Cause> {
        self.loans.check_startup()?;
        Ok((*self.loans.pool.connect_options()).clone())
    }

    pub(crate) fn acquire_timeout(&self) -> Duration {
        self.loans.pool.options().get_acquire_timeout()
    }

    /// The number of connections, idle or in use.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let in_use = pool.size() as usize - pool.idle();
    /// # let _ = in_use; }
    /// ```
    pub fn size(&self) -> u32 {
        self.loans.pool.size()
    }

    /// The number of connections waiting for a transaction.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let waiting: usize = pool.idle();
    /// # let _ = waiting; }
    /// ```
    pub fn idle(&self) -> usize {
        self.loans.idle()
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
        self.loans.close().await;
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
