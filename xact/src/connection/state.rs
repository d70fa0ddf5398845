//! What is known about the transaction on a connection.

use crate::Query;

/// What is known about the transaction on a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// A message is on its way, or was when its future was dropped, or the connection broke.
    Unknown,
    /// A transaction is open and nothing is under way.
    Open,
    /// This query's error aborted the transaction, and nothing is under way.
    Aborted(&'static Query),
    /// The raw connection was handed out: only the server knows whether the transaction is open or aborted, and a dropped
    /// future may have left answers unread.
    Unchecked,
    /// The transaction ended and the server said so.
    Ended,
}

impl State {
    /// After a query succeeded.
    pub(crate) fn succeeded(self) -> Self {
        match self {
            // Only something like ROLLBACK TO SAVEPOINT succeeds in an aborted transaction.
            Self::Aborted(_) => Self::Unchecked,
            state => state,
        }
    }

    /// After Postgres reported an error of this query and went on listening.
    pub(crate) fn failed(self, query: &'static Query) -> Self {
        match self {
            Self::Open => Self::Aborted(query),
            // The first error is the one worth reading about.
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
