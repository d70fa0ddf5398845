//! An error as text: what was being done, then Postgres's own words or ours. Never a value, a URL or a password.

use std::fmt;

use super::{Cause, Error};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}: ", inner.during)?;
        if self.is_commit_unknown() {
            f.write_str("whether the transaction was committed is not known: ")?;
        }
        match self.postgres() {
            Some(postgres) => f.write_str(postgres.message()),
            None => inner.cause.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("during", &self.0.during)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlx(source) | Self::CommitUnknown(source) => write!(f, "{source}"),
            Self::Encode { parameter, source } => write!(f, "parameter ${parameter} cannot be encoded: {source}"),
            Self::Decode { column, source } => write!(f, "{column} cannot be decoded: {source}"),
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
                 has XactOptions::read_only or target_session_attrs=standby",
            ),
            Self::Refused(problem) => f.write_str(problem),
        }
    }
}
