//! The call of an `:exec` or `:execrows` statement.

use super::CallFuture;
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::request::Request;

/// A statement; await it for the number of rows that it affected.
///
/// # Errors
/// Whatever Postgres reports.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static PURGE: xact::generated::Query = xact::generated::Query {
/// #     name: "purge", file: "queries/users.sql", sql: "DELETE FROM users WHERE gone", parameters: &[], columns: &[], names: "" };
/// fn users_purge<'a>(run: &'a mut xact::generated::Runner<'_>) -> xact::Execute<'a> {
///     run.execute(PURGE.arguments())
/// }
/// # let _ = users_purge;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Execute<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
}

impl<'a> IntoFuture for Execute<'a> {
    type Output = Result<u64, Error>;
    type IntoFuture = CallFuture<'a, u64>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Request::query(self.connection, self.arguments).finish())
    }
}
