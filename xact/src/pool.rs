//! The connections to one database, each used by one transaction at a time.

use std::fmt;
use std::sync::Arc;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::acquire::{ConnectionGuard, PoolInner};
use crate::begin::BeginMessage;
use crate::deadlines::Deadline;
use crate::error::{Cause, During, Error};
use crate::scope::list_parts;
use crate::target_session::TargetSessionAttrs;
use crate::xact::Failure;
use crate::{Scope, TransactionOptions, Xact};

/// The connections to one database. Cloning gives another handle to the same pool.
///
/// ```no_run
/// # async fn example() -> Result<(), xact::Error> {
/// let pool = xact::Pool::connect("postgres://localhost/app").await?;
/// # let _ = pool; Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool {
    pub(crate) inner: Arc<PoolInner>,
    options: TransactionOptions,
    /// Settings that every transaction has.
    settings: Arc<[(String, String)]>,
}

impl Pool {
    /// A pool with settings in sqlx's own words; it connects when the first transaction begins.
    ///
    /// There is no ping: `test_before_acquire` is switched off, because a dead connection is found at BEGIN and replaced there.
    /// A connection whose transaction ended goes to the next one without passing through sqlx's pool, so that `before_acquire`
    /// and `after_release` run only now and then. `after_connect` runs once for each connection; for settings see
    /// [`with_setting`](Self::with_setting).
    ///
    /// Unless a pooler refuses them, the startup message has settings by which the server notices that a client has
    /// disappeared: `client_connection_check_interval`, `tcp_keepalives_idle` and its like, `tcp_user_timeout`. One that the options
    /// of the connection name is left alone.
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
        Self::new(pool, connection, TargetSessionAttrs::Any)
    }

    /// Runs transactions on connections of a pool that other code uses too, by sqlx alone: together they open no more than its
    /// `max_connections`.
    ///
    /// A transaction resets its session first, as in every [`Pool`], and a connection that a transaction had is not returned to
    /// the other code, because the reset also undoes the SETs of `after_connect`. It is kept for further transactions, for up to ten
    /// minutes, but for one second only while the pool has no connection left. [`close`](Self::close) leaves the other code's
    /// connections open. New connections of the pool keep more statements prepared, if a generated `Database` needs them.
    ///
    /// Without the startup settings of [`from_options`](Self::from_options), the server goes on with a query whose future was dropped,
    /// as with sqlx alone.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), xact::Error> {
    /// use xact::sqlx::PgPool;
    ///
    /// let sqlx: PgPool = PgPool::connect("postgres://localhost/app").await?;
    /// let pool = xact::Pool::from_pool(sqlx.clone());
    /// # let _ = pool; Ok(()) }
    /// ```
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn from_pool(pool: PgPool) -> Self {
        Self::from_inner(PoolInner::share(pool))
    }

    pub(crate) fn new(
        pool: PgPoolOptions,
        connection: PgConnectOptions,
        wanted: TargetSessionAttrs,
    ) -> Self {
        Self::from_inner(PoolInner::new(pool, connection, wanted))
    }

    fn from_inner(inner: Arc<PoolInner>) -> Self {
        Self {
            inner,
            options: TransactionOptions::new(),
            settings: Arc::default(),
        }
    }

    /// The same pool, whose transactions run with these options.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
    /// use xact::{Isolation, TransactionOptions};
    ///
    /// let serializable = pool.with(TransactionOptions::new().isolation(Isolation::Serializable));
    /// serializable.begin(scope).await?.commit().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with(&self, options: TransactionOptions) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            options,
            settings: Arc::clone(&self.settings),
        }
    }

    /// The same pool, whose transactions all have this setting, beside those of their scope.
    ///
    /// A SET in `after_connect` does not outlive its connection's first transaction, because each transaction begins by
    /// resetting its session. Set it here instead, or as a startup option (`options[…]` in a URL), or to the role or the database
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
        // The last value of a setting wins, and only that one is sent.
        settings.retain(|(known, _)| known != name);
        settings.push((name.to_owned(), value.to_owned()));
        Self {
            inner: Arc::clone(&self.inner),
            options: self.options,
            settings: settings.into(),
        }
    }

    /// The same pool, whose connections keep so many queries prepared, and some more for SQL that is built at run time.
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
        self.inner.prepare_up_to(queries);
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
    /// Dropping the future rolls back, unless COMMIT was sent; then it is not known whether the transaction was committed.
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
        let ended = self.run_once(scope, body).await;
        ended.map_err(|failure| failure.error)
    }

    pub(crate) async fn run_once<S, T, E>(
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
        xact.end_with(outcome).await
    }

    /// Begins a transaction in `scope`: BEGIN, role and settings, in one round trip.
    ///
    /// A pooled connection that turns out to be dead is replaced, because nothing has run on it yet.
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
        let message = BeginMessage::in_scope(&self.options, &self.settings, list_parts(&scope))?;
        let mut connection = self.open(&During::Begin(S::NAME), &message).await?;
        if self.options.has_valid_reads() {
            connection.expect_valid_reads();
        } else if self.options.read_only {
            connection.expect_reads();
        }
        Ok(Xact::new(connection, scope))
    }

    /// A connection that no transaction has been begun on. Dropping it closes it.
    pub(crate) async fn acquire(&self, deadline: &Deadline) -> Result<ConnectionGuard, Cause> {
        self.inner.acquire(deadline).await
    }

    /// The moment at which a transaction that begins now stops waiting for a connection.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.inner.deadlines.acquire)
    }

    /// Whether transactions write unless they say otherwise.
    pub(crate) fn expects_writes(&self) -> bool {
        !self.options.read_only && self.inner.wanted.allows_writes()
    }

    /// The number of connections: idle, in use, or closed while their session on the server has not ended.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let in_use = pool.size() as usize - pool.idle();
    /// # let _ = in_use; }
    /// ```
    pub fn size(&self) -> u32 {
        u32::try_from(self.inner.size()).unwrap_or(u32::MAX)
    }

    /// The number of connections waiting for a transaction.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let waiting: usize = pool.idle();
    /// # let _ = waiting; }
    /// ```
    pub fn idle(&self) -> usize {
        self.inner.idle()
    }

    /// Closes the pool: no transaction begins any more, and the connections are closed as their transactions end.
    ///
    /// Waits for that, but not longer than a transaction waits for a connection (30 seconds unless said otherwise); a connection
    /// whose transaction is still open then is closed when it ends.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) {
    /// pool.close().await;
    /// # }
    /// ```
    ///
    /// # Cancellation
    /// Dropping the future stops waiting; the pool is closed anyway.
    pub async fn close(&self) {
        self.inner.close().await;
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
