//! Why there is no test database.

use super::super::{MigrateError, ServerError, reason};
use sqlx::postgres::PgDatabaseError;
use std::path::PathBuf;

/// There is no test database. Says what was tried and how to mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestDatabaseError {
    /// No server could be found or started.
    #[error(transparent)]
    Server(#[from] ServerError),

    /// The folder cannot be read, or Postgres refused a migration.
    #[error("cannot apply the migrations in `{}`: {source}{}", folder.display(), help(source))]
    Migrations {
        /// The folder they were read from.
        folder: PathBuf,
        /// What sqlx or Postgres said.
        source: MigrateError,
    },

    /// The server refused what making a test database takes.
    #[error(
        "cannot {action}: {}\n\
         help: the user in the URL needs the right to create databases: `ALTER ROLE … CREATEDB`",
        reason(source)
    )]
    Refused {
        /// What was attempted.
        action: String,
        /// What the server said.
        source: sqlx::Error,
    },
}

/// A role that exists is what people meet who come from a server of their own for each run.
fn help(error: &MigrateError) -> &'static str {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else {
        return "";
    };
    let Some(error) = error.as_database_error() else {
        return "";
    };
    let error = error.try_downcast_ref::<PgDatabaseError>();
    // The routine and not the message, whose language is the server's.
    let created =
        |error: &PgDatabaseError| (error.code(), error.routine()) == ("42710", Some("CreateRole"));
    if error.is_some_and(created) {
        return "\nhelp: roles belong to the whole server, which other test databases use too: \
            let the migration ask whether the role exists in pg_roles before it creates it";
    }
    ""
}

impl TestDatabaseError {
    /// Wraps what the server said with what was attempted, for `map_err`.
    pub(super) fn refused(action: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Self {
        let action = action.into();
        move |source| Self::Refused { action, source }
    }
}
