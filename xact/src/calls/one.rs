//! The call of a `:one` query.

use super::{CallFuture, keep_only};
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::error::{Cause, During, Error};
use crate::request::Request;
use crate::row::{Read, Row};

/// A query that gives exactly one row; await it.
///
/// # Errors
/// No row ([`Error::is_not_found`]), more than one ([`Error::is_too_many_rows`]), or whatever Postgres reports.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static COUNT: xact::generated::Query = xact::generated::Query {
/// #     name: "count", file: "queries/users.sql", sql: "SELECT count(*) FROM users", parameters: &[], columns: &[20], names: "" };
/// fn users_count<'a>(run: &'a mut xact::generated::Runner<'_>) -> xact::One<'a, i64> {
///     run.one(COUNT.arguments(), |row| row.get(0))
/// }
/// # let _ = users_count;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct One<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    pub(crate) read: Read<R>,
}

impl<'a, R: Send + 'a> IntoFuture for One<'a, R> {
    type Output = Result<R, Error>;
    type IntoFuture = CallFuture<'a, R>;

    fn into_future(self) -> Self::IntoFuture {
        let (query, read) = (self.arguments.query(), self.read);
        let mut request = Request::query(self.connection, self.arguments);
        Box::pin(async move {
            let mut found = None;
            let sink = &mut |row: &Row<'_>| keep_only(&mut found, read, row);
            match (request.each(query, sink).await, found) {
                (Ok(_), Some(row)) => Ok(row),
                (Ok(_), None) => Err(Error::new(During::Query(query.into()), Cause::NotFound)),
                (Err(error), _) => Err(error),
            }
        })
    }
}
