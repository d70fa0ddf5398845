//! The action that failed and the cause: the two halves of an error.

use std::fmt;
use std::time::Duration;

use sqlx::error::BoxDynError;

use crate::origin::Origin;
use crate::target_session::TargetSessionAttrs;

/// The action that failed.
#[derive(Clone)]
pub(crate) enum During {
    Settings,
    Connect,
    VerifySchema,
    /// With the name of the scope.
    Begin(&'static str),
    Query(Origin),
    /// With the name of the advisory lock.
    Lock(Box<str>),
    Savepoint,
    /// The text of a cursor was read.
    Cursor,
    Commit,
    Rollback,
    /// The scope of an adopted transaction is taken back.
    Release,
    /// On the connection that was handed out.
    Raw,
}

/// The cause of an error.
///
/// Invariant: its `Debug` is its text, because that of the errors in it would show values.
pub(crate) enum Cause {
    Sqlx(sqlx::Error),
    /// The connection broke after COMMIT was sent.
    CommitUnknown(sqlx::Error),
    /// Parameters count from 1, as `$1` does.
    Encode {
        parameter: usize,
        source: BoxDynError,
    },
    Decode {
        column: Column,
        source: BoxDynError,
    },
    Null {
        column: Column,
    },
    /// The columns of the result are not those of the query at generation.
    Schema(String),
    /// The migrations of the database are not those that the module was generated from; one line for each.
    Migrations(String),
    /// A cursor that cannot be used, and why.
    Cursor(String),
    NotFound,
    /// Every assignment of an UPDATE was left out.
    NothingToSet,
    TooManyRows,
    /// The transaction, or its part since a savepoint, was aborted by this query.
    Aborted(Origin),
    /// The transaction's state is not known.
    Lost,
    /// A transaction within the transaction was left open on the raw connection.
    Nested,
    /// Every connection was in use for so long.
    Exhausted {
        connections: u32,
        waited: Duration,
    },
    /// No connection could be made for so long.
    Unreachable {
        waited: Duration,
    },
    /// The server did not answer for so long, and the connection was closed.
    Silent {
        waited: Duration,
    },
    /// The session is not one of those that the pool wants.
    OtherSession(TargetSessionAttrs),
    /// The server takes no writes, but the pool's transactions may write.
    ReadOnlyServer,
    /// A setting, of the pool or of a scope, cannot be used.
    Refused(String),
}

/// A column of a result, counted from 0.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) index: usize,
    pub(crate) name: Option<String>,
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "column `{name}` (number {})", self.index + 1),
            None => write!(f, "column number {}", self.index + 1),
        }
    }
}

impl fmt::Debug for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings => f.write_str("settings"),
            Self::Connect => f.write_str("connect"),
            Self::VerifySchema => f.write_str("verify schema"),
            Self::Begin(scope) => write!(f, "begin in scope `{scope}`"),
            Self::Query(origin) => write!(f, "query {origin}"),
            Self::Lock(name) => write!(f, "lock `{name}`"),
            Self::Savepoint => f.write_str("savepoint"),
            Self::Cursor => f.write_str("cursor"),
            Self::Commit => f.write_str("commit"),
            Self::Rollback => f.write_str("rollback"),
            Self::Release => f.write_str("release of an adopted transaction"),
            Self::Raw => f.write_str("raw connection"),
        }
    }
}
