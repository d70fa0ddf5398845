//! What was being done, and what went wrong: the two halves of an error.

use std::fmt;

use sqlx::error::BoxDynError;

use crate::Query;

/// What was being done.
#[derive(Clone, Copy)]
pub(crate) enum During {
    Connect,
    VerifySchema,
    /// With the name of the scope.
    Begin(&'static str),
    Query(&'static Query),
    Commit,
    Rollback,
    /// On the connection that was handed out.
    Raw,
}

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Cause {
    Sqlx(sqlx::Error),
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
    /// The result has not the columns that the query had at generation.
    Schema(String),
    /// The database has not the migrations that the module was generated from; one line for each.
    Migrations(String),
    NotFound,
    TooManyRows,
    /// The transaction was aborted by this query.
    Aborted(&'static Query),
    /// The transaction's state is not known.
    Lost,
    /// A transaction within the transaction was left open on the raw connection.
    Nested,
    /// The scope cannot be written as SQL.
    Scope(String),
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
            Self::Connect => f.write_str("connect"),
            Self::VerifySchema => f.write_str("verify schema"),
            Self::Begin(scope) => write!(f, "begin in scope `{scope}`"),
            Self::Query(query) => write!(f, "query `{}` ({})", query.name, query.file),
            Self::Commit => f.write_str("commit"),
            Self::Rollback => f.write_str("rollback"),
            Self::Raw => f.write_str("raw connection"),
        }
    }
}
