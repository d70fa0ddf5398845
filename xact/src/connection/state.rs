//! The known state of the transaction on a connection.

use crate::error::{During, Error, leaves_connection_usable};
use crate::origin::Origin;

/// The known state of the transaction on a connection, and facts about its last errors.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and any of them go together"
)]
pub(crate) struct Status {
    pub(crate) state: State,
    /// Whether the last error was a conflict with another transaction and nothing has succeeded since: a transaction that fails
    /// now may succeed when it is run again.
    pub(crate) conflict: bool,
    /// Whether nothing was run since the transaction began.
    pub(crate) fresh: bool,
    /// Whether a statement turned out to be prepared for a schema that a migration has changed.
    pub(crate) outdated: bool,
    /// Whether a write was refused because the transaction or the server is read-only (25006).
    pub(crate) refused_write: bool,
}

/// The state of a transaction, which decides whether statements may be sent and how the connection ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// A message is on its way, or was when its future was dropped, or the connection broke.
    Unknown,
    /// A transaction is open and nothing is under way.
    Open,
    /// This query's error aborted the transaction, and nothing is under way.
    Aborted(Origin),
    /// The raw connection was handed out: only the server knows whether the transaction is open or aborted, and a dropped
    /// future may have left answers unread.
    Unchecked,
    /// The transaction has only read, and its rows are valid: the pool sends COMMIT when the connection is dropped.
    Finished,
    /// The transaction ended and the server said so.
    Ended,
}

impl Status {
    /// After a query succeeded.
    pub(crate) fn record_success(&mut self, before: State) {
        self.conflict = false;
        self.state = match before {
            // Only something like ROLLBACK TO SAVEPOINT succeeds in an aborted transaction.
            State::Aborted(_) => State::Unchecked,
            state => state,
        };
    }

    /// After an error of this query, which is returned with the query's name.
    pub(crate) fn record_failure(
        &mut self,
        before: State,
        origin: Origin,
        error: sqlx::Error,
    ) -> Error {
        if leaves_connection_usable(&error) {
            self.state = match before {
                State::Open => State::Aborted(origin),
                // The first error is the one worth reading about.
                state => state,
            };
        }
        let error = Error::sqlx(During::Query(origin), error);
        self.outdated |= error.is_outdated();
        // Statements after a conflict fail too (25P02), but that is no new cause: `|=` keeps the first.
        self.conflict |= error.is_retryable();
        self.refused_write |= error.is_read_only();
        error
    }
}

impl State {
    /// Whether anything can be sent.
    pub(crate) fn is_usable(self) -> bool {
        match self {
            Self::Open | Self::Aborted(_) | Self::Unchecked => true,
            Self::Unknown | Self::Finished | Self::Ended => false,
        }
    }

    /// After Postgres refused something that was not a query, and went on listening.
    pub(crate) fn after_refusal(self) -> Self {
        match self {
            Self::Open => Self::Unchecked,
            state => state,
        }
    }

    /// After the raw connection was handed out.
    pub(crate) fn handed_out(self) -> Self {
        match self {
            Self::Open | Self::Aborted(_) => Self::Unchecked,
            state => state,
        }
    }
}
