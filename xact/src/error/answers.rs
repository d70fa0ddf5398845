//! The questions an error answers. Those about Postgres are answered from the fields of its error message.
//!
//! <https://www.postgresql.org/docs/current/protocol-error-fields.html>

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use super::{Cause, During, Error};

/// The fields of Postgres's error message.
///
/// Each of these is `None` when the error is not one of Postgres's, or when Postgres left the field empty.
///
/// ```
/// fn report(error: &xact::Error) -> String {
///     match (error.code(), error.constraint_name()) {
///         (Some(code), Some(constraint)) => format!("{code}: {error} (constraint {constraint})"),
///         _ => error.to_string(),
///     }
/// }
/// # let _ = report;
/// ```
impl Error {
    /// The SQLSTATE, for example `23505`.
    pub fn code(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Aborted(_) => Some("25P02"),
            _ => self.postgres_error().map(PgDatabaseError::code),
        }
    }

    /// The name of the constraint or unique index that was violated.
    pub fn constraint_name(&self) -> Option<&str> {
        self.postgres_error()?.constraint()
    }

    /// The schema of the table the error is about.
    pub fn schema(&self) -> Option<&str> {
        self.postgres_error()?.schema()
    }

    /// The name of the table the error is about.
    pub fn table(&self) -> Option<&str> {
        self.postgres_error()?.table()
    }

    /// The name of the column the error is about: of a table, as Postgres reports it, or of the result, if its value cannot be read.
    pub fn column(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Decode { column, .. } | Cause::Null { column } => column.name.as_deref(),
            _ => self.postgres_error()?.column(),
        }
    }

    /// Postgres's message. It **may quote values**, of parameters or of rows: keep it out of logs and responses.
    ///
    /// ```
    /// fn debug(error: &xact::Error) {
    ///     // On a developer's machine only.
    ///     if let Some(message) = error.database_message() {
    ///         eprintln!("{error}: {message}");
    ///     }
    /// }
    /// # let _ = debug;
    /// ```
    pub fn database_message(&self) -> Option<&str> {
        Some(self.postgres_error()?.message())
    }

    /// Postgres's detail. It **quotes values** of the row: keep it out of logs and responses.
    pub fn detail(&self) -> Option<&str> {
        self.postgres_error()?.detail()
    }

    /// Postgres's hint. It **may quote values**, as the [message](Self::database_message).
    pub fn hint(&self) -> Option<&str> {
        self.postgres_error()?.hint()
    }

    /// The error beneath this one, of sqlx, of Postgres, or of a type that could not read or write a value. Its text **may quote
    /// values**.
    ///
    /// ```
    /// fn position(error: &xact::Error) -> Option<bool> {
    ///     let beneath = error.sensitive_source()?.downcast_ref::<xact::sqlx::Error>()?;
    ///     Some(beneath.as_database_error()?.is_unique_violation())
    /// }
    /// # let _ = position;
    /// ```
    pub fn sensitive_source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Sqlx(source) | Cause::CommitUnknown(source) => Some(source),
            Cause::Encode { source, .. } | Cause::Decode { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }

    /// The name of the query that failed; `None` when it was the connection, BEGIN or COMMIT.
    pub fn query(&self) -> Option<&'static str> {
        match self.0.during {
            During::Query(origin) => Some(origin.name),
            _ => None,
        }
    }
}

