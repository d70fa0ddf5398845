//! One transaction in one scope.

use std::fmt;

use sqlx::PgConnection;

use crate::connection::Connection;
use crate::hooks::Hooks;
use crate::runner::Runner;
use crate::{Error, Scope};

/// One open transaction, running as scope `S`.
///
/// [`Pool::begin`](crate::Pool::begin) gives it, and [`Pool::xact`](crate::Pool::xact) lends it to a closure. Dropping it rolls
/// the transaction back.
///
/// ```
/// # async fn example<S: xact::Scope>(pool: &xact::Pool, scope: S) -> Result<(), xact::Error> {
/// let mut q = pool.begin(scope).await?;
/// q.orm();
/// q.commit().await?;
/// # Ok(()) }
/// ```
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Xact<S> {
    pub(crate) connection: Connection,
    pub(crate) hooks: Hooks,
    scope: S,
}

/// Why a transaction was not committed.
pub(crate) struct Failure<E> {
    pub(crate) error: E,
    /// Whether a conflict with another transaction was the cause, so that running it again may help.
    pub(crate) conflict: bool,
}

impl<S: Scope> Xact<S> {
    pub(crate) fn new(connection: Connection, scope: S) -> Self {
        Self {
            connection,
            hooks: Hooks::default(),
            scope,
        }
    }

    /// The queries that this scope may run.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) {
    /// let orm = q.orm();
    /// # let _ = orm; }
    /// ```
    pub fn orm(&mut self) -> S::Orm<'_> {
        S::orm(Runner::new(&mut self.connection))
    }

    /// The scope this transaction runs as.
    ///
    /// ```
    /// # fn example<S: xact::Scope>(q: &xact::Xact<S>) {
    /// let scope: &S = q.scope();
    /// # let _ = scope; }
    /// ```
    pub fn scope(&self) -> &S {
        &self.scope
    }

    /// The raw connection, for what nothing else can say. Discouraged: prefer a query file, or [`sql`](Self::sql) for what is made
    /// at run time.
    ///
    /// Nothing checks what is run here, neither at compile time nor against the scope: `RESET ROLE` leaves it. Do not end the
    /// transaction here; one begun here is a savepoint, and has to be finished before this one is. Conflicts with other
    /// transactions are seen by nobody but the caller, so [`Pool::retry`](crate::Pool::retry) does not retry them.
    ///
    /// From here on only the server knows the transaction's state: [`commit`](Self::commit) asks it first, which costs one more
    /// round trip. The connection is closed with the transaction, for whatever was left in its session (a role, settings,
    /// LISTEN, advisory locks, temporary tables, cursors, prepared statements) is no business of the next one.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// use xact::sqlx::Executor as _;
    ///
    /// q.connection().execute("CREATE TEMPORARY TABLE seen (id bigint) ON COMMIT DROP").await?;
    /// # Ok(()) }
    /// ```
    pub fn connection(&mut self) -> &mut PgConnection {
        self.connection.hand_out()
    }

    /// The same as [`connection`](Self::connection).
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// use xact::sqlx::Executor as _;
    ///
    /// q.conn().execute("LOCK TABLE pages").await?;
    /// # Ok(()) }
    /// ```
    pub fn conn(&mut self) -> &mut PgConnection {
        self.connection()
    }

    /// Runs `hook` after the commit, and not at all if there is none: after a rollback, or if the commit fails.
    ///
    /// Hooks run one after the other in the order they were given, as soon as the server has answered, before
    /// [`commit`](Self::commit) returns; all of them, even if one panics. Those given within a [`savepoint`](Self::savepoint)
    /// that is undone are forgotten. What has to wait for something is spawned.
    ///
    /// If the future of the commit is dropped while the answer is on its way, whether the transaction was committed is not known,
    /// and the hooks do not run. What must not be lost is written to a table in the same transaction.
    ///
    /// ```
    /// # async fn send_mail(to: String) {}
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>, email: String) {
    /// q.after_commit(|| println!("somebody signed up"));
    /// q.after_commit(|| drop(tokio::spawn(send_mail(email))));
    /// # }
    /// ```
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + Sync + 'static) {
        self.hooks.add(Box::new(hook));
    }

    /// Commits.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: xact::Xact<S>) -> Result<(), xact::Error> {
    /// q.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Postgres refuses to commit, for a deferred constraint or a serialization failure. An earlier query failed and its error
    /// was swallowed: Postgres has aborted the transaction, it is rolled back, and the error names that query. An earlier call
    /// was dropped before it finished. The connection broke; then whether the transaction was committed is not known
    /// ([`Error::is_commit_unknown`]). There is no deadline: deferred constraints and synchronous replication take their time.
    ///
    /// # Cancellation
    /// Dropping the future closes the connection. Whether the transaction was committed is not known.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.finish().await
    }

    /// Commits when `outcome` is `Ok`, rolls back when it is `Err`.
    pub(crate) async fn end<T, E>(mut self, outcome: Result<T, E>) -> Result<T, Failure<E>>
    where
        E: From<Error>,
    {
        let error = match outcome {
            Ok(value) => match self.finish().await {
                Ok(()) => return Ok(value),
                Err(error) => error.into(),
            },
            Err(error) => {
                if let Err(rollback) = self.connection.rollback().await {
                    tracing::debug!(error = %rollback, "closing the connection");
                }
                error
            }
        };
        let conflict = self.connection.conflict();
        Err(Failure { error, conflict })
    }

    async fn finish(&mut self) -> Result<(), Error> {
        self.connection.commit().await?;
        self.hooks.run();
        Ok(())
    }

    /// Rolls back, and waits until it is done.
    ///
    /// When an earlier call was dropped before it finished, the connection is closed instead, and the server rolls back when it
    /// notices.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: xact::Xact<S>) -> Result<(), xact::Error> {
    /// q.rollback().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The connection broke. The transaction is rolled back all the same.
    ///
    /// # Cancellation
    /// Dropping the future closes the connection, which rolls back too.
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.connection.rollback().await
    }
}

impl<S: Scope> fmt::Debug for Xact<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Xact")
            .field("scope", &S::NAME)
            .finish_non_exhaustive()
    }
}
