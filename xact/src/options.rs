//! How a transaction runs: isolation, access and timeouts, all of which travel in the message that begins it.

use std::time::Duration;

/// How a transaction runs; the server's defaults hold for every option that is not set.
///
/// Given to [`Pool::with`](crate::Pool::with), or to `with` of the generated `Database`. The options travel in the message that
/// begins the transaction, so they cost no round trip, and end with the transaction.
///
/// ```
/// use std::time::Duration;
/// use xact::{Isolation, TransactionOptions};
///
/// let options = TransactionOptions::new()
///     .isolation(Isolation::RepeatableRead)
///     .read_only()
///     .statement_timeout(Duration::from_secs(5));
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionOptions {
    pub(crate) isolation: Option<Isolation>,
    pub(crate) read_only: bool,
    pub(crate) deferrable: bool,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
}

/// The changes of concurrent transactions that a transaction sees.
///
/// <https://www.postgresql.org/docs/current/transaction-iso.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees the rows committed before it began. Postgres's default.
    ReadCommitted,
    /// Every statement sees the rows committed before the first one. An UPDATE or DELETE of a row that was changed since
    /// is a serialization failure.
    RepeatableRead,
    /// As if transactions ran one after the other. If that is impossible, one fails with a serialization failure.
    Serializable,
}

/// Serialization failures are [retryable](crate::Error::is_retryable), by [`Pool::retry`](crate::Pool::retry) for example.
///
/// A timeout of zero switches the server's own off. Timeouts are whole milliseconds to Postgres: a fraction counts as one, and
/// more than 24 days as the longest there is.
///
/// ```
/// # use std::time::Duration;
/// # use xact::{Isolation, TransactionOptions};
/// // A report of one moment that neither waits for other transactions nor makes them retry.
/// let report = TransactionOptions::new()
///     .isolation(Isolation::Serializable)
///     .read_only()
///     .deferrable();
///
/// // Fails instead of queueing behind a migration.
/// let impatient = TransactionOptions::new()
///     .lock_timeout(Duration::from_millis(500))
///     .statement_timeout(Duration::from_secs(2))
///     .idle_timeout(Duration::from_secs(10));
/// # let _ = (report, impatient);
/// ```
impl TransactionOptions {
    /// The defaults of the server.
    pub fn new() -> Self {
        Self::default()
    }

    /// The isolation level.
    #[must_use]
    pub fn isolation(self, isolation: Isolation) -> Self {
        Self {
            isolation: Some(isolation),
            ..self
        }
    }

    /// Refuses writes: [`Error::is_read_only`](crate::Error::is_read_only).
    ///
    /// If the [`isolation`](Self::isolation) is named as well, and is not serializable, rows are valid as soon as they are read. So the
    /// commit returns without waiting for the answer, and the pool ends the transaction before anything else runs on its connection.
    /// The same holds for a serializable transaction that is [`deferrable`](Self::deferrable). The commit does wait if there is an
    /// [`after_commit`](crate::Xact::after_commit) hook, after the raw connection was handed out, and after a statement that has an
    /// effect at COMMIT by its own words: NOTIFY, LOCK, an advisory lock, `dblink`. If a function sends a notification without a word of
    /// that in the query, a COMMIT that fails is a warning of `tracing`.
    ///
    /// ```
    /// use xact::{Isolation, TransactionOptions};
    ///
    /// let reads = TransactionOptions::new().isolation(Isolation::ReadCommitted).read_only();
    /// # let _ = reads;
    /// ```
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            read_only: true,
            ..self
        }
    }

    /// Whether rows are valid as soon as they are read, whatever COMMIT says. By default the isolation is that of the server, which may be
    /// serializable: then rows are valid only once the transaction has committed, unless it is deferrable.
    /// <https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE>
    pub(crate) fn has_valid_reads(&self) -> bool {
        self.read_only
            && match self.isolation {
                Some(Isolation::ReadCommitted | Isolation::RepeatableRead) => true,
                Some(Isolation::Serializable) => self.deferrable,
                None => false,
            }
    }

    /// Waits at the begin for a moment from which on no serialization failure is possible; only where the transaction is
    /// serializable and read-only.
    #[must_use]
    pub fn deferrable(self) -> Self {
        Self {
            deferrable: true,
            ..self
        }
    }

    /// The longest that a statement may run: [`Error::is_canceled`](crate::Error::is_canceled).
    #[must_use]
    pub fn statement_timeout(self, limit: Duration) -> Self {
        Self {
            statement_timeout: Some(limit),
            ..self
        }
    }

    /// These options, with the timeout of a scope's statements where they have none.
    pub(crate) fn or_statement_timeout(mut self, limit: Option<Duration>) -> Self {
        self.statement_timeout = self.statement_timeout.or(limit);
        self
    }

    /// The longest that a statement may wait for a lock: [`Error::is_lock_timeout`](crate::Error::is_lock_timeout).
    #[must_use]
    pub fn lock_timeout(self, limit: Duration) -> Self {
        Self {
            lock_timeout: Some(limit),
            ..self
        }
    }

    /// The longest that the transaction may be open with no statement running: the server then ends the connection
    /// ([`Error::is_connection_lost`](crate::Error::is_connection_lost)) and releases its locks.
    #[must_use]
    pub fn idle_timeout(self, limit: Duration) -> Self {
        Self {
            idle_timeout: Some(limit),
            ..self
        }
    }
}
