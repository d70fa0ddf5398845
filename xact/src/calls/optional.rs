//! The call of an `:optional` query.

use super::{CallFuture, keep_only};
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::request::Request;
use crate::row::{Read, Row};

/// A query that gives at most one row; await it.
///
/// # Errors
/// More than one row ([`Error::is_too_many_rows`]), or whatever Postgres reports.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static NAME: xact::generated::Query = xact::generated::Query {
/// #     name: "name", file: "queries/users.sql", sql: "SELECT name FROM users WHERE id = $1", parameters: &[20], columns: &[25], names: "" };
/// fn user_name<'a>(run: &'a mut xact::generated::Runner<'_>, id: i64) -> xact::Optional<'a, String> {
///     run.optional(NAME.arguments().push(id), |row| row.get(0))
/// }
/// # let _ = user_name;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Optional<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    pub(crate) read: Read<R>,
}

impl<'a, R: Send + 'a> IntoFuture for Optional<'a, R> {
    type Output = Result<Option<R>, Error>;
    type IntoFuture = CallFuture<'a, Option<R>>;

    fn into_future(self) -> Self::IntoFuture {
        let (query, read) = (self.arguments.query(), self.read);
        let mut request = Request::query(self.connection, self.arguments);
        Box::pin(async move {
            let mut found = None;
            let sink = &mut |row: &Row<'_>| keep_only(&mut found, read, row);
            match request.each(query, sink).await {
                Ok(_) => Ok(found),
                Err(error) => Err(error),
            }
        })
    }
}
