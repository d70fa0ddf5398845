//! The call of a `:many` query.

use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::RowStream;
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::execution::Execution;
use crate::fetch::Sink;
use crate::query::Query;
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
    type IntoFuture = ManyFuture<'a, R>;

    fn into_future(self) -> Self::IntoFuture {
        ManyFuture {
            query: self.arguments.query(),
            execution: Request::query(self.connection, self.arguments).execute(),
            rows: const { Vec::new() },
            read: self.read,
        }
    }
}

/// The future of [`Many`].
#[must_use = "futures do nothing unless polled"]
pub struct ManyFuture<'a, R> {
    execution: Execution<'a>,
    query: &'static Query,
    rows: Vec<R>,
    read: Read<R>,
}

/// The rows so far.
struct Collected<'s, R> {
    rows: &'s mut Vec<R>,
    read: Read<R>,
}

// No reference into a row outlives a poll.
impl<R> Unpin for ManyFuture<'_, R> {}

impl<R: Send> Future for ManyFuture<'_, R> {
    type Output = Result<Vec<R>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            execution,
            query,
            rows,
            read,
        } = self.get_mut();
        let mut collected = Collected { rows, read: *read };
        match execution.poll_rows(context, query, &mut collected) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(_)) => Poll::Ready(Ok(replace(rows, const { Vec::new() }))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl<R: Send> Sink for Collected<'_, R> {
    fn take(&mut self, row: &Row<'_>) -> Result<(), Error> {
        match (self.read)(row) {
            Ok(row) => {
                self.rows.push(row);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
