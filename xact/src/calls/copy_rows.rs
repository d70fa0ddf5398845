//! The call of a `:copy` statement.

use super::CallFuture;
use crate::Error;
use crate::connection::Connection;
use crate::copy::CopyData;

/// A COPY of rows into a table; await it for the number of rows. Of no rows nothing is sent.
///
/// # Errors
/// A value that cannot be written, or whatever Postgres reports: then none of the rows is there. Through a pooler, an error of
/// Postgres also loses the transaction, and closes its connection.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static LOAD: xact::generated::Query = xact::generated::Query {
/// #     name: "load", file: "queries/users.sql", sql: "COPY users (name) FROM STDIN (FORMAT binary)",
/// #     parameters: &[25], columns: &[], names: "" };
/// fn users_load<'a>(run: &'a mut xact::generated::Runner<'_>, names: &[String]) -> xact::CopyRows<'a> {
///     run.copy(LOAD.copy(names, |name, row| row.push(name)))
/// }
/// # let _ = users_load;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct CopyRows<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) data: CopyData,
}

impl<'a> IntoFuture for CopyRows<'a> {
    type Output = Result<u64, Error>;
    type IntoFuture = CallFuture<'a, u64>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.data.send(self.connection))
    }
}