/// The kinds of errors that callers tell apart.
///
/// ```
/// fn status(error: &xact::Error) -> u16 {
///     match error {
///         e if e.is_not_found() => 404,
///         e if e.is_unique_violation() => 409,
///         e if e.is_insufficient_privilege() => 403,
///         e if e.is_retryable() => 503,
///         _ => 500,
///     }
/// }
/// # let _ = status;
/// ```
impl Error {
    /// A `:one` query found no row.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.cause, Cause::NotFound)
    }

    /// An UPDATE whose assignments can be left out was called without one. Nothing was sent, and the transaction is as it was.
    pub fn is_nothing_to_set(&self) -> bool {
        matches!(self.0.cause, Cause::NothingToSet)
    }

    /// A `:one` or `:optional` query found more than one row.
    pub fn is_too_many_rows(&self) -> bool {
        matches!(self.0.cause, Cause::TooManyRows)
    }

    /// A value of a row cannot be read as its Rust type: it is NULL, or out of the type's range, such as `infinity`. The
    /// [column](Self::column) says which.
    pub fn is_unreadable_value(&self) -> bool {
        matches!(self.0.cause, Cause::Decode { .. } | Cause::Null { .. })
    }

    /// A [`Cursor`](crate::Cursor) cannot be used: it is damaged, made by hand, of another query, or of a version of the query with
    /// another order, filter or type. A client has to begin at the first page.
    pub fn is_invalid_cursor(&self) -> bool {
        matches!(self.0.cause, Cause::Cursor(_))
    }

    /// The database is not the one that the module was generated for: it has other migrations, or other columns.
    pub fn is_schema_mismatch(&self) -> bool {
        matches!(self.0.cause, Cause::Schema(_) | Cause::Migrations(_))
    }

    /// A unique constraint or unique index was violated (23505).
    pub fn is_unique_violation(&self) -> bool {
        self.code() == Some("23505")
    }

    /// A foreign key was violated (23503).
    pub fn is_foreign_key_violation(&self) -> bool {
        self.code() == Some("23503")
    }

    /// A CHECK constraint was violated (23514).
    pub fn is_check_violation(&self) -> bool {
        self.code() == Some("23514")
    }

    /// A NOT NULL constraint was violated (23502).
    pub fn is_not_null_violation(&self) -> bool {
        self.code() == Some("23502")
    }

    /// The role lacks a privilege, or a row-level policy refused a row (42501).
    pub fn is_insufficient_privilege(&self) -> bool {
        self.code() == Some("42501")
    }

    /// The statement was cancelled (57014): it ran longer than `statement_timeout`, or another session called
    /// `pg_cancel_backend`.
    pub fn is_canceled(&self) -> bool {
        self.code() == Some("57014")
    }

    /// A lock could not be taken within `lock_timeout`, or at once with NOWAIT (55P03).
    pub fn is_lock_timeout(&self) -> bool {
        self.code() == Some("55P03")
    }

    /// A write in a read-only transaction, or on a standby (25006); or a server that takes no writes, where they are expected.
    ///
    /// A connection that reports it in a transaction which was not asked to be read-only is closed: the primary that it was
    /// opened to may have become a standby.
    pub fn is_read_only(&self) -> bool {
        match &self.0.cause {
            Cause::ReadOnlyServer => true,
            Cause::OtherSession(wanted) => wanted.needs_writes(),
            _ => self.code() == Some("25006"),
        }
    }

    /// The server has no room left on its disk (53100).
    pub fn is_disk_full(&self) -> bool {
        self.code() == Some("53100")
    }

    /// Every connection of the pool was in use for as long as a transaction may wait for one.
    pub fn is_pool_exhausted(&self) -> bool {
        matches!(self.0.cause, Cause::Exhausted { .. })
    }

    /// No connection to the server could be made, or none with the wanted [`TargetSessionAttrs`](crate::TargetSessionAttrs), for
    /// as long as a transaction may wait for one.
    pub fn is_unreachable(&self) -> bool {
        matches!(
            self.0.cause,
            Cause::Unreachable { .. } | Cause::OtherSession(_)
        )
    }

    /// COMMIT was sent and its answer was lost with the connection: the transaction is committed or rolled back, and only the
    /// database knows.
    ///
    /// [`Pool::retry`](crate::Pool::retry) does not repeat such a transaction, because it might be done twice. To find out,
    /// look for a row that the transaction wrote, for example one with a key that the caller chose.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: xact::Xact<S>) -> Result<(), xact::Error> {
    /// match q.commit().await {
    ///     Err(error) if error.is_commit_unknown() => println!("look whether it is there"),
    ///     ended => ended?,
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_commit_unknown(&self) -> bool {
        matches!(self.0.cause, Cause::CommitUnknown(_))
    }

    /// The connection broke, or the server ended it: shutdown, crash, an administrator's `pg_terminate_backend`, an idle
    /// session's or transaction's timeout. Or the server did not answer in time to a message that needs no work, as ROLLBACK. The
    /// transaction is rolled back, unless [`is_commit_unknown`](Self::is_commit_unknown).
    ///
    /// The last message of the server has the reason, but a connection that breaks while a query is being sent may lose that
    /// message, so the code alone does not tell.
    pub fn is_connection_lost(&self) -> bool {
        self.0.cause.is_connection_lost()
    }

    /// A serialization failure (40001), a deadlock (40P01), or a statement that was prepared before a migration changed its result
    /// or the type of a parameter (0A000, XX000): the same transaction may succeed when run again.
    pub fn is_retryable(&self) -> bool {
        matches!(self.code(), Some("40001" | "40P01")) || self.is_outdated()
    }
}

