//! The call of an `:exec` statement.

use super::CallFuture;
use crate::connection::Connection;
use crate::request::Request;
use crate::{Arguments, Error};

/// A statement whose result nobody looks at; await it.
///
/// # Errors
/// Whatever Postgres reports.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static TOUCH: xact::Query = xact::Query {
/// #     name: "touch", file: "queries/users.sql", sql: "UPDATE users SET seen = now()", parameters: &[], columns: &[], names: "" };
/// fn users_touch<'a>(run: &'a mut xact::Runner<'_>) -> xact::Execute<'a> {
///     run.execute(TOUCH.arguments())
/// }
/// # let _ = users_touch;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Execute<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
}

impl<'a> IntoFuture for Execute<'a> {
    type Output = Result<(), Error>;
    type IntoFuture = CallFuture<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            Request::query(self.connection, self.arguments)
                .finish()
                .await
                .map(drop)
        })
    }
}
