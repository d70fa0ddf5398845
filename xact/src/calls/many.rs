//! The call of a `:many` query.

use super::{CallFuture, RowStream};
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::request::Request;
use crate::row::{Read, Row};

/// A query that gives any number of rows; await it for all of them, or [`stream`](Many::stream) it.
///
/// # Errors
/// Whatever Postgres reports, or a row that cannot be read.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static NAMES: xact::generated::Query = xact::generated::Query {
/// #     name: "names", file: "queries/users.sql", sql: "SELECT name FROM users", parameters: &[], columns: &[25], names: "" };
/// fn user_names<'a>(run: &'a mut xact::generated::Runner<'_>) -> xact::Many<'a, String> {
///     run.many(NAMES.arguments(), |row| row.get(0))
/// }
/// # let _ = user_names;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Many<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    pub(crate) read: Read<R>,
}

impl<'a, R> Many<'a, R> {
    /// The rows one by one, as they arrive.
    ///
    /// # Cancellation
    /// A stream dropped before its end leaves rows unread and loses the transaction, as a dropped future does.
    ///
    /// ```
    /// # use futures_util::StreamExt as _;
    /// # async fn example(names: xact::Many<'_, String>) -> Result<(), xact::Error> {
    /// let mut names = names.stream();
    /// while let Some(name) = names.next().await {
    ///     println!("{}", name?);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream(self) -> RowStream<'a, R> {
        let query = self.arguments.query();
        RowStream::new(
            Request::query(self.connection, self.arguments).fetch(),
            query,
            self.read,
        )
    }
}

impl<'a, R: Send + 'a> IntoFuture for Many<'a, R> {
    type Output = Result<Vec<R>, Error>;
    type IntoFuture = CallFuture<'a, Vec<R>>;

    fn into_future(self) -> Self::IntoFuture {
        let (query, read) = (self.arguments.query(), self.read);
        let mut request = Request::query(self.connection, self.arguments);
        Box::pin(async move {
            let mut rows = Vec::new();
            let sink = &mut |row: &Row<'_>| match read(row) {
                Ok(row) => {
                    rows.push(row);
                    Ok(())
                }
                Err(error) => Err(error),
            };
            match request.each(query, sink).await {
                Ok(_) => Ok(rows),
                Err(error) => Err(error),
            }
        })
    }
}
