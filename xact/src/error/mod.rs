//! The one error of the runtime: opaque, it names the action that failed and answers questions about the cause.

mod answers;
mod cause;
mod constraint;
mod display;
mod postgres;
mod sources;

pub use self::constraint::{Constraint, ConstraintNames};

use self::answers::is_refusal;
pub(crate) use self::answers::leaves_connection_usable;
pub(crate) use self::cause::{Cause, Column, During};

/// An error of a transaction or of a query in one.
///
/// Its text names the query and the file it was written in, then repeats Postgres's own words if those cannot hold a value:
///
/// ```text
/// query `users_insert` (queries/users.sql): duplicate key value violates unique constraint "users_email_key"
/// ```
///
/// No text that it shows by itself (`Display`, `Debug`) holds a value of a row or of a parameter.
/// Those that may are asked for by name: [`database_message`](Self::database_message), [`detail`](Self::detail),
/// [`hint`](Self::hint), and [`sensitive_source`](Self::sensitive_source).
///
/// Methods tell errors apart, because variants would be part of the API:
///
/// ```
/// fn answer(error: &xact::Error) -> u16 {
///     if error.is_not_found() {
///         404
///     } else if error.is_unique_violation() && error.constraint_name() == Some("users_email_key") {
///         409
///     } else {
///         500
///     }
/// }
/// # let _ = answer;
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    during: During,
    cause: Cause,
}

impl Error {
    pub(crate) fn new(during: During, cause: Cause) -> Self {
        Self(Box::new(Inner { during, cause }))
    }

    pub(crate) fn from_setting(problem: String) -> Self {
        Self::new(During::Settings, Cause::Refused(problem))
    }

    /// The same error with another action: a lock, for example, is known by its own name and not by that of its query.
    pub(crate) fn with_during(mut self, during: During) -> Self {
        self.0.during = during;
        self
    }

    pub(crate) fn sqlx(during: During, source: sqlx::Error) -> Self {
        Self::new(during, Cause::Sqlx(source))
    }

    /// An error of COMMIT. If Postgres refuses it and keeps the connection, the transaction is rolled back; in all other
    /// cases the answer is lost.
    pub(crate) fn from_commit(source: sqlx::Error) -> Self {
        let cause = if is_refusal(&source) {
            Cause::Sqlx(source)
        } else {
            Cause::CommitUnknown(source)
        };
        Self::new(During::Commit, cause)
    }
}

/// An error of a statement on the [raw connection](crate::Xact::connection), so that `?` works there too.
///
/// ```
/// let error = xact::Error::from(xact::sqlx::Error::PoolClosed);
/// assert!(error.to_string().starts_with("raw connection: "));
/// ```
impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        Self::sqlx(During::Raw, source)
    }
}

/// There is no [`source`](std::error::Error::source): the text repeats its cause, and a report that follows the chain of sources
/// would print it twice. [`sensitive_source`](Error::sensitive_source) gives it with its type.
impl std::error::Error for Error {}