impl Error {
    /// Whether a later try to connect may succeed: the server is not there yet, or has no connection left (53300).
    pub(crate) fn may_pass(&self) -> bool {
        self.is_connection_lost()
            || self.is_unreachable()
            || self.is_read_only()
            || self.code() == Some("53300")
    }

    /// Whether Postgres refused the value of a parameter after the one with this number.
    ///
    /// The context of such an error ends with the number of the parameter, in every language ("unnamed portal parameter $3").
    /// `invalid_binary_representation` and `protocol_violation` are errors of values alone.
    pub(crate) fn refuses_parameter_after(&self, last: usize) -> bool {
        let Some(error) = self.postgres_error() else {
            return false;
        };
        let number_of = |line: &str| line.rsplit_once('$')?.1.parse::<usize>().ok();
        let context = error.r#where().unwrap_or_default();
        let mut numbers = context.lines().filter_map(number_of);
        match error.code() {
            "22P03" | "08P01" => !outdates_statements(error),
            _ => numbers.any(|number| number > last),
        }
    }

    /// Whether a prepared statement is not the one that the server would prepare now.
    pub(crate) fn is_outdated(&self) -> bool {
        self.postgres_error().is_some_and(outdates_statements)
    }

    pub(super) fn postgres_error(&self) -> Option<&PgDatabaseError> {
        self.0.cause.postgres_error()
    }
}

impl Cause {
    pub(crate) fn is_connection_lost(&self) -> bool {
        match self {
            Self::Silent { .. }
            | Self::Sqlx(sqlx::Error::Io(_))
            | Self::CommitUnknown(sqlx::Error::Io(_)) => true,
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout; then the timeouts of a transaction.
            _ => matches!(
                self.postgres_error().map(PgDatabaseError::code),
                Some("57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04")
            ),
        }
    }

    fn postgres_error(&self) -> Option<&PgDatabaseError> {
        match self {
            Self::Sqlx(source) | Self::CommitUnknown(source) => postgres_error(source),
            _ => None,
        }
    }
}

/// Whether Postgres reported an error and kept the connection, regardless of its prepared statements.
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    postgres_error(error)
        .is_some_and(|error| !matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic))
}

/// Whether Postgres reported an error and kept the connection, which is then usable, with its transaction aborted.
pub(crate) fn leaves_connection_usable(error: &sqlx::Error) -> bool {
    is_refusal(error) && postgres_error(error).is_some_and(|error| !outdates_statements(error))
}

/// Whether the prepared statements that sqlx remembers for this connection are no longer those of the server: a migration
/// changed the result of a statement or dropped the type of a parameter, or a function ran DEALLOCATE. A new connection starts
/// with none.
fn outdates_statements(error: &PgDatabaseError) -> bool {
    match error.code() {
        // invalid_sql_statement_name: the statement is not there any more.
        "26000" => true,
        // "cached plan must not change result type". The code alone is any unsupported feature; the routine is not translated.
        "0A000" => error.routine() == Some("RevalidateCachedQuery"),
        // An internal error, whose text is not translated.
        "XX000" => error.message().starts_with("cache lookup failed for type"),
        // undefined_object is the project's own mistake, unless it is the type of a parameter that was dropped.
        "42704" => error.routine() == Some("lookup_type_cache"),
        // Pgbouncer's, after a DEALLOCATE ALL that it saw.
        "08P01" => error.message() == "prepared statement did not exist",
        _ => false,
    }
}

fn postgres_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}
