//! One transaction in one scope.

use std::fmt;

use sqlx::PgConnection;

use crate::connection::Connection;
use crate::hooks::Hooks;
use crate::runner::Runner;
use crate::{Error, Scope};

/// One open transaction, running as scope `S`.
///
/// [`Pool::begin`](crate::Pool::begin) returns it, and [`Pool::xact`](crate::Pool::xact) passes it to a closure. Dropping it rolls
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

/// The error that kept a transaction from being committed.
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

    /// The raw connection. Discouraged: prefer a query file, or [`sql`](Self::sql) for SQL that is built at run time.
    ///
    /// Nothing checks statements that run here, neither at compile time nor against the scope: `RESET ROLE` leaves it. Do not end
    /// the transaction here; one begun here is a savepoint, and has to be finished before this one is. Conflicts with other
    /// transactions are seen by the caller alone, so [`Pool::retry`](crate::Pool::retry) does not retry them.
    ///
    /// From here on only the server knows the transaction's state: [`commit`](Self::commit) asks it first, which costs one more
    /// round trip. After the transaction the session is reset in the background (role, settings, LISTEN, advisory locks, temporary
    /// tables, cursors) and the connection is kept. It is closed if the session cannot be reset, as after `PREPARE` in SQL, behind a
    /// pooler, and if the transaction is dropped without a commit or rollback.
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
    /// that is undone are forgotten. Spawn a task for work that has to wait.
    ///
    /// If the future of the commit is dropped while the answer is on its way, it is not known whether the transaction was
    /// committed, and the hooks do not run. Write work that must not be lost to a table in the same transaction.
    ///
    /// ```
    /// # async fn send_mail(to: String) {}
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>, email: String) {
    /// q.after_commit(|| println!("a new user signed up"));
    /// q.after_commit(|| drop(tokio::spawn(send_mail(email))));
    /// # }
    /// ```
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + Sync + 'static) {
        self.hooks.add(Box::new(hook));
    }

    /// Commits. A [`read_only`](crate::TransactionOptions::read_only) transaction whose rows are valid already does not wait for it.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: xact::Xact<S>) -> Result<(), xact::Error> {
    /// q.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Postgres refuses to commit, because of a deferred constraint or a serialization failure. An earlier query failed and its
    /// error was swallowed: Postgres has aborted the transaction, it is rolled back, and the error names that query. An earlier
    /// call was dropped before it finished. The connection broke; then it is not known whether the transaction was committed
    /// ([`Error::is_commit_unknown`]). There is no deadline: deferred constraints and synchronous replication take their time.
    ///
    /// # Cancellation
    /// Dropping the future closes the connection. It is then not known whether the transaction was committed.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.commit_and_run_hooks().await
    }

    /// Commits when `outcome` is `Ok`, rolls back when it is `Err`.
    pub(crate) async fn end_with<T, E>(mut self, outcome: Result<T, E>) -> Result<T, Failure<E>>
    where
        E: From<Error>,
    {
        let error = match outcome {
            Ok(value) => match self.commit_and_run_hooks().await {
                Ok(()) => return Ok(value),
                Err(error) => error.into(),
            },
            Err(error) => {
                if let Err(rollback) = Box::pin(self.connection.rollback()).await {
                    tracing::debug!(error = %rollback, "closing the connection");
                }
                error
            }
        };
        let conflict = self.connection.had_conflict();
        Err(Failure { error, conflict })
    }

    async fn commit_and_run_hooks(&mut self) -> Result<(), Error> {
        // Hooks run only after the server has confirmed: an error or a dropped future runs none.
        if self.hooks.len() == 0 && self.connection.finish_reading() {
            return Ok(());
        }
        self.connection.commit().await?;
        self.hooks.run_all();
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
    /// The connection broke. The transaction is rolled back anyway.
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
