//! An error as text: the action that failed, then Postgres's own words or ours. Never a value, a URL or a password.

use std::fmt;

use super::sources::WithoutValue;
use super::{Cause, Error, sources};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}: ", inner.during)?;
        if self.is_commit_unknown() {
            f.write_str("whether the transaction was committed is not known: ")?;
        }
        fmt::Display::fmt(&inner.cause, f)
    }
}

/// Its text and its SQLSTATE only, because the error beneath it may hold values.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("message", &self.to_string());
        if let Some(code) = self.code() {
            debug.field("code", &code);
        }
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlx(source) | Self::CommitUnknown(source) => sources::write_sqlx(source, f),
            Self::Encode { parameter, source } => {
                write!(f, "parameter ${parameter} cannot be encoded: {}", WithoutValue(source))
            }
            Self::Decode { column, source } => {
                write!(f, "{column} cannot be decoded: {}", WithoutValue(source))
            }
            Self::Null { column } => write!(f, "{column} is NULL, but its Rust type is not an `Option`"),
            Self::Schema(difference) => write!(
                f,
                "{difference}: the database differs from the schema this module was generated from"
            ),
            Self::Migrations(differences) => write!(
                f,
                "the database differs from the migrations this module was generated from:{differences}"
            ),
            Self::NotFound => f.write_str("no row found, but the query is `:one`"),
            Self::NothingToSet => {
                f.write_str("no column is set, because every assignment of the UPDATE was left out; nothing was sent")
            }
            Self::TooManyRows => f.write_str("more than one row found"),
            Self::Aborted(origin) => write!(
                f,
                "the transaction was aborted by an error of query {origin} and has been rolled back"
            ),
            Self::Lost => f.write_str(
                "the transaction is lost: an earlier call was dropped before it finished, or broke the connection",
            ),
            Self::Nested => {
                f.write_str("a transaction begun on the raw connection within this one was neither committed nor rolled back")
            }
            Self::Exhausted { connections, waited } => write!(
                f,
                "all {connections} connections of the pool were in use for {waited:?}"
            ),
            Self::Unreachable { waited } => {
                write!(
                    f,
                    "no connection could be made within {waited:?}: the server cannot be reached, is starting up, or has none left"
                )
            }
            Self::Silent { waited } => write!(
                f,
                "the server did not answer within {waited:?}, and the connection was closed"
            ),
            Self::OtherSession(wanted) => write!(
                f,
                "the server has no session with target_session_attrs={wanted}"
            ),
            Self::ReadOnlyServer => f.write_str(
                "the server takes no writes: it is a standby, or default_transaction_read_only is on; a pool that only reads \
                 has TransactionOptions::read_only or target_session_attrs=standby",
            ),
            Self::Refused(problem) | Self::Cursor(problem) => f.write_str(problem),
        }
    }
}
