//! The error of a test database that cannot be created.

use crate::{MigrateError, ServerError, reason};
use sqlx::postgres::PgDatabaseError;
use std::fmt;
use std::path::PathBuf;

/// The error of a test database that cannot be created. Its text has the attempt and the fix.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum TestDatabaseError {
    /// No server could be found or started.
    #[error(transparent)]
    Server(#[from] ServerError),

    /// The folder cannot be read, or Postgres refused a migration.
    #[error("cannot apply the migrations in `{}`: {source}{}", folder.display(), help_for_migration(source))]
    Migrations {
        /// The folder they were read from.
        folder: PathBuf,
        /// The error of sqlx or Postgres.
        source: MigrateError,
    },

    /// The server refused a statement that creates a test database.
    #[error(
        "cannot {action}: {}\n\
         help: the user in the URL needs the right to create databases: `ALTER ROLE … CREATEDB`",
        reason(source)
    )]
    Refused {
        /// The action that failed.
        action: String,
        /// The error of the server.
        source: sqlx::Error,
    },
}

/// The help for a role that exists already: migrations that only ever ran on a fresh server fail here with it.
fn help_for_migration(error: &MigrateError) -> &'static str {
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

/// The text, because tests print an error by `Debug`: the fix in it would be cut into escapes.
impl fmt::Debug for TestDatabaseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl TestDatabaseError {
    /// Adds the action to an error of the server, for `map_err`.
    pub(super) fn refusal_of(action: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Self {
        let action = action.into();
        move |source| Self::Refused { action, source }
    }
}
